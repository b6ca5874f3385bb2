//! What would have to be true, on the screen.

use std::fmt::Write;

use comfy_table::{CellAlignment, Table, presets};
use wafercast_analysis::require::{ClaimRequirements, Requirement, Requirements, Scale, TradeOff};

use super::{heading, number, shorten, wrap};
use crate::console::{FAINT, STRONG, styled};

const NAME: usize = 42;

/// All claims, then the trade-offs.
pub fn text(requirements: &Requirements, width: usize) -> String {
    if requirements.claims.is_empty() {
        return String::new();
    }
    let mut text = heading("What would have to be true");
    let note = format!(
        "One quantity at a time is multiplied (×), or moved by months, all others drawn as they are; {} futures. ± is the sampling error, σ counts standard deviations of the quantity's own uncertainty.",
        number::grouped(requirements.draws)
    );
    for line in wrap(&note, width) {
        let _ = writeln!(text, "{}", styled(FAINT, &line));
    }
    text.push('\n');
    for claim in &requirements.claims {
        text.push_str(&of_claim(claim, requirements.probability, width));
    }
    for trade_off in &requirements.trade_offs {
        text.push_str(&of_trade_off(trade_off, width));
    }
    text
}

fn of_claim(claim: &ClaimRequirements, level: f64, width: usize) -> String {
    let mut text = String::new();
    for line in wrap(&claim.says, width) {
        let _ = writeln!(text, "{}", styled(STRONG, &line));
    }
    let now = format!(
        "True in {} ± {} of 100 futures. For {} of 100:",
        number::short(100.0 * claim.probability, 2),
        number::short(100.0 * claim.standard_error, 1),
        number::short(100.0 * level, 2),
    );
    let _ = writeln!(text, "{now}");
    if claim.changes.is_empty() {
        let none = format!(
            "no change of one of {} quantities, to a tenth or tenfold or by three years, moves it",
            claim.tried
        );
        let _ = writeln!(text, "  {none}\n");
        return text;
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    for change in &claim.changes {
        table.add_row(row(change));
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((2 * u16::from(index == 0), 2));
        if index == 1 || index == 3 {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in table.lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let rest = format!(
        "{} of {} quantities can do it alone",
        claim.able, claim.tried
    );
    let _ = writeln!(text, "  {}\n", styled(FAINT, &rest));
    text
}

fn row(change: &Requirement) -> [String; 5] {
    let values = if change.unit.is_empty() && change.scale == Scale::Shift {
        String::new()
    } else {
        format!(
            "{} → {}{}",
            number::short(change.from, 3),
            quantity(change.to, &change.unit),
            change
                .at
                .as_ref()
                .map_or_else(String::new, |at| format!(" ({at})"))
        )
    };
    let deviations = change
        .deviations
        .map_or_else(|| "certain".to_owned(), |d| format!("{d:.1} σ"));
    let outcome = if change.reached {
        String::new()
    } else {
        format!(
            "cannot alone: {} of 100",
            number::short(100.0 * change.probability, 2)
        )
    };
    [
        shorten(&change.quantity, NAME),
        size(change),
        values,
        deviations,
        outcome,
    ]
}

fn quantity(value: f64, unit: &str) -> String {
    let value = number::short(value, 3);
    if unit.is_empty() {
        value
    } else {
        format!("{value} {unit}")
    }
}

/// `×1.35 ±0.02`, `−6.2 ±0.4 months`
fn size(change: &Requirement) -> String {
    let error = if change.reached {
        format!(" ±{}", number::short(change.standard_error, 1))
    } else {
        String::new()
    };
    match change.scale {
        Scale::Factor => format!("×{}{error}", number::short(change.change, 3)),
        Scale::Shift => {
            let sign = if change.change > 0.0 { "+" } else { "" };
            format!("{sign}{}{error} months", number::short(change.change, 2))
        }
    }
}

fn of_trade_off(trade_off: &TradeOff, width: usize) -> String {
    let mut text = heading("Two together");
    let intro = format!(
        "{}: futures of 100 in which it holds; across, {}; down, {}. {} futures each.",
        trade_off.says,
        trade_off.second.quantity,
        trade_off.first.quantity,
        number::grouped(trade_off.draws)
    );
    for line in wrap(&intro, width) {
        let _ = writeln!(text, "{line}");
    }
    let label = |scale: Scale, change: f64| match scale {
        Scale::Factor => format!("×{}", number::short(change, 3)),
        Scale::Shift => format!("{} mo", number::short(change, 2)),
    };
    let mut table = Table::new();
    let second = &trade_off.second;
    table.load_preset(presets::NOTHING).set_header(
        std::iter::once(String::new())
            .chain(second.changes.iter().map(|c| label(second.scale, *c))),
    );
    let first = &trade_off.first;
    for (change, row) in first.changes.iter().zip(&trade_off.probability) {
        let cells = row.iter().map(|p| {
            let share = number::short(100.0 * p, 2);
            // The side beyond the line is marked, since colour is not always there.
            if (*p >= trade_off.level) != (trade_off.probability[0][0] >= trade_off.level) {
                format!("{share}*")
            } else {
                format!("{share} ")
            }
        });
        table.add_row(std::iter::once(label(first.scale, *change)).chain(cells));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 1));
        column.set_cell_alignment(CellAlignment::Right);
    }
    for line in table.lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let note = format!(
        "* beyond {} of 100",
        number::short(100.0 * trade_off.level, 2)
    );
    let _ = writeln!(text, "{}\n", styled(FAINT, &note));
    text
}
