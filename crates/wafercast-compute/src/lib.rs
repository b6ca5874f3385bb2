//! From accelerators to usable compute, and what it costs.
//!
//! | module | question |
//! |---|---|
//! | [`format`] | what is a number in FP8, exactly, and what does a conversion cost |
//! | [`chip`], [`model`], [`library`] | what is published about an accelerator and a model |
//! | [`training`] | chip-hours of a training run |
//! | [`serving`], [`layout`], [`queue`] | tokens per second, latency, the best split over chips |
//! | [`price`] | dollars per chip-hour: rented, by contract, owned |
//! | [`answer`] | all of it for one model on one chip |
//! | [`rows`] | predictions beside published and measured rows |
//! | [`link`] | rates of the chips of a scenario, and rents as paths |
//!
//! The crate is pure: no files, clock, environment, network or threads.

pub mod answer;
pub mod calibration;
pub mod chip;
pub mod codes;
mod fields;
pub mod format;
pub mod layout;
pub mod library;
mod linear;
pub mod link;
pub mod model;
pub mod price;
pub mod queue;
pub mod rows;
pub mod serving;
pub mod training;
