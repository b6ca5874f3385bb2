//! Back-tests: what the scenario would have forecast on earlier days, from what was known then, beside what simple rules
//! and others said on those days, all scored by what came.

mod baseline;
mod outcome;
mod study;

pub use study::{Question, Vintage, backtest};

use serde::{Deserialize, Serialize};

/// A back-test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// Draws of each vintage.
    pub draws: u64,
    /// Seed.
    pub seed: u64,
    /// What came.
    pub outcomes: Vec<Outcome>,
    /// The days of knowledge, in order.
    pub vintages: Vec<Knowledge>,
    /// All forecasts that were scored.
    pub forecasts: Vec<Scored>,
    /// Outcomes that were not forecast at a vintage, and why.
    pub missing: Vec<MissingForecast>,
    /// The model against each kind of rival, on the outcomes that both forecast.
    pub contests: Vec<Contest>,
}

/// What came: an observation of the scenario, with the day on which it became known. Values are in `unit`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Evidence id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// The metric as written.
    pub metric: String,
    /// Unit.
    pub unit: String,
    /// The day it became known.
    pub known: String,
    /// Observed: 5th percentile, median, 95th percentile. Forecasts are scored against the median.
    pub observed: [f64; 3],
    /// Fact ids.
    pub sources: Vec<String>,
}

/// A day of knowledge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Knowledge {
    /// The day.
    pub as_of: String,
    /// Uncertain numbers of the scenario of that day that rest on facts.
    pub sourced: usize,
    /// Those that are assumptions: no later fact is in them, but they may have been written with hindsight.
    pub assumed: usize,
    /// Standard deviation of a year's change in ln that simple rules reckon with.
    pub yearly_change: f64,
    /// How many changes that were known by then it is taken from; 0: too few, it is assumed.
    pub changes_known: usize,
    /// How the model and the simple rules did, on all that each forecast.
    pub tallies: Vec<Score>,
}

/// Who forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forecaster {
    /// The scenario.
    Model,
    /// What was last counted goes on.
    Persistence,
    /// The line through the logarithms of what was counted goes on.
    Trend,
    /// Somebody's published forecast.
    Published,
}

/// A forecast with its scores. Values are in the outcome's unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    /// The day of knowledge.
    pub as_of: String,
    /// The outcome's id.
    pub outcome: String,
    /// Who.
    pub forecaster: Forecaster,
    /// Name of a published forecast's publisher; empty for others.
    pub by: String,
    /// The fact it is; empty for others.
    pub fact: String,
    /// 5th, 25th, 50th, 75th and 95th percentile.
    pub percentiles: [f64; 5],
    /// Continuous ranked probability score over the outcome: 0.2 is as good as a point forecast 20 % off.
    pub crps: f64,
    /// Logarithmic score, −ln of the density.
    pub log_score: f64,
    /// Whether the outcome lies in the central 50 %.
    pub within50: bool,
    /// Whether it lies in the central 90 %.
    pub within90: bool,
    /// Share of the forecast below the outcome.
    pub percentile: f64,
}

/// Means over several forecasts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Who.
    pub forecaster: Forecaster,
    /// Number of outcomes.
    pub outcomes: usize,
    /// Mean CRPS over the outcome.
    pub crps: f64,
    /// Mean logarithmic score.
    pub log_score: f64,
    /// Outcomes in the central 50 %.
    pub within50: usize,
    /// Outcomes in the central 90 %.
    pub within90: usize,
}

/// An outcome that was not forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MissingForecast {
    /// The day of knowledge.
    pub as_of: String,
    /// The outcome's id.
    pub outcome: String,
    /// Who.
    pub forecaster: Forecaster,
    /// Why, in words.
    pub why: String,
}

/// The model against a rival, over the outcomes that both forecast on a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contest {
    /// The day of knowledge.
    pub as_of: String,
    /// The rival.
    pub rival: Forecaster,
    /// Its name, of a published forecast.
    pub by: String,
    /// Outcomes.
    pub outcomes: usize,
    /// Mean CRPS of the model over the outcome.
    pub model_crps: f64,
    /// Mean CRPS of the rival.
    pub rival_crps: f64,
    /// Outcomes on which the rival's CRPS is smaller.
    pub rival_wins: usize,
}

impl Contest {
    /// Whether the rival did better on average.
    pub fn is_lost(&self) -> bool {
        self.rival_crps < self.model_crps
    }
}
