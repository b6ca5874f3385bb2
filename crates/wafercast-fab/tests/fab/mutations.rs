//! Whatever the files: reading, checking, writing, compiling and a short run neither panic nor hang, and what is written
//! reads back as it was.
//!
//! The cases follow from their number alone, so a failure is repeated by running it again. `WAFERCAST_FUZZ_SECONDS`
//! (default 5) says how long to go on, `WAFERCAST_FUZZ_FIRST` (default 0) with which case to begin.

use std::time::{Duration, Instant};

use wafercast_fab::autosched::{self, NamedText};
use wafercast_fab::calendar::BucketCalendar;
use wafercast_fab::check::check;
use wafercast_fab::draw::{Draws, Stream};
use wafercast_fab::model::FabModel;
use wafercast_fab::native;
use wafercast_fab::plan::{Plan, Reading, compile};
use wafercast_fab::problem::Problem;
use wafercast_fab::simulate::Simulation;
use wafercast_fab::span::DAY;

use crate::readers::small;

/// No small model may take longer than this, on a busy machine and without optimisation.
const HANG: Duration = Duration::from_secs(30);

const MINI_FAB: &str = include_str!("../../../../scenarios/fab/mini-fab/fab.toml");

/// Pieces that open doors in the formats.
const PIECES: [&str; 34] = [
    "\t",
    "\n",
    "\t\t",
    "-1",
    "0",
    "1",
    "25",
    "1e308",
    "nan",
    "inf",
    "µ",
    "\"",
    "min",
    "day",
    "hr",
    "99999999999999999999",
    "r",
    "[[",
    "=",
    "{",
    "}",
    "exponential",
    "uniform",
    "constant",
    " ± 2 min",
    "per_batch",
    "yes",
    "rank_CR",
    "rule_LSSU",
    "least-setup",
    "setup = \"S1\"",
    "hot = true",
    "IGNORE",
    "01/01/18 00:00:00",
];

struct Random {
    words: [u32; 4],
    at: usize,
    case: u32,
    block: u32,
}

impl Random {
    fn new(case: u32) -> Random {
        Random {
            words: [0; 4],
            at: 4,
            case,
            block: 0,
        }
    }

    fn below(&mut self, n: usize) -> usize {
        if self.at == 4 {
            self.words = Draws::new(9, 0).words(Stream::Step, self.case, self.block, 0);
            (self.at, self.block) = (0, self.block + 1);
        }
        self.at += 1;
        self.words[self.at - 1] as usize % n.max(1)
    }
}

/// Cuts, doubles, replaces or moves a piece of a text, or changes a number.
fn mutate(text: &str, random: &mut Random) -> String {
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(random.below(text.len() + 1));
    let end = boundary((start + random.below(12)).min(text.len()));
    let (before, middle, after) = (&text[..start], &text[start..end], &text[end..]);
    match random.below(7) {
        0 => format!("{before}{after}"),
        1 => format!("{before}{middle}{middle}{after}"),
        2 => format!("{before}{}{after}", PIECES[random.below(PIECES.len())]),
        3 => format!(
            "{before}{}{middle}{after}",
            PIECES[random.below(PIECES.len())]
        ),
        4 => {
            let digit = text[start..]
                .find(|c: char| c.is_ascii_digit())
                .map(|at| start + at);
            let number = ["0", "7", "1000", "0.001", "-3", "1e9"][random.below(6)];
            digit.map_or_else(
                || text.to_owned(),
                |at| format!("{}{number}{}", &text[..at], &text[at + 1..]),
            )
        }
        5 => {
            // a line less, or twice
            let mut lines: Vec<&str> = text.lines().collect();
            if !lines.is_empty() {
                let at = random.below(lines.len());
                if random.below(2) == 0 {
                    lines.remove(at);
                } else {
                    lines.insert(at, lines[at]);
                }
            }
            lines.join("\n")
        }
        _ => {
            // a word of another place
            let words: Vec<&str> = text.split_whitespace().collect();
            let word = words.get(random.below(words.len())).copied().unwrap_or("");
            format!("{before}{word}{after}")
        }
    }
}

/// How far the cases got.
#[derive(Debug, Default)]
struct Reached {
    cases: u32,
    passed_check: u32,
    exported: u32,
    ran: u32,
}

fn run_case(case: u32, reached: &mut Reached) {
    let mut random = Random::new(case);
    let mut files = small();
    let (model, problems) = if random.below(2) == 0 {
        for _ in 0..=random.below(3) {
            let file = random.below(files.len());
            files[file].1 = mutate(&files[file].1, &mut random);
        }
        let named: Vec<NamedText<'_>> = files
            .iter()
            .map(|(name, text)| NamedText { name, text })
            .collect();
        autosched::read("small", &named)
    } else {
        let own = native::write(&read(&files).0);
        let mut text = if random.below(2) == 0 {
            own
        } else {
            MINI_FAB.to_owned()
        };
        for _ in 0..=random.below(3) {
            text = mutate(&text, &mut random);
        }
        native::read("small", "fab.toml", &text)
    };
    reached.cases += 1;
    let (Some(model), _) = check(model, problems) else {
        return;
    };
    reached.passed_check += 1;
    let written = native::write(model.model());
    let (again, problems) = native::read("small", "fab.toml", &written);
    assert_eq!(problems, [], "{written}");
    assert_eq!(native::write(&again), written);
    if let Ok(files) = autosched::write(model.model()) {
        reached.exported += 1;
        assert_eq!(
            native::write(&read_as(&model.model().name, &files).0),
            written
        );
    }
    let plan = compile(&model, Reading::default());
    if is_small(&plan) {
        let mut fab = Simulation::<BucketCalendar>::new(&plan, u64::from(case), 0);
        fab.run_until(DAY / 4);
        fab.audit().unwrap_or_else(|problem| panic!("{problem}"));
        reached.ran += 1;
    }
}

fn read(files: &[(String, String)]) -> (FabModel, Vec<Problem>) {
    read_as("small", files)
}

fn read_as(name: &str, files: &[(String, String)]) -> (FabModel, Vec<Problem>) {
    let named: Vec<NamedText<'_>> = files
        .iter()
        .map(|(name, text)| NamedText { name, text })
        .collect();
    autosched::read(name, &named)
}

/// A mutation may ask for very many lots or tools, which is long but no hang.
fn is_small(plan: &Plan) -> bool {
    let releases: f64 = plan
        .orders
        .iter()
        .map(|order| f64::from(order.lots_per_release) / (order.interval.mean().max(1)) as f64)
        .sum();
    releases * DAY as f64 <= 5_000.0 && plan.tool_family.len() <= 10_000
}

fn number(variable: &str, default: u64) -> u64 {
    let text = std::env::var(variable).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn no_file_brings_it_down() {
    let budget = Duration::from_secs(number("WAFERCAST_FUZZ_SECONDS", 5));
    let mut case = number("WAFERCAST_FUZZ_FIRST", 0) as u32;
    let began = Instant::now();
    let mut reached = Reached::default();
    while began.elapsed() < budget {
        let case_began = Instant::now();
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            run_case(case, &mut reached)
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
        case = case.wrapping_add(1);
    }
    println!("{reached:?}");
    assert!(
        reached.ran > 20,
        "too few cases reached the simulator: {reached:?}"
    );
}
