//! Outcomes from a CSV file.

use std::path::Path;

use wafercast::unit::Unit;
use wafercast_analysis::seal::{Forecast, Outcome};

use crate::failure::Failure;

/// The columns.
const COLUMNS: [&str; 5] = ["of", "value", "unit", "known", "source"];

/// Reads what came: one row a sealed metric (`units(home, 2027)`) or claim (its id, with `true` or `false`).
pub fn of_file(path: &Path, text: &str, forecast: &Forecast) -> Result<Vec<Outcome>, Failure> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let damaged = |problems: Vec<String>| Failure::Damaged {
        path: path.to_owned(),
        problem: format!("cannot be read:\n  {}", problems.join("\n  ")),
        hint: format!(
            "columns {}; for example: \"units(home, 2027)\",1.9,M units,2028-02-20,IDC",
            COLUMNS.join(",")
        ),
    };
    let header = reader
        .headers()
        .map_err(|error| damaged(vec![error.to_string()]))?
        .clone();
    let place = |column: &str| header.iter().position(|name| name == column);
    let missing: Vec<String> = COLUMNS
        .into_iter()
        .filter(|column| place(column).is_none())
        .map(|column| format!("line 1: the header lacks `{column}`"))
        .collect();
    if !missing.is_empty() {
        return Err(damaged(missing));
    }
    let (mut outcomes, mut problems) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.push(error.to_string());
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |column: &str| place(column).and_then(|at| record.get(at)).unwrap_or("");
        match row(&cell, forecast) {
            Ok(outcome) => outcomes.push(outcome),
            Err(problem) => problems.push(format!("line {line}: {problem}")),
        }
    }
    if problems.is_empty() {
        Ok(outcomes)
    } else {
        Err(damaged(problems))
    }
}

fn row<'a>(cell: &impl Fn(&str) -> &'a str, forecast: &Forecast) -> Result<Outcome, String> {
    let of = cell("of");
    let outcome = |value| Outcome {
        of: of.to_owned(),
        value,
        known: cell("known").to_owned(),
        source: cell("source").to_owned(),
    };
    if forecast.claims.iter().any(|claim| claim.id == of) {
        return match cell("value") {
            "true" | "1" => Ok(outcome(1.0)),
            "false" | "0" => Ok(outcome(0.0)),
            other => Err(format!(
                "`{other}` in column `value`: expected `true` or `false` for a claim"
            )),
        };
    }
    let Some(series) = forecast.series.iter().find(|series| series.metric == of) else {
        let sealed = forecast.series.iter().map(|series| series.metric.as_str());
        let ids = forecast.claims.iter().map(|claim| claim.id.as_str());
        let hint = wafercast::diagnostic::did_you_mean(of, sealed.chain(ids)).unwrap_or_default();
        return Err(
            format!("`{of}` in column `of` is no metric or claim of this seal; {hint}")
                .trim_end_matches([';', ' '])
                .to_owned(),
        );
    };
    let value: f64 = cell("value")
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite())
        .ok_or_else(|| format!("`{}` in column `value` is not a number", cell("value")))?;
    let written = cell("unit");
    if written.is_empty() {
        return Ok(outcome(value));
    }
    let unit = Unit::parse(written).map_err(|_| {
        format!(
            "`{written}` in column `unit` is no unit, expected one like `{}`",
            series.unit
        )
    })?;
    let base = unit.dimension.base_symbol();
    if base != series.unit && !(unit.dimension.is_none() && series.unit.is_empty()) {
        return Err(format!(
            "`{written}` in column `unit` does not measure `{of}`, which is in {}",
            series.unit
        ));
    }
    Ok(outcome(unit.to_base(value)))
}
