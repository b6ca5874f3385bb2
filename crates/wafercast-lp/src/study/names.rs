//! What things of a plan are called in the scenario, and where they are written.

use wafercast::diagnostic::Span;
use wafercast::scenario::{Part, Scenario};
use wafercast::source_map::SourceMap;

/// Path and display name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub path: String,
    pub name: String,
}

pub(super) fn line(scenario: &Scenario, line: usize) -> Name {
    let fab = &scenario.fabs[line];
    Name {
        path: format!("fab.{}", fab.id),
        name: fab.name.clone(),
    }
}

pub(super) fn accelerator(scenario: &Scenario, k: usize) -> Name {
    let accelerator = &scenario.accelerators[k];
    Name {
        path: format!("accelerator.{}", accelerator.id),
        name: accelerator.name.clone(),
    }
}

/// A part by its index: dies, then memories.
pub(super) fn part(scenario: &Scenario, part: usize) -> Name {
    match part.checked_sub(scenario.dies.len()) {
        None => Name {
            path: format!("die.{}", scenario.dies[part].id),
            name: scenario.dies[part].name.clone(),
        },
        Some(memory) => Name {
            path: format!("memory.{}", scenario.memories[memory].id),
            name: scenario.memories[memory].name.clone(),
        },
    }
}

pub(super) fn technology(scenario: &Scenario, technology: usize) -> Name {
    let name = scenario.technologies[technology].clone();
    Name {
        path: format!("packaging.{name}"),
        name,
    }
}

/// `file:line` of a span.
pub(super) fn place(sources: &SourceMap, span: Span) -> String {
    format!(
        "{}:{}",
        sources.name(span.file),
        sources.position(span).line
    )
}

/// Where the first quantity below a path is written, defaults aside.
pub(super) fn place_of(scenario: &Scenario, sources: &SourceMap, path: &str) -> String {
    let below = scenario.quantities.iter().filter(|quantity| {
        let rest = quantity.name.strip_prefix(path);
        !quantity.is_default
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    });
    below
        .map(|quantity| quantity.span)
        .min_by_key(|span| (span.file, span.start))
        .map_or_else(String::new, |span| place(sources, span))
}

/// What supplies a part whatever the plan is: paths of stockpiles and memory lines.
pub(super) fn suppliers(scenario: &Scenario, part: usize) -> Vec<String> {
    let dies = scenario.dies.len();
    let is_it = |other: Part| match other {
        Part::Die(die) => die.0 == part,
        Part::Memory(memory) => dies + memory.0 == part,
    };
    let stockpiles = scenario.stockpiles.iter().filter(|s| is_it(s.part));
    let lines = scenario
        .memory_lines
        .iter()
        .filter(|line| is_it(Part::Memory(line.memory)));
    stockpiles
        .map(|s| format!("stockpile.{}", s.id))
        .chain(lines.map(|line| format!("memory_line.{}", line.id)))
        .collect()
}
