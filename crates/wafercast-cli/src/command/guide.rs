//! The bare command: what is there, and what to type next.

use std::fmt::Write;

use wafercast::document::Item;
use wafercast::load::{Limits, load};

use crate::console::{self, FAINT, STRONG, styled};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::scenario_files::ScenarioFiles;
use crate::shipped;
use crate::terminal::shorten;

const NEXT: [(&str, &str); 8] = [
    ("wafercast run china", "simulate it and answer"),
    (
        "wafercast claims china",
        "what is said about it, and how likely it is",
    ),
    (
        "wafercast facts search yield",
        "the published figures it rests on",
    ),
    (
        "wafercast compare china --set NAME=VALUE",
        "what would change if …",
    ),
    (
        "wafercast die --size 26x33mm --d0 0.1",
        "dies per wafer, yield, cost",
    ),
    (
        "wafercast init my-scenario",
        "a commented scenario to start from",
    ),
    ("wafercast check my-scenario", "every problem at once"),
    ("wafercast --help", "all commands"),
];

/// Runs the command.
pub fn execute() -> Result<Exit, Failure> {
    let width = console::width();
    let mut text = format!(
        "{} {}: forecast a country's AI-chip supply, with uncertainty and sources\n\n",
        styled(STRONG, "wafercast"),
        env!("CARGO_PKG_VERSION")
    );
    let _ = writeln!(text, "{}", styled(STRONG, "Shipped scenarios"));
    let names = shipped::names();
    let longest = names.iter().map(String::len).max().unwrap_or(0);
    for name in names {
        let title = title(&name)?.unwrap_or_default();
        let line = format!("  {name:longest$}  {title}");
        let _ = writeln!(text, "{}", shorten(&line, width));
    }
    let _ = writeln!(text, "\n{}", styled(STRONG, "What to type next"));
    for (command, purpose) in NEXT {
        let _ = writeln!(text, "  {command:46}{}", styled(FAINT, purpose));
    }
    console::print(&text)?;
    Ok(Exit::Success)
}

/// Title of a shipped scenario.
fn title(name: &str) -> Result<Option<String>, Failure> {
    let files = ScenarioFiles::find(name)?;
    let document = load(files.main(), &files, &[], &Limits::default()).document;
    Ok(document
        .root
        .get("title")
        .and_then(|node| match &node.value {
            Item::Text(text) => Some(text.clone()),
            _ => None,
        }))
}
