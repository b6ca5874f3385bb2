//! `wafercast completions`: what a shell needs to complete commands and options.

use clap::CommandFactory;

use crate::arguments::{Arguments, Completions};
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;

/// Runs the command.
pub fn execute(arguments: &Completions) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "wafercast",
        &mut script,
    );
    console::print_raw(&script)?;
    Ok(Exit::Success)
}
