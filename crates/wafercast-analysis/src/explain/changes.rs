//! What differs between two documents, and the documents between them.

use wafercast::document::path::{Step, display};
use wafercast::document::{Document, Entry, Item, Node, Table};

/// Keys that change no draw, at any depth.
const SILENT: [&str; 5] = ["note", "source", "assumption", "name", "says"];
/// Keys of the top level that are no part of the model.
const NOT_MODEL: [&str; 10] = [
    "format",
    "title",
    "description",
    "run",
    "include",
    "extends",
    "claim",
    "evidence",
    "data_until",
    "planning",
];
/// Keys that make a table one quantity: it is changed as a whole.
const FORMS: [&str; 5] = ["value", "path", "vintages", "learning", "calibrate"];

/// One difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    steps: Vec<Step>,
    /// What the second document has there; none if it has nothing.
    entry: Option<Entry>,
    /// Whether the first has nothing there.
    is_added: bool,
}

impl Change {
    /// The path, and whether it is added or removed.
    pub fn text(&self) -> String {
        let how = match (self.is_added, &self.entry) {
            (true, _) => " (added)",
            (false, None) => " (removed)",
            (false, Some(_)) => "",
        };
        format!("{}{how}", self.path())
    }

    /// The path: `fab.smic-n2.phase[1].delay`.
    pub fn path(&self) -> String {
        display(&self.steps)
    }

    /// The path of the table it is in: `fab.smic-n2`.
    pub fn table(&self) -> String {
        display(&self.steps[..self.steps.len().min(2)])
    }

    /// The kind of table it is in: `fab`.
    pub fn kind(&self) -> String {
        display(&self.steps[..self.steps.len().min(1)])
    }

    /// Makes the change.
    fn apply(&self, root: &mut Table) {
        if let Some((first, rest)) = self.steps.split_first() {
            apply(root, first, rest, self.entry.as_ref());
        }
    }
}

/// The differences of two documents that can change draws, in order of their path.
pub fn changes(first: &Document, second: &Document) -> Vec<Change> {
    let mut changes = Vec::new();
    compare_tables(&first.root, &second.root, &mut Vec::new(), &mut changes);
    changes
}

/// The first document with some of the changes made; claims and evidence are left out, because they may speak of what is
/// not there.
pub fn between<'a>(
    first: &Document,
    second: &Document,
    changes: impl IntoIterator<Item = &'a Change>,
) -> Document {
    let mut document = first.clone();
    let files = document.layers.len();
    document.layers.extend(&second.layers);
    for change in changes {
        let mut change = change.clone();
        if let Some(entry) = &mut change.entry {
            entry.key.file += files;
            move_files(&mut entry.node, files);
        }
        change.apply(&mut document.root);
    }
    document.root.entries.remove("claim");
    document.root.entries.remove("evidence");
    document
}

fn compare_tables(first: &Table, second: &Table, steps: &mut Vec<Step>, out: &mut Vec<Change>) {
    let mut keys: Vec<&String> = first.entries.keys().chain(second.entries.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let skipped: &[&str] = if steps.is_empty() {
            &NOT_MODEL
        } else {
            &SILENT
        };
        if skipped.contains(&key.as_str()) {
            continue;
        }
        steps.push(Step::Key(key.clone()));
        match (first.entries.get(key), second.entries.get(key)) {
            (Some(a), Some(b)) => compare(&a.node, b, steps, out),
            (a, b) => {
                // A table of the top level that only one has: each of its own tables is a change.
                let inner = a.or(b).and_then(|entry| entry.node.table());
                match inner.filter(|_| steps.len() == 1) {
                    Some(_) => {
                        let empty = Table::default();
                        let side = |entry: Option<&Entry>| {
                            entry.and_then(|entry| entry.node.table()).cloned()
                        };
                        let (a, b) = (side(a), side(b));
                        compare_tables(
                            a.as_ref().unwrap_or(&empty),
                            b.as_ref().unwrap_or(&empty),
                            steps,
                            out,
                        );
                    }
                    None => out.push(Change {
                        steps: steps.clone(),
                        entry: b.cloned(),
                        is_added: a.is_none(),
                    }),
                }
            }
        }
        steps.pop();
    }
}

fn compare(first: &Node, second: &Entry, steps: &mut Vec<Step>, out: &mut Vec<Change>) {
    if is_same(first, &second.node) {
        return;
    }
    match (&first.value, &second.node.value) {
        (Item::Table(a), Item::Table(b)) if !is_quantity(a) && !is_quantity(b) => {
            compare_tables(a, b, steps, out);
        }
        (Item::Array(a), Item::Array(b))
            if are_tables(a) && are_tables(b) && a.len() == b.len() =>
        {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                steps.push(Step::Index(index));
                let entry = Entry {
                    key: b.span,
                    node: b.clone(),
                };
                compare(a, &entry, steps, out);
                steps.pop();
            }
        }
        _ => out.push(Change {
            steps: steps.clone(),
            entry: Some(second.clone()),
            is_added: false,
        }),
    }
}

fn is_quantity(table: &Table) -> bool {
    FORMS.iter().any(|form| table.entries.contains_key(*form))
}

fn are_tables(nodes: &[Node]) -> bool {
    nodes.iter().all(|node| node.table().is_some())
}

/// Whether two values are the same but for their places and what changes no draw.
fn is_same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Item::Table(a), Item::Table(b)) => {
            let loud = |table: &'_ Table| -> Vec<String> {
                let keys = table.entries.keys();
                keys.filter(|key| !SILENT.contains(&key.as_str()))
                    .cloned()
                    .collect()
            };
            let keys = loud(a);
            keys == loud(b)
                && keys.iter().all(|key| match (a.get(key), b.get(key)) {
                    (Some(a), Some(b)) => is_same(a, b),
                    _ => false,
                })
        }
        (Item::Array(a), Item::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (a, b) => a == b,
    }
}

fn move_files(node: &mut Node, by: usize) {
    node.span.file += by;
    match &mut node.value {
        Item::Array(nodes) => nodes.iter_mut().for_each(|node| move_files(node, by)),
        Item::Table(table) => {
            for entry in table.entries.values_mut() {
                entry.key.file += by;
                move_files(&mut entry.node, by);
            }
        }
        Item::Text(_) | Item::Number(_) | Item::Boolean(_) | Item::Date(_) => {}
    }
}

fn apply(table: &mut Table, step: &Step, rest: &[Step], entry: Option<&Entry>) {
    let Step::Key(key) = step else {
        return;
    };
    if rest.is_empty() {
        match entry {
            Some(entry) => {
                table.entries.insert(key.clone(), entry.clone());
            }
            None => {
                table.entries.remove(key);
            }
        }
        return;
    }
    // A table that only the second document has begins empty.
    let place = table.entries.entry(key.clone()).or_insert_with(|| {
        let span = entry.map(|entry| entry.key).unwrap_or_default();
        Entry {
            key: span,
            node: Node {
                value: Item::Table(Table::default()),
                span,
            },
        }
    });
    apply_below(&mut place.node, rest, entry);
}

fn apply_below(node: &mut Node, rest: &[Step], entry: Option<&Entry>) {
    let Some((step, further)) = rest.split_first() else {
        return;
    };
    match (&mut node.value, step) {
        (Item::Table(table), Step::Key(_)) => apply(table, step, further, entry),
        (Item::Array(nodes), Step::Index(index)) => {
            if let Some(element) = nodes.get_mut(*index) {
                match (further.is_empty(), entry) {
                    (true, Some(entry)) => *element = entry.node.clone(),
                    (true, None) => {}
                    (false, _) => apply_below(element, further, entry),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use wafercast::load::{Limits, load};

    fn document(text: &str) -> Document {
        let files = BTreeMap::from([("s.toml".to_owned(), text.to_owned())]);
        let loaded = load("s.toml", &files, &[], &Limits::default());
        assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
        loaded.document
    }

    #[test]
    fn finds_what_differs_and_makes_it() {
        let first = document(
            "title = \"a\"\n[fab.x]\nai_share = \"10%\"\n[[fab.x.phase]]\nadd = \"1 kWSPM\"\nstart = \"2026\"\n[event.e]\ndate = \"2026\"\n",
        );
        let second = document(
            "title = \"b\"\n[fab.x]\nai_share = { value = \"20%\", note = \"n\" }\n[[fab.x.phase]]\nadd = \"2 kWSPM\"\nnote = \"n\"\nstart = \"2026\"\n[import.i]\nrate = 1\n",
        );
        let found = changes(&first, &second);
        let texts: Vec<String> = found.iter().map(Change::text).collect();
        assert_eq!(
            texts,
            [
                "event.e (removed)",
                "fab.x.ai_share",
                "fab.x.phase[0].add",
                "import.i (added)"
            ]
        );
        assert_eq!(found[2].table(), "fab.x");
        let all = between(&first, &second, &found);
        assert!(changes(&all, &second).is_empty());
        let none = between(&first, &second, []);
        assert!(changes(&first, &none).is_empty());
        let one = between(&first, &second, [&found[2]]);
        assert_eq!(changes(&first, &one).len(), 1);
        assert_eq!(changes(&one, &second).len(), 3);
    }
}
