//! What moves the answers, on the screen.

use std::fmt::Write;

use wafercast_analysis::TargetKind;
use wafercast_analysis::sensitivity::model::Estimate;
use wafercast_analysis::sensitivity::{Driver, Sensitivity, TargetSensitivity};

use super::columns::columns;
use super::{heading, number, wrap};
use crate::console::{FAINT, styled};

/// Topics named per target.
const TOPICS: usize = 5;
/// Columns of a tornado's bar on each side of the middle.
const HALF_BAR: usize = 6;

/// The whole of it, so many quantities per target.
pub fn text(found: &Sensitivity, show: usize, width: usize) -> String {
    let mut text = heading("What moves the answers");
    let words = format!(
        "Each quantity alone at its 10th, then at its 90th percentile, all else as in the same {} futures; \
         an event: without it, then with it. Swing: the difference ± its sampling error. Rank: rank correlation over {} draws. \
         Explains: the share of the variance that would go if the quantity were known. {} quantities are uncertain.",
        number::grouped(found.tornado_draws),
        number::grouped(found.draws),
        found.variables
    );
    for line in wrap(&words, width) {
        let _ = writeln!(text, "{}", styled(FAINT, &line));
    }
    for target in &found.targets {
        text.push('\n');
        text.push_str(&of_target(target, show, width));
    }
    text
}

fn of_target(target: &TargetSensitivity, show: usize, width: usize) -> String {
    let mut text = String::new();
    for line in wrap(&title(target), width) {
        text.push_str(&heading(&line));
    }
    if target.standard_deviation <= 0.0 {
        text.push_str("the same in every future: nothing moves it\n");
        return text;
    }
    if let Some(line) = topics(target) {
        for line in wrap(&line, width) {
            let _ = writeln!(text, "{line}");
        }
    }
    let shown = &target.drivers[..show.min(target.drivers.len())];
    if shown.is_empty() {
        text.push_str("no quantity alone has an effect that stands out from sampling error\n");
        return text;
    }
    let whole = shown.iter().any(|driver| driver.shapley.is_some());
    let range = shown
        .iter()
        .flat_map(|driver| [driver.low, driver.high])
        .map(|value| (value - target.mean.value).abs())
        .fold(0.0, f64::max);
    let mut head = vec!["quantity", "low", "", "high", "swing", "rank", "explains"];
    if whole {
        head.push("shapley");
    }
    let rows: Vec<Vec<String>> = shown
        .iter()
        .map(|driver| row(target, driver, range, whole))
        .collect();
    text.push_str(&columns(&head, &rows, width));
    text.push_str(&blocks(target, show, width));
    text
}

/// `units(home, 2027) · 2.44 M ± 0.9 M`: mean and spread; of a claim its probability.
fn title(target: &TargetSensitivity) -> String {
    let mean = value(target, target.mean.value);
    match target.kind {
        TargetKind::Claim => format!("{} · true in {mean} of futures", target.says),
        TargetKind::Metric => format!(
            "{} · mean {mean}, standard deviation {}",
            target.says,
            value(target, target.standard_deviation)
        ),
    }
}

fn value(target: &TargetSensitivity, value: f64) -> String {
    match target.kind {
        TargetKind::Claim => number::percent(value, 2),
        TargetKind::Metric => number::quantity(value, &target.unit, 3),
    }
}

fn row(target: &TargetSensitivity, driver: &Driver, range: f64, whole: bool) -> Vec<String> {
    let bare = |value: f64| match target.kind {
        TargetKind::Claim => number::percent(value, 2),
        TargetKind::Metric => number::bare(value, &target.unit, 3),
    };
    let name = if driver.event {
        format!("{} (event)", driver.name)
    } else {
        driver.name.clone()
    };
    let mut row = vec![
        name,
        bare(driver.low),
        bar(
            driver.low - target.mean.value,
            driver.high - target.mean.value,
            range,
        ),
        bare(driver.high),
        swing(target, &driver.swing),
        format!("{:+.2}", driver.rank.value).replace('-', "−"),
        share(&driver.explains),
    ];
    if whole {
        row.push(driver.shapley.as_ref().map_or_else(String::new, share));
    }
    row
}

/// `+13 ± 2 pt` for a probability or a share, else in the unit.
fn swing(target: &TargetSensitivity, swing: &Estimate) -> String {
    let sign = if swing.value < 0.0 { "−" } else { "+" };
    if target.kind == TargetKind::Claim || target.unit == "fraction" {
        let points = 100.0 * swing.value.abs();
        let error = 100.0 * swing.standard_error;
        let decimals = usize::from(points < 10.0 && error < 0.5);
        return format!("{sign}{points:.decimals$} ± {error:.1} pt");
    }
    let size = number::bare(swing.value.abs(), &target.unit, 2);
    format!(
        "{sign}{size} ± {}",
        number::bare(swing.standard_error, &target.unit, 1)
    )
}

/// A share with its error in percent; nothing where it is not above the error.
fn share(share: &Estimate) -> String {
    if share.value <= 2.0 * share.standard_error {
        return "·".to_owned();
    }
    format!(
        "{:.1} ± {:.1} %",
        100.0 * share.value,
        100.0 * share.standard_error
    )
}

/// A bar from low to high about the mean: filled towards the high end, hollow towards the low one.
fn bar(low: f64, high: f64, range: f64) -> String {
    let length = |x: f64| {
        if range > 0.0 {
            ((x.abs() / range) * HALF_BAR as f64).round() as usize
        } else {
            0
        }
    };
    let mut cells = vec![' '; 2 * HALF_BAR + 1];
    cells[HALF_BAR] = '│';
    for (end, mark) in [(low, '░'), (high, '█')] {
        for step in 1..=length(end).min(HALF_BAR) {
            let at = if end < 0.0 {
                HALF_BAR - step
            } else {
                HALF_BAR + step
            };
            // Where both ends lie on one side, the shorter stays in sight.
            if cells[at] == ' ' || length(end) < length(if mark == '█' { low } else { high }) {
                cells[at] = mark;
            }
        }
    }
    cells.into_iter().collect()
}

/// `By topic: memory (HBM) 41 ± 3 %, yield 30 ± 2 % …`
fn topics(target: &TargetSensitivity) -> Option<String> {
    let parts: Vec<String> = target
        .topics
        .iter()
        .take(TOPICS)
        .filter(|topic| topic.share.value > 2.0 * topic.share.standard_error)
        .map(|topic| {
            format!(
                "{} {:.0} ± {:.0} %",
                topic.topic.english(),
                100.0 * topic.share.value,
                100.0 * topic.share.standard_error
            )
        })
        .collect();
    (!parts.is_empty()).then(|| format!("Of its variance: {}", parts.join(", ")))
}

/// Sobol indices, if they were asked for.
fn blocks(target: &TargetSensitivity, show: usize, width: usize) -> String {
    if target.blocks.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = target
        .blocks
        .iter()
        .take(show)
        .filter(|block| block.total.value > 2.0 * block.total.standard_error)
        .map(|block| {
            let name = match block.names.as_slice() {
                [first, rest @ ..] if !rest.is_empty() => {
                    format!("{first} and {} correlated with it", rest.len())
                }
                names => names.join(", "),
            };
            vec![name, share(&block.first), share(&block.total)]
        })
        .collect();
    columns(&["Sobol indices", "first order", "total"], &rows, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_show_both_ends() {
        assert_eq!(bar(-1.0, 1.0, 1.0), "░░░░░░│██████");
        assert_eq!(bar(0.5, -1.0, 1.0), "██████│░░░   ");
        assert_eq!(bar(0.0, 0.0, 0.0).chars().count(), 13);
    }
}
