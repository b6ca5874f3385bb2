//! Scenarios in tests and benchmarks: shipped ones from disk, small ones from text.

#![allow(dead_code, reason = "not every test needs all of it")]

use std::collections::BTreeMap;
use std::path::Path;

use wafercast::check::{CheckOptions, check};
use wafercast::compile::compile;
use wafercast::facts::FactBase;
use wafercast::load::{Limits, Override, ReadError, Reader, load};
use wafercast::plan::Plan;
use wafercast::scenario::Scenario;
use wafercast::source_map::SourceMap;

/// A scenario, ready to be planned.
pub struct Shipped {
    pub scenario: Scenario,
    pub plan: Plan,
    pub sources: SourceMap,
}

struct Scenarios;

impl Reader for Scenarios {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
        std::fs::read(folder.join(path)).map_err(|error| ReadError::Other(error.to_string()))
    }
}

/// A scenario of the folder `scenarios`.
pub fn shipped(name: &str) -> Shipped {
    shipped_with(name, &[])
}

/// The same with overrides.
pub fn shipped_with(name: &str, set: &[&str]) -> Shipped {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/facts");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("the fact base")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "csv"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a fact file");
            (path.display().to_string(), text)
        })
        .collect();
    files.sort();
    let (facts, _) = FactBase::parse(&files);
    let overrides: Vec<Override> = set
        .iter()
        .map(|text| text.parse().expect("an override"))
        .collect();
    let main = format!("{name}/scenario.toml");
    ready(&main, &Scenarios, &overrides, &facts)
}

/// A scenario from text.
pub fn from_text(text: &str) -> Shipped {
    let files = BTreeMap::from([("scenario.toml".to_owned(), text.to_owned())]);
    ready("scenario.toml", &files, &[], &FactBase::default())
}

fn ready(main: &str, reader: &dyn Reader, set: &[Override], facts: &FactBase) -> Shipped {
    let loaded = load(main, reader, set, &Limits::default());
    let checked = check(&loaded.document, facts, &CheckOptions::default());
    let problems = (loaded.diagnostics, checked.diagnostics);
    let scenario = checked
        .scenario
        .unwrap_or_else(|| panic!("a scenario without errors, not {problems:?}"));
    Shipped {
        plan: compile(&scenario),
        scenario,
        sources: loaded.sources,
    }
}
