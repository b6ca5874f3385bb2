//! The claims and their answers.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};
use wafercast::summary::{ClaimResult, Summary};

use super::{display_name, heading, number};

/// Resources named where a claim fails.
const BINDING_SHOWN: usize = 2;

/// The table of claims; `None` without claims.
pub fn of_summary(summary: &Summary, width: usize) -> Option<String> {
    if summary.claims.is_empty() {
        return None;
    }
    let answer_width = 19;
    let why_width = width * 3 / 10;
    let claim_width = width - answer_width - why_width;
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width as u16)
        .set_header(["claim", "true in … of 100", "what binds where it fails"])
        .set_constraints(
            [claim_width, answer_width, why_width]
                .map(|columns| ColumnConstraint::Absolute(Width::Fixed(columns as u16))),
        );
    for claim in &summary.claims {
        table.add_row([claim.says.clone(), answer(claim), reason(summary, claim)]);
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if index == 2 { 0 } else { 2 }));
    }
    if let Some(column) = table.column_mut(1) {
        column.set_cell_alignment(CellAlignment::Left);
    }
    let mut text = heading("Claims");
    text.push_str(&table.trim_fmt());
    text.push('\n');
    Some(text)
}

/// `37 ± 0.5`, or the verdict in words.
pub fn answer(claim: &ClaimResult) -> String {
    match (claim.probability, &claim.verdict) {
        (Some(probability), _) => {
            let chance = hundredths(probability);
            match claim.standard_error {
                Some(error) if error > 0.0 => {
                    format!("{chance} ± {}", number::short(100.0 * error, 1))
                }
                _ => chance,
            }
        }
        (None, Some(verdict)) => format!("{verdict} (facts)"),
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
}
