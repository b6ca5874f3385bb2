//! `wafercast run`: simulate a scenario, answer, and leave a run folder.

use wafercast::compile::compile;
use wafercast::plan::Plan;
use wafercast::scenario::Allocation;
use wafercast::simulate::Sampling;
use wafercast::summary::Summary;

use crate::arguments::{Changes, Format, LanguageArgument, Run, SamplingArguments};
use crate::console::{self, HINT, STRONG, styled};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::prepare::{self, Prepared};
use crate::run_folder::manifest::{self, Manifest, Status};
use crate::run_folder::{INPUTS, REPORT, RunFolder, summary_json};
use crate::session::{Outcome, Session};
use crate::{clock, command, shell, summary_table, terminal};

/// Draws from one checkpoint to the next, unless told otherwise: under a second of work.
const BLOCK: u64 = 32_768;
/// The same where every draw is planned: some seconds of work.
const BLOCK_OF_PLANNED_DRAWS: u64 = 256;
/// The same where the draws are kept: a block is held in memory until it is written.
const BLOCK_OF_KEPT_DRAWS: u64 = 4_096;

/// Runs the command.
pub fn execute(arguments: &Run) -> Result<Exit, Failure> {
    if let Some(folder) = &arguments.resume {
        return command::resume::finish(folder, arguments.sampling.threads, arguments.format);
    }
    let Some(given) = &arguments.scenario else {
        return Err(Failure::usage(
            "no scenario given",
            "wafercast run SCENARIO",
        ));
    };
    let interrupt = Interrupt::listen();
    let prepared = prepare::prepared(given, &arguments.changes)?;
    let plan = compile(&prepared.scenario);
    let folder = folder(arguments, &prepared)?;
    let session = session(arguments, &folder, &prepared, &plan);
    let outcome = session.finish(&interrupt)?;
    conclude(&folder, outcome, arguments.format)
}

/// The run folder, with the inputs in it.
pub fn folder(arguments: &Run, prepared: &Prepared) -> Result<RunFolder, Failure> {
    let folder = RunFolder::create(arguments.out.as_deref(), prepared.files.name())?;
    write_inputs(&folder, prepared)?;
    Ok(folder)
}

/// The work on it.
pub fn session<'a>(
    arguments: &Run,
    folder: &'a RunFolder,
    prepared: &'a Prepared,
    plan: &'a Plan,
) -> Session<'a> {
    Session {
        folder,
        manifest: manifest(arguments, prepared, plan),
        prepared,
        plan,
        threads: arguments.sampling.threads,
    }
}

/// Prints the answer of a finished session, or how to go on with an interrupted one.
pub fn conclude(folder: &RunFolder, outcome: Outcome, format: Format) -> Result<Exit, Failure> {
    let shown = shell::quoted_path(folder.path());
    match outcome {
        Outcome::Interrupted { done } => {
            console::say(&format!(
                "interrupted after {} draws; nothing of them is lost",
                terminal::number::grouped(done)
            ));
            console::say(&format!(
                "{}: go on with `wafercast resume {shown}`",
                styled(HINT, "hint")
            ));
            Ok(Exit::Interrupted)
        }
        Outcome::Done(summary) => {
            print_summary(&summary, format)?;
            console::say(&format!(
                "{} {shown}/{REPORT}  (also {shown}/summary.json, .csv, .parquet)",
                styled(STRONG, "Report:")
            ));
            Ok(Exit::Success)
        }
    }
}

/// Prints a summary in a format.
pub fn print_summary(summary: &Summary, format: Format) -> Result<(), Failure> {
    match format {
        Format::Table => console::print(&terminal::answer(summary, console::width())),
        Format::Json => console::print_raw(&summary_json(summary)?),
        Format::Csv => console::print_raw(&summary_table::series(summary).to_csv()?),
    }
}

/// How a scenario is drawn: as asked, else as it says itself.
pub fn sampling(prepared: &Prepared, arguments: &SamplingArguments) -> Sampling {
    let run = &prepared.scenario.run;
    Sampling {
        draws: arguments.draws.unwrap_or(run.samples),
        seed: arguments.seed.unwrap_or(run.seed),
        design: arguments.design.map_or(run.design, Into::into),
    }
}

/// The command that reproduces a run, whatever defaults change later.
pub fn reproducing_command(
    name: &str,
    given: &str,
    changes: &Changes,
    sampling: Sampling,
) -> String {
    let mut words = vec![
        "wafercast".to_owned(),
        name.to_owned(),
        shell::quoted(given),
        format!("--draws {}", sampling.draws),
        format!("--seed {}", sampling.seed),
        format!("--design {}", design_word(sampling.design)),
    ];
    for change in &changes.set {
        words.push(format!("--set {}", shell::quoted(change)));
    }
    if let Some(date) = &changes.as_of {
        words.push(format!("--as-of {}", shell::quoted(date)));
    }
    if let Some(folder) = &changes.facts {
        words.push(format!("--facts {}", shell::quoted_path(folder)));
    }
    words.join(" ")
}

fn design_word(design: wafercast::scenario::Design) -> &'static str {
    match design {
        wafercast::scenario::Design::Lhs => "lhs",
        wafercast::scenario::Design::Random => "random",
        wafercast::scenario::Design::Sobol => "sobol",
    }
}

/// The tag of a language.
pub fn language_tag(language: LanguageArgument) -> &'static str {
    match language {
        LanguageArgument::En => "en",
        LanguageArgument::De => "de",
        LanguageArgument::Zh => "zh",
    }
}

fn manifest(arguments: &Run, prepared: &Prepared, plan: &Plan) -> Manifest {
    let sampling = sampling(prepared, &arguments.sampling);
    let files = &prepared.files;
    let changes = &arguments.changes;
    let default_block = match prepared.scenario.run.allocation {
        Allocation::Optimal => BLOCK_OF_PLANNED_DRAWS,
        Allocation::Priority if arguments.keep_draws => BLOCK_OF_KEPT_DRAWS,
        Allocation::Priority => BLOCK,
    };
    let now = clock::utc();
    Manifest {
        schema: manifest::SCHEMA.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        status: Status::Running,
        title: prepared.scenario.title.clone(),
        scenario: files.given().to_owned(),
        main: files.main().to_owned(),
        set: changes.set.clone(),
        as_of: changes.as_of.clone(),
        draws: sampling.draws,
        seed: sampling.seed,
        design: sampling.design,
        block: arguments.block.unwrap_or(default_block),
        threads: 0,
        keep_draws: arguments.keep_draws,
        language: language_tag(arguments.language).to_owned(),
        plan_hash: plan.hash(),
        command: reproducing_command("run", files.given(), changes, sampling),
        started: now.clone(),
        updated: now,
        draws_done: 0,
        unplanned: 0,
        seconds: 0.0,
    }
}

/// Keeps the scenario's files and the facts, verbatim.
fn write_inputs(folder: &RunFolder, prepared: &Prepared) -> Result<(), Failure> {
    for (path, bytes) in prepared.files.taken() {
        folder.write(&format!("{INPUTS}/{path}"), &bytes)?;
    }
    for (path, text) in prepared.fact_files.iter().chain(&prepared.compute_files) {
        folder.write(&format!("{INPUTS}/{path}"), text.as_bytes())?;
    }
    Ok(())
}
