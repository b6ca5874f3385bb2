//! From document to scenario: every key, name, unit, number, date and source is checked, and all problems are reported
//! at once.
//!
//! The walk follows the description in [`crate::fields`] and collects the quantities by name; then come the effects of
//! events (whose numbers are in the units of their targets), the typed tables, the rules of the network, and last the
//! claims and evidence, which are formulas over the finished scenario.

mod build;
mod correlations;
mod effects;
mod expressions;
mod network;
mod origin;
mod planning;
mod quantity;
mod rules;
mod top;
mod walk;
mod workloads;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Severity, Span, codes, did_you_mean, has_errors, sort};
use crate::document::{Document, Node, Table};
use crate::facts::FactBase;
use crate::fields::Reading;
use crate::notation::Domain;
use crate::scenario::{Quantity, QuantityId, Scenario, Value};
use crate::time::{Date, Horizon};

/// What the caller decides.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CheckOptions {
    /// Only facts published by this day are known; goes before the scenario's own `as_of`.
    pub as_of: Option<Date>,
}

/// What checking gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The scenario, if there is no error.
    pub scenario: Option<Scenario>,
    /// All problems, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a document against the fact base.
///
/// With an `as_of` the scenario as a whole is checked first, with every fact known; then as it was known on that day.
/// So a claim about a table that was not known yet can be left out without hiding a misspelt name.
pub fn check(document: &Document, facts: &FactBase, options: &CheckOptions) -> Checked {
    let complete = Checker::new(document, facts, None).run();
    let as_of = options.as_of.or_else(|| top::as_of(document));
    let Some(as_of) = as_of else {
        return complete;
    };
    if has_errors(&complete.diagnostics) {
        return Checked {
            scenario: None,
            ..complete
        };
    }
    Checker::new(document, facts, Some(as_of)).run()
}

/// A quantity with what its place asks of it.
#[derive(Debug, Clone)]
struct Measured {
    quantity: Quantity,
    reading: Reading,
    domain: Domain,
}

/// The state of a check.
struct Checker<'a> {
    document: &'a Document,
    root: &'a Table,
    facts: &'a FactBase,
    as_of: Option<Date>,
    horizon: Horizon,
    diagnostics: Vec<Diagnostic>,
    /// By name.
    quantities: BTreeMap<String, Measured>,
    /// Tables that are not known at `as_of`, as (section, id).
    hidden: BTreeSet<(String, String)>,
    /// Errors so far.
    errors: usize,
}

/// After so many errors a check reports no more: whoever mends a thousand has seen a pattern.
const MOST_ERRORS: usize = 1_000;
/// After so many errors no near names are sought: each search goes over all names of the scenario.
const MOST_SUGGESTIONS: usize = 100;

impl<'a> Checker<'a> {
    fn new(document: &'a Document, facts: &'a FactBase, as_of: Option<Date>) -> Self {
        let mut checker = Self {
            document,
            root: &document.root,
            facts,
            as_of,
            horizon: top::horizon(document).unwrap_or(top::STAND_IN),
            diagnostics: Vec::new(),
            quantities: BTreeMap::new(),
            hidden: BTreeSet::new(),
            errors: 0,
        };
        checker.hidden = checker.find_hidden();
        checker
    }

    fn run(mut self) -> Checked {
        self.top_level();
        self.walk();
        self.table_rules();
        self.effects();
        let correlations = self.correlations();
        self.place_observations();
        let (quantities, ids) = self.freeze();
        let mut scenario = self.build(quantities, &ids, &correlations);
        self.network_rules(&scenario);
        // Formulas name tables; with tables amiss they would only repeat it.
        if !has_errors(&self.diagnostics) {
            self.expressions(&mut scenario, &ids);
        }
        sort(&mut self.diagnostics);
        let ok = !has_errors(&self.diagnostics);
        Checked {
            scenario: ok.then_some(scenario),
            diagnostics: self.diagnostics,
        }
    }

    /// The quantities in order of name, and where each is.
    fn freeze(&mut self) -> (Vec<Quantity>, BTreeMap<String, QuantityId>) {
        let ids: BTreeMap<String, QuantityId> = self
            .quantities
            .keys()
            .enumerate()
            .map(|(index, name)| (name.clone(), QuantityId(index)))
            .collect();
        let quantities = self
            .quantities
            .iter()
            .map(|(name, measured)| {
                let mut quantity = measured.quantity.clone();
                if let Value::Path(path) = &mut quantity.value {
                    path.growth = ids.get(&format!("{name}.growth")).copied();
                }
                quantity
            })
            .collect();
        (quantities, ids)
    }

    /// Takes a diagnostic, up to the most that are of use.
    fn report(&mut self, diagnostic: Diagnostic) {
        if diagnostic.severity == Severity::Error {
            self.errors += 1;
            if self.errors == MOST_ERRORS {
                let span = diagnostic.span();
                self.diagnostics.push(Diagnostic::error(
                    codes::TOO_MANY_ERRORS,
                    format!("the scenario has more than {MOST_ERRORS} errors"),
                    span,
                    "the rest is not shown",
                ));
            }
        }
        if self.errors < MOST_ERRORS {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Whether there is no use in looking for more.
    fn is_hopeless(&self) -> bool {
        self.errors >= MOST_ERRORS
    }

    /// `did you mean …?`
    fn suggest<'n>(&self, name: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
        if self.errors < MOST_SUGGESTIONS {
            did_you_mean(name, known)
        } else {
            None
        }
    }

    /// The tables of a section that are known, in order of id.
    fn tables(&self, section: &str) -> Vec<(&'a str, &'a Table, Span)> {
        let Some(table) = self.root.get(section).and_then(Node::table) else {
            return Vec::new();
        };
        table
            .iter()
            .filter(|(id, _)| !self.is_hidden(section, id))
            .filter_map(|(id, entry)| Some((id, entry.node.table()?, entry.key)))
            .collect()
    }

    fn is_hidden(&self, section: &str, id: &str) -> bool {
        !self.hidden.is_empty() && self.hidden.contains(&(section.to_owned(), id.to_owned()))
    }

    /// Elements of an array of tables that are known, with their index in the file.
    fn elements(&self, table: &'a Table, key: &str) -> Vec<(usize, &'a Table, Span)> {
        let Some(nodes) = table.get(key).and_then(Node::array) else {
            return Vec::new();
        };
        nodes
            .iter()
            .enumerate()
            .filter_map(|(index, node)| Some((index, node.table()?, node.span)))
            .filter(|(_, element, _)| self.is_known(element))
            .collect()
    }

    /// Whether a table's `known` date, if it has one, is not after `as_of`.
    fn is_known(&self, table: &Table) -> bool {
        let Some(as_of) = self.as_of else {
            return true;
        };
        table
            .get("known")
            .and_then(top::date)
            .is_none_or(|known| known <= as_of)
    }

    fn find_hidden(&self) -> BTreeSet<(String, String)> {
        let mut hidden = BTreeSet::new();
        if self.as_of.is_none() {
            return hidden;
        }
        for (section, _) in crate::fields::sections() {
            let tables = self.root.get(section).and_then(Node::table);
            for (id, entry) in tables.into_iter().flat_map(Table::iter) {
                if entry
                    .node
                    .table()
                    .is_some_and(|table| !self.is_known(table))
                {
                    hidden.insert((section.to_owned(), id.to_owned()));
                }
            }
        }
        hidden
    }

    /// Notes a quantity that rests on nothing the author names.
    fn report_unsourced(&mut self, name: &str, span: Span) {
        self.report(
            Diagnostic::note(
                codes::NO_SOURCE,
                format!("`{name}` has no source and is an assumption"),
                span,
                "on what does it rest?",
            )
            .help("write { value = …, source = [\"fact-id\"] }, or say why with `assumption`"),
        );
    }
}
