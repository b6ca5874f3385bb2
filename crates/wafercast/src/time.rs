//! Dates, the monthly time axis and periods (model §1).

mod date;
mod horizon;
mod period;

pub use date::DateError;
pub use horizon::HorizonError;
pub use period::{Period, PeriodError};

/// A calendar day. `2026`, `2026-Q3` and `2026-03` name the first day of the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year, 1900–2200.
    pub year: i32,
    /// Month, 1–12.
    pub month: u8,
    /// Day of the month, 1–31.
    pub day: u8,
}

/// The horizon: whole calendar months `0 … months − 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// First month.
    pub from: Date,
    /// Number of months.
    pub months: usize,
}

/// A span of whole months on a horizon's axis, `first ≤ m < end`; may reach outside the horizon when first made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MonthSpan {
    /// First month (relative to the horizon's month 0).
    pub first: i32,
    /// One past the last month.
    pub end: i32,
}

#[cfg(test)]
mod tests;
