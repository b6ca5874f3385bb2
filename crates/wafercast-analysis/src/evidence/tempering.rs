//! Tempered sequential Monte Carlo in score space (Del Moral, Doucet & Jasra 2006).
//!
//! The prior is a product of standard normals, the scores. Particles go from it to the posterior through densities
//! prior · likelihood^t with t rising from 0 to 1, each step so far that half of the draws stay effective. After each
//! step particles are resampled and moved by autoregressive proposals that leave a normal law N(m, s²) unchanged
//! (Neal 1998; preconditioned Crank–Nicolson, Cotter et al. 2013), m and s fitted to the particles where they differ
//! from the prior's 0 and 1 by more than chance, and corrected by Metropolis and Hastings.
//!
//! Every number comes from a counter-based stream of (seed, step, particle, score), and sums are taken in order: the
//! result does not depend on the number of threads.

use rayon::prelude::*;
use wafercast::draw::{LANES, Lanes, Stream};
use wafercast::scenario::Design;

use super::weights::Weights;

/// Scores of all draws, in groups: `[group][score]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// Number of draws.
    pub draws: usize,
    /// Scores of a draw.
    pub dimensions: usize,
    groups: Vec<Lanes>,
}

impl Scores {
    /// All zero.
    pub fn zero(draws: usize, dimensions: usize) -> Scores {
        Scores {
            draws,
            dimensions,
            groups: vec![Lanes::splat(0.0); draws.div_ceil(LANES) * dimensions],
        }
    }

    /// The scores of streams, one for each dimension.
    pub fn of_streams(draws: usize, streams: &[Stream]) -> Scores {
        let mut scores = Scores::zero(draws, streams.len());
        scores.each_group(|g, group| {
            for (score, stream) in group.iter_mut().zip(streams) {
                *score = stream.normal_scores((g * LANES) as u64);
            }
        });
        scores
    }

    /// The scores of the group that begins with draw `LANES·group`.
    pub fn group(&self, group: usize) -> &[Lanes] {
        &self.groups[group * self.dimensions..(group + 1) * self.dimensions]
    }

    /// A score of a draw.
    pub fn get(&self, draw: usize, dimension: usize) -> f64 {
        self.groups[draw / LANES * self.dimensions + dimension][draw % LANES]
    }

    fn each_group(&mut self, f: impl Fn(usize, &mut [Lanes]) + Sync) {
        if self.dimensions > 0 {
            self.groups
                .par_chunks_exact_mut(self.dimensions)
                .enumerate()
                .for_each(|(g, group)| f(g, group));
        }
    }

    /// The draws of these numbers, in this order.
    fn picked(&self, from: &[usize]) -> Scores {
        let mut picked = Scores::zero(from.len(), self.dimensions);
        picked.each_group(|g, group| {
            for lane in 0..LANES {
                let Some(&draw) = from.get(g * LANES + lane) else {
                    continue;
                };
                for (d, score) in group.iter_mut().enumerate() {
                    score[lane] = self.get(draw, d);
                }
            }
        });
        picked
    }

    /// Takes over the draws of `other` for which `taken` holds.
    fn replace(&mut self, other: &Scores, taken: &[bool]) {
        self.each_group(|g, group| {
            let theirs = other.group(g);
            for (lane, _) in (0..LANES)
                .zip(taken.iter().skip(g * LANES))
                .filter(|(_, t)| **t)
            {
                for (score, new) in group.iter_mut().zip(theirs) {
                    score[lane] = new[lane];
                }
            }
        });
    }
}

/// What is inferred from: ln of the likelihood of every draw.
pub trait LogLikelihood: Sync {
    /// In order of the draws.
    fn evaluate(&self, scores: &Scores) -> Vec<f64>;
}

/// How hard to try.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// Share of draws that stay effective from one temperature to the next.
    pub kept: f64,
    /// Moves after each step.
    pub moves: usize,
    /// Moves after the last step.
    pub last_moves: usize,
    /// Steps at most; what is left of the way is then gone at once.
    pub steps: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Effort {
            kept: 0.5,
            moves: 3,
            last_moves: 6,
            steps: 40,
        }
    }
}

/// One step on the way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Exponent of the likelihood after it.
    pub temperature: f64,
    /// Share of draws that were effective before resampling.
    pub effective_share: f64,
    /// Share of proposed moves that were accepted.
    pub acceptance: f64,
}

/// Particles of the posterior, all of the same weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Tempered {
    /// Their scores.
    pub scores: Scores,
    /// Weights (equal) with lineages.
    pub weights: Weights,
    /// ln of the mean likelihood under the prior.
    pub ln_evidence: f64,
    /// The steps.
    pub steps: Vec<Step>,
    /// Draws that were simulated on the way.
    pub simulated: u64,
}

/// Takes draws from the prior to the posterior. `None` if every draw is ruled out at some step.
pub fn temper(
    prior: Scores,
    ln_likelihoods: Vec<f64>,
    model: &dyn LogLikelihood,
    seed: u64,
    effort: Effort,
) -> Option<Tempered> {
    let draws = prior.draws;
    let mut walk = Walk {
        scores: prior,
        ln: ln_likelihoods,
        lineages: (0..draws).collect(),
        model,
        seed,
        correlation: 0.6,
        simulated: 0,
    };
    let (mut temperature, mut ln_evidence) = (0.0, 0.0);
    let mut steps = Vec::new();
    while temperature < 1.0 {
        let is_last_allowed = steps.len() + 1 >= effort.steps;
        let next = if is_last_allowed {
            1.0
        } else {
            next_temperature(&walk.ln, temperature, effort.kept)
        };
        let increments: Vec<f64> = walk
            .ln
            .iter()
            .map(|ln| {
                if *ln == f64::NEG_INFINITY {
                    *ln
                } else {
                    (next - temperature) * ln
                }
            })
            .collect();
        let weights = Weights::equal(draws).times(&increments)?;
        ln_evidence += weights.ln_mean;
        temperature = next;
        walk.resample(&weights, steps.len());
        let moves = if temperature < 1.0 {
            effort.moves
        } else {
            effort.last_moves
        };
        let accepted: f64 = (0..moves)
            .map(|k| walk.step(temperature, (steps.len(), k)))
            .sum();
        steps.push(Step {
            temperature,
            effective_share: weights.effective() / draws as f64,
            acceptance: accepted / moves.max(1) as f64,
        });
    }
    Some(Tempered {
        scores: walk.scores,
        weights: Weights::of_lineages(walk.lineages),
        ln_evidence,
        steps,
        simulated: walk.simulated,
    })
}

/// The temperature at which a share of the draws stays effective: by bisection, 1 if it can be reached.
fn next_temperature(ln: &[f64], from: f64, kept: f64) -> f64 {
    let greatest = ln.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let share = |to: f64| {
        let (mut sum, mut squares) = (0.0, 0.0);
        for x in ln {
            let weight = libm::exp((to - from) * (x - greatest));
            sum += weight;
            squares += weight * weight;
        }
        sum * sum / squares / ln.len() as f64
    };
    if !greatest.is_finite() || share(1.0) >= kept {
        return 1.0;
    }
    let (mut low, mut high) = (from, 1.0);
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if share(middle) >= kept {
            low = middle;
        } else {
            high = middle;
        }
    }
    // Draws that are ruled out can make the share too small at any temperature: go on all the same.
    if low > from {
        low
    } else {
        high.max(from + 1e-6).min(1.0)
    }
}

/// The particles on their way.
struct Walk<'a> {
    scores: Scores,
    ln: Vec<f64>,
    lineages: Vec<usize>,
    model: &'a dyn LogLikelihood,
    seed: u64,
    /// Correlation of a proposal with where it starts.
    correlation: f64,
    simulated: u64,
}

impl Walk<'_> {
    /// Systematic resampling.
    fn resample(&mut self, weights: &Weights, step: usize) {
        let draws = self.ln.len();
        let name = format!("evidence/{step}/resample");
        let offset = Stream::new(self.seed, &name, Design::Random, 1).uniform(0);
        let mut from = Vec::with_capacity(draws);
        let (mut i, mut cumulated) = (0, weights.values()[0]);
        for k in 0..draws {
            let at = (k as f64 + offset) / draws as f64;
            while cumulated < at && i + 1 < draws {
                i += 1;
                cumulated += weights.values()[i];
            }
            from.push(i);
        }
        self.scores = self.scores.picked(&from);
        self.ln = from.iter().map(|&i| self.ln[i]).collect();
        self.lineages = from.iter().map(|&i| self.lineages[i]).collect();
    }

    /// One move of every particle; the share accepted.
    fn step(&mut self, temperature: f64, (step, k): (usize, usize)) -> f64 {
        let draws = self.ln.len();
        let fit = self.fit();
        let rho = self.correlation;
        let noise = (1.0 - rho * rho).sqrt();
        let name = format!("evidence/{step}/{k}/propose");
        let stream = Stream::new(self.seed, &name, Design::Random, 1);
        let mut proposals = self.scores.clone();
        let dimensions = proposals.dimensions;
        proposals.each_group(|g, group| {
            for (d, score) in group.iter_mut().enumerate() {
                let fresh = stream.normal_scores(((g * dimensions + d) * LANES) as u64);
                let (mean, sd) = fit[d];
                for (x, e) in score.iter_mut().zip(fresh.iter()) {
                    *x = mean + rho * (*x - mean) + noise * sd * e;
                }
            }
        });
        let ln = self.model.evaluate(&proposals);
        self.simulated += draws as u64;
        let name = format!("evidence/{step}/{k}/accept");
        let uniforms = Stream::new(self.seed, &name, Design::Random, 1);
        let taken: Vec<bool> = (0..draws)
            .into_par_iter()
            .map(|i| {
                if ln[i] == f64::NEG_INFINITY {
                    return false;
                }
                let gain = if self.ln[i] == f64::NEG_INFINITY {
                    f64::INFINITY
                } else {
                    temperature * (ln[i] - self.ln[i])
                };
                let ratio = gain + prior_over_fit(&proposals, &fit, i)
                    - prior_over_fit(&self.scores, &fit, i);
                libm::log(uniforms.uniform(i as u64)) < ratio
            })
            .collect();
        for (i, _) in taken.iter().enumerate().filter(|(_, taken)| **taken) {
            self.ln[i] = ln[i];
        }
        self.scores.replace(&proposals, &taken);
        let share = taken.iter().filter(|taken| **taken).count() as f64 / draws as f64;
        self.adapt(share);
        share
    }

    /// Longer strides where most proposals are accepted, shorter where few are.
    fn adapt(&mut self, accepted: f64) {
        const AIM: f64 = 0.3;
        let stride = (1.0 - self.correlation * self.correlation).sqrt();
        let stride = (stride * libm::exp(accepted - AIM)).clamp(0.05, 1.0);
        self.correlation = (1.0 - stride * stride).max(0.0).sqrt();
    }

    /// Mean and standard deviation of every score where they differ from the prior's by more than chance.
    fn fit(&self) -> Vec<(f64, f64)> {
        let (draws, dimensions) = (self.scores.draws, self.scores.dimensions);
        let lineages = Weights::of_lineages(self.lineages.clone()).effective();
        (0..dimensions)
            .into_par_iter()
            .map(|d| {
                let values = || (0..draws).map(|i| self.scores.get(i, d));
                let mean = values().sum::<f64>() / draws as f64;
                let squares = values().map(|x| (x - mean) * (x - mean)).sum::<f64>();
                let variance = squares / draws as f64;
                let is_moved = mean * mean * lineages > 9.0
                    || (variance - 1.0) * (variance - 1.0) * lineages > 18.0;
                if is_moved {
                    (mean, variance.max(1e-4).sqrt())
                } else {
                    (0.0, 1.0)
                }
            })
            .collect()
    }
}

/// ln of the prior's density over that of the fit, but for a constant.
fn prior_over_fit(scores: &Scores, fit: &[(f64, f64)], draw: usize) -> f64 {
    let moved = fit
        .iter()
        .enumerate()
        .filter(|(_, fit)| **fit != (0.0, 1.0));
    moved
        .map(|(d, (mean, sd))| {
            let x = scores.get(draw, d);
            let z = (x - mean) / sd;
            0.5 * (z * z - x * x)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// y = Σ a_d·z_d, observed as `seen` with error `sd`: the posterior of y is normal.
    struct Linear {
        slopes: Vec<f64>,
        seen: f64,
        sd: f64,
    }

    impl Linear {
        fn value(&self, scores: &Scores, i: usize) -> f64 {
            let terms = self.slopes.iter().enumerate();
            terms.map(|(d, a)| a * scores.get(i, d)).sum()
        }

        /// Mean and variance of the posterior of y, and ln of the evidence.
        fn exact(&self) -> (f64, f64, f64) {
            let prior: f64 = self.slopes.iter().map(|a| a * a).sum();
            let error = self.sd * self.sd;
            let total = prior + error;
            let ln = -0.5 * self.seen * self.seen / total
                - 0.5 * libm::log(2.0 * std::f64::consts::PI * total);
            (self.seen * prior / total, prior * error / total, ln)
        }
    }

    impl LogLikelihood for Linear {
        fn evaluate(&self, scores: &Scores) -> Vec<f64> {
            (0..scores.draws)
                .map(|i| {
                    let z = (self.value(scores, i) - self.seen) / self.sd;
                    -0.5 * z * z - 0.5 * libm::log(2.0 * std::f64::consts::PI * self.sd * self.sd)
                })
                .collect()
        }
    }

    fn prior(draws: usize, dimensions: usize) -> Scores {
        let streams: Vec<Stream> = (0..dimensions)
            .map(|d| Stream::new(11, &format!("z{d}"), Design::Random, draws as u64))
            .collect();
        Scores::of_streams(draws, &streams)
    }

    fn check(weights: &Weights, values: &[f64], (mean, variance): (f64, f64)) {
        let (m, se) = (weights.mean(values), weights.standard_error(values));
        assert!((m - mean).abs() < 4.0 * se, "mean {m} {mean} ± {se}");
        let squares: Vec<f64> = values.iter().map(|y| (y - mean) * (y - mean)).collect();
        let (v, se) = (weights.mean(&squares), weights.standard_error(&squares));
        assert!(
            (v - variance).abs() < 4.0 * se,
            "variance {v} {variance} ± {se}"
        );
    }

    #[test]
    fn importance_weights_are_exact_on_a_conjugate_normal() {
        let model = Linear {
            slopes: vec![1.0, 0.5, -0.25],
            seen: 1.5,
            sd: 0.8,
        };
        let scores = prior(20_000, 3);
        let weights = Weights::equal(20_000)
            .times(&model.evaluate(&scores))
            .unwrap();
        let values: Vec<f64> = (0..20_000).map(|i| model.value(&scores, i)).collect();
        let (mean, variance, ln) = model.exact();
        check(&weights, &values, (mean, variance));
        assert!(
            (weights.ln_mean - ln).abs() < 0.03,
            "{} {ln}",
            weights.ln_mean
        );
    }

    #[test]
    fn tempering_is_exact_far_out_where_weights_fail() {
        // Four standard deviations out, with a small error, and 40 scores that do not matter.
        let mut slopes = vec![1.0, 0.5, -0.25];
        slopes.resize(43, 0.0);
        let model = Linear {
            slopes,
            seen: 4.6,
            sd: 0.05,
        };
        let draws = 4000;
        let start = prior(draws, 43);
        let ln = model.evaluate(&start);
        let plain = Weights::equal(draws).times(&ln).unwrap();
        assert!(plain.effective() < 0.001 * draws as f64);
        let done = temper(start, ln, &model, 5, Effort::default()).unwrap();
        let values: Vec<f64> = (0..draws).map(|i| model.value(&done.scores, i)).collect();
        let (mean, variance, ln) = model.exact();
        check(&done.weights, &values, (mean, variance));
        assert!(
            (done.ln_evidence - ln).abs() < 0.3,
            "{} {ln}",
            done.ln_evidence
        );
        // The scores behind it, and one that does not matter.
        let first: Vec<f64> = (0..draws).map(|i| done.scores.get(i, 0)).collect();
        let total = 1.0 + 0.25 + 0.0625 + model.sd * model.sd;
        check(
            &done.weights,
            &first,
            (model.seen / total, 1.0 - 1.0 / total),
        );
        let idle: Vec<f64> = (0..draws).map(|i| done.scores.get(i, 20)).collect();
        check(&done.weights, &idle, (0.0, 1.0));
        assert!(done.steps.len() > 2 && done.steps.iter().all(|s| s.acceptance > 0.05));
    }

    #[test]
    fn threads_change_no_bit() {
        let model = Linear {
            slopes: vec![1.0; 5],
            seen: 6.0,
            sd: 0.3,
        };
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| {
                let start = prior(500, 5);
                let ln = model.evaluate(&start);
                temper(start, ln, &model, 5, Effort::default()).unwrap()
            })
        };
        let one = run(1);
        for threads in [2, 7] {
            assert_eq!(run(threads), one);
        }
    }
}
