//! The generated pages are up to date, and every diagnostic code is documented, raised and shown by a fixture.
//! `WAFERCAST_BLESS=1` writes the pages anew.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use wafercast::diagnostic::codes;
use wafercast::fields::{reference, schema};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn up_to_date(file: &str, text: &str) {
    let path = root().join("docs/reference").join(file);
    if std::env::var_os("WAFERCAST_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == text,
        "docs/reference/{file} is out of date: run WAFERCAST_BLESS=1 cargo test -p wafercast --test reference"
    );
}

#[test]
fn the_language_page_is_up_to_date() {
    up_to_date("scenario-language.md", &reference::markdown());
}

#[test]
fn the_diagnostics_page_is_up_to_date() {
    up_to_date("diagnostics.md", &reference::diagnostics());
}

#[test]
fn the_schema_is_up_to_date() {
    let text = serde_json::to_string_pretty(&schema::schema()).unwrap();
    up_to_date("scenario.schema.json", &(text + "\n"));
}

/// Codes in double quotes in the sources of the crate, and which of them are constants of the table.
fn codes_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_in(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for (at, _) in text.match_indices("\"WF") {
                let code = &text[at + 1..(at + 7).min(text.len())];
                if code[2..].bytes().all(|byte| byte.is_ascii_digit()) {
                    found.insert(code.to_owned());
                }
            }
        }
    }
}

#[test]
fn every_code_that_is_raised_has_one_page() {
    let mut pages: BTreeMap<&str, usize> = BTreeMap::new();
    for page in codes::pages() {
        *pages.entry(page.code.0).or_default() += 1;
        for text in [page.title, page.explanation, page.wrong, page.right] {
            assert!(!text.trim().is_empty(), "{} has an empty page", page.code);
        }
        assert_ne!(page.wrong, page.right, "{}", page.code);
        assert_eq!(codes::explain(page.code.0), Some(page));
    }
    let twice: Vec<_> = pages.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let mut raised = BTreeSet::new();
    codes_in(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut raised,
    );
    let missing: Vec<_> = raised
        .iter()
        .filter(|code| !pages.contains_key(code.as_str()))
        .collect();
    assert!(missing.is_empty(), "no page for {missing:?}");
}

#[test]
fn every_code_has_a_fixture() {
    /// Codes that no scenario file can show, and where they are tested instead.
    const ELSEWHERE: [(&str, &str); 10] = [
        ("WF0015", "load::errors_are_limited"),
        ("WF0003", "load::limits_hold"),
        ("WF0005", "load::limits_hold"),
        ("WF0006", "load::limits_hold"),
        (
            "WF0410",
            "the periods of expressions are WF0806; tested with the time axis",
        ),
        (
            "WF0611",
            "the engine simulates no fab; tested with the command",
        ),
        ("WF0510", "tested with the fact base"),
        ("WF0511", "tested with the fact base"),
        ("WF0512", "tested with the fact base"),
        ("WF0513", "tested with the fact base"),
    ];
    let mut shown = String::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                shown += &String::from_utf8_lossy(&std::fs::read(&path).unwrap());
            }
        }
    }
    let missing: Vec<_> = codes::pages()
        .map(|page| page.code.0)
        .filter(|code| {
            !["#~ ", "#~--set ", "#~anywhere "]
                .iter()
                .any(|mark| shown.contains(&format!("{mark}{code}")))
                && !ELSEWHERE.iter().any(|(elsewhere, _)| elsewhere == code)
        })
        .collect();
    assert!(missing.is_empty(), "no fixture for {missing:?}");
}
