//! The inputs with their ranges, sources and marks for assumptions.

use std::collections::BTreeMap;
use std::fmt::Write;

use wafercast::summary::Input;

use crate::chart::bars::range_bar;
use crate::escape::escape;
use crate::message::{Message, html, say};
use crate::number::{count, decimal, exponent, last_digit, round_to};
use crate::page::{Page, missing};
use crate::text::Text;

/// So many inputs are shown before all.
const WIDEST: usize = 12;

pub(super) fn body(page: &mut Page) -> String {
    let inputs = &page.index.summary.inputs;
    if inputs.is_empty() {
        return missing(&say(Message::TitleInputs, &[]));
    }
    let of = |count_of: usize| count(count_of as u64);
    let uncertain = inputs.iter().filter(|input| is_uncertain(input)).count();
    let assumptions = inputs.iter().filter(|input| input.assumption).count();
    let text = say(
        Message::InputsText,
        &[
            ("all", of(inputs.len())),
            ("uncertain", of(uncertain)),
            ("assumptions", of(assumptions)),
        ],
    );
    let mut out = format!("<p class=\"intro\">{}</p>\n", text.html());

    let widest = widest(inputs);
    if !widest.is_empty() {
        let _ = writeln!(
            out,
            "<h3>{}</h3>{}",
            html(Message::WidestInputs),
            table(page, &widest)
        );
    }
    let _ = writeln!(out, "<h3>{}</h3>", html(Message::AllInputs));
    let mut groups: BTreeMap<&str, Vec<&Input>> = BTreeMap::new();
    for input in inputs {
        let kind = input.name.split(['.', '[']).next().unwrap_or(&input.name);
        groups.entry(kind).or_default().push(input);
    }
    for (kind, inputs) in groups {
        let summary = say(
            Message::InputGroup,
            &[("kind", Text::same(kind)), ("n", of(inputs.len()))],
        );
        let _ = writeln!(
            out,
            "<details class=\"inputs\"><summary>{}</summary>{}</details>",
            summary.html(),
            table(page, &inputs)
        );
    }
    out
}

/// The positive inputs whose 90 % range spans the largest ratio, at their first or last anchor.
fn widest(inputs: &[Input]) -> Vec<&Input> {
    let ratio = |low: f64, high: f64| {
        if low > 0.0 && high > low {
            high / low
        } else {
            1.0
        }
    };
    let width = |input: &Input| {
        let last = input
            .last
            .as_ref()
            .map_or(1.0, |(_, low, _, high)| ratio(*low, *high));
        ratio(input.p05, input.p95).max(last)
    };
    let mut wide: Vec<(f64, &Input)> = inputs
        .iter()
        .map(|input| (width(input), input))
        .filter(|(width, _)| *width > 1.0)
        .collect();
    wide.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.name.cmp(&b.1.name)));
    wide.into_iter()
        .take(WIDEST)
        .map(|(_, input)| input)
        .collect()
}

fn is_uncertain(input: &Input) -> bool {
    input.p05 < input.p95
        || input
            .last
            .as_ref()
            .is_some_and(|(_, low, _, high)| low < high)
}

fn table(page: &Page, inputs: &[&Input]) -> String {
    let mut out =
        String::from("<div class=\"scroll\" tabindex=\"0\"><table class=\"rows\"><thead><tr>");
    for head in [
        Message::Input,
        Message::AsWritten,
        Message::Median,
        Message::Range90Short,
        Message::RelativeRange,
        Message::Basis,
    ] {
        let _ = write!(
            out,
            "<th scope=\"col\">{}</th>",
            say(head, &[]).capitalized().html()
        );
    }
    out.push_str("</tr></thead><tbody>");
    for input in inputs {
        out.push_str(&rows(page, input));
    }
    out.push_str("</tbody></table></div>");
    out
}

/// One row, or two for a path: its first and its last anchor.
fn rows(page: &Page, input: &Input) -> String {
    let span = if input.last.is_some() {
        " rowspan=\"2\""
    } else {
        ""
    };
    let mut out = format!(
        "<tr><th scope=\"row\"{span}><code>{}</code>",
        escape(&input.name)
    );
    if let Some(note) = input.note.as_ref().filter(|note| !note.is_empty()) {
        let _ = write!(out, "<small>{}</small>", escape(note));
    }
    let _ = write!(
        out,
        "</th><td{span} class=\"text\">{}</td>",
        as_written(&input.text)
    );
    out.push_str(&numbers(
        input.first_date.as_deref(),
        (input.p05, input.p50, input.p95),
        &input.unit,
    ));
    let mark = if input.assumption {
        format!(
            "<span class=\"assumption\">{}</span>",
            html(Message::Assumption)
        )
    } else {
        String::new()
    };
    let _ = write!(
        out,
        "<td{span} class=\"text\">{mark}{}<small>{}</small></td></tr>",
        page.footnotes(&input.sources),
        escape(&input.place)
    );
    if let Some((date, low, median, high)) = &input.last {
        let _ = write!(
            out,
            "<tr>{}</tr>",
            numbers(Some(date), (*low, *median, *high), &input.unit)
        );
    }
    out
}

/// A quantity as the scenario has it; long paths can be opened.
fn as_written(text: &str) -> String {
    const SHORT: usize = 90;
    if text.chars().count() <= SHORT {
        return escape(text);
    }
    let start: String = text.chars().take(SHORT - 20).collect();
    format!(
        "<details><summary>{}…</summary>{}</details>",
        escape(start.trim_end()),
        escape(text)
    )
}

fn numbers(date: Option<&str>, (low, median, high): (f64, f64, f64), unit: &str) -> String {
    let date = date
        .map(|date| format!("<small>{}</small>", escape(date)))
        .unwrap_or_default();
    let unit = if unit.is_empty() || unit == "1" {
        String::new()
    } else {
        format!(" <span class=\"faint\">{}</span>", escape(unit))
    };
    let (range, bar) = if low < high {
        let range = format!("{}–{}", plain(low).html(), plain(high).html());
        (range, range_bar(low, median, high).unwrap_or_default())
    } else {
        (String::new(), String::new())
    };
    format!(
        "<td>{}{unit}{date}</td><td>{range}</td><td>{bar}</td>",
        plain(median).html()
    )
}

/// A value in its own unit with three significant digits.
fn plain(value: f64) -> Text {
    let value = round_to(value, last_digit(value, 0.0));
    let decimals = usize::try_from(2 - exponent(value)).unwrap_or(0).min(12);
    Text::each(|language| {
        let text = decimal(value, decimals, language);
        if decimals == 0 {
            return text;
        }
        // 0.400 says no more than 0.4.
        text.trim_end_matches('0')
            .trim_end_matches(['.', ','])
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn plain_numbers_have_three_digits() {
        let english = |value| plain(value).get(Language::English).to_owned();
        assert_eq!(english(0.4), "0.4");
        assert_eq!(english(0.012345), "0.0123");
        assert_eq!(english(25_000.0), "25,000");
        assert_eq!(english(1234.5), "1,230");
        assert_eq!(english(0.0), "0");
        assert_eq!(plain(2.5).get(Language::German), "2,5");
    }
}
