//! `wafercast learn`: what to look up next; no run folder.

use wafercast::compile::compile;
use wafercast_analysis::learn::Learning;
use wafercast_analysis::sensitivity::sample::Sample;

use crate::arguments::{Format, Learn};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::table::Table;
use crate::{console, forecast, prepare, targets, terminal};

use super::run;

/// Runs the command.
pub fn execute(arguments: &Learn) -> Result<Exit, Failure> {
    let prepared = prepare::analysed(&arguments.scenario.scenario, &arguments.scenario.changes)?;
    let scenario = &prepared.scenario;
    let plan = compile(scenario);
    let sampling = run::sampling(&prepared, &arguments.sampling);
    let targets = targets::parse_or_defaults(&arguments.targets, scenario)?;
    let found = forecast::pool(arguments.sampling.threads)?.install(|| {
        let sample = Sample::draw(&plan, sampling, &targets);
        Learning::of(&sample, scenario, arguments.threshold)
    });
    match arguments.format {
        Format::Table => console::print(&terminal::learning::in_full(
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
fn table(found: &Learning) -> Table {
    let rows: Vec<_> = found
        .targets
        .iter()
        .flat_map(|target| target.leads.iter().map(move |lead| (target, lead)))
        .collect();
    let basis = |name: &str| found.basis_of(name);
    let sources = |name: &str| basis(name).map_or_else(String::new, |b| b.sources.join(" "));
    Table::new()
        .text("target", rows.iter().map(|(target, _)| target.name.clone()))
        .text("quantity", rows.iter().map(|(_, l)| l.name.clone()))
        .text(
            "topic",
            rows.iter().map(|(_, l)| l.topic.english().to_owned()),
        )
        .number("removes", rows.iter().map(|(_, l)| l.removes.value))
        .number(
            "removes_se",
            rows.iter().map(|(_, l)| l.removes.standard_error),
        )
        .optional_number(
            "decides",
            rows.iter().map(|(_, l)| l.decides.map(|d| d.value)),
        )
        .optional_number(
            "decides_se",
            rows.iter()
                .map(|(_, l)| l.decides.map(|d| d.standard_error)),
        )
        .text(
            "written",
            rows.iter()
                .map(|(_, l)| basis(&l.name).map_or_else(String::new, |b| b.text.clone())),
        )
        .text("sources", rows.iter().map(|(_, l)| sources(&l.name)))
}
