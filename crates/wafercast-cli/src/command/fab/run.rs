//! `wafercast fab run`

use serde::Serialize;
use wafercast_fab::capacity::Capacity;
use wafercast_fab::summary::{RunParameters, Summary, summarize};

use crate::console;
use crate::exit::Exit;
use crate::fab::arguments::{FabFormat, Run};
use crate::fab::replicate::replicate;
use crate::fab::{files, model, show};
use crate::failure::Failure;

/// Days of the Gantt chart's window, at the end of the run.
const WINDOW_DAYS: f64 = 2.0;

/// Everything the command knows.
#[derive(Debug, Serialize)]
struct Answer {
    summary: Summary,
    /// Static capacity, beside it.
    capacity: Capacity,
}

/// Runs the command.
pub fn execute(arguments: &Run) -> Result<Exit, Failure> {
    let simulated = &arguments.simulated;
    simulated.check()?;
    if (arguments.save.is_some() || arguments.restore.is_some()) && simulated.replications > 1 {
        return Err(Failure::usage(
            "a saved state is one replication",
            "drop `--replications`",
        ));
    }
    let (checked, plan, capacity) =
        model::feasible(&arguments.model.model, &arguments.model.changes)?;
    let restored = arguments
        .restore
        .as_ref()
        .map(|path| files::restore(path, &plan, simulated.seed))
        .transpose()?;
    let window = arguments
        .out
        .is_some()
        .then(|| ((simulated.days - WINDOW_DAYS).max(0.0), simulated.days));
    let replications = replicate(&plan, simulated, restored.as_ref(), window)?;
    let parameters = RunParameters {
        model: &checked.model().name,
        seed: simulated.seed,
        days: simulated.days,
        warm_up_days: simulated.warm_up,
    };
    let summary = summarize(&plan, &replications.results, parameters);
    if let (Some(path), Some(state)) = (&arguments.save, replications.first_state) {
        files::save(path, &plan, simulated.seed, state)?;
    }
    if let Some(folder) = &arguments.out {
        let report = wafercast_fab::page::html(&plan, &summary, &replications.results);
        files::write_folder(folder, &plan, &summary, &replications.results, &report)?;
        console::say(&format!("wrote `{}`", folder.join("report.html").display()));
    }
    match arguments.model.format {
        FabFormat::Table => console::print(&show::summary(&summary))?,
        FabFormat::Json => {
            let answer = Answer { summary, capacity };
            console::print_raw(&files::json(&answer)?)?;
        }
    }
    Ok(Exit::Success)
}
