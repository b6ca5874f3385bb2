//! What the evidence says, on the screen.

use std::fmt::Write;

use wafercast_analysis::TargetKind;
use wafercast_analysis::evidence::{
    Conflict, Evidence, Method, Observation, Output, Reason, Spread,
};

use super::columns::columns;
use super::{heading, number, shorten, wrap};

/// Outputs for which it is shown what each observation does.
const OUTPUTS_EXPLAINED: usize = 4;
/// Observations shown for each.
const MOST_SHIFTS: usize = 4;
/// Inputs shown.
const MOST_INPUTS: usize = 15;

/// The whole of it.
pub fn text(evidence: &Evidence, width: usize) -> String {
    let mut text = heading("Evidence: the forecast weighed by what was observed");
    for line in wrap(&method(evidence), width) {
        text.push_str(&line);
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&observations(evidence, width));
    text.push('\n');
    text.push_str(&outputs(evidence, width));
    text.push('\n');
    text.push_str(&inputs(evidence, width));
    text.push('\n');
    text.push_str(&shifts(evidence, width));
    text.push('\n');
    text.push_str(&conflicts(evidence, width));
    text
}

/// How the posterior was reached, and how far to trust it.
fn method(evidence: &Evidence) -> String {
    let draws = number::grouped(evidence.draws);
    let share = number::percent(evidence.effective_of_weights / evidence.draws as f64, 2);
    let effective = evidence.effective_of_weights;
    match evidence.method {
        Method::Weights => format!(
            "{draws} draws, each weighed by how well it agrees with {} observations: as good as {effective:.0} \
             draws of equal weight ({share}).",
            evidence.observations.len()
        ),
        Method::Tempered => format!(
            "Weighed by {} observations, {draws} draws would be as good as {effective:.0} ({share}), too few. So the \
             observations were brought in by degrees, and draws moved towards them: {} steps, {} further draws \
             simulated. The numbers after rest on {:.0} independent lineages.",
            evidence.observations.len(),
            evidence.steps.len(),
            number::grouped(evidence.simulated),
            evidence.effective
        ),
    }
}

fn interval(spread: &Spread, unit: &str) -> String {
    format!(
        "{} ({}–{})",
        number::quantity(spread.p50, unit, 2),
        number::bare(spread.p05, unit, 2),
        number::bare(spread.p95, unit, 2)
    )
}

fn bare_interval(spread: &Spread, unit: &str) -> String {
    let bare = |value| number::bare(value, unit, 2);
    format!(
        "{} ({}–{})",
        bare(spread.p50),
        bare(spread.p05),
        bare(spread.p95)
    )
}

fn observed(observation: &Observation) -> String {
    let [low, middle, high] = observation.observed;
    let bare = |value| number::bare(value, &observation.unit, 2);
    let middle = number::quantity(middle, &observation.unit, 2);
    format!("{middle} ({}–{})", bare(low), bare(high))
}

fn chance(p: f64) -> String {
    if p < 0.001 {
        "<0.001".to_owned()
    } else {
        format!("{p:.2}")
    }
}

fn observations(evidence: &Evidence, width: usize) -> String {
    let rows: Vec<Vec<String>> = evidence
        .observations
        .iter()
        .map(|one| {
            vec![
                one.name.clone(),
                observed(one),
                bare_interval(&one.prior, &one.unit),
                bare_interval(&one.posterior, &one.unit),
                chance(one.p_value),
                one.p_value_given_others.map_or("–".to_owned(), chance),
            ]
        })
        .collect();
    let head = ["observation", "observed", "before", "after", "p", "p|rest"];
    let mut text = columns(&head, &rows, width);
    for line in wrap(
        "Medians with 90 % ranges. p: chance of a report at least as far from the model's middle; p|rest: the same once all other observations \
         are weighed in.",
        width,
    ) {
        let _ = writeln!(text, "{line}");
    }
    for left in &evidence.left_out {
        let why = match left.why {
            Reason::Declared => "the scenario says `weigh = false`",
            Reason::Zero => "an observed zero needs a range to be weighed by",
            Reason::OutOfReach => "no draw comes near it: the inputs rule it out",
            Reason::Contradicts => "no draw agrees with it and with the others at once",
        };
        let _ = writeln!(text, "not weighed: {} ({why})", left.name);
    }
    text
}

fn outputs(evidence: &Evidence, width: usize) -> String {
    let is_claim = |output: &&Output| output.kind == TargetKind::Claim;
    let rows: Vec<Vec<String>> = evidence
        .outputs
        .iter()
        .filter(|output| !is_claim(output))
        .map(|output| {
            let unit = unit_of(output);
            vec![
                output.says.clone(),
                interval(&output.prior, unit),
                interval(&output.posterior, unit),
            ]
        })
        .collect();
    let mut text = columns(&["output", "before", "after"], &rows, width);
    let change = |output: &Output| (output.posterior.mean - output.prior.mean).abs();
    let (mut moved, still): (Vec<&Output>, Vec<&Output>) = evidence
        .outputs
        .iter()
        .filter(is_claim)
        .partition(|output| change(output) > 2.0 * (output.prior.se + output.posterior.se));
    moved.sort_by(|a, b| change(b).total_cmp(&change(a)));
    let shown = |spread: &Spread| format!("{:.1} ± {:.1}", 100.0 * spread.mean, 100.0 * spread.se);
    let rows: Vec<Vec<String>> = moved
        .iter()
        .map(|output| {
            vec![
                output.says.clone(),
                shown(&output.prior),
                shown(&output.posterior),
            ]
        })
        .collect();
    if !rows.is_empty() {
        text.push('\n');
        let head = [
            "claims that moved, true in … of 100 futures",
            "before",
            "after",
        ];
        text.push_str(&columns(&head, &rows, width));
    }
    if !still.is_empty() {
        let _ = writeln!(
            text,
            "{} claims moved by less than their error.",
            still.len()
        );
    }
    text
}

/// The unit for display: shares are fractions.
fn unit_of(output: &Output) -> &str {
    if output.name.starts_with("share_") || output.name.starts_with("coverage") {
        "fraction"
    } else {
        &output.unit
    }
}

fn inputs(evidence: &Evidence, width: usize) -> String {
    if evidence.inputs.is_empty() {
        return "No input moved by more than chance.\n".to_owned();
    }
    let rows: Vec<Vec<String>> = evidence
        .inputs
        .iter()
        .take(MOST_INPUTS)
        .map(|input| {
            vec![
                format!("{} {}", input.name, input.unit),
                interval(&input.prior, ""),
                interval(&input.posterior, ""),
                format!("{:+.1} sd", input.shift),
                format!("×{:.2}", input.narrowing),
            ]
        })
        .collect();
    let head = [
        "input that was learnt most about",
        "before",
        "after",
        "middle",
        "width",
    ];
    columns(&head, &rows, width)
}

fn shifts(evidence: &Evidence, width: usize) -> String {
    let mut rows = Vec::new();
    for output in evidence.outputs.iter().take(OUTPUTS_EXPLAINED) {
        let unit = unit_of(output);
        let mut of_output: Vec<_> = evidence
            .shifts
            .iter()
            .filter(|shift| shift.output == output.name)
            .collect();
        of_output.sort_by(|a, b| b.alone.abs().total_cmp(&a.alone.abs()));
        for (k, shift) in of_output.into_iter().take(MOST_SHIFTS).enumerate() {
            let says = if k == 0 { output.says.as_str() } else { "" };
            rows.push(vec![
                says.to_owned(),
                shorten(&name_of(evidence, &shift.evidence), 30),
                number::bare(shift.alone, unit, 2),
                format!("± {}", number::bare(shift.alone_se, unit, 1)),
                shift
                    .last
                    .map_or("–".to_owned(), |last| number::bare(last, unit, 2)),
            ]);
        }
    }
    let head = [
        "what moved the mean",
        "observation",
        "alone",
        "",
        "as the last",
    ];
    columns(&head, &rows, width)
}

/// The display name of an observation.
fn name_of(evidence: &Evidence, id: &str) -> String {
    let mut observations = evidence.observations.iter();
    let found = observations.find(|one| one.id == id);
    found.map_or_else(|| id.to_owned(), |one| one.name.clone())
}

fn conflicts(evidence: &Evidence, width: usize) -> String {
    let name = |id: &str| name_of(evidence, id);
    let mut lines = Vec::new();
    for conflict in &evidence.conflicts {
        lines.push(match conflict {
            Conflict::Unexpected {
                evidence,
                p_value,
                within,
            } => format!(
                "{}: hardly expected (p {}); {} of the draws lie in its 90 % range",
                name(evidence),
                chance(*p_value),
                number::percent(*within, 2)
            ),
            Conflict::Pair {
                evidence: [first, second],
                ln_ratio,
                ..
            } => format!(
                "{} and {} pull against each other: together {:.1} times less likely than apart",
                name(first),
                name(second),
                wafercast::draw::kernel::exp(-ln_ratio)
            ),
            Conflict::SameSource { .. } => continue,
        });
    }
    let same: Vec<String> = evidence
        .conflicts
        .iter()
        .filter_map(|conflict| match conflict {
            Conflict::SameSource { evidence, .. } => Some(evidence.clone()),
            _ => None,
        })
        .flatten()
        .fold(Vec::new(), |mut all, id| {
            if !all.contains(&id) {
                all.push(id);
            }
            all
        });
    if !same.is_empty() {
        let names: Vec<String> = same.iter().map(|id| name(id)).collect();
        lines.push(format!(
            "from shared pages, so their errors are not independent and together they weigh too much: {}",
            names.join("; ")
        ));
    }
    let twice: Vec<&str> = evidence
        .observations
        .iter()
        .filter(|one| !one.also_inputs.is_empty())
        .map(|one| one.name.as_str())
        .collect();
    if !twice.is_empty() {
        lines.push(format!(
            "inputs already rest on the facts of these, so agreement is fit and not proof: {}",
            twice.join("; ")
        ));
    }
    if lines.is_empty() {
        return "Nothing that does not go together was found.\n".to_owned();
    }
    let mut text = heading("What does not go together");
    for line in lines {
        for (k, part) in wrap(&line, width - 2).into_iter().enumerate() {
            let _ = writeln!(text, "{}{part}", if k == 0 { "- " } else { "  " });
        }
    }
    text
}
