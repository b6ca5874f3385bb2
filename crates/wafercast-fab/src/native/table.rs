//! Typed access to TOML tables that keeps places, and knows which keys were asked for.

use std::cell::RefCell;
use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{Place, Problem, suggest};
use crate::span::{Distribution, Millis, parse_distribution, parse_span};

/// A file, with what turns offsets into lines.
pub struct Source<'t> {
    /// Name.
    pub file: &'t str,
    starts: Vec<usize>,
}

impl<'t> Source<'t> {
    /// Of a text.
    pub fn new(file: &'t str, text: &str) -> Source<'t> {
        let mut starts = vec![0];
        starts.extend(
            text.bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(at, _)| at + 1),
        );
        Source { file, starts }
    }

    /// The place of an offset.
    pub fn place(&self, offset: usize) -> Place {
        Place::row(
            self.file,
            self.starts.partition_point(|&start| start <= offset) as u32,
        )
    }
}

const SPAN_FORM: &str = "write a number and a unit: `90 sec`, `12.5 min`, `2 hr`, `3 day`";
const TIME_FORM: &str = "write `12 min`, `12 ± 0.6 min` (uniform) or `exponential 7 day`";

/// A table being read.
pub struct Fields<'s, 't> {
    source: &'s Source<'t>,
    table: &'s DeTable<'t>,
    place: Place,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'s, 't> Fields<'s, 't> {
    /// A table at an offset.
    pub fn new(source: &'s Source<'t>, table: &'s DeTable<'t>, offset: usize) -> Fields<'s, 't> {
        Fields {
            source,
            table,
            place: source.place(offset),
            asked: RefCell::default(),
        }
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        self.place.clone()
    }

    fn get(&self, key: &'static str) -> Option<&'s Spanned<DeValue<'t>>> {
        self.asked.borrow_mut().insert(key);
        self.table.get(key)
    }

    fn wrong(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        message: String,
        help: &str,
        problems: &mut Vec<Problem>,
    ) {
        let place = self.source.place(value.span().start).column(key);
        problems.push(Problem::error(place, message, help));
    }

    /// Reports that a key which must be there is not.
    fn missing(&self, key: &str, help: &str, problems: &mut Vec<Problem>) {
        problems.push(Problem::error(
            self.place.column(key),
            format!("`{key}` is missing"),
            help,
        ));
    }

    /// Text.
    pub fn text(&self, key: &'static str, problems: &mut Vec<Problem>) -> Option<String> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(number) => Some(number.as_str().to_owned()),
            _ => {
                self.wrong(
                    key,
                    value,
                    format!("`{key}` is not a text"),
                    "write it in quotes",
                    problems,
                );
                None
            }
        }
    }

    /// Text that must be there.
    pub fn name(&self, key: &'static str, problems: &mut Vec<Problem>) -> String {
        if !self.table.contains_key(key) {
            self.missing(key, &format!("write `{key} = \"…\"`"), problems);
        }
        self.text(key, problems).unwrap_or_default()
    }

    /// A number within limits.
    pub fn number(
        &self,
        key: &'static str,
        least: f64,
        most: f64,
        problems: &mut Vec<Problem>,
    ) -> Option<f64> {
        let value = self.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().replace('_', "").parse::<f64>().ok(),
            DeValue::Float(number) => number.as_str().replace('_', "").parse::<f64>().ok(),
            _ => None,
        };
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            let help = format!("write a number from {least} to {most}");
            self.wrong(
                key,
                value,
                format!("`{key}` is not a number from {least} to {most}"),
                &help,
                problems,
            );
        }
        number
    }

    /// A whole number within limits.
    pub fn whole(
        &self,
        key: &'static str,
        least: i64,
        most: i64,
        problems: &mut Vec<Problem>,
    ) -> Option<i64> {
        let number = self.number(key, least as f64, most as f64, problems)?;
        if number != number.trunc() {
            let place = self.place.column(key);
            problems.push(Problem::error(
                place,
                format!("`{key}` is not a whole number"),
                "drop the decimals",
            ));
            return None;
        }
        Some(number as i64)
    }

    /// `true` or `false`; absent is false.
    pub fn flag(&self, key: &'static str, problems: &mut Vec<Problem>) -> bool {
        let Some(value) = self.get(key) else {
            return false;
        };
        if let DeValue::Boolean(flag) = value.get_ref() {
            return *flag;
        }
        self.wrong(
            key,
            value,
            format!("`{key}` is not `true` or `false`"),
            "write one of the two",
            problems,
        );
        false
    }

    /// One of several words.
    pub fn choice<T: Copy>(
        &self,
        key: &'static str,
        words: &[(&str, T)],
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        let text = self.text(key, problems)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let help = suggest(&text, words.iter().map(|&(word, _)| word));
            problems.push(Problem::error(
                self.place.column(key),
                format!("`{text}` is not understood"),
                help,
            ));
        }
        found.map(|&(_, value)| value)
    }

    /// Something read from a text; the error of the reader says what was expected.
    pub fn parsed<T>(
        &self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
        help: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        let text = self.text(key, problems)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(message) => {
                problems.push(Problem::error(self.place.column(key), message, help));
                None
            }
        }
    }

    /// A time.
    pub fn span(&self, key: &'static str, problems: &mut Vec<Problem>) -> Option<Millis> {
        self.parsed(key, parse_span, SPAN_FORM, problems)
    }

    /// A time of 0 or more.
    pub fn duration(&self, key: &'static str, problems: &mut Vec<Problem>) -> Option<Millis> {
        let parse = |text: &str| match parse_span(text)? {
            span if span >= 0 => Ok(span),
            _ => Err(format!("`{text}` is negative")),
        };
        self.parsed(key, parse, SPAN_FORM, problems)
    }

    /// A distribution of times.
    pub fn distribution(
        &self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Distribution> {
        self.parsed(key, parse_distribution, TIME_FORM, problems)
    }

    /// A distribution that must be there.
    pub fn needed_distribution(
        &self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Distribution {
        if !self.table.contains_key(key) {
            self.missing(
                key,
                &format!("write a time: `{key} = \"12 min\"`"),
                problems,
            );
        }
        self.distribution(key, problems)
            .unwrap_or(Distribution::ZERO)
    }

    /// A list of texts.
    pub fn texts(&self, key: &'static str, problems: &mut Vec<Problem>) -> Vec<String> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(
                key,
                value,
                format!("`{key}` is not a list"),
                "write `[\"…\", \"…\"]`",
                problems,
            );
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            if let DeValue::String(text) = item.get_ref() {
                texts.push(text.to_string());
            } else {
                self.wrong(
                    key,
                    item,
                    format!("an entry of `{key}` is not a text"),
                    "write it in quotes",
                    problems,
                );
            }
        }
        texts
    }

    /// Two whole numbers.
    pub fn pair(&self, key: &'static str, problems: &mut Vec<Problem>) -> Option<(u32, u32)> {
        let value = self.get(key)?;
        let numbers: Option<Vec<u32>> = match value.get_ref() {
            DeValue::Array(items) => items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::Integer(number) => number.as_str().replace('_', "").parse().ok(),
                    _ => None,
                })
                .collect(),
            _ => None,
        };
        let pair: Option<[u32; 2]> = numbers.and_then(|numbers| numbers.try_into().ok());
        match pair {
            Some([least, most]) if least <= most && (1..=1_000_000).contains(&most) => {
                Some((least, most))
            }
            _ => {
                self.wrong(
                    key,
                    value,
                    format!("`{key}` is not a smallest and a largest number"),
                    "write `[75, 150]`",
                    problems,
                );
                None
            }
        }
    }

    /// A table within the table.
    pub fn table(&self, key: &'static str, problems: &mut Vec<Problem>) -> Option<Fields<'s, 't>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Fields::new(self.source, table, value.span().start)),
            _ => {
                self.wrong(
                    key,
                    value,
                    format!("`{key}` is not a table"),
                    "write `{ … }`",
                    problems,
                );
                None
            }
        }
    }

    /// A list of tables: `[[key]]` or `key = [ { … } ]`.
    pub fn tables(&self, key: &'static str, problems: &mut Vec<Problem>) -> Vec<Fields<'s, 't>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(
                key,
                value,
                format!("`{key}` is not a list of tables"),
                &format!("write `[[{key}]]`"),
                problems,
            );
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items.iter() {
            if let DeValue::Table(table) = item.get_ref() {
                tables.push(Fields::new(self.source, table, item.span().start));
            } else {
                self.wrong(
                    key,
                    item,
                    format!("an entry of `{key}` is not a table"),
                    "write `{ … }`",
                    problems,
                );
            }
        }
        tables
    }

    /// Reports keys that nobody asked for.
    pub fn finish(&self, problems: &mut Vec<Problem>) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.iter() {
            let name: &str = key.get_ref();
            if !asked.contains(name) {
                let place = self.source.place(key.span().start).column(name);
                let help = suggest(name, asked.iter().copied());
                problems.push(Problem::error(
                    place,
                    format!("`{name}` is not understood"),
                    help,
                ));
            }
        }
    }
}
