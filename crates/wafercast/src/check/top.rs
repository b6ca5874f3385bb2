//! The top level: dates, horizon, format.

use super::Checker;
use crate::diagnostic::{Diagnostic, codes};
use crate::document::{Document, Item, Node};
use crate::time::{Date, Horizon};

/// The only version of the language.
const FORMAT: &str = "1";

/// A date, if the value is one.
pub(super) fn date(node: &Node) -> Option<Date> {
    match &node.value {
        Item::Text(text) | Item::Date(text) | Item::Number(text) => Date::parse(text).ok(),
        _ => None,
    }
}

/// The scenario's own `as_of`.
pub(super) fn as_of(document: &Document) -> Option<Date> {
    document.root.get("as_of").and_then(date)
}

/// The horizon, if it can be read; what is wrong with it is reported elsewhere.
pub(super) fn horizon(document: &Document) -> Option<Horizon> {
    let table = document.root.get("horizon")?.table()?;
    let from = date(table.get("from")?)?;
    let to = date(table.get("to")?)?;
    Horizon::new(from, to).ok()
}

/// What positions are counted from where the horizon cannot be read: nothing is after its end.
pub(super) const STAND_IN: Horizon = Horizon {
    from: Date {
        year: 2000,
        month: 1,
        day: 1,
    },
    months: 1200,
};

impl Checker<'_> {
    /// What the description of the fields cannot say about the top level.
    pub(super) fn top_level(&mut self) {
        if let Some(node) = self.root.get("format")
            && let Item::Number(text) = &node.value
            && text != FORMAT
        {
            self.report(
                Diagnostic::error(
                    codes::UNKNOWN_FORMAT,
                    format!("the scenario is written in format {text}, this program reads format {FORMAT}"),
                    node.span,
                    "unknown version",
                )
                .help("use a newer version of wafercast"),
            );
        }
        let ends = self
            .root
            .get("horizon")
            .and_then(Node::table)
            .and_then(|table| Some((date(table.get("from")?)?, table.get("to")?)));
        if let Some((from, to)) = ends
            && let Some(end) = date(to)
            && let Err(error) = Horizon::new(from, end)
        {
            let diagnostic =
                Diagnostic::error(error.code, error.message, to.span, "the last month");
            self.report(diagnostic.help(error.help));
        }
        let products = ["accelerator", "import"];
        if products
            .iter()
            .all(|section| self.tables(section).is_empty())
        {
            let start = self.document.start();
            self.report(
                Diagnostic::warning(
                    codes::NO_PRODUCTS,
                    "the scenario has no accelerators and no imports",
                    start,
                    "nothing to count",
                )
                .help("add an [accelerator.ID] or an [import.ID]"),
            );
        }
    }
}
