//! Interrupted runs: at most one block is lost, and the end is bit for bit the same.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::sandbox::Sandbox;

/// Enough draws that the process is still at work when it is stopped; it is never run to its end.
const ENDLESS: &str = "100000000";
const PATIENCE: Duration = Duration::from_secs(120);

/// Starts a long run with small blocks into `a` and waits until some are done.
fn started(sandbox: &Sandbox, draws: &str) -> Child {
    let child = sandbox
        .command(&[
            "run",
            "mine",
            "--draws",
            draws,
            "--block",
            "200",
            "--threads",
            "1",
            "--out",
            "a",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while blocks(sandbox).len() < 3 {
        assert!(begun.elapsed() < PATIENCE, "no block within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

/// Ends of the blocks in the journal.
fn blocks(sandbox: &Sandbox) -> Vec<u64> {
    let text = std::fs::read_to_string(sandbox.join("a/journal.jsonl")).unwrap_or_default();
    text.lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|event| event["event"] == "block")
        .map(|event| event["end"].as_u64().unwrap())
        .collect()
}

/// The same run in one go, with other threads and blocks.
fn uninterrupted(sandbox: &Sandbox, draws: &str) {
    sandbox.succeed(&[
        "run",
        "mine",
        "--draws",
        draws,
        "--threads",
        "2",
        "--out",
        "b",
    ]);
}

fn assert_same_results(sandbox: &Sandbox) {
    for file in [
        "summary.json",
        "summary.csv",
        "summary.parquet",
        "report.html",
    ] {
        assert!(
            sandbox.read(&format!("a/{file}")) == sandbox.read(&format!("b/{file}")),
            "{file} differs"
        );
    }
    assert!(!sandbox.join("a/checkpoint.bin").exists());
}

#[test]
fn killed_between_blocks() {
    // Three blocks of 200 are waited for, 97 are to come.
    let draws = "20000";
    let sandbox = Sandbox::with_scenario();
    let mut child = started(&sandbox, draws);
    child.kill().unwrap();
    child.wait().unwrap();
    let done = *blocks(&sandbox).last().unwrap();
    assert!(done < 20_000, "it was killed at work");
    assert!(
        !sandbox.join("a/summary.json").exists(),
        "nothing half-finished"
    );

    let outcome = sandbox.call(&["run", "--resume", "a"]);
    assert_eq!(outcome.code, 0, "{outcome:#?}");
    let first_resumed = resumed_from(&sandbox);
    assert!(
        first_resumed + 200 >= done,
        "lost more than a block: {first_resumed} {done}"
    );
    uninterrupted(&sandbox, draws);
    assert_same_results(&sandbox);
}

/// First draw of the last session.
fn resumed_from(sandbox: &Sandbox) -> u64 {
    let text = String::from_utf8(sandbox.read("a/journal.jsonl")).unwrap();
    text.lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|event| event["event"] == "start")
        .map(|event| event["first"].as_u64().unwrap())
        .next_back()
        .unwrap()
}

#[cfg(unix)]
#[test]
fn interrupted_from_the_keyboard() {
    let sandbox = Sandbox::with_scenario();
    let child = started(&sandbox, ENDLESS);
    let status = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("wafercast resume a"), "{stderr}");
    assert!(output.stdout.is_empty());
    let list = sandbox.succeed(&["runs", "list", "."]);
    assert!(list.contains("interrupted"), "{list}");
    let outcome = sandbox.call(&["runs", "show", "a"]);
    assert_eq!(outcome.code, 74, "{outcome:#?}");
    assert!(
        outcome.stderr.contains("wafercast resume a"),
        "{outcome:#?}"
    );
}

#[test]
fn a_finished_run_is_shown_again() {
    let sandbox = Sandbox::with_scenario();
    let answer = sandbox.succeed(&["run", "mine", "--draws", "100", "--out", "a"]);
    assert_eq!(sandbox.succeed(&["resume", "a"]), answer);
}

#[test]
fn a_changed_plan_or_damaged_checkpoint_is_refused() {
    let sandbox = Sandbox::with_scenario();
    let mut child = started(&sandbox, ENDLESS);
    child.kill().unwrap();
    child.wait().unwrap();

    let path = sandbox.join("a/inputs/mine/scenario.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("8 kWSPM to 12 kWSPM", "9 kWSPM")).unwrap();
    let outcome = sandbox.call(&["resume", "a"]);
    assert_eq!(outcome.code, 74, "{outcome:#?}");
    assert!(outcome.stderr.contains("another plan"), "{outcome:#?}");
    std::fs::write(&path, text).unwrap();

    let path = sandbox.join("a/checkpoint.bin");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let outcome = sandbox.call(&["resume", "a"]);
    assert_eq!(outcome.code, 74, "{outcome:#?}");
    assert!(outcome.stderr.contains("checksum"), "{outcome:#?}");
}

#[test]
fn only_one_process_works_on_a_folder() {
    let sandbox = Sandbox::with_scenario();
    let mut child = started(&sandbox, ENDLESS);
    let outcome = sandbox.call(&["resume", "a"]);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(outcome.code, 74, "{outcome:#?}");
    assert!(
        outcome.stderr.contains("another wafercast process"),
        "{outcome:#?}"
    );
}
