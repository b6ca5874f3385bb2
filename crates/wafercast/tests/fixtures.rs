//! The scenario suite: each file of `fixtures/bad` (or folder with a `scenario.toml`) is a scenario with the diagnostics
//! it must raise as comments on the line, and each of `fixtures/good` one that raises none.
//!
//! - `… #~ WF0102 a part of the message` expects an error or warning on this line; on a line of its own it speaks of the
//!   last line that is not such a comment. Notes may be expected; those that are not are ignored.
//! - `#: --set fab.x.delay="6 months"` overrides, `#: as_of 2024-01-01` sets the day of knowledge.
//! - `#~--set WF0106 …` expects a diagnostic in the overrides.
//! - `#~anywhere WF0007 …` expects one wherever it is.
//!
//! Most fixtures are overlays of `base.toml`, so that they show only what is wrong.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/disk.rs"]
mod disk;
#[path = "support/fact_base.rs"]
mod fact_base;

use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use wafercast::check::{CheckOptions, check};
use wafercast::diagnostic::wire::{WireDiagnostic, to_wire};
use wafercast::facts::FactBase;
use wafercast::load::{Limits, Override, load};
use wafercast::time::Date;

/// A diagnostic that a fixture expects.
#[derive(Debug)]
struct Expected {
    /// Name of the file, and line; `None`: anywhere in it.
    file: Option<String>,
    line: Option<usize>,
    code: String,
    part: String,
}

/// What a fixture says about itself.
#[derive(Debug, Default)]
struct Fixture {
    expected: Vec<Expected>,
    overrides: Vec<Override>,
    as_of: Option<Date>,
}

impl Fixture {
    fn read(&mut self, name: &str, text: &str) {
        let mut last = 1;
        for (index, line) in text.lines().enumerate() {
            let is_own_line = line.trim_start().starts_with("#~");
            if !is_own_line {
                last = index + 1;
            }
            if let Some(setting) = line.strip_prefix("#: ") {
                self.setting(setting);
            }
            for mark in line.split("#~").skip(1) {
                let (file, line, mark) = if let Some(rest) = mark.strip_prefix("--set") {
                    (Some("--set".to_owned()), None, rest)
                } else if let Some(rest) = mark.strip_prefix("anywhere") {
                    (None, None, rest)
                } else {
                    (Some(name.to_owned()), Some(last), mark)
                };
                let (code, part) = mark.trim().split_once(' ').unwrap_or((mark.trim(), ""));
                self.expected.push(Expected {
                    file,
                    line,
                    code: code.to_owned(),
                    part: part.trim().to_owned(),
                });
            }
        }
    }

    fn setting(&mut self, setting: &str) {
        if let Some(text) = setting.strip_prefix("--set ") {
            self.overrides.push(text.parse().unwrap());
        } else if let Some(text) = setting.strip_prefix("as_of ") {
            self.as_of = Some(Date::parse(text).unwrap());
        } else {
            panic!("unknown setting `{setting}`");
        }
    }
}

impl Expected {
    fn matches(&self, found: &WireDiagnostic) -> bool {
        self.code == found.code
            && self.file.as_ref().is_none_or(|file| *file == found.file)
            && self.line.is_none_or(|line| line == found.line)
            && (found.message.contains(&self.part)
                || found
                    .help
                    .as_ref()
                    .is_some_and(|help| help.contains(&self.part)))
    }
}

/// Runs one fixture; an error lists everything that is missing and everything that is too much.
fn run(folder: &Path, main: &str, facts: &FactBase) -> Result<(), Failed> {
    let mut fixture = Fixture::default();
    for file in toml_files(folder, main) {
        let bytes = std::fs::read(folder.join(&file))?;
        fixture.read(&file, &String::from_utf8_lossy(&bytes));
    }
    let reader = disk::Disk(folder.to_owned());
    let loaded = load(main, &reader, &fixture.overrides, &Limits::default());
    let mut found = loaded.diagnostics.clone();
    if !wafercast::diagnostic::has_errors(&found) {
        let options = CheckOptions {
            as_of: fixture.as_of,
        };
        let checked = check(&loaded.document, facts, &options);
        let is_sound = !wafercast::diagnostic::has_errors(&checked.diagnostics);
        if is_sound != checked.scenario.is_some() {
            return Err("a scenario must be there if and only if there is no error".into());
        }
        found.extend(checked.diagnostics);
    }
    let mut found: Vec<WireDiagnostic> = found
        .iter()
        .map(|diagnostic| to_wire(diagnostic, &loaded.sources))
        .collect();
    let mut complaints = String::new();
    for expected in &fixture.expected {
        match found.iter().position(|found| expected.matches(found)) {
            Some(index) => {
                found.remove(index);
            }
            None => complaints += &format!("missing: {expected:?}\n"),
        }
    }
    for found in found.iter().filter(|found| found.severity != "note") {
        complaints += &format!(
            "unexpected: {}:{}:{} {} {} (help: {:?})\n",
            found.file, found.line, found.column, found.code, found.message, found.help
        );
    }
    if complaints.is_empty() {
        Ok(())
    } else {
        Err(complaints.into())
    }
}

/// The main file, and for a folder all files in it.
fn toml_files(folder: &Path, main: &str) -> Vec<String> {
    let Some((inner, _)) = main.rsplit_once('/') else {
        return vec![main.to_owned()];
    };
    let Some((kind, name)) = inner.split_once('/') else {
        return vec![main.to_owned()];
    };
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(kind).join(name)];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(folder.join(&next)).unwrap() {
            let entry = entry.unwrap();
            let path = next.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else {
                files.push(path.to_string_lossy().into_owned());
            }
        }
    }
    files.sort();
    files
}

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let facts = std::sync::Arc::new(fact_base::facts(&folder));
    let mut trials = Vec::new();
    for kind in ["bad", "good"] {
        for entry in std::fs::read_dir(folder.join(kind)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            let main = if entry.file_type().unwrap().is_dir() {
                format!("{kind}/{name}/scenario.toml")
            } else {
                format!("{kind}/{name}")
            };
            let (folder, facts) = (folder.clone(), facts.clone());
            trials.push(Trial::test(format!("{kind}::{name}"), move || {
                let text = std::fs::read(folder.join(&main))?;
                let expects = toml_files(&folder, &main).iter().any(|file| {
                    std::fs::read(folder.join(file)).is_ok_and(|text| contains(&text, b"#~"))
                });
                if main.starts_with("bad") && !expects && !contains(&text, b"#~") {
                    return Err("a bad fixture expects at least one diagnostic".into());
                }
                run(&folder, &main, &facts)
            }));
        }
    }
    trials.sort_by(|a, b| a.name().cmp(b.name()));
    libtest_mimic::run(&arguments, trials).exit();
}

fn contains(text: &[u8], mark: &[u8]) -> bool {
    text.windows(mark.len()).any(|window| window == mark)
}
