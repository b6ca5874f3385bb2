//! Invariants of the model (§9) over random networks.

use proptest::prelude::*;
use wafercast::packing::{Tile, Wafer, pack};
use wafercast::simulate::Results;

use crate::engine::{Model, numbers};
use crate::network::{MONTHS, Network, network, single_product};

const LANES: usize = 8;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A number that can stand in a balance.
#[track_caller]
fn assert_amount(value: f64, what: &str) {
    assert!(value.is_finite() && value >= 0.0, "{what}: {value}");
}

/// Packages of every bill of materials started in a month.
fn builds(model: &Model, results: &Results, month: usize, lane: usize) -> Vec<f64> {
    let items = 0..model.plan.items.len();
    items.map(|j| results.builds_of(j, month, lane)).collect()
}

/// Opening stock + arrivals − what the builds use = closing stock, for every part, origin and month; stocks are used in the
/// order of their origins.
fn parts_are_conserved(model: &Model, results: &Results, lane: usize) {
    for (p, part) in model.plan.parts.iter().enumerate() {
        let mut stock = vec![0.0; part.origins.len()];
        for m in 0..MONTHS {
            for (o, stock) in stock.iter_mut().enumerate() {
                let arrived = results.arrivals_of(p, o, m, lane);
                assert_amount(arrived, "arrivals");
                *stock += arrived;
            }
            let opening: f64 = stock.iter().sum();
            let used: f64 = builds(model, results, m, lane)
                .iter()
                .zip(&model.plan.items)
                .flat_map(|(built, item)| item.parts.iter().map(move |(q, n)| (*q, n * built)))
                .filter(|(q, _)| *q == p)
                .map(|(_, used)| used)
                .sum();
            // What is left below 1e-9 of the opening counts as used.
            let slack = 2e-9 * opening.max(1.0);
            assert!(
                used <= opening + slack,
                "part {p}, month {m}: {used} used of {opening}"
            );
            let mut rest = used;
            for (o, stock) in stock.iter_mut().enumerate() {
                let taken = rest.min(*stock);
                rest -= taken;
                *stock -= taken;
                let closing = results.closing_of(p, o, m, lane);
                assert_amount(closing, "closing stock");
                assert!(
                    (closing - *stock).abs() <= slack,
                    "part {p}, origin {o}, month {m}: {closing} left, expected {stock}"
                );
                *stock = closing;
            }
        }
    }
}

/// Caps, the order of depths, windows of production and lines; that nothing is negative or not a number.
fn limits_hold(model: &Model, network: &Network, results: &Results, lane: usize) {
    for m in 0..MONTHS {
        let built = builds(model, results, m, lane);
        for built in &built {
            assert_amount(*built, "builds");
        }
        for (k, accelerator) in network.accelerators.iter().enumerate() {
            let started: f64 = model.plan.accelerators[k]
                .items
                .clone()
                .map(|j| built[j])
                .sum();
            if let Some(cap) = accelerator.cap {
                assert!(
                    started <= cap * (1.0 + 1e-9),
                    "a{k}, month {m}: {started} above {cap}"
                );
            }
            if (m as f64) + 0.5 < f64::from(accelerator.launch) {
                assert_eq!(started, 0.0, "a{k} before its launch");
            }
            let [designed, fabricated, fully] = results.delivered_of(k, m, lane);
            assert_amount(fully, "fully");
            assert!(fully <= fabricated && fabricated <= designed && designed.is_finite());
        }
        for f in 0..network.fabs.len() {
            let (capacity, starts) = results.line_of(f, m, lane);
            assert_amount(starts, "starts");
            assert!(capacity.is_finite() && starts <= capacity * (1.0 + 1e-12));
        }
        for d in 0..network.dies.len() {
            let (die_yield, good) = results.die_of(d, m, lane);
            assert_amount(good, "good dies");
            assert!((0.0..=1.0).contains(&die_yield), "yield {die_yield}");
        }
    }
}

/// Every package uses 1/capacity of its technology's month; the capacity is worked out here from the phases and the packing.
fn packaging_holds(model: &Model, network: &Network, results: &Results) {
    for m in 0..MONTHS {
        let mut used = vec![0.0; network.technologies];
        for (j, item) in model.plan.items.iter().enumerate() {
            let accelerator = &network.accelerators[item.accelerator];
            let bom = j - model.plan.accelerators[item.accelerator].items.start;
            let built = results.builds_of(j, m, 0);
            let (Some((t, width, height)), true) =
                (accelerator.boms[bom].packaging, network.technologies > 0)
            else {
                continue;
            };
            let tile = Tile {
                width,
                height,
                street: 0.0,
            };
            let per_wafer = pack(&tile, &Wafer::STANDARD).count as f64;
            let t = t % network.technologies;
            let capacity: f64 = network
                .packaging
                .iter()
                .enumerate()
                .filter(|(l, _)| l % network.technologies == t)
                .map(|(_, line)| {
                    line.phase.capacity(m) * if line.in_wafers { per_wafer } else { 1.0 }
                })
                .sum();
            if capacity > 0.0 {
                used[t] += built / capacity;
            } else {
                assert_eq!(built, 0.0, "item {j}, month {m}, without packaging");
            }
        }
        for used in used {
            assert!(used <= 1.0 + 1e-9, "month {m}: {used} of the packaging");
        }
    }
}

/// Units delivered are the good ones of what was started now or earlier: cumulated, never more, but for what was in the pipeline
/// before the horizon.
fn deliveries_follow_builds(model: &Model, results: &Results, lane: usize) {
    for (k, accelerator) in model.plan.accelerators.iter().enumerate() {
        let (mut started, mut delivered) = (0.0, 0.0);
        for m in 0..MONTHS {
            let built = builds(model, results, m, lane);
            let month: f64 = accelerator.items.clone().map(|j| built[j]).sum();
            // At most four months of assembly were full before month 0.
            started += if m == 0 { 6.0 * month } else { month };
            delivered += results.delivered_of(k, m, lane)[0];
            assert!(
                delivered <= started * (1.0 + 1e-9) + 1e-9,
                "accelerator {k}, month {m}"
            );
        }
    }
}

fn no_number_is_missing(model: &Model) {
    let summary = model.summary(8, 3);
    for s in &summary.series {
        for number in numbers(&s.stats) {
            assert_amount(number, &format!("{} {} {}", s.metric, s.of, s.period));
        }
        if s.metric.starts_with("share_of") || s.metric.starts_with("coverage") {
            assert!(s.stats.p975 <= 1.0, "{} {}", s.metric, s.stats.p975);
        }
    }
    for binding in &summary.binding {
        assert!((0.0..=1.0).contains(&binding.share), "{binding:?}");
    }
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn balances_and_limits_hold(network in network()) {
        let model = Model::from_text(&network.text());
        let results = model.first_group(3);
        for lane in 0..LANES {
            parts_are_conserved(&model, &results, lane);
            limits_hold(&model, &network, &results, lane);
            deliveries_follow_builds(&model, &results, lane);
        }
        if network.certain {
            packaging_holds(&model, &network, &results);
        }
        no_number_is_missing(&model);
    }

    #[test]
    fn the_order_of_tables_changes_nothing(network in network(), order in any::<u64>()) {
        let (head, mut tables) = network.tables();
        let first = Model::from_text(&(head.clone() + &tables.concat()));
        // Fisher and Yates, with a few bits of one number for each place.
        let mut state = order;
        for i in (1..tables.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            tables.swap(i, (state >> 33) as usize % (i + 1));
        }
        let second = Model::from_text(&(head + &tables.concat()));
        prop_assert_eq!(first.plan.hash(), second.plan.hash());
        let (a, b) = (first.simulation(11, 3).tally(0..11), second.simulation(11, 3).tally(0..11));
        prop_assert!(a == b);
    }

    /// One draw says what many say, exactly.
    #[test]
    fn point_values_do_not_depend_on_the_number_of_draws(mut network in network()) {
        network.certain = true;
        let model = Model::from_text(&network.text());
        let (one, many) = (model.summary(1, 3), model.summary(29, 4));
        for (a, b) in one.series.iter().zip(&many.series) {
            let expected = a.stats.p50;
            for number in numbers(&a.stats).iter().chain(&numbers(&b.stats)).take(10) {
                prop_assert_eq!(number.to_bits(), expected.to_bits(), "{} {} {}", &a.metric, &a.of, &a.period);
            }
            prop_assert_eq!(&numbers(&a.stats)[..10], &numbers(&b.stats)[..10], "{} {} {}", &a.metric, &a.of, &a.period);
            prop_assert_eq!(b.stats.mean_se, 0.0);
        }
    }

    /// More of a stock, a line or packaging: at the end of no month have fewer packages been started.
    #[test]
    fn more_of_a_resource_never_lowers_output(network in single_product(), which in 0..4_usize, at in 0..8_usize, factor in 1.0..3.0_f64) {
        let mut more = network.clone();
        let enlarge = |number: &mut crate::network::Number| {
            number.low *= factor;
            number.high *= factor;
        };
        let grown = match which {
            0 if !more.stockpiles.is_empty() => {
                let at = at % more.stockpiles.len();
                enlarge(&mut more.stockpiles[at].amount);
                true
            }
            1 => {
                let at = at % more.fabs.len();
                more.fabs[at].phases.iter_mut().for_each(|phase| enlarge(&mut phase.add));
                true
            }
            2 if !more.packaging.is_empty() => {
                let at = at % more.packaging.len();
                enlarge(&mut more.packaging[at].phase.add);
                true
            }
            3 if !more.memory_lines.is_empty() => {
                let at = at % more.memory_lines.len();
                enlarge(&mut more.memory_lines[at].0.add);
                true
            }
            _ => false,
        };
        prop_assume!(grown);
        let (before, after) = (Model::from_text(&network.text()), Model::from_text(&more.text()));
        let (a, b) = (before.first_group(3), after.first_group(3));
        for lane in 0..LANES {
            let (mut less, mut enough) = (0.0, 0.0);
            for m in 0..MONTHS {
                less += a.builds_of(0, m, lane);
                enough += b.builds_of(0, m, lane);
                prop_assert!(enough >= less * (1.0 - 1e-7) - 1e-9, "month {}: {} after {}", m, enough, less);
            }
        }
    }
}

/// Every network above is valid, and many of them build, run short of every kind of resource, and come from home and abroad.
#[test]
fn random_networks_are_not_trivial() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut building, mut mixed) = (0, 0);
    let mut binds = [0; 4];
    for _ in 0..60 {
        let network = network().new_tree(&mut runner).unwrap().current();
        let model = Model::from_text(&network.text());
        let results = model.first_group(3);
        let plan = &model.plan;
        let kinds = [
            plan.dies.len(),
            plan.parts.len(),
            plan.parts.len() + plan.technologies.len(),
        ];
        let (mut builds, mut origins) = (false, false);
        for (k, m) in (0..network.accelerators.len()).flat_map(|k| (0..MONTHS).map(move |m| (k, m)))
        {
            let [designed, fabricated, _] = results.delivered_of(k, m, 0);
            builds |= designed > 0.0;
            origins |= 0.0 < fabricated && fabricated < designed;
            if let Some(resource) = results.bound_of(k, m, 0) {
                binds[kinds.iter().filter(|end| resource >= **end).count()] += 1;
            }
        }
        building += usize::from(builds);
        mixed += usize::from(origins);
    }
    println!(
        "{building} of 60 build, {mixed} from home and abroad; bound by die, memory, packaging, cap: {binds:?}"
    );
    assert!(building >= 40 && mixed >= 5 && binds.iter().all(|months| *months > 50));
}

/// The model's own wording: one draw and a hundred thousand give the same numbers.
#[test]
fn a_hundred_thousand_certain_draws_are_one() {
    let model = Model::from_text(
        r#"format = 1
title = "certain"
home = "XA"
horizon = { from = "2024-01", to = "2024-06" }
[process.p]
yield = { model = "poisson" }
d0 = "0.3 /cm2"
[die.d]
process = "p"
size = { width = "11 mm", height = "13 mm" }
[fab.f]
owner = "F"
country = "XA"
process = "p"
utilisation = "83%"
ai_share = "37%"
cycle_time = "2.3 months"
phase = [{ add = "1.7 kWSPM", start = "2023-01" }]
[accelerator.a]
designer = "D"
country = "XA"
launch = "2024-01"
spec = { bf16 = "123 TFLOP/s", price = "$7.7 k" }
bom = [{ dies = { d = 3 } }]
[import.i]
rate = { path = { "2024-01" = "33 units/month", "2024-06" = "77 units/month" }, between = "geometric" }
"#,
    );
    let (one, many) = (model.summary(1, 3), model.summary(100_000, 4));
    for (a, b) in one.series.iter().zip(&many.series) {
        assert_eq!(
            numbers(&a.stats),
            numbers(&b.stats),
            "{} {} {}",
            a.metric,
            a.of,
            a.period
        );
        assert!(a.stats.p025 == a.stats.p975 && a.stats.mean == a.stats.p50);
    }
}
