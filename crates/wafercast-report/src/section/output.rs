//! What is made: home total, designers, chips; and history beside the model.

use std::fmt::Write;

use wafercast::summary::{History, Stats};

use crate::chart::axis::Frame;
use crate::chart::dots::dots_svg;
use crate::chart::range::{Mark, RangeSeries, Ranges, ranges_svg};
use crate::escape::escape;
use crate::index::observed_values;
use crate::message::{Message, html, say};
use crate::number::{amount, base_unit, interval, percent};
use crate::page::{Page, Percentile, Table, grid, heading, legend, missing};
use crate::period::{Period, year_text};
use crate::section::answer::depth_text;
use crate::section::fans::{Subject, fan_figure};
use crate::section::sufficiency::history_years;
use crate::text::Text;

/// So many panels are drawn per group; the table names what is left out.
const MOST_PANELS: usize = 9;

pub(super) fn body(page: &mut Page) -> String {
    let home = say(Message::Home, &[]);
    let mut out = format!("<p class=\"intro\">{}</p>\n", html(Message::HowFans));
    let subject = Subject {
        metric: "units",
        of: "home",
        depth: "designed",
        per_month: true,
    };
    let observed = !page
        .index
        .observations("units", "home", "designed")
        .is_empty();
    if observed {
        let key = crate::chart::range::observed_key();
        let _ = writeln!(
            out,
            "<p class=\"legend\"><span>{key}{}</span></p>",
            html(Message::ObservedPerMonth)
        );
    }
    out.push_str(&fan_figure(page, subject, &home, true).unwrap_or_else(|| missing(&home)));
    let mut panels: Vec<String> = yearly(page).into_iter().collect();
    panels.extend(dots(page, "units", ""));
    let fully = Subject {
        depth: "fully",
        ..subject
    };
    panels.extend(fan_figure(
        page,
        fully,
        &say(Message::HomeFully, &[]),
        false,
    ));
    out.push_str(&legend(
        &[(Mark::Circle, say(Message::Model, &[]))],
        observed,
    ));
    out.push_str(&grid(&panels));
    out.push_str(&heading(Message::ByDesigner, Message::OwnScales));
    out.push_str(&panels_of(page, "designer:", Message::ByDesigner));
    out.push_str(&heading(Message::ByChip, Message::OwnScales));
    out.push_str(&panels_of(page, "accelerator:", Message::ByChip));
    out.push_str(&history(page));
    out
}

/// Fans of the largest things, and a table of all by year.
fn panels_of(page: &mut Page, prefix: &str, what: Message) -> String {
    let index = page.index;
    let things = index.things("units", &[prefix]);
    if things.is_empty() {
        return missing(&say(what, &[]));
    }
    let mut panels = Vec::new();
    for (of, _) in things.iter().take(MOST_PANELS) {
        let mut title = index.name(of);
        if let Some(designer) = index.designer(of) {
            title = title.then(&Text::same(format!(" · {designer}")));
        }
        let subject = Subject {
            metric: "units",
            of,
            depth: "designed",
            per_month: true,
        };
        panels.extend(fan_figure(page, subject, &title, false));
    }
    let mut rows = Vec::new();
    for (of, group) in &things {
        for (year, series) in &group.years {
            let name = Text::join(&[index.name(of), Text::same(year.to_string())], ", ");
            rows.push((name, &series.stats));
        }
    }
    let table = Table::of_stats(
        say(Message::PerYear, &[]),
        &rows,
        "units",
        &Percentile::RANGE,
        false,
    );
    let all = format!(
        "<details class=\"all\"><summary>{}</summary>{}</details>\n",
        html(Message::AllByYear),
        table.html()
    );
    grid(&panels) + if rows.is_empty() { "" } else { &all }
}

/// Home output by year with observations.
fn yearly(page: &mut Page) -> Option<String> {
    let index = page.index;
    let group = index.group("units", "home", "")?;
    let years: Vec<i32> = group.years.iter().map(|(year, _)| *year).collect();
    let last = group.years.last()?;
    let observed: Vec<(usize, [f64; 3])> = index
        .observations("units", "home", "designed")
        .into_iter()
        .filter_map(|(period, seen)| match period {
            Period::Year(year) => {
                let at = years.iter().position(|other| *other == year)?;
                Some((at, observed_values(seen)))
            }
            _ => None,
        })
        .collect();
    let ranges = Ranges {
        periods: years
            .iter()
            .map(|year| Text::same(year.to_string()))
            .collect(),
        series: vec![RangeSeries {
            mark: Mark::Circle,
            values: group
                .years
                .iter()
                .map(|(_, series)| Some(&series.stats))
                .collect(),
        }],
        observed,
        history: history_years(index.data_until, &years),
        unit: group.unit(),
    };
    let rows: Vec<(Text, &Stats)> = group
        .years
        .iter()
        .map(|(year, series)| (year_text(*year), &series.stats))
        .collect();
    let table = Table::of_stats(
        say(Message::Period, &[]),
        &rows,
        group.unit(),
        &Percentile::RANGE,
        false,
    );
    let title = say(Message::HomeByYear, &[]);
    let stats = &last.1.stats;
    let words = say(
        Message::WordsYear,
        &[
            ("period", year_text(last.0)),
            ("median", amount(stats.p50, group.unit(), stats.mean_se)),
            (
                "range",
                interval(stats.p05, stats.p95, group.unit(), stats.mean_se),
            ),
        ],
    );
    Some(page.figure(&title, &words, &table, |labelled_by| {
        ranges_svg(&ranges, &Frame::RANGE, &title, labelled_by)
    }))
}

/// The quantile dotplot of the focus year.
pub(super) fn dots(page: &mut Page, metric: &str, depth: &str) -> Option<String> {
    let index = page.index;
    let year = index.focus_year();
    let series = index.only(metric, depth)?.year(year)?;
    let stats = &series.stats;
    // Where all futures agree a stack of dots says nothing.
    let quantiles = series
        .dots
        .as_deref()
        .filter(|_| stats.p95 - stats.p05 > 0.002 * stats.p95)?;
    let name = match metric.split_once(':') {
        Some(_) => depth_text(depth),
        None => index.name("home"),
    };
    let what = Text::join(&[name, year_text(year)], ", ");
    let words = say(
        Message::WordsDots,
        &[
            (
                "n",
                Text::same((100 / quantiles.len().max(1)).max(1).to_string()),
            ),
            ("low", amount(stats.p10, &series.unit, stats.mean_se)),
        ],
    );
    let table = Table::of_stats(
        say(Message::Period, &[]),
        &[(year_text(year), stats)],
        &series.unit,
        &Percentile::FAN,
        false,
    );
    Some(page.figure(&what, &words, &table, |labelled_by| {
        dots_svg(
            quantiles,
            stats.p50,
            &series.unit,
            &Frame::DOTS,
            &what,
            labelled_by,
        )
    }))
}

/// Observations against the model.
fn history(page: &Page) -> String {
    let history = &page.index.summary.history;
    let mut out = heading(Message::History, Message::HistoryText);
    if history.is_empty() {
        return out + &missing(&say(Message::History, &[]));
    }
    out.push_str("<div class=\"scroll\" tabindex=\"0\"><table class=\"rows\"><thead><tr>");
    for head in [
        Message::Observation,
        Message::Observed,
        Message::Model,
        Message::InsideRange,
        Message::BelowObserved,
    ] {
        let _ = write!(out, "<th scope=\"col\">{}</th>", html(head));
    }
    out.push_str("</tr></thead><tbody>");
    for seen in history {
        out.push_str(&history_row(page, seen));
    }
    out.push_str("</tbody></table></div>\n");
    out
}

fn history_row(page: &Page, seen: &History) -> String {
    let stats = &seen.stats;
    let inside = seen.observed_p50 >= stats.p05 && seen.observed_p50 <= stats.p95;
    let (size, unit) = base_unit(&seen.unit);
    let both = |[low, middle, high]: [f64; 3], error: f64| {
        format!(
            "{}<small>{}</small>",
            amount(size * middle, unit, size * error).html(),
            interval(size * low, size * high, unit, size * error).html()
        )
    };
    format!(
        "<tr><th scope=\"row\">{}{} <code>{}</code></th><td>{}</td><td>{}</td><td class=\"{}\">{}</td><td>{}</td></tr>",
        escape(&seen.name),
        page.footnotes(&seen.sources),
        escape(&seen.metric),
        both(
            [seen.observed_p05, seen.observed_p50, seen.observed_p95],
            0.0
        ),
        both([stats.p05, stats.p50, stats.p95], stats.mean_se),
        if inside { "yes" } else { "no" },
        html(if inside {
            Message::Inside
        } else {
            Message::Outside
        }),
        percent(seen.percentile_of_observed).html(),
    )
}
