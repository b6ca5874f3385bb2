//! `wafercast plan`: the best use of a scenario's resources in every future, against the allocation by tiers and weights.

use wafercast::compile::compile;
use wafercast::scenario::{DemandMetric, Scenario};
use wafercast::simulate::Sampling;
use wafercast_analysis::planning::Planning;
use wafercast_lp::study::{self, Settings};

use crate::analyses::Subject;
use crate::arguments::{MaximiseArgument, Plan, PlanFormat};
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::planning as planning_text;
use crate::{forecast, prepare};

/// Runs the command.
pub fn execute(arguments: &Plan) -> Result<Exit, Failure> {
    let prepared = prepare::prepared(&arguments.scenario.scenario, &arguments.scenario.changes)?;
    let settings = settings(arguments, &prepared.scenario)?;
    if prepared.scenario.accelerators.is_empty() {
        return Err(Failure::usage(
            "there is nothing to plan: the scenario builds no accelerators",
            "add an [accelerator.ID] with a bill of materials",
        ));
    }
    let plan = compile(&prepared.scenario);
    let subject = Subject {
        prepared: &prepared,
        plan: &plan,
        sampling: Sampling {
            draws: settings.draws,
            seed: arguments.seed.unwrap_or(prepared.scenario.run.seed),
            design: prepared.scenario.run.design,
        },
        pool: &forecast::pool(arguments.threads)?,
    };
    let Some(planning) = study(&subject, &settings) else {
        return Err(Failure::usage(
            "no draw could be planned: the solver found no certified optimum",
            "numbers of very different size (a cap of 1e12, a yield of 1e-12) can do this; check them with `wafercast check`",
        ));
    };
    match arguments.format {
        PlanFormat::Table => console::print(&planning_text::text(&planning, console::width()))?,
        PlanFormat::Json => {
            let mut bytes = serde_json::to_vec_pretty(&planning)
                .map_err(|cause| Failure::Output(cause.into()))?;
            bytes.push(b'\n');
            console::print_raw(&bytes)?;
        }
    }
    // Where some futures keep the commitments, the plan can be carried out in those.
    let impossible = planning.commitments.iter().any(|c| c.met <= 0.0)
        || planning.conflict.as_ref().is_some_and(|c| c.share >= 1.0);
    Ok(if impossible {
        Exit::Infeasible
    } else {
        Exit::Success
    })
}

/// Plans the draws on the subject's threads.
pub fn study(subject: &Subject, settings: &Settings) -> Option<Planning> {
    let (plan, sampling) = (subject.plan, subject.sampling);
    let (scenario, sources) = (&subject.prepared.scenario, &subject.prepared.sources);
    subject
        .pool
        .install(|| study::study(plan, scenario, sources, sampling, settings))
}

fn settings(arguments: &Plan, scenario: &Scenario) -> Result<Settings, Failure> {
    let of_scenario = Settings::of(scenario);
    let first = match &arguments.from {
        None => of_scenario.first,
        Some(text) => first_month(text, scenario)?,
    };
    Ok(Settings {
        maximise: match arguments.maximise {
            None => of_scenario.maximise,
            Some(MaximiseArgument::Value) => DemandMetric::Value,
            Some(MaximiseArgument::H100e) => DemandMetric::H100e,
            Some(MaximiseArgument::Tpp) => DemandMetric::Tpp,
            Some(MaximiseArgument::Units) => DemandMetric::Units,
        },
        discount: arguments.discount.unwrap_or(of_scenario.discount),
        first,
        draws: arguments.draws,
        clearing_draws: arguments.queues,
        flow_factor: arguments.flow_factor,
    })
}

fn first_month(text: &str, scenario: &Scenario) -> Result<usize, Failure> {
    let position = scenario.horizon.position(prepare::date(text)?);
    if (0.0..scenario.horizon.months as f64).contains(&position) {
        Ok(position as usize)
    } else {
        Err(Failure::usage(
            format!("`--from {text}` lies outside the horizon"),
            "name a month of the horizon, such as 2026-07",
        ))
    }
}
