//! What moves the answer: tornados, the shares of topics, and the strongest inputs of each claim.

use std::fmt::Write;

use wafercast_analysis::TargetKind;
use wafercast_analysis::sensitivity::model::Estimate;
use wafercast_analysis::sensitivity::topic::Topic;
use wafercast_analysis::sensitivity::{Driver, Sensitivity, TargetSensitivity};

use crate::chart::bars::probability_bar;
use crate::chart::tornado::{Bar, key, tornado_svg};
use crate::escape::escape;
use crate::message::{Message, html, say};
use crate::number::{amount, count, decimal, percent};
use crate::page::{Page, Table, heading};
use crate::section::answer::{depth_text, metric_text};
use crate::text::Text;

/// Tornados shown, bars of each, and inputs named per claim.
const FIGURES: usize = 4;
const BARS: usize = 10;
const PER_CLAIM: usize = 3;

pub(super) fn body(page: &mut Page) -> String {
    let Some(found) = page.index.analyses.sensitivity.as_ref() else {
        return String::new();
    };
    let text = say(
        Message::SensitivityText,
        &[
            ("n", count(found.variables as u64)),
            ("draws", count(found.draws)),
        ],
    );
    let mut out = format!("<p class=\"intro\">{}</p>\n", text.html());
    let metrics: Vec<&TargetSensitivity> = found
        .targets
        .iter()
        .filter(|target| target.kind == TargetKind::Metric && !target.drivers.is_empty())
        .take(FIGURES)
        .collect();
    if !metrics.is_empty() {
        let _ = writeln!(
            out,
            "<p class=\"legend\"><span>{}{}</span> <span>{}{}</span> <span class=\"how\">{}</span></p>",
            key("t-low"),
            html(Message::InputLow),
            key("t-high"),
            html(Message::InputHigh),
            html(Message::HowTornado)
        );
    }
    for target in &metrics {
        out.push_str(&figure(page, target));
    }
    out.push_str(&topics(page, &metrics));
    out.push_str(&claims(page, found));
    out
}

fn figure(page: &mut Page, target: &TargetSensitivity) -> String {
    let title = target_text(page, &target.name);
    let shown = &target.drivers[..BARS.min(target.drivers.len())];
    let bars: Vec<Bar> = shown
        .iter()
        .map(|driver| Bar {
            name: input_text(driver),
            low: driver.low,
            high: driver.high,
            standard_error: driver.swing.standard_error,
        })
        .collect();
    let mean = say(Message::Mean, &[]);
    page.figure(&title, &words(target), &table(target), |labelled_by| {
        [true, false]
            .map(|wide| {
                tornado_svg(
                    &bars,
                    target.mean.value,
                    &target.unit,
                    &mean,
                    wide,
                    &title,
                    labelled_by,
                )
            })
            .concat()
    })
}

/// What moves it most, and how much would go if it were known.
fn words(target: &TargetSensitivity) -> Text {
    let Some(first) = target.drivers.first() else {
        return Text::default();
    };
    let value = |value| amount(value, &target.unit, first.swing.standard_error);
    let largest = say(
        if first.event {
            Message::WordsEvent
        } else {
            Message::WordsTornado
        },
        &[
            ("input", Text::same(first.name.clone())),
            ("low", value(first.low)),
            ("high", value(first.high)),
        ],
    );
    let known = target
        .drivers
        .iter()
        .max_by(|a, b| a.explains.value.total_cmp(&b.explains.value))
        .filter(|driver| driver.explains.value > 2.0 * driver.explains.standard_error)
        .map(|driver| {
            say(
                Message::WordsExplains,
                &[
                    ("input", Text::same(driver.name.clone())),
                    ("share", share(&driver.explains)),
                ],
            )
        });
    match known {
        Some(known) => Text::sentences(&[largest, known]),
        None => largest,
    }
}

fn table(target: &TargetSensitivity) -> Table {
    let exact = |value: f64, error: f64| {
        if target.unit == "fraction" {
            Text::each(|language| decimal(100.0 * value, 1, language) + "%")
        } else {
            amount(value, &target.unit, error)
        }
    };
    Table {
        caption: say(Message::TornadoCaption, &[]),
        head: vec![
            say(Message::Input, &[]),
            say(Message::InputLow, &[]),
            say(Message::InputHigh, &[]),
            say(Message::StandardError, &[]),
            say(Message::RankCorrelation, &[]),
            say(Message::Explains, &[]),
        ],
        rows: target
            .drivers
            .iter()
            .map(|driver| {
                let error = driver.swing.standard_error;
                vec![
                    input_text(driver),
                    exact(driver.low, error),
                    exact(driver.high, error),
                    exact(error, 0.0),
                    Text::each(|language| decimal(driver.rank.value, 2, language)),
                    share(&driver.explains),
                ]
            })
            .collect(),
    }
}

/// Topics by row, the first metrics by column.
fn topics(page: &Page, metrics: &[&TargetSensitivity]) -> String {
    let mut order: Vec<Topic> = Vec::new();
    for target in metrics {
        for topic in &target.topics {
            if topic.share.value >= 0.005 && !order.contains(&topic.topic) {
                order.push(topic.topic);
            }
        }
    }
    if order.is_empty() {
        return String::new();
    }
    let mut out = heading(Message::ByTopic, Message::ByTopicText);
    out.push_str("<div class=\"scroll\" tabindex=\"0\"><table class=\"rows\"><thead><tr>");
    let _ = write!(out, "<th scope=\"col\">{}</th>", html(Message::TopicHead));
    for target in metrics {
        let name = target_text(page, &target.name);
        let _ = write!(out, "<th scope=\"col\">{}</th>", name.capitalized().html());
    }
    out.push_str("</tr></thead><tbody>");
    for topic in order {
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th>",
            topic_text(topic).html()
        );
        for target in metrics {
            let found = target.topics.iter().find(|of| of.topic == topic);
            let _ = match found {
                Some(of) => write!(
                    out,
                    "<td>{}{}</td>",
                    probability_bar(of.share.value, of.share.standard_error),
                    share(&of.share).html()
                ),
                None => write!(out, "<td></td>"),
            };
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>\n");
    out
}

/// The strongest inputs of each claim.
fn claims(page: &Page, found: &Sensitivity) -> String {
    let claims: Vec<&TargetSensitivity> = found
        .targets
        .iter()
        .filter(|target| target.kind == TargetKind::Claim && !target.drivers.is_empty())
        .collect();
    if claims.is_empty() {
        return String::new();
    }
    let mut out = heading(Message::MovesClaims, Message::MovesClaimsText);
    out.push_str("<div class=\"scroll\" tabindex=\"0\"><table class=\"rows\"><thead><tr>");
    for head in [Message::Claim, Message::Answer, Message::MovedBy] {
        let _ = write!(out, "<th scope=\"col\">{}</th>", html(head));
    }
    out.push_str("</tr></thead><tbody>");
    for claim in claims {
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"text\">",
            escape(&claim.says),
            percent(claim.mean.value).html()
        );
        for driver in claim.drivers.iter().take(PER_CLAIM) {
            let ends = say(
                Message::FromTo,
                &[("low", percent(driver.low)), ("high", percent(driver.high))],
            );
            let _ = write!(
                out,
                "<div>{} <span class=\"faint\">{}</span></div>",
                input_html(page, driver),
                ends.html()
            );
        }
        out.push_str("</td></tr>");
    }
    out.push_str("</tbody></table></div>\n");
    out
}

fn input_html(page: &Page, driver: &Driver) -> String {
    let sources = input_sources(page, &driver.name);
    let event = if driver.event {
        format!(" {}", html(Message::IsEvent))
    } else {
        String::new()
    };
    format!("<code>{}</code>{event}{sources}", escape(&driver.name))
}

/// Footnotes of an input.
pub(super) fn input_sources(page: &Page, name: &str) -> String {
    let input = page
        .index
        .summary
        .inputs
        .iter()
        .find(|input| input.name == name);
    input.map_or_else(String::new, |input| page.footnotes(&input.sources))
}

fn input_text(driver: &Driver) -> Text {
    let name = Text::same(driver.name.clone());
    if !driver.event {
        return name;
    }
    let event = say(Message::IsEvent, &[]);
    Text::each(|language| format!("{} {}", name.get(language), event.get(language)))
}

/// A share of the variance with its error; a dot where it does not stand out.
pub(super) fn share(share: &Estimate) -> Text {
    if share.value <= 2.0 * share.standard_error {
        return Text::same("·");
    }
    Text::each(|language| {
        let [value, error] =
            [share.value, share.standard_error].map(|x| decimal(100.0 * x, 1, language));
        match language {
            crate::Language::German => format!("{value} ± {error}\u{a0}%"),
            _ => format!("{value} ± {error}%"),
        }
    })
}

/// A topic in all languages.
pub(super) fn topic_text(topic: Topic) -> Text {
    let message = match topic {
        Topic::Yield => Message::TopicYield,
        Topic::LogicLines => Message::TopicLogicLines,
        Topic::StockedDies => Message::TopicStockedDies,
        Topic::Memory => Message::TopicMemory,
        Topic::Packaging => Message::TopicPackaging,
        Topic::ProductPlan => Message::TopicProductPlan,
        Topic::Products => Message::TopicProducts,
        Topic::Imports => Message::TopicImports,
        Topic::Demand => Message::TopicDemand,
        Topic::Events => Message::TopicEvents,
        Topic::Other => Message::TopicOther,
    };
    say(message, &[])
}

/// A metric as words where it is one of the usual ones, else as written.
pub(super) fn target_text(page: &Page, name: &str) -> Text {
    let read = || {
        let (metric, rest) = name.split_once('(')?;
        let arguments: Vec<&str> = rest.strip_suffix(')')?.split(',').map(str::trim).collect();
        match (metric, arguments.as_slice()) {
            ("share_of_purchases", [counted, depth, period]) => Some(say(
                Message::FigureShare,
                &[
                    ("depth", depth_text(depth)),
                    ("metric", metric_text(counted)),
                    ("period", Text::same((*period).to_owned())),
                ],
            )),
            ("units" | "h100e" | "tpp" | "value", ["home", period]) => Some(say(
                Message::FigureOther,
                &[
                    ("thing", page.index.name("home")),
                    ("metric", metric_text(metric)),
                    ("period", Text::same((*period).to_owned())),
                ],
            )),
            _ => None,
        }
    };
    read().unwrap_or_else(|| Text::same(name.to_owned()))
}
