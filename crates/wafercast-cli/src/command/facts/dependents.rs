//! What rests on a fact in the shipped scenarios.

use serde::Serialize;
use wafercast::scenario::{ClaimAnswer, Scenario};

use crate::arguments::Changes;
use crate::failure::Failure;
use crate::{prepare, shipped};

/// What rests on a fact in one scenario.
#[derive(Debug, Serialize)]
pub struct Dependents {
    /// The scenario.
    pub scenario: String,
    /// Quantities that cite or pool it, with their text.
    pub quantities: Vec<String>,
    /// Claims it makes or answers, with their sentence.
    pub claims: Vec<String>,
    /// Evidence that cites it.
    pub evidence: Vec<String>,
}

/// What rests on a fact, scenario by scenario; scenarios that do not use it are left out.
pub fn of(id: &str) -> Result<Vec<Dependents>, Failure> {
    let unchanged = Changes {
        set: Vec::new(),
        as_of: None,
        facts: None,
    };
    let mut all = Vec::new();
    for name in shipped::names() {
        let checked = prepare::checked(&name, &unchanged)?;
        if let Some(scenario) = &checked.scenario {
            let dependents = in_scenario(&name, scenario, id);
            let count =
                dependents.quantities.len() + dependents.claims.len() + dependents.evidence.len();
            if count > 0 {
                all.push(dependents);
            }
        }
    }
    Ok(all)
}

fn in_scenario(name: &str, scenario: &Scenario, id: &str) -> Dependents {
    let cites = |sources: &[String]| sources.iter().any(|source| source == id);
    let quantities = scenario
        .quantities
        .iter()
        .filter(|quantity| cites(&quantity.sources))
        .map(|quantity| format!("{} = {}", quantity.name, quantity.text))
        .collect();
    let claims = scenario
        .claims
        .iter()
        .filter(|claim| {
            let answers = match &claim.answer {
                ClaimAnswer::Formula { .. } => false,
                ClaimAnswer::Facts { facts, .. } => cites(facts),
            };
            answers || cites(&claim.sources)
        })
        .map(|claim| format!("{}: {}", claim.id, claim.says))
        .collect();
    let evidence = scenario
        .evidence
        .iter()
        .filter(|evidence| cites(&evidence.sources))
        .map(|evidence| format!("{}: {}", evidence.id, evidence.text))
        .collect();
    Dependents {
        scenario: name.to_owned(),
        quantities,
        claims,
        evidence,
    }
}
