//! The headline: the numbers of the answer in sentences. Numbers that differ in depth only share a sentence.

use wafercast::summary::{Headline, Summary};

use super::{display_name, number, wrap};
use crate::console::{FAINT, styled};

/// The headline sentences; `None` if there are none.
pub fn headlines(summary: &Summary, width: usize) -> Option<String> {
    if summary.headline.is_empty() {
        return None;
    }
    let mut text = String::new();
    let same = |a: &Headline, b: &Headline| {
        (&a.kind, &a.metric, &a.of, &a.period) == (&b.kind, &b.metric, &b.of, &b.period)
    };
    for group in summary.headline.chunk_by(same) {
        let lines = wrap(&sentence(summary, group), width.saturating_sub(2));
        for (index, line) in lines.iter().enumerate() {
            text.push_str(if index == 0 { "• " } else { "  " });
            text.push_str(line);
            text.push('\n');
        }
    }
    text.push_str(&styled(FAINT, "Medians; in brackets 90 % of futures."));
    text.push('\n');
    Some(text)
}

/// Numbers of one kind, metric and period, at one or more depths, as a sentence.
fn sentence(summary: &Summary, group: &[Headline]) -> String {
    let first = &group[0];
    let period = match first.period.strip_prefix("..") {
        Some(end) => format!("Up to {end}"),
        None => format!("In {}", first.period),
    };
    let counted = counted(&first.metric);
    match first.kind.as_str() {
        "share_of_purchases" => format!(
            "{period}, of the accelerators bought, by {counted}, {}.",
            by_depth(group, " are ")
        ),
        "coverage" => format!(
            "{period}, of the demand for accelerators, by {counted}, {}.",
            by_depth(group, " could be met with what is ")
        ),
        "units" if first.of == "home" => {
            format!(
                "{period}, accelerators delivered: {}.",
                by_depth(group, " ")
            )
        }
        "chance" => format!(
            "{period}, in {} of 100 futures: {}.",
            number::short(100.0 * first.stats.mean, 2),
            display_name(summary, &first.of)
        ),
        _ => format!(
            "{period}, {} of {}: {}.",
            first.kind.replace('_', " "),
            display_name(summary, &first.of),
            group.iter().map(value).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// `57 % (46 % to 68 %) designed at home, 41 % (30 % to 52 %) fabricated there …`
fn by_depth(group: &[Headline], verb: &str) -> String {
    let parts: Vec<String> = group
        .iter()
        .enumerate()
        .map(|(index, headline)| {
            let place = if index == 0 { "at home" } else { "there" };
            let made = match headline.depth.as_deref() {
                Some("fabricated") => format!("fabricated {place}"),
                Some("fully") => format!("made entirely {place}"),
                _ => format!("designed {place}"),
            };
            let verb = if index == 0 { verb } else { " " };
            format!("{}{verb}{made}", value(headline))
        })
        .collect();
    parts.join(", ")
}

/// `1.23 M (740 k to 1.7 M)`
fn value(headline: &Headline) -> String {
    let stats = &headline.stats;
    let digits = number::supported_digits(stats);
    let show = |value: f64, digits: usize| number::bare(value, &headline.unit, digits);
    let median = show(stats.p50, digits);
    if stats.p05 == stats.p95 {
        return median;
    }
    let (low, high) = (
        show(stats.p05, digits.min(2)),
        show(stats.p95, digits.min(2)),
    );
    // The percent sign once is enough.
    let low = low.strip_suffix(" %").unwrap_or(&low);
    format!("{median} ({low} to {high})")
}

/// What a share is counted in.
fn counted(metric: &str) -> &str {
    match metric {
        "h100e" => "compute (H100e)",
        "tpp" => "compute (TPP)",
        other => other,
    }
}
