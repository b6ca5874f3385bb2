//! Back-tests see nothing of the future: with `as_of` no later fact is cited or pooled, and none could change a bit.

use std::path::Path;

use wafercast::facts::{Fact, FactBase};
use wafercast::scenario::{ClaimAnswer, Scenario};
use wafercast::summary::Stats;
use wafercast::time::Date;

use crate::engine::{Model, check_shipped, facts, scenarios, stats};

fn day(year: i32, month: u8, day: u8) -> Date {
    Date::new(year, month, day).unwrap()
}

/// The eve of the news item, and two earlier days.
fn days() -> [Date; 3] {
    [day(2024, 6, 1), day(2024, 12, 5), day(2025, 9, 1)]
}

/// Every fact that a scenario rests on, with what rests on it.
fn rests_on(scenario: &Scenario) -> Vec<(String, String)> {
    let mut cited = Vec::new();
    let mut cite = |of: String, ids: &[String]| {
        cited.extend(ids.iter().map(|id| (of.clone(), id.clone())));
    };
    for quantity in &scenario.quantities {
        cite(quantity.name.clone(), &quantity.sources);
    }
    for process in &scenario.processes {
        cite(format!("process.{}", process.id), &process.sources);
    }
    for claim in &scenario.claims {
        cite(format!("claim.{}", claim.id), &claim.sources);
        if let ClaimAnswer::Facts { facts, .. } = &claim.answer {
            cite(format!("claim.{}", claim.id), facts);
        }
    }
    for evidence in &scenario.evidence {
        cite(format!("evidence.{}", evidence.id), &evidence.sources);
    }
    cited
}

#[test]
fn no_later_fact_is_cited_or_pooled() {
    for as_of in days() {
        let model = Model::shipped("china", Some(as_of));
        assert_eq!(model.scenario.as_of, Some(as_of));
        let cited = rests_on(&model.scenario);
        let mut latest: Option<&Fact> = None;
        for (of, id) in &cited {
            let fact = facts()
                .get(id)
                .unwrap_or_else(|| panic!("{of}: no fact {id}"));
            let published = fact
                .published
                .unwrap_or_else(|| panic!("{of}: {id} is undated"));
            assert!(published <= as_of, "{of} rests on {id} of {published}");
            if latest.is_none_or(|latest| latest.published < fact.published) {
                latest = Some(fact);
            }
        }
        println!(
            "{as_of}: {} citations, the latest {}",
            cited.len(),
            latest.unwrap().id
        );
        assert!(cited.len() > 100);
    }
}

/// The fact base with the numbers of every fact that is not visible on a day made a tenth smaller.
fn distorted(folder: &Path, as_of: Date) -> (FactBase, usize) {
    let mut files = Vec::new();
    let mut changed = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "csv") {
            continue;
        }
        let mut reader = csv::Reader::from_path(&path).unwrap();
        let header = reader.headers().unwrap().clone();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&header).unwrap();
        for record in reader.records() {
            let record = record.unwrap();
            let is_visible = facts().get(&record[0]).unwrap().is_visible(Some(as_of));
            let fields = header.iter().zip(&record).map(|(column, field)| {
                let number = field.parse::<f64>().ok();
                match number.filter(|_| ["value", "low", "high"].contains(&column)) {
                    Some(number) if !is_visible => {
                        changed += 1;
                        (0.9 * number).to_string()
                    }
                    _ => field.to_owned(),
                }
            });
            writer.write_record(fields.collect::<Vec<_>>()).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        files.push((path.display().to_string(), text));
    }
    files.sort();
    let (base, problems) = FactBase::parse(&files);
    assert_eq!(problems, []);
    (base, changed)
}

/// Were every later figure another, the back-test would be the same, number by number; the forecast of today would not.
#[test]
fn later_figures_change_nothing() {
    for as_of in days() {
        let (base, changed) = distorted(&scenarios().join("facts"), as_of);
        println!("{as_of}: {changed} later numbers changed");
        assert!(changed > 100);
        let values = |as_of, base: &FactBase| {
            let (_, checked) = check_shipped("china", &[], as_of, base);
            let scenario = checked.scenario.expect("a scenario without errors");
            let quantities = scenario.quantities.into_iter();
            let values: Vec<_> = quantities.map(|q| (q.name, q.value)).collect();
            values
        };
        assert!(
            values(Some(as_of), &base) == values(Some(as_of), facts()),
            "{as_of}"
        );
        assert!(values(None, &base) != values(None, facts()));
    }
}

#[test]
fn a_scenario_that_cites_a_later_fact_is_refused() {
    let as_of = Some(day(2025, 9, 1));
    let codes = |value: &str| {
        let set = [format!("fab.smic-n2.utilisation={value}")];
        let (_, checked) = check_shipped("china", &set, as_of, facts());
        let codes: Vec<String> = checked
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code.to_string())
            .collect();
        (checked.scenario.is_some(), codes)
    };
    let later = "idc-2025-huawei";
    assert!(!facts().get(later).unwrap().is_visible(as_of));
    let (is_accepted, found) = codes(&format!("{{ value = \"90%\", source = [\"{later}\"] }}"));
    assert!(
        !is_accepted && found.contains(&"WF0505".to_owned()),
        "cited: {found:?}"
    );
    let (is_accepted, found) = codes(&format!("\"facts({later}) / 1M units | clamp(0, 1)\""));
    assert!(
        !is_accepted && found.contains(&"WF0504".to_owned()),
        "pooled: {found:?}"
    );
    let (is_accepted, _) = codes("\"90%\"");
    assert!(is_accepted, "without it");
}

fn is_within(stats: &Stats, outcome: f64, what: &str) {
    println!(
        "{what}: {:.0} ({:.0} to {:.0}), outcome {outcome:.0}",
        stats.p50, stats.p05, stats.p95
    );
    assert!(
        (stats.p05..=stats.p95).contains(&outcome),
        "{what}: {outcome} outside {} to {}",
        stats.p05,
        stats.p95
    );
    let ratio = stats.p50 / outcome;
    assert!(
        (1.0 / 1.5..=1.5).contains(&ratio),
        "{what}: the median is {ratio:.2} times the outcome"
    );
}

/// What became known in 2026: 1.65 million home cards in 2025 (`idc-2025-domestic`), 812,000 of them Huawei's (`idc-2025-huawei`).
#[test]
fn the_outcome_of_2025_was_foreseen() {
    let outcome = |id: &str| facts().get(id).unwrap().value.unwrap();
    let (home, huawei) = (outcome("idc-2025-domestic"), outcome("idc-2025-huawei"));
    assert_eq!((home, huawei), (1_650_000.0, 812_000.0));
    let summary = Model::shipped("china", Some(day(2025, 9, 1))).summary(2_000, 2027);
    for (of, outcome) in [("home", home), ("designer:Huawei", huawei)] {
        let found = stats(&summary, "units", of, Some("designed"), "2025");
        is_within(&found, outcome, of);
    }
}
