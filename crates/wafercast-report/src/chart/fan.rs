//! Fan charts: median and 50, 80 and 95 % bands of a monthly series in one hue, example futures, observations, and a line
//! where data end.

use wafercast::summary::Stats;

use crate::chart::axis::{Frame, MonthAxis, ValueAxis, spread};
use crate::chart::svg::{Anchor, Svg, place};
use crate::message::{Message, say};
use crate::number::percent;
use crate::text::Text;

/// What a fan chart shows. Months count from year 0: 12 · year + month − 1.
#[derive(Debug, Clone, Default)]
pub struct Fan<'a> {
    /// Months and their distributions, in order.
    pub points: Vec<(i32, &'a Stats)>,
    /// Example futures: the first month and the values from there.
    pub examples: Vec<(i32, &'a [f64])>,
    /// Observations: first and last month, then 5th, 50th and 95th percentile, in the unit of the series.
    pub observed: Vec<(i32, i32, [f64; 3])>,
    /// The first month that is not history.
    pub data_until: Option<i32>,
    /// The unit of the values, as in `Series`.
    pub unit: &'a str,
    /// True if the values are flows per month.
    pub per_month: bool,
}

impl Fan<'_> {
    fn largest(&self) -> f64 {
        let bands = self.points.iter().map(|(_, stats)| stats.p975);
        let observed = self.observed.iter().map(|(_, _, values)| values[2]);
        bands
            .chain(observed)
            .filter(|value| value.is_finite())
            .fold(0.0, f64::max)
    }
}

/// The lower and upper edge of each band, widest first, with its share and style.
type Edge = fn(&Stats) -> f64;
const BANDS: [(&str, f64, Edge, Edge); 3] = [
    ("b95", 0.95, |s| s.p025, |s| s.p975),
    ("b80", 0.80, |s| s.p10, |s| s.p90),
    ("b50", 0.50, |s| s.p25, |s| s.p75),
];

/// Draws a fan chart in a frame. `title` describes it and `labelled_by` are the ids of the elements that name it.
pub fn fan_svg(fan: &Fan, frame: &Frame, title: &Text, labelled_by: &str) -> String {
    let mut svg = Svg::new(frame.width, frame.height);
    let first = fan.points.first().map_or(0, |point| point.0);
    let last = fan.points.last().map_or(first, |point| point.0);
    let months = MonthAxis::new(first, last, frame);
    let values = ValueAxis::new(fan.unit, fan.largest(), frame);
    let (left, right) = frame.across();
    let (bottom, top) = frame.upward();

    values.draw(&mut svg, frame, &values.caption(fan.per_month));
    months.draw(&mut svg, frame);
    svg.open_window((left, top - 3.0), (right - left, bottom - top + 3.0));
    draw_bands(&mut svg, fan, &months, &values);
    draw_examples(&mut svg, fan, &months, &values);
    draw_median(&mut svg, fan, &months, &values);
    svg.close_window();
    draw_end_of_data(&mut svg, fan, &months, frame);
    draw_observed(&mut svg, fan, &months, &values);
    label_bands(&mut svg, fan, &values, frame);

    let class = if frame.is_wide() { "wide" } else { "panel" };
    let hover = format!(
        " data-fan=\"{first} {} {} {} {} {} {}\"",
        place(months.middle(first)),
        place((right - left) / f64::from(last - first + 1)),
        place(bottom),
        place(top),
        values.map.domain.1,
        if fan.unit == "fraction" { "%" } else { "" },
    );
    svg.named(class, title, labelled_by, &hover)
}

fn draw_bands(svg: &mut Svg, fan: &Fan, months: &MonthAxis, values: &ValueAxis) {
    for (class, _, low, high) in BANDS {
        let upper = fan
            .points
            .iter()
            .map(|(month, s)| (months.middle(*month), values.map.at(high(s))));
        let lower = fan
            .points
            .iter()
            .rev()
            .map(|(month, s)| (months.middle(*month), values.map.at(low(s))));
        let outline: Vec<(f64, f64)> = upper.chain(lower).collect();
        svg.polygon(class, &outline);
    }
}

fn draw_examples(svg: &mut Svg, fan: &Fan, months: &MonthAxis, values: &ValueAxis) {
    for (first, future) in &fan.examples {
        let points: Vec<(f64, f64)> = (*first..)
            .zip(future.iter())
            .filter(|(month, _)| (months.first..=months.last).contains(month))
            .map(|(month, value)| (months.middle(month), values.map.at(*value)))
            .collect();
        svg.polyline("example", &points);
    }
}

fn draw_median(svg: &mut Svg, fan: &Fan, months: &MonthAxis, values: &ValueAxis) {
    let until = fan.data_until.unwrap_or(months.first);
    let at = |point: &(i32, &Stats)| (months.middle(point.0), values.map.at(point.1.p50));
    let history: Vec<(f64, f64)> = fan
        .points
        .iter()
        .filter(|point| point.0 <= until)
        .map(at)
        .collect();
    let forecast: Vec<(f64, f64)> = fan
        .points
        .iter()
        .filter(|point| point.0 >= until)
        .map(at)
        .collect();
    if fan.data_until.is_some() {
        svg.polyline("median", &history);
    }
    svg.polyline("median forecast", &forecast);
}

fn draw_end_of_data(svg: &mut Svg, fan: &Fan, months: &MonthAxis, frame: &Frame) {
    let Some(until) = fan
        .data_until
        .filter(|until| *until > months.first && *until <= months.last)
    else {
        return;
    };
    let x = months.map.at(f64::from(until));
    let (bottom, top) = frame.upward();
    svg.line("until", (x, bottom), (x, top - 9.0));
    let (anchor, offset) = if x - frame.left < 90.0 {
        (Anchor::Start, 4.0)
    } else {
        (Anchor::End, -4.0)
    };
    svg.text(
        "note",
        (x + offset, top - 2.0),
        anchor,
        &say(Message::DataEnd, &[]),
    );
}

/// An observation covers its months with a line at its median, and its 90 % range with a bar through a diamond.
fn draw_observed(svg: &mut Svg, fan: &Fan, months: &MonthAxis, values: &ValueAxis) {
    for (from, to, observed) in &fan.observed {
        let [low, middle, high] = observed.map(|value| values.map.at(value));
        let (start, end) = (
            months.map.at(f64::from(*from)),
            months.map.at(f64::from(*to) + 1.0),
        );
        let x = (start + end) / 2.0;
        svg.line("seen thin", (start + 1.0, middle), (end - 1.0, middle));
        if low - high > 1.0 {
            svg.line("seen", (x, low), (x, high));
        }
        svg.polygon(
            "seen-mark",
            &[
                (x - 4.5, middle),
                (x, middle - 4.5),
                (x + 4.5, middle),
                (x, middle + 4.5),
            ],
        );
    }
}

/// Names the bands at their upper edges in the last month.
fn label_bands(svg: &mut Svg, fan: &Fan, values: &ValueAxis, frame: &Frame) {
    let Some((_, stats)) = fan.points.last() else {
        return;
    };
    let (_, right) = frame.across();
    let edges = [stats.p50, stats.p75, stats.p90, stats.p975].map(|value| values.map.at(value));
    let mut places = edges;
    spread(&mut places, 12.0, frame.top);
    let names = [
        say(Message::Median, &[]),
        percent(0.50),
        percent(0.80),
        percent(0.95),
    ];
    for ((edge, place), (index, name)) in
        edges.into_iter().zip(places).zip(names.iter().enumerate())
    {
        svg.polyline(
            "leader",
            &[
                (right + 1.0, edge),
                (right + 4.0, edge),
                (right + 9.0, place),
                (right + 11.0, place),
            ],
        );
        let class = if index == 0 { "label strong" } else { "label" };
        svg.text(class, (right + 13.0, place + 3.8), Anchor::Start, name);
    }
}
