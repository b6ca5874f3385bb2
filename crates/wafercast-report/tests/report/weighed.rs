//! A made-up weighing by evidence and a made-up back-test.

use wafercast_analysis::backtest::{
    Backtest, Contest, Forecaster, Knowledge, Outcome, Score, Scored,
};
use wafercast_analysis::evidence::{
    Conflict, Evidence, Input, LeftOut, Method, Observation, Output, Reason, Shift, Spread,
    Tempering,
};
use wafercast_analysis::{Analyses, TargetKind};

fn spread(median: f64, width: f64) -> Spread {
    Spread {
        mean: median * 1.02,
        se: median * 0.004,
        p05: median * (1.0 - width),
        p25: median * (1.0 - 0.4 * width),
        p50: median,
        p75: median * (1.0 + 0.4 * width),
        p95: median * (1.0 + width),
    }
}

pub fn evidence() -> Evidence {
    let names = ["home-2025", "share <2025>"];
    let years = (2024..=2028).flat_map(|year| {
        let size = 1e6 + 3e5 * f64::from(year - 2024);
        [
            output(format!("units(home, {year})"), "units", size),
            output(format!("h100e(home, {year})"), "H100e", 0.4 * size),
        ]
    });
    let mut outputs: Vec<Output> = years.collect();
    outputs.push(Output {
        kind: TargetKind::Claim,
        says: "Output triples & more".to_owned(),
        prior: Spread {
            mean: 0.24,
            se: 0.004,
            ..spread(0.0, 0.0)
        },
        posterior: Spread {
            mean: 0.48,
            se: 0.01,
            ..spread(1.0, 0.0)
        },
        ..output("triple".to_owned(), "", 1.0)
    });
    Evidence {
        method: Method::Tempered,
        draws: 10_000,
        effective_of_weights: 59.0,
        effective: 366.0,
        steps: vec![Tempering {
            temperature: 1.0,
            acceptance: 0.3,
        }],
        simulated: 65_536,
        ln_evidence: 8.9,
        observations: vec![
            observation(names[0], "units", 1.65e6),
            observation(names[1], "%", 41.0),
        ],
        left_out: vec![LeftOut {
            id: "zero".to_owned(),
            name: "None sold".to_owned(),
            why: Reason::Zero,
        }],
        shifts: vec![Shift {
            evidence: names[0].to_owned(),
            output: outputs[0].name.clone(),
            alone: -4.1e4,
            alone_se: 5e3,
            last: None,
        }],
        outputs,
        inputs: vec![Input {
            name: "import.rtx-class.rate".to_owned(),
            unit: "k units/month".to_owned(),
            prior: spread(49.0, 0.5),
            posterior: spread(68.0, 0.3),
            shift: 0.8,
            narrowing: 0.55,
            learnt: 0.6,
        }],
        conflicts: vec![
            Conflict::Unexpected {
                evidence: names[0].to_owned(),
                p_value: 0.004,
                within: 0.02,
            },
            Conflict::Pair {
                evidence: [names[0].to_owned(), names[1].to_owned()],
                ln_ratio: -1.5,
                se: 0.2,
            },
            Conflict::SameSource {
                evidence: [names[0].to_owned(), names[1].to_owned()],
                facts: vec!["idc".to_owned()],
            },
        ],
    }
}

fn output(name: String, unit: &str, size: f64) -> Output {
    Output {
        says: name.clone(),
        name,
        kind: TargetKind::Metric,
        unit: unit.to_owned(),
        prior: spread(size, 0.4),
        posterior: spread(1.1 * size, 0.2),
    }
}

fn observation(id: &str, unit: &str, value: f64) -> Observation {
    Observation {
        id: id.to_owned(),
        name: format!("seen: {id}"),
        metric: "units(home, 2025)".to_owned(),
        unit: unit.to_owned(),
        observed: [0.8 * value, value, 1.2 * value],
        assumed_error: Some(0.2),
        prior: spread(0.9 * value, 0.3),
        posterior: spread(0.98 * value, 0.1),
        p_value: 0.004,
        p_value_given_others: None,
        effective_alone: 900.0,
        sources: vec!["idc".to_owned()],
        also_inputs: vec!["import.rtx-class.rate".to_owned()],
    }
}

pub fn backtest() -> Backtest {
    let days = ["2024-06-01", "2025-09-01"];
    let scored = |day: &str, forecaster, by: &str, crps: f64| Scored {
        as_of: day.to_owned(),
        outcome: "home-2025".to_owned(),
        forecaster,
        by: by.to_owned(),
        fact: by.to_lowercase(),
        percentiles: [0.6e6, 0.8e6, 1.0e6, 1.2e6, 1.9e6],
        crps,
        log_score: -0.3,
        within50: false,
        within90: true,
        percentile: 0.9,
    };
    Backtest {
        draws: 1000,
        seed: 1,
        outcomes: vec![Outcome {
            id: "home-2025".to_owned(),
            name: "Home <cards>".to_owned(),
            metric: "units(home, 2025)".to_owned(),
            unit: "units".to_owned(),
            known: "2026-04-01".to_owned(),
            observed: [1.4e6, 1.65e6, 2.0e6],
            sources: vec!["idc".to_owned()],
        }],
        vintages: days
            .iter()
            .map(|day| Knowledge {
                as_of: (*day).to_owned(),
                sourced: 39,
                assumed: 139,
                yearly_change: 0.69,
                changes_known: 0,
                tallies: vec![Score {
                    forecaster: Forecaster::Model,
                    outcomes: 1,
                    crps: 0.3,
                    log_score: -0.3,
                    within50: 0,
                    within90: 1,
                }],
            })
            .collect(),
        forecasts: vec![
            scored(days[0], Forecaster::Model, "", 0.4),
            scored(days[1], Forecaster::Model, "", 0.2),
            scored(days[1], Forecaster::Published, "Bernstein", 0.1),
        ],
        missing: Vec::new(),
        contests: vec![Contest {
            as_of: days[1].to_owned(),
            rival: Forecaster::Published,
            by: "Bernstein".to_owned(),
            outcomes: 1,
            model_crps: 0.2,
            rival_crps: 0.1,
            rival_wins: 1,
        }],
    }
}

pub fn analyses() -> Analyses {
    Analyses {
        evidence: Some(evidence()),
        backtest: Some(backtest()),
        ..Analyses::default()
    }
}
