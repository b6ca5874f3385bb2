//! What to look up next: the inputs that, if they were known, would change the answers most, with what they rest on.

use std::fmt::Write;

use wafercast_analysis::TargetKind;
use wafercast_analysis::learn::{Lead, Learning};

use crate::chart::bars::{probability_bar, range_bar};
use crate::escape::escape;
use crate::message::{Message, html, say};
use crate::number::count;
use crate::page::{Page, heading};
use crate::section::sensitivity::{input_sources, share, target_text, topic_text};
use crate::text::Text;

/// Inputs per claim or metric.
const PER_TARGET: usize = 3;

pub(super) fn body(page: &mut Page) -> String {
    let Some(found) = page.index.analyses.learning.as_ref() else {
        return String::new();
    };
    let text = say(Message::LearningText, &[("draws", count(found.draws))]);
    let mut out = format!("<p class=\"intro\">{}</p>\n", text.html());
    if found.overall.is_empty() && found.targets.iter().all(|target| target.leads.is_empty()) {
        let _ = writeln!(out, "<p>{}</p>", html(Message::NothingToLearn));
        return out;
    }
    if !found.overall.is_empty() {
        out.push_str(&overall(page, found));
    }
    out.push_str(&by_target(page, found));
    out
}

/// For all claims together: what it removes, how wide it is, what it rests on.
fn overall(page: &Page, found: &Learning) -> String {
    let mut out = heading(Message::LearnOverall, Message::LearnOverallText);
    out.push_str(&head(&[
        Message::Input,
        Message::TopicHead,
        Message::Removes,
        Message::RelativeRange,
        Message::AsWritten,
        Message::Basis,
    ]));
    for lead in &found.overall {
        let basis = found.basis_of(&lead.name);
        let bar = basis
            .and_then(|basis| range_bar(basis.range[0], basis.range[1], basis.range[2]))
            .filter(|_| !lead.event)
            .unwrap_or_default();
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td class=\"text\">{}</td><td>{}{}</td><td>{bar}</td>\
             <td class=\"text\">{}</td><td class=\"text\">{}</td></tr>",
            name(lead),
            topic_text(lead.topic).html(),
            probability_bar(lead.removes.value, lead.removes.standard_error),
            share(&lead.removes).html(),
            basis.map_or_else(String::new, |basis| escape(&shortened(&basis.text))),
            rests_on(page, found, lead)
        );
    }
    out.push_str("</tbody></table></div>\n");
    out
}

/// For each claim and metric, the first few.
fn by_target(page: &Page, found: &Learning) -> String {
    let mut out = heading(Message::LearnByTarget, Message::LearnByTargetText);
    out.push_str(&head(&[Message::Question, Message::LookUp]));
    for target in found
        .targets
        .iter()
        .filter(|target| !target.leads.is_empty())
    {
        let question = match target.kind {
            TargetKind::Claim => Text::same(target.says.clone()),
            TargetKind::Metric => target_text(page, &target.name).capitalized(),
        };
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td class=\"text\">",
            question.html()
        );
        for lead in target.leads.iter().take(PER_TARGET) {
            let _ = write!(
                out,
                "<div>{} <span class=\"faint\">{}</span> {}</div>",
                name(lead),
                share(&lead.removes).html(),
                rests_on(page, found, lead)
            );
        }
        out.push_str("</td></tr>");
    }
    out.push_str("</tbody></table></div>\n");
    out
}

fn head(columns: &[Message]) -> String {
    let mut out =
        String::from("<div class=\"scroll\" tabindex=\"0\"><table class=\"rows\"><thead><tr>");
    for column in columns {
        let _ = write!(
            out,
            "<th scope=\"col\">{}</th>",
            say(*column, &[]).capitalized().html()
        );
    }
    out.push_str("</tr></thead><tbody>");
    out
}

fn name(lead: &Lead) -> String {
    let event = if lead.event {
        format!(" {}", html(Message::IsEvent))
    } else {
        String::new()
    };
    format!("<code>{}</code>{event}", escape(&lead.name))
}

/// The mark of an assumption, or footnotes.
fn rests_on(page: &Page, found: &Learning, lead: &Lead) -> String {
    match found.basis_of(&lead.name) {
        Some(basis) if basis.sources.is_empty() => {
            format!(
                "<span class=\"assumption\">{}</span>",
                html(Message::Assumption)
            )
        }
        _ => input_sources(page, &lead.name),
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let kept: String = text.chars().take(MOST - 1).collect();
    format!("{}…", kept.trim_end())
}
