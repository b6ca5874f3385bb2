//! The guide "Your first scenario" grows the shipped tutorial: its fragments, one after the other, are the scenario.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn table(path: &str, text: &str) -> toml::Table {
    text.parse()
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The fenced blocks of a language in a Markdown text, joined.
fn blocks(markdown: &str, language: &str) -> String {
    let mut inside = false;
    let mut joined = String::new();
    for line in markdown.lines() {
        if line.starts_with("```") {
            inside = line == format!("```{language}");
        } else if inside {
            joined.push_str(line);
            joined.push('\n');
        }
    }
    joined
}

#[test]
fn the_fragments_of_the_first_guide_are_the_tutorial() {
    let guide = "docs/guides/first-scenario.md";
    let scenario = "scenarios/tutorial/scenario.toml";
    let fragments = table(guide, &blocks(&read(guide), "toml"));
    assert_eq!(fragments, table(scenario, &read(scenario)));
}

#[test]
fn the_overlay_of_the_what_if_guide_is_part_of_the_shipped_one() {
    let guide = "docs/guides/what-if.md";
    let overlay = "scenarios/tutorial-home-memory/scenario.toml";
    let shown = table(guide, &blocks(&read(guide), "toml"));
    let shipped = table(overlay, &read(overlay));
    for key in ["extends", "title", "memory_line"] {
        assert!(shown.contains_key(key), "{guide} does not show `{key}`");
        assert_eq!(shown.get(key), shipped.get(key), "`{key}`");
    }
    assert_eq!(
        shown["claim"]["memory-lasts"],
        shipped["claim"]["memory-lasts"]
    );
}
