//! A small made-up summary for tests of what is shown.

use wafercast::summary::{
    Binding, ClaimResult, Headline, Name, RunInfo, SCHEMA, Series, Stats, Summary,
};

/// A distribution around `median` with a relative half-width.
pub fn stats(median: f64, spread: f64) -> Stats {
    let at = |share: f64| median * (1.0 + spread * share);
    Stats {
        mean: median,
        p025: at(-1.2),
        p05: at(-1.0),
        p10: at(-0.8),
        p25: at(-0.4),
        p50: median,
        p75: at(0.4),
        p90: at(0.8),
        p95: at(1.0),
        p975: at(1.2),
        mean_se: median * spread / 200.0,
    }
}

/// A summary of three years in which everything occurs once.
pub fn summary() -> Summary {
    let mut series = Vec::new();
    for year in 2025..=2027 {
        for month in 1..=12 {
            let position = f64::from((year - 2025) * 12 + month);
            series.push(entry(
                "units",
                "designed",
                &format!("{year}-{month:02}"),
                "units",
                stats(3000.0 * position, 0.01 * position),
            ));
        }
        let scale = f64::from(year - 2024);
        for (metric, depth, unit, median) in [
            ("units", "designed", "units", 400_000.0 * scale),
            ("h100e", "designed", "H100e", 180_000.0 * scale),
            (
                "share_of_purchases:units",
                "designed",
                "fraction",
                0.2 * scale,
            ),
            (
                "share_of_purchases:units",
                "fabricated",
                "fraction",
                0.1 * scale,
            ),
            (
                "share_of_purchases:units",
                "fully",
                "fraction",
                0.003 * scale,
            ),
        ] {
            series.push(entry(
                metric,
                depth,
                &year.to_string(),
                unit,
                stats(median, 0.3),
            ));
        }
    }
    Summary {
        schema: SCHEMA.into(),
        version: "0.1.0".into(),
        run: RunInfo {
            scenario: "example".into(),
            title: "Example country: enough chips?".into(),
            description: None,
            home: "CN".into(),
            from: "2025-01".into(),
            to: "2027-12".into(),
            data_until: Some("2026-01".into()),
            as_of: None,
            draws: 10_000,
            seed: 2027,
            design: "lhs".into(),
            allocation: None,
            set: vec!["fab.a.ai_share=50%".into()],
            plan_hash: "0123456789abcdef".into(),
            command: "wafercast run example --draws 10000 --seed 2027".into(),
        },
        headline: headlines(),
        series,
        claims: claims(),
        binding: bindings(),
        history: Vec::new(),
        examples: Vec::new(),
        inputs: Vec::new(),
        sources: Vec::new(),
        workloads: Vec::new(),
        names: vec![
            Name {
                id: "die:a".into(),
                name: "A die".into(),
                group: None,
            },
            Name {
                id: "accelerator:x".into(),
                name: "Accelerator X".into(),
                group: Some("Maker".into()),
            },
        ],
    }
}

fn entry(metric: &str, depth: &str, period: &str, unit: &str, stats: Stats) -> Series {
    Series {
        metric: metric.into(),
        of: "home".into(),
        depth: Some(depth.into()),
        period: period.into(),
        unit: unit.into(),
        stats,
        dots: None,
    }
}

fn headlines() -> Vec<Headline> {
    let headline = |kind: &str, metric: &str, depth: &str, unit: &str, stats| Headline {
        kind: kind.into(),
        metric: metric.into(),
        of: "home".into(),
        depth: Some(depth.into()),
        period: "2027".into(),
        unit: unit.into(),
        stats,
    };
    vec![
        headline(
            "share_of_purchases",
            "units",
            "fabricated",
            "fraction",
            stats(0.57, 0.2),
        ),
        headline(
            "units",
            "units",
            "designed",
            "units",
            stats(1_234_567.0, 0.4),
        ),
    ]
}

fn claims() -> Vec<ClaimResult> {
    let claim = |id: &str, says: &str| ClaimResult {
        id: id.into(),
        says: says.into(),
        sources: vec!["fact-1".into()],
        formula: None,
        probability: None,
        standard_error: None,
        binds_where_it_fails: Vec::new(),
        verdict: None,
        answer: None,
        facts: Vec::new(),
        note: None,
    };
    vec![
        ClaimResult {
            formula: Some("units(home, 2026) >= 2 * units(home, 2025)".into()),
            probability: Some(0.374),
            standard_error: Some(0.0048),
            binds_where_it_fails: vec![("die:a".into(), 0.81), ("cap:x".into(), 0.12)],
            ..claim(
                "doubling",
                "Output of the home industry doubles within a year",
            )
        },
        ClaimResult {
            verdict: Some("mostly false".into()),
            answer: Some("The figure quoted is one of capacity, not of output.".into()),
            ..claim("price", "An hour of it costs a tenth")
        },
    ]
}

fn bindings() -> Vec<Binding> {
    let mut bindings = Vec::new();
    for year in 2025..=2027 {
        for month in 1..=12 {
            let elapsed = f64::from((year - 2025) * 12 + month - 1) / 35.0;
            for (resource, share) in [("die:a", 1.0 - elapsed), ("memory:hbm", elapsed)] {
                bindings.push(Binding {
                    accelerator: "home".into(),
                    resource: resource.into(),
                    month: format!("{year}-{month:02}"),
                    share,
                });
            }
        }
    }
    bindings
}
