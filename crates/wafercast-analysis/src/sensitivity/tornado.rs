//! The tornado: each variable alone moved from one end of its range to the other, in the same futures.

use rayon::prelude::*;
use wafercast::draw::{LANES, Lanes};
use wafercast::experiment::{Experiment, Workspace};
use wafercast::simulate::Sampling;

use super::model::Estimate;
use super::sample::{Sample, expressions};

/// The standard normal quantile of 0.9.
const TENTH: f64 = 1.281_551_565_544_600_4;
/// A score at which whatever may happen does.
const CERTAIN: f64 = 9.0;
/// Groups of draws per piece of work.
const PIECE: u64 = 1;

/// Means of a target with a variable at its ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Swing {
    /// With the variable at its 10th percentile, or where it does not happen.
    pub low: f64,
    /// With the variable at its 90th percentile, or where it happens.
    pub high: f64,
    /// Standard error of `high − low`.
    pub standard_error: f64,
}

impl Swing {
    /// `high − low`.
    pub fn size(&self) -> Estimate {
        Estimate {
            value: self.high - self.low,
            standard_error: self.standard_error,
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    low: f64,
    high: f64,
    squares: f64,
    draws: f64,
}

impl Sums {
    fn merge(&mut self, other: &Sums) {
        self.low += other.low;
        self.high += other.high;
        self.squares += other.squares;
        self.draws += other.draws;
    }

    fn swing(&self) -> Swing {
        let n = self.draws.max(1.0);
        let (low, high) = (self.low / n, self.high / n);
        let variance = (self.squares / n - (high - low) * (high - low)).max(0.0);
        Swing {
            low,
            high,
            standard_error: (variance / (n - 1.0).max(1.0)).sqrt(),
        }
    }
}

/// The tornado of every target, `[target][index in chosen]`: the chosen variables, each moved alone in `draws` draws (rounded
/// up to whole groups). Correlated variables stay where they are: what is shown is the effect of this one alone.
pub fn tornado(sample: &Sample, draws: u64, chosen: &[usize]) -> Vec<Vec<Swing>> {
    let groups = draws.div_ceil(LANES as u64).max(1);
    let sampling = Sampling {
        draws: groups * LANES as u64,
        ..sample.sampling
    };
    let experiment = Experiment::new(sample.plan, sampling, expressions(sample.targets));
    let moves: Vec<Vec<(usize, f64)>> = chosen
        .iter()
        .map(|variable| ends(sample, &sample.variables[*variable]))
        .collect();
    let sums = run(&experiment, groups, &moves);
    let targets = sample.targets.len();
    (0..targets)
        .map(|target| {
            sums.iter()
                .skip(target)
                .step_by(targets)
                .map(Sums::swing)
                .collect()
        })
        .collect()
}

/// The scores of a variable, with their upper end; the lower is its negative. Whether something happens is moved between
/// not at all and for certain, everything else between the 10th and the 90th percentile.
fn ends(sample: &Sample, variable: &wafercast::experiment::Variable) -> Vec<(usize, f64)> {
    let decides = |score: &&usize| sample.events.contains_key(*score);
    let deciding: Vec<(usize, f64)> = variable
        .scores
        .iter()
        .filter(decides)
        .map(|s| (*s, CERTAIN))
        .collect();
    if deciding.is_empty() {
        variable.scores.iter().map(|s| (*s, TENTH)).collect()
    } else {
        deciding
    }
}

/// Sums `[index of move · targets + target]` over groups of draws.
fn run(experiment: &Experiment, groups: u64, moves: &[Vec<(usize, f64)>]) -> Vec<Sums> {
    let targets = experiment.targets().len();
    let starts: Vec<u64> = (0..groups).step_by(PIECE as usize).collect();
    let pieces: Vec<Vec<Sums>> = starts
        .into_par_iter()
        .map(|start| {
            let mut workspace = experiment.workspace();
            let mut sums = vec![Sums::default(); moves.len() * targets];
            for group in start..(start + PIECE).min(groups) {
                let first = group * LANES as u64;
                let mut scores = experiment.scores(first, &mut workspace).to_vec();
                for (index, ends) in moves.iter().enumerate() {
                    let [low, high] = [-1.0, 1.0]
                        .map(|side| moved(experiment, &mut scores, ends, side, &mut workspace));
                    for target in 0..targets {
                        let sums = &mut sums[index * targets + target];
                        for (low, high) in low[target].iter().zip(high[target].iter()) {
                            sums.merge(&Sums {
                                low: *low,
                                high: *high,
                                squares: (high - low) * (high - low),
                                draws: 1.0,
                            });
                        }
                    }
                }
            }
            sums
        })
        .collect();
    let mut total = vec![Sums::default(); moves.len() * targets];
    for piece in &pieces {
        for (total, sums) in total.iter_mut().zip(piece) {
            total.merge(sums);
        }
    }
    total
}

/// The targets with some scores at one end; `scores` are as they were afterwards.
fn moved(
    experiment: &Experiment,
    scores: &mut [Lanes],
    ends: &[(usize, f64)],
    side: f64,
    workspace: &mut Workspace,
) -> Vec<Lanes> {
    let before: Vec<Lanes> = ends.iter().map(|(score, _)| scores[*score]).collect();
    for (score, end) in ends {
        scores[*score] = Lanes::splat(side * end);
    }
    let outcome = experiment.given(scores, workspace);
    let values = experiment
        .targets()
        .iter()
        .map(|target| outcome.value(target))
        .collect();
    for ((score, _), before) in ends.iter().zip(before) {
        scores[*score] = before;
    }
    values
}
