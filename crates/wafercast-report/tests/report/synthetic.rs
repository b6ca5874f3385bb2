//! A made-up summary of the size of a real one: 72 months, 20 accelerators of 8 designers. Its numbers mean nothing.

use wafercast::summary::*;

const FIRST_YEAR: i32 = 2023;
const MONTHS: i32 = 72;

/// Standard-normal quantiles of the percentiles of [`Stats`].
const Z: [f64; 9] = [
    -1.96, -1.645, -1.282, -0.674, 0.0, 0.674, 1.282, 1.645, 1.96,
];

const CHIPS: [(&str, &str, &str, f64); 20] = [
    ("ascend-910b", "Ascend 910B", "Huawei", 18.0),
    ("ascend-910c", "Ascend 910C", "Huawei", 55.0),
    ("ascend-910d", "Ascend 910D", "Huawei", 4.0),
    ("ascend-950pr", "Ascend 950PR", "Huawei", 70.0),
    ("ascend-950dt", "Ascend 950DT", "Huawei", 40.0),
    ("ascend-960", "Ascend 960", "Huawei", 30.0),
    ("mlu-590", "MLU590", "Cambricon", 14.0),
    ("mlu-690", "MLU690", "Cambricon", 22.0),
    ("dcu-3", "DCU 3", "Hygon", 12.0),
    ("dcu-4", "DCU 4", "Hygon", 8.0),
    ("kunlun-p800", "Kunlun P800", "Kunlunxin", 11.0),
    ("kunlun-m100", "Kunlun M100", "Kunlunxin", 6.0),
    ("s4000", "MTT S4000", "Moore Threads", 3.0),
    ("s5000", "MTT S5000", "Moore Threads", 7.0),
    ("c500", "C500", "MetaX", 3.5),
    ("c600", "C600", "MetaX", 6.5),
    ("ppu", "PPU", "T-Head", 16.0),
    ("ppu-2", "PPU 2", "T-Head", 9.0),
    ("br106", "BR106", "Biren", 1.2),
    ("br20x", "BR20X", "Biren", 1.8),
];

fn spread(median: f64, sigma: f64) -> Stats {
    let [p025, p05, p10, p25, p50, p75, p90, p95, p975] = Z.map(|z| median * libm::exp(z * sigma));
    let mean = median * libm::exp(sigma * sigma / 2.0);
    Stats {
        mean,
        p025,
        p05,
        p10,
        p25,
        p50,
        p75,
        p90,
        p95,
        p975,
        mean_se: mean * sigma / 100.0,
    }
}

fn share(median: f64, sigma: f64) -> Stats {
    let logit = libm::log(median / (1.0 - median));
    let [p025, p05, p10, p25, p50, p75, p90, p95, p975] =
        Z.map(|z| 1.0 / (1.0 + libm::exp(-logit - z * sigma)));
    Stats {
        mean: median,
        p025,
        p05,
        p10,
        p25,
        p50,
        p75,
        p90,
        p95,
        p975,
        mean_se: 0.0018,
    }
}

/// 50 quantiles between those of `stats`, by straight lines in z.
fn dots(stats: &Stats) -> Vec<f64> {
    let values = [
        stats.p025, stats.p05, stats.p10, stats.p25, stats.p50, stats.p75, stats.p90, stats.p95,
        stats.p975,
    ];
    let levels = [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975];
    (0..50)
        .map(|i| {
            let level = (f64::from(i) + 0.5) / 50.0;
            let upper = levels
                .iter()
                .position(|other| *other >= level)
                .unwrap_or(8)
                .max(1);
            let part = ((level - levels[upper - 1]) / (levels[upper] - levels[upper - 1]))
                .clamp(-0.5, 1.5);
            (values[upper - 1] + part * (values[upper] - values[upper - 1])).max(0.0)
        })
        .collect()
}

fn month_name(month: i32) -> String {
    format!("{}-{:02}", FIRST_YEAR + month / 12, month % 12 + 1)
}

/// An s-curve from 0 to 1 around a month.
fn rise(month: i32, middle: f64, width: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-(f64::from(month) - middle) / width))
}

/// Uncertainty grows where data end (month 36).
fn sigma(month: i32) -> f64 {
    if month < 36 {
        0.10
    } else {
        0.10 + 0.09 * libm::sqrt(f64::from(month - 35))
    }
}

struct Builder {
    series: Vec<Series>,
}

impl Builder {
    fn push(
        &mut self,
        metric: &str,
        of: &str,
        depth: Option<&str>,
        period: String,
        unit: &str,
        stats: Stats,
    ) {
        let yearly = period.len() == 4;
        let main = of == "home" || metric.starts_with("share");
        self.series.push(Series {
            metric: metric.to_owned(),
            of: of.to_owned(),
            depth: depth.map(str::to_owned),
            period,
            unit: unit.to_owned(),
            dots: (yearly && main).then(|| dots(&stats)),
            stats,
        });
    }

    /// Months, quarters and years of a flow.
    fn flow(
        &mut self,
        metric: &str,
        of: &str,
        unit: &str,
        depth: Option<&str>,
        at: impl Fn(i32) -> f64,
    ) {
        for month in 0..MONTHS {
            self.push(
                metric,
                of,
                depth,
                month_name(month),
                unit,
                spread(at(month), sigma(month)),
            );
        }
        for year in 0..MONTHS / 12 {
            let total: f64 = (0..12).map(|m| at(12 * year + m)).sum();
            let stats = spread(total, sigma(12 * year + 6));
            self.push(
                metric,
                of,
                depth,
                (FIRST_YEAR + year).to_string(),
                unit,
                stats,
            );
        }
    }

    fn level(&mut self, metric: &str, of: &str, unit: &str, at: impl Fn(i32) -> f64) {
        for month in 0..MONTHS {
            self.push(
                metric,
                of,
                None,
                month_name(month),
                unit,
                spread(at(month), sigma(month)),
            );
        }
    }
}

fn chip_output(index: usize, month: i32) -> f64 {
    let (_, _, _, size) = CHIPS[index];
    let launch = 6.0 + 3.0 * index as f64 % 40.0;
    1000.0 * size * rise(month, launch + 10.0, 4.0) * (1.0 - 0.7 * rise(month, launch + 34.0, 4.0))
}

fn home_output(month: i32) -> f64 {
    (0..CHIPS.len())
        .map(|index| chip_output(index, month))
        .sum()
}

/// The summary.
pub fn summary() -> Summary {
    let mut b = Builder { series: Vec::new() };
    b.flow("units", "home", "units", None, home_output);
    for (metric, unit, factor) in [("h100e", "H100e", 0.55), ("value", "USD", 18_000.0)] {
        b.flow(metric, "home", unit, None, |m| {
            home_output(m) * factor * (1.0 + f64::from(m) / 100.0)
        });
        b.flow(metric, "imports", unit, None, |m| {
            90_000.0 * factor * 0.4 * (1.2 - rise(m, 30.0, 3.0))
        });
    }
    b.flow("units", "imports", "units", None, |m| {
        90_000.0 * (1.2 - rise(m, 30.0, 3.0))
    });
    b.flow("units", "legal", "units", None, |m| {
        70_000.0 * (1.1 - rise(m, 30.0, 2.0))
    });
    b.flow("units", "smuggled", "units", None, |m| {
        6_000.0 + 15_000.0 * rise(m, 34.0, 6.0)
    });
    for (id, start, size) in [
        ("h20", 14.0, 80_000.0),
        ("a800", -10.0, 30_000.0),
        ("rtx-pro-6000d", 32.0, 20_000.0),
    ] {
        b.flow("units", &format!("import:{id}"), "units", None, |m| {
            size * (rise(m, start, 2.0) - 0.95 * rise(m, start + 18.0, 2.0)).max(0.0)
        });
    }
    b.flow("demand:h100e", "all", "H100e", None, |m| {
        60_000.0 * libm::exp(f64::from(m) * 0.025)
    });
    b.flow("demand:value", "all", "USD", None, |m| {
        1.1e9 * libm::exp(f64::from(m) * 0.028)
    });

    let mut designers: Vec<&str> = CHIPS.iter().map(|chip| chip.2).collect();
    designers.dedup();
    for designer in &designers {
        b.flow(
            "units",
            &format!("designer:{designer}"),
            "units",
            None,
            |m| {
                (0..CHIPS.len())
                    .filter(|i| CHIPS[*i].2 == *designer)
                    .map(|i| chip_output(i, m))
                    .sum()
            },
        );
    }
    for (index, chip) in CHIPS.iter().enumerate() {
        b.flow(
            "units",
            &format!("accelerator:{}", chip.0),
            "units",
            None,
            |m| chip_output(index, m),
        );
    }
    for (denominator, lift) in [("share_of_purchases", 0.0), ("coverage", -0.6)] {
        for (metric, shift) in [("units", 0.0), ("value", -0.5), ("h100e", -0.9)] {
            if denominator == "coverage" && metric == "units" {
                continue;
            }
            for (depth, deep) in [("designed", 0.0), ("fabricated", -0.7), ("fully", -2.0)] {
                for year in 0..6 {
                    let logit = -1.3 + 0.55 * f64::from(year) + lift + shift + deep;
                    let stats = share(
                        1.0 / (1.0 + libm::exp(-logit)),
                        0.15 + 0.12 * f64::from(year),
                    );
                    let name = format!("{denominator}:{metric}");
                    b.push(
                        &name,
                        "home",
                        Some(depth),
                        (FIRST_YEAR + year).to_string(),
                        "fraction",
                        stats,
                    );
                }
            }
        }
    }
    for (part, unit, size, gone) in [
        ("die:ascend-910b", "dies", 2.7e6, 30.0),
        ("die:mlu-590", "dies", 3.1e5, 24.0),
        ("memory:hbm2e", "stacks", 1.2e7, 34.0),
        ("memory:hbm3", "stacks", 9e5, 50.0),
    ] {
        b.level("stock", part, unit, |m| {
            size * rise(m, 8.0, 2.0) * (1.002 - rise(m, gone, 3.5))
        });
    }
    for (metric, unit, factor) in [
        ("installed:h100e", "H100e", 0.55),
        ("installed:units", "units", 1.0),
    ] {
        let sum = |m: i32, f: &dyn Fn(i32) -> f64| -> f64 { (0..=m).map(f).sum::<f64>() * factor };
        b.level(metric, "home", unit, |m| sum(m, &home_output) + 1.0);
        b.level(metric, "all", unit, |m| {
            sum(m, &|k| {
                home_output(k) + 70_000.0 * (1.2 - rise(k, 30.0, 3.0))
            })
        });
    }

    Summary {
        schema: SCHEMA.to_owned(),
        version: "0.1.0".to_owned(),
        run: run(),
        headline: headline(),
        series: b.series,
        claims: claims(),
        binding: bindings(),
        history: history(),
        examples: examples(),
        inputs: inputs(),
        sources: sources(),
        workloads: Vec::new(),
        names: names(),
    }
}

fn run() -> RunInfo {
    RunInfo {
        scenario: "china".to_owned(),
        title: "China’s AI chips: self-sufficient by 2027?".to_owned(),
        description: Some("A made-up run that shows every part of the report. None of its numbers means anything.".to_owned()),
        home: "CN".to_owned(),
        from: "2023-01".to_owned(),
        to: "2028-12".to_owned(),
        data_until: Some("2026-01".to_owned()),
        as_of: None,
        draws: 10_000,
        seed: 2027,
        design: "lhs".to_owned(),
        set: Vec::new(),
        allocation: None,
        plan_hash: "3f9a1c77b2d04e58".to_owned(),
        command: "wafercast run china --draws 10000 --seed 2027".to_owned(),
    }
}

fn headline() -> Vec<Headline> {
    let item =
        |kind: &str, metric: &str, depth: Option<&str>, period: &str, unit: &str, stats| Headline {
            kind: kind.to_owned(),
            metric: metric.to_owned(),
            of: "home".to_owned(),
            depth: depth.map(str::to_owned),
            period: period.to_owned(),
            unit: unit.to_owned(),
            stats,
        };
    let mut chance = share(0.03, 0.1);
    chance.mean_se = 0.0017;
    vec![
        item(
            "share_of_purchases",
            "units",
            Some("designed"),
            "2027",
            "fraction",
            share(0.613, 0.5),
        ),
        item(
            "share_of_purchases",
            "units",
            Some("fabricated"),
            "2027",
            "fraction",
            share(0.47, 0.5),
        ),
        item(
            "share_of_purchases",
            "units",
            Some("fully"),
            "2027",
            "fraction",
            share(0.18, 0.6),
        ),
        item(
            "units",
            "units",
            None,
            "2027",
            "units",
            spread(2.53e6, 0.25),
        ),
        item(
            "multiple",
            "units",
            None,
            "2025–2027",
            "fraction",
            spread(2.4, 0.3),
        ),
        item("chance", "units", Some("fully"), "2027", "fraction", chance),
    ]
}

fn claims() -> Vec<ClaimResult> {
    let tested = |id: &str, says: &str, formula: &str, probability: f64, binds: &[(&str, f64)]| {
        ClaimResult {
            id: id.to_owned(),
            says: says.to_owned(),
            sources: vec!["fact-1".to_owned(), "fact-4".to_owned()],
            formula: Some(formula.to_owned()),
            probability: Some(probability),
            standard_error: Some(libm::sqrt(probability * (1.0 - probability) / 10_000.0)),
            binds_where_it_fails: binds
                .iter()
                .map(|(id, share)| ((*id).to_owned(), *share))
                .collect(),
            verdict: None,
            answer: None,
            facts: Vec::new(),
            note: None,
        }
    };
    let mut told = tested("fp8", "No Chinese chip supports FP8 natively", "", 0.0, &[]);
    told.formula = None;
    told.probability = None;
    told.standard_error = None;
    told.verdict = Some("mostly true".to_owned());
    told.answer = Some(
        "Two announced chips do; none of them shipped in volume when the sentence was written."
            .to_owned(),
    );
    told.facts = vec!["fact-2".to_owned()];
    let mut autarky = tested(
        "autarky",
        "All AI chips from home production by 2027",
        "share_of_purchases(h100e, fabricated, 2027-12) >= 100%",
        0.0004,
        &[
            ("memory:hbm2e", 0.61),
            ("die:ascend-910b", 0.24),
            ("packaging:2.5d", 0.05),
        ],
    );
    autarky.note = Some("Read as: nothing imported in the last month of 2027.".to_owned());
    vec![
        autarky,
        tested(
            "doubling",
            "SMIC doubles its 7 nm capacity in 2026",
            "capacity(owner:SMIC, 2026-12) >= 2 * capacity(owner:SMIC, 2025-12)",
            0.372,
            &[("die:ascend-910b", 0.7)],
        ),
        told,
        tested(
            "growth",
            "Output grows from 2025 to 2026",
            "units(home, 2026) > units(home, 2025)",
            0.9991,
            &[],
        ),
        tested(
            "never",
            "Output triples every year",
            "units(home, 2026) >= 3 * units(home, 2025) and units(home, 2027) >= 3 * units(home, 2026)",
            0.0,
            &[("memory:hbm3", 0.52), ("cap:ascend-910d", 0.2)],
        ),
        tested(
            "tripling",
            "AI chip output triples from 2025 to 2027",
            "units(home, 2027) >= 3 * units(home, 2025)",
            0.28,
            &[("memory:hbm2e", 0.55), ("die:ascend-950", 0.33)],
        ),
    ]
}

fn bindings() -> Vec<Binding> {
    let mut bindings = Vec::new();
    let accelerators = std::iter::once("home").chain(CHIPS.iter().take(14).map(|chip| chip.0));
    for (index, accelerator) in accelerators.enumerate() {
        let shift = index as f64;
        for month in 0..MONTHS {
            let gone = rise(month, 30.0 + shift, 4.0);
            let later = rise(month, 54.0 + shift, 5.0);
            for (resource, share) in [
                ("die:ascend-910b", 0.8 * (1.0 - gone)),
                ("memory:hbm2e", 0.75 * gone * (1.0 - later)),
                ("memory:hbm3", 0.5 * later),
                ("packaging:2.5d", 0.04 + 0.2 * later),
                ("cap:ascend-910d", 0.01 * shift),
            ] {
                bindings.push(Binding {
                    accelerator: accelerator.to_owned(),
                    resource: resource.to_owned(),
                    month: month_name(month),
                    share,
                });
            }
        }
    }
    bindings
}

fn history() -> Vec<History> {
    let seen =
        |id: &str, name: &str, metric: &str, observed: f64, model: f64, percentile: f64| History {
            id: id.to_owned(),
            name: name.to_owned(),
            metric: metric.to_owned(),
            observed_p05: observed * 0.93,
            observed_p50: observed,
            observed_p95: observed * 1.07,
            stats: spread(model, 0.12),
            percentile_of_observed: percentile,
            unit: "units".to_owned(),
            sources: vec!["fact-3".to_owned()],
        };
    vec![
        seen(
            "home-2024",
            "Home cards 2024",
            "units(home, 2024)",
            1.0e6,
            1.15e6,
            0.14,
        ),
        seen(
            "home-2025",
            "Home cards 2025",
            "units(home, 2025)",
            2.35e6,
            2.2e6,
            0.71,
        ),
        seen(
            "huawei-2025",
            "Huawei cards 2025",
            "units(designer:Huawei, 2025)",
            0.812e6,
            1.6e6,
            0.01,
        ),
    ]
}

fn examples() -> Vec<Example> {
    let mut examples = Vec::new();
    for draw in 0..12_u64 {
        let tilt = (draw as f64 - 5.5) / 3.6;
        let wave = |month: i32| libm::sin(f64::from(month) / 5.0 + draw as f64) * 0.05;
        let mut push = |of: &str, at: &dyn Fn(i32) -> f64| {
            let values = (0..MONTHS)
                .map(|m| at(m) * libm::exp(tilt * sigma(m) + wave(m)))
                .collect();
            examples.push(Example {
                draw,
                metric: "units".to_owned(),
                of: of.to_owned(),
                depth: None,
                values,
            });
        };
        push("home", &home_output);
        push("designer:Huawei", &|m| {
            (0..6).map(|i| chip_output(i, m)).sum()
        });
    }
    examples
}

fn inputs() -> Vec<Input> {
    let mut inputs = Vec::new();
    for (index, chip) in CHIPS.iter().enumerate() {
        let middle = 0.3 + 0.02 * index as f64;
        inputs.push(Input {
            name: format!("accelerator.{}.test_yield", chip.0),
            text: "90% to 97%".to_owned(),
            unit: "%".to_owned(),
            p05: 90.0,
            p50: 94.2,
            p95: 97.0,
            last: None,
            first_date: None,
            assumption: index % 3 == 0,
            sources: vec![format!("fact-{}", index % 9 + 1)],
            note: (index % 4 == 0)
                .then(|| "Card test only; package yield stands with its line.".to_owned()),
            place: format!("accelerators.toml:{}", 10 * index + 4),
        });
        inputs.push(Input {
            name: format!("fab.line-{index}.ai_share"),
            text: "path 2024-01: 25% to 40%, 2027-01: 40% to 60%".to_owned(),
            unit: "%".to_owned(),
            p05: middle * 70.0,
            p50: middle * 100.0,
            p95: middle * 135.0,
            last: Some((
                "2027-01".to_owned(),
                middle * 40.0,
                middle * 110.0,
                middle * 1100.0,
            )),
            first_date: Some("2024-01".to_owned()),
            assumption: false,
            sources: vec!["fact-5".to_owned(), "fact-6".to_owned()],
            note: None,
            place: format!("logic.toml:{}", 7 * index + 3),
        });
        inputs.push(Input {
            name: format!("memory.hbm-{index}.capacity"),
            text: "16 GB".to_owned(),
            unit: "GB".to_owned(),
            p05: 16.0,
            p50: 16.0,
            p95: 16.0,
            last: None,
            first_date: None,
            assumption: true,
            sources: Vec::new(),
            note: None,
            place: format!("memory.toml:{index}"),
        });
    }
    inputs
}

fn sources() -> Vec<SourceFact> {
    (1..=9)
        .map(|number| SourceFact {
            id: format!("fact-{number}"),
            says: format!("Line {number}: capacity at 7 nm and below is {}0,000 wafers per month at the end of 2025", number),
            title: format!("Report no. {number} on advanced capacity"),
            publisher: "Example Institute".to_owned(),
            published: if number == 9 { String::new() } else { format!("2025-0{number}-08") },
            url: if number == 8 { String::new() } else { format!("https://example.org/report/{number}?a=1&b=2") },
            quality: ["A", "B", "C"][number % 3].to_owned(),
            note: if number == 2 { "Counts nameplate, not filled wafers.".to_owned() } else { String::new() },
        })
        .collect()
}

fn names() -> Vec<Name> {
    let mut names: Vec<Name> = CHIPS
        .iter()
        .map(|chip| Name {
            id: format!("accelerator:{}", chip.0),
            name: chip.1.to_owned(),
            group: Some(chip.2.to_owned()),
        })
        .collect();
    for (id, name) in [
        ("die:ascend-910b", "Ascend 910B die"),
        ("die:mlu-590", "MLU590 die"),
        ("memory:hbm2e", "HBM2E 16 GB"),
        ("memory:hbm3", "HBM3 24 GB"),
        ("packaging:2.5d", "2.5D interposer"),
        ("import:h20", "NVIDIA H20"),
        ("import:a800", "NVIDIA A800"),
        ("import:rtx-pro-6000d", "NVIDIA RTX PRO 6000D"),
    ] {
        names.push(Name {
            id: id.to_owned(),
            name: name.to_owned(),
            group: None,
        });
    }
    names
}
