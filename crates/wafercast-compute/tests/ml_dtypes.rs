//! Every code of every format against Google's `ml_dtypes`, where Python has it; says so where it was skipped.
//!
//! `WAFERCAST_PYTHON` names the interpreter; without it, `python3`.

use std::collections::BTreeMap;
use std::process::Command;

use wafercast_compute::format::{E8M0, FloatFormat, Overflow};

const SCRIPT: &str = include_str!("ml_dtypes/tables.py");

/// Lines `kind name number number`, all in hexadecimal bits.
fn tables() -> Option<Vec<(String, String, u32, u32)>> {
    let python = std::env::var("WAFERCAST_PYTHON").unwrap_or_else(|_| "python3".into());
    let output = Command::new(&python).args(["-c", SCRIPT]).output();
    let output = match output {
        Ok(output) if output.status.success() => output,
        Ok(output) => {
            let cause = String::from_utf8_lossy(&output.stderr);
            assert!(cause.contains("ModuleNotFoundError"), "{cause}");
            println!("skipped: {python} has no ml_dtypes (pip install ml_dtypes)");
            return None;
        }
        Err(cause) => {
            println!("skipped: cannot run {python}: {cause}");
            return None;
        }
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let hexadecimal = |word: &str| {
        u32::from_str_radix(word, 16).unwrap_or_else(|_| panic!("{word} is no number"))
    };
    Some(
        text.lines()
            .map(|line| {
                let words: Vec<&str> = line.split(' ').collect();
                (
                    words[0].into(),
                    words[1].into(),
                    hexadecimal(words[2]),
                    hexadecimal(words[3]),
                )
            })
            .collect(),
    )
}

#[test]
fn all_codes_and_casts_agree_with_ml_dtypes() {
    let Some(tables) = tables() else { return };
    let formats: BTreeMap<&str, FloatFormat> = FloatFormat::ALL
        .iter()
        .map(|format| (format.name, *format))
        .collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (kind, name, from, to) in tables {
        *counts.entry(format!("{kind} {name}")).or_default() += 1;
        match (kind.as_str(), name.as_str()) {
            ("decode", "E8M0") => {
                same(E8M0::decode(from as u8), f32::from_bits(to), &name, from);
            }
            ("decode", _) => same(
                formats[name.as_str()].decode(from),
                f32::from_bits(to),
                &name,
                from,
            ),
            ("encode", "E8M0") => {
                let value = f32::from_bits(from);
                // ml_dtypes 0.5 rounds subnormal numbers up to 2^-126 whatever lies nearest.
                if value >= f32::MIN_POSITIVE && value.is_finite() {
                    assert_eq!(u32::from(E8M0::encode(value)), to, "E8M0 {value:e}");
                }
            }
            ("encode", _) => {
                let format = formats[name.as_str()];
                let code = format.encode(f32::from_bits(from), Overflow::Special);
                let both_nan = format.is_nan(code) && format.is_nan(to);
                assert!(
                    code == to || both_nan,
                    "{name} {:e}: {code:#x} {to:#x}",
                    f32::from_bits(from)
                );
            }
            _ => panic!("{kind} {name}"),
        }
    }
    println!("agrees with ml_dtypes: {counts:?}");
    assert_eq!(counts["decode BF16"], 65536);
    assert_eq!(counts["decode E4M3FN"], 256);
    assert!(counts.values().sum::<usize>() > 200_000, "{counts:?}");
}

fn same(ours: f32, theirs: f32, name: &str, code: u32) {
    let both_nan = ours.is_nan() && theirs.is_nan();
    assert!(
        both_nan || ours.to_bits() == theirs.to_bits(),
        "{name} {code:#x}: {ours:e} {theirs:e}"
    );
}
