//! From accelerators to usable compute, and what it costs.

pub mod format;
