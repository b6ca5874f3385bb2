//! `wafercast compare`: two scenarios, draw by draw under common random numbers.
//!
//! Both are drawn with one seed, so that every quantity they share takes the same value in draw *i* of both, and the
//! difference of draw *i* is what the change does in that future. Its spread is much smaller than that of the results.

mod difference;
mod explained;
mod show;

use wafercast::compile::compile;
use wafercast::simulate::Sampling;
use wafercast::table::DrawTable;

use crate::arguments::{Changes, Compare, Format};
use crate::console;
use crate::draws_table;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::forecast::Forecast;
use crate::prepare::{self, Prepared};

use super::run;
use difference::Comparison;

/// Runs the command.
pub fn execute(arguments: &Compare) -> Result<Exit, Failure> {
    let changes = &arguments.changes;
    if arguments.second.is_none() && changes.set.is_empty() {
        return Err(Failure::usage(
            "there is nothing to compare",
            "name a second scenario, or change something with `--set NAME=VALUE`",
        ));
    }
    let unchanged = Changes {
        set: Vec::new(),
        ..changes.clone()
    };
    let second_name = arguments.second.as_ref().unwrap_or(&arguments.first);
    let first = prepare::prepared(&arguments.first, &unchanged)?;
    let second = prepare::prepared(second_name, changes)?;
    // One sampling for both: pairs need the same number of draws.
    let sampling = run::sampling(&first, &arguments.sampling);
    let explanation = if arguments.explain {
        Some(explained::explain(arguments, &first, &second, sampling)?)
    } else {
        None
    };
    let first_draws = draws(&first, sampling, arguments.sampling.threads)?;
    let second_draws = draws(&second, sampling, arguments.sampling.threads)?;
    let comparison = Comparison {
        first: arguments.first.clone(),
        second: second_name.clone(),
        set: changes.set.clone(),
        draws: sampling.draws,
        seed: sampling.seed,
        metrics: difference::of_metrics(&first_draws, &second_draws),
        claims: difference::of_claims(&first_draws, &second_draws, &second.scenario),
        explanation,
    };
    print(&comparison, arguments.format)?;
    Ok(Exit::Success)
}

/// What the comparison needs of all draws. Inputs are dropped piece by piece: they would fill the memory.
fn draws(
    prepared: &Prepared,
    sampling: Sampling,
    threads: Option<u16>,
) -> Result<DrawTable, Failure> {
    const PIECE: u64 = 4096;
    let plan = compile(&prepared.scenario);
    let forecast = Forecast::new(&plan, sampling, threads)?;
    let mut whole = DrawTable {
        columns: Vec::new(),
        first: 0,
    };
    let mut first = 0;
    while first < sampling.draws {
        let end = (first + PIECE).min(sampling.draws);
        for mut table in forecast.tables(first..end) {
            draws_table::name_claims(&mut table, &prepared.scenario);
            difference::append(&mut whole, table);
        }
        first = end;
    }
    Ok(whole)
}

fn print(comparison: &Comparison, format: Format) -> Result<(), Failure> {
    match format {
        Format::Table => console::print(&show::text(comparison, console::width())),
        Format::Json => {
            let mut bytes = serde_json::to_vec_pretty(comparison)
                .map_err(|cause| Failure::Output(cause.into()))?;
            bytes.push(b'\n');
            console::print_raw(&bytes)
        }
        Format::Csv => match &comparison.explanation {
            Some(explanation) => console::print_raw(&explained::table(explanation).to_csv()?),
            None => console::print_raw(&show::table(comparison).to_csv()?),
        },
    }
}
