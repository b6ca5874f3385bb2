//! Stocks of dies and memory running down.

use crate::message::{Message, html, say};
use crate::number::percent;
use crate::page::{Page, grid, missing};
use crate::period::month_text;
use crate::section::fans::{Subject, fan_figure};
use crate::text::Text;

/// A stock below this share of its peak counts as used up.
const USED_UP: f64 = 0.05;

pub(super) fn body(page: &mut Page) -> String {
    let index = page.index;
    let mut out = format!("<p class=\"intro\">{}</p>\n", html(Message::StocksText));
    let mut panels = Vec::new();
    let mut sentences = Vec::new();
    for (of, group) in index
        .things("stock", &["die:", "memory:"])
        .into_iter()
        .take(12)
    {
        let name = index.name(of);
        let subject = Subject {
            metric: "stock",
            of,
            depth: "designed",
            per_month: false,
        };
        panels.extend(fan_figure(page, subject, &name, false));
        let fine = group.fine();
        let peak = fine
            .iter()
            .copied()
            .max_by(|a, b| a.1.p50.total_cmp(&b.1.p50));
        if let Some((month, stats)) = peak.filter(|(_, stats)| stats.p50 > 0.0) {
            let low = fine
                .iter()
                .find(|(at, later)| *at > month && later.p50 < USED_UP * stats.p50);
            let mut slots = vec![
                ("thing", name),
                ("peak", month_text(month)),
                ("share", percent(USED_UP)),
            ];
            sentences.push(match low {
                Some((at, _)) => {
                    slots.push(("month", month_text(*at)));
                    say(Message::StockUsedUp, &slots)
                }
                None => say(Message::StockLasts, &slots),
            });
        }
    }
    if panels.is_empty() {
        return out + &missing(&say(Message::TitleStocks, &[]));
    }
    out.push_str("<ul class=\"facts\">");
    let items: Vec<String> = sentences.iter().map(Text::html).collect();
    for item in items {
        out.push_str(&format!("<li>{item}</li>"));
    }
    out.push_str("</ul>\n");
    out + &grid(&panels)
}
