//! The years in a table: output and self-sufficiency.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use wafercast::summary::{Series, Summary};

use super::fan::is_year;
use super::{heading, number};

/// A row: label, metric and depth of a series of `home`.
const ROWS: [(&str, &str, &str); 6] = [
    ("Home accelerators, units", "units", "designed"),
    ("  in H100e", "h100e", "designed"),
    (
        "Share of purchases, by units",
        "share_of_purchases:units",
        "designed",
    ),
    (
        "  by compute (H100e)",
        "share_of_purchases:h100e",
        "designed",
    ),
    (
        "  by units, fabricated at home",
        "share_of_purchases:units",
        "fabricated",
    ),
    (
        "  by units, made entirely at home",
        "share_of_purchases:units",
        "fully",
    ),
];

/// Columns that a row's label takes.
const LABEL: usize = 34;
/// Columns of one year: `1.23 M`, `812 k – 1.65 M`.
const YEAR: usize = 11;

/// Medians by year, with the 90 % interval below; `None` without yearly series.
pub fn of_summary(summary: &Summary, width: usize) -> Option<String> {
    let mut years: Vec<&str> = summary
        .series
        .iter()
        .filter(|series| is_year(&series.period) && series.of == "home")
        .map(|series| series.period.as_str())
        .collect();
    years.sort_unstable();
    years.dedup();
    let room = width.saturating_sub(LABEL) / YEAR;
    let years = &years[years.len().saturating_sub(room)..];
    if years.is_empty() {
        return None;
    }

    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(
            std::iter::once("")
                .chain(years.iter().copied())
                .collect::<Vec<_>>(),
        );
    let mut rows = 0;
    for (label, metric, depth) in ROWS {
        let found: Vec<Option<&Series>> = years
            .iter()
            .map(|year| find(summary, metric, depth, year))
            .collect();
        if found.iter().all(Option::is_none) {
            continue;
        }
        rows += 1;
        table.add_row(row(label, &found, median));
        table.add_row(row("", &found, interval));
    }
    if rows == 0 {
        return None;
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
        column.set_padding((1, 0));
    }
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 0));
    }
    let mut text = heading("By year: median, and 90 % of futures");
    text.push_str(&table.trim_fmt());
    text.push('\n');
    Some(text)
}

fn row(label: &str, found: &[Option<&Series>], show: fn(&Series) -> String) -> Vec<String> {
    std::iter::once(label.to_owned())
        .chain(
            found
                .iter()
                .map(|series| series.map_or_else(String::new, show)),
        )
        .collect()
}

fn median(series: &Series) -> String {
    let digits = number::supported_digits(&series.stats);
    number::bare(series.stats.p50, &series.unit, digits)
}

fn interval(series: &Series) -> String {
    let low = number::bare(series.stats.p05, &series.unit, 2);
    let high = number::bare(series.stats.p95, &series.unit, 2);
    // `61 – 78 %`: the unit or suffix once where both share it.
    let (low, high) = (low.replace(' ', ""), high.replace(' ', ""));
    let low = match (low.strip_suffix('%'), high.ends_with('%')) {
        (Some(number), true) => number.to_owned(),
        _ => low,
    };
    format!("{low}–{high}")
}

fn find<'a>(summary: &'a Summary, metric: &str, depth: &str, year: &str) -> Option<&'a Series> {
    summary.series.iter().find(|series| {
        series.metric == metric
            && series.of == "home"
            && series.depth.as_deref().unwrap_or("designed") == depth
            && series.period == year
    })
}
