//! The answer of planning: the best use of the resources of each draw, against what the engine's own allocation makes of
//! them. Made by the crate `wafercast-lp`; plain data here, so that reports need no solver.

use serde::{Deserialize, Serialize};

/// A number over draws.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Standard error of the mean, as of independent draws.
    pub error: f64,
    /// 5th percentile.
    pub p5: f64,
    /// 25th percentile.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// 75th percentile.
    pub p75: f64,
    /// 95th percentile.
    pub p95: f64,
}

impl Spread {
    /// Of values in any order; `None` of none. Percentiles are read between the sorted values.
    pub fn of(values: &[f64]) -> Option<Spread> {
        if values.is_empty() {
            return None;
        }
        let n = values.len() as f64;
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        // Sums in order of size do not depend on the order of the draws.
        let mean = sorted.iter().sum::<f64>() / n;
        let squares: f64 = sorted.iter().map(|x| (x - mean) * (x - mean)).sum();
        let variance = if values.len() > 1 {
            squares / (n - 1.0)
        } else {
            0.0
        };
        let at = |p: f64| {
            let position = p * (n - 1.0);
            let below = position as usize;
            let above = (below + 1).min(sorted.len() - 1);
            sorted[below] + (sorted[above] - sorted[below]) * (position - below as f64)
        };
        Some(Spread {
            mean,
            error: (variance / n).sqrt(),
            p5: at(0.05),
            p25: at(0.25),
            p50: at(0.5),
            p75: at(0.75),
            p95: at(0.95),
        })
    }
}

/// The plan of a scenario over draws.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Planning {
    /// What is maximised: `value`, `units`, `h100e`, `tpp`.
    pub maximise: String,
    /// Unit of values: `$`, `units`, `H100e`, `TPP`.
    pub unit: String,
    /// Discount per year: 0.1 is 10 %.
    pub discount: f64,
    /// First and last month of the plan.
    pub months: (String, String),
    /// Draws planned.
    pub draws: u64,
    /// Seed.
    pub seed: u64,
    /// Proof of the optima.
    pub certificate: Proof,
    /// Value of all deliveries inside the plan, present value at its start.
    pub value: Gain,
    /// Units delivered inside the plan, by accelerator.
    pub outputs: Vec<PlannedOutput>,
    /// Shadow prices.
    pub resources: Vec<Resource>,
    /// Medians of stock at the end of each month, parts that the plan uses.
    pub stocks: Vec<PlannedStock>,
    /// The largest prices in the first draw, against one more and one less of the resource.
    pub differences: Vec<Difference>,
    /// Prices of lines with and without queues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clearing: Option<ClearingPrices>,
    /// The commitments of the scenario.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commitments: Vec<CommitmentAnswer>,
    /// Why commitments cannot be met in the first draw in which they cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<ConflictAnswer>,
}

/// The worst certificate of all draws, measured from the vectors that the solver returned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// Most that each part may be.
    pub tolerance: f64,
    /// Feasibility of the plans.
    pub primal: f64,
    /// Feasibility of the prices.
    pub dual: f64,
    /// Gap between the value of the plan and the bound by the prices.
    pub gap: f64,
    /// Draws without a certificate that holds; they are left out of all figures.
    pub failed: u64,
}

/// Value under the engine's own allocation and under the plan.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gain {
    /// By tiers and weights, month by month.
    pub priority: Spread,
    /// By the plan.
    pub optimal: Spread,
    /// `optimal/priority − 1`, draw by draw; draws without any output are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gain: Option<Spread>,
}

/// What is delivered of an accelerator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedOutput {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Units by the engine's own allocation.
    pub priority: Spread,
    /// Units by the plan.
    pub optimal: Spread,
}

/// Kind of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// Wafer starts of a logic line.
    Line,
    /// A die in stock.
    Die,
    /// A memory stack in stock.
    Memory,
    /// Packages of a technology, counted as those of its first bill of materials.
    Packaging,
    /// The cap of an accelerator.
    Cap,
}

/// Shadow prices of a resource: what one more of it in a month adds to the value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// Kind.
    pub kind: ResourceKind,
    /// Path in the scenario: `fab.smic-n2`.
    pub path: String,
    /// Display name.
    pub name: String,
    /// What one of it is: `wafer`, `die`, `stack`, `package`.
    pub one: String,
    /// By year: mean price over its months.
    pub years: Vec<YearPrice>,
    /// By month of the plan: mean price over draws.
    pub monthly: Vec<f64>,
}

/// Price in a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct YearPrice {
    /// `2027`
    pub year: String,
    /// Value of one more, mean of the year's months.
    pub price: Spread,
    /// Share of months and draws in which one more adds anything.
    pub scarce: f64,
    /// Share of months and draws in which the price is not the only optimal one: one more adds less than one less costs.
    pub degenerate: f64,
}

/// Stock of a part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedStock {
    /// Path in the scenario: `memory.hbm2e`.
    pub path: String,
    /// Display name.
    pub name: String,
    /// Median by month, by the engine's own allocation.
    pub priority: Vec<f64>,
    /// Median by month, by the plan. Months in which nobody could use the part count as the month before.
    pub optimal: Vec<f64>,
}

/// A price against finite differences: the program solved again with a little more and a little less.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Path of the resource.
    pub path: String,
    /// Year: all its months are changed.
    pub year: String,
    /// Mean price of the year's months.
    pub price: f64,
    /// Value of one more.
    pub more: f64,
    /// Cost of one less.
    pub less: f64,
}

/// Prices of wafer starts with cycle times that do not depend on the load, and with queues.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClearingPrices {
    /// Draws.
    pub draws: u64,
    /// Cycle time over raw process time at the scenario's utilisation.
    pub flow_factor: f64,
    /// By line and year.
    pub lines: Vec<LinePrices>,
}

/// Prices of the wafer starts of a line in a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinePrices {
    /// Path of the line.
    pub path: String,
    /// Display name.
    pub name: String,
    /// Year.
    pub year: String,
    /// Mean load of the plan without queues: starts over what can be started.
    pub load: f64,
    /// One more wafer start a month, without queues.
    pub plain: Spread,
    /// The same with queues.
    pub clearing: Spread,
}

/// A commitment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommitmentAnswer {
    /// Path in the scenario: `planning.commit[0]`.
    pub path: String,
    /// In words.
    pub says: String,
    /// File and line.
    pub place: String,
    /// Share of draws in which it is met, all commitments together coming before value.
    pub met: f64,
    /// Units missing, over the draws in which it is not met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Spread>,
}

/// A smallest set of things that rule the commitments out together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConflictAnswer {
    /// The draw.
    pub draw: u64,
    /// Share of draws in which not all commitments can be met.
    pub share: f64,
    /// The fewest units missing in this draw.
    pub missing: f64,
    /// Its members: drop any of the commitments or lift any of the others, and the rest can be met.
    pub members: Vec<ConflictMember>,
}

/// A member of a conflict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConflictMember {
    /// Path in the scenario.
    pub path: String,
    /// In words.
    pub says: String,
    /// `file:line`
    pub place: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_does_not_depend_on_the_order() {
        let spread = Spread::of(&[3.0, 1.0, 2.0, 5.0, 4.0]).unwrap();
        assert_eq!(spread, Spread::of(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap());
        assert_eq!((spread.mean, spread.p50, spread.p5), (3.0, 3.0, 1.2));
        // Variance 2.5, five values.
        assert_eq!(spread.error, 0.5_f64.sqrt());
        assert_eq!(Spread::of(&[]), None);
        assert_eq!(Spread::of(&[7.0]).unwrap().error, 0.0);
    }
}
