//! `wafercast fit`; [`crate::fit`] has it.

use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fit::inputs::{self, Inputs};
use crate::fit::{self, FitArgs, calibrate, rows};

/// Runs the command.
pub fn execute(args: &FitArgs) -> Result<Exit, Failure> {
    if let Some(folder) = &args.calibrate {
        let library = inputs::library(&args.library)?;
        calibrate::run(folder, &args.out, &library)?;
        return Ok(Exit::Success);
    }
    let inputs = Inputs::read(&args.library)?;
    if let Some(path) = &args.rows {
        let text = inputs::read_table(path)?;
        let (csv, is_whole) = rows::predicted(&path.display().to_string(), &text, &inputs)?;
        console::print_raw(csv.as_bytes())?;
        return Ok(if is_whole {
            Exit::Success
        } else {
            Exit::Failed
        });
    }
    let text = if args.list {
        fit::list(&inputs)
    } else {
        fit::answer(args, &inputs, console::width())?
    };
    console::print(&text)?;
    Ok(Exit::Success)
}
