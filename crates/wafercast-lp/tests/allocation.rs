//! Runs by plan: what the engine carries out is what the plan says, and keeps every balance.

#![allow(clippy::expect_used, reason = "a test may panic")]

#[path = "support/shipped.rs"]
mod shipped;

use shipped::{Shipped, shipped_with};
use wafercast::simulate::{Results, Sampling, Simulation};
use wafercast::tally::Tally;
use wafercast_lp::allocation::OptimalAllocation;
use wafercast_lp::formulation::value_of;
use wafercast_lp::study::{Settings, tasks};

const OPTIMAL: &str = "run.allocation=\"optimal\"";
const DRAWS: u64 = 5;

fn sampling(shipped: &Shipped) -> Sampling {
    Sampling {
        draws: DRAWS,
        seed: 7,
        design: shipped.scenario.run.design,
    }
}

/// Results of the first group of draws, by plan and by tiers and weights.
fn both(shipped: &Shipped) -> [Results; 2] {
    let planner = OptimalAllocation::new(&shipped.scenario);
    let simulation = Simulation::new(&shipped.plan, sampling(shipped));
    let mut by_tiers = Results::new(&shipped.plan);
    simulation.group(0, &mut by_tiers);
    let mut planned = Results::new(&shipped.plan);
    simulation.planned_by(&planner).group(0, &mut planned);
    assert_eq!(
        planner.take_unplanned(),
        0,
        "every draw has a certified plan"
    );
    [planned, by_tiers]
}

fn scenarios() -> Vec<(&'static str, Shipped)> {
    [
        ("china", "planning.from=\"2026-07\""),
        ("china", "planning.from=\"2023-01\""),
        ("nvidia-cowos", "planning.maximise=\"units\""),
        ("tutorial", "planning.discount=0"),
    ]
    .map(|(name, set)| (name, shipped_with(name, &[OPTIMAL, set])))
    .into()
}

/// The engine delivers what the plan is worth, in the terms of the plan.
#[test]
fn a_plan_carried_out_is_worth_what_it_promises() {
    for (name, shipped) in scenarios() {
        let settings = Settings::of(&shipped.scenario);
        let [planned, _] = both(&shipped);
        let (plan, range) = (&shipped.plan, 0..DRAWS);
        for task in tasks(
            plan,
            &shipped.scenario,
            sampling(&shipped),
            range,
            &settings,
        ) {
            let lane = task.draw as usize;
            let units: Vec<Vec<f64>> = (0..plan.accelerators.len())
                .map(|k| {
                    (settings.first..plan.months)
                        .map(|m| planned.delivered_of(k, m, lane)[0])
                        .collect()
                })
                .collect();
            let delivered = value_of(&task.numbers, settings.monthly_discount(), |k| &units[k]);
            let (priority, promised) = task.plan(&settings).expect("an optimum").values;
            assert!(
                (delivered / promised - 1.0).abs() < 1e-6,
                "{name}, draw {lane}: {delivered} delivered of {promised} promised ({priority} by tiers)"
            );
        }
    }
}

/// Arrivals and stock equal use and stock, of every part in every month; technologies and caps are kept; nothing is
/// negative; what is made at home is no more than what is made.
#[test]
fn a_plan_carried_out_keeps_every_balance() {
    for (name, shipped) in scenarios() {
        let (plan, [planned, _]) = (&shipped.plan, both(&shipped));
        for lane in 0..DRAWS as usize {
            for month in 0..plan.months {
                for (p, part) in plan.parts.iter().enumerate() {
                    let sum = |of: &dyn Fn(usize) -> f64| (0..part.origins.len()).map(of).sum();
                    let arrived: f64 = sum(&|o| planned.arrivals_of(p, o, month, lane));
                    let closing: f64 = sum(&|o| planned.closing_of(p, o, month, lane));
                    let opening: f64 = match month.checked_sub(1) {
                        Some(before) => sum(&|o| planned.closing_of(p, o, before, lane)),
                        None => 0.0,
                    };
                    let used: f64 = plan
                        .items
                        .iter()
                        .enumerate()
                        .flat_map(|(j, item)| {
                            let parts = item.parts.iter().filter(|(part, _)| *part == p);
                            let builds = planned.builds_of(j, month, lane);
                            parts.map(move |(_, count)| count * builds)
                        })
                        .sum();
                    let off = arrived + opening - used - closing;
                    assert!(
                        off.abs() <= 1e-8 * (arrived + opening).max(1.0),
                        "{name}: part {p}, month {month}, draw {lane}: off by {off} of {arrived} + {opening}"
                    );
                    assert!(
                        closing >= 0.0 && arrived >= 0.0,
                        "{name}: part {p}, month {month}"
                    );
                }
                for (k, accelerator) in plan.accelerators.iter().enumerate() {
                    let items = accelerator.items.clone();
                    let built: f64 = items.map(|j| planned.builds_of(j, month, lane)).sum();
                    if let Some(cap) = accelerator.cap {
                        let cap = planned.reading_of(cap, month, lane).max(0.0);
                        assert!(
                            built <= cap * (1.0 + 1e-7),
                            "{name}: {built} over cap {cap}"
                        );
                    }
                    let [all, fabricated, fully] = planned.delivered_of(k, month, lane);
                    let slack = 1e-9 * all.max(1.0);
                    assert!(all >= 0.0 && fully >= 0.0, "{name}: {k}, month {month}");
                    assert!(
                        fully <= fabricated + slack && fabricated <= all + slack,
                        "{name}"
                    );
                }
            }
        }
    }
}

/// What was built before the plan begins is history.
#[test]
fn before_the_plan_nothing_changes() {
    let shipped = shipped_with("china", &[OPTIMAL, "planning.from=\"2026-07\""]);
    let (plan, [planned, by_tiers]) = (&shipped.plan, both(&shipped));
    let first = shipped.scenario.planning.first;
    let mut differs = false;
    for lane in 0..DRAWS as usize {
        for month in 0..plan.months {
            for item in 0..plan.items.len() {
                let builds = [&planned, &by_tiers].map(|r| r.builds_of(item, month, lane));
                if month < first {
                    assert!(
                        (builds[0] - builds[1]).abs() <= 1e-12 * builds[1],
                        "{month}: {builds:?}"
                    );
                } else {
                    differs |= builds[0] != builds[1];
                }
            }
            for k in 0..plan.accelerators.len() {
                let units = [&planned, &by_tiers].map(|r| r.delivered_of(k, month, lane)[0]);
                if month < first {
                    let near = (units[0] - units[1]).abs() <= 1e-9 * units[1].max(1.0);
                    assert!(near, "accelerator {k}, month {month}: {units:?}");
                }
            }
        }
    }
    assert!(differs, "the plan builds what tiers and weights build");
}

/// What binds is a resource that the accelerator needs, or its cap; and where the plan builds nothing of an accelerator
/// in production, something does.
#[test]
fn what_binds_is_needed() {
    for (name, shipped) in scenarios() {
        let (plan, [planned, _]) = (&shipped.plan, both(&shipped));
        let caps = plan.parts.len() + plan.technologies.len();
        let mut bound = 0;
        for lane in 0..DRAWS as usize {
            for month in shipped.scenario.planning.first..plan.months {
                for (k, accelerator) in plan.accelerators.iter().enumerate() {
                    let Some(resource) = planned.bound_of(k, month, lane) else {
                        continue;
                    };
                    bound += 1;
                    let is_needed = plan.items[accelerator.items.clone()].iter().any(|item| {
                        item.parts.iter().any(|(part, _)| *part == resource)
                            || item.technology.map(|t| plan.parts.len() + t) == Some(resource)
                    });
                    assert!(
                        is_needed || resource == caps + k,
                        "{name}: {resource} binds {k}"
                    );
                }
            }
        }
        assert!(bound > 0, "{name}: nothing binds");
    }
}

/// The same bits however the draws are split, on any number of threads.
#[test]
fn splitting_changes_no_bit() {
    let shipped = shipped_with("china", &[OPTIMAL]);
    let planner = OptimalAllocation::new(&shipped.scenario);
    let simulation = Simulation::new(
        &shipped.plan,
        Sampling {
            draws: 40,
            ..sampling(&shipped)
        },
    )
    .planned_by(&planner);
    let on = |threads: usize, pieces: &[std::ops::Range<u64>]| -> Tally {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads");
        pool.install(|| {
            let mut whole = Tally::empty(&shipped.plan);
            for piece in pieces {
                whole.merge(&simulation.tally(piece.clone()));
            }
            whole
        })
    };
    let whole = std::slice::from_ref(&(0..40));
    assert_eq!(on(1, whole), on(3, &[0..7, 7..33, 33..40]));
}
