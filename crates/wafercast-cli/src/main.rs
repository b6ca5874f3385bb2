//! The `wafercast` command.
//!
//! Arguments → [`command`] → a scenario is found, read and checked ([`prepare`]) → simulated ([`forecast`], [`session`])
//! → shown ([`terminal`]) and kept ([`run_folder`]). Whatever goes wrong becomes an [`exit::Exit`] here, and only here.

mod analyses;
mod arguments;
mod border;
mod clock;
mod command;
mod compute_layer;
mod console;
mod diagnostics_text;
mod die;
mod draws_table;
mod exit;
mod fab;
mod fab_line;
mod fact_base;
mod failure;
mod fit;
mod forecast;
mod interrupt;
mod prepare;
mod progress;
mod run_folder;
mod scenario_files;
mod session;
mod shell;
mod shipped;
mod summary_table;
mod table;
mod targets;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::exit::Exit;

fn main() -> ExitCode {
    border::catching_bugs(run).into()
}

fn run() -> Exit {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let exit = if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Success
            };
            // Help that cannot be printed cannot be complained about either.
            let _ = error.print();
            return exit;
        }
    };
    match command::execute(arguments.command) {
        Ok(exit) => exit,
        Err(failure) => {
            console::say_failure(&failure);
            failure.exit()
        }
    }
}
