//! The answer: what the run says in a few sentences, its key figures, and how sure the numbers themselves are.

use std::fmt::Write;

use wafercast::summary::Headline;

use crate::escape::escape;
use crate::message::{Message, country, say, say_strong};
use crate::number::{amount, bare_amount, bare_interval, count};
use crate::page::Page;
use crate::period::readable;
use crate::text::{Markup, Text};

/// What stands above the sections.
pub fn lead(page: &Page) -> String {
    let summary = page.index.summary;
    let mut out = format!("<h1>{}</h1>\n", escape(&summary.run.title));
    let sentences = sentences(page);
    if sentences.is_empty() {
        out.push_str(&crate::page::missing(&say(Message::TheAnswer, &[])));
    } else {
        let _ = writeln!(
            out,
            "<p class=\"lead\">{}</p>",
            Markup::sentences(&sentences).html()
        );
        out.push_str(&figures(page));
    }
    let _ = writeln!(out, "<p class=\"meta\">{}</p>", reliability(page).html());
    if let Some(description) = &summary.run.description {
        let _ = writeln!(out, "<p class=\"intro\">{}</p>", escape(description));
    }
    out
}

/// The headline as a few sentences: the share of purchases by its first two metrics, what is wholly home-made, output,
/// and how likely full supply is. The rest stands in the figures below.
fn sentences(page: &Page) -> Vec<Markup> {
    let mut told: Vec<Message> = Vec::new();
    let mut out = Vec::new();
    for item in &page.index.summary.headline {
        let designed = matches!(item.depth.as_deref(), None | Some("designed"));
        let message = match item.kind.as_str() {
            "share_of_purchases" if designed && !told.contains(&Message::LeadShare) => {
                Message::LeadShare
            }
            "share_of_purchases" if designed && !told.contains(&Message::LeadShareAlso) => {
                Message::LeadShareAlso
            }
            "share_of_purchases" if item.depth.as_deref() == Some("fully") => {
                Message::LeadShareFully
            }
            "units" if designed => Message::LeadUnits,
            "multiple" => Message::LeadMultiple,
            "chance" => Message::LeadChance,
            "share_of_purchases" | "units" | "coverage" => continue,
            _ => Message::LeadOther,
        };
        told.push(message);
        out.push(sentence(page, item, message));
    }
    if !told.contains(&Message::LeadChance) {
        out.extend(full_supply_claim(page));
    }
    out
}

/// The claim that everything comes from home, if there is one: a share of purchases of at least 95 %.
fn full_supply_claim(page: &Page) -> Option<Markup> {
    let summary = page.index.summary;
    let is_full = |formula: &str| {
        let (left, right) = formula.split_once(">=")?;
        let percent: f64 = right.trim().strip_suffix('%')?.trim().parse().ok()?;
        (left.starts_with("share_of_purchases(") && left.trim_end().ends_with(')'))
            .then_some(percent >= 95.0)
    };
    let claim = summary
        .claims
        .iter()
        .find(|claim| claim.formula.as_deref().and_then(is_full) == Some(true))?;
    let slots = [
        ("claim", Text::same(claim.says.clone())),
        ("futures", futures(claim.probability?, summary.run.draws)),
    ];
    Some(say_strong(Message::LeadClaim, &slots, &["futures"]))
}

/// A number of the headline in a sentence.
fn sentence(page: &Page, item: &Headline, message: Message) -> Markup {
    let stats = &item.stats;
    let depth = item.depth.as_deref().unwrap_or("designed");
    let slots = [
        ("period", readable(&item.period)),
        ("country", country(&page.index.summary.run.home)),
        ("thing", page.index.name(&item.of)),
        (
            "metric",
            metric_text(item.metric.rsplit(':').next().unwrap_or(&item.metric)),
        ),
        ("depth", depth_text(depth)),
        ("median", value_text(item, stats.p50)),
        ("range", range_text(item)),
        ("futures", futures(stats.mean, page.index.summary.run.draws)),
    ];
    say_strong(message, &slots, &["median", "futures"])
}

/// The headline's items that are shown large: at most six, those that qualify others left out first.
fn shown(headline: &[Headline]) -> Vec<&Headline> {
    let mut items: Vec<&Headline> = headline.iter().collect();
    let dispensable: [fn(&Headline) -> bool; 4] = [
        |item| {
            item.kind == "units" && matches!(item.depth.as_deref(), Some("fabricated" | "fully"))
        },
        |item| item.kind == "share_of_purchases" && item.metric.ends_with("value"),
        |item| item.kind == "coverage" && item.metric.ends_with("value"),
        |item| item.depth.as_deref() == Some("fabricated"),
    ];
    for is_dispensable in dispensable {
        while items.len() > 6 {
            let Some(at) = items.iter().rposition(|item| is_dispensable(item)) else {
                break;
            };
            items.remove(at);
        }
    }
    items.truncate(6);
    items
}

/// The same numbers, large.
fn figures(page: &Page) -> String {
    let mut out = String::from("<dl class=\"figures\">");
    for item in shown(&page.index.summary.headline) {
        let depth = item.depth.as_deref().unwrap_or("designed");
        let period = readable(&item.period);
        let (big, small) = if item.kind == "chance" {
            (chance_text(item.stats.mean), say(Message::OfFutures, &[]))
        } else {
            let range = say(Message::Range90, &[("range", range_text(item))]);
            (bare_text(item, item.stats.p50), range)
        };
        let metric = metric_text(item.metric.rsplit(':').next().unwrap_or(&item.metric));
        let name = match item.kind.as_str() {
            "share_of_purchases" => say(
                Message::FigureShare,
                &[
                    ("depth", depth_text(depth)),
                    ("metric", metric),
                    ("period", period),
                ],
            ),
            "coverage" => say(
                Message::FigureCoverage,
                &[
                    ("depth", depth_text(depth)),
                    ("metric", metric),
                    ("period", period),
                ],
            ),
            "chance" => say(
                Message::FigureChance,
                &[
                    ("depth", depth_text(depth)),
                    ("metric", metric),
                    ("period", period),
                ],
            ),
            "multiple" => say(
                Message::FigureMultiple,
                &[("thing", page.index.name(&item.of)), ("period", period)],
            ),
            _ => say(
                Message::FigureOther,
                &[
                    ("thing", page.index.name(&item.of)),
                    ("metric", metric),
                    ("period", period),
                ],
            ),
        };
        let _ = write!(
            out,
            "<div><dt>{}</dt><dd><strong>{}</strong><small>{}</small></dd></div>",
            name.html(),
            big.html(),
            small.html()
        );
    }
    out.push_str("</dl>\n");
    out
}

/// Number of draws, sampling error, horizon.
fn reliability(page: &Page) -> Text {
    let summary = page.index.summary;
    let run = &summary.run;
    let error = summary
        .headline
        .iter()
        .find(|item| item.unit == "fraction")
        .map_or(0.0, |item| item.stats.mean_se);
    let points =
        Text::each(|language| crate::number::decimal((error * 100.0).max(0.01), 2, language));
    let mut parts = vec![say(
        Message::Reliability,
        &[
            ("draws", count(run.draws)),
            ("points", points),
            ("from", readable(&run.from)),
            ("to", readable(&run.to)),
        ],
    )];
    if let Some(date) = &run.as_of {
        parts.push(say(Message::AsOf, &[("date", Text::same(date.clone()))]));
    }
    if !run.set.is_empty() {
        parts.push(say(
            Message::WithChanges,
            &[("set", Text::same(run.set.join(", ")))],
        ));
    }
    Text::sentences(&parts)
}

fn value_text(item: &Headline, value: f64) -> Text {
    if item.kind == "multiple" {
        Text::each(|language| crate::number::decimal(value, 1, language) + "×")
    } else {
        amount(value, &item.unit, item.stats.mean_se)
    }
}

/// The same without the unit's noun, which the name beside it has.
fn bare_text(item: &Headline, value: f64) -> Text {
    if item.kind == "multiple" {
        value_text(item, value)
    } else {
        bare_amount(value, &item.unit, item.stats.mean_se)
    }
}

fn range_text(item: &Headline) -> Text {
    let stats = &item.stats;
    if item.kind == "multiple" {
        let one = |value: f64| Text::each(|language| crate::number::decimal(value, 1, language));
        one(stats.p05)
            .then(&Text::same("–"))
            .then(&one(stats.p95))
            .then(&Text::same("×"))
    } else {
        bare_interval(stats.p05, stats.p95, &item.unit, stats.mean_se)
    }
}

/// `in 37 of 100 futures`, and what else there is to say at the ends.
pub fn futures(probability: f64, draws: u64) -> Text {
    let of_hundred = (probability * 100.0).round();
    if probability <= 0.0 {
        say(Message::FuturesNone, &[("draws", count(draws))])
    } else if probability >= 1.0 {
        say(Message::FuturesAll, &[("draws", count(draws))])
    } else if of_hundred < 1.0 {
        say(Message::FuturesFew, &[])
    } else if of_hundred > 99.0 {
        say(Message::FuturesMost, &[])
    } else {
        say(
            Message::FuturesSome,
            &[("n", Text::same(format!("{of_hundred:.0}")))],
        )
    }
}

/// The count alone: `37`, `< 1`, `> 99`.
pub fn chance_text(probability: f64) -> Text {
    let of_hundred = (probability * 100.0).round();
    Text::same(if probability > 0.0 && of_hundred < 1.0 {
        "<\u{a0}1".to_owned()
    } else if probability < 1.0 && of_hundred > 99.0 {
        ">\u{a0}99".to_owned()
    } else {
        format!("{of_hundred:.0}")
    })
}

/// What is counted.
pub fn metric_text(metric: &str) -> Text {
    let message = match metric {
        "units" => Message::MetricUnits,
        "value" => Message::MetricValue,
        "h100e" => Message::MetricH100e,
        "tpp" => Message::MetricTpp,
        other => return Text::same(other),
    };
    say(message, &[])
}

/// How deep `home` goes.
pub fn depth_text(depth: &str) -> Text {
    let message = match depth {
        "designed" => Message::DepthDesigned,
        "fabricated" => Message::DepthFabricated,
        "fully" => Message::DepthFully,
        other => return Text::same(other),
    };
    say(message, &[])
}
