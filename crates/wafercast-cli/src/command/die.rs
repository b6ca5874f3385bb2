//! `wafercast die`: the calculator of dies per wafer, yield and cost; [`crate::die`] has it.

use crate::console;
use crate::die::{self, DieArgs};
use crate::exit::Exit;
use crate::failure::Failure;

/// Runs the command.
pub fn execute(arguments: &DieArgs) -> Result<Exit, Failure> {
    let text = die::run(arguments, console::width())
        .map_err(|error| Failure::usage(error.message, error.hint))?;
    console::print(&text)?;
    Ok(Exit::Success)
}
