//! Effects as bars from a line of no effect, to the right where they add and to the left where they take away, with their
//! sampling error.

use crate::chart::axis::Frame;
use crate::chart::scale::Linear;
use crate::chart::svg::{Anchor, Svg};
use crate::text::Text;

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// Its name.
    pub name: Text,
    /// Style class of its hue: `k-die`, `k-memory` …
    pub class: &'static str,
    /// Its value.
    pub value: f64,
    /// Standard error: the whisker is one of it to either side.
    pub error: f64,
    /// The value as written beside the bar.
    pub label: Text,
}

const ROW: f64 = 40.0;
const BAR: f64 = 13.0;
/// Room for the label beside the longest bar.
const LABEL: f64 = 52.0;

/// Draws bars, each under its name.
pub fn effects_svg(effects: &[Effect], title: &Text, labelled_by: &str) -> String {
    let width = Frame::PANEL.width;
    let mut svg = Svg::new(width, 6.0 + ROW * effects.len() as f64);
    let ends = effects.iter().filter(|effect| effect.value.is_finite());
    let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), effect| {
        (low.min(effect.value), high.max(effect.value))
    });
    let room = if low < 0.0 { LABEL } else { 2.0 };
    let map = Linear {
        domain: (low, if high > low { high } else { low + 1.0 }),
        range: (room, width - LABEL),
    };
    let zero = map.at(0.0);
    for (index, effect) in effects.iter().enumerate() {
        let top = 4.0 + ROW * index as f64;
        svg.text("name", (0.0, top + 11.0), Anchor::Start, &effect.name);
        let (y, end) = (top + 18.0, map.at(effect.value));
        svg.rectangle(
            effect.class,
            (zero.min(end), y),
            ((end - zero).abs().max(1.0), BAR),
        );
        let whisker = [-1.0, 1.0].map(|side| map.at(effect.value + side * effect.error));
        svg.line(
            "error",
            (whisker[0], y + BAR / 2.0),
            (whisker[1].max(whisker[0] + 1.0), y + BAR / 2.0),
        );
        let (x, anchor) = if effect.value < 0.0 {
            (whisker[0] - 5.0, Anchor::End)
        } else {
            (whisker[1] + 5.0, Anchor::Start)
        };
        svg.text("", (x, y + 10.5), anchor, &effect.label);
    }
    svg.line(
        "axis",
        (zero, 4.0),
        (zero, 4.0 + ROW * effects.len() as f64),
    );
    svg.named("panel", title, labelled_by, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_begin_at_no_effect() {
        let effect = |value: f64| Effect {
            name: Text::same("x"),
            class: "k-die",
            value,
            error: 0.1,
            label: Text::same("l"),
        };
        let svg = effects_svg(&[effect(2.0), effect(-1.0)], &Text::same("t"), "a");
        // 52 to 288 pixels hold −1 to 2: no effect lies at a third.
        assert!(svg.contains("<rect class=\"k-die\" x=\"130.7\""), "{svg}");
        assert!(svg.contains("<rect class=\"k-die\" x=\"52\""), "{svg}");
        // Nothing but zeros, and odd numbers, are drawn without going astray.
        for odd in [0.0, f64::NAN] {
            assert!(!effects_svg(&[effect(odd)], &Text::same("t"), "a").contains("NaN"));
        }
    }
}
