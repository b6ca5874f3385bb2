//! A scenario's text as a tree, with the place of every key and value; merged over includes, overlays and overrides.

mod convert;
pub(crate) mod merge;
pub mod path;

pub use convert::{from_toml, value_from_toml};

use std::collections::BTreeMap;

use crate::diagnostic::Span;

/// The merged tree of all files of a scenario.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// The top-level table.
    pub root: Table,
    /// For each file of the source map, the layer it belongs to: 0 is the base at the end of the `extends` chain, the
    /// last one the command line. A table's `source` speaks only for what is written in its own layer.
    pub layers: Vec<usize>,
    /// The file the scenario was asked for by, where what is missing is reported.
    pub main: usize,
}

/// A value and where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Item,
    /// Where the value is written (of a `[table]`: its header).
    pub span: Span,
}

/// A value of TOML.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Text.
    Text(String),
    /// A whole number or decimal, as written without its underscores.
    Number(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A date or time, as TOML prints it.
    Date(String),
    /// `[…]` or `[[…]]`
    Array(Vec<Node>),
    /// `{…}` or `[…]`
    Table(Table),
}

/// Keys and values, in order of the key.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The entries.
    pub entries: BTreeMap<String, Entry>,
}

/// A key's place and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where the key is written.
    pub key: Span,
    /// The value.
    pub node: Node,
}

impl Table {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.get(key).map(|entry| &entry.node)
    }

    /// Keys with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries
            .iter()
            .map(|(key, entry)| (key.as_str(), entry))
    }
}

impl Node {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Item::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The table, if it is one.
    pub fn table(&self) -> Option<&Table> {
        match &self.value {
            Item::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The elements, if it is an array.
    pub fn array(&self) -> Option<&[Node]> {
        match &self.value {
            Item::Array(nodes) => Some(nodes),
            _ => None,
        }
    }

    /// What it is, for messages.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Item::Text(_) => "text",
            Item::Number(_) => "a number",
            Item::Boolean(_) => "true or false",
            Item::Date(_) => "a date",
            Item::Array(_) => "a list",
            Item::Table(_) => "a table",
        }
    }

    /// The place of a byte range of this value's text. Exact where the text is written without escapes; else the
    /// whole value.
    pub fn part(&self, range: std::ops::Range<usize>) -> Span {
        let text = match &self.value {
            Item::Text(text) | Item::Number(text) | Item::Date(text) => text,
            _ => return self.span,
        };
        let written = self.span.end.saturating_sub(self.span.start);
        let quote = match written.checked_sub(text.len()) {
            Some(0) => 0,
            Some(2) => 1,
            Some(6) => 3,
            _ => return self.span,
        };
        if range.start > range.end || range.end > text.len() {
            return self.span;
        }
        let start = self.span.start + quote + range.start;
        // an empty range (end of the text) still needs something to point at
        let end = self.span.start + quote + range.end.max(range.start + 1);
        Span {
            file: self.span.file,
            start,
            end: end.min(self.span.end.max(start)),
        }
    }
}

impl Document {
    /// The layer of the file a span lies in.
    pub fn layer(&self, span: Span) -> usize {
        self.layers.get(span.file).copied().unwrap_or(0)
    }

    /// The start of the main file: the place of what is missing at top level.
    pub fn start(&self) -> Span {
        Span {
            file: self.main,
            start: 0,
            end: 0,
        }
    }
}
