//! Every parameter of a shipped scenario, moved, moves something that is reported, or is listed here as inert.

use wafercast::compile::compile;
use wafercast::distribution::Distribution;
use wafercast::scenario::{Design, Quantity, Scenario, Value};
use wafercast::simulate::{Sampling, Simulation};
use wafercast::tally::Tally;

use crate::engine::Model;

const DRAWS: u64 = 16;

/// Metrics that formulas can use but no series reports, so that what only they rest on is seen to matter too.
const MORE_METRICS: [(&str, &str); 6] = [
    ("power(all, PERIOD)", "1 MW"),
    ("memory_capacity(all, PERIOD)", "1 TB"),
    ("memory_bandwidth(all, PERIOD)", "1 TB/s"),
    ("compute(all, fp8, PERIOD)", "1 PFLOP/s"),
    ("compute(all, fp16, PERIOD)", "1 PFLOP/s"),
    ("compute(all, int8, PERIOD)", "1 PFLOP/s"),
];

/// Quantities that move nothing, by the beginning and end of their names, and why.
const INERT: &[(&str, &str, &str, &str)] = &[
    (
        "*",
        "evidence.",
        ".observed",
        "observations are compared with the draws, and move none",
    ),
    (
        "*",
        "memory.",
        ".layers",
        "read where stacks are built from dies; here stacks per wafer are quoted",
    ),
    (
        "*",
        "accelerator.",
        ".lifetime",
        "launched so late that nothing retires within the horizon",
    ),
    (
        "china",
        "import.",
        ".lifetime",
        "imported so late that nothing retires within the horizon",
    ),
    (
        "china",
        "accelerator.ascend-970.",
        "",
        "launched in the last quarter: wafers are started for it, no card is delivered within the horizon",
    ),
    (
        "china",
        "ownership.",
        "",
        "matters with the rates that the compute layer gives the chips: held to it in that crate's tests",
    ),
    (
        "china",
        "workload.",
        ".utilisation",
        "matters with the rates that the compute layer gives the chips: held to it in that crate's tests",
    ),
    (
        "china",
        "import.b30a.spec.",
        "",
        "none is imported unless an overlay says so",
    ),
];

/// A distribution at its lowest or highest value; a number a fifth lower or higher.
fn moved(distribution: &Distribution, quantity: &Quantity, up: bool) -> Distribution {
    let is_chance = quantity.name.ends_with(".probability");
    let value = match distribution {
        Distribution::Point(_) if is_chance => {
            if up {
                0.95
            } else {
                0.05
            }
        }
        // Zero has no fifth: half of a unit instead.
        Distribution::Point(value) if *value == 0.0 => {
            if up {
                0.5 * quantity.unit.scale
            } else {
                0.0
            }
        }
        Distribution::Point(value) => value * if up { 1.2 } else { 0.8 },
        spread => spread.quantile(if up { 0.99 } else { 0.01 }),
    };
    Distribution::Point(value)
}

fn tally(scenario: &Scenario) -> Tally {
    let plan = compile(scenario);
    let sampling = Sampling {
        draws: DRAWS,
        seed: 1,
        design: Design::Lhs,
    };
    Simulation::new(&plan, sampling).tally(0..DRAWS)
}

/// Whether low and high values of a quantity give different tallies.
fn matters(scenario: &Scenario, index: usize) -> bool {
    let at = |up: bool| {
        let mut changed = scenario.clone();
        let quantity = &scenario.quantities[index];
        match &mut changed.quantities[index].value {
            Value::Constant(distribution) => *distribution = moved(distribution, quantity, up),
            Value::Path(path) => {
                for (_, distribution) in &mut path.anchors {
                    *distribution = moved(distribution, quantity, up);
                }
            }
        }
        tally(&changed)
    };
    at(false) != at(true)
}

/// A shipped scenario in which anything is possible: what may happen happens in half of the draws, each spread is six of
/// its values (quick to sample), and every metric of the language is reported.
fn readied(name: &str, period: &str) -> Scenario {
    let mut tables = String::new();
    for (i, (metric, unit)) in MORE_METRICS.iter().enumerate() {
        let metric = metric.replace("PERIOD", period);
        tables += &format!("[evidence.law-{i}]\nmetric = \"{metric}\"\nobserved = \"{unit}\"\n");
    }
    let mut scenario = Model::shipped_with(name, &tables).scenario;
    // What is moved is certain, and so correlated with nothing.
    scenario.correlations.clear();
    for quantity in &mut scenario.quantities {
        let is_chance = quantity.name.ends_with(".probability") && !quantity.is_default;
        match &mut quantity.value {
            Value::Constant(distribution) if is_chance => *distribution = Distribution::Point(0.5),
            Value::Constant(distribution) => *distribution = coarse(distribution),
            Value::Path(path) => {
                for (_, distribution) in &mut path.anchors {
                    *distribution = coarse(distribution);
                }
            }
        }
    }
    scenario
}

/// Six equally likely values of a distribution.
fn coarse(distribution: &Distribution) -> Distribution {
    const VALUES: usize = 6;
    match distribution {
        Distribution::Point(value) => Distribution::Point(*value),
        spread => {
            let middle = |i| spread.quantile((i as f64 + 0.5) / VALUES as f64);
            let mut values: Vec<(f64, f64)> = (0..VALUES)
                .map(|i| (middle(i), 1.0 / VALUES as f64))
                .collect();
            values.dedup_by(|next, kept| {
                let is_same = next.0 == kept.0;
                if is_same {
                    kept.1 += next.1;
                }
                is_same
            });
            Distribution::Discrete(values)
        }
    }
}

/// The names of every `step`-th quantity of the author that moves nothing, and how many were moved.
fn inert(name: &str, period: &str, step: usize) -> (Vec<String>, usize) {
    let scenario = readied(name, period);
    let chosen: Vec<usize> = scenario
        .quantities
        .iter()
        .enumerate()
        .filter(|(_, q)| !q.is_default && !q.name.starts_with("evidence.law-"))
        .map(|(index, _)| index)
        .step_by(step)
        .collect();
    let half = chosen.len().div_ceil(2);
    let found: Vec<usize> = std::thread::scope(|scope| {
        let workers: Vec<_> = chosen
            .chunks(half.max(1))
            .map(|part| {
                let scenario = &scenario;
                scope.spawn(move || {
                    let inert = part.iter().filter(|&&index| !matters(scenario, index));
                    inert.copied().collect::<Vec<_>>()
                })
            })
            .collect();
        let joined = workers.into_iter().map(|worker| worker.join().unwrap());
        joined.flatten().collect()
    });
    let names = found.iter().map(|&i| scenario.quantities[i].name.clone());
    (names.collect(), chosen.len())
}

/// Every inert quantity is listed, and where all quantities were moved every entry of the list has one.
fn assert_listed(scenario: &str, inert: &[String], is_complete: bool) {
    let entries: Vec<_> = INERT
        .iter()
        .filter(|(of, ..)| *of == "*" || *of == scenario)
        .collect();
    let fits = |name: &str, (_, begin, end, _): &(&str, &str, &str, &str)| {
        name.starts_with(begin) && name.ends_with(end)
    };
    let unlisted: Vec<_> = inert
        .iter()
        .filter(|name| !entries.iter().any(|entry| fits(name, entry)))
        .collect();
    assert!(
        unlisted.is_empty(),
        "{scenario}: these move nothing and are not listed: {unlisted:#?}"
    );
    if is_complete {
        for entry in entries.iter().filter(|entry| entry.0 == scenario) {
            assert!(
                inert.iter().any(|name| fits(name, entry)),
                "{scenario}: {entry:?} is listed, but nothing like it is inert"
            );
        }
    }
}

#[test]
fn every_parameter_of_the_small_scenarios_matters() {
    for (name, period) in [("tutorial", "2026..2029"), ("nvidia-cowos", "2023..2025")] {
        let (inert, count) = inert(name, period, 1);
        println!("{name}: {count} quantities moved, {} inert", inert.len());
        assert_listed(name, &inert, true);
    }
}

/// Moving all of them takes minutes in the development profile, so every seventh is moved; `WAFERCAST_SWEEP=all` moves all.
#[test]
fn every_parameter_of_china_matters() {
    let is_complete = std::env::var("WAFERCAST_SWEEP").is_ok_and(|sweep| sweep == "all");
    let (inert, count) = inert("china", "2023..2028", if is_complete { 1 } else { 7 });
    println!("china: {count} quantities moved, {} inert", inert.len());
    assert_listed("china", &inert, is_complete);
}
