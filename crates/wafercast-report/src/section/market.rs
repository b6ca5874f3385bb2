//! Imports and demand.

use wafercast::summary::Stats;

use crate::chart::axis::Frame;
use crate::chart::range::{Mark, RangeSeries, Ranges, ranges_svg};
use crate::index::Group;
use crate::message::{Message, say};
use crate::number::amount;
use crate::page::{Page, Percentile, Table, grid, heading, legend, missing};
use crate::period::year_text;
use crate::section::answer::metric_text;
use crate::section::fans::{Subject, fan_figure};
use crate::section::sufficiency::history_years;
use crate::text::Text;

pub(super) fn body(page: &mut Page) -> String {
    let home = say(Message::Home, &[]);
    let imports = say(Message::Imports, &[]);
    let demand = say(Message::Demand, &[]);
    let mut out = heading(Message::SupplyAndDemand, Message::DemandText);
    out.push_str(&legend(
        &[
            (Mark::Circle, home.clone()),
            (Mark::Square, imports.clone()),
            (Mark::Diamond, demand.clone()),
        ],
        false,
    ));
    let mut panels = Vec::new();
    for metric in ["units", "value", "h100e"] {
        let index = page.index;
        let series = [
            (Mark::Circle, home.clone(), index.group(metric, "home", "")),
            (
                Mark::Square,
                imports.clone(),
                index.group(metric, "imports", ""),
            ),
            (
                Mark::Diamond,
                demand.clone(),
                index.only(&format!("demand:{metric}"), ""),
            ),
        ];
        panels.extend(compare(page, &metric_text(metric), &series));
    }
    out.push_str(&if panels.is_empty() {
        missing(&demand)
    } else {
        grid(&panels)
    });
    out.push_str(&heading(Message::Imports, Message::ImportsText));
    out.push_str(&imports_panels(page));
    out
}

fn imports_panels(page: &mut Page) -> String {
    let index = page.index;
    let series = [
        (
            Mark::Square,
            say(Message::Legal, &[]),
            index.group("units", "legal", ""),
        ),
        (
            Mark::Triangle,
            say(Message::Smuggled, &[]),
            index.group("units", "smuggled", ""),
        ),
    ];
    let key: Vec<(Mark, Text)> = series
        .iter()
        .map(|(mark, name, _)| (*mark, name.clone()))
        .collect();
    let mut panels: Vec<String> = compare(page, &say(Message::LegalAndSmuggled, &[]), &series)
        .into_iter()
        .collect();
    for (of, _) in index.things("units", &["import:"]).into_iter().take(5) {
        let subject = Subject {
            metric: "units",
            of,
            depth: "designed",
            per_month: true,
        };
        panels.extend(fan_figure(page, subject, &index.name(of), false));
    }
    if panels.is_empty() {
        return missing(&say(Message::Imports, &[]));
    }
    legend(&key, false) + &grid(&panels)
}

/// Several groups by year in one panel. None if none of them has years.
fn compare(
    page: &mut Page,
    title: &Text,
    groups: &[(Mark, Text, Option<&Group>)],
) -> Option<String> {
    let index = page.index;
    let years = index.years();
    let mut series = Vec::new();
    let mut rows: Vec<(Text, &Stats)> = Vec::new();
    let mut medians = Vec::new();
    let mut unit = "";
    let focus = index.focus_year();
    for (mark, name, group) in groups {
        let Some(group) = group.filter(|group| !group.years.is_empty()) else {
            continue;
        };
        unit = group.unit();
        let values: Vec<Option<&Stats>> = years
            .iter()
            .map(|year| group.year(*year).map(|series| &series.stats))
            .collect();
        for (year, found) in &group.years {
            rows.push((
                Text::join(&[name.clone(), Text::same(year.to_string())], ", "),
                &found.stats,
            ));
        }
        if let Some(found) = group.year(focus) {
            let value = amount(found.stats.p50, unit, found.stats.mean_se);
            medians.push(say(
                Message::NameAndValue,
                &[("name", name.clone()), ("value", value)],
            ));
        }
        series.push(RangeSeries {
            mark: *mark,
            values,
        });
    }
    if series.is_empty() {
        return None;
    }
    let words = say(
        Message::WordsMedians,
        &[
            ("period", year_text(focus)),
            ("medians", Text::clauses(&medians)),
        ],
    );
    let table = Table::of_stats(
        say(Message::Period, &[]),
        &rows,
        unit,
        &Percentile::RANGE,
        false,
    );
    let ranges = Ranges {
        periods: years
            .iter()
            .map(|year| Text::same(year.to_string()))
            .collect(),
        series,
        observed: Vec::new(),
        history: history_years(index.data_until, &years),
        unit,
    };
    Some(page.figure(title, &words, &table, |labelled_by| {
        ranges_svg(&ranges, &Frame::RANGE, title, labelled_by)
    }))
}
