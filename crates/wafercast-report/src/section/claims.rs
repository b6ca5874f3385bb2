//! The claims: how many futures they hold in, what binds where they fail; or what the fact base answers.

use std::fmt::Write;

use wafercast::summary::ClaimResult;

use crate::chart::bars::probability_bar;
use crate::escape::escape;
use crate::index::Index;
use crate::message::{Message, html, say};
use crate::number::{decimal, percent};
use crate::page::{Page, missing};
use crate::section::answer::futures;
use crate::text::Text;

pub(super) fn body(page: &mut Page) -> String {
    let claims = &page.index.summary.claims;
    let mut out = format!("<p class=\"intro\">{}</p>\n", html(Message::ClaimsText));
    if claims.is_empty() {
        return out + &missing(&say(Message::TitleClaims, &[]));
    }
    out.push_str("<table class=\"claims\"><thead><tr>");
    for head in [Message::Claim, Message::Answer, Message::WhereItFails] {
        let _ = write!(out, "<th scope=\"col\">{}</th>", html(head));
    }
    out.push_str("</tr></thead><tbody>\n");
    for claim in claims {
        out.push_str(&row(page, claim));
    }
    out.push_str("</tbody></table>\n");
    out
}

fn row(page: &Page, claim: &ClaimResult) -> String {
    let mut out = format!(
        "<tr id=\"claim-{}\"><th scope=\"row\">{}{}",
        escape(&claim.id),
        escape(&claim.says),
        page.footnotes(&claim.sources)
    );
    if let Some(formula) = &claim.formula {
        let _ = write!(out, "<code>{}</code>", escape(formula));
    }
    if let Some(note) = &claim.note {
        let _ = write!(out, "<small>{}</small>", escape(note));
    }
    out.push_str("</th>");
    match claim.probability {
        Some(probability) => out.push_str(&answered_by_draws(page, claim, probability)),
        None => out.push_str(&answered_by_facts(page, claim)),
    }
    out.push_str("</tr>\n");
    out
}

fn answered_by_draws(page: &Page, claim: &ClaimResult, probability: f64) -> String {
    let error = claim.standard_error.unwrap_or(0.0);
    // A tenth of a future is the finest step shown; at 0 and 1 the formula says 0, which would claim too much.
    let points = if error * 100.0 < 0.05 {
        say(
            Message::LessThan,
            &[("n", Text::each(|language| decimal(0.1, 1, language)))],
        )
    } else {
        Text::each(|language| decimal(error * 100.0, 1, language))
    };
    let mut out = format!(
        "<td><b>{}</b>{}<small>{}</small></td><td>",
        futures(probability, page.index.summary.run.draws).html(),
        probability_bar(probability, error),
        say(Message::PlusMinus, &[("points", points)]).html()
    );
    let resources = claim
        .binds_where_it_fails
        .iter()
        .filter(|(_, share)| *share > 0.0)
        .take(4);
    let items: Vec<String> = resources
        .map(|(id, share)| {
            format!(
                "<li>{} <b>{}</b></li>",
                resource_text(page.index, id).html(),
                percent(*share).html()
            )
        })
        .collect();
    if items.is_empty() {
        out.push_str("<span class=\"faint\">–</span>");
    } else {
        let _ = write!(
            out,
            "<small class=\"narrow-only\">{}</small><ul>{}</ul>",
            html(Message::WhereItFails),
            items.concat()
        );
    }
    out.push_str("</td>");
    out
}

fn answered_by_facts(page: &Page, claim: &ClaimResult) -> String {
    let verdict = claim
        .verdict
        .as_deref()
        .map(verdict_text)
        .unwrap_or_default();
    format!(
        "<td colspan=\"2\"><b class=\"verdict\">{}</b> <p>{}{}</p><small>{}</small></td>",
        verdict.html(),
        escape(claim.answer.as_deref().unwrap_or_default()),
        page.footnotes(&claim.facts),
        html(Message::FromFacts)
    )
}

/// A verdict in words.
fn verdict_text(verdict: &str) -> Text {
    let message = match verdict {
        "true" => Message::VerdictTrue,
        "mostly true" => Message::VerdictMostlyTrue,
        "unclear" => Message::VerdictUnclear,
        "mostly false" => Message::VerdictMostlyFalse,
        "false" => Message::VerdictFalse,
        other => return Text::same(other),
    };
    say(message, &[])
}

/// A resource with its kind: `HBM2E (memory)`.
pub(super) fn resource_text(index: &Index, id: &str) -> Text {
    let kind = match id.split(':').next() {
        Some("die") => Message::KindDie,
        Some("memory") => Message::KindMemory,
        Some("packaging") => Message::KindPackaging,
        Some("cap") if matches!(id, "cap" | "cap:") => return say(Message::PlannedVolume, &[]),
        Some("cap") => Message::KindCap,
        _ => return index.name(id),
    };
    let mut name = index.name(id);
    // A cap has the id of its accelerator.
    if let Some(accelerator) = id.strip_prefix("cap:") {
        name = index.name(&format!("accelerator:{accelerator}"));
    }
    say(
        Message::NameAndKind,
        &[("name", name), ("kind", say(kind, &[]))],
    )
}
