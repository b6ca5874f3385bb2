//! What a plan must deliver, whatever else it does.

use wafercast::experiment::Outcome;
use wafercast::scenario;

use crate::numbers::{Item, Numbers};

/// At least so much of some accelerators, delivered in some months, in one draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Commitment {
    /// Accelerators that count, with what a unit counts by month of the plan; 0 outside the commitment's months.
    pub counts: Vec<(usize, Vec<f64>)>,
    /// What the plan must deliver: the amount promised less what comes whatever the plan is (imports, deliveries before
    /// the plan).
    pub amount: f64,
    /// What was promised.
    pub promised: f64,
}

impl Commitment {
    /// Reads a commitment of the scenario in one lane of a group of draws, for a plan that begins in month `first`.
    pub fn read(
        outcome: &Outcome,
        lane: usize,
        first: usize,
        commitment: &scenario::Commitment,
    ) -> Commitment {
        let months = outcome.plan().months;
        let end = (commitment.span.end.max(0) as usize).min(months);
        let start = (commitment.span.first.max(0) as usize).min(end);
        let metric = commitment.metric;
        let mut known = 0.0;
        for import in &commitment.set.imports {
            for month in start..end {
                known += outcome.imported(import.0, metric, month)[lane];
            }
        }
        let mut counts = Vec::new();
        for accelerator in &commitment.set.accelerators {
            let k = accelerator.0;
            for month in start..end.min(first) {
                let units = outcome.results().delivered_of(k, month, lane)[0];
                known += units * outcome.factor(k, metric, month)[lane];
            }
            let factor = |month: usize| match (start..end).contains(&month) {
                true => outcome.factor(k, metric, month)[lane],
                false => 0.0,
            };
            counts.push((k, (first..months).map(factor).collect()));
        }
        Commitment {
            counts,
            amount: commitment.amount - known,
            promised: commitment.amount,
        }
    }

    /// What one package of an item, started in a month, adds.
    pub(crate) fn of(&self, item: &Item, month: usize) -> f64 {
        let counts = self.counts.iter().filter(|(k, _)| *k == item.accelerator);
        counts.fold(0.0, |sum, (_, factors)| {
            let ends = item.delay[month].ends(month);
            let ends = ends
                .iter()
                .filter_map(|(end, share)| Some(share * factors.get(*end)?));
            sum + item.good[month] * ends.sum::<f64>()
        })
    }

    /// What comes out of builds before the plan.
    pub(crate) fn in_assembly(&self, numbers: &Numbers) -> f64 {
        self.counts.iter().fold(0.0, |sum, (k, factors)| {
            let units = numbers.accelerators[*k].in_assembly.iter();
            sum + units.zip(factors).map(|(units, f)| units * f).sum::<f64>()
        })
    }

    /// The largest factor: what one unit counts at most.
    pub(crate) fn largest(&self) -> f64 {
        let factors = self.counts.iter().flat_map(|(_, factors)| factors);
        factors.copied().fold(0.0, f64::max)
    }
}
