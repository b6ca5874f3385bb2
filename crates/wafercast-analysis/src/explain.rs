//! Compare and explain: the difference of two scenarios, attributed to what was changed between them by Shapley values
//! (Shapley 1953). Each change gets the mean of what it adds, over the orders in which the changes can be made.

pub mod changes;
pub mod shapley;
mod study;

use serde::{Deserialize, Serialize};

pub use study::{Explained, Players, Prepared, players, prepare};

/// How changes are put together into what is attributed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// Each change by itself.
    Change,
    /// By table: `fab.smic-n2`.
    Table,
    /// By kind of table: `fab`.
    Kind,
}

/// The difference of one metric or claim, and whom it is due to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attribution {
    /// The metric as written, or the id of the claim.
    pub metric: String,
    /// Its sentence, or the metric again.
    pub says: String,
    /// Unit; empty for claims, which are probabilities, and for shares and other plain numbers.
    pub unit: String,
    /// Mean in the first scenario.
    pub first: f64,
    /// Mean in the second.
    pub second: f64,
    /// Second minus first: the sum of the parts, to the last bit and in any order.
    pub difference: f64,
    /// Its standard error, from the paired draws.
    pub standard_error: f64,
    /// What is due to each of [`Explanation::players`], in their order.
    pub parts: Vec<Part>,
}

/// What is due to a change.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// In the metric's unit.
    pub value: f64,
    /// Standard error: of the draws, and of the orders where they are sampled.
    pub standard_error: f64,
}

/// Two scenarios compared and explained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// What the difference is attributed to.
    pub players: Vec<Player>,
    /// Scenarios between the two that were simulated, the two included.
    pub scenarios: usize,
    /// Whether all orders of the changes are taken into account; else the number of orders sampled.
    pub exact: bool,
    /// Orders sampled; 0 where exact.
    pub orders: usize,
    /// Paired draws.
    pub draws: u64,
    /// Metrics and claims that both scenarios have.
    pub attributions: Vec<Attribution>,
}

/// A change, or several that are taken as one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Player {
    /// Name: a path in the scenario, or that of a table.
    pub name: String,
    /// The changes in it, as paths.
    pub changes: Vec<String>,
    /// True where changes that make no sense alone had to be taken together.
    pub joined: bool,
}
