//! Each command: what it says and how it ends.

use crate::sandbox::{Outcome, Sandbox};

const SMALL: [&str; 2] = ["--draws", "200"];

#[test]
fn the_bare_command_says_what_is_there_and_what_to_type() {
    let text = Sandbox::new().succeed(&[]);
    for part in [
        "Shipped scenarios",
        "What to type next",
        "wafercast run china",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn help_lists_the_exit_codes() {
    let text = Sandbox::new().succeed(&["--help"]);
    assert!(text.contains("74  input or output failed"), "{text}");
}

#[test]
fn wrong_usage_is_exit_2() {
    let sandbox = Sandbox::with_scenario();
    for arguments in [
        &["frobnicate"][..],
        &["run"],
        &["run", "mine", "--draws", "0"],
        &["run", "mine", "--draws", "many"],
        &["run", "mine", "--set", "no-equals-sign"],
        &["run", "mine", "--as-of", "soon"],
        &["explain", "WF9999"],
        &["facts", "show", "no-such-fact"],
        &["compare", "mine"],
        &["init", "mine"],
        &["completions", "cobol"],
    ] {
        let outcome = sandbox.call(arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}: {outcome:#?}");
        assert!(
            outcome.stderr.contains("error:"),
            "{arguments:?}: {outcome:#?}"
        );
        assert!(outcome.stdout.is_empty(), "{arguments:?}: {outcome:#?}");
    }
}

#[test]
fn a_missing_scenario_is_exit_74_and_names_the_shipped_ones() {
    let outcome = Sandbox::new().call(&["run", "atlantis"]);
    assert_eq!(outcome.code, 74, "{outcome:#?}");
    assert!(
        outcome.stderr.contains("hint: shipped scenarios"),
        "{outcome:#?}"
    );
}

#[test]
fn the_answer_comes_first_and_the_talk_goes_to_standard_error() {
    let sandbox = Sandbox::with_scenario();
    let outcome = sandbox.call(&["run", "mine", "--draws", "200"]);
    assert_eq!(outcome.code, 0, "{outcome:#?}");
    let first = outcome.stdout.lines().next().unwrap();
    assert_eq!(first, "My country's accelerators");
    for part in [
        "200 draws",
        "In 20",
        "median",
        "Claims",
        "What binds home output",
    ] {
        assert!(outcome.stdout.contains(part), "{part}: {}", outcome.stdout);
    }
    assert!(
        outcome.stderr.contains("runs/mine-001/report.html"),
        "{outcome:#?}"
    );
    for line in outcome.stdout.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

#[test]
fn colour_is_never_needed_and_can_be_forced() {
    let sandbox = Sandbox::with_scenario();
    let arguments = ["claims", "mine", "--draws", "200"];
    let plain = sandbox.succeed(&arguments);
    assert!(!plain.contains('\u{1b}'), "{plain}");
    let forced = Outcome::of(sandbox.command(&arguments).env("CLICOLOR_FORCE", "1"));
    assert!(forced.stdout.contains('\u{1b}'), "{forced:#?}");
    let refused = Outcome::of(sandbox.command(&arguments).env("NO_COLOR", "1"));
    assert_eq!(refused.stdout, plain);
}

#[test]
fn check_shows_all_problems_at_once() {
    let sandbox = Sandbox::with_scenario();
    let path = sandbox.join("mine/scenario.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text
        .replace("8 kWSPM to 12 kWSPM", "8 kWSPN to 12 kWSPN")
        .replace("process     = \"n7\"", "process     = \"n77\"");
    std::fs::write(&path, text).unwrap();

    let outcome = sandbox.call(&["check", "mine"]);
    assert_eq!(outcome.code, 1, "{outcome:#?}");
    for part in [
        "kWSPN",
        "n77",
        "WF0",
        "mine/scenario.toml:",
        "help",
        "errors",
    ] {
        assert!(outcome.stdout.contains(part), "{part}: {}", outcome.stdout);
    }

    let outcome = sandbox.call(&["check", "mine", "--message-format", "json"]);
    assert_eq!(outcome.code, 1, "{outcome:#?}");
    let errors = outcome
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|diagnostic| diagnostic["severity"] == "error")
        .count();
    assert!(errors >= 2, "{outcome:#?}");

    let outcome = sandbox.call(&["run", "mine"]);
    assert_eq!(outcome.code, 1, "{outcome:#?}");
    assert!(outcome.stderr.contains("kWSPN"), "{outcome:#?}");
    assert!(
        !sandbox.join("runs").exists(),
        "nothing is written for a scenario with errors"
    );
}

#[test]
fn check_lists_assumptions() {
    let sandbox = Sandbox::with_scenario();
    let text = sandbox.succeed(&["check", "mine"]);
    assert!(text.contains("quantities"), "{text}");
    let text = sandbox.succeed(&["check", "mine", "--assumptions"]);
    assert!(text.contains("accelerator.one.test_yield"), "{text}");
    assert!(
        !text.contains("fab.first.utilisation"),
        "it has a source: {text}"
    );
}

#[test]
fn every_code_is_explained() {
    let sandbox = Sandbox::new();
    let list = sandbox.succeed(&["explain"]);
    let codes: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|word| word.starts_with("WF"))
        .collect();
    assert!(codes.len() > 20, "{list}");
    for code in codes {
        let page = sandbox.succeed(&["explain", &code.to_lowercase()]);
        assert!(page.starts_with(code), "{page}");
    }
}

#[test]
fn json_on_standard_output_is_the_summary_of_the_folder() {
    let sandbox = Sandbox::with_scenario();
    let json = sandbox.succeed(&[
        "run", "mine", "--draws", "200", "--out", "a", "--format", "json",
    ]);
    assert!(json.as_bytes() == sandbox.read("a/summary.json"));
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["schema"], "wafercast/summary/1");
    let csv = sandbox.succeed(&["runs", "show", "a", "--format", "csv"]);
    assert!(csv.as_bytes() == sandbox.read("a/summary.csv"));
}

#[test]
fn claims_agree_with_the_run() {
    let sandbox = Sandbox::with_scenario();
    let run = sandbox.succeed(&["run", "mine", "--draws", "300", "--format", "json"]);
    let run: serde_json::Value = serde_json::from_str(&run).unwrap();
    let claims = sandbox.succeed(&["claims", "mine", "--draws", "300", "--format", "json"]);
    let claims: serde_json::Value = serde_json::from_str(&claims).unwrap();
    assert_eq!(run["claims"], claims);
    assert_eq!(claims.as_array().unwrap().len(), 2);
    let csv = sandbox.succeed(&["claims", "mine", "--draws", "300", "--format", "csv"]);
    assert!(csv.starts_with("id,says,formula,probability"), "{csv}");
}

#[test]
fn a_change_is_compared_draw_by_draw() {
    let sandbox = Sandbox::with_scenario();
    let json = sandbox.succeed(&[
        "compare",
        "mine",
        "--set",
        "fab.first.ai_share=60%",
        "--draws",
        "200",
        "--format",
        "json",
    ]);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let metrics = value["metrics"].as_array().unwrap();
    let units = metrics
        .iter()
        .find(|row| row["metric"] == "units" && row["of"] == "home" && row["period"] == "2025")
        .unwrap();
    assert!(
        units["mean"].as_f64().unwrap() > 0.0,
        "more wafers, more units: {units}"
    );
    // 60 % is more than nearly all of the 30 % to 50 %, and wafers bind in some futures only.
    assert!(units["p05"].as_f64().unwrap() >= 0.0, "{units}");
    let greater = units["probability_greater"].as_f64().unwrap();
    assert!((0.1..0.9).contains(&greater), "{units}");
    let imports = metrics
        .iter()
        .find(|row| row["metric"] == "units" && row["of"] == "imports" && row["period"] == "2025")
        .unwrap();
    assert_eq!(
        imports["probability_equal"], 1.0,
        "common random numbers: {imports}"
    );

    let text = sandbox.succeed(&[
        "compare",
        "mine",
        "--set",
        "fab.first.ai_share=60%",
        "--draws",
        "200",
    ]);
    for part in ["B − A", "B > A", "Claims"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let csv = sandbox.succeed(&[
        "compare",
        "mine",
        "--set",
        "fab.first.ai_share=60%",
        "--draws",
        "200",
        "--format",
        "csv",
    ]);
    assert!(
        csv.starts_with("metric,of,depth,period,unit,first_p50"),
        "{csv}"
    );
}

#[test]
fn a_scenario_against_itself_differs_in_nothing() {
    let sandbox = Sandbox::with_scenario();
    let json = sandbox.succeed(&[
        "compare", "mine", "mine", "--draws", "100", "--format", "json",
    ]);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    for row in value["metrics"].as_array().unwrap() {
        assert_eq!(row["probability_equal"], 1.0, "{row}");
    }
    for row in value["claims"].as_array().unwrap() {
        assert_eq!(row["difference"], 0.0, "{row}");
    }
}

#[test]
fn facts_are_listed_found_and_shown() {
    let sandbox = Sandbox::new();
    let all = sandbox.succeed(&["facts", "list", "--format", "json"]);
    let all: Vec<serde_json::Value> = serde_json::from_str(&all).unwrap();
    assert!(all.len() > 100);
    let id = all[0]["id"].as_str().unwrap();
    let page = sandbox.succeed(&["facts", "show", id]);
    assert!(page.starts_with(id), "{page}");
    let found = sandbox.succeed(&["facts", "search", id, "--format", "csv"]);
    assert!(found.contains(id), "{found}");

    let early = sandbox.succeed(&["facts", "--as-of", "2024-06-01", "--format", "json"]);
    let early: Vec<serde_json::Value> = serde_json::from_str(&early).unwrap();
    assert!(!early.is_empty() && early.len() < all.len());
    for fact in &early {
        assert!(
            fact["published"].as_str().unwrap() <= "2024-06-01",
            "{fact}"
        );
    }
    let none = sandbox.succeed(&["facts", "search", "zeppelin", "tulips"]);
    assert_eq!(none, "No facts found.\n");
}

#[test]
fn a_fact_shows_what_rests_on_it() {
    let sandbox = Sandbox::new();
    let summary = sandbox.succeed(&["run", "china", "--draws", "8", "--format", "json"]);
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    let input = summary["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|input| !input["sources"].as_array().unwrap().is_empty())
        .unwrap();
    let fact = input["sources"][0].as_str().unwrap();
    let page = sandbox.succeed(&["facts", "show", fact]);
    assert!(page.contains("What rests on it in `china`"), "{page}");
    assert!(page.contains(input["name"].as_str().unwrap()), "{page}");
}

#[test]
fn the_schema_is_json() {
    let text = Sandbox::new().succeed(&["schema"]);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(
        value["$schema"].as_str().unwrap().contains("json-schema"),
        "{text}"
    );
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let text = Sandbox::new().succeed(&["completions", shell]);
        assert!(text.contains("compare"), "{shell}");
    }
}

#[test]
fn runs_are_numbered_listed_and_shown() {
    let sandbox = Sandbox::with_scenario();
    assert!(sandbox.succeed(&["runs", "list"]).contains("No runs"));
    let answer = sandbox.succeed(&[&["run", "mine"][..], &SMALL].concat());
    sandbox.succeed(&[&["run", "mine"][..], &SMALL].concat());
    let list = sandbox.succeed(&["runs", "list"]);
    for part in ["runs/mine-001", "runs/mine-002", "done", "200"] {
        assert!(list.contains(part), "{part}: {list}");
    }
    assert_eq!(sandbox.succeed(&["runs", "show", "runs/mine-001"]), answer);
    let outcome = sandbox.call(&["runs", "show", "mine"]);
    assert_eq!(outcome.code, 74, "{outcome:#?}");
    assert!(
        outcome.stderr.contains("is not a run folder"),
        "{outcome:#?}"
    );
}

#[test]
fn the_report_is_written_again_in_another_language() {
    let sandbox = Sandbox::with_scenario();
    sandbox.succeed(&["run", "mine", "--draws", "100", "--out", "a"]);
    let english = sandbox.read("a/report.html");
    let path = sandbox.succeed(&["report", "a", "--language", "de"]);
    assert_eq!(path, "a/report.html\n");
    let german = sandbox.read("a/report.html");
    assert_ne!(english, german);
    sandbox.succeed(&["report", "a"]);
    assert_eq!(sandbox.read("a/report.html"), english);
}

#[test]
fn init_never_overwrites() {
    let sandbox = Sandbox::with_scenario();
    std::fs::write(sandbox.join("mine/scenario.toml"), "mine").unwrap();
    let outcome = sandbox.call(&["init", "mine"]);
    assert_eq!(outcome.code, 2, "{outcome:#?}");
    assert_eq!(sandbox.read("mine/scenario.toml"), b"mine");
}

#[test]
fn an_overlay_may_extend_a_shipped_scenario() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.join("faster")).unwrap();
    std::fs::write(
        sandbox.join("faster/scenario.toml"),
        "format = 1\nextends = \"../china\"\ntitle = \"China, faster\"\n",
    )
    .unwrap();
    let text = sandbox.succeed(&["run", "faster", "--draws", "8", "--out", "a"]);
    assert!(text.starts_with("China, faster\n"), "{text}");
    assert!(
        sandbox
            .files("a/inputs")
            .contains(&"china/scenario.toml".to_owned())
    );
}

#[test]
fn shipped_scenarios_have_no_errors_or_warnings() {
    let sandbox = Sandbox::new();
    let scenarios = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios");
    let mut checked = 0;
    for entry in std::fs::read_dir(scenarios).unwrap() {
        let path = entry.unwrap().path();
        if !path.join("scenario.toml").exists() {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap();
        let outcome = sandbox.call(&["check", name, "--message-format", "json"]);
        assert_eq!(outcome.code, 0, "{name}: {outcome:#?}");
        for line in outcome.stdout.lines() {
            let diagnostic: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(diagnostic["severity"], "note", "{name}: {line}");
        }
        checked += 1;
    }
    assert!(checked > 0);
}

/// A plan is printed with its proof; `--format json` has everything.
#[test]
fn a_plan_is_printed_and_proven() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.call(&["plan", "tutorial", "--draws", "16", "--queues", "0"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    for text in [
        "Best use of the resources",
        "every optimum is proven",
        "One more",
        "scarce",
    ] {
        let found = outcome.stdout.to_lowercase().contains(&text.to_lowercase());
        assert!(found, "{text}: {}", outcome.stdout);
    }
    let json = sandbox.call(&["plan", "tutorial", "--draws", "8", "--format", "json"]);
    let planning: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(planning["certificate"]["failed"], 0);
    assert_eq!(planning["draws"], 8);
}

/// Commitments that no future can keep end with exit code 3, and the causes are named with their places.
#[test]
fn an_impossible_plan_is_exit_3_and_says_why() {
    let sandbox = Sandbox::new();
    let commit = "planning={ commit = [{ holds = \"units(home, 2026) >= 900M units\" }] }";
    let outcome = sandbox.call(&[
        "plan", "tutorial", "--draws", "8", "--queues", "0", "--set", commit,
    ]);
    assert_eq!(outcome.code, 3, "{}{}", outcome.stdout, outcome.stderr);
    assert!(
        outcome.stdout.contains("kept in … of 100 futures"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.contains("planning.commit[0]"),
        "{}",
        outcome.stdout
    );
}
