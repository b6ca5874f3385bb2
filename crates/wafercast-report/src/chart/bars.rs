//! Small bars beside a number that says the same.

use crate::chart::scale::Linear;
use crate::chart::svg::Svg;

/// A probability as a bar of full width 1, with its standard error.
pub fn probability_bar(probability: f64, standard_error: f64) -> String {
    let mut svg = Svg::new(160.0, 12.0);
    let map = Linear {
        domain: (0.0, 1.0),
        range: (0.5, 159.5),
    };
    svg.rectangle("track", (0.5, 2.0), (159.0, 8.0));
    svg.rectangle(
        "fill",
        (0.5, 2.0),
        (map.at(probability.clamp(0.0, 1.0)) - 0.5, 8.0),
    );
    let low = map.at((probability - standard_error).clamp(0.0, 1.0));
    let high = map.at((probability + standard_error).clamp(0.0, 1.0));
    svg.line("error", (low, 6.0), (high.max(low + 1.0), 6.0));
    svg.ornament("bar")
}

/// The widest ratio that [`range_bar`] shows.
const WIDEST: f64 = 8.0;

/// A 90 % range relative to its median on a logarithmic scale from ⅛ to 8 times. None if it is not positive.
pub fn range_bar(low: f64, median: f64, high: f64) -> Option<String> {
    if !(low > 0.0 && median > 0.0 && high.is_finite() && low <= median && median <= high) {
        return None;
    }
    let mut svg = Svg::new(120.0, 12.0);
    let map = Linear {
        domain: (-libm::log2(WIDEST), libm::log2(WIDEST)),
        range: (1.0, 119.0),
    };
    let place = |value: f64| map.at(libm::log2((value / median).clamp(1.0 / WIDEST, WIDEST)));
    svg.line(
        "range c1",
        (place(low), 6.0),
        (place(high).max(place(low) + 1.0), 6.0),
    );
    svg.circle("mark c1", (60.0, 6.0), 3.2);
    // A range wider than the scale ends in an arrow.
    if high / median > WIDEST {
        svg.polygon("mark c1", &[(115.0, 2.0), (120.0, 6.0), (115.0, 10.0)]);
    }
    if median / low > WIDEST {
        svg.polygon("mark c1", &[(5.0, 2.0), (0.0, 6.0), (5.0, 10.0)]);
    }
    Some(svg.ornament("bar"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn range_bars_need_positive_numbers_in_order() {
        assert!(range_bar(1.0, 2.0, 4.0).is_some());
        assert!(range_bar(0.0, 2.0, 4.0).is_none());
        assert!(range_bar(-1.0, 2.0, 4.0).is_none());
        assert!(range_bar(3.0, 2.0, 4.0).is_none());
        assert!(range_bar(f64::NAN, 2.0, 4.0).is_none());
        assert!(range_bar(0.01, 2.0, 400.0).is_some_and(|svg| svg.matches("<path").count() == 2));
    }

    #[test]
    fn a_bar_is_as_long_as_its_probability() {
        assert!(
            probability_bar(0.5, 0.0).contains("class=\"fill\" x=\"0.5\" y=\"2\" width=\"79.5\"")
        );
        assert!(
            probability_bar(2.0, 0.0).contains("class=\"fill\" x=\"0.5\" y=\"2\" width=\"159\"")
        );
    }
}
