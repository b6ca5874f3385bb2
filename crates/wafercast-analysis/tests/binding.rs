//! What binds, on a supply chain whose answers are known in closed form.

#[path = "support/scenarios.rs"]
mod scenarios;

use scenarios::{quantity, scenario};
use wafercast::change::Change;
use wafercast::compile::compile;
use wafercast::experiment::{Experiment, Untouched};
use wafercast::metric::parse;
use wafercast::scenario::Design;
use wafercast::simulate::Sampling;
use wafercast_analysis::binding::{Binding, BindingOptions};

/// Two chips: one is built to its plan (its cap), the other as far as its memory goes. A third eats a stock of stacks.
const CHAIN: &str = r#"
format = 1
title = "t"
home = "XA"
horizon = { from = "2026-01", to = "2027-12" }

[process.n7]
name = "n7"
d0 = "0.1 /cm2"
assumption = "test"
yield = { model = "poisson", line = "90%" }

[fab.north]
owner = "N"
country = "XA"
process = "n7"
utilisation = "80%"
ai_share = "uniform(40%, 50%)"
cycle_time = "2 months"
assumption = "test"
[[fab.north.phase]]
add = "50 kWSPM"
start = "2020-01"

[die.compute]
process = "n7"
size = { width = "10 mm", height = "10 mm", street = "0.1 mm" }

[memory.plenty]
capacity = "16 GB"
bandwidth = "460 GB/s"
layers = 8
assumption = "test"
[memory.short]
capacity = "16 GB"
bandwidth = "460 GB/s"
layers = 8
assumption = "test"
[memory.stored]
capacity = "16 GB"
bandwidth = "460 GB/s"
layers = 8
assumption = "test"

[memory_line.plenty]
memory = "plenty"
owner = "M"
country = "XA"
stacks_per_wafer = 100
assumption = "test"
[[memory_line.plenty.phase]]
add = "1 kWSPM"
start = "2020-01"
[memory_line.short]
memory = "short"
owner = "M"
country = "XA"
stacks_per_wafer = 10
assumption = "test"
[[memory_line.short.phase]]
add = "uniform(0.1 kWSPM, 0.3 kWSPM)"
start = "2020-01"

[stockpile.stored]
part = "memory.stored"
origin = { country = "XB", maker = "M" }
at = "2026-01"
amount = "uniform(2 k, 26 k)"
assumption = "test"

[accelerator.planned]
name = "Planned"
designer = "D"
country = "XA"
launch = "2020-01"
test_yield = "100%"
spec = { bf16 = "100 TFLOP/s", tdp = "500 W", price = "$10 k" }
plan = { weight = 3, cap = "uniform(1 k units/month, 3 k units/month)" }
assumption = "test"
[[accelerator.planned.bom]]
dies = { compute = 1 }
memory = { plenty = 1 }

[accelerator.starved]
name = "Starved"
designer = "D"
country = "XA"
launch = "2020-01"
test_yield = "100%"
spec = { bf16 = "300 TFLOP/s", tdp = "500 W", price = "$30 k" }
plan = { weight = 1 }
assumption = "test"
[[accelerator.starved.bom]]
dies = { compute = 1 }
memory = { short = 1 }

[accelerator.eater]
name = "Eater"
designer = "E"
country = "XB"
launch = "2020-01"
test_yield = "100%"
spec = { bf16 = "100 TFLOP/s", tdp = "500 W", price = "$10 k" }
plan = { weight = 1, cap = "1 k units/month" }
assumption = "test"
[[accelerator.eater.bom]]
dies = { compute = 1 }
memory = { stored = 1 }
"#;

fn sampling(draws: u64) -> Sampling {
    Sampling {
        draws,
        seed: 5,
        design: Design::Random,
    }
}

fn study(draws: u64) -> Binding {
    let scenario = scenario(CHAIN, &[]);
    let options = BindingOptions {
        elasticity_draws: draws,
        ..BindingOptions::default()
    };
    Binding::study(&compile(&scenario), &scenario, sampling(draws), &options)
}

#[test]
fn shares_are_those_of_the_plan_by_metric() {
    let binding = study(400);
    // Planned 3 : 1 in units, 3·100 : 1·300 in compute, 3·10 : 1·30 in money.
    for (metric, planned, starved) in [
        ("units", 0.75, 0.25),
        ("h100e", 0.5, 0.5),
        ("value", 0.5, 0.5),
    ] {
        for (resource, share) in [("cap:planned", planned), ("memory:short", starved)] {
            let row = binding
                .shares
                .iter()
                .find(|row| row.metric == metric && row.resource == resource)
                .unwrap_or_else(|| panic!("{metric} {resource}: {:?}", binding.shares));
            for (found, error) in row.share.iter().zip(&row.standard_error) {
                assert!((found - share).abs() < 1e-12, "{metric} {resource} {found}");
                assert!(*error < 1e-9, "{error}");
            }
        }
    }
    assert!(
        binding
            .shares
            .iter()
            .all(|row| row.resource != "die:compute")
    );
}

#[test]
fn elasticities_are_shares_of_output() {
    let binding = study(2000);
    let of = |resource: &str, metric: &str, of: &str| {
        binding
            .elasticities_of(metric, of, "2027")
            .find(|e| e.resource == resource)
            .map(|e| (e.value, e.standard_error))
            .unwrap_or((0.0, 0.0))
    };
    // A chip grows as its only limit does.
    for (resource, chip) in [
        ("cap:planned", "accelerator:planned"),
        ("memory:short", "accelerator:starved"),
    ] {
        let (value, error) = of(resource, "units", chip);
        assert!(
            (value - 1.0).abs() < 1e-9 && error < 1e-9,
            "{value} ± {error}"
        );
    }
    assert_eq!(of("die:compute", "units", "home"), (0.0, 0.0));
    // Home grows by the chip's share of it: 2,000 of 4,000 units a month on average, a quarter of the compute.
    for (resource, metric, share) in [
        ("cap:planned", "units", 0.5),
        ("memory:short", "units", 0.5),
        ("cap:planned", "h100e", 0.25),
        ("memory:short", "value", 0.75),
    ] {
        let (value, error) = of(resource, metric, "home");
        println!("{resource} {metric}: {value:.4} ± {error:.4}, exact {share}");
        assert!(error > 0.0 && error < 0.02);
        assert!((value - share).abs() < 4.0 * error);
    }
}

#[test]
fn stocks_run_out_when_arithmetic_says_so() {
    let binding = study(3000);
    let stock = &binding.stocks[0];
    assert_eq!(stock.part, "memory:stored");
    assert_eq!(stock.stocked, 1.0);
    // S is uniform on 2,000 … 26,000, and 1,000 are used a month: after month m, S − (m + 1)·1,000 is left, and it has run
    // out where that is below 1,000: in (m + 2 − 2)/24 of the futures.
    for (month, (share, error)) in stock.run_out.iter().zip(&stock.standard_error).enumerate() {
        let exact = month as f64 / 24.0;
        assert!(
            (share - exact).abs() <= 4.0 * error.max(1e-9),
            "{month}: {share}"
        );
    }
    let exact = 1.0 / 24.0;
    assert!((stock.lasts - exact).abs() < 4.0 * stock.lasts_error);
    assert_eq!(stock.p50.as_deref(), Some("2027-01"));
}

/// More of a resource is the same as more of the quantity behind it, where only one stands behind it.
#[test]
fn elasticities_agree_with_the_quantity_behind_the_resource() {
    let scenario = scenario(CHAIN, &["fab.north.ai_share=\"uniform(0.015%, 0.025%)\""]);
    let plan = compile(&scenario);
    let options = BindingOptions {
        elasticity_draws: 300,
        ..BindingOptions::default()
    };
    let binding = Binding::study(&plan, &scenario, sampling(300), &options);
    let target = parse("units(home, 2027)", &scenario).unwrap_or_else(|e| panic!("{e:?}"));
    let mean = |name: &str, factor: f64| {
        let id = quantity(&scenario, name);
        let mut plan = plan.clone();
        plan.change(id, &scenario.quantities[id.0], Change::factor(factor));
        let experiment = Experiment::new(&plan, sampling(300), vec![target.expression.clone()]);
        let values = &experiment.run(0..300, &Untouched)[0];
        values.iter().sum::<f64>() / 300.0
    };
    for (resource, name) in [
        ("memory:short", "memory_line.short.phase[0].add"),
        ("cap:planned", "accelerator.planned.plan.cap"),
        ("die:compute", "fab.north.ai_share"),
    ] {
        let found = binding
            .elasticities_of("units", "home", "2027")
            .find(|e| e.resource == resource)
            .map_or(0.0, |e| e.value);
        let expected = (mean(name, 1.01) - mean(name, 0.99)) / (0.02 * mean(name, 1.0));
        println!("{resource}: {found}, by {name} {expected}");
        assert!(found.abs() > 0.01, "{resource} matters");
        assert!((found - expected).abs() < 1e-9, "{resource}");
    }
}

#[test]
fn does_not_depend_on_the_threads() {
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.unwrap_or_else(|error| panic!("{error}"))
            .install(|| study(700))
    };
    assert_eq!(on(1), on(3));
}
