//! The same bits for any number of threads and any block size.

use crate::sandbox::Sandbox;

fn shipped() -> Vec<String> {
    let scenarios = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios");
    let mut names: Vec<String> = std::fs::read_dir(scenarios)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("scenario.toml").exists())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn threads_and_blocks_change_no_bit() {
    let names = shipped();
    assert!(!names.is_empty());
    for name in names {
        let sandbox = Sandbox::new();
        let summary = |threads: &str, block: &str| {
            let out = format!("{threads}-{block}");
            sandbox.succeed(&[
                "run",
                &name,
                "--draws",
                "300",
                "--threads",
                threads,
                "--block",
                block,
                "--out",
                &out,
            ]);
            sandbox.read(&format!("{out}/summary.json"))
        };
        let expected = summary("1", "300");
        for (threads, block) in [
            ("2", "300"),
            ("7", "300"),
            ("1", "17"),
            ("2", "64"),
            ("7", "101"),
        ] {
            assert!(
                summary(threads, block) == expected,
                "{name}: {threads} threads, blocks of {block}"
            );
        }
    }
}

#[test]
fn designs_and_seeds_do_change_the_draws() {
    let sandbox = Sandbox::with_scenario();
    let series = |arguments: &[&str]| {
        let base = ["run", "mine", "--draws", "100", "--format", "csv"];
        sandbox.succeed(&[&base[..], arguments].concat())
    };
    let all = [
        series(&[]),
        series(&["--seed", "2"]),
        series(&["--design", "random"]),
        series(&["--design", "sobol"]),
    ];
    for (index, one) in all.iter().enumerate() {
        for other in &all[..index] {
            assert_ne!(one, other);
        }
    }
}
