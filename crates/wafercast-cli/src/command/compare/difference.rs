//! Differences of paired draws.

use serde::Serialize;
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

/// Appends the series and claims of further draws.
pub fn append(whole: &mut DrawTable, piece: DrawTable) {
    let columns = piece.columns.into_iter().filter(is_wanted);
    if whole.columns.is_empty() {
        whole.columns = columns.collect();
        return;
    }
    for (column, further) in whole.columns.iter_mut().zip(columns) {
        column.values.extend(further.values);
    }
}

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

/// The yearly metrics that both tables have.
pub fn of_metrics(first: &DrawTable, second: &DrawTable) -> Vec<MetricDifference> {
    pairs(first, second, ColumnKind::Series)
        .filter_map(|(first, second)| of_metric(first, second))
        .collect()
}

/// The claims by formula that both tables have.
pub fn of_claims(
    first: &DrawTable,
    second: &DrawTable,
    scenario: &Scenario,
) -> Vec<ClaimDifference> {
    pairs(first, second, ColumnKind::Claim)
        .map(|(first, second)| {
            let differences = differences(first, second);
            let (difference, standard_error) = mean_and_error(&differences);
            let says = scenario
                .claims
                .iter()
                .find(|claim| claim.id == first.name)
                .map_or_else(String::new, |claim| claim.says.clone());
            ClaimDifference {
                id: first.name.clone(),
                says,
                first: mean_and_error(&first.values).0,
                second: mean_and_error(&second.values).0,
                difference,
                standard_error,
            }
        })
        .collect()
}

fn pairs<'a>(
    first: &'a DrawTable,
    second: &'a DrawTable,
    kind: ColumnKind,
) -> impl Iterator<Item = (&'a DrawColumn, &'a DrawColumn)> {
    first
        .columns
        .iter()
        .filter(move |column| column.kind == kind)
        .filter_map(move |column| {
            let partner = second.columns.iter().find(|other| {
                other.kind == kind && other.name == column.name && other.unit == column.unit
            })?;
            Some((column, partner))
        })
}

fn of_metric(first: &DrawColumn, second: &DrawColumn) -> Option<MetricDifference> {
    let name = SeriesName::of(&first.name)?;
    let mut differences = differences(first, second);
    let count = differences.len().max(1) as f64;
    let share = |holds: fn(&f64) -> bool, values: &[f64]| {
        values.iter().filter(|value| holds(value)).count() as f64 / count
    };
    let (mean, mean_se) = mean_and_error(&differences);
    let probability_greater = share(|value| *value > 0.0, &differences);
    let probability_equal = share(|value| *value == 0.0, &differences);
    differences.sort_by(f64::total_cmp);
    let at = |p: f64| quantile(&differences, p);
    Some(MetricDifference {
        metric: name.metric.to_owned(),
        of: name.of.to_owned(),
        depth: name.depth.map(str::to_owned),
        period: name.period.to_owned(),
        unit: first.unit.clone(),
        first_p50: median(&first.values),
        second_p50: median(&second.values),
        mean,
        mean_se,
        p05: at(0.05),
        p10: at(0.10),
        p25: at(0.25),
        p50: at(0.50),
        p75: at(0.75),
        p90: at(0.90),
        p95: at(0.95),
        probability_greater,
        probability_equal,
    })
}

fn differences(first: &DrawColumn, second: &DrawColumn) -> Vec<f64> {
    first
        .values
        .iter()
        .zip(&second.values)
        .map(|(first, second)| second - first)
        .collect()
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile(&sorted, 0.5)
}

/// Quantile of sorted values by linear interpolation (Hyndman & Fan 1996, type 7).
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let position = p * last as f64;
    let below = position as usize;
    let above = (below + 1).min(last);
    sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
}

/// Mean and its standard error.
fn mean_and_error(values: &[f64]) -> (f64, f64) {
    if values.is_empty() {
        return (0.0, 0.0);
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    if values.len() < 2 {
        return (mean, 0.0);
    }
    let squares: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    (mean, (squares / (count - 1.0) / count).sqrt())
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

    #[test]
    fn a_constant_shift_has_no_spread() {
        let first = table("units|home|designed|2027", &[1.0, 5.0, 2.0]);
        let second = table("units|home|designed|2027", &[3.0, 7.0, 4.0]);
        let all = of_metrics(&first, &second);
        assert_eq!(all.len(), 1);
        let difference = &all[0];
        assert_eq!((difference.p05, difference.p95), (2.0, 2.0));
        assert_eq!((difference.mean, difference.mean_se), (2.0, 0.0));
        assert_eq!(difference.probability_greater, 1.0);
        assert_eq!((difference.first_p50, difference.second_p50), (2.0, 4.0));
    }

    #[test]
    fn what_only_one_has_is_left_out() {
        let first = table("units|home|designed|2027", &[1.0]);
        let second = table("units|home|designed|2028", &[1.0]);
        assert!(of_metrics(&first, &second).is_empty());
    }

    #[test]
    fn pieces_are_joined_in_order() {
        let mut whole = DrawTable {
            columns: Vec::new(),
            first: 0,
        };
        append(&mut whole, table("units|home|designed|2027", &[1.0, 2.0]));
        append(&mut whole, table("units|home|designed|2027", &[3.0]));
        assert_eq!(whole.columns[0].values, [1.0, 2.0, 3.0]);
        append(&mut whole, table("units|designer:X|designed|2027", &[4.0]));
        assert_eq!(whole.columns.len(), 1);
    }

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(quantile(&[0.0, 10.0], 0.25), 2.5);
        assert_eq!(quantile(&[7.0], 0.95), 7.0);
        assert_eq!(quantile(&[], 0.5), 0.0);
    }
}
