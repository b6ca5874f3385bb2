//! Quantile dotplots: each dot stands for the same number of futures (Kay, Kola, Hullman and Munson 2016), stacked as
//! Wilkinson (1999) does it.

use crate::chart::axis::Frame;
use crate::chart::scale::{Linear, ticks};
use crate::chart::svg::{Anchor, Svg};
use crate::number::Scale;
use crate::text::Text;

/// Stacks of dots: the place of each and how many dots it holds.
fn stacks(places: &[f64], diameter: f64) -> Vec<(f64, usize)> {
    let mut stacks = Vec::new();
    let mut index = 0;
    while index < places.len() {
        let start = places[index];
        let count = places[index..]
            .iter()
            .take_while(|place| **place < start + diameter)
            .count()
            .max(1);
        let end = places[index + count - 1];
        stacks.push(((start + end) / 2.0, count));
        index += count;
    }
    stacks
}

/// Draws quantiles of a value in `unit` as dots, the largest radius at which the highest stack fits. `median` is marked.
pub fn dots_svg(
    quantiles: &[f64],
    median: f64,
    unit: &str,
    frame: &Frame,
    title: &Text,
    labelled_by: &str,
) -> String {
    let mut svg = Svg::new(frame.width, frame.height);
    let mut sorted: Vec<f64> = quantiles
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    sorted.sort_by(f64::total_cmp);
    let largest = sorted.last().copied().unwrap_or(1.0);
    let largest = if unit == "fraction" {
        largest.max(1.0)
    } else {
        largest
    };
    let ticks = ticks(largest, if frame.is_wide() { 8 } else { 4 });
    let top_tick = ticks.last().copied().unwrap_or(1.0);
    let (left, right) = (14.0, frame.width - 20.0);
    let (bottom, top) = (frame.height - 36.0, 20.0);
    let map = Linear {
        domain: (0.0, top_tick),
        range: (left, right),
    };
    let places: Vec<f64> = sorted.iter().map(|value| map.at(*value)).collect();

    let (radius, stacks) = fitting_stacks(&places, bottom - top);
    for (x, count) in stacks {
        for level in 0..count {
            svg.circle(
                "dot",
                (x, bottom - radius - 2.0 * radius * level as f64 - 1.0),
                radius * 0.9,
            );
        }
    }
    svg.line("axis", (left, bottom), (right, bottom));
    let scale = Scale::new(unit, top_tick, 0.0).with_step(ticks.get(1).copied().unwrap_or(1.0));
    for tick in &ticks {
        let x = map.at(*tick);
        svg.line("axis", (x, bottom), (x, bottom + 4.0));
        svg.text("", (x, bottom + 15.5), Anchor::Middle, &scale.number(*tick));
    }
    svg.text(
        "unit",
        (right, bottom + 31.0),
        Anchor::End,
        &scale.caption(),
    );
    let x = map.at(median);
    svg.line("until", (x, bottom + 4.0), (x, top - 6.0));
    let (anchor, offset) = if x > frame.width / 2.0 {
        (Anchor::End, -4.0)
    } else {
        (Anchor::Start, 4.0)
    };
    svg.text(
        "note",
        (x + offset, 11.0),
        anchor,
        &crate::message::say(crate::Message::Median, &[]),
    );
    svg.named("panel", title, labelled_by, "")
}

fn fitting_stacks(places: &[f64], height: f64) -> (f64, Vec<(f64, usize)>) {
    let mut radius = 6.5;
    loop {
        let stacks = stacks(places, 2.0 * radius);
        let highest = stacks.iter().map(|(_, count)| *count).max().unwrap_or(0) as f64;
        if highest * 2.0 * radius <= height || radius < 1.6 {
            return (radius, stacks);
        }
        radius -= 0.25;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quantile_becomes_one_dot() {
        let places: Vec<f64> = (0..50).map(|i| f64::from(i * i) / 10.0).collect();
        for diameter in [2.0, 5.0, 12.0] {
            let total: usize = stacks(&places, diameter)
                .iter()
                .map(|(_, count)| count)
                .sum();
            assert_eq!(total, 50);
        }
        assert_eq!(stacks(&[1.0; 50], 4.0), [(1.0, 50)]);
    }

    #[test]
    fn stacks_fit() {
        let (radius, stacks) = fitting_stacks(&[10.0; 50], 160.0);
        assert!(stacks[0].1 as f64 * 2.0 * radius <= 160.0 + 1e-9);
    }
}
