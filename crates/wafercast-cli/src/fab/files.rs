//! The files of a run: CSV and Parquet tables, the summary, saved states.

use std::path::Path;

use serde::{Deserialize, Serialize};
use wafercast_fab::calendar::BucketCalendar;
use wafercast_fab::plan::Plan;
use wafercast_fab::simulate::{RunResult, State, ToolState};
use wafercast_fab::span::{DAY, Millis};
use wafercast_fab::summary::Summary;

use crate::failure::Failure;
use crate::run_folder::atomic;
use crate::table::Table;

/// Any value as JSON with a line's end.
pub fn json(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let mut bytes =
        serde_json::to_vec_pretty(value).map_err(|cause| Failure::Output(cause.into()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Writes a run's folder.
pub fn write_folder(
    folder: &Path,
    plan: &Plan,
    summary: &Summary,
    results: &[RunResult],
    report: &str,
) -> Result<(), Failure> {
    atomic::create_folder(folder)?;
    atomic::write(&folder.join("summary.json"), &json(summary)?)?;
    atomic::write(&folder.join("report.html"), report.as_bytes())?;
    for (name, table) in [
        ("orders", orders(summary)),
        ("families", families(summary)),
        ("tools", tools(summary)),
        ("days", days(summary)),
        ("lots", lots(plan, results)),
    ] {
        atomic::write(&folder.join(format!("{name}.csv")), &table.to_csv()?)?;
        atomic::write(
            &folder.join(format!("{name}.parquet")),
            &table.to_parquet()?,
        )?;
    }
    Ok(())
}

fn orders(summary: &Summary) -> Table {
    let orders = || summary.orders.iter();
    Table::new()
        .text("order", orders().map(|order| Some(order.order.clone())))
        .text("lot", orders().map(|order| Some(order.lot.clone())))
        .number("released", orders().map(|order| order.released.mean))
        .number("finished", orders().map(|order| order.finished.mean))
        .optional_number(
            "cycle_time_days",
            orders().map(|order| finite(order.cycle_time_days.mean)),
        )
        .optional_number(
            "cycle_time_half_width",
            orders().map(|order| order.cycle_time_days.half_width),
        )
        .number(
            "cycle_time_p5",
            orders().map(|order| order.cycle_time_percentiles[0]),
        )
        .number(
            "cycle_time_p50",
            orders().map(|order| order.cycle_time_percentiles[1]),
        )
        .number(
            "cycle_time_p95",
            orders().map(|order| order.cycle_time_percentiles[2]),
        )
        .optional_number("flow_factor", orders().map(|order| order.flow_factor))
        .number(
            "work_in_process",
            orders().map(|order| order.work_in_process.mean),
        )
        .optional_number(
            "on_time_percent",
            orders().map(|order| finite(order.on_time_percent.mean)),
        )
        .optional_number(
            "tardiness_days",
            orders().map(|order| finite(order.tardiness_days.mean)),
        )
        .number("windows", orders().map(|order| order.windows.mean))
        .number(
            "violations_percent",
            orders().map(|order| order.violations_percent.mean),
        )
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn families(summary: &Summary) -> Table {
    let families = || summary.families.iter();
    Table::new()
        .text(
            "family",
            families().map(|family| Some(family.group.name.clone())),
        )
        .text("area", families().map(|family| Some(family.area.clone())))
        .integer(
            "tools",
            families().map(|family| i64::from(family.group.tools)),
        )
        .number(
            "availability_percent",
            families().map(|family| family.group.availability.mean),
        )
        .number(
            "utilization_percent",
            families().map(|family| family.group.utilization.mean),
        )
        .number(
            "standby_percent",
            families().map(|family| family.group.standby.mean),
        )
        .number(
            "productive_percent",
            families().map(|family| family.group.productive.mean),
        )
        .number(
            "setup_percent",
            families().map(|family| family.group.setup.mean),
        )
        .number(
            "maintenance_percent",
            families().map(|family| family.group.maintenance.mean),
        )
        .number(
            "repair_percent",
            families().map(|family| family.group.repair.mean),
        )
        .number("oee_percent", families().map(|family| family.oee.mean))
        .number(
            "lots_per_day",
            families().map(|family| family.lots_per_day.mean),
        )
        .number(
            "waiting_hours",
            families().map(|family| family.waiting_hours.mean),
        )
        .number("queue", families().map(|family| family.queue.mean))
        .number(
            "lots_per_job",
            families().map(|family| family.lots_per_job.mean),
        )
        .optional_number(
            "lots_per_setup",
            families().map(|family| family.lots_per_setup),
        )
}

fn tools(summary: &Summary) -> Table {
    let tools = || summary.tools.iter();
    let mut table = Table::new()
        .text("family", tools().map(|tool| Some(tool.family.clone())))
        .integer("number", tools().map(|tool| i64::from(tool.number)));
    for state in ToolState::ALL {
        let name = format!("{}_percent", state.name());
        table = table.number(&name, tools().map(|tool| tool.percent[state as usize]));
    }
    table
}

fn days(summary: &Summary) -> Table {
    let days = || summary.series.iter();
    Table::new()
        .number("day", days().map(|day| day.day))
        .number("work_in_process", days().map(|day| day.work_in_process))
        .number("moves", days().map(|day| day.moves))
        .number("finished", days().map(|day| day.finished))
        .optional_number("cycle_time_days", days().map(|day| day.cycle_time_days))
        .number("tools_out", days().map(|day| day.tools_out))
}

fn lots(plan: &Plan, results: &[RunResult]) -> Table {
    let lots = || {
        (0i64..).zip(results).flat_map(|(replication, run)| {
            run.completions.iter().map(move |lot| (replication, lot))
        })
    };
    let in_days = |span: Millis| span as f64 / DAY as f64;
    Table::new()
        .integer("replication", lots().map(|(replication, _)| replication))
        .text(
            "order",
            lots().map(|(_, lot)| Some(plan.orders[lot.order as usize].name.clone())),
        )
        .integer("number", lots().map(|(_, lot)| i64::from(lot.number)))
        .integer("wafers", lots().map(|(_, lot)| i64::from(lot.wafers)))
        .number("release_day", lots().map(|(_, lot)| in_days(lot.release)))
        .number("finish_day", lots().map(|(_, lot)| in_days(lot.finish)))
        .optional_number(
            "due_day",
            lots().map(|(_, lot)| (lot.due != Millis::MAX).then(|| in_days(lot.due))),
        )
}

/// What a saved state is for; it fits no other model or seed.
#[derive(Debug, Serialize, Deserialize)]
struct Saved {
    format: String,
    shape: Vec<u64>,
    seed: u64,
    state: State<BucketCalendar>,
}

const FORMAT: &str = "wafercast-fab/state/1";

/// What must agree between the plan that a state was saved under and the one it is restored under.
fn shape(plan: &Plan) -> Vec<u64> {
    let mut shape = vec![
        plan.tool_family.len() as u64,
        plan.slot_tool.len() as u64,
        plan.steps.len() as u64,
        plan.orders.len() as u64,
        plan.initial_lots.len() as u64,
        u64::from(plan.tool_notes),
        u64::from(plan.window_notes),
        u64::from(plan.most_criteria),
        plan.setups.len() as u64,
    ];
    shape.extend(plan.family_queue.iter().map(|&queue| u64::from(queue)));
    shape.extend(
        plan.tool_calendar
            .iter()
            .map(|&calendar| u64::from(calendar)),
    );
    shape.extend(plan.steps.iter().map(|step| u64::from(step.family)));
    shape
}

/// Saves a state.
pub fn save(
    path: &Path,
    plan: &Plan,
    seed: u64,
    state: State<BucketCalendar>,
) -> Result<(), Failure> {
    let saved = Saved {
        format: FORMAT.to_owned(),
        shape: shape(plan),
        seed,
        state,
    };
    let bytes = postcard::to_stdvec(&saved)
        .map_err(|cause| Failure::Output(std::io::Error::other(cause)))?;
    atomic::write(path, &bytes)
}

/// Restores a state saved under the same model and seed.
pub fn restore(path: &Path, plan: &Plan, seed: u64) -> Result<State<BucketCalendar>, Failure> {
    let bytes = std::fs::read(path).map_err(|cause| Failure::file("read", path, cause))?;
    let damaged = |problem: &str, hint: &str| Failure::Damaged {
        path: path.to_owned(),
        problem: problem.to_owned(),
        hint: hint.to_owned(),
    };
    let saved: Saved = postcard::from_bytes(&bytes).map_err(|_| {
        damaged(
            "is not a saved state",
            "write one with `wafercast fab run … --save FILE`",
        )
    })?;
    if saved.format != FORMAT || saved.shape != shape(plan) {
        return Err(damaged(
            "was saved from another model",
            "restore it with the model and the changes it was saved with",
        ));
    }
    if saved.seed != seed {
        return Err(damaged(
            &format!("was saved under seed {}", saved.seed),
            "use the same `--seed`, so that draws go on where they were",
        ));
    }
    Ok(saved.state)
}
