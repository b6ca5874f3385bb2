//! A fan chart in characters: median, 50 % and 90 % bands over months or quarters.

use std::fmt::Write;

use wafercast::summary::{Series, Summary};

use super::{heading, number};
use crate::console::{FAINT, STRONG, styled};

const HEIGHT: usize = 12;
/// Columns of the axis: a label, a space and a tick.
const AXIS: usize = 9;

const OUTER: char = '░';
const INNER: char = '▒';
const MEDIAN: char = '━';
const DATA_END: char = '┊';

/// One column's worth of the fan.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// `2027-03` or `2027-Q1`
    pub period: String,
    /// 5th, 25th, 50th, 75th and 95th percentile.
    pub quantiles: [f64; 5],
}

/// The fan of the home industry's output in units; `None` if the summary has no such series.
pub fn of_summary(summary: &Summary, width: usize) -> Option<String> {
    let candidates: Vec<&Series> = summary
        .series
        .iter()
        .filter(|series| {
            series.metric == "units"
                && series.of == "home"
                && series.depth.as_deref().unwrap_or("designed") == "designed"
        })
        .collect();
    let months = points(&candidates, is_month);
    let quarters = points(&candidates, is_quarter);
    let room = width.saturating_sub(AXIS);
    let (points, per) = if !months.is_empty() && months.len() <= room {
        (months, "month")
    } else {
        (quarters, "quarter")
    };
    if points.is_empty() || points.len() > room {
        return None;
    }
    let title = format!("Home accelerators delivered, units per {per}");
    let data_until = summary.run.data_until.as_deref();
    Some(render(&title, &points, data_until, width))
}

/// Draws a fan.
pub fn render(title: &str, points: &[Point], data_until: Option<&str>, width: usize) -> String {
    let columns = (width.saturating_sub(AXIS) / points.len().max(1)).clamp(1, 3);
    let highest = points
        .iter()
        .map(|point| point.quantiles[4])
        .fold(0.0, f64::max);
    let top = nice_top(highest);
    let data_end = data_until.and_then(|date| {
        points
            .iter()
            .position(|point| period_start(&point.period).as_str() >= date)
    });

    let mut text = heading(title);
    for row in (0..HEIGHT).rev() {
        let label = if (row + 1) % 4 == 0 {
            number::short(top * (row + 1) as f64 / HEIGHT as f64, 2)
        } else {
            String::new()
        };
        let tick = if label.is_empty() { '│' } else { '┤' };
        let _ = write!(text, "{label:>width$} {tick}", width = AXIS - 2);
        let cells: String = points
            .iter()
            .enumerate()
            .flat_map(|(index, point)| {
                let cell = cell(point, row, top);
                let first = match cell {
                    ' ' if data_end == Some(index) => DATA_END,
                    other => other,
                };
                std::iter::once(first).chain(std::iter::repeat_n(cell, columns - 1))
            })
            .collect();
        text.push_str(&painted(cells.trim_end()));
        text.push('\n');
    }
    let _ = write!(text, "{:>width$} └", 0, width = AXIS - 2);
    text.push_str(&axis(points, columns));
    text.push('\n');
    text.push_str(&legend(data_end.is_some()));
    text
}

/// The character of a point in a row: the median's row, else the innermost band that reaches the row's middle.
fn cell(point: &Point, row: usize, top: f64) -> char {
    let step = top / HEIGHT as f64;
    let middle = (row as f64 + 0.5) * step;
    let [p05, p25, p50, p75, p95] = point.quantiles;
    // A value of exactly zero (a line not opened, a chip not launched) leaves the chart empty.
    if p50 > 0.0 && row_of(p50, step) == row {
        MEDIAN
    } else if p25 <= middle && middle <= p75 {
        INNER
    } else if p05 <= middle && middle <= p95 {
        OUTER
    } else {
        ' '
    }
}

fn row_of(value: f64, step: f64) -> usize {
    ((value / step) as usize).min(HEIGHT - 1)
}

fn painted(cells: &str) -> String {
    let mut text = String::new();
    for (index, part) in cells.split(MEDIAN).enumerate() {
        if index > 0 {
            text.push(MEDIAN);
        }
        text.push_str(part);
    }
    // Only the median is emphasised; the bands differ by their characters.
    text.replace(MEDIAN, &styled(STRONG, MEDIAN.encode_utf8(&mut [0; 4])))
}

/// Years under their first column; the corner above stands for the first column's left edge.
fn axis(points: &[Point], columns: usize) -> String {
    let total = points.len() * columns;
    let mut line = vec!['─'; total];
    for (index, point) in points.iter().enumerate() {
        if is_first_of_year(&point.period) || index == 0 {
            let year: Vec<char> = point.period.chars().take(4).collect();
            let at = index * columns;
            let free =
                at + year.len() <= total && line[at..(at + year.len())].iter().all(|c| *c == '─');
            if free {
                line[at..at + year.len()].copy_from_slice(&year);
            }
        }
    }
    line.into_iter().collect()
}

fn legend(has_data_end: bool) -> String {
    let mut text = format!(
        "{:AXIS$}{MEDIAN} median  {INNER} 50 %  {OUTER} 90 % of futures",
        ""
    );
    if has_data_end {
        let _ = write!(text, "  {DATA_END} data end");
    }
    format!("{}\n", styled(FAINT, &text))
}

/// The smallest of 1, 1.2, 1.5, 2, 3, 4, 6, 8 times a power of ten that is not below `value`: a third and two thirds of it
/// are short numbers, too.
fn nice_top(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 1.0;
    }
    let mut power = 1.0;
    while power > value {
        power /= 10.0;
    }
    while power * 10.0 <= value {
        power *= 10.0;
    }
    [1.0, 1.2, 1.5, 1.8, 2.1, 2.4, 3.0, 3.6, 4.5, 6.0, 7.5, 9.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|top| *top >= value)
        .unwrap_or(10.0 * power)
}

fn points(series: &[&Series], wanted: fn(&str) -> bool) -> Vec<Point> {
    let mut points: Vec<Point> = series
        .iter()
        .filter(|series| wanted(&series.period))
        .map(|series| {
            let stats = &series.stats;
            Point {
                period: series.period.clone(),
                quantiles: [stats.p05, stats.p25, stats.p50, stats.p75, stats.p95],
            }
        })
        .collect();
    points.sort_by(|a, b| a.period.cmp(&b.period));
    points
}

/// `2027-03`
pub fn is_month(period: &str) -> bool {
    period.len() == 7 && !period.contains('Q') && !period.contains('.')
}

/// `2027-Q1`
pub fn is_quarter(period: &str) -> bool {
    period.len() == 7 && period.contains('Q')
}

/// `2027`
pub fn is_year(period: &str) -> bool {
    period.len() == 4
}

fn is_first_of_year(period: &str) -> bool {
    period.ends_with("-01") || period.ends_with("-Q1")
}

/// First month of a period: `2027-Q2` → `2027-04`.
pub fn period_start(period: &str) -> String {
    let months = [
        ("-Q1", "-01"),
        ("-Q2", "-04"),
        ("-Q3", "-07"),
        ("-Q4", "-10"),
    ];
    for (quarter, month) in months {
        if let Some(year) = period.strip_suffix(quarter) {
            return format!("{year}{month}");
        }
    }
    period.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tops_are_not_below_the_value_and_not_far_above() {
        for value in [0.001, 0.7, 1.0, 3.3, 9.1, 99.0, 812_000.0, 1e12] {
            let top = nice_top(value);
            assert!(top >= value && top <= value * 1.6, "{value} {top}");
        }
        assert_eq!(nice_top(0.0), 1.0);
        assert_eq!(nice_top(f64::NAN), 1.0);
    }

    #[test]
    fn a_point_value_is_a_line_of_medians() {
        let points: Vec<Point> = (1..=12)
            .map(|month| Point {
                period: format!("2026-{month:02}"),
                quantiles: [6.0; 5],
            })
            .collect();
        let text = render("t", &points, None, 40);
        let text = anstream::adapter::strip_str(&text).to_string();
        assert_eq!(text.matches(MEDIAN).count(), 12 * 2 + 1, "{text}");
        assert_eq!(text.matches(OUTER).count(), 1, "only in the legend: {text}");
    }

    #[test]
    fn quarters_start_with_their_first_month() {
        assert_eq!(period_start("2027-Q2"), "2027-04");
        assert_eq!(period_start("2027-05"), "2027-05");
    }
}
