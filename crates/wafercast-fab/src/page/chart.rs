//! Charts as SVG. All text goes through [`escape`].

use std::fmt::Write;

use crate::simulate::ToolState;

/// Makes text safe in HTML and SVG.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            control if control.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// A line over days.
pub struct Line<'a> {
    /// Title, which names the chart.
    pub title: &'a str,
    /// Unit of the values.
    pub unit: &'a str,
    /// Days.
    pub x: &'a [f64],
    /// Values; gaps where there is none.
    pub y: &'a [Option<f64>],
}

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 46.0;
const BOTTOM: f64 = 26.0;

/// A step of 1, 2 or 5 times a power of ten that gives about five ticks.
fn tick_step(range: f64) -> f64 {
    let mut step = 1.0;
    while step * 5.0 < range {
        step *= 10.0;
    }
    while step > range / 5.0 && step > 1e-9 {
        step /= 10.0;
    }
    [10.0, 5.0, 2.0, 1.0]
        .into_iter()
        .map(|factor| factor * step)
        .find(|step| *step <= range / 4.0)
        .unwrap_or(step)
}

/// A line chart from zero.
pub fn line(line: &Line<'_>) -> String {
    let top = line
        .y
        .iter()
        .flatten()
        .fold(0.0f64, |a, &b| a.max(b))
        .max(1e-6)
        * 1.08;
    let (first, last) = (
        line.x.first().copied().unwrap_or(0.0),
        line.x.last().copied().unwrap_or(1.0),
    );
    let x = |day: f64| LEFT + (day - first) / (last - first).max(1e-9) * (WIDTH - LEFT - 8.0);
    let y = |value: f64| 8.0 + (1.0 - value / top) * (HEIGHT - BOTTOM - 8.0);
    let mut svg = String::new();
    let step = tick_step(top);
    let mut tick = 0.0;
    while tick <= top {
        let at = y(tick);
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{WIDTH}\" y2=\"{at:.1}\"/><text class=\"end\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            LEFT - 6.0,
            at + 4.0,
            short(tick)
        );
        tick += step;
    }
    let step = tick_step(last - first);
    let mut tick = (first / step).ceil() * step;
    while tick <= last {
        let _ = write!(
            svg,
            "<text class=\"middle\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x(tick),
            HEIGHT - 8.0,
            short(tick)
        );
        tick += step;
    }
    let mut path = String::new();
    let mut pen_down = false;
    for (&day, value) in line.x.iter().zip(line.y) {
        match value {
            Some(value) => {
                let _ = write!(
                    path,
                    "{}{:.1} {:.1}",
                    if pen_down { "L" } else { "M" },
                    x(day),
                    y(*value)
                );
                pen_down = true;
            }
            None => pen_down = false,
        }
    }
    let _ = write!(svg, "<path class=\"line\" d=\"{path}\"/>");
    format!(
        "<figure><figcaption>{title}, {unit}; across: days</figcaption><svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\">{svg}</svg></figure>\n",
        title = escape(line.title),
        unit = escape(line.unit)
    )
}

fn short(value: f64) -> String {
    if value == value.trunc() {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

/// Height of a state's bar in a Gantt chart, of 1: it tells states apart without colour.
fn height(state: ToolState) -> f64 {
    match state {
        ToolState::Productive | ToolState::Repair => 1.0,
        ToolState::Setup => 0.65,
        ToolState::Maintenance => 0.45,
        ToolState::Standby => 0.2,
        ToolState::Absent => 0.1,
    }
}

/// The key to the states: of their colours, or of colours and heights.
fn key(heights: bool) -> String {
    let items: String = ToolState::ALL
        .iter()
        .map(|&state| {
            let tall = 14.0 * if heights { height(state) } else { 1.0 };
            format!(
                "<span><svg class=\"swatch\" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><rect class=\"s{}\" y=\"{:.1}\" width=\"14\" height=\"{tall:.1}\"/></svg>{}</span>",
                state as usize,
                (14.0 - tall) / 2.0,
                state.name()
            )
        })
        .collect();
    format!("<p class=\"key\">{items}</p>\n")
}

/// Stacked bars of shares in percent, in the order productive, setup, maintenance, repair, standby, absent.
pub fn stacks(bars: &[(String, [f64; 6])]) -> String {
    const ORDER: [ToolState; 6] = [
        ToolState::Productive,
        ToolState::Setup,
        ToolState::Maintenance,
        ToolState::Repair,
        ToolState::Standby,
        ToolState::Absent,
    ];
    let mut out = key(false);
    out.push_str("<div class=\"bars\">\n");
    for (name, shares) in bars {
        let mut svg = String::new();
        let mut at = 0.0;
        for state in ORDER {
            let share = shares[state as usize];
            let _ = write!(
                svg,
                "<rect class=\"s{}\" x=\"{at:.2}\" width=\"{share:.2}\" height=\"10\"><title>{} {share:.1} %</title></rect>",
                state as usize,
                state.name()
            );
            at += share;
        }
        let _ = writeln!(
            out,
            "<span class=\"name\">{}</span><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"productive {:.1} %\">{svg}</svg>",
            escape(name),
            shares[ToolState::Productive as usize]
        );
    }
    out.push_str("</div>\n");
    out
}

/// A row of a Gantt chart: its name, and states from hour to hour.
pub type GanttRow = (String, Vec<(ToolState, f64, f64)>);

/// A Gantt chart: rows of states over hours.
pub fn gantt(rows: &[GanttRow], hours: f64) -> String {
    let mut out = key(true);
    let whole = rows.len() as f64 * 14.0 + BOTTOM;
    let x = |hour: f64| LEFT + hour / hours.max(1e-9) * (WIDTH - LEFT - 8.0);
    let mut svg = String::new();
    for (at, (name, bars)) in rows.iter().enumerate() {
        let top = at as f64 * 14.0;
        let _ = write!(
            svg,
            "<text class=\"end\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            LEFT - 6.0,
            top + 10.0,
            escape(name)
        );
        for &(state, from, to) in bars {
            let tall = 11.0 * height(state);
            let _ = write!(
                svg,
                "<rect class=\"s{}\" x=\"{:.2}\" y=\"{:.1}\" width=\"{:.2}\" height=\"{tall:.1}\"><title>{}: {:.1} hours</title></rect>",
                state as usize,
                x(from),
                top + (11.0 - tall) / 2.0,
                x(to) - x(from),
                state.name(),
                to - from
            );
        }
    }
    let step = tick_step(hours);
    let mut tick = 0.0;
    while tick <= hours {
        let _ = write!(
            svg,
            "<text class=\"middle\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x(tick),
            whole - 8.0,
            short(tick)
        );
        tick += step;
    }
    let _ = writeln!(
        out,
        "<figure><figcaption>Down: tools; across: hours</figcaption><div class=\"wide\"><svg class=\"chart gantt\" viewBox=\"0 0 {WIDTH} {whole}\" role=\"img\" aria-label=\"States of the tools over time\">{svg}</svg></div></figure>"
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_few_and_round() {
        for range in [0.3, 1.0, 7.0, 52.0, 365.0, 2_400.0] {
            let step = tick_step(range);
            assert!((3.0..=11.0).contains(&(range / step)), "{range}: {step}");
        }
    }

    #[test]
    fn text_is_escaped() {
        let name = "<script>".to_owned();
        assert!(!stacks(&[(name.clone(), [0.0; 6])]).contains("<script>"));
        assert!(!gantt(&[(name, Vec::new())], 1.0).contains("<script>"));
    }
}
