//! Splitting the draws changes no bit, and neither does the build profile.

use proptest::prelude::*;
use wafercast::summary::Summary;
use wafercast::tally::Tally;

use crate::engine::{Model, numbers};

const DRAWS: u64 = 203;

/// A small network with every kind of part.
pub const SMALL: &str = r#"format = 1
title = "small"
home = "XA"
horizon = { from = "2024-01", to = "2025-12" }
[process.p]
yield = { model = "negative_binomial", alpha = "2 to 3", line = "95%" }
d0 = { path = { "2024-01" = "0.3 /cm2 to 0.6 /cm2", "2025-06" = "0.1 /cm2 to 0.2 /cm2" }, rho_month = 0.9 }
[fab.f]
owner = "F"
country = "XA"
process = "p"
utilisation = "80% to 95%"
ai_share = "30% to 50%"
cycle_time = "3 months to 4 months"
phase = [{ add = "2 kWSPM to 3 kWSPM", start = "2023-01" }, { add = "3 kWSPM", start = "2024-06", delay = "pert(0, 2, 8) months", ramp = { time = "6 months", shape = "s-curve" }, probability = "70%" }]
[die.d]
process = "p"
size = { width = "20 mm", height = "25 mm", street = "0.1 mm" }
cores = { total = 20, min_good = 18, area_share = 0.5 }
[memory.m]
capacity = "16 GB"
bandwidth = "460 GB/s"
layers = 8
[stockpile.s]
part = "memory.m"
origin = { country = "XB", maker = "M" }
at = "2024-01"
amount = "500 k to 900 k"
[memory_line.l]
owner = "N"
country = "XA"
memory = "m"
stacks_per_wafer = "20 to 30"
phase = [{ add = "1 kWSPM to 2 kWSPM", start = "2025-01" }]
[packaging_line.w]
technology = "2.5d"
owner = "P"
country = "XA"
yield = "85% to 95%"
lead_time = "1 month to 2 months"
phase = [{ add = "1 kWSPM to 2 kWSPM", start = "2023-01" }]
[packaging_line.v]
technology = "2.5d"
owner = "Q"
country = "XB"
yield = "90%"
lead_time = "1.5 months"
phase = [{ add = "0.5 kWSPM", start = "2024-06" }]
[accelerator.a]
designer = "D"
country = "XA"
launch = "2024-01"
test_yield = "90% to 97%"
plan = { weight = 2 }
spec = { bf16 = "400 TFLOP/s", int8 = "800 TOP/s", price = "$10 k to $20 k" }
bom = [{ dies = { d = 2 }, memory = { m = 4 }, packaging = { technology = "2.5d", size = { width = "50 mm", height = "50 mm" } } }, { dies = { d = 1 } }]
[accelerator.b]
designer = "E"
country = "XA"
launch = "2024-07"
delay = "0.5 months to 6 months"
plan = { cap = "5 k units/month" }
spec = { bf16 = "200 TFLOP/s" }
bom = [{ dies = { d = 1 }, memory = { m = 2 }, packaging = { technology = "2.5d", size = { width = "30 mm", height = "30 mm" } } }]
[import.i]
designer = "A"
country = "US"
rate = { path = { "2024-01" = "5 k units/month to 9 k units/month" }, growth = "10%/year to 40%/year" }
spec = { bf16 = "989 TFLOP/s", price = "$25 k" }
[demand.all]
metric = "h100e"
rate = { path = { "2024-01" = "20 k H100e/month to 30 k H100e/month", "2025-12" = "60 k H100e/month to 90 k H100e/month" }, between = "geometric" }
[event.ban]
date = "2024-10"
delay = "0.1 months to 9 months"
probability = "50%"
effect = [{ quantity = "import.i.rate", multiply = "20% to 40%" }]
[[correlation]]
between = ["fab.f.utilisation", "packaging_line.w.yield"]
rank = 0.5
[claim.growth]
says = "More in 2025 than in 2024"
holds = "units(home, 2025) >= 1.5 * units(home, 2024)"
[evidence.e]
metric = "units(home, 2024)"
observed = "50 k units to 150 k units"
"#;

fn whole() -> (&'static Model, &'static Tally) {
    static WHOLE: std::sync::OnceLock<(Model, Tally)> = std::sync::OnceLock::new();
    let (model, tally) = WHOLE.get_or_init(|| {
        let model = Model::from_text(SMALL);
        let tally = model.simulation(DRAWS, 5).tally(0..DRAWS);
        (model, tally)
    });
    (model, tally)
}

fn round_trip(tally: &Tally) -> Tally {
    let bytes = postcard::to_stdvec(tally).unwrap();
    postcard::from_bytes(&bytes).unwrap()
}

/// Cuts at any draws, in equal parts of 1, 2 and 7 workers, and merging in any order.
fn split() -> impl Strategy<Value = (Vec<u64>, u64)> {
    let cuts = prop_oneof![
        Just(vec![]),
        Just(vec![DRAWS / 2]),
        Just((1..7).map(|i| i * DRAWS / 7).collect()),
        prop::collection::vec(0..=DRAWS, 0..7),
    ];
    (cuts, any::<u64>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_split_merged_in_any_order_is_the_whole((mut cuts, order) in split()) {
        let (model, expected) = whole();
        let simulation = model.simulation(DRAWS, 5);
        cuts.sort_unstable();
        cuts.insert(0, 0);
        cuts.push(DRAWS);
        let mut parts: Vec<Tally> = cuts.windows(2).map(|ends| simulation.tally(ends[0]..ends[1])).collect();
        let mut merged = Tally::empty(&model.plan);
        let mut order = order;
        while !parts.is_empty() {
            let next = parts.swap_remove((order % parts.len() as u64) as usize);
            order = order.rotate_right(7);
            merged.merge(&round_trip(&next));
        }
        prop_assert!(merged == *expected);
    }
}

#[test]
fn a_tally_survives_being_stored() {
    let (_, tally) = whole();
    assert_eq!(tally.draws(), DRAWS);
    assert!(round_trip(tally) == *tally);
}

/// FNV-1a over what the engine is for: deliveries, shares, stocks, yields and capacities, claims and what binds. Neither
/// further series nor texts that only describe the run are part of it.
fn hash(summary: &Summary) -> u64 {
    let mut text = String::new();
    let kinds = [
        "units",
        "h100e",
        "share_of_purchases:units",
        "stock",
        "yield",
        "capacity",
    ];
    for s in summary
        .series
        .iter()
        .filter(|s| kinds.contains(&s.metric.as_str()))
    {
        text += &format!("{} {} {:?} {}", s.metric, s.of, s.depth, s.period);
        for number in numbers(&s.stats).iter().chain(s.dots.iter().flatten()) {
            text += &format!(" {:016x}", number.to_bits());
        }
        text.push('\n');
    }
    for c in &summary.claims {
        text += &format!(
            "{} {:?} {:?}\n",
            c.id, c.probability, c.binds_where_it_fails
        );
    }
    for b in &summary.binding {
        text += &format!(
            "{} {} {} {:?}\n",
            b.accelerator, b.resource, b.month, b.share
        );
    }
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The same bits in every profile, on every machine. To renew after a change of a scenario, of the facts it pools or of the model: run
/// `cargo test -p wafercast --test laws golden`, check that the change explains what moved, and paste the hashes of the message.
const GOLDEN: [(&str, u64); 3] = [
    ("tutorial", 0x2c36e3868732989c),
    ("nvidia-cowos", 0xb580f87b64e2c90e),
    ("small", 0x8530d363f4845462),
];

#[test]
fn golden_bits() {
    let found = GOLDEN.map(|(name, _)| {
        let model = match name {
            "small" => Model::from_text(SMALL),
            shipped => Model::shipped(shipped, None),
        };
        (name, hash(&model.summary(200, 1)))
    });
    let listing: Vec<String> = found
        .iter()
        .map(|(name, hash)| format!("(\"{name}\", 0x{hash:016x}),"))
        .collect();
    assert!(found == GOLDEN, "the bits are now\n{}", listing.join("\n"));
}
