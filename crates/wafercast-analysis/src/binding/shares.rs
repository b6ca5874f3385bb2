//! Shares of home's planned output that each resource limits, counted with the stocks in one pass over the draws.

use wafercast::draw::{LANES, Lanes};
use wafercast::experiment::{Experiment, Outcome, Untouched};
use wafercast::plan::Plan;
use wafercast::simulate::Sampling;

use super::stocks::StockCounts;
use super::{BindingShare, METRICS, StockEnd, resource_count};
use crate::pieces::over_pieces;

/// What is counted of some draws.
pub(super) struct Counts {
    draws: u64,
    /// Sums and sums of squares, `[(metric · T + month) · resources + resource]`.
    sums: Vec<[f64; 2]>,
    stocks: StockCounts,
}

/// Counts all draws.
pub(super) fn count(plan: &Plan, sampling: Sampling) -> Counts {
    let experiment = Experiment::new(plan, sampling, Vec::new());
    over_pieces(
        sampling.draws,
        |draws| {
            let mut counts = Counts::empty(plan);
            let mut shares = vec![Lanes::splat(0.0); resource_count(plan)];
            experiment.each(draws, &Untouched, |outcome| {
                counts.absorb(outcome, &mut shares);
            });
            counts
        },
        Counts::merge,
    )
    .unwrap_or_else(|| Counts::empty(plan))
}

impl Counts {
    fn empty(plan: &Plan) -> Counts {
        Counts {
            draws: 0,
            sums: vec![[0.0; 2]; METRICS.len() * plan.months * resource_count(plan)],
            stocks: StockCounts::empty(plan),
        }
    }

    fn merge(&mut self, other: Counts) {
        self.draws += other.draws;
        for (sum, further) in self.sums.iter_mut().zip(&other.sums) {
            sum[0] += further[0];
            sum[1] += further[1];
        }
        self.stocks.merge(&other.stocks);
    }

    fn absorb(&mut self, outcome: &Outcome, shares: &mut [Lanes]) {
        self.draws += outcome.lanes.len() as u64;
        self.stocks.absorb(outcome);
        let plan = outcome.plan();
        let resources = shares.len();
        for (index, (_, metric)) in METRICS.iter().enumerate() {
            for month in 0..plan.months {
                shares.fill(Lanes::splat(0.0));
                fill_shares(outcome, *metric, month, shares);
                let from = (index * plan.months + month) * resources;
                for (sum, share) in self.sums[from..from + resources].iter_mut().zip(&*shares) {
                    for lane in outcome.lanes.clone() {
                        sum[0] += share[lane];
                        sum[1] += share[lane] * share[lane];
                    }
                }
            }
        }
    }

    /// Mean shares with their errors, of resources that bind at all.
    pub(super) fn shares(&self, plan: &Plan, name: &dyn Fn(usize) -> String) -> Vec<BindingShare> {
        let resources = resource_count(plan);
        let mut rows = Vec::new();
        for (index, (metric, _)) in METRICS.iter().enumerate() {
            for resource in 0..resources {
                let sums: Vec<[f64; 2]> = (0..plan.months)
                    .map(|month| self.sums[(index * plan.months + month) * resources + resource])
                    .collect();
                if sums.iter().all(|sum| sum[0] == 0.0) {
                    continue;
                }
                let count = self.draws as f64;
                rows.push(BindingShare {
                    metric: (*metric).to_owned(),
                    resource: name(resource),
                    share: sums.iter().map(|sum| sum[0] / count).collect(),
                    standard_error: sums.iter().map(|sum| error_of_mean(*sum, count)).collect(),
                });
            }
        }
        rows
    }

    pub(super) fn stocks(&self, plan: &Plan, name: &dyn Fn(usize) -> String) -> Vec<StockEnd> {
        self.stocks.ends(plan, self.draws, name)
    }
}

/// Standard error of a mean from the sum and the sum of squares.
fn error_of_mean([sum, squares]: [f64; 2], count: f64) -> f64 {
    if count < 2.0 {
        return 0.0;
    }
    let mean = sum / count;
    let variance = (squares / count - mean * mean).max(0.0) * count / (count - 1.0);
    (variance / count).sqrt()
}

/// Of what home plans to build in a month and something keeps it from, the share that each resource limits. Plans are
/// weighed by what their units count in the metric.
fn fill_shares(
    outcome: &Outcome,
    metric: wafercast::metric::Metric,
    month: usize,
    shares: &mut [Lanes],
) {
    let plan = outcome.plan();
    let mut total = Lanes::splat(0.0);
    for (k, accelerator) in plan.accelerators.iter().enumerate() {
        if !accelerator.home {
            continue;
        }
        let weight = outcome.reading(accelerator.weight, month);
        let factor = outcome.factor(k, metric, month);
        for lane in 0..LANES {
            let planned = weight[lane] * factor[lane];
            let bound = outcome.results().bound_of(k, month, lane);
            if let Some(resource) = bound.filter(|_| planned > 0.0) {
                shares[resource][lane] += planned;
                total[lane] += planned;
            }
        }
    }
    for share in shares {
        for lane in 0..LANES {
            if share[lane] > 0.0 {
                share[lane] /= total[lane];
            }
        }
    }
}
