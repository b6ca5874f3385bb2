//! A discrete-event simulator of a wafer fab.
//!
//! Text → [`model::FabModel`] ([`autosched`], [`native`]) → [`check::CheckedModel`] → [`plan::Plan`] →
//! [`simulate::Simulation`] → [`simulate::RunResult`]. The crate is pure: no files, clock, environment or threads.

pub mod autosched;
pub mod calendar;
pub mod capacity;
pub mod change;
pub mod check;
pub mod compare;
pub mod curve;
pub mod draw;
pub mod model;
pub mod native;
pub mod page;
pub mod plan;
pub mod problem;
pub mod rank;
pub mod simulate;
pub mod span;
pub mod summary;
