//! From text to numbers: what every law starts with.

use std::path::PathBuf;
use std::sync::OnceLock;

use wafercast::check::{CheckOptions, Checked, check};
use wafercast::compile::compile;
use wafercast::diagnostic::wire::to_wire;
use wafercast::diagnostic::{Diagnostic, Severity};
use wafercast::facts::FactBase;
use wafercast::load::{Limits, Loaded, Override, ReadError, Reader, load};
use wafercast::plan::Plan;
use wafercast::scenario::{Design, Scenario};
use wafercast::simulate::{Results, Sampling, Simulation};
use wafercast::summarize::{RunContext, summarize};
use wafercast::summary::{Stats, Summary};
use wafercast::tally::Tally;
use wafercast::time::Date;

use crate::disk::Disk;
use crate::fact_base;

/// The shipped scenarios.
pub fn scenarios() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

/// The shipped fact base, read once.
pub fn facts() -> &'static FactBase {
    static FACTS: OnceLock<FactBase> = OnceLock::new();
    FACTS.get_or_init(|| fact_base::facts(&scenarios().join("facts")))
}

/// One file in memory.
struct Text<'a>(&'a str);

impl Reader for Text<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match path {
            "scenario.toml" => Ok(self.0.as_bytes().to_vec()),
            _ => Err(ReadError::NotFound),
        }
    }
}

/// Files on disk, one of them with more at its end.
struct Longer<'a> {
    disk: Disk,
    path: &'a str,
    tables: &'a str,
}

impl Reader for Longer<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let mut text = self.disk.read(path)?;
        if path == self.path {
            text.push(b'\n');
            text.extend_from_slice(self.tables.as_bytes());
        }
        Ok(text)
    }
}

/// A scenario that was checked and compiled.
pub struct Model {
    pub scenario: Scenario,
    pub plan: Plan,
    loaded: Loaded,
}

/// Overrides from `path=value`.
pub fn overrides(texts: &[String]) -> Vec<Override> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// Loads and checks a shipped scenario.
pub fn check_shipped(
    name: &str,
    set: &[String],
    as_of: Option<Date>,
    facts: &FactBase,
) -> (Loaded, Checked) {
    let path = format!("{name}/scenario.toml");
    let loaded = load(
        &path,
        &Disk(scenarios()),
        &overrides(set),
        &Limits::default(),
    );
    let checked = check(&loaded.document, facts, &CheckOptions { as_of });
    (loaded, checked)
}

impl Model {
    /// A scenario in one text. Panics with the diagnostics where it is not valid.
    pub fn from_text(text: &str) -> Model {
        Model::try_from_text(text).unwrap_or_else(|listing| panic!("{listing}\n{text}"))
    }

    /// A scenario in one text, or what is wrong with it.
    pub fn try_from_text(text: &str) -> Result<Model, String> {
        let loaded = load("scenario.toml", &Text(text), &[], &Limits::default());
        let checked = check(&loaded.document, facts(), &CheckOptions::default());
        Model::new(loaded, checked)
    }

    /// A shipped scenario.
    pub fn shipped(name: &str, as_of: Option<Date>) -> Model {
        let (loaded, checked) = check_shipped(name, &[], as_of, facts());
        Model::new(loaded, checked).unwrap_or_else(|listing| panic!("{name}: {listing}"))
    }

    /// A shipped scenario with further tables at the end of its main file.
    pub fn shipped_with(name: &str, tables: &str) -> Model {
        let path = format!("{name}/scenario.toml");
        let reader = Longer {
            disk: Disk(scenarios()),
            path: &path,
            tables,
        };
        let loaded = load(&path, &reader, &[], &Limits::default());
        let checked = check(&loaded.document, facts(), &CheckOptions::default());
        Model::new(loaded, checked).unwrap_or_else(|listing| panic!("{name}: {listing}"))
    }

    fn new(loaded: Loaded, checked: Checked) -> Result<Model, String> {
        let mut diagnostics = loaded.diagnostics.clone();
        diagnostics.extend(checked.diagnostics);
        match checked.scenario {
            Some(scenario) if !wafercast::diagnostic::has_errors(&diagnostics) => Ok(Model {
                plan: compile(&scenario),
                scenario,
                loaded,
            }),
            _ => Err(listing(&diagnostics, &loaded)),
        }
    }

    /// Sampling by Latin hypercube.
    pub fn simulation(&self, draws: u64, seed: u64) -> Simulation<'_> {
        self.designed(draws, seed, Design::Lhs)
    }

    /// Sampling by a design.
    pub fn designed(&self, draws: u64, seed: u64, design: Design) -> Simulation<'_> {
        let sampling = Sampling {
            draws,
            seed,
            design,
        };
        Simulation::new(&self.plan, sampling)
    }

    /// The results of the first eight of as many draws.
    pub fn first_group(&self, seed: u64) -> Results {
        let mut results = Results::new(&self.plan);
        self.simulation(8, seed).group(0, &mut results);
        results
    }

    /// The summary of a tally.
    pub fn summary_of(&self, tally: &Tally, sampling: Sampling) -> Summary {
        let context = RunContext {
            scenario_name: "laws".to_owned(),
            command: "cargo test".to_owned(),
            set: Vec::new(),
            sampling,
        };
        summarize(
            &self.plan,
            &self.scenario,
            facts(),
            &self.loaded.sources,
            tally,
            &context,
        )
    }

    /// The summary of a run.
    pub fn summary(&self, draws: u64, seed: u64) -> Summary {
        let simulation = self.simulation(draws, seed);
        self.summary_of(&simulation.tally(0..draws), simulation.sampling())
    }

    /// Index of an accelerator.
    pub fn accelerator(&self, id: &str) -> usize {
        let found = self.scenario.accelerators.iter().position(|a| a.id == id);
        found.unwrap_or_else(|| panic!("no accelerator {id}"))
    }

    /// Index of a part: dies first, then memories.
    pub fn part(&self, id: &str) -> usize {
        let dies = self.scenario.dies.iter().map(|d| &d.id);
        let memories = self.scenario.memories.iter().map(|m| &m.id);
        let found = dies.chain(memories).position(|part| part == id);
        found.unwrap_or_else(|| panic!("no part {id}"))
    }

    /// Units of an accelerator delivered in each month of the first draw, at a depth (0 designed, 1 fabricated, 2 fully).
    pub fn delivered(&self, results: &Results, id: &str, depth: usize) -> Vec<f64> {
        let k = self.accelerator(id);
        let months = 0..self.plan.months;
        months
            .map(|m| results.delivered_of(k, m, 0)[depth])
            .collect()
    }

    /// Packages of an accelerator started in each month of the first draw, over its bills of materials.
    pub fn started(&self, results: &Results, id: &str) -> Vec<f64> {
        let items = self.plan.accelerators[self.accelerator(id)].items.clone();
        let months = 0..self.plan.months;
        let started = |m| items.clone().map(|j| results.builds_of(j, m, 0)).sum();
        months.map(started).collect()
    }
}

/// One line for each error and warning.
fn listing(diagnostics: &[Diagnostic], loaded: &Loaded) -> String {
    let mut lines = String::new();
    for diagnostic in diagnostics.iter().filter(|d| d.severity != Severity::Note) {
        let wire = to_wire(diagnostic, &loaded.sources);
        let (file, line, code) = (wire.file, wire.line, wire.code);
        lines += &format!("{file}:{line} {code} {}\n", wire.message);
    }
    lines
}

/// A series of a summary.
pub fn stats(
    summary: &Summary,
    metric: &str,
    of: &str,
    depth: Option<&str>,
    period: &str,
) -> Stats {
    let found = summary.series.iter().find(|s| {
        s.metric == metric && s.of == of && s.depth.as_deref() == depth && s.period == period
    });
    found
        .unwrap_or_else(|| panic!("no series {metric} {of} {depth:?} {period}"))
        .stats
}

/// The numbers of a distribution, all of them.
pub fn numbers(stats: &Stats) -> [f64; 11] {
    [
        stats.mean,
        stats.p025,
        stats.p05,
        stats.p10,
        stats.p25,
        stats.p50,
        stats.p75,
        stats.p90,
        stats.p95,
        stats.p975,
        stats.mean_se,
    ]
}

/// Fails unless two numbers agree to a relative (below 1: absolute) error of `1e-9`.
#[track_caller]
pub fn assert_close(found: f64, expected: f64, what: &str) {
    let tolerance = 1e-9 * expected.abs().max(1.0);
    assert!(
        (found - expected).abs() <= tolerance,
        "{what}: {found}, expected {expected}"
    );
}

/// [`assert_close`] for months in a row.
#[track_caller]
pub fn assert_all_close(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (m, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert_close(*found, *expected, &format!("{what}, month {m}"));
    }
}
