//! The HTML page of a run: one file, no script, no network; light and dark, wide and narrow, a table behind each chart.

mod chart;

use std::fmt::Write;

use crate::plan::Plan;
use crate::simulate::RunResult;
use crate::span::{DAY, HOUR};
use crate::summary::{Estimate, FamilySummary, Summary};
use chart::{GanttRow, Line, escape};

const STYLE: &str = include_str!("page/style.css");

/// Tools shown in the Gantt chart: those of the family that most lots wait for, at most so many.
const MOST_BARS: u32 = 24;

/// The page.
pub fn html(plan: &Plan, summary: &Summary, results: &[RunResult]) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{name}: fab simulation</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{name}</h1>\n",
        name = escape(&summary.model)
    );
    lead(&mut out, summary);
    orders(&mut out, summary);
    over_time(&mut out, summary);
    areas(&mut out, summary);
    bottlenecks(&mut out, plan, summary);
    if let Some(run) = results.first() {
        gantt(&mut out, plan, summary, run);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn number(value: Estimate, decimals: usize) -> String {
    match value.half_width {
        _ if !value.mean.is_finite() => "–".to_owned(),
        Some(half) => format!("{:.decimals$} ± {half:.decimals$}", value.mean),
        None => format!("{:.decimals$}", value.mean),
    }
}

fn lead(out: &mut String, summary: &Summary) {
    let _ = writeln!(
        out,
        "<p class=\"lead\">{} lots in the fab, <b>{} wafers out a day</b>, {} lot-moves a day.</p>\n\
         <p class=\"meta\">{:.0} days, of which {:.0} to warm up; {} replications; seed {}. Intervals are 95 % over replications.</p>",
        number(summary.work_in_process, 0),
        number(summary.wafers_per_day, 0),
        number(summary.moves_per_day, 0),
        summary.days,
        summary.warm_up_days,
        summary.replications,
        summary.seed
    );
}

/// A table; all columns but the first are numbers.
fn table(out: &mut String, header: &[&str], rows: &[Vec<String>]) {
    out.push_str("<div class=\"wide\"><table>\n<thead><tr>");
    for name in header {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escape(name));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            let cell = escape(cell);
            let _ = if at == 0 {
                write!(out, "<th scope=\"row\">{cell}</th>")
            } else {
                write!(out, "<td>{cell}</td>")
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
}

fn orders(out: &mut String, summary: &Summary) {
    out.push_str("<section><h2>Orders</h2>\n");
    let rows: Vec<Vec<String>> = summary
        .orders
        .iter()
        .map(|order| {
            vec![
                order.lot.clone(),
                number(order.finished, 0),
                number(order.cycle_time_days, 2),
                order
                    .cycle_time_percentiles
                    .map(|days| format!("{days:.1}"))
                    .join(" / "),
                order
                    .flow_factor
                    .map_or("–".to_owned(), |factor| format!("{factor:.2}")),
                number(order.on_time_percent, 1),
                number(order.tardiness_days, 2),
                if order.windows.mean > 0.0 {
                    number(order.violations_percent, 1)
                } else {
                    "–".to_owned()
                },
            ]
        })
        .collect();
    let header = [
        "lots of",
        "finished",
        "cycle time, days",
        "5 / 50 / 95 %",
        "flow factor",
        "on time, %",
        "tardy, days",
        "windows missed, %",
    ];
    table(out, &header, &rows);
    out.push_str("</section>\n");
}

fn over_time(out: &mut String, summary: &Summary) {
    let days: Vec<f64> = summary.series.iter().map(|day| day.day).collect();
    if days.len() < 2 {
        return;
    }
    out.push_str("<section><h2>Over time</h2>\n");
    let lots: Vec<Option<f64>> = summary
        .series
        .iter()
        .map(|day| Some(day.work_in_process))
        .collect();
    let cycle: Vec<Option<f64>> = summary
        .series
        .iter()
        .map(|day| day.cycle_time_days)
        .collect();
    for line in [
        Line {
            title: "Lots in the fab at the end of each day",
            unit: "lots",
            x: &days,
            y: &lots,
        },
        Line {
            title: "Cycle time of the lots finished each day",
            unit: "days",
            x: &days,
            y: &cycle,
        },
    ] {
        out.push_str(&chart::line(&line));
    }
    let step = summary.series.len().div_ceil(26);
    let rows: Vec<Vec<String>> = summary
        .series
        .iter()
        .step_by(step)
        .map(|day| {
            vec![
                format!("{:.0}", day.day),
                format!("{:.0}", day.work_in_process),
                format!("{:.0}", day.moves),
                format!("{:.1}", day.finished),
                day.cycle_time_days
                    .map_or("–".to_owned(), |days| format!("{days:.2}")),
            ]
        })
        .collect();
    out.push_str("<details><summary>As a table</summary>\n");
    table(
        out,
        &[
            "day",
            "lots in the fab",
            "lot-moves",
            "lots out",
            "cycle time, days",
        ],
        &rows,
    );
    out.push_str("</details></section>\n");
}

fn areas(out: &mut String, summary: &Summary) {
    out.push_str(
        "<section><h2>Tools by area</h2>\n<p>Shares of total time in the states of SEMI E10.</p>\n",
    );
    let bars: Vec<(String, [f64; 6])> = summary
        .areas
        .iter()
        .map(|area| {
            let shares = [
                area.standby,
                area.productive,
                area.setup,
                area.maintenance,
                area.repair,
                area.absent,
            ]
            .map(|share| share.mean);
            (format!("{} ({})", area.name, area.tools), shares)
        })
        .collect();
    out.push_str(&chart::stacks(&bars));
    let rows: Vec<Vec<String>> = summary
        .areas
        .iter()
        .map(|area| {
            let shares = [
                area.utilization,
                area.availability,
                area.productive,
                area.setup,
                area.maintenance,
                area.repair,
                area.standby,
            ];
            let mut row = vec![area.name.clone(), area.tools.to_string()];
            row.extend(shares.map(|share| number(share, 2)));
            row
        })
        .collect();
    out.push_str("<details><summary>As a table</summary>\n");
    let header = [
        "area",
        "tools",
        "utilization",
        "available",
        "productive",
        "setup",
        "maintenance",
        "repair",
        "standby",
    ];
    table(out, &header, &rows);
    out.push_str("</details></section>\n");
}

fn bottlenecks(out: &mut String, plan: &Plan, summary: &Summary) {
    out.push_str(
        "<section><h2>Bottlenecks</h2>\n<p>Families in order of the lots that wait for them. Load is the static one: \
         what is needed at best of the time that is available.</p>\n",
    );
    let capacity = crate::capacity::capacity(plan);
    let mut families: Vec<(&FamilySummary, f64)> = summary
        .families
        .iter()
        .zip(capacity.families.iter().map(|family| family.best))
        .collect();
    families.sort_by(|a, b| b.0.queue.mean.total_cmp(&a.0.queue.mean));
    let rows: Vec<Vec<String>> = families
        .iter()
        .take(20)
        .map(|(family, load)| {
            vec![
                family.group.name.clone(),
                family.area.clone(),
                family.group.tools.to_string(),
                number(family.queue, 1),
                number(family.waiting_hours, 2),
                number(family.group.utilization, 1),
                format!("{:.1}", 100.0 * load),
                format!("{:.1}", family.oee.mean),
            ]
        })
        .collect();
    let header = [
        "family",
        "area",
        "tools",
        "lots waiting",
        "wait, hours",
        "utilization, %",
        "load, %",
        "OEE, %",
    ];
    table(out, &header, &rows);
    out.push_str("</section>\n");
}

fn gantt(out: &mut String, plan: &Plan, summary: &Summary, run: &RunResult) {
    let limiting = summary
        .families
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.queue.mean.total_cmp(&b.1.queue.mean));
    let (Some((family, _)), Some(first), Some(last)) = (
        limiting,
        run.trace.iter().map(|interval| interval.start).min(),
        run.trace.iter().map(|interval| interval.end).max(),
    ) else {
        return;
    };
    let family = &plan.families[family];
    let tools = family.first_tool..family.first_tool + family.tools.min(MOST_BARS);
    let rows: Vec<GanttRow> = tools
        .map(|tool| {
            let own = run.trace.iter().filter(|interval| interval.tool == tool);
            let hours = |at: i64| (at - first) as f64 / HOUR as f64;
            let bars = own
                .map(|interval| (interval.state, hours(interval.start), hours(interval.end)))
                .collect();
            (format!("{}", tool - family.first_tool + 1), bars)
        })
        .collect();
    let _ = writeln!(
        out,
        "<section><h2>What the tools of {} did</h2>\n<p>Most lots wait for this family. The last {:.0} hours of the first replication, from day {:.1} on.</p>",
        escape(&family.name),
        (last - first) as f64 / HOUR as f64,
        first as f64 / DAY as f64
    );
    out.push_str(&chart::gantt(&rows, (last - first) as f64 / HOUR as f64));
    out.push_str("</section>\n");
}
