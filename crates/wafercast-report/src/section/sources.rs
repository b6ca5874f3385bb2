//! The sources: exactly the facts that reached the run, numbered.

use std::fmt::Write;

use crate::escape::{escape, link};
use crate::message::{Message, html, say};
use crate::page::{Page, missing};

pub(super) fn body(page: &mut Page) -> String {
    let sources = &page.index.summary.sources;
    if sources.is_empty() {
        return missing(&say(Message::TitleSources, &[]));
    }
    let mut out = format!(
        "<p class=\"intro\">{}</p>\n<ol class=\"sources\">\n",
        html(Message::SourcesText)
    );
    for (source, number) in sources.iter().zip(1..) {
        let title = escape(&source.title);
        let title = match link(&source.url) {
            Some(address) => format!(
                "<a href=\"{}\" rel=\"noreferrer\">{title}</a>",
                escape(address)
            ),
            None => title,
        };
        let date = if source.published.is_empty() {
            html(Message::Undated)
        } else {
            escape(&source.published)
        };
        let _ = write!(
            out,
            "<li id=\"s{number}\"><p>{}</p><p class=\"where\">{title}. {}, {date}. <span class=\"quality\">{} {}</span> <code>{}</code></p>",
            escape(&source.says),
            escape(&source.publisher),
            html(Message::Quality),
            escape(&source.quality),
            escape(&source.id)
        );
        if !source.note.is_empty() {
            let _ = write!(out, "<p class=\"where\">{}</p>", escape(&source.note));
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n");
    out
}
