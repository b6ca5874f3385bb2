//! Evidence on small scenarios whose posterior is known in closed form.

use wafercast::check::{CheckOptions, check};
use wafercast::compile::compile;
use wafercast::facts::FactBase;
use wafercast::load::{Limits, load};
use wafercast::scenario::{Design, Scenario};
use wafercast::simulate::Sampling;
use wafercast_analysis::Target;
use wafercast_analysis::evidence::{Conflict, Evidence, Method, Question, Reason, weigh};

/// Imports at a constant rate that nobody knows; nothing else.
const HEAD: &str = r#"
format = 1
title = "t"
home = "CN"
horizon = { from = "2025-01", to = "2026-12" }

[import.a]
name = "A"
designer = "X"
country = "CN"
rate = "lognormal(50 units/month, 200 units/month)"

[claim.many]
says = "Many"
holds = "units(imports, 2026) > 1500 units"
"#;

fn scenario(evidence: &str) -> Scenario {
    let text = format!("{HEAD}{evidence}");
    let files = std::collections::BTreeMap::from([("s.toml".to_owned(), text)]);
    let loaded = load("s.toml", &files, &[], &Limits::default());
    let checked = check(
        &loaded.document,
        &FactBase::default(),
        &CheckOptions::default(),
    );
    checked
        .scenario
        .unwrap_or_else(|| panic!("{:?}{:?}", loaded.diagnostics, checked.diagnostics))
}

fn weighed(scenario: &Scenario, draws: u64) -> Option<Evidence> {
    let targets: Vec<Target> = ["units(imports, 2026)", "many"]
        .iter()
        .flat_map(|text| Target::parse(text, scenario))
        .collect();
    let plan = compile(scenario);
    weigh(&Question {
        scenario,
        facts: &FactBase::default(),
        plan: &plan,
        sampling: Sampling {
            draws,
            seed: 3,
            design: Design::Lhs,
        },
        targets: &targets,
    })
}

/// Mean and standard deviation of ln(12·rate) under the prior, from the rate's 5th and 95th percentile.
fn prior() -> (f64, f64) {
    const Z95: f64 = 1.644_853_626_951_472_7;
    let (low, high) = ((12.0_f64 * 50.0).ln(), (12.0_f64 * 200.0).ln());
    (0.5 * (low + high), 0.5 * (high - low) / Z95)
}

/// The posterior of ln(12·rate) after observations with these means and standard deviations of the logarithm.
fn posterior(observations: &[(f64, f64)]) -> (f64, f64) {
    let (mean, sd) = prior();
    let (mut precision, mut weighted) = (1.0 / (sd * sd), mean / (sd * sd));
    for (mean, sd) in observations {
        precision += 1.0 / (sd * sd);
        weighted += mean / (sd * sd);
    }
    (weighted / precision, (1.0 / precision).sqrt())
}

/// Of a lognormal: mean, and the chance to lie above 1500.
fn exact((mean, sd): (f64, f64)) -> (f64, f64) {
    let z = (mean - 1500.0_f64.ln()) / sd;
    let above = wafercast::draw::kernel::normal_cdf(z);
    ((mean + 0.5 * sd * sd).exp(), above)
}

fn agrees(evidence: &Evidence, posterior: (f64, f64)) {
    let (mean, above) = exact(posterior);
    for (output, expected) in evidence.outputs.iter().zip([mean, above]) {
        let got = output.posterior;
        assert!(
            (got.mean - expected).abs() < 4.0 * got.se + 1e-9,
            "{}: {} ± {} against {expected}",
            output.name,
            got.mean,
            got.se
        );
    }
    // The median has no standard error of its own here: a normal's is a quarter larger than its mean's.
    let median = posterior.0.exp();
    let got = evidence.outputs[0].posterior;
    assert!((got.p50 - median).abs() < 5.0 * got.se, "{got:?} {median}");
}

/// A lognormal observation as text: median `m`, and s standard deviations of the logarithm.
fn observation(id: &str, median: f64, sd: f64) -> String {
    let width = (1.644_853_626_951_472_7 * sd).exp();
    let (low, high) = (median / width, median * width);
    format!(
        "[evidence.{id}]\nmetric = \"units(imports, 2026)\"\nobserved = \"lognormal({low} units, {high} units)\"\n"
    )
}

#[test]
fn weights_are_exact_on_a_conjugate_case() {
    let scenario = scenario(&observation("one", 1800.0, 0.3));
    let evidence = weighed(&scenario, 10_000).unwrap();
    assert_eq!(evidence.method, Method::Weights);
    agrees(&evidence, posterior(&[(1800.0_f64.ln(), 0.3)]));
    // ln of the evidence: the observation's logarithm is normal around the prior's, with both variances.
    let (mean, sd) = prior();
    let variance = sd * sd + 0.09;
    let gap = 1800.0_f64.ln() - mean;
    let ln = -0.5 * gap * gap / variance - 0.5 * (std::f64::consts::TAU * variance).ln();
    assert!(
        (evidence.ln_evidence - ln).abs() < 0.02,
        "{} {ln}",
        evidence.ln_evidence
    );
    let shift = &evidence.shifts[0];
    let all = evidence.outputs[0].posterior.mean - evidence.outputs[0].prior.mean;
    assert!((shift.alone - all).abs() < 1e-9 * all.abs());
    assert!((shift.last.unwrap() - all).abs() < 4.0 * shift.alone_se);
}

#[test]
fn tempering_is_exact_where_few_draws_agree() {
    // So exact that the outcome is all but given, and two standard deviations out.
    let scenario = scenario(&observation("one", 3000.0, 0.004));
    let evidence = weighed(&scenario, 4000).unwrap();
    assert_eq!(evidence.method, Method::Tempered);
    assert!(evidence.effective_of_weights < 400.0);
    agrees(&evidence, posterior(&[(3000.0_f64.ln(), 0.004)]));
    let rate = &evidence.inputs[0];
    assert_eq!(rate.name, "import.a.rate");
    assert!((rate.posterior.p50 - 250.0).abs() < 1.0, "{rate:?}");
    assert!(rate.narrowing < 0.02);
}

#[test]
fn two_observations_that_disagree_are_named() {
    let both = observation("low", 700.0, 0.1) + &observation("high", 1400.0, 0.15);
    let scenario = scenario(&both);
    let evidence = weighed(&scenario, 10_000).unwrap();
    agrees(
        &evidence,
        posterior(&[(700.0_f64.ln(), 0.1), (1400.0_f64.ln(), 0.15)]),
    );
    let pair = evidence
        .conflicts
        .iter()
        .find_map(|conflict| match conflict {
            Conflict::Pair { evidence, .. } => Some(evidence.clone()),
            _ => None,
        });
    assert_eq!(pair, Some(["high".to_owned(), "low".to_owned()]));
    // Each is surprising to who believes the other.
    for one in &evidence.observations {
        if let Some(p) = one.p_value_given_others {
            assert!(p < 0.01, "{one:?}");
        }
    }
}

#[test]
fn observations_that_exclude_each_other_leave_one_out() {
    let scenario = scenario(
        "[evidence.low]\nmetric = \"units(imports, 2026)\"\nobserved = \"uniform(700 units, 800 units)\"\n\
         [evidence.high]\nmetric = \"units(imports, 2026)\"\nobserved = \"uniform(900 units, 1900 units)\"\n",
    );
    let evidence = weighed(&scenario, 2000).unwrap();
    assert_eq!(evidence.left_out[0].id, "low");
    assert_eq!(evidence.left_out[0].why, Reason::Contradicts);
    assert!(evidence.outputs[0].posterior.p05 >= 900.0);
}

#[test]
fn what_the_inputs_rule_out_is_left_out_by_name() {
    let scenario = scenario(
        "[evidence.never]\nmetric = \"units(imports, 2026)\"\nobserved = \"uniform(1 units, 2 units)\"\n",
    );
    let evidence = weighed(&scenario, 500).unwrap();
    assert!(evidence.observations.is_empty());
    assert_eq!(evidence.left_out[0].why, Reason::OutOfReach);
    let output = &evidence.outputs[0];
    assert!((output.prior.mean - output.posterior.mean).abs() < 1e-9 * output.prior.mean);
    let both = scenario_with_never(&observation("one", 1500.0, 0.3));
    let evidence = weighed(&both, 2000).unwrap();
    assert_eq!(evidence.left_out.len(), 1);
    assert_eq!(evidence.left_out[0].why, Reason::OutOfReach);
    agrees(&evidence, posterior(&[(1500.0_f64.ln(), 0.3)]));
}

fn scenario_with_never(more: &str) -> Scenario {
    scenario(&format!(
        "{more}[evidence.never]\nmetric = \"units(imports, 2026)\"\nobserved = \"uniform(1 units, 2 units)\"\n"
    ))
}

#[test]
fn what_shall_not_weigh_does_not() {
    let text = observation("one", 1500.0, 0.3) + &observation("two", 900.0, 0.1);
    let scenario = scenario(&format!("{text}weigh = false\n"));
    let evidence = weighed(&scenario, 5000).unwrap();
    assert_eq!(evidence.observations.len(), 1);
    assert_eq!(evidence.left_out[0].why, Reason::Declared);
    agrees(&evidence, posterior(&[(1500.0_f64.ln(), 0.3)]));
}

#[test]
fn threads_change_no_bit() {
    let scenario = scenario(&observation("one", 3000.0, 0.01));
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| weighed(&scenario, 1000).unwrap())
    };
    let one = run(1);
    assert_eq!(one.method, Method::Tempered);
    for threads in [2, 7] {
        assert_eq!(run(threads), one);
    }
}
