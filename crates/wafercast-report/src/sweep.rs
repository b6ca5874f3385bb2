//! A sweep as a page of small multiples: a panel per metric, steps of the first axis side by side, steps of the second as
//! marks, one panel for each step of the others.

use std::fmt::Write;

use wafercast::summary::Stats;
use wafercast_analysis::sweep::{Sweep, SweepCell, SweepMetric, SweepResult};

use crate::chart::axis::Frame;
use crate::chart::range::{Mark, RangeSeries, Ranges, ranges_svg};
use crate::html::{head, switch};
use crate::language::Language;
use crate::message::{Message, html, say};
use crate::number::{base_unit, count, decimal};
use crate::page::{Table, legend};
use crate::text::Text;

/// Characters that the labels under a panel share.
const LABELS: usize = 44;

/// A sweep as one HTML file that needs nothing else.
pub fn sweep_html(sweep: &Sweep, version: &str, language: Language) -> String {
    let title = if sweep.title.is_empty() {
        "Sweep"
    } else {
        &sweep.title
    };
    let mut out = head(version, title, language);
    switch(&mut out, language);
    let slots = [
        ("cells", count(sweep.cells.len() as u64)),
        ("draws", count(sweep.draws)),
        ("seed", Text::same(sweep.seed.to_string())),
    ];
    let _ = write!(
        out,
        "<main id=\"answer\">\n<header><h1>{}</h1><p class=\"lead\">{}</p></header>\n<section>",
        Text::same(title).html(),
        say(Message::SweepText, &slots).html()
    );
    let facets = facets(sweep);
    let axis = sweep.axes.get(1).map_or("", String::as_str);
    for (place, metric) in sweep.shown.iter().enumerate() {
        let _ = writeln!(out, "<h3>{}</h3>", Text::same(metric.says.clone()).html());
        if let Some(names) = facets
            .first()
            .map(|facet| &facet.series)
            .filter(|s| s.len() > 1)
        {
            let entries: Vec<(Mark, Text)> = Mark::ALL
                .into_iter()
                .zip(
                    names
                        .iter()
                        .map(|(name, _)| Text::same(format!("{axis} {name}"))),
                )
                .collect();
            out.push_str(&legend(&entries, false));
        }
        out.push_str("<div class=\"grid\">");
        for (panel, facet) in facets.iter().enumerate() {
            out.push_str(&figure(
                sweep,
                (place, metric),
                facet,
                &format!("f{place}-{panel}"),
            ));
        }
        out.push_str("</div>\n");
    }
    out.push_str("</section></main>\n</body>\n</html>\n");
    out
}

/// A panel: the steps of the first axis, and for each step of the second the cells.
struct Facet<'a> {
    name: String,
    are_cases: bool,
    steps: Vec<String>,
    series: Vec<(String, Vec<Option<&'a SweepCell>>)>,
}

fn facets(sweep: &Sweep) -> Vec<Facet<'_>> {
    let (grid, cases): (Vec<&SweepCell>, Vec<&SweepCell>) =
        sweep.cells.iter().partition(|cell| !cell.at.is_empty());
    let steps = |axis: usize| distinct(grid.iter().filter_map(|cell| cell.at.get(axis).cloned()));
    let mut facets = Vec::new();
    let rests = distinct(
        grid.iter()
            .map(|cell| cell.at.get(2..).unwrap_or(&[]).join(", ")),
    );
    // More series than there are marks would look alike: each becomes a panel.
    let seconds = steps(1);
    let crowded = seconds.len() > Mark::ALL.len();
    for rest in rests {
        let find = |first: &String, second: Option<&String>| {
            grid.iter().copied().find(|cell| {
                cell.at.first() == Some(first)
                    && second.is_none_or(|second| cell.at.get(1) == Some(second))
                    && cell.at.get(2..).unwrap_or(&[]).join(", ") == rest
            })
        };
        let series = |second: Option<&String>| {
            let name = second.cloned().unwrap_or_default();
            let cells = steps(0).iter().map(|first| find(first, second)).collect();
            (name, cells)
        };
        let all: Vec<_> = if seconds.is_empty() {
            vec![series(None)]
        } else {
            seconds.iter().map(|second| series(Some(second))).collect()
        };
        let panels: Vec<Vec<_>> = if crowded {
            all.into_iter().map(|one| vec![one]).collect()
        } else {
            vec![all]
        };
        for series in panels {
            let second = series
                .first()
                .map_or(String::new(), |(name, _)| name.clone());
            let parts = [if crowded { second } else { String::new() }, rest.clone()];
            let named: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            facets.push(Facet {
                name: named.join(", "),
                are_cases: false,
                steps: steps(0),
                series,
            });
        }
    }
    if cases.len() > 1 {
        facets.push(Facet {
            name: String::new(),
            are_cases: true,
            steps: cases.iter().map(|cell| cell.name.clone()).collect(),
            series: vec![(String::new(), cases.into_iter().map(Some).collect())],
        });
    }
    facets
}

fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

fn figure(
    sweep: &Sweep,
    (place, metric): (usize, &SweepMetric),
    facet: &Facet,
    id: &str,
) -> String {
    let (size, unit) = if metric.unit.is_empty() {
        (1.0, "fraction")
    } else {
        base_unit(&metric.unit)
    };
    let stats: Vec<Vec<Option<Stats>>> = facet
        .series
        .iter()
        .map(|(_, cells)| {
            let of = |cell: &&SweepCell| cell.results.get(place).map(|r| stats(metric, r, size));
            cells
                .iter()
                .map(|cell| cell.as_ref().and_then(of))
                .collect()
        })
        .collect();
    let ranges = Ranges {
        periods: facet
            .steps
            .iter()
            .map(|step| Text::same(shortened(step, LABELS / facet.steps.len().max(1))))
            .collect(),
        series: stats
            .iter()
            .zip(Mark::ALL)
            .map(|(values, mark)| RangeSeries {
                mark,
                values: values.iter().map(Option::as_ref).collect(),
            })
            .collect(),
        observed: Vec::new(),
        history: 0,
        unit,
    };
    let title = if facet.are_cases {
        say(Message::SweepCases, &[])
    } else if facet.name.is_empty() {
        Text::same(sweep.axes.first().cloned().unwrap_or_default())
    } else {
        Text::same(facet.name.clone())
    };
    let words = say(
        if metric.is_truth {
            Message::SweepTruth
        } else {
            Message::SweepRange
        },
        &[],
    );
    let table = table(facet, place, (metric, size));
    format!(
        "<figure id=\"{id}\"><figcaption><h4 id=\"{id}-t\">{}</h4><p id=\"{id}-w\">{}</p></figcaption>{}<details><summary>{}</summary>{}</details></figure>\n",
        title.html(),
        words.html(),
        ranges_svg(&ranges, &Frame::RANGE, &title, &format!("{id}-t {id}-w")),
        html(Message::TableBehind),
        table.html(),
    )
}

fn shortened(step: &str, most: usize) -> String {
    if step.chars().count() <= most.max(2) {
        return step.to_owned();
    }
    let kept: String = step.chars().take(most.max(2) - 1).collect();
    format!("{}…", kept.trim_end())
}

/// A number's distribution; of a condition its probability with the sampling error at 50 and 90 %.
fn stats(metric: &SweepMetric, result: &SweepResult, size: f64) -> Stats {
    let values = if metric.is_truth {
        let around = |z: f64| (result.mean + z * result.standard_error).clamp(0.0, 1.0);
        [
            around(-1.645),
            around(-0.674),
            result.mean,
            around(0.674),
            around(1.645),
        ]
    } else {
        [result.p05, result.p25, result.p50, result.p75, result.p95]
    };
    let [p05, p25, p50, p75, p95] = values.map(|value| value * size);
    Stats {
        mean: result.mean * size,
        p025: p05,
        p05,
        p10: p05,
        p25,
        p50,
        p75,
        p90: p95,
        p95,
        p975: p95,
        mean_se: result.standard_error * size,
    }
}

fn table(facet: &Facet, place: usize, (metric, size): (&SweepMetric, f64)) -> Table {
    let names = [
        Message::SweepStep,
        Message::Mean,
        Message::SweepError,
        Message::SweepDifference,
        Message::SweepError,
    ];
    let mut rows = Vec::new();
    for (series, cells) in &facet.series {
        for (step, cell) in facet.steps.iter().zip(cells) {
            let Some(result) = cell.and_then(|cell| cell.results.get(place)) else {
                continue;
            };
            let name = if series.is_empty() {
                step.clone()
            } else {
                format!("{step}, {series}")
            };
            let (scale, decimals) = if metric.unit.is_empty() {
                (100.0, 1)
            } else {
                (size, 0)
            };
            let number =
                |value: f64| Text::each(|language| decimal(scale * value, decimals, language));
            rows.push(vec![
                Text::same(name),
                number(result.mean),
                number(result.standard_error),
                number(result.difference),
                number(result.difference_error),
            ]);
        }
    }
    Table {
        caption: Text::same(if metric.unit.is_empty() {
            "%"
        } else {
            metric.unit.as_str()
        }),
        head: names.map(|message| say(message, &[])).to_vec(),
        rows,
    }
}
