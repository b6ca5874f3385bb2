//! Wafercast's supply engine: from the text of a scenario to a forecast of AI-chip supply.
//!
//! A scenario is a program and this crate is its compiler. Read it in the order of the data:
//!
//! | stage | from | to |
//! |---|---|---|
//! | [`load`] | texts | [`document::Document`] (merged, spans kept) |
//! | [`check`] | document and [`facts::FactBase`] | [`scenario::Scenario`] (typed, unit-checked, sourced) or diagnostics |
//! | [`compile`] | scenario | [`plan::Plan`] (dense arrays, no names) |
//! | [`simulate`] | plan, sampling | [`simulate::Results`] of a group of draws |
//! | [`tally`] | results | [`tally::Tally`]: counts that do not grow with the draws |
//! | [`summarize`] | tally | [`summary::Summary`] |
//!
//! The engine is pure: no files, clock, environment, network, global state or threads of its own.

pub mod change;
pub mod check;
pub mod compile;
pub mod cost_of_goods;
pub mod diagnostic;
pub mod die_calculator;
pub mod die_yield;
pub mod distribution;
pub mod document;
pub mod draw;
pub mod experiment;
pub mod fab_model;
pub mod facts;
pub mod fields;
pub mod histogram;
pub mod load;
pub mod metric;
pub mod notation;
pub mod packing;
pub mod plan;
pub mod planned;
pub mod reference;
pub mod scenario;
pub mod simulate;
pub mod source_map;
pub mod summarize;
pub mod summary;
pub mod table;
pub mod tally;
pub mod time;
pub mod tracks;
pub mod unit;
