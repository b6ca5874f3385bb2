//! What the difference of two scenarios is due to.

use std::fmt::Write;

use comfy_table::{CellAlignment, Table as TextTable, presets};
use wafercast::check::{CheckOptions, check};
use wafercast::document::Document;
use wafercast::simulate::Sampling;
use wafercast_analysis::explain::{
    Attribution, Explained, Explanation, players, prepare as between,
};

use crate::arguments::Compare;
use crate::console::{FAINT, STRONG, styled};
use crate::failure::Failure;
use crate::prepare::{self, Prepared};
use crate::table::Table;
use crate::terminal::{number, shorten, wrap};
use crate::{forecast, targets};

/// Flows of home that are explained for every year, by metric and depth.
const FLOWS: [(&str, &str); 5] = [
    ("units", "designed"),
    ("units", "fabricated"),
    ("units", "fully"),
    ("h100e", "designed"),
    ("value", "designed"),
];
/// Shares of purchases.
const SHARES: [(&str, &str); 5] = [
    ("units", "designed"),
    ("h100e", "designed"),
    ("h100e", "fabricated"),
    ("h100e", "fully"),
    ("value", "designed"),
];
/// Parts named on the screen.
const SHOWN: usize = 5;

/// Explains the differences of all yearly metrics of home, of imports, of the claims and of what was asked for.
pub fn explain(
    arguments: &Compare,
    first: &Prepared,
    second: &Prepared,
    sampling: Sampling,
) -> Result<Explanation, Failure> {
    if first.scenario.horizon != second.scenario.horizon
        || first.scenario.home != second.scenario.home
    {
        return Err(Failure::usage(
            "the two scenarios have different horizons or homes: there is nothing between them",
            "compare them without `--explain`, or give both the same `horizon` and `home`",
        ));
    }
    targets::parse(&arguments.metric, &first.scenario)?;
    let mut metrics = arguments.metric.clone();
    metrics.extend(yearly(first));
    let options = CheckOptions {
        as_of: arguments
            .changes
            .as_of
            .as_deref()
            .map(prepare::date)
            .transpose()?,
    };
    let sound = |document: &Document| check(document, &second.facts, &options).scenario;
    let question = Explained {
        first: (&first.document, &first.scenario),
        second: (&second.document, &second.scenario),
        sampling,
        pairs: usize::from(arguments.pairs),
    };
    let grouping = arguments.by.map(Into::into);
    let players = players(&first.document, &second.document, grouping, &sound);
    // Checking is quick beside drawing, and one thread does it; the draws are spread over all.
    let scenarios = between(&question, players, &metrics, &sound);
    Ok(forecast::pool(arguments.sampling.threads)?.install(|| scenarios.explain()))
}

fn yearly(first: &Prepared) -> Vec<String> {
    let mut metrics = Vec::new();
    for (year, _) in first.scenario.horizon.years() {
        metrics.extend(FLOWS.map(|(metric, depth)| format!("{metric}(home, {year}, {depth})")));
        metrics.push(format!("units(imports, {year})"));
        metrics.push(format!("h100e(imports, {year})"));
        metrics.extend(
            SHARES.map(|(metric, depth)| format!("share_of_purchases({metric}, {depth}, {year})")),
        );
    }
    metrics
}

/// The explanation for people: what differs most, with the changes it is due to.
pub fn text(explanation: &Explanation, width: usize) -> String {
    let mut text = format!("{}\n", styled(STRONG, "What the differences are due to"));
    if explanation.players.is_empty() {
        text.push_str("Nothing that changes draws differs.\n");
        return text;
    }
    let orders = if explanation.exact {
        "all orders of the changes".to_owned()
    } else {
        format!("{} sampled orders of the changes", explanation.orders)
    };
    let note = format!(
        "Each change gets the mean of what it adds over {orders}; {} scenarios, {} paired draws. The parts add up to the difference exactly; ± is the sampling error.",
        explanation.scenarios,
        number::grouped(explanation.draws)
    );
    for line in wrap(&note, width) {
        let _ = writeln!(text, "{}", styled(FAINT, &line));
    }
    for player in explanation.players.iter().filter(|p| p.changes.len() > 1) {
        let list = format!("{}: {}", player.name, player.changes.join(", "));
        for line in wrap(&shorten(&list, 2 * width), width) {
            let _ = writeln!(text, "{}", styled(FAINT, &line));
        }
    }
    let mut table = TextTable::new();
    table.load_preset(presets::NOTHING);
    for attribution in explanation.attributions.iter().filter(|a| is_told(a)) {
        rows(attribution, explanation, &mut table);
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

/// Whether a difference is on the screen: claims that move by a point, and of the yearly metrics output and its share.
fn is_told(attribution: &Attribution) -> bool {
    if attribution.difference == 0.0 {
        return false;
    }
    if attribution.unit.is_empty() && !attribution.metric.contains('(') {
        return attribution.difference.abs() >= 0.01;
    }
    let is_detail = ["fabricated", "fully", "imports", "value"]
        .iter()
        .any(|word| attribution.metric.contains(word));
    !is_detail || !attribution.metric.contains("20")
}

fn rows(attribution: &Attribution, explanation: &Explanation, table: &mut TextTable) {
    // Of plain numbers, claims and shares are percent.
    let is_share = attribution.unit.is_empty();
    let show = |value: f64, digits: usize| {
        let sign = if value > 0.0 { "+" } else { "" };
        if is_share {
            format!("{sign}{} pp", number::short(100.0 * value, digits))
        } else {
            format!("{sign}{}", number::bare(value, &attribution.unit, digits))
        }
    };
    let error = |value: f64| {
        if is_share {
            format!("±{}", number::short(100.0 * value, 1))
        } else {
            format!("±{}", number::bare(value, &attribution.unit, 1))
        }
    };
    table.add_row([
        styled(STRONG, &shorten(&attribution.says, 60)),
        show(attribution.difference, 3),
        error(attribution.standard_error),
    ]);
    let mut parts: Vec<_> = explanation.players.iter().zip(&attribution.parts).collect();
    parts.sort_by(|a, b| b.1.value.abs().total_cmp(&a.1.value.abs()));
    for (player, part) in parts.iter().filter(|(_, p)| p.value != 0.0).take(SHOWN) {
        table.add_row([
            format!("  {}", shorten(&player.name, 58)),
            show(part.value, 2),
            error(part.standard_error),
        ]);
    }
}

/// One row per metric and change.
pub fn table(explanation: &Explanation) -> Table {
    let rows: Vec<_> = explanation
        .attributions
        .iter()
        .flat_map(|a| {
            let parts = explanation.players.iter().zip(&a.parts);
            parts.map(move |(player, part)| (a, player, part))
        })
        .collect();
    Table::new()
        .text("metric", rows.iter().map(|(a, _, _)| a.metric.clone()))
        .text("unit", rows.iter().map(|(a, _, _)| a.unit.clone()))
        .number("first", rows.iter().map(|(a, _, _)| a.first))
        .number("second", rows.iter().map(|(a, _, _)| a.second))
        .number("difference", rows.iter().map(|(a, _, _)| a.difference))
        .text("due_to", rows.iter().map(|(_, p, _)| p.name.clone()))
        .number("value", rows.iter().map(|(_, _, part)| part.value))
        .number(
            "standard_error",
            rows.iter().map(|(_, _, part)| part.standard_error),
        )
}
