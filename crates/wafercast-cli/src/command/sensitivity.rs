//! `wafercast sensitivity`: what moves the answers; no run folder.

use wafercast::compile::compile;
use wafercast_analysis::sensitivity::sample::Sample;
use wafercast_analysis::sensitivity::{Options, Sensitivity as Found};

use crate::arguments::{Format, Sensitivity};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::table::Table;
use crate::{console, forecast, prepare, targets, terminal};

use super::run;

/// Runs the command.
pub fn execute(arguments: &Sensitivity) -> Result<Exit, Failure> {
    let prepared = prepare::analysed(&arguments.scenario.scenario, &arguments.scenario.changes)?;
    let scenario = &prepared.scenario;
    let plan = compile(scenario);
    let sampling = run::sampling(&prepared, &arguments.sampling);
    let targets = targets::parse_or_defaults(&arguments.targets, scenario)?;
    let options = if arguments.full {
        Options::full(arguments.points, sampling.seed)
    } else {
        Options::QUICK
    };
    let found = forecast::pool(arguments.sampling.threads)?.install(|| {
        let sample = Sample::draw(&plan, sampling, &targets);
        Found::of(&sample, scenario, options)
    });
    match arguments.format {
        Format::Table => console::print(&terminal::sensitivity::text(
            &found,
            usize::from(arguments.show),
            console::width(),
        ))?,
        Format::Json => console::print_json(&found)?,
        Format::Csv => console::print_raw(&table(&found).to_csv()?)?,
    }
    Ok(Exit::Success)
}

/// One row per target and quantity.
fn table(found: &Found) -> Table {
    let rows: Vec<_> = found
        .targets
        .iter()
        .flat_map(|target| target.drivers.iter().map(move |driver| (target, driver)))
        .collect();
    Table::new()
        .text("target", rows.iter().map(|(target, _)| target.name.clone()))
        .text("quantity", rows.iter().map(|(_, d)| d.name.clone()))
        .text(
            "topic",
            rows.iter().map(|(_, d)| d.topic.english().to_owned()),
        )
        .integer("event", rows.iter().map(|(_, d)| i64::from(d.event)))
        .number("low", rows.iter().map(|(_, d)| d.low))
        .number("high", rows.iter().map(|(_, d)| d.high))
        .number("swing_se", rows.iter().map(|(_, d)| d.swing.standard_error))
        .number("rank", rows.iter().map(|(_, d)| d.rank.value))
        .number("rank_se", rows.iter().map(|(_, d)| d.rank.standard_error))
        .number("explains", rows.iter().map(|(_, d)| d.explains.value))
        .number(
            "explains_se",
            rows.iter().map(|(_, d)| d.explains.standard_error),
        )
        .optional_number(
            "shapley",
            rows.iter().map(|(_, d)| d.shapley.map(|s| s.value)),
        )
        .optional_number(
            "shapley_se",
            rows.iter()
                .map(|(_, d)| d.shapley.map(|s| s.standard_error)),
        )
}
