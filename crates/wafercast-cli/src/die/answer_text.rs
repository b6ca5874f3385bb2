//! The answer as text: what was asked, the counts, the yields by model, money.

use super::{DieArgs, noun};
use comfy_table::{CellAlignment, Table, presets};
use wafercast::die_calculator::{Defects, DieInput, DieReport, ModelYield};
use wafercast::die_yield::Model;
use wafercast::packing::{Centred, Placement};

/// Everything but the map, in `width` columns.
pub fn answer(args: &DieArgs, input: &DieInput, report: &DieReport, width: usize) -> String {
    let mut text = heading(args, report);
    text.push('\n');
    text.push_str(&counts(args, report));
    if let Some(defects) = input.defects {
        text.push('\n');
        text.push_str(&assumptions(args, input, report, defects));
        text.push_str(&yields(args, report, width));
        text.push_str(&notes(args, report));
    }
    text
}

fn heading(args: &DieArgs, report: &DieReport) -> String {
    let tile = &report.tile;
    let what = if args.package { "Interposer" } else { "Die" };
    let street = if tile.street > 0.0 {
        format!("{} mm street", plain(tile.street))
    } else {
        "no street".into()
    };
    format!(
        "{what} {} mm × {} mm ({:.1} mm²)\n{} mm wafer, {} mm edge exclusion, {street}\n",
        plain(tile.width),
        plain(tile.height),
        report.area_mm2,
        plain(report.wafer.diameter),
        plain(report.wafer.edge),
    )
}

fn counts(args: &DieArgs, report: &DieReport) -> String {
    let noun = noun(args);
    let mut table = borderless();
    if report.gross.count == 0 {
        return format!("No whole {noun} fits on the wafer.\n");
    }
    table.add_row([
        format!("Gross {noun}s per wafer"),
        report.gross.count.to_string(),
        format!("exact; {}", placement(report.gross.placement, noun)),
    ]);
    for formula in &report.formulae {
        table.add_row([
            String::new(),
            format!("{:.0}", formula.count.floor()),
            format!("by the formula {}", formula.formula),
        ]);
    }
    table.add_row([
        "Area used".into(),
        percent(report.wafer_share),
        "of the whole wafer".into(),
    ]);
    if let (Some(cost), Some(price)) = (report.cost_per_gross_die, args.wafer_price) {
        table.add_row([
            format!("Cost per gross {noun}"),
            dollars(cost),
            format!("of a wafer at {}", dollars(price)),
        ]);
    }
    align_right(&mut table, &[1]);
    lines(&table)
}

fn placement(placement: Placement, noun: &str) -> String {
    let name = |centred| match centred {
        Centred::Tile => noun,
        Centred::Street => "street",
    };
    if placement.x == placement.y {
        format!("{} centred in x and y", name(placement.x))
    } else {
        format!(
            "{} centred in x, {} in y",
            name(placement.x),
            name(placement.y)
        )
    }
}

fn assumptions(args: &DieArgs, input: &DieInput, report: &DieReport, defects: Defects) -> String {
    let mut parts = vec![match defects {
        Defects::Density(d0) => format!("D0 {}/cm²", plain(d0)),
        Defects::SaleableYield(y) => format!("reported yield {}", percent(y)),
    }];
    if let (Defects::Density(_), Some(first)) = (defects, report.yields.first()) {
        let per = if matches!(first.model, Model::BoseEinstein { .. }) {
            " and layer"
        } else {
            ""
        };
        parts.push(format!(
            "x = {} killing defects per {}{per}",
            significant(first.defects_per_die),
            noun(args)
        ));
    }
    if input.critical_area < 1.0 {
        parts.push(format!("critical area {}", percent(input.critical_area)));
    }
    if input.line_yield < 1.0 {
        parts.push(format!("line yield {}", percent(input.line_yield)));
    }
    let mut text = format!("Yield: {}\n", parts.join(", "));
    if let Some(salvage) = &input.salvage {
        text.push_str(&format!(
            "Saleable: {} of {} cores good, {} of the critical area in cores\n",
            salvage.min_good(),
            salvage.total(),
            percent(salvage.area_share()),
        ));
    }
    text
}

/// A column of the table of yields.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Model,
    Formula,
    Density,
    Perfect,
    Saleable,
    GoodDies,
    Cost,
}

fn yields(args: &DieArgs, report: &DieReport, width: usize) -> String {
    let mut columns = vec![Column::Model, Column::Formula];
    // Where the density is given it is the same in every row.
    if args.reported_yield.is_some() {
        columns.push(Column::Density);
    }
    if args.cores.is_some() {
        columns.push(Column::Perfect);
    }
    columns.extend([Column::Saleable, Column::GoodDies]);
    if args.wafer_price.is_some() {
        columns.push(Column::Cost);
    }
    let text = yield_table(args, report, &columns);
    if text.lines().all(|line| line.chars().count() <= width) {
        return text;
    }
    columns.retain(|column| *column != Column::Formula);
    yield_table(args, report, &columns)
}

fn yield_table(args: &DieArgs, report: &DieReport, columns: &[Column]) -> String {
    let mut table = borderless();
    table.add_row(columns.iter().map(|column| head(args, *column)));
    for (i, by_model) in report.yields.iter().enumerate() {
        table.add_row(columns.iter().map(|column| cell(i == 0, by_model, *column)));
    }
    let numbers = columns
        .iter()
        .enumerate()
        .filter(|(_, column)| !matches!(column, Column::Model | Column::Formula));
    align_right(&mut table, &numbers.map(|(i, _)| i).collect::<Vec<_>>());
    lines(&table)
}

fn head(args: &DieArgs, column: Column) -> String {
    match column {
        Column::Model => "  model".into(),
        Column::Formula => "formula".into(),
        Column::Density => "D0/cm²".into(),
        Column::Perfect => "perfect".into(),
        Column::Saleable if args.cores.is_some() => "saleable".into(),
        Column::Saleable => "yield".into(),
        Column::GoodDies => format!("good {}s", noun(args)),
        Column::Cost => format!("$/good {}", noun(args)),
    }
}

fn cell(is_first: bool, by_model: &ModelYield, column: Column) -> String {
    match column {
        Column::Model => {
            let mark = if is_first { "▸" } else { " " };
            format!("{mark} {}", model_name(by_model.model))
        }
        Column::Formula => by_model.model.formula().into(),
        Column::Density => significant(by_model.defects_per_cm2),
        Column::Perfect => percent_in_column(by_model.perfect_yield),
        Column::Saleable => percent_in_column(by_model.saleable_yield),
        Column::GoodDies => format!("{:.1}", by_model.good_dies),
        Column::Cost => by_model.cost_per_good_die.map_or("–".into(), dollars),
    }
}

fn model_name(model: Model) -> String {
    match model {
        Model::BoseEinstein { n } => format!("bose_einstein n={}", plain(n)),
        Model::NegativeBinomial { alpha } => format!("negative_binomial α={}", plain(alpha)),
        other => other.name().into(),
    }
}

fn notes(args: &DieArgs, report: &DieReport) -> String {
    let mut text = String::new();
    if args.cores.is_some() && args.core_area.is_none() {
        text.push_str("The share of the area in cores is assumed; set it with --core-area.\n");
    }
    text.push_str(if args.layers.is_some() {
        "bose_einstein takes D0 per layer.\n"
    } else {
        "bose_einstein is shown with --layers N; its D0 is per layer.\n"
    });
    if let (Some(monthly), Some(first)) = (&report.monthly, report.yields.first()) {
        text.push_str(&format!(
            "\nPer month, by {}: {} wafers → {} good {}s",
            first.model.name(),
            grouped(monthly.flow.wafers_per_month),
            grouped(monthly.good_dies),
            noun(args)
        ));
        if !args.package {
            text.push_str(&format!(
                "\n→ {} packages of {} at {} assembly yield",
                grouped(monthly.packages),
                plain(monthly.flow.dies_per_package),
                percent(monthly.flow.assembly_yield),
            ));
        }
        text.push('\n');
    }
    text
}

fn borderless() -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table
}

fn align_right(table: &mut Table, columns: &[usize]) {
    for index in columns {
        if let Some(column) = table.column_mut(*index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// The table's lines without trailing blanks.
fn lines(table: &Table) -> String {
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Up to four decimals, none for nothing.
fn plain(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Three significant digits.
fn significant(value: f64) -> String {
    if !value.is_finite() {
        return "∞".into();
    }
    let mut decimals = 2;
    let mut size = value.abs();
    while size < 1.0 && size > 0.0 && decimals < 12 {
        size *= 10.0;
        decimals += 1;
    }
    format!("{value:.decimals$}")
}

/// A share in per cent, one decimal or three significant digits below one per cent.
fn percent(share: f64) -> String {
    let text = percent_in_column(share);
    text.replace(".0 %", " %")
}

/// [`percent`] with its decimal kept, so that a column lines up.
fn percent_in_column(share: f64) -> String {
    let value = 100.0 * share;
    if value == 0.0 || value >= 1.0 {
        format!("{value:.1} %")
    } else if value < 1e-4 {
        "< 0.0001 %".into()
    } else {
        format!("{} %", significant(value))
    }
}

/// An amount of money: cents below 100 dollars.
fn dollars(value: f64) -> String {
    if value < 100.0 {
        format!("${value:.2}")
    } else if value < 1e15 {
        format!("${}", grouped(value))
    } else {
        format!("${value:.3e}")
    }
}

/// A whole number with its thousands set apart.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
