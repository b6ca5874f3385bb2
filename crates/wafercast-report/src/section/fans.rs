//! Fan charts of series, with their words and tables.

use crate::chart::axis::Frame;
use crate::chart::fan::{Fan, fan_svg};
use crate::index::{Group, Index, observed_values};
use crate::message::{Message, say};
use crate::number::{amount, bare_amount, bare_interval};
use crate::page::{Page, Percentile, Table};
use crate::period::{Period, month_code, month_text};
use crate::text::Text;

/// Which series a fan shows.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'s> {
    /// Metric.
    pub metric: &'s str,
    /// Of what.
    pub of: &'s str,
    /// How much from home: `designed` is all.
    pub depth: &'s str,
    /// True for flows per month, false for stocks.
    pub per_month: bool,
}

/// A figure with a fan: a panel, or the whole page's width with a panel in its place on narrow pages. None if there is no
/// such series.
pub fn fan_figure(page: &mut Page, subject: Subject, title: &Text, wide: bool) -> Option<String> {
    let index = page.index;
    let group = index.group(subject.metric, subject.of, subject.depth)?;
    let fan = fan_of(index, group, subject);
    if fan.points.len() < 2 {
        return None;
    }
    let words = words(&fan);
    let table = table(&fan, wide);
    Some(page.figure(title, &words, &table, |labelled_by| {
        let panel = fan_svg(&fan, &Frame::PANEL, title, labelled_by);
        if wide {
            fan_svg(&fan, &Frame::WIDE, title, labelled_by)
                + &panel.replacen("chart panel", "chart narrow", 1)
        } else {
            panel
        }
    }))
}

fn fan_of<'a>(index: &Index<'a>, group: &Group<'a>, subject: Subject) -> Fan<'a> {
    let points = group.fine();
    // Quarterly flows are drawn per month, like monthly ones, only if they are monthly: units must not be mixed.
    let per_month = subject.per_month && !group.months.is_empty();
    let observed = if per_month {
        observed_per_month(index, subject)
    } else {
        Vec::new()
    };
    let examples = if group.months.is_empty() {
        Vec::new()
    } else {
        index.examples(subject.metric, subject.of, subject.depth)
    };
    Fan {
        points,
        examples: examples
            .iter()
            .map(|example| (index.horizon.0, example.values.as_slice()))
            .collect(),
        observed,
        data_until: index.data_until,
        unit: group.unit(),
        per_month,
    }
}

/// Observed totals as means per month.
fn observed_per_month(index: &Index, subject: Subject) -> Vec<(i32, i32, [f64; 3])> {
    let observations = index.observations(subject.metric, subject.of, subject.depth);
    observations
        .into_iter()
        .filter(|(period, _)| !matches!(period, Period::Until(_)))
        .map(|(period, seen)| {
            let (first, last) = period.months();
            let months = f64::from(last - first + 1);
            (
                first,
                last,
                observed_values(seen).map(|value| value / months),
            )
        })
        .filter(|(first, last, _)| *first >= index.horizon.0 && *last <= index.horizon.1)
        .collect()
}

/// The chart in a sentence: the median where the forecast begins and at the end, and the range there.
fn words(fan: &Fan) -> Text {
    let Some((last, end)) = fan.points.last() else {
        return Text::default();
    };
    let start = fan
        .points
        .iter()
        .find(|(month, _)| fan.data_until.is_none_or(|until| *month + 1 >= until));
    let (first, begin) = start.unwrap_or(&fan.points[0]);
    let slots = [
        ("from", month_text(*first)),
        ("first", amount(begin.p50, fan.unit, begin.mean_se)),
        ("to", month_text(*last)),
        ("last", bare_amount(end.p50, fan.unit, end.mean_se)),
        (
            "range",
            bare_interval(end.p05, end.p95, fan.unit, end.mean_se),
        ),
    ];
    say(
        if fan.per_month {
            Message::WordsFlow
        } else {
            Message::WordsLevel
        },
        &slots,
    )
}

/// All months for the chart over the page, the last month of each half-year for panels.
fn table(fan: &Fan, all: bool) -> Table {
    let quarterly = fan.points.windows(2).any(|pair| pair[1].0 - pair[0].0 > 1);
    let rows: Vec<_> = fan
        .points
        .iter()
        .filter(|(month, _)| all || quarterly || (month + 1).rem_euclid(6) == 0)
        .map(|(month, stats)| (Text::same(month_code(*month)), *stats))
        .collect();
    Table::of_stats(
        say(Message::Month, &[]),
        &rows,
        fan.unit,
        &Percentile::FAN,
        fan.per_month,
    )
}
