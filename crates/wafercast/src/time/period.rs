//! Periods as they are written in metric expressions.

use std::fmt;

use super::date::shortened;
use super::{Date, Horizon, MonthSpan};
use crate::diagnostic::Code;

/// A period of whole months: `2027`, `2027-Q3`, `2027-12`, `2025..2027` (both included), `..2027-06` (from the start of
/// the horizon).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    from: Option<Part>,
    to: Part,
}

/// Why a text is not a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodError {
    /// `WF0410`
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// What to type.
    pub help: String,
}

/// A year, quarter or month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Part {
    first_month: Date,
    months: u8,
}

impl Period {
    /// Reads a period.
    ///
    /// # Errors
    /// Any other text, months the calendar does not have, an end before the beginning.
    pub fn parse(text: &str) -> Result<Period, PeriodError> {
        let text = text.trim();
        let error = |message: String| PeriodError {
            code: Code("WF0410"),
            message,
            help: "write `2027`, `2027-Q3`, `2027-12`, `2025..2027` or `..2027-06`".to_owned(),
        };
        let part = |text: &str| {
            Part::parse(text)
                .ok_or_else(|| error(format!("`{}` is not a period", shortened(text.trim()))))
        };
        let Some((from, to)) = text.split_once("..") else {
            let part = part(text)?;
            return Ok(Period {
                from: Some(part),
                to: part,
            });
        };
        let to = part(to)?;
        let from = match from.trim() {
            "" => None,
            from => Some(part(from)?),
        };
        match from {
            Some(from) if from.first_month >= to.end() => {
                Err(error(format!("the period `{text}` ends before it begins")))
            }
            _ => Ok(Period { from, to }),
        }
    }

    /// Its months on the axis of a horizon; may reach outside it, or be empty where an open period ends before it.
    pub fn span(&self, horizon: &Horizon) -> MonthSpan {
        MonthSpan {
            first: self
                .from
                .map_or(0, |from| horizon.month_of(from.first_month)),
            end: horizon.month_of(self.to.first_month) + i32::from(self.to.months),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.from {
            Some(from) if from == self.to => write!(f, "{from}"),
            Some(from) => write!(f, "{from}..{}", self.to),
            None => write!(f, "..{}", self.to),
        }
    }
}

impl Part {
    fn parse(text: &str) -> Option<Part> {
        let text = text.trim();
        let first_month = Date::parse(text).ok()?;
        let months = match text.len() {
            4 => 12,
            7 if text.as_bytes().get(5) == Some(&b'Q') => 3,
            7 => 1,
            _ => return None,
        };
        Some(Part {
            first_month,
            months,
        })
    }

    /// First day after it. In the last year it may lie outside the calendar of [`Date::new`], which does no harm to
    /// comparisons.
    fn end(self) -> Date {
        let number = self.first_month.month_number() + i32::from(self.months);
        Date {
            year: number.div_euclid(12),
            month: (number.rem_euclid(12) + 1) as u8,
            day: 1,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Date { year, month, .. } = self.first_month;
        match self.months {
            12 => write!(f, "{year:04}"),
            3 => write!(f, "{year:04}-Q{}", month / 3 + 1),
            _ => write!(f, "{year:04}-{month:02}"),
        }
    }
}
