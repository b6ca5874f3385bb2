//! `wafercast report`: write a run's report again.

use crate::arguments::Report;
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::run_folder::{self, REPORT, RunFolder};
use crate::{session, shell};

use super::run;

/// Runs the command.
pub fn execute(arguments: &Report) -> Result<Exit, Failure> {
    let folder = RunFolder::open(&arguments.folder)?;
    let summary = run_folder::read_summary(&arguments.folder)?;
    let analyses = run_folder::read_analyses(&arguments.folder)?;
    let html = session::report_html(&summary, &analyses, run::language_tag(arguments.language));
    folder.write(REPORT, html.as_bytes())?;
    let path = arguments.folder.join(REPORT);
    console::print(&format!("{}\n", shell::quoted_path(&path)))?;
    Ok(Exit::Success)
}
