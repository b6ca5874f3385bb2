//! Ranges by period, side by side: a thin line for 90 of 100 futures, a thick one for 50, a mark for the median. Series
//! differ by colour and by the shape of the mark.

use wafercast::summary::Stats;

use crate::chart::axis::{Frame, ValueAxis};
use crate::chart::svg::{Anchor, Svg};
use crate::text::Text;

/// The shape of a median's mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Blue circle.
    Circle,
    /// Orange square.
    Square,
    /// Green triangle.
    Triangle,
    /// Purple diamond.
    Diamond,
}

impl Mark {
    /// In the order in which series take them.
    pub const ALL: [Mark; 4] = [Mark::Circle, Mark::Square, Mark::Triangle, Mark::Diamond];

    /// The style class of its hue.
    pub fn class(self) -> &'static str {
        match self {
            Mark::Circle => "c1",
            Mark::Square => "c2",
            Mark::Triangle => "c3",
            Mark::Diamond => "c4",
        }
    }

    /// Draws it at a place.
    pub fn draw(self, svg: &mut Svg, (x, y): (f64, f64)) {
        let class = format!("mark {}", self.class());
        match self {
            Mark::Circle => svg.circle(&class, (x, y), 4.0),
            Mark::Square => svg.rectangle(&class, (x - 3.6, y - 3.6), (7.2, 7.2)),
            Mark::Triangle => svg.polygon(
                &class,
                &[(x - 4.6, y + 3.6), (x, y - 4.6), (x + 4.6, y + 3.6)],
            ),
            Mark::Diamond => {
                svg.polygon(
                    &class,
                    &[(x - 4.8, y), (x, y - 4.8), (x + 4.8, y), (x, y + 4.8)],
                );
            }
        }
    }

    /// The mark alone, for a legend.
    pub fn key(self) -> String {
        let mut svg = Svg::new(16.0, 16.0);
        svg.line(
            &format!("whisker {}", self.class()),
            (8.0, 1.0),
            (8.0, 15.0),
        );
        self.draw(&mut svg, (8.0, 8.0));
        svg.ornament("key")
    }
}

/// One series: a distribution for each period, or none.
#[derive(Debug, Clone)]
pub struct RangeSeries<'a> {
    /// Its mark and hue.
    pub mark: Mark,
    /// By period.
    pub values: Vec<Option<&'a Stats>>,
}

/// Ranges of several series over the same periods.
#[derive(Debug, Clone)]
pub struct Ranges<'a> {
    /// Names of the periods.
    pub periods: Vec<Text>,
    /// The series.
    pub series: Vec<RangeSeries<'a>>,
    /// Observations: the period's index, 5th, 50th and 95th percentile.
    pub observed: Vec<(usize, [f64; 3])>,
    /// How many of the first periods are history.
    pub history: usize,
    /// The unit of the values.
    pub unit: &'a str,
}

impl Ranges<'_> {
    fn largest(&self) -> f64 {
        let ranges = self
            .series
            .iter()
            .flat_map(|series| series.values.iter().flatten());
        let observed = self.observed.iter().map(|(_, values)| values[2]);
        ranges
            .map(|stats| stats.p95)
            .chain(observed)
            .filter(|value| value.is_finite())
            .fold(0.0, f64::max)
    }
}

/// Draws ranges in a frame (see [`crate::chart::fan::fan_svg`] for the other arguments).
pub fn ranges_svg(ranges: &Ranges, frame: &Frame, title: &Text, labelled_by: &str) -> String {
    let mut svg = Svg::new(frame.width, frame.height);
    let axis = ValueAxis::new(ranges.unit, ranges.largest(), frame);
    let (left, right) = frame.across();
    let (bottom, top) = frame.upward();
    let slot = (right - left) / ranges.periods.len().max(1) as f64;
    axis.draw(&mut svg, frame, &axis.caption(false));
    if ranges.history > 0 && ranges.history < ranges.periods.len() {
        let x = left + slot * ranges.history as f64;
        svg.line("until", (x, bottom), (x, top - 6.0));
    }
    for (index, period) in ranges.periods.iter().enumerate() {
        let middle = left + slot * (index as f64 + 0.5);
        svg.text("", (middle, bottom + 15.5), Anchor::Middle, period);
        let observed: Vec<&[f64; 3]> = ranges
            .observed
            .iter()
            .filter(|(at, _)| *at == index)
            .map(|(_, values)| values)
            .collect();
        let columns = ranges.series.len() + observed.len();
        let step = (slot * 0.8 / columns.max(1) as f64).min(18.0);
        let place = |column: usize| middle + (column as f64 - (columns as f64 - 1.0) / 2.0) * step;
        for (column, series) in ranges.series.iter().enumerate() {
            if let Some(stats) = series.values.get(index).copied().flatten() {
                draw_range(&mut svg, &axis, series.mark, place(column), stats);
            }
        }
        for (column, values) in observed.into_iter().enumerate() {
            draw_observed(&mut svg, &axis, place(ranges.series.len() + column), values);
        }
    }
    svg.named(
        if frame.is_wide() { "wide" } else { "panel" },
        title,
        labelled_by,
        "",
    )
}

fn draw_range(svg: &mut Svg, axis: &ValueAxis, mark: Mark, x: f64, stats: &Stats) {
    let at = |value: f64| axis.map.at(value);
    svg.line(
        &format!("whisker {}", mark.class()),
        (x, at(stats.p05)),
        (x, at(stats.p95)),
    );
    svg.line(
        &format!("box {}", mark.class()),
        (x, at(stats.p25)),
        (x, at(stats.p75)),
    );
    mark.draw(svg, (x, at(stats.p50)));
}

fn draw_observed(svg: &mut Svg, axis: &ValueAxis, x: f64, values: &[f64; 3]) {
    let [low, y, high] = values.map(|value| axis.map.at(value));
    if low - high > 1.0 {
        svg.line("seen", (x, low), (x, high));
    }
    svg.polygon(
        "seen-mark",
        &[(x - 4.5, y), (x, y - 4.5), (x + 4.5, y), (x, y + 4.5)],
    );
}

/// The mark of observations, for a legend.
pub fn observed_key() -> String {
    let mut svg = Svg::new(16.0, 16.0);
    svg.line("seen", (8.0, 1.0), (8.0, 15.0));
    svg.polygon(
        "seen-mark",
        &[(3.5, 8.0), (8.0, 3.5), (12.5, 8.0), (8.0, 12.5)],
    );
    svg.ornament("key")
}
