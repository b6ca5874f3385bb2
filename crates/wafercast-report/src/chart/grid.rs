//! Probabilities over a grid of two changes, shaded, with the line on which a level is met.

use crate::chart::axis::Frame;
use crate::chart::scale::Linear;
use crate::chart::svg::{Anchor, Svg};
use crate::number::percent;
use crate::text::Text;

/// A grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// What changes from row to row (upwards) and from column to column.
    pub names: (Text, Text),
    /// The changes as written.
    pub rows: Vec<Text>,
    /// The same of the columns.
    pub columns: Vec<Text>,
    /// By row and column.
    pub probability: Vec<Vec<f64>>,
    /// The line, in places of rows and columns.
    pub line: Vec<(f64, f64)>,
}

/// Draws a grid.
pub fn grid_svg(grid: &Grid, title: &Text, labelled_by: &str) -> String {
    let frame = Frame {
        height: 330.0,
        left: 52.0,
        right: 8.0,
        top: 26.0,
        bottom: 44.0,
        ..Frame::PANEL
    };
    let mut svg = Svg::new(frame.width, frame.height);
    let places = |count: usize, range: (f64, f64)| Linear {
        domain: (-0.5, count as f64 - 0.5),
        range,
    };
    let across = places(grid.columns.len(), frame.across());
    let upward = places(grid.rows.len(), frame.upward());
    let (bottom, _) = frame.upward();
    for (r, row) in grid.probability.iter().enumerate() {
        for (c, p) in row.iter().enumerate() {
            let (x, y) = (across.at(c as f64 - 0.5), upward.at(r as f64 + 0.5));
            let size = (
                across.at(c as f64 + 0.5) - x - 1.0,
                upward.at(r as f64 - 0.5) - y - 1.0,
            );
            let shade = ((p * 5.0) as usize).min(4);
            svg.rectangle("track", (x, y), size);
            if *p >= 0.05 {
                svg.rectangle(&format!("k-die q{shade}"), (x, y), size);
            }
            let middle = (across.at(c as f64), upward.at(r as f64) + 3.8);
            let class = if shade >= 3 { "on-dark" } else { "mean" };
            let number = Text::each(|language| {
                let text = percent(*p);
                text.get(language)
                    .trim_end_matches(['%', '\u{a0}'])
                    .to_owned()
            });
            svg.text(class, middle, Anchor::Middle, &number);
        }
    }
    let line: Vec<(f64, f64)> = grid
        .line
        .iter()
        .map(|(row, column)| (across.at(*column), upward.at(*row)))
        .collect();
    svg.polyline("level", &line);
    for (r, label) in grid.rows.iter().enumerate() {
        svg.text(
            "",
            (frame.left - 5.0, upward.at(r as f64) + 3.8),
            Anchor::End,
            label,
        );
    }
    for (c, label) in grid.columns.iter().enumerate() {
        // Every other label has room on a phone.
        if c % 2 == 0 {
            svg.text(
                "",
                (across.at(c as f64), bottom + 14.0),
                Anchor::Middle,
                label,
            );
        }
    }
    svg.text("unit", (0.0, 12.0), Anchor::Start, &grid.names.0);
    svg.text(
        "unit",
        (frame.width - frame.right, bottom + 34.0),
        Anchor::End,
        &grid.names.1,
    );
    svg.named("panel", title, labelled_by, "")
}
