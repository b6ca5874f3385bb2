//! The link to the supply model: a scenario's workloads become rates of its chips, and its rents paths of published prices.
//!
//! A scenario says `[workload.v3] model = "deepseek-v3", format = "fp8", serve = { … }`, and of an accelerator or import
//! `chip = "h20"`. [`Layer::complete`] writes into the document what this crate finds: `runs.v3 = "610 tokens/s to 910
//! tokens/s"`, `how.v3 = "native"`, and of `rent = { country = "CN", term = "on-demand" }` the dated path. What the author
//! wrote stays. After that the document is an ordinary scenario of plain quantities with names, units and places, and
//! nothing that reads it knows of chips and models.

mod rate;
mod rent;

use std::collections::BTreeMap;

use wafercast::diagnostic::{Diagnostic, Span, did_you_mean};
use wafercast::document::{Document, Entry, Item, Node, Table};

use crate::calibration::Calibration;
use crate::chip::Chip;
use crate::codes;
use crate::format::Format;
use crate::library::{Library, Unknown};
use crate::model::Model;
use crate::price::Price;
use rate::{Ability, Job};

/// The sections whose tables are chips.
const CHIPS: [&str; 2] = ["accelerator", "import"];

/// All that the link rests on.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Chips and models.
    pub library: Library,
    /// Fitted constants.
    pub calibration: Calibration,
    /// Published rents.
    pub prices: Vec<Price>,
}

/// A workload whose names are known.
struct Workload<'l> {
    id: String,
    model: &'l Model,
    format: Format,
    job: Job,
}

/// Whether a document has something that [`Layer::complete`] works on: a workload, a chip's name, a rent by prices.
pub fn is_needed(document: &Document) -> bool {
    let chips = CHIPS
        .iter()
        .filter_map(|section| tables(&document.root, section));
    tables(&document.root, "workload").is_some()
        || chips
            .flat_map(Table::iter)
            .filter_map(|(_, entry)| entry.node.table())
            .any(|chip| chip.get("chip").is_some() || rent_asked(chip).is_some())
}

fn tables<'d>(root: &'d Table, section: &str) -> Option<&'d Table> {
    root.get(section).and_then(Node::table)
}

/// The table of `rent = { country, term }`.
fn rent_asked(chip: &Table) -> Option<&Table> {
    let table = chip.get("rent").and_then(Node::table)?;
    (table.get("country").is_some() || table.get("term").is_some()).then_some(table)
}

impl Layer {
    /// Completes a document: rates and ways of all workloads on all chips, what the rates have in common, and rents. Names
    /// that the library does not have are errors at their place.
    pub fn complete(&self, document: &mut Document) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        let workloads = self.workloads(&document.root, &mut diagnostics);
        for workload in &workloads {
            complete_common(&mut document.root, workload);
        }
        let mut known = BTreeMap::new();
        for section in CHIPS {
            let Some(tables) = section_mut(&mut document.root, section) else {
                continue;
            };
            for (id, entry) in &mut tables.entries {
                if let Item::Table(table) = &mut entry.node.value {
                    let place = entry.key;
                    let name = format!("{section}.{id}");
                    self.chip(
                        table,
                        &name,
                        place,
                        &workloads,
                        &mut known,
                        &mut diagnostics,
                    );
                }
            }
        }
        diagnostics
    }

    /// The workloads of a document whose model and format are known.
    fn workloads(&self, root: &Table, diagnostics: &mut Vec<Diagnostic>) -> Vec<Workload<'_>> {
        let mut workloads = Vec::new();
        for (id, entry) in tables(root, "workload").into_iter().flat_map(Table::iter) {
            let Some(table) = entry.node.table() else {
                continue;
            };
            // Keys that are missing or of another kind are reported by the check.
            let model = table.get("model").and_then(|node| {
                let found = self.library.model(node.text()?);
                found
                    .map_err(|unknown| diagnostics.push(no_such(&unknown, node)))
                    .ok()
            });
            let format = match table.get("format") {
                None => model.map(|model| model.checkpoint),
                Some(node) => format(node, diagnostics),
            };
            if let (Some(model), Some(format), Some(job)) = (model, format, Job::read(table)) {
                workloads.push(Workload {
                    id: id.to_owned(),
                    model,
                    format,
                    job,
                });
            }
        }
        workloads
    }

    /// Completes one accelerator or import.
    fn chip(
        &self,
        table: &mut Table,
        name: &str,
        place: Span,
        workloads: &[Workload<'_>],
        known: &mut BTreeMap<(String, String), Ability>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let found = table.get("chip").map(|node| {
            let chip = node.text().map(|text| self.library.chip(text));
            (node.span, chip, node.clone())
        });
        let (span, chip) = match found {
            Some((span, Some(Ok(chip)), _)) => (span, Some(chip)),
            Some((span, Some(Err(unknown)), node)) => {
                diagnostics.push(no_such(&unknown, &node));
                (span, None)
            }
            Some((span, None, _)) => (span, None),
            None => (place, None),
        };
        self.rent(table, name, chip, span, diagnostics);
        for workload in workloads {
            let is_given = |key: &str| {
                let inner = table.get(key).and_then(Node::table);
                inner.is_some_and(|inner| inner.get(&workload.id).is_some())
            };
            if is_given("runs") {
                continue;
            }
            let says_how = is_given("how");
            let Some(chip) = chip else {
                if !says_how {
                    diagnostics.push(counts_nothing(name, &workload.id, "names no chip", place));
                }
                continue;
            };
            let key = (workload.id.clone(), chip.id.clone());
            let ability = known
                .entry(key)
                .or_insert_with(|| self.ability(workload, chip));
            match ability.rate {
                Some(rate) => {
                    let quantity = stated(&rate.text(), &ability.note(workload.model, chip), span);
                    put_below(table, "runs", &workload.id, span, quantity);
                }
                None => {
                    let why = format!("cannot: {}", ability.how);
                    diagnostics.push(counts_nothing(name, &workload.id, &why, span));
                }
            }
            if !says_how {
                put_below(
                    table,
                    "how",
                    &workload.id,
                    span,
                    Item::Text(ability.how.clone()),
                );
            }
        }
    }

    /// Replaces a rent that is asked for by country and term with what is published.
    fn rent(
        &self,
        table: &mut Table,
        name: &str,
        chip: Option<&Chip>,
        span: Span,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let Some(asked) = rent_asked(table).cloned() else {
            return;
        };
        let of = match asked.get("chip") {
            None => chip,
            Some(node) => match self.library.chip(node.text().unwrap_or_default()) {
                Ok(other) => Some(other),
                Err(unknown) => {
                    diagnostics.push(no_such(&unknown, node));
                    return;
                }
            },
        };
        let place = table.get("rent").map_or(span, |node| node.span);
        match rent::path(&self.prices, of, &asked, name, place) {
            Ok(Some(path)) => put(table, "rent", place, path),
            Ok(None) => {}
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }

    fn ability(&self, workload: &Workload<'_>, chip: &Chip) -> Ability {
        rate::ability(
            workload.model,
            chip,
            workload.format,
            &workload.job,
            &self.calibration,
        )
    }
}

/// Gives a workload the error that the rates of all chips share.
fn complete_common(root: &mut Table, workload: &Workload<'_>) {
    let Some(Item::Table(table)) = section_mut(root, "workload")
        .and_then(|tables| tables.entries.get_mut(&workload.id))
        .map(|entry| &mut entry.node.value)
    else {
        return;
    };
    if table.get("common").is_some() {
        return;
    }
    let span = table
        .get("model")
        .map_or_else(Span::default, |node| node.span);
    let common = stated(
        &workload.job.common_text(),
        "half the variance of the compute layer's error on chips it was measured on, taken to be the same on all chips",
        span,
    );
    put(table, "common", span, common);
}

fn section_mut<'d>(root: &'d mut Table, section: &str) -> Option<&'d mut Table> {
    match &mut root.entries.get_mut(section)?.node.value {
        Item::Table(table) => Some(table),
        _ => None,
    }
}

/// A quantity with the words on it.
fn stated(value: &str, assumption: &str, span: Span) -> Item {
    let mut table = Table::default();
    put(&mut table, "value", span, Item::Text(value.to_owned()));
    put(
        &mut table,
        "assumption",
        span,
        Item::Text(assumption.to_owned()),
    );
    Item::Table(table)
}

/// Sets a key. Everything that is added stands where its reason is written.
fn put(table: &mut Table, key: &str, span: Span, value: Item) {
    let entry = Entry {
        key: span,
        node: Node { value, span },
    };
    table.entries.insert(key.to_owned(), entry);
}

/// Sets a key of an inner table, which is made if need be.
fn put_below(table: &mut Table, outer: &str, inner: &str, span: Span, value: Item) {
    let entry = table
        .entries
        .entry(outer.to_owned())
        .or_insert_with(|| Entry {
            key: span,
            node: Node {
                value: Item::Table(Table::default()),
                span,
            },
        });
    // What is no table is reported by the check.
    if let Item::Table(table) = &mut entry.node.value {
        put(table, inner, span, value);
    }
}

fn format(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<Format> {
    let text = node.text()?;
    let found = Format::parse(text);
    if found.is_none() {
        let names = Format::ALL.map(Format::name);
        diagnostics.push(
            Diagnostic::error(
                codes::UNKNOWN_NAME,
                format!("`{text}` is no number format"),
                node.span,
                format!("expected one of {}", names.join(", ")),
            )
            .help_option(did_you_mean(text, names.into_iter())),
        );
    }
    found
}

fn no_such(unknown: &Unknown, node: &Node) -> Diagnostic {
    let help = match &unknown.nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("`wafercast fit --list` shows all {}s", unknown.kind),
    };
    Diagnostic::error(
        codes::UNKNOWN_NAME,
        format!("there is no {} `{}`", unknown.kind, unknown.name),
        node.span,
        format!("no such {} in the library", unknown.kind),
    )
    .help(help)
}

fn counts_nothing(name: &str, workload: &str, why: &str, span: Span) -> Diagnostic {
    Diagnostic::note(
        codes::COUNTS_NOTHING,
        format!("`{name}` counts nothing in workload `{workload}`: it {why}"),
        span,
        "no rate",
    )
    .help(format!(
        "say what it is, chip = \"…\", or what it does, runs = {{ {workload} = \"100 tokens/s\" }}"
    ))
}
