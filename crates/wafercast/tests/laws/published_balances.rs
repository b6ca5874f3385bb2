//! The arithmetic of the published balances of Ascend dies, stacks and packages, each as a tiny scenario.
//!
//! The rows are those of the table of published worked examples, which is not part of the project: where it is missing
//! beside the workspace, the rows are skipped, and the test says so.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use wafercast::simulate::Results;

use crate::engine::{Model, assert_close};

/// A row of the table.
struct Row {
    id: String,
    input: Value,
    expected: f64,
    tolerance: f64,
}

impl Row {
    fn number(&self, key: &str) -> f64 {
        self.input[key]
            .as_f64()
            .unwrap_or_else(|| panic!("{}: no {key}", self.id))
    }

    fn pair(&self, key: &str) -> [f64; 2] {
        [0, 1].map(|i| self.input[key][i].as_f64().unwrap())
    }
}

/// What a row's scenario gives.
type Balance = fn(&Row) -> f64;

/// Rows with arithmetic: the longest beginning of an id decides.
const BALANCES: &[(&str, Balance)] = &[
    ("sa-hbm-910c", packages_from_stacks),
    ("sa-cxmt-2026-", packages_from_stacks),
    ("sa-2025-units", |row| {
        let run = Used::by(row, "u910C", "u910B");
        run.units
    }),
    ("sa-2025-dies", |row| Used::by(row, "u910C", "u910B").dies),
    ("sa-2025-hbm", |row| Used::by(row, "u910C", "u910B").stacks),
    ("sa-smic-2025", |row| {
        Used::by(row, "p910C", "p910B_about").dies
    }),
    ("sa-onepct", |row| {
        let wafers = row.number("wspm");
        good_dies_of_a_year(
            wafers,
            row.number("alloc"),
            row.number("gross"),
            row.number("yield"),
        )
    }),
    ("sa-20k", |row| {
        good_dies_of_a_year(
            row.number("wspm"),
            1.0,
            row.number("gross"),
            row.number("yield"),
        )
    }),
    ("csis-bank-910C", |row| {
        let text = scenario(
            &[&stock("die.compute", row.number("dies"))],
            &card(
                "910c",
                row.number("per_pkg"),
                0.0,
                &format!("test_yield = {}", row.number("pkg_yield")),
            ),
        );
        let model = Model::from_text(&text);
        delivered(&model, "910c")
    }),
    ("csis-smic-910C-month", |row| {
        let line = foundry(
            row.number("wspm"),
            1.0,
            row.number("gross"),
            row.number("yield"),
        );
        let text = scenario(&[&line], &card("910c", row.number("per_pkg"), 0.0, ""));
        let model = Model::from_text(&text);
        delivered(&model, "910c") / 12.0
    }),
];

/// Rows that state what somebody saw or expects, without parts to compute it from.
const OBSERVATIONS: &[(&str, &str)] = &[
    (
        "sa-2024-units",
        "units shipped in 2024; by die and stack not given",
    ),
    (
        "sa-2025-unconstrained",
        "what would be built without a shortage of memory; the capacity behind it is not given",
    ),
    ("sa-2026-unconstrained", "a lower bound, as above"),
    ("sa-smic-cap-", "capacities"),
    ("sa-diebank", "dies received"),
    (
        "sa-samsung-hbm",
        "stacks received: the 11.4 million do not follow from the two inputs",
    ),
    (
        "sa-cxmt-cap",
        "a capacity, given twice with different numbers",
    ),
];

/// A stock of 2024 from abroad.
fn stock(part: &str, amount: f64) -> String {
    format!(
        "[stockpile.{}]\npart = \"{part}\"\norigin = {{ country = \"TW\", maker = \"Bank\" }}\nat = \"2025-01\"\namount = {amount}\n",
        part.replace('.', "-")
    )
}

/// A line with a given yield of its die.
fn foundry(wafers: f64, share: f64, gross: f64, die_yield: f64) -> String {
    format!(
        r#"[fab.line]
owner = "SMIC"
country = "CN"
process = "n2"
utilisation = "100%"
ai_share = {share}
cycle_time = "3 months"
phase = [{{ add = "{wafers} WSPM", start = "2023-01" }}]
# gross = {gross}
# yield = {die_yield}
"#
    )
}

/// One accelerator, with what further keys it has.
fn card(id: &str, dies: f64, stacks: f64, more: &str) -> String {
    let memory = if stacks > 0.0 {
        format!(", memory = {{ hbm = {stacks} }}")
    } else {
        String::new()
    };
    format!(
        "[accelerator.{id}]\ndesigner = \"Huawei\"\ncountry = \"CN\"\nlaunch = \"2024-01\"\n{more}\nbom = [{{ dies = {{ compute = {dies} }}{memory} }}]\n"
    )
}

/// A year of one die, one kind of stack, no limit of packaging.
fn scenario(supplies: &[&str], cards: &str) -> String {
    let supplies = supplies.concat();
    let given = |key: &str, default: &str| {
        let line = supplies
            .lines()
            .find_map(|line| line.strip_prefix(&format!("# {key} = ")));
        line.unwrap_or(default).to_owned()
    };
    let (gross, die_yield) = (given("gross", "78"), given("yield", "0.5"));
    let memory = if supplies.contains("memory.hbm") {
        "[memory.hbm]\ncapacity = \"16 GB\"\nbandwidth = \"460 GB/s\"\nlayers = 8\n"
    } else {
        ""
    };
    format!(
        r#"format = 1
title = "balance"
home = "CN"
horizon = {{ from = "2025-01", to = "2025-12" }}
[process.n2]
yield = {{ model = "negative_binomial", alpha = 2.5 }}
d0 = {{ calibrate = {{ die = "compute", yield = {die_yield} }} }}
[die.compute]
process = "n2"
size = {{ width = "21.32 mm", height = "31.22 mm" }}
gross = {gross}
{memory}{supplies}{cards}"#
    )
}

fn over_the_year(of_month: impl Fn(usize) -> f64) -> f64 {
    (0..12).map(of_month).sum()
}

fn delivered(model: &Model, id: &str) -> f64 {
    let results = model.first_group(1);
    model.delivered(&results, id, 0).iter().sum()
}

fn left(model: &Model, results: &Results, part: &str) -> f64 {
    results.closing_of(model.part(part), 0, 11, 0)
}

fn good_dies_of_a_year(wafers: f64, share: f64, gross: f64, die_yield: f64) -> f64 {
    let line = foundry(wafers, share, gross, die_yield);
    let model = Model::from_text(&scenario(&[&line], &card("910b", 1.0, 0.0, "")));
    let results = model.first_group(1);
    over_the_year(|m| results.die_of(0, m, 0).1)
}

/// Cards that a stock of stacks allows, with dies in plenty.
fn packages_from_stacks(row: &Row) -> f64 {
    let text = scenario(
        &[
            &stock("die.compute", 1e9),
            &stock("memory.hbm", row.number("hbm_stacks")),
        ],
        &card("910c", 2.0, row.number("stacks_per_910C"), ""),
    );
    let model = Model::from_text(&text);
    let results = model.first_group(1);
    assert_eq!(
        results.bound_of(0, 0, 0),
        Some(model.part("hbm")),
        "memory binds"
    );
    delivered(&model, "910c")
}

/// What given numbers of the two cards use in a year, from stocks in plenty.
struct Used {
    units: f64,
    dies: f64,
    stacks: f64,
}

impl Used {
    fn by(row: &Row, large: &str, small: &str) -> Used {
        const PLENTY: f64 = 5e7;
        let dies = if row.input.get("dies").is_some() {
            row.pair("dies")
        } else {
            [2.0, 1.0]
        };
        let stacks = if row.input.get("stacks").is_some() {
            row.pair("stacks")
        } else {
            [8.0, 4.0]
        };
        let cap = |units: f64| format!("plan = {{ cap = \"{} units/month\" }}", units / 12.0);
        let text = scenario(
            &[&stock("die.compute", PLENTY), &stock("memory.hbm", PLENTY)],
            &(card("910c", dies[0], stacks[0], &cap(row.number(large)))
                + &card("910b", dies[1], stacks[1], &cap(row.number(small)))),
        );
        let model = Model::from_text(&text);
        let results = model.first_group(1);
        Used {
            units: delivered(&model, "910c") + delivered(&model, "910b"),
            dies: PLENTY - left(&model, &results, "compute"),
            stacks: PLENTY - left(&model, &results, "hbm"),
        }
    }
}

fn rows() -> Option<Vec<Row>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/reference_tables.csv")
        .canonicalize()
        .ok()?;
    let mut reader = csv::Reader::from_path(path).ok()?;
    let headers = reader.headers().unwrap().clone();
    let column = |name| headers.iter().position(|header| header == name).unwrap();
    let (id, input) = (column("id"), column("input_json"));
    let (expected, tolerance) = (column("expected"), column("tolerance"));
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        Row {
            id: record[id].to_owned(),
            input: serde_json::from_str(&record[input]).unwrap_or(Value::Null),
            expected: record[expected].parse().unwrap_or(f64::NAN),
            tolerance: record[tolerance].parse().unwrap_or(0.0),
        }
    });
    let ascend = |row: &Row| row.id.starts_with("sa-") || row.id.starts_with("csis-");
    Some(rows.filter(ascend).collect())
}

#[test]
fn the_published_ascend_balances_come_out() {
    let Some(rows) = rows() else {
        println!("SKIPPED: ../shared/data/reference_tables.csv is not beside the workspace");
        return;
    };
    let mut met = BTreeMap::<&str, u32>::new();
    let mut problems = Vec::new();
    for row in &rows {
        if let Some((prefix, balance)) = BALANCES.iter().find(|(p, _)| row.id.starts_with(p)) {
            *met.entry(prefix).or_default() += 1;
            let found = balance(row);
            println!("{}: {found}, published {}", row.id, row.expected);
            // Sums over twelve months round in the last digits.
            if (found - row.expected).abs() > row.tolerance + 1e-9 * row.expected {
                problems.push(format!("{}: {found}, published {}", row.id, row.expected));
            }
        } else if let Some((prefix, why)) = OBSERVATIONS.iter().find(|(p, _)| row.id.starts_with(p))
        {
            *met.entry(prefix).or_default() += 1;
            println!("{}: an observation: {why}", row.id);
        } else {
            problems.push(format!("{}: neither a balance nor an observation", row.id));
        }
    }
    let listed = BALANCES
        .iter()
        .map(|(p, _)| p)
        .chain(OBSERVATIONS.iter().map(|(p, _)| p));
    for prefix in listed.filter(|p| !met.contains_key(*p)) {
        problems.push(format!("{prefix}: listed, but no such row"));
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// 2.9 million dies, planned as 0.8 of the one-die card to 1.05 of the two-die card: 0.8 + 2 · 1.05 = 2.9, so exactly these come out.
#[test]
fn a_bank_of_dies_is_split_by_the_plan() {
    let text = scenario(
        &[&stock("die.compute", 2.9e6)],
        &(card("910b", 1.0, 0.0, "plan = { weight = 0.8 }")
            + &card("910c", 2.0, 0.0, "plan = { weight = 1.05 }")),
    );
    let model = Model::from_text(&text);
    assert_close(delivered(&model, "910b"), 0.8e6, "910B");
    assert_close(delivered(&model, "910c"), 1.05e6, "910C");
}

/// 7,000 wafers a month × 12 × 78 × 30 % = 1.9656 million good dies: twice what was reported as made in 2025.
#[test]
fn seven_thousand_wafers_a_month_are_two_million_dies_a_year() {
    assert_close(
        good_dies_of_a_year(20_000.0, 0.35, 78.0, 0.3),
        1.965_6e6,
        "good dies",
    );
}

/// 5,000 wafers a month × 78 × 40 % = 156,000 good dies, 78,000 cards of two dies and eight stacks: 624,000 stacks a month. A
/// stock of 3.432 million lasts five and a half months: logic binds from January to May; in June half a month's stacks are
/// left, and memory binds; from July on CXMT's 200,000 a month (10,000 wafers × 20) give 25,000 cards.
#[test]
fn the_binding_resource_moves_from_logic_to_memory_when_the_stock_is_gone() {
    let cxmt = r#"[memory_line.cxmt]
owner = "CXMT"
country = "CN"
memory = "hbm"
stacks_per_wafer = 20
phase = [{ add = "10 kWSPM", start = "2025-07" }]
"#;
    let text = scenario(
        &[
            &foundry(5_000.0, 1.0, 78.0, 0.4),
            &stock("memory.hbm", 5.5 * 624_000.0),
            cxmt,
        ],
        &card("910c", 2.0, 8.0, ""),
    );
    let model = Model::from_text(&text);
    let results = model.first_group(1);
    let (logic, memory) = (model.part("compute"), model.part("hbm"));
    let built = model.delivered(&results, "910c", 0);
    for (m, built) in built.iter().enumerate() {
        let (expected, bound) = match m {
            0..5 => (78_000.0, logic),
            5 => (39_000.0, memory),
            _ => (25_000.0, memory),
        };
        assert_close(*built, expected, &format!("month {m}"));
        assert_eq!(results.bound_of(0, m, 0), Some(bound), "month {m}");
    }
    // Dies pile up while memory binds: 156,000 − 78,000 in June, 156,000 − 50,000 in each of six months.
    assert_close(
        left(&model, &results, "compute"),
        78_000.0 + 6.0 * 106_000.0,
        "dies left",
    );
}
