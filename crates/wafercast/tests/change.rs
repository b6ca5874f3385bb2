//! A plan with one quantity changed is the plan of the scenario with that change.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/disk.rs"]
mod disk;
#[path = "support/fact_base.rs"]
mod fact_base;

use std::path::Path;

use wafercast::change::Change;
use wafercast::check::{CheckOptions, check};
use wafercast::compile::compile;
use wafercast::experiment::{Experiment, Untouched};
use wafercast::load::{Limits, Override, load};
use wafercast::metric::parse;
use wafercast::plan::Plan;
use wafercast::scenario::{Design, QuantityId, Scenario};
use wafercast::simulate::Sampling;

fn scenario(set: &[&str]) -> Scenario {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let facts = fact_base::facts(&scenarios.join("facts"));
    let overrides: Vec<Override> = set.iter().map(|text| text.parse().unwrap()).collect();
    let reader = disk::Disk(scenarios);
    let loaded = load(
        "tutorial/scenario.toml",
        &reader,
        &overrides,
        &Limits::default(),
    );
    let checked = check(&loaded.document, &facts, &CheckOptions::default());
    checked
        .scenario
        .unwrap_or_else(|| panic!("{set:?}: {:?}{:?}", loaded.diagnostics, checked.diagnostics))
}

/// Yearly results of 40 draws.
fn results(plan: &Plan, scenario: &Scenario) -> Vec<Vec<f64>> {
    let targets = [
        "units(home, 2027)",
        "units(home, 2029)",
        "value(all, 2028)",
        "share_of_purchases(h100e, fabricated, 2028)",
        "stock(memory:hbm2e, 2028-12)",
    ];
    let targets = targets.map(|text| parse(text, scenario).unwrap().expression);
    let sampling = Sampling {
        draws: 40,
        seed: 7,
        design: Design::Lhs,
    };
    Experiment::new(plan, sampling, targets.to_vec()).run(0..40, &Untouched)
}

/// Largest relative difference between the plan changed and the plan compiled anew.
fn difference(before: &[&str], name: &str, change: Change, after: &[&str]) -> f64 {
    let base = scenario(before);
    let index = base.quantities.iter().position(|q| q.name == name).unwrap();
    let (id, quantity) = (QuantityId(index), &base.quantities[index]);
    let mut plan = compile(&base);
    assert!(plan.is_drawn(id), "{name}");
    let untouched = results(&plan, &base);
    let undo = plan.change(id, quantity, change);
    let changed = results(&plan, &base);
    plan.restore(undo);
    assert_eq!(results(&plan, &base), untouched, "{name} is put back");
    assert_ne!(changed, untouched, "{name} matters");
    let again = scenario(after);
    let compiled = results(&compile(&again), &again);
    let pairs = changed.iter().flatten().zip(compiled.iter().flatten());
    pairs
        .map(|(a, b)| (a - b).abs() / a.abs().max(b.abs()).max(1e-9))
        .fold(0.0, f64::max)
}

#[test]
fn is_the_plan_of_the_changed_scenario_to_the_bit() {
    let bans = |p: &str| format!("event.import-ban.probability=\"{p}\"");
    let cases: [(&str, &str, Change, &str); 6] = [
        (
            "accelerator.sprinter.spec.price=\"$12 k\"",
            "accelerator.sprinter.spec.price",
            Change::factor(1.5),
            "accelerator.sprinter.spec.price=\"$18 k\"",
        ),
        (
            "fab.north.phase[1].delay=\"6 months\"",
            "fab.north.phase[1].delay",
            Change::shift(3.0),
            "fab.north.phase[1].delay=\"9 months\"",
        ),
        // What is certain becomes a chance, and the other way round.
        (
            &bans("0%"),
            "event.import-ban.probability",
            Change::shift(0.375),
            &bans("37.5%"),
        ),
        (
            &bans("100%"),
            "event.import-ban.probability",
            Change::factor(0.5),
            &bans("50%"),
        ),
        (
            &bans("50%"),
            "event.import-ban.probability",
            Change::factor(4.0),
            &bans("100%"),
        ),
        // A fraction stops at 1.
        (
            "fab.north.utilisation=\"uniform(50%, 90%)\"",
            "fab.north.utilisation",
            Change::factor(2.0),
            "fab.north.utilisation=\"100%\"",
        ),
    ];
    for (before, name, change, after) in cases {
        assert_eq!(difference(&[before], name, change, &[after]), 0.0, "{name}");
    }
}

#[test]
fn moves_every_anchor_of_a_path() {
    let path = |factor: f64| {
        let anchor =
            |low: f64, high: f64| format!("\"{} /cm2 to {} /cm2\"", low * factor, high * factor);
        format!(
            "process.n7.d0.path={{ \"2026-01\" = {}, \"2029-01\" = {} }}",
            anchor(0.25, 0.6),
            anchor(0.12, 0.3)
        )
    };
    // The parameters of intervals and products are worked out in another order.
    let rounding = 1e-12;
    let error = difference(
        &[&path(1.0)],
        "process.n7.d0",
        Change::factor(0.75),
        &[&path(0.75)],
    );
    assert!(error < rounding, "{error:e}");
    let error = difference(
        &[],
        "fab.north.cycle_time",
        Change::factor(0.5),
        &["fab.north.cycle_time=\"0.5 * facts(cycle-fab)\""],
    );
    assert!(error < rounding, "{error:e}");
}
