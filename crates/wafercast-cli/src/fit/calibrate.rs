//! `--calibrate`: fits the constants, tests them on rows they have not seen, and writes both down.

use std::collections::BTreeSet;
use std::path::Path;

use wafercast_compute::calibration::Calibration;
use wafercast_compute::library::Library;
use wafercast_compute::rows::{self, Read, Row};
use wafercast_compute::serving::calibrate::{self, Measurement};
use wafercast_compute::training::Form;
use wafercast_compute::training::fit::{self, Observation};

use super::inputs::read_table;
use super::page;
use crate::console;
use crate::failure::Failure;
use crate::run_folder::atomic;

/// The tables of a calibration.
struct Tables {
    runs: Read,
    points: Read,
    measured: Read,
}

/// Ratios of rows that the fit has not seen, held out by one label.
pub struct HeldOut {
    /// What was held out together: `model`, `chip`, `group`.
    pub by: &'static str,
    /// The label and ratio of each row.
    pub ratios: Vec<(String, f64)>,
}

/// Everything that the validation page shows.
pub struct Validation {
    /// The constants, fitted to all rows.
    pub calibration: Calibration,
    /// Training runs: id, family, reported utilisation, and ratios: with the row, without it, and with one constant per family.
    pub runs: Vec<RunRow>,
    /// Published points with the constants.
    pub points: Vec<Row>,
    /// Ratios of the points, each with the two constants that are fitted to points fitted without it.
    pub points_left_out: Vec<f64>,
    /// Measured rows with the constants.
    pub measured: Vec<Row>,
    /// Measured rows, held out.
    pub held_out: Vec<HeldOut>,
}

/// A training run of the page.
pub struct RunRow {
    /// Number of the row and id.
    pub id: String,
    /// Family.
    pub family: &'static str,
    /// Utilisation of the BF16 peak.
    pub utilisation: f64,
    /// Chip-hours predicted over reported, fitted with the row.
    pub fitted: f64,
    /// The same without the row.
    pub left_out: f64,
    /// The same with the form chosen anew without the row.
    pub nested: f64,
    /// The same with one constant utilisation per family, without the row.
    pub constant: f64,
    /// Whether the row took part in the fit.
    pub is_fitted: bool,
}

/// Fits, validates, writes `calibration.toml` and `compute-validation.md`.
///
/// # Errors
/// If a table cannot be read, or a file not be written.
pub fn run(folder: &Path, out: &Path, library: &Library) -> Result<(), Failure> {
    let tables = Tables {
        runs: table(&folder.join("training_runs.csv"))?,
        points: table(&folder.join("serving_points.csv"))?,
        measured: table(&folder.join("calibration/serving_silicon.csv"))?,
    };
    let validation = validate(&tables, library);
    for (name, text) in [
        ("calibration.toml", validation.calibration.to_toml()),
        ("compute-validation.md", page::page(&validation)),
    ] {
        let path = out.join(name);
        atomic::write(&path, text.as_bytes())?;
        console::say(&format!("wrote {}", path.display()));
    }
    Ok(())
}

fn table(path: &Path) -> Result<Read, Failure> {
    let text = read_table(path)?;
    rows::read(&text).map_err(|cause| {
        Failure::usage(
            format!("`{}`: {}", path.display(), cause.0),
            "see docs/guides/fit.md",
        )
    })
}

fn validate(tables: &Tables, library: &Library) -> Validation {
    let observations = tables.runs.observations(library);
    let jobs: Vec<Observation> = observations.iter().map(|(_, _, row)| *row).collect();
    let measurements = tables.measured.measurements(library);
    let models: BTreeSet<String> = measurements
        .iter()
        .map(|(_, row)| row.model.id.clone())
        .collect();
    let all: Vec<Measurement> = measurements.iter().map(|(_, row)| *row).collect();
    let (serving, points_left_out) = tables.points.fit_points(library, &calibrate::fit(&all));
    let calibration = Calibration {
        training: fit::fit(&jobs),
        serving,
        models: models.into_iter().collect(),
    };
    let (left_out, constant) = (
        fit::leave_one_out(&jobs),
        fit::leave_one_out_constant(&jobs),
    );
    let nested = fit::nested(&Form::all(), &jobs);
    let runs = observations
        .iter()
        .zip(left_out.iter().zip(constant).zip(nested))
        .map(|((_, id, row), ((left_out, constant), nested))| RunRow {
            id: id.clone(),
            family: row.job.family.name(),
            utilisation: row.utilisation,
            fitted: row.utilisation / calibration.training.utilisation(&row.job),
            left_out: *left_out,
            nested,
            constant,
            is_fitted: row.weight > 0.0,
        })
        .collect();
    let by_model = |(_, row): &(String, Measurement)| row.model.id.clone();
    let by_chip = |(_, row): &(String, Measurement)| row.chip.id.clone();
    let by_group = |(group, _): &(String, Measurement)| group.clone();
    let held_out = vec![
        held_out("model", &measurements, &by_model),
        held_out("chip", &measurements, &by_chip),
        held_out(
            "group (model, chip, format, engine)",
            &measurements,
            &by_group,
        ),
    ];
    Validation {
        points: tables.points.evaluate(library, &calibration),
        points_left_out,
        measured: tables.measured.evaluate(library, &calibration),
        calibration,
        runs,
        held_out,
    }
}

type Labelled<'a> = (String, Measurement<'a>);

fn held_out(by: &'static str, rows: &[Labelled], label: &dyn Fn(&Labelled) -> String) -> HeldOut {
    let labels: Vec<String> = rows.iter().map(label).collect();
    let distinct: BTreeSet<&String> = labels.iter().collect();
    let mut ratios = Vec::new();
    for held in distinct {
        let is_held = |(other, _): &(&String, &Labelled)| *other == held;
        let (inside, outside): (Vec<_>, Vec<_>) = labels.iter().zip(rows).partition(is_held);
        let outside: Vec<Measurement> = outside.into_iter().map(|(_, (_, row))| *row).collect();
        let constants = calibrate::fit(&outside);
        for (_, (_, row)) in inside {
            if let Some(tpot) = row.predict(&constants) {
                ratios.push((held.clone(), tpot / row.tpot));
            }
        }
    }
    HeldOut { by, ratios }
}
