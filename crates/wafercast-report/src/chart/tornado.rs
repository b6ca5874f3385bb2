//! A tornado: for each input a bar from the answer with the input low (hollow) to the answer with it high (filled), about the
//! mean, the longest on top.

use crate::chart::scale::Linear;
use crate::chart::svg::{Anchor, Svg};
use crate::number::Scale;
use crate::text::Text;

/// One input.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Its name.
    pub name: Text,
    /// The answer with it low.
    pub low: f64,
    /// The answer with it high.
    pub high: f64,
    /// Standard error of the difference.
    pub standard_error: f64,
}

/// Room for the numbers at the ends of bars.
const ENDS: f64 = 62.0;
/// Characters of a name.
const NAME: usize = 46;

/// Draws bars about a mean, in a unit. Wide drawings have the names beside the bars, narrow ones above them.
pub fn tornado_svg(
    bars: &[Bar],
    mean: f64,
    unit: &str,
    mean_name: &Text,
    wide: bool,
    title: &Text,
    labelled_by: &str,
) -> String {
    let (width, left, row, thickness) = if wide {
        (1040.0, 390.0, 27.0, 15.0)
    } else {
        (340.0, 0.0, 42.0, 14.0)
    };
    let top = 24.0;
    let height = top + row * bars.len() as f64 + 4.0;
    let ends = bars.iter().flat_map(|bar| [bar.low, bar.high]);
    let (least, most) = ends
        .filter(|value| value.is_finite())
        .fold((mean, mean), |(least, most), value| {
            (least.min(value), most.max(value))
        });
    let map = Linear {
        domain: (least, most),
        range: (left + ENDS, width - ENDS),
    };
    let swing = bars.first().map_or(0.0, |bar| (bar.high - bar.low).abs());
    // Ends are told apart down to a fiftieth of the longest bar.
    let scale = Scale::new(unit, most.abs().max(least.abs()), swing / 50.0);
    let mut svg = Svg::new(width, height);
    let middle = map.at(mean);
    svg.line("axis", (middle, top - 8.0), (middle, height));
    let caption = Text::each(|language| {
        format!(
            "{} {} ({})",
            mean_name.get(language),
            scale.number(mean).get(language),
            scale.caption().get(language)
        )
    });
    let anchor = if (middle - left) * 2.0 > width - left + 80.0 {
        Anchor::End
    } else if (middle - left) * 2.0 < width - left - 80.0 {
        Anchor::Start
    } else {
        Anchor::Middle
    };
    svg.text("unit", (middle, top - 12.0), anchor, &caption);
    for (index, bar) in bars.iter().enumerate() {
        let bottom = top + row * (index as f64 + 1.0) - 4.0;
        let centre = bottom - thickness / 2.0;
        if wide {
            svg.text(
                "name",
                (left - 6.0, centre + 4.5),
                Anchor::End,
                &shortened(&bar.name),
            );
        } else {
            svg.text(
                "name",
                (0.0, bottom - thickness - 6.0),
                Anchor::Start,
                &shortened(&bar.name),
            );
        }
        for (value, class) in [(bar.low, "t-low"), (bar.high, "t-high")] {
            let (from, to) = (middle.min(map.at(value)), middle.max(map.at(value)));
            svg.rectangle(class, (from, bottom - thickness), (to - from, thickness));
        }
        whisker(&mut svg, &map, bar, centre);
        label(&mut svg, &map, &scale, bar, centre + 4.0);
    }
    svg.named(if wide { "wide" } else { "narrow" }, title, labelled_by, "")
}

/// The error of the difference, at the high end.
fn whisker(svg: &mut Svg, map: &Linear, bar: &Bar, centre: f64) {
    let (from, to) = (
        map.at(bar.high - bar.standard_error),
        map.at(bar.high + bar.standard_error),
    );
    if to - from > 1.5 {
        svg.line("error", (from, centre), (to, centre));
    }
}

/// The numbers at both ends, outside the bar and its whisker.
fn label(svg: &mut Svg, map: &Linear, scale: &Scale, bar: &Bar, baseline: f64) {
    let places = [bar.low, bar.high].map(|value| map.at(value));
    let room = 5.0 + map.at(bar.high + bar.standard_error) - map.at(bar.high);
    for (index, value) in [bar.low, bar.high].into_iter().enumerate() {
        let room = if index == 1 { room } else { 5.0 };
        let is_left = places[index] < places[1 - index] || (index == 0 && places[0] == places[1]);
        let (x, anchor) = if is_left {
            (places[index] - room, Anchor::End)
        } else {
            (places[index] + room, Anchor::Start)
        };
        svg.text("", (x, baseline), anchor, &scale.number(value));
    }
}

/// A name that fits; the table has it whole.
fn shortened(name: &Text) -> Text {
    Text::each(|language| {
        let name = name.get(language);
        if name.chars().count() <= NAME {
            return name.to_owned();
        }
        let kept: String = name.chars().take(NAME - 1).collect();
        format!("{kept}…")
    })
}

/// What hollow and filled mean, for a legend.
pub fn key(class: &str) -> String {
    let mut svg = Svg::new(16.0, 16.0);
    svg.rectangle(class, (1.5, 4.5), (13.0, 7.0));
    svg.ornament("key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_reaches_from_low_to_high() {
        let bars = [Bar {
            name: Text::same("x"),
            low: 0.2,
            high: 0.8,
            standard_error: 0.0,
        }];
        let mean = Text::same("mean");
        let svg = tornado_svg(&bars, 0.5, "fraction", &mean, true, &mean, "a");
        assert!(svg.contains("class=\"t-low\" x=\"452\""), "{svg}");
        assert!(svg.contains("20") && svg.contains("80"), "{svg}");
        assert!(!svg.contains("NaN"));
    }

    #[test]
    fn nothing_moves_nothing() {
        let mean = Text::same("mean");
        let svg = tornado_svg(&[], 1.0, "units", &mean, false, &mean, "a");
        assert!(!svg.contains("NaN") && !svg.contains("rect"));
    }
}
