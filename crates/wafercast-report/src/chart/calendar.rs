//! The calendar of what binds: a strip of months per resource. Shade and height of a month both show the share of futures,
//! and each year's mean is written above it.

use std::fmt::Write;

use crate::chart::axis::{Frame, MonthAxis};
use crate::chart::svg::{Anchor, Svg, place};
use crate::number::percent;
use crate::text::Text;

/// One resource: its name, its style class and its share of futures by month.
#[derive(Debug, Clone, PartialEq)]
pub struct Strip {
    /// Display name.
    pub name: Text,
    /// `k-die`, `k-memory`, `k-packaging`, `k-cap`
    pub class: &'static str,
    /// Months since year 0, with shares, in order.
    pub shares: Vec<(i32, f64)>,
}

impl Strip {
    /// Mean share over the months of a year that have one.
    pub fn mean_of_year(&self, year: i32) -> Option<f64> {
        let of_year: Vec<f64> = self
            .shares
            .iter()
            .filter(|(month, _)| month.div_euclid(12) == year)
            .map(|(_, share)| *share)
            .collect();
        (!of_year.is_empty()).then(|| of_year.iter().sum::<f64>() / of_year.len() as f64)
    }
}

/// Height of one strip with its name and year means, and of its bars.
const ROW: f64 = 60.0;
const BAR: f64 = 24.0;

/// Draws strips from month `first` to `last`. Wide drawings have the names beside the strips, panels above them.
pub fn calendar_svg(
    strips: &[Strip],
    (first, last): (i32, i32),
    data_until: Option<i32>,
    wide: bool,
    title: &Text,
    labelled_by: &str,
) -> String {
    let (width, left, row) = if wide {
        (1040.0, 290.0, ROW - 10.0)
    } else {
        (340.0, 2.0, ROW)
    };
    let bottom = 22.0;
    let height = 14.0 + row * strips.len() as f64 + bottom;
    let frame = Frame {
        width,
        height,
        left,
        right: 4.0,
        top: 12.0,
        bottom,
    };
    let months = MonthAxis::new(first, last, &frame);
    let mut svg = Svg::new(width, height);
    months.draw(&mut svg, &frame);
    for (index, strip) in strips.iter().enumerate() {
        let base = 12.0 + row * (index as f64 + 1.0);
        if wide {
            svg.text(
                "name",
                (left - 14.0, base - BAR / 2.0 + 4.0),
                Anchor::End,
                &shortened(&strip.name),
            );
        } else {
            svg.text(
                "name",
                (left, base - BAR - 17.0),
                Anchor::Start,
                &shortened(&strip.name),
            );
        }
        draw_strip(&mut svg, strip, &months, base);
        if let Some(until) = data_until.filter(|until| *until > first && *until <= last) {
            let x = months.map.at(f64::from(until));
            svg.line("until", (x, base + 2.0), (x, base - BAR - 3.0));
        }
    }
    svg.named(if wide { "wide" } else { "panel" }, title, labelled_by, "")
}

/// A name that fits beside or above its strip; the table has it whole.
fn shortened(name: &Text) -> Text {
    const MOST: usize = 44;
    Text::each(|language| {
        let name = name.get(language);
        if name.chars().count() <= MOST {
            return name.to_owned();
        }
        let kept: String = name.chars().take(MOST - 1).collect();
        format!("{}…", kept.trim_end())
    })
}

fn draw_strip(svg: &mut Svg, strip: &Strip, months: &MonthAxis, base: f64) {
    let (left, right) = months.map.range;
    svg.rectangle("track", (left, base - BAR), (right - left, BAR));
    // Five shades are what an eye tells apart; the height has the rest. One path per shade keeps the file small.
    let mut shades: [String; 5] = Default::default();
    for (month, share) in strip.shares.iter().filter(|(_, share)| *share >= 0.005) {
        let (start, end) = (
            months.map.at(f64::from(*month)),
            months.map.at(f64::from(*month) + 1.0),
        );
        let height = (BAR * share.min(1.0)).max(1.0);
        let width = place(end - start - 0.6);
        let shade = &mut shades[((share * 5.0) as usize).min(4)];
        let (left, base, height) = (place(start + 0.3), place(base), place(height));
        let _ = write!(shade, "M{left} {base}v-{height}h{width}v{height}z");
    }
    for (index, shade) in shades
        .iter()
        .enumerate()
        .filter(|(_, shade)| !shade.is_empty())
    {
        svg.raw(&format!(
            "<path class=\"{} s{index}\" d=\"{shade}\"/>",
            strip.class
        ));
    }
    for year in months.first.div_euclid(12)..=months.last.div_euclid(12) {
        let start = months.map.at(f64::from((year * 12).max(months.first)));
        let end = months
            .map
            .at(f64::from((year * 12 + 12).min(months.last + 1)));
        if year * 12 > months.first {
            svg.line("year", (start, base), (start, base - BAR));
        }
        if let Some(mean) = strip.mean_of_year(year).filter(|_| end - start > 30.0) {
            let class = if mean >= 0.005 { "mean" } else { "mean faint" };
            svg.text(
                class,
                ((start + end) / 2.0, base - BAR - 3.0),
                Anchor::Middle,
                &percent(mean),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_taken_by_year() {
        let strip = Strip {
            name: Text::same("HBM"),
            class: "k-memory",
            shares: vec![
                (2025 * 12 + 11, 1.0),
                (2026 * 12, 0.2),
                (2026 * 12 + 1, 0.4),
            ],
        };
        assert!(
            strip
                .mean_of_year(2026)
                .is_some_and(|mean| (mean - 0.3).abs() < 1e-12)
        );
        assert_eq!(strip.mean_of_year(2025), Some(1.0));
        assert_eq!(strip.mean_of_year(2027), None);
    }
}
