//! Sensitivity and value of information through the engine: a small scenario whose answers are known in closed form or by
//! nested simulation, and `china`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../wafercast/tests/support/disk.rs"]
mod disk;
#[path = "../../wafercast/tests/support/fact_base.rs"]
mod fact_base;
#[path = "support/scenarios.rs"]
mod scenarios;

use std::path::Path;

use wafercast::check::{CheckOptions, check};
use wafercast::compile::compile;
use wafercast::draw::{Stream, kernel};
use wafercast::experiment::Experiment;
use wafercast::load::{Limits, load};
use wafercast::scenario::{Design, Scenario};
use wafercast::simulate::Sampling;
use wafercast_analysis::Target;
use wafercast_analysis::learn::Learning;
use wafercast_analysis::sensitivity::gaussian::Gaussian;
use wafercast_analysis::sensitivity::model::Estimate;
use wafercast_analysis::sensitivity::sample::Sample;
use wafercast_analysis::sensitivity::topic::Topic;
use wafercast_analysis::sensitivity::{Options, Sensitivity, TargetSensitivity};

/// Two imports of unknown rate; the second stops if an event happens: Y = 12·(a + b·(1 − E)).
const SMALL: &str = r#"
format = 1
title = "t"
home = "CN"
horizon = { from = "2026-01", to = "2026-12" }

[import.a]
name = "A"
designer = "X"
country = "CN"
rate = "lognormal(100 units/month, 300 units/month)"

[import.b]
name = "B"
designer = "X"
country = "CN"
rate = "lognormal(50 units/month, 400 units/month)"

[event.ban]
name = "Ban"
date = "2026-01-01"
probability = "30%"
effect = [{ quantity = "import.b.rate", multiply = "0" }]

[claim.many]
says = "Many"
holds = "units(imports, 2026) > 4000 units"
"#;

/// The same with rates that go together.
const CORRELATION: &str = r#"
[[correlation]]
between = ["import.a.rate", "import.b.rate"]
rank = 0.6
"#;

/// Probability that the event does not happen.
const OPEN: f64 = 0.7;

/// Mean and variance of a lognormal number, its 5th and 95th percentile given; and mean and standard deviation of its
/// logarithm.
struct Lognormal {
    mu: f64,
    sigma: f64,
    mean: f64,
    variance: f64,
}

fn lognormal(low: f64, high: f64) -> Lognormal {
    let z95 = kernel::normal_quantile(0.95);
    let (low, high) = (libm::log(low), libm::log(high));
    let (mu, sigma) = ((low + high) / 2.0, (high - low) / 2.0 / z95);
    let mean = libm::exp(mu + sigma * sigma / 2.0);
    Lognormal {
        mu,
        sigma,
        mean,
        variance: mean * mean * libm::expm1(sigma * sigma),
    }
}

fn rates() -> (Lognormal, Lognormal) {
    (lognormal(100.0, 300.0), lognormal(50.0, 400.0))
}

fn sampling(draws: u64) -> Sampling {
    Sampling {
        draws,
        seed: 11,
        design: Design::Random,
    }
}

fn targets(scenario: &Scenario) -> Vec<Target> {
    ["units(imports, 2026)", "many"]
        .iter()
        .map(|text| Target::parse(text, scenario).unwrap())
        .collect()
}

fn studied(scenario: &Scenario, draws: u64, options: Options) -> Sensitivity {
    let plan = compile(scenario);
    let targets = targets(scenario);
    let sample = Sample::draw(&plan, sampling(draws), &targets);
    Sensitivity::of(&sample, scenario, options)
}

/// That an estimate lies within so many of its standard errors.
fn near(what: &str, found: Estimate, expected: f64, errors: f64) {
    let off = (found.value - expected).abs();
    assert!(
        off <= errors * found.standard_error + 1e-9,
        "{what}: {found:?}, expected {expected}"
    );
    println!(
        "{what}: {:.4} ± {:.4}, expected {expected:.4}",
        found.value, found.standard_error
    );
}

#[test]
fn independent_rates_and_an_event() {
    let scenario = scenarios::scenario(SMALL, &[]);
    let found = studied(&scenario, 8000, Options::full(2048, 11));
    let target = &found.targets[0];
    let (a, b) = rates();
    let all =
        a.variance + OPEN * (b.variance + b.mean * b.mean) - (OPEN * b.mean) * (OPEN * b.mean);
    let both = OPEN * (1.0 - OPEN) * b.variance / all;
    let first = [
        ("import.a.rate", a.variance / all, 0.0),
        ("import.b.rate", OPEN * OPEN * b.variance / all, both),
        (
            "event.ban.probability",
            OPEN * (1.0 - OPEN) * b.mean * b.mean / all,
            both,
        ),
    ];
    for (name, first, more) in first {
        let driver = target
            .drivers
            .iter()
            .find(|driver| driver.name == name)
            .unwrap();
        near(&format!("{name} from draws"), driver.explains, first, 4.0);
        near(
            &format!("{name} shapley"),
            driver.shapley.unwrap(),
            first + more / 2.0,
            4.5,
        );
        let block = target
            .blocks
            .iter()
            .find(|block| block.names == [name])
            .unwrap();
        // Four replicates: Student's t with three degrees of freedom.
        near(&format!("{name} first"), block.first, first, 8.0);
        near(&format!("{name} total"), block.total, first + more, 8.0);
        assert_eq!(driver.event, name.starts_with("event"));
    }
    // In one and the same future the rate alone moves the answer by as much as itself.
    let swing = |name: &str| {
        target
            .drivers
            .iter()
            .find(|d| d.name == name)
            .unwrap()
            .swing
    };
    let spread = |of: &Lognormal| {
        let z90 = kernel::normal_quantile(0.9);
        libm::exp(of.mu + of.sigma * z90) - libm::exp(of.mu - of.sigma * z90)
    };
    let own = swing("import.a.rate");
    assert!(
        (own.value - 12.0 * spread(&a)).abs() < 1e-3 && own.standard_error < 1e-3,
        "{own:?}"
    );
    near(
        "swing of b",
        swing("import.b.rate"),
        12.0 * OPEN * spread(&b),
        4.0,
    );
    near(
        "swing of the event",
        swing("event.ban.probability"),
        -12.0 * b.mean,
        4.0,
    );
    topics_add_up(target);
}

fn topics_add_up(target: &TargetSensitivity) {
    let sum: f64 = target.topics.iter().map(|topic| topic.share.value).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    assert!(
        target
            .topics
            .iter()
            .all(|topic| topic.topic != Topic::Other)
    );
}

/// Correlated rates are exchanged as one block, their scores are known to be correlated by 2·sin(π·0.6/6), and their
/// Shapley effects add up with the event's.
#[test]
fn correlated_rates_are_one_block() {
    let scenario = scenarios::scenario(&format!("{SMALL}{CORRELATION}"), &[]);
    let plan = compile(&scenario);
    let experiment = Experiment::new(&plan, sampling(8), Vec::new());
    let gaussian = Gaussian::of(&experiment);
    let blocks: Vec<Vec<&str>> = gaussian
        .blocks()
        .map(|block| {
            block
                .iter()
                .map(|score| plan.scores[*score].as_str())
                .collect()
        })
        .collect();
    assert_eq!(blocks, [["import.a.rate", "import.b.rate"]]);

    let found = studied(&scenario, 4000, Options::full(512, 3));
    let target = &found.targets[0];
    assert!(
        target.blocks.iter().any(|block| block.names.len() == 2),
        "{:?}",
        target.blocks
    );
    let shapley: f64 = target
        .drivers
        .iter()
        .filter_map(|d| d.shapley)
        .map(|s| s.value)
        .sum();
    assert!((shapley - 1.0).abs() < 1e-9, "{shapley}");
    // Knowing one rate says something of the other: together the first-order shares count it twice.
    let explains = |name: &str| {
        target
            .drivers
            .iter()
            .find(|d| d.name == name)
            .unwrap()
            .explains
            .value
    };
    let block = target
        .blocks
        .iter()
        .find(|block| block.names.len() == 2)
        .unwrap();
    assert!(explains("import.a.rate") + explains("import.b.rate") > block.first.value);
}

/// Value of information against nested Monte Carlo: for each of many values of one rate, the chance of the claim over all
/// else.
#[test]
fn value_of_information_against_nested_simulation() {
    let scenario = scenarios::scenario(SMALL, &[]);
    let plan = compile(&scenario);
    let targets = targets(&scenario);
    let draws = 20_000;
    let sample = Sample::draw(&plan, sampling(draws), &targets);
    let (a, b) = rates();
    let inner = 5000;
    // Of the second rate, 0 where the event happens.
    let others: Vec<f64> = {
        let (rate, ban) = (
            Stream::new(5, "rate", Design::Lhs, inner),
            Stream::new(5, "ban", Design::Lhs, inner),
        );
        (0..inner)
            .map(|i| {
                let open = if ban.uniform(i) < OPEN { 1.0 } else { 0.0 };
                open * libm::exp(b.mu + b.sigma * kernel::normal_quantile(rate.uniform(i)))
            })
            .collect()
    };
    let outer = 1000;
    let chances: Vec<f64> = (0..outer)
        .map(|i| {
            let level = (f64::from(i) + 0.5) / f64::from(outer);
            let rate = libm::exp(a.mu + a.sigma * kernel::normal_quantile(level));
            let many = others
                .iter()
                .filter(|other| 12.0 * (rate + *other) > 4000.0)
                .count();
            many as f64 / inner as f64
        })
        .collect();
    let mean =
        |of: &dyn Fn(f64) -> f64| chances.iter().map(|p| of(*p)).sum::<f64>() / f64::from(outer);
    let p = mean(&|p| p);
    for threshold in [0.3, 0.5] {
        let learning = Learning::of(&sample, &scenario, threshold);
        let claim = &learning.targets[1];
        near("probability", claim.mean, p, 4.0);
        let lead = claim
            .leads
            .iter()
            .find(|lead| lead.name == "import.a.rate")
            .unwrap();
        let removed = mean(&|x| (x - p) * (x - p)) / (p * (1.0 - p));
        near("share of p(1 − p) removed", lead.removes, removed, 4.0);
        let decides = mean(&|x| (x - threshold).max(0.0)) - (p - threshold).max(0.0);
        near("worth to a decision", lead.decides.unwrap(), decides, 4.0);
    }
    let learning = Learning::of(&sample, &scenario, 0.5);
    let basis = learning.basis_of("import.a.rate").unwrap();
    assert!(
        basis.sources.is_empty() && basis.range[0] < basis.range[2],
        "{basis:?}"
    );
    // The claim is the only one: what is best for it is best overall.
    assert_eq!(learning.overall[0].name, learning.targets[1].leads[0].name);
}

fn china() -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let facts = fact_base::facts(&folder.join("facts"));
    let disk = disk::Disk(folder);
    let loaded = load("china/scenario.toml", &disk, &[], &Limits::default());
    let checked = check(&loaded.document, &facts, &CheckOptions::default());
    checked.scenario.unwrap()
}

#[test]
fn every_quantity_of_china_has_a_topic() {
    let scenario = china();
    let plan = compile(&scenario);
    let mut seen = std::collections::BTreeMap::<Topic, usize>::new();
    for variable in plan.variables() {
        let topic = Topic::of(&variable.name, &scenario);
        assert_ne!(topic, Topic::Other, "{}", variable.name);
        *seen.entry(topic).or_default() += 1;
    }
    // Every topic but `other` is about something.
    assert_eq!(seen.len(), Topic::ALL.len() - 1, "{seen:?}");
    for (name, topic) in [
        ("process.smic-n2.d0.calibrate.yield", Topic::Yield),
        ("stockpile.hbm2e-before-rule.amount", Topic::Memory),
        ("stockpile.tsmc-910b.amount", Topic::StockedDies),
        ("import.h20.rate", Topic::Imports),
        ("import.h20.spec.price", Topic::Products),
    ] {
        assert_eq!(Topic::of(name, &scenario), topic, "{name}");
    }
}

/// The number of threads changes no bit.
#[test]
fn threads_change_nothing() {
    let scenario = china();
    let plan = compile(&scenario);
    let targets: Vec<Target> = Target::defaults(&scenario).into_iter().take(6).collect();
    let options = Options {
        tornado_draws: 16,
        walks: 16,
        full: None,
    };
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let sample = Sample::draw(&plan, sampling(600), &targets);
            let sensitivity = Sensitivity::of(&sample, &scenario, options);
            (sensitivity, Learning::of(&sample, &scenario, 0.5))
        })
    };
    let (sensitivity, learning) = on(1);
    assert!(on(3) == (sensitivity.clone(), learning));
    for target in &sensitivity.targets {
        if target.standard_deviation > 0.0 && target.topics[0].share.value > 0.0 {
            topics_add_up(target);
        }
    }
}

/// First-order indices of `china` from given draws and from exchanged points, side by side. Minutes of work: only with
/// `WAFERCAST_VALIDATE=1`; [`independent_rates_and_an_event`] is its quick form.
#[test]
fn given_draws_and_exchanged_points_agree_on_china() {
    if std::env::var_os("WAFERCAST_VALIDATE").is_none() {
        println!("skipped: set WAFERCAST_VALIDATE=1 to compare both on china");
        return;
    }
    let scenario = china();
    let plan = compile(&scenario);
    let targets: Vec<Target> = Target::defaults(&scenario).into_iter().take(4).collect();
    let sample = Sample::draw(
        &plan,
        Sampling {
            design: Design::Lhs,
            ..sampling(40_000)
        },
        &targets,
    );
    let found = Sensitivity::of(&sample, &scenario, Options::full(4096, 1));
    for target in &found.targets {
        println!("{}", target.name);
        for block in target
            .blocks
            .iter()
            .filter(|block| block.names.len() == 1)
            .take(12)
        {
            let driver = target
                .drivers
                .iter()
                .find(|driver| driver.name == block.names[0]);
            let Some(given) = driver.map(|driver| driver.explains) else {
                continue;
            };
            let off = (given.value - block.first.value).abs();
            let error = (given.standard_error * given.standard_error
                + block.first.standard_error * block.first.standard_error)
                .sqrt();
            println!(
                "  {:48} given {:.4} ± {:.4}  first {:.4} ± {:.4}  total {:.4} ± {:.4}",
                block.names[0],
                given.value,
                given.standard_error,
                block.first.value,
                block.first.standard_error,
                block.total.value,
                block.total.standard_error
            );
            assert!(
                off < 6.0 * error + 0.01,
                "{}: {off} against {error}",
                block.names[0]
            );
        }
    }
}
