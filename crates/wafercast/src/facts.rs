//! The fact base: published figures with their sources. Scenario quantities cite facts or pool them.

use crate::time::Date;
use crate::unit::Unit;

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
    /// Day of publication; `None`: undated, and so hidden by every `as_of`.
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
    /// Line in the CSV file, from 1.
    pub line: usize,
}
