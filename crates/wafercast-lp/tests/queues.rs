//! Clearing functions: the curve, and plans with queues.

#![allow(clippy::expect_used, reason = "a test may panic")]

#[path = "support/shipped.rs"]
mod shipped;

use wafercast::simulate::Sampling;
use wafercast_lp::clearing::Clearing;
use wafercast_lp::numbers::Line;
use wafercast_lp::study::{Planned, Settings, Task, tasks};

const CLEARING: Clearing = Clearing { flow_factor: 2.5 };

fn line(cycle_time: f64, starts: f64, full: f64) -> Line {
    Line {
        starts: vec![starts; 24],
        full: vec![full; 24],
        cycle_time,
        dies: vec![0],
        mix: Vec::new(),
        before: vec![vec![starts; 5]],
    }
}

/// The lowest tangent at a queue of `w` months of capacity.
fn envelope(tangents: &[(f64, f64)], w: f64) -> f64 {
    let values = tangents.iter().map(|(a, b)| a * w + b);
    values.fold(f64::INFINITY, f64::min)
}

/// `φ(w) = w/(w + κ)`, `κ = L·(1 − 1/F)·(1 − u)`: the tangents lie on or above it, touch it at their loads, and at the
/// scenario's utilisation the wait is `L·(1 − 1/F)` (Little's law). Tolerance: rounding, 1e-12.
#[test]
fn tangents_are_those_of_the_curve() {
    for (cycle_time, utilisation) in [(3.0, 0.9), (4.4, 0.5), (0.7, 0.97)] {
        let line = line(cycle_time, utilisation, 1.0);
        let tangents = CLEARING.tangents(&line, utilisation);
        let kappa = cycle_time * (1.0 - 1.0 / 2.5) * (1.0 - utilisation);
        for step in 0..200 {
            let w = 0.05 * f64::from(step) * cycle_time;
            assert!(envelope(&tangents, w) >= w / (w + kappa) - 1e-12);
        }
        for load in [0.4, 0.65, 0.8, 0.9, 0.96, utilisation] {
            let w = kappa * load / (1.0 - load);
            assert!((envelope(&tangents, w) - load).abs() < 1e-12, "{load}");
        }
        // At the utilisation: out = u, queue = wait · out.
        let wait = cycle_time * (1.0 - 1.0 / 2.5);
        assert!((envelope(&tangents, wait * utilisation) - utilisation).abs() < 1e-12);
    }
}

/// One line, one chip, packaging for half of what the line could do; money a year later is worth half.
const HALF_LOAD: &str = r#"
format = 1
title = "A line at half load"
home = "XA"
horizon = { from = "2026-01", to = "2027-12" }
planning = { discount = 1 }

[process.n7]
yield = { model = "poisson", line = "100%" }
d0 = "0 /cm2"
[fab.a]
owner = "A"
country = "XA"
process = "n7"
utilisation = "90%"
ai_share = "100%"
cycle_time = "3 months"
[[fab.a.phase]]
add = "10 kWSPM"
start = "2026-01-02"
[die.d]
process = "n7"
size = { width = "20 mm", height = "25 mm" }
gross = 100
[accelerator.x]
name = "X"
designer = "A"
country = "XA"
launch = "2026-01"
plan = { cap = "CAP units/month" }
spec = { bf16 = "100 TFLOP/s", price = "$10 k" }
[[accelerator.x.bom]]
dies = { d = 1 }
"#;

fn plans(cap: &str) -> (Settings, Task, Planned, Planned) {
    let shipped = shipped::from_text(&HALF_LOAD.replace("CAP", cap));
    let settings = Settings::of(&shipped.scenario);
    let sampling = Sampling {
        draws: 1,
        seed: 1,
        design: shipped.scenario.run.design,
    };
    let task = tasks(&shipped.plan, &shipped.scenario, sampling, 0..1, &settings).remove(0);
    let plain = task.plan(&settings).expect("a plan");
    let queues = task.plan_with(&settings, Some(CLEARING)).expect("a plan");
    (settings, task, plain, queues)
}

/// At half load the line has no price without queues once it runs, and one with: dies come sooner than after the fixed
/// cycle time, and would come sooner still with more capacity.
#[test]
fn capacity_has_a_price_below_full_load() {
    let (_, _, plain, queues) = plans("450000");
    let price = |planned: &Planned| planned.prices.lines[0].iter().map(|p| p.value).sum::<f64>();
    assert!(
        price(&plain) < 1e-3 * price(&queues),
        "{} {}",
        price(&plain),
        price(&queues)
    );
    assert!(
        queues.values.1 > plain.values.1,
        "{:?} {:?}",
        queues.values,
        plain.values
    );
}

/// At full load in the long run a line with queues does as one with a fixed cycle time: 900,000 chips a month.
#[test]
fn a_full_line_does_as_without_queues() {
    let (_, _, plain, queues) = plans("9000000");
    let units = |planned: &Planned| planned.units[0].1;
    // A pipeline of three months is empty at the start: 21 months of output, a few more or less where queues build up.
    assert!((units(&plain) / (21.0 * 900e3) - 1.0).abs() < 1e-6);
    assert!(
        (units(&queues) / units(&plain) - 1.0).abs() < 0.08,
        "{} {}",
        units(&queues),
        units(&plain)
    );
}

/// The price of a wafer with queues is the derivative of the value: all starts and capacities of the line, a little more
/// and a little less. Tolerance: 1 %, the step being 0.1 %.
#[test]
fn prices_with_queues_are_derivatives() {
    for cap in ["450000", "9000000"] {
        let (settings, task, _, queues) = plans(cap);
        let starts = &task.numbers.lines[0].starts;
        let prices = &queues.prices.lines[0];
        let worth: f64 = prices.iter().zip(starts).map(|(p, s)| p.value * s).sum();
        let value = |factor: f64| {
            let mut task = task.clone();
            let line = &mut task.numbers.lines[0];
            line.starts.iter_mut().for_each(|x| *x *= factor);
            line.full.iter_mut().for_each(|x| *x *= factor);
            let planned = task.plan_with(&settings, Some(CLEARING)).expect("a plan");
            planned.values.1
        };
        let (more, less) = (value(1.001), value(0.999));
        let slope = (more - less) / 0.002;
        assert!(
            (slope / worth - 1.0).abs() < 0.01,
            "cap {cap}: {slope} and {worth}"
        );
    }
}
