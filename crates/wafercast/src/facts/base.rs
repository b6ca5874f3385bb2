//! The fact base, looked up by id and searched by words.

use std::cmp::Reverse;

use super::Fact;
use super::csv_file::{self, FactProblem};
use crate::time::Date;

/// Published figures, in order of their id.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FactBase {
    facts: Vec<Fact>,
}

/// What was known on a day.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    base: &'a FactBase,
    as_of: Option<Date>,
}

impl FactBase {
    /// Reads CSV files, given as name and text, with the columns of [`super::COLUMNS`]. Rows with a problem are left
    /// out; of a duplicate id the first row stays. Problems are in order of file and line.
    pub fn parse(files: &[(String, String)]) -> (FactBase, Vec<FactProblem>) {
        let mut facts = Vec::new();
        let mut problems = Vec::new();
        for (name, text) in files {
            csv_file::read(name, text, &mut facts, &mut problems);
        }
        // Stable: among equal ids the one read first stays first.
        facts.sort_by(|a: &Fact, b| a.id.cmp(&b.id));
        facts.dedup_by(|next, kept| {
            let is_same = next.id == kept.id;
            if is_same {
                problems.push(csv_file::duplicate(next, kept));
            }
            is_same
        });
        problems.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        (FactBase { facts }, problems)
    }

    /// The fact of this id.
    pub fn get(&self, id: &str) -> Option<&Fact> {
        let index = self
            .facts
            .binary_search_by(|fact| fact.id.as_str().cmp(id))
            .ok()?;
        self.facts.get(index)
    }

    /// All facts, in order of their id.
    pub fn iter(&self) -> std::slice::Iter<'_, Fact> {
        self.facts.iter()
    }

    /// Number of facts.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// What was known on a day; `None`: everything.
    pub fn visible(&self, as_of: Option<Date>) -> View<'_> {
        View { base: self, as_of }
    }

    /// The facts that contain every word (case does not matter) in id, entity, metric, topic, title, publisher or note.
    /// Those with more of the words in id, entity and metric come first, then in order of id. No words: no facts.
    pub fn search(&self, words: &str) -> Vec<&Fact> {
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(usize, &Fact)> = self
            .facts
            .iter()
            .filter_map(|fact| {
                let subject = format!("{} {} {}", fact.id, fact.entity, fact.metric).to_lowercase();
                let rest = format!(
                    "{} {} {} {}",
                    fact.topic, fact.title, fact.publisher, fact.note
                )
                .to_lowercase();
                let hits = words.iter().filter(|word| subject.contains(*word)).count();
                let has_all = words
                    .iter()
                    .all(|word| subject.contains(word) || rest.contains(word));
                has_all.then_some((hits, fact))
            })
            .collect();
        found.sort_by_key(|(hits, _)| Reverse(*hits));
        found.into_iter().map(|(_, fact)| fact).collect()
    }

    /// The id most like `id`, if one is near enough to be meant.
    pub fn nearest(&self, id: &str) -> Option<&str> {
        const NEAR: f64 = 0.85;
        self.facts
            .iter()
            .map(|fact| (strsim::jaro_winkler(id, &fact.id), fact.id.as_str()))
            .filter(|(likeness, _)| *likeness >= NEAR)
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
            .map(|(_, id)| id)
    }
}

impl<'a> IntoIterator for &'a FactBase {
    type Item = &'a Fact;
    type IntoIter = std::slice::Iter<'a, Fact>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> View<'a> {
    /// The fact of this id, if it was known.
    pub fn get(self, id: &str) -> Option<&'a Fact> {
        self.base.get(id).filter(|fact| fact.is_visible(self.as_of))
    }

    /// The facts that were known, in order of their id.
    pub fn iter(self) -> impl Iterator<Item = &'a Fact> {
        self.base
            .iter()
            .filter(move |fact| fact.is_visible(self.as_of))
    }
}
