//! Reading the keys of one table of a TOML file, with a diagnostic for everything that is not as it should be.

use std::ops::RangeInclusive;

use wafercast::diagnostic::{Diagnostic, Span, did_you_mean};
use wafercast::document::{Item, Node, Table};

use crate::codes;

/// The keys of a table, taken one by one; what is left over at [`Fields::finish`] is unknown.
#[derive(Debug)]
pub struct Fields<'a> {
    table: &'a Table,
    /// The table's header.
    span: Span,
    /// How messages call it: `chip h100-sxm`.
    name: String,
    known: Vec<&'static str>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    /// The fields of a table.
    pub fn new(
        table: &'a Table,
        span: Span,
        name: String,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Fields<'a> {
        Fields {
            table,
            span,
            name,
            known: Vec::new(),
            diagnostics,
        }
    }

    /// Says something about the table.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Where the value of a key is; of one that is missing, the table's header.
    pub fn place(&self, key: &str) -> Span {
        self.table.get(key).map_or(self.span, |node| node.span)
    }

    /// Whether the table has a key.
    pub fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    fn take(&mut self, key: &'static str) -> Option<&'a Node> {
        self.known.push(key);
        self.table.get(key)
    }

    fn wrong_kind(&mut self, key: &str, node: &Node, expected: &str) {
        self.diagnostics.push(Diagnostic::error(
            codes::WRONG_KIND,
            format!(
                "`{key}` of {} is {}, expected {expected}",
                self.name,
                node.kind()
            ),
            node.span,
            format!("expected {expected}"),
        ));
    }

    fn missing(&mut self, key: &str, example: &str) {
        self.diagnostics.push(
            Diagnostic::error(
                codes::MISSING_KEY,
                format!("{} has no `{key}`", self.name),
                self.span,
                format!("`{key}` is missing here"),
            )
            .help(format!("add `{key} = {example}`")),
        );
    }

    /// A number within a range.
    pub fn number(&mut self, key: &'static str, range: RangeInclusive<f64>) -> Option<f64> {
        let node = self.take(key)?;
        let Item::Number(text) = &node.value else {
            self.wrong_kind(key, node, "a number");
            return None;
        };
        let number = text.parse::<f64>().unwrap_or(f64::NAN);
        if range.contains(&number) {
            return Some(number);
        }
        self.diagnostics.push(
            Diagnostic::error(
                codes::OUT_OF_RANGE,
                format!("`{key}` of {} is {text}", self.name),
                node.span,
                format!("expected {} to {}", range.start(), range.end()),
            )
            .help("check the unit: it is the end of the key's name"),
        );
        None
    }

    /// A number within a range that must be there.
    pub fn required(
        &mut self,
        key: &'static str,
        range: RangeInclusive<f64>,
        example: &str,
    ) -> Option<f64> {
        if self.table.get(key).is_none() {
            self.known.push(key);
            self.missing(key, example);
            return None;
        }
        self.number(key, range)
    }

    /// A whole number within a range; 0 where it is not given.
    pub fn count(&mut self, key: &'static str, range: RangeInclusive<f64>) -> u32 {
        let Some(number) = self.number(key, range) else {
            return 0;
        };
        if number.fract() != 0.0 {
            let span = self.place(key);
            self.diagnostics.push(Diagnostic::error(
                codes::OUT_OF_RANGE,
                format!("`{key}` of {} is {number}", self.name),
                span,
                "expected a whole number",
            ));
        }
        number as u32
    }

    /// A whole number within a range that must be there.
    pub fn required_count(
        &mut self,
        key: &'static str,
        range: RangeInclusive<f64>,
        example: &str,
    ) -> Option<u32> {
        if self.table.get(key).is_none() {
            self.known.push(key);
            self.missing(key, example);
            return None;
        }
        Some(self.count(key, range)).filter(|count| *count > 0)
    }

    /// Text.
    pub fn text(&mut self, key: &'static str) -> Option<&'a str> {
        let node = self.take(key)?;
        if node.text().is_none() {
            self.wrong_kind(key, node, "text in quotes");
        }
        node.text()
    }

    /// Text that must be there.
    pub fn required_text(&mut self, key: &'static str, example: &str) -> Option<&'a str> {
        if self.table.get(key).is_none() {
            self.known.push(key);
            self.missing(key, example);
            return None;
        }
        self.text(key)
    }

    /// A list of texts; empty where it is not given.
    pub fn texts(&mut self, key: &'static str) -> Vec<(&'a str, Span)> {
        let Some(node) = self.take(key) else {
            return Vec::new();
        };
        let Some(nodes) = node.array() else {
            self.wrong_kind(key, node, "a list of texts");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for node in nodes {
            match node.text() {
                Some(text) => texts.push((text, node.span)),
                None => self.wrong_kind(key, node, "a list of texts"),
            }
        }
        texts
    }

    /// `true` or `false`; false where it is not given.
    pub fn flag(&mut self, key: &'static str) -> bool {
        match self.take(key) {
            None => false,
            Some(Node {
                value: Item::Boolean(value),
                ..
            }) => *value,
            Some(node) => {
                self.wrong_kind(key, node, "true or false");
                false
            }
        }
    }

    /// One of a few names, as the value it stands for.
    pub fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let text = self.text(key)?;
        if let Some((_, value)) = choices.iter().find(|(name, _)| *name == text) {
            return Some(*value);
        }
        let names = choices.iter().map(|(name, _)| *name);
        let all = names
            .clone()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ");
        self.diagnostics.push(
            Diagnostic::error(
                codes::UNKNOWN_NAME,
                format!("`{text}` is no `{key}`"),
                self.place(key),
                format!("expected one of {all}"),
            )
            .help_option(did_you_mean(text, names)),
        );
        None
    }

    /// Reports the keys that nobody asked for.
    pub fn finish(self) {
        for (key, entry) in self.table.iter() {
            if self.known.contains(&key) {
                continue;
            }
            self.diagnostics.push(
                Diagnostic::error(
                    codes::UNKNOWN_KEY,
                    format!("{} has no key `{key}`", self.name),
                    entry.key,
                    "unknown key",
                )
                .help_option(did_you_mean(key, self.known.iter().copied())),
            );
        }
    }
}
