//! The notation of quantities (model §2): text such as `20 kWSPM to 30 kWSPM` becomes a [`Distribution`] in base units.
//!
//! ```text
//! quantity = interval { "|" ("clamp" | "truncate") "(" interval "," interval ")" }
//! interval = product [ "to" product [ "@" number ["%"] ] ]
//! product  = primary { ("*" | "/") primary }
//! primary  = number [unit] | "$" number [unit] | call [unit] | "(" quantity ")" [unit]
//! call     = name "(" argument { "," argument } ")"          argument = quantity [ ":" quantity ]
//! ```
//!
//! A number without a unit inside an interval takes the unit of the upper end (`20 to 30 kWSPM`); zero needs no unit; a
//! unit after a call or a parenthesis holds for the bare numbers in it.

mod call;
mod evaluate;
mod interval;
mod number;
mod pool;
mod shape;
mod syntax;

use std::ops::Range;

use crate::diagnostic::Code;
use crate::distribution::Distribution;
use crate::facts::FactBase;
use crate::time::Date;
use crate::unit::{Dimension, Unit, UnitError};

pub use interval::{IntervalProblem, interval, spread};
pub use number::{Literal, literal};
pub use pool::{PoolProblem, fact_distribution};
pub use shape::scaled;

/// Longest text of one quantity, in bytes.
pub const MAX_LENGTH: usize = 4096;
/// Deepest nesting of parentheses and calls.
pub const MAX_NESTING: usize = 32;
/// Largest magnitude of any number in base units, and one over the smallest that is not zero.
pub const MAX_NUMBER: f64 = 1e40;

/// What values a quantity may take; decides the family of its intervals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Domain {
    /// Above zero (a die size, a lifetime): lognormal.
    Positive,
    /// Zero or more (a capacity, a delay, an amount): lognormal, and from zero a normal clamped at zero.
    NonNegative,
    /// From 0 to 1: logit-normal, and from 0 or up to 1 a normal clamped to 0 … 1.
    Fraction,
    /// Any: normal.
    Signed,
}

/// What the place of a quantity asks of it.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The unit of bare numbers; `None`: a dimensioned quantity needs its unit.
    pub bare: Option<Unit>,
    /// Accepted dimensions, the usual one first; empty: any.
    pub dimension: &'a [Dimension],
    /// Accepted values.
    pub domain: Domain,
    /// What `facts(…)` may pool.
    pub facts: &'a FactBase,
    /// Facts published later, or undated, are hidden.
    pub as_of: Option<Date>,
}

/// A quantity that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Notation {
    /// Its distribution, in base units.
    pub distribution: Distribution,
    /// The unit it was written in, for display.
    pub unit: Unit,
    /// The facts it pools, in order of id, each once.
    pub facts: Vec<String>,
}

/// Why a text is not a quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotationError {
    /// Bytes of the text that are at fault.
    pub range: Range<usize>,
    /// Stable code: `WF02xx` units, `WF03xx` numbers and distributions, `WF05xx` sources.
    pub code: Code,
    /// What is, then what was expected.
    pub message: String,
    /// What to type.
    pub help: Option<String>,
}

impl NotationError {
    fn new(range: Range<usize>, code: &'static str, message: impl Into<String>) -> NotationError {
        NotationError {
            range,
            code: Code(code),
            message: message.into(),
            help: None,
        }
    }

    fn help(mut self, help: impl Into<String>) -> NotationError {
        self.help = Some(help.into());
        self
    }
}

impl From<UnitError> for NotationError {
    fn from(error: UnitError) -> NotationError {
        NotationError {
            range: error.range,
            code: error.code,
            message: error.message,
            help: error.help,
        }
    }
}

/// Reads a quantity.
///
/// # Errors
/// All problems that can be told apart, in order of their place.
pub fn parse(text: &str, context: &Context<'_>) -> Result<Notation, Vec<NotationError>> {
    if text.len() > MAX_LENGTH {
        let message = format!(
            "a quantity of {} bytes is longer than the {MAX_LENGTH} allowed",
            text.len()
        );
        return Err(vec![NotationError::new(0..text.len(), "WF0309", message)]);
    }
    let (root, mut errors) = syntax::parse(text);
    let result = root.and_then(|root| evaluate::evaluate(text, &root, context, &mut errors));
    match result {
        Some(notation) if errors.is_empty() => Ok(notation),
        _ => {
            errors.sort_by_key(|error| (error.range.start, error.range.end));
            Err(errors)
        }
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
