//! A comparison as text and as a table.

use std::fmt::Write;

use comfy_table::{CellAlignment, Table as TextTable, presets};

use super::difference::{ClaimDifference, Comparison, MetricDifference};
use crate::console::{FAINT, STRONG, styled};
use crate::table::Table;
use crate::terminal::{number, shorten, wrap};

/// Rows shown on the screen: label, metric, set, depth; years without a difference are left out. The other formats have
/// all.
const ROWS: [(&str, &str, &str, Option<&str>); 6] = [
    (
        "home accelerators, units",
        "units",
        "home",
        Some("designed"),
    ),
    (
        "home accelerators, H100e",
        "h100e",
        "home",
        Some("designed"),
    ),
    ("imports, units", "units", "imports", None),
    (
        "share of purchases, units",
        "share_of_purchases:units",
        "home",
        Some("designed"),
    ),
    (
        "share of purchases, H100e",
        "share_of_purchases:h100e",
        "home",
        Some("designed"),
    ),
    (
        "share fabricated at home, units",
        "share_of_purchases:units",
        "home",
        Some("fabricated"),
    ),
];

/// The comparison for people.
pub fn text(comparison: &Comparison, width: usize) -> String {
    let mut text = format!("{}\n", styled(STRONG, &title(comparison)));
    let facts = format!(
        "{} paired draws · seed {} · difference = B − A in the same future; equal years left out",
        number::grouped(comparison.draws),
        comparison.seed
    );
    let _ = writeln!(text, "{}", styled(FAINT, &facts));
    for change in &comparison.set {
        for line in wrap(&format!("B has {change}"), width) {
            let _ = writeln!(text, "{}", styled(FAINT, &line));
        }
    }
    let rows = rows(comparison);
    if rows.is_empty() {
        text.push_str("\nThe two have no yearly metric in common.\n");
    } else if rows.iter().all(|(_, row)| row.probability_equal == 1.0) {
        text.push_str("\nNo yearly metric differs in any future.\n");
    } else {
        let _ = write!(text, "\n{}\n", metrics(&rows));
    }
    if !comparison.claims.is_empty() {
        let _ = write!(
            text,
            "\n{}\n{}\n",
            styled(STRONG, "Claims: true in … of 100 futures"),
            claims(&comparison.claims, width)
        );
    }
    if let Some(explanation) = &comparison.explanation {
        text.push('\n');
        text.push_str(&super::explained::text(explanation, width));
    }
    text
}

/// The metrics as a table for programs.
pub fn table(comparison: &Comparison) -> Table {
    let metrics = &comparison.metrics;
    let text = |get: fn(&MetricDifference) -> Option<String>| metrics.iter().map(get);
    let number = |get: fn(&MetricDifference) -> f64| metrics.iter().map(get);
    Table::new()
        .text("metric", text(|row| Some(row.metric.clone())))
        .text("of", text(|row| Some(row.of.clone())))
        .text("depth", text(|row| row.depth.clone()))
        .text("period", text(|row| Some(row.period.clone())))
        .text("unit", text(|row| Some(row.unit.clone())))
        .number("first_p50", number(|row| row.first_p50))
        .number("second_p50", number(|row| row.second_p50))
        .number("mean", number(|row| row.mean))
        .number("mean_se", number(|row| row.mean_se))
        .number("p05", number(|row| row.p05))
        .number("p10", number(|row| row.p10))
        .number("p25", number(|row| row.p25))
        .number("p50", number(|row| row.p50))
        .number("p75", number(|row| row.p75))
        .number("p90", number(|row| row.p90))
        .number("p95", number(|row| row.p95))
        .number("probability_greater", number(|row| row.probability_greater))
        .number("probability_equal", number(|row| row.probability_equal))
}

fn title(comparison: &Comparison) -> String {
    if comparison.first == comparison.second {
        format!("{0} (A) against {0} with changes (B)", comparison.first)
    } else {
        format!("{} (A) against {} (B)", comparison.first, comparison.second)
    }
}

/// The rows shown, grouped by label, in order of the year.
fn rows(comparison: &Comparison) -> Vec<(&'static str, &MetricDifference)> {
    let mut rows = Vec::new();
    for (label, metric, of, depth) in ROWS {
        let mut found: Vec<&MetricDifference> = comparison
            .metrics
            .iter()
            .filter(|row| row.metric == metric && row.of == of && row.depth.as_deref() == depth)
            .collect();
        found.sort_by(|a, b| a.period.cmp(&b.period));
        rows.extend(found.into_iter().map(|row| (label, row)));
    }
    rows
}

fn metrics(rows: &[(&str, &MetricDifference)]) -> String {
    let mut table = TextTable::new();
    table.load_preset(presets::NOTHING).set_header([
        "median",
        "year",
        "A",
        "B",
        "B − A",
        "90 % of futures",
        "B > A",
    ]);
    let mut previous = "";
    for (label, row) in rows.iter().filter(|(_, row)| row.probability_equal < 1.0) {
        let show = |value: f64| number::bare(value, &row.unit, 3);
        table.add_row([
            if *label == previous { "" } else { label }.to_owned(),
            row.period.clone(),
            show(row.first_p50),
            show(row.second_p50),
            points(row, row.p50),
            interval(row),
            chance(row),
        ]);
        previous = label;
    }
    align(&mut table, 2)
}

/// Differences of fractions are percentage points.
fn points(row: &MetricDifference, value: f64) -> String {
    let sign = if value > 0.0 { "+" } else { "" };
    if row.unit == "fraction" {
        let percent = number::percent(value, 2);
        format!("{sign}{}", percent.replace('%', "pp"))
    } else {
        format!("{sign}{}", number::bare(value, &row.unit, 2))
    }
}

fn interval(row: &MetricDifference) -> String {
    if row.p05 == row.p95 {
        "the same in all".to_owned()
    } else {
        format!("{} to {}", points(row, row.p05), points(row, row.p95))
    }
}

fn chance(row: &MetricDifference) -> String {
    if row.probability_equal == 1.0 {
        "equal".to_owned()
    } else {
        number::percent(row.probability_greater, 2)
    }
}

fn claims(claims: &[ClaimDifference], width: usize) -> String {
    let mut table = TextTable::new();
    table
        .load_preset(presets::NOTHING)
        .set_header(["claim", "A", "B", "B − A"]);
    for claim in claims {
        let sign = if claim.difference > 0.0 { "+" } else { "" };
        table.add_row([
            shorten(&claim.says, width.saturating_sub(40)),
            number::percent(claim.first, 2).replace(" %", ""),
            number::percent(claim.second, 2).replace(" %", ""),
            format!(
                "{sign}{} ± {}",
                number::short(100.0 * claim.difference, 2),
                number::short(100.0 * claim.standard_error, 1)
            ),
        ]);
    }
    align(&mut table, 1)
}

fn align(table: &mut TextTable, first_right: usize) -> String {
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if index >= first_right {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}
