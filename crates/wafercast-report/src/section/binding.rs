//! The calendar of what binds, for home as a whole and by accelerator.

use std::collections::BTreeMap;

use crate::chart::calendar::{Strip, calendar_svg};
use crate::message::{Message, html, say};
use crate::number::percent;
use crate::page::{Page, Table, grid, heading, missing};
use crate::period::{Period, year_text};
use crate::section::claims::resource_text;
use crate::text::Text;

/// Strips per calendar, and calendars by accelerator.
const MOST_STRIPS_HOME: usize = 9;
const MOST_STRIPS: usize = 4;
const MOST_PANELS: usize = 9;

pub(super) fn body(page: &mut Page) -> String {
    let mut by_accelerator: BTreeMap<&str, BTreeMap<&str, BTreeMap<i32, f64>>> = BTreeMap::new();
    for binding in &page.index.summary.binding {
        if let Some(Period::Month(month)) = Period::parse(&binding.month) {
            let resources = by_accelerator.entry(&binding.accelerator).or_default();
            // All accelerators' planned volumes are one thing here.
            let resource = if binding.resource.starts_with("cap:") {
                "cap"
            } else {
                &binding.resource
            };
            *resources
                .entry(resource)
                .or_default()
                .entry(month)
                .or_insert(0.0) += binding.share;
        }
    }
    let mut out = format!("<p class=\"intro\">{}</p>\n", html(Message::BindingText));
    let home_title = say(Message::Home, &[]);
    match by_accelerator.remove("home") {
        Some(resources) => out.push_str(&calendar(page, &resources, &home_title, true)),
        None => out.push_str(&missing(&home_title)),
    }
    let index = page.index;
    let size = |id: &str| {
        let of = if id.contains(':') {
            id.to_owned()
        } else {
            format!("accelerator:{id}")
        };
        index
            .group("units", &of, "")
            .map_or(0.0, |group| group.size())
    };
    let mut accelerators: Vec<(&str, f64)> =
        by_accelerator.keys().map(|id| (*id, size(id))).collect();
    accelerators.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let mut panels = Vec::new();
    for (id, _) in accelerators.iter().take(MOST_PANELS) {
        let title = match index.name(id) {
            name if *name.get(crate::Language::English) == **id => {
                index.name(&format!("accelerator:{id}"))
            }
            name => name,
        };
        panels.push(calendar(page, &by_accelerator[id], &title, false));
    }
    if !panels.is_empty() {
        out.push_str(&heading(Message::ByChip, Message::BindingByChip));
        out.push_str(&grid(&panels));
    }
    out
}

fn calendar(
    page: &mut Page,
    resources: &BTreeMap<&str, BTreeMap<i32, f64>>,
    title: &Text,
    wide: bool,
) -> String {
    let index = page.index;
    let (first, last) = index.horizon;
    let mut strips: Vec<(f64, Strip)> = resources
        .iter()
        .map(|(id, shares)| {
            let months: Vec<(i32, f64)> = (first..=last)
                .map(|month| (month, shares.get(&month).copied().unwrap_or(0.0)))
                .collect();
            let total = months.iter().map(|(_, share)| share).sum();
            (
                total,
                Strip {
                    name: resource_text(index, id),
                    class: class_of(id),
                    shares: months,
                },
            )
        })
        .collect();
    strips.sort_by(|a, b| b.0.total_cmp(&a.0));
    let years = index.years();
    // What binds in less than one of 200 futures of every year is in no picture and no table.
    strips.retain(|(_, strip)| {
        years
            .iter()
            .any(|year| strip.mean_of_year(*year).is_some_and(|mean| mean >= 0.005))
    });
    let table = Table {
        caption: say(Message::ShareOfFutures, &[]),
        head: std::iter::once(say(Message::Resource, &[]))
            .chain(years.iter().map(|year| Text::same(year.to_string())))
            .collect(),
        rows: strips
            .iter()
            .map(|(_, strip)| {
                let mut row = vec![strip.name.clone()];
                row.extend(years.iter().map(|year| {
                    strip
                        .mean_of_year(*year)
                        .map_or_else(Text::default, percent)
                }));
                row
            })
            .collect(),
    };
    let words = words(page, &strips);
    let most = if wide { MOST_STRIPS_HOME } else { MOST_STRIPS };
    let shown: Vec<Strip> = strips
        .into_iter()
        .take(most)
        .map(|(_, strip)| strip)
        .collect();
    page.figure(title, &words, &table, |labelled_by| {
        let draw = |wide| {
            calendar_svg(
                &shown,
                (first, last),
                index.data_until,
                wide,
                title,
                labelled_by,
            )
        };
        if wide {
            draw(true) + &draw(false).replacen("chart panel", "chart narrow", 1)
        } else {
            draw(false)
        }
    })
}

/// What binds most often in the focus year and in the last one.
fn words(page: &Page, strips: &[(f64, Strip)]) -> Text {
    let index = page.index;
    let mut years = vec![
        index.data_until.unwrap_or(index.horizon.0).div_euclid(12),
        index.focus_year(),
    ];
    years.dedup();
    let list: Vec<Text> = years
        .into_iter()
        .filter_map(|year| {
            let means = strips
                .iter()
                .filter_map(|(_, strip)| Some((strip, strip.mean_of_year(year)?)));
            let (strip, mean) = means
                .max_by(|a, b| a.1.total_cmp(&b.1))
                .filter(|(_, mean)| *mean > 0.0)?;
            let slots = [
                ("period", year_text(year)),
                ("thing", strip.name.clone()),
                ("share", percent(mean)),
            ];
            Some(say(Message::WordsBindingYear, &slots))
        })
        .collect();
    if list.is_empty() {
        say(Message::NothingBinds, &[])
    } else {
        say(Message::WordsBinding, &[("list", Text::clauses(&list))])
    }
}

pub(super) fn class_of(resource: &str) -> &'static str {
    match resource.split(':').next() {
        Some("die") => "k-die",
        Some("memory") => "k-memory",
        Some("packaging") => "k-packaging",
        _ => "k-cap",
    }
}
