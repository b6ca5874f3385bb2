//! What one input explains of the outputs, from ordinary draws: regression on its normal score.
//!
//! The main effect of an input is the conditional mean `g(x) = E[Y | X = x]`; its first-order index is
//! `S = Var g(X) / Var Y` (Sobol' 1993), and `S · Var Y` is the variance that knowing X would remove on average. Both need
//! no further run of the model: g is fitted by least squares on the normal score z of X, as a line that may bend at the
//! borders of [`CLASSES`] equally likely classes of z, plus Hermite polynomials of degree 1 to 3 for the tails. Where z
//! only decides whether something happens, a single step is exact.
//!
//! Fitting q numbers to N draws explains something by chance. `S` is corrected for it as the adjusted R² of regression:
//! `1 − S = (1 − R²)·(N − 1)/(N − 1 − q)`; an input without effect then has a mean of 0, and may come out below it. The
//! standard error is that of the efficient influence function of `E[g²]/Var Y`, plus the chance of the q numbers.
//! Independent draws are assumed; a Latin hypercube errs less.

use wafercast::draw::kernel;

use super::linear_algebra::Factor;

/// Classes of a score that stands alone; several scores of one input share them.
pub const CLASSES: usize = 16;
/// Lines over classes that are not zero at a point: those that fall from and rise to its class's borders.
const LINES: usize = 2;
/// Hermite polynomials of a score.
const POLYNOMIALS: usize = 3;
/// Parts of the draws that take turns at being left out of the fit, see [`Fit::decision`].
const FOLDS: usize = 5;

/// A score of an input in every draw.
#[derive(Debug, Clone, Copy)]
pub struct Score<'a> {
    /// Standard normal numbers.
    pub values: &'a [f64],
    /// If the score only decides whether something happens: it happens above this.
    pub step: Option<f64>,
}

/// Outputs in every draw, in the order in which regressions read them.
#[derive(Debug, Clone)]
pub struct Outputs {
    /// `[draw][output]`, minus the mean.
    centred: Vec<f64>,
    width: usize,
    /// Mean of each output.
    pub means: Vec<f64>,
    /// Variance of each output (over N − 1).
    pub variances: Vec<f64>,
}

impl Outputs {
    /// From columns `[output][draw]`.
    pub fn new(columns: &[Vec<f64>]) -> Outputs {
        let width = columns.len();
        let draws = columns.first().map_or(0, Vec::len);
        let count = draws.max(1) as f64;
        let means: Vec<f64> = columns
            .iter()
            .map(|column| column.iter().sum::<f64>() / count)
            .collect();
        let mut centred = vec![0.0; draws * width];
        let mut variances = vec![0.0; width];
        for (output, column) in columns.iter().enumerate() {
            for (draw, value) in column.iter().enumerate() {
                let difference = value - means[output];
                centred[draw * width + output] = difference;
                variances[output] += difference * difference;
            }
            variances[output] /= (count - 1.0).max(1.0);
        }
        Outputs {
            centred,
            width,
            means,
            variances,
        }
    }

    /// Number of draws.
    pub fn draws(&self) -> usize {
        self.centred.len() / self.width.max(1)
    }
}

/// A share of an output's variance, with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Explained {
    /// The share; 0 for an output that does not vary.
    pub share: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// An expected gain per draw, with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gain {
    /// The gain.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// The features of an input in every draw: a row has the same number of entries that are not zero.
#[derive(Debug)]
struct Features {
    /// Entries of a row.
    entries: usize,
    /// Columns in all; column 0 is 1 everywhere.
    columns: usize,
    at: Vec<u32>,
    values: Vec<f64>,
}

impl Features {
    fn new(scores: &[Score], draws: usize) -> Features {
        let smooth = scores.iter().filter(|score| score.step.is_none()).count();
        let classes = (CLASSES / smooth.max(1)).max(2);
        let entries = 1 + scores
            .iter()
            .map(|score| {
                if score.step.is_some() {
                    1
                } else {
                    POLYNOMIALS + LINES
                }
            })
            .sum::<usize>();
        let mut at = vec![0; draws * entries];
        let mut values = vec![0.0; draws * entries];
        for row in 0..draws {
            values[row * entries] = 1.0;
        }
        let (mut column, mut entry) = (1, 1);
        for score in scores {
            if let Some(step) = score.step {
                for (row, z) in score.values.iter().enumerate() {
                    at[row * entries + entry] = column;
                    values[row * entries + entry] = if *z > step { 1.0 } else { 0.0 };
                }
                (column, entry) = (column + 1, entry + 1);
                continue;
            }
            let mut levels = score.values.to_vec();
            kernel::slice::normal_cdf(&mut levels);
            for (row, (z, level)) in score.values.iter().zip(&levels).enumerate() {
                let here = row * entries + entry;
                let hermite = [*z, z * z - 1.0, z * (z * z - 3.0)];
                for (k, value) in hermite.into_iter().enumerate() {
                    at[here + k] = column + k as u32;
                    values[here + k] = value;
                }
                // The tents over the borders add up to 1: the intercept stands for the last of them.
                let place = level * classes as f64;
                let class = (place as usize).min(classes - 1);
                let rise = place - class as f64;
                let last = class + 1 == classes;
                at[here + POLYNOMIALS] = column + (POLYNOMIALS + class) as u32;
                values[here + POLYNOMIALS] = 1.0 - rise;
                at[here + POLYNOMIALS + 1] =
                    column + (POLYNOMIALS + class) as u32 + u32::from(!last);
                values[here + POLYNOMIALS + 1] = if last { 0.0 } else { rise };
            }
            column += (POLYNOMIALS + classes) as u32;
            entry += POLYNOMIALS + LINES;
        }
        Features {
            entries,
            columns: column as usize,
            at,
            values,
        }
    }

    fn row(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = row * self.entries..(row + 1) * self.entries;
        self.at[range.clone()]
            .iter()
            .zip(&self.values[range])
            .map(|(column, value)| (*column as usize, *value))
    }
}

/// The regression of all outputs on one input.
#[derive(Debug)]
pub struct Fit<'a> {
    outputs: &'a Outputs,
    features: Features,
    /// Sums of squares and products of features, by fold.
    grams: Vec<Vec<f64>>,
    /// Sums of products of features and outputs, `[column][output]`, by fold.
    products: Vec<Vec<f64>>,
    /// Coefficients of all draws, `[column][output]`.
    coefficients: Vec<f64>,
    /// Numbers fitted beside the intercept.
    fitted: usize,
    /// By output.
    explained: Vec<Explained>,
}

impl<'a> Fit<'a> {
    /// Fits all outputs to the scores of an input.
    pub fn new(outputs: &'a Outputs, scores: &[Score]) -> Fit<'a> {
        let draws = outputs.draws();
        let features = Features::new(scores, draws);
        let (columns, width) = (features.columns, outputs.width);
        let mut grams = vec![vec![0.0; columns * columns]; FOLDS];
        let mut products = vec![vec![0.0; columns * width]; FOLDS];
        for row in 0..draws {
            let (gram, product) = (&mut grams[row % FOLDS], &mut products[row % FOLDS]);
            let y = &outputs.centred[row * width..(row + 1) * width];
            for (i, value) in features.row(row) {
                for (j, other) in features.row(row) {
                    gram[i * columns + j] += value * other;
                }
                for (sum, y) in product[i * width..(i + 1) * width].iter_mut().zip(y) {
                    *sum += value * y;
                }
            }
        }
        let mut fit = Fit {
            outputs,
            features,
            grams,
            products,
            coefficients: Vec::new(),
            fitted: 0,
            explained: Vec::new(),
        };
        let (coefficients, rank) = fit.solve(None);
        fit.coefficients = coefficients;
        fit.fitted = rank.saturating_sub(1);
        fit.explained = fit.explain();
        fit
    }

    /// What the input explains of each output.
    pub fn explained(&self) -> &[Explained] {
        &self.explained
    }

    /// Coefficients `[column][output]` and their number, from all draws but those of a fold.
    fn solve(&self, without: Option<usize>) -> (Vec<f64>, usize) {
        let sum = |parts: &[Vec<f64>]| {
            let mut total = vec![0.0; parts.first().map_or(0, Vec::len)];
            for (fold, part) in parts.iter().enumerate() {
                if Some(fold) != without {
                    for (total, value) in total.iter_mut().zip(part) {
                        *total += value;
                    }
                }
            }
            total
        };
        let factor = Factor::new(&sum(&self.grams), self.features.columns);
        let mut coefficients = sum(&self.products);
        factor.solve(&mut coefficients, self.outputs.width);
        (coefficients, factor.rank())
    }

    /// The fitted main effect of a draw, minus the mean: one entry per output.
    fn at(&self, row: usize, coefficients: &[f64], out: &mut [f64]) {
        let width = self.outputs.width;
        out.fill(0.0);
        for (column, value) in self.features.row(row) {
            let coefficients = &coefficients[column * width..(column + 1) * width];
            for (out, coefficient) in out.iter_mut().zip(coefficients) {
                *out += value * coefficient;
            }
        }
    }

    fn explain(&self) -> Vec<Explained> {
        let (width, draws) = (self.outputs.width, self.outputs.draws());
        let (n, q) = (draws as f64, self.fitted as f64);
        let freedom = n - 1.0 - q;
        if freedom < 1.0 {
            let unknown = Explained {
                share: 0.0,
                standard_error: f64::INFINITY,
            };
            return vec![unknown; width];
        }
        let (mut g, mut squares, mut fourth) =
            (vec![0.0; width], vec![0.0; width], vec![0.0; width]);
        let mut cross = vec![0.0; width];
        for row in 0..draws {
            self.at(row, &self.coefficients, &mut g);
            let y = &self.outputs.centred[row * width..(row + 1) * width];
            for output in 0..width {
                // The influence of this draw on E[g²], and what it takes to make it one on the share.
                let influence = g[output] * (2.0 * y[output] - g[output]);
                let square = y[output] * y[output];
                squares[output] += influence * influence;
                cross[output] += influence * square;
                fourth[output] += square * square;
            }
        }
        let left = |output: usize| {
            let variance = self.outputs.variances[output];
            let explained = self.explained_square(output) / (variance * (n - 1.0));
            (1.0 - explained) * (n - 1.0) / freedom
        };
        (0..width)
            .map(|output| {
                let variance = self.outputs.variances[output];
                if variance <= 0.0 {
                    return Explained {
                        share: 0.0,
                        standard_error: 0.0,
                    };
                }
                let share = 1.0 - left(output);
                let influence = (squares[output] - 2.0 * share * cross[output]
                    + share * share * fourth[output])
                    / (variance * variance);
                // The q numbers by chance: 4q of the influence, but 2q of the estimate.
                let chance = q * (1.0 - share) * (1.0 - share) / (n * n);
                let influence = (influence / (n * n) - 4.0 * chance).max(0.0);
                Explained {
                    share,
                    standard_error: (influence + 2.0 * chance).sqrt(),
                }
            })
            .collect()
    }

    /// The sum of squares that the fit explains of an output.
    fn explained_square(&self, output: usize) -> f64 {
        let width = self.outputs.width;
        (0..self.features.columns)
            .map(|column| {
                let at = column * width + output;
                let product: f64 = self.products.iter().map(|part| part[at]).sum();
                self.coefficients[at] * product
            })
            .sum()
    }

    /// What knowing the input is worth to someone who may act, gains `Y − threshold` if so and nothing if not:
    /// `E[max(0, E[Y|X] − threshold)] − max(0, E[Y] − threshold)` for each output, the expected value of partial perfect
    /// information (Howard 1966; by regression: Strong, Oakley & Brennan 2014).
    ///
    /// The largest of several estimated means is too large on average. So the rule is fitted to four fifths of the draws
    /// and its gain counted in the last fifth, five times over: the result is the value of a rule that can be followed,
    /// at most the value looked for, and its standard error is that of a mean.
    pub fn decision(&self, threshold: f64) -> Vec<Gain> {
        let (width, draws) = (self.outputs.width, self.outputs.draws());
        let mut g = vec![0.0; width];
        let (mut sums, mut squares) = (vec![0.0; width], vec![0.0; width]);
        for fold in 0..FOLDS {
            let (coefficients, _) = self.solve(Some(fold));
            let mean_without = self.mean_without(fold);
            for row in (fold..draws).step_by(FOLDS) {
                self.at(row, &coefficients, &mut g);
                for output in 0..width {
                    let margin = threshold - self.outputs.means[output];
                    let informed = g[output] > margin;
                    let uninformed = mean_without[output] > margin;
                    if informed != uninformed {
                        let act = self.outputs.centred[row * width + output] - margin;
                        sums[output] += if informed { act } else { -act };
                        squares[output] += act * act;
                    }
                }
            }
        }
        let n = draws.max(1) as f64;
        (0..width)
            .map(|output| {
                let value = sums[output] / n;
                Gain {
                    value,
                    standard_error: ((squares[output] / n - value * value).max(0.0) / n).sqrt(),
                }
            })
            .collect()
    }

    /// The mean of each output without a fold, minus the mean of all.
    fn mean_without(&self, fold: usize) -> Vec<f64> {
        let width = self.outputs.width;
        let mut count = 0.0;
        let mut sums = vec![0.0; width];
        for other in (0..FOLDS).filter(|other| *other != fold) {
            // Column 0 is 1 in every draw.
            count += self.grams[other][0];
            for (sum, product) in sums.iter_mut().zip(&self.products[other][..width]) {
                *sum += product;
            }
        }
        sums.iter().map(|sum| sum / f64::max(count, 1.0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitivity::model::functions::{ishigami, ishigami_indices};
    use wafercast::draw::Stream;
    use wafercast::scenario::Design;

    fn scores(seed: u64, name: &str, draws: u64, design: Design) -> Vec<f64> {
        let stream = Stream::new(seed, name, design, draws);
        (0..draws).map(|i| stream.normal_score(i)).collect()
    }

    fn smooth(values: &[f64]) -> Score<'_> {
        Score { values, step: None }
    }

    /// Estimate − truth in standard errors, for a share.
    fn off(found: Explained, expected: f64) -> f64 {
        (found.share - expected) / found.standard_error
    }

    /// Ishigami's first-order indices from 4,000 independent draws, over seeds: unbiased, with errors as stated.
    #[test]
    fn ishigami_from_given_draws() {
        let (first, _) = ishigami_indices();
        let mut squares = [0.0; 3];
        let seeds = 20;
        for seed in 0..seeds {
            let inputs = ["a", "b", "c"].map(|name| scores(seed, name, 4000, Design::Random));
            let y: Vec<f64> = (0..4000)
                .map(|i| ishigami(&[0, 1, 2].map(|k: usize| kernel::normal_cdf(inputs[k][i]))))
                .collect();
            let outputs = Outputs::new(&[y]);
            for input in 0..3 {
                let found = Fit::new(&outputs, &[smooth(&inputs[input])]).explained()[0];
                let off = off(found, first[input]);
                assert!(
                    off.abs() < 4.5,
                    "seed {seed}, input {input}: {found:?}, off by {off} errors"
                );
                squares[input] += off * off / f64::from(seeds as u32);
            }
        }
        for square in squares {
            assert!((0.3..2.2).contains(&square), "{squares:?}");
        }
    }

    /// A linear function of normal scores: the share is β²/Σβ², and correlated inputs say what they say together.
    #[test]
    fn linear_gaussian() {
        let x = scores(1, "x", 5000, Design::Random);
        let e = scores(1, "e", 5000, Design::Random);
        let w = scores(1, "w", 5000, Design::Random);
        // z has correlation 0.6 with x.
        let z: Vec<f64> = x.iter().zip(&e).map(|(x, e)| 0.6 * x + 0.8 * e).collect();
        let y: Vec<f64> = (0..5000).map(|i| x[i] + 0.5 * z[i] + 2.0 * w[i]).collect();
        let outputs = Outputs::new(&[y]);
        let variance = 1.0 + 0.25 + 2.0 * 0.5 * 0.6 + 4.0;
        let alone = |own: f64, other: f64| (own + 0.6 * other) * (own + 0.6 * other) / variance;
        for (values, expected) in [
            (&x, alone(1.0, 0.5)),
            (&z, alone(0.5, 1.0)),
            (&w, 4.0 / variance),
        ] {
            let found = Fit::new(&outputs, &[smooth(values)]).explained()[0];
            assert!(off(found, expected).abs() < 4.0, "{found:?} {expected}");
        }
        // Both scores as one input.
        let both = Fit::new(&outputs, &[smooth(&x), smooth(&z)]).explained()[0];
        assert!(off(both, 1.0 - 4.0 / variance).abs() < 4.0, "{both:?}");
    }

    /// An event: one step explains all it can, and nothing is lost at the edge of a class.
    #[test]
    fn a_step_is_exact() {
        let x = scores(3, "x", 2000, Design::Lhs);
        let step = -kernel::normal_quantile(0.13);
        let y: Vec<f64> = x
            .iter()
            .map(|x| if *x > step { 5.0 } else { 1.0 })
            .collect();
        let outputs = Outputs::new(&[y]);
        let found = Fit::new(
            &outputs,
            &[Score {
                values: &x,
                step: Some(step),
            }],
        )
        .explained()[0];
        assert!((found.share - 1.0).abs() < 1e-9, "{found:?}");
    }

    /// Inputs without effect: on average none is found, however many numbers are fitted.
    #[test]
    fn nothing_is_found_where_nothing_is() {
        let y = scores(9, "y", 1000, Design::Random);
        let outputs = Outputs::new(&[y, vec![2.0; 1000]]);
        let inert = 200;
        let (mut sum, mut squares) = (0.0, 0.0);
        for input in 0..inert {
            let x = scores(9, &format!("x{input}"), 1000, Design::Random);
            let fit = Fit::new(&outputs, &[smooth(&x)]);
            let found = fit.explained()[0];
            sum += found.share / f64::from(inert);
            squares += off(found, 0.0) * off(found, 0.0) / f64::from(inert);
            assert_eq!(fit.explained()[1].share, 0.0);
        }
        // The standard error of a single share is about 0.006, of the mean 0.0004.
        assert!(sum.abs() < 0.002, "{sum}");
        assert!((0.6..1.6).contains(&squares), "{squares}");
    }

    /// The value of a decision for a normal payoff: with s² = Var E[Y|X] and m = E[Y] − threshold,
    /// `E max(0, m + s·ξ) − max(0, m) = s·φ(m/s) − |m|·Φ(−|m|/s)`.
    #[test]
    fn decisions_on_a_linear_gaussian() {
        let n = 20_000;
        let x = scores(4, "x", n, Design::Random);
        let w = scores(4, "w", n, Design::Random);
        let y: Vec<f64> = x.iter().zip(&w).map(|(x, w)| 0.8 * x + 1.5 * w).collect();
        let outputs = Outputs::new(&[y]);
        let fits = [
            (Fit::new(&outputs, &[smooth(&x)]), 0.8),
            (Fit::new(&outputs, &[smooth(&w)]), 1.5),
        ];
        for threshold in [0.0, 0.4, -1.0] {
            for (fit, s) in &fits {
                let m: f64 = -threshold;
                let ratio = m.abs() / s;
                let density = libm::exp(-ratio * ratio / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
                let expected = s * density - m.abs() * kernel::normal_cdf(-ratio);
                let found = fit.decision(threshold)[0];
                let off = (found.value - expected) / found.standard_error;
                // A rule learned from draws is a little worse than the best: less than 1 % here.
                assert!(
                    off.abs() < 4.0,
                    "{threshold} {s}: {found:?} {expected}, off by {off} errors"
                );
            }
        }
    }
}
