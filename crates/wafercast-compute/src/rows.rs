//! Tables of published and measured rows, and the prediction beside each.
//!
//! Three tables are known by their columns: training runs (`chip_hours`), published serving points (`tok_s_chip`) and
//! measured serving (`tpot`). Every row gets a prediction with its range, is refused with a reason, or is unreadable.

mod measured;
mod points;
mod runs;

use std::collections::BTreeMap;

use crate::calibration::Calibration;
use crate::library::Library;
use crate::serving::Constants;
use crate::serving::calibrate::Measurement;
use crate::training::fit::Observation;

/// Which table it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// Training runs: chip-hours.
    Runs,
    /// Published serving: tokens per second and chip.
    Points,
    /// Measured serving: time per output token.
    Measured,
}

impl Table {
    /// What is predicted.
    pub fn quantity(self) -> &'static str {
        match self {
            Table::Runs => "chip_hours",
            Table::Points => "tok_s_chip",
            Table::Measured => "tpot",
        }
    }

    /// Columns that must be there.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Table::Runs => &[
                "active_B",
                "L",
                "d",
                "seq",
                "tokens",
                "chip",
                "n",
                "chip_hours",
                "fmt",
                "kind",
            ],
            Table::Points => &[
                "model",
                "chip",
                "prec",
                "kind",
                "G",
                "tp",
                "isl",
                "osl",
                "tok_s_chip",
            ],
            Table::Measured => &[
                "model", "chip", "prec", "backend", "tp", "dp", "G", "conc", "isl", "osl", "tpot",
            ],
        }
    }
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A prediction.
    Predicted {
        /// The prediction.
        value: f64,
        /// Its range.
        low: f64,
        /// Its range.
        high: f64,
        /// Prediction over report.
        ratio: f64,
    },
    /// Faster than the chip allows, or beyond what is published about it.
    Refused(String),
    /// Not a row of this table.
    Unreadable(String),
}

/// A row with its prediction.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Number in the file; the header is row 1.
    pub number: u64,
    /// Its `id`, if it has one.
    pub id: String,
    /// Group for statistics: chip family, or model, chip, format and engine.
    pub group: String,
    /// What is reported.
    pub reported: f64,
    /// What became of it.
    pub outcome: Outcome,
    /// What a reader should know: chips counted otherwise, say.
    pub note: Option<String>,
}

/// A table that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// Which.
    pub table: Table,
    /// Names of the columns.
    pub header: Vec<String>,
    /// The cells, row by row.
    pub cells: Vec<Vec<String>>,
}

/// The cells of a row by name.
#[derive(Debug, Clone, Copy)]
struct Cells<'a> {
    columns: &'a BTreeMap<&'a str, usize>,
    cells: &'a [String],
}

impl Cells<'_> {
    fn text(&self, column: &str) -> &str {
        self.columns
            .get(column)
            .and_then(|at| self.cells.get(*at))
            .map_or("", |cell| cell.trim())
    }

    /// A number that must be there and positive.
    fn positive(&self, column: &str) -> Result<f64, String> {
        let text = self.text(column);
        match text.parse::<f64>() {
            Ok(number) if number > 0.0 && number < 1e30 => Ok(number),
            Ok(_) => Err(format!("`{column}` is {text}: expected a positive number")),
            Err(_) if text.is_empty() => {
                Err(format!("`{column}` is empty: expected a positive number"))
            }
            Err(_) => Err(format!(
                "`{column}` is `{text}`: expected a positive number"
            )),
        }
    }

    /// A number that may be missing or zero.
    fn optional(&self, column: &str) -> Result<f64, String> {
        match self.text(column) {
            "" => Ok(0.0),
            text => match text.parse::<f64>() {
                Ok(number) if (0.0..1e30).contains(&number) => Ok(number),
                _ => Err(format!(
                    "`{column}` is `{text}`: expected a number that is not negative"
                )),
            },
        }
    }

    fn chip<'l>(&self, library: &'l Library) -> Result<&'l crate::chip::Chip, String> {
        library
            .chip(self.text("chip"))
            .map_err(|unknown| unknown.to_string())
    }

    fn model<'l>(&self, library: &'l Library) -> Result<&'l crate::model::Model, String> {
        library
            .model(self.text("model"))
            .map_err(|unknown| unknown.to_string())
    }

    /// The format of a column; FP4 of a model that is published in MXFP4 is MXFP4.
    fn format(
        &self,
        column: &str,
        model: &crate::model::Model,
    ) -> Result<crate::format::Format, String> {
        use crate::format::Format;
        let text = self.text(column);
        let format = Format::parse(text).ok_or_else(|| {
            let names = Format::ALL.map(Format::name).join(", ");
            format!("`{column}` is `{text}`: expected one of {names}")
        })?;
        let is_mx = format == Format::Fp4 && model.checkpoint == Format::MxFp4;
        Ok(if is_mx { Format::MxFp4 } else { format })
    }
}

/// The table is not one that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoTable(pub String);

/// Reads the cells of a table and finds out which it is.
///
/// # Errors
/// If it is not CSV, or lacks columns of the table that it is most like.
pub fn read(text: &str) -> Result<Read, NoTable> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let header: Vec<String> = reader
        .headers()
        .map_err(|cause| NoTable(format!("not a CSV table: {cause}")))?
        .iter()
        .map(|name| name.trim().trim_start_matches('\u{feff}').to_owned())
        .collect();
    let has = |name: &str| header.iter().any(|column| column == name);
    let table = if has("chip_hours") {
        Table::Runs
    } else if has("tok_s_chip") {
        Table::Points
    } else if has("tpot") {
        Table::Measured
    } else {
        return Err(NoTable(
            "no column `chip_hours` (training runs), `tok_s_chip` (published serving) or `tpot` (measured serving)".into(),
        ));
    };
    let missing: Vec<String> = table
        .columns()
        .iter()
        .filter(|name| !has(name))
        .map(|name| format!("`{name}`"))
        .collect();
    if !missing.is_empty() {
        return Err(NoTable(format!(
            "a table with `{}` also needs {}",
            table.quantity(),
            missing.join(", ")
        )));
    }
    let mut cells = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|cause| NoTable(format!("row {}: {cause}", index + 2)))?;
        cells.push(record.iter().map(str::to_owned).collect());
    }
    Ok(Read {
        table,
        header,
        cells,
    })
}

impl Read {
    fn each<T>(&self, mut visit: impl FnMut(u64, Cells) -> T) -> Vec<T> {
        let columns: BTreeMap<&str, usize> = self
            .header
            .iter()
            .enumerate()
            .map(|(at, name)| (name.as_str(), at))
            .collect();
        self.cells
            .iter()
            .enumerate()
            .map(|(index, cells)| {
                visit(
                    index as u64 + 2,
                    Cells {
                        columns: &columns,
                        cells,
                    },
                )
            })
            .collect()
    }

    /// The prediction beside every row.
    pub fn evaluate(&self, library: &Library, calibration: &Calibration) -> Vec<Row> {
        self.each(|number, cells| {
            let found = match self.table {
                Table::Runs => runs::evaluate(cells, library, calibration),
                Table::Points => points::evaluate(cells, library, calibration),
                Table::Measured => measured::evaluate(cells, library, calibration),
            };
            let id = cells.text("id").to_owned();
            match found {
                Ok(evaluated) => Row {
                    number,
                    id,
                    group: evaluated.group,
                    reported: evaluated.reported,
                    outcome: evaluated.outcome,
                    note: evaluated.note,
                },
                Err(problem) => Row {
                    number,
                    id,
                    group: String::new(),
                    reported: f64::NAN,
                    outcome: Outcome::Unreadable(problem),
                    note: None,
                },
            }
        })
    }

    /// The training runs that can take part in a fit, with the number of their row. Impossible and unreadable rows are left out.
    pub fn observations(&self, library: &Library) -> Vec<(u64, String, Observation)> {
        let rows = self.each(|number, cells| {
            let observation = runs::observation(cells, library).ok()?;
            runs::impossible(&observation)
                .is_none()
                .then(|| (number, cells.text("id").to_owned(), observation))
        });
        rows.into_iter().flatten().collect()
    }

    /// The constants with those that measured rows do not have, fitted to the published points; and for each point the
    /// ratio of its prediction without it.
    pub fn fit_points(&self, library: &Library, constants: &Constants) -> (Constants, Vec<f64>) {
        let found = self.each(|_, cells| points::point(cells, library).ok());
        let points: Vec<points::Point> = found.into_iter().flatten().collect();
        (
            points::fit(&points, constants),
            points::leave_one_out(&points, constants),
        )
    }

    /// The measured rows that can take part in a fit, with their group; repeated ones share a weight.
    pub fn measurements<'l>(&self, library: &'l Library) -> Vec<(String, Measurement<'l>)> {
        let rows = self.each(|_, cells| {
            let (measurement, _) = measured::measurement(cells, library).ok()?;
            measured::impossible(&measurement)
                .is_none()
                .then(|| (measured::group(cells), measurement))
        });
        let mut rows: Vec<(String, Measurement<'l>)> = rows.into_iter().flatten().collect();
        measured::share_weights(&mut rows);
        rows
    }
}

/// A row that could be read.
struct Evaluated {
    group: String,
    reported: f64,
    outcome: Outcome,
    note: Option<String>,
}

/// How well a set of ratios (prediction over report) does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Rows.
    pub count: usize,
    /// Mean of |ratio − 1|.
    pub mape: f64,
    /// Median ratio.
    pub median: f64,
    /// Share within 25 %: 0.75 ≤ ratio ≤ 1.25.
    pub within_25: f64,
    /// Share within a factor of 1.5.
    pub within_1_5: f64,
    /// Share within a factor of 2.
    pub within_2: f64,
    /// The greatest factor.
    pub worst: f64,
}

/// The score of some ratios; `None` for none.
pub fn score(ratios: &[f64]) -> Option<Score> {
    if ratios.is_empty() {
        return None;
    }
    let count = ratios.len() as f64;
    let share = |test: &dyn Fn(f64) -> bool| {
        ratios.iter().filter(|ratio| test(**ratio)).count() as f64 / count
    };
    let factor = |ratio: f64| ratio.max(1.0 / ratio);
    let mut sorted = ratios.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some(Score {
        count: ratios.len(),
        mape: ratios.iter().map(|ratio| (ratio - 1.0).abs()).sum::<f64>() / count,
        median: sorted[sorted.len() / 2],
        within_25: share(&|ratio| (ratio - 1.0).abs() <= 0.25),
        within_1_5: share(&|ratio| factor(ratio) <= 1.5),
        within_2: share(&|ratio| factor(ratio) <= 2.0),
        worst: ratios
            .iter()
            .map(|ratio| factor(*ratio))
            .fold(1.0, f64::max),
    })
}
