//! The page: head, language switch, contents, sections.

use std::fmt::Write;

use wafercast::summary::Summary;
use wafercast_analysis::Analyses;

use crate::escape::escape;
use crate::index::Index;
use crate::language::Language;
use crate::message::{Message, html as text, say};
use crate::number::count;
use crate::page::Page;
use crate::section::{Section, lead};
use crate::text::Text;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The report of a run as one HTML file that needs nothing else: no network, no script, no font.
///
/// English, German and Chinese are all in it; `language` is shown first, and the switch works without a script.
/// What the summary lacks is said to be missing where it would have stood.
pub fn html(summary: &Summary, language: Language) -> String {
    html_with(summary, &Analyses::default(), language)
}

/// The report of a run with its analyses: those that were made have sections of their own.
pub fn html_with(summary: &Summary, analyses: &Analyses, language: Language) -> String {
    let index = Index::new(summary, analyses);
    let mut page = Page::new(&index);
    let mut out = head(summary, language);
    switch(&mut out, language);
    let lead = lead(&page);
    let sections: Vec<(&Section, String)> = Section::ALL
        .iter()
        .filter_map(|section| Some((section, section.html(&mut page)?)))
        .collect();
    let _ = write!(
        out,
        "<main id=\"answer\">\n<header>\n{lead}</header>\n{}",
        contents(&sections)
    );
    for (_, html) in &sections {
        out.push_str(html);
    }
    let made_by = say(
        Message::MadeBy,
        &[
            ("version", Text::same(summary.version.clone())),
            ("draws", count(summary.run.draws)),
            ("seed", Text::same(summary.run.seed.to_string())),
        ],
    );
    let _ = write!(
        out,
        "</main>\n<footer><p>{}</p></footer>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        made_by.html()
    );
    out
}

fn head(summary: &Summary, language: Language) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <meta name=\"generator\" content=\"Wafercast {}\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        language.tag(),
        escape(&summary.version),
        escape(&summary.run.title),
    )
}

/// Radio buttons before everything else: style rules show the language of the one that is checked.
fn switch(out: &mut String, language: Language) {
    let _ = writeln!(
        out,
        "<a class=\"skip\" href=\"#answer\">{}</a>",
        text(Message::SkipToContent)
    );
    for one in Language::ALL {
        let checked = if one == language { " checked" } else { "" };
        let _ = write!(
            out,
            "<input type=\"radio\" name=\"language\" id=\"lang-{}\" aria-label=\"{}\"{checked}>",
            one.tag(),
            one.name()
        );
    }
    let _ = write!(
        out,
        "\n<div class=\"top\"><p class=\"brand\">Wafercast</p><p class=\"switch\"><span class=\"hidden\">{}</span>",
        text(Message::SwitchLanguage)
    );
    for one in Language::ALL {
        let _ = write!(
            out,
            "<label for=\"lang-{0}\" lang=\"{0}\">{1}</label>",
            one.tag(),
            one.name()
        );
    }
    out.push_str("</p></div>\n");
}

fn contents(sections: &[(&Section, String)]) -> String {
    let items: Vec<String> = sections
        .iter()
        .map(|(section, _)| {
            format!(
                "<li><a href=\"#{}\">{}</a></li>",
                section.id,
                text(section.title)
            )
        })
        .collect();
    format!(
        "<nav class=\"contents\"><h2 class=\"hidden\">{}</h2><ol>{}</ol></nav>\n",
        text(Message::Contents),
        items.concat()
    )
}
