//! `route_*.txt`.

use super::NamedText;
use super::table::{DistributionColumns, Row, Table};
use crate::model::{Cascade, FabModel, Per, QueueTime, Rework, Route, SetupNeed, Step};
use crate::problem::Problem;
use crate::span::Distribution;

pub(super) const COLUMNS: [&str; 28] = [
    "ROUTE",
    "STEP",
    "DESC",
    "STNFAM",
    "PDIST",
    "PTIME",
    "PTIME2",
    "PTUNITS",
    "PTPER",
    "BATCHMN",
    "BATCHMX",
    "SETUP",
    "WHEN",
    "STIME",
    "STUNITS",
    "SVESTN",
    "FORSTEP",
    "BatchInterval",
    "BatchIntUnits",
    "PartInterval",
    "PartIntUnits",
    "RWKSTEP",
    "REWORK",
    "RWKTYPE",
    "StepPercent",
    "STEP_CQT",
    "CQT",
    "CQTUNITS",
];

pub(super) fn read_routes(file: NamedText<'_>, model: &mut FabModel, problems: &mut Vec<Problem>) {
    let needed = ["ROUTE", "STEP", "STNFAM", "PTIME"];
    let table = Table::read(file.name, file.text, &COLUMNS, &needed, problems);
    for row in table.rows() {
        let name = row.name("ROUTE", problems);
        let step = read_step(&row, problems);
        match model
            .routes
            .iter_mut()
            .rev()
            .find(|route| route.name == name)
        {
            Some(route) => route.steps.push(step),
            None => model.routes.push(Route {
                place: row.place(),
                name,
                steps: vec![step],
            }),
        }
    }
}

fn read_step(row: &Row<'_, '_>, problems: &mut Vec<Problem>) -> Step {
    let columns = DistributionColumns {
        kind: "PDIST",
        mean: "PTIME",
        half_width: "PTIME2",
        unit: "PTUNITS",
    };
    let process = row.distribution(columns, problems);
    if process.is_none() && row.text("PTIME").is_empty() {
        row.report(
            "PTIME",
            "the step has no processing time",
            "write one; 0 is allowed",
            problems,
        );
    }
    let per = [
        ("per_lot", Per::Lot),
        ("per_piece", Per::Wafer),
        ("per_batch", Per::Batch),
    ];
    Step {
        place: row.place(),
        id: row.name("STEP", problems),
        description: row.text("DESC").to_owned(),
        family: row.name("STNFAM", problems),
        process: process.unwrap_or(Distribution::ZERO),
        per: row.choice("PTPER", &per, problems).unwrap_or_default(),
        batch: read_batch(row, problems),
        setup: read_setup(row, problems),
        same_tool_for: read_same_tool(row, problems),
        cascade: read_cascade(row, problems),
        rework: read_rework(row, problems),
        sampling_percent: row.percent("StepPercent", problems).unwrap_or(100.0),
        queue_time: read_queue_time(row, problems),
    }
}

fn read_batch(row: &Row<'_, '_>, problems: &mut Vec<Problem>) -> Option<(u32, u32)> {
    let least = row.whole("BATCHMN", 0, 1_000_000, problems);
    let most = row.whole("BATCHMX", 1, 1_000_000, problems);
    match (least, most) {
        (None, None) => None,
        (least, None) => {
            row.report(
                "BATCHMX",
                "the batch has no largest size",
                "write the most wafers a batch can hold",
                problems,
            );
            least.map(|least| (least as u32, least as u32))
        }
        (least, Some(most)) => {
            let least = least.unwrap_or(1);
            if least > most {
                row.report(
                    "BATCHMN",
                    format!("smallest batch `{least}` exceeds the largest `{most}`"),
                    "write a smaller number",
                    problems,
                );
            }
            Some((least.min(most) as u32, most as u32))
        }
    }
}

fn read_setup(row: &Row<'_, '_>, problems: &mut Vec<Problem>) -> Option<SetupNeed> {
    let always = row.choice("WHEN", &[("need", false), ("always", true)], problems);
    let time = row.span("STIME", "STUNITS", problems);
    let name = row.optional_name("SETUP");
    if name.is_none() {
        for (column, given) in [("WHEN", always.is_some()), ("STIME", time.is_some())] {
            if given {
                row.report(
                    column,
                    format!("`{column}` is given without a setup"),
                    "name the setup in `SETUP`, or leave both empty",
                    problems,
                );
            }
        }
    }
    name.map(|name| SetupNeed {
        name,
        time,
        always: always.unwrap_or(false),
    })
}

fn read_same_tool(row: &Row<'_, '_>, problems: &mut Vec<Problem>) -> Option<String> {
    let save = row.flag("SVESTN", problems);
    let step = row.optional_name("FORSTEP");
    if save && step.is_none() {
        row.report(
            "FORSTEP",
            "the tool is saved for no step",
            "write the step that must use the same tool",
            problems,
        );
    }
    if !save && step.is_some() {
        row.report(
            "SVESTN",
            "a step is named in `FORSTEP` but the tool is not saved",
            "write `yes`, or empty `FORSTEP`",
            problems,
        );
    }
    step.filter(|_| save)
}

fn read_cascade(row: &Row<'_, '_>, problems: &mut Vec<Problem>) -> Option<Cascade> {
    let wafers = row
        .span("PartInterval", "PartIntUnits", problems)
        .filter(|&span| span > 0);
    let lots = row
        .span("BatchInterval", "BatchIntUnits", problems)
        .filter(|&span| span > 0);
    match (wafers, lots) {
        (Some(_), Some(_)) => {
            row.report(
                "BatchInterval",
                "both `PartInterval` and `BatchInterval` are given",
                "leave one of them empty",
                problems,
            );
            None
        }
        (Some(span), None) => Some(Cascade::Wafers(span)),
        (None, Some(span)) => Some(Cascade::Lots(span)),
        (None, None) => None,
    }
}

fn read_rework(row: &Row<'_, '_>, problems: &mut Vec<Problem>) -> Option<Rework> {
    let percent = row
        .percent("REWORK", problems)
        .filter(|&percent| percent > 0.0);
    row.choice("RWKTYPE", &[("lot", ())], problems);
    let to = row.optional_name("RWKSTEP");
    match (to, percent) {
        (Some(to), Some(percent)) => Some(Rework { to, percent }),
        (None, Some(_)) => {
            row.report(
                "RWKSTEP",
                "rework goes back to no step",
                "write the step to redo from",
                problems,
            );
            None
        }
        (_, None) => None,
    }
}

fn read_queue_time(row: &Row<'_, '_>, problems: &mut Vec<Problem>) -> Option<QueueTime> {
    let limit = row.span("CQT", "CQTUNITS", problems);
    let to = row.optional_name("STEP_CQT");
    match (to, limit) {
        (Some(to), Some(limit)) => Some(QueueTime { to, limit }),
        (None, None) => None,
        (Some(_), None) => {
            if row.text("CQT").is_empty() {
                row.report(
                    "CQT",
                    "the queue time has no limit",
                    "write the limit",
                    problems,
                );
            }
            None
        }
        (None, Some(_)) => {
            row.report(
                "STEP_CQT",
                "the queue time ends at no step",
                "write the step by whose start it must end",
                problems,
            );
            None
        }
    }
}
