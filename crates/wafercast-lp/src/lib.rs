//! Planning: the best use of a scenario's resources, as a linear program, with shadow prices.
//!
//! The engine shares resources out by tiers and weights, month by month. This crate asks what the same resources could
//! yield at best over the whole horizon (model §6, `allocation = "optimal"`), and what one more wafer, stack or package
//! would add.
//!
//! | stage | from | to |
//! |---|---|---|
//! | [`numbers`] | a draw of the engine | capacities, yields, arrivals, worth |
//! | [`formulation`], [`clearing`] | numbers | [`program::Program`]: a sparse linear program |
//! | [`solve`], [`scaling`], [`clarabel_solver`] | program | vectors |
//! | [`certificate`] | vectors | proof of the optimum, by our own arithmetic |
//! | [`prices`], [`degeneracy`] | vectors | shadow prices, and which are the only ones |
//! | [`conflict`] | commitments that cannot be kept | a smallest set of causes |
//! | [`allocation`] | draws of a run | what the engine carries out instead of its own allocation |
//! | [`study`] | many draws | [`wafercast_analysis::planning::Planning`] |
//!
//! Pure like the engine: no files, clock or environment; results do not depend on the number of threads.

pub mod allocation;
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
