//! A quantity as one value or as a table, and its notation.

use super::{Asked, Read, context, shown, split};
use crate::check::Checker;
use crate::check::origin::own_note;
use crate::check::walk::Place;
use crate::diagnostic::{Diagnostic, Span, codes, did_you_mean};
use crate::document::{Item, Node, Table};
use crate::fields::{FORM, Shape};
use crate::notation::Notation;
use crate::scenario::Value;
use crate::time::Date;

impl Checker<'_> {
    pub(super) fn form(
        &mut self,
        node: &Node,
        asked: &Asked,
        name: &str,
        as_of: Option<Date>,
    ) -> Option<Read> {
        let Some(table) = node.table() else {
            let notation = self.notation(node, asked, name, as_of)?;
            let text = shown(node);
            let (distribution, unit, facts) = split(notation, asked);
            return Some(Read {
                value: Value::Constant(distribution),
                unit,
                text,
                sources: facts,
                note: None,
                is_explained: false,
                growth: None,
            });
        };
        self.form_keys(&FORM, table, name, node.span)?;
        let mut read = if let Some(value) = table.get("value") {
            let notation = self.notation(value, asked, name, as_of)?;
            let (distribution, unit, facts) = split(notation, asked);
            Read {
                value: Value::Constant(distribution),
                unit,
                text: shown(value),
                sources: facts,
                note: None,
                is_explained: false,
                growth: None,
            }
        } else if let Some(path) = table.get("path") {
            self.path(table, path, asked, name, as_of)?
        } else {
            self.vintages(table.get("vintages")?, asked, name)?
        };
        if let Some(source) = table.get("source") {
            let ids = crate::check::origin::ids(table, "source");
            self.refuse_hindsight(name, &ids, source.span);
            read.sources.extend(ids);
        }
        read.note = own_note(table).or(read.note);
        read.is_explained |= table.get("assumption").is_some();
        Some(read)
    }

    /// The keys of a quantity, or of an anchor, written as a table.
    pub(super) fn form_keys(
        &mut self,
        shape: &Shape,
        table: &Table,
        name: &str,
        span: Span,
    ) -> Option<()> {
        let before = self.diagnostics.len();
        for (key, entry) in table.iter() {
            let node = &entry.node;
            if shape.field(key).is_none() {
                let help = did_you_mean(key, shape.keys()).unwrap_or_else(|| {
                    format!(
                        "known keys: {}",
                        shape.keys().collect::<Vec<_>>().join(", ")
                    )
                });
                self.report(
                    Diagnostic::error(
                        codes::UNKNOWN_KEY,
                        format!("the quantity `{name}` has no key `{key}`"),
                        entry.key,
                        "unknown key",
                    )
                    .help(help),
                );
                continue;
            }
            let place = Place {
                path: format!("{name}.{key}"),
                span: entry.key,
            };
            match key {
                "source" => match node.array() {
                    Some(nodes) if nodes.iter().all(|node| node.text().is_some()) => {
                        self.facts_exist(node);
                    }
                    _ => self.wrong_type(node, &place, "a list of fact ids", "[\"fact-id\"]"),
                },
                "note" | "assumption" if node.text().is_none() => {
                    self.wrong_type(node, &place, "text", "\"why\"");
                }
                "path" | "vintages" if node.table().is_none() => {
                    self.wrong_type(node, &place, "a table by date", "{ \"2024-01\" = \"40%\" }");
                }
                "between" | "growth" | "rho_month" if table.get("path").is_none() => {
                    self.report(Diagnostic::error(
                        codes::BELONGS_TO_OTHER,
                        format!("`{name}` has `{key}` without a `path`"),
                        entry.key,
                        "goes with `path`",
                    ));
                }
                _ => {}
            }
        }
        self.one_form(shape, table, name, span);
        (self.diagnostics.len() == before).then_some(())
    }

    pub(super) fn one_form(&mut self, shape: &Shape, table: &Table, name: &str, span: Span) {
        let forms: Vec<&str> = ["value", "path", "vintages"]
            .into_iter()
            .filter(|form| shape.field(form).is_some())
            .collect();
        let given = forms
            .iter()
            .filter(|form| table.get(form).is_some())
            .count();
        if given != 1 {
            let forms: Vec<String> = forms.iter().map(|form| format!("`{form}`")).collect();
            let message = if given == 0 {
                format!("the quantity `{name}` has no {}", forms.join(", "))
            } else {
                format!("the quantity `{name}` is written in {given} forms at once")
            };
            self.report(
                Diagnostic::error(codes::EXACTLY_ONE, message, span, "exactly one is needed")
                    .help(format!("give exactly one of {}", forms.join(", "))),
            );
        }
    }

    /// Reads the notation of a number or text.
    pub(super) fn notation(
        &mut self,
        node: &Node,
        asked: &Asked,
        name: &str,
        as_of: Option<Date>,
    ) -> Option<Notation> {
        let text = match &node.value {
            Item::Text(text) | Item::Number(text) => text,
            _ => {
                let place = Place {
                    path: name.to_owned(),
                    span: node.span,
                };
                self.wrong_type(node, &place, "a quantity", "\"20 to 30 kWSPM\"");
                return None;
            }
        };
        let context = context(asked, self.facts, as_of);
        match crate::notation::parse(text, &context) {
            Ok(notation) => Some(notation),
            Err(errors) => {
                for error in errors {
                    let label = format!("in `{name}`");
                    let diagnostic =
                        Diagnostic::error(error.code, error.message, node.part(error.range), label);
                    self.report(diagnostic.help_option(error.help));
                }
                None
            }
        }
    }
}
