//! `wafercast analyse`: simulate a scenario, then explain it. The run folder holds what `wafercast run` leaves, and the
//! analyses beside it.

use wafercast::compile::compile;

use crate::analyses::{self, Subject};
use crate::arguments::{Analyse, Format, Run};
use crate::console::{self, STRONG, styled};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::run_folder::{ANALYSIS, REPORT, analyses_json};
use crate::session::{self, Outcome};
use crate::{forecast, prepare, shell};

use super::run;

/// Runs the command.
pub fn execute(arguments: &Analyse) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    let prepared = prepare::prepared(&arguments.scenario.scenario, &arguments.scenario.changes)?;
    let plan = compile(&prepared.scenario);
    let sampling = run::sampling(&prepared, &arguments.sampling);
    let folder = run::folder(&as_run(arguments), &prepared)?;
    let session = run::session(&as_run(arguments), &folder, &prepared, &plan);
    let summary = match session.finish(&interrupt)? {
        Outcome::Done(summary) => summary,
        interrupted @ Outcome::Interrupted { .. } => {
            return run::conclude(&folder, interrupted, arguments.format);
        }
    };
    prepare::say_if_planned(&prepared);
    let subject = Subject {
        prepared: &prepared,
        plan: &plan,
        sampling,
        pool: &forecast::pool(arguments.sampling.threads)?,
    };
    let analyses = analyses::make(&subject, &arguments.only)?;
    folder.write(ANALYSIS, &analyses_json(&analyses)?)?;
    let html = session::report_html(&summary, &analyses, run::language_tag(arguments.language));
    folder.write(REPORT, html.as_bytes())?;
    match arguments.format {
        Format::Table => {
            run::print_summary(&summary, Format::Table)?;
            console::print(&analyses::text(&analyses, console::width()))?;
        }
        Format::Json => console::print_raw(&analyses_json(&analyses)?)?,
        Format::Csv => run::print_summary(&summary, Format::Csv)?,
    }
    let shown = shell::quoted_path(folder.path());
    console::say(&format!(
        "{} {shown}/{REPORT}  (also {shown}/{ANALYSIS})",
        styled(STRONG, "Report:")
    ));
    Ok(Exit::Success)
}

/// The run that comes first.
fn as_run(arguments: &Analyse) -> Run {
    Run {
        scenario: Some(arguments.scenario.scenario.clone()),
        changes: arguments.scenario.changes.clone(),
        sampling: arguments.sampling,
        out: arguments.out.clone(),
        format: arguments.format,
        keep_draws: false,
        language: arguments.language,
        block: None,
        resume: None,
    }
}
