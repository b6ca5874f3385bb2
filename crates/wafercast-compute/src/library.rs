//! The library of chips and models: from TOML, with diagnostics; looked up by any of their names.

mod chips;
mod models;

use std::collections::BTreeMap;

use wafercast::diagnostic::{Diagnostic, nearest};
use wafercast::document::{Table, from_toml};
use wafercast::load::Limits;
use wafercast::source_map::SourceMap;

use crate::chip::Chip;
use crate::codes;
use crate::fields::Fields;
use crate::model::Model;

/// Chips and models.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Library {
    chips: BTreeMap<String, Chip>,
    models: BTreeMap<String, Model>,
    /// Keys by any name, made plain.
    chip_names: BTreeMap<String, String>,
    model_names: BTreeMap<String, String>,
}

/// There is nothing of this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The name.
    pub name: String,
    /// `chip` or `model`.
    pub kind: &'static str,
    /// The nearest that there is.
    pub nearest: Option<String>,
}

impl std::fmt::Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "there is no {} `{}`", self.kind, self.name)?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

/// A name without what people write differently: case, spaces, punctuation.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

impl Library {
    /// Adds the chips and models of the files of a source map, a later one of the same key in place of an earlier. Every
    /// problem is reported; what has none is added.
    pub fn read(&mut self, sources: &SourceMap) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        let mut keys = 0;
        for (index, file) in sources.files().iter().enumerate() {
            let (table, problems) = from_toml(index, &file.text, &Limits::default(), &mut keys);
            diagnostics.extend(problems);
            self.read_file(&table, &mut diagnostics);
        }
        self.chip_names = index(
            self.chips
                .values()
                .map(|chip| (&chip.id, &chip.name, &chip.aliases)),
        );
        self.model_names = index(
            self.models
                .values()
                .map(|model| (&model.id, &model.name, &model.aliases)),
        );
        wafercast::diagnostic::sort(&mut diagnostics);
        diagnostics
    }

    fn read_file(&mut self, root: &Table, diagnostics: &mut Vec<Diagnostic>) {
        for (key, entry) in root.iter() {
            let Some(table) = entry
                .node
                .table()
                .filter(|_| ["chip", "model"].contains(&key))
            else {
                diagnostics.push(
                    Diagnostic::error(
                        codes::UNKNOWN_KEY,
                        format!("`{key}` is not a table of chips or models"),
                        entry.key,
                        "expected `[chip.NAME]` or `[model.NAME]`",
                    )
                    .help("put what describes a chip below `[chip.my-chip]`"),
                );
                continue;
            };
            for (id, entry) in table.iter() {
                let Some(table) = entry.node.table() else {
                    diagnostics.push(Diagnostic::error(
                        codes::WRONG_KIND,
                        format!("`{key}.{id}` is {}, expected a table", entry.node.kind()),
                        entry.key,
                        format!("expected `[{key}.{id}]`"),
                    ));
                    continue;
                };
                let fields = Fields::new(table, entry.key, format!("{key} `{id}`"), diagnostics);
                if key == "chip" {
                    if let Some(chip) = chips::read(id, fields) {
                        self.chips.insert(id.to_owned(), chip);
                    }
                } else if let Some(model) = models::read(id, fields) {
                    self.models.insert(id.to_owned(), model);
                }
            }
        }
    }

    /// The chips, by key.
    pub fn chips(&self) -> impl Iterator<Item = &Chip> {
        self.chips.values()
    }

    /// The models, by key.
    pub fn models(&self) -> impl Iterator<Item = &Model> {
        self.models.values()
    }

    /// A chip by any of its names.
    ///
    /// # Errors
    /// If there is none, with the nearest name.
    pub fn chip(&self, name: &str) -> Result<&Chip, Unknown> {
        let found = self
            .chip_names
            .get(&plain(name))
            .and_then(|key| self.chips.get(key));
        found.ok_or_else(|| {
            let names = self
                .chips
                .values()
                .map(|chip| (&chip.id, &chip.name, &chip.aliases));
            unknown(name, "chip", names)
        })
    }

    /// A model by any of its names.
    ///
    /// # Errors
    /// If there is none, with the nearest name.
    pub fn model(&self, name: &str) -> Result<&Model, Unknown> {
        let found = self
            .model_names
            .get(&plain(name))
            .and_then(|key| self.models.get(key));
        found.ok_or_else(|| {
            let names = self
                .models
                .values()
                .map(|model| (&model.id, &model.name, &model.aliases));
            unknown(name, "model", names)
        })
    }
}

/// Key, name and aliases of something in the library.
type Names<'a> = (&'a String, &'a String, &'a Vec<String>);

/// Keys by plain name: the key itself first, then names, then aliases; none is taken twice.
fn index<'a>(all: impl Iterator<Item = Names<'a>> + Clone) -> BTreeMap<String, String> {
    let keys = all.clone().map(|(key, _, _)| (key, key));
    let names = all.clone().map(|(key, name, _)| (name, key));
    let aliases = all.flat_map(|(key, _, aliases)| aliases.iter().map(move |alias| (alias, key)));
    let mut index = BTreeMap::new();
    for (name, key) in keys.chain(names).chain(aliases) {
        index.entry(plain(name)).or_insert_with(|| key.clone());
    }
    index
}

fn unknown<'a>(name: &str, kind: &'static str, all: impl Iterator<Item = Names<'a>>) -> Unknown {
    let names = all.flat_map(|(key, name, aliases)| {
        [key, name].into_iter().chain(aliases).map(String::as_str)
    });
    Unknown {
        name: name.to_owned(),
        kind,
        nearest: nearest(name, names).map(str::to_owned),
    }
}
