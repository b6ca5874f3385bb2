//! How to compute it again, and how to read the pictures.

use std::fmt::Write;

use crate::escape::escape;
use crate::message::{Message, html};
use crate::page::Page;

pub(super) fn body(page: &mut Page) -> String {
    let summary = page.index.summary;
    let run = &summary.run;
    let mut out = format!(
        "<p class=\"intro\">{}</p>\n<pre tabindex=\"0\"><code>{}</code></pre>\n<dl class=\"run\">",
        html(Message::MethodCommand),
        escape(&run.command)
    );
    let rows = [
        (Message::Scenario, run.scenario.clone()),
        (Message::Version, summary.version.clone()),
        (Message::Draws, run.draws.to_string()),
        (Message::Seed, run.seed.to_string()),
        (Message::Design, run.design.clone()),
        (Message::PlanHash, run.plan_hash.clone()),
    ];
    for (name, value) in rows {
        let _ = write!(
            out,
            "<div><dt>{}</dt><dd><code>{}</code></dd></div>",
            html(name),
            escape(&value)
        );
    }
    out.push_str("</dl>\n");
    let _ = writeln!(out, "<h3>{}</h3>", html(Message::HowToRead));
    for text in [
        Message::ReadFutures,
        Message::ReadFans,
        Message::ReadShares,
        Message::ReadRounding,
        Message::ReadLimits,
    ] {
        let _ = writeln!(out, "<p class=\"intro\">{}</p>", html(text));
    }
    out
}
