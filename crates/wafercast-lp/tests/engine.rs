//! Plans against the engine: the same balances, and its finite differences.

#![allow(clippy::expect_used, reason = "a test may panic")]

#[path = "support/shipped.rs"]
mod shipped;

use shipped::{Shipped, from_text, shipped, shipped_with};
use wafercast::experiment::{Experiment, Intervention, Resources, Untouched};
use wafercast::scenario::DemandMetric;
use wafercast::simulate::Sampling;
use wafercast_lp::formulation::value_of;
use wafercast_lp::numbers::Numbers;
use wafercast_lp::study::{Planned, Settings, Task, study, tasks};

fn sampling(shipped: &Shipped, draws: u64) -> Sampling {
    Sampling {
        draws,
        seed: 7,
        design: shipped.scenario.run.design,
    }
}

fn planned(shipped: &Shipped, settings: &Settings, draws: u64) -> Vec<(Task, Planned)> {
    let all = tasks(
        &shipped.plan,
        &shipped.scenario,
        sampling(shipped, draws),
        0..draws,
        settings,
    );
    all.into_iter()
        .map(|task| {
            let planned = task.plan(settings).expect("a certified optimum");
            (task, planned)
        })
        .collect()
}

/// The engine's own allocation is one of the plans, so that no plan is worth less; from the start of the horizon and from
/// within it, in money and in units.
#[test]
fn no_plan_is_worth_less_than_the_allocation_by_tiers_and_weights() {
    for name in ["china", "nvidia-cowos", "tutorial"] {
        let shipped = shipped(name);
        for (first, maximise) in [
            (0, DemandMetric::Value),
            (shipped.plan.months / 2, DemandMetric::Units),
        ] {
            let settings = Settings {
                maximise,
                first,
                ..Settings::of(&shipped.scenario)
            };
            for (task, planned) in planned(&shipped, &settings, 4) {
                let (priority, optimal) = planned.values;
                assert!(
                    priority > 0.0,
                    "{name}: nothing is built in draw {}",
                    task.draw
                );
                assert!(
                    optimal >= priority * (1.0 - 1e-6),
                    "{name} from {first}, draw {}: {optimal} < {priority}",
                    task.draw
                );
            }
        }
    }
}

/// With one accelerator, one bill of materials and no discount there is nothing to share out: the allocation by tiers is
/// a best use, and the plan is worth as much.
#[test]
fn with_a_single_product_the_engine_is_optimal() {
    let shipped = shipped("tutorial");
    for first in [0, 17] {
        let settings = Settings {
            first,
            ..Settings::of(&shipped.scenario)
        };
        for (task, planned) in planned(&shipped, &settings, 8) {
            let (priority, optimal) = planned.values;
            let same = (optimal / priority - 1.0).abs() < 1e-6;
            assert!(same, "draw {}: {optimal} is not {priority}", task.draw);
        }
    }
}

/// More of a part in some months.
struct More {
    part: usize,
    months: std::ops::Range<usize>,
    amount: f64,
}

impl Intervention for More {
    fn resources(&self, _first: u64, resources: &mut Resources) {
        resources.add(self.part, self.months.clone(), self.amount);
    }
}

fn values(shipped: &Shipped, settings: &Settings, intervention: &dyn Intervention) -> Vec<f64> {
    let experiment = Experiment::new(&shipped.plan, sampling(shipped, 8), Vec::new());
    let mut values = Vec::new();
    experiment.each(0..8, intervention, |outcome| {
        for lane in outcome.lanes.clone() {
            let numbers = Numbers::read(outcome, lane, settings.metric(), settings.first);
            let discount = settings.monthly_discount();
            values.push(value_of(&numbers, discount, |k| {
                &numbers.accelerators[k].delivered
            }));
        }
    });
    values
}

/// Where the engine is optimal, its own finite differences are the shadow prices: a few stacks more in a month of the
/// tutorial add to the engine's value what the plan says. (Month 0 is left out: there, the engine takes what is built for
/// what was built in all months before.)
#[test]
fn shadow_prices_are_finite_differences_of_the_engine() {
    let shipped = shipped("tutorial");
    let settings = Settings::of(&shipped.scenario);
    let plans = planned(&shipped, &settings, 8);
    let base = values(&shipped, &settings, &Untouched);
    let memory = shipped.plan.dies.len();
    let (mut compared, mut positive) = (0, 0);
    for part in [0, memory] {
        for month in [6, 12, 18, 24, 30, 36] {
            let amount = 1.0;
            let more = More {
                part,
                months: month..month + 1,
                amount,
            };
            let moved = values(&shipped, &settings, &more);
            for (((task, planned), base), moved) in plans.iter().zip(&base).zip(&moved) {
                let price = planned.prices.parts[part][month];
                let difference = (moved - base) / amount;
                if !price.is_unique {
                    // One more adds no more than any optimal price.
                    assert!(difference < price.value * (1.0 + 1e-3) + 1e-3);
                    continue;
                }
                let close = (difference - price.value).abs() < 1e-3 * (1.0 + price.value);
                let draw = task.draw;
                assert!(
                    close,
                    "part {part}, month {month}, draw {draw}: {difference} and {price:?}"
                );
                compared += 1;
                positive += usize::from(price.value > 1.0);
            }
        }
    }
    assert!(compared > 60 && positive > 20, "{compared}, {positive}");
}

/// Two chips want one stack. The dear one comes late and is worth three times as much; the engine, which does not look
/// ahead, builds the cheap one from the stock it will miss.
const MYOPIC: &str = r#"
format = 1
title = "Two chips, one stock"
home = "XA"
horizon = { from = "2026-01", to = "2026-12" }
planning = { discount = 0 }

[process.n7]
yield = { model = "poisson", line = "100%" }
d0 = "0 /cm2"
[fab.a]
owner = "A"
country = "XA"
process = "n7"
utilisation = "100%"
ai_share = "100%"
cycle_time = "0 months"
[[fab.a.phase]]
add = "10 kWSPM"
start = "2025-01"
[die.d]
process = "n7"
size = { width = "20 mm", height = "25 mm" }
gross = 100
[memory.m]
capacity = "16 GB"
bandwidth = "400 GB/s"
layers = 8
[stockpile.s]
part = "memory.m"
origin = { country = "XB", maker = "B" }
at = "2026-01"
amount = "60000"

[accelerator.cheap]
name = "Cheap"
designer = "A"
country = "XA"
launch = "2026-01"
plan = { cap = "5000 units/month" }
spec = { bf16 = "100 TFLOP/s", price = "$10 k" }
[[accelerator.cheap.bom]]
dies = { d = 1 }
memory = { m = 2 }

[accelerator.dear]
name = "Dear"
designer = "A"
country = "XA"
launch = "2026-07"
test_yield = "80%"
plan = { cap = "4000 units/month" }
spec = { bf16 = "300 TFLOP/s", price = "$30 k" }
[[accelerator.dear.bom]]
dies = { d = 1 }
memory = { m = 2 }
"#;

/// By hand: the dear chip is worth $24 k a package (yield 80 %), the cheap $10 k, each takes two stacks of 60,000. The dear
/// takes its cap, 24,000 packages and 48,000 stacks; what is left makes 6,000 cheap ones: $576 M + $60 M. A stack more makes
/// half a cheap chip: $5 k; a package more under the cap of the dear takes two stacks from the cheap: $24 k − $10 k. By
/// tiers the cheap takes 10,000 stacks a month and the stock is gone after six months: 30,000 cheap, $300 M.
#[test]
fn the_plan_looks_ahead() {
    let shipped = from_text(MYOPIC);
    let settings = Settings::of(&shipped.scenario);
    let (_, planned) = planned(&shipped, &settings, 1).remove(0);
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6 * b.max(1.0), "{a} is not {b}");
    close(planned.values.0, 300e6);
    close(planned.values.1, 636e6);
    close(planned.units[0].1, 6_000.0);
    close(planned.units[1].1, 24_000.0 * 0.8);
    for month in 0..12 {
        let stack = planned.prices.parts[1][month];
        close(stack.value, 5e3);
        let cap = planned.prices.caps[1][month];
        close(cap.value, if month < 6 { 0.0 } else { 14e3 });
        close(planned.prices.caps[0][month].value, 0.0);
        // Dies are plenty.
        assert!(planned.prices.lines[0][month].value < 0.1);
        assert!(stack.is_unique && cap.is_unique);
    }
}

/// What is discounted at 21 % a year is worth 1/1.1 half a year later.
#[test]
fn later_deliveries_are_discounted() {
    let shipped = from_text(MYOPIC);
    let settings = Settings {
        discount: 0.21,
        ..Settings::of(&shipped.scenario)
    };
    let (_, planned) = planned(&shipped, &settings, 1).remove(0);
    let month = settings.monthly_discount();
    assert!((month.powi(6) - 1.0 / 1.1).abs() < 1e-12);
    // The cheap ones are built first, 5,000 in the first month and 1,000 in the second; the dear from July on.
    let dear: f64 = (6..12).map(|m| 96e6 * month.powi(m)).sum();
    let value = 50e6 + 10e6 * month + dear;
    assert!(
        (planned.values.1 / value - 1.0).abs() < 1e-6,
        "{:?}",
        planned.values
    );
}

/// A commitment to the cheap chip costs dear ones: 10,000 cheap leave 40,000 stacks.
#[test]
fn commitments_come_before_value() {
    let text = MYOPIC.replace(
        "planning = { discount = 0 }",
        "planning = { discount = 0, commit = [{ holds = \"units(accelerator:cheap, 2026) >= 10000 units\" }] }",
    );
    let shipped = from_text(&text);
    let settings = Settings::of(&shipped.scenario);
    let (_, planned) = planned(&shipped, &settings, 1).remove(0);
    let value = 10_000.0 * 10e3 + 20_000.0 * 24e3;
    assert!(
        (planned.values.1 / value - 1.0).abs() < 1e-6,
        "{:?}",
        planned.values
    );
    assert_eq!(planned.missing, [0.0]);
}

/// 30,000 cheap and 10,000 dear chips need 80,000 stacks of 60,000 (dear ones yield 80 %: 85,000). Each commitment can be
/// kept alone; the conflict names both and the stock, and nothing else: neither line nor cap would help.
#[test]
fn a_conflict_is_named_by_its_places() {
    let text = MYOPIC.replace(
        "planning = { discount = 0 }",
        "[planning]\n[[planning.commit]]\nholds = \"units(accelerator:cheap, 2026) >= 30 k units\"\n\
         [[planning.commit]]\nholds = \"units(accelerator:dear, 2026) >= 10 k units\"\n\
         [[planning.commit]]\nholds = \"units(accelerator:cheap, 2026-01) >= 1 k units\"\n",
    );
    let shipped = from_text(&text);
    let settings = Settings {
        draws: 1,
        clearing_draws: 0,
        ..Settings::of(&shipped.scenario)
    };
    let planning = study(
        &shipped.plan,
        &shipped.scenario,
        &shipped.sources,
        sampling(&shipped, 1),
        &settings,
    )
    .expect("an answer");
    let conflict = planning.conflict.expect("a conflict");
    let paths: Vec<&str> = conflict.members.iter().map(|m| m.path.as_str()).collect();
    assert_eq!(
        paths,
        ["stockpile.s", "planning.commit[0]", "planning.commit[1]"]
    );
    let places: Vec<&str> = conflict.members.iter().map(|m| m.place.as_str()).collect();
    let line = |of: &str| {
        let at = text.lines().position(|line| line.starts_with(of));
        format!("scenario.toml:{}", at.expect("the line") + 1)
    };
    assert_eq!(places[0], line("amount = \"60000\""));
    assert_eq!(
        places[1],
        line("holds = \"units(accelerator:cheap, 2026) >=")
    );
    assert_eq!(places[2], line("holds = \"units(accelerator:dear"));
    // 85,000 stacks less 60,000, at two a unit and a yield of 80 % for the dear.
    assert!(
        (conflict.missing - 10_000.0).abs() < 1.0,
        "{}",
        conflict.missing
    );
    assert_eq!(planning.commitments[2].met, 1.0);
}

/// The same draws give the same plan on any number of threads.
#[test]
fn plans_do_not_depend_on_the_threads() {
    let shipped = shipped_with("tutorial", &[]);
    let settings = Settings {
        draws: 24,
        clearing_draws: 3,
        ..Settings::of(&shipped.scenario)
    };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let (plan, scenario, sources) = (&shipped.plan, &shipped.scenario, &shipped.sources);
        let sampling = sampling(&shipped, 24);
        let planning = pool
            .expect("threads")
            .install(|| study(plan, scenario, sources, sampling, &settings));
        serde_json::to_string(&planning).expect("JSON")
    };
    let alone = on(1);
    assert!(alone.contains("\"clearing\""));
    assert_eq!(alone, on(3));
}
