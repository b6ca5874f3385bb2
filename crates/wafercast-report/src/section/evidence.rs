//! What the observations say: the forecast before and after they weigh.

use wafercast::summary::Stats;
use wafercast_analysis::TargetKind;
use wafercast_analysis::evidence::{
    Conflict, Evidence, Method, Observation, Output, Reason, Spread,
};

use crate::chart::axis::Frame;
use crate::chart::range::{Mark, RangeSeries, Ranges, ranges_svg};
use crate::chart::ratio::{Row, ratio_svg};
use crate::message::{Message, html, say};
use crate::number::{amount, bare_interval, base_unit, count, decimal, interval};
use crate::page::{Page, Table, grid, heading, legend};
use crate::section::answer::metric_text;
use crate::text::Text;

/// Inputs, claims and shifts shown.
const MOST_ROWS: usize = 12;
/// Outputs whose movers are shown, and movers of each.
const OUTPUTS_EXPLAINED: usize = 2;
const MOST_MOVERS: usize = 5;

const BEFORE: Mark = Mark::Square;
const AFTER: Mark = Mark::Circle;

pub(super) fn body(page: &mut Page) -> String {
    let index = page.index;
    let Some(evidence) = &index.analyses.evidence else {
        return String::new();
    };
    let mut out = format!(
        "<p class=\"intro\">{}</p>\n<p class=\"intro\">{}</p>\n",
        html(Message::EvidenceText),
        method(evidence).html()
    );
    let key = [
        (BEFORE, say(Message::BeforeEvidence, &[])),
        (AFTER, say(Message::AfterEvidence, &[])),
    ];
    out.push_str(&legend(&key, true));
    if !evidence.observations.is_empty() {
        out.push_str(&observations(page, evidence));
    }
    out.push_str(&left_out(evidence));
    out.push_str(&heading(
        Message::EvidenceOutputs,
        Message::EvidenceOutputsText,
    ));
    out.push_str(&grid(&outputs(page, evidence)));
    out.push_str(&claims(evidence));
    out.push_str(&movers(evidence));
    out.push_str(&inputs(evidence));
    out.push_str(&conflicts(evidence));
    out
}

/// How it was done and how far to trust it.
fn method(evidence: &Evidence) -> Text {
    let number = |value: f64| count(value.round().max(0.0) as u64);
    let slots = [
        ("n", count(evidence.observations.len() as u64)),
        ("draws", count(evidence.draws)),
        ("weights", number(evidence.effective_of_weights)),
        ("effective", number(evidence.effective)),
        ("simulated", count(evidence.simulated)),
    ];
    match evidence.method {
        Method::Weights => say(Message::EvidenceWeights, &slots[..3]),
        Method::Tempered => say(Message::EvidenceTempered, &slots),
    }
}

fn range(spread: &Spread) -> [f64; 5] {
    [spread.p05, spread.p25, spread.p50, spread.p75, spread.p95]
}

/// Median and 90 % range in a sentence's words.
fn median_and_range(spread: &Spread, unit: &str) -> Text {
    let (factor, unit) = base_unit(unit);
    let [low, _, middle, _, high] = range(spread).map(|value| value * factor);
    let error = spread.se * factor;
    parenthesis(
        amount(middle, unit, error),
        bare_interval(low, high, unit, error),
    )
}

fn parenthesis(value: Text, range: Text) -> Text {
    say(
        Message::ValueAndRange,
        &[("value", value), ("range", range)],
    )
}

fn chance(p: f64) -> Text {
    Text::each(|language| {
        if p < 0.01 {
            format!("<{}", decimal(0.01, 2, language))
        } else {
            decimal(p, 2, language)
        }
    })
}

fn observations(page: &mut Page, evidence: &Evidence) -> String {
    let rows: Vec<Row> = evidence
        .observations
        .iter()
        .filter(|one| one.observed[1] > 0.0)
        .map(|one| {
            let scaled = |spread: &Spread| range(spread).map(|value| value / one.observed[1]);
            Row {
                name: Text::same(one.name.clone()),
                ranges: vec![
                    (BEFORE, scaled(&one.prior)),
                    (AFTER, scaled(&one.posterior)),
                ],
                observed: Some([
                    one.observed[0] / one.observed[1],
                    one.observed[2] / one.observed[1],
                ]),
            }
        })
        .collect();
    let table = Table {
        caption: say(Message::EvidencePValues, &[]),
        head: [
            Message::Observation,
            Message::Observed,
            Message::BeforeEvidence,
            Message::AfterEvidence,
            Message::PValue,
            Message::PValueGivenOthers,
        ]
        .map(|message| say(message, &[]))
        .to_vec(),
        rows: evidence.observations.iter().map(observation_row).collect(),
    };
    let worst = evidence
        .observations
        .iter()
        .min_by(|a, b| a.p_value.total_cmp(&b.p_value));
    let words = worst.map_or_else(Text::default, |one| {
        let slots = [
            ("name", Text::same(one.name.clone())),
            ("p", chance(one.p_value)),
        ];
        say(Message::WordsEvidence, &slots)
    });
    let title = say(Message::EvidencePicture, &[]);
    page.figure(&title, &words, &table, |labelled_by| {
        ratio_svg(&rows, true, &title, labelled_by) + &ratio_svg(&rows, false, &title, labelled_by)
    })
}

fn observation_row(one: &Observation) -> Vec<Text> {
    let (factor, unit) = base_unit(&one.unit);
    let [low, middle, high] = one.observed.map(|value| value * factor);
    // Observations are known to two digits at best.
    let error = 0.02 * middle.abs();
    vec![
        Text::same(one.name.clone()),
        parenthesis(
            amount(middle, unit, error),
            bare_interval(low, high, unit, error),
        ),
        median_and_range(&one.prior, &one.unit),
        median_and_range(&one.posterior, &one.unit),
        chance(one.p_value),
        one.p_value_given_others.map_or(Text::same("–"), chance),
    ]
}

fn left_out(evidence: &Evidence) -> String {
    let entries: Vec<Text> = evidence
        .left_out
        .iter()
        .map(|left| {
            let why = match left.why {
                Reason::Declared => Message::LeftOutDeclared,
                Reason::Zero => Message::LeftOutZero,
                Reason::OutOfReach => Message::LeftOutOfReach,
                Reason::Contradicts => Message::LeftOutContradicts,
            };
            let slots = [
                ("value", Text::same(left.name.clone())),
                ("range", say(why, &[])),
            ];
            say(Message::ValueAndRange, &slots)
        })
        .collect();
    if entries.is_empty() {
        return String::new();
    }
    let text = say(Message::NotWeighed, &[("list", Text::clauses(&entries))]);
    format!("<p><small>{}</small></p>\n", text.html())
}

/// Output and share of home by year, before and after.
fn outputs(page: &mut Page, evidence: &Evidence) -> Vec<String> {
    [
        ("units(home, ", "units", "units"),
        ("h100e(home, ", "h100e", "H100e"),
        ("share_of_purchases(h100e, designed, ", "share", "fraction"),
    ]
    .iter()
    .filter_map(|(prefix, metric, unit)| panel(page, evidence, prefix, metric, unit))
    .collect()
}

fn panel(
    page: &mut Page,
    evidence: &Evidence,
    prefix: &str,
    metric: &str,
    unit: &str,
) -> Option<String> {
    let mut years: Vec<(i32, &Output)> = evidence
        .outputs
        .iter()
        .filter_map(|output| {
            let year = output.name.strip_prefix(prefix)?.strip_suffix(')')?;
            Some((year.parse().ok()?, output))
        })
        .collect();
    years.sort_by_key(|(year, _)| *year);
    let (_, last) = years.last()?;
    let before: Vec<Stats> = years.iter().map(|(_, o)| stats(&o.prior)).collect();
    let after: Vec<Stats> = years.iter().map(|(_, o)| stats(&o.posterior)).collect();
    let title = if metric == "share" {
        say(Message::EvidenceShare, &[])
    } else {
        metric_text(metric)
    };
    let words = say(
        Message::WordsBeforeAfter,
        &[
            ("period", Text::same(years.last()?.0.to_string())),
            ("before", amount(last.prior.p50, unit, last.prior.se)),
            ("after", amount(last.posterior.p50, unit, last.posterior.se)),
        ],
    );
    let rows: Vec<(Text, &Stats)> = years
        .iter()
        .zip(before.iter().zip(&after))
        .flat_map(|((year, _), (before, after))| {
            let name =
                |message| Text::join(&[Text::same(year.to_string()), say(message, &[])], ", ");
            [
                (name(Message::BeforeEvidence), before),
                (name(Message::AfterEvidence), after),
            ]
        })
        .collect();
    let table = Table::of_stats(
        say(Message::Period, &[]),
        &rows,
        unit,
        &crate::page::Percentile::RANGE,
        false,
    );
    let history = super::sufficiency::history_years(
        page.index.data_until,
        &years.iter().map(|(year, _)| *year).collect::<Vec<_>>(),
    );
    let ranges = Ranges {
        periods: years
            .iter()
            .map(|(year, _)| Text::same(year.to_string()))
            .collect(),
        series: vec![
            RangeSeries {
                mark: BEFORE,
                values: before.iter().map(Some).collect(),
            },
            RangeSeries {
                mark: AFTER,
                values: after.iter().map(Some).collect(),
            },
        ],
        observed: Vec::new(),
        history,
        unit,
    };
    Some(page.figure(&title, &words, &table, |labelled_by| {
        ranges_svg(&ranges, &Frame::RANGE, &title, labelled_by)
    }))
}

/// A spread as the statistics that charts of ranges read.
fn stats(spread: &Spread) -> Stats {
    Stats {
        mean: spread.mean,
        p025: spread.p05,
        p05: spread.p05,
        p10: spread.p05,
        p25: spread.p25,
        p50: spread.p50,
        p75: spread.p75,
        p90: spread.p95,
        p95: spread.p95,
        p975: spread.p95,
        mean_se: spread.se,
    }
}

/// The claims that moved by more than their errors, those that moved most first.
fn claims(evidence: &Evidence) -> String {
    let change = |output: &Output| (output.posterior.mean - output.prior.mean).abs();
    let mut moved: Vec<&Output> = evidence
        .outputs
        .iter()
        .filter(|output| output.kind == TargetKind::Claim)
        .filter(|output| change(output) > 2.0 * (output.prior.se + output.posterior.se))
        .collect();
    moved.sort_by(|a, b| change(b).total_cmp(&change(a)));
    let shown = |spread: &Spread| {
        Text::each(|language| {
            format!(
                "{} ± {}",
                decimal(100.0 * spread.mean, 1, language),
                decimal((100.0 * spread.se).max(0.1), 1, language)
            )
        })
    };
    let rows: Vec<Vec<Text>> = moved
        .iter()
        .take(MOST_ROWS)
        .map(|output| {
            vec![
                Text::same(output.says.clone()),
                shown(&output.prior),
                shown(&output.posterior),
            ]
        })
        .collect();
    table(
        Message::EvidenceClaims,
        &[
            Message::Claim,
            Message::BeforeEvidence,
            Message::AfterEvidence,
        ],
        rows,
    )
}

/// A table with a heading, open on the page; nothing without rows.
fn table(caption: Message, head: &[Message], rows: Vec<Vec<Text>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let table = Table {
        caption: say(caption, &[]),
        head: head.iter().map(|message| say(*message, &[])).collect(),
        rows,
    };
    table.html()
}

/// Which observation moved what.
fn movers(evidence: &Evidence) -> String {
    let mut rows = Vec::new();
    let metrics = evidence
        .outputs
        .iter()
        .filter(|o| o.kind == TargetKind::Metric);
    for output in metrics.take(OUTPUTS_EXPLAINED) {
        let mut shifts: Vec<_> = evidence
            .shifts
            .iter()
            .filter(|s| s.output == output.name)
            .collect();
        shifts.sort_by(|a, b| b.alone.abs().total_cmp(&a.alone.abs()));
        for shift in shifts.into_iter().take(MOST_MOVERS) {
            let name = evidence
                .observations
                .iter()
                .find(|one| one.id == shift.evidence);
            let signed = |value: f64, error: f64| amount(value, &output.unit, error);
            rows.push(vec![
                Text::same(output.says.clone()),
                Text::same(name.map_or_else(String::new, |one| one.name.clone())),
                signed(shift.alone, shift.alone_se),
                signed(shift.alone_se, 0.3 * shift.alone_se),
                shift
                    .last
                    .map_or(Text::same("–"), |last| signed(last, shift.alone_se)),
            ]);
        }
    }
    table(
        Message::EvidenceMovers,
        &[
            Message::OutputMean,
            Message::Observation,
            Message::Alone,
            Message::StandardError,
            Message::AsTheLast,
        ],
        rows,
    )
}

fn inputs(evidence: &Evidence) -> String {
    let rows = evidence
        .inputs
        .iter()
        .take(MOST_ROWS)
        .map(|input| {
            vec![
                Text::same(input.name.clone()),
                median_and_range(&input.prior, &input.unit),
                median_and_range(&input.posterior, &input.unit),
                Text::each(|language| {
                    let sign = if input.shift < 0.0 { "−" } else { "+" };
                    format!("{sign}{}", decimal(input.shift.abs(), 1, language))
                }),
                Text::each(|language| format!("×{}", decimal(input.narrowing, 2, language))),
            ]
        })
        .collect();
    table(
        Message::EvidenceInputs,
        &[
            Message::Input,
            Message::BeforeEvidence,
            Message::AfterEvidence,
            Message::ShiftInDeviations,
            Message::Narrowing,
        ],
        rows,
    )
}

fn conflicts(evidence: &Evidence) -> String {
    let name = |id: &String| {
        let found = evidence.observations.iter().find(|one| one.id == *id);
        Text::same(found.map_or_else(|| id.clone(), |one| one.name.clone()))
    };
    let mut lines: Vec<Text> = Vec::new();
    let mut shared: Vec<&String> = Vec::new();
    for conflict in &evidence.conflicts {
        match conflict {
            Conflict::Unexpected {
                evidence, p_value, ..
            } => lines.push(say(
                Message::ConflictUnexpected,
                &[("name", name(evidence)), ("p", chance(*p_value))],
            )),
            Conflict::Pair {
                evidence: [first, second],
                ln_ratio,
                ..
            } => {
                let times = Text::each(|language| decimal(libm::exp(-ln_ratio), 1, language));
                let slots = [
                    ("first", name(first)),
                    ("second", name(second)),
                    ("times", times),
                ];
                lines.push(say(Message::ConflictPair, &slots));
            }
            Conflict::SameSource { evidence, .. } => {
                for id in evidence {
                    if !shared.contains(&id) {
                        shared.push(id);
                    }
                }
            }
        }
    }
    if !shared.is_empty() {
        let names: Vec<Text> = shared.into_iter().map(name).collect();
        lines.push(say(
            Message::ConflictShared,
            &[("list", Text::clauses(&names))],
        ));
    }
    let twice: Vec<Text> = evidence
        .observations
        .iter()
        .filter(|one| !one.also_inputs.is_empty())
        .map(|one| Text::same(one.name.clone()))
        .collect();
    if !twice.is_empty() {
        lines.push(say(
            Message::ConflictInputs,
            &[("list", Text::clauses(&twice))],
        ));
    }
    if lines.is_empty() {
        lines.push(say(Message::NoConflict, &[]));
    }
    let items: Vec<String> = lines
        .iter()
        .map(|line| format!("<li>{}</li>", line.html()))
        .collect();
    format!(
        "<h3>{}</h3>\n<ul>{}</ul>\n",
        html(Message::Conflicts),
        items.concat()
    )
}

/// A 90 % range of an outcome or forecast in its own unit, as text.
pub(super) fn range_text(low: f64, high: f64, unit: &str) -> Text {
    let (factor, unit) = base_unit(unit);
    let (low, high) = (low * factor, high * factor);
    interval(low, high, unit, 0.01 * high.abs())
}
