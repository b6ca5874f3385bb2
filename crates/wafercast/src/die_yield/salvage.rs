//! Salvage: dies sold although some of their equal cores are bad.
//!
//! With the density of defects Λ (mean 1) drawn from the model's mixing distribution, `x_c` defects expected in one core
//! and `x_u` in the rest of the die, a die of `n` cores of which `k` must be good yields (model §4)
//!
//! `Y = E[ Σ_{j≥k} C(n, j)·p^j·(1−p)^{n−j} · e^{−Λ·x_u} ]`, `p = e^{−Λ·x_c}`.
//!
//! Expanding `(1−p)^{n−j}` under the mixture alternates in sign and loses all digits at a few dozen cores. The same
//! quantity seen from the defects has only positive terms: N defects fall on the die, each in some core with
//! probability `a` (the cores' share of the critical area) and then in any core alike; the die is sold if none falls
//! outside the cores and at most `n − k` cores are hit. So
//!
//! `Y = Σ_N P(N)·w_N`, `w_N = a^N · P(N balls in n boxes leave at least k empty)`.
//!
//! The `w_N` depend on neither the model nor D0: they are computed once. `P(N)` is the model's mixed Poisson law.

use super::{Model, seeds_sqrt};

mod falling_root;

/// Most cores a die may have here: the weights take time in proportion to their square.
pub const MAX_CORES: u32 = 1000;

/// Weights below this are left out; they fall with N, so this bounds the error of the yield.
const NEGLIGIBLE: f64 = 1e-20;

/// Terms that add less than this share of the sum are left out.
const NEGLIGIBLE_SHARE: f64 = 1e-17;

/// How dies with bad cores are sold, prepared for evaluation at any D0 under any [`Model`].
#[derive(Debug, Clone, PartialEq)]
pub struct Salvage {
    total: u32,
    min_good: u32,
    area_share: f64,
    /// `w_N`, falling from 1; at least one.
    weights: Vec<f64>,
    /// `W_N = w_0 + … + w_N`.
    sums: Vec<f64>,
    /// `V_N = W_0 + … + W_N`.
    double_sums: Vec<f64>,
    /// `w_{N+1} + w_{N+2} + …`: what is still to come after term N.
    tails: Vec<f64>,
    /// `w_{N−1} − w_N`, 0 for N = 0.
    drops: Vec<f64>,
    /// `1/(N + 1)`: every recurrence needs it, and divisions are slow.
    reciprocals: Vec<f64>,
}

/// Why a salvage rule is refused.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum SalvageError {
    /// The number of cores is 0 or above [`MAX_CORES`].
    #[error("the die has {total} cores; expected 1 to {MAX_CORES}")]
    Total {
        /// Cores.
        total: u32,
    },
    /// More good cores are asked for than there are, or none.
    #[error("{min_good} good cores of {total} are asked for; expected 1 to {total}")]
    MinGood {
        /// Good cores needed.
        min_good: u32,
        /// Cores.
        total: u32,
    },
    /// The cores' share of the area is not a fraction.
    #[error("the cores' share of the area is {area_share}; expected 0 to 1")]
    AreaShare {
        /// The share.
        area_share: f64,
    },
}

impl Salvage {
    /// A die of `total` equal cores, sold with at least `min_good` good, the cores holding `area_share` of the die's
    /// critical area.
    pub fn new(total: u32, min_good: u32, area_share: f64) -> Result<Salvage, SalvageError> {
        if !(1..=MAX_CORES).contains(&total) {
            return Err(SalvageError::Total { total });
        }
        if !(1..=total).contains(&min_good) {
            return Err(SalvageError::MinGood { min_good, total });
        }
        if !(0.0..=1.0).contains(&area_share) {
            return Err(SalvageError::AreaShare { area_share });
        }
        let weights = weights(total, min_good, area_share);
        let sums = running_sums(&weights);
        let double_sums = running_sums(&sums);
        let reciprocals = (1..=weights.len()).map(|n| 1.0 / n as f64).collect();
        Ok(Salvage {
            tails: tails(&weights),
            drops: drops(&weights),
            reciprocals,
            total,
            min_good,
            area_share,
            weights,
            sums,
            double_sums,
        })
    }

    /// Cores on the die.
    pub fn total(&self) -> u32 {
        self.total
    }

    /// Good cores needed.
    pub fn min_good(&self) -> u32 {
        self.min_good
    }

    /// Share of the critical area in cores.
    pub fn area_share(&self) -> f64 {
        self.area_share
    }

    /// Yield of saleable dies on which `x ≥ 0` killing defects are expected; `x` means what it means in
    /// [`Model::yield_at`] and stands for the whole die, cores and rest.
    ///
    /// The mixing distributions are those of the module's table; for `bose_einstein` the layers' densities vary
    /// independently, so the defects of the n layers together follow the negative binomial with α = n and mean n·x.
    pub fn yield_at(&self, model: Model, x: f64) -> f64 {
        if x == 0.0 || self.weights.len() == 1 {
            return model.yield_at(x);
        }
        if x == f64::INFINITY {
            return 0.0;
        }
        let y = match model {
            Model::Poisson => self.under_constant(x).0,
            Model::MurphyRectangular => self.under_uniform(x),
            Model::Murphy => self.under_triangle(x),
            Model::Seeds => self.under_gamma(x, 1.0).0,
            Model::SeedsSqrt => self.under_levy(x),
            Model::BoseEinstein { n } => self.under_gamma(n * x, n).0,
            Model::NegativeBinomial { alpha } => self.under_gamma(x, alpha).0,
        };
        y.min(1.0)
    }

    /// The inverse of [`Salvage::yield_at`]: the expected defects `x` at which a share `y` of the dies can be sold.
    ///
    /// Total: a yield of 1 or more gives 0, of 0 or less infinity.
    pub fn defects_at(&self, model: Model, y: f64) -> f64 {
        // Salvage only adds dies, and sells none with a defect outside the cores: the root lies between those of the
        // whole die and of the rest of it alone.
        let low = model.defects_at(y);
        if self.weights.len() == 1 || low == 0.0 || !low.is_finite() {
            return low;
        }
        let widest = (self.area_share < 1.0).then(|| -libm::log1p(-self.area_share));
        let bracket = (libm::log(low), widest);
        let log_y = libm::log(y);
        let excess = |share: f64| libm::log(share) - log_y;
        let with_slope = |log_x: f64| {
            let x = libm::exp(log_x);
            let (share, slope) = match model {
                Model::Poisson => self.under_constant(x),
                Model::Seeds => self.under_gamma(x, 1.0),
                Model::BoseEinstein { n } => self.under_gamma(n * x, n),
                Model::NegativeBinomial { alpha } => self.under_gamma(x, alpha),
                Model::Murphy | Model::MurphyRectangular | Model::SeedsSqrt => {
                    (self.yield_at(model, x), f64::NAN)
                }
            };
            (excess(share), slope)
        };
        libm::exp(falling_root::solve(with_slope, bracket))
    }

    /// Poisson counts. Returns the yield and its slope as [`Salvage::weighted`] does.
    fn under_constant(&self, x: f64) -> (f64, f64) {
        self.weighted(-x, x, |_| x)
    }

    /// Gamma mixture with shape α: negative binomial counts with this mean, `P_{N+1}/P_N = r·(α + N)/(N + 1)`.
    fn under_gamma(&self, mean: f64, alpha: f64) -> (f64, f64) {
        let ratio = mean / (mean + alpha);
        let log_first = -alpha * libm::log1p(mean / alpha);
        self.weighted(log_first, mean, |n| ratio * (alpha + n))
    }

    /// `Y = Σ_N P_N·w_N` for counts with `P_{N+1}/P_N = factor(N)/(N + 1)`, which falls below 1 for good once past
    /// `mean`; and `d ln Y / d ln mean`, which for every mixed Poisson law is `−Σ_N N·P_N·(w_{N−1} − w_N) / Y`.
    fn weighted(&self, log_first: f64, mean: f64, factor: impl Fn(f64) -> f64) -> (f64, f64) {
        let mut sum = ScaledSum::new(log_first);
        let terms = self.weights.iter().zip(&self.tails).zip(&self.drops);
        for (n, (((weight, tail), drop), reciprocal)) in terms.zip(&self.reciprocals).enumerate() {
            let n = n as f64;
            sum.add(*weight);
            sum.add_fall(n * drop);
            if n >= mean && sum.probability * tail <= NEGLIGIBLE_SHARE * sum.sum {
                break;
            }
            sum.multiply(factor(n) * reciprocal);
        }
        (sum.value(), -sum.fall / sum.sum)
    }

    /// Lévy mixture: counts generated by `e^{−√(x(1−z))}`, hence
    /// `(N+1)(N+2)·P_{N+2} = (N+1)(N+½)·P_{N+1} + (x/4)·P_N`, all terms positive.
    fn under_levy(&self, x: f64) -> f64 {
        let mut previous = seeds_sqrt(x);
        let mut current = x.sqrt() / 2.0 * previous;
        let mut sum = 0.0;
        for (n, weight) in self.weights.iter().enumerate() {
            sum += weight * previous;
            let n = n as f64;
            let next =
                ((n + 1.0) * (n + 0.5) * current + x / 4.0 * previous) / ((n + 1.0) * (n + 2.0));
            (previous, current) = (current, next);
        }
        sum
    }

    /// Uniform mixture on 0…2x. As `∫₀^λ e^−t t^N/N! dt = P(Poisson(λ) > N)`, `Y = J(2x)/2x` with
    /// `J(λ) = Σ_k Poisson_k(λ)·W_{k−1}`.
    fn under_uniform(&self, x: f64) -> f64 {
        let mean = 2.0 * x;
        let total = self.sums[self.sums.len() - 1];
        let coefficient = |k: usize| match k {
            0 => 0.0,
            k => self.sums.get(k - 1).copied().unwrap_or(total),
        };
        let terms = self.weights.len() + 1;
        let integral = if mean > terms as f64 {
            total - poisson_sum(mean, terms, |k| total - coefficient(k))
        } else {
            poisson_sum(mean, terms_until_negligible(mean), coefficient)
        };
        integral / mean
    }

    /// Triangular mixture on 0…2x. Its second derivative is three points, so `Y = (H(2x) − 2·H(x))/x²` with H the
    /// second antiderivative of `Σ_N w_N·Poisson_N(λ)`: `H(λ) = Σ_k Poisson_k(λ)·V_{k−2}`.
    fn under_triangle(&self, x: f64) -> f64 {
        let (slope_far, far) = self.second_antiderivative(2.0 * x);
        let (slope_near, near) = self.second_antiderivative(x);
        // The linear parts cancel exactly once both are beyond the weights.
        let linear = 2.0 * x * (slope_far - slope_near);
        (linear + far - 2.0 * near) / (x * x)
    }

    /// `H(λ)` of [`Salvage::under_triangle`], as a slope and a rest: `H = slope·λ + rest`.
    fn second_antiderivative(&self, mean: f64) -> (f64, f64) {
        let last = self.weights.len() - 1;
        let (total, last_double) = (self.sums[last], self.double_sums[last]);
        let coefficient = |k: usize| match k {
            0 | 1 => 0.0,
            k if k - 2 <= last => self.double_sums[k - 2],
            k => last_double + (k - 2 - last) as f64 * total,
        };
        let terms = self.weights.len() + 2;
        if mean > terms as f64 {
            // Beyond the weights V is the line total·k + offset, whose mean is known.
            let offset = last_double - (last + 2) as f64 * total;
            let below = |k: usize| coefficient(k) - (total * k as f64 + offset);
            (total, offset + poisson_sum(mean, terms, below))
        } else {
            (
                0.0,
                poisson_sum(mean, terms_until_negligible(mean), coefficient),
            )
        }
    }
}

/// `w_N = a^N · P(N balls in n boxes leave at least k empty)`, until negligible.
fn weights(total: u32, min_good: u32, area_share: f64) -> Vec<f64> {
    let boxes = f64::from(total);
    // hit[i]: probability that the balls so far lie in the cores and have hit i of them, i ≤ n − k.
    let mut hit = vec![0.0; (total - min_good) as usize + 1];
    hit[0] = 1.0;
    let mut weights = Vec::new();
    loop {
        let weight: f64 = hit.iter().sum();
        if weight < NEGLIGIBLE {
            return weights;
        }
        weights.push(weight);
        for i in (0..hit.len()).rev() {
            let stays = hit[i] * i as f64;
            let comes = if i == 0 {
                0.0
            } else {
                hit[i - 1] * (boxes - (i as f64 - 1.0))
            };
            hit[i] = area_share * (stays + comes) / boxes;
        }
    }
}

/// Sums of what follows each value, added from the smallest.
fn tails(values: &[f64]) -> Vec<f64> {
    let mut tails = vec![0.0; values.len()];
    for i in (0..values.len().saturating_sub(1)).rev() {
        tails[i] = tails[i + 1] + values[i + 1];
    }
    tails
}

fn drops(values: &[f64]) -> Vec<f64> {
    let before = values.iter().take(1).chain(values);
    before
        .zip(values)
        .map(|(before, value)| before - value)
        .collect()
}

fn running_sums(values: &[f64]) -> Vec<f64> {
    values
        .iter()
        .scan(0.0, |sum, value| {
            *sum += value;
            Some(*sum)
        })
        .collect()
}

/// Terms after which a Poisson sum with slowly growing coefficients has converged: 12 standard deviations past the mean.
fn terms_until_negligible(mean: f64) -> usize {
    (mean + 12.0 * mean.sqrt() + 40.0) as usize
}

/// `Σ_{k<terms} Poisson_k(mean)·coefficient(k)`
fn poisson_sum(mean: f64, terms: usize, coefficient: impl Fn(usize) -> f64) -> f64 {
    let mut sum = ScaledSum::new(-mean);
    for k in 0..terms {
        sum.add(coefficient(k));
        sum.multiply(mean / (k as f64 + 1.0));
    }
    sum.value()
}

/// A sum over terms `e^{log_scale}·p·c` whose factor `e^{log_scale}` may lie below the smallest float while the terms
/// near the mode do not.
struct ScaledSum {
    log_scale: f64,
    probability: f64,
    sum: f64,
    /// A second sum on the same scale.
    fall: f64,
}

impl ScaledSum {
    const LARGE: f64 = 1e250;

    fn new(log_first: f64) -> ScaledSum {
        ScaledSum {
            log_scale: log_first,
            probability: 1.0,
            sum: 0.0,
            fall: 0.0,
        }
    }

    fn add(&mut self, coefficient: f64) {
        self.sum += self.probability * coefficient;
    }

    fn add_fall(&mut self, coefficient: f64) {
        self.fall += self.probability * coefficient;
    }

    fn multiply(&mut self, factor: f64) {
        self.probability *= factor;
        if self.probability > Self::LARGE {
            self.probability /= Self::LARGE;
            self.sum /= Self::LARGE;
            self.fall /= Self::LARGE;
            self.log_scale += libm::log(Self::LARGE);
        }
    }

    fn value(&self) -> f64 {
        // In two halves: the scale alone may underflow where the value does not.
        let half = libm::exp(self.log_scale / 2.0);
        half * self.sum * half
    }
}

#[cfg(test)]
mod tests;
