//! `wafercast claims`: simulate and show the claims only; no run folder.

use wafercast::compile::compile;
use wafercast::summarize::{RunContext, summarize};
use wafercast::summary::Summary;
use wafercast_lp::allocation::OptimalAllocation;

use crate::arguments::{Claims, Format};
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::forecast::{self, Forecast};
use crate::prepare;
use crate::{summary_table, terminal};

use super::run;

/// Runs the command.
pub fn execute(arguments: &Claims) -> Result<Exit, Failure> {
    let prepared = prepare::prepared(&arguments.scenario.scenario, &arguments.scenario.changes)?;
    let sampling = run::sampling(&prepared, &arguments.sampling);
    let plan = compile(&prepared.scenario);
    let planner = forecast::planner(&prepared.scenario);
    let threads = arguments.sampling.threads;
    let forecast = Forecast::new(&plan, sampling, planner.as_ref(), threads)?;
    let tally = forecast.tally(0..sampling.draws);
    forecast::say_unplanned(
        planner
            .as_ref()
            .map_or(0, OptimalAllocation::take_unplanned),
    );
    let changes = &arguments.scenario.changes;
    let context = RunContext {
        scenario_name: prepared.files.given().to_owned(),
        command: run::reproducing_command("claims", prepared.files.given(), changes, sampling),
        set: changes.set.clone(),
        sampling,
    };
    let summary = summarize(
        &plan,
        &prepared.scenario,
        &prepared.facts,
        &prepared.sources,
        &tally,
        &context,
    );
    print(&summary, arguments.format)?;
    Ok(Exit::Success)
}

fn print(summary: &Summary, format: Format) -> Result<(), Failure> {
    match format {
        Format::Table => {
            let width = console::width();
            let claims = terminal::claims::in_full(summary, width)
                .unwrap_or_else(|| "This scenario makes no claims.\n".to_owned());
            console::print(&format!(
                "{}\n{claims}",
                terminal::head(&summary.run, width)
            ))
        }
        Format::Json => {
            let mut bytes = serde_json::to_vec_pretty(&summary.claims)
                .map_err(|cause| Failure::Output(cause.into()))?;
            bytes.push(b'\n');
            console::print_raw(&bytes)
        }
        Format::Csv => console::print_raw(&summary_table::claims(summary).to_csv()?),
    }
}
