//! What the chips are worth: usable compute by year, what of it is wanted, what it costs, and how each chip does it.

use std::collections::BTreeMap;
use std::fmt::Write;

use wafercast::summary::{Series, Summary, Workload, WorkloadChip};

use super::columns::columns;
use super::fan::is_year;
use super::{heading, number, wrap};

/// Columns of a row's label, and of one year.
const LABEL: usize = 26;
const YEAR: usize = 13;
/// Chips named in a line.
const NAMED: usize = 8;

/// Rows: label, metric before the workload's id, of what.
const ROWS: [(&str, &str, &str); 8] = [
    ("Home, delivered", "usable_compute", "home"),
    ("Imports, delivered", "usable_compute", "imports"),
    ("In service, home", "installed:usable_compute", "home"),
    ("In service, all", "installed:usable_compute", "all"),
    ("Wanted", "load", "all"),
    ("  served by all", "served", "all"),
    ("$ per M tokens, rented", "cost:rented", "all"),
    ("  owned", "cost:owned", "all"),
];

/// A table for each workload; `None` where the scenario has none.
pub fn of_summary(summary: &Summary, width: usize) -> Option<String> {
    let texts: Vec<String> = summary
        .workloads
        .iter()
        .filter_map(|workload| one(summary, workload, width))
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn one(summary: &Summary, workload: &Workload, width: usize) -> Option<String> {
    let found = Years::of(summary, &workload.id);
    let room = (width.saturating_sub(LABEL) / YEAR).max(1);
    let years = &found.years[found.years.len().saturating_sub(room)..];
    if years.is_empty() {
        return None;
    }
    let mut head = vec![""];
    head.extend(years);
    let mut rows = Vec::new();
    for (label, metric, of) in ROWS {
        let series: Vec<Option<&Series>> = years
            .iter()
            .map(|year| found.series.get(&(metric, of, *year)).copied())
            .collect();
        if series.iter().all(Option::is_none) {
            continue;
        }
        rows.push(row(label, &series, median));
        rows.push(row("", &series, interval));
    }
    let mut text = heading(&format!("Usable compute: {}", workload.name));
    let counted = if workload.is_training {
        "trained tokens per second"
    } else {
        "output tokens per second"
    };
    let _ = writeln!(text, "{counted}; median, and 90 % of futures");
    text.push_str(&columns(&head, &rows, width));
    text.push_str(&ways(workload, width));
    Some(text)
}

/// The yearly series of a workload.
struct Years<'s> {
    years: Vec<&'s str>,
    series: BTreeMap<(&'s str, &'s str, &'s str), &'s Series>,
}

impl<'s> Years<'s> {
    fn of(summary: &'s Summary, id: &str) -> Years<'s> {
        let mut series = BTreeMap::new();
        for found in &summary.series {
            let depth = found.depth.as_deref().unwrap_or("designed");
            if !is_year(&found.period) || depth != "designed" {
                continue;
            }
            let Some((metric, workload)) = found.metric.rsplit_once(':') else {
                continue;
            };
            if workload == id {
                series.insert((metric, found.of.as_str(), found.period.as_str()), found);
            }
        }
        let mut years: Vec<&str> = series.keys().map(|(_, _, year)| *year).collect();
        years.sort_unstable();
        years.dedup();
        Years { years, series }
    }
}

fn row(label: &str, found: &[Option<&Series>], show: fn(&Series) -> String) -> Vec<String> {
    std::iter::once(label.to_owned())
        .chain(
            found
                .iter()
                .map(|series| series.map_or_else(String::new, show)),
        )
        .collect()
}

fn median(series: &Series) -> String {
    let digits = number::supported_digits(&series.stats);
    number::bare(series.stats.p50, &series.unit, digits)
}

fn interval(series: &Series) -> String {
    let low = number::bare(series.stats.p05, &series.unit, 2).replace(' ', "");
    let high = number::bare(series.stats.p95, &series.unit, 2).replace(' ', "");
    let low = match (low.strip_suffix('%'), high.ends_with('%')) {
        (Some(number), true) => number.to_owned(),
        _ => low,
    };
    format!("{low}–{high}")
}

/// Which chips do it natively, otherwise, or not.
fn ways(workload: &Workload, width: usize) -> String {
    let mut groups = BTreeMap::<(u8, &str), Vec<&str>>::new();
    for chip in &workload.chips {
        let (rank, way) = way(chip);
        groups.entry((rank, way)).or_default().push(&chip.name);
    }
    let mut text = String::new();
    for ((_, way), names) in groups {
        let mut line = format!("{way}: {}", names[..names.len().min(NAMED)].join(", "));
        if names.len() > NAMED {
            let _ = write!(line, " and {} more", names.len() - NAMED);
        }
        for (index, part) in wrap(&line, width.saturating_sub(2)).iter().enumerate() {
            let _ = writeln!(text, "{}{part}", if index == 0 { "" } else { "  " });
        }
    }
    text
}

fn way(chip: &WorkloadChip) -> (u8, &str) {
    match (&chip.rate, chip.how.as_deref()) {
        (Some(_), Some(_)) if chip.is_native => (0, "natively"),
        (Some(_), Some(how)) => (1, how),
        (Some(_), None) => (2, "at a stated rate"),
        (None, Some(how)) => (3, how),
        (None, None) => (4, "nothing known"),
    }
}
