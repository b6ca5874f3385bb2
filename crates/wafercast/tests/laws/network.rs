//! Small networks at random: what their text says, and what it means for the balances.

use std::fmt::Write as _;

use proptest::prelude::*;

/// Months of every network.
pub const MONTHS: usize = 18;

/// A number of the scenario: uniform between two values, or its lower value where the network is certain.
#[derive(Debug, Clone, Copy)]
pub struct Number {
    pub low: f64,
    pub high: f64,
}

impl Number {
    fn text(self, unit: &str, certain: bool) -> String {
        if certain || self.high <= self.low {
            format!("\"{} {unit}\"", self.low)
        } else {
            format!("\"uniform({}, {}) {unit}\"", self.low, self.high)
        }
    }
}

/// A number between bounds; half of them have a range.
fn number(low: f64, high: f64) -> impl Strategy<Value = Number> {
    (low..high, low..high, any::<bool>()).prop_map(|(a, b, wide)| Number {
        low: a.min(b),
        high: if wide { a.max(b) } else { a.min(b) },
    })
}

/// A dated addition of capacity.
#[derive(Debug, Clone)]
pub struct Phase {
    pub add: Number,
    /// Month of the start, before the horizon if negative.
    pub start: i32,
    pub delay: Number,
    pub ramp: Number,
    pub s_curve: bool,
    pub probability: f64,
}

fn phase(least: f64, most: f64) -> impl Strategy<Value = Phase> {
    (
        number(least, most),
        -12..15_i32,
        number(0.0, 6.0),
        number(0.0, 8.0),
        any::<bool>(),
        prop_oneof![Just(1.0), 0.1..0.9_f64],
    )
        .prop_map(|(add, start, delay, ramp, s_curve, probability)| Phase {
            add,
            start,
            delay,
            ramp,
            s_curve,
            probability,
        })
}

/// `2024-01` is month 0.
pub fn month(m: i32) -> String {
    let index = 2024 * 12 + m;
    format!("{}-{:02}", index.div_euclid(12), index.rem_euclid(12) + 1)
}

impl Phase {
    fn text(&self, unit: &str, certain: bool) -> String {
        let probability = if certain { 1.0 } else { self.probability };
        format!(
            "{{ add = {}, start = \"{}\", delay = {}, ramp = {{ time = {}, shape = \"{}\" }}, probability = {probability} }}",
            self.add.text(unit, certain),
            month(self.start),
            self.delay.text("months", certain),
            self.ramp.text("months", certain),
            if self.s_curve { "s-curve" } else { "linear" },
        )
    }

    /// Capacity in a month where the network is certain (model §3).
    pub fn capacity(&self, month: usize) -> f64 {
        let since = month as f64 + 0.5 - (f64::from(self.start) + self.delay.low);
        let u = if self.ramp.low > 1e-9 {
            (since / self.ramp.low).clamp(0.0, 1.0)
        } else {
            f64::from(since >= 0.0)
        };
        let share = if self.s_curve {
            u * u * (3.0 - 2.0 * u)
        } else {
            u
        };
        self.add.low * share
    }
}

#[derive(Debug, Clone)]
pub struct Fab {
    pub home: bool,
    pub phases: Vec<Phase>,
    pub utilisation: Number,
    pub share: Number,
    pub cycle: Number,
    pub mixed: bool,
}

#[derive(Debug, Clone)]
pub struct Die {
    pub width: f64,
    pub height: f64,
    pub salvage: bool,
}

#[derive(Debug, Clone)]
pub struct PackagingLine {
    pub home: bool,
    pub in_wafers: bool,
    pub phase: Phase,
    pub quality: Number,
    pub lead: Number,
}

#[derive(Debug, Clone)]
pub struct Stockpile {
    pub home: bool,
    /// Which part, counted over dies and memories.
    pub part: usize,
    pub at: i32,
    pub amount: Number,
    pub delivery: Option<(i32, Number)>,
}

#[derive(Debug, Clone)]
pub struct Bom {
    pub dies: Vec<u8>,
    pub memory: Vec<u8>,
    /// Technology (counted over those of the network), width and height of the interposer.
    pub packaging: Option<(usize, f64, f64)>,
}

#[derive(Debug, Clone)]
pub struct Accelerator {
    pub home: bool,
    pub launch: i32,
    pub delay: Number,
    pub probability: f64,
    pub tier: u32,
    pub weight: f64,
    pub cap: Option<f64>,
    pub test_yield: Number,
    pub lifetime: Number,
    pub boms: Vec<Bom>,
}

/// A network.
#[derive(Debug, Clone)]
pub struct Network {
    pub certain: bool,
    pub processes: usize,
    pub defects: Number,
    pub model: usize,
    pub fabs: Vec<Fab>,
    pub dies: Vec<Die>,
    pub memory_lines: Vec<(Phase, Number)>,
    pub technologies: usize,
    pub packaging: Vec<PackagingLine>,
    pub stockpiles: Vec<Stockpile>,
    pub accelerators: Vec<Accelerator>,
    pub import: Option<Number>,
    pub demand: Option<Number>,
    /// What an event does to the first line's use: date, slip, probability, factor.
    pub event: Option<(i32, Number, f64, Number)>,
}

fn fab() -> impl Strategy<Value = Fab> {
    (
        any::<bool>(),
        prop::collection::vec(phase(50.0, 3_000.0), 1..3),
        number(0.3, 1.0),
        number(0.1, 1.0),
        number(0.0, 7.0),
        any::<bool>(),
    )
        .prop_map(|(home, mut phases, utilisation, share, cycle, mixed)| {
            phases.sort_by_key(|phase| phase.start);
            Fab {
                home,
                phases,
                utilisation,
                share,
                cycle,
                mixed,
            }
        })
}

fn packaging_line() -> impl Strategy<Value = PackagingLine> {
    (
        any::<bool>(),
        any::<bool>(),
        phase(10.0, 900.0),
        number(0.3, 1.0),
        number(0.0, 4.0),
    )
        .prop_map(|(home, in_wafers, phase, quality, lead)| PackagingLine {
            home,
            in_wafers,
            phase,
            quality,
            lead,
        })
}

fn stockpile() -> impl Strategy<Value = Stockpile> {
    (
        any::<bool>(),
        0..8_usize,
        -3..16_i32,
        number(0.0, 200_000.0),
        prop::option::of((0..17_i32, number(0.0, 100_000.0))),
    )
        .prop_map(|(home, part, at, amount, delivery)| Stockpile {
            home,
            part,
            at,
            amount,
            delivery,
        })
}

fn bom() -> impl Strategy<Value = Bom> {
    (
        prop::collection::vec(0..3_u8, 3),
        prop::collection::vec(0..5_u8, 2),
        prop::option::of((0..2_usize, 20.0..70.0_f64, 20.0..70.0_f64)),
    )
        .prop_map(|(dies, memory, packaging)| Bom {
            dies,
            memory,
            packaging,
        })
}

fn accelerator() -> impl Strategy<Value = Accelerator> {
    (
        (any::<bool>(), -6..14_i32, number(0.0, 5.0)),
        (
            prop_oneof![Just(1.0), 0.1..0.9_f64],
            1..3_u32,
            0.1..5.0_f64,
            prop::option::of(10.0..20_000.0_f64),
        ),
        number(0.3, 1.0),
        number(0.5, 30.0),
        prop::collection::vec(bom(), 1..3),
    )
        .prop_map(
            |(
                (home, launch, delay),
                (probability, tier, weight, cap),
                test_yield,
                lifetime,
                boms,
            )| {
                Accelerator {
                    home,
                    launch,
                    delay,
                    probability,
                    tier,
                    weight,
                    cap,
                    test_yield,
                    lifetime,
                    boms,
                }
            },
        )
}

/// A network with no uncertainty, or with every number that has a range drawn from it.
pub fn network() -> impl Strategy<Value = Network> {
    let supply = (
        prop::collection::vec(fab(), 1..4),
        prop::collection::vec(
            (5.0..28.0_f64, 5.0..28.0_f64, any::<bool>()).prop_map(|(width, height, salvage)| {
                Die {
                    width,
                    height,
                    salvage,
                }
            }),
            1..4,
        ),
        prop::collection::vec((phase(10.0, 2_000.0), number(5.0, 40.0)), 0..3),
        prop::collection::vec(packaging_line(), 0..4),
        prop::collection::vec(stockpile(), 0..5),
    );
    let market = (
        prop::option::of(number(10.0, 9_000.0)),
        prop::option::of(number(10.0, 9_000.0)),
        prop::option::of((0..15_i32, number(0.0, 4.0), 0.1..1.0_f64, number(0.2, 0.9))),
    );
    (
        (any::<bool>(), 1..3_usize, number(0.05, 0.9), 0..7_usize),
        supply,
        prop::collection::vec(accelerator(), 1..4),
        market,
    )
        .prop_map(
            |(
                (certain, processes, defects, model),
                (fabs, dies, memory_lines, packaging, stockpiles),
                accelerators,
                (import, demand, event),
            )| {
                Network {
                    certain,
                    processes: processes.min(fabs.len()).min(dies.len()),
                    defects,
                    model,
                    technologies: packaging.len().min(2),
                    fabs,
                    dies,
                    memory_lines,
                    packaging,
                    stockpiles,
                    accelerators,
                    import,
                    demand,
                    event,
                }
            },
        )
}

/// A network with one accelerator of one bill of materials, which is never capped.
pub fn single_product() -> impl Strategy<Value = Network> {
    network().prop_map(|mut network| {
        network.accelerators.truncate(1);
        network.accelerators[0].boms.truncate(1);
        network.accelerators[0].cap = None;
        network.event = None;
        network
    })
}

fn country(home: bool) -> &'static str {
    if home { "XA" } else { "XB" }
}

impl Network {
    /// Number of kinds of memory.
    pub fn memories(&self) -> usize {
        self.memory_lines.len().min(2)
    }

    /// The keys before the first table, and the tables, in an order that can be changed.
    pub fn tables(&self) -> (String, Vec<String>) {
        let head = format!(
            "format = 1\ntitle = \"random\"\nhome = \"XA\"\nhorizon = {{ from = \"2024-01\", to = \"{}\" }}\n",
            month(MONTHS as i32 - 1)
        );
        let mut tables = Vec::new();
        self.logic(&mut tables);
        self.memory_and_packaging(&mut tables);
        self.stock(&mut tables);
        for (k, accelerator) in self.accelerators.iter().enumerate() {
            tables.push(self.accelerator(k, accelerator));
        }
        self.market(&mut tables);
        (head, tables)
    }

    /// The scenario.
    pub fn text(&self) -> String {
        let (head, tables) = self.tables();
        head + &tables.concat()
    }

    fn logic(&self, tables: &mut Vec<String>) {
        const MODELS: [&str; 7] = [
            "model = \"poisson\"",
            "model = \"murphy\"",
            "model = \"murphy_rectangular\"",
            "model = \"seeds\"",
            "model = \"seeds_sqrt\"",
            "model = \"bose_einstein\", n = 3",
            "model = \"negative_binomial\", alpha = 2.5",
        ];
        // Salvage is defined for Poisson and negative binomial only.
        let salvage = self.model == 0 || self.model == 6;
        for p in 0..self.processes {
            tables.push(format!(
                "[process.p{p}]\nyield = {{ {} }}\nd0 = {}\n",
                MODELS[self.model],
                self.defects.text("/cm2", self.certain)
            ));
        }
        for (d, die) in self.dies.iter().enumerate() {
            let cores = if die.salvage && salvage {
                "cores = { total = 10, min_good = 8, area_share = 0.5 }\n"
            } else {
                ""
            };
            tables.push(format!(
                "[die.d{d}]\nprocess = \"p{}\"\nsize = {{ width = \"{} mm\", height = \"{} mm\" }}\n{cores}",
                d % self.processes,
                die.width,
                die.height,
            ));
        }
        for (f, fab) in self.fabs.iter().enumerate() {
            let process = f % self.processes;
            let phases: Vec<String> = fab
                .phases
                .iter()
                .map(|phase| phase.text("WSPM", self.certain))
                .collect();
            let mix: Vec<String> = (0..self.dies.len())
                .filter(|d| d % self.processes == process)
                .map(|d| format!("d{d} = {}", d + 1))
                .collect();
            let mix = if fab.mixed {
                format!("mix = {{ {} }}\n", mix.join(", "))
            } else {
                String::new()
            };
            tables.push(format!(
                "[fab.f{f}]\nowner = \"F{}\"\ncountry = \"{}\"\nprocess = \"p{process}\"\nutilisation = {}\nai_share = {}\ncycle_time = {}\n{mix}phase = [{}]\n",
                f % 2,
                country(fab.home),
                fab.utilisation.text("", self.certain),
                fab.share.text("", self.certain),
                fab.cycle.text("months", self.certain),
                phases.join(", "),
            ));
        }
    }

    fn memory_and_packaging(&self, tables: &mut Vec<String>) {
        for m in 0..self.memories() {
            tables.push(format!(
                "[memory.m{m}]\ncapacity = \"16 GB\"\nbandwidth = \"400 GB/s\"\nlayers = 8\n"
            ));
        }
        for (l, (phase, stacks)) in self.memory_lines.iter().enumerate() {
            tables.push(format!(
                "[memory_line.l{l}]\nowner = \"M{l}\"\ncountry = \"{}\"\nmemory = \"m{}\"\nstacks_per_wafer = {}\ncycle_time = \"{} months\"\nphase = [{}]\n",
                country(l % 2 == 0),
                l % self.memories(),
                stacks.text("", self.certain),
                l,
                phase.text("WSPM", self.certain),
            ));
        }
        for (l, line) in self.packaging.iter().enumerate() {
            let unit = if line.in_wafers {
                "WSPM"
            } else {
                "packages/month"
            };
            tables.push(format!(
                "[packaging_line.k{l}]\ntechnology = \"t{}\"\nowner = \"K\"\ncountry = \"{}\"\nyield = {}\nlead_time = {}\nphase = [{}]\n",
                l % self.technologies,
                country(line.home),
                line.quality.text("", self.certain),
                line.lead.text("months", self.certain),
                line.phase.text(unit, self.certain),
            ));
        }
    }

    /// The part of a stockpile: `die.d0`, `memory.m1`.
    fn part(&self, index: usize) -> String {
        let index = index % (self.dies.len() + self.memories());
        if index < self.dies.len() {
            format!("die.d{index}")
        } else {
            format!("memory.m{}", index - self.dies.len())
        }
    }

    fn stock(&self, tables: &mut Vec<String>) {
        for (s, stockpile) in self.stockpiles.iter().enumerate() {
            let delivery = stockpile.delivery.map_or_else(String::new, |(at, amount)| {
                format!(
                    "delivery = [{{ at = \"{}\", amount = {} }}]\n",
                    month(at),
                    amount.text("", self.certain)
                )
            });
            tables.push(format!(
                "[stockpile.s{s}]\npart = \"{}\"\norigin = {{ country = \"{}\", maker = \"S{s}\" }}\nat = \"{}\"\namount = {}\n{delivery}",
                self.part(stockpile.part),
                country(stockpile.home),
                month(stockpile.at),
                stockpile.amount.text("", self.certain),
            ));
        }
    }

    fn bom(&self, bom: &Bom) -> String {
        let counts = |letter: &str, counts: &[u8], kinds: usize| {
            let listed: Vec<String> = counts
                .iter()
                .take(kinds)
                .enumerate()
                .filter(|(_, n)| **n > 0)
                .map(|(i, n)| format!("{letter}{i} = {n}"))
                .collect();
            listed
        };
        let mut dies = counts("d", &bom.dies, self.dies.len());
        if dies.is_empty() {
            dies.push("d0 = 1".to_owned());
        }
        let mut text = format!("{{ dies = {{ {} }}", dies.join(", "));
        let memory = counts("m", &bom.memory, self.memories());
        if !memory.is_empty() {
            let _ = write!(text, ", memory = {{ {} }}", memory.join(", "));
        }
        if let (Some((t, width, height)), true) = (bom.packaging, self.technologies > 0) {
            let _ = write!(
                text,
                ", packaging = {{ technology = \"t{}\", size = {{ width = \"{width} mm\", height = \"{height} mm\" }} }}",
                t % self.technologies
            );
        }
        text + " }"
    }

    fn accelerator(&self, k: usize, accelerator: &Accelerator) -> String {
        let cap = accelerator
            .cap
            .map_or_else(String::new, |cap| format!(", cap = \"{cap} units/month\""));
        let boms: Vec<String> = accelerator.boms.iter().map(|bom| self.bom(bom)).collect();
        let probability = if self.certain {
            1.0
        } else {
            accelerator.probability
        };
        format!(
            "[accelerator.a{k}]\ndesigner = \"D{k}\"\ncountry = \"{}\"\nlaunch = \"{}\"\ndelay = {}\nprobability = {probability}\nplan = {{ tier = {}, weight = {}{cap} }}\ntest_yield = {}\nlifetime = {}\nspec = {{ bf16 = \"{} TFLOP/s\", price = \"$9 k\" }}\nbom = [{}]\n",
            country(accelerator.home),
            month(accelerator.launch),
            accelerator.delay.text("months", self.certain),
            accelerator.tier,
            accelerator.weight,
            accelerator.test_yield.text("", self.certain),
            accelerator.lifetime.text("months", self.certain),
            100 * (k + 1),
            boms.join(", "),
        )
    }

    fn market(&self, tables: &mut Vec<String>) {
        if let Some(rate) = self.import {
            tables.push(format!(
                "[import.i]\ndesigner = \"N\"\ncountry = \"US\"\nrate = {}\nlifetime = \"7 months\"\nspec = {{ bf16 = \"300 TFLOP/s\", price = \"$12 k\" }}\n",
                rate.text("units/month", self.certain)
            ));
        }
        if let Some(rate) = self.demand {
            tables.push(format!(
                "[demand.all]\nmetric = \"units\"\nrate = {}\n",
                rate.text("units/month", self.certain)
            ));
        }
        if let Some((at, delay, probability, factor)) = self.event {
            let probability = if self.certain { 1.0 } else { probability };
            tables.push(format!(
                "[event.e]\ndate = \"{}\"\ndelay = {}\nprobability = {probability}\neffect = [{{ quantity = \"fab.f0.utilisation\", multiply = {} }}]\n",
                month(at),
                delay.text("months", self.certain),
                factor.text("", self.certain),
            ));
        }
    }
}
