//! The library of chips and models: from TOML, with diagnostics; looked up by any of their names.

mod chips;
mod models;

use std::collections::BTreeMap;

use wafercast::diagnostic::{Diagnostic, Span, nearest};
use wafercast::document::{Table, from_toml};
use wafercast::load::Limits;
use wafercast::source_map::SourceMap;

use crate::chip::Chip;
use crate::codes;
use crate::fields::Fields;
use crate::model::Model;

/// Something that was opened: `[source.KEY]`. Chips and models refer to it as `KEY` or `KEY#which part of it`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Title.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// Date of the version that was read, or what is known of it.
    pub date: String,
    /// Address.
    pub url: String,
    /// When and in which form it was read.
    pub opened: String,
}

/// Sources by key.
type Sources = BTreeMap<String, Source>;

/// Chips and models.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Library {
    chips: BTreeMap<String, Chip>,
    models: BTreeMap<String, Model>,
    sources: Sources,
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

/// Sections of a file: those that are read first, and those that refer to them.
const SECTIONS: (&[&str], &[&str]) = (&["source"], &["chip", "model"]);

fn is_section(key: &str) -> bool {
    SECTIONS.0.contains(&key) || SECTIONS.1.contains(&key)
}

fn no_section(key: &str, place: Span) -> Diagnostic {
    Diagnostic::error(
        codes::UNKNOWN_KEY,
        format!("`{key}` is not a table of chips, models or sources"),
        place,
        "expected `[chip.NAME]`, `[model.NAME]` or `[source.KEY]`",
    )
    .help("put what describes a chip below `[chip.my-chip]`")
}

fn source(mut fields: Fields) -> Option<Source> {
    let mut text = |key, example| fields.required_text(key, example).map(str::to_owned);
    let title = text("title", "\"Data sheet of the chip\"");
    let publisher = text("publisher", "\"the vendor\"");
    let date = text("date", "\"2026-05\"");
    let url = text("url", "\"https://example.org/datasheet\"");
    let opened = text("opened", "\"2026-11-25\"");
    fields.finish();
    Some(Source {
        title: title?,
        publisher: publisher?,
        date: date?,
        url: url?,
        opened: opened?,
    })
}

/// What `sources` of a chip or model says: addresses as they are, keys as the address with title, publisher and date.
fn sources(fields: &mut Fields, known: &Sources) -> Vec<String> {
    let mut all = Vec::new();
    for (text, place) in fields.texts("sources") {
        if text.contains("://") {
            all.push(text.to_owned());
            continue;
        }
        let (key, part) = text
            .split_once('#')
            .map_or((text, ""), |(key, part)| (key, part));
        let Some(source) = known.get(key) else {
            fields.report(
                Diagnostic::error(
                    codes::UNKNOWN_NAME,
                    format!("there is no source `{key}`"),
                    place,
                    "neither an address nor a key of `[source.KEY]`",
                )
                .help_option(wafercast::diagnostic::did_you_mean(
                    key,
                    known.keys().map(String::as_str),
                )),
            );
            all.push(text.to_owned());
            continue;
        };
        let part = if part.is_empty() {
            String::new()
        } else {
            format!("; {part}")
        };
        all.push(format!(
            "{} ({}, {}, {}{part})",
            source.url, source.title, source.publisher, source.date
        ));
    }
    all
}

/// Keys that are listed under `assumed` or `unverified`; each must be one that the entry has.
fn marked(fields: &mut Fields, list: &'static str) -> Vec<String> {
    let mut all = Vec::new();
    for (key, place) in fields.texts(list) {
        if !fields.has(key) {
            fields.report(Diagnostic::error(
                codes::UNKNOWN_NAME,
                format!("`{key}` of `{list}` is not a number that is given here"),
                place,
                "nothing of this name",
            ));
        }
        all.push(key.to_owned());
    }
    all
}

/// A name without what people write differently: case, spaces, punctuation.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

impl Library {
    /// Adds the sources, chips and models of the files of a source map, a later one of the same key in place of an earlier.
    /// Every problem is reported; what has none is added.
    pub fn read(&mut self, sources: &SourceMap) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        let mut keys = 0;
        let mut files = Vec::new();
        for (index, file) in sources.files().iter().enumerate() {
            let (table, problems) = from_toml(index, &file.text, &Limits::default(), &mut keys);
            diagnostics.extend(problems);
            files.push(table);
        }
        // Sources first: chips of any file refer to those of any other.
        for kind in [SECTIONS.0, SECTIONS.1] {
            for file in &files {
                self.read_file(file, kind, &mut diagnostics);
            }
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

    /// Reads the sections of some kinds; what is of no kind is reported once, with the first.
    fn read_file(&mut self, root: &Table, kinds: &[&str], diagnostics: &mut Vec<Diagnostic>) {
        for (key, entry) in root.iter() {
            let table = entry.node.table().filter(|_| is_section(key));
            let Some(table) = table else {
                if kinds == SECTIONS.0 {
                    diagnostics.push(no_section(key, entry.key));
                }
                continue;
            };
            if !kinds.contains(&key) {
                continue;
            }
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
                self.read_entry(key, id, fields);
            }
        }
    }

    fn read_entry(&mut self, key: &str, id: &str, fields: Fields) {
        match key {
            "source" => {
                if let Some(source) = source(fields) {
                    self.sources.insert(id.to_owned(), source);
                }
            }
            "chip" => {
                if let Some(chip) = chips::read(id, fields, &self.sources) {
                    self.chips.insert(id.to_owned(), chip);
                }
            }
            _ => {
                if let Some(model) = models::read(id, fields, &self.sources) {
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
