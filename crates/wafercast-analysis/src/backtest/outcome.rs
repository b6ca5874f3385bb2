//! What a forecast is scored against, and what was known of it before.

use wafercast::facts::{Fact, FactBase};
use wafercast::metric::Measure;
use wafercast::scenario::{Evidence, Scenario, Value};
use wafercast::time::Date;

use super::Outcome;

/// An outcome, ready to be scored against.
pub(super) struct Target<'a> {
    pub evidence: &'a Evidence,
    pub known: Date,
    /// Base units per shown unit.
    pub scale: f64,
    /// Observed median, base units.
    pub value: f64,
    /// Middle of the period, in years.
    pub middle: f64,
    /// Length of the period in years where the metric adds up over it; else it is a level.
    pub length: Option<f64>,
    pub shown: Outcome,
}

/// A counted value: when, and how much a year (or at what level), in base units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Count {
    pub year: f64,
    pub value: f64,
    /// Standard deviation of its logarithm, for the quality of its source.
    pub error: f64,
}

/// The outcomes of a scenario: its evidence with a day on which it became known.
pub(super) fn of(scenario: &Scenario) -> Vec<Target<'_>> {
    scenario
        .evidence
        .iter()
        .filter_map(|evidence| target(scenario, evidence))
        .collect()
}

fn target<'a>(scenario: &'a Scenario, evidence: &'a Evidence) -> Option<Target<'a>> {
    let known = evidence.known?;
    let quantity = &scenario.quantities[evidence.observed.0];
    let observed = match &quantity.value {
        Value::Constant(distribution) => distribution,
        Value::Path(path) => &path.anchors[0].1,
    };
    let scale = quantity.unit.scale;
    let start =
        f64::from(scenario.horizon.from.year) + f64::from(scenario.horizon.from.month - 1) / 12.0;
    let (mut first, mut end, mut adds_up) = (usize::MAX, 0, true);
    for measure in evidence.metric.measures() {
        let months = months_of(measure);
        first = first.min(months.start);
        end = end.max(months.end);
        adds_up &= matches!(
            measure,
            Measure::Flow { .. }
                | Measure::Demand { .. }
                | Measure::WaferStarts { .. }
                | Measure::GoodDies { .. }
                | Measure::Arrivals { .. }
        );
    }
    if first >= end {
        return None;
    }
    let mut sources = evidence.sources.clone();
    sources.extend(quantity.sources.iter().cloned());
    sources.sort();
    sources.dedup();
    Some(Target {
        evidence,
        known,
        scale,
        value: observed.quantile(0.5),
        middle: start + (first + end) as f64 / 24.0,
        length: adds_up.then_some((end - first) as f64 / 12.0),
        shown: Outcome {
            id: evidence.id.clone(),
            name: evidence.name.clone(),
            metric: evidence.text.clone(),
            unit: quantity.unit.symbol.clone(),
            known: known.to_string(),
            observed: [0.05, 0.5, 0.95].map(|u| observed.quantile(u) / scale),
            sources,
        },
    })
}

fn months_of(measure: &Measure) -> std::ops::Range<usize> {
    match measure {
        Measure::Flow { span, .. }
        | Measure::ShareOfPurchases { span, .. }
        | Measure::Coverage { span, .. }
        | Measure::Demand { span, .. }
        | Measure::WaferStarts { span, .. }
        | Measure::GoodDies { span, .. }
        | Measure::Arrivals { span, .. } => span.months(),
        _ => measure.last_month()..measure.last_month() + 1,
    }
}

impl Target<'_> {
    /// What had been counted of the metric by a day, in order of time.
    pub fn history(&self, facts: &FactBase, as_of: Date) -> Vec<Count> {
        let mut counts: Vec<Count> = self
            .evidence
            .history
            .iter()
            .filter_map(|id| facts.visible(Some(as_of)).get(id))
            .filter_map(|fact| self.count(fact))
            .collect();
        counts.sort_by(|a, b| a.year.total_cmp(&b.year));
        counts
    }

    fn count(&self, fact: &Fact) -> Option<Count> {
        let value = fact.value_in_base_units().filter(|value| *value > 0.0)?;
        let from = day(fact.period_start?);
        let to = day(fact.period_end?) + 1.0 / 365.25;
        let length = (to - from).max(1.0 / 365.25);
        Some(Count {
            year: 0.5 * (from + to),
            value: match self.length {
                Some(_) => value / length,
                None => value,
            },
            error: libm::log1p(fact.quality.spread()) / 1.645,
        })
    }
}

/// A day on an axis of years.
fn day(date: Date) -> f64 {
    f64::from(date.year) + (f64::from(date.month) - 1.0 + (f64::from(date.day) - 1.0) / 31.0) / 12.0
}
