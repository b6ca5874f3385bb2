//! Overrides of the command line: `--set fab.smic-sn2.phase[1].delay="6 months"`.

use std::fmt;

use super::Limits;
use crate::diagnostic::{Diagnostic, Span, codes, did_you_mean};
use crate::document::path::{self, Step};
use crate::document::{Document, Entry, Item, Node, Table, value_from_toml};
use crate::source_map::SourceMap;

/// The name of the file that overrides are shown in.
pub const FILE_NAME: &str = "--set";

/// One override: a path into the scenario and the value it takes, written as in a scenario; text may go without quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// As given: `path=value`.
    pub text: String,
    /// Where in `text` the `=` is.
    equals: usize,
}

/// A text that is no override.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not of the form path=value, e.g. fab.smic-sn2.utilisation=90%")]
pub struct OverrideError(pub String);

impl std::str::FromStr for Override {
    type Err = OverrideError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut quoted = false;
        let equals = text.bytes().position(|byte| {
            quoted ^= byte == b'"';
            byte == b'=' && !quoted
        });
        match equals {
            Some(equals) if equals > 0 && !text.contains(['\n', '\r']) => Ok(Self {
                text: text.to_owned(),
                equals,
            }),
            _ => Err(OverrideError(text.to_owned())),
        }
    }
}

impl fmt::Display for Override {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Lays the overrides on the document, in the order given. They are a file of their own, one line each, and the last
/// layer.
pub(super) fn apply(
    overrides: &[Override],
    document: &mut Document,
    sources: &mut SourceMap,
    limits: &Limits,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let lines: Vec<&str> = overrides.iter().map(|each| each.text.as_str()).collect();
    let file = sources.add(FILE_NAME, lines.join("\n") + "\n");
    let layer = document.layers.iter().max().map_or(0, |last| last + 1);
    document.layers.resize(file + 1, 0);
    document.layers[file] = layer;
    let mut offset = 0;
    for each in overrides {
        if let Err(diagnostic) = apply_one(each, file, offset, document, limits, diagnostics) {
            diagnostics.push(*diagnostic);
        }
        offset += each.text.len() + 1;
    }
}

fn apply_one(
    each: &Override,
    file: usize,
    offset: usize,
    document: &mut Document,
    limits: &Limits,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(), Box<Diagnostic>> {
    let (left, right) = each.text.split_at(each.equals);
    let value_text = right.get(1..).unwrap_or("");
    let steps = path::parse(left.trim_end()).map_err(|error| {
        Diagnostic::error(
            codes::BAD_OVERRIDE,
            format!("`{left}` is not a path: {}", error.message),
            Span {
                file,
                start: offset + error.at,
                end: offset + (error.at + 1).min(left.len()).max(error.at),
            },
            "here",
        )
    })?;
    if steps.len() > limits.depth {
        return Err(Box::new(Diagnostic::error(
            codes::TOO_DEEP,
            format!("nested more than {} deep", limits.depth),
            Span {
                file,
                start: offset,
                end: offset + left.len(),
            },
            "too deep",
        )));
    }
    let value = value(
        value_text,
        file,
        offset + each.equals + 1,
        limits,
        diagnostics,
    );
    let steps: Vec<(Step, Span)> = steps
        .into_iter()
        .map(|(step, range)| {
            let span = Span {
                file,
                start: offset + range.start,
                end: offset + range.end,
            };
            (step, span)
        })
        .collect();
    set(&mut document.root, &steps, value)
}

/// Sets a value in a document, as an override does, but with places in a file of the caller's: `path` is written at `span`.
///
/// # Errors
/// What is wrong with the path, or that it names nothing.
pub fn assign(
    document: &mut Document,
    path: &str,
    span: Span,
    value: Node,
) -> Result<(), Box<Diagnostic>> {
    let steps = path::parse(path).map_err(|error| {
        Box::new(Diagnostic::error(
            codes::BAD_OVERRIDE,
            format!("`{path}` is not a path: {}", error.message),
            span,
            "here",
        ))
    })?;
    let steps: Vec<(Step, Span)> = steps.into_iter().map(|(step, _)| (step, span)).collect();
    set(&mut document.root, &steps, value)
}

/// The value as TOML, or else as text without quotes: a shell has eaten them.
fn value(
    text: &str,
    file: usize,
    offset: usize,
    limits: &Limits,
    diagnostics: &mut Vec<Diagnostic>,
) -> Node {
    let mut keys = 0;
    let trimmed = text.trim();
    let start = offset + (text.len() - text.trim_start().len());
    if let Some((node, problems)) = value_from_toml(file, start, trimmed, limits, &mut keys) {
        diagnostics.extend(problems);
        return node;
    }
    Node {
        value: Item::Text(trimmed.to_owned()),
        span: Span {
            file,
            start,
            end: start + trimmed.len(),
        },
    }
}

fn set(root: &mut Table, steps: &[(Step, Span)], value: Node) -> Result<(), Box<Diagnostic>> {
    let walked = |upto: usize| {
        let steps: Vec<Step> = steps[..=upto]
            .iter()
            .map(|(step, _)| step.clone())
            .collect();
        path::display(&steps)
    };
    let nothing = |upto: usize, help: Option<String>| {
        Box::new(
            Diagnostic::error(
                codes::OVERRIDE_MATCHES_NOTHING,
                format!("the scenario has no `{}`", walked(upto)),
                steps[upto].1,
                "names nothing",
            )
            .help_option(help),
        )
    };
    let Some(((first, first_span), rest)) = steps.split_first() else {
        return Ok(());
    };
    let Step::Key(first_key) = first else {
        return Err(nothing(0, None));
    };
    if rest.is_empty() {
        insert(root, first_key, *first_span, value);
        return Ok(());
    }
    if is_options_table(first_key) && root.get(first_key).is_none() {
        let empty = Node {
            value: Item::Table(Table::default()),
            span: *first_span,
        };
        insert(root, first_key, *first_span, empty);
    }
    let names: Vec<String> = root.entries.keys().cloned().collect();
    let Some(entry) = root.entries.get_mut(first_key) else {
        let help = did_you_mean(first_key, names.iter().map(String::as_str));
        return Err(nothing(0, help));
    };
    if matches!(value.value, Item::Boolean(false)) && remove_table(&mut entry.node, rest) {
        return Ok(());
    }
    let mut place = &mut entry.node;
    for (at, (step, span)) in rest.iter().enumerate() {
        let last = at + 1 == rest.len();
        // `fab.new-fab.…` would make a table with almost everything missing
        let may_create = at > 0 || last;
        place = match step {
            Step::Index(index) => {
                let Item::Array(nodes) = &mut place.value else {
                    return Err(nothing(at + 1, None));
                };
                let count = nodes.len();
                match nodes.get_mut(*index) {
                    Some(node) => node,
                    None => {
                        let help = format!("it has {count} of them, counted from 0");
                        return Err(nothing(at + 1, Some(help)));
                    }
                }
            }
            Step::Key(key) => {
                // what is there otherwise (`utilisation = "90%"` under `utilisation.path…`) gives way to a table
                if place.table().is_none() {
                    place.span = *span;
                    place.value = Item::Table(Table::default());
                }
                let Item::Table(table) = &mut place.value else {
                    return Err(nothing(at + 1, None));
                };
                let known: Vec<String> = table.entries.keys().cloned().collect();
                if !may_create && !table.entries.contains_key(key) {
                    let help = did_you_mean(key, known.iter().map(String::as_str));
                    return Err(nothing(at + 1, help));
                }
                replace_form(table, key);
                let entry = table.entries.entry(key.clone()).or_insert(Entry {
                    key: *span,
                    node: Node {
                        value: Item::Table(Table::default()),
                        span: *span,
                    },
                });
                &mut entry.node
            }
        };
    }
    *place = value;
    Ok(())
}

/// `event.x=false` removes a table, as in an overlay. True if there was one.
fn remove_table(from: &mut Node, steps: &[(Step, Span)]) -> bool {
    match (&mut from.value, steps) {
        (Item::Table(table), [(Step::Key(key), _)]) => {
            let is_table = table.get(key).is_some_and(|node| node.table().is_some());
            is_table && table.entries.remove(key).is_some()
        }
        (Item::Table(table), [(Step::Key(key), _), rest @ ..]) => table
            .entries
            .get_mut(key)
            .is_some_and(|entry| remove_table(&mut entry.node, rest)),
        (Item::Array(nodes), [(Step::Index(index), _), rest @ ..]) => nodes
            .get_mut(*index)
            .is_some_and(|node| remove_table(node, rest)),
        _ => false,
    }
}

/// Whether a key is a table of the top level (`run`), which need not be written for an override of one of its keys.
fn is_options_table(key: &str) -> bool {
    let field = crate::fields::TOP.field(key);
    field.is_some_and(|field| matches!(field.kind, crate::fields::Kind::Table(_)))
}

/// Setting `path` of a quantity that has a `value` changes its form.
fn replace_form(table: &mut Table, key: &str) {
    let forms = crate::document::merge::FORMS;
    if forms.contains(&key) {
        table
            .entries
            .retain(|name, _| name == key || !forms.contains(&name.as_str()));
    }
}

fn insert(table: &mut Table, key: &str, span: Span, node: Node) {
    table
        .entries
        .insert(key.to_owned(), Entry { key: span, node });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_path_and_value() {
        assert!("a.b=1".parse::<Override>().is_ok());
        assert!("a.\"x=y\".b=1".parse::<Override>().is_ok());
        for bad in ["", "=1", "a.b", "a=1\nb=2"] {
            assert!(bad.parse::<Override>().is_err(), "{bad:?}");
        }
    }
}
