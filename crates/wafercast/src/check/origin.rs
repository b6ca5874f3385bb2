//! Where numbers come from: the facts they cite, and what may be known of them.

use std::collections::BTreeSet;

use super::Checker;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::document::{Item, Node, Table};
use crate::time::Date;

/// What a table says about all its numbers, for those that say nothing themselves.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    /// Fact ids.
    pub sources: Vec<String>,
    /// The author's words, if the table has an `assumption`.
    pub assumption: Option<String>,
    /// The layer it was written in: numbers of another layer do not inherit it.
    pub layer: usize,
}

/// Fact ids of a `source`, without looking at whether they exist.
pub(super) fn ids(table: &Table, key: &str) -> Vec<String> {
    let nodes = table.get(key).and_then(Node::array).unwrap_or(&[]);
    nodes
        .iter()
        .filter_map(Node::text)
        .map(str::to_owned)
        .collect()
}

fn text(table: &Table, key: &str) -> Option<String> {
    table.get(key).and_then(Node::text).map(str::to_owned)
}

/// A number's own words: its note, else why it was set.
pub(super) fn own_note(table: &Table) -> Option<String> {
    text(table, "note").or_else(|| text(table, "assumption"))
}

impl Checker<'_> {
    /// What holds for the numbers of a table, given what holds around it.
    pub(super) fn origin(&self, table: &Table, around: &Origin) -> Origin {
        let node = table.get("source").or_else(|| table.get("assumption"));
        match node {
            Some(node) => Origin {
                sources: ids(table, "source"),
                assumption: text(table, "assumption"),
                layer: self.document.layer(node.span),
            },
            None => around.clone(),
        }
    }

    /// Reports fact ids that the fact base does not have.
    pub(super) fn facts_exist(&mut self, node: &Node) {
        let Item::Array(nodes) = &node.value else {
            return;
        };
        for node in nodes {
            let Some(id) = node.text() else { continue };
            if self.facts.get(id).is_some() {
                continue;
            }
            let help = self.suggest(id, self.facts.iter().map(|fact| fact.id.as_str()));
            self.report(
                Diagnostic::error(
                    codes::UNKNOWN_FACT,
                    format!("the fact base has no `{id}`"),
                    node.span,
                    "no such fact",
                )
                .help_option(help),
            );
        }
    }

    /// Those of the facts that `as_of` hides.
    pub(super) fn hidden_facts(&self, ids: &[String], as_of: Option<Date>) -> Vec<String> {
        let known = |id: &String| self.facts.get(id).is_none_or(|fact| fact.is_visible(as_of));
        ids.iter().filter(|id| !known(id)).cloned().collect()
    }

    /// An explicit number must not rest on a fact that is not known yet.
    pub(super) fn refuse_hindsight(&mut self, name: &str, sources: &[String], span: Span) {
        let Some(as_of) = self.as_of else { return };
        let hidden = self.hidden_facts(sources, Some(as_of));
        if let Some(first) = hidden.first() {
            let published = self
                .facts
                .get(first)
                .and_then(|fact| fact.published)
                .map_or("is not dated".to_owned(), |date| format!("is of {date}"));
            self.report(
                Diagnostic::error(
                    codes::NOT_KNOWN_YET,
                    format!("`{name}` rests on `{first}`, which {published}, after {as_of}"),
                    span,
                    "may hold hindsight",
                )
                .help("give it vintages: { vintages = { \"DATE\" = …, \"LATER\" = { value = …, source = […] } } }"),
            );
        }
    }

    /// Removes doubles, keeps the order of names.
    pub(super) fn sorted(sources: Vec<String>) -> Vec<String> {
        let unique: BTreeSet<String> = sources.into_iter().collect();
        unique.into_iter().collect()
    }
}
