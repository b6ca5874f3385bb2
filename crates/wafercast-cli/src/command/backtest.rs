//! `wafercast backtest`: forecast again as of earlier days, and score by what came; no run folder.

use wafercast::time::Date;

use crate::analyses;
use crate::arguments::{Backtest, Changes, Format};
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{forecast, prepare, terminal};

use super::run;

/// Runs the command.
pub fn execute(arguments: &Backtest) -> Result<Exit, Failure> {
    let changes = Changes {
        set: arguments.set.clone(),
        as_of: None,
        facts: arguments.facts.clone(),
    };
    let mut days = arguments
        .as_of
        .iter()
        .map(|text| prepare::date(text))
        .collect::<Result<Vec<Date>, Failure>>()?;
    let prepared = prepare::analysed(&arguments.scenario, &changes)?;
    if days.is_empty() {
        days.clone_from(&prepared.scenario.backtest);
    }
    if days.is_empty() {
        return Err(Failure::usage(
            "no day of knowledge given",
            "add `--as-of DATE` (repeatable), or `backtest = [\"DATE\", …]` to the scenario",
        ));
    }
    let sampling = run::sampling(&prepared, &arguments.sampling);
    let pool = forecast::pool(arguments.sampling.threads)?;
    let backtest = analyses::backtest(&prepared, &days, sampling, &pool)?;
    match arguments.format {
        Format::Table | Format::Csv => {
            console::print(&terminal::backtest::text(&backtest, console::width()))?;
        }
        Format::Json => console::print_json(&backtest)?,
    }
    Ok(Exit::Success)
}
