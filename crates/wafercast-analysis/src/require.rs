//! What would have to be true: the least change of one quantity that brings a claim to a probability, and what two
//! quantities can do together.

mod overview;
mod quantity;
pub mod search;
mod study;
mod trade_off;

use serde::{Deserialize, Serialize};

pub use overview::overview;
pub use quantity::{Scale, candidates};
pub use study::{Effort, Question, probability, require, require_of};
pub use trade_off::trade_off;

/// What would have to be true for several claims.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Requirements {
    /// The probability that claims are brought to.
    pub probability: f64,
    /// Draws behind each answer.
    pub draws: u64,
    /// By claim.
    pub claims: Vec<ClaimRequirements>,
    /// What the two most plausible changes of a claim can do together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trade_offs: Vec<TradeOff>,
}

/// What would have to be true for one claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClaimRequirements {
    /// Id of the claim, or the condition as written.
    pub claim: String,
    /// The sentence.
    pub says: String,
    /// Its probability as things are.
    pub probability: f64,
    /// Standard error.
    pub standard_error: f64,
    /// Quantities tried.
    pub tried: usize,
    /// How many of them could do it alone, at the draws of the search.
    pub able: usize,
    /// The changes that take least, most plausible first; then those that come nearest.
    pub changes: Vec<Requirement>,
}

/// What one quantity would have to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Requirement {
    /// Name of the quantity.
    pub quantity: String,
    /// `factor`: all its values are multiplied; `shift`: months are added to them.
    pub scale: Scale,
    /// The least change that does it; if none does, the one that comes nearest. A factor, or months.
    pub change: f64,
    /// Its standard error, from the draws; 0 where it is not reached.
    pub standard_error: f64,
    /// Whether it does it alone.
    pub reached: bool,
    /// The probability with that change.
    pub probability: f64,
    /// The change in standard deviations of the quantity's own uncertainty; none if it is certain.
    pub deviations: Option<f64>,
    /// Its median as the scenario has it, and changed, in `unit`; of a path, at its last date.
    pub from: f64,
    /// Changed.
    pub to: f64,
    /// Unit.
    pub unit: String,
    /// The last date of a path, `2027-10`.
    pub at: Option<String>,
}

/// What two quantities can do together: the probability over a grid of their changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TradeOff {
    /// Id of the claim.
    pub claim: String,
    /// The sentence.
    pub says: String,
    /// The level of [`TradeOff::line`].
    pub level: f64,
    /// Draws behind each probability.
    pub draws: u64,
    /// First quantity.
    pub first: TradeOffAxis,
    /// Second.
    pub second: TradeOffAxis,
    /// Probabilities, a row per change of the first, a column per change of the second.
    pub probability: Vec<Vec<f64>>,
    /// The line on which the level is met: for each change of the first that of the second, if it is within the grid.
    pub line: Vec<(f64, f64)>,
}

/// A side of the grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TradeOffAxis {
    /// Name of the quantity.
    pub quantity: String,
    /// Factors or months.
    pub scale: Scale,
    /// The changes tried, from none on.
    pub changes: Vec<f64>,
}
