//! Differences of paired draws, counted draw by draw: memory does not grow with their number.

use rayon::prelude::*;
use serde::Serialize;
use wafercast::histogram::Histogram;
use wafercast::scenario::Scenario;
use wafercast::table::{ColumnKind, DrawColumn, DrawTable};

/// Two scenarios compared. The difference is always second minus first.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// First scenario.
    pub first: String,
    /// Second scenario.
    pub second: String,
    /// Changes made in the second.
    pub set: Vec<String>,
    /// Number of paired draws.
    pub draws: u64,
    /// Seed of both.
    pub seed: u64,
    /// The yearly metrics that both have.
    pub metrics: Vec<MetricDifference>,
    /// The claims that both have.
    pub claims: Vec<ClaimDifference>,
    /// What the differences are due to, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<wafercast_analysis::explain::Explanation>,
}

/// The difference in one metric.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricDifference {
    /// `units`, `share_of_purchases:h100e` …
    pub metric: String,
    /// `home`, `imports`, `all`
    pub of: String,
    /// `designed`, `fabricated`, `fully`
    pub depth: Option<String>,
    /// `2027`
    pub period: String,
    /// Unit.
    pub unit: String,
    /// Median in the first scenario.
    pub first_p50: f64,
    /// Median in the second.
    pub second_p50: f64,
    /// Mean of the difference.
    pub mean: f64,
    /// Its Monte-Carlo standard error.
    pub mean_se: f64,
    /// Percentiles of the difference.
    pub p05: f64,
    /// 10th.
    pub p10: f64,
    /// 25th.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// 75th.
    pub p75: f64,
    /// 90th.
    pub p90: f64,
    /// 95th.
    pub p95: f64,
    /// Share of futures in which the second is greater.
    pub probability_greater: f64,
    /// Share of futures in which both are equal.
    pub probability_equal: f64,
}

/// The difference in a claim's probability.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimDifference {
    /// Id.
    pub id: String,
    /// The sentence.
    pub says: String,
    /// Probability in the first scenario.
    pub first: f64,
    /// Probability in the second.
    pub second: f64,
    /// Second minus first.
    pub difference: f64,
    /// Its standard error, of the pairs.
    pub standard_error: f64,
}

/// Sets whose yearly metrics are compared.
const SETS: [&str; 3] = ["home", "imports", "all"];

fn is_wanted(column: &DrawColumn) -> bool {
    match column.kind {
        ColumnKind::Input => false,
        ColumnKind::Claim => true,
        ColumnKind::Series => SeriesName::of(&column.name)
            .is_some_and(|name| SETS.contains(&name.of) && name.period.len() == 4),
    }
}

/// The parts of a series' column name, `metric|of|depth|period`; the depth may be empty or left out.
struct SeriesName<'a> {
    metric: &'a str,
    of: &'a str,
    depth: Option<&'a str>,
    period: &'a str,
}

impl SeriesName<'_> {
    fn of(name: &str) -> Option<SeriesName<'_>> {
        let parts: Vec<&str> = name.split('|').collect();
        match parts[..] {
            [metric, of, depth, period] => Some(SeriesName {
                metric,
                of,
                depth: (!depth.is_empty()).then_some(depth),
                period,
            }),
            [metric, of, period] => Some(SeriesName {
                metric,
                of,
                depth: None,
                period,
            }),
            _ => None,
        }
    }
}

/// What is counted of the pairs of draws of one column that both scenarios have, in space that does not grow with them.
#[derive(Debug, Clone)]
struct Pair {
    /// Places of the column in the tables of both.
    places: (usize, usize),
    kind: ColumnKind,
    name: String,
    unit: String,
    first: Histogram,
    second: Histogram,
    difference: Histogram,
    greater: u64,
    equal: u64,
    moments: Moments,
}

/// Mean and sum of squared deviations, draw by draw (Welford 1962).
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        let off = value - self.mean;
        self.mean += off / self.count;
        self.squares += off * (value - self.mean);
    }

    /// Of the mean; 0 below two draws.
    fn standard_error(&self) -> f64 {
        if self.count < 2.0 {
            0.0
        } else {
            (self.squares / (self.count - 1.0) / self.count).sqrt()
        }
    }
}

/// The pairs of draws of two scenarios, counted: the yearly metrics and claims that both have.
#[derive(Debug, Clone, Default)]
pub struct Pairs {
    pairs: Option<Vec<Pair>>,
}

impl Pairs {
    /// Adds further draws of both scenarios; the tables hold the same draws. Draws are added in order, so that the result
    /// does not depend on how they are split into tables. Columns are spread over the threads of the ambient pool.
    pub fn add(&mut self, first: &DrawTable, second: &DrawTable) {
        let pairs = self.pairs.get_or_insert_with(|| pairs(first, second));
        pairs.par_iter_mut().for_each(|pair| {
            let (a, b) = pair.places;
            pair.add(&first.columns[a].values, &second.columns[b].values);
        });
    }

    /// The differences of the yearly metrics.
    pub fn metrics(&self) -> Vec<MetricDifference> {
        self.of(ColumnKind::Series)
            .filter_map(Pair::of_metric)
            .collect()
    }

    /// The differences of the claims by formula.
    pub fn claims(&self, scenario: &Scenario) -> Vec<ClaimDifference> {
        let says = |id: &str| {
            let claim = scenario.claims.iter().find(|claim| claim.id == id);
            claim.map_or_else(String::new, |claim| claim.says.clone())
        };
        self.of(ColumnKind::Claim)
            .map(|pair| ClaimDifference {
                id: pair.name.clone(),
                says: says(&pair.name),
                first: pair.first.mean(),
                second: pair.second.mean(),
                difference: pair.moments.mean,
                standard_error: pair.moments.standard_error(),
            })
            .collect()
    }

    fn of(&self, kind: ColumnKind) -> impl Iterator<Item = &Pair> {
        let pairs = self.pairs.iter().flatten();
        pairs.filter(move |pair| pair.kind == kind)
    }
}

/// The columns that are compared, of tables of both scenarios.
fn pairs(first: &DrawTable, second: &DrawTable) -> Vec<Pair> {
    let columns = first.columns.iter().enumerate();
    columns
        .filter(|(_, column)| is_wanted(column))
        .filter_map(|(place, column)| {
            let partner = second.columns.iter().position(|other| {
                other.kind == column.kind && other.name == column.name && other.unit == column.unit
            })?;
            // Means are kept to 2⁻¹² of a unit, of shares to 2⁻⁴⁴.
            let is_share = column.kind == ColumnKind::Claim || column.unit == "fraction";
            let empty = Histogram::new(if is_share { 44 } else { 12 });
            Some(Pair {
                places: (place, partner),
                kind: column.kind,
                name: column.name.clone(),
                unit: column.unit.clone(),
                first: empty.clone(),
                second: empty.clone(),
                difference: empty,
                greater: 0,
                equal: 0,
                moments: Moments::default(),
            })
        })
        .collect()
}

impl Pair {
    fn add(&mut self, first: &[f64], second: &[f64]) {
        let pairs = first.iter().zip(second);
        let differences: Vec<f64> = pairs.map(|(first, second)| second - first).collect();
        for &difference in &differences {
            self.greater += u64::from(difference > 0.0);
            self.equal += u64::from(difference == 0.0);
            self.moments.add(difference);
        }
        self.first.extend(first);
        self.second.extend(second);
        self.difference.extend(&differences);
    }

    fn of_metric(&self) -> Option<MetricDifference> {
        let name = SeriesName::of(&self.name)?;
        let share = |count: u64| count as f64 / self.moments.count.max(1.0);
        let at = |p: f64| self.difference.quantile(p);
        Some(MetricDifference {
            metric: name.metric.to_owned(),
            of: name.of.to_owned(),
            depth: name.depth.map(str::to_owned),
            period: name.period.to_owned(),
            unit: self.unit.clone(),
            first_p50: self.first.quantile(0.5),
            second_p50: self.second.quantile(0.5),
            mean: self.moments.mean,
            mean_se: self.moments.standard_error(),
            p05: at(0.05),
            p10: at(0.10),
            p25: at(0.25),
            p50: at(0.50),
            p75: at(0.75),
            p90: at(0.90),
            p95: at(0.95),
            probability_greater: share(self.greater),
            probability_equal: share(self.equal),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, values: &[f64]) -> DrawTable {
        DrawTable {
            columns: vec![DrawColumn {
                kind: ColumnKind::Series,
                name: name.into(),
                unit: "units".into(),
                values: values.to_vec(),
            }],
            first: 0,
        }
    }

    fn compared(pieces: &[(DrawTable, DrawTable)]) -> Vec<MetricDifference> {
        let mut pairs = Pairs::default();
        for (first, second) in pieces {
            pairs.add(first, second);
        }
        pairs.metrics()
    }

    #[test]
    fn a_constant_shift_has_no_spread() {
        let first = table("units|home|designed|2027", &[1.0, 5.0, 2.0]);
        let second = table("units|home|designed|2027", &[3.0, 7.0, 4.0]);
        let all = compared(&[(first, second)]);
        assert_eq!(all.len(), 1);
        let difference = &all[0];
        assert_eq!((difference.p05, difference.p95), (2.0, 2.0));
        assert_eq!((difference.mean, difference.mean_se), (2.0, 0.0));
        assert_eq!(difference.probability_greater, 1.0);
        let near = |value: f64, expected: f64| (value / expected - 1.0).abs() < 0.004;
        assert!(near(difference.first_p50, 2.0) && near(difference.second_p50, 4.0));
    }

    #[test]
    fn what_only_one_has_is_left_out() {
        let first = table("units|home|designed|2027", &[1.0]);
        let second = table("units|home|designed|2028", &[1.0]);
        assert!(compared(&[(first, second)]).is_empty());
        let maker = || table("units|designer:X|designed|2027", &[4.0]);
        assert!(compared(&[(maker(), maker())]).is_empty());
    }

    #[test]
    fn splitting_the_draws_changes_no_bit() {
        let name = "units|home|designed|2027";
        let first: Vec<f64> = (0..1000).map(|i| f64::from(i * 7 % 131) / 3.0).collect();
        let second: Vec<f64> = (0..1000).map(|i| f64::from(i * 11 % 97) * 1.7).collect();
        let whole = compared(&[(table(name, &first), table(name, &second))]);
        let pieces: Vec<_> = [0..1, 1..300, 300..1000]
            .map(|range| {
                (
                    table(name, &first[range.clone()]),
                    table(name, &second[range]),
                )
            })
            .into();
        assert_eq!(whole, compared(&pieces));
    }

    #[test]
    fn errors_are_those_of_the_pairs() {
        let name = "units|home|designed|2027";
        let first = table(name, &[10.0, 20.0, 30.0, 40.0]);
        let second = table(name, &[11.0, 19.0, 33.0, 41.0]);
        let difference = &compared(&[(first, second)])[0];
        // Differences 1, −1, 3, 1: mean 1, variance 8/3.
        assert_eq!(difference.mean, 1.0);
        assert!((difference.mean_se - (8.0_f64 / 3.0 / 4.0).sqrt()).abs() < 1e-15);
        assert_eq!(difference.probability_greater, 0.75);
        assert_eq!(difference.probability_equal, 0.0);
    }
}
