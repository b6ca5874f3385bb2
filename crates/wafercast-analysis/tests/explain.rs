//! Differences explained, where arithmetic knows what is due to what.

use std::collections::BTreeMap;

use wafercast::check::{CheckOptions, check};
use wafercast::document::Document;
use wafercast::facts::FactBase;
use wafercast::load::{Limits, Override, load};
use wafercast::scenario::{Design, Scenario};
use wafercast::simulate::Sampling;
use wafercast_analysis::explain::{Explained, Explanation, Grouping, players, prepare};

const IMPORTS: &str = r#"
format = 1
title = "t"
home = "XA"
horizon = { from = "2026-01", to = "2027-12" }

[import.a]
name = "A"
designer = "X"
country = "US"
rate = { path = { "2026-01" = "50 units/month to 200 units/month" }, assumption = "test" }
spec = { bf16 = "100 TFLOP/s", price = "$10 k" }
assumption = "test"

[import.b]
name = "B"
designer = "X"
country = "US"
rate = "uniform(10 units/month, 30 units/month)"
spec = { bf16 = "100 TFLOP/s", price = "$1 k" }
assumption = "test"

[event.ban]
name = "Ban"
date = "2027-01"
probability = "30%"
effect = [{ quantity = "import.a.rate", multiply = 0 }]
assumption = "test"

[claim.many]
says = "Many"
holds = "units(imports, 2027) > 1000 units"
"#;

fn document(text: &str, set: &[String]) -> Document {
    let files = BTreeMap::from([("s.toml".to_owned(), text.to_owned())]);
    let set: Vec<Override> = set
        .iter()
        .map(|one| one.parse().unwrap_or_else(|error| panic!("{error}")))
        .collect();
    let loaded = load("s.toml", &files, &set, &Limits::default());
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    loaded.document
}

fn sound(document: &Document) -> Option<Scenario> {
    check(document, &FactBase::default(), &CheckOptions::default()).scenario
}

fn explained(
    first: &Document,
    second: &Document,
    metrics: &[&str],
    grouping: Option<Grouping>,
    draws: u64,
) -> Explanation {
    let scenarios = [first, second].map(|d| sound(d).unwrap_or_else(|| panic!("not sound")));
    let question = Explained {
        first: (first, &scenarios[0]),
        second: (second, &scenarios[1]),
        sampling: Sampling {
            draws,
            seed: 9,
            design: Design::Random,
        },
        pairs: 4,
    };
    let metrics: Vec<String> = metrics.iter().map(|text| (*text).to_owned()).collect();
    let players = players(first, second, grouping, &sound);
    prepare(&question, players, &metrics, &sound).explain()
}

fn adds_up(explanation: &Explanation) {
    for a in &explanation.attributions {
        let forwards: f64 = a.parts.iter().map(|part| part.value).sum();
        let backwards: f64 = a.parts.iter().rev().map(|part| part.value).sum();
        assert_eq!(forwards.to_bits(), (a.second - a.first).to_bits(), "{a:?}");
        assert_eq!(backwards.to_bits(), a.difference.to_bits(), "{a:?}");
    }
}

#[test]
fn a_product_is_shared_as_shapley_says() {
    let first = document(IMPORTS, &[]);
    // Twice the units at three times the price: v = r·p goes from 1 to 6; the rate gets (1 + 3)/2, the price (2 + 4)/2.
    let rate = "import.a.rate.path.\"2026-01\"=\"100 units/month to 400 units/month\"";
    let set = [rate, "import.a.spec.price=\"$30 k\""].map(str::to_owned);
    let second = document(IMPORTS, &set);
    let found = explained(
        &first,
        &second,
        &["value(imports, 2026)", "units(imports, 2026)"],
        None,
        2000,
    );
    assert!(found.exact && found.scenarios == 4);
    let names: Vec<&str> = found.players.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["import.a.rate", "import.a.spec.price"]);
    adds_up(&found);
    // The mean of the lognormal is exp(μ + σ²/2) = 100·exp(0.4214²/2) a month; B brings 20 at 1,000 dollars.
    let sigma = libm::log(4.0) / (2.0 * 1.644_853_626_951_472_2);
    let base = 12.0 * 100.0 * libm::exp(sigma * sigma / 2.0) * 1e4;
    for (part, exact) in found.attributions[0]
        .parts
        .iter()
        .zip([2.0 * base, 3.0 * base])
    {
        println!(
            "{:.4e} ± {:.1e}, exact {exact:.4e}",
            part.value, part.standard_error
        );
        assert!((part.value - exact).abs() < 4.0 * part.standard_error);
        // The error is that of the mean of the rate.
        let error = exact * (libm::exp(sigma * sigma) - 1.0).sqrt() / 2000.0_f64.sqrt();
        assert!(
            (part.standard_error / error - 1.0).abs() < 0.15,
            "{error:.1e}"
        );
    }
    // Prices change no units, in no draw.
    let price = found.attributions[1].parts[1];
    assert!(
        price.value == 0.0 && price.standard_error < 1e-9,
        "{price:?}"
    );
}

#[test]
fn claims_and_tables_that_come_and_go_are_explained() {
    let first = document(IMPORTS, &[]);
    let text = IMPORTS.replace(
        "[claim.many]",
        "[import.c]\nname = \"C\"\ndesigner = \"X\"\ncountry = \"US\"\nrate = \"40 units/month\"\nspec = { bf16 = \"1 TFLOP/s\", price = \"$1 k\" }\nassumption = \"t\"\n[claim.many]",
    );
    let second = document(&text, &["event.ban=false".to_owned()]);
    let found = explained(&first, &second, &["units(imports, 2027)"], None, 1500);
    let names: Vec<&str> = found.players.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["event.ban (removed)", "import.c (added)"]);
    adds_up(&found);
    // C brings 480 units in every future, whatever the ban does.
    let c = found.attributions[0].parts[1];
    assert!(
        (c.value - 480.0).abs() < 1e-6 && c.standard_error < 1e-9,
        "{c:?}"
    );
    let claim = found.attributions.iter().find(|a| a.metric == "many");
    let claim = claim.unwrap_or_else(|| panic!("the claim is explained"));
    assert!(claim.first > 0.0 && claim.difference > 0.1 && claim.second <= 1.0);
}

#[test]
fn changes_that_need_each_other_count_as_one() {
    let first = document(IMPORTS, &[]);
    // An import, and an event that speaks of it: neither the event alone nor the import's absence is sound.
    let text = IMPORTS.replace(
        "[claim.many]",
        "[import.c]\nname = \"C\"\ndesigner = \"X\"\ncountry = \"US\"\nrate = \"40 units/month\"\nspec = { bf16 = \"1 TFLOP/s\", price = \"$1 k\" }\nassumption = \"t\"\n[event.end]\nname = \"End\"\ndate = \"2027-07\"\neffect = [{ quantity = \"import.c.rate\", multiply = 0 }]\nassumption = \"t\"\n[claim.many]",
    );
    let second = document(&text, &["import.b.rate=\"25 units/month\"".to_owned()]);
    let found = explained(&first, &second, &["units(imports, 2027)"], None, 600);
    assert_eq!(found.players.len(), 2, "{:?}", found.players);
    let joined: Vec<_> = found.players.iter().filter(|p| p.joined).collect();
    assert_eq!(joined[0].changes, ["event.end (added)", "import.c (added)"]);
    adds_up(&found);
    let place = found.players.iter().position(|p| p.joined).unwrap_or(9);
    assert!((found.attributions[0].parts[place].value - 240.0).abs() < 1e-6);
}

/// Scenarios changed at random, in more places than are attributed exactly: whatever the orders drawn, the parts are the
/// whole.
#[test]
fn parts_are_the_whole_in_random_scenarios() {
    let mut text = IMPORTS.to_owned();
    for k in 0..9 {
        text.push_str(&format!(
            "\n[import.x{k}]\nname = \"X{k}\"\ndesigner = \"X\"\ncountry = \"US\"\nrate = \"{} units/month to {} units/month\"\nspec = {{ bf16 = \"{} TFLOP/s\", price = \"$7 k\" }}\nassumption = \"t\"\n",
            3 + k, 9 + 5 * k, 11 * (k + 1)
        ));
    }
    let first = document(&text, &[]);
    let mut state = 12_345_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as f64 / f64::from(1_u32 << 31)
    };
    for round in 0..6 {
        let set: Vec<String> = (0..9)
            .map(|k| match (k + round) % 3 {
                0 => format!(
                    "import.x{k}.rate=\"{:.3} units/month\"",
                    40.0 * next() + 0.1
                ),
                1 => format!("import.x{k}.spec.price=\"${:.3} k\"", 9.0 * next() + 0.1),
                _ => format!(
                    "import.x{k}.spec.bf16=\"{:.3} TFLOP/s\"",
                    90.0 * next() + 0.1
                ),
            })
            .collect();
        let second = document(&text, &set);
        let metrics = [
            "units(imports, 2026)",
            "h100e(imports, 2027)",
            "value(imports, 2027)",
        ];
        let found = explained(&first, &second, &metrics, None, 40);
        assert!(!found.exact && found.players.len() == 9);
        adds_up(&found);
        let by_kind = explained(&first, &second, &metrics, Some(Grouping::Kind), 40);
        assert_eq!(by_kind.players.len(), 1);
        adds_up(&by_kind);
        for (a, b) in found.attributions.iter().zip(&by_kind.attributions) {
            assert!((a.difference - b.difference).abs() <= 1e-11 * a.first.abs().max(1.0));
        }
    }
}
