//! Tab-separated tables with a header line, read so that every cell keeps its place.

use crate::problem::{Place, Problem, suggest};
use crate::span::{Distribution, Millis, TimeUnit};

/// A table of one file: header and rows of cells.
pub struct Table<'t> {
    file: &'t str,
    columns: Vec<&'t str>,
    rows: Vec<(u32, Vec<&'t str>)>,
}

/// Longest text of a table; larger files are refused.
const MOST_BYTES: usize = 64 << 20;

impl<'t> Table<'t> {
    /// Splits `text`. Blank lines are skipped, short rows count as padded with empty cells. Columns that are neither
    /// `known` nor `IGNORE`, columns given twice, and cells beyond the header are problems; so is a missing one of
    /// `needed`.
    pub fn read(
        file: &'t str,
        text: &'t str,
        known: &[&str],
        needed: &[&str],
        problems: &mut Vec<Problem>,
    ) -> Table<'t> {
        let mut table = Table {
            file,
            columns: Vec::new(),
            rows: Vec::new(),
        };
        if text.len() > MOST_BYTES {
            problems.push(Problem::error(
                Place::file(file),
                format!("the file has {} bytes", text.len()),
                format!("a table may have at most {MOST_BYTES}"),
            ));
            return table;
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = (1u32..).zip(text.lines());
        let Some((header_row, header)) = lines.by_ref().find(|(_, line)| !line.trim().is_empty())
        else {
            problems.push(Problem::error(
                Place::file(file),
                "the file is empty",
                format!("its first line names the columns: {}", needed.join(", ")),
            ));
            return table;
        };
        table.columns = header.split('\t').map(str::trim).collect();
        while table.columns.last().is_some_and(|name| name.is_empty()) {
            table.columns.pop();
        }
        table.check_header(header_row, known, needed, problems);
        for (row, line) in lines {
            let cells: Vec<&str> = line.split('\t').map(clean).collect();
            if cells.iter().all(|cell| cell.is_empty()) {
                continue;
            }
            for (at, cell) in cells.iter().enumerate().skip(table.columns.len()) {
                if !cell.is_empty() {
                    problems.push(Problem::error(
                        Place::row(file, row),
                        format!(
                            "`{cell}` stands in column {} but the header names {} columns",
                            at + 1,
                            table.columns.len()
                        ),
                        "name the column in the header line, or remove the cell",
                    ));
                }
            }
            table.rows.push((row, cells));
        }
        table
    }

    fn check_header(&self, row: u32, known: &[&str], needed: &[&str], problems: &mut Vec<Problem>) {
        let place = Place::row(self.file, row);
        for (at, &column) in self.columns.iter().enumerate() {
            if column.is_empty() {
                problems.push(Problem::error(
                    place.clone(),
                    format!("column {} has no name", at + 1),
                    "name it, or call it `IGNORE` to keep it as a comment",
                ));
            } else if !column.eq_ignore_ascii_case("IGNORE") {
                if find(known, column).is_none() {
                    problems.push(Problem::error(
                        place.column(column),
                        format!("column `{column}` is not understood"),
                        format!(
                            "{}; call it `IGNORE` to keep it as a comment",
                            suggest(column, known.iter().copied())
                        ),
                    ));
                }
                if self.columns[..at]
                    .iter()
                    .any(|other| other.eq_ignore_ascii_case(column))
                {
                    problems.push(Problem::error(
                        place.column(column),
                        format!("column `{column}` appears twice"),
                        "remove one of the two",
                    ));
                }
            }
        }
        for &name in needed {
            if find(&self.columns, name).is_none() {
                problems.push(Problem::error(
                    place.column(name),
                    format!("column `{name}` is missing"),
                    format!("add a column `{name}` to the header line"),
                ));
            }
        }
    }

    /// The rows.
    pub fn rows<'s>(&'s self) -> impl Iterator<Item = Row<'s, 't>> {
        self.rows.iter().map(move |(row, cells)| Row {
            table: self,
            row: *row,
            cells,
        })
    }
}

fn find(names: &[&str], name: &str) -> Option<usize> {
    names
        .iter()
        .position(|known| known.eq_ignore_ascii_case(name))
}

/// A cell without surrounding space and without the quotes that spreadsheets put around it.
fn clean(cell: &str) -> &str {
    let cell = cell.trim();
    cell.strip_prefix('"')
        .and_then(|inner| inner.strip_suffix('"'))
        .map_or(cell, str::trim)
}

/// One row, with typed access to its cells. Every reader reports to `problems` and gives a harmless value on an error.
#[derive(Clone, Copy)]
pub struct Row<'s, 't> {
    table: &'s Table<'t>,
    row: u32,
    cells: &'s [&'t str],
}

impl<'t> Row<'_, 't> {
    /// The row's place.
    pub fn place(&self) -> Place {
        Place::row(self.table.file, self.row)
    }

    /// The cell of a column; empty when the column or the cell is not there.
    pub fn text(&self, column: &str) -> &'t str {
        find(&self.table.columns, column)
            .and_then(|at| self.cells.get(at))
            .copied()
            .unwrap_or("")
    }

    /// Reports a problem at a column of this row.
    pub fn report(
        &self,
        column: &str,
        message: impl Into<String>,
        help: impl Into<String>,
        problems: &mut Vec<Problem>,
    ) {
        problems.push(Problem::error(self.place().column(column), message, help));
    }

    /// A name that must be there.
    pub fn name(&self, column: &str, problems: &mut Vec<Problem>) -> String {
        let text = self.text(column);
        if text.is_empty() {
            self.report(
                column,
                format!("`{column}` is empty"),
                "write a name",
                problems,
            );
        }
        text.to_owned()
    }

    /// A name that may be absent.
    pub fn optional_name(&self, column: &str) -> Option<String> {
        let text = self.text(column);
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A number; `None` when empty.
    pub fn number(&self, column: &str, problems: &mut Vec<Problem>) -> Option<f64> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Some(value),
            _ => {
                self.report(
                    column,
                    format!("`{text}` is not a number"),
                    "write a number such as `12.5`",
                    problems,
                );
                None
            }
        }
    }

    /// A whole number within limits; `None` when empty. `10.0` counts as whole.
    pub fn whole(
        &self,
        column: &str,
        least: i64,
        most: i64,
        problems: &mut Vec<Problem>,
    ) -> Option<i64> {
        let value = self.number(column, problems)?;
        if value != value.trunc() || value < least as f64 || value > most as f64 {
            self.report(
                column,
                format!(
                    "`{}` is not a whole number from {least} to {most}",
                    self.text(column)
                ),
                format!("write a whole number from {least} to {most}"),
                problems,
            );
            return None;
        }
        Some(value as i64)
    }

    /// A percentage from 0 to 100; `None` when empty.
    pub fn percent(&self, column: &str, problems: &mut Vec<Problem>) -> Option<f64> {
        let value = self.number(column, problems)?;
        if (0.0..=100.0).contains(&value) {
            return Some(value);
        }
        self.report(
            column,
            format!("`{value}` is not a percentage"),
            "write a number from 0 to 100",
            problems,
        );
        None
    }

    /// `yes` or `no`; empty is no.
    pub fn flag(&self, column: &str, problems: &mut Vec<Problem>) -> bool {
        self.choice(
            column,
            &[
                ("yes", true),
                ("y", true),
                ("true", true),
                ("no", false),
                ("n", false),
                ("false", false),
            ],
            problems,
        )
        .unwrap_or(false)
    }

    /// One of several words, without regard to case; `None` when empty.
    pub fn choice<T: Copy>(
        &self,
        column: &str,
        words: &[(&str, T)],
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let found = words
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(text));
        if found.is_none() {
            self.report(
                column,
                format!("`{text}` is not understood"),
                suggest(text, words.iter().map(|&(word, _)| word)),
                problems,
            );
        }
        found.map(|&(_, value)| value)
    }

    /// A time: a number in one column, its unit in another; `None` when empty.
    pub fn span(&self, column: &str, unit: &str, problems: &mut Vec<Problem>) -> Option<Millis> {
        let value = self.number(column, problems)?;
        let unit = self.unit(unit, value, problems)?;
        self.in_range(column, unit.span(value), problems)
    }

    fn unit(&self, column: &str, value: f64, problems: &mut Vec<Problem>) -> Option<TimeUnit> {
        let text = self.text(column);
        let unit = TimeUnit::from_name(text);
        if unit.is_none() && text.is_empty() && value == 0.0 {
            return Some(TimeUnit::Minute);
        }
        if unit.is_none() {
            let message = if text.is_empty() {
                format!("`{column}` is empty, so the time has no unit")
            } else {
                format!("`{text}` is not a unit of time")
            };
            self.report(
                column,
                message,
                "write `sec`, `min`, `hr` or `day`",
                problems,
            );
        }
        unit
    }

    fn in_range(
        &self,
        column: &str,
        span: Option<Millis>,
        problems: &mut Vec<Problem>,
    ) -> Option<Millis> {
        let span = span.filter(|&span| span >= 0);
        if span.is_none() {
            self.report(
                column,
                format!("`{}` is not a possible time", self.text(column)),
                "write a time from 0 to 1,000 years",
                problems,
            );
        }
        span
    }

    /// A distribution from its four columns (kind, mean, half width, unit); `None` when the mean is empty. An empty
    /// kind is a constant.
    pub fn distribution(
        &self,
        columns: DistributionColumns,
        problems: &mut Vec<Problem>,
    ) -> Option<Distribution> {
        let DistributionColumns {
            kind,
            mean,
            half_width,
            unit,
        } = columns;
        let kind_text = if self.text(kind).is_empty() {
            "constant"
        } else {
            self.text(kind)
        };
        if self.text(mean).is_empty() {
            if !self.text(kind).is_empty() {
                self.report(
                    mean,
                    format!("`{mean}` is empty"),
                    format!("write the mean of the {kind_text} time"),
                    problems,
                );
            }
            return None;
        }
        let average = self.span(mean, unit, problems)?;
        let wide = !half_width.is_empty() && !self.text(half_width).is_empty();
        match kind_text.to_ascii_lowercase().as_str() {
            "uniform" => {
                let half = if wide {
                    self.span(half_width, unit, problems)?
                } else {
                    0
                };
                if half > average {
                    self.report(
                        half_width,
                        format!("half width `{}` exceeds the mean `{}`", self.text(half_width), self.text(mean)),
                        "the time is drawn from mean − half width to mean + half width, and may not be negative",
                        problems,
                    );
                    return None;
                }
                Some(Distribution::Uniform {
                    mean: average,
                    half_width: half,
                })
            }
            word @ ("constant" | "exponential") => {
                if wide && self.number(half_width, problems) != Some(0.0) {
                    self.report(
                        half_width,
                        format!("a {word} time has no second number"),
                        format!("leave `{half_width}` empty, or write `uniform` in `{kind}`"),
                        problems,
                    );
                }
                Some(if word == "constant" {
                    Distribution::Constant(average)
                } else {
                    Distribution::Exponential(average)
                })
            }
            _ => {
                self.report(
                    kind,
                    format!("`{kind_text}` is not a distribution that is understood"),
                    suggest(kind_text, ["constant", "exponential", "uniform"]),
                    problems,
                );
                None
            }
        }
    }

    /// A civil time `MM/DD/YY hh:mm:ss` (or a four-digit year) as seconds since 1970; `None` when empty.
    pub fn instant(&self, column: &str, problems: &mut Vec<Problem>) -> Option<i64> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let parsed = super::instant::parse(text);
        if parsed.is_none() {
            self.report(
                column,
                format!("`{text}` is not a time"),
                "write month/day/year and time: `01/31/18 07:29:20`",
                problems,
            );
        }
        parsed
    }
}

/// The columns that make up a distribution; an empty `half_width` means there is none.
#[derive(Clone, Copy)]
pub struct DistributionColumns {
    /// Kind: `constant`, `exponential`, `uniform`.
    pub kind: &'static str,
    /// Mean.
    pub mean: &'static str,
    /// Half width.
    pub half_width: &'static str,
    /// Unit.
    pub unit: &'static str,
}
