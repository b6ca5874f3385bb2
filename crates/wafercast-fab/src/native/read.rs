//! TOML → model.

use toml::de::DeTable;

use super::table::{Fields, Source};
use crate::autosched::parse_instant;
use crate::model::{
    Attachment, BatchUnit, Breakdown, Cascade, DispatchRule, FabModel, Family, First, InitialLot,
    Interval, Maintenance, MinimumRun, Order, Part, Per, QueueTime, Rank, Rework, Route,
    SetupChange, SetupNeed, Step, Target, Transport, WakeRule,
};
use crate::problem::{Place, Problem};
use crate::rank;
use crate::span::Distribution;

/// Longest text.
const MOST_BYTES: usize = 64 << 20;

/// Words for [`DispatchRule`].
pub(super) const RULES: [(&str, DispatchRule); 3] = [
    ("ranking", DispatchRule::Ranking),
    ("hot-lots-first", DispatchRule::HotLotsFirst),
    ("least-setup", DispatchRule::LeastSetup),
];
/// Words for [`WakeRule`].
pub(super) const WAKES: [(&str, WakeRule); 2] = [
    ("longest-idle", WakeRule::LongestIdle),
    ("least-setup", WakeRule::LeastSetup),
];
/// Words for [`Per`].
pub(super) const PERS: [(&str, Per); 3] = [
    ("lot", Per::Lot),
    ("wafer", Per::Wafer),
    ("batch", Per::Batch),
];
/// Words for [`BatchUnit`].
pub(super) const BATCH_UNITS: [(&str, BatchUnit); 2] =
    [("wafers", BatchUnit::Wafers), ("lots", BatchUnit::Lots)];

/// Reads a model. Every problem is reported; the model holds whatever could be read.
pub fn read(name: &str, file: &str, text: &str) -> (FabModel, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut model = FabModel {
        name: name.to_owned(),
        ..FabModel::default()
    };
    if text.len() > MOST_BYTES {
        let message = format!("the file has {} bytes", text.len());
        problems.push(Problem::error(
            Place::file(file),
            message,
            format!("at most {MOST_BYTES} are read"),
        ));
        return (model, problems);
    }
    let source = Source::new(file, text);
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let place = source.place(error.span().map_or(0, |span| span.start));
        problems.push(Problem::error(
            place,
            error.message().to_owned(),
            "the file must be TOML",
        ));
    }
    let root = Fields::new(&source, root.get_ref(), 0);
    if let Some(name) = root.text("name", &mut problems) {
        model.name = name;
    }
    root.text("description", &mut problems);
    let epoch = |text: &str| {
        parse_instant(text).ok_or_else(|| format!("`{text}` is not `MM/DD/YY hh:mm:ss`"))
    };
    model.epoch = root
        .parsed("epoch", epoch, "write `01/31/18 07:30:00`", &mut problems)
        .unwrap_or(0);
    for fields in root.tables("family", &mut problems) {
        model.families.push(family(&fields, &mut problems));
        fields.finish(&mut problems);
    }
    for fields in root.tables("route", &mut problems) {
        let steps = fields.tables("steps", &mut problems);
        let route = Route {
            place: fields.place(),
            name: fields.name("name", &mut problems),
            steps: steps
                .iter()
                .map(|fields| step(fields, &mut problems))
                .collect(),
        };
        fields.finish(&mut problems);
        model.routes.push(route);
    }
    orders(&root, &mut model, &mut problems);
    setups(&root, &mut model, &mut problems);
    calendars(&root, &mut model, &mut problems);
    for fields in root.tables("transport", &mut problems) {
        model.transports.push(Transport {
            place: fields.place(),
            from: fields.name("from", &mut problems),
            to: fields.name("to", &mut problems),
            time: fields.needed_distribution("time", &mut problems),
        });
        fields.finish(&mut problems);
    }
    root.finish(&mut problems);
    (model, problems)
}

fn family(fields: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Family {
    let name = fields.name("name", problems);
    let mut ranking = Vec::new();
    for text in fields.texts("ranking", problems) {
        match rank::from_text(&text) {
            Ok(rank) => ranking.push(rank),
            Err(message) => problems.push(Problem::error(
                fields.place().column("ranking"),
                message,
                "write criteria such as `priority`, `fifo`, `critical-ratio`, or an expression",
            )),
        }
    }
    if ranking.is_empty() {
        ranking.push(Rank::Fifo);
    }
    Family {
        place: fields.place(),
        area: fields
            .text("area", problems)
            .unwrap_or_else(|| name.clone()),
        location: fields.text("location", problems).unwrap_or_default(),
        tools: fields.whole("tools", 0, 100_000, problems).unwrap_or(1) as u32,
        arrivals: Vec::new(),
        lots_held: fields.whole("lots_held", 1, 64, problems).unwrap_or(1) as u32,
        load: fields.duration("load", problems).unwrap_or(0),
        unload: fields.duration("unload", problems).unwrap_or(0),
        rule: fields.choice("rule", &RULES, problems).unwrap_or_default(),
        ranking,
        wake: fields.choice("wake", &WAKES, problems).unwrap_or_default(),
        batch_unit: fields
            .choice("batch_unit", &BATCH_UNITS, problems)
            .unwrap_or_default(),
        setup_group: fields.text("setup_group", problems),
        name,
    }
}

fn step(fields: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Step {
    let wafers = fields
        .duration("wafer_interval", problems)
        .filter(|&span| span > 0);
    let lots = fields
        .duration("lot_interval", problems)
        .filter(|&span| span > 0);
    if wafers.is_some() && lots.is_some() {
        problems.push(Problem::error(
            fields.place().column("lot_interval"),
            "both `wafer_interval` and `lot_interval` are given",
            "drop one of them",
        ));
    }
    let setup_time = fields.duration("setup_time", problems);
    let always = fields.flag("setup_always", problems);
    let setup = fields.text("setup", problems).map(|name| SetupNeed {
        name,
        time: setup_time,
        always,
    });
    let rework = fields.table("rework", problems).map(|rework| {
        let value = Rework {
            to: rework.name("to", problems),
            percent: rework
                .number("percent", 0.0, 100.0, problems)
                .unwrap_or(0.0),
        };
        rework.finish(problems);
        value
    });
    let queue_time = fields.table("queue_time", problems).map(|window| {
        let value = QueueTime {
            to: window.name("to", problems),
            limit: window.duration("limit", problems).unwrap_or(0),
        };
        window.finish(problems);
        value
    });
    let step = Step {
        place: fields.place(),
        id: fields.name("id", problems),
        description: fields.text("description", problems).unwrap_or_default(),
        family: fields.name("family", problems),
        process: fields.needed_distribution("process", problems),
        per: fields.choice("per", &PERS, problems).unwrap_or_default(),
        batch: fields.pair("batch", problems),
        setup,
        same_tool_for: fields.text("same_tool_for", problems),
        cascade: wafers.map(Cascade::Wafers).or(lots.map(Cascade::Lots)),
        rework: rework.filter(|rework| rework.percent > 0.0),
        sampling_percent: fields
            .number("sampling_percent", 0.0, 100.0, problems)
            .unwrap_or(100.0),
        queue_time,
    };
    fields.finish(problems);
    step
}

fn orders(root: &Fields<'_, '_>, model: &mut FabModel, problems: &mut Vec<Problem>) {
    for fields in root.tables("part", problems) {
        model.parts.push(Part {
            place: fields.place(),
            name: fields.name("name", problems),
            product_family: fields.text("product_family", problems).unwrap_or_default(),
            product_group: fields.text("product_group", problems).unwrap_or_default(),
            route: fields.name("route", problems),
        });
        fields.finish(problems);
    }
    for fields in root.tables("order", problems) {
        let name = fields.name("name", problems);
        let interval = fields.distribution("interval", problems);
        let releases = fields.whole("releases", 0, 1_000_000_000_000, problems);
        model.orders.push(Order {
            place: fields.place(),
            lot: fields.text("lot", problems).unwrap_or_else(|| name.clone()),
            part: fields.name("part", problems),
            priority: fields
                .whole("priority", -1_000_000, 1_000_000, problems)
                .unwrap_or(0) as i32,
            wafers: fields.whole("wafers", 1, 100_000, problems).unwrap_or(25) as u32,
            start: fields.duration("start", problems).unwrap_or(0),
            interval: interval.unwrap_or(Distribution::ZERO),
            releases: releases.map_or(if interval.is_some() { u64::MAX } else { 1 }, |count| {
                count as u64
            }),
            lots_per_release: fields
                .whole("lots_per_release", 0, 10_000, problems)
                .unwrap_or(1) as u32,
            due_after: fields.span("due_after", problems),
            hot: fields.flag("hot", problems),
            name,
        });
        fields.finish(problems);
    }
    for fields in root.tables("lot", problems) {
        model.initial_lots.push(InitialLot {
            place: fields.place(),
            lot: fields.text("name", problems).unwrap_or_default(),
            order: fields
                .text("order", problems)
                .unwrap_or_else(|| "WIP".to_owned()),
            part: fields.name("part", problems),
            priority: fields
                .whole("priority", -1_000_000, 1_000_000, problems)
                .unwrap_or(0) as i32,
            wafers: fields.whole("wafers", 1, 100_000, problems).unwrap_or(25) as u32,
            start: fields.span("start", problems).unwrap_or(0),
            step: fields.text("step", problems),
            due: fields.span("due", problems),
            hot: fields.flag("hot", problems),
        });
        fields.finish(problems);
    }
}

fn setups(root: &Fields<'_, '_>, model: &mut FabModel, problems: &mut Vec<Problem>) {
    for fields in root.tables("setup_change", problems) {
        model.setup_changes.push(SetupChange {
            place: fields.place(),
            from: fields.text("from", problems),
            to: fields.name("to", problems),
            time: fields.duration("time", problems).unwrap_or(0),
        });
        fields.finish(problems);
    }
    for fields in root.tables("minimum_run", problems) {
        model.minimum_runs.push(MinimumRun {
            place: fields.place(),
            group: fields.name("group", problems),
            setup: fields.name("setup", problems),
            lots: fields.whole("lots", 0, 1_000_000, problems).unwrap_or(0) as u32,
        });
        fields.finish(problems);
    }
}

fn calendars(root: &Fields<'_, '_>, model: &mut FabModel, problems: &mut Vec<Problem>) {
    for fields in root.tables("breakdown", problems) {
        let name = fields.name("name", problems);
        attachments(&fields, &name, true, false, model, problems);
        model.breakdowns.push(Breakdown {
            place: fields.place(),
            time_to_failure: fields.needed_distribution("time_to_failure", problems),
            time_to_repair: fields.needed_distribution("time_to_repair", problems),
            name,
        });
        fields.finish(problems);
    }
    for fields in root.tables("maintenance", problems) {
        let name = fields.name("name", problems);
        let wafers = fields.whole("every_wafers", 1, 1_000_000_000_000, problems);
        let time = fields.duration("every", problems);
        if wafers.is_some() == time.is_some() {
            problems.push(Problem::error(
                fields.place().column("every"),
                "a maintenance needs `every` or `every_wafers`, and not both",
                "write `every = \"30 day\"` or `every_wafers = 2000`",
            ));
        }
        attachments(&fields, &name, false, wafers.is_some(), model, problems);
        model.maintenances.push(Maintenance {
            place: fields.place(),
            every: match (wafers, time) {
                (Some(wafers), _) => Interval::Wafers(wafers as u64),
                (None, Some(time)) => Interval::Time(time),
                (None, None) => Interval::Wafers(u64::MAX),
            },
            duration: fields.needed_distribution("duration", problems),
            name,
        });
        fields.finish(problems);
    }
}

fn attachments(
    fields: &Fields<'_, '_>,
    calendar: &str,
    breakdown: bool,
    by_wafers: bool,
    model: &mut FabModel,
    problems: &mut Vec<Problem>,
) {
    for target in fields.tables("applies_to", problems) {
        let (area, family) = (
            target.text("area", problems),
            target.text("family", problems),
        );
        let first = if by_wafers {
            target
                .whole("first_wafers", 1, 1_000_000_000_000, problems)
                .map(|wafers| First::Wafers(wafers as u64))
        } else {
            target.distribution("first", problems).map(First::Time)
        };
        let to = match (area, family) {
            (Some(area), None) => Target::Area(area),
            (None, Some(family)) => Target::Family(family),
            _ => {
                problems.push(Problem::error(
                    target.place().column("applies_to"),
                    "a calendar applies to an `area` or a `family`",
                    "write one of the two",
                ));
                continue;
            }
        };
        target.finish(problems);
        model.attachments.push(Attachment {
            place: target.place(),
            calendar: calendar.to_owned(),
            breakdown,
            target: to,
            first,
        });
    }
}
