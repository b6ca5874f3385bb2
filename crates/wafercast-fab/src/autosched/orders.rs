//! `part.txt`, `order.txt`, `WIP.txt`.

use std::collections::BTreeMap;

use super::NamedText;
use super::table::{DistributionColumns, Row, Table};
use crate::model::{FabModel, InitialLot, Order, Part};
use crate::problem::{Place, Problem};
use crate::span::{Distribution, LONGEST, SECOND};

pub(super) const PART_COLUMNS: [&str; 5] = ["PARTGRP", "PARTFAM", "PART", "ROUTEFILE", "ROUTE"];

pub(super) fn read_parts(
    file: NamedText<'_>,
    model: &mut FabModel,
    route_files: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) {
    let needed = ["PART", "ROUTE"];
    let table = Table::read(file.name, file.text, &PART_COLUMNS, &needed, problems);
    for row in table.rows() {
        route_files.push(row.text("ROUTEFILE").to_owned());
        model.parts.push(Part {
            place: row.place(),
            name: row.name("PART", problems),
            product_family: row.text("PARTFAM").to_owned(),
            product_group: row.text("PARTGRP").to_owned(),
            route: row.name("ROUTE", problems),
        });
    }
}

/// The route files that parts name, each with the place of its first mention.
pub(super) fn route_files_named<'f>(
    model: &FabModel,
    route_files: &'f [String],
) -> Vec<(Place, &'f str)> {
    let mut named = BTreeMap::new();
    for (part, file) in model.parts.iter().zip(route_files) {
        if !file.is_empty() {
            named
                .entry(file.as_str())
                .or_insert_with(|| part.place.clone());
        }
    }
    named
        .into_iter()
        .map(|(file, place)| (place, file))
        .collect()
}

/// The civil times of orders and lots, kept until all are known: instant 0 is the first release of an order.
#[derive(Default)]
pub(super) struct Dates {
    orders: Vec<(Option<i64>, Option<i64>)>,
    lots: Vec<(Option<i64>, Option<i64>)>,
}

impl Dates {
    /// Sets the epoch and turns civil times into instants.
    pub(super) fn settle(self, model: &mut FabModel, problems: &mut Vec<Problem>) {
        let first = |times: &[(Option<i64>, Option<i64>)]| {
            times.iter().filter_map(|&(start, _)| start).min()
        };
        model.epoch = first(&self.orders)
            .or_else(|| first(&self.lots))
            .unwrap_or(0);
        let epoch = model.epoch;
        let mut instant = |seconds: i64, place: &Place, column: &str| {
            let instant = (seconds - epoch).saturating_mul(SECOND);
            if instant.abs() > LONGEST {
                problems.push(Problem::error(
                    place.column(column),
                    "the time is more than 1,000 years from the first release",
                    "check the year",
                ));
                return 0;
            }
            instant
        };
        for (order, (start, due)) in model.orders.iter_mut().zip(self.orders) {
            order.start = start.map_or(0, |at| instant(at, &order.place, "START"));
            order.due_after = due.map(|at| instant(at, &order.place, "DUE") - order.start);
        }
        for (lot, (start, due)) in model.initial_lots.iter_mut().zip(self.lots) {
            lot.start = start.map_or(0, |at| instant(at, &lot.place, "START"));
            lot.due = due.map(|at| instant(at, &lot.place, "DUE"));
        }
    }
}

pub(super) const ORDER_COLUMNS: [&str; 15] = [
    "LOT",
    "PART",
    "PRIOR",
    "PIECES",
    "START",
    "RDIST",
    "REPEAT",
    "REPEAT2",
    "RUNITS",
    "RPT#",
    "LOTSPERRPT",
    "DUE",
    "ORDER",
    "HOTLOT",
    "TRACE",
];

pub(super) fn read_orders(
    file: NamedText<'_>,
    model: &mut FabModel,
    dates: &mut Dates,
    problems: &mut Vec<Problem>,
) {
    let needed = ["PART", "PIECES"];
    let table = Table::read(file.name, file.text, &ORDER_COLUMNS, &needed, problems);
    let columns = DistributionColumns {
        kind: "RDIST",
        mean: "REPEAT",
        half_width: "REPEAT2",
        unit: "RUNITS",
    };
    for row in table.rows() {
        let interval = row.distribution(columns, problems);
        let repeats = row.whole("RPT#", 0, 1_000_000_000_000, problems);
        let order = row.text("ORDER");
        let lot = row.text("LOT");
        if order.is_empty() && lot.is_empty() {
            row.report(
                "LOT",
                "neither `LOT` nor `ORDER` has a name",
                "name the lots of the order",
                problems,
            );
        }
        dates
            .orders
            .push((row.instant("START", problems), row.instant("DUE", problems)));
        model.orders.push(Order {
            place: row.place(),
            lot: if lot.is_empty() { order } else { lot }.to_owned(),
            name: if order.is_empty() { lot } else { order }.to_owned(),
            part: row.name("PART", problems),
            priority: priority(&row, problems),
            wafers: wafers(&row, problems),
            start: 0,
            interval: interval.unwrap_or(Distribution::ZERO),
            // Without an interval there is nothing to repeat by.
            releases: match (interval, repeats) {
                (Some(_), Some(repeats)) => repeats as u64,
                (Some(_), None) => u64::MAX,
                (None, _) => 1,
            },
            lots_per_release: row.whole("LOTSPERRPT", 0, 10_000, problems).unwrap_or(1) as u32,
            due_after: None,
            hot: row.flag("HOTLOT", problems),
        });
    }
}

pub(super) const INITIAL_LOT_COLUMNS: [&str; 10] = [
    "LOT", "PART", "PRIOR", "PIECES", "START", "CURSTEP", "DUE", "ORDER", "HOTLOT", "TRACE",
];

pub(super) fn read_initial_lots(
    file: NamedText<'_>,
    model: &mut FabModel,
    dates: &mut Dates,
    problems: &mut Vec<Problem>,
) {
    let needed = ["PART", "PIECES"];
    let table = Table::read(
        file.name,
        file.text,
        &INITIAL_LOT_COLUMNS,
        &needed,
        problems,
    );
    for row in table.rows() {
        dates
            .lots
            .push((row.instant("START", problems), row.instant("DUE", problems)));
        model.initial_lots.push(InitialLot {
            place: row.place(),
            lot: row.text("LOT").to_owned(),
            order: row
                .optional_name("ORDER")
                .unwrap_or_else(|| "WIP".to_owned()),
            part: row.name("PART", problems),
            priority: priority(&row, problems),
            wafers: wafers(&row, problems),
            start: 0,
            step: row.optional_name("CURSTEP"),
            due: None,
            hot: row.flag("HOTLOT", problems),
        });
    }
}

fn priority(row: &Row<'_, '_>, problems: &mut Vec<Problem>) -> i32 {
    row.whole("PRIOR", -1_000_000, 1_000_000, problems)
        .unwrap_or(0) as i32
}

fn wafers(row: &Row<'_, '_>, problems: &mut Vec<Problem>) -> u32 {
    if row.text("PIECES").is_empty() {
        row.report(
            "PIECES",
            "`PIECES` is empty",
            "write the number of wafers in a lot",
            problems,
        );
    }
    row.whole("PIECES", 1, 100_000, problems).unwrap_or(1) as u32
}
