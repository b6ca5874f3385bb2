//! The compute layer of a scenario, from its files.

use std::path::PathBuf;

use wafercast::diagnostic::{Diagnostic, has_errors};
use wafercast::source_map::SourceMap;
use wafercast_compute::calibration::Calibration;
use wafercast_compute::library::Library;
use wafercast_compute::link::Layer;
use wafercast_compute::price;

use crate::console;
use crate::diagnostics_text;
use crate::failure::Failure;

/// Reads the files of a compute layer, name and text: one of constants, any number of chips and models (a later one in
/// place of an earlier of the same key) and of prices.
///
/// # Errors
/// If one has errors, which are shown on standard error, or the constants are missing.
pub fn read(files: &[(String, String)]) -> Result<Layer, Failure> {
    let mut library = Library::default();
    let mut constants = None;
    let mut texts = SourceMap::new();
    for (name, text) in files {
        if name.ends_with("/calibration.toml") {
            let mut sources = SourceMap::new();
            sources.add(name, text);
            let (calibration, diagnostics) = Calibration::read(&sources);
            show(&diagnostics, &sources);
            constants = calibration;
        } else if name.ends_with(".toml") {
            texts.add(name, text);
        }
    }
    let diagnostics = library.read(&texts);
    show(&diagnostics, &texts);
    if has_errors(&diagnostics) {
        return Err(Failure::Library);
    }
    let Some(calibration) = constants else {
        return Err(Failure::Damaged {
            path: PathBuf::from("compute/calibration.toml"),
            problem: "is missing, or damaged".into(),
            hint: "take the one that is part of wafercast".into(),
        });
    };
    let mut prices = Vec::new();
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".csv")) {
        let (good, bad) = price::read(text, &library);
        for row in bad {
            console::say(&format!(
                "warning: {name}, row {}: {}; the row is left out",
                row.row, row.problem
            ));
        }
        prices.extend(good);
    }
    Ok(Layer {
        library,
        calibration,
        prices,
    })
}

fn show(diagnostics: &[Diagnostic], sources: &SourceMap) {
    if !diagnostics.is_empty() {
        let all: Vec<&Diagnostic> = diagnostics.iter().collect();
        console::say(diagnostics_text::render(&all, sources, "", console::width()).trim_end());
    }
}
