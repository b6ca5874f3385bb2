//! What more of each resource would bring, what limits output by other measures than units, and when stocks end.

use std::collections::BTreeMap;

use wafercast_analysis::binding::{Binding, StockEnd};

use crate::chart::axis::{Frame, MonthAxis, ValueAxis};
use crate::chart::calendar::{Strip, calendar_svg};
use crate::chart::effects::{Effect, effects_svg};
use crate::chart::svg::Svg;
use crate::message::{Message, html, say};
use crate::number::{count, decimal, percent};
use crate::page::{Page, Table, grid, heading};
use crate::period::{Period, month_text, year_text};
use crate::section::binding::class_of;
use crate::section::claims::resource_text;
use crate::text::Text;

/// Bars of a chart, strips of a calendar, stocks.
const MOST_BARS: usize = 7;
const MOST_STRIPS: usize = 5;
const MOST_STOCKS: usize = 6;
/// Elasticities below this are not shown.
const SMALL: f64 = 0.005;

/// What output is counted in, and its name.
const METRICS: [(&str, Message); 3] = [
    ("units", Message::ByUnits),
    ("h100e", Message::ByCompute),
    ("value", Message::ByMoney),
];

pub(super) fn body(page: &mut Page) -> String {
    let index = page.index;
    let Some(binding) = &index.analyses.binding else {
        return String::new();
    };
    let mut out = format!("<p class=\"intro\">{}</p>\n", html(Message::LimitsText));
    let bars: Vec<String> = METRICS
        .iter()
        .filter_map(|(metric, name)| elasticities(page, binding, metric, *name))
        .collect();
    out.push_str(&grid(&bars));
    let calendars: Vec<String> = METRICS
        .iter()
        .filter_map(|(metric, name)| calendar(page, binding, metric, *name))
        .collect();
    if !calendars.is_empty() {
        out.push_str(&heading(
            Message::LimitsByMetric,
            Message::LimitsByMetricText,
        ));
        out.push_str(&grid(&calendars));
    }
    let mut stocks: Vec<&StockEnd> = binding.stocks.iter().collect();
    stocks.sort_by(|a, b| (a.lasts / a.stocked).total_cmp(&(b.lasts / b.stocked)));
    let panels: Vec<String> = stocks
        .into_iter()
        .take(MOST_STOCKS)
        .map(|stock| stock_end(page, binding, stock))
        .collect();
    if !panels.is_empty() {
        out.push_str(&heading(Message::StockEnds, Message::StockEndsText));
        out.push_str(&grid(&panels));
    }
    out
}

fn elasticities(page: &mut Page, binding: &Binding, metric: &str, name: Message) -> Option<String> {
    let index = page.index;
    let year = index.focus_year();
    let focus = year.to_string();
    let effects: Vec<Effect> = binding
        .elasticities_of(metric, "home", &focus)
        .filter(|e| e.value.abs() >= SMALL)
        .take(MOST_BARS)
        .map(|e| Effect {
            name: resource_text(index, &e.resource),
            class: class_of(&e.resource),
            value: e.value,
            error: e.standard_error,
            label: Text::each(|language| decimal(e.value, 2, language)),
        })
        .collect();
    let first = effects.first()?;
    let slots = [
        ("thing", first.name.clone()),
        ("percent", first.label.clone()),
        ("draws", count(binding.elasticity_draws)),
    ];
    let words = say(Message::WordsElasticity, &slots);
    let title = say(
        Message::TitleElasticity,
        &[("metric", say(name, &[])), ("period", year_text(year))],
    );
    let table = elasticity_table(page, binding, metric);
    Some(page.figure(&title, &words, &table, |labelled_by| {
        effects_svg(&effects, &title, labelled_by)
    }))
}

/// Elasticities of home by resource and year.
fn elasticity_table(page: &Page, binding: &Binding, metric: &str) -> Table {
    let years = page.index.years();
    let mut rows = BTreeMap::<&str, BTreeMap<&str, (f64, f64)>>::new();
    for e in &binding.elasticities {
        if e.metric == metric && e.of == "home" && e.value.abs() >= SMALL {
            let row = rows.entry(&e.resource).or_default();
            row.insert(&e.period, (e.value, e.standard_error));
        }
    }
    Table {
        caption: say(Message::ElasticityCaption, &[]),
        head: std::iter::once(say(Message::Resource, &[]))
            .chain(years.iter().map(|year| year_text(*year)))
            .collect(),
        rows: rows
            .into_iter()
            .map(|(resource, values)| {
                let mut row = vec![resource_text(page.index, resource)];
                row.extend(years.iter().map(|year| {
                    let found = values.get(year.to_string().as_str());
                    found.map_or_else(Text::default, |(value, error)| {
                        Text::each(|language| {
                            format!(
                                "{}\u{a0}±\u{a0}{}",
                                decimal(*value, 2, language),
                                decimal(*error, 2, language)
                            )
                        })
                    })
                }));
                row
            })
            .collect(),
    }
}

fn calendar(page: &mut Page, binding: &Binding, metric: &str, name: Message) -> Option<String> {
    let index = page.index;
    let Some(Period::Month(begin)) = Period::parse(&binding.first_month) else {
        return None;
    };
    let mut by_resource = BTreeMap::<&str, BTreeMap<i32, f64>>::new();
    let mut error = 0.0_f64;
    for row in binding.shares.iter().filter(|row| row.metric == metric) {
        // The plans of all accelerators are one thing here.
        let resource = if row.resource.starts_with("cap:") {
            "cap"
        } else {
            &row.resource
        };
        let months = by_resource.entry(resource).or_default();
        for (month, share) in (begin..).zip(&row.share) {
            *months.entry(month).or_default() += share;
        }
        error = row.standard_error.iter().copied().fold(error, f64::max);
    }
    let mut strips: Vec<Strip> = by_resource
        .into_iter()
        .map(|(resource, months)| Strip {
            name: resource_text(index, resource),
            class: class_of(resource),
            shares: months.into_iter().collect(),
        })
        .collect();
    let total = |strip: &Strip| strip.shares.iter().map(|(_, share)| share).sum::<f64>();
    strips.sort_by(|a, b| total(b).total_cmp(&total(a)));
    strips.truncate(MOST_STRIPS);
    let first = strips.first()?;
    let years = index.years();
    let slots = [
        ("thing", first.name.clone()),
        ("draws", count(binding.draws)),
        (
            "error",
            Text::each(|language| decimal(100.0 * error, 1, language)),
        ),
    ];
    let words = say(Message::WordsLimits, &slots);
    let title = say(Message::LimitsOf, &[("metric", say(name, &[]))]);
    let table = Table {
        caption: say(Message::ShareOfPlans, &[]),
        head: std::iter::once(say(Message::Resource, &[]))
            .chain(years.iter().map(|year| year_text(*year)))
            .collect(),
        rows: strips
            .iter()
            .map(|strip| {
                let mut row = vec![strip.name.clone()];
                row.extend(years.iter().map(|year| {
                    strip
                        .mean_of_year(*year)
                        .map_or_else(Text::default, percent)
                }));
                row
            })
            .collect(),
    };
    Some(page.figure(&title, &words, &table, |labelled_by| {
        calendar_svg(
            &strips,
            index.horizon,
            index.data_until,
            false,
            &title,
            labelled_by,
        )
    }))
}

fn stock_end(page: &mut Page, binding: &Binding, stock: &StockEnd) -> String {
    let index = page.index;
    let begin = match Period::parse(&binding.first_month) {
        Some(Period::Month(month)) => month,
        _ => index.horizon.0,
    };
    let title = resource_text(index, &stock.part);
    let by = |month: &Option<String>| match month.as_deref().and_then(Period::parse) {
        Some(Period::Month(month)) => month_text(month),
        _ => say(Message::NotInHorizon, &[]),
    };
    let points = |value: f64| Text::each(|language| decimal(100.0 * value, 1, language));
    let slots = [
        ("median", by(&stock.p50)),
        ("share", percent(stock.lasts)),
        ("error", points(stock.lasts_error)),
    ];
    let words = say(Message::WordsStockEnd, &slots);
    let table = Table {
        caption: Text::default(),
        head: [
            Message::Stock,
            Message::OutIn10,
            Message::OutIn50,
            Message::OutIn90,
            Message::NeverOut,
            Message::FuturesWithStock,
            Message::LargestError,
        ]
        .map(|message| say(message, &[]))
        .to_vec(),
        rows: vec![vec![
            title.clone(),
            by(&stock.p10),
            by(&stock.p50),
            by(&stock.p90),
            percent(stock.lasts),
            percent(stock.stocked),
            points(stock.standard_error.iter().copied().fold(0.0, f64::max)),
        ]],
    };
    page.figure(&title, &words, &table, |labelled_by| {
        let frame = Frame::RANGE;
        let mut svg = Svg::new(frame.width, frame.height);
        let axis = ValueAxis::new("fraction", 1.0, &frame);
        axis.draw(&mut svg, &frame, &say(Message::RunOutAxis, &[]));
        let months = MonthAxis::new(index.horizon.0, index.horizon.1, &frame);
        months.draw(&mut svg, &frame);
        let mut line = Vec::new();
        for (month, share) in (begin..).zip(&stock.run_out) {
            line.push((months.middle(month), axis.map.at(*share)));
        }
        let bottom = frame.upward().0;
        if let (Some(first), Some(last)) = (line.first(), line.last()) {
            let mut area = vec![(first.0, bottom)];
            area.extend(&line);
            area.push((last.0, bottom));
            svg.polygon("b80", &area);
        }
        svg.polyline("median", &line);
        svg.named("panel", &title, labelled_by, "")
    })
}
