//! The monthly axis of a scenario.

use super::{Date, Horizon, MonthSpan};
use crate::diagnostic::Code;

/// Longest horizon, in months (a century).
const MAX_MONTHS: i32 = 1200;

/// Why two dates do not make a horizon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HorizonError {
    /// `WF0402` reversed, `WF0403` too long.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// What to type.
    pub help: String,
}

impl Horizon {
    /// The whole calendar months from that of `from` to that of `to`, both included.
    ///
    /// # Errors
    /// If `to` lies before `from`, or more than a century after it.
    pub fn new(from: Date, to: Date) -> Result<Horizon, HorizonError> {
        let months = to.month_number() - from.month_number() + 1;
        if !(1..=MAX_MONTHS).contains(&months) {
            let (code, what) = if months < 1 {
                ("WF0402", "ends before it begins")
            } else {
                ("WF0403", "is longer than a century")
            };
            return Err(HorizonError {
                code: Code(code),
                message: format!("the horizon from {from} to {to} {what}"),
                help: "write the first and the last month, as in \
                       `horizon = { from = \"2024-01\", to = \"2028-12\" }`"
                    .to_owned(),
            });
        }
        Ok(Horizon {
            from: Date { day: 1, ..from },
            months: usize::try_from(months).unwrap_or(0),
        })
    }

    /// Position of a date on the time axis, in months: `12·(year − year0) + (month − month0) + (day − 1)/days_in_month`.
    /// Model eq. (1).
    pub fn position(&self, date: Date) -> f64 {
        f64::from(self.month_of(date))
            + f64::from(date.day.saturating_sub(1)) / f64::from(date.days_in_month())
    }

    /// The month a date lies in, counted from month 0; outside the horizon negative or ≥ `months`.
    pub fn month_of(&self, date: Date) -> i32 {
        date.month_number() - self.from.month_number()
    }

    /// The month that contains a position, `None` outside the horizon.
    pub fn month_at(&self, position: f64) -> Option<usize> {
        let month = position.floor();
        // Exact: months are small whole numbers.
        (month >= 0.0 && month < self.months as f64).then_some(month as usize)
    }

    /// First day of month `month` of the axis.
    pub fn date_of(&self, month: usize) -> Date {
        let number = self.month_number(month);
        Date {
            year: number.div_euclid(12),
            month: (number.rem_euclid(12) + 1) as u8,
            day: 1,
        }
    }

    /// `2026-03`
    pub fn month_label(&self, month: usize) -> String {
        let date = self.date_of(month);
        format!("{:04}-{:02}", date.year, date.month)
    }

    /// The month that a position on the time axis lies in, which may be outside the horizon.
    pub fn label_at(&self, position: f64) -> String {
        let first = i64::from(self.from.year) * 12 + i64::from(self.from.month) - 1;
        // The cast saturates; positions come from dates of four-digit years.
        let month = first.saturating_add(position.floor() as i64);
        format!(
            "{:04}-{:02}",
            month.div_euclid(12),
            month.rem_euclid(12) + 1
        )
    }

    /// The whole horizon as a span.
    pub fn span(&self) -> MonthSpan {
        MonthSpan {
            first: 0,
            end: signed(self.months),
        }
    }

    /// Whether a span is not empty and lies inside the horizon.
    pub fn contains(&self, span: MonthSpan) -> bool {
        span.first >= 0 && span.first < span.end && span.end <= signed(self.months)
    }

    /// The years that lie in the horizon as a whole, with their labels (`2026`).
    pub fn years(&self) -> Vec<(String, MonthSpan)> {
        self.whole_periods(12, |year, _| format!("{year:04}"))
    }

    /// The quarters that lie in the horizon as a whole, with their labels (`2026-Q1`).
    pub fn quarters(&self) -> Vec<(String, MonthSpan)> {
        self.whole_periods(3, |year, quarter| format!("{year:04}-Q{}", quarter + 1))
    }

    /// Each month, with its label (`2026-03`).
    pub fn month_spans(&self) -> Vec<(String, MonthSpan)> {
        (0..self.months)
            .map(|month| {
                let first = signed(month);
                let end = first + 1;
                (self.month_label(month), MonthSpan { first, end })
            })
            .collect()
    }

    /// The months from the start of the horizon to each month's end, with their labels (`..2026-03`).
    pub fn cumulated(&self) -> Vec<(String, MonthSpan)> {
        (0..self.months)
            .map(|month| {
                let end = signed(month) + 1;
                (
                    format!("..{}", self.month_label(month)),
                    MonthSpan { first: 0, end },
                )
            })
            .collect()
    }

    /// Periods of `length` months, a divisor of 12, that lie in the horizon; `label` gets the year and the number of the
    /// period in it.
    fn whole_periods(
        &self,
        length: i32,
        label: impl Fn(i32, i32) -> String,
    ) -> Vec<(String, MonthSpan)> {
        let start = self.from.month_number();
        let first = start + (-start).rem_euclid(length);
        let last = start + signed(self.months) - length;
        (first..=last)
            .step_by(length.unsigned_abs() as usize)
            .map(|number| {
                let first = number - start;
                let end = first + length;
                let (year, month) = (number.div_euclid(12), number.rem_euclid(12));
                (label(year, month / length), MonthSpan { first, end })
            })
            .collect()
    }

    fn month_number(&self, month: usize) -> i32 {
        self.from.month_number() + signed(month)
    }
}

impl MonthSpan {
    /// Number of months, 0 if empty.
    pub fn len(self) -> usize {
        usize::try_from(self.end - self.first).unwrap_or(0)
    }

    /// Whether it holds no month.
    pub fn is_empty(self) -> bool {
        self.first >= self.end
    }

    /// The part inside the horizon.
    pub fn clipped(self, horizon: &Horizon) -> MonthSpan {
        let first = self.first.max(0);
        let end = self.end.min(signed(horizon.months)).max(first);
        MonthSpan { first, end }
    }

    /// The months of a span inside a horizon, as indices; months before the horizon are left out.
    pub fn months(self) -> std::ops::Range<usize> {
        let index = |month: i32| usize::try_from(month).unwrap_or(0);
        index(self.first)..index(self.end)
    }
}

/// Months counted in `i32`; longer axes than `i32::MAX` months do not exist.
fn signed(months: usize) -> i32 {
    i32::try_from(months).unwrap_or(i32::MAX)
}
