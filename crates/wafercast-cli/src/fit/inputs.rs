//! The shipped chips, models, prices and constants, and the files that a user adds.

use std::path::{Path, PathBuf};

use wafercast::diagnostic::{Diagnostic, has_errors};
use wafercast::source_map::SourceMap;
use wafercast_compute::calibration::Calibration;
use wafercast_compute::library::{Library, Unknown};
use wafercast_compute::price::{self, Price};

use crate::console;
use crate::diagnostics_text;
use crate::failure::Failure;
use crate::shipped;

/// Files of a library may be as large as scenarios; tables of rows larger.
const MOST_BYTES: u64 = 2 << 20;
const MOST_TABLE_BYTES: u64 = 64 << 20;

/// All that an answer rests on.
#[derive(Debug)]
pub struct Inputs {
    /// Chips and models.
    pub library: Library,
    /// Fitted constants.
    pub calibration: Calibration,
    /// Rents.
    pub prices: Vec<Price>,
    /// Prices of chips.
    pub capex: Vec<Capex>,
}

/// What a chip is bought for.
#[derive(Debug, Clone, PartialEq)]
pub struct Capex {
    /// Key of the chip.
    pub chip: String,
    /// USD, least and greatest.
    pub usd: (f64, f64),
    /// When.
    pub date: String,
}

impl Inputs {
    /// Reads everything. Problems of the user's files are shown, all of them.
    ///
    /// # Errors
    /// If a file cannot be read or has errors.
    pub fn read(files: &[PathBuf]) -> Result<Inputs, Failure> {
        let library = library(files)?;
        let calibration = calibration()?;
        let (prices, _) = price::read(&shipped_text("prices.csv")?, &library);
        let capex = capex(&shipped_text("capex.csv")?, &library);
        Ok(Inputs {
            library,
            calibration,
            prices,
            capex,
        })
    }
}

/// The library: the shipped files, then the user's.
///
/// # Errors
/// If a file cannot be read or has errors.
pub fn library(files: &[PathBuf]) -> Result<Library, Failure> {
    let mut sources = SourceMap::new();
    for name in ["sources.toml", "chips.toml", "models.toml"] {
        sources.add(name, shipped_text(name)?);
    }
    for path in files {
        sources.add(path.display().to_string(), read_text(path, MOST_BYTES)?);
    }
    let mut library = Library::default();
    let diagnostics = library.read(&sources);
    if !diagnostics.is_empty() {
        let all: Vec<&Diagnostic> = diagnostics.iter().collect();
        console::say(diagnostics_text::render(&all, &sources, "", console::width()).trim_end());
    }
    if has_errors(&diagnostics) {
        return Err(Failure::Library);
    }
    Ok(library)
}

/// The shipped constants.
///
/// # Errors
/// If they are damaged, which a test excludes.
pub fn calibration() -> Result<Calibration, Failure> {
    let mut sources = SourceMap::new();
    sources.add("calibration.toml", shipped_text("calibration.toml")?);
    let (calibration, _) = Calibration::read(&sources);
    calibration.ok_or_else(|| damaged("calibration.toml"))
}

fn damaged(name: &str) -> Failure {
    Failure::Damaged {
        path: Path::new("scenarios/compute").join(name),
        problem: "is missing from this build, or damaged".into(),
        hint: "build wafercast again from a clean checkout".into(),
    }
}

fn shipped_text(name: &str) -> Result<String, Failure> {
    shipped::read(&format!("compute/{name}"))
        .and_then(|bytes| String::from_utf8(bytes.into_owned()).ok())
        .ok_or_else(|| damaged(name))
}

/// A file as text.
fn read_text(path: &Path, most: u64) -> Result<String, Failure> {
    let size = std::fs::metadata(path)
        .map_err(|cause| Failure::file("read", path, cause))?
        .len();
    if size > most {
        return Err(Failure::Damaged {
            path: path.to_owned(),
            problem: format!("has {size} bytes; at most {most} are read"),
            hint: "is it the right file?".into(),
        });
    }
    std::fs::read_to_string(path).map_err(|cause| Failure::file("read", path, cause))
}

/// A table of rows as text.
///
/// # Errors
/// If it cannot be read, is too large or not UTF-8.
pub fn read_table(path: &Path) -> Result<String, Failure> {
    read_text(path, MOST_TABLE_BYTES)
}

/// A name that is not in the library, as a failure with its remedy.
pub fn unknown(unknown: &Unknown) -> Failure {
    let hint = match &unknown.nearest {
        Some(nearest) => format!(
            "did you mean `{nearest}`? `wafercast fit --list` shows all {}s",
            unknown.kind
        ),
        None => format!(
            "`wafercast fit --list` shows all {}s; `--library FILE` adds yours",
            unknown.kind
        ),
    };
    Failure::usage(
        format!("there is no {} `{}`", unknown.kind, unknown.name),
        hint,
    )
}

fn capex(text: &str, library: &Library) -> Vec<Capex> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader
        .records()
        .filter_map(|record| {
            let record = record.ok()?;
            let chip = library.chip(record.get(0)?).ok()?;
            let number = |at: usize| record.get(at)?.parse::<f64>().ok();
            Some(Capex {
                chip: chip.id.clone(),
                date: record.get(2)?.to_owned(),
                usd: (number(3)?, number(4)?),
            })
        })
        .collect()
}
