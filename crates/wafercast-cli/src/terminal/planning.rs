//! A plan as text.

use std::fmt::Write;

use comfy_table::{CellAlignment, Table, presets};
use wafercast_analysis::planning::{Planning, Resource, ResourceKind, Spread};

use super::{number, shorten, wrap};
use crate::console::{FAINT, STRONG, styled};

/// Rows of each table; the JSON has all.
const ROWS: usize = 10;
/// From this share on a price is marked as not unique.
const DEGENERATE: f64 = 0.05;

/// The plan for people.
pub fn text(planning: &Planning, width: usize) -> String {
    let mut text = head(planning, width);
    text.push_str(&conflict(planning, width));
    text.push_str(&prices(planning, width));
    text.push_str(&outputs(planning));
    text.push_str(&differences(planning));
    text.push_str(&queues(planning, width));
    text
}

fn head(planning: &Planning, width: usize) -> String {
    let (from, to) = &planning.months;
    let title = format!("Best use of the resources, {from} to {to}");
    let mut text = format!("{}\n", styled(STRONG, &title));
    let facts = format!(
        "{} futures · seed {} · maximises {} at {} a year · each future planned as if it were known",
        number::grouped(planning.draws),
        planning.seed,
        what(planning),
        number::percent(planning.discount, 2),
    );
    faint(&mut text, &facts, width);
    let proof = &planning.certificate;
    let failed = match proof.failed {
        0 => "every optimum is proven".to_owned(),
        1 => "1 future without a proven optimum is left out".to_owned(),
        failed => format!("{failed} futures without a proven optimum are left out"),
    };
    let largest = proof.primal.max(proof.dual).max(proof.gap);
    let tolerance = proof.tolerance;
    faint(
        &mut text,
        &format!("{failed} (largest relative error {largest:.0e}, allowed {tolerance:.0e})"),
        width,
    );
    let value = &planning.value;
    let show = |spread: &Spread| interval(spread, &unit(planning));
    let _ = writeln!(text, "\n  by tiers and weights  {}", show(&value.priority));
    let _ = writeln!(text, "  best use              {}", show(&value.optimal));
    if let Some(gain) = &value.gain {
        let _ = writeln!(
            text,
            "  gain                  {}",
            interval(gain, "fraction")
        );
    }
    text
}

fn faint(text: &mut String, line: &str, width: usize) {
    for line in wrap(line, width) {
        let _ = writeln!(text, "{}", styled(FAINT, &line));
    }
}

fn what(planning: &Planning) -> &'static str {
    match planning.maximise.as_str() {
        "units" => "accelerators",
        "h100e" => "H100 equivalents",
        "tpp" => "TPP",
        _ => "value",
    }
}

/// The unit as the number formats know it.
fn unit(planning: &Planning) -> String {
    match planning.unit.as_str() {
        "$" => "USD".to_owned(),
        other => other.to_owned(),
    }
}

/// `$54 B (90 %: $41 B to $80 B)`
fn interval(spread: &Spread, unit: &str) -> String {
    let show = |value: f64| number::quantity(value, unit, 3);
    if spread.p5 == spread.p95 {
        return show(spread.p50);
    }
    format!(
        "{} (90 % of futures: {} to {})",
        show(spread.p50),
        show(spread.p5),
        show(spread.p95)
    )
}

fn conflict(planning: &Planning, width: usize) -> String {
    let mut text = String::new();
    if planning.commitments.is_empty() {
        return text;
    }
    let _ = writeln!(
        text,
        "\n{}",
        styled(STRONG, "Commitments: kept in … of 100 futures")
    );
    for commitment in &planning.commitments {
        let missing = commitment
            .missing
            .as_ref()
            .map_or(String::new(), |missing| {
                format!(", else {} short", number::short(missing.p50, 2))
            });
        let _ = writeln!(
            text,
            "  {:>3.0}  {}  ({}{missing})",
            100.0 * commitment.met,
            commitment.says,
            commitment.place
        );
    }
    let Some(conflict) = &planning.conflict else {
        return text;
    };
    let sentence = format!(
        "In future {} these together rule out the commitments; drop or lift any one and the rest can be kept:",
        conflict.draw
    );
    for line in wrap(&sentence, width) {
        let _ = writeln!(text, "{line}");
    }
    for member in &conflict.members {
        let _ = writeln!(
            text,
            "  {}  {}  ({})",
            member.path, member.says, member.place
        );
    }
    text
}

fn prices(planning: &Planning, width: usize) -> String {
    let title = format!(
        "What one more in a month adds ({}, mean of futures and months; — is nothing)",
        if planning.unit == "$" {
            "present value"
        } else {
            &planning.unit
        }
    );
    let mut text = format!("\n{}\n", styled(STRONG, &title));
    let years: Vec<&str> = planning.resources.first().map_or(Vec::new(), |first| {
        first.years.iter().map(|year| year.year.as_str()).collect()
    });
    if years.is_empty() {
        text.push_str("  nothing: no resource is scarce in any future\n");
        return text;
    }
    let mut table = Table::new();
    let mut header = vec!["one more", "of"];
    header.extend(&years);
    header.push("scarce");
    table.load_preset(presets::NOTHING).set_header(header);
    let mut marked = false;
    for group in [
        &ResourceKind::Line,
        &ResourceKind::Memory,
        &ResourceKind::Packaging,
        &ResourceKind::Die,
        &ResourceKind::Cap,
    ] {
        for resource in largest(planning, *group) {
            let mut row = vec![
                resource.one.clone(),
                shorten(
                    &label(resource),
                    width.saturating_sub(12 * years.len() + 22),
                ),
            ];
            for year in &resource.years {
                let mark = if year.degenerate > DEGENERATE {
                    "~"
                } else {
                    ""
                };
                marked |= !mark.is_empty();
                row.push(match year.price.mean > 0.0 {
                    true => format!("{mark}{}", price(year.price.mean, planning)),
                    false => "—".to_owned(),
                });
            }
            let months = resource.years.len().max(1) as f64;
            let scarce = resource.years.iter().map(|year| year.scarce).sum::<f64>() / months;
            row.push(number::percent(scarce, 2));
            table.add_row(row);
        }
    }
    let _ = writeln!(text, "{}", align(&mut table, 2));
    if marked {
        faint(
            &mut text,
            "~ not the only price in 5 % or more of cases: one more adds less than one less costs",
            width,
        );
    }
    text
}

fn label(resource: &Resource) -> String {
    match resource.kind {
        ResourceKind::Cap => format!("cap of {}", resource.name),
        _ => resource.name.clone(),
    }
}

/// The dearest resources of a kind: by the highest price of a year, caps and dies by how often they are scarce.
fn largest(planning: &Planning, kind: ResourceKind) -> Vec<&Resource> {
    let most = |resource: &Resource| {
        let years = resource.years.iter().map(|year| year.price.mean);
        years.fold(0.0, f64::max)
    };
    let mut resources: Vec<&Resource> = planning
        .resources
        .iter()
        .filter(|resource| resource.kind == kind)
        .collect();
    resources.sort_by(|a, b| most(b).total_cmp(&most(a)).then(a.path.cmp(&b.path)));
    resources.truncate(if kind == ResourceKind::Line { ROWS } else { 5 });
    resources
}

fn price(value: f64, planning: &Planning) -> String {
    number::bare(value, &unit(planning), 2)
}

fn outputs(planning: &Planning) -> String {
    let mut changed: Vec<_> = planning.outputs.iter().collect();
    let change = |priority: f64, optimal: f64| (optimal - priority).abs();
    changed.sort_by(|a, b| {
        let (of_a, of_b) = (
            change(a.priority.mean, a.optimal.mean),
            change(b.priority.mean, b.optimal.mean),
        );
        of_b.total_cmp(&of_a).then(a.id.cmp(&b.id))
    });
    changed.truncate(ROWS);
    if changed.is_empty() {
        return String::new();
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header([
        "delivered, mean of futures",
        "by tiers and weights",
        "best use",
        "difference",
    ]);
    for output in changed {
        let difference = output.optimal.mean - output.priority.mean;
        // What the solver rounds is no difference.
        let is_none = difference.abs() <= 1e-6 * output.optimal.mean.max(output.priority.mean);
        let difference = if is_none { 0.0 } else { difference };
        let sign = if difference > 0.0 { "+" } else { "" };
        table.add_row([
            output.name.clone(),
            number::short(output.priority.mean, 3),
            number::short(output.optimal.mean, 3),
            format!("{sign}{}", number::short(difference, 2)),
        ]);
    }
    format!("\n{}\n", align(&mut table, 1))
}

fn differences(planning: &Planning) -> String {
    if planning.differences.is_empty() {
        return String::new();
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header([
        "first future, solved again",
        "year",
        "price",
        "one more adds",
        "one less costs",
    ]);
    for difference in &planning.differences {
        table.add_row([
            difference.path.clone(),
            difference.year.clone(),
            show(difference.price, planning),
            show(difference.more, planning),
            show(difference.less, planning),
        ]);
    }
    format!("\n{}\n", align(&mut table, 2))
}

fn show(value: f64, planning: &Planning) -> String {
    number::bare(value, &unit(planning), 3)
}

fn queues(planning: &Planning, width: usize) -> String {
    let Some(clearing) = &planning.clearing else {
        return String::new();
    };
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header([
        "one more wafer of",
        "year",
        "load",
        "fixed cycle time",
        "with queues",
    ]);
    let mut last = "";
    for line in &clearing.lines {
        let name = if line.path == last { "" } else { &line.name };
        table.add_row([
            shorten(name, width.saturating_sub(50)),
            line.year.clone(),
            number::percent(line.load, 2),
            show(line.plain.mean, planning),
            show(line.clearing.mean, planning),
        ]);
        last = &line.path;
    }
    let mut text = format!("\n{}\n", align(&mut table, 2));
    let note = format!(
        "{} futures; lines with queues take longer the fuller they are (clearing function, flow factor {}), so that capacity \
         has a price below full load",
        clearing.draws, clearing.flow_factor
    );
    faint(&mut text, &note, width);
    text
}

fn align(table: &mut Table, first_right: usize) -> String {
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if index >= first_right {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}
