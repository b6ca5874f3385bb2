//! Reading one CSV file of facts.

use super::unit_text::{self, FactUnit};
use super::{Fact, Quality};
use crate::diagnostic::{Code, Severity};
use crate::time::Date;

/// The columns, in any order; all must be there.
pub const COLUMNS: [&str; 18] = [
    "id",
    "topic",
    "entity",
    "metric",
    "value",
    "low",
    "high",
    "unit",
    "period_start",
    "period_end",
    "as_of",
    "kind",
    "source_title",
    "publisher",
    "published",
    "url",
    "quality",
    "note",
];

/// What a figure can be.
const KINDS: [&str; 5] = ["actual", "estimate", "forecast", "target", "announcement"];

/// What is wrong with the fact base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactProblem {
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// `WF0510` not a table of facts, `WF0511` a field, `WF0512` a duplicate id, `WF0513` a unit that is not known.
    pub code: Code,
    /// Errors leave the row out; a warning keeps it.
    pub severity: Severity,
    /// What is, then what was expected.
    pub message: String,
    /// What to type.
    pub help: Option<String>,
}

/// Appends the facts of a file, and its problems.
pub(super) fn read(file: &str, text: &str, facts: &mut Vec<Fact>, problems: &mut Vec<FactProblem>) {
    let problem = |line: usize, message: String| FactProblem {
        file: file.to_owned(),
        line,
        code: Code("WF0510"),
        severity: Severity::Error,
        message,
        help: Some(format!("the columns are {}", COLUMNS.join(","))),
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            problems.push(problem(
                1,
                format!("the file is not readable as CSV: {error}"),
            ));
            return;
        }
    };
    let missing: Vec<&str> = COLUMNS
        .into_iter()
        .filter(|column| !header.iter().any(|name| name.trim() == *column))
        .collect();
    if !missing.is_empty() {
        let message = format!("the header lacks `{}`", missing.join("`, `"));
        problems.push(problem(1, message));
        return;
    }
    let indices = COLUMNS.map(|column| {
        header
            .iter()
            .position(|name| name.trim() == column)
            .unwrap_or(usize::MAX)
    });
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let row = Row {
                    file,
                    line: usize::try_from(line).unwrap_or(usize::MAX),
                    fields: indices.map(|index| record.get(index).unwrap_or("").trim()),
                };
                row.read(facts, problems);
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let line = usize::try_from(line).unwrap_or(usize::MAX);
                problems.push(problem(line, format!("the row is not readable: {error}")));
            }
        }
    }
}

/// The problem of a second fact with the id of another.
pub(super) fn duplicate(second: &Fact, first: &Fact) -> FactProblem {
    FactProblem {
        file: second.file.clone(),
        line: second.line,
        code: Code("WF0512"),
        severity: Severity::Error,
        message: format!(
            "the id `{}` is used already, in {} line {}",
            second.id, first.file, first.line
        ),
        help: Some("ids are unique over all files of the fact base".to_owned()),
    }
}

/// The fields of a row, in the order of [`COLUMNS`].
struct Row<'a> {
    file: &'a str,
    line: usize,
    fields: [&'a str; 18],
}

impl Row<'_> {
    fn read(&self, facts: &mut Vec<Fact>, problems: &mut Vec<FactProblem>) {
        let mut found = Vec::new();
        let fact = self.fact(&mut found);
        let has_error = found
            .iter()
            .any(|problem| problem.severity == Severity::Error);
        problems.append(&mut found);
        if !has_error {
            facts.push(fact);
        }
    }

    /// The fact, as far as it can be read.
    fn fact(&self, problems: &mut Vec<FactProblem>) -> Fact {
        let [id, topic, entity, metric, .., note] = self.fields;
        let [.., url, quality, _] = self.fields;
        let (kind, title, publisher) = (self.fields[11], self.fields[12], self.fields[13]);
        self.check_id(id, problems);
        if !KINDS.contains(&kind) {
            let expected = KINDS.join("`, `");
            self.fault(problems, "kind", kind, &format!("one of `{expected}`"));
        }
        let quality = match quality {
            "A" => Quality::A,
            "B" => Quality::B,
            "C" => Quality::C,
            other => {
                self.fault(problems, "quality", other, "`A`, `B` or `C`");
                Quality::C
            }
        };
        let value = self.number(4, problems);
        let interval = self.interval(value, problems);
        let period_start = self.date(8, problems);
        let period_end = self.date(9, problems);
        if let (Some(start), Some(end)) = (period_start, period_end)
            && end < start
        {
            let expected = format!("a day not before {start}");
            self.fault(problems, "period_end", &end.to_string(), &expected);
        }
        // `as_of` is the day the figure was known; where the day of publication is not recorded, it stands for it.
        let known = self.date(10, problems);
        let published = self.date(14, problems).or(known);
        Fact {
            id: id.to_owned(),
            topic: topic.to_owned(),
            entity: entity.to_owned(),
            metric: metric.to_owned(),
            value,
            interval,
            unit: self.unit(problems),
            unit_text: self.fields[7].to_owned(),
            period_start,
            period_end,
            published,
            kind: kind.to_owned(),
            quality,
            title: title.to_owned(),
            publisher: publisher.to_owned(),
            url: url.to_owned(),
            note: note.to_owned(),
            file: self.file.to_owned(),
            line: self.line,
        }
    }

    fn check_id(&self, id: &str, problems: &mut Vec<FactProblem>) {
        let is_valid = !id.is_empty()
            && id
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        if !is_valid {
            self.fault(problems, "id", id, "letters, digits, `-`, `_` and `.`");
        }
    }

    fn interval(&self, value: Option<f64>, problems: &mut Vec<FactProblem>) -> Option<(f64, f64)> {
        let (low, high) = (self.number(5, problems), self.number(6, problems));
        match (low, high) {
            (Some(low), Some(high)) if low > high => {
                let expected = format!("a number not below low, {low}");
                self.fault(problems, "high", self.fields[6], &expected);
                None
            }
            (Some(low), Some(high)) => {
                if value.is_some_and(|value| value < low || value > high) {
                    let expected = format!("a number between low, {low}, and high, {high}");
                    self.fault(problems, "value", self.fields[4], &expected);
                }
                Some((low, high))
            }
            (Some(_), None) if self.fields[6].is_empty() => {
                self.fault(problems, "high", "", "a number, as low is given");
                None
            }
            (None, Some(_)) if self.fields[5].is_empty() => {
                self.fault(problems, "low", "", "a number, as high is given");
                None
            }
            _ => None,
        }
    }

    /// A number; an empty field is none.
    fn number(&self, column: usize, problems: &mut Vec<FactProblem>) -> Option<f64> {
        let text = self.fields[column];
        if text.is_empty() {
            return None;
        }
        // The parser of the standard library also reads `inf` and `nan`.
        let number = text
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite() && text.contains(|c: char| c.is_ascii_digit()));
        if number.is_none() {
            self.fault(
                problems,
                COLUMNS[column],
                text,
                "a number such as `45000` or `0.4`",
            );
        }
        number
    }

    /// A day; an empty field is none.
    fn date(&self, column: usize, problems: &mut Vec<FactProblem>) -> Option<Date> {
        let text = self.fields[column];
        if text.is_empty() {
            return None;
        }
        let date = Date::parse(text).ok();
        if date.is_none() {
            self.fault(
                problems,
                COLUMNS[column],
                text,
                "a day of the calendar such as `2026-03-15`",
            );
        }
        date
    }

    fn unit(&self, problems: &mut Vec<FactProblem>) -> Option<crate::unit::Unit> {
        let text = self.fields[7];
        match unit_text::read(text) {
            FactUnit::Measured(unit) => Some(unit),
            FactUnit::Unmeasured => None,
            FactUnit::Unknown => {
                problems.push(FactProblem {
                    file: self.file.to_owned(),
                    line: self.line,
                    code: Code("WF0513"),
                    severity: Severity::Warning,
                    message: format!(
                        "fact `{}`: the unit `{text}` is not known; expected a unit of the scenario language",
                        self.fields[0]
                    ),
                    help: Some(
                        "the fact can be cited, but `facts(…)` cannot pool it".to_owned(),
                    ),
                });
                None
            }
        }
    }

    fn fault(&self, problems: &mut Vec<FactProblem>, column: &str, found: &str, expected: &str) {
        problems.push(FactProblem {
            file: self.file.to_owned(),
            line: self.line,
            code: Code("WF0511"),
            severity: Severity::Error,
            message: format!(
                "fact `{}`: `{column}` is `{found}`; expected {expected}",
                self.fields[0]
            ),
            help: None,
        });
    }
}
