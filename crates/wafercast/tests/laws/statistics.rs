//! What a run says of known distributions, within its sampling error.

use wafercast::scenario::Design;
use wafercast::summary::Summary;

use crate::engine::{Model, numbers, stats};

const DRAWS: u64 = 4_000;

/// ln X is normal with this mean and deviation when 1,000 and 4,000 are the 5th and 95th percentile: z(0.95) = 1.6448536….
const LOG_MEAN: f64 = 7.600_902_459_542_082; // (ln 1,000 + ln 4,000) / 2 = ln 2,000
const LOG_DEVIATION: f64 = 0.421_403_585_352_287; // (ln 4,000 − ln 1,000) / (2 · 1.6448536…)

/// A lognormal import, one that is normal (zero is ten deviations away), an event with a probability, and a claim on each.
fn model() -> Model {
    Model::from_text(
        r#"format = 1
title = "known distributions"
home = "XA"
horizon = { from = "2024-01", to = "2024-12" }
[import.lognormal]
designer = "A"
country = "US"
rate = "lognormal(1000, 4000) units/month"
[import.normal]
designer = "A"
country = "US"
rate = "normal(1000, 100) units/month | clamp(0 units/month, 10000 units/month)"
[import.switched]
designer = "A"
country = "US"
rate = "100 units/month"
[event.ban]
date = "2024-01"
probability = "30%"
effect = [{ quantity = "import.switched.rate", multiply = 0 }]
[claim.lognormal]
says = "at least 3,000 a month"
holds = "units(import:lognormal, 2024-06) >= 3000 units"
[claim.normal]
says = "one standard deviation above the mean"
holds = "units(import:normal, 2024-06) >= 1100 units"
[claim.ban]
says = "banned"
holds = "happened(event:ban, 2024-06) >= 1"
"#,
    )
}

fn run(model: &Model, design: Design) -> Summary {
    let simulation = model.designed(DRAWS, 11, design);
    model.summary_of(&simulation.tally(0..DRAWS), simulation.sampling())
}

/// P(Z > z) of a standard normal.
fn upper_tail(z: f64) -> f64 {
    0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
}

#[test]
fn a_claim_holds_as_often_as_its_distribution_says() {
    let model = model();
    let z = (libm::log(3_000.0) - LOG_MEAN) / LOG_DEVIATION;
    let expected = [
        ("lognormal", upper_tail(z)),
        ("normal", upper_tail(1.0)),
        ("ban", 0.3),
    ];
    for design in [Design::Random, Design::Lhs, Design::Sobol] {
        let summary = run(&model, design);
        for (id, probability) in expected {
            let claim = summary.claims.iter().find(|c| c.id == id).unwrap();
            let found = claim.probability.unwrap();
            let error = (probability * (1.0 - probability) / DRAWS as f64).sqrt();
            println!(
                "{design:?} {id}: {found:.5}, expected {probability:.5}, {:+.2} standard errors",
                (found - probability) / error
            );
            assert!(
                (found - probability).abs() <= 3.0 * error,
                "{design:?} {id}"
            );
            // One draw in each of N equal strata: no more than one stratum can be on the wrong side.
            if design == Design::Lhs {
                let stratum = 1.0 / DRAWS as f64;
                assert!((found - probability).abs() <= stratum * 1.000_001, "{id}");
            }
            let reported = claim.standard_error.unwrap();
            assert!(
                (reported - (found * (1.0 - found) / DRAWS as f64).sqrt()).abs() < 1e-12,
                "{id}"
            );
        }
    }
}

#[test]
fn mean_and_percentiles_of_a_lognormal_are_found() {
    let model = model();
    let mean = libm::exp(LOG_MEAN + 0.5 * LOG_DEVIATION * LOG_DEVIATION);
    let variance = libm::expm1(LOG_DEVIATION * LOG_DEVIATION) * mean * mean;
    let mean_error = (variance / DRAWS as f64).sqrt();
    // Standard normal quantiles of the reported percentiles.
    let percentiles = [
        (0.025, -1.959_963_984_540_054),
        (0.05, -1.644_853_626_951_472),
        (0.10, -1.281_551_565_544_6),
        (0.25, -0.674_489_750_196_082),
        (0.50, 0.0),
        (0.75, 0.674_489_750_196_082),
        (0.90, 1.281_551_565_544_6),
        (0.95, 1.644_853_626_951_472),
        (0.975, 1.959_963_984_540_054),
    ];
    // Latin hypercube and Sobol points are far better than their independent standard error.
    for (design, errors) in [
        (Design::Random, 4.0),
        (Design::Lhs, 0.3),
        (Design::Sobol, 0.3),
    ] {
        let found = stats(
            &run(&model, design),
            "units",
            "import:lognormal",
            None,
            "2024-06",
        );
        let off = (found.mean - mean) / mean_error;
        println!("{design:?}: mean {off:+.3} standard errors");
        assert!(off.abs() <= errors, "{design:?}: mean {off}");
        let relative = found.mean_se / mean_error;
        assert!(
            (0.9..1.1).contains(&relative),
            "{design:?}: standard error {relative}"
        );
        for ((p, z), found) in percentiles.iter().zip(&numbers(&found)[1..]) {
            let expected = libm::exp(LOG_MEAN + LOG_DEVIATION * z);
            // √(p(1 − p)/N) / density, plus a third of the width of a bin (0.4 %), in which values are not told apart.
            let density = libm::exp(-0.5 * z * z)
                / ((2.0 * std::f64::consts::PI).sqrt() * LOG_DEVIATION * expected);
            let error = (p * (1.0 - p) / DRAWS as f64).sqrt() / density;
            let tolerance = errors * error + 0.0013 * expected;
            println!("  p{p}: {:+.3} standard errors", (found - expected) / error);
            assert!(
                (found - expected).abs() <= tolerance,
                "{design:?} p{p}: {found}, expected {expected}"
            );
        }
    }
}
