//! Periods on the horizon: `2027`, `2027-Q3`, `2027-12`, `2025..2027`, `..2027-06`.

use super::Resolver;
use crate::metric::error::{ExpressionError, INVALID_PERIOD};
use crate::metric::lexer::Argument;
use crate::time::{Horizon, MonthSpan};

const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;
const MONTHS_PER_YEAR: i32 = 12;

impl Resolver<'_> {
    /// The months of a period, all of them in the horizon: a sum over half of a year would look like the whole.
    pub(super) fn span(&mut self, argument: &Argument<'_>) -> Option<MonthSpan> {
        let span = self.period(argument)?;
        if span.first < 0 || span.end > months(&self.scenario.horizon) {
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
        let last = i32::try_from(horizon.months.saturating_sub(1)).unwrap_or(i32::MAX);
        let help = format!(
            "the horizon is {} to {}",
            month_text(horizon, 0),
            month_text(horizon, last)
        );
        self.errors
            .push(ExpressionError::new(argument.range.clone(), INVALID_PERIOD, message).help(help));
    }

    /// A period that is not empty; it may lie anywhere.
    fn period(&mut self, argument: &Argument<'_>) -> Option<MonthSpan> {
        let horizon = &self.scenario.horizon;
        let span = match argument.text.split_once("..") {
            None => simple(horizon, argument.text),
            Some(("", last)) => simple(horizon, last.trim()).map(|last| MonthSpan {
                first: 0,
                end: last.end,
            }),
            Some((first, last)) => simple(horizon, first.trim())
                .zip(simple(horizon, last.trim()))
                .map(|(first, last)| MonthSpan {
                    first: first.first,
                    end: last.end,
                }),
        };
        let Some(span) = span else {
            let message = format!("`{}` is not a period", argument.text);
            self.errors.push(
                ExpressionError::new(argument.range.clone(), INVALID_PERIOD, message)
                    .help("write 2027, 2027-Q3, 2027-12, 2025..2027 or ..2027-06"),
            );
            return None;
        };
        if span.first >= span.end {
            // `..2020` ends before the horizon starts; `2027..2025` runs backwards.
            if argument.text.starts_with("..") {
                self.outside(argument);
            } else {
                let message = format!("the period `{}` ends before it starts", argument.text);
                self.errors.push(ExpressionError::new(
                    argument.range.clone(),
                    INVALID_PERIOD,
                    message,
                ));
            }
            return None;
        }
        Some(span)
    }
}

/// A year, a quarter or a month.
fn simple(horizon: &Horizon, text: &str) -> Option<MonthSpan> {
    let digits = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| text.parse::<i32>().ok())
            .flatten()
    };
    let (year, part) = match text.split_once('-') {
        Some((year, part)) => (year, Some(part)),
        None => (text, None),
    };
    let year = (year.len() == 4)
        .then(|| digits(year))
        .flatten()
        .filter(|year| YEARS.contains(year))?;
    let (month, length) = match part {
        None => (1, MONTHS_PER_YEAR),
        Some(part) => match part.strip_prefix(['Q', 'q']) {
            Some(quarter) => (
                3 * digits(quarter).filter(|quarter| (1..=4).contains(quarter))? - 2,
                3,
            ),
            None => (
                (part.len() == 2)
                    .then(|| digits(part))
                    .flatten()
                    .filter(|month| (1..=12).contains(month))?,
                1,
            ),
        },
    };
    let first =
        MONTHS_PER_YEAR * (year - horizon.from.year) + month - i32::from(horizon.from.month);
    Some(MonthSpan {
        first,
        end: first + length,
    })
}

fn months(horizon: &Horizon) -> i32 {
    i32::try_from(horizon.months).unwrap_or(i32::MAX)
}

/// Year and month (1–12) of a month of the horizon.
fn calendar(horizon: &Horizon, month: i32) -> (i32, i32) {
    let count = MONTHS_PER_YEAR * horizon.from.year + i32::from(horizon.from.month) - 1 + month;
    (
        count.div_euclid(MONTHS_PER_YEAR),
        count.rem_euclid(MONTHS_PER_YEAR) + 1,
    )
}

/// A month of the horizon as `2027-12`.
pub(in crate::metric) fn month_text(horizon: &Horizon, month: i32) -> String {
    let (year, month) = calendar(horizon, month);
    format!("{year:04}-{month:02}")
}

/// A span in its shortest form: `2027`, `2027-Q3`, `2027-12`, `2025..2027`, `2025-03..2027-06`.
pub(in crate::metric) fn span_text(horizon: &Horizon, span: MonthSpan) -> String {
    let ((year, month), length) = (calendar(horizon, span.first), span.end - span.first);
    let last = calendar(horizon, span.end - 1);
    match (month, length) {
        (1, 12) => format!("{year:04}"),
        (1 | 4 | 7 | 10, 3) => format!("{year:04}-Q{}", (month + 2) / 3),
        (_, 1) => month_text(horizon, span.first),
        (1, _) if last.1 == 12 => format!("{year:04}..{:04}", last.0),
        _ => format!(
            "{}..{}",
            month_text(horizon, span.first),
            month_text(horizon, span.end - 1)
        ),
    }
}
