//! The observations of a scenario, ready to weigh draws.

use wafercast::distribution::Distribution;
use wafercast::facts::{FactBase, Quality};
use wafercast::metric::Expression;
use wafercast::scenario::{Evidence, Scenario, Value};

use super::likelihood::{Likelihood, Unweighable};
use super::{LeftOut, Reason};

/// An observation that weighs.
#[derive(Debug, Clone)]
pub(super) struct Weighing<'a> {
    pub evidence: &'a Evidence,
    pub metric: &'a Expression,
    pub observed: &'a Distribution,
    pub likelihood: Likelihood,
    pub unit: String,
    /// Divide base units by this.
    pub scale: f64,
    pub sources: Vec<String>,
    pub also_inputs: Vec<String>,
}

/// The observations that weigh, and those that do not.
pub(super) fn of<'a>(
    scenario: &'a Scenario,
    facts: &FactBase,
) -> (Vec<Weighing<'a>>, Vec<LeftOut>) {
    let (mut weighing, mut left_out) = (Vec::new(), Vec::new());
    for evidence in &scenario.evidence {
        let quantity = &scenario.quantities[evidence.observed.0];
        let observed = match &quantity.value {
            Value::Constant(distribution) => distribution,
            Value::Path(path) => &path.anchors[0].1,
        };
        let mut sources = evidence.sources.clone();
        sources.extend(quantity.sources.iter().cloned());
        sources.sort();
        sources.dedup();
        let leave = |why| LeftOut {
            id: evidence.id.clone(),
            name: evidence.name.clone(),
            why,
        };
        if !evidence.weighs {
            left_out.push(leave(Reason::Declared));
            continue;
        }
        match Likelihood::of(observed, poorest(&sources, facts)) {
            Ok(likelihood) => weighing.push(Weighing {
                evidence,
                metric: &evidence.metric,
                observed,
                likelihood,
                unit: quantity.unit.symbol.clone(),
                scale: quantity.unit.scale,
                also_inputs: inputs_on(scenario, &sources),
                sources,
            }),
            Err(Unweighable::Zero) => left_out.push(leave(Reason::Zero)),
        }
    }
    (weighing, left_out)
}

/// The poorest quality among facts; that of our own guesses where there are none.
fn poorest(sources: &[String], facts: &FactBase) -> Quality {
    let qualities = sources.iter().filter_map(|id| facts.get(id));
    qualities
        .map(|fact| fact.quality)
        .max()
        .unwrap_or(Quality::C)
}

/// Quantities of the scenario that rest on one of the facts.
fn inputs_on(scenario: &Scenario, facts: &[String]) -> Vec<String> {
    scenario
        .quantities
        .iter()
        .filter(|quantity| {
            !quantity.name.starts_with("evidence.")
                && quantity.sources.iter().any(|id| facts.contains(id))
        })
        .map(|quantity| quantity.name.clone())
        .collect()
}
