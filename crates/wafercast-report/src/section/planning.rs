//! The best use of the resources, and shadow prices.

use std::fmt::Write;

use wafercast::summary::Stats;
use wafercast_analysis::planning::{
    LinePrices, Planning, Resource, ResourceKind, Spread, YearPrice,
};

use crate::chart::axis::Frame;
use crate::chart::range::{Mark, RangeSeries, Ranges, ranges_svg};
use crate::message::{Message, html, say};
use crate::number::{amount, count, interval, percent};
use crate::page::{Page, Table, grid, heading, legend};
use crate::period::{Period, year_text};
use crate::section::answer::futures;
use crate::text::Text;

/// Lines with a picture of their queues, and rows of outputs.
const MOST_QUEUES: usize = 2;
const MOST_OUTPUTS: usize = 8;

pub(super) fn body(page: &mut Page) -> String {
    let Some(planning) = &page.index.analyses.planning else {
        return String::new();
    };
    let mut out = format!("<p class=\"intro\">{}</p>\n", html(Message::PlanningText));
    let sentences: Vec<String> = [gain(planning), Some(proof(planning)), failed(planning)]
        .into_iter()
        .flatten()
        .chain(commitments(planning))
        .map(|text| format!("<li>{}</li>", text.html()))
        .collect();
    let _ = writeln!(out, "<ul class=\"facts\">{}</ul>", sentences.concat());
    out.push_str(&conflict(planning));
    let panels: Vec<String> = [
        (ResourceKind::Line, Message::PlanningLines),
        (ResourceKind::Memory, Message::PlanningMemories),
        (ResourceKind::Packaging, Message::PlanningPackaging),
        (ResourceKind::Cap, Message::PlanningCaps),
    ]
    .into_iter()
    .filter_map(|(kind, title)| prices(page, planning, kind, title))
    .collect();
    out.push_str(&legend(&[], false));
    out.push_str(&grid(&panels));
    out.push_str(&queues(page, planning));
    out + &outputs(planning)
}

fn unit(planning: &Planning) -> &str {
    match planning.unit.as_str() {
        "$" => "USD",
        other => other,
    }
}

fn month(text: &str) -> Text {
    Period::parse(text).map_or_else(|| Text::same(text), Period::text)
}

fn gain(planning: &Planning) -> Option<Text> {
    let gain = planning.value.gain.as_ref()?;
    let value = &planning.value.optimal;
    let (from, to) = &planning.months;
    let unit = unit(planning);
    let slots = [
        ("from", month(from)),
        ("to", month(to)),
        ("optimal", amount(value.p50, unit, value.error)),
        ("range", interval(value.p5, value.p95, unit, value.error)),
        ("gain", amount(gain.p50, "fraction", gain.error)),
        ("gains", interval(gain.p5, gain.p95, "fraction", gain.error)),
    ];
    Some(say(Message::PlanningGain, &slots))
}

fn proof(planning: &Planning) -> Text {
    let slots = [
        ("draws", count(planning.draws)),
        (
            "tolerance",
            Text::same(format!("{:.0e}", planning.certificate.tolerance)),
        ),
        ("discount", percent(planning.discount)),
    ];
    say(Message::PlanningProof, &slots)
}

fn failed(planning: &Planning) -> Option<Text> {
    let failed = planning.certificate.failed;
    (failed > 0).then(|| say(Message::PlanningFailed, &[("failed", count(failed))]))
}

fn commitments(planning: &Planning) -> Vec<Text> {
    let commitments = planning.commitments.iter();
    commitments
        .map(|commitment| {
            let slots = [
                ("claim", Text::same(&commitment.says)),
                ("futures", futures(commitment.met, planning.draws)),
            ];
            say(Message::CommitmentKept, &slots)
        })
        .collect()
}

fn conflict(planning: &Planning) -> String {
    let Some(conflict) = &planning.conflict else {
        return String::new();
    };
    let text = say(
        Message::CommitmentConflict,
        &[("draw", count(conflict.draw))],
    );
    let members: Vec<String> = conflict
        .members
        .iter()
        .map(|member| {
            let text = format!("{} · {} · {}", member.path, member.says, member.place);
            format!("<li>{}</li>", Text::same(text).html())
        })
        .collect();
    format!(
        "<p>{}</p><ul class=\"facts\">{}</ul>\n",
        text.html(),
        members.concat()
    )
}

/// Only what a range chart draws; the rest of a summary's percentiles is not known here.
fn stats(spread: &Spread) -> Stats {
    Stats {
        mean: spread.mean,
        p025: spread.p5,
        p05: spread.p5,
        p10: spread.p5,
        p25: spread.p25,
        p50: spread.p50,
        p75: spread.p75,
        p90: spread.p95,
        p95: spread.p95,
        p975: spread.p95,
        mean_se: spread.error,
    }
}

/// The dearest resources of a kind as ranges by year.
fn prices(
    page: &mut Page,
    planning: &Planning,
    kind: ResourceKind,
    title: Message,
) -> Option<String> {
    let most = |resource: &Resource| {
        let years = resource.years.iter().map(|year| year.price.mean);
        years.fold(0.0, f64::max)
    };
    let mut resources: Vec<&Resource> = planning
        .resources
        .iter()
        .filter(|resource| resource.kind == kind)
        .collect();
    resources.sort_by(|a, b| most(b).total_cmp(&most(a)).then(a.path.cmp(&b.path)));
    resources.truncate(Mark::ALL.len());
    let dearest = resources.first()?;
    let years: Vec<&str> = dearest
        .years
        .iter()
        .map(|year| year.year.as_str())
        .collect();
    let name = |resource: &Resource| Text::same(&resource.name);
    let unit = unit(planning);
    let best: &YearPrice = dearest
        .years
        .iter()
        .max_by(|a, b| a.price.mean.total_cmp(&b.price.mean))?;
    let slots = [
        ("period", label(&best.year)),
        ("thing", name(dearest)),
        ("value", amount(best.price.mean, unit, best.price.error)),
    ];
    let words = say(Message::WordsPlanningPrice, &slots);
    let table = Table {
        caption: say(title, &[]),
        head: [
            Message::Resource,
            Message::Period,
            Message::Mean,
            Message::StandardError,
            Message::Scarce,
            Message::NotUnique,
        ]
        .map(|message| say(message, &[]))
        .to_vec(),
        rows: resources
            .iter()
            .flat_map(|resource| resource.years.iter().map(|year| (name(resource), year)))
            .map(|(name, year)| {
                let error = year.price.error;
                vec![
                    name,
                    label(&year.year),
                    amount(year.price.mean, unit, error),
                    amount(error, unit, 0.1 * error),
                    percent(year.scarce),
                    percent(year.degenerate),
                ]
            })
            .collect(),
    };
    let values: Vec<Vec<Option<Stats>>> = resources
        .iter()
        .map(|resource| {
            years
                .iter()
                .map(|year| {
                    let found = resource.years.iter().find(|of| of.year == *year);
                    found.map(|year| stats(&year.price))
                })
                .collect()
        })
        .collect();
    let entries: Vec<(Mark, Text)> = Mark::ALL
        .into_iter()
        .zip(resources.iter().map(|resource| name(resource)))
        .collect();
    Some(ranges_figure(
        page,
        &say(title, &[]),
        &words,
        &table,
        (&years, &values, unit),
        &entries,
    ))
}

fn label(year: &str) -> Text {
    year.parse().map_or_else(|_| Text::same(year), year_text)
}

/// A figure of ranges by year, with its legend.
fn ranges_figure(
    page: &mut Page,
    title: &Text,
    words: &Text,
    table: &Table,
    (years, values, unit): (&[&str], &[Vec<Option<Stats>>], &str),
    entries: &[(Mark, Text)],
) -> String {
    let ranges = Ranges {
        periods: years.iter().map(|year| Text::same(*year)).collect(),
        series: entries
            .iter()
            .zip(values)
            .map(|((mark, _), values)| RangeSeries {
                mark: *mark,
                values: values.iter().map(Option::as_ref).collect(),
            })
            .collect(),
        observed: Vec::new(),
        history: 0,
        unit,
    };
    let names: Vec<String> = entries
        .iter()
        .map(|(mark, text)| format!("<span>{}{}</span> ", mark.key(), text.html()))
        .collect();
    page.figure(title, words, table, |labelled_by| {
        format!(
            "<div>{}<p class=\"legend\">{}</p></div>",
            ranges_svg(&ranges, &Frame::RANGE, title, labelled_by),
            names.concat()
        )
    })
}

/// Prices of wafer starts without and with queues, for the lines where they are highest.
fn queues(page: &mut Page, planning: &Planning) -> String {
    let Some(clearing) = &planning.clearing else {
        return String::new();
    };
    let mut paths: Vec<(&str, f64)> = Vec::new();
    for line in &clearing.lines {
        let price = line.clearing.mean.max(line.plain.mean);
        match paths.iter_mut().find(|(path, _)| *path == line.path) {
            Some((_, most)) => *most = most.max(price),
            None => paths.push((&line.path, price)),
        }
    }
    paths.retain(|(_, most)| *most > 0.0);
    paths.sort_by(|a, b| b.1.total_cmp(&a.1));
    paths.truncate(MOST_QUEUES);
    let panels: Vec<String> = paths
        .iter()
        .filter_map(|(path, _)| {
            let lines = clearing.lines.iter().filter(|line| line.path == *path);
            queue(page, planning, &lines.collect::<Vec<_>>())
        })
        .collect();
    if panels.is_empty() {
        return String::new();
    }
    let text = say(
        Message::PlanningQueuesText,
        &[("draws", count(clearing.draws))],
    );
    format!("<p class=\"intro\">{}</p>\n{}", text.html(), grid(&panels))
}

fn queue(page: &mut Page, planning: &Planning, lines: &[&LinePrices]) -> Option<String> {
    let unit = unit(planning);
    let first = lines.first()?;
    let dearest = lines
        .iter()
        .max_by(|a, b| a.clearing.mean.total_cmp(&b.clearing.mean))?;
    let show = |spread: &Spread| amount(spread.mean, unit, spread.error);
    let title = say(
        Message::PlanningQueues,
        &[("thing", Text::same(&first.name))],
    );
    let slots = [
        ("period", label(&dearest.year)),
        ("load", percent(dearest.load)),
        ("plain", show(&dearest.plain)),
        ("queues", show(&dearest.clearing)),
    ];
    let words = say(Message::WordsPlanningQueues, &slots);
    let entries = [
        (Mark::Circle, say(Message::FixedCycleTime, &[])),
        (Mark::Square, say(Message::WithQueues, &[])),
    ];
    let table = Table {
        caption: title.clone(),
        head: vec![
            say(Message::Period, &[]),
            entries[0].1.clone(),
            say(Message::StandardError, &[]),
            entries[1].1.clone(),
            say(Message::StandardError, &[]),
        ],
        rows: lines
            .iter()
            .map(|line| {
                let error = |spread: &Spread| amount(spread.error, unit, 0.1 * spread.error);
                vec![
                    label(&line.year),
                    show(&line.plain),
                    error(&line.plain),
                    show(&line.clearing),
                    error(&line.clearing),
                ]
            })
            .collect(),
    };
    let years: Vec<&str> = lines.iter().map(|line| line.year.as_str()).collect();
    let values = [
        lines.iter().map(|line| Some(stats(&line.plain))).collect(),
        lines
            .iter()
            .map(|line| Some(stats(&line.clearing)))
            .collect(),
    ];
    let charted = (&years[..], &values[..], unit);
    Some(ranges_figure(
        page, &title, &words, &table, charted, &entries,
    ))
}

fn outputs(planning: &Planning) -> String {
    let mut outputs: Vec<_> = planning.outputs.iter().collect();
    outputs.sort_by(|a, b| {
        let change = |o: &&wafercast_analysis::planning::PlannedOutput| {
            (o.optimal.mean - o.priority.mean).abs()
        };
        change(b).total_cmp(&change(a)).then(a.id.cmp(&b.id))
    });
    outputs.truncate(MOST_OUTPUTS);
    if outputs.is_empty() {
        return String::new();
    }
    let table = Table {
        caption: say(Message::PlanningOutputsText, &[]),
        head: vec![
            say(Message::PlanningChip, &[]),
            say(Message::ByTiers, &[]),
            say(Message::BestUse, &[]),
        ],
        rows: outputs
            .iter()
            .map(|output| {
                let show = |spread: &Spread| amount(spread.mean, "units", spread.error);
                vec![
                    Text::same(&output.name),
                    show(&output.priority),
                    show(&output.optimal),
                ]
            })
            .collect(),
    };
    heading(Message::PlanningOutputs, Message::PlanningOutputsText) + &table.html()
}
