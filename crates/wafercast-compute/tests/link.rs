//! The link to the supply model, through the engine: closed forms of one chip and one model, and what is said about names
//! that are wrong.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/shipped.rs"]
mod support;

use std::ops::Range;

use wafercast::check::{CheckOptions, check};
use wafercast::compile::compile;
use wafercast::diagnostic::{Diagnostic, Severity};
use wafercast::document::Document;
use wafercast::experiment::{Experiment, Untouched};
use wafercast::facts::FactBase;
use wafercast::load::{Limits, ReadError, Reader, load};
use wafercast::metric::parse;
use wafercast::scenario::{Design, Scenario};
use wafercast::simulate::Sampling;
use wafercast::source_map::SourceMap;
use wafercast::time::Date;
use wafercast_compute::answer::serve;
use wafercast_compute::format::Format;
use wafercast_compute::layout::Target;
use wafercast_compute::link::Layer;
use wafercast_compute::price::{self, Ownership};

struct Text<'t>(&'t str);

impl Reader for Text<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match path {
            "scenario.toml" => Ok(self.0.as_bytes().to_vec()),
            _ => Err(ReadError::NotFound),
        }
    }
}

const HEAD: &str = r#"
title   = "Imports"
home    = "CN"
horizon = { from = "2026-01", to = "2027-12" }
"#;

fn layer() -> Layer {
    let library = support::library();
    let (prices, bad) = price::read(&support::shipped("prices.csv"), &library);
    assert!(bad.is_empty(), "{bad:?}");
    Layer {
        library,
        calibration: support::shipped_calibration(),
        prices,
    }
}

fn read(text: &str) -> (Document, SourceMap, Vec<Diagnostic>) {
    let loaded = load("scenario.toml", &Text(text), &[], &Limits::default());
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    let mut document = loaded.document;
    let diagnostics = layer().complete(&mut document);
    (document, loaded.sources, diagnostics)
}

fn checked(text: &str, as_of: Option<Date>) -> Scenario {
    let (document, _, diagnostics) = read(text);
    let errors: Vec<&Diagnostic> = diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let (facts, _) = FactBase::parse(&[]);
    let checked = check(&document, &facts, &CheckOptions { as_of });
    checked
        .scenario
        .unwrap_or_else(|| panic!("{:#?}", checked.diagnostics))
}

/// The metric in every draw, in base units.
fn draws(scenario: &Scenario, metrics: &[&str], draws: Range<u64>) -> Vec<Vec<f64>> {
    let plan = compile(scenario);
    let targets = metrics
        .iter()
        .map(|metric| {
            let typed = parse(metric, scenario);
            typed
                .unwrap_or_else(|e| panic!("{metric}: {e:?}"))
                .expression
        })
        .collect();
    let sampling = Sampling {
        draws: draws.end,
        seed: 7,
        design: Design::Lhs,
    };
    Experiment::new(&plan, sampling, targets).run(draws, &Untouched)
}

fn value(scenario: &Scenario, metric: &str) -> f64 {
    draws(scenario, &[metric], 0..1)[0][0]
}

const SECONDS: f64 = wafercast::unit::SECONDS_PER_MONTH;
const HOURS: f64 = wafercast::unit::HOURS_PER_MONTH;

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!(
        (found / expected - 1.0).abs() < 1e-9,
        "found {found}, expected {expected}"
    );
}

/// Everything certain and stated: supply × rate, load / rate, rent / rate, and owning as the calculator has it.
const CERTAIN: &str = r#"
[workload.w]
model       = "deepseek-v3"
serve       = {}
common      = 1.25
load        = "864 M tokens/day"
utilisation = "50%"

[workload.t]
model = "deepseek-v3"
train = { tokens = "14.8 T tokens" }
common = 1
load  = "2 runs/year"

[ownership]
electricity = "$0.08/kWh"

[import.a]
rate     = "100 units/month"
lifetime = "60 months"
runs     = { w = "40 tokens/s", t = "400 tokens/s" }
how      = { w = "native" }
rent     = "$2/h"
spec     = { price = "$25 k", tdp = "700 W" }

[import.b]
rate = "50 units/month"
"#;

#[test]
fn certain_numbers_by_hand() {
    let scenario = checked(&format!("{HEAD}{CERTAIN}"), None);
    let v = |metric: &str| value(&scenario, metric);
    close(
        v("usable_compute(all, workload:w, 2026)") / SECONDS,
        1200.0 * 40.0 * 1.25,
    );
    close(
        v("installed(workload:w, all, 2027)") / SECONDS,
        2400.0 * 50.0,
    );
    // 864 M tokens a day are 10,000 a second; at half of 50 a chip, 400 chips.
    close(v("load(workload:w, 2026)") / SECONDS, 10_000.0);
    close(v("chips_needed(import:a, workload:w, 2026)"), 400.0);
    close(
        v("served(all, workload:w, 2026-01)"),
        100.0 * 25.0 / 10_000.0,
    );
    close(v("served(all, workload:w, 2027)"), 1.0);
    close(
        v("cost(rented, all, workload:w, 2026)") * 1e6,
        2.0 / (25.0 * 3600.0) * 1e6,
    );
    let owning = Ownership::typical(25_000.0, 700.0, 0.08).usd_per_chip_hour();
    close(
        v("cost(owned, import:a, workload:w, 2026)"),
        owning / (25.0 * 3600.0),
    );
    close(v("rent(import:a, 2026)") / HOURS, 2.0);
    // Two runs of 14.8 T tokens a year.
    let rate = 2.0 * 14.8e12 / (12.0 * SECONDS);
    close(v("load(workload:t, 2026)") / SECONDS, rate);
    close(v("chips_needed(import:a, workload:t, 2026)"), rate / 400.0);
    // The set of those that compute in the format, and that do it at all.
    close(v("units(native:w, 2026)"), 1200.0);
    close(v("units(all - native:w, 2026)"), 600.0);
    close(v("units(runs:t, 2026)"), 1200.0);
    close(v("share_of_purchases(workload:w, designed, 2026) + 1"), 1.0);
}

const ONE_CHIP: &str = r#"
[workload.w]
model  = "deepseek-v3"
format = "fp8"
serve  = { prompt = 2048, output = 512, concurrency = 128, tpot_ms = 80, chips = 32 }

[import.a]
chip     = "H20"
rate     = "100 units/month"
lifetime = "60 months"
"#;

#[test]
fn one_chip_has_the_range_of_the_calculator() {
    let layer = layer();
    let target = Target {
        prompt: 2048.0,
        output: 512.0,
        concurrency: 128.0,
        most_tpot: 0.08,
        most_chips: 32,
    };
    let model = layer.library.model("deepseek-v3").unwrap();
    let chip = layer.library.chip("h20").unwrap();
    let answer = serve(model, chip, Format::Fp8, &target, &layer.calibration).unwrap();
    let range = answer.tokens_per_second_per_chip;

    let scenario = checked(&format!("{HEAD}{ONE_CHIP}"), None);
    let metric = "usable_compute(all, workload:w, 2026)";
    let mut found = draws(&scenario, &[metric], 0..8192).swap_remove(0);
    found.sort_by(f64::total_cmp);
    let at = |p: f64| found[(p * found.len() as f64) as usize] / SECONDS / 1200.0;
    for (found, expected) in [
        (at(0.05), range.low),
        (at(0.5), range.value),
        (at(0.95), range.high),
    ] {
        println!("{found:.1} tokens/s, the calculator has {expected:.1}");
        assert!((found / expected - 1.0).abs() < 0.02);
    }
}

#[test]
fn another_chip_changes_no_draw() {
    let further = "[import.b]\nchip = \"A100\"\nrate = \"10 units/month to 90 units/month\"\n";
    let one = checked(&format!("{HEAD}{ONE_CHIP}"), None);
    let two = checked(&format!("{HEAD}{ONE_CHIP}{further}"), None);
    let metrics = ["usable_compute(import:a, workload:w, 2026)"];
    let bits = |scenario| {
        let columns = draws(scenario, &metrics, 0..256);
        columns[0].iter().map(|x| x.to_bits()).collect::<Vec<_>>()
    };
    assert_eq!(bits(&one), bits(&two));
    let ability = |scenario: &Scenario| scenario.imports[0].ability.clone();
    assert_eq!(ability(&one).runs[0].how, ability(&two).runs[0].how);
}

#[test]
fn a_fallback_is_named_and_not_native() {
    let text = format!("{HEAD}{}", ONE_CHIP.replace("H20", "910C"));
    let scenario = checked(&text, None);
    let runs = &scenario.imports[0].ability.runs[0];
    assert!(!runs.is_native() && runs.rate.is_some());
    assert!(runs.how.as_deref().unwrap().contains("int8"), "{runs:?}");
    assert_eq!(value(&scenario, "units(all - native:w, 2026)"), 1200.0);
}

#[test]
fn rents_are_known_from_their_day_on() {
    let text = format!(
        "{HEAD}[import.a]\nchip = \"A100\"\nrate = \"1 units/month\"\nrent = {{ country = \"CN\", term = \"on-demand\" }}\n"
    );
    let rent = "rent(import:a, 2026)";
    let hourly = |scenario: &Scenario| draws(scenario, &[rent], 0..512)[0].clone();
    let shown = |x: f64| x / HOURS;
    // The last price is a band from 0.75 to 3 dollars.
    let mut all = hourly(&checked(&text, None));
    all.sort_by(f64::total_cmp);
    assert!(
        (shown(all[25]) / 0.75 - 1.0).abs() < 0.05 && (shown(all[486]) / 3.0 - 1.0).abs() < 0.05
    );
    let day = |text: &str| Some(Date::parse(text).unwrap());
    let then = hourly(&checked(&text, day("2024-01-01")));
    assert!(then.iter().all(|x| (shown(*x) - 1.25).abs() < 1e-9));
    // Before the first price there is none, which is no error of the scenario.
    let before = checked(&text, day("2022-01-01"));
    assert!(before.imports[0].ability.rent.is_none());
}

#[test]
fn wrong_names_are_reported_at_their_place() {
    let cases = [
        (
            "chip     = \"H20\"",
            "chip = \"H2O\"",
            "WF0905",
            "\"H2O\"",
            "did you mean `H20`?",
        ),
        (
            "\"deepseek-v3\"",
            "\"deepsek-v3\"",
            "WF0905",
            "\"deepsek-v3\"",
            "did you mean `DeepSeek-V3`?",
        ),
        (
            "\"fp8\"",
            "\"fb8\"",
            "WF0905",
            "\"fb8\"",
            "did you mean `fp8`?",
        ),
        (
            "rate     =",
            "rent = { country = \"CH\", term = \"on-demand\" }\nrate =",
            "WF0910",
            "{ country = \"CH\", term = \"on-demand\" }",
            "write the rent itself",
        ),
    ];
    for (from, to, code, place, help) in cases {
        let text = format!("{HEAD}{}", ONE_CHIP.replace(from, to));
        let (_, _, diagnostics) = read(&text);
        let found = &diagnostics[0];
        assert_eq!((found.code.0, found.severity), (code, Severity::Error));
        let span = found.span();
        assert_eq!(&text[span.start..span.end], place);
        assert!(
            found.help.iter().any(|text| text.contains(help)),
            "{found:?}"
        );
    }
}

#[test]
fn a_chip_that_counts_nothing_is_noted() {
    let text = format!("{HEAD}{}", ONE_CHIP.replace("\"H20\"", "\"p800\""));
    let (_, _, diagnostics) = read(&text);
    assert_eq!(diagnostics[0].code.0, "WF0911");
    assert!(
        diagnostics[0].message.contains("bandwidth"),
        "{diagnostics:?}"
    );
    let text = format!("{HEAD}{}", ONE_CHIP.replace("chip     = \"H20\"\n", ""));
    let (_, _, diagnostics) = read(&text);
    assert!(
        diagnostics[0].message.contains("names no chip"),
        "{diagnostics:?}"
    );
}

#[test]
fn what_is_misspelt_otherwise_is_left_to_the_check() {
    for text in [
        "workload = 3\n",
        "[workload]\nw = 1\n",
        "[workload.w]\nmodel = 3\nserve = 1\n",
        "[workload.w]\nmodel = \"deepseek-v3\"\ntrain = { tokens = [] }\n[import.a]\nchip = []\nruns = 3\nhow = 1\nrent = { country = 3 }\n",
        "accelerator = []\n[import]\na = 1\n",
    ] {
        let (document, _, _) = read(&format!("{HEAD}\n{text}").replace("\n\n", "\n"));
        let (facts, _) = FactBase::parse(&[]);
        let found = check(&document, &facts, &CheckOptions::default());
        assert!(found.scenario.is_none(), "{text}");
    }
}
