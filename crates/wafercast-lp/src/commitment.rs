//! What a plan must deliver, whatever else it does.

use crate::numbers::Numbers;

/// At least so many units of some accelerators, delivered in some months.
#[derive(Debug, Clone, PartialEq)]
pub struct Commitment {
    /// Accelerators that count.
    pub accelerators: Vec<usize>,
    /// Units.
    pub units: f64,
    /// Months of the plan, the last excluded.
    pub months: std::ops::Range<usize>,
}

impl Commitment {
    /// Units that one package of an item, started in a month, adds.
    pub(crate) fn counts(&self, numbers: &Numbers, item: usize, month: usize) -> f64 {
        let item = &numbers.items[item];
        if !self.accelerators.contains(&item.accelerator) {
            return 0.0;
        }
        let ends = item.delay[month].ends(month);
        let inside = ends.iter().filter(|(end, _)| self.months.contains(end));
        inside.fold(0.0, |sum, (_, share)| sum + share * item.good[month])
    }

    /// Units that come out of builds before the plan.
    pub(crate) fn known(&self, numbers: &Numbers) -> f64 {
        let accelerators = self.accelerators.iter();
        accelerators.fold(0.0, |sum, &k| {
            let out = &numbers.accelerators[k].in_assembly;
            let months = self.months.start.min(out.len())..self.months.end.min(out.len());
            sum + out[months].iter().sum::<f64>()
        })
    }
}
