//! Rents as dated paths: published bands of one chip, country and term, each known from its day on.

use std::collections::BTreeMap;

use wafercast::diagnostic::{Diagnostic, Span};
use wafercast::document::{Item, Node, Table};

use super::put;
use crate::chip::Chip;
use crate::codes;
use crate::price::{Kind, Price};

/// The terms as they are written.
const TERMS: [(&str, Kind); 2] = [("on-demand", Kind::OnDemand), ("contract", Kind::Contract)];

/// The quantity of a rent that is asked for by country and term: a vintage per day of publication, with the path of what
/// was published by then. `None` where the question cannot be read, which the check reports.
///
/// # Errors
/// If the chip is not known, or no such price is published.
pub(super) fn path(
    prices: &[Price],
    chip: Option<&Chip>,
    asked: &Table,
    name: &str,
    span: Span,
) -> Result<Option<Item>, Diagnostic> {
    let text = |key: &str| asked.get(key).and_then(Node::text);
    let kind = text("term").and_then(|term| {
        let found = TERMS.iter().find(|(known, _)| *known == term);
        found.map(|(_, kind)| *kind)
    });
    let (Some(country), Some(kind)) = (text("country"), kind) else {
        return Ok(None);
    };
    let Some(chip) = chip else {
        return Err(Diagnostic::error(
            codes::NO_PRICE,
            format!("`{name}` asks for published rents but names no chip"),
            span,
            "rents of which chip?",
        )
        .help("add chip = \"…\", or write the rent itself: rent = \"$2/h\""));
    };
    let of_chip: Vec<&Price> = prices
        .iter()
        .filter(|price| price.chip == chip.id)
        .collect();
    let bands = by_day(&of_chip, country, kind);
    if bands.is_empty() {
        return Err(none_published(chip, country, kind, &of_chip, span));
    }
    let mut vintages = Table::default();
    let mut anchors = Table::default();
    for (day, band) in &bands {
        put(&mut anchors, day, span, Item::Text(band.text()));
        let mut vintage = Table::default();
        put(&mut vintage, "path", span, Item::Table(anchors.clone()));
        put(
            &mut vintage,
            "between",
            span,
            Item::Text("geometric".to_owned()),
        );
        let words = format!(
            "published rents of {} in {country}, {}, latest by {}",
            chip.name,
            kind.name(),
            band.sources.join(", ")
        );
        put(&mut vintage, "assumption", span, Item::Text(words));
        put(&mut vintages, day, span, Item::Table(vintage));
    }
    let mut quantity = Table::default();
    put(&mut quantity, "vintages", span, Item::Table(vintages));
    Ok(Some(Item::Table(quantity)))
}

/// The prices of one day together.
struct Day {
    low: f64,
    high: f64,
    sources: Vec<String>,
}

impl Day {
    fn text(&self) -> String {
        if self.low == self.high {
            format!("${}/h", self.low)
        } else {
            format!("${}/h to ${}/h", self.low, self.high)
        }
    }
}

fn by_day(prices: &[&Price], country: &str, kind: Kind) -> BTreeMap<String, Day> {
    let mut days = BTreeMap::<String, Day>::new();
    for price in prices {
        if price.country != country || price.kind != kind {
            continue;
        }
        let day = days.entry(price.date.clone()).or_insert_with(|| Day {
            low: price.band.0,
            high: price.band.1,
            sources: Vec::new(),
        });
        day.low = day.low.min(price.band.0);
        day.high = day.high.max(price.band.1);
        if !day.sources.contains(&price.source) {
            day.sources.push(price.source.clone());
        }
    }
    days
}

fn none_published(
    chip: &Chip,
    country: &str,
    kind: Kind,
    of_chip: &[&Price],
    span: Span,
) -> Diagnostic {
    let mut others: Vec<String> = of_chip
        .iter()
        .filter_map(|price| {
            let (term, _) = TERMS.iter().find(|(_, kind)| *kind == price.kind)?;
            Some(format!(
                "{{ country = \"{}\", term = \"{term}\" }}",
                price.country
            ))
        })
        .collect();
    others.sort();
    others.dedup();
    let help = if others.is_empty() {
        "write the rent itself, for example rent = \"$1/h to $3/h\"".to_owned()
    } else {
        format!("there are {}", others.join(", "))
    };
    Diagnostic::error(
        codes::NO_PRICE,
        format!(
            "no rent of {} is published for {country}, {}",
            chip.name,
            kind.name()
        ),
        span,
        "no such price",
    )
    .help(help)
}
