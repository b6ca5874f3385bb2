//! Inputs with their ranges, and the facts that reached the run.

use crate::distribution::Distribution;
use crate::facts::{Fact, FactBase, Quality};
use crate::scenario::{ClaimAnswer, Quantity, Scenario, Value};
use crate::source_map::SourceMap;
use crate::summary::{Input, SourceFact};

/// Every quantity that the author wrote, in order of name.
pub(super) fn inputs(scenario: &Scenario, sources: &SourceMap) -> Vec<Input> {
    scenario
        .quantities
        .iter()
        .filter(|quantity| !quantity.is_default)
        .map(|q| input(scenario, q, sources))
        .collect()
}

fn input(scenario: &Scenario, quantity: &Quantity, sources: &SourceMap) -> Input {
    let range = |distribution: &Distribution| {
        [0.05, 0.5, 0.95].map(|p| match distribution {
            Distribution::Point(value) => value / quantity.unit.scale,
            other => other.quantile(p) / quantity.unit.scale,
        })
    };
    let date = |position: f64| {
        let month = position.floor() as i64;
        let months =
            i64::from(scenario.horizon.from.year) * 12 + i64::from(scenario.horizon.from.month) - 1
                + month;
        format!(
            "{:04}-{:02}",
            months.div_euclid(12),
            months.rem_euclid(12) + 1
        )
    };
    let (first, first_date, last) = match &quantity.value {
        Value::Constant(distribution) => (range(distribution), None, None),
        Value::Path(path) => {
            let (position, distribution) = &path.anchors[0];
            let last = (path.anchors.len() > 1)
                .then(|| path.anchors.last())
                .flatten()
                .map(|(position, distribution)| {
                    let [p05, p50, p95] = range(distribution);
                    (date(*position), p05, p50, p95)
                });
            (range(distribution), Some(date(*position)), last)
        }
    };
    let position = sources.position(quantity.span);
    Input {
        name: quantity.name.clone(),
        text: quantity.text.clone(),
        unit: quantity.unit.symbol.clone(),
        p05: first[0],
        p50: first[1],
        p95: first[2],
        last,
        first_date,
        assumption: quantity.sources.is_empty(),
        sources: quantity.sources.clone(),
        note: quantity.note.clone(),
        place: format!("{}:{}", sources.name(quantity.span.file), position.line),
    }
}

/// The facts that quantities, claims and evidence rest on, in order of first use.
pub(super) fn sources(scenario: &Scenario, facts: &FactBase) -> Vec<SourceFact> {
    let mut seen = std::collections::BTreeSet::new();
    let mut used = Vec::new();
    let quantities = scenario
        .quantities
        .iter()
        .flat_map(|quantity| &quantity.sources);
    let claims = scenario.claims.iter().flat_map(|claim| {
        let own = match &claim.answer {
            ClaimAnswer::Facts { facts, .. } => &facts[..],
            ClaimAnswer::Formula { .. } => &[],
        };
        claim.sources.iter().chain(own)
    });
    let evidence = scenario
        .evidence
        .iter()
        .flat_map(|evidence| &evidence.sources);
    for id in quantities.chain(claims).chain(evidence) {
        if seen.insert(id.as_str()) {
            used.extend(facts.get(id).map(source));
        }
    }
    used
}

fn source(fact: &Fact) -> SourceFact {
    SourceFact {
        id: fact.id.clone(),
        says: says(fact),
        title: fact.title.clone(),
        publisher: fact.publisher.clone(),
        published: fact
            .published
            .map_or_else(String::new, |date| date.to_string()),
        url: fact.url.clone(),
        quality: match fact.quality {
            Quality::A => "A",
            Quality::B => "B",
            Quality::C => "C",
        }
        .to_owned(),
        note: fact.note.clone(),
    }
}

/// A fact in one line: entity, metric, value, unit, period.
fn says(fact: &Fact) -> String {
    let mut text = format!("{}: {}", fact.entity, fact.metric);
    let unit = if matches!(fact.unit_text.as_str(), "flag" | "event") {
        ""
    } else {
        fact.unit_text.as_str()
    };
    if let Some(value) = fact
        .value
        .filter(|_| !matches!(fact.unit_text.as_str(), "flag" | "event"))
    {
        text.push_str(&format!(" {value} {unit}"));
    }
    if let Some((low, high)) = fact.interval {
        text.push_str(&format!(" ({low} to {high} {unit})"));
    }
    match (fact.period_start, fact.period_end) {
        (Some(start), Some(end)) if start == end => text.push_str(&format!(", {start}")),
        (Some(start), Some(end)) => text.push_str(&format!(", {start} to {end}")),
        (Some(start), None) => text.push_str(&format!(", from {start}")),
        _ => {}
    }
    text
}
