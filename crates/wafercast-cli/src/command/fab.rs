//! `wafercast fab`: the wafer-fab simulator.

mod compare;
mod curve;
mod limits;
mod ramp;
mod run;

use std::path::Path;

use wafercast_fab::capacity::capacity;
use wafercast_fab::check::check;
use wafercast_fab::problem::Severity;
use wafercast_fab::{autosched, native};

use crate::console;
use crate::exit::Exit;
use crate::fab::arguments::{Convert, FabArgs, FabCommand, FabFormat, Model, ModelFormat};
use crate::fab::{files, model, show};
use crate::failure::Failure;
use crate::run_folder::atomic;

/// Runs the command.
pub fn execute(arguments: &FabArgs) -> Result<Exit, Failure> {
    match &arguments.command {
        FabCommand::Check(arguments) => check_model(arguments),
        FabCommand::Capacity(arguments) => show_capacity(arguments),
        FabCommand::Run(arguments) => run::execute(arguments),
        FabCommand::Compare(arguments) => compare::execute(arguments),
        FabCommand::Limits(arguments) => limits::execute(arguments),
        FabCommand::Ramp(arguments) => ramp::execute(arguments),
        FabCommand::Curve(arguments) => curve::execute(arguments),
        FabCommand::Convert(arguments) => convert(arguments),
    }
}

fn check_model(arguments: &Model) -> Result<Exit, Failure> {
    let model::Read {
        model: read,
        problems,
        ..
    } = model::read(&arguments.model)?;
    let read = model::changed(read, &arguments.changes)?;
    let counts = (
        read.families.len(),
        read.routes.len(),
        read.parts.len(),
        read.orders.len(),
        read.initial_lots.len(),
    );
    let tools: u32 = read.families.iter().map(|family| family.tools).sum();
    let steps: usize = read.routes.iter().map(|route| route.steps.len()).sum();
    let (_, problems) = check(read, problems);
    let errors = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .count();
    let exit = if errors > 0 {
        Exit::Failed
    } else {
        Exit::Success
    };
    if arguments.format == FabFormat::Json {
        console::print_raw(&files::json(&problems)?)?;
        return Ok(exit);
    }
    model::show_problems(&problems);
    if errors == 0 {
        let (families, routes, parts, orders, lots) = counts;
        console::print(&format!(
            "ok: {families} families with {tools} tools, {routes} routes with {steps} steps, {parts} parts, {orders} orders, {lots} lots at the start\n"
        ))?;
    } else {
        console::say(&format!(
            "{errors} errors, {} warnings",
            problems.len() - errors
        ));
    }
    Ok(exit)
}

fn show_capacity(arguments: &Model) -> Result<Exit, Failure> {
    let checked = model::checked(&arguments.model, &arguments.changes)?;
    let capacity = capacity(&model::plan(&checked, &arguments.changes));
    match arguments.format {
        FabFormat::Table => console::print(&show::capacity(&capacity))?,
        FabFormat::Json => console::print_raw(&files::json(&capacity)?)?,
    }
    Ok(if capacity.overloaded().is_empty() {
        Exit::Success
    } else {
        Exit::Infeasible
    })
}

fn convert(arguments: &Convert) -> Result<Exit, Failure> {
    let model::Read {
        model: read,
        problems,
        format,
    } = model::read(&arguments.model)?;
    let (checked, problems) = check(read, problems);
    model::show_problems(&problems);
    let checked = checked.ok_or(Failure::Fab)?;
    let to = arguments.to.unwrap_or(match format {
        ModelFormat::Autosched => ModelFormat::Toml,
        ModelFormat::Toml => ModelFormat::Autosched,
    });
    let texts = match to {
        ModelFormat::Toml => vec![(model::NATIVE.to_owned(), native::write(checked.model()))],
        ModelFormat::Autosched => match autosched::write(checked.model()) {
            Ok(files) => files,
            Err(problems) => {
                model::show_problems(&problems);
                return Err(Failure::Fab);
            }
        },
    };
    refuse_filled(&arguments.out)?;
    atomic::create_folder(&arguments.out)?;
    for (name, text) in &texts {
        atomic::write(&arguments.out.join(name), text.as_bytes())?;
    }
    console::say(&format!(
        "wrote {} files to `{}`",
        texts.len(),
        arguments.out.display()
    ));
    Ok(Exit::Success)
}

/// Files of another model in the same folder would be read with the new ones.
fn refuse_filled(folder: &Path) -> Result<(), Failure> {
    let filled = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if filled {
        return Err(Failure::usage(
            format!("`{}` is not empty", folder.display()),
            "name a new folder, so that the files of two models do not mix",
        ));
    }
    Ok(())
}
