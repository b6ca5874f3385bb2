//! Plans against an independent solver: HiGHS, by way of Python's `highspy` (simplex, so that prices are those of a
//! vertex). Skipped, with a word on standard error, where `python3` has no `highspy`; `WAFERCAST_PYTHON` names another
//! interpreter.

#![allow(clippy::expect_used, reason = "a test may panic")]

#[path = "support/shipped.rs"]
mod shipped;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use wafercast::simulate::Sampling;
use wafercast_lp::degeneracy::unique_prices;
use wafercast_lp::formulation::Formulation;
use wafercast_lp::program::{Program, Sense};
use wafercast_lp::solve::{Solved, solve};
use wafercast_lp::study::{Settings, tasks};

/// Relative difference of values; of prices, against the largest.
const VALUE: f64 = 1e-6;
const PRICE: f64 = 1e-4;

fn python() -> String {
    std::env::var("WAFERCAST_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

fn has_highs() -> bool {
    let found = Command::new(python())
        .args(["-c", "import highspy, numpy"])
        .stderr(Stdio::null())
        .status();
    found.is_ok_and(|status| status.success())
}

fn as_json(program: &Program) -> Value {
    let mut starts = vec![0];
    let (mut rows, mut values) = (Vec::new(), Vec::new());
    for j in 0..program.columns() {
        for &(row, value) in program.column(j) {
            rows.push(row);
            values.push(value);
        }
        starts.push(rows.len());
    }
    let upper = program.upper.iter().map(|u| u.is_finite().then_some(*u));
    json!({
        "objective": program.objective,
        "upper": upper.collect::<Vec<_>>(),
        "equal": program.senses.iter().map(|s| *s == Sense::Equal).collect::<Vec<_>>(),
        "rhs": program.rhs,
        "starts": starts,
        "rows": rows,
        "values": values,
    })
}

/// The answers of HiGHS, in order.
fn by_highs(programs: &[&Program]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/highs.py");
    let mut child = Command::new(python())
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python");
    let lines: String = programs
        .iter()
        .map(|p| format!("{}\n", as_json(p)))
        .collect();
    let mut stdin = child.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("an answer");
    writer.join().expect("the writer").expect("written");
    assert!(output.status.success(), "highs.py failed");
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn highs_finds_the_same_values_and_prices() {
    if !has_highs() {
        eprintln!(
            "skipped: `{}` cannot import highspy (pip install highspy)",
            python()
        );
        return;
    }
    for name in ["tutorial", "nvidia-cowos", "china"] {
        let shipped::Shipped { scenario, plan, .. } = shipped::shipped(name);
        let settings = Settings::of(&scenario);
        let sampling = Sampling {
            draws: 8,
            seed: 11,
            design: scenario.run.design,
        };
        let solved: Vec<(Formulation, Solved)> = tasks(&plan, &scenario, sampling, 0..8, &settings)
            .iter()
            .map(|task| {
                let formulation = Formulation::new(&task.numbers, &task.aim(&settings, None));
                let solved = solve(&formulation.program).expect("an optimum");
                (formulation, solved)
            })
            .collect();
        let programs: Vec<&Program> = solved.iter().map(|(f, _)| &f.program).collect();
        let answers = by_highs(&programs);
        assert_eq!(answers.len(), solved.len());
        let (mut value_gap, mut price_gap) = (0.0_f64, 0.0_f64);
        let (mut prices, mut unique_count) = (0, 0);
        for ((formulation, solved), answer) in solved.iter().zip(&answers) {
            let ours = formulation.program.value_at(&solved.solution.x);
            let theirs = answer["value"].as_f64().expect("a number");
            value_gap = value_gap.max((ours - theirs).abs() / theirs.abs());
            let unique = unique_prices(solved).expect("labels");
            let theirs = answer["prices"].as_array().expect("prices");
            // Rows differ in unit: what a price takes of a column, against the dearest column.
            let program = &formulation.program;
            let dearest = program.objective.iter().fold(0.0_f64, |a, b| a.max(*b));
            let mut most = vec![0.0_f64; program.rows()];
            for &(i, a) in (0..program.columns()).flat_map(|j| program.column(j)) {
                most[i] = most[i].max(a.abs());
            }
            for (i, unique) in unique.iter().enumerate() {
                prices += 1;
                if !unique {
                    continue;
                }
                unique_count += 1;
                let price = theirs[i].as_f64().expect("a number");
                let gap = (solved.solution.prices[i] - price).abs() * most[i] / dearest;
                price_gap = price_gap.max(gap);
            }
        }
        eprintln!(
            "{name}: 8 draws, values differ by {value_gap:.1e}, {unique_count} unique of {prices} prices by {price_gap:.1e}"
        );
        assert!(value_gap < VALUE, "{name}: {value_gap}");
        assert!(price_gap < PRICE, "{name}: {price_gap}");
        assert!(
            unique_count * 2 > prices,
            "{name}: {unique_count} of {prices}"
        );
    }
}
