//! Evidence, back-tests and sealed forecasts.

use crate::sandbox::{Outcome, Sandbox};

const SMALL: [&str; 2] = ["--draws", "200"];

/// A call, with few draws.
fn call(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    let arguments: Vec<&str> = arguments.iter().chain(&SMALL).copied().collect();
    sandbox.call(&arguments)
}

#[test]
fn evidence_shows_before_and_after() {
    let sandbox = Sandbox::new();
    let outcome = call(&sandbox, &["evidence", "nvidia-cowos"]);
    assert_eq!(outcome.code, 0, "{outcome:#?}");
    for part in [
        "before",
        "after",
        "H100, second quarter of 2023",
        "what moved the mean",
    ] {
        assert!(outcome.stdout.contains(part), "{part}: {outcome:#?}");
    }
    for line in outcome.stdout.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    let json = call(&sandbox, &["evidence", "nvidia-cowos", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(value["method"], "weights");
    let none = call(&sandbox, &["evidence", "tutorial-home-memory"]);
    assert_eq!(none.code, 2, "{none:#?}");
    assert!(none.stderr.contains("[evidence."), "{none:#?}");
}

#[test]
fn a_back_test_names_outcomes_rivals_and_hindsight() {
    let sandbox = Sandbox::new();
    let outcome = call(&sandbox, &["backtest", "china"]);
    assert_eq!(outcome.code, 0, "{outcome:#?}");
    for part in [
        "As of 2024-06-01",
        "As of 2024-12-01",
        "As of 2025-09-01",
        "persistence",
        "Bernstein",
        "better than the scenario on average",
        "hindsight",
    ] {
        assert!(outcome.stdout.contains(part), "{part}: {outcome:#?}");
    }
    for line in outcome.stdout.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    let none = call(&sandbox, &["backtest", "tutorial"]);
    assert_eq!(none.code, 2, "{none:#?}");
    assert!(none.stderr.contains("--as-of DATE"), "{none:#?}");
}

#[test]
fn a_seal_is_checked_and_scored() {
    let sandbox = Sandbox::new();
    let seal = &["seal", "china", "--as-of", "2025-09-01", "--out", "a.seal"];
    let outcome = call(&sandbox, seal);
    assert_eq!(outcome.code, 0, "{outcome:#?}");
    let hash = outcome.stdout.trim().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(hash.len(), 64, "{outcome:#?}");
    // It is not written over.
    assert_eq!(call(&sandbox, seal).code, 2);

    let scored = sandbox.call(&["score", "a.seal", "--sha256", &hash]);
    assert_eq!(scored.code, 0, "{scored:#?}");
    assert!(
        scored.stdout.contains("units(designer:Huawei, 2025)"),
        "{scored:#?}"
    );
    let other = sandbox.call(&["score", "a.seal", "--sha256", "00"]);
    assert_eq!(other.code, 1, "{other:#?}");

    let text = String::from_utf8(sandbox.read("a.seal")).unwrap();
    let changed = text.replacen("units(home, 2027)", "units(home, 2037)", 1);
    std::fs::write(sandbox.join("b.seal"), changed).unwrap();
    let broken = sandbox.call(&["score", "b.seal"]);
    assert_eq!(broken.code, 1, "{broken:#?}");
    assert!(broken.stderr.contains("was changed in line"), "{broken:#?}");
    assert!(broken.stderr.contains("units(home, 2037)"), "{broken:#?}");
}

#[test]
fn outcomes_come_from_a_file_and_all_its_faults_are_told() {
    let sandbox = Sandbox::new();
    call(&sandbox, &["seal", "tutorial", "--out", "a.seal"]);
    let rows = "of,value,unit,known,source\n\"units(home, 2026)\",0.5,M units,2027-02-01,IDC\n";
    std::fs::write(sandbox.join("o.csv"), rows).unwrap();
    let scored = sandbox.call(&["score", "a.seal", "--outcomes", "o.csv"]);
    assert_eq!(scored.code, 0, "{scored:#?}");
    assert!(scored.stdout.contains("500 k"), "{scored:#?}");
    let faults = format!(
        "{rows}nothing,1,,,\n\"units(home, 2026)\",many,units,,\n\"units(home, 2026)\",1,$,,\n"
    );
    std::fs::write(sandbox.join("o.csv"), faults).unwrap();
    let refused = sandbox.call(&["score", "a.seal", "--outcomes", "o.csv"]);
    assert_ne!(refused.code, 0);
    for part in ["line 3", "line 4", "line 5", "`many`", "columns of,value"] {
        assert!(refused.stderr.contains(part), "{part}: {refused:#?}");
    }
}
