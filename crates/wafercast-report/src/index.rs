//! Finding things in a summary: one index of its series, names and source numbers.

use std::collections::BTreeMap;

use wafercast::summary::{Example, History, Name, Series, Stats, Summary};
use wafercast_analysis::Analyses;

use crate::message::{Message, say};
use crate::number::base_unit;
use crate::period::Period;
use crate::text::Text;

/// All series of one metric, thing and depth, by length of period, in order of time.
#[derive(Debug, Clone, Default)]
pub struct Group<'a> {
    /// By month since year 0.
    pub months: Vec<(i32, &'a Series)>,
    /// By the quarter's first month.
    pub quarters: Vec<(i32, &'a Series)>,
    /// By year.
    pub years: Vec<(i32, &'a Series)>,
}

impl<'a> Group<'a> {
    /// The distribution of a year.
    pub fn year(&self, year: i32) -> Option<&'a Series> {
        self.years
            .iter()
            .find(|(at, _)| *at == year)
            .map(|(_, series)| *series)
    }

    /// The largest median there is, for ordering.
    pub fn size(&self) -> f64 {
        let all = if self.years.is_empty() {
            &self.months
        } else {
            &self.years
        };
        all.iter()
            .map(|(_, series)| series.stats.p50.max(series.stats.mean))
            .fold(0.0, f64::max)
    }

    /// The finest periods there are: months, else quarters (at their middle month).
    pub fn fine(&self) -> Vec<(i32, &'a Stats)> {
        if self.months.is_empty() {
            self.quarters
                .iter()
                .map(|(month, series)| (month + 1, &series.stats))
                .collect()
        } else {
            self.months
                .iter()
                .map(|(month, series)| (*month, &series.stats))
                .collect()
        }
    }

    /// The unit, as in `Series`.
    pub fn unit(&self) -> &'a str {
        let first = self
            .months
            .first()
            .or(self.quarters.first())
            .or(self.years.first());
        first.map_or("", |(_, series)| series.unit.as_str())
    }
}

/// By metric, then by thing, then by depth.
type Groups<'a> = BTreeMap<&'a str, BTreeMap<&'a str, BTreeMap<&'a str, Group<'a>>>>;

/// An observation's 5th, 50th and 95th percentile in the unit of series.
pub fn observed_values(seen: &History) -> [f64; 3] {
    let (size, _) = base_unit(&seen.unit);
    [seen.observed_p05, seen.observed_p50, seen.observed_p95].map(|value| size * value)
}

/// The index.
#[derive(Debug)]
pub struct Index<'a> {
    /// What it indexes.
    pub summary: &'a Summary,
    /// The analyses that were made on the same run.
    pub analyses: &'a Analyses,
    groups: Groups<'a>,
    names: BTreeMap<&'a str, &'a Name>,
    source_numbers: BTreeMap<&'a str, usize>,
    /// First and last month of the run, since year 0.
    pub horizon: (i32, i32),
    /// The first month that is not history.
    pub data_until: Option<i32>,
}

impl<'a> Index<'a> {
    /// Builds it. Series whose period cannot be read, and cumulated ones, are left out.
    pub fn new(summary: &'a Summary, analyses: &'a Analyses) -> Index<'a> {
        let mut groups = Groups::new();
        for series in &summary.series {
            let depth = match series.depth.as_deref() {
                None | Some("designed") => "",
                Some(depth) => depth,
            };
            let things = groups.entry(&series.metric).or_default();
            let group = things
                .entry(&series.of)
                .or_default()
                .entry(depth)
                .or_default();
            match Period::parse(&series.period) {
                Some(Period::Month(month)) => group.months.push((month, series)),
                Some(Period::Quarter(month)) => group.quarters.push((month, series)),
                Some(Period::Year(year)) => group.years.push((year, series)),
                Some(Period::Until(_)) | None => {}
            }
        }
        for group in groups
            .values_mut()
            .flat_map(BTreeMap::values_mut)
            .flat_map(BTreeMap::values_mut)
        {
            for list in [&mut group.months, &mut group.quarters, &mut group.years] {
                list.sort_by_key(|(at, _)| *at);
            }
        }
        let month = |text: &str| match Period::parse(text) {
            Some(period) => Some(period.months().0),
            None => Period::parse(text.get(..7)?).map(|period| period.months().0),
        };
        let first = month(&summary.run.from).unwrap_or_default();
        Index {
            summary,
            analyses,
            groups,
            names: summary
                .names
                .iter()
                .map(|name| (name.id.as_str(), name))
                .collect(),
            source_numbers: summary
                .sources
                .iter()
                .zip(1..)
                .map(|(source, number)| (source.id.as_str(), number))
                .collect(),
            horizon: (first, month(&summary.run.to).unwrap_or(first).max(first)),
            data_until: summary.run.data_until.as_deref().and_then(month),
        }
    }

    /// The series of a metric of a thing at a depth (`designed` and none are the same).
    pub fn group(&self, metric: &str, of: &str, depth: &str) -> Option<&Group<'a>> {
        let depth = if depth == "designed" { "" } else { depth };
        self.groups.get(metric)?.get(of)?.get(depth)
    }

    /// The series of a metric that has only one thing (shares, coverage, demand): of `home` if there is one, else the first.
    pub fn only(&self, metric: &str, depth: &str) -> Option<&Group<'a>> {
        self.group(metric, "home", depth).or_else(|| {
            let depth = if depth == "designed" { "" } else { depth };
            self.groups
                .get(metric)?
                .values()
                .find_map(|depths| depths.get(depth))
        })
    }

    /// All things of a metric whose id begins with one of these prefixes, the largest first.
    pub fn things(&self, metric: &str, prefixes: &[&str]) -> Vec<(&'a str, &Group<'a>)> {
        let mut things: Vec<(&str, &Group)> = self
            .groups
            .get(metric)
            .into_iter()
            .flatten()
            .filter(|(of, _)| prefixes.iter().any(|prefix| of.starts_with(prefix)))
            .filter_map(|(of, depths)| Some((*of, depths.get("")?)))
            .collect();
        things.sort_by(|a, b| b.1.size().total_cmp(&a.1.size()).then_with(|| a.0.cmp(b.0)));
        things
    }

    /// The display name of an id.
    pub fn name(&self, id: &str) -> Text {
        let message = match id {
            "home" => Message::Home,
            "imports" => Message::Imports,
            "all" => Message::All,
            "legal" => Message::Legal,
            "smuggled" => Message::Smuggled,
            _ => {
                let known = self.names.get(id).map(|name| name.name.clone());
                let stripped = id.split_once(':').map_or(id, |(_, rest)| rest);
                return Text::same(known.unwrap_or_else(|| stripped.to_owned()));
            }
        };
        say(message, &[])
    }

    /// The designer of an accelerator.
    pub fn designer(&self, id: &str) -> Option<&'a str> {
        self.names.get(id).and_then(|name| name.group.as_deref())
    }

    /// The number of a source in the list.
    pub fn source_number(&self, id: &str) -> Option<usize> {
        self.source_numbers.get(id).copied()
    }

    /// The example futures of a series.
    pub fn examples(&self, metric: &str, of: &str, depth: &str) -> Vec<&'a Example> {
        let examples = self.summary.examples.iter();
        examples
            .filter(|example| example.metric == metric && example.of == of)
            .filter(|example| example.depth.as_deref().unwrap_or("designed") == depth)
            .take(12)
            .collect()
    }

    /// Observations of a flow, read from the metric as written: `units(home, 2025)`, `units("designer:Moore Threads",
    /// 2025)`.
    pub fn observations(&self, metric: &str, of: &str, depth: &str) -> Vec<(Period, &'a History)> {
        let read = |history: &'a History| {
            let (name, rest) = history.metric.trim().split_once('(')?;
            let mut arguments = rest.trim_end().strip_suffix(')')?.split(',').map(str::trim);
            let thing = arguments.next()?.trim_matches('"');
            let period = Period::parse(arguments.next()?)?;
            let counted = arguments.next().unwrap_or("designed");
            (name.trim() == metric && thing == of && counted == depth).then_some((period, history))
        };
        self.summary.history.iter().filter_map(read).collect()
    }

    /// The years of the run.
    pub fn years(&self) -> Vec<i32> {
        (self.horizon.0.div_euclid(12)..=self.horizon.1.div_euclid(12))
            .take(60)
            .collect()
    }

    /// The year that the answer is about: the headline's first one, else the run's last.
    pub fn focus_year(&self) -> i32 {
        let headline = self
            .summary
            .headline
            .iter()
            .find_map(|item| Period::parse(&item.period));
        headline
            .map_or(self.horizon.1, |period| period.months().1)
            .div_euclid(12)
    }
}
