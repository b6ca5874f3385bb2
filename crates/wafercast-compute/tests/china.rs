//! The shipped scenario `china` with its chips and workloads: nothing is unknown, the answers are of a credible size, and every
//! number that only workloads read moves one.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/shipped.rs"]
mod support;

use std::path::{Path, PathBuf};

use wafercast::check::{CheckOptions, check};
use wafercast::compile::compile;
use wafercast::diagnostic::{Diagnostic, Severity};
use wafercast::experiment::{Experiment, Untouched};
use wafercast::facts::FactBase;
use wafercast::load::{Limits, Override, ReadError, Reader, load};
use wafercast::metric::parse;
use wafercast::scenario::{Design, Scenario};
use wafercast::simulate::Sampling;
use wafercast::time::Date;
use wafercast_compute::link::Layer;
use wafercast_compute::price;

struct Disk;

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

impl Reader for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        std::fs::read(scenarios().join(path)).map_err(|_| ReadError::NotFound)
    }
}

fn facts() -> FactBase {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(scenarios().join("facts"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let files: Vec<(String, String)> = paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            (path.display().to_string(), text)
        })
        .collect();
    FactBase::parse(&files).0
}

fn china(set: &[&str], as_of: Option<&str>) -> Scenario {
    let overrides: Vec<Override> = set.iter().map(|text| text.parse().unwrap()).collect();
    let mut loaded = load("china/scenario.toml", &Disk, &overrides, &Limits::default());
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    let library = support::library();
    let prices = price::read(&support::shipped("prices.csv"), &library).0;
    let layer = Layer {
        library,
        calibration: support::shipped_calibration(),
        prices,
    };
    let mut diagnostics = layer.complete(&mut loaded.document);
    let options = CheckOptions {
        as_of: as_of.map(|day| Date::parse(day).unwrap()),
    };
    let checked = check(&loaded.document, &facts(), &options);
    diagnostics.extend(checked.diagnostics);
    let serious: Vec<&Diagnostic> = diagnostics
        .iter()
        .filter(|d| d.severity != Severity::Note)
        .collect();
    assert!(serious.is_empty(), "{serious:#?}");
    checked.scenario.unwrap()
}

/// Means of metrics over 256 draws, in base units.
fn means(scenario: &Scenario, metrics: &[&str]) -> Vec<f64> {
    let plan = compile(scenario);
    let targets = metrics
        .iter()
        .map(|metric| parse(metric, scenario).unwrap().expression)
        .collect();
    let sampling = Sampling {
        draws: 256,
        seed: 7,
        design: Design::Lhs,
    };
    let columns = Experiment::new(&plan, sampling, targets).run(0..256, &Untouched);
    columns
        .iter()
        .map(|column| column.iter().sum::<f64>() / column.len() as f64)
        .collect()
}

#[test]
fn chips_do_fp8_models_by_a_detour() {
    let scenario = china(&[], None);
    let found = means(
        &scenario,
        &[
            "usable_compute(home, workload:v3-serving, ..2025-08)",
            "units(home - native:v3-serving, ..2025-08) / units(home, ..2025-08)",
            "units(home - native:v3-serving, 2027) / units(home, 2027)",
            "usable_compute(import:h20, workload:v3-serving, 2024) / units(import:h20, 2024)",
        ],
    );
    println!("{found:?}");
    assert!(found[0] > 0.0);
    assert!(found[1] > 0.9 && found[2] < 0.8 && found[2] > 0.05);
    // Wide bounds against slips of a unit: tokens a second of one chip, not of a server or a thousand.
    let per_chip = found[3] / wafercast::unit::SECONDS_PER_MONTH;
    assert!((100.0..2000.0).contains(&per_chip), "{per_chip}");
}

#[test]
fn the_six_dollars_are_a_server_s() {
    let scenario = china(&[], None);
    let found = means(
        &scenario,
        &[
            "if(rent(import:a800, 2024-09) >= $6/h, 1, 0)",
            "if(8 * rent(import:a800, 2024-09) >= $6/h, 1, 0)",
        ],
    );
    assert!(found[0] < 0.05 && found[1] > 0.9, "{found:?}");
}

#[test]
fn earlier_days_can_be_asked() {
    for day in ["2024-06-01", "2024-12-01", "2025-09-01"] {
        let scenario = china(&[], Some(day));
        assert_eq!(scenario.workloads.len(), 2, "{day}");
    }
}

#[test]
fn what_only_workloads_read_matters() {
    let metrics = [
        "served(all, workload:v3-serving, 2027)",
        "cost(owned, all, workload:v3-serving, 2027)",
        "cost(rented, all, workload:v3-training, 2027)",
        "usable_compute(all, workload:v3-serving, 2027)",
    ];
    let before = means(&china(&[], None), &metrics);
    for set in [
        "workload.v3-serving.utilisation=\"80%\"",
        "workload.v3-training.utilisation=\"80%\"",
        "workload.v3-serving.common=2",
        "workload.v3-serving.format=\"bf16\"",
        "workload.v3-serving.load=\"900 T tokens/day\"",
        "accelerator.ascend-910c.chip=\"h200\"",
        "ownership.overhead=3",
        "ownership.capital=\"40%/year\"",
        "ownership.years=\"2 years\"",
        "ownership.running=\"40%/year\"",
        "ownership.availability=\"50%\"",
        "ownership.power_overhead=4",
        "ownership.power_load=\"5%\"",
        "ownership.electricity=\"$1/kWh\"",
    ] {
        let after = means(&china(&[set], None), &metrics);
        assert!(before != after, "{set} moves nothing");
    }
}
