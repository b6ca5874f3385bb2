//! A back-test on a small scenario, of which every forecast is known in closed form.

use wafercast::check::{CheckOptions, check};
use wafercast::compile::compile;
use wafercast::facts::FactBase;
use wafercast::load::{Limits, load};
use wafercast::plan::Plan;
use wafercast::scenario::{Design, Scenario};
use wafercast::simulate::Sampling;
use wafercast::time::Date;
use wafercast_analysis::backtest::{Backtest, Forecaster, Question, Scored, Vintage, backtest};
use wafercast_analysis::score::Ensemble;

const FACTS: &str = "\
id,topic,entity,metric,value,low,high,unit,period_start,period_end,as_of,kind,source_title,publisher,published,url,quality,note
count-2023,shipments,A,cards,600,,,units,2023-01-01,2023-12-31,,actual,t,Counter,2024-02-01,https://a.example,A,
count-2024,shipments,A,cards,1200,,,units,2024-01-01,2024-12-31,,actual,t,Counter,2025-02-01,https://a.example,A,
said-early,shipments,A,cards,2000,1800,2200,units,2025-01-01,2025-12-31,,forecast,t,House,2024-05-01,https://b.example,B,
said-late,shipments,A,cards,2400,,,units,2025-01-01,2025-12-31,,forecast,t,Latecomer,2025-08-01,https://c.example,B,
count-2025,shipments,A,cards,2400,,,units,2025-01-01,2025-12-31,,actual,t,Counter,2026-02-01,https://a.example,A,
";

const SCENARIO: &str = r#"
format = 1
title = "t"
home = "CN"
horizon = { from = "2024-01", to = "2026-12" }

[import.a]
name = "A"
designer = "X"
country = "CN"
rate = { vintages = { "2024-03-01" = { value = "lognormal(50 units/month, 200 units/month)", assumption = "early" }, "2025-06-01" = { value = "lognormal(150 units/month, 250 units/month)", source = ["count-2024"] } } }

[evidence.a-2025]
name = "A, 2025"
known = "2026-02-01"
metric = "units(import:a, 2025)"
observed = "facts(count-2025)"
history = ["count-2023", "count-2024"]
forecasts = ["said-early", "said-late"]
"#;

fn scenario(facts: &FactBase, as_of: Option<Date>) -> Scenario {
    let files = std::collections::BTreeMap::from([("s.toml".to_owned(), SCENARIO.to_owned())]);
    let loaded = load("s.toml", &files, &[], &Limits::default());
    let checked = check(&loaded.document, facts, &CheckOptions { as_of });
    checked
        .scenario
        .unwrap_or_else(|| panic!("{:?}{:?}", loaded.diagnostics, checked.diagnostics))
}

fn run(days: &[&str]) -> Backtest {
    let (facts, problems) = FactBase::parse(&[("f.csv".to_owned(), FACTS.to_owned())]);
    assert!(problems.is_empty(), "{problems:?}");
    let known: Vec<(Date, Scenario, Plan)> = days
        .iter()
        .map(|day| {
            let day = Date::parse(day).unwrap_or_else(|error| panic!("{error:?}"));
            let scenario = scenario(&facts, Some(day));
            let plan = compile(&scenario);
            (day, scenario, plan)
        })
        .collect();
    let vintages: Vec<Vintage> = known
        .iter()
        .map(|(as_of, scenario, plan)| Vintage {
            as_of: *as_of,
            scenario,
            plan,
        })
        .collect();
    backtest(&Question {
        scenario: &scenario(&facts, None),
        facts: &facts,
        vintages: &vintages,
        sampling: Sampling {
            draws: 4000,
            seed: 3,
            design: Design::Lhs,
        },
    })
}

fn find<'a>(backtest: &'a Backtest, day: &str, who: Forecaster) -> Vec<&'a Scored> {
    let of_day = backtest.forecasts.iter().filter(|f| f.as_of == day);
    of_day.filter(|f| f.forecaster == who).collect()
}

/// Quantiles of a lognormal by its 5th and 95th percentile.
fn lognormal(low: f64, high: f64) -> Ensemble {
    let (mu, sigma) = (
        0.5 * (low.ln() + high.ln()),
        0.5 * (high / low).ln() / 1.644_853_626_951_472_7,
    );
    let value = |i: usize| {
        let z = wafercast::draw::kernel::normal_quantile((i as f64 + 0.5) / 4000.0);
        (mu + sigma * z).exp()
    };
    Ensemble::new((0..4000).map(value).collect()).unwrap_or_else(|| panic!("no draws"))
}

#[test]
fn the_scenario_forecasts_what_it_said_on_the_day() {
    let backtest = run(&["2024-06-01", "2025-09-01"]);
    for (day, low, high) in [
        ("2024-06-01", 600.0, 2400.0),
        ("2025-09-01", 1800.0, 3000.0),
    ] {
        let model = find(&backtest, day, Forecaster::Model)[0];
        let exact = lognormal(low, high).crps(2400.0) / 2400.0;
        assert!(
            (model.crps - exact).abs() < 0.01 * exact,
            "{model:?} {exact}"
        );
        assert!((model.percentiles[0] - low).abs() < 0.02 * low);
    }
    // 2400 is the 95th percentile of the first and the middle half of the second.
    assert!(!find(&backtest, "2024-06-01", Forecaster::Model)[0].within50);
    assert!(find(&backtest, "2025-09-01", Forecaster::Model)[0].within50);
    let origins: Vec<(usize, usize)> = backtest
        .vintages
        .iter()
        .map(|vintage| (vintage.sourced, vintage.assumed))
        .collect();
    assert_eq!(origins, [(0, 1), (1, 0)]);
}

#[test]
fn rivals_compete_from_the_day_they_were_published() {
    let backtest = run(&["2024-06-01", "2025-09-01"]);
    let names = |day| {
        let published = find(&backtest, day, Forecaster::Published);
        published.iter().map(|f| f.by.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(names("2024-06-01"), ["House"]);
    assert_eq!(names("2025-09-01"), ["House", "Latecomer"]);
    let house = find(&backtest, "2024-06-01", Forecaster::Published)[0];
    let exact = lognormal(1800.0, 2200.0).crps(2400.0) / 2400.0;
    assert!((house.crps - exact).abs() < 0.01 * exact);
    // The house beat the scenario of the first day; this is said.
    let lost: Vec<&str> = backtest
        .contests
        .iter()
        .filter(|contest| contest.is_lost())
        .map(|contest| contest.by.as_str())
        .collect();
    assert!(
        lost.contains(&"House") && lost.contains(&"Latecomer"),
        "{lost:?}"
    );
}

#[test]
fn simple_rules_know_the_counts_of_their_day() {
    let backtest = run(&["2024-06-01", "2025-09-01"]);
    // One count by June 2024: persistence says 600, a trend cannot be drawn.
    let early = find(&backtest, "2024-06-01", Forecaster::Persistence)[0];
    assert!((early.percentiles[2] - 600.0).abs() < 3.0, "{early:?}");
    assert!(find(&backtest, "2024-06-01", Forecaster::Trend).is_empty());
    assert!(backtest.missing.iter().any(|missing| {
        missing.forecaster == Forecaster::Trend && missing.as_of == "2024-06-01"
    }));
    // Two by September 2025: 1200, and doubled to 2400.
    let late = find(&backtest, "2025-09-01", Forecaster::Persistence)[0];
    assert!((late.percentiles[2] - 1200.0).abs() < 6.0, "{late:?}");
    let trend = find(&backtest, "2025-09-01", Forecaster::Trend)[0];
    assert!(
        (trend.percentiles[2] / 2400.0 - 1.0).abs() < 0.02,
        "{trend:?}"
    );
}

#[test]
fn what_was_known_is_no_forecast() {
    let backtest = run(&["2026-03-01"]);
    assert!(backtest.forecasts.is_empty() && backtest.contests.is_empty());
}
