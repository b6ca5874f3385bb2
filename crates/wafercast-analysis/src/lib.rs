//! Why, what if, and how sure: the analyses that make a forecast useful.
//!
//! Every analysis runs the engine as an [`wafercast::experiment::Experiment`] and ends as plain data, which the command
//! line prints, a run folder keeps as `analysis.json`, and the report explains. What is computed does not depend on the
//! number of threads: work is split into pieces whose results are put together in order.

mod analyses;
pub mod backtest;
pub mod binding;
pub mod evidence;
pub mod explain;
pub mod learn;
mod moments;
mod pieces;
pub mod planning;
pub mod require;
pub mod score;
pub mod seal;
pub mod sensitivity;
mod target;

pub use analyses::{Analyses, SCHEMA};
pub use moments::{Moments, RatioOfMeans, share_error};
pub use target::{Target, TargetKind};
