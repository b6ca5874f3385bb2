//! `wafercast fab`, command by command, and scenarios whose lines take their capacity from a fab model.

use std::fs;

use serde_json::Value;

use crate::sandbox::Sandbox;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn check_shows_every_problem_with_its_place() {
    let sandbox = Sandbox::new();
    let good = sandbox.succeed(&["fab", "check", "mini-fab"]);
    assert!(good.contains("3 families with 5 tools"), "{good:?}");
    let text = "[[family]]\nname = \"a\"\ntool = 1\n[[route]]\nname = \"r\"\nsteps = [{ id = \"1\", family = \"b\", process = \"3 weeks\" }]\n";
    fs::write(sandbox.join("bad.toml"), text).unwrap();
    let bad = sandbox.call(&["fab", "check", "bad.toml"]);
    assert_eq!(bad.code, 1);
    for part in [
        "bad.toml, row 3, key tool",
        "did you mean `tools`?",
        "`b` is not defined",
        "weeks",
    ] {
        assert!(bad.stderr.contains(part), "{part}: {}", bad.stderr);
    }
    let all = json(
        &sandbox
            .call(&["fab", "check", "bad.toml", "--format", "json"])
            .stdout,
    );
    assert!(all.as_array().unwrap().len() >= 3, "{all}");
}

#[test]
fn capacity_names_what_cannot_carry_its_load() {
    let sandbox = Sandbox::new();
    let good = sandbox.succeed(&["fab", "capacity", "mini-fab"]);
    assert!(good.contains("Every family can carry its load"), "{good:?}");
    let full = sandbox.call(&["fab", "capacity", "mini-fab", "--starts", "1.12"]);
    assert_eq!(full.code, 3);
    assert!(
        full.stdout.contains("1 family cannot carry its load"),
        "{full:?}"
    );
    let refused = sandbox.call(&["fab", "run", "mini-fab", "--starts", "1.12"]);
    assert_eq!(refused.code, 3);
    assert!(
        refused.stderr.contains("`litho` has 1 tool and needs"),
        "{refused:?}"
    );
}

#[test]
fn run_tells_everything_and_writes_it() {
    let sandbox = Sandbox::new();
    let run = [
        "fab",
        "run",
        "mini-fab",
        "--days",
        "30",
        "--warm-up",
        "5",
        "--replications",
        "3",
    ];
    let told = json(&sandbox.succeed(&[&run[..], &["--format", "json"]].concat()));
    let summary = &told["summary"];
    for key in [
        "work_in_process",
        "wafers_per_day",
        "orders",
        "areas",
        "families",
        "tools",
        "series",
    ] {
        assert!(!summary[key].is_null(), "{key}");
    }
    let order = &summary["orders"][0];
    for key in [
        "cycle_time_days",
        "cycle_time_percentiles",
        "flow_factor",
        "on_time_percent",
        "tardiness_days",
        "violations_percent",
    ] {
        assert!(!order[key].is_null(), "{key}: {order}");
    }
    assert!(order["cycle_time_days"]["half_width"].as_f64().unwrap() > 0.0);
    assert!(summary["families"][0]["oee"]["mean"].as_f64().unwrap() > 0.0);
    assert!(told["capacity"]["families"][0]["best"].as_f64().unwrap() > 0.5);
    let one = sandbox.succeed(&[&run[..], &["--threads", "1"]].concat());
    let seven = sandbox.succeed(&[&run[..], &["--threads", "7"]].concat());
    assert_eq!(one, seven);
    sandbox.succeed(&[&run[..], &["--out", "o"]].concat());
    for name in [
        "summary.json",
        "report.html",
        "orders.csv",
        "families.parquet",
        "tools.csv",
        "days.csv",
        "lots.parquet",
    ] {
        assert!(
            sandbox.join("o").join(name).metadata().unwrap().len() > 100,
            "{name}"
        );
    }
    let page = fs::read_to_string(sandbox.join("o/report.html")).unwrap();
    for part in [
        "Tools by area",
        "Bottlenecks",
        "Over time",
        "What the tools of",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn a_restored_run_goes_on_with_the_same_bits() {
    let sandbox = Sandbox::new();
    let lots = |folder: &str| {
        let text = fs::read_to_string(sandbox.join(folder).join("lots.csv")).unwrap();
        text.lines().map(str::to_owned).collect::<Vec<String>>()
    };
    sandbox.succeed(&["fab", "run", "mini-fab", "--days", "40", "--out", "whole"]);
    sandbox.succeed(&[
        "fab",
        "run",
        "mini-fab",
        "--days",
        "25",
        "--save",
        "state.bin",
    ]);
    sandbox.succeed(&[
        "fab",
        "run",
        "mini-fab",
        "--days",
        "15",
        "--restore",
        "state.bin",
        "--out",
        "rest",
    ]);
    let (whole, rest) = (lots("whole"), lots("rest"));
    assert_eq!(whole.last(), rest.last());
    let other = sandbox.call(&[
        "fab",
        "run",
        "mini-fab",
        "--days",
        "5",
        "--seed",
        "2",
        "--restore",
        "state.bin",
    ]);
    assert_ne!(other.code, 0, "{other:?}");
    fs::write(sandbox.join("state.bin"), b"not a state").unwrap();
    let damaged = sandbox.call(&[
        "fab",
        "run",
        "mini-fab",
        "--days",
        "5",
        "--restore",
        "state.bin",
    ]);
    assert_eq!(damaged.code, 74, "{damaged:?}");
}

#[test]
fn compare_limits_and_ramp_answer() {
    let sandbox = Sandbox::new();
    let few = ["--days", "40", "--warm-up", "5", "--replications", "2"];
    let compared = [
        &["fab", "compare", "mini-fab", "--tools", "litho=+1"],
        &few[..],
    ]
    .concat();
    assert!(sandbox.succeed(&compared).contains("cycle time, days"));
    let told = json(&sandbox.succeed(&[&compared[..], &["--format", "json"]].concat()));
    let first = &told["comparison"]["rows"][0];
    assert!(
        first["difference"]["mean"].as_f64().unwrap() < 0.0,
        "{first}"
    );
    assert_eq!(told["summaries"].as_array().unwrap().len(), 2);
    assert_eq!(sandbox.call(&["fab", "compare", "mini-fab"]).code, 2);
    let limits = [&["fab", "limits", "mini-fab", "--families", "2"], &few[..]].concat();
    assert!(sandbox.succeed(&limits).contains("`litho` limits this fab"));
    let told = json(&sandbox.succeed(&[&limits[..], &["--format", "json"]].concat()));
    assert_eq!(told["one_more"].as_array().unwrap().len(), 2);
    assert!(!told["summary"]["orders"].is_null());
    let ramp = [
        "fab",
        "ramp",
        "mini-fab",
        "--starts",
        "0:0.5,60:1",
        "--days",
        "300",
        "--every",
        "20",
    ];
    let told = json(&sandbox.succeed(&[&ramp[..], &["--format", "json"]].concat()));
    let from = told["full_rate"]["from_day"].as_f64().unwrap();
    assert!((40.0..=100.0).contains(&from), "{from}");
    for command in ["run", "compare", "limits", "ramp"] {
        let none = sandbox.call(&[
            "fab",
            command,
            "mini-fab",
            "--tools",
            "litho=2",
            "--days",
            "5",
            "--warm-up",
            "9",
        ]);
        assert_eq!(none.code, 2, "{command}: {none:?}");
    }
}

#[test]
fn convert_there_and_back_or_say_why_not() {
    let sandbox = Sandbox::new();
    sandbox.succeed(&["fab", "convert", "mini-fab", "tables"]);
    assert!(sandbox.join("tables/tool.txt").exists());
    sandbox.succeed(&["fab", "convert", "tables", "back"]);
    let run = |model: &str| {
        let told =
            json(&sandbox.succeed(&["fab", "run", model, "--days", "20", "--format", "json"]));
        told["summary"]["orders"].clone()
    };
    assert_eq!(run("mini-fab"), run("tables"));
    assert_eq!(run("mini-fab"), run("back"));
    let filled = sandbox.call(&["fab", "convert", "mini-fab", "tables"]);
    assert_eq!(filled.code, 2, "{filled:?}");
    let text = fs::read_to_string(sandbox.join("back/fab.toml")).unwrap();
    let text = text.replacen("[\"fifo\"]", "[\"due - now\"]", 1);
    fs::write(sandbox.join("expression.toml"), text).unwrap();
    let refused = sandbox.call(&["fab", "convert", "expression.toml", "no"]);
    assert_eq!(refused.code, 1);
    assert!(
        refused.stderr.contains("the expression `due - now`"),
        "{refused:?}"
    );
    assert!(!sandbox.join("no").exists());
}

/// A scenario whose line takes its capacity from a small fab of its own folder.
fn linked(phases: &str) -> Sandbox {
    let sandbox = Sandbox::with_scenario();
    let path = sandbox.join("mine/scenario.toml");
    let text = fs::read_to_string(&path).unwrap();
    let (line, die) = (text.find("[fab.").unwrap(), text.find("[die.").unwrap());
    let own = format!(
        "[fab.own]\nowner = \"Foundry\"\ncountry = \"XA\"\nprocess = \"n7\"\nutilisation = \"80% to 95%\"\nai_share = \"50%\"\nassumption = \"made up\"\ncapacity = {{ fab = \"line\", days = 20, replications = 2 }}\n{phases}\n"
    );
    fs::write(&path, format!("{}{own}{}", &text[..line], &text[die..])).unwrap();
    sandbox.succeed(&["fab", "convert", "mini-fab", "mine/line", "--to", "toml"]);
    sandbox
}

const TWO_PHASES: &str = "phase = [{ start = \"2026-01\" }, { start = \"2027-01\", tools = { litho = 1, diffusion = 2, implant = 2 } }]";

#[test]
fn a_line_takes_its_capacity_from_a_fab_model() {
    let sandbox = linked(TWO_PHASES);
    let cache = sandbox.join("cache");
    let call = |arguments: &[&str]| {
        let mut command = sandbox.command(arguments);
        command.env("WAFERCAST_CACHE", &cache);
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let run = ["run", "mine", "--draws", "64", "--out", "a"];
    let (code, _, first) = call(&run);
    assert_eq!(code, Some(0), "{first}");
    assert_eq!(first.matches("simulating `mini-fab`").count(), 2, "{first}");
    assert!(sandbox.join("a/inputs/mine/line/fab.toml").exists());
    // Kept by the content of the model: the second time nothing is simulated, and the same comes out.
    let (code, _, second) = call(&["run", "mine", "--draws", "64", "--out", "b"]);
    assert_eq!(code, Some(0), "{second}");
    assert!(!second.contains("simulating"), "{second}");
    let summary = |folder: &str| {
        let mut told =
            json(&fs::read_to_string(sandbox.join(folder).join("summary.json")).unwrap());
        let fields = told.as_object_mut().unwrap();
        fields.retain(|key, _| key != "command" && key != "run");
        told
    };
    assert_eq!(summary("a"), summary("b"));
    let text = fs::read_to_string(sandbox.join("a/summary.json")).unwrap();
    assert!(
        text.contains("simulated with fab model `line`"),
        "its origin is told"
    );
}

#[test]
fn what_is_wrong_with_a_fab_model_is_shown_at_its_line() {
    let wrong_family = linked(
        "phase = [{ start = \"2026-01\" }, { start = \"2027-01\", tools = { lithoo = 1 } }]",
    );
    let told = wrong_family.call(&["check", "mine"]);
    assert_eq!(told.code, 1);
    for part in ["WF0611", "lithoo", "did you mean `litho`?", "scenario.toml"] {
        assert!(told.stdout.contains(part), "{part}: {told:?}");
    }
    let wrong_model = linked(TWO_PHASES);
    let path = wrong_model.join("mine/line/fab.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("255 min", "255 weeks", 1)).unwrap();
    let told = wrong_model.call(&["check", "mine"]);
    assert_eq!(told.code, 1);
    for part in [
        "WF0611",
        "line/fab.toml",
        "255 weeks",
        "the fab model of this line",
    ] {
        assert!(told.stdout.contains(part), "{part}: {told:?}");
    }
    fs::remove_file(&path).unwrap();
    let told = wrong_model.call(&["check", "mine"]);
    assert!(
        told.stdout.contains("there is no fab model `line`"),
        "{told:?}"
    );
}
