//! Frames and axes.

use crate::chart::scale::{Linear, ticks};
use crate::chart::svg::{Anchor, Svg};
use crate::number::Scale;
use crate::text::Text;

/// The size of a chart and the margins around its plot, in pixels at the size it is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Whole width.
    pub width: f64,
    /// Whole height.
    pub height: f64,
    /// Left margin: tick labels.
    pub left: f64,
    /// Right margin: labels of bands or series.
    pub right: f64,
    /// Upper margin: the unit.
    pub top: f64,
    /// Lower margin: time.
    pub bottom: f64,
}

impl Frame {
    /// A panel of small multiples, as wide as a phone.
    pub const PANEL: Frame = Frame {
        width: 340.0,
        height: 224.0,
        left: 38.0,
        right: 58.0,
        top: 26.0,
        bottom: 22.0,
    };
    /// A panel without labels at its right.
    pub const RANGE: Frame = Frame {
        right: 6.0,
        ..Frame::PANEL
    };
    /// A quantile dotplot: 50 dots need less height.
    pub const DOTS: Frame = Frame {
        height: 196.0,
        ..Frame::RANGE
    };
    /// One chart over the whole page.
    pub const WIDE: Frame = Frame {
        width: 1040.0,
        height: 400.0,
        left: 46.0,
        right: 76.0,
        top: 28.0,
        bottom: 24.0,
    };

    /// Pixels from left to right of the plot.
    pub fn across(&self) -> (f64, f64) {
        (self.left, self.width - self.right)
    }

    /// Pixels from bottom to top of the plot.
    pub fn upward(&self) -> (f64, f64) {
        (self.height - self.bottom, self.top)
    }

    /// True for the drawing that spans the page.
    pub fn is_wide(&self) -> bool {
        self.width > 600.0
    }
}

/// A vertical axis: its map, its ticks and how they are written.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueAxis {
    /// Values to pixels.
    pub map: Linear,
    ticks: Vec<f64>,
    scale: Scale,
}

impl ValueAxis {
    /// From 0 to at least `largest`, in a unit; shares always to 100 %.
    pub fn new(unit: &str, largest: f64, frame: &Frame) -> ValueAxis {
        let largest = if unit == "fraction" {
            largest.max(1.0)
        } else {
            largest
        };
        let ticks = ticks(largest, if frame.is_wide() { 6 } else { 4 });
        let top = ticks.last().copied().unwrap_or(1.0);
        let step = ticks.get(1).copied().unwrap_or(1.0);
        ValueAxis {
            map: Linear {
                domain: (0.0, top),
                range: frame.upward(),
            },
            scale: Scale::new(unit, top, 0.0).with_step(step),
            ticks,
        }
    }

    /// What is written above the axis.
    pub fn caption(&self, per_month: bool) -> Text {
        if per_month {
            self.scale.caption_per_month()
        } else {
            self.scale.caption()
        }
    }

    /// Grid, labels and the caption above.
    pub fn draw(&self, svg: &mut Svg, frame: &Frame, caption: &Text) {
        let (left, right) = frame.across();
        for tick in &self.ticks {
            let y = self.map.at(*tick);
            svg.line(
                if *tick == 0.0 { "axis" } else { "grid" },
                (left, y),
                (right, y),
            );
            svg.text(
                "",
                (left - 6.0, y + 3.8),
                Anchor::End,
                &self.scale.number(*tick),
            );
        }
        svg.text("unit", (0.0, 11.0), Anchor::Start, caption);
    }
}

/// A horizontal axis of months since year 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonthAxis {
    /// First month.
    pub first: i32,
    /// Last month.
    pub last: i32,
    /// Months (their middles at `month + ½`) to pixels.
    pub map: Linear,
}

impl MonthAxis {
    /// Whole months from `first` to `last`.
    pub fn new(first: i32, last: i32, frame: &Frame) -> MonthAxis {
        let map = Linear {
            domain: (f64::from(first), f64::from(last.max(first)) + 1.0),
            range: frame.across(),
        };
        MonthAxis {
            first,
            last: last.max(first),
            map,
        }
    }

    /// The place of a month's middle.
    pub fn middle(&self, month: i32) -> f64 {
        self.map.at(f64::from(month) + 0.5)
    }

    /// Ticks at each January and years under their middle.
    pub fn draw(&self, svg: &mut Svg, frame: &Frame) {
        let bottom = frame.upward().0;
        let years = self.last.div_euclid(12) - self.first.div_euclid(12) + 1;
        let width_of_year = (self.map.range.1 - self.map.range.0) / f64::from(years);
        let every = if width_of_year < 30.0 { 2 } else { 1 };
        for year in self.first.div_euclid(12)..=self.last.div_euclid(12) {
            let from = (year * 12).max(self.first);
            let to = (year * 12 + 12).min(self.last + 1);
            if from > self.first {
                let x = self.map.at(f64::from(from));
                svg.line("axis", (x, bottom), (x, bottom + 4.0));
            }
            // A year of which only a few months are shown has no room for its name.
            if to - from >= 5 && year.rem_euclid(every) == 0 {
                let x = self.map.at(f64::from(from + to) / 2.0);
                svg.text(
                    "",
                    (x, bottom + 15.5),
                    Anchor::Middle,
                    &Text::same(year.to_string()),
                );
            }
        }
    }
}

/// Moves labels apart to at least `gap`, in the order given from bottom to top, without leaving `top`.
pub fn spread(places: &mut [f64], gap: f64, top: f64) {
    for index in 1..places.len() {
        places[index] = places[index].min(places[index - 1] - gap);
    }
    let overshoot = places.last().map_or(0.0, |last| (top - last).max(0.0));
    if overshoot > 0.0 {
        for index in (0..places.len()).rev() {
            let limit = if index + 1 < places.len() {
                places[index + 1] + gap
            } else {
                top
            };
            places[index] = places[index].max(limit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_spread_and_stay_inside() {
        let mut places = [50.0, 48.0, 47.0, 20.0];
        spread(&mut places, 11.0, 5.0);
        assert_eq!(places, [50.0, 39.0, 28.0, 17.0]);
        let mut crowded = [12.0, 11.0, 10.0];
        spread(&mut crowded, 10.0, 5.0);
        assert_eq!(crowded, [25.0, 15.0, 5.0]);
    }
}
