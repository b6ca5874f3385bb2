//! The report's sections, in the order in which they stand.

mod answer;
mod backtest;
mod binding;
mod claims;
mod evidence;
mod fans;
mod inputs;
mod installed;
mod learning;
mod limits;
mod market;
mod method;
mod output;
mod planning;
mod require;
mod sensitivity;
mod sources;
mod stock;
mod sufficiency;

use crate::message::{Message, html};
use crate::page::Page;

pub use answer::lead;

/// A section: its anchor, its title, and the function that writes its body.
pub struct Section {
    /// Anchor.
    pub id: &'static str,
    /// Title.
    pub title: Message,
    body: fn(&mut Page) -> String,
}

impl Section {
    /// All, in order. The answer stands above them.
    pub const ALL: [Section; 17] = [
        Section {
            id: "sufficiency",
            title: Message::TitleSufficiency,
            body: sufficiency::body,
        },
        Section {
            id: "output",
            title: Message::TitleOutput,
            body: output::body,
        },
        Section {
            id: "stocks",
            title: Message::TitleStocks,
            body: stock::body,
        },
        Section {
            id: "binding",
            title: Message::TitleBinding,
            body: binding::body,
        },
        Section {
            id: "limits",
            title: Message::TitleLimits,
            body: limits::body,
        },
        Section {
            id: "planning",
            title: Message::TitlePlanning,
            body: planning::body,
        },
        Section {
            id: "claims",
            title: Message::TitleClaims,
            body: claims::body,
        },
        Section {
            id: "require",
            title: Message::TitleRequire,
            body: require::body,
        },
        Section {
            id: "sensitivity",
            title: Message::TitleSensitivity,
            body: sensitivity::body,
        },
        Section {
            id: "learning",
            title: Message::TitleLearning,
            body: learning::body,
        },
        Section {
            id: "evidence",
            title: Message::TitleEvidence,
            body: evidence::body,
        },
        Section {
            id: "backtest",
            title: Message::TitleBacktest,
            body: backtest::body,
        },
        Section {
            id: "market",
            title: Message::TitleMarket,
            body: market::body,
        },
        Section {
            id: "installed",
            title: Message::TitleInstalled,
            body: installed::body,
        },
        Section {
            id: "inputs",
            title: Message::TitleInputs,
            body: inputs::body,
        },
        Section {
            id: "sources",
            title: Message::TitleSources,
            body: sources::body,
        },
        Section {
            id: "method",
            title: Message::TitleMethod,
            body: method::body,
        },
    ];

    /// The section as HTML; nothing if it is about an analysis that was not made.
    pub fn html(&self, page: &mut Page) -> Option<String> {
        let body = (self.body)(page);
        (!body.is_empty()).then(|| {
            format!(
                "<section id=\"{}\"><h2>{}</h2>\n{body}</section>\n",
                self.id,
                html(self.title),
            )
        })
    }
}
