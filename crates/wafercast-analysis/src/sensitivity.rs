//! Sensitivity.

pub mod gaussian;
pub mod linear_algebra;
pub mod main_effect;
pub mod model;
pub mod rank;
pub mod shapley;
pub mod surrogate;
pub mod topic;
pub mod variance_based;
