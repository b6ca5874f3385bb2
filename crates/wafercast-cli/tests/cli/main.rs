//! The whole command line: exit codes, standard output, standard error, and what is left on disk.

// The lint knows test functions only; what they share may fail a test, too.
#![allow(clippy::unwrap_used)]

mod commands;
mod disk;
mod documents;
mod fab;
mod fit;
mod forecasts;
mod golden;
mod resume;
mod run_folder;
mod sandbox;
mod sensitivity;
