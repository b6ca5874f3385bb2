//! Shapley effects: the variance of an output, shared out among inputs without remainder, also where they are correlated.
//!
//! The Shapley effect of a player (an input, or a group of inputs) is the mean, over all orders in which the players could
//! come, of the variance that it adds to what those before it leave unexplained, `c(u) = E[Var(Y | X_−u)]` (Owen 2014; Song,
//! Nelson & Staum 2016). Effects are never negative and add up to Var Y.
//!
//! One walk per pair of points and order (Goda 2021 for independent inputs): from x, players are drawn anew one after the
//! other, each time *given those not yet drawn anew*, until all are. As x and the point x^u with u drawn anew are
//! exchangeable given the rest, `½·E[(f(x) − f(x^u))²] = c(u)`, and the step of player k gives
//! `(f(x) − (f(x^u) + f(x^u∪k))/2)·(f(x^u) − f(x^u∪k))`, whose mean over walks is its effect, without bias. Drawing anew
//! under correlation is exact for normal scores ([`super::gaussian`]), and that is what makes the walk right there.

use rayon::prelude::*;
use wafercast::draw::key::Key;
use wafercast::draw::sobol_points::{ScrambledPoints, SobolPoints};
use wafercast::draw::{LANES, Lanes};

use super::gaussian::Gaussian;
use super::model::{Estimate, Model, lanes_of};

/// Groups of walks per piece of work.
const PIECE: u64 = 1;

/// Shapley effects as shares of the variance, `[output][player]`: they add up to 1 (or are all 0). `walks` is rounded up to whole groups of
/// [`LANES`], and the walks of a group share an order. The standard errors are those of independent points, which these are better than.
pub fn effects<M: Model>(
    model: &M,
    gaussian: &Gaussian,
    players: &[Vec<usize>],
    walks: u64,
    seed: u64,
) -> Vec<Vec<Estimate>> {
    let points = SobolPoints::new(2 * model.coordinates());
    let work = Work {
        model,
        gaussian,
        players,
        points: points.scrambled(seed, 0),
        seed,
    };
    let groups = walks.div_ceil(LANES as u64).max(2);
    let starts: Vec<u64> = (0..groups).step_by(PIECE as usize).collect();
    let pieces: Vec<Vec<Vec<f64>>> = starts
        .into_par_iter()
        .map(|start| work.piece(start..(start + PIECE).min(groups)))
        .collect();
    // `[group][output · players + player]`
    let parts: Vec<&Vec<f64>> = pieces.iter().flatten().collect();
    (0..model.outputs())
        .map(|output| shares(&parts, output * players.len(), players.len()))
        .collect()
}

/// Shares of one output's variance, with the standard error of a ratio of means.
fn shares(parts: &[&Vec<f64>], from: usize, players: usize) -> Vec<Estimate> {
    let n = parts.len() as f64;
    let mean = |player: usize| parts.iter().map(|part| part[from + player]).sum::<f64>() / n;
    let means: Vec<f64> = (0..players).map(mean).collect();
    let variance: f64 = means.iter().sum();
    means
        .iter()
        .enumerate()
        .map(|(player, effect)| {
            if variance <= 0.0 {
                return Estimate {
                    value: 0.0,
                    standard_error: 0.0,
                };
            }
            let share = effect / variance;
            let squares: f64 = parts
                .iter()
                .map(|part| {
                    let all: f64 = part[from..from + players].iter().sum();
                    let influence = (part[from + player] - share * all) / variance;
                    influence * influence
                })
                .sum();
            Estimate {
                value: share,
                standard_error: (squares / (n * (n - 1.0))).sqrt(),
            }
        })
        .collect()
}

struct Work<'a, M: Model> {
    model: &'a M,
    gaussian: &'a Gaussian,
    players: &'a [Vec<usize>],
    points: ScrambledPoints<'a>,
    seed: u64,
}

impl<M: Model> Work<'_, M> {
    /// The mean steps of each group of walks, `[group][output · players + player]`.
    fn piece(&self, groups: std::ops::Range<u64>) -> Vec<Vec<f64>> {
        let mut workspace = self.model.workspace();
        groups
            .map(|group| self.walk(group, &mut workspace))
            .collect()
    }

    fn walk(&self, group: u64, workspace: &mut M::Workspace) -> Vec<f64> {
        let (coordinates, outputs) = (self.model.coordinates(), self.model.outputs());
        let [from, to] = [0, coordinates].map(|start| {
            let mut uniforms = vec![Lanes::splat(0.0); coordinates];
            lanes_of(&self.points, group * LANES as u64, start, &mut uniforms);
            let mut point = vec![Lanes::splat(0.0); coordinates];
            self.model.place(&uniforms, workspace, &mut point);
            point
        });
        let mut start = vec![Lanes::splat(0.0); outputs];
        self.model.evaluate(&from, workspace, &mut start);
        let mut before = start.clone();
        let mut here = before.clone();
        let mut point = from.clone();
        let mut free = vec![false; coordinates];
        let mut steps = vec![0.0; outputs * self.players.len()];
        for player in order(self.players.len(), self.seed, group) {
            for coordinate in &self.players[player] {
                free[*coordinate] = true;
            }
            self.gaussian.redraw(&from, &to, &free, &mut point);
            self.model.evaluate(&point, workspace, &mut here);
            for output in 0..outputs {
                let (y, old, new) = (&start[output], &before[output], &here[output]);
                let sum: f64 = (0..LANES)
                    .map(|lane| (y[lane] - (old[lane] + new[lane]) / 2.0) * (old[lane] - new[lane]))
                    .sum();
                steps[output * self.players.len() + player] = sum / LANES as f64;
            }
            std::mem::swap(&mut before, &mut here);
        }
        steps
    }
}

/// A random order of so many players (Fisher & Yates 1938).
fn order(players: usize, seed: u64, group: u64) -> Vec<usize> {
    let key = Key::new(seed, &format!("shapley order {group}"));
    let mut order: Vec<usize> = (0..players).collect();
    for last in (1..players).rev() {
        // A remainder of 64 random bits: its bias is below 2⁻⁴⁰ for any number of players there will be.
        let chosen = key.word(last as u64) % (last as u64 + 1);
        order.swap(last, chosen as usize);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitivity::model::functions::{OfUniforms, g_function, g_indices};
    use wafercast::draw::kernel;

    /// A weighted sum of jointly normal coordinates.
    struct Linear {
        weights: Vec<f64>,
        /// Cholesky factor of the correlation of coordinates 0 and 1.
        rho: f64,
    }

    impl Model for Linear {
        type Workspace = ();
        fn coordinates(&self) -> usize {
            self.weights.len()
        }
        fn outputs(&self) -> usize {
            1
        }
        fn workspace(&self) {}
        fn place(&self, uniforms: &[Lanes], (): &mut (), point: &mut [Lanes]) {
            for (point, uniforms) in point.iter_mut().zip(uniforms) {
                *point = uniforms.map(kernel::normal_quantile);
            }
            let rest = (1.0 - self.rho * self.rho).sqrt();
            for lane in 0..LANES {
                point[1][lane] = self.rho * point[0][lane] + rest * point[1][lane];
            }
        }
        fn evaluate(&self, point: &[Lanes], (): &mut (), outputs: &mut [Lanes]) {
            outputs[0] = Lanes::from_fn(|lane| {
                self.weights
                    .iter()
                    .zip(point)
                    .map(|(w, z)| w * z[lane])
                    .sum()
            });
        }
    }

    /// Linear and normal, the first two correlated (Owen & Prieur 2017): with V₁₂ = β₁² + β₂² + 2ρβ₁β₂, input 1 has
    /// `β₁²·(1 − ρ²/2) + ρβ₁β₂ + ρ²β₂²/2`, input 3 `β₃²`.
    #[test]
    fn linear_gaussian_with_correlation() {
        let (b1, b2, b3, rho) = (1.0, 2.0, 1.5, 0.7);
        let model = Linear {
            weights: vec![b1, b2, b3],
            rho,
        };
        let gaussian = Gaussian::independent().with_block(vec![0, 1], vec![1.0, rho, rho, 1.0]);
        let effect = |own: f64, other: f64| {
            own * own * (1.0 - rho * rho / 2.0)
                + rho * own * other
                + rho * rho * other * other / 2.0
        };
        let variance = b1 * b1 + b2 * b2 + 2.0 * rho * b1 * b2 + b3 * b3;
        let expected = [effect(b1, b2), effect(b2, b1), b3 * b3].map(|e| e / variance);
        let players = [vec![0], vec![1], vec![2]];
        let found = &effects(&model, &gaussian, &players, 1 << 13, 3)[0];
        for (found, expected) in found.iter().zip(expected) {
            let off = (found.value - expected).abs() / found.standard_error;
            assert!(
                off < 4.0 && found.standard_error < 0.02,
                "{found:?} {expected}: {off} errors"
            );
        }
        let sum: f64 = found.iter().map(|e| e.value).sum();
        assert!((sum - 1.0).abs() < 1e-12);
    }

    /// Without correlation each effect lies between first and total order, and for a product of independent factors it is
    /// known: the variance ∏(1 + V_i) − 1 is a sum over sets of players, each set's part shared equally.
    #[test]
    fn g_function_by_sets() {
        let model = OfUniforms {
            coordinates: 6,
            function: g_function,
        };
        let (first, _) = g_indices();
        let all = 1.0 / (3.0 * first[0]);
        let own: Vec<f64> = first.iter().map(|s| s * all).collect();
        let mut expected = [0.0; 6];
        for set in 1u32..64 {
            let members: Vec<usize> = (0..6).filter(|i| (set >> i) & 1 == 1).collect();
            let part: f64 = members.iter().map(|i| own[*i]).product();
            for member in &members {
                expected[*member] += part / members.len() as f64 / all;
            }
        }
        let players: Vec<Vec<usize>> = (0..6).map(|i| vec![i]).collect();
        let found = &effects(&model, &Gaussian::independent(), &players, 1 << 12, 8)[0];
        for (found, expected) in found.iter().zip(expected) {
            let off = (found.value - expected).abs() / found.standard_error;
            assert!(off < 4.0, "{found:?} {expected}: {off} errors");
        }
    }

    /// A copy of an input (correlation 1) is drawn together with it, and the two share what both say.
    #[test]
    fn an_input_and_its_copy_share_alike() {
        let model = Linear {
            weights: vec![1.0, 0.0, 1.0],
            rho: 1.0,
        };
        let gaussian = Gaussian::independent().with_block(vec![0, 1], vec![1.0; 4]);
        let players = [vec![0], vec![1], vec![2]];
        let found = &effects(&model, &gaussian, &players, 1 << 12, 1)[0];
        for (found, expected) in found.iter().zip([0.25, 0.25, 0.5]) {
            assert!(
                (found.value - expected).abs() < 4.0 * found.standard_error,
                "{found:?}"
            );
        }
    }
}
