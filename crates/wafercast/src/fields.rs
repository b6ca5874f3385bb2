//! The tables and keys of the scenario language, described once. From this description come the checks of
//! [`crate::check`], the JSON Schema ([`schema::schema`]) and the reference page ([`reference::markdown`]).

mod chips;
mod lines;
mod market;
mod processes;
mod quantity;
pub mod reference;
pub mod schema;

mod shared;
mod top;
mod workload;

pub use quantity::{ANCHOR, FORM};
pub use top::{MOST_SAMPLES, TOP};
pub use workload::MOST_CHIPS;

use crate::notation::Domain;
use crate::unit::Dimension;

/// A table: its keys and what it is for.
#[derive(Debug)]
pub struct Shape {
    /// What the table is, as a heading.
    pub title: &'static str,
    /// What it is for.
    pub doc: &'static str,
    /// Its keys.
    pub fields: &'static [Field],
    /// Groups of keys of which exactly one is given.
    pub exactly_one: &'static [&'static [&'static str]],
}

/// A key of a table.
#[derive(Debug)]
pub struct Field {
    /// The key.
    pub key: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it must be there.
    pub presence: Presence,
    /// One sentence.
    pub doc: &'static str,
    /// As one would write it, without the key.
    pub example: &'static str,
}

/// Whether a key must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It must.
    Required,
    /// It may be left out; what that means is in the doc sentence.
    Optional,
    /// Left out, it is as if this were written.
    Default(&'static str),
    /// A table that, left out, is as if it were there and empty: its keys have defaults.
    Implied,
}

/// What a key takes.
#[derive(Debug)]
pub enum Kind {
    /// Text for people.
    Text,
    /// Two capital letters (ISO 3166-1 alpha-2).
    Country,
    /// A date.
    Date,
    /// True or false.
    Boolean,
    /// A whole number.
    Count {
        /// Smallest.
        least: u64,
        /// Largest.
        most: u64,
    },
    /// A whole number that may be negative.
    Integer,
    /// A plain number within bounds.
    Number {
        /// Smallest, itself not allowed if `open`.
        least: f64,
        /// Largest, itself not allowed if `open`.
        most: f64,
        /// Whether the bounds themselves are outside.
        open: bool,
    },
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// A number with a unit, possibly uncertain.
    Quantity(Measure),
    /// A number with a unit that is certain.
    Fixed(Measure),
    /// A quantity, or a table that says where it comes from (told apart by having one of the table's keys).
    QuantityOr(Measure, &'static Shape),
    /// A quantity, or this word.
    QuantityOrWord(Measure, &'static str),
    /// The id of a table of this section.
    Reference(&'static str),
    /// `die.ID` or `memory.ID`.
    Part,
    /// The name of a quantity.
    QuantityName,
    /// Two names of quantities.
    QuantityPair,
    /// Fact ids.
    Facts,
    /// A condition over metrics.
    Condition,
    /// A metric.
    Metric,
    /// File names.
    Files,
    /// Dates.
    Dates,
    /// A table.
    Table(&'static Shape),
    /// A list of tables.
    Tables(&'static Shape),
    /// Ids of a section with a quantity each.
    Weights(&'static str, Measure),
    /// Ids of a section with a text each.
    Words(&'static str),
    /// Ids of a section with a plain number each.
    Numbers(&'static str),
    /// Free names with a whole number of 1 or more each.
    Counts,
    /// Tables by id.
    Section(&'static Shape),
}

/// How a quantity is measured.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Dimensions it may have.
    pub accepts: Accepts,
    /// Where its values lie; decides what `a to b` means.
    pub domain: Domain,
    /// The unit of numbers without one; `None`: a dimensioned number needs its unit.
    pub bare: Option<&'static str>,
    /// Read once for the whole run, or anew each month (then it may be a path).
    pub reading: Reading,
}

/// Dimensions a quantity may have.
#[derive(Debug, Clone, Copy)]
pub enum Accepts {
    /// One of these. The first is the one it is kept in: the others are other ways to write it (`k/month` of units).
    Any(&'static [Dimension]),
    /// One of these, kept as written.
    Either(&'static [Dimension]),
    /// That of the stockpile's part.
    PartOfStockpile,
    /// That of the demand's metric, per month.
    DemandPerMonth,
    /// That of the effect's quantity.
    Target,
    /// That of the evidence's metric.
    Observed,
}

/// When a quantity is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Once for the whole run.
    Once,
    /// At the middle of each month.
    Monthly,
}

impl Shape {
    /// The field of a key.
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Its keys.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().map(|field| field.key)
    }
}

impl Measure {
    /// The same, read each month.
    pub const fn monthly(self) -> Self {
        Self {
            reading: Reading::Monthly,
            ..self
        }
    }

    /// The same, with a unit for numbers without one.
    pub const fn bare(self, unit: &'static str) -> Self {
        Self {
            bare: Some(unit),
            ..self
        }
    }

    const fn positive(dimensions: &'static [Dimension]) -> Self {
        Self {
            accepts: Accepts::Any(dimensions),
            domain: Domain::Positive,
            bare: None,
            reading: Reading::Once,
        }
    }

    const fn at_least_zero(dimensions: &'static [Dimension]) -> Self {
        Self {
            domain: Domain::NonNegative,
            ..Self::positive(dimensions)
        }
    }
}

/// The shape of the tables of a section, e.g. of `fab`.
pub fn section(name: &str) -> Option<&'static Shape> {
    TOP.field(name).and_then(|field| match field.kind {
        Kind::Section(shape) => Some(shape),
        _ => None,
    })
}

/// The names of all sections, in the order of the reference.
pub fn sections() -> impl Iterator<Item = (&'static str, &'static Shape)> {
    TOP.fields.iter().filter_map(|field| match field.kind {
        Kind::Section(shape) => Some((field.key, shape)),
        _ => None,
    })
}
