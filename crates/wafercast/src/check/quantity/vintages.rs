//! Vintages: what was known when.

use super::{Asked, Read};
use crate::check::Checker;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::document::Node;
use crate::time::Date;

impl Checker<'_> {
    /// Reads all vintages, each as known on its day, and takes the one that holds.
    pub(super) fn vintages(&mut self, node: &Node, asked: &Asked, name: &str) -> Option<Read> {
        let entries = self.dated(node.table()?, name)?;
        if entries.is_empty() {
            self.report(Diagnostic::error(
                codes::EMPTY,
                format!("`{name}` has no vintage"),
                node.span,
                "expected at least one date",
            ));
            return None;
        }
        let mut holding = None;
        let mut is_sound = true;
        for (date, _, vintage) in entries {
            if vintage
                .table()
                .is_some_and(|table| table.get("vintages").is_some())
            {
                is_sound = false;
                self.report(Diagnostic::error(
                    codes::BELONGS_TO_OTHER,
                    format!("a vintage of `{name}` has vintages itself"),
                    vintage.span,
                    "expected a value or a path",
                ));
                continue;
            }
            let holds = self.as_of.is_none_or(|as_of| date <= as_of);
            // A vintage that does not hold is only checked: what it cites may be hidden.
            let as_of = self.as_of;
            self.as_of = if holds { as_of } else { None };
            let read = self.form(vintage, asked, name, self.as_of);
            self.as_of = as_of;
            match read {
                Some(read) => {
                    is_sound &= self.vintage_is_honest(name, date, &read.sources, vintage.span);
                    if holds {
                        holding = Some(read);
                    }
                }
                None => is_sound = false,
            }
        }
        if !is_sound {
            return None;
        }
        if holding.is_none() {
            let as_of = self.as_of.map_or_else(String::new, |date| date.to_string());
            self.report(
                Diagnostic::error(
                    codes::NO_VINTAGE,
                    format!("`{name}` has no vintage of {as_of} or before"),
                    node.span,
                    "all are later",
                )
                .help("add what could be known then"),
            );
        }
        holding
    }

    /// Whether a quantity has vintages and all are later than `as_of`.
    pub(in crate::check) fn is_later(&self, node: &Node) -> bool {
        let vintages = node
            .table()
            .and_then(|table| table.get("vintages")?.table());
        match (self.as_of, vintages) {
            (Some(as_of), Some(vintages)) => vintages
                .entries
                .keys()
                .all(|day| Date::parse(day).is_ok_and(|day| day > as_of)),
            _ => false,
        }
    }

    pub(super) fn vintage_is_honest(
        &mut self,
        name: &str,
        date: Date,
        sources: &[String],
        span: Span,
    ) -> bool {
        let later = self.hidden_facts(sources, Some(date));
        let Some(first) = later.first() else {
            return true;
        };
        let published = self
            .facts
            .get(first)
            .and_then(|fact| fact.published)
            .map_or("is not dated".to_owned(), |date| {
                format!("was published on {date}")
            });
        self.report(
            Diagnostic::error(
                codes::HINDSIGHT,
                format!("the vintage of {date} of `{name}` cites `{first}`, which {published}"),
                span,
                "could not be known",
            )
            .help("date the vintage when its last source was published"),
        );
        false
    }
}
