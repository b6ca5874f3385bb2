//! `--rows`: the table as it was, with prediction, range and ratio beside each row.

use std::fmt::Write;

use wafercast_compute::rows::{self, Outcome, Read, Row};

use super::inputs::Inputs;
use crate::console::{self, ERROR, STRONG, styled};
use crate::failure::Failure;

/// Problems that are shown one by one.
const MOST_SHOWN: usize = 20;

/// The CSV, and whether every row could be read.
///
/// # Errors
/// If it is not a table that is known.
pub fn predicted(name: &str, text: &str, inputs: &Inputs) -> Result<(String, bool), Failure> {
    let read = rows::read(text).map_err(|cause| {
        Failure::usage(
            format!("`{name}`: {}", cause.0),
            "`docs/guides/fit.md` lists the columns of the three tables",
        )
    })?;
    let evaluated = read.evaluate(&inputs.library, &inputs.calibration);
    let csv = to_csv(&read, &evaluated).map_err(Failure::Output)?;
    let is_whole = report(name, &read, &evaluated);
    Ok((csv, is_whole))
}

fn to_csv(read: &Read, evaluated: &[Row]) -> std::io::Result<String> {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    let quantity = read.table.quantity();
    let added = [
        "predicted".to_owned() + "_" + quantity,
        "low".into(),
        "high".into(),
        "ratio".into(),
        "outcome".into(),
        "remark".into(),
    ];
    writer.write_record(read.header.iter().chain(&added))?;
    for (cells, row) in read.cells.iter().zip(evaluated) {
        let mut record: Vec<String> = cells.clone();
        record.resize(read.header.len(), String::new());
        let note = row.note.clone().unwrap_or_default();
        match &row.outcome {
            Outcome::Predicted {
                value,
                low,
                high,
                ratio,
            } => {
                record.extend([value, low, high, ratio].map(|number| format!("{number:.6}")));
                record.extend(["predicted".into(), note]);
            }
            Outcome::Refused(reason) => {
                record.extend(["", "", "", "", "refused", reason].map(str::to_owned))
            }
            Outcome::Unreadable(problem) => {
                record.extend(["", "", "", "", "unreadable", problem].map(str::to_owned));
            }
        }
        writer.write_record(record)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|cause| std::io::Error::other(cause.to_string()))?;
    String::from_utf8(bytes).map_err(std::io::Error::other)
}

/// Says how well the predictions do, and which rows are wrong; true if all could be read.
fn report(name: &str, read: &Read, evaluated: &[Row]) -> bool {
    let mut ratios = Vec::new();
    let mut problems = Vec::new();
    let mut is_whole = true;
    for row in evaluated {
        let (kind, reason) = match &row.outcome {
            Outcome::Predicted { ratio, .. } => {
                ratios.push(*ratio);
                continue;
            }
            Outcome::Refused(reason) => ("refused [WF0907]", reason),
            Outcome::Unreadable(problem) => {
                is_whole = false;
                ("unreadable [WF0908]", problem)
            }
        };
        problems.push(format!(
            "{name}, row {} {}: {kind}: {reason}",
            row.number, row.id
        ));
    }
    for problem in problems.iter().take(MOST_SHOWN) {
        console::say(&styled(if is_whole { STRONG } else { ERROR }, problem));
    }
    if problems.len() > MOST_SHOWN {
        console::say(&format!(
            "… and {} more; the column `remark` has them all",
            problems.len() - MOST_SHOWN
        ));
    }
    let mut text = format!("{} rows, {} predicted", evaluated.len(), ratios.len());
    if let Some(score) = rows::score(&ratios) {
        let _ = write!(
            text,
            "; {} predicted over reported: median {:.2}, within 25 % {:.1} %, within ×1.5 {:.1} %, within ×2 {:.1} %, mean error {:.1} %",
            read.table.quantity(),
            score.median,
            100.0 * score.within_25,
            100.0 * score.within_1_5,
            100.0 * score.within_2,
            100.0 * score.mape
        );
    }
    console::say(&text);
    is_whole
}
