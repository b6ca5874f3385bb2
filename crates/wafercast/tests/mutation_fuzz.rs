//! Whatever the text: loading, checking, compiling and four draws neither panic nor hang.
//!
//! The cases follow from their number alone, so a failure is repeated by running it again. `WAFERCAST_FUZZ_SECONDS`
//! (default 5) says how long to go on, `WAFERCAST_FUZZ_FIRST` (default 0) with which case to begin.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/fact_base.rs"]
mod fact_base;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use wafercast::check::{CheckOptions, check};
use wafercast::compile::compile;
use wafercast::facts::FactBase;
use wafercast::load::{Limits, Override, ReadError, Reader, load};
use wafercast::scenario::Design;
use wafercast::simulate::{Sampling, Simulation};
use wafercast::time::Date;

/// No text of a few kilobytes may take longer than this, on a busy machine and without optimisation.
const HANG: Duration = Duration::from_secs(20);

/// Words that open doors in the language.
const WORDS: [&str; 44] = [
    "\"",
    "{",
    "}",
    "[",
    "]",
    "[[",
    "]]",
    "=",
    ".",
    ",",
    "\n",
    "#",
    "false",
    "true",
    "inf",
    "nan",
    "-1",
    "0",
    "1e40",
    "1e-40",
    "1e300",
    "9999999999999999999",
    "2024-01",
    "9999-12-31",
    "\u{fffd}",
    "path",
    "vintages",
    "value",
    "growth = \"99%/year\"",
    "facts(util-2025)",
    "lognormal(0, 1)",
    "mix(0.5: 1, 0.5: 2)",
    "discrete(1: 1)",
    " to ",
    "| clamp(0, 1)",
    "known = \"2024-05\"",
    "as_of = \"2024-06\"",
    "extends = \"base.toml\"",
    "include = [\"base.toml\"]",
    "home",
    "k",
    "kWSPM",
    "accelerator.x",
    "all - imports",
];

/// SplitMix64 (Steele, Lea & Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

struct Memory(BTreeMap<String, Vec<u8>>);

impl Reader for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.0.get(path).cloned().ok_or(ReadError::NotFound)
    }
}

fn mutate(text: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let at = random.below(text.len() + 1);
    let end = (at + 1 + random.below(24)).min(text.len());
    match random.below(9) {
        0 => {
            if let Some(byte) = text.get_mut(at) {
                *byte = random.next() as u8;
            }
        }
        1 => drop(text.drain(at..end)),
        2 => {
            let piece = text[at..end].to_vec();
            let to = random.below(text.len() + 1);
            text.splice(to..to, piece);
        }
        3 | 4 => {
            let word = WORDS[random.below(WORDS.len())].bytes();
            text.splice(at..at, word);
        }
        5 => {
            let word = WORDS[random.below(WORDS.len())].bytes();
            text.splice(at..end, word);
        }
        6 => {
            // a whole line of another seed
            let other = &seeds[random.below(seeds.len())];
            let lines: Vec<&[u8]> = other.split(|byte| *byte == b'\n').collect();
            let mut line = lines[random.below(lines.len())].to_vec();
            line.push(b'\n');
            let start = text[..at]
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(0, |n| n + 1);
            text.splice(start..start, line);
        }
        7 => {
            // a line less
            let start = text[..at]
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(0, |n| n + 1);
            let stop = text[at..]
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(text.len(), |n| at + n);
            text.drain(start..stop);
        }
        _ => {
            // another number
            let digit = (0..text.len())
                .cycle()
                .skip(at)
                .take(text.len())
                .find(|&n| text[n].is_ascii_digit());
            if let Some(digit) = digit {
                let number = ["0", "7", "1e9", "1e-9", "-3", "0.5", "100000"][random.below(7)];
                text.splice(digit..=digit, number.bytes());
            }
        }
    }
}

/// What became of a case: how far it got.
#[derive(Debug, Default)]
struct Reached {
    cases: u64,
    loaded: u64,
    simulated: u64,
}

fn run(case: u64, seeds: &[Vec<u8>], base: &[u8], facts: &FactBase, reached: &mut Reached) {
    let mut random = Random(case);
    let mut text = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(4) {
        mutate(&mut text, seeds, &mut random);
    }
    let reader = Memory(BTreeMap::from([
        ("s.toml".to_owned(), text),
        ("base.toml".to_owned(), base.to_vec()),
        ("../base.toml".to_owned(), base.to_vec()),
    ]));
    let overrides: Vec<Override> = match random.below(8) {
        0 => ["fab.a.utilisation=0.5", "run.samples=10"]
            .iter()
            .flat_map(|text| text.parse())
            .collect(),
        _ => Vec::new(),
    };
    let loaded = load("s.toml", &reader, &overrides, &Limits::default());
    reached.cases += 1;
    if wafercast::diagnostic::has_errors(&loaded.diagnostics) {
        return;
    }
    reached.loaded += 1;
    let as_of = (random.below(4) == 0)
        .then(|| Date::new(2024 + random.below(3) as i32, 6, 1))
        .flatten();
    let checked = check(&loaded.document, facts, &CheckOptions { as_of });
    let Some(scenario) = checked.scenario else {
        assert!(wafercast::diagnostic::has_errors(&checked.diagnostics));
        return;
    };
    let plan = compile(&scenario);
    let sampling = Sampling {
        draws: 4,
        seed: case,
        design: Design::Lhs,
    };
    let tally = Simulation::new(&plan, sampling).tally(0..4);
    assert_eq!(tally.draws(), 4);
    reached.simulated += 1;
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

#[test]
fn no_text_brings_it_down() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let facts = fact_base::facts(&folder);
    let base = std::fs::read(folder.join("base.toml")).unwrap();
    let mut files: Vec<_> = ["bad", "good"]
        .iter()
        .flat_map(|kind| std::fs::read_dir(folder.join(kind)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    // the base as often as all the others, so that half of the cases are whole scenarios
    let mut seeds: Vec<Vec<u8>> = files
        .iter()
        .map(|file| std::fs::read(file).unwrap())
        .collect();
    seeds.extend(vec![base.clone(); seeds.len()]);
    let first = number("WAFERCAST_FUZZ_FIRST", 0);
    let budget = Duration::from_secs(number("WAFERCAST_FUZZ_SECONDS", 5));
    let began = Instant::now();
    let mut reached = Reached::default();
    let mut case = first;
    while began.elapsed() < budget {
        let case_began = Instant::now();
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            run(case, &seeds, &base, &facts, &mut reached);
        }));
        assert!(
            result.is_ok(),
            "case {case} panics: WAFERCAST_FUZZ_FIRST={case}"
        );
        let took = case_began.elapsed();
        assert!(
            took < HANG,
            "case {case} took {took:?}: WAFERCAST_FUZZ_FIRST={case}"
        );
        case += 1;
    }
    println!("{reached:?}");
    assert!(
        reached.simulated > 0,
        "no case got as far as the simulation: {reached:?}"
    );
}
