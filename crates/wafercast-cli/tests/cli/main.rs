//! The whole command line: exit codes, standard output, standard error, and what is left on disk.

mod commands;
mod disk;
mod documents;
mod golden;
mod resume;
mod run_folder;
mod sandbox;
