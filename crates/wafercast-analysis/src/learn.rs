//! Value of information: which uncertain quantity, if it were known, would change an answer most. "Look this up next."
//!
//! For a claim with probability p, not knowing costs p·(1 − p) if a forecast is scored by its squared error (Brier 1950).
//! Knowing a quantity X replaces p by `P(claim | X)` and lowers the expected score by `Var P(claim | X)`: the *expected value
//! of partial perfect information* (EVPPI) for someone who wants to be right. For a metric the loss is its variance, and
//! what X is worth is `Var E[Y | X]`. Both are the first-order index of [`crate::sensitivity::main_effect`], read from
//! the draws that are there.
//!
//! For someone who acts if a claim is more likely than a threshold (and so gains `1 − threshold` if it is true and loses
//! `threshold` if not), information is worth something only where it changes the act:
//! `E[max(0, P(claim | X) − t)] − max(0, p − t)`, see [`Fit::decision`]. At t = ½ that is half of the fall in the chance of
//! calling the claim wrongly.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use wafercast::distribution::Distribution;
use wafercast::scenario::{Quantity, Scenario, Value};

#[cfg(doc)]
use crate::sensitivity::main_effect::Fit;
use crate::sensitivity::main_effect::{Explained, Gain};
use crate::sensitivity::mean;
use crate::sensitivity::model::Estimate;
use crate::sensitivity::sample::Sample;
use crate::sensitivity::topic::Topic;
use crate::target::TargetKind;

/// The threshold of someone who loses as much by acting on a claim that is false as by not acting on one that is true.
pub const EVEN_ODDS: f64 = 0.5;
/// Leads kept per target, and overall.
const MOST: usize = 12;
/// A claim that is nearer to 0 or 1 than this is as good as decided: there is nothing to look up.
const DECIDED: f64 = 0.01;
/// A lead is kept if its share is so many standard errors above 0.
const OUTSTANDING: f64 = 3.0;

/// What to look up next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Learning {
    /// Draws that the values are read from.
    pub draws: u64,
    /// The probability above which a claim is acted upon.
    pub threshold: f64,
    /// Over all claims together, the most valuable first: `removes` is the share of the sum of p·(1 − p). Its standard
    /// error holds however the claims hang together, and is too large where they do not.
    pub overall: Vec<Lead>,
    /// By target.
    pub targets: Vec<TargetLearning>,
    /// What the quantities in the lists rest on, in order of name.
    pub basis: Vec<Basis>,
}

/// What to look up for one target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetLearning {
    /// Id of the claim, or the metric as written.
    pub name: String,
    /// The sentence of the claim; of a metric its text.
    pub says: String,
    /// Claim or metric.
    pub kind: TargetKind,
    /// Unit of the target.
    pub unit: String,
    /// Mean over all draws: of a claim its probability.
    pub mean: Estimate,
    /// Variance over all draws: of a claim p·(1 − p).
    pub variance: f64,
    /// The most valuable first; empty if nothing alone changes the answer noticeably, or a claim is as good as decided
    /// (less than 1 % from 0 or 1).
    pub leads: Vec<Lead>,
}

/// A quantity worth knowing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    /// Name of the quantity.
    pub name: String,
    /// Its topic.
    pub topic: Topic,
    /// Whether it is about something that happens or not.
    pub event: bool,
    /// Share of the target's variance that knowing it removes, in expectation.
    pub removes: Estimate,
    /// Of a claim: what knowing it is worth to someone who acts above the threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decides: Option<Estimate>,
}

/// What a quantity rests on, and how wide it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// Name of the quantity.
    pub name: String,
    /// As written in the scenario.
    pub text: String,
    /// 10th, 50th and 90th percentile in `unit`; of a path at its widest anchor.
    pub range: [f64; 3],
    /// Unit.
    pub unit: String,
    /// Facts it rests on; none: it is an assumption.
    pub sources: Vec<String>,
}

impl Learning {
    /// What the quantities of a sample are worth knowing.
    pub fn of(sample: &Sample, scenario: &Scenario, threshold: f64) -> Learning {
        let values = values(sample, threshold);
        let lead = |variable: usize, removes: Estimate, decides: Option<Estimate>| Lead {
            name: sample.variables[variable].name.clone(),
            topic: Topic::of(&sample.variables[variable].name, scenario),
            event: sample.is_event(&sample.variables[variable]),
            removes,
            decides,
        };
        let targets: Vec<TargetLearning> = sample
            .targets
            .iter()
            .enumerate()
            .map(|(index, target)| TargetLearning {
                name: target.name.clone(),
                says: target.says.clone(),
                kind: target.kind,
                unit: target.unit.clone(),
                mean: mean(sample, index),
                variance: sample.outputs.variances[index],
                leads: best(if is_decided(sample, index) {
                    Vec::new()
                } else {
                    values.iter().map(|of| estimate(of[index].0)).collect()
                })
                .into_iter()
                .map(|(variable, removes)| {
                    let gain = values[variable][index].1;
                    let decides = (target.kind == TargetKind::Claim).then_some(Estimate {
                        value: gain.value,
                        standard_error: gain.standard_error,
                    });
                    lead(variable, removes, decides)
                })
                .collect(),
            })
            .collect();
        let claims: Vec<usize> = (0..sample.targets.len())
            .filter(|index| sample.targets[*index].kind == TargetKind::Claim)
            .collect();
        let overall: Vec<Lead> = best(
            values
                .iter()
                .map(|of| together(sample, &claims, of))
                .collect(),
        )
        .into_iter()
        .map(|(variable, removes)| lead(variable, removes, None))
        .collect();
        let mut names: Vec<&str> = targets
            .iter()
            .flat_map(|target| &target.leads)
            .chain(&overall)
            .map(|lead| lead.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        let basis = names
            .into_iter()
            .filter_map(|name| basis(name, scenario))
            .collect();
        Learning {
            draws: sample.sampling.draws,
            threshold,
            overall,
            targets,
            basis,
        }
    }

    /// What a quantity in the lists rests on.
    pub fn basis_of(&self, name: &str) -> Option<&Basis> {
        self.basis.iter().find(|basis| basis.name == name)
    }
}

/// What each variable explains of each target, and what it is worth to a decision: `[variable][target]`.
fn values(sample: &Sample, threshold: f64) -> Vec<Vec<(Explained, Gain)>> {
    sample
        .variables
        .par_iter()
        .map(|variable| {
            let fit = sample.fit(variable);
            let gains = fit.decision(threshold);
            fit.explained().iter().copied().zip(gains).collect()
        })
        .collect()
}

fn is_decided(sample: &Sample, target: usize) -> bool {
    let p = sample.outputs.means[target];
    sample.targets[target].kind == TargetKind::Claim && !(DECIDED..=1.0 - DECIDED).contains(&p)
}

fn estimate(explained: Explained) -> Estimate {
    Estimate {
        value: explained.share,
        standard_error: explained.standard_error,
    }
}

/// The share of all claims' p·(1 − p) together.
fn together(sample: &Sample, claims: &[usize], of: &[(Explained, Gain)]) -> Estimate {
    let variance = |claim: &usize| sample.outputs.variances[*claim];
    let all: f64 = claims.iter().map(variance).sum();
    let sum = |value: fn(&Explained) -> f64| -> f64 {
        claims
            .iter()
            .map(|claim| variance(claim) * value(&of[*claim].0))
            .sum()
    };
    if all <= 0.0 {
        return Estimate {
            value: 0.0,
            standard_error: 0.0,
        };
    }
    Estimate {
        value: sum(|explained| explained.share) / all,
        standard_error: sum(|explained| explained.standard_error) / all,
    }
}

/// The variables that stand out, the best first.
fn best(values: Vec<Estimate>) -> Vec<(usize, Estimate)> {
    let mut found: Vec<(usize, Estimate)> = values
        .into_iter()
        .enumerate()
        .filter(|(_, e)| e.value > OUTSTANDING * e.standard_error)
        .collect();
    found.sort_by(|a, b| b.1.value.total_cmp(&a.1.value).then(a.0.cmp(&b.0)));
    found.truncate(MOST);
    found
}

fn basis(name: &str, scenario: &Scenario) -> Option<Basis> {
    let quantity = scenario
        .quantities
        .iter()
        .find(|quantity| quantity.name == name)?;
    Some(Basis {
        name: name.to_owned(),
        text: quantity.text.clone(),
        range: range(quantity),
        unit: quantity.unit.symbol.clone(),
        sources: quantity.sources.clone(),
    })
}

/// 10th, 50th and 90th percentile in the quantity's unit; of a path at the anchor where the first and the last are furthest
/// apart in proportion to the middle.
fn range(quantity: &Quantity) -> [f64; 3] {
    let of = |distribution: &Distribution| {
        [0.1, 0.5, 0.9].map(|level| match distribution {
            Distribution::Point(value) => value / quantity.unit.scale,
            other => other.quantile(level) / quantity.unit.scale,
        })
    };
    match &quantity.value {
        Value::Constant(distribution) => of(distribution),
        Value::Path(path) => {
            let width =
                |range: &[f64; 3]| (range[2] - range[0]) / range[1].abs().max(f64::MIN_POSITIVE);
            let mut widest = [0.0; 3];
            for (_, distribution) in &path.anchors {
                let here = of(distribution);
                if widest == [0.0; 3] || width(&here) > width(&widest) {
                    widest = here;
                }
            }
            widest
        }
    }
}
