//! Published closed forms and worked examples on geometry, yield and cost of goods, row by row.
//!
//! The table is not part of the project: where `../shared/data` is missing beside the workspace the test says that it
//! was skipped. Each row belongs to exactly one entry of [`CHECKS`] or [`ELSEWHERE`] by the beginning of its id, so a
//! new row, or a row that vanished, cannot pass unnoticed.

#![allow(clippy::expect_used, reason = "a malformed table should fail the test")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use wafercast::cost_of_goods::{
    self, AssemblyStep, DieGroup, Interposer, RecurringCost, Substrate, WaferProcess,
};
use wafercast::die_calculator;
use wafercast::die_yield::{Model, learning};
use wafercast::packing::{self, Tile, Wafer, formula};

/// Computes what a row expects.
type Check = fn(&Row) -> f64;

/// Beginnings of ids and how their rows are computed. The longest that fits decides.
const CHECKS: &[(&str, Check)] = &[
    ("geo-hp-", |r| {
        let area = r.number("die_w_mm") * r.number("die_h_mm");
        formula::plain(area, r.number("wafer_mm"))
    }),
    ("yld-hp-", |r| {
        let model = Model::BoseEinstein { n: r.number("N") };
        r.number("wafer_yield") * model.yield_at(r.number("D0_cm2") * r.number("A_cm2"))
    }),
    ("yld-n5-invert", implied_density),
    ("yld-n5-100mm2", die_yield),
    ("yld-m1", die_yield),
    ("good-m1", |r| {
        die_calculator::good_dies(1.0, r.number("gross"), r.number("yield")).floor()
    }),
    ("epoch-gdw-", |r| {
        let die_yield = r
            .model()
            .yield_at(r.number("A_mm2") / 100.0 * r.number("D0_cm2"));
        die_calculator::good_dies(1.0, r.number("gross"), die_yield)
    }),
    ("epoch-n5share", |r| {
        (r.number("units") / r.number("good_per_wafer")).round()
    }),
    ("yf-", die_yield),
    ("impliedD0-", implied_density),
    ("d0-n5-rate", |r| {
        12.0 * learning::rate_between(r.number("d0_a"), r.number("d0_b"), r.number("months"))
    }),
    ("ca-n-", |r| actuary_die(r).gross(r.number("A_mm2"))),
    ("ca-y-", |r| actuary_die(r).yield_of(r.number("A_mm2"))),
    ("ca-kgd-", |r| actuary_die(r).good_cost(r.number("A_mm2"))),
    ("ca-nre-", |r| {
        cost_of_goods::chip_design(r.number("A_mm2"), r.number("NRE_300"))
    }),
    ("ca-re-", |r| {
        let cost = actuary_package(
            r.text("pkg"),
            r.text("node"),
            r.number("n"),
            r.number("total_mm2"),
        );
        assert_causes(r, &cost);
        cost.total()
    }),
    ("ca-share-", |r| {
        let cost = actuary_package("SoC-OS", r.text("node"), 1.0, r.number("A_mm2"));
        cost.defective_dies / cost.total()
    }),
    ("goog-assy-", |r| {
        let parts = r.numbers("mat");
        assert_eq!(parts.len() as f64, r.number("parts"), "{}", r.id);
        cost_of_goods::assembly_scrap(&[AssemblyStep {
            parts,
            yield_per_part: r.number("per_step_yield"),
        }])
    }),
    ("hbm-stack-90", |r| {
        cost_of_goods::compound_yield(r.number("y"), r.number("layers"))
    }),
    ("hbm-console", |r| {
        cost_of_goods::per_good_part(r.number("subtotal"), r.number("yield"))
    }),
    ("cowos-perwafer-b200", |_| {
        // The row names the chip only. Its interposer is reported as 3.3 reticles of 830 mm²; taken as a square.
        let side = (3.3 * 830.0_f64).sqrt();
        let tile = Tile {
            width: side,
            height: side,
            street: 0.0,
        };
        packing::pack(&tile, &Wafer::STANDARD).count as f64
    }),
    ("sa-hbm-910c", packages_from_stacks),
    ("sa-cxmt-2026-", packages_from_stacks),
    ("sa-2025-units", |r| r.number("u910C") + r.number("u910B")),
    ("sa-2025-dies", |r| {
        parts_used(r, ["u910C", "u910B"], "dies")
    }),
    ("sa-2025-hbm", |r| {
        parts_used(r, ["u910C", "u910B"], "stacks")
    }),
    ("sa-smic-2025", |r| {
        parts_used(r, ["p910C", "p910B_about"], "dies")
    }),
    ("sa-onepct", |r| {
        let wafers = 12.0 * r.number("wspm") * r.number("alloc");
        die_calculator::good_dies(wafers, r.number("gross"), r.number("yield"))
    }),
    ("sa-20k", |r| {
        die_calculator::good_dies(
            12.0 * r.number("wspm"),
            r.number("gross"),
            r.number("yield"),
        )
    }),
    ("csis-bank-910C", |r| {
        die_calculator::packages(r.number("dies"), r.number("per_pkg"), r.number("pkg_yield"))
    }),
    ("csis-smic-910C-month", |r| {
        let dies =
            die_calculator::good_dies(r.number("wspm"), r.number("gross"), r.number("yield"));
        die_calculator::packages(dies, r.number("per_pkg"), 1.0)
    }),
];

/// Beginnings of ids whose rows are not computed here, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "cowos-perwafer-h100",
        "gives no size of the interposer: packages per wafer cannot be computed from it",
    ),
    (
        "d0-n7-3q",
        "a reported density: an observation, not a computation",
    ),
    (
        "d0-n5-hvm",
        "a reported density: an observation, not a computation",
    ),
    (
        "d0-n5-next",
        "an expected density: an observation, not a computation",
    ),
    (
        "d0-n5-risk",
        "the density of yld-n5-invert again, without the yield it comes from",
    ),
    (
        "hbm-tsv_wpm_2024",
        "an industry parameter: input of scenarios",
    ),
    (
        "hbm-die_area_penalty",
        "an industry parameter: input of scenarios",
    ),
    ("hbm-yield_gap", "an industry parameter: input of scenarios"),
    (
        "hbm-cycle_extra_months",
        "an industry parameter: input of scenarios",
    ),
    (
        "hbm-lead_quarters",
        "an industry parameter: input of scenarios",
    ),
    (
        "hbm-trade-ratio",
        "an industry parameter: input of scenarios",
    ),
    (
        "sa-2024-units",
        "a reported outcome: gives no parts to compute it from",
    ),
    (
        "sa-2025-unconstrained",
        "a balance of the whole network: scenarios",
    ),
    (
        "sa-2026-unconstrained",
        "a balance of the whole network: scenarios",
    ),
    ("sa-smic-cap-", "a capacity: input of scenarios"),
    ("sa-diebank", "a stock: input of scenarios"),
    (
        "sa-samsung-hbm",
        "a stock: input of scenarios; its inputs do not give the expected figure",
    ),
    ("sa-cxmt-cap", "a capacity: input of scenarios"),
    (
        "yieldobs-",
        "reported yields of unclear definition: evidence for scenarios",
    ),
    ("idc-2025-", "outcomes: scoring of forecasts"),
    ("score-", "scoring of forecasts"),
    (
        "ssr-",
        "published self-sufficiency forecasts: claims and scoring",
    ),
    ("bern-", "a market balance: claims of scenarios"),
    ("subst-", "an estimate of imports: input of scenarios"),
    ("epoch-smug-", "an estimate of imports: input of scenarios"),
    ("epoch-par-", "parameters of another forecast"),
    ("ct-", "cycle times: the engine's tests"),
    ("masks-", "mask counts: input of scenarios"),
    (
        "fabdays-",
        "reference class of building times: input of scenarios",
    ),
    (
        "exyte-",
        "reference class of building times: input of scenarios",
    ),
    ("delay-", "reference class of slips: input of scenarios"),
    ("cxmt-cap-", "a capacity: input of scenarios"),
    ("cxmt-yield-", "a reported yield: input of scenarios"),
];

#[test]
fn rows_on_geometry_yield_and_cost_are_reproduced() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/reference_tables.csv");
    let Ok(mut reader) = csv::Reader::from_path(&path) else {
        println!("SKIPPED: {} is not there", path.display());
        return;
    };
    let rows: Vec<Row> = reader
        .records()
        .map(|record| Row::new(&record.expect("a well-formed table")))
        .collect();
    let mut failures = Vec::new();
    let mut checked = BTreeMap::new();
    let mut elsewhere = BTreeMap::new();
    for row in &rows {
        match home_of(&row.id) {
            Some(Home::Check(prefix, check)) => {
                *checked.entry(prefix).or_insert(0) += 1;
                let computed = check(row);
                if !row.accepts(computed) {
                    failures.push(format!(
                        "{}: {computed} computed, {} ± {} expected",
                        row.id, row.expected, row.tolerance
                    ));
                }
            }
            Some(Home::Elsewhere(prefix)) => *elsewhere.entry(prefix).or_insert(0) += 1,
            None => failures.push(format!("{}: neither checked nor listed", row.id)),
        }
    }
    for (prefix, _) in CHECKS {
        if !checked.contains_key(prefix) {
            failures.push(format!("{prefix}: no row to check"));
        }
    }
    for (prefix, reason) in ELSEWHERE {
        match elsewhere.get(prefix) {
            Some(count) => println!("{count:3} × {prefix}: not here: {reason}"),
            None => failures.push(format!("{prefix}: listed, but no such row")),
        }
    }
    println!(
        "{} rows: {} checked, {} not here",
        rows.len(),
        checked.values().sum::<u32>(),
        elsewhere.values().sum::<u32>()
    );
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

enum Home {
    Check(&'static str, Check),
    Elsewhere(&'static str),
}

/// Where a row belongs: the longest prefix of either table.
fn home_of(id: &str) -> Option<Home> {
    let check = CHECKS
        .iter()
        .filter(|(prefix, _)| id.starts_with(prefix))
        .max_by_key(|(prefix, _)| prefix.len());
    let elsewhere = ELSEWHERE
        .iter()
        .filter(|(prefix, _)| id.starts_with(prefix))
        .max_by_key(|(prefix, _)| prefix.len());
    match (check, elsewhere) {
        (Some((prefix, check)), other) if other.is_none_or(|o| o.0.len() < prefix.len()) => {
            Some(Home::Check(prefix, *check))
        }
        (_, Some((prefix, _))) => Some(Home::Elsewhere(prefix)),
        (_, None) => None,
    }
}

struct Row {
    id: String,
    input: Value,
    expected: f64,
    tolerance: f64,
}

impl Row {
    fn new(record: &csv::StringRecord) -> Row {
        let field = |i: usize| record.get(i).expect("a table of nine columns");
        Row {
            id: field(0).into(),
            input: serde_json::from_str(field(2)).expect("inputs as JSON"),
            expected: field(3).parse().expect("a number"),
            tolerance: field(4).parse().expect("a number"),
        }
    }

    fn number(&self, key: &str) -> f64 {
        self.input[key]
            .as_f64()
            .unwrap_or_else(|| panic!("{}: no number `{key}`", self.id))
    }

    fn numbers(&self, key: &str) -> Vec<f64> {
        let list = self.input[key]
            .as_array()
            .unwrap_or_else(|| panic!("{}: no list `{key}`", self.id));
        list.iter().filter_map(Value::as_f64).collect()
    }

    fn text(&self, key: &str) -> &str {
        self.input[key]
            .as_str()
            .unwrap_or_else(|| panic!("{}: no text `{key}`", self.id))
    }

    fn model(&self) -> Model {
        match self.text("model") {
            "poisson" => Model::Poisson,
            "murphy" => Model::Murphy,
            "murphy_rect" => Model::MurphyRectangular,
            "seeds" => Model::Seeds,
            "seeds_sqrt" => Model::SeedsSqrt,
            "bose_einstein" => Model::BoseEinstein {
                n: self.number("n"),
            },
            "negbin" => Model::NegativeBinomial {
                alpha: self.number("alpha"),
            },
            other => panic!("{}: unknown model {other}", self.id),
        }
    }

    /// Within the tolerance, and a few units in the last place for the rows whose tolerance is zero.
    fn accepts(&self, computed: f64) -> bool {
        let rounding = 1e-12 * self.expected.abs();
        (computed - self.expected).abs() <= self.tolerance + rounding
    }
}

fn die_yield(row: &Row) -> f64 {
    let x = match row.input["AD"].as_f64() {
        Some(x) => x,
        None => row.number("A_cm2") * row.number("D0_cm2"),
    };
    row.model().yield_at(x)
}

fn implied_density(row: &Row) -> f64 {
    row.model().defects_at(row.number("yield")) / row.number("A_cm2")
}

fn packages_from_stacks(row: &Row) -> f64 {
    die_calculator::packages(row.number("hbm_stacks"), row.number("stacks_per_910C"), 1.0)
}

fn parts_used(row: &Row, products: [&str; 2], per_package: &str) -> f64 {
    let counts = row.numbers(per_package);
    die_calculator::parts_used(&[
        (row.number(products[0]), counts[0]),
        (row.number(products[1]), counts[1]),
    ])
}

// ---- The published parameters of Chiplet Actuary (Feng & Ma, DAC 2022), which its rows name but do not repeat ----

fn actuary_wafer(wafer_price: f64, defect_density: f64, alpha: f64) -> WaferProcess {
    WaferProcess {
        wafer_price,
        diameter: 300.0,
        edge: 5.0,
        scribe: 0.2,
        defect_density,
        model: Model::NegativeBinomial { alpha },
    }
}

fn actuary_node(node: &str) -> WaferProcess {
    match node {
        "5" => actuary_wafer(16_988.0, 0.11, 10.0),
        "7" => actuary_wafer(9_346.0, 0.09, 10.0),
        "14" => actuary_wafer(3_984.0, 0.08, 10.0),
        other => panic!("no parameters for node {other}"),
    }
}

/// The process of the rows that give all parameters themselves.
fn actuary_die(row: &Row) -> WaferProcess {
    WaferProcess {
        wafer_price: row.number("wafer_usd"),
        diameter: row.number("wafer_mm"),
        edge: row.number("edge_mm"),
        scribe: row.number("scribe_mm"),
        defect_density: row.number("D0_cm2"),
        model: Model::NegativeBinomial {
            alpha: row.number("alpha"),
        },
    }
}

fn actuary_package(kind: &str, node: &str, dies: f64, total_area: f64) -> RecurringCost {
    let substrate = Substrate {
        area_factor: 4.0,
        cost_per_area: 0.005,
        bonding_yield: 0.99,
        bump_cost_per_area: 0.005,
    };
    let group = [DieGroup {
        area: total_area / dies,
        count: dies as u32,
        process: actuary_node(node),
    }];
    // The reference implementation, whose output the rows are, charges microbumps once per kind of die.
    let interposer = |process, area_factor, bonding_yield| Interposer {
        process,
        area_factor,
        bonding_yield,
        bump_cost_per_area: 0.01,
        bumps_on_every_die: false,
    };
    match kind {
        "OS" | "SoC-OS" => cost_of_goods::on_substrate(&group, &substrate),
        "FO" => {
            let layer = interposer(actuary_wafer(1_200.0, 0.05, 3.0), 1.2, 0.98);
            cost_of_goods::on_interposer(&group, &layer, &substrate)
        }
        "SI" => {
            let silicon = interposer(actuary_wafer(1_937.0, 0.06, 6.0), 1.1, 0.95);
            cost_of_goods::on_interposer(&group, &silicon, &substrate)
        }
        other => panic!("no package {other}"),
    }
}

/// The five causes of cost, which a row lists beside their sum.
fn assert_causes(row: &Row, cost: &RecurringCost) {
    let computed = [
        cost.raw_dies,
        cost.defective_dies,
        cost.raw_package,
        cost.defective_packages,
        cost.wasted_good_dies,
    ];
    for (computed, expected) in computed.iter().zip(row.numbers("RE")) {
        assert!(
            (computed - expected).abs() <= row.tolerance,
            "{}: {computed} against {expected} in {cost:?}",
            row.id
        );
    }
}
