//! What binds, on the screen: shares by year, elasticities by year, and the ends of stocks.

use std::collections::BTreeMap;
use std::fmt::Write;

use comfy_table::{CellAlignment, Table, presets};
use wafercast_analysis::binding::{Binding, BindingShare, METRICS};

use super::{heading, number, shorten, wrap};
use crate::console::{FAINT, styled};

/// Rows of a table.
const ROWS: usize = 8;
const LABEL: usize = 30;
/// Columns of a year.
const YEAR: usize = 11;

/// Everything, of the metrics named (all if none is).
pub fn text(binding: &Binding, metrics: &[String], width: usize) -> String {
    let mut text = String::new();
    let asked = |metric: &str| metrics.is_empty() || metrics.iter().any(|one| one == metric);
    for (metric, _) in METRICS.iter().filter(|(metric, _)| asked(metric)) {
        text.push_str(&shares(binding, metric, width));
        text.push_str(&elasticities(binding, metric, width));
    }
    text.push_str(&stocks(binding, width));
    text
}

fn counted_in(metric: &str) -> &str {
    match metric {
        "units" => "units",
        "h100e" => "compute (H100e)",
        "value" => "money",
        other => other,
    }
}

/// A row's label and the mean share of every year, with the largest error.
struct Row {
    label: String,
    years: BTreeMap<String, (f64, f64)>,
}

fn shares(binding: &Binding, metric: &str, width: usize) -> String {
    let rows = rows_by_year(binding, metric);
    if rows.is_empty() {
        return String::new();
    }
    let years = shown_years(rows.iter().flat_map(|row| row.years.keys()), width);
    let mut table = table(&years);
    for row in rows.iter().take(ROWS) {
        table.add_row(
            std::iter::once(shorten(&row.label, LABEL)).chain(years.iter().map(|year| {
                row.years
                    .get(year)
                    .filter(|(share, _)| *share >= 0.005)
                    .map_or_else(String::new, |(share, _)| number::percent(*share, 0))
            })),
        );
    }
    let error = rows
        .iter()
        .flat_map(|row| row.years.values())
        .map(|(_, error)| *error)
        .fold(0.0, f64::max);
    let note = format!(
        "Share of the output planned that each limits, averaged over {} futures and the year; sampling error at most ± {} points.",
        number::grouped(binding.draws),
        number::short(100.0 * error, 1)
    );
    finish(
        &format!(
            "What binds home's output, counted in {}",
            counted_in(metric)
        ),
        &mut table,
        &note,
        width,
    )
}

/// Resources by year, the most binding first; the caps of all accelerators together.
fn rows_by_year(binding: &Binding, metric: &str) -> Vec<Row> {
    let mut by_label = BTreeMap::<String, BTreeMap<String, (f64, f64)>>::new();
    for row in binding.shares.iter().filter(|row| row.metric == metric) {
        let label = if row.resource.starts_with("cap:") {
            "volume planned".to_owned()
        } else {
            row.resource.clone()
        };
        let years = by_label.entry(label).or_default();
        for (year, share, error) in yearly_means(&binding.first_month, row) {
            let sum = years.entry(year).or_default();
            sum.0 += share;
            sum.1 += error;
        }
    }
    let mut rows: Vec<Row> = by_label
        .into_iter()
        .map(|(label, years)| Row { label, years })
        .collect();
    let size = |row: &Row| row.years.values().map(|(share, _)| share).sum::<f64>();
    rows.sort_by(|a, b| size(b).total_cmp(&size(a)));
    rows
}

/// Year, mean share, mean error (months of a year move together, so that errors do not average out).
fn yearly_means(first_month: &str, row: &BindingShare) -> Vec<(String, f64, f64)> {
    let (year, month) = first_month.split_once('-').unwrap_or((first_month, "1"));
    let first = year.parse::<usize>().unwrap_or(0) * 12 + month.parse::<usize>().unwrap_or(1) - 1;
    let mut sums = BTreeMap::<usize, (f64, f64, f64)>::new();
    for (index, (share, error)) in row.share.iter().zip(&row.standard_error).enumerate() {
        let sum = sums.entry((first + index) / 12).or_default();
        *sum = (sum.0 + share, sum.1 + error, sum.2 + 1.0);
    }
    sums.into_iter()
        .map(|(year, (share, error, months))| (year.to_string(), share / months, error / months))
        .collect()
}

fn elasticities(binding: &Binding, metric: &str, width: usize) -> String {
    let mut by_resource = BTreeMap::<&str, BTreeMap<&str, (f64, f64)>>::new();
    for e in &binding.elasticities {
        if e.metric == metric && e.of == "home" {
            by_resource
                .entry(&e.resource)
                .or_default()
                .insert(&e.period, (e.value, e.standard_error));
        }
    }
    let mut rows: Vec<_> = by_resource.into_iter().collect();
    let size = |years: &BTreeMap<&str, (f64, f64)>| {
        years
            .values()
            .map(|(value, _)| value.abs())
            .fold(0.0, f64::max)
    };
    rows.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)));
    rows.retain(|(_, years)| size(years) >= 0.005);
    if rows.is_empty() {
        return String::new();
    }
    let keys: Vec<String> = rows
        .iter()
        .flat_map(|(_, years)| years.keys().map(|year| (*year).to_owned()))
        .collect();
    let years = shown_years(keys.iter(), width);
    let mut table = table(&years);
    for (resource, values) in rows.iter().take(ROWS) {
        table.add_row(
            std::iter::once(shorten(resource, LABEL)).chain(years.iter().map(|year| {
                values
                    .get(year.as_str())
                    .filter(|(value, _)| value.abs() >= 0.005)
                    .map_or_else(String::new, |(value, error)| {
                        format!("{value:.2} ±{error:.2}").replace('-', "−")
                    })
            })),
        );
    }
    let note = format!(
        "Percent of output gained with 1 % more of each from {} on; {} futures, each drawn with {} more and less; ± is the sampling error.",
        binding.elasticity_from,
        number::grouped(binding.elasticity_draws),
        number::percent(binding.step, 1),
    );
    finish("What more of each would bring", &mut table, &note, width)
}

fn stocks(binding: &Binding, width: usize) -> String {
    if binding.stocks.is_empty() {
        return String::new();
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header([
        "",
        "10 of 100",
        "50 of 100",
        "90 of 100",
        "lasts",
    ]);
    let month = |month: &Option<String>| month.clone().unwrap_or_else(|| "later".to_owned());
    for stock in &binding.stocks {
        table.add_row([
            shorten(&stock.part, LABEL),
            month(&stock.p10),
            month(&stock.p50),
            month(&stock.p90),
            format!(
                "{} ±{}",
                number::percent(stock.lasts, 1),
                number::short(100.0 * stock.lasts_error, 1)
            ),
        ]);
    }
    finish(
        "When stocks run out",
        &mut table,
        "Month by which less was left than the month used, in 10, 50 and 90 of 100 futures; and the share of futures in which the stock lasts to the end.",
        width,
    )
}

/// The last years that have room.
fn shown_years<'a>(keys: impl Iterator<Item = &'a String>, width: usize) -> Vec<String> {
    let mut years: Vec<String> = keys.cloned().collect();
    years.sort();
    years.dedup();
    let room = (width.saturating_sub(LABEL) / YEAR).max(1);
    years.split_off(years.len().saturating_sub(room))
}

fn table(years: &[String]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_header(std::iter::once(String::new()).chain(years.iter().cloned()));
    table
}

/// Heading, table and note; ends with an empty line.
fn finish(title: &str, table: &mut Table, note: &str, width: usize) -> String {
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if index > 0 {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = heading(title);
    for line in table.trim_fmt().lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    for line in wrap(note, width) {
        let _ = writeln!(text, "{}", styled(FAINT, &line));
    }
    text.push('\n');
    text
}
