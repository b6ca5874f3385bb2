//! Calendar days, read and shown.

use std::fmt;

use super::Date;
use crate::diagnostic::Code;

/// Years a date may lie in.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// Why a text is not a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateError {
    /// `WF0401`
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// What to type.
    pub help: String,
}

impl Date {
    /// The first day of a month. `None` outside the years 1900–2200 or the months 1–12.
    pub fn first_of_month(year: i32, month: u8) -> Option<Date> {
        Date::new(year, month, 1)
    }

    /// A day of the calendar; `None` if there is no such day, or outside the years 1900–2200.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Date> {
        let is_valid = YEARS.contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        is_valid.then_some(Date { year, month, day })
    }

    /// Reads `2026`, `2026-Q3`, `2026-03` or `2026-03-15`; a period stands for its first day.
    ///
    /// # Errors
    /// Any other text, a day the calendar does not have, a year outside 1900–2200.
    pub fn parse(text: &str) -> Result<Date, DateError> {
        let text = text.trim();
        let parts: Vec<&str> = text.split('-').collect();
        let date = match parts.as_slice() {
            [year] => number(year, 4).map(|year| (year, 1, 1)),
            [year, part] => match part.strip_prefix('Q') {
                Some(quarter) => number(year, 4)
                    .zip(number(quarter, 1).filter(|quarter| (1..=4).contains(quarter)))
                    .map(|(year, quarter)| (year, quarter * 3 - 2, 1)),
                None => number(year, 4)
                    .zip(number(part, 2))
                    .map(|(year, month)| (year, month, 1)),
            },
            [year, month, day] => number(year, 4)
                .zip(number(month, 2))
                .zip(number(day, 2))
                .map(|((year, month), day)| (year, month, day)),
            _ => None,
        };
        let Some((year, month, day)) = date else {
            return Err(DateError {
                code: Code("WF0401"),
                message: format!("`{}` is not a date", shortened(text)),
                help: "write `2026`, `2026-Q3`, `2026-03` or `2026-03-15`".to_owned(),
            });
        };
        let no_such_day = || DateError {
            code: Code("WF0401"),
            message: format!("there is no day `{text}` in the calendar"),
            help: format!(
                "years go from {} to {}, months from 01 to 12",
                YEARS.start(),
                YEARS.end()
            ),
        };
        // Each part has at most four digits, so only the year needs more than eight bits.
        let month = u8::try_from(month).map_err(|_| no_such_day())?;
        let day = u8::try_from(day).map_err(|_| no_such_day())?;
        Date::new(year, month, day).ok_or_else(no_such_day)
    }

    /// Number of days in the date's month.
    pub fn days_in_month(self) -> u8 {
        days_in_month(self.year, self.month)
    }

    /// Months since January of the year 0: a number for each calendar month, in order.
    pub fn month_number(self) -> i32 {
        self.year * 12 + i32::from(self.month) - 1
    }
}

/// `2026-03-15`
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A number of exactly so many digits.
fn number(text: &str, digits: usize) -> Option<i32> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// The first few dozen characters, so that a message stays readable.
pub(super) fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

fn days_in_month(year: i32, month: u8) -> u8 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
