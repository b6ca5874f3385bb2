//! Evidence: draws weighed by how well they agree with what was observed.
//!
//! Every draw is one world that the inputs allow; an observation makes some worlds likelier than others. The product of
//! the [`Likelihood`]s of all observations is the weight of a draw ([`Weights`]). Where few draws carry the weight,
//! [`temper`] moves draws towards it instead. [`weigh`] does both on a scenario, and says what moved, by which
//! observation, and which observations do not go together.

mod conflict;
mod likelihood;
mod observation;
mod study;
mod tempering;
mod weights;

pub use likelihood::{Likelihood, Unweighable};
pub use study::{Question, outputs, weigh};
pub use tempering::{Effort, LogLikelihood, Scores, Step, Tempered, temper};
pub use weights::{Spread, Weights};

use serde::{Deserialize, Serialize};

use crate::TargetKind;

/// What the observations say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// How the posterior was reached.
    pub method: Method,
    /// Draws N of before.
    pub draws: u64,
    /// Effective number of the prior's draws under the weights of all observations.
    pub effective_of_weights: f64,
    /// Effective number of draws behind the posterior's numbers: that of the weights, or of the independent lineages
    /// of tempered draws.
    pub effective: f64,
    /// Steps of the tempering; empty for weights.
    pub steps: Vec<Tempering>,
    /// Draws simulated for the posterior, besides the prior's.
    pub simulated: u64,
    /// ln of the mean likelihood of all observations together under the prior.
    pub ln_evidence: f64,
    /// The observations.
    pub observations: Vec<Observation>,
    /// Observations that weigh nothing, and why.
    pub left_out: Vec<LeftOut>,
    /// Outputs before and after.
    pub outputs: Vec<Output>,
    /// Inputs before and after: those that moved most first.
    pub inputs: Vec<Input>,
    /// What each observation does to each output.
    pub shifts: Vec<Shift>,
    /// What does not go together.
    pub conflicts: Vec<Conflict>,
}

/// How a posterior was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The prior's draws, weighed.
    Weights,
    /// Tempered sequential Monte Carlo.
    Tempered,
}

/// One step of the tempering.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tempering {
    /// Exponent of the likelihood after the step.
    pub temperature: f64,
    /// Share of proposed moves that were accepted.
    pub acceptance: f64,
}

/// An observation beside what the model expects. Values are in `unit`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Evidence id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// The metric as written.
    pub metric: String,
    /// Unit of all values here.
    pub unit: String,
    /// Observed: 5th percentile, median, 95th percentile.
    pub observed: [f64; 3],
    /// The error assumed of a number without one (at 90 %, as a share).
    pub assumed_error: Option<f64>,
    /// The model's before.
    pub prior: Spread,
    /// The model's after.
    pub posterior: Spread,
    /// Two-sided chance that a report at least as far from the model's middle had come about, before.
    pub p_value: f64,
    /// The same with the model already weighed by all other observations. `None` where they leave too few draws.
    pub p_value_given_others: Option<f64>,
    /// Effective number of the prior's draws under this observation alone.
    pub effective_alone: f64,
    /// Fact ids.
    pub sources: Vec<String>,
    /// Quantities of the scenario that rest on the same facts: they have been set by what is observed here, and weighing
    /// counts it twice.
    pub also_inputs: Vec<String>,
}

/// An observation that weighs nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Evidence id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Why.
    pub why: Reason,
}

/// Why an observation weighs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The scenario says `weigh = false`.
    Declared,
    /// A zero without an error.
    Zero,
    /// No draw comes near enough to have any likelihood.
    OutOfReach,
    /// No draw agrees with it and with the other observations at once.
    Contradicts,
}

/// An output before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// Id of the claim, or the metric as written.
    pub name: String,
    /// The claim's sentence; of a metric its text.
    pub says: String,
    /// What it is.
    pub kind: TargetKind,
    /// Unit; empty for claims and plain numbers.
    pub unit: String,
    /// Before.
    pub prior: Spread,
    /// After.
    pub posterior: Spread,
}

/// An input before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Name of the quantity; `@k` is anchor k of a path.
    pub name: String,
    /// Unit of the values.
    pub unit: String,
    /// Before; absent where the input is only whether something happens.
    pub prior: Spread,
    /// After.
    pub posterior: Spread,
    /// How far its middle went, in standard deviations of before.
    pub shift: f64,
    /// Its standard deviation after, over before, on the scale on which before is normal.
    pub narrowing: f64,
    /// What was learnt, in nats: the divergence of after from before.
    pub learnt: f64,
}

/// What one observation does to one output: differences of means, in the output's unit (of claims, in probability).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shift {
    /// Evidence id.
    pub evidence: String,
    /// Name of the output.
    pub output: String,
    /// The observation alone, against none.
    pub alone: f64,
    /// Its standard error.
    pub alone_se: f64,
    /// All observations, against all but this one. `None` where leaving it out leaves too few draws.
    pub last: Option<f64>,
}

/// What does not go together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Conflict {
    /// An observation that the inputs hardly allow.
    Unexpected {
        /// Evidence id.
        evidence: String,
        /// Its prior-predictive p-value.
        p_value: f64,
        /// Share of draws within its 90 % range.
        within: f64,
    },
    /// Two observations of which one makes the other less likely.
    Pair {
        /// Evidence ids.
        evidence: [String; 2],
        /// ln of how much less likely they are together than if one said nothing about the other.
        ln_ratio: f64,
        /// Its standard error.
        se: f64,
    },
    /// Two observations from one page: their errors are not independent.
    SameSource {
        /// Evidence ids.
        evidence: [String; 2],
        /// Fact ids of the page.
        facts: Vec<String>,
    },
}
