//! Facts for programs: JSON and CSV, in the columns of the fact files.

use serde::Serialize;
use wafercast::facts::{Fact, Quality};

use super::dependents::Dependents;
use crate::table::Table;

/// A fact as JSON.
#[derive(Debug, Serialize)]
pub struct WireFact<'a> {
    id: &'a str,
    topic: &'a str,
    entity: &'a str,
    metric: &'a str,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    unit: &'a str,
    period_start: Option<String>,
    period_end: Option<String>,
    kind: &'a str,
    title: &'a str,
    publisher: &'a str,
    published: Option<String>,
    url: &'a str,
    quality: &'static str,
    note: &'a str,
}

/// A fact and everything that rests on it.
#[derive(Debug, Serialize)]
pub struct WithDependents<'a> {
    /// The fact.
    pub fact: WireFact<'a>,
    /// What rests on it in the shipped scenarios.
    pub rests_on_it: &'a [Dependents],
}

/// The JSON form of a fact.
pub fn of(fact: &Fact) -> WireFact<'_> {
    WireFact {
        id: &fact.id,
        topic: &fact.topic,
        entity: &fact.entity,
        metric: &fact.metric,
        value: fact.value,
        low: fact.interval.map(|(low, _)| low),
        high: fact.interval.map(|(_, high)| high),
        unit: &fact.unit_text,
        period_start: fact.period_start.map(|day| day.to_string()),
        period_end: fact.period_end.map(|day| day.to_string()),
        kind: &fact.kind,
        title: &fact.title,
        publisher: &fact.publisher,
        published: fact.published.map(|day| day.to_string()),
        url: &fact.url,
        quality: quality(fact.quality),
        note: &fact.note,
    }
}

/// Facts as a table.
pub fn table(facts: &[&Fact]) -> Table {
    let text = |get: fn(&WireFact) -> Option<String>| facts.iter().map(move |fact| get(&of(fact)));
    Table::new()
        .text("id", text(|fact| Some(fact.id.to_owned())))
        .text("topic", text(|fact| Some(fact.topic.to_owned())))
        .text("entity", text(|fact| Some(fact.entity.to_owned())))
        .text("metric", text(|fact| Some(fact.metric.to_owned())))
        .optional_number("value", facts.iter().map(|fact| of(fact).value))
        .optional_number("low", facts.iter().map(|fact| of(fact).low))
        .optional_number("high", facts.iter().map(|fact| of(fact).high))
        .text("unit", text(|fact| Some(fact.unit.to_owned())))
        .text("period_start", text(|fact| fact.period_start.clone()))
        .text("period_end", text(|fact| fact.period_end.clone()))
        .text("kind", text(|fact| Some(fact.kind.to_owned())))
        .text("title", text(|fact| Some(fact.title.to_owned())))
        .text("publisher", text(|fact| Some(fact.publisher.to_owned())))
        .text("published", text(|fact| fact.published.clone()))
        .text("url", text(|fact| Some(fact.url.to_owned())))
        .text("quality", text(|fact| Some(fact.quality.to_owned())))
        .text("note", text(|fact| Some(fact.note.to_owned())))
}

/// `A`, `B` or `C`.
pub fn quality(quality: Quality) -> &'static str {
    match quality {
        Quality::A => "A",
        Quality::B => "B",
        Quality::C => "C",
    }
}
