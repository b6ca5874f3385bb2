//! The simulator against theory, against AutoSched's published results, and against itself.

#![allow(clippy::expect_used)]

mod closed_forms;
mod mutations;
mod random_fabs;
mod readers;
mod semantics;
mod smt2020;

use wafercast_fab::calendar::BucketCalendar;
use wafercast_fab::check::check;
use wafercast_fab::native;
use wafercast_fab::plan::{Plan, Reading, compile};
use wafercast_fab::simulate::{RunResult, Simulation};

/// Compiles a model in the native format; every problem fails the test.
pub fn plan_with(text: &str, reading: Reading) -> Plan {
    let (model, problems) = native::read("test", "fab.toml", text);
    let (model, problems) = check(model, problems);
    let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let Some(model) = model else {
        panic!("{}", text.join("\n"))
    };
    compile(&model, reading)
}

/// Compiles with default readings.
pub fn plan(text: &str) -> Plan {
    plan_with(text, Reading::default())
}

/// Runs one replication.
pub fn run(plan: &Plan, replication: u32, days: f64, warm_up: f64) -> RunResult {
    Simulation::<BucketCalendar>::new(plan, 20_200_707, replication).run_days(days, warm_up)
}
