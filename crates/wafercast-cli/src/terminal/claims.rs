//! The claims and their answers.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use wafercast::summary::{ClaimResult, Summary};

use super::{display_name, heading, number, wrap};
use crate::console::{FAINT, styled};

/// Resources named where a claim fails.
const BINDING_SHOWN: usize = 2;

/// Columns of the answer: a bar, a space, `100 ± 0.5` or a verdict.
const ANSWER: usize = 21;
/// Columns of the bar.
const BAR: usize = 10;

/// The claims in a line each; `None` without claims. `whole` names the command that shows them whole.
pub fn in_short(summary: &Summary, width: usize, whole: &str) -> Option<String> {
    if summary.claims.is_empty() {
        return None;
    }
    let says_width = width - ANSWER - 2;
    let mut text = heading("Claims: true in … of 100 futures");
    for claim in &summary.claims {
        let lines = wrap(&claim.says, says_width);
        for (index, line) in lines.iter().enumerate() {
            let shown = if index == 0 {
                format!("{line:says_width$}  {}", bar_and_answer(claim))
            } else {
                format!("  {line}")
            };
            text.push_str(shown.trim_end());
            text.push('\n');
        }
    }
    let hint = format!("`{whole}` adds what binds where they fail, and answers from facts in full");
    for line in wrap(&hint, width) {
        text.push_str(&styled(FAINT, &line));
        text.push('\n');
    }
    Some(text)
}

/// The claims with what binds where they fail and the answers from facts; `None` without claims.
pub fn in_full(summary: &Summary, width: usize) -> Option<String> {
    if summary.claims.is_empty() {
        return None;
    }
    let reason_width = width * 2 / 5;
    let says_width = width - ANSWER - reason_width;
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width as u16)
        .set_header([
            "claim",
            "true in … of 100",
            "what binds where it fails; or why",
        ])
        .set_constraints(
            [says_width, ANSWER, reason_width]
                .map(|columns| ColumnConstraint::Absolute(Width::Fixed(columns as u16))),
        );
    for claim in &summary.claims {
        table.add_row([claim.says.clone(), answer(claim), reason(summary, claim)]);
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if index == 2 { 0 } else { 2 }));
    }
    let mut text = heading("Claims");
    text.push_str(&table.trim_fmt());
    text.push('\n');
    Some(text)
}

/// `███▋······ 37 ± 0.5`, or the verdict: the bar is for the eye, the number says the same.
fn bar_and_answer(claim: &ClaimResult) -> String {
    match claim.probability {
        Some(probability) => format!("{} {}", bar(probability), answer(claim)),
        None => answer(claim),
    }
}

fn bar(probability: f64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (probability.clamp(0.0, 1.0) * (8 * BAR) as f64).round() as usize;
    let mut bar = "█".repeat(eighths / 8);
    bar.push_str(EIGHTHS[eighths % 8]);
    let length = bar.chars().count();
    bar.push_str(&"·".repeat(BAR - length));
    bar
}

/// `37 ± 0.5`, or the verdict in words.
pub fn answer(claim: &ClaimResult) -> String {
    match (claim.probability, &claim.verdict) {
        (Some(probability), _) => {
            let chance = hundredths(probability);
            match claim.standard_error {
                // Next to certainty the error says no more than the sign.
                Some(error) if error > 0.0 && (0.01..=0.99).contains(&probability) => {
                    format!("{chance} ± {}", number::short(100.0 * error, 1))
                }
                _ => chance,
            }
        }
        (None, Some(verdict)) => verdict.clone(),
        (None, None) => "–".to_owned(),
    }
}

/// A probability as futures in 100; never rounded to certainty that the draws do not show.
fn hundredths(probability: f64) -> String {
    let percentage = 100.0 * probability;
    if percentage == 0.0 || percentage == 100.0 {
        format!("{percentage:.0}")
    } else if percentage < 1.0 {
        "< 1".to_owned()
    } else if percentage > 99.0 {
        "> 99".to_owned()
    } else {
        format!("{percentage:.0}")
    }
}

fn reason(summary: &Summary, claim: &ClaimResult) -> String {
    if let Some(answer) = &claim.answer {
        return answer.clone();
    }
    claim
        .binds_where_it_fails
        .iter()
        .take(BINDING_SHOWN)
        .map(|(resource, share)| {
            format!(
                "{} {}",
                display_name(summary, resource),
                number::percent(*share, 2)
            )
        })
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_certainty_is_not_certainty() {
        assert_eq!(hundredths(0.0), "0");
        assert_eq!(hundredths(0.004), "< 1");
        assert_eq!(hundredths(0.37), "37");
        assert_eq!(hundredths(0.9951), "> 99");
        assert_eq!(hundredths(1.0), "100");
    }

    #[test]
    fn bars_have_one_length() {
        for percentage in 0..=100 {
            let bar = bar(f64::from(percentage) / 100.0);
            assert_eq!(bar.chars().count(), BAR, "{percentage}: {bar}");
        }
        assert_eq!(bar(0.375), "███▊······");
        assert_eq!(bar(1.0), "██████████");
    }
}
