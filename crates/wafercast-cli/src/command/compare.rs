//! `wafercast compare`: two scenarios, draw by draw under common random numbers.
//!
//! Both are drawn with one seed, so that every quantity they share takes the same value in draw *i* of both, and the
//! difference of draw *i* is what the change does in that future. Its spread is much smaller than that of the results.

mod difference;
mod explained;
mod show;

use wafercast::compile::compile;
use wafercast::simulate::Sampling;

use crate::arguments::{Changes, Compare, Format};
use crate::console;
use crate::draws_table;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::forecast::{self, Forecast};
use crate::prepare::{self, Prepared};
use crate::progress::Progress;

use super::run;
use difference::{Comparison, Pairs};

/// Draws of both scenarios that are held in memory at a time.
const PIECE: u64 = 2048;

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
        prepare::say_if_planned(&second);
        Some(explained::explain(arguments, &first, &second, sampling)?)
    } else {
        None
    };
    let pairs = pairs(&first, &second, sampling, arguments.sampling.threads)?;
    let comparison = Comparison {
        first: arguments.first.clone(),
        second: second_name.clone(),
        set: changes.set.clone(),
        draws: sampling.draws,
        seed: sampling.seed,
        metrics: pairs.metrics(),
        claims: pairs.claims(&second.scenario),
        explanation,
    };
    print(&comparison, arguments.format)?;
    Ok(Exit::Success)
}

/// Draws both, a piece at a time, and counts the pairs.
fn pairs(
    first: &Prepared,
    second: &Prepared,
    sampling: Sampling,
    threads: Option<u16>,
) -> Result<Pairs, Failure> {
    let (first_plan, second_plan) = (compile(&first.scenario), compile(&second.scenario));
    let planners = [first, second].map(|prepared| forecast::planner(&prepared.scenario));
    let of_first = Forecast::new(&first_plan, sampling, planners[0].as_ref(), threads)?;
    let of_second = Forecast::new(&second_plan, sampling, planners[1].as_ref(), threads)?;
    let mut pairs = Pairs::default();
    let mut progress = Progress::new(sampling.draws, 0);
    let mut done = 0;
    while done < sampling.draws {
        let end = (done + PIECE).min(sampling.draws);
        let mut tables = of_first.tables(done..end);
        let mut partners = of_second.tables(done..end);
        for (table, partner) in tables.iter_mut().zip(&mut partners) {
            draws_table::name_claims(table, &first.scenario);
            draws_table::name_claims(partner, &second.scenario);
            of_first.install(|| pairs.add(table, partner));
        }
        done = end;
        progress.set(done);
    }
    progress.finish();
    for planner in planners.iter().flatten() {
        forecast::say_unplanned(planner.take_unplanned());
    }
    Ok(pairs)
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
