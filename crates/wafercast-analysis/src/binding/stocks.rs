//! When stocks run out.

use wafercast::draw::{LANES, Lanes};
use wafercast::experiment::Outcome;
use wafercast::plan::Plan;

use super::StockEnd;
use crate::moments::share_error;

/// What becomes of a stock, followed month by month.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Watch {
    /// There was never a month's use in store.
    #[default]
    Unstocked,
    Stocked,
    /// It ran out in this month.
    Out(usize),
}

impl Watch {
    /// Goes on by a month, at the end of which `stock` is left after `used` was taken.
    fn step(self, month: usize, stock: f64, used: f64) -> Watch {
        match self {
            Watch::Unstocked if stock > 0.0 && stock >= used => Watch::Stocked,
            Watch::Stocked if stock <= 0.0 || stock < used => Watch::Out(month),
            other => other,
        }
    }
}

/// Counts of the stocks' ends.
pub(super) struct StockCounts {
    /// Parts with dated deliveries.
    parts: Vec<usize>,
    /// Draws in which each is stocked.
    stocked: Vec<u64>,
    /// Draws in which each runs out in a month, `[part · T + month]`.
    out: Vec<u64>,
}

impl StockCounts {
    pub(super) fn empty(plan: &Plan) -> StockCounts {
        let parts: Vec<usize> = (0..plan.parts.len())
            .filter(|&part| !plan.parts[part].deliveries.is_empty())
            .collect();
        StockCounts {
            stocked: vec![0; parts.len()],
            out: vec![0; parts.len() * plan.months],
            parts,
        }
    }

    pub(super) fn merge(&mut self, other: &StockCounts) {
        for (sum, further) in self.stocked.iter_mut().zip(&other.stocked) {
            *sum += further;
        }
        for (sum, further) in self.out.iter_mut().zip(&other.out) {
            *sum += further;
        }
    }

    pub(super) fn absorb(&mut self, outcome: &Outcome) {
        let months = outcome.plan().months;
        for (index, &part) in self.parts.iter().enumerate() {
            let mut watches = [Watch::default(); LANES];
            let mut opening = Lanes::splat(0.0);
            for month in 0..months {
                let arrived = outcome.arrived(part, month);
                let closing = outcome.stock(part, month);
                for lane in outcome.lanes.clone() {
                    let used = opening[lane] + arrived[lane] - closing[lane];
                    watches[lane] = watches[lane].step(month, closing[lane], used);
                }
                opening = closing;
            }
            for lane in outcome.lanes.clone() {
                match watches[lane] {
                    Watch::Unstocked => {}
                    Watch::Stocked => self.stocked[index] += 1,
                    Watch::Out(month) => {
                        self.stocked[index] += 1;
                        self.out[index * months + month] += 1;
                    }
                }
            }
        }
    }

    pub(super) fn ends(
        &self,
        plan: &Plan,
        draws: u64,
        name: &dyn Fn(usize) -> String,
    ) -> Vec<StockEnd> {
        let share = |count: u64| count as f64 / draws.max(1) as f64;
        let mut ends = Vec::new();
        for (index, &part) in self.parts.iter().enumerate() {
            if self.stocked[index] == 0 {
                continue;
            }
            let mut out = 0;
            let run_out: Vec<f64> = self.out[index * plan.months..(index + 1) * plan.months]
                .iter()
                .map(|count| {
                    out += count;
                    share(out)
                })
                .collect();
            let lasts = share(self.stocked[index] - out);
            let by = |level: f64| {
                let month = run_out.iter().position(|share| *share >= level)?;
                Some(plan.horizon.month_label(month))
            };
            ends.push(StockEnd {
                part: name(part),
                stocked: share(self.stocked[index]),
                standard_error: run_out.iter().map(|s| share_error(*s, draws)).collect(),
                lasts,
                lasts_error: share_error(lasts, draws),
                p10: by(0.1),
                p50: by(0.5),
                p90: by(0.9),
                run_out,
            });
        }
        ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(months: &[(f64, f64)]) -> Watch {
        months
            .iter()
            .enumerate()
            .fold(Watch::default(), |watch, (month, (stock, used))| {
                watch.step(month, *stock, *used)
            })
    }

    #[test]
    fn runs_out_when_less_is_left_than_a_month_used() {
        // 100 in store, 30 a month: after three months 10 are left.
        assert_eq!(
            end(&[(70.0, 30.0), (40.0, 30.0), (10.0, 30.0)]),
            Watch::Out(2)
        );
        assert_eq!(end(&[(70.0, 30.0), (40.0, 30.0)]), Watch::Stocked);
        // Used as it comes: there is no stock to run out.
        assert_eq!(
            end(&[(0.0, 30.0), (5.0, 30.0), (0.0, 30.0)]),
            Watch::Unstocked
        );
        // Not in use yet, then used up at once.
        assert_eq!(end(&[(50.0, 0.0), (50.0, 0.0), (0.0, 50.0)]), Watch::Out(2));
    }
}
