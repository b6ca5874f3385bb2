//! `wafercast evidence`: weigh a scenario's draws by its evidence; no run folder.

use wafercast::compile::compile;

use crate::analyses::{self, Subject};
use crate::arguments::{Evidence, Format};
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{forecast, prepare, terminal};

use super::run;

/// Runs the command.
pub fn execute(arguments: &Evidence) -> Result<Exit, Failure> {
    let prepared = prepare::analysed(&arguments.scenario.scenario, &arguments.scenario.changes)?;
    let plan = compile(&prepared.scenario);
    let subject = Subject {
        prepared: &prepared,
        plan: &plan,
        sampling: run::sampling(&prepared, &arguments.sampling),
        pool: &forecast::pool(arguments.sampling.threads)?,
    };
    let Some(evidence) = analyses::evidence(&subject) else {
        return Err(Failure::usage(
            "this scenario has no evidence that weighs its draws",
            "add an `[evidence.ID]` with a metric and what was observed; `wafercast explain WF0809` shows one",
        ));
    };
    match arguments.format {
        Format::Table | Format::Csv => {
            console::print(&terminal::evidence::text(&evidence, console::width()))?;
        }
        Format::Json => console::print_json(&evidence)?,
    }
    Ok(Exit::Success)
}
