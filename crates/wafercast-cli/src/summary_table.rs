//! The series and claims of a summary as tables: `summary.csv`, `summary.parquet`, `claims --format csv`.

use wafercast::summary::{ClaimResult, Series, Stats, Summary};

use crate::table::Table;

type Statistic = (&'static str, fn(&Stats) -> f64);

/// Columns of a distribution, in the order in which they are written.
pub const STATISTICS: [Statistic; 11] = [
    ("mean", |stats| stats.mean),
    ("p025", |stats| stats.p025),
    ("p05", |stats| stats.p05),
    ("p10", |stats| stats.p10),
    ("p25", |stats| stats.p25),
    ("p50", |stats| stats.p50),
    ("p75", |stats| stats.p75),
    ("p90", |stats| stats.p90),
    ("p95", |stats| stats.p95),
    ("p975", |stats| stats.p975),
    ("mean_se", |stats| stats.mean_se),
];

/// One row per series.
pub fn series(summary: &Summary) -> Table {
    let text = |get: fn(&Series) -> Option<String>| summary.series.iter().map(get);
    let table = Table::new()
        .text("metric", text(|series| Some(series.metric.clone())))
        .text("of", text(|series| Some(series.of.clone())))
        .text("depth", text(|series| series.depth.clone()))
        .text("period", text(|series| Some(series.period.clone())))
        .text("unit", text(|series| Some(series.unit.clone())));
    STATISTICS.iter().fold(table, |table, (name, get)| {
        table.number(name, summary.series.iter().map(|series| get(&series.stats)))
    })
}

/// One row per claim.
pub fn claims(summary: &Summary) -> Table {
    let text = |get: fn(&ClaimResult) -> Option<String>| summary.claims.iter().map(get);
    let claims = &summary.claims;
    Table::new()
        .text("id", text(|claim| Some(claim.id.clone())))
        .text("says", text(|claim| Some(claim.says.clone())))
        .text("formula", text(|claim| claim.formula.clone()))
        .optional_number("probability", claims.iter().map(|claim| claim.probability))
        .optional_number(
            "standard_error",
            claims.iter().map(|claim| claim.standard_error),
        )
        .text("verdict", text(|claim| claim.verdict.clone()))
        .text("answer", text(|claim| claim.answer.clone()))
        .text("sources", text(|claim| Some(claim.sources.join(" "))))
}
