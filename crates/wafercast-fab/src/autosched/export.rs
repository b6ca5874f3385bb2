//! Writing a model in AutoSched's format, so that reading it gives the same model. What the format cannot say is an error.

use super::tools::{ACTIVITY_LIST, RULES};
use super::{NamedText, instant};
use crate::model::{
    BatchUnit, Cascade, FabModel, Family, First, InitialLot, Interval, Order, Per, Rank, Step,
    Target, WakeRule,
};
use crate::native;
use crate::problem::{Place, Problem};
use crate::rank::AUTOSCHED_NAMES;
use crate::span::{Distribution, HOUR, Millis, SECOND, TimeUnit, in_unit};

/// The model's files: `(name, text)`.
///
/// # Errors
/// What the format cannot say: rankings by expressions, and whatever else would not read back as it is (a first release
/// that is not instant 0, times below a second, names with tabs).
pub fn write(model: &FabModel) -> Result<Vec<(String, String)>, Vec<Problem>> {
    let expressions: Vec<Problem> = model
        .families
        .iter()
        .flat_map(|family| family.ranking.iter().map(move |rank| (family, rank)))
        .filter(|(_, rank)| matches!(rank, Rank::Expression(_)))
        .map(|(family, rank)| {
            Problem::error(
                family.place.column("ranking"),
                format!(
                    "family `{}` ranks by the expression `{rank}`, for which AutoSched's tables have no name",
                    family.name
                ),
                "use named criteria such as `priority`, `critical-ratio`, `fifo`, or keep the model in TOML",
            )
        })
        .collect();
    if !expressions.is_empty() {
        return Err(expressions);
    }
    let files = tables(model);
    match first_difference(model, &files) {
        None => Ok(files),
        Some(problem) => Err(vec![problem]),
    }
}

/// Reads the files back: what the tables cannot hold shows as a line of the native format that came out otherwise.
fn first_difference(model: &FabModel, files: &[(String, String)]) -> Option<Problem> {
    let named: Vec<NamedText<'_>> = files
        .iter()
        .map(|(name, text)| NamedText { name, text })
        .collect();
    let (again, problems) = super::read(&model.name, &named);
    let lost = |message: String| {
        Problem::error(
            Place::default(),
            message,
            "change the model so that AutoSched's tables can hold it, or keep it in TOML",
        )
    };
    if let Some(problem) = problems.first() {
        return Some(lost(format!(
            "AutoSched's tables cannot hold this model: {}: {}",
            problem.place, problem.message
        )));
    }
    let (written, read) = (native::write(model), native::write(&again));
    if written == read {
        return None;
    }
    let (mut written, mut read) = (written.lines(), read.lines());
    loop {
        let (before, after) = (written.next(), read.next());
        if before != after {
            let [before, after] = [before, after].map(|line| line.unwrap_or("nothing").trim());
            return Some(lost(format!(
                "AutoSched's tables cannot hold `{before}`: it would read back as `{after}`"
            )));
        }
    }
}

fn tables(model: &FabModel) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut file = |name: &str, table: Table| {
        if table.rows > 0 {
            files.push((name.to_owned(), table.text));
        }
    };
    file("tool.txt", families(model));
    file("part.txt", parts(model));
    file("order.txt", orders(model));
    file("WIP.txt", initial_lots(model));
    file("setup.txt", setups(model));
    file("setupgrp.txt", setup_groups(model));
    file("downcal.txt", breakdowns(model));
    file("pmcal.txt", maintenances(model));
    file("attach.txt", attachments(model));
    file("fromto.txt", transports(model));
    for (at, route) in model.routes.iter().enumerate() {
        let mut table = Table::new(&super::routes::COLUMNS);
        for step in &route.steps {
            table.row(&step_cells(&route.name, step));
        }
        file(&route_file(at), table);
    }
    files
}

fn route_file(at: usize) -> String {
    format!("route_{}.txt", at + 1)
}

/// A tab-separated table being written.
struct Table {
    text: String,
    rows: usize,
}

impl Table {
    fn new(columns: &[&str]) -> Table {
        Table {
            text: columns.join("\t") + "\n",
            rows: 0,
        }
    }

    fn row(&mut self, cells: &[String]) {
        // Tabs and line ends are the format's own.
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| cell.replace(['\t', '\n', '\r'], " "))
            .collect();
        self.text += cells.join("\t").trim_end();
        self.text.push('\n');
        self.rows += 1;
    }
}

fn word(text: &str) -> String {
    text.to_owned()
}

/// A time and its unit, in minutes.
fn minutes(span: Millis) -> [String; 2] {
    [in_unit(span, TimeUnit::Minute).to_string(), word("min")]
}

/// Kind, mean, half width and unit of a distribution.
fn distribution(time: Distribution) -> [String; 4] {
    let (kind, half) = match time {
        Distribution::Constant(_) => ("constant", 0),
        Distribution::Exponential(_) => ("exponential", 0),
        Distribution::Uniform { half_width, .. } => ("uniform", half_width),
    };
    let mean = time.mean();
    let (unit, name) = if mean % HOUR == 0 && half % HOUR == 0 {
        (TimeUnit::Hour, "hr")
    } else {
        (TimeUnit::Minute, "min")
    };
    let half = if half > 0 {
        in_unit(half, unit).to_string()
    } else {
        String::new()
    };
    [
        word(kind),
        in_unit(mean, unit).to_string(),
        half,
        word(name),
    ]
}

fn families(model: &FabModel) -> Table {
    let mut table = Table::new(&super::tools::FAMILY_COLUMNS);
    for family in &model.families {
        table.row(&family_cells(family));
    }
    table
}

fn family_cells(family: &Family) -> Vec<String> {
    let rule = RULES
        .iter()
        .find(|(_, rule)| *rule == family.rule)
        .map_or("", |&(name, _)| name);
    let ranking: Vec<&str> = family
        .ranking
        .iter()
        .map(|rank| {
            // Expressions were refused.
            let name = AUTOSCHED_NAMES.iter().find(|(_, known)| known == rank);
            name.map_or("", |&(name, _)| name)
        })
        .collect();
    let [load, load_unit] = minutes(family.load);
    let [unload, unload_unit] = minutes(family.unload);
    vec![
        family.name.clone(),
        family.name.clone(),
        word(rule),
        ranking.join(";"),
        word(if family.wake == WakeRule::LeastSetup {
            "wake_LeastSetupTime"
        } else {
            ""
        }),
        String::new(),
        word(if family.batch_unit == BatchUnit::Lots {
            "lot"
        } else {
            "piece"
        }),
        load,
        load_unit,
        unload,
        unload_unit,
        if family.lots_held > 1 {
            family.lots_held.to_string()
        } else {
            String::new()
        },
        family.tools.to_string(),
        family.area.clone(),
        word(ACTIVITY_LIST),
        family.location.clone(),
        word("no"),
        family.setup_group.clone().unwrap_or_default(),
    ]
}

fn step_cells(route: &str, step: &Step) -> Vec<String> {
    let per = match step.per {
        Per::Lot => "per_lot",
        Per::Wafer => "per_piece",
        Per::Batch => "per_batch",
    };
    let mut cells = vec![
        word(route),
        step.id.clone(),
        step.description.clone(),
        step.family.clone(),
    ];
    cells.extend(distribution(step.process));
    cells.push(word(per));
    cells.extend(
        step.batch
            .map_or([String::new(), String::new()], |(least, most)| {
                [least.to_string(), most.to_string()]
            }),
    );
    let setup = step.setup.as_ref();
    cells.push(setup.map_or(String::new(), |setup| setup.name.clone()));
    cells.push(setup.map_or(String::new(), |setup| {
        word(if setup.always { "always" } else { "need" })
    }));
    cells.extend(optional(setup.and_then(|setup| setup.time)));
    cells.push(word(if step.same_tool_for.is_some() {
        "yes"
    } else {
        ""
    }));
    cells.push(step.same_tool_for.clone().unwrap_or_default());
    let (lots, wafers) = match step.cascade {
        Some(Cascade::Lots(span)) => (Some(span), None),
        Some(Cascade::Wafers(span)) => (None, Some(span)),
        None => (None, None),
    };
    cells.extend(optional(lots));
    cells.extend(optional(wafers));
    match &step.rework {
        Some(rework) => cells.extend([rework.to.clone(), rework.percent.to_string(), word("lot")]),
        None => cells.extend([String::new(), String::new(), String::new()]),
    }
    cells.push(if step.sampling_percent < 100.0 {
        step.sampling_percent.to_string()
    } else {
        String::new()
    });
    cells.push(
        step.queue_time
            .as_ref()
            .map_or(String::new(), |window| window.to.clone()),
    );
    cells.extend(optional(
        step.queue_time.as_ref().map(|window| window.limit),
    ));
    cells
}

fn optional(span: Option<Millis>) -> [String; 2] {
    span.map_or([String::new(), String::new()], minutes)
}

fn parts(model: &FabModel) -> Table {
    let mut table = Table::new(&super::orders::PART_COLUMNS);
    for part in &model.parts {
        let route = model
            .routes
            .iter()
            .position(|route| route.name == part.route);
        table.row(&[
            part.product_group.clone(),
            part.product_family.clone(),
            part.name.clone(),
            route.map_or(String::new(), route_file),
            part.route.clone(),
        ]);
    }
    table
}

fn orders(model: &FabModel) -> Table {
    let mut table = Table::new(&super::orders::ORDER_COLUMNS);
    for order in &model.orders {
        table.row(&order_cells(model.epoch, order));
    }
    table
}

fn civil(epoch: i64, instant: Millis) -> String {
    instant::format(epoch + instant.div_euclid(SECOND))
}

fn order_cells(epoch: i64, order: &Order) -> Vec<String> {
    let [kind, mean, half, unit] = distribution(order.interval);
    let repeats = order.interval != Distribution::ZERO;
    let only = |text: String| if repeats { text } else { String::new() };
    vec![
        order.lot.clone(),
        order.part.clone(),
        order.priority.to_string(),
        order.wafers.to_string(),
        civil(epoch, order.start),
        only(kind),
        only(mean),
        only(half),
        only(unit),
        if repeats && order.releases < u64::MAX {
            order.releases.to_string()
        } else {
            String::new()
        },
        order.lots_per_release.to_string(),
        order
            .due_after
            .map_or(String::new(), |after| civil(epoch, order.start + after)),
        order.name.clone(),
        word(if order.hot { "yes" } else { "no" }),
        String::new(),
    ]
}

fn initial_lots(model: &FabModel) -> Table {
    let mut table = Table::new(&super::orders::INITIAL_LOT_COLUMNS);
    for lot in &model.initial_lots {
        table.row(&lot_cells(model.epoch, lot));
    }
    table
}

fn lot_cells(epoch: i64, lot: &InitialLot) -> Vec<String> {
    vec![
        lot.lot.clone(),
        lot.part.clone(),
        lot.priority.to_string(),
        lot.wafers.to_string(),
        civil(epoch, lot.start),
        lot.step.clone().unwrap_or_default(),
        lot.due.map_or(String::new(), |due| civil(epoch, due)),
        lot.order.clone(),
        word(if lot.hot { "yes" } else { "" }),
        String::new(),
    ]
}

fn setups(model: &FabModel) -> Table {
    let mut table = Table::new(&super::tools::SETUP_COLUMNS);
    for change in &model.setup_changes {
        let [time, unit] = minutes(change.time);
        table.row(&[
            change.from.clone().unwrap_or_default(),
            change.to.clone(),
            time,
            unit,
        ]);
    }
    table
}

fn setup_groups(model: &FabModel) -> Table {
    let mut table = Table::new(&super::tools::SETUP_GROUP_COLUMNS);
    for run in &model.minimum_runs {
        table.row(&[run.group.clone(), run.setup.clone(), run.lots.to_string()]);
    }
    table
}

fn breakdowns(model: &FabModel) -> Table {
    let mut table = Table::new(&super::calendars::BREAKDOWN_COLUMNS);
    for breakdown in &model.breakdowns {
        let mut cells = vec![breakdown.name.clone(), word("mttf_by_cal")];
        cells.extend(distribution(breakdown.time_to_failure));
        cells.extend(distribution(breakdown.time_to_repair));
        table.row(&cells);
    }
    table
}

fn maintenances(model: &FabModel) -> Table {
    let mut table = Table::new(&super::calendars::MAINTENANCE_COLUMNS);
    for maintenance in &model.maintenances {
        let mut cells = vec![maintenance.name.clone()];
        match maintenance.every {
            Interval::Time(every) => {
                cells.push(word("mtbpm_by_cal"));
                cells.extend(minutes(every));
            }
            Interval::Wafers(wafers) => {
                cells.extend([word("mtbpm_by_pieces"), wafers.to_string(), word("pieces")])
            }
        }
        cells.extend(distribution(maintenance.duration));
        table.row(&cells);
    }
    table
}

fn attachments(model: &FabModel) -> Table {
    let mut table = Table::new(&super::calendars::ATTACHMENT_COLUMNS);
    for attachment in &model.attachments {
        let (kind, name) = match &attachment.target {
            Target::Area(name) => ("stngrp", name),
            Target::Family(name) => ("stnfam", name),
        };
        let mut cells = vec![
            attachment.calendar.clone(),
            word(if attachment.breakdown { "down" } else { "pm" }),
            word(kind),
            name.clone(),
        ];
        match attachment.first {
            Some(First::Time(first)) => cells.extend(distribution(first)),
            Some(First::Wafers(wafers)) => cells.extend([word("constant"), wafers.to_string()]),
            None => {}
        }
        table.row(&cells);
    }
    table
}

fn transports(model: &FabModel) -> Table {
    let mut table = Table::new(&super::tools::TRANSPORT_COLUMNS);
    for transport in &model.transports {
        let mut cells = vec![transport.from.clone(), transport.to.clone()];
        cells.extend(distribution(transport.time));
        table.row(&cells);
    }
    table
}
