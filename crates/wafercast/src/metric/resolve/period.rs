//! Periods on the horizon: `2027`, `2027-Q3`, `2027-12`, `2025..2027`, `..2027-06`.

use super::Resolver;
use crate::metric::error::{ExpressionError, INVALID_PERIOD};
use crate::metric::lexer::Argument;
use crate::time::{Horizon, MonthSpan, Period, PeriodError};

impl Resolver<'_> {
    /// The months of a period, all of them in the horizon: a sum over half of a year would look like the whole.
    pub(super) fn span(&mut self, argument: &Argument<'_>) -> Option<MonthSpan> {
        let span = self.period(argument)?;
        if !self.scenario.horizon.contains(span) {
            self.outside(argument);
            return None;
        }
        Some(span)
    }

    /// The last month of a period, which lies in the horizon.
    pub(super) fn end_of(&mut self, argument: &Argument<'_>) -> Option<usize> {
        let span = self.period(argument)?;
        let last = usize::try_from(span.end - 1)
            .ok()
            .filter(|last| *last < self.scenario.horizon.months);
        if last.is_none() {
            self.outside(argument);
        }
        last
    }

    fn outside(&mut self, argument: &Argument<'_>) {
        let horizon = &self.scenario.horizon;
        let message = format!("`{}` is not inside the horizon", argument.text);
        let last = horizon.months.saturating_sub(1);
        let help = format!(
            "the horizon is {} to {}",
            horizon.month_label(0),
            horizon.month_label(last)
        );
        self.errors
            .push(ExpressionError::new(argument.range.clone(), INVALID_PERIOD, message).help(help));
    }

    /// A period that is not empty; it may lie anywhere.
    fn period(&mut self, argument: &Argument<'_>) -> Option<MonthSpan> {
        match Period::parse(argument.text) {
            Ok(period) => {
                let span = period.span(&self.scenario.horizon);
                if span.is_empty() {
                    // An open period that ends before the horizon begins.
                    self.outside(argument);
                    return None;
                }
                Some(span)
            }
            Err(PeriodError { message, help, .. }) => {
                self.errors.push(
                    ExpressionError::new(argument.range.clone(), INVALID_PERIOD, message)
                        .help(help),
                );
                None
            }
        }
    }
}

/// A span inside the horizon in its shortest form: `2027`, `2027-Q3`, `2027-12`, `2025..2027`,
/// `..2027-06`, `2025-03..2027-06`.
pub(in crate::metric) fn span_text(horizon: &Horizon, span: MonthSpan) -> String {
    let months = span.months();
    let last = months.end.saturating_sub(1);
    let (from, to) = (horizon.date_of(months.start), horizon.date_of(last));
    match (from.month, months.len()) {
        (1, 12) => format!("{:04}", from.year),
        (1 | 4 | 7 | 10, 3) => format!("{:04}-Q{}", from.year, from.month.div_ceil(3)),
        (_, 1) => horizon.month_label(months.start),
        (1, _) if to.month == 12 => format!("{:04}..{:04}", from.year, to.year),
        _ if months.start == 0 => format!("..{}", horizon.month_label(last)),
        _ => format!(
            "{}..{}",
            horizon.month_label(months.start),
            horizon.month_label(last)
        ),
    }
}
