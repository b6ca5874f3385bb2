//! Stocks of dies and memory running down.

use std::fmt::Write;

use crate::index::Group;
use crate::message::{Message, html, say};
use crate::number::percent;
use crate::page::{Page, grid, missing};
use crate::period::month_text;
use crate::section::fans::{Subject, fan_figure};

/// A stock below this share of its peak counts as used up.
const USED_UP: f64 = 0.05;

/// So many panels are drawn, those that run out first.
const MOST_PANELS: usize = 9;

/// A stock, and if its median runs out: the month of its peak and the month from which it is used up.
struct Stock<'a> {
    of: &'a str,
    used_up: Option<(i32, i32)>,
}

pub(super) fn body(page: &mut Page) -> String {
    let index = page.index;
    let mut out = format!("<p class=\"intro\">{}</p>\n", html(Message::StocksText));
    let things = index.things("stock", &["die:", "memory:"]);
    let mut stocks: Vec<Stock> = things
        .into_iter()
        .filter(|(_, group)| group.size() > 0.0)
        .map(|(of, group)| Stock {
            of,
            used_up: used_up(group),
        })
        .collect();
    // A stable sort: the largest come first among those that run out, and among the rest.
    stocks.sort_by_key(|stock| stock.used_up.is_none());
    let mut panels = Vec::new();
    let mut sentences = Vec::new();
    for stock in stocks.iter().take(MOST_PANELS) {
        let name = index.name(stock.of);
        let subject = Subject {
            metric: "stock",
            of: stock.of,
            depth: "designed",
            per_month: false,
        };
        panels.extend(fan_figure(page, subject, &name, false));
        if let Some((peak, end)) = stock.used_up {
            let slots = [
                ("thing", name),
                ("peak", month_text(peak)),
                ("share", percent(USED_UP)),
                ("month", month_text(end)),
            ];
            sentences.push(say(Message::StockUsedUp, &slots));
        }
    }
    if panels.is_empty() {
        return out + &missing(&say(Message::TitleStocks, &[]));
    }
    if stocks.iter().any(|stock| stock.used_up.is_none()) {
        sentences.push(say(Message::StocksLast, &[]));
    }
    let items: Vec<String> = sentences
        .iter()
        .map(|text| format!("<li>{}</li>", text.html()))
        .collect();
    let _ = writeln!(out, "<ul class=\"facts\">{}</ul>", items.concat());
    out + &grid(&panels)
}

/// When the median peaks, and when it is below a small share of that for the first time after.
fn used_up(group: &Group) -> Option<(i32, i32)> {
    let fine = group.fine();
    let (peak, most) = fine
        .iter()
        .copied()
        .max_by(|a, b| a.1.p50.total_cmp(&b.1.p50))?;
    let (end, _) = fine
        .iter()
        .find(|(month, stats)| *month > peak && stats.p50 < USED_UP * most.p50)?;
    Some((peak, *end))
}
