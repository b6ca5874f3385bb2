//! The shipped library, and tables that may lie beside the workspace.
#![allow(dead_code, reason = "each test uses a part")]

use std::path::Path;

use wafercast::source_map::SourceMap;
use wafercast_compute::calibration::Calibration;
use wafercast_compute::library::Library;

/// A file below `scenarios/compute`.
pub fn shipped(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../scenarios/compute")
        .join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}

/// A table of `../shared/data`; says so where it is not there.
pub fn shared(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: there is no {}", path.display());
    }
    text
}

/// The shipped chips and models, without a single diagnostic.
pub fn library() -> Library {
    let mut sources = SourceMap::new();
    for name in ["sources.toml", "chips.toml", "models.toml"] {
        sources.add(name, shipped(name));
    }
    let mut library = Library::default();
    let diagnostics = library.read(&sources);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    library
}

/// The shipped constants.
pub fn shipped_calibration() -> Calibration {
    let mut sources = SourceMap::new();
    sources.add("calibration.toml", shipped("calibration.toml"));
    let (calibration, diagnostics) = Calibration::read(&sources);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    calibration.unwrap_or_else(|| panic!("calibration.toml is incomplete"))
}
