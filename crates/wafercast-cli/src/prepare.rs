//! From what was typed to a checked scenario: the steps that all commands on scenarios share.

use wafercast::check::{CheckOptions, check};
use wafercast::diagnostic::{Diagnostic, Severity, has_errors};
use wafercast::document::Document;
use wafercast::facts::FactBase;
use wafercast::load::{Limits, Override, load};
use wafercast::scenario::{Allocation, Scenario};
use wafercast::source_map::SourceMap;
use wafercast::time::Date;
use wafercast_compute::link;

use crate::arguments::Changes;
use crate::console::{HINT, styled};
use crate::failure::Failure;
use crate::scenario_files::ScenarioFiles;
use crate::{compute_layer, console, diagnostics_text, fab_line, fact_base};

/// A scenario as far as it could be read, with everything that was said about it.
#[derive(Debug)]
pub struct Checked {
    /// Its files.
    pub files: ScenarioFiles,
    /// The fact files, name and text.
    pub fact_files: Vec<(String, String)>,
    /// The files of the compute layer, name and text, where the scenario uses it.
    pub compute_files: Vec<(String, String)>,
    /// The facts.
    pub facts: FactBase,
    /// The texts.
    pub sources: SourceMap,
    /// The scenario as written, merged.
    pub document: Document,
    /// The scenario, if it has no errors.
    pub scenario: Option<Scenario>,
    /// What is wrong or worth knowing, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// A scenario that can be simulated.
#[derive(Debug)]
pub struct Prepared {
    /// Its files.
    pub files: ScenarioFiles,
    /// The fact files, name and text.
    pub fact_files: Vec<(String, String)>,
    /// The files of the compute layer, name and text, where the scenario uses it.
    pub compute_files: Vec<(String, String)>,
    /// The facts.
    pub facts: FactBase,
    /// The texts.
    pub sources: SourceMap,
    /// The scenario as written, merged.
    pub document: Document,
    /// The scenario.
    pub scenario: Scenario,
}

impl Prepared {
    /// The scenario with every fact known, whatever `--as-of` says; itself if it cannot be had.
    pub fn complete(&self) -> Scenario {
        let options = CheckOptions { as_of: None };
        let complete = check(&self.document, &self.facts, &options).scenario;
        complete.unwrap_or_else(|| self.scenario.clone())
    }

    /// The scenario as it was known on a day. Errors are shown on standard error.
    pub fn as_known(&self, as_of: Date) -> Result<Scenario, Failure> {
        let options = CheckOptions { as_of: Some(as_of) };
        let checked = check(&self.document, &self.facts, &options);
        checked.scenario.ok_or_else(|| {
            let errors: Vec<&Diagnostic> = checked
                .diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.severity == Severity::Error)
                .collect();
            let text = diagnostics_text::render(
                &errors,
                &self.sources,
                self.files.shown_prefix(),
                console::width(),
            );
            console::say(&format!("as of {as_of}:\n{}", text.trim_end()));
            Failure::Scenario
        })
    }
}

/// A scenario that is analysed. Analyses take thousands of draws for every answer, so that they share parts out by tiers
/// and weights; where the scenario asks for plans, that is said.
pub fn analysed(given: &str, changes: &Changes) -> Result<Prepared, Failure> {
    let prepared = prepared(given, changes)?;
    say_if_planned(&prepared);
    Ok(prepared)
}

/// Says that an analysis does not plan, where the scenario asks for it.
pub fn say_if_planned(prepared: &Prepared) {
    if prepared.scenario.run.allocation == Allocation::Optimal {
        console::say(&format!(
            "{}: analyses share parts out by tiers and weights; `run.allocation = \"optimal\"` counts in `wafercast run`, `claims` and `compare`",
            styled(HINT, "note")
        ));
    }
}

/// Reads and checks a scenario. Problems of the scenario are in the result, not failures.
pub fn checked(given: &str, changes: &Changes) -> Result<Checked, Failure> {
    let files = ScenarioFiles::find(given)?;
    checked_files(files, changes)
}

/// Like [`checked`], of files already found.
pub fn checked_files(files: ScenarioFiles, changes: &Changes) -> Result<Checked, Failure> {
    let overrides = overrides(&changes.set)?;
    let as_of = changes.as_of.as_deref().map(date).transpose()?;
    let fact_files = files.fact_files(changes.facts.as_deref())?;
    let (facts, problems) = FactBase::parse(&fact_files);
    let loaded = load(files.main(), &files, &overrides, &Limits::default());
    let mut compute_files = Vec::new();
    let mut diagnostics = loaded.diagnostics;
    let mut sources = loaded.sources;
    let mut document = loaded.document;
    let mut scenario = None;
    if !has_errors(&diagnostics) && link::is_needed(&document) {
        compute_files = files.compute_files()?;
        let layer = compute_layer::read(&compute_files)?;
        diagnostics.extend(layer.complete(&mut document));
    }
    // A document with holes would be blamed for what stands in the holes.
    if !has_errors(&diagnostics) {
        let options = CheckOptions { as_of };
        let context = fab_line::Context {
            files: &files,
            main: files.main(),
            facts: &facts,
            options: &options,
        };
        fab_line::resolve(&mut document, context, &mut sources, &mut diagnostics)?;
        if !has_errors(&diagnostics) {
            let result = check(&document, &facts, &options);
            scenario = result.scenario;
            diagnostics.extend(result.diagnostics);
        }
    }
    fact_base::report_problems(&problems, &fact_files, &mut sources, &mut diagnostics);
    wafercast::diagnostic::sort(&mut diagnostics);
    if has_errors(&diagnostics) {
        scenario = None;
    }
    Ok(Checked {
        files,
        fact_files,
        compute_files,
        facts,
        sources,
        document,
        scenario,
        diagnostics,
    })
}

/// Reads and checks a scenario to simulate it. Errors and warnings are shown on standard error.
pub fn prepared(given: &str, changes: &Changes) -> Result<Prepared, Failure> {
    checked(given, changes)?.or_say_why()
}

impl Checked {
    /// The scenario to simulate. Errors and warnings are shown on standard error; notes are for `wafercast check`.
    pub fn or_say_why(self) -> Result<Prepared, Failure> {
        let serious: Vec<&Diagnostic> = self
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity != Severity::Note)
            .collect();
        if !serious.is_empty() {
            let text = self.render(&serious);
            console::say(text.trim_end());
            console::say("");
        }
        match self.scenario {
            Some(scenario) => Ok(Prepared {
                files: self.files,
                fact_files: self.fact_files,
                compute_files: self.compute_files,
                facts: self.facts,
                sources: self.sources,
                document: self.document,
                scenario,
            }),
            None => Err(Failure::Scenario),
        }
    }

    /// Some of the diagnostics, as text.
    pub fn render(&self, diagnostics: &[&Diagnostic]) -> String {
        diagnostics_text::render(
            diagnostics,
            &self.sources,
            self.files.shown_prefix(),
            console::width(),
        )
    }
}

/// A date of the command line.
pub fn date(text: &str) -> Result<Date, Failure> {
    Date::parse(text).map_err(|_| {
        Failure::usage(
            format!("`{text}` is not a date"),
            "write it as 2025-09-01, 2025-09 or 2025",
        )
    })
}

fn overrides(set: &[String]) -> Result<Vec<Override>, Failure> {
    set.iter()
        .map(|text| {
            text.parse::<Override>().map_err(|error| {
                Failure::usage(
                    error.to_string(),
                    "`--set` takes NAME=VALUE; quote it for the shell: --set 'fab.a.phase[0].delay=\"6 months\"'",
                )
            })
        })
        .collect()
}
