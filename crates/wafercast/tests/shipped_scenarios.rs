//! Every scenario in `scenarios/` loads and checks without an error.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/disk.rs"]
mod disk;
#[path = "support/fact_base.rs"]
mod fact_base;

use std::path::Path;

use wafercast::check::{CheckOptions, check};
use wafercast::diagnostic::wire::to_wire;
use wafercast::diagnostic::{Diagnostic, Severity};
use wafercast::load::{Limits, load};
use wafercast::source_map::SourceMap;

#[test]
fn shipped_scenarios_are_sound() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let facts = fact_base::facts(&scenarios.join("facts"));
    let mut checked = 0;
    for entry in std::fs::read_dir(&scenarios).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.join("scenario.toml").exists() {
            continue;
        }
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let reader = disk::Disk(scenarios.clone());
        let loaded = load(
            &format!("{name}/scenario.toml"),
            &reader,
            &[],
            &Limits::default(),
        );
        let result = check(&loaded.document, &facts, &CheckOptions::default());
        let problems = listing(&loaded.diagnostics, &loaded.sources)
            + &listing(&result.diagnostics, &loaded.sources);
        assert!(result.scenario.is_some(), "{name}:\n{problems}");
        assert!(loaded.diagnostics.is_empty(), "{name}:\n{problems}");
        checked += 1;
    }
    assert!(checked > 0, "no scenario in {}", scenarios.display());
}

/// One line for each diagnostic that is not a note.
fn listing(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity != Severity::Note)
        .map(|diagnostic| {
            let wire = to_wire(diagnostic, sources);
            format!(
                "{}:{}:{} {} {} {} (help: {})\n",
                wire.file,
                wire.line,
                wire.column,
                wire.severity,
                wire.code,
                wire.message,
                wire.help.unwrap_or_default()
            )
        })
        .collect()
}
