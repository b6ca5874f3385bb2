//! `wafercast sensitivity` and `wafercast learn`.

use crate::sandbox::Sandbox;

#[test]
fn what_moves_the_answer_is_printed_in_every_format() {
    let sandbox = Sandbox::new();
    let base = ["sensitivity", "tutorial", "doubling", "--draws", "300"];
    // Of a rare claim nothing may stand out from the sampling error; of output something does.
    let table = sandbox.call(&[
        "sensitivity",
        "tutorial",
        "units(home, 2027)",
        "--draws",
        "300",
    ]);
    assert_eq!(table.code, 0, "{}", table.stderr);
    assert!(table.stdout.contains("What moves the answers") && table.stdout.contains("swing"));
    assert!(
        table.stdout.lines().all(|line| line.chars().count() <= 100),
        "{}",
        table.stdout
    );
    let json = sandbox.call(
        &[
            &base[..],
            &["--format", "json", "--full", "--points", "128"],
        ]
        .concat(),
    );
    let found: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let target = &found["targets"][0];
    assert_eq!(
        (&target["name"], &found["draws"]),
        (&"doubling".into(), &300.into())
    );
    let topics = target["topics"].as_array().unwrap();
    let sum: f64 = topics
        .iter()
        .map(|t| t["share"]["value"].as_f64().unwrap())
        .sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    assert!(!target["blocks"].as_array().unwrap().is_empty());
    let csv = sandbox.call(&[&base[..], &["--format", "csv"]].concat());
    assert!(
        csv.stdout.starts_with("target,quantity,topic"),
        "{}",
        csv.stdout
    );
}

#[test]
fn what_to_look_up_is_printed_with_what_it_rests_on() {
    let sandbox = Sandbox::new();
    let table = sandbox.call(&["learn", "tutorial", "--draws", "600"]);
    assert_eq!(table.code, 0, "{}", table.stderr);
    assert!(table.stdout.contains("Look this up next") && table.stdout.contains("an assumption"));
    assert!(
        table.stdout.lines().all(|line| line.chars().count() <= 100),
        "{}",
        table.stdout
    );
    let json = sandbox.call(&[
        "learn",
        "tutorial",
        "--draws",
        "600",
        "--threshold",
        "30%",
        "--format",
        "json",
    ]);
    let found: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(found["threshold"], 0.3);
}

#[test]
fn wrong_targets_and_numbers_are_told() {
    let sandbox = Sandbox::new();
    let wrong = sandbox.call(&["sensitivity", "tutorial", "doublling"]);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.stderr.contains("there is no claim `doublling`"),
        "{}",
        wrong.stderr
    );
    assert_eq!(
        sandbox
            .call(&["learn", "tutorial", "--threshold", "2"])
            .code,
        2
    );
    assert_eq!(
        sandbox
            .call(&["sensitivity", "tutorial", "--points", "256"])
            .code,
        2
    );
}
