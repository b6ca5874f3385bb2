//! Ranges as multiples of what was observed, one row each, on a scale of halves and doubles.

use crate::chart::range::Mark;
use crate::chart::svg::{Anchor, Svg};
use crate::text::Text;

/// A row: what it is about, and ranges as multiples of the observed value.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its name.
    pub name: Text,
    /// 5th, 25th, 50th, 75th and 95th percentile of each range, observed = 1.
    pub ranges: Vec<(Mark, [f64; 5])>,
    /// The observation's own 90 % range, if it has one.
    pub observed: Option<[f64; 2]>,
}

/// How far the axis may reach, as a power of two.
const FARTHEST: f64 = 4.0;

/// Draws rows. `wide` puts the names at the left, else they stand above their ranges.
pub fn ratio_svg(rows: &[Row], wide: bool, title: &Text, labelled_by: &str) -> String {
    let (width, left) = if wide { (1040.0, 300.0) } else { (340.0, 8.0) };
    let right = width - 14.0;
    let deepest = rows.iter().map(|row| row.ranges.len()).max().unwrap_or(1);
    let (pitch, above) = (13.0, if wide { 0.0 } else { 15.0 });
    let row_height = pitch * deepest as f64 + above + 11.0;
    let top = 24.0;
    let height = top + row_height * rows.len() as f64 + 6.0;
    let (low, high) = reach(rows);
    let at = |ratio: f64| {
        let power = libm::log2(ratio.max(1e-9)).clamp(low, high);
        left + (power - low) / (high - low) * (right - left)
    };
    let mut svg = Svg::new(width, height);
    let mut power = low;
    while power <= high + 1e-9 {
        let x = at(libm::exp2(power));
        let class = if power == 0.0 { "rule" } else { "grid" };
        svg.line(class, (x, top - 4.0), (x, height - 4.0));
        svg.text("", (x, top - 9.0), Anchor::Middle, &tick(power));
        power += 1.0;
    }
    for (k, row) in rows.iter().enumerate() {
        let y = top + row_height * k as f64;
        if wide {
            let middle = y + 6.0 + 0.5 * pitch * row.ranges.len() as f64 + 4.0;
            svg.text("name", (left - 14.0, middle), Anchor::End, &row.name);
        } else {
            svg.text("name", (left, y + 14.0), Anchor::Start, &row.name);
        }
        let first = y + 6.0 + above + 0.5 * pitch;
        if let Some([from, to]) = row.observed {
            let bottom = first + pitch * (row.ranges.len() as f64 - 0.5);
            let corner = (at(from), first - 0.5 * pitch);
            svg.rectangle("track", corner, (at(to) - at(from), bottom - corner.1));
        }
        for (j, (mark, range)) in row.ranges.iter().enumerate() {
            let y = first + pitch * j as f64;
            let [p05, p25, p50, p75, p95] = range.map(&at);
            svg.line(&format!("whisker {}", mark.class()), (p05, y), (p95, y));
            svg.line(&format!("box {}", mark.class()), (p25, y), (p75, y));
            mark.draw(&mut svg, (p50, y));
        }
        svg.polygon(
            "seen-mark",
            &diamond(
                at(1.0),
                first + 0.5 * pitch * (row.ranges.len() as f64 - 1.0),
            ),
        );
    }
    svg.named(if wide { "wide" } else { "narrow" }, title, labelled_by, "")
}

fn diamond(x: f64, y: f64) -> [(f64, f64); 4] {
    [(x - 4.5, y), (x, y - 4.5), (x + 4.5, y), (x, y + 4.5)]
}

/// Powers of two that hold all ranges, at least a half to a double.
fn reach(rows: &[Row]) -> (f64, f64) {
    let (mut low, mut high) = (-1.0_f64, 1.0_f64);
    for (_, range) in rows.iter().flat_map(|row| &row.ranges) {
        low = low.min(libm::log2(range[0].max(1e-9)).floor());
        high = high.max(libm::log2(range[4].max(1e-9)).ceil());
    }
    (low.max(-FARTHEST), high.min(FARTHEST))
}

fn tick(power: f64) -> Text {
    let shown = libm::exp2(power.abs());
    Text::same(if power < 0.0 {
        format!("1/{shown}×")
    } else {
        format!("{shown}×")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_holds_what_is_drawn() {
        let row = |range| Row {
            name: Text::same("a"),
            ranges: vec![(Mark::Circle, range)],
            observed: None,
        };
        assert_eq!(reach(&[row([0.9, 1.0, 1.0, 1.0, 1.1])]), (-1.0, 1.0));
        assert_eq!(reach(&[row([0.2, 1.0, 1.0, 1.0, 5.0])]), (-3.0, 3.0));
        assert_eq!(reach(&[row([0.0, 1.0, 1.0, 1.0, 1e9])]), (-4.0, 4.0));
    }
}
