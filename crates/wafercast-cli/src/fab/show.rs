//! Results on the terminal.

use comfy_table::{CellAlignment, Table, presets};
use wafercast_fab::capacity::{Capacity, FamilyCapacity};
use wafercast_fab::summary::{Estimate, Summary};

use crate::console::{FAINT, STRONG, styled};

/// A table with a header; all columns but the first are numbers.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_header(header);
    for row in rows {
        table.add_row(row);
    }
    for (at, column) in table.column_iter_mut().enumerate() {
        if at > 0 {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines: Vec<String> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    lines.join("\n") + "\n"
}

/// A mean with as many decimals as asked, and its half width where there is one.
pub fn estimate(value: Estimate, decimals: usize) -> String {
    if !value.mean.is_finite() {
        return "–".to_owned();
    }
    match value.half_width {
        Some(half) => format!("{:.decimals$} ± {half:.decimals$}", value.mean),
        None => format!("{:.decimals$}", value.mean),
    }
}

/// The answer of a run.
pub fn summary(summary: &Summary) -> String {
    let mut out = format!(
        "{}  {:.0} days{}, {} replication{}, seed {}\n\n",
        styled(STRONG, &summary.model),
        summary.days,
        if summary.warm_up_days > 0.0 {
            format!(" of which {:.0} to warm up", summary.warm_up_days)
        } else {
            String::new()
        },
        summary.replications,
        if summary.replications == 1 { "" } else { "s" },
        summary.seed
    );
    out += &format!(
        "{} lots in the fab, {} lots and {} wafers out a day, {} lot-moves a day\n\n",
        estimate(summary.work_in_process, 0),
        estimate(summary.lots_per_day, 1),
        estimate(summary.wafers_per_day, 0),
        estimate(summary.moves_per_day, 0)
    );
    let rows: Vec<Vec<String>> = summary
        .orders
        .iter()
        .map(|order| {
            vec![
                order.lot.clone(),
                estimate(order.finished, 0),
                estimate(order.cycle_time_days, 2),
                format!(
                    "{:.1} – {:.1}",
                    order.cycle_time_percentiles[0], order.cycle_time_percentiles[2]
                ),
                order
                    .flow_factor
                    .map_or("–".to_owned(), |factor| format!("{factor:.2}")),
                estimate(order.on_time_percent, 1),
                estimate(order.tardiness_days, 2),
                if order.windows.mean > 0.0 {
                    estimate(order.violations_percent, 1)
                } else {
                    "–".to_owned()
                },
            ]
        })
        .collect();
    out += &table(
        &[
            "lots of",
            "finished",
            "cycle time, days",
            "5 – 95 %",
            "flow factor",
            "on time, %",
            "tardy, days",
            "windows missed, %",
        ],
        &rows,
    );
    out.push('\n');
    let rows: Vec<Vec<String>> = summary
        .areas
        .iter()
        .map(|area| {
            vec![
                area.name.clone(),
                area.tools.to_string(),
                estimate(area.utilization, 1),
                estimate(area.setup, 1),
                estimate(area.maintenance, 2),
                estimate(area.repair, 2),
            ]
        })
        .collect();
    out += &table(
        &[
            "area",
            "tools",
            "utilization, %",
            "setup, %",
            "maintenance, %",
            "repair, %",
        ],
        &rows,
    );
    out += "\nWhere lots wait longest in total:\n";
    let mut families: Vec<_> = summary.families.iter().collect();
    families.sort_by(|a, b| b.queue.mean.total_cmp(&a.queue.mean));
    let rows: Vec<Vec<String>> = families
        .iter()
        .take(8)
        .map(|family| {
            vec![
                family.group.name.clone(),
                family.group.tools.to_string(),
                estimate(family.group.utilization, 1),
                estimate(family.waiting_hours, 2),
                estimate(family.queue, 1),
                format!("{:.1}", family.oee.mean),
            ]
        })
        .collect();
    out += &table(
        &[
            "family",
            "tools",
            "utilization, %",
            "wait, hours",
            "lots waiting",
            "OEE, %",
        ],
        &rows,
    );
    out
}

/// Static capacity, most loaded first.
pub fn capacity(capacity: &Capacity) -> String {
    let mut families: Vec<&FamilyCapacity> = capacity.families.iter().collect();
    families.sort_by(|a, b| b.best.total_cmp(&a.best).then(a.family.cmp(&b.family)));
    let rows: Vec<Vec<String>> = families
        .iter()
        .map(|family| {
            let percent = |share: f64| format!("{:.1}", 100.0 * share);
            vec![
                family.family.clone(),
                family.area.clone(),
                family.tools.to_string(),
                format!("{:.1}", family.tools_needed),
                percent(family.best),
                if family.worst > family.best {
                    percent(family.worst)
                } else {
                    String::new()
                },
                percent(family.availability),
                format!("{:.1}", family.lots_per_day),
            ]
        })
        .collect();
    let head = format!(
        "{:.0} wafer starts and {:.0} lot-moves a day. Load is against available time, without setups and queueing.\n\n",
        capacity.wafer_starts_per_day, capacity.moves_per_day
    );
    let table = table(
        &[
            "family",
            "area",
            "tools",
            "needed",
            "load, %",
            "at worst",
            "available, %",
            "lots a day",
        ],
        &rows,
    );
    let overloaded = capacity.overloaded().len();
    let tail = if overloaded > 0 {
        let families = if overloaded == 1 {
            "1 family cannot carry its".to_owned()
        } else {
            format!("{overloaded} families cannot carry their")
        };
        format!("\n{families} load.\n")
    } else {
        format!("\n{}\n", styled(FAINT, "Every family can carry its load."))
    };
    head + &table + &tail
}
