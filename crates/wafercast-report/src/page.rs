//! The parts that sections are put together from: figures with their tables, legends, footnotes.

use std::fmt::Write;

use wafercast::summary::Stats;

use crate::chart::range::Mark;
use crate::index::Index;
use crate::language::Language;
use crate::message::{Message, html};
use crate::number::{Scale, decimal};
use crate::text::Text;

/// The page being written.
#[derive(Debug)]
pub struct Page<'a> {
    /// What it shows.
    pub index: &'a Index<'a>,
    figures: usize,
}

/// A table of numbers: the first cell of each row names it.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// What the numbers are.
    pub caption: Text,
    /// Names of the columns.
    pub head: Vec<Text>,
    /// Rows.
    pub rows: Vec<Vec<Text>>,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub fn new(index: &'a Index<'a>) -> Page<'a> {
        Page { index, figures: 0 }
    }

    /// A figure: a title, one sentence in words, the drawing and the table behind it. `draw` gets the ids that name the
    /// drawing.
    pub fn figure(
        &mut self,
        title: &Text,
        words: &Text,
        table: &Table,
        draw: impl Fn(&str) -> String,
    ) -> String {
        self.figures += 1;
        let id = format!("f{}", self.figures);
        let labelled_by = format!("{id}-t {id}-w");
        format!(
            "<figure id=\"{id}\"><figcaption><h4 id=\"{id}-t\">{}</h4><p id=\"{id}-w\">{}</p></figcaption>{}\
             <details><summary>{}</summary>{}</details></figure>\n",
            title.capitalized().html(),
            words.html(),
            draw(&labelled_by),
            html(Message::TableBehind),
            table.html(),
        )
    }

    /// Superscript numbers that lead to the sources.
    pub fn footnotes(&self, facts: &[String]) -> String {
        let mut numbers: Vec<usize> = facts
            .iter()
            .filter_map(|id| self.index.source_number(id))
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.is_empty() {
            return String::new();
        }
        let links: Vec<String> = numbers
            .iter()
            .map(|number| format!("<a href=\"#s{number}\">{number}</a>"))
            .collect();
        format!("<sup class=\"refs\">[{}]</sup>", links.join(", "))
    }
}

/// Says that something is not in the run, where it would have stood.
pub fn missing(what: &Text) -> String {
    let text = crate::message::say(Message::Missing, &[("what", what.clone())]);
    format!("<p class=\"missing\">{}</p>\n", text.html())
}

/// A section's part with its own heading and introduction.
pub fn heading(title: Message, text: Message) -> String {
    format!(
        "<h3>{}</h3><p class=\"intro\">{}</p>\n",
        html(title),
        html(text)
    )
}

/// Panels side by side.
pub fn grid(panels: &[String]) -> String {
    format!("<div class=\"grid\">{}</div>\n", panels.concat())
}

/// What the marks of range charts mean.
pub fn legend(entries: &[(Mark, Text)], observed: bool) -> String {
    let mut out = String::from("<p class=\"legend\">");
    for (mark, text) in entries {
        let _ = write!(out, "<span>{}{}</span> ", mark.key(), text.html());
    }
    if observed {
        let _ = write!(
            out,
            "<span>{}{}</span> ",
            crate::chart::range::observed_key(),
            html(Message::Observed)
        );
    }
    let _ = writeln!(
        out,
        "<span class=\"how\">{}</span></p>",
        html(Message::HowRanges)
    );
    out
}

impl Table {
    /// Distributions, one per row: the percentiles that a fan shows, or those of ranges.
    pub fn of_stats(
        name: Text,
        rows: &[(Text, &Stats)],
        unit: &str,
        percentiles: &[Percentile],
        per_month: bool,
    ) -> Table {
        let largest = rows
            .iter()
            .map(|(_, stats)| stats.p95.abs())
            .fold(0.0, f64::max);
        let error = rows
            .iter()
            .map(|(_, stats)| stats.mean_se.abs())
            .fold(0.0, f64::max);
        let scale = Scale::new(unit, largest, error);
        let mut head = vec![name];
        head.extend(percentiles.iter().map(|percentile| percentile.name()));
        Table {
            caption: if per_month {
                scale.caption_per_month()
            } else {
                scale.caption()
            },
            head,
            rows: rows
                .iter()
                .map(|(name, stats)| {
                    let mut row = vec![name.clone()];
                    row.extend(
                        percentiles
                            .iter()
                            .map(|percentile| scale.number((percentile.of)(stats))),
                    );
                    row
                })
                .collect(),
        }
    }

    /// As HTML, in a box that scrolls sideways.
    pub fn html(&self) -> String {
        let mut out =
            String::from("<div class=\"scroll\" tabindex=\"0\"><table class=\"numbers\">");
        if !self.caption.is_empty() {
            let _ = write!(out, "<caption>{}</caption>", self.caption.html());
        }
        out.push_str("<thead><tr>");
        for name in &self.head {
            let _ = write!(out, "<th scope=\"col\">{}</th>", name.capitalized().html());
        }
        out.push_str("</tr></thead><tbody>");
        for row in &self.rows {
            out.push_str("<tr>");
            for (column, cell) in row.iter().enumerate() {
                let cell = cell.html();
                let _ = if column == 0 {
                    write!(out, "<th scope=\"row\">{cell}</th>")
                } else {
                    write!(out, "<td>{cell}</td>")
                };
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table></div>");
        out
    }
}

/// A percentile (or the mean) as a column.
#[derive(Debug, Clone, Copy)]
pub struct Percentile {
    /// In percent; none is the mean.
    level: Option<f64>,
    of: fn(&Stats) -> f64,
}

impl Percentile {
    /// The edges of a fan's bands and the median.
    pub const FAN: [Percentile; 7] = [
        Percentile {
            level: Some(2.5),
            of: |s| s.p025,
        },
        Percentile {
            level: Some(10.0),
            of: |s| s.p10,
        },
        Percentile {
            level: Some(25.0),
            of: |s| s.p25,
        },
        Percentile {
            level: Some(50.0),
            of: |s| s.p50,
        },
        Percentile {
            level: Some(75.0),
            of: |s| s.p75,
        },
        Percentile {
            level: Some(90.0),
            of: |s| s.p90,
        },
        Percentile {
            level: Some(97.5),
            of: |s| s.p975,
        },
    ];
    /// The ends of a range chart's lines, its median, and the mean.
    pub const RANGE: [Percentile; 6] = [
        Percentile {
            level: Some(5.0),
            of: |s| s.p05,
        },
        Percentile {
            level: Some(25.0),
            of: |s| s.p25,
        },
        Percentile {
            level: Some(50.0),
            of: |s| s.p50,
        },
        Percentile {
            level: Some(75.0),
            of: |s| s.p75,
        },
        Percentile {
            level: Some(95.0),
            of: |s| s.p95,
        },
        Percentile {
            level: None,
            of: |s| s.mean,
        },
    ];

    fn name(&self) -> Text {
        match self.level {
            None => crate::message::say(Message::Mean, &[]),
            Some(50.0) => crate::message::say(Message::Median, &[]),
            Some(level) => {
                let decimals = usize::from(level.fract() != 0.0);
                Text::each(|language| match language {
                    Language::German => format!("{}\u{a0}%", decimal(level, decimals, language)),
                    _ => format!("{}%", decimal(level, decimals, language)),
                })
            }
        }
    }
}
