//! `wafercast sweep`: a declared grid or list of changes over a scenario, on the same draws.

use std::path::Path;

use wafercast::check::CheckOptions;
use wafercast::diagnostic::{Diagnostic, Span};
use wafercast::document::from_toml;
use wafercast::load::{Limits, Reader};
use wafercast_analysis::sweep::{Base, Declaration, Sweep, prepare as compile};
use wafercast_report::{Language, sweep_html};

use crate::arguments::{Format, Sweep as Arguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::prepare::{self, Prepared};
use crate::run_folder::atomic;
use crate::table::Table;
use crate::{console, diagnostics_text, forecast, scenario_files, terminal};

use super::run;

/// The file beside a scenario that declares its sweep.
const OWN_FILE: &str = "sweep.toml";

/// Runs the command.
pub fn execute(arguments: &Arguments) -> Result<Exit, Failure> {
    // What cannot be written is said before the work.
    let out = arguments.out.as_deref().map(ending).transpose()?;
    let mut prepared =
        prepare::analysed(&arguments.scenario.scenario, &arguments.scenario.changes)?;
    let sampling = run::sampling(&prepared, &arguments.sampling);
    let (name, text) = declared(arguments, &prepared)?;
    let file = prepared.sources.add(name, text.clone());
    let mut keys = 0;
    let (table, mut problems) = from_toml(file, &text, &Limits::default(), &mut keys);
    if !problems.is_empty() {
        return refuse(&mut problems, &prepared);
    }
    let start = Span {
        file,
        start: 0,
        end: 0,
    };
    let declaration = match Declaration::read(&table, start) {
        Ok(declaration) => declaration,
        Err(mut problems) => return refuse(&mut problems, &prepared),
    };
    // The sweep's file comes right after those of the scenario.
    prepared.document.layers.resize(file, 0);
    let base = Base {
        document: &prepared.document,
        facts: &prepared.facts,
        options: CheckOptions {
            as_of: arguments
                .scenario
                .changes
                .as_of
                .as_deref()
                .map(prepare::date)
                .transpose()?,
        },
    };
    let sweep = match compile(&base, &declaration) {
        Ok(ready) => forecast::pool(arguments.sampling.threads)?.install(|| ready.run(sampling)),
        Err(mut problems) => return refuse(&mut problems, &prepared),
    };
    if let (Some(path), Some(kind)) = (&arguments.out, out) {
        atomic::write(path, &bytes(&sweep, kind, arguments)?)?;
        console::say(&format!("wrote {}", crate::shell::quoted_path(path)));
    }
    match arguments.format {
        Format::Table => console::print(&terminal::sweep::text(&sweep, console::width()))?,
        Format::Json => console::print_json(&sweep)?,
        Format::Csv => console::print_raw(&rows(&sweep).to_csv()?)?,
    }
    Ok(Exit::Success)
}

/// The file of the sweep: its name, as problems show it, and its text.
fn declared(arguments: &Arguments, prepared: &Prepared) -> Result<(String, String), Failure> {
    if let Some(path) = &arguments.file {
        return Ok((path.display().to_string(), scenario_files::read_text(path)?));
    }
    let main = prepared.files.main();
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let name = format!("{folder}/{OWN_FILE}");
    let name = name.trim_start_matches('/').to_owned();
    let text = prepared
        .files
        .read(&name)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    match text {
        Some(text) => Ok((name, text)),
        None => Err(Failure::usage(
            format!("`{}` has no {OWN_FILE} of its own", prepared.files.given()),
            "name the file that declares the sweep: wafercast sweep SCENARIO FILE",
        )),
    }
}

fn refuse(problems: &mut Vec<Diagnostic>, prepared: &Prepared) -> Result<Exit, Failure> {
    wafercast::diagnostic::sort(problems);
    let problems: Vec<&Diagnostic> = problems.iter().collect();
    let text = diagnostics_text::render(&problems, &prepared.sources, "", console::width());
    console::say(text.trim_end());
    console::say("");
    Err(Failure::Scenario)
}

/// What a file is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Html,
    Json,
    Csv,
    Parquet,
}

fn ending(path: &Path) -> Result<Ending, Failure> {
    match path.extension().and_then(std::ffi::OsStr::to_str) {
        Some("html") => Ok(Ending::Html),
        Some("json") => Ok(Ending::Json),
        Some("csv") => Ok(Ending::Csv),
        Some("parquet") => Ok(Ending::Parquet),
        _ => Err(Failure::usage(
            format!("`{}` does not say what to write", path.display()),
            "end its name in .html, .json, .csv or .parquet",
        )),
    }
}

fn bytes(sweep: &Sweep, kind: Ending, arguments: &Arguments) -> Result<Vec<u8>, Failure> {
    match kind {
        Ending::Html => {
            let tag = run::language_tag(arguments.language);
            let language = Language::from_tag(tag).unwrap_or(Language::English);
            Ok(sweep_html(sweep, env!("CARGO_PKG_VERSION"), language).into_bytes())
        }
        Ending::Json => {
            serde_json::to_vec_pretty(sweep).map_err(|cause| Failure::Output(cause.into()))
        }
        Ending::Csv => rows(sweep).to_csv(),
        Ending::Parquet => rows(sweep).to_parquet(),
    }
}

/// One row per cell and metric, a column per axis.
fn rows(sweep: &Sweep) -> Table {
    let rows: Vec<_> = sweep
        .cells
        .iter()
        .flat_map(|cell| {
            let results = sweep.shown.iter().zip(&cell.results);
            results.map(move |(metric, result)| (cell, metric, result))
        })
        .collect();
    let mut table = Table::new().text("cell", rows.iter().map(|(cell, _, _)| cell.name.clone()));
    for (place, axis) in sweep.axes.iter().enumerate() {
        table = table.text(
            axis,
            rows.iter().map(|(cell, _, _)| cell.at.get(place).cloned()),
        );
    }
    let number = |get: fn(&wafercast_analysis::sweep::SweepResult) -> f64| -> Vec<f64> {
        rows.iter().map(|(_, _, result)| get(result)).collect()
    };
    table
        .text(
            "metric",
            rows.iter().map(|(_, metric, _)| metric.name.clone()),
        )
        .text(
            "unit",
            rows.iter().map(|(_, metric, _)| metric.unit.clone()),
        )
        .number("mean", number(|r| r.mean))
        .number("standard_error", number(|r| r.standard_error))
        .number("p05", number(|r| r.p05))
        .number("p25", number(|r| r.p25))
        .number("p50", number(|r| r.p50))
        .number("p75", number(|r| r.p75))
        .number("p95", number(|r| r.p95))
        .number("difference", number(|r| r.difference))
        .number("difference_error", number(|r| r.difference_error))
}
