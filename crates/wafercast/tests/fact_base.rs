//! The shipped fact base: readable without a problem, and every measured fact can be pooled.

#![allow(
    clippy::unwrap_used,
    reason = "an unreadable file should fail the test"
)]

use std::path::Path;

use wafercast::facts::FactBase;
use wafercast::notation::{Domain, PoolProblem, fact_distribution};

fn shipped() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/facts");
    let mut files: Vec<(String, String)> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "csv"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn it_is_read_without_a_problem() {
    let files = shipped();
    let rows: usize = files
        .iter()
        .map(|(_, text)| csv::Reader::from_reader(text.as_bytes()).records().count())
        .sum();
    let (base, problems) = FactBase::parse(&files);
    assert_eq!(problems, []);
    assert_eq!(base.len(), rows);
    assert!(rows > 500, "{rows} rows");
}

#[test]
fn every_measured_fact_gives_a_distribution_around_its_value() {
    let (base, _) = FactBase::parse(&shipped());
    for fact in &base {
        let distribution = match fact_distribution(fact, Domain::Signed) {
            Ok(distribution) => distribution,
            Err(problem) => {
                assert_eq!(problem, PoolProblem::NoUnit, "{}", fact.id);
                assert!(fact.unit.is_none(), "{}", fact.id);
                continue;
            }
        };
        let value = fact.value_in_base_units().unwrap();
        let (low, high) = (distribution.quantile(0.04), distribution.quantile(0.96));
        assert!(
            low <= value && value <= high,
            "{}: {low} {value} {high}",
            fact.id
        );
    }
}
