//! Small networks whose numbers are worked out by hand in the comments.

use crate::engine::{Model, assert_all_close, assert_close, stats};

/// Two or three years from January 2024.
fn header(to: &str) -> String {
    format!(
        "format = 1\ntitle = \"closed form\"\nhome = \"XA\"\nhorizon = {{ from = \"2024-01\", to = \"{to}\" }}\n"
    )
}

/// A die of 100 mm², ten to the wafer, on a line of 1,000 wafers a month; every good die becomes a unit.
fn line(process: &str, share: &str, cycle_time: &str, phases: &str) -> String {
    format!(
        r#"{}
[process.p]
{process}
[die.d]
process = "p"
size = {{ width = "10 mm", height = "10 mm", street = "0.1 mm" }}
gross = 10
[fab.f]
owner = "Foundry"
country = "XA"
process = "p"
utilisation = "100%"
ai_share = {share}
cycle_time = {cycle_time}
phase = [{phases}]
[accelerator.a]
designer = "Designer"
country = "XA"
launch = "2020-01"
bom = [{{ dies = {{ d = 1 }} }}]
"#,
        header("2025-12")
    )
}

const PERFECT: &str = "yield = { model = \"poisson\" }\nd0 = \"0 /cm2\"";
const FULL_LINE: &str = "{ add = \"1 kWSPM\", start = \"2023-01\" }";
/// Half of the line until March 2024, all of it from April (month 3).
const DOUBLING: &str = r#"{ path = { "2024-01" = "50%", "2024-04" = "100%" }, between = "step" }"#;

fn arrivals(model: &Model, part: &str) -> Vec<f64> {
    let results = model.first_group(1);
    let part = model.part(part);
    (0..model.plan.months)
        .map(|m| results.arrivals_of(part, 0, m, 0))
        .collect()
}

/// Starts are 500, 500, 500, 1000, … With L = 2.25: k = 2, f = 0.25, so out[m] = 0.75·A[m−2] + 0.25·A[m−3]; the pipeline was
/// full before January. out[5] = 0.75·1000 + 0.25·500 = 875. Ten good dies a wafer.
#[test]
fn wafers_wait_out_a_fractional_cycle_time() {
    let model = Model::from_text(&line(PERFECT, DOUBLING, "\"2.25 months\"", FULL_LINE));
    let found = arrivals(&model, "d");
    assert_all_close(
        &found[..8],
        &[
            5_000.0, 5_000.0, 5_000.0, 5_000.0, 5_000.0, 8_750.0, 10_000.0, 10_000.0,
        ],
        "dies",
    );
    assert_all_close(
        &model.started(&model.first_group(1), "a"),
        &found,
        "every die is built",
    );
}

/// 80 layers at 1.5 days are 120 days, 120/30.4375 = 3.942505… months: out[6] = (1 − f)·A[3] + f·A[2] with f = 0.9425….
#[test]
fn layers_times_days_are_a_cycle_time() {
    let cycle = "{ layers = 80, days_per_layer = 1.5 }";
    let found = arrivals(
        &Model::from_text(&line(PERFECT, DOUBLING, cycle, FULL_LINE)),
        "d",
    );
    let f = 120.0 / 30.4375 - 3.0;
    assert_close(found[5], 5_000.0, "month 5");
    assert_close(
        found[6],
        10.0 * ((1.0 - f) * 1_000.0 + f * 500.0),
        "month 6",
    );
    assert_close(found[7], 10_000.0, "month 7");
}

/// A line that opens in March (month 2) has nothing in its pipeline: starts 0, 0, 1000, …; out[4] = 0.75·1000, out[5] = 1000.
#[test]
fn a_line_that_opens_inside_the_horizon_begins_empty() {
    let phase = "{ add = \"1 kWSPM\", start = \"2024-03\" }";
    let model = Model::from_text(&line(PERFECT, "\"100%\"", "\"2.25 months\"", phase));
    assert_all_close(
        &arrivals(&model, "d")[..7],
        &[0.0, 0.0, 0.0, 0.0, 7_500.0, 10_000.0, 10_000.0],
        "dies",
    );
}

/// Announced for March (2.0), late by 1.5 months, 6 months to the full rate: u = (m + ½ − 3.5)/6, which is 0 in month 3, ⅙ in
/// month 4, ½ in month 6 and 1 from month 9. S-curve: 3u² − 2u³; 3/36 − 2/216 = 2/27 at ⅙, ½ at ½, 20/27 at ⅔.
#[test]
fn phases_ramp() {
    for (shape, at_sixth, at_two_thirds) in [
        ("linear", 1.0 / 6.0, 2.0 / 3.0),
        ("s-curve", 2.0 / 27.0, 20.0 / 27.0),
    ] {
        let phase = format!(
            "{{ add = \"1 kWSPM\", start = \"2024-03\", delay = \"1.5 months\", ramp = {{ time = \"6 months\", shape = \"{shape}\" }} }}"
        );
        let model = Model::from_text(&line(PERFECT, "\"25%\"", "\"0 months\"", &phase));
        let results = model.first_group(1);
        let capacity = |m| results.line_of(0, m, 0).0;
        for (m, share) in [
            (2, 0.0),
            (3, 0.0),
            (4, at_sixth),
            (6, 0.5),
            (7, at_two_thirds),
            (9, 1.0),
            (20, 1.0),
        ] {
            assert_close(capacity(m), 1_000.0 * share, &format!("{shape}, month {m}"));
        }
        // A = K · utilisation · share
        assert_close(results.line_of(0, 6, 0).1, 125.0, "starts");
    }
}

/// Ten scanners with 2,000 passes a month each, 40 passes a wafer: no more than 500 wafers.
#[test]
fn scanners_limit_a_line() {
    let text = line(PERFECT, "\"100%\"", "\"0 months\"", FULL_LINE).replace(
        "[fab.f]",
        "[fab.f]\ntool_limit = { scanners = 10, exposures_per_scanner_month = \"2000 exposures/month\", exposures_per_wafer = 40 }",
    );
    let model = Model::from_text(&text);
    assert_close(model.first_group(1).line_of(0, 5, 0).0, 500.0, "capacity");
}

/// Dies and memory in stock, no lines.
fn stocked(parts: &[(&str, f64)], accelerators: &str) -> String {
    let mut text = header("2024-03");
    text += &format!("[process.p]\n{PERFECT}\n");
    for (id, amount) in parts {
        text += &format!(
            r#"
[die.{id}]
process = "p"
size = {{ width = "10 mm", height = "10 mm", street = "0.1 mm" }}
[stockpile.{id}]
part = "die.{id}"
origin = {{ country = "XB", maker = "Bank" }}
at = "2024-01"
amount = {amount}
"#
        );
    }
    text + accelerators
}

/// A (weight 1) and B (2) use die p, C (1) uses die q, and B may use q instead. p = 100, q = 60.
/// First shortage: 3λ = 100 for p at λ = 33⅓ (q only at 60). A stops at 33⅓, bound by p; B has 66⅔ and goes on with q. Left of q: 60 − 33⅓ =
/// 26⅔, shared 2 : 1 between B and C: B 66⅔ + 17 7/9 = 84 4/9, C 33⅓ + 8 8/9 = 42 2/9, both bound by q.
#[test]
fn accelerators_rise_together_and_change_to_their_next_bill_of_materials() {
    let model = Model::from_text(&stocked(
        &[("p", 100.0), ("q", 60.0)],
        r#"
[accelerator.a]
designer = "D"
country = "XA"
launch = "2024-01"
bom = [{ dies = { p = 1 } }]
[accelerator.b]
designer = "D"
country = "XA"
launch = "2024-01"
plan = { weight = 2 }
bom = [{ dies = { p = 1 } }, { dies = { q = 1 } }]
[accelerator.c]
designer = "D"
country = "XA"
launch = "2024-01"
bom = [{ dies = { q = 1 } }]
"#,
    ));
    let results = model.first_group(1);
    let built = |id| model.started(&results, id)[0];
    assert_close(built("a"), 100.0 / 3.0, "a");
    assert_close(built("b"), 760.0 / 9.0, "b");
    assert_close(built("c"), 380.0 / 9.0, "c");
    let items = model.plan.accelerators[model.accelerator("b")]
        .items
        .clone();
    let by_bom: Vec<f64> = items.map(|j| results.builds_of(j, 0, 0)).collect();
    assert_all_close(&by_bom, &[200.0 / 3.0, 160.0 / 9.0], "b by bill");
    for (id, part) in [("a", "p"), ("b", "q"), ("c", "q")] {
        let bound = results.bound_of(model.accelerator(id), 0, 0);
        assert_eq!(bound, Some(model.part(part)), "{id}");
    }
    // Nothing is left, so nothing is built in February.
    assert_close(results.closing_of(model.part("p"), 0, 0, 0), 0.0, "p left");
    assert_close(results.closing_of(model.part("q"), 0, 0, 0), 0.0, "q left");
    assert_close(model.started(&results, "b")[1], 0.0, "b in February");
}

/// Tier 1 takes its cap of 30 first, two dies each; of the 40 that are left tier 2 builds 40. The first is bound by its
/// cap (index after parts and technologies), the second by the die.
#[test]
fn tiers_are_served_in_order_and_caps_hold() {
    let model = Model::from_text(&stocked(
        &[("p", 100.0)],
        r#"
[accelerator.first]
designer = "D"
country = "XA"
launch = "2024-01"
plan = { tier = 1, cap = "30 units/month" }
bom = [{ dies = { p = 2 } }]
[accelerator.second]
designer = "D"
country = "XA"
launch = "2024-01"
plan = { tier = 2, weight = 50 }
bom = [{ dies = { p = 1 } }]
"#,
    ));
    let results = model.first_group(1);
    let (first, second) = (model.accelerator("first"), model.accelerator("second"));
    assert_close(model.started(&results, "first")[0], 30.0, "first");
    assert_close(model.started(&results, "second")[0], 40.0, "second");
    assert_eq!(results.bound_of(first, 0, 0), Some(1 + first));
    assert_eq!(results.bound_of(second, 0, 0), Some(0));
}

/// 200 units are built (the cap). Dies: 20 foreign first, then 180 home: 0.9 of home. Stacks: 50 foreign, 150 home: 0.75. Packaging: 600 of 1,000 a month
/// at home: 0.6. Yield of assembly 0.6·0.9 + 0.4·0.8 = 0.86; test 0.5: 86 good units, fabricated 0.9 of them, fully min(0.9, 0.75, 0.6).
#[test]
fn origins_give_the_depths_of_home() {
    let stock = |id: &str, part: &str, country: &str, amount: f64| {
        format!(
            "[stockpile.{id}]\npart = \"{part}\"\norigin = {{ country = \"{country}\", maker = \"M\" }}\nat = \"2024-01\"\norder = {}\namount = {amount}\n",
            if country == "XA" { 2 } else { 1 }
        )
    };
    let packaging = |id: &str, country: &str, packages: f64, quality: &str| {
        format!(
            "[packaging_line.{id}]\ntechnology = \"2.5d\"\nowner = \"P\"\ncountry = \"{country}\"\nyield = \"{quality}\"\nlead_time = \"0 months\"\nphase = [{{ add = \"{packages} packages/month\", start = \"2023-01\" }}]\n"
        )
    };
    let mut text = header("2024-02");
    text += &format!("[process.p]\n{PERFECT}\n");
    text += "[die.d]\nprocess = \"p\"\nsize = { width = \"10 mm\", height = \"10 mm\" }\n";
    text += "[memory.m]\ncapacity = \"16 GB\"\nbandwidth = \"1 TB/s\"\nlayers = 8\n";
    text += &stock("d-abroad", "die.d", "XB", 20.0);
    text += &stock("d-home", "die.d", "XA", 500.0);
    text += &stock("m-abroad", "memory.m", "XB", 50.0);
    text += &stock("m-home", "memory.m", "XA", 500.0);
    text += &packaging("home", "XA", 600.0, "90%");
    text += &packaging("abroad", "XB", 400.0, "80%");
    text += r#"
[accelerator.a]
designer = "D"
country = "XA"
launch = "2024-01"
test_yield = "50%"
plan = { cap = { path = { "2024-01" = "200 units/month", "2024-02" = "0 units/month" }, between = "step" } }
bom = [{ dies = { d = 1 }, memory = { m = 1 }, packaging = { technology = "2.5d" } }]
"#;
    let model = Model::from_text(&text);
    let results = model.first_group(1);
    for (depth, share) in [(0, 1.0), (1, 0.9), (2, 0.6)] {
        assert_close(
            model.delivered(&results, "a", depth)[0],
            86.0 * share,
            &format!("depth {depth}"),
        );
    }
    let die = model.part("d");
    assert_close(results.closing_of(die, 0, 0, 0), 0.0, "foreign dies left");
    assert_close(results.closing_of(die, 1, 0, 0), 320.0, "home dies left");
}

/// Started 100, 200, 300, 300, …; good 40, 80, 120, 120 (yield 0.8, test 0.5). With 1.5 months of assembly the half of a month's units comes one month later, the
/// other half two: 40 and 40 from the time before January (as January), then 60, 100, 120.
#[test]
fn units_leave_after_the_assembly_lead_time() {
    let text = stocked(
        &[("p", 100_000.0)],
        r#"
[packaging_line.l]
technology = "2.5d"
owner = "P"
country = "XA"
yield = "80%"
lead_time = "1.5 months"
phase = [{ add = "1000 packages/month", start = "2023-01" }]
[accelerator.a]
designer = "D"
country = "XA"
launch = "2023-01"
test_yield = "50%"
plan = { cap = { path = { "2024-01" = "100 units/month", "2024-02" = "200 units/month", "2024-03" = "300 units/month" }, between = "step" } }
bom = [{ dies = { p = 1 }, packaging = { technology = "2.5d" } }]
"#,
    )
    .replace("to = \"2024-03\"", "to = \"2024-05\"");
    let model = Model::from_text(&text);
    let results = model.first_group(1);
    assert_all_close(
        &model.delivered(&results, "a", 0),
        &[40.0, 40.0, 60.0, 100.0, 120.0],
        "delivered",
    );
}

/// Four packages of 100 × 100 mm fit on an interposer wafer of 294 mm (their far corners lie 141 mm from the centre; a third in a row would
/// reach 158 mm), so ten wafers a month are 40; two interposers to a package halve that. Packaging is the resource after the one part.
#[test]
fn interposer_wafers_bind() {
    for (interposers, expected) in [(1, 40.0), (2, 20.0)] {
        let text = stocked(
            &[("p", 100_000.0)],
            &format!(
                r#"
[packaging_line.l]
technology = "2.5d"
owner = "P"
country = "XA"
yield = "100%"
lead_time = "0 months"
phase = [{{ add = "10 WSPM", start = "2023-01" }}]
[accelerator.a]
designer = "D"
country = "XA"
launch = "2023-01"
bom = [{{ dies = {{ p = 1 }}, packaging = {{ technology = "2.5d", size = {{ width = "100 mm", height = "100 mm" }}, interposers = {interposers} }} }}]
"#
            ),
        );
        let model = Model::from_text(&text);
        let results = model.first_group(1);
        assert_close(model.started(&results, "a")[1], expected, "packages");
        assert_eq!(results.bound_of(0, 1, 0), Some(1));
    }
}

/// A memory line: 1,000 wafers × 600 dies × 0.5 / 8 layers × 0.9⁸ stacks each, one month later.
#[test]
fn stacks_are_built_from_wafers() {
    let text = format!(
        r#"{}
[process.p]
{PERFECT}
[memory.m]
capacity = "16 GB"
bandwidth = "1 TB/s"
layers = 8
[memory_line.l]
owner = "M"
country = "XA"
memory = "m"
dies_per_wafer = 600
die_yield = "50%"
bond_yield = "90%"
cycle_time = "1 month"
phase = [{{ add = "1 kWSPM", start = "2024-02" }}]
[die.d]
process = "p"
size = {{ width = "10 mm", height = "10 mm" }}
[stockpile.d]
part = "die.d"
origin = {{ country = "XB", maker = "Bank" }}
at = "2024-01"
amount = "1M"
[accelerator.a]
designer = "D"
country = "XA"
launch = "2023-01"
bom = [{{ dies = {{ d = 1 }}, memory = {{ m = 2 }} }}]
"#,
        header("2024-04")
    );
    let model = Model::from_text(&text);
    let stacks = 37_500.0 * 0.9_f64.powi(8);
    let found = arrivals(&model, "m");
    assert_all_close(&found, &[0.0, 0.0, stacks, stacks], "stacks");
    let started = model.started(&model.first_group(1), "a");
    assert_close(started[2], stacks / 2.0, "two stacks a unit");
}

/// A market without any line: an import of 300 a month, half an H100 each.
fn market(more: &str) -> Model {
    Model::from_text(&format!(
        r#"{}
[import.i]
designer = "Abroad"
country = "US"
rate = "300 units/month"
lifetime = "2.5 months"
spec = {{ bf16 = "989.4 TFLOP/s", price = "$10 k" }}
{more}
"#,
        header("2024-12")
    ))
}

/// 300 a month that serve 2.5 months: 300, 600, then 900 less what is older, half of a month's 300: 750 for good.
#[test]
fn the_installed_base_retires() {
    let summary = market("").summary(1, 1);
    for (month, expected) in [
        ("2024-01", 300.0),
        ("2024-02", 600.0),
        ("2024-03", 750.0),
        ("2024-04", 750.0),
        ("2024-12", 750.0),
    ] {
        let found = stats(&summary, "installed:units", "imports", None, month);
        assert_close(found.p50, expected, month);
        let found = stats(&summary, "installed:h100e", "imports", None, month);
        assert_close(found.p50, expected, month);
    }
}

/// Home delivers 100 a month of half an H100 and 4,000 dollars each; 300 are imported, of one H100 and 10,000 dollars; wanted are 400 units, 40
/// H100e and 3.4 million dollars a month. Share of purchases: 100/400 in units, 50/350 in compute, 0.4/3.4 in money; coverage: 100/400,
/// 50/40 capped at 1, 0.4/3.4. Foreign dies: nothing of it is fabricated at home.
#[test]
fn self_sufficiency_has_two_denominators() {
    let model = market(&format!(
        r#"
[process.p]
{PERFECT}
[die.d]
process = "p"
size = {{ width = "10 mm", height = "10 mm" }}
[stockpile.d]
part = "die.d"
origin = {{ country = "XB", maker = "Bank" }}
at = "2024-01"
amount = "1M"
[accelerator.a]
designer = "D"
country = "XA"
launch = "2023-01"
spec = {{ bf16 = "494.7 TFLOP/s", price = "$4 k" }}
plan = {{ cap = "100 units/month" }}
bom = [{{ dies = {{ d = 1 }} }}]
[demand.cards]
metric = "units"
rate = "400 units/month"
[demand.compute]
metric = "h100e"
rate = "40 H100e/month"
[demand.money]
metric = "value"
rate = "$3.4 M/month"
"#
    ));
    let summary = model.summary(1, 1);
    for (metric, expected) in [
        ("share_of_purchases:units", 0.25),
        ("share_of_purchases:h100e", 1.0 / 7.0),
        ("share_of_purchases:value", 0.4 / 3.4),
        ("coverage:units", 0.25),
        ("coverage:h100e", 1.0),
        ("coverage:value", 0.4 / 3.4),
    ] {
        for period in ["2024", "2024-Q2", "2024-12"] {
            let found = stats(&summary, metric, "home", Some("designed"), period);
            assert_close(found.p50, expected, &format!("{metric} {period}"));
            let found = stats(&summary, metric, "home", Some("fabricated"), period);
            assert_close(
                found.p50,
                0.0,
                &format!("{metric} {period}, fabricated at home"),
            );
        }
    }
    let year = stats(&summary, "units", "home", Some("designed"), "2024");
    assert_close(year.p50, 1_200.0, "units of the year");
}

/// Poisson yield e^(−D0) of a die of 1 cm² on three learning curves, read at the middle of month m.
#[test]
fn defect_density_learns() {
    let of = |d0: &str| {
        let process = format!("yield = {{ model = \"poisson\" }}\nd0 = {d0}");
        let model = Model::from_text(&line(&process, "\"100%\"", "\"2 months\"", FULL_LINE));
        let results = model.first_group(1);
        move |m| results.die_of(0, m, 0).0
    };
    // From July 2024 (month 6) on: 0.1 + 0.4·e^(−(m + ½ − 6)/12); 0.5 before.
    let exponential = of(
        "{ learning = \"exponential\", initial = \"0.5 /cm2\", floor = \"0.1 /cm2\", from = \"2024-07\", time_constant = \"12 months\" }",
    );
    // 0.1·5^exp(−(m + ½ − 6)/12)
    let gompertz = of(
        "{ learning = \"gompertz\", initial = \"0.5 /cm2\", floor = \"0.1 /cm2\", from = \"2024-07\", time_constant = \"12 months\" }",
    );
    for m in 0..24 {
        let decay = libm::exp(-(m as f64 + 0.5 - 6.0).max(0.0) / 12.0);
        let expected = libm::exp(-(0.1 + 0.4 * decay));
        assert_close(exponential(m), expected, &format!("exponential, month {m}"));
        let expected = libm::exp(-0.1 * libm::pow(5.0, decay));
        assert_close(gompertz(m), expected, &format!("gompertz, month {m}"));
    }
    // 1,000 wafers leave every month: W = 1,000·(m + ½) at the middle of month m, no less than the 4,000 of the reference.
    let wafers = of(
        "{ learning = \"wafers\", initial = \"0.5 /cm2\", reference = \"4000 wafers\", exponent = 0.3 }",
    );
    for m in 0..24 {
        let ratio = ((m as f64 + 0.5) / 4.0).max(1.0);
        let expected = libm::exp(-0.5 * libm::pow(ratio, -0.3));
        assert_close(wafers(m), expected, &format!("wafers, month {m}"));
    }
}

/// The reported yield of one die gives D0 for the others: Poisson, line yield 0.8, reported 0.4 for 1 cm²: e^(−D) = 0.5, so the die of 2 cm²
/// yields 0.8·0.25 = 0.2.
#[test]
fn a_reported_yield_calibrates_every_die_of_the_process() {
    let process = "yield = { model = \"poisson\", line = \"80%\" }\nd0 = { calibrate = { die = \"d\", yield = \"40%\" } }";
    let text = line(process, "\"100%\"", "\"0 months\"", FULL_LINE)
        + r#"
[die.e]
process = "p"
size = { width = "10 mm", height = "20 mm" }
gross = 5
[accelerator.b]
designer = "Designer"
country = "XA"
launch = "2020-01"
bom = [{ dies = { e = 1 } }]
"#;
    let model = Model::from_text(&text);
    let results = model.first_group(1);
    let die = |id| results.die_of(model.part(id), 3, 0);
    assert_close(die("d").0, 0.4, "reported");
    assert_close(die("e").0, 0.2, "twice the area");
    // Equal weights: as many good dies of either. Wafers w and 1,000 − w: w·10·0.4 = (1,000 − w)·5·0.2 gives w = 200, 800 dies.
    assert_close(die("d").1, 800.0, "good dies of d");
    assert_close(die("e").1, 800.0, "good dies of e");
}

/// Paths of an import's rate, read at the middle of the month: from 100 in January 2024 (0.0) to 400 in January 2025 (12.0), and beyond.
#[test]
fn paths_are_read_in_the_middle_of_the_month() {
    let of = |more: &str| {
        let rate = format!(
            "{{ path = {{ \"2024-01\" = \"100 units/month\", \"2025-01\" = \"400 units/month\" }}{more} }}"
        );
        let text = format!(
            "{}[import.i]\ndesigner = \"A\"\ncountry = \"US\"\nrate = {rate}\n",
            header("2026-12")
        );
        let summary = Model::from_text(&text).summary(1, 1);
        move |month: &str| stats(&summary, "units", "import:i", None, month).p50
    };
    let linear = of("");
    assert_close(linear("2024-01"), 112.5, "linear, 0.5 of 12 months");
    assert_close(linear("2024-07"), 262.5, "linear, 6.5 of 12 months");
    assert_close(linear("2026-12"), 400.0, "flat after the last anchor");
    let step = of(", between = \"step\"");
    assert_close(step("2024-12"), 100.0, "step, before");
    assert_close(step("2025-01"), 400.0, "step, after");
    let geometric = of(", between = \"geometric\"");
    assert_close(
        geometric("2024-07"),
        100.0 * libm::pow(4.0, 6.5 / 12.0),
        "geometric",
    );
    let growing = of(", growth = \"44%/year\"");
    assert_close(
        growing("2025-07"),
        400.0 * libm::pow(1.44, 6.5 / 12.0),
        "growth over 6.5 months",
    );
}

/// Events on the import of 300 a month: halved from mid-April (3.48: May, since April's middle is later than the 15th it is April) until July; replaced, then added to.
#[test]
fn events_act_from_their_date_until_their_end() {
    let model = market(
        r#"
[event.halved]
date = "2024-04-15"
until = "2024-07-01"
effect = [{ quantity = "import.i.rate", multiply = 0.5 }]
[event.late]
date = "2024-09"
delay = "1 month"
effect = [{ quantity = "import.i.rate", replace = "80 units/month" }]
[event.more]
date = "2024-11"
effect = [{ quantity = "import.i.rate", add = "5 units/month" }]
[event.never]
date = "2024-01"
probability = "0%"
effect = [{ quantity = "import.i.rate", multiply = 0 }]
"#,
    );
    let summary = model.summary(1, 1);
    // 15 April is 3 + 14/30 = 3.467, before the middle of April (3.5). `more` comes after `late` in the order of ids.
    for (month, expected) in [
        ("2024-03", 300.0),
        ("2024-04", 150.0),
        ("2024-06", 150.0),
        ("2024-07", 300.0),
        ("2024-09", 300.0),
        ("2024-10", 80.0),
        ("2024-11", 85.0),
    ] {
        let found = stats(&summary, "units", "import:i", None, month);
        assert_close(found.p50, expected, month);
    }
}
