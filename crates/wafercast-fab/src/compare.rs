//! Two fabs under common random numbers: the differences of paired replications.

use serde::Serialize;

use crate::plan::Plan;
use crate::simulate::RunResult;
use crate::span::DAY;
use crate::summary::Estimate;

/// Second minus first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// One measure each.
    pub rows: Vec<Row>,
}

/// A measure of both fabs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// What is measured.
    pub name: String,
    /// In the first.
    pub first: Estimate,
    /// In the second.
    pub second: Estimate,
    /// Second − first, replication by replication.
    pub difference: Estimate,
}

impl Row {
    /// Whether the interval of the difference excludes 0; unknown with one replication.
    pub fn is_clear(&self) -> Option<bool> {
        self.difference
            .half_width
            .map(|half| self.difference.mean.abs() > half)
    }
}

/// A measure of one replication.
type Measure<'m> = &'m dyn Fn(&Plan, &RunResult) -> f64;

/// Compares replication by replication. Orders are matched by name.
pub fn compare(first: (&Plan, &[RunResult]), second: (&Plan, &[RunResult])) -> Comparison {
    let whole: [(&str, Measure<'_>); 5] = [
        ("cycle time, days", &|plan, run| mean_cycle(plan, run, None)),
        ("lots in the fab", &|_, run| {
            run.orders.iter().map(|order| order.average_present).sum()
        }),
        ("lots out a day", &|_, run| {
            run.completions.len() as f64 / length(run)
        }),
        ("lot-moves a day", &|_, run| run.moves as f64 / length(run)),
        ("on time, %", &|_, run| on_time(run)),
    ];
    let mut rows: Vec<Row> = whole
        .iter()
        .map(|(name, value)| row(name, first, second, value))
        .collect();
    for order in first.0.orders.iter().filter(|order| order.releases > 0) {
        if second.0.orders.iter().any(|other| other.name == order.name) {
            let value = |plan: &Plan, run: &RunResult| mean_cycle(plan, run, Some(&order.name));
            rows.push(row(
                &format!("cycle time of {}, days", order.lot),
                first,
                second,
                &value,
            ));
        }
    }
    Comparison { rows }
}

fn row(
    name: &str,
    first: (&Plan, &[RunResult]),
    second: (&Plan, &[RunResult]),
    value: Measure<'_>,
) -> Row {
    let of = |side: (&Plan, &[RunResult])| -> Vec<f64> {
        side.1.iter().map(|run| value(side.0, run)).collect()
    };
    let (a, b) = (of(first), of(second));
    let pairs: Vec<f64> = a
        .iter()
        .zip(&b)
        .map(|(a, b)| b - a)
        .filter(|d| d.is_finite())
        .collect();
    let finite = |values: &[f64]| -> Vec<f64> {
        values
            .iter()
            .copied()
            .filter(|value| value.is_finite())
            .collect()
    };
    Row {
        name: name.to_owned(),
        first: Estimate::new(&finite(&a)),
        second: Estimate::new(&finite(&b)),
        difference: Estimate::new(&pairs),
    }
}

fn length(run: &RunResult) -> f64 {
    (run.ended - run.began).max(1) as f64 / DAY as f64
}

/// Mean cycle time of lots that orders released, or of one order's, in days.
fn mean_cycle(plan: &Plan, run: &RunResult, order: Option<&str>) -> f64 {
    let (mut sum, mut count) = (0.0, 0u64);
    for lot in &run.completions {
        let own = &plan.orders[lot.order as usize];
        if own.releases > 0 && order.is_none_or(|name| name == own.name) {
            sum += (lot.finish - lot.release) as f64 / DAY as f64;
            count += 1;
        }
    }
    sum / count as f64
}

fn on_time(run: &RunResult) -> f64 {
    let due: Vec<_> = run
        .completions
        .iter()
        .filter(|lot| lot.due != i64::MAX)
        .collect();
    100.0 * due.iter().filter(|lot| lot.finish <= lot.due).count() as f64 / due.len() as f64
}
