//! Self-sufficiency: two denominators, three metrics, three depths.

use wafercast::summary::Stats;

use crate::chart::axis::Frame;
use crate::chart::range::{Mark, RangeSeries, Ranges, ranges_svg};
use crate::message::{Message, say};
use crate::number::amount;
use crate::page::{Page, Percentile, Table, grid, heading, legend, missing};
use crate::period::year_text;
use crate::section::answer::{depth_text, metric_text};
use crate::section::output::dots;
use crate::text::Text;

const DEPTHS: [(&str, Mark); 3] = [
    ("designed", Mark::Circle),
    ("fabricated", Mark::Square),
    ("fully", Mark::Triangle),
];

const METRICS: [&str; 3] = ["units", "value", "h100e"];

pub(super) fn body(page: &mut Page) -> String {
    let key: Vec<(Mark, Text)> = DEPTHS
        .map(|(depth, mark)| (mark, depth_text(depth)))
        .to_vec();
    let mut out = legend(&key, false);
    for (denominator, title, text) in [
        (
            "share_of_purchases",
            Message::ShareOfPurchases,
            Message::ShareOfPurchasesText,
        ),
        ("coverage", Message::Coverage, Message::CoverageText),
    ] {
        out.push_str(&heading(title, text));
        let mut panels = Vec::new();
        let mut absent = Vec::new();
        for metric in METRICS {
            match panel(page, denominator, metric) {
                Some(figure) => panels.push(figure),
                None => absent.push(metric_text(metric)),
            }
        }
        out.push_str(&grid(&panels));
        if denominator == "share_of_purchases" {
            out.push_str(&dotplots(page));
        }
        if !absent.is_empty() {
            let what = say(
                Message::ShareIn,
                &[
                    ("what", say(title, &[])),
                    ("metrics", Text::join(&absent, ", ")),
                ],
            );
            out.push_str(&missing(&what));
        }
    }
    out
}

/// Quantile dotplots of the share by units in the focus year, at each depth.
fn dotplots(page: &mut Page) -> String {
    let period = year_text(page.index.focus_year());
    let panels: Vec<String> = DEPTHS
        .iter()
        .filter_map(|(depth, _)| dots(page, "share_of_purchases:units", depth))
        .collect();
    if panels.is_empty() {
        return String::new();
    }
    let text = say(Message::DotsText, &[("period", period)]);
    format!("<p class=\"intro\">{}</p>\n{}", text.html(), grid(&panels))
}

fn panel(page: &mut Page, denominator: &str, metric: &str) -> Option<String> {
    let index = page.index;
    let name = format!("{denominator}:{metric}");
    let years = index.years();
    let series: Vec<(&str, Mark, Vec<Option<&Stats>>)> = DEPTHS
        .iter()
        .filter_map(|(depth, mark)| {
            let group = index.only(&name, depth)?;
            let values: Vec<_> = years
                .iter()
                .map(|year| group.year(*year).map(|series| &series.stats))
                .collect();
            values
                .iter()
                .any(Option::is_some)
                .then_some((*depth, *mark, values))
        })
        .collect();
    if series.is_empty() {
        return None;
    }
    let title = metric_text(metric);
    let focus = index.focus_year();
    let at = years.iter().position(|year| *year == focus);
    let medians: Vec<Text> = series
        .iter()
        .filter_map(|(depth, _, values)| {
            let stats = at.and_then(|at| values[at])?;
            let share = amount(stats.p50, "fraction", stats.mean_se);
            Some(say(
                Message::NameAndValue,
                &[("name", depth_text(depth)), ("value", share)],
            ))
        })
        .collect();
    let words = say(
        Message::WordsMedians,
        &[
            ("period", year_text(focus)),
            ("medians", Text::clauses(&medians)),
        ],
    );
    let rows: Vec<(Text, &Stats)> = series
        .iter()
        .flat_map(|(depth, _, values)| {
            years.iter().zip(values).filter_map(move |(year, stats)| {
                let name = Text::join(&[year_text(*year), depth_text(depth)], ", ");
                stats.map(|stats| (name, stats))
            })
        })
        .collect();
    let table = Table::of_stats(
        say(Message::Period, &[]),
        &rows,
        "fraction",
        &Percentile::RANGE,
        false,
    );
    let ranges = Ranges {
        periods: years
            .iter()
            .map(|year| Text::same(year.to_string()))
            .collect(),
        series: series
            .into_iter()
            .map(|(_, mark, values)| RangeSeries { mark, values })
            .collect(),
        observed: Vec::new(),
        history: history_years(index.data_until, &years),
        unit: "fraction",
    };
    Some(page.figure(&title, &words, &table, |labelled_by| {
        ranges_svg(&ranges, &Frame::RANGE, &title, labelled_by)
    }))
}

/// How many of the years are history as a whole.
pub(super) fn history_years(data_until: Option<i32>, years: &[i32]) -> usize {
    data_until.map_or(0, |until| {
        years
            .iter()
            .filter(|year| **year * 12 + 12 <= until)
            .count()
    })
}
