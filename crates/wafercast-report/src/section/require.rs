//! What would have to be true for the claims.

use std::fmt::Write;

use wafercast_analysis::require::{ClaimRequirements, Requirement, Scale, TradeOff};

use crate::chart::grid::{Grid, grid_svg};
use crate::message::{Message, html, say};
use crate::number::{count, decimal, percent};
use crate::page::{Page, Table, heading};
use crate::text::Text;

pub(super) fn body(page: &mut Page) -> String {
    let index = page.index;
    let Some(requirements) = &index.analyses.requirements else {
        return String::new();
    };
    let level = percent(requirements.probability);
    let slots = [("level", level), ("draws", count(requirements.draws))];
    let mut out = format!(
        "<p class=\"intro\">{}</p>\n<div class=\"scroll\" tabindex=\"0\"><table class=\"rows\"><thead><tr>",
        say(Message::RequireText, &slots).html()
    );
    for message in [
        Message::Claim,
        Message::HoldsNow,
        Message::ChangeNeeded,
        Message::MedianFromTo,
        Message::InDeviations,
    ] {
        let _ = write!(out, "<th scope=\"col\">{}</th>", html(message));
    }
    out.push_str("</tr></thead><tbody>");
    for claim in &requirements.claims {
        out.push_str(&rows(claim));
    }
    out.push_str("</tbody></table></div>\n");
    if !requirements.trade_offs.is_empty() {
        out.push_str(&heading(Message::TwoTogether, Message::TwoTogetherText));
        for trade_off in &requirements.trade_offs {
            out.push_str(&picture(page, trade_off));
        }
    }
    out
}

fn rows(claim: &ClaimRequirements) -> String {
    let mut out = String::new();
    let says = Text::same(claim.says.clone()).html();
    let error = Text::each(|language| {
        let [share, error] = [claim.probability, claim.standard_error]
            .map(|value| decimal(100.0 * value, 0, language));
        format!("{share}\u{a0}±\u{a0}{error}")
    });
    let span = claim.changes.len().max(1);
    let able = say(
        Message::AbleAlone,
        &[
            ("able", count(claim.able as u64)),
            ("tried", count(claim.tried as u64)),
        ],
    );
    let head = format!(
        "<th scope=\"row\" rowspan=\"{span}\">{says}<small>{}</small></th><td rowspan=\"{span}\">{}</td>",
        able.html(),
        error.html()
    );
    if claim.changes.is_empty() {
        let none = html(Message::NothingMoves);
        let _ = write!(
            out,
            "<tr>{head}<td class=\"text\" colspan=\"3\">{none}</td></tr>"
        );
    }
    for (place, change) in claim.changes.iter().enumerate() {
        let first = if place == 0 { head.as_str() } else { "" };
        let _ = write!(
            out,
            "<tr>{first}<td class=\"text\"><code>{}</code> {}</td><td>{}</td><td>{}</td></tr>",
            Text::same(change.quantity.clone()).html(),
            needed(change).html(),
            from_to(change).html(),
            deviations(change).html(),
        );
    }
    out
}

/// `×1.35 ± 0.02`, or how near it comes.
fn needed(change: &Requirement) -> Text {
    let size = Text::each(|language| {
        let error = if change.reached {
            format!(
                "\u{a0}±\u{a0}{}",
                decimal(change.standard_error, 2, language)
            )
        } else {
            String::new()
        };
        format!("{}{error}", size_in(change.scale, change.change, language))
    });
    let size = match change.scale {
        Scale::Factor => size,
        Scale::Shift => say(Message::Months, &[("n", size)]),
    };
    if change.reached {
        size
    } else {
        let slots = [("size", size), ("share", percent(change.probability))];
        say(Message::NotAlone, &slots)
    }
}

fn size_in(scale: Scale, change: f64, language: crate::language::Language) -> String {
    match scale {
        Scale::Factor => format!("×{}", decimal(change, 2, language)),
        Scale::Shift if change > 0.0 => format!("+{}", decimal(change, 1, language)),
        Scale::Shift => decimal(change, 1, language),
    }
}

fn from_to(change: &Requirement) -> Text {
    Text::each(|language| {
        let decimals = |value: f64| match value.abs() {
            size if size >= 100.0 => 0,
            size if size >= 1.0 => 1,
            _ => 3,
        };
        let [from, to] =
            [change.from, change.to].map(|value| decimal(value, decimals(value), language));
        let at = change
            .at
            .as_ref()
            .map_or_else(String::new, |at| format!(" ({at})"));
        format!("{from} → {to} {}{at}", change.unit)
    })
}

fn deviations(change: &Requirement) -> Text {
    match change.deviations {
        Some(deviations) => {
            Text::each(|language| format!("{}\u{a0}σ", decimal(deviations, 1, language)))
        }
        None => say(Message::Certain, &[]),
    }
}

fn picture(page: &mut Page, trade_off: &TradeOff) -> String {
    let label = |scale: Scale, change: f64| Text::each(|language| size_in(scale, change, language));
    let labels = |scale: Scale, changes: &[f64]| -> Vec<Text> {
        changes.iter().map(|change| label(scale, *change)).collect()
    };
    let (first, second) = (&trade_off.first, &trade_off.second);
    let grid = Grid {
        names: (
            Text::same(first.quantity.clone()),
            Text::same(second.quantity.clone()),
        ),
        rows: labels(first.scale, &first.changes),
        columns: labels(second.scale, &second.changes),
        probability: trade_off.probability.clone(),
        line: trade_off
            .line
            .iter()
            .map(|(row, column)| (place(&first.changes, *row), place(&second.changes, *column)))
            .collect(),
    };
    let title = Text::same(trade_off.says.clone());
    let slots = [
        ("first", grid.names.0.clone()),
        ("second", grid.names.1.clone()),
        ("level", percent(trade_off.level)),
        ("draws", count(trade_off.draws)),
    ];
    let words = say(Message::WordsTradeOff, &slots);
    let table = Table {
        caption: say(Message::FuturesInWhichItHolds, &[]),
        head: std::iter::once(grid.names.0.clone())
            .chain(grid.columns.iter().cloned())
            .collect(),
        rows: grid
            .rows
            .iter()
            .zip(&grid.probability)
            .map(|(name, row)| {
                let mut cells = vec![name.clone()];
                cells.extend(row.iter().map(|p| percent(*p)));
                cells
            })
            .collect(),
    };
    page.figure(&title, &words, &table, |labelled_by| {
        grid_svg(&grid, &title, labelled_by)
    })
}

/// Where a change lies between the changes tried.
fn place(changes: &[f64], change: f64) -> f64 {
    let between = changes.windows(2).position(|pair| {
        let (low, high) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
        (low..=high).contains(&change)
    });
    match between {
        Some(at) if changes[at + 1] != changes[at] => {
            at as f64 + (change - changes[at]) / (changes[at + 1] - changes[at])
        }
        Some(at) => at as f64,
        None => 0.0,
    }
}
