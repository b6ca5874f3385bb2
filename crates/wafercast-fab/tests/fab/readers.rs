//! The readers and writers: all problems with their places; what is written reads back as it was, or is refused.

use wafercast_fab::autosched::{self, NamedText};
use wafercast_fab::check::check;
use wafercast_fab::model::{FabModel, Rank};
use wafercast_fab::native;
use wafercast_fab::problem::Problem;
use wafercast_fab::span::DAY;

/// A small model in AutoSched's format, columns in an order of its own.
pub fn small() -> Vec<(String, String)> {
    let table = |lines: &[&str]| lines.join("\n").replace('|', "\t");
    vec![
        (
            "tool.txt".to_owned(),
            table(&[
                "STNQTY|STNFAM|STNGRP|FWLRANK|RULE|LTIME|LTUNITS|SETUPGRP|STNFAMLOC|IGNORE",
                "2|a|A|rank_HP;rank_FIFO|rule_FIRST|1|min||Fab|x",
                "3.0|b|B|rank_HP;rank_RSETUP|rule_LSSU|||g|Fab",
            ]),
        ),
        (
            "part.txt".to_owned(),
            table(&["PART|ROUTEFILE|ROUTE", "p|myroute.txt|r"]),
        ),
        (
            "myroute.txt".to_owned(),
            table(&[
                "ROUTE|STEP|STNFAM|PDIST|PTIME|PTIME2|PTUNITS|PTPER|REWORK|RWKSTEP|SETUP|WHEN|BATCHMN|BATCHMX|STEP_CQT|CQT|CQTUNITS|SVESTN|FORSTEP|StepPercent|PartInterval|PartIntUnits",
                "r|1|a|uniform|10|2|min|per_lot|||||||3|4|hr|yes|3",
                "r|2|b|constant|1|0|min|per_piece|5|1|S1|need|||||||||0.5|min",
                "r|3|a|constant|9||min|per_batch|||||25|50|||||||",
                "r|4|b|constant|8||min|per_lot|||S2|need||||||||80",
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
                "w|pm|stnfam|b|constant|500|",
                "t|pm|stnfam|b|constant|5|day",
            ]),
        ),
        (
            "pmcal.txt".to_owned(),
            table(&[
                "PMCALNAME|PMCALTYPE|MTBPM|MTBPMUNITS|MTTRDIST|MTTR|MTTR2|MTTRUNITS",
                "w|mtbpm_by_pieces|2000|pieces|uniform|8|1.5|hr",
                "t|mtbpm_by_cal|30|day|constant|8||hr",
            ]),
        ),
        (
            "setup.txt".to_owned(),
            table(&[
                "CURSETUP|NEWSETUP|STIME|STUNITS",
                "S1|S2|7|min",
                "|S1|12|min",
            ]),
        ),
        (
            "setupgrp.txt".to_owned(),
            table(&["SETUPGRP|SETUP|MINRUN", "g|S1|3", "|S2|2"]),
        ),
        (
            "fromto.txt".to_owned(),
            table(&[
                "FROMLOC|TOLOC|DDIST|DTIME|DTIME2|DUNITS",
                "Fab|Fab|uniform|5|1|min",
            ]),
        ),
        (
            "WIP.txt".to_owned(),
            table(&[
                "LOT|PART|PRIOR|PIECES|START|CURSTEP|DUE|ORDER|HOTLOT",
                "w1|p|10|25|01/01/18 00:00:00|2|01/02/18 06:00:00|O_WIP",
                "w2|p|20|20|01/01/18 00:00:00||01/02/18 06:00:00|O_WIP|yes",
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
        (3, 4)
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
    let files = autosched::write(&model).expect("AutoSched's tables can hold it");
    let (again, problems) = read(&files);
    assert_eq!(problems, []);
    assert_eq!(native::write(&again), native::write(&model));
}

/// A model of the native format, changed.
fn changed(change: impl FnOnce(&mut FabModel)) -> FabModel {
    let (mut model, _) = read(&small());
    change(&mut model);
    model
}

#[test]
fn what_autosched_cannot_say_is_refused() {
    let expression = wafercast_fab::rank::from_text("due - now").expect("an expression");
    for (model, part) in [
        (
            changed(|model| model.families[0].ranking = vec![expression]),
            "the expression `due - now`",
        ),
        (
            changed(|model| model.orders[0].start = DAY),
            "it would read back as",
        ),
        (
            changed(|model| model.orders[0].due_after = Some(500)),
            "`due_after = ",
        ),
        (
            changed(|model| model.families[0].name = "a\tb".to_owned()),
            "AutoSched's tables cannot hold",
        ),
        (
            changed(|model| model.families[0].area = String::new()),
            "`area = ",
        ),
    ] {
        let problems = autosched::write(&model).expect_err(part);
        assert!(problems[0].message.contains(part), "{problems:?}");
        assert!(!problems[0].help.is_empty());
    }
    let named =
        changed(|model| model.families[0].ranking = vec![Rank::CriticalRatio, Rank::DueDate]);
    assert!(autosched::write(&named).is_ok());
}

#[test]
fn route_files_are_those_that_parts_name() {
    let files = small();
    let parts = files
        .iter()
        .find(|(name, _)| name == "part.txt")
        .expect("parts");
    assert_eq!(autosched::route_files(&parts.1), ["myroute.txt"]);
}

/// What differs between the SMT2020 data sets: more parts and routes, critical ratio, delays as tools at a place of
/// their own, counts of wafers without a unit, numbers with decimals, orders of one product under several priorities.
#[test]
fn what_occurs_in_other_data_sets_is_read() {
    let files = small().into_iter().map(|(name, text)| {
        let text = match name.as_str() {
            "tool.txt" => text.replace("rank_FIFO", "rank_RSETUP;rank_CR") + "\n400.0\tDelay_32\tDelay_32\t\t\t0.0\tmin\t\tDelay",
            "order.txt" => {
                text + "\nSuperHotLot\tp\t30\t25\t01/01/18 00:00:00\tconstant\t28258.37\tmin\t2000\t01/28/18 18:30:14"
            }
            _ => text,
        };
        (name, text)
    });
    let (model, problems) = read(&files.collect::<Vec<_>>());
    let (model, problems) = check(model, problems);
    assert!(model.is_some(), "{problems:?}");
}

#[test]
fn what_would_never_end_or_fit_is_refused() {
    let lots = changed(|model| model.orders[0].lots_per_release = 10_000);
    let calendars = changed(|model| {
        let one = model.attachments[0].clone();
        model.attachments = vec![one; 65];
    });
    for (model, part) in [(lots, "lots a day"), (calendars, "65 breakdown calendars")] {
        let (model, problems) = check(model, Vec::new());
        assert!(model.is_none());
        assert!(
            problems
                .iter()
                .any(|problem| problem.message.contains(part)),
            "{problems:?}"
        );
    }
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
                .replace("uniform\t10\t2", "uniform\t10\t12"),
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
