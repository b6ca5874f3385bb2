//! Logic lines (`owner:SMIC + process:n2`) and their phases.

use super::Resolver;
use super::argument::{prefixed, unquote};
use super::set::{quoted, terms};
use crate::metric::error::{ExpressionError, INVALID_ARGUMENT, UNKNOWN_NAME};
use crate::metric::lexer::Argument;
use crate::scenario::{Fab, FabId, Scenario};

const PREFIXES: [&str; 4] = ["fab", "owner", "process", "country"];

impl Resolver<'_> {
    /// Lines, ascending.
    pub(super) fn lines(&mut self, argument: &Argument<'_>) -> Option<Vec<FabId>> {
        let terms = match terms(argument) {
            Ok(terms) => terms,
            Err(error) => {
                self.errors.push(error);
                return None;
            }
        };
        let mut chosen = vec![false; self.scenario.fabs.len()];
        let mut complete = true;
        for term in &terms {
            if term.remove {
                let message = "lines can only be added, with `+`";
                self.errors.push(ExpressionError::new(
                    term.argument.range.clone(),
                    INVALID_ARGUMENT,
                    message,
                ));
                complete = false;
            }
            match self.line_term(&term.argument) {
                Some(found) => chosen
                    .iter_mut()
                    .zip(found)
                    .for_each(|(chosen, found)| *chosen |= found),
                None => complete = false,
            }
        }
        let ids = chosen
            .iter()
            .enumerate()
            .filter(|(_, chosen)| **chosen)
            .map(|(index, _)| FabId(index));
        complete.then(|| ids.collect())
    }

    fn line_term(&mut self, argument: &Argument<'_>) -> Option<Vec<bool>> {
        let scenario = self.scenario;
        let Some((prefix, name)) =
            prefixed(argument.text).filter(|(prefix, _)| PREFIXES.contains(prefix))
        else {
            let message = format!("`{}` does not name lines", argument.text);
            let help = format!("write {}:NAME", PREFIXES.join(":NAME, "));
            self.errors.push(
                ExpressionError::new(argument.range.clone(), INVALID_ARGUMENT, message).help(help),
            );
            return None;
        };
        let label = |fab: &'_ Fab| label(scenario, fab, prefix).to_owned();
        let found: Vec<bool> = scenario.fabs.iter().map(|fab| label(fab) == name).collect();
        if found.contains(&true) {
            return Some(found);
        }
        let mut known: Vec<String> = scenario.fabs.iter().map(label).collect();
        known.sort_unstable();
        known.dedup();
        self.unknown(
            argument,
            prefix,
            name,
            &known.iter().map(String::as_str).collect::<Vec<_>>(),
        );
        None
    }

    /// One phase (`fab:smic-sn2.phase[1]`), or all phases of lines.
    pub(super) fn phases(&mut self, argument: &Argument<'_>) -> Option<Vec<(FabId, usize)>> {
        if let Some((line, index)) = one_phase(argument.text) {
            let offset = argument.text.find(line).unwrap_or(0);
            let start = argument.range.start + offset;
            let found = self.line_term(&Argument {
                text: line,
                range: start..start + line.len(),
            })?;
            // `fab:` names one line.
            let fab = found.iter().position(|found| *found)?;
            let phases = self
                .scenario
                .fabs
                .get(fab)
                .map_or(0, |fab| fab.phases.len());
            return match index.parse::<usize>() {
                Ok(index) if index < phases => Some(vec![(FabId(fab), index)]),
                _ => {
                    let message = format!("the line has no phase `{index}`");
                    let help = format!("it has phase[0] to phase[{}]", phases.saturating_sub(1));
                    let mut error =
                        ExpressionError::new(argument.range.clone(), UNKNOWN_NAME, message)
                            .help(help);
                    error.missing = Some(unquote(argument.text).to_owned());
                    self.errors.push(error);
                    None
                }
            };
        }
        let lines = self.lines(argument)?;
        let count = |id: &FabId| {
            self.scenario
                .fabs
                .get(id.0)
                .map_or(0, |fab| fab.phases.len())
        };
        Some(
            lines
                .iter()
                .flat_map(|id| (0..count(id)).map(|index| (*id, index)))
                .collect(),
        )
    }
}

fn label<'s>(scenario: &'s Scenario, fab: &'s Fab, prefix: &str) -> &'s str {
    match prefix {
        "fab" => &fab.id,
        "owner" => &fab.owner,
        "country" => &fab.country,
        _ => scenario
            .processes
            .get(fab.process.0)
            .map_or("", |process| process.id.as_str()),
    }
}

/// `fab:ID` and `K` of `fab:ID.phase[K]`.
fn one_phase(text: &str) -> Option<(&str, &str)> {
    let text = unquote(text);
    let (line, index) = text.strip_suffix(']')?.rsplit_once(".phase[")?;
    line.starts_with("fab:").then_some((line, index))
}

/// The text that means these lines.
pub(in crate::metric) fn name_of_lines(scenario: &Scenario, fabs: &[FabId]) -> String {
    for prefix in ["owner", "process", "country"] {
        for fab in &scenario.fabs {
            let name = label(scenario, fab, prefix);
            let same = |(_, other): &(usize, &Fab)| label(scenario, other, prefix) == name;
            let members = scenario
                .fabs
                .iter()
                .enumerate()
                .filter(same)
                .map(|(index, _)| FabId(index));
            if fabs.len() > 1 && members.eq(fabs.iter().copied()) {
                return quoted(&format!("{prefix}:{name}"));
            }
        }
    }
    let names: Vec<_> = fabs
        .iter()
        .filter_map(|id| scenario.fabs.get(id.0))
        .map(|fab| quoted(&format!("fab:{}", fab.id)))
        .collect();
    names.join(" + ")
}
