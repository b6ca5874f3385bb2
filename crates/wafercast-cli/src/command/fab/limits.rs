//! `wafercast fab limits`: what limits a fab, and what one more tool of each family adds.

use serde::Serialize;
use wafercast_fab::compare::{Row, compare};
use wafercast_fab::summary::{RunParameters, Summary, summarize};

use crate::console;
use crate::exit::Exit;
use crate::fab::arguments::{FabFormat, Limits};
use crate::fab::replicate::replicate;
use crate::fab::{files, model, show};
use crate::failure::Failure;

/// What one more tool of a family does.
#[derive(Debug, Serialize)]
struct OneMore {
    family: String,
    tools: u32,
    /// Load at best, before.
    load: f64,
    /// Load of the most loaded family once this one has one more tool; the fab could start that much more.
    highest_load_after: f64,
    /// What changes, second − first.
    rows: Vec<Row>,
}

/// Everything the command knows.
#[derive(Debug, Serialize)]
struct Answer {
    /// The most loaded family.
    limit: String,
    /// Its load at best.
    load: f64,
    /// Starts could grow by this factor before it is full.
    room: f64,
    /// The fab as it is.
    summary: Summary,
    one_more: Vec<OneMore>,
}

/// Runs the command.
pub fn execute(arguments: &Limits) -> Result<Exit, Failure> {
    let asked = &arguments.model.changes;
    arguments.simulated.check()?;
    let (model, plan, capacity) = model::feasible(&arguments.model.model, asked)?;
    let base = replicate(&plan, &arguments.simulated, None, None)?;
    let mut ranked: Vec<_> = capacity.families.iter().collect();
    ranked.sort_by(|a, b| b.best.total_cmp(&a.best).then(a.family.cmp(&b.family)));
    let Some(limit) = ranked.first() else {
        return Err(Failure::usage("the fab has no tools", "add a family"));
    };
    let mut one_more = Vec::new();
    for family in ranked.iter().take(arguments.families) {
        let Some(model) = model::with_one_more(&model, &family.family) else {
            continue;
        };
        let changed = model::plan(&model, asked);
        let after = wafercast_fab::capacity::capacity(&changed);
        let results = replicate(&changed, &arguments.simulated, None, None)?;
        one_more.push(OneMore {
            family: family.family.clone(),
            tools: family.tools,
            load: family.best,
            highest_load_after: after
                .families
                .iter()
                .map(|family| family.best)
                .fold(0.0, f64::max),
            rows: compare((&plan, &base.results), (&changed, &results.results)).rows,
        });
    }
    let answer = Answer {
        limit: limit.family.clone(),
        load: limit.best,
        room: if limit.best > 0.0 {
            1.0 / limit.best
        } else {
            f64::MAX
        },
        summary: summarize(
            &plan,
            &base.results,
            RunParameters {
                model: &model.model().name,
                seed: arguments.simulated.seed,
                days: arguments.simulated.days,
                warm_up_days: arguments.simulated.warm_up,
            },
        ),
        one_more,
    };
    match arguments.model.format {
        FabFormat::Table => console::print(&text(&answer))?,
        FabFormat::Json => console::print_raw(&files::json(&answer)?)?,
    }
    Ok(Exit::Success)
}

fn text(answer: &Answer) -> String {
    let find = |rows: &[Row], name: &str| {
        rows.iter()
            .find(|row| row.name == name)
            .map_or("–".to_owned(), |row| show::estimate(row.difference, 2))
    };
    let rows: Vec<Vec<String>> = answer
        .one_more
        .iter()
        .map(|one| {
            vec![
                one.family.clone(),
                format!("{} + 1", one.tools),
                format!("{:.1}", 100.0 * one.load),
                format!("{:.1}", 100.0 * one.highest_load_after),
                find(&one.rows, "cycle time, days"),
                find(&one.rows, "lots in the fab"),
                find(&one.rows, "lots out a day"),
            ]
        })
        .collect();
    format!(
        "`{}` limits this fab: {:.1} % of its available time is needed at best, so starts can grow by at most {:.1} %.\n\n{}",
        answer.limit,
        100.0 * answer.load,
        100.0 * (answer.room - 1.0),
        show::table(
            &[
                "one more",
                "tools",
                "load, %",
                "highest after",
                "cycle time, days",
                "lots in the fab",
                "lots out a day"
            ],
            &rows
        )
    )
}
