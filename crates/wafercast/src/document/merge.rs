//! Overlays: deep merge of tables, key by key; everything else is replaced.

use super::{Entry, Item, Table};
use crate::diagnostic::{Diagnostic, codes};

/// Ways to write one quantity that exclude each other: an overlay that writes another one replaces the whole table
/// instead of ending up with both.
pub const FORMS: [&str; 5] = ["value", "path", "vintages", "learning", "calibrate"];

/// Lays `over` on `base`. `false` over a table removes it; at depth 2 (`accelerator.x = false`) there must be one.
pub fn overlay(base: &mut Table, over: Table, diagnostics: &mut Vec<Diagnostic>) {
    merge(base, over, 1, &mut String::new(), diagnostics);
}

fn merge(
    base: &mut Table,
    over: Table,
    depth: usize,
    path: &mut String,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (key, entry) in over.entries {
        let length = path.len();
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&key);
        merge_entry(base, key, entry, depth, path, diagnostics);
        path.truncate(length);
    }
}

fn merge_entry(
    base: &mut Table,
    key: String,
    entry: Entry,
    depth: usize,
    path: &mut String,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let existing = base.entries.get_mut(&key);
    match (existing, entry.node.value) {
        (Some(old), Item::Boolean(false)) if old.node.table().is_some() => {
            base.entries.remove(&key);
        }
        (None, Item::Boolean(false)) if depth == 2 => {
            let known = base.entries.keys().map(String::as_str);
            // each search goes over all ids
            let help = (diagnostics.len() < 100)
                .then(|| crate::diagnostic::did_you_mean(&key, known))
                .flatten();
            diagnostics.push(
                Diagnostic::error(
                    codes::NOTHING_TO_REMOVE,
                    format!("`{path}` is removed, but there is none"),
                    entry.key,
                    "names nothing",
                )
                .help_option(help),
            );
        }
        (Some(old), Item::Table(over)) => match &mut old.node.value {
            Item::Table(table) if !changes_form(table, &over) => {
                merge(table, over, depth + 1, path, diagnostics);
            }
            _ => {
                *old = Entry {
                    key: entry.key,
                    node: super::Node {
                        value: Item::Table(over),
                        span: entry.node.span,
                    },
                };
            }
        },
        (_, value) => {
            // A section that the base does not have still has to be merged, so that `x.y = false` is seen.
            let value = match value {
                Item::Table(over) if depth == 1 => {
                    let mut table = Table::default();
                    merge(&mut table, over, depth + 1, path, diagnostics);
                    Item::Table(table)
                }
                other => other,
            };
            let node = super::Node {
                value,
                span: entry.node.span,
            };
            let key_span = entry.key;
            base.entries.insert(
                key,
                Entry {
                    key: key_span,
                    node,
                },
            );
        }
    }
}

/// Whether two tables write one quantity in different forms, so that their keys must not be mixed.
fn changes_form(base: &Table, over: &Table) -> bool {
    let has = |table: &Table, key: &str| table.entries.contains_key(key);
    let takes_another = FORMS.iter().any(|form| has(over, form))
        && !FORMS.iter().any(|form| has(base, form) && has(over, form));
    let is_quantity = ["value", "path", "vintages"]
        .iter()
        .any(|form| has(base, form));
    // `{ layers = … }` over a cycle time written as a path
    let is_other_table = over
        .entries
        .keys()
        .any(|key| crate::fields::FORM.field(key).is_none());
    takes_another || (is_quantity && is_other_table)
}

/// Adds the tables of an included file. The same id in two files is an error, so that the order of files changes
/// nothing.
pub fn include(base: &mut Table, file: Table, diagnostics: &mut Vec<Diagnostic>) {
    for (section, entry) in file.entries {
        let Some(old) = base.entries.get_mut(&section) else {
            base.entries.insert(section, entry);
            continue;
        };
        match (&mut old.node.value, entry.node.value) {
            (Item::Table(tables), Item::Table(more)) => {
                for (id, table) in more.entries {
                    if let Some(first) = tables.entries.get(&id) {
                        let diagnostic = Diagnostic::error(
                            codes::DEFINED_TWICE,
                            format!("`{section}.{id}` is defined in two files"),
                            table.key,
                            "defined a second time",
                        )
                        .label(first.key, "first defined here")
                        .help("keep one, or make the second an overlay with `extends`");
                        diagnostics.push(diagnostic);
                    } else {
                        tables.entries.insert(id, table);
                    }
                }
            }
            (Item::Array(nodes), Item::Array(more)) => nodes.extend(more),
            _ => diagnostics.push(
                Diagnostic::error(
                    codes::DEFINED_TWICE,
                    format!("`{section}` is given in two files"),
                    entry.key,
                    "given a second time",
                )
                .label(old.key, "first given here"),
            ),
        }
    }
}
