//! Clearing functions: lines whose output depends on their load.
//!
//! With a fixed cycle time a line is free until it is full: below full load one more wafer of capacity is worth nothing.
//! Real lines queue. A clearing function gives what leaves a line in a month from the work in it, concave and below
//! capacity (Karmarkar 1989; Asmundsson, Rardin & Uzsoy 2006); capacity then has a price at any load, because more of it
//! shortens the queue (Kefeli, Uzsoy, Fathi & Kay 2011).
//!
//! Here a wafer first takes the raw process time, `L/F` (cycle time over flow factor), then waits in a queue that clears
//!
//! ```text
//! out = K·W/(W + κ·K),   κ = L·(1 − 1/F)·(1 − u)
//! ```
//!
//! for a queue of `W` wafers (mean of the month) and a capacity of `K` wafers a month. At the scenario's utilisation `u`
//! the wait is `L·(1 − 1/F)` by Little's law, so that the whole cycle time is `L`, as in the plan without queues. Starts
//! are at most what the scenario lets the line start, so that no plan can buy speed with endless queues. The
//! program holds the tangents of the curve, and shares capacity among the dies of a line (allocated clearing function), so
//! that one die's queue does not speed up another's.

use crate::formulation::{Builder, Column, Row};
use crate::numbers::{Delay, Line};
use crate::program::Sense;

/// Loads (out over capacity) at whose point the curve has a tangent, beside the scenario's utilisation.
const LOADS: [f64; 6] = [0.0, 0.4, 0.65, 0.8, 0.9, 0.96];
/// Utilisation from which on a line counts as this full: at 100 % there would be no queue to clear.
const FULLEST: f64 = 0.98;

/// How lines clear their queues.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clearing {
    /// F: cycle time over raw process time at the scenario's utilisation, above 1.
    pub flow_factor: f64,
}

impl Clearing {
    /// The raw process time of a line.
    pub fn raw_delay(&self, line: &Line) -> Delay {
        let whole = line.delay();
        let raw = line.cycle_time / self.flow_factor;
        Delay::new(raw.min((whole.months + 1) as f64), whole.months + 1)
    }

    /// κ of a line at a utilisation, months.
    fn curvature(&self, line: &Line, utilisation: f64) -> f64 {
        line.cycle_time * (1.0 - 1.0 / self.flow_factor) * (1.0 - utilisation)
    }

    /// The tangents at a utilisation, as `(a, b)`: out ≤ a·W + b·K.
    pub fn tangents(&self, line: &Line, utilisation: f64) -> Vec<(f64, f64)> {
        let utilisation = utilisation.clamp(0.0, FULLEST);
        let curvature = self.curvature(line, utilisation);
        let mut tangents = vec![(0.0, 1.0)];
        // A line without a queue clears at once, up to its capacity.
        if curvature > 1e-6 {
            let loads = LOADS.into_iter().chain([utilisation]);
            tangents.extend(loads.map(|r| ((1.0 - r) * (1.0 - r) / curvature, r * r)));
        }
        tangents
    }

    /// Adds the queues of all lines whose die mix the plan decides.
    pub(crate) fn queues(&self, builder: &mut Builder) {
        for line in 0..builder.numbers.lines.len() {
            if builder.numbers.lines[line].mix.is_empty() {
                self.queue(builder, line);
            }
        }
    }

    fn queue(&self, builder: &mut Builder, l: usize) {
        let numbers = builder.numbers;
        let line = &numbers.lines[l];
        // Starts and capacity, which the dies of the line share.
        for month in 0..numbers.months {
            if line.starts[month] > 0.0 {
                let row = Row::Line { line: l, month };
                let row = builder.row(row, Sense::AtMost, line.starts[month]);
                builder.formulation.line_rows[l][month] = Some(row);
                let row = Row::Capacity { line: l, month };
                let row = builder.row(row, Sense::AtMost, line.full[month]);
                builder.formulation.capacity_rows[l][month] = Some(row);
            }
        }
        for (i, &die) in line.dies.iter().enumerate() {
            let parts = &builder.formulation.part_rows[die];
            let Some(last) = parts.iter().rposition(Option::is_some) else {
                continue;
            };
            self.queue_of_die(builder, l, i, last);
        }
    }

    /// The queue of one die, up to the last month in which anybody can use what leaves it.
    fn queue_of_die(&self, builder: &mut Builder, l: usize, i: usize, last: usize) {
        let numbers = builder.numbers;
        let line = &numbers.lines[l];
        let die = line.dies[i];
        let raw = self.raw_delay(line);
        let (waiting, coming) = in_line(line, i, raw);
        // W[m] = W[m − 1] + in[m] − out[m]
        let balances: Vec<usize> = (0..=last)
            .map(|month| {
                let known = coming[month] + if month == 0 { waiting } else { 0.0 };
                let row = Row::Queue {
                    line: l,
                    die,
                    month,
                };
                builder.row(row, Sense::Equal, known)
            })
            .collect();
        let mut bounds: Vec<Vec<(usize, f64, f64)>> = Vec::new();
        for month in 0..=last {
            let full = line.full[month];
            let utilisation = if full > 0.0 {
                line.starts[month] / full
            } else {
                0.0
            };
            let tangents = self.tangents(line, utilisation);
            let rows = tangents.into_iter().map(|(a, b)| {
                // out − a·(W[m − 1] + W[m])/2 − b·Z ≤ 0; what waits when the plan begins is known.
                let known = if month == 0 { 0.5 * a * waiting } else { 0.0 };
                let row = Row::Queue {
                    line: l,
                    die,
                    month,
                };
                (builder.row(row, Sense::AtMost, known), a, b)
            });
            bounds.push(rows.collect());
        }
        for month in 0..=last {
            if let Some(row) = builder.formulation.line_rows[l][month] {
                let mut entries = vec![(row, 1.0)];
                for (end, share) in raw.ends(month) {
                    if end <= last && share > 0.0 {
                        entries.push((balances[end], -share));
                    }
                }
                let column = Column::Start {
                    line: l,
                    die,
                    month,
                };
                builder.column(column, 0.0, f64::INFINITY, &entries);
            }
            let mut out = vec![(balances[month], 1.0)];
            if let Some(row) = builder.formulation.part_rows[die][month] {
                out.push((row, -numbers.dies_per_wafer[die][month]));
            }
            let mut queue = vec![(balances[month], 1.0)];
            if month < last {
                queue.push((balances[month + 1], -1.0));
            }
            for &(row, a, _) in &bounds[month] {
                out.push((row, 1.0));
                queue.push((row, -0.5 * a));
            }
            if month < last {
                queue.extend(bounds[month + 1].iter().map(|(row, a, _)| (*row, -0.5 * a)));
            }
            let place = Column::Out {
                line: l,
                die,
                month,
            };
            builder.column(place, 0.0, f64::INFINITY, &out);
            let place = Column::Queue {
                line: l,
                die,
                month,
            };
            builder.column(place, 0.0, f64::INFINITY, &queue);
            if let Some(capacity) = builder.formulation.capacity_rows[l][month] {
                let mut shared = vec![(capacity, 1.0)];
                shared.extend(bounds[month].iter().map(|(row, _, b)| (*row, -b)));
                builder.column(place, 0.0, f64::INFINITY, &shared);
            }
        }
    }
}

/// Wafers of a die in a line when the plan begins: those that wait in its queue, and those that will join it, by month.
fn in_line(line: &Line, i: usize, raw: Delay) -> (f64, Vec<f64>) {
    let whole = line.delay();
    let mut waiting = 0.0;
    let mut coming = vec![0.0; line.starts.len()];
    for (back, &wafers) in line.before[i].iter().enumerate() {
        let gone = |delay: Delay| {
            let past = delay.ends(0).into_iter().filter(|(end, _)| *end < back + 1);
            past.fold(0.0, |sum, (_, share)| sum + share)
        };
        waiting += wafers * (gone(raw) - gone(whole)).max(0.0);
        for (end, share) in raw.ends(0) {
            let month = end.checked_sub(back + 1);
            if let Some(coming) = month.and_then(|month| coming.get_mut(month)) {
                *coming += share * wafers;
            }
        }
    }
    (waiting, coming)
}
