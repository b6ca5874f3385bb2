//! The walk over the document along the description of the fields: unknown and missing keys, kinds of values, names,
//! and the quantities.

mod values;

use super::Checker;
use super::origin::Origin;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::document::path::is_bare;
use crate::document::{Entry, Node, Table};
use crate::fields::{Field, Kind, Presence, Shape, TOP};

/// Where the walk is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The path so far: the first part of the names of quantities.
    pub path: String,
    /// Where a missing key is reported.
    pub span: Span,
}

impl Place {
    fn child(&self, key: &str, span: Span) -> Self {
        Self {
            path: join(&self.path, key),
            span,
        }
    }
}

pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

impl<'a> Checker<'a> {
    /// Walks over the whole document.
    pub(super) fn walk(&mut self) {
        let root = self.root;
        let place = Place {
            path: String::new(),
            span: self.document.start(),
        };
        self.table(&TOP, root, &place, &Origin::default());
    }

    fn table(&mut self, shape: &'static Shape, table: &'a Table, place: &Place, around: &Origin) {
        let origin = self.origin(table, around);
        self.inherited_hindsight(table, place);
        for (key, entry) in table.iter() {
            match shape.field(key) {
                Some(field) => {
                    let place = place.child(key, entry.key);
                    self.field(field, table, &entry.node, &place, &origin);
                }
                None => self.unknown_key(shape, key, entry, place),
            }
        }
        for field in shape.fields {
            if table.get(field.key).is_none() {
                self.absent(field, place);
            }
        }
        for group in shape.exactly_one {
            self.exactly_one(group, table, place);
        }
    }

    /// A table's `source` must be known as a number's own would have to be: reported once for the table.
    fn inherited_hindsight(&mut self, table: &Table, place: &Place) {
        let speaks = ["claim", "evidence"].iter().any(|section| {
            place
                .path
                .strip_prefix(section)
                .is_some_and(|rest| rest.starts_with('.'))
        });
        if let Some(node) = table.get("source")
            && !speaks
            && !place.path.is_empty()
        {
            let sources = super::origin::ids(table, "source");
            self.refuse_hindsight(&place.path, &sources, node.span);
        }
    }

    fn unknown_key(&mut self, shape: &'static Shape, key: &str, entry: &Entry, place: &Place) {
        let help = self.suggest(key, shape.keys());
        let diagnostic = if place.path.is_empty() {
            let message = format!("`{key}` is no table or key of a scenario");
            Diagnostic::error(codes::UNKNOWN_TABLE, message, entry.key, "unknown")
        } else {
            let message = format!("`{}` has no key `{key}`", place.path);
            Diagnostic::error(codes::UNKNOWN_KEY, message, entry.key, "unknown key")
        };
        let keys: Vec<&str> = shape.keys().collect();
        let known = format!("known keys: {}", keys.join(", "));
        self.report(diagnostic.help(help.unwrap_or(known)));
    }

    /// What a key that is not written means.
    fn absent(&mut self, field: &'static Field, place: &Place) {
        let here = place.child(field.key, place.span);
        match (field.presence, &field.kind) {
            (Presence::Required, _) => {
                let what = if place.path.is_empty() {
                    "the scenario".to_owned()
                } else {
                    format!("`{}`", place.path)
                };
                self.report(
                    Diagnostic::error(
                        codes::MISSING_KEY,
                        format!("{what} has no `{}`", field.key),
                        place.span,
                        format!("`{}` is missing", field.key),
                    )
                    .help(format!(
                        "add for example `{} = {}`",
                        field.key, field.example
                    )),
                );
            }
            (Presence::Default(text), Kind::Quantity(measure)) => {
                self.default_quantity(text, measure, &here);
            }
            (Presence::Implied, Kind::Table(shape)) => {
                for field in shape.fields {
                    self.absent(field, &here);
                }
            }
            _ => {}
        }
    }

    fn exactly_one(&mut self, group: &[&str], table: &Table, place: &Place) {
        let given: Vec<&str> = group
            .iter()
            .copied()
            .filter(|key| table.get(key).is_some())
            .collect();
        if given.len() == 1 {
            return;
        }
        let names: Vec<String> = group.iter().map(|key| format!("`{key}`")).collect();
        let names = names.join(", ");
        let message = match given.as_slice() {
            [] => format!("`{}` has none of {names}", place.path),
            many => {
                let given: Vec<String> = many.iter().map(|key| format!("`{key}`")).collect();
                format!("`{}` has {} together", place.path, given.join(" and "))
            }
        };
        let span = given
            .last()
            .and_then(|key| table.entries.get(*key))
            .map_or(place.span, |entry| entry.key);
        self.report(
            Diagnostic::error(codes::EXACTLY_ONE, message, span, "exactly one is needed")
                .help(format!("give exactly one of {names}")),
        );
    }

    /// Checks one value against what its key takes.
    fn field(
        &mut self,
        field: &'static Field,
        table: &'a Table,
        node: &'a Node,
        place: &Place,
        origin: &Origin,
    ) {
        if self.is_hopeless() {
            return;
        }
        match &field.kind {
            Kind::Section(shape) => self.section(field.key, shape, node, place),
            Kind::Table(shape) => match node.table() {
                Some(inner) => self.table(shape, inner, place, origin),
                None => self.wrong_type(node, place, "a table", field.example),
            },
            Kind::Tables(shape) => self.list(field, shape, node, place, origin),
            Kind::Quantity(measure) => {
                let measure = self.resolve(measure, table, place);
                self.quantity(node, measure, &place.path, origin);
            }
            // A rent that was not published yet is unknown, not an error.
            Kind::QuantityOr(..) if field.key == "rent" && self.is_later(node) => {}
            Kind::QuantityOr(measure, shape) => match node.table() {
                Some(inner)
                    if shape
                        .fields
                        .iter()
                        .any(|field| inner.get(field.key).is_some()) =>
                {
                    self.table(shape, inner, place, origin);
                }
                _ => {
                    let measure = self.resolve(measure, table, place);
                    self.quantity(node, measure, &place.path, origin);
                }
            },
            Kind::QuantityOrWord(measure, word) => {
                if node.text() != Some(word) {
                    let measure = self.resolve(measure, table, place);
                    self.quantity(node, measure, &place.path, origin);
                }
            }
            Kind::Fixed(measure) => {
                let measure = self.resolve(measure, table, place);
                self.fixed(node, measure, &place.path);
            }
            Kind::Weights(section, measure) => {
                self.weights(section, measure, node, place, origin, field);
            }
            Kind::Words(section) => self.words(section, node, place, field),
            Kind::Numbers(section) => self.numbers(section, node, place, field),
            Kind::Counts => self.counts(node, place, field),
            kind => self.plain(kind, field, node, place),
        }
    }

    fn section(
        &mut self,
        name: &'static str,
        shape: &'static Shape,
        node: &'a Node,
        place: &Place,
    ) {
        let Some(tables) = node.table() else {
            self.wrong_type(node, place, "tables by id", &format!("[{name}.some-id]"));
            return;
        };
        for (id, entry) in tables.iter() {
            if self.is_hidden(name, id) {
                continue;
            }
            if self.is_hopeless() {
                return;
            }
            let place = place.child(id, entry.key);
            if id.is_empty() || !id.chars().all(is_bare) {
                self.report(
                    Diagnostic::error(
                        codes::BAD_ID,
                        format!("`{id}` cannot be the id of a {name}"),
                        entry.key,
                        "letters, digits, `-` and `_` only",
                    )
                    .help("put what people should read into `name`"),
                );
            }
            match entry.node.table() {
                Some(table) => self.table(shape, table, &place, &Origin::default()),
                None => {
                    self.wrong_type(&entry.node, &place, "a table", &format!("[{}]", place.path))
                }
            }
        }
    }

    fn list(
        &mut self,
        field: &'static Field,
        shape: &'static Shape,
        node: &'a Node,
        place: &Place,
        origin: &Origin,
    ) {
        let Some(nodes) = node.array() else {
            self.wrong_type(node, place, "a list of tables", field.example);
            return;
        };
        if nodes.is_empty() && field.presence == Presence::Required {
            self.empty(node.span, place);
        }
        for (index, element) in nodes.iter().enumerate() {
            let here = Place {
                path: format!("{}[{index}]", place.path),
                span: element.span,
            };
            match element.table() {
                Some(table) if self.is_known(table) => self.table(shape, table, &here, origin),
                Some(_) => {}
                None => self.wrong_type(element, &here, "a table", field.example),
            }
        }
    }

    fn empty(&mut self, span: Span, place: &Place) {
        self.report(Diagnostic::error(
            codes::EMPTY,
            format!("`{}` is empty, expected at least one", place.path),
            span,
            "nothing in it",
        ));
    }

    fn weights(
        &mut self,
        section: &'static str,
        measure: &crate::fields::Measure,
        node: &'a Node,
        place: &Place,
        origin: &Origin,
        field: &'static Field,
    ) {
        let Some(table) = node.table() else {
            self.wrong_type(node, place, "a table", field.example);
            return;
        };
        for (id, entry) in table.iter() {
            self.reference(section, id, entry.key);
            let here = place.child(id, entry.key);
            let measure = self.resolve(measure, table, &here);
            self.quantity(&entry.node, measure, &here.path, origin);
        }
    }

    fn words(
        &mut self,
        section: &'static str,
        node: &'a Node,
        place: &Place,
        field: &'static Field,
    ) {
        let Some(table) = node.table() else {
            self.wrong_type(node, place, "a table", field.example);
            return;
        };
        for (id, entry) in table.iter() {
            self.reference(section, id, entry.key);
            if entry.node.text().is_none() {
                let here = place.child(id, entry.key);
                self.wrong_type(&entry.node, &here, "text", "\"native\"");
            }
        }
    }

    fn numbers(
        &mut self,
        section: &'static str,
        node: &'a Node,
        place: &Place,
        field: &'static Field,
    ) {
        let Some(table) = node.table() else {
            self.wrong_type(node, place, "a table", field.example);
            return;
        };
        if table.entries.is_empty() {
            self.empty(node.span, place);
        }
        for (id, entry) in table.iter() {
            self.reference(section, id, entry.key);
            let here = place.child(id, entry.key);
            self.number(&entry.node, 0.0, MOST_PARTS, true, &here);
        }
    }

    fn counts(&mut self, node: &'a Node, place: &Place, field: &'static Field) {
        let Some(table) = node.table() else {
            self.wrong_type(node, place, "a table", field.example);
            return;
        };
        for (name, entry) in table.iter() {
            let here = place.child(name, entry.key);
            self.count(&entry.node, 1, crate::fab_model::MOST_TOOLS, &here);
        }
    }
}

/// More of one part than this in a unit is a slip of the keyboard.
const MOST_PARTS: f64 = 100_000.0;
