//! Laws of the engine as a whole, from the text of a scenario to the tally of its draws: invariants over random networks,
//! splitting, common random numbers, closed forms, published balances, back-tests, and that every parameter matters.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a scenario that does not load should fail the test"
)]

#[path = "support/disk.rs"]
mod disk;
#[path = "laws/engine.rs"]
mod engine;
#[path = "support/fact_base.rs"]
mod fact_base;

#[path = "laws/as_of.rs"]
mod as_of;
#[path = "laws/closed_forms.rs"]
mod closed_forms;
#[path = "laws/common_random_numbers.rs"]
mod common_random_numbers;
#[path = "laws/every_parameter.rs"]
mod every_parameter;
#[path = "laws/invariants.rs"]
mod invariants;
#[path = "laws/network.rs"]
mod network;
#[path = "laws/published_balances.rs"]
mod published_balances;
#[path = "laws/splitting.rs"]
mod splitting;
#[path = "laws/statistics.rs"]
mod statistics;
