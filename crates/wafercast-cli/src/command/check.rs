//! `wafercast check`: every problem of a scenario at once.

use std::fmt::Write;

use wafercast::diagnostic::{Diagnostic, Severity, has_errors, wire};

use crate::arguments::{Check, MessageFormat};
use crate::console::{self, STRONG, styled};
use crate::diagnostics_text;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::prepare::{self, Checked};
use crate::terminal::{shorten, wrap};

/// Runs the command.
pub fn execute(arguments: &Check) -> Result<Exit, Failure> {
    let checked = prepare::checked(&arguments.scenario.scenario, &arguments.scenario.changes)?;
    match arguments.message_format {
        MessageFormat::Text => print_text(&checked, arguments.assumptions)?,
        MessageFormat::Json => print_json(&checked)?,
    }
    Ok(if has_errors(&checked.diagnostics) {
        Exit::Failed
    } else {
        Exit::Success
    })
}

fn print_text(checked: &Checked, with_assumptions: bool) -> Result<(), Failure> {
    let shown: Vec<&Diagnostic> = checked
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity != Severity::Note)
        .collect();
    let mut text = checked.render(&shown);
    text.push_str(&summary_line(checked));
    if with_assumptions {
        text.push_str(&assumptions(checked));
    } else {
        text.push_str(&notes_hint(checked));
    }
    console::print(&text)
}

fn print_json(checked: &Checked) -> Result<(), Failure> {
    let mut text = String::new();
    for diagnostic in &checked.diagnostics {
        let wire = wire::to_wire(diagnostic, &checked.sources);
        let line = serde_json::to_string(&wire).map_err(|cause| Failure::Output(cause.into()))?;
        let _ = writeln!(text, "{line}");
    }
    console::print_raw(text.as_bytes())
}

fn summary_line(checked: &Checked) -> String {
    let counts = diagnostics_text::counts(&checked.diagnostics);
    let found = if counts.is_empty() {
        "no problems".to_owned()
    } else {
        counts
    };
    match &checked.scenario {
        Some(scenario) => {
            let written = scenario
                .quantities
                .iter()
                .filter(|quantity| !quantity.is_default)
                .count();
            format!(
                "{}: {found}; {written} quantities; accelerators: {}; claims: {}\n",
                styled(STRONG, checked.files.given()),
                scenario.accelerators.len(),
                scenario.claims.len()
            )
        }
        None => format!("{}: {found}\n", styled(STRONG, checked.files.given())),
    }
}

/// Quantities that rest on no source, with the author's words.
fn assumptions(checked: &Checked) -> String {
    let Some(scenario) = &checked.scenario else {
        return String::new();
    };
    let assumed: Vec<_> = scenario
        .quantities
        .iter()
        .filter(|quantity| quantity.sources.is_empty() && !quantity.is_default)
        .collect();
    if assumed.is_empty() {
        return "Every quantity has a source.\n".to_owned();
    }
    let width = console::width();
    let mut text = format!(
        "\n{}\n",
        styled(
            STRONG,
            &format!("{} quantities rest on no source", assumed.len())
        )
    );
    for quantity in assumed {
        let name_and_value = format!("{} = {}", quantity.name, quantity.text);
        let _ = writeln!(text, "{}", shorten(&name_and_value, width));
        if let Some(note) = &quantity.note {
            for line in wrap(note, width - 4) {
                let _ = writeln!(text, "    {line}");
            }
        }
    }
    text
}

fn notes_hint(checked: &Checked) -> String {
    let has_notes = checked
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Note);
    if has_notes && checked.scenario.is_some() {
        format!(
            "`wafercast check {} --assumptions` lists what rests on no source\n",
            crate::shell::quoted(checked.files.given())
        )
    } else {
        String::new()
    }
}
