//! `wafercast resume`: finish an interrupted run. The result is, bit for bit, that of an uninterrupted one.

use std::path::Path;

use wafercast::compile::compile;

use crate::arguments::{Changes, Format, Resume};
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::prepare;
use crate::run_folder::manifest::{Manifest, Status};
use crate::run_folder::{self, INPUTS, RunFolder};
use crate::scenario_files::ScenarioFiles;
use crate::session::{Outcome, Session};

use super::run;

/// Runs the command.
pub fn execute(arguments: &Resume) -> Result<Exit, Failure> {
    finish(&arguments.folder, arguments.threads, arguments.format)
}

/// Finishes the run in a folder.
pub fn finish(path: &Path, threads: Option<u16>, format: Format) -> Result<Exit, Failure> {
    let folder = RunFolder::open(path)?;
    let manifest = Manifest::read(path)?;
    if manifest.status == Status::Done {
        console::say("this run is finished already; here is its answer");
        let summary = run_folder::read_summary(path)?;
        return run::conclude(&folder, Outcome::Done(Box::new(summary)), format);
    }
    let interrupt = Interrupt::listen();
    let files = ScenarioFiles::kept(&manifest.scenario, &path.join(INPUTS), &manifest.main);
    let changes = Changes {
        set: manifest.set.clone(),
        as_of: manifest.as_of.clone(),
        // Facts of `--facts` are among the inputs kept.
        facts: None,
    };
    let prepared = prepare::checked_files(files, &changes)?.or_say_why()?;
    let plan = compile(&prepared.scenario);
    if plan.hash() != manifest.plan_hash {
        return Err(Failure::Damaged {
            path: path.to_owned(),
            problem: format!(
                "was begun with another plan (by wafercast {}), this is wafercast {}",
                manifest.version,
                env!("CARGO_PKG_VERSION")
            ),
            hint: format!("start again with `{}`", manifest.command),
        });
    }
    let session = Session {
        folder: &folder,
        manifest,
        prepared: &prepared,
        plan: &plan,
        threads,
    };
    let outcome = session.finish(&interrupt)?;
    run::conclude(&folder, outcome, format)
}
