//! Folders that cannot be written and disks that are full.

use std::process::Stdio;

use crate::sandbox::{Outcome, Sandbox, WAFERCAST};

#[track_caller]
fn assert_input_output(outcome: &Outcome) {
    assert_eq!(outcome.code, 74, "{outcome:#?}");
    assert!(outcome.stderr.contains("error: cannot"), "{outcome:#?}");
    assert!(outcome.stderr.contains("hint: "), "{outcome:#?}");
    assert!(outcome.stdout.is_empty(), "{outcome:#?}");
}

#[test]
fn a_file_in_the_place_of_the_folder() {
    let sandbox = Sandbox::with_scenario();
    std::fs::write(sandbox.join("a"), "mine").unwrap();
    for out in ["a", "a/b"] {
        let outcome = sandbox.call(&["run", "mine", "--draws", "50", "--out", out]);
        assert_input_output(&outcome);
    }
    assert_eq!(sandbox.read("a"), b"mine");
    std::fs::write(sandbox.join("runs"), "mine").unwrap();
    assert_input_output(&sandbox.call(&["run", "mine", "--draws", "50"]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_nobody_may_write() {
    // Not even the superuser creates folders there.
    let sandbox = Sandbox::with_scenario();
    let outcome = sandbox.call(&["run", "mine", "--draws", "50", "--out", "/proc/wafercast"]);
    assert_input_output(&outcome);
}

#[cfg(unix)]
#[test]
fn a_read_only_folder() {
    use std::os::unix::fs::PermissionsExt;

    let sandbox = Sandbox::with_scenario();
    let folder = sandbox.join("locked");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    let outcome = sandbox.call(&["run", "mine", "--draws", "50", "--out", "locked/a"]);
    // The superuser is above permissions: then the run must simply work.
    if folder.join("a").exists() {
        assert_eq!(outcome.code, 0, "{outcome:#?}");
    } else {
        assert_input_output(&outcome);
        assert!(
            outcome.stderr.contains("may write to with `--out DIR`"),
            "{outcome:#?}"
        );
    }
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn standard_output_on_a_full_disk() {
    let sandbox = Sandbox::with_scenario();
    for arguments in [
        &["facts"][..],
        &["schema"],
        &["claims", "mine", "--draws", "50"],
    ] {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let outcome = Outcome::of(sandbox.command(arguments).stdout(Stdio::from(full)));
        assert_eq!(outcome.code, 74, "{arguments:?}: {outcome:#?}");
        assert!(outcome.stderr.contains("standard output"), "{outcome:#?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_up_leaves_nothing_half_written_and_a_run_to_resume() {
    let sandbox = Sandbox::with_scenario();
    // A limit on the size of files stands for the full disk: writing fails half-way through the summary.
    let script =
        format!("trap '' XFSZ; ulimit -f 220; exec '{WAFERCAST}' run mine --draws 64 --out a");
    let outcome = Outcome::of(
        std::process::Command::new("bash")
            .args(["-c", &script])
            .current_dir(sandbox.path()),
    );
    assert_input_output(&outcome);
    let files = sandbox.files("a");
    assert!(
        files.iter().all(|file| !file.contains("partial")),
        "{files:?}"
    );
    assert!(!files.contains(&"summary.json".to_owned()), "{files:?}");

    sandbox.succeed(&["resume", "a"]);
    sandbox.succeed(&["run", "mine", "--draws", "64", "--out", "b"]);
    assert_eq!(
        sandbox.read("a/summary.json"),
        sandbox.read("b/summary.json")
    );
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let sandbox = Sandbox::new();
    let script = format!("'{WAFERCAST}' facts list | head -n 1; exit ${{PIPESTATUS[0]}}");
    let outcome = Outcome::of(
        std::process::Command::new("bash")
            .args(["-c", &script])
            .current_dir(sandbox.path()),
    );
    assert_eq!(outcome.code, 0, "{outcome:#?}");
    assert!(outcome.stderr.is_empty(), "{outcome:#?}");
}
