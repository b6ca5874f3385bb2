//! The readers: all problems with their places, and no text that breaks them.

use std::time::{Duration, Instant};

use wafercast_fab::autosched::{self, NamedText};
use wafercast_fab::calendar::BucketCalendar;
use wafercast_fab::check::check;
use wafercast_fab::draw::{Draws, Stream};
use wafercast_fab::model::FabModel;
use wafercast_fab::native;
use wafercast_fab::plan::{Reading, compile};
use wafercast_fab::problem::Problem;
use wafercast_fab::simulate::Simulation;
use wafercast_fab::span::DAY;

/// A small model in AutoSched's format, columns in an order of its own.
pub fn small() -> Vec<(String, String)> {
    let table = |lines: &[&str]| lines.join("\n").replace('|', "\t");
    vec![
        (
            "tool.txt".to_owned(),
            table(&[
                "STNQTY|STNFAM|STNGRP|FWLRANK|RULE|LTIME|LTUNITS|IGNORE",
                "2|a|A|rank_HP;rank_FIFO|rule_FIRST|1|min|x",
                "3.0|b|B||||",
            ]),
        ),
        (
            "part.txt".to_owned(),
            table(&["PART|ROUTEFILE|ROUTE", "p|myroute.txt|r"]),
        ),
        (
            "myroute.txt".to_owned(),
            table(&[
                "ROUTE|STEP|STNFAM|PDIST|PTIME|PTIME2|PTUNITS|PTPER|REWORK|RWKSTEP",
                "r|1|a|uniform|10|2|min|per_lot",
                "r|2|b|constant|1|0|min|per_piece|5|1",
            ]),
        ),
        (
            "order.txt".to_owned(),
            table(&[
                "LOT|PART|PRIOR|PIECES|START|RDIST|REPEAT|RUNITS|RPT#|DUE",
                "l|p|10|25|01/01/18 00:00:00|constant|60|min|1000|01/02/18 12:00:00",
            ]),
        ),
        (
            "downcal.txt".to_owned(),
            table(&[
                "DOWNCALNAME|DOWNCALTYPE|MTTFDIST|MTTF|MTTFUNITS|MTTRDIST|MTTR|MTTRUNITS",
                "d|mttf_by_cal|exponential|100|hr|exponential|1|hr",
            ]),
        ),
        (
            "attach.txt".to_owned(),
            table(&[
                "CALNAME|CALTYPE|RESTYPE|RESNAME|FOADIST|FOA|FOAUNITS",
                "d|down|stngrp|A|exponential|100|hr",
            ]),
        ),
    ]
}

fn read(files: &[(String, String)]) -> (FabModel, Vec<Problem>) {
    let named: Vec<NamedText<'_>> = files
        .iter()
        .map(|(name, text)| NamedText { name, text })
        .collect();
    autosched::read("small", &named)
}

#[test]
fn a_small_model_is_read() {
    let (model, problems) = read(&small());
    assert_eq!(problems, []);
    assert_eq!(model.orders[0].due_after, Some(DAY + DAY / 2));
    assert_eq!(
        (model.families[1].tools, model.routes[0].steps.len()),
        (3, 2)
    );
    let (model, problems) = check(model, problems);
    assert!(model.is_some(), "{problems:?}");
}

#[test]
fn both_formats_say_the_same() {
    let (model, _) = read(&small());
    let strip = |model: &FabModel| {
        // Places differ between formats.
        let (again, problems) = native::read("small", "fab.toml", &native::write(model));
        assert_eq!(problems, []);
        native::write(&again)
    };
    assert_eq!(strip(&model), native::write(&model));
    let (again, problems) = read(&autosched::write(&model));
    assert_eq!(problems, []);
    assert_eq!(native::write(&again), native::write(&model));
}

#[test]
fn all_problems_at_once_with_row_and_column() {
    let mut files = small();
    for (name, text) in &mut files {
        *text = match name.as_str() {
            "tool.txt" => text
                .replace("rank_FIFO", "rank_FIFA")
                .replace("IGNORE", "COLOUR"),
            "myroute.txt" => text
                .replace("\tb\t", "\tbb\t")
                .replace("per_lot", "per_lott")
                .replace("10\t2", "10\t12"),
            "order.txt" => text.replace("01/02/18", "13/02/18").replace("l\tp", "l\tq"),
            "attach.txt" => text.replace("stngrp", "stngrpp"),
            _ => text.clone(),
        };
    }
    let (model, problems) = read(&files);
    let (model, problems) = check(model, problems);
    assert!(model.is_none());
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    for (place, help) in [
        ("tool.txt, row 1, column COLOUR", "IGNORE"),
        (
            "tool.txt, row 2, column FWLRANK",
            "did you mean `rank_FIFO`",
        ),
        ("myroute.txt, row 2, column PTPER", "did you mean `per_lot`"),
        ("myroute.txt, row 2, column PTIME2", "may not be negative"),
        ("myroute.txt, row 3, column STNFAM", "did you mean `b`"),
        ("order.txt, row 2, column DUE", "01/31/18"),
        ("order.txt, row 2, column PART", "did you mean `p`"),
        ("attach.txt, row 2, column RESTYPE", "did you mean `stngrp`"),
    ] {
        assert!(
            texts
                .iter()
                .any(|text| text.contains(place) && text.contains(help)),
            "{place}: {texts:#?}"
        );
    }
}

#[test]
fn toml_problems_name_their_line() {
    let text = "[[family]]\nname = \"a\"\ntool = 3\nranking = [\"fifa\"]\n[[route]]\nname = \"r\"\nsteps = [\n{ id = \"1\", family = \"b\", process = \"3 weeks\" },\n]\n";
    let (model, problems) = native::read("t", "fab.toml", text);
    let (_, problems) = check(model, problems);
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    for (place, part) in [
        ("fab.toml, row 3, key tool:", "did you mean `tools`"),
        ("fab.toml, row 1, key ranking", "did you mean `fifo`"),
        ("fab.toml, row 8, key process", "unit"),
        ("fab.toml, row 8, key family", "`b` is not defined"),
    ] {
        assert!(
            texts
                .iter()
                .any(|text| text.contains(place) && text.contains(part)),
            "{place}: {texts:#?}"
        );
    }
}

/// Mutates the files of a small model: whatever comes out, nothing panics, and what passes the check runs. Seconds of
/// searching from `WAFERCAST_FUZZ_SECONDS`, two without it.
#[test]
fn mutated_files_break_nothing() {
    let seconds = std::env::var("WAFERCAST_FUZZ_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(2);
    let until = Instant::now() + Duration::from_secs(seconds);
    let originals = small();
    let native = native::write(&read(&originals).0);
    let (mut round, mut passed) = (0u32, 0u32);
    while Instant::now() < until || round < 300 {
        round += 1;
        let words = |at: u32| Draws::new(9, 0).words(Stream::Step, round, at, 0);
        let mut files = originals.clone();
        for change in 0..=words(0)[0] % 3 {
            let [file, place, what, length] = words(change + 1);
            let file = file as usize % files.len();
            files[file].1 = mutate(&files[file].1, place, what, length);
        }
        let (model, problems) = read(&files);
        passed += u32::from(try_run(model, problems));
        let [_, place, what, length] = words(9);
        let (model, problems) =
            native::read("n", "fab.toml", &mutate(&native, place, what, length));
        passed += u32::from(try_run(model, problems));
    }
    println!("{round} rounds, {passed} ran");
    assert!(
        passed > 20,
        "{passed} of {round} rounds reached the simulator"
    );
}

fn try_run(model: FabModel, problems: Vec<Problem>) -> bool {
    let (Some(model), _) = check(model, problems) else {
        return false;
    };
    let plan = compile(&model, Reading::default());
    // A mutation may ask for a million lots a day; a short run shows that it works.
    let releases: f64 = plan
        .orders
        .iter()
        .map(|order| f64::from(order.lots_per_release) / (order.interval.mean().max(1)) as f64)
        .sum();
    if releases * DAY as f64 > 5_000.0 || plan.tool_family.len() > 10_000 {
        return false;
    }
    let mut fab = Simulation::<BucketCalendar>::new(&plan, 1, 0);
    fab.run_until(DAY / 4);
    fab.audit().unwrap_or_else(|problem| panic!("{problem}"));
    true
}

/// Cuts, doubles or replaces a piece of a text.
fn mutate(text: &str, place: u32, what: u32, length: u32) -> String {
    const PIECES: [&str; 14] = [
        "\t",
        "\n",
        "-1",
        "0",
        "1e308",
        "nan",
        "µ",
        "\"",
        "min",
        "day",
        "99999999999999999999",
        "r",
        "[[",
        "=",
    ];
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(place as usize % (text.len() + 1));
    let end = boundary((start + length as usize % 12).min(text.len()));
    let middle = match what % 4 {
        0 => String::new(),
        1 => text[start..end].repeat(2),
        _ => PIECES[(what / 4) as usize % PIECES.len()].to_owned(),
    };
    format!("{}{middle}{}", &text[..start], &text[end..])
}
