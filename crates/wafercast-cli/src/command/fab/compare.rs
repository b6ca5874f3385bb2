//! `wafercast fab compare`

use serde::Serialize;
use wafercast_fab::compare::{Comparison, compare};
use wafercast_fab::summary::{RunParameters, Summary, summarize};

use crate::console::{self, STRONG, styled};
use crate::exit::Exit;
use crate::fab::arguments::{Changes, Compare, FabFormat};
use crate::fab::replicate::replicate;
use crate::fab::{files, model, show};
use crate::failure::Failure;

/// Everything the command knows.
#[derive(Debug, Serialize)]
struct Answer {
    comparison: Comparison,
    /// Of the first and the second.
    summaries: Vec<Summary>,
}

/// Runs the command.
pub fn execute(arguments: &Compare) -> Result<Exit, Failure> {
    let asked = &arguments.model.changes;
    let (first_changes, second_model) = match &arguments.with {
        Some(second) => (asked.clone(), second),
        None => (Changes::default(), &arguments.model.model),
    };
    let changed = !asked.tools.is_empty()
        || asked.starts.is_some()
        || asked.ranking.is_some()
        || asked.rule.is_some()
        || asked.empty
        || asked.enforce_queue_times;
    if arguments.with.is_none() && !changed {
        return Err(Failure::usage(
            "there is nothing to compare with",
            "change something, as in `--tools FAMILY=+1` or `--ranking critical-ratio`, or name a second model: `--with DIR`",
        ));
    }
    let simulated = &arguments.simulated;
    simulated.check()?;
    let mut runs = Vec::new();
    for (name, changes) in [
        (&arguments.model.model, &first_changes),
        (second_model, asked),
    ] {
        let (checked, plan, _) = model::feasible(name, changes)?;
        let replications = replicate(&plan, simulated, None, None)?;
        runs.push((checked, plan, replications.results));
    }
    let summaries: Vec<_> = runs
        .iter()
        .map(|(checked, plan, results)| {
            let parameters = RunParameters {
                model: &checked.model().name,
                seed: simulated.seed,
                days: simulated.days,
                warm_up_days: simulated.warm_up,
            };
            summarize(plan, results, parameters)
        })
        .collect();
    let comparison = compare((&runs[0].1, &runs[0].2), (&runs[1].1, &runs[1].2));
    match arguments.model.format {
        FabFormat::Table => console::print(&text(&comparison))?,
        FabFormat::Json => {
            let answer = Answer {
                comparison,
                summaries,
            };
            console::print_raw(&files::json(&answer)?)?;
        }
    }
    Ok(Exit::Success)
}

fn text(comparison: &Comparison) -> String {
    let rows: Vec<Vec<String>> = comparison
        .rows
        .iter()
        .map(|row| {
            vec![
                row.name.clone(),
                show::estimate(row.first, 2),
                show::estimate(row.second, 2),
                show::estimate(row.difference, 2),
                match row.is_clear() {
                    Some(true) => "yes".to_owned(),
                    Some(false) => "no".to_owned(),
                    None => "–".to_owned(),
                },
            ]
        })
        .collect();
    format!(
        "{}  differences of paired replications: both fabs have the same draws\n\n{}",
        styled(STRONG, "second − first"),
        show::table(&["", "first", "second", "difference", "clear of 0"], &rows)
    )
}
