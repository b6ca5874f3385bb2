//! `wafercast explain`: the page of a diagnostic code.

use std::fmt::Write;

use wafercast::diagnostic::codes::{self, Page};
use wafercast::diagnostic::did_you_mean;

use crate::arguments::Explain;
use crate::console::{self, STRONG, styled};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::wrap;

/// Runs the command.
pub fn execute(arguments: &Explain) -> Result<Exit, Failure> {
    match &arguments.code {
        None => console::print(&list())?,
        Some(code) => match explained(code) {
            Some(found) => console::print(&page(found))?,
            None => return Err(unknown(code)),
        },
    }
    Ok(Exit::Success)
}

/// The pages of the engine and of the compute layer.
fn pages() -> impl Iterator<Item = &'static Page> {
    codes::pages().chain(wafercast_compute::codes::PAGES)
}

fn explained(code: &str) -> Option<&'static Page> {
    codes::explain(code).or_else(|| wafercast_compute::codes::explain(code))
}

fn list() -> String {
    let mut text = String::new();
    for page in pages() {
        let _ = writeln!(text, "{}  {}", styled(STRONG, page.code.0), page.title);
    }
    text.push_str("\n`wafercast explain CODE` shows what it means, with an example.\n");
    text
}

fn page(page: &Page) -> String {
    let mut text = format!("{}  {}\n\n", styled(STRONG, page.code.0), page.title);
    for paragraph in page.explanation.split("\n\n") {
        for line in wrap(paragraph, console::width()) {
            let _ = writeln!(text, "{line}");
        }
        text.push('\n');
    }
    for (title, example) in [("Wrong", page.wrong), ("Right", page.right)] {
        if example.trim().is_empty() {
            continue;
        }
        let _ = writeln!(text, "{}", styled(STRONG, title));
        for line in example.trim_matches('\n').lines() {
            let _ = writeln!(text, "    {line}");
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn unknown(code: &str) -> Failure {
    let known = pages().map(|page| page.code.0);
    Failure::usage(
        format!("there is no code `{code}`"),
        did_you_mean(code, known)
            .unwrap_or_else(|| "`wafercast explain` lists all codes".to_owned()),
    )
}
