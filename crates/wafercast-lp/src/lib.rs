//! Planning.
pub mod certificate;
pub mod clarabel_solver;
pub mod clearing;
pub mod commitment;
pub mod conflict;
pub mod degeneracy;
pub mod formulation;
pub mod numbers;
pub mod prices;
pub mod program;
pub mod scaling;
pub mod solve;
pub mod study;
