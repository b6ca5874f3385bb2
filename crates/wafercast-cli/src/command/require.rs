//! `wafercast require`: the least change of one quantity that brings a claim to a probability.

use wafercast::compile::compile;
use wafercast::diagnostic::did_you_mean;
use wafercast::plan::Plan;
use wafercast::scenario::{QuantityId, Scenario};
use wafercast_analysis::require::{
    ClaimRequirements, Effort, Question, Requirements, require, require_of, trade_off,
};
use wafercast_analysis::{Target, TargetKind};

use crate::arguments::{Format, Require};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::table::Table;
use crate::{console, forecast, prepare, targets, terminal};

use super::run;

/// Draws unless told otherwise: every answer takes a dozen simulations.
const DRAWS: u64 = 1000;
/// Steps of a trade-off on each side.
const STEPS: usize = 9;

/// Runs the command.
pub fn execute(arguments: &Require) -> Result<Exit, Failure> {
    let prepared = prepare::analysed(&arguments.scenario.scenario, &arguments.scenario.changes)?;
    let scenario = &prepared.scenario;
    let plan = compile(scenario);
    let mut sampling = run::sampling(&prepared, &arguments.sampling);
    sampling.draws = arguments.sampling.draws.unwrap_or(DRAWS);
    let question = Question {
        scenario,
        plan: &plan,
        sampling,
        probability: arguments.probability,
    };
    let effort = Effort {
        screen: 64,
        coarse: 128,
        searched_per_told: 3,
        told: usize::from(arguments.show),
    };
    let claims = claims(arguments, scenario)?;
    let quantities = quantities(arguments, scenario, &plan)?;
    let requirements = forecast::pool(arguments.sampling.threads)?.install(|| {
        if quantities.is_empty() {
            require(&question, &claims, effort)
        } else {
            named(&question, &claims, &quantities)
        }
    });
    match arguments.format {
        Format::Table => console::print(&terminal::requirements::text(
            &requirements,
            console::width(),
        ))?,
        Format::Json => console::print_json(&requirements)?,
        Format::Csv => console::print_raw(&table(&requirements).to_csv()?)?,
    }
    Ok(Exit::Success)
}

/// The claims asked about; all that are formulas if none is named.
fn claims(arguments: &Require, scenario: &Scenario) -> Result<Vec<Target>, Failure> {
    let claims: Vec<Target> = if arguments.claims.is_empty() {
        Target::defaults(scenario)
            .into_iter()
            .filter(|target| target.kind == TargetKind::Claim)
            .collect()
    } else {
        targets::parse(&arguments.claims, scenario)?
    };
    if let Some(metric) = claims
        .iter()
        .find(|target| target.kind != TargetKind::Claim)
    {
        return Err(Failure::usage(
            format!("`{}` is a number, not a condition", metric.name),
            format!("compare it with one: '{} > …'", metric.name),
        ));
    }
    if claims.is_empty() {
        return Err(Failure::usage(
            "the scenario makes no claim that is a formula",
            "name a condition, such as 'units(home, 2027) > 1e6 units'",
        ));
    }
    Ok(claims)
}

fn quantities(
    arguments: &Require,
    scenario: &Scenario,
    plan: &Plan,
) -> Result<Vec<QuantityId>, Failure> {
    if arguments.quantity.len() > 2 {
        return Err(Failure::usage(
            "a trade-off has two quantities",
            "give `--quantity` once or twice",
        ));
    }
    arguments
        .quantity
        .iter()
        .map(|name| {
            let found = scenario.quantities.iter().position(|q| &q.name == name);
            let id = found.map(QuantityId).ok_or_else(|| {
                let names = scenario.quantities.iter().map(|q| q.name.as_str());
                let hint = did_you_mean(name, names).unwrap_or_else(|| {
                    "`wafercast require SCENARIO CLAIM` lists the quantities that matter".to_owned()
                });
                Failure::usage(format!("the scenario has no quantity `{name}`"), hint)
            })?;
            if plan.is_drawn(id) {
                Ok(id)
            } else {
                Err(Failure::usage(
                    format!("`{name}` is used up when the scenario is read: no draw depends on it"),
                    "change it with `--set` and compare",
                ))
            }
        })
        .collect()
}

/// The answer for the quantities named; for two of them also what they can do together.
fn named(question: &Question, claims: &[Target], quantities: &[QuantityId]) -> Requirements {
    let mut requirements = Requirements {
        probability: question.probability,
        draws: question.sampling.draws,
        claims: Vec::new(),
        trade_offs: Vec::new(),
    };
    for target in claims {
        let changes: Vec<_> = quantities
            .iter()
            .map(|&id| require_of(question, target, id))
            .collect();
        if let ([a, b], [first, second]) = (&changes[..], quantities) {
            requirements.trade_offs.push(trade_off(
                question,
                target,
                [(*first, a), (*second, b)],
                question.sampling.draws,
                STEPS,
            ));
        }
        let now = wafercast_analysis::require::probability(question, target);
        requirements.claims.push(ClaimRequirements {
            claim: target.name.clone(),
            says: target.says.clone(),
            probability: now,
            standard_error: wafercast_analysis::share_error(now, question.sampling.draws),
            tried: changes.len(),
            able: changes.iter().filter(|change| change.reached).count(),
            changes,
        });
    }
    requirements
}

fn table(requirements: &Requirements) -> Table {
    let rows: Vec<_> = requirements
        .claims
        .iter()
        .flat_map(|claim| claim.changes.iter().map(move |change| (claim, change)))
        .collect();
    let scale = |scale: wafercast_analysis::require::Scale| match scale {
        wafercast_analysis::require::Scale::Factor => "factor".to_owned(),
        wafercast_analysis::require::Scale::Shift => "months".to_owned(),
    };
    Table::new()
        .text("claim", rows.iter().map(|(claim, _)| claim.claim.clone()))
        .number("now", rows.iter().map(|(claim, _)| claim.probability))
        .text("quantity", rows.iter().map(|(_, c)| c.quantity.clone()))
        .text("scale", rows.iter().map(|(_, c)| scale(c.scale)))
        .number("change", rows.iter().map(|(_, c)| c.change))
        .number("standard_error", rows.iter().map(|(_, c)| c.standard_error))
        .integer("reached", rows.iter().map(|(_, c)| i64::from(c.reached)))
        .number("probability", rows.iter().map(|(_, c)| c.probability))
        .optional_number("deviations", rows.iter().map(|(_, c)| c.deviations))
        .number("from", rows.iter().map(|(_, c)| c.from))
        .number("to", rows.iter().map(|(_, c)| c.to))
        .text("unit", rows.iter().map(|(_, c)| c.unit.clone()))
}
