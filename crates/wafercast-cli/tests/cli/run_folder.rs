//! What a run leaves on disk.

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

use crate::sandbox::Sandbox;

#[test]
fn holds_everything_and_nothing_else() {
    let sandbox = Sandbox::with_scenario();
    sandbox.succeed(&["run", "mine", "--draws", "100", "--out", "a"]);
    let files: Vec<String> = sandbox
        .files("a")
        .into_iter()
        .filter(|file| !file.starts_with("inputs/facts/"))
        .collect();
    assert_eq!(
        files,
        [
            ".lock",
            "inputs/mine/scenario.toml",
            "journal.jsonl",
            "manifest.json",
            "report.html",
            "summary.csv",
            "summary.json",
            "summary.parquet",
        ]
    );
    assert_eq!(
        sandbox.read("a/inputs/mine/scenario.toml"),
        sandbox.read("mine/scenario.toml"),
        "verbatim"
    );
    assert_eq!(
        sandbox.read("a/inputs/facts/own.csv"),
        sandbox.read("mine/facts/own.csv")
    );
    let manifest: serde_json::Value =
        serde_json::from_slice(&sandbox.read("a/manifest.json")).unwrap();
    assert_eq!(manifest["schema"], "wafercast/manifest/1");
    assert_eq!(manifest["status"], "done");
    assert_eq!(manifest["draws"], 100);
    assert_eq!(manifest["draws_done"], 100);
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_command_in_the_summary_reproduces_it() {
    let sandbox = Sandbox::with_scenario();
    let first = sandbox.succeed(&[
        "run",
        "mine",
        "--draws",
        "100",
        "--seed",
        "7",
        "--design",
        "sobol",
        "--set",
        "fab.first.phase[1].delay=6 months",
        "--format",
        "json",
    ]);
    let summary: serde_json::Value = serde_json::from_str(&first).unwrap();
    let command = summary["run"]["command"].as_str().unwrap();
    let script = format!(
        "{} --format json",
        command.replacen("wafercast", crate::sandbox::WAFERCAST, 1)
    );
    let again = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(sandbox.path())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(again.stdout).unwrap(), first);
}

#[test]
fn parquet_and_csv_say_the_same_as_json() {
    let sandbox = Sandbox::with_scenario();
    sandbox.succeed(&["run", "mine", "--draws", "100", "--out", "a"]);
    let summary: serde_json::Value =
        serde_json::from_slice(&sandbox.read("a/summary.json")).unwrap();
    let series = summary["series"].as_array().unwrap();

    let reader =
        SerializedFileReader::new(bytes::Bytes::from(sandbox.read("a/summary.parquet"))).unwrap();
    let rows: Vec<Vec<(String, Field)>> = reader
        .get_row_iter(None)
        .unwrap()
        .map(|row| row.unwrap().into_columns())
        .collect();
    let csv = sandbox.read("a/summary.csv");
    let mut csv = csv::Reader::from_reader(&csv[..]);
    let header = csv.headers().unwrap().clone();
    let records: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), series.len());
    assert_eq!(records.len(), series.len());
    for ((entry, row), record) in series.iter().zip(&rows).zip(&records) {
        for ((name, field), column) in row.iter().zip(&header) {
            assert_eq!(name, column);
            let cell = &record[header.iter().position(|other| other == name).unwrap()];
            match field {
                Field::Str(text) => {
                    assert_eq!(entry[name], text.as_str());
                    assert_eq!(cell, text);
                }
                Field::Double(value) => {
                    assert_eq!(
                        entry[name].as_f64().unwrap().to_bits(),
                        value.to_bits(),
                        "{name}"
                    );
                    assert_eq!(cell.parse::<f64>().unwrap().to_bits(), value.to_bits());
                }
                Field::Null => {
                    assert!(entry[name].is_null(), "{entry}");
                    assert_eq!(cell, "");
                }
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}

#[test]
fn kept_draws_can_be_read_and_agree_with_the_summary() {
    let sandbox = Sandbox::with_scenario();
    sandbox.succeed(&[
        "run",
        "mine",
        "--draws",
        "200",
        "--block",
        "64",
        "--keep-draws",
        "--out",
        "a",
    ]);
    let column = "series:units|home|designed|2027";
    let mut draws = Vec::new();
    let mut sum = 0.0;
    for first in [0, 64, 128, 192] {
        let bytes = sandbox.read(&format!("a/draws/{first:012}.parquet"));
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        for row in reader.get_row_iter(None).unwrap() {
            for (name, field) in row.unwrap().into_columns() {
                match field {
                    Field::Long(draw) if name == "draw" => draws.push(draw),
                    Field::Double(value) if name == column => sum += value,
                    _ => {}
                }
            }
        }
    }
    assert_eq!(draws, (0..200).collect::<Vec<i64>>());
    let summary: serde_json::Value =
        serde_json::from_slice(&sandbox.read("a/summary.json")).unwrap();
    let mean = summary["series"]
        .as_array()
        .unwrap()
        .iter()
        .find(|series| {
            series["metric"] == "units"
                && series["of"] == "home"
                && series["depth"] == "designed"
                && series["period"] == "2027"
        })
        .unwrap()["mean"]
        .as_f64()
        .unwrap();
    assert!((sum / 200.0 / mean - 1.0).abs() < 1e-9, "{sum} {mean}");
    let columns = String::from_utf8(sandbox.read("a/draws/columns.csv")).unwrap();
    assert!(columns.contains(column), "{columns}");
    assert!(columns.contains("input:fab.first.ai_share"), "{columns}");
    assert!(columns.contains("claim:doubling"), "{columns}");
}

#[test]
fn a_folder_in_use_is_refused() {
    let sandbox = Sandbox::with_scenario();
    sandbox.succeed(&["run", "mine", "--draws", "50", "--out", "a"]);
    let before = sandbox.read("a/summary.json");
    let outcome = sandbox.call(&["run", "mine", "--draws", "60", "--out", "a"]);
    assert_eq!(outcome.code, 2, "{outcome:#?}");
    assert!(outcome.stderr.contains("is not empty"), "{outcome:#?}");
    assert_eq!(sandbox.read("a/summary.json"), before);
}
