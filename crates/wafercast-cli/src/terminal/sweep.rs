//! A sweep on the screen: a row per scenario, a column per metric.

use std::fmt::Write;

use comfy_table::{CellAlignment, Table, presets};
use wafercast_analysis::sweep::{Sweep, SweepMetric, SweepResult};

use super::{heading, number, shorten, wrap};
use crate::console::{FAINT, styled};

const NAME: usize = 34;

/// The sweep.
pub fn text(sweep: &Sweep, width: usize) -> String {
    let title = if sweep.title.is_empty() {
        "Sweep"
    } else {
        &sweep.title
    };
    let mut text = heading(title);
    let note = format!(
        "{} draws each, the same in all · seed {} · median, or futures of 100 in which it is true; below, the mean difference to the scenario as it is",
        number::grouped(sweep.draws),
        sweep.seed
    );
    for line in wrap(&note, width) {
        let _ = writeln!(text, "{}", styled(FAINT, &line));
    }
    let mut table = Table::new();
    let first = sweep.axes.join(", ");
    let names = sweep.shown.iter().map(|metric| shorten(&metric.name, 24));
    table
        .load_preset(presets::NOTHING)
        .set_header(std::iter::once(shorten(&first, NAME)).chain(names));
    for (place, cell) in sweep.cells.iter().enumerate() {
        let results = || sweep.shown.iter().zip(&cell.results);
        let name = shorten(&cell.name, NAME);
        table.add_row(std::iter::once(name).chain(results().map(|(m, r)| value(m, r))));
        if place > 0 {
            let blank = std::iter::once(String::new());
            table.add_row(blank.chain(results().map(|(m, r)| difference(m, r))));
        }
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if index > 0 {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    text.push('\n');
    for line in table.lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn value(metric: &SweepMetric, result: &SweepResult) -> String {
    if metric.is_truth {
        format!(
            "{} ±{}",
            number::short(100.0 * result.mean, 2),
            number::short(100.0 * result.standard_error, 1)
        )
    } else if metric.unit.is_empty() {
        number::percent(result.p50, 3)
    } else {
        number::bare(result.p50, &metric.unit, 3)
    }
}

fn difference(metric: &SweepMetric, result: &SweepResult) -> String {
    let scale = if metric.unit.is_empty() { 100.0 } else { 1.0 };
    let sign = if result.difference > 0.0 { "+" } else { "" };
    format!(
        "{sign}{} ±{}",
        number::short(scale * result.difference, 2),
        number::short(scale * result.difference_error, 1)
    )
}
