//! `wafercast runs`: what has been run.

use std::fs;
use std::path::{Path, PathBuf};

use comfy_table::{CellAlignment, Table as TextTable, presets};

use crate::arguments::{Format, Runs, RunsCommand};
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::run_folder;
use crate::run_folder::manifest::Manifest;
use crate::table::Table;
use crate::terminal::{number, shorten};

use super::run;

/// Runs the command.
pub fn execute(arguments: &Runs) -> Result<Exit, Failure> {
    match &arguments.command {
        RunsCommand::List { folder, format } => list(folder, *format)?,
        RunsCommand::Show { folder, format } => {
            run::print_summary(&run_folder::read_summary(folder)?, *format)?;
        }
    }
    Ok(Exit::Success)
}

fn list(folder: &Path, format: Format) -> Result<(), Failure> {
    let runs = runs(folder)?;
    match format {
        Format::Table if runs.is_empty() => console::print(&format!(
            "No runs in `{}` yet. `wafercast run china` makes one.\n",
            folder.display()
        )),
        Format::Table => console::print(&table(&runs)),
        Format::Json => {
            let manifests: Vec<&Manifest> = runs.iter().map(|(_, manifest)| manifest).collect();
            let mut bytes = serde_json::to_vec_pretty(&manifests)
                .map_err(|cause| Failure::Output(cause.into()))?;
            bytes.push(b'\n');
            console::print_raw(&bytes)
        }
        Format::Csv => console::print_raw(&csv_table(&runs).to_csv()?),
    }
}

/// The run folders in a folder with their manifests, in order of their name.
fn runs(folder: &Path) -> Result<Vec<(PathBuf, Manifest)>, Failure> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(Failure::file("read", folder, cause)),
    };
    let mut runs: Vec<(PathBuf, Manifest)> = entries
        .flatten()
        .filter_map(|entry| {
            // Other things in the folder are not ours to complain about.
            let manifest = Manifest::read(&entry.path()).ok()?;
            Some((entry.path(), manifest))
        })
        .collect();
    runs.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(runs)
}

fn table(runs: &[(PathBuf, Manifest)]) -> String {
    let mut table = TextTable::new();
    table.load_preset(presets::NOTHING).set_header([
        "run",
        "status",
        "draws",
        "seconds",
        "begun (UTC)",
        "title",
    ]);
    for (path, manifest) in runs {
        table.add_row([
            path.display().to_string(),
            manifest.status.word().to_owned(),
            progress(manifest),
            format!("{:.1}", manifest.seconds),
            manifest.started.replace('T', " ").replace('Z', ""),
            shorten(&manifest.title, 34),
        ]);
    }
    for index in [2, 3] {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    format!("{}\n", table.trim_fmt())
}

fn progress(manifest: &Manifest) -> String {
    if manifest.draws_done == manifest.draws {
        number::grouped(manifest.draws)
    } else {
        format!(
            "{} of {}",
            number::grouped(manifest.draws_done),
            number::grouped(manifest.draws)
        )
    }
}

fn csv_table(runs: &[(PathBuf, Manifest)]) -> Table {
    let text = |get: fn(&Manifest) -> String| runs.iter().map(move |(_, run)| Some(get(run)));
    Table::new()
        .text(
            "run",
            runs.iter()
                .map(|(path, _)| Some(path.display().to_string())),
        )
        .text("scenario", text(|run| run.scenario.clone()))
        .text("title", text(|run| run.title.clone()))
        .text("status", text(|run| run.status.word().to_owned()))
        .integer("draws", runs.iter().map(|(_, run)| run.draws as i64))
        .integer(
            "draws_done",
            runs.iter().map(|(_, run)| run.draws_done as i64),
        )
        .text("seed", text(|run| run.seed.to_string()))
        .number("seconds", runs.iter().map(|(_, run)| run.seconds))
        .text("started", text(|run| run.started.clone()))
        .text("command", text(|run| run.command.clone()))
}
