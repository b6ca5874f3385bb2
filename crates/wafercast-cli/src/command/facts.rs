//! `wafercast facts`: the published figures, and what rests on them.

mod dependents;
mod wire;

use std::fmt::Write;

use wafercast::facts::Fact;

use crate::arguments::{Facts, FactsCommand, FactsFilter, Format};
use crate::console::{self, FAINT, STRONG, styled};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::{number, shorten, wrap};
use crate::{fact_base, prepare, scenario_files};

/// Runs the command.
pub fn execute(arguments: &Facts) -> Result<Exit, Failure> {
    let filter = &arguments.filter;
    let files = scenario_files::fact_files(filter.facts.as_deref())?;
    let base = fact_base::readable(&files);
    match arguments.command.as_ref().unwrap_or(&FactsCommand::List) {
        FactsCommand::List => {
            let facts = filtered(base.iter(), filter)?;
            print_list(&facts, filter.format)?;
        }
        FactsCommand::Search { words } => {
            let facts = filtered(base.search(&words.join(" ")).into_iter(), filter)?;
            print_list(&facts, filter.format)?;
        }
        FactsCommand::Show { id } => match base.get(id) {
            Some(fact) => print_one(fact, filter.format)?,
            None => {
                let hint = match base.nearest(id) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`wafercast facts search WORDS` finds facts".to_owned(),
                };
                return Err(Failure::usage(format!("there is no fact `{id}`"), hint));
            }
        },
    }
    Ok(Exit::Success)
}

fn filtered<'a>(
    facts: impl Iterator<Item = &'a Fact>,
    filter: &FactsFilter,
) -> Result<Vec<&'a Fact>, Failure> {
    let as_of = filter.as_of.as_deref().map(prepare::date).transpose()?;
    Ok(facts
        .filter(|fact| {
            filter
                .topic
                .as_ref()
                .is_none_or(|topic| fact.topic == *topic)
        })
        .filter(|fact| fact.is_visible(as_of))
        .collect())
}

fn print_list(facts: &[&Fact], format: Format) -> Result<(), Failure> {
    match format {
        Format::Table => console::print(&list(facts)),
        Format::Json => print_json(&facts.iter().map(|fact| wire::of(fact)).collect::<Vec<_>>()),
        Format::Csv => console::print_raw(&wire::table(facts).to_csv()?),
    }
}

fn print_one(fact: &Fact, format: Format) -> Result<(), Failure> {
    let rests = dependents::of(&fact.id)?;
    match format {
        Format::Table => console::print(&page(fact, &rests)),
        Format::Json => print_json(&wire::WithDependents {
            fact: wire::of(fact),
            rests_on_it: &rests,
        }),
        Format::Csv => console::print_raw(&wire::table(&[fact]).to_csv()?),
    }
}

fn print_json<T: serde::Serialize>(value: &T) -> Result<(), Failure> {
    let mut bytes =
        serde_json::to_vec_pretty(value).map_err(|cause| Failure::Output(cause.into()))?;
    bytes.push(b'\n');
    console::print_raw(&bytes)
}

/// Two lines per fact: id, value, quality, date; then what it is.
fn list(facts: &[&Fact]) -> String {
    if facts.is_empty() {
        return "No facts found.\n".to_owned();
    }
    let width = console::width();
    let mut text = String::new();
    for fact in facts {
        let _ = writeln!(
            text,
            "{}  {}  {}",
            styled(STRONG, &fact.id),
            value(fact),
            styled(FAINT, &format!("{} {}", published(fact), quality(fact)))
        );
        let about = format!("{}: {}{}", fact.entity, fact.metric, period(fact));
        let _ = writeln!(text, "    {}", shorten(&about, width - 4));
    }
    let count = match facts.len() {
        1 => "1 fact".to_owned(),
        number => format!("{number} facts"),
    };
    let _ = writeln!(
        text,
        "\n{count}. `wafercast facts show ID` shows one whole."
    );
    text
}

fn page(fact: &Fact, rests: &[dependents::Dependents]) -> String {
    let width = console::width();
    let mut text = format!("{}\n", styled(STRONG, &fact.id));
    let mut row = |name: &str, content: &str| {
        if content.is_empty() {
            return;
        }
        for (index, line) in wrap(content, width - 14).iter().enumerate() {
            let name = if index == 0 { name } else { "" };
            let _ = writeln!(text, "  {name:11} {line}");
        }
    };
    row("entity", &fact.entity);
    row("metric", &format!("{}{}", fact.metric, period(fact)));
    row("value", &value(fact));
    row("kind", &fact.kind);
    row("quality", quality_words(fact));
    row("published", &published(fact));
    row("title", &fact.title);
    row("publisher", &fact.publisher);
    row("address", &fact.url);
    row("note", &fact.note);
    row("topic", &fact.topic);
    row("file", &format!("{}:{}", fact.file, fact.line));
    text.push('\n');
    if rests.is_empty() {
        text.push_str("Nothing in the shipped scenarios rests on it.\n");
    }
    for dependents in rests {
        let _ = writeln!(
            text,
            "{}",
            styled(
                STRONG,
                &format!("What rests on it in `{}`", dependents.scenario)
            )
        );
        for (kind, names) in [
            ("quantity", &dependents.quantities),
            ("claim", &dependents.claims),
            ("evidence", &dependents.evidence),
        ] {
            for name in names {
                let _ = writeln!(text, "  {kind:9} {}", shorten(name, width - 12));
            }
        }
    }
    text
}

/// The value, the interval, or both, with the unit as written.
fn value(fact: &Fact) -> String {
    let numbers = match (fact.value, fact.interval) {
        (Some(value), Some((low, high))) => {
            format!("{} ({} to {})", plain(value), plain(low), plain(high))
        }
        (Some(value), None) => plain(value),
        (None, Some((low, high))) => format!("{} to {}", plain(low), plain(high)),
        (None, None) => "no number".to_owned(),
    };
    format!("{numbers} {}", fact.unit_text)
        .trim_end()
        .to_owned()
}

/// A figure as published: all its digits, in groups of three from 10,000 on.
fn plain(value: f64) -> String {
    const GROUPED_FROM: f64 = 10_000.0;
    const EXACT_BELOW: f64 = 9e15;
    if value.fract() == 0.0 && (GROUPED_FROM..EXACT_BELOW).contains(&value) {
        number::grouped(value as u64)
    } else {
        value.to_string()
    }
}

fn period(fact: &Fact) -> String {
    match (fact.period_start, fact.period_end) {
        (Some(start), Some(end)) => format!(", {start} to {end}"),
        (Some(day), None) | (None, Some(day)) => format!(", {day}"),
        (None, None) => String::new(),
    }
}

fn published(fact: &Fact) -> String {
    fact.published
        .map_or_else(|| "undated".to_owned(), |day| day.to_string())
}

fn quality(fact: &Fact) -> &'static str {
    wire::quality(fact.quality)
}

fn quality_words(fact: &Fact) -> &'static str {
    match fact.quality {
        wafercast::facts::Quality::A => "A (official)",
        wafercast::facts::Quality::B => "B (analyst or press)",
        wafercast::facts::Quality::C => "C (blog, forum or derived)",
    }
}
