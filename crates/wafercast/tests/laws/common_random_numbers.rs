//! Two scenarios that share a seed share their draws: what is added to one changes no draw of the rest.

use std::collections::BTreeMap;

use wafercast::table::{ColumnKind, DrawTable};

use crate::engine::{Model, scenarios};
use crate::splitting::SMALL;

const DRAWS: u64 = 40;

/// Tables that nothing of the scenario refers to, ids before and behind those that exist.
const UNRELATED: &str = r#"
[import.aaa-card]
designer = "Another"
country = "KR"
rate = { path = { "2026-01" = "1 k units/month to 2 k units/month" }, growth = "5%/year to 9%/year" }
spec = { bf16 = "90 TFLOP/s to 110 TFLOP/s", price = "$4 k to $6 k" }
[import.zzz-card]
designer = "Another"
country = "KR"
rate = "uniform(10, 20) units/month"
[process.aaa-process]
yield = { model = "murphy", line = "90% to 95%" }
d0 = "0.2 /cm2 to 0.4 /cm2"
[die.aaa-die]
process = "aaa-process"
size = { width = "10 mm", height = "12 mm" }
[fab.aaa-fab]
owner = "Another"
country = "KR"
process = "aaa-process"
utilisation = "60% to 80%"
ai_share = "uniform(0.1, 0.2)"
cycle_time = "2 months to 4 months"
phase = [{ add = "1 kWSPM to 2 kWSPM", start = "2020-01", delay = "0.5 months to 2 months", probability = "60%" }]
[accelerator.zzz-card]
designer = "Another"
country = "KR"
launch = "2020-01"
delay = "0.5 months to 2 months"
bom = [{ dies = { "aaa-die" = 1 } }]
"#;

fn table(text: &str) -> BTreeMap<String, Vec<u64>> {
    let model = Model::from_text(text);
    let DrawTable { columns, .. } = model.simulation(DRAWS, 9).table(0..DRAWS);
    columns
        .into_iter()
        .filter(|column| column.kind != ColumnKind::Claim)
        .map(|column| {
            let bits = column.values.iter().map(|value| value.to_bits()).collect();
            (format!("{:?} {}", column.kind, column.name), bits)
        })
        .collect()
}

/// Whether a series takes in all that is imported or delivered, wherever it comes from.
fn rests_on_everything(name: &str) -> bool {
    ["|all|", "|imports|", "|legal|", "share_of_purchases"]
        .iter()
        .any(|part| name.contains(part))
}

#[test]
fn what_is_added_changes_no_other_draw() {
    let tutorial = std::fs::read_to_string(scenarios().join("tutorial/scenario.toml")).unwrap();
    for base in [tutorial.as_str(), SMALL] {
        let before = table(base);
        let after = table(&format!("{base}{UNRELATED}"));
        let (mut inputs, mut series, mut moved) = (0, 0, 0);
        for (name, values) in &before {
            if rests_on_everything(name) {
                moved += usize::from(after[name] != *values);
                continue;
            }
            assert_eq!(after[name], *values, "{name}");
            if name.starts_with("Input") {
                inputs += 1;
            } else {
                series += 1;
            }
        }
        println!("{inputs} inputs and {series} series unchanged, {moved} sums moved");
        assert!(inputs >= 10 && series >= 20 && moved > 0);
        assert!(after.len() > before.len() + 10);
    }
}

/// One input that becomes certain, or takes another distribution, leaves the draws of all others alone.
#[test]
fn changing_an_input_changes_no_other_input() {
    let before = table(SMALL);
    let other = SMALL.replace(
        "ai_share = \"30% to 50%\"",
        "ai_share = \"uniform(0.2, 0.3)\"",
    );
    let certain = SMALL.replace("ai_share = \"30% to 50%\"", "ai_share = \"40%\"");
    assert_ne!(other, SMALL);
    for (changed, remains) in [(table(&other), true), (table(&certain), false)] {
        for (name, values) in before.iter().filter(|(name, _)| name.starts_with("Input")) {
            if name == "Input fab.f.ai_share" {
                assert_eq!(changed.contains_key(name), remains);
            } else {
                assert_eq!(changed[name], *values, "{name}");
            }
        }
    }
}

/// Another seed, and another number of draws of a Latin hypercube, give other draws.
#[test]
fn the_seed_matters() {
    let model = Model::from_text(SMALL);
    let column = |seed, draws| {
        let table = model.simulation(draws, seed).table(0..DRAWS);
        table.columns[0].values.clone()
    };
    assert_eq!(column(1, DRAWS), column(1, DRAWS));
    assert_ne!(column(1, DRAWS), column(2, DRAWS));
    assert_ne!(column(1, DRAWS), column(1, 2 * DRAWS));
}
