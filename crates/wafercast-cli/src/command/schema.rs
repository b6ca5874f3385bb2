//! `wafercast schema`: the JSON Schema of scenario files, for editors.

use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;

/// Runs the command.
pub fn execute() -> Result<Exit, Failure> {
    let mut bytes = serde_json::to_vec_pretty(&wafercast::fields::schema::schema())
        .map_err(|cause| Failure::Output(cause.into()))?;
    bytes.push(b'\n');
    console::print_raw(&bytes)?;
    Ok(Exit::Success)
}
