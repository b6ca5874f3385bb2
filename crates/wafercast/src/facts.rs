//! The fact base: published figures with their sources. Scenario quantities cite facts or pool them.

mod base;
mod csv_file;
mod unit_text;

use crate::time::Date;
use crate::unit::Unit;

pub use base::{FactBase, View};
pub use csv_file::{COLUMNS, FactProblem};

/// Quality of a source: A official, B analyst or press, C blog, forum or derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quality {
    /// Official.
    A,
    /// Analyst or press.
    B,
    /// Blog, forum, or derived.
    C,
}

/// A published figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Stable id.
    pub id: String,
    /// `logic`, `hbm`, `packaging`, `shipments`, `seed` …
    pub topic: String,
    /// Who or what it is about.
    pub entity: String,
    /// What is measured.
    pub metric: String,
    /// Value in `unit`; `None` if only an interval is given.
    pub value: Option<f64>,
    /// Interval in `unit`, read as 5th and 95th percentile.
    pub interval: Option<(f64, f64)>,
    /// Unit; `None` where the figure has no unit of the scenario language (`flag`, `event`); `unit_text` has it as written.
    pub unit: Option<Unit>,
    /// Unit as written.
    pub unit_text: String,
    /// First day of the period it speaks of.
    pub period_start: Option<Date>,
    /// Last day.
    pub period_end: Option<Date>,
    /// Day of publication, else the day the figure was known (`as_of` column); `None`: undated, and so hidden by every `as_of`.
    pub published: Option<Date>,
    /// `actual`, `estimate`, `forecast`, `target`, `announcement`
    pub kind: String,
    /// Quality of the source.
    pub quality: Quality,
    /// Title.
    pub title: String,
    /// Publisher.
    pub publisher: String,
    /// Address; may be empty (then the note says where it is from).
    pub url: String,
    /// In our own words.
    pub note: String,
    /// Name of the CSV file.
    pub file: String,
    /// Line in it, from 1.
    pub line: usize,
}

impl Fact {
    /// Whether it was published by `as_of`; always where there is none. An undated fact is hidden by every `as_of`.
    pub fn is_visible(&self, as_of: Option<Date>) -> bool {
        match as_of {
            None => true,
            Some(day) => self.published.is_some_and(|published| published <= day),
        }
    }

    /// The value, else the middle of the interval, in base units; `None` without a unit of the language.
    pub fn value_in_base_units(&self) -> Option<f64> {
        let unit = self.unit.as_ref()?;
        let value = self
            .value
            .or_else(|| self.interval.map(|(low, high)| 0.5 * (low + high)))?;
        Some(unit.to_base(value))
    }
}

#[cfg(test)]
mod tests;
