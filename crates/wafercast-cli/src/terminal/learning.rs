//! What to look up next, on the screen.

use std::fmt::Write;

use wafercast_analysis::TargetKind;
use wafercast_analysis::learn::{Lead, Learning, TargetLearning};

use super::columns::columns;
use super::{heading, number, shorten, wrap};
use crate::console::{FAINT, styled};

/// Characters of a quantity as written.
const WRITTEN: usize = 26;
/// Sources named.
const SOURCES: usize = 2;

/// What to look up for all claims together, so many quantities.
pub fn in_short(learning: &Learning, show: usize, width: usize) -> String {
    let mut text = heading("Look this up next");
    if learning.overall.is_empty() {
        text.push_str("No single quantity, if it were known, would change an answer noticeably.\n");
        return text;
    }
    let words = "Quantities by what knowing them would remove of the uncertainty of all claims together (the expected fall of \
         the sum of p·(1 − p)).";
    for line in wrap(words, width) {
        let _ = writeln!(text, "{}", styled(FAINT, &line));
    }
    text.push_str(&table(learning, &learning.overall, show, width, false));
    text
}

/// For all claims together, then for each target.
pub fn in_full(learning: &Learning, show: usize, width: usize) -> String {
    let mut text = in_short(learning, show, width);
    for target in &learning.targets {
        text.push('\n');
        for line in wrap(&title(target), width) {
            text.push_str(&heading(&line));
        }
        if target.leads.is_empty() {
            text.push_str("nothing to look up: it is as good as decided, or no single quantity would change it\n");
            continue;
        }
        let claim = target.kind == TargetKind::Claim;
        text.push_str(&table(learning, &target.leads, show, width, claim));
    }
    let threshold = number::percent(learning.threshold, 2);
    let words = format!(
        "Removes: share of the variance that knowing the quantity removes, in expectation, ± its sampling error over {} draws. \
         Decides: what knowing it is worth to someone who acts on the claim above {threshold}, gaining what is left of 100 in \
         100 futures where the claim is true and losing the threshold where it is not; 0 where it would not change the act.",
        number::grouped(learning.draws)
    );
    text.push('\n');
    for line in wrap(&words, width) {
        let _ = writeln!(text, "{}", styled(FAINT, &line));
    }
    text
}

fn title(target: &TargetLearning) -> String {
    let mean = target.mean.value;
    match target.kind {
        TargetKind::Claim => format!(
            "{} · true in {} of futures",
            target.says,
            number::percent(mean, 2)
        ),
        TargetKind::Metric => format!(
            "{} · mean {}, standard deviation {}",
            target.says,
            number::quantity(mean, &target.unit, 3),
            number::quantity(target.variance.sqrt(), &target.unit, 2)
        ),
    }
}

fn table(learning: &Learning, leads: &[Lead], show: usize, width: usize, claim: bool) -> String {
    let mut head = vec!["quantity", "removes"];
    head.push(if claim { "decides" } else { "as written" });
    head.push("rests on");
    let rows: Vec<Vec<String>> = leads
        .iter()
        .take(show)
        .map(|lead| row(learning, lead, claim))
        .collect();
    columns(&head, &rows, width)
}

fn row(learning: &Learning, lead: &Lead, claim: bool) -> Vec<String> {
    let mut row = vec![
        lead.name.clone(),
        format!(
            "{:.1} ± {:.1} %",
            100.0 * lead.removes.value,
            100.0 * lead.removes.standard_error
        ),
    ];
    if claim {
        row.push(lead.decides.map_or_else(String::new, |worth| {
            if worth.value > 2.0 * worth.standard_error {
                format!(
                    "{:.1} ± {:.1}",
                    100.0 * worth.value,
                    100.0 * worth.standard_error
                )
            } else {
                "0".to_owned()
            }
        }));
    }
    let (written, sources) = match learning.basis_of(&lead.name) {
        None => (String::new(), String::new()),
        Some(basis) => {
            let written = if lead.event {
                format!("happens: {}", basis.text)
            } else {
                basis.text.clone()
            };
            let sources = match basis.sources.as_slice() {
                [] => "an assumption".to_owned(),
                sources if sources.len() > SOURCES => {
                    format!("{} … ({})", sources[0], sources.len())
                }
                sources => sources.join(", "),
            };
            (written, sources)
        }
    };
    if !claim {
        row.push(shorten(&written, WRITTEN));
    }
    row.push(shorten(&sources, WRITTEN));
    row
}
