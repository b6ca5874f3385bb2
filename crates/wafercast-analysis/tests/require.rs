//! What would have to be true, where arithmetic knows.

#[path = "support/scenarios.rs"]
mod scenarios;

use scenarios::{quantity, scenario};
use wafercast::compile::compile;
use wafercast::plan::Plan;
use wafercast::scenario::{Design, Scenario};
use wafercast::simulate::Sampling;
use wafercast_analysis::Target;
use wafercast_analysis::require::{
    Effort, Question, Requirement, Scale, require, require_of, trade_off,
};

/// Imports at a lognormal rate, at a price that is lognormal, too; and an event with a uniform slip.
const IMPORTS: &str = r#"
format = 1
title = "t"
home = "XA"
horizon = { from = "2026-01", to = "2027-12" }

[import.a]
name = "A"
designer = "X"
country = "US"
rate = "50 units/month to 200 units/month"
spec = { bf16 = "100 TFLOP/s", price = "$5 k to $20 k" }
assumption = "test"

[event.ban]
name = "Ban"
date = "2026-01"
delay = "uniform(0, 12) months"
effect = [{ quantity = "import.a.spec.bf16", multiply = 1 }]
assumption = "test"

[claim.many]
says = "Many"
holds = "units(imports, 2026) > 1500 units"

[claim.dear]
says = "Dear"
holds = "value(imports, 2026) > 24 M$"

[claim.early]
says = "Early"
holds = "happened(event:ban, 2026-06) >= 1"

[claim.never]
says = "Never"
holds = "units(imports, 2026) > 1e9 units"
"#;

const DRAWS: u64 = 4000;
/// Standard deviation of the logarithm of a lognormal whose 5th and 95th percentile are a factor 4 apart.
const SIGMA: f64 = 1.386_294_361_119_890_6 / (2.0 * 1.644_853_626_951_472_2);

fn question<'a>(scenario: &'a Scenario, plan: &'a Plan, probability: f64) -> Question<'a> {
    Question {
        scenario,
        plan,
        sampling: Sampling {
            draws: DRAWS,
            seed: 11,
            design: Design::Random,
        },
        probability,
    }
}

fn target(scenario: &Scenario, name: &str) -> Target {
    Target::parse(name, scenario).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn answer(claim: &str, name: &str, probability: f64) -> Requirement {
    let scenario = scenario(IMPORTS, &[]);
    let plan = compile(&scenario);
    let question = question(&scenario, &plan, probability);
    require_of(
        &question,
        &target(&scenario, claim),
        quantity(&scenario, name),
    )
}

#[test]
fn a_factor_moves_the_median_to_the_threshold() {
    // 100 units a month in the median; 1,500 in a year are 125.
    let found = answer("many", "import.a.rate", 0.5);
    assert!(found.reached);
    assert_eq!(found.scale, Scale::Factor);
    let error = found.standard_error;
    println!("×{:.4} ± {error:.4}, exact ×1.25", found.change);
    assert!((found.change - 1.25).abs() < 4.0 * error);
    // The error of the median of a lognormal: σ · √(π/2n), relative.
    let exact = 1.25 * SIGMA * (std::f64::consts::FRAC_PI_2 / DRAWS as f64).sqrt();
    assert!((error / exact - 1.0).abs() < 0.3, "{error} against {exact}");
    let deviations = libm::log(1.25) / SIGMA;
    assert!((found.deviations.unwrap_or(0.0) - deviations).abs() < 4.0 * exact / SIGMA);
    assert!(
        (found.from - 100.0).abs() < 1e-6 && (found.to / found.from - found.change).abs() < 1e-9
    );
}

#[test]
fn another_probability_asks_for_another_factor() {
    // In nine of ten futures: e^(1.2816 σ) more.
    let found = answer("many", "import.a.rate", 0.9);
    let exact = 1.25 * libm::exp(1.281_551_565_544_6 * SIGMA);
    println!(
        "×{:.4} ± {:.4}, exact ×{exact:.4}",
        found.change, found.standard_error
    );
    assert!((found.change - exact).abs() < 4.0 * found.standard_error);
}

#[test]
fn a_date_moves_by_months() {
    // The slip is uniform on 0 … 12 months and may be 6; three months earlier it is so in three of four futures.
    let found = answer("early", "event.ban.delay", 0.75);
    assert_eq!(found.scale, Scale::Shift);
    println!(
        "{:.3} ± {:.3} months, exact −3",
        found.change, found.standard_error
    );
    assert!(found.reached && (found.change + 3.0).abs() < 4.0 * found.standard_error);
    let exact = 12.0 * (0.75_f64 * 0.25 / DRAWS as f64).sqrt();
    assert!((found.standard_error / exact - 1.0).abs() < 0.3);
}

#[test]
fn says_what_cannot_be() {
    let found = answer("never", "import.a.rate", 0.5);
    assert!(!found.reached);
    assert_eq!((found.probability, found.standard_error), (0.0, 0.0));
}

#[test]
fn finds_what_matters_among_all_quantities() {
    let scenario = scenario(IMPORTS, &[]);
    let plan = compile(&scenario);
    let question = question(&scenario, &plan, 0.5);
    let effort = Effort {
        screen: 64,
        coarse: 128,
        searched_per_told: 3,
        told: 4,
    };
    let targets = ["dear", "early", "never"].map(|name| target(&scenario, name));
    let found = require(&question, &targets, effort);
    let names = |claim: usize| -> Vec<&str> {
        let changes = &found.claims[claim].changes;
        changes.iter().map(|c| c.quantity.as_str()).collect()
    };
    // Rate and price count alike, both have to grow twofold: 12 million dollars are the median.
    assert_eq!(found.claims[0].able, 2);
    for change in &found.claims[0].changes {
        println!(
            "{} ×{:.3} ± {:.3}, exact ×2",
            change.quantity, change.change, change.standard_error
        );
        assert!((change.change - 2.0).abs() < 4.0 * change.standard_error);
    }
    assert_eq!(names(1), ["event.ban.delay"]);
    assert_eq!(found.claims[2].able, 0);
    assert!(found.claims.iter().all(|claim| claim.tried >= 3));
}

#[test]
fn two_quantities_share_the_way() {
    let scenario = scenario(IMPORTS, &[]);
    let plan = compile(&scenario);
    let question = question(&scenario, &plan, 0.5);
    let claim = target(&scenario, "dear");
    let ids = ["import.a.rate", "import.a.spec.price"].map(|name| quantity(&scenario, name));
    let alone = ids.map(|id| require_of(&question, &claim, id));
    let pair = [(ids[0], &alone[0]), (ids[1], &alone[1])];
    let found = trade_off(&question, &claim, pair, DRAWS, 9);
    assert!(found.line.len() >= 7, "{:?}", found.line);
    // What one gives, the other need not: the factors multiply to 2. The product's deviation is σ√2.
    let error = 2.0 * SIGMA * (2.0 * std::f64::consts::FRAC_PI_2 / DRAWS as f64).sqrt();
    for (first, second) in &found.line {
        // Straight lines between the columns of the grid add to the error.
        assert!(
            (first * second - 2.0).abs() < 4.0 * error + 0.02,
            "{first} × {second}"
        );
    }
    assert!(found.probability[0][0] < 0.5 && found.probability[8][8] > 0.5);
}
