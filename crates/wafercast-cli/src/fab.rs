//! What the `wafercast fab` commands share: their arguments, reading models, running replications on threads, showing.

pub mod arguments;
pub mod curve;
pub mod files;
pub mod model;
pub mod replicate;
pub mod show;
