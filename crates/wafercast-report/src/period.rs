//! Periods as a summary writes them.

use crate::language::Language;
use crate::message::{Message, say};
use crate::text::Text;

/// A period. Months count from year 0: 12 · year + month − 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// `2027`
    Year(i32),
    /// `2027-Q1`, by its first month
    Quarter(i32),
    /// `2027-03`
    Month(i32),
    /// `..2027-03`: from the start of the horizon to the end of this month
    Until(i32),
}

impl Period {
    /// Reads a period; none if it is not one.
    pub fn parse(text: &str) -> Option<Period> {
        let text = text.trim();
        if let Some(end) = text.strip_prefix("..") {
            return Period::parse(end).map(|period| Period::Until(period.months().1));
        }
        let (year, rest) = match text.split_once('-') {
            Some((year, rest)) => (year, Some(rest)),
            None => (text, None),
        };
        if year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let year: i32 = year.parse().ok()?;
        match rest {
            None => Some(Period::Year(year)),
            Some(rest) => match rest.strip_prefix(['Q', 'q']) {
                Some(quarter) => {
                    let quarter: i32 = quarter
                        .parse()
                        .ok()
                        .filter(|quarter| (1..=4).contains(quarter))?;
                    Some(Period::Quarter(year * 12 + 3 * (quarter - 1)))
                }
                None if rest.len() == 2 => {
                    let month: i32 = rest.parse().ok().filter(|month| (1..=12).contains(month))?;
                    Some(Period::Month(year * 12 + month - 1))
                }
                None => None,
            },
        }
    }

    /// Its first and last month.
    pub fn months(self) -> (i32, i32) {
        match self {
            Period::Year(year) => (year * 12, year * 12 + 11),
            Period::Quarter(first) => (first, first + 2),
            Period::Month(month) | Period::Until(month) => (month, month),
        }
    }

    /// As people write it: `March 2027`, `März 2027`, `2027年3月`.
    pub fn text(self) -> Text {
        match self {
            Period::Year(year) => year_text(year),
            Period::Quarter(first) => say(
                Message::Quarter,
                &[
                    ("year", Text::same(first.div_euclid(12).to_string())),
                    (
                        "quarter",
                        Text::same((first.rem_euclid(12) / 3 + 1).to_string()),
                    ),
                ],
            ),
            Period::Month(month) => month_text(month),
            Period::Until(month) => say(Message::UpTo, &[("month", month_text(month))]),
        }
    }
}

/// A year: `2027`, `2027年`.
pub fn year_text(year: i32) -> Text {
    Text::each(|language| match language {
        Language::Chinese => format!("{year}年"),
        _ => year.to_string(),
    })
}

/// A month as `2027-03`, for tables: the same in every language.
pub fn month_code(month: i32) -> String {
    format!("{}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// A month with its year.
pub fn month_text(month: i32) -> Text {
    let (year, index) = (month.div_euclid(12), month.rem_euclid(12));
    let names = say(Message::MonthNames, &[]);
    Text::each(|language| {
        let name = usize::try_from(index)
            .ok()
            .and_then(|index| names.get(language).split(' ').nth(index));
        let name = name.unwrap_or_default();
        match language {
            Language::Chinese => format!("{year}年{name}"),
            _ => format!("{name}\u{a0}{year}"),
        }
    })
}

/// A period's text as people write it, or as it stands if it is not one.
pub fn readable(text: &str) -> Text {
    Period::parse(text).map_or_else(|| Text::same(text), Period::text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_periods() {
        assert_eq!(Period::parse("2027"), Some(Period::Year(2027)));
        assert_eq!(
            Period::parse("2027-Q3"),
            Some(Period::Quarter(2027 * 12 + 6))
        );
        assert_eq!(Period::parse("2027-03"), Some(Period::Month(2027 * 12 + 2)));
        assert_eq!(
            Period::parse("..2027-03"),
            Some(Period::Until(2027 * 12 + 2))
        );
        for wrong in [
            "",
            "27",
            "2027-13",
            "2027-00",
            "2027-Q5",
            "2027-1",
            "+027",
            "2027-03-04",
            "20é7",
        ] {
            assert_eq!(Period::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn writes_periods() {
        assert_eq!(readable("2027-03").get(Language::English), "Mar\u{a0}2027");
        assert_eq!(readable("2027-03").get(Language::German), "März\u{a0}2027");
        assert_eq!(readable("2027-12").get(Language::Chinese), "2027年12月");
        assert_eq!(readable("2027-Q1").get(Language::German), "1. Quartal 2027");
        assert_eq!(readable("2025..2027").get(Language::German), "2025..2027");
    }
}
