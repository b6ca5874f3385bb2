//! Finding, reading, changing and checking a model.

use std::fs;
use std::path::Path;

use wafercast_fab::autosched::{self, NamedText};
use wafercast_fab::capacity::{Capacity, capacity};
use wafercast_fab::change::{self, Change, Count};
use wafercast_fab::check::{CheckedModel, check};
use wafercast_fab::model::{DispatchRule, FabModel};
use wafercast_fab::native;
use wafercast_fab::plan::{Plan, QueueTimeReading, Reading, compile};
use wafercast_fab::problem::{Problem, Severity};
use wafercast_fab::rank;

use super::arguments::{Changes, ModelFormat, RuleArgument};
use crate::console::{self, ERROR, HINT, styled};
use crate::failure::Failure;
use crate::shipped;

/// The file of the native format.
pub const NATIVE: &str = "fab.toml";
/// Largest file that is read.
const MOST_BYTES: u64 = 64 << 20;

/// A model as it was read, with what its reader found.
pub struct Read {
    /// The model.
    pub model: FabModel,
    /// Problems of reading.
    pub problems: Vec<Problem>,
    /// Its format.
    pub format: ModelFormat,
}

/// Reads the model at a path, or the shipped one of that name.
pub fn read(name: &str) -> Result<Read, Failure> {
    let path = Path::new(name);
    if path.is_dir() {
        let native = path.join(NATIVE);
        return if native.is_file() {
            read_native(&native)
        } else {
            read_autosched(path)
        };
    }
    if path.is_file() {
        return read_native(path);
    }
    if let Some(bytes) = shipped::read(&format!("fab/{name}/{NATIVE}")) {
        let text = String::from_utf8_lossy(&bytes);
        let (model, problems) = native::read(name, NATIVE, &text);
        return Ok(Read {
            model,
            problems,
            format: ModelFormat::Toml,
        });
    }
    Err(Failure::usage(
        format!("there is no folder, file or shipped fab `{name}`"),
        format!("shipped are {}", shipped_names()),
    ))
}

fn shipped_names() -> String {
    let names: Vec<String> = shipped::fab_names()
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    names.join(", ")
}

fn read_text(path: &Path) -> Result<String, Failure> {
    let size = fs::metadata(path)
        .map_err(|cause| Failure::file("read", path, cause))?
        .len();
    if size > MOST_BYTES {
        return Err(Failure::usage(
            format!("`{}` has {size} bytes", path.display()),
            format!("a file of a fab model may have at most {MOST_BYTES}"),
        ));
    }
    let bytes = fs::read(path).map_err(|cause| Failure::file("read", path, cause))?;
    String::from_utf8(bytes).map_err(|error| Failure::Damaged {
        path: path.to_owned(),
        problem: format!("is not UTF-8: {}", error.utf8_error()),
        hint: "save it as UTF-8".to_owned(),
    })
}

fn read_native(path: &Path) -> Result<Read, Failure> {
    let text = read_text(path)?;
    let file = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let folder = path
        .parent()
        .and_then(Path::file_name)
        .map(|name| name.to_string_lossy().into_owned());
    let (model, problems) = native::read(&folder.unwrap_or_else(|| file.clone()), &file, &text);
    Ok(Read {
        model,
        problems,
        format: ModelFormat::Toml,
    })
}

fn read_autosched(folder: &Path) -> Result<Read, Failure> {
    let entries = fs::read_dir(folder).map_err(|cause| Failure::file("read", folder, cause))?;
    let mut texts = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|cause| Failure::file("read", folder, cause))?
            .path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        let is_table = lower.ends_with(".txt")
            || lower.ends_with(".txt.1l")
            || autosched::is_model_file(&name);
        if path.is_file() && is_table {
            texts.push((name, read_text(&path)?));
        }
    }
    texts.sort();
    if texts.is_empty() {
        return Err(Failure::usage(
            format!("`{}` holds no fab model", folder.display()),
            format!("it needs AutoSched's tool.txt, part.txt, order.txt and routes, or a {NATIVE}"),
        ));
    }
    let files: Vec<NamedText<'_>> = texts
        .iter()
        .map(|(name, text)| NamedText { name, text })
        .collect();
    let name = folder.canonicalize().ok().and_then(|path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    });
    let (model, problems) = autosched::read(&name.unwrap_or_else(|| "fab".to_owned()), &files);
    Ok(Read {
        model,
        problems,
        format: ModelFormat::Autosched,
    })
}

/// The changes that the command line asks for.
pub fn changes(arguments: &Changes) -> Result<Vec<Change>, Failure> {
    let wrong =
        |message: String| Failure::usage(message, "`wafercast fab run --help` shows the forms");
    let mut changes = Vec::new();
    for text in &arguments.tools {
        changes.push(change::parse_tools(text).map_err(wrong)?);
    }
    if let Some(text) = &arguments.starts {
        changes.push(change::parse_starts(text).map_err(wrong)?);
    }
    if let Some(text) = &arguments.ranking {
        let ranking: Result<Vec<_>, String> = text
            .split(';')
            .filter(|part| !part.trim().is_empty())
            .map(rank::from_text)
            .collect();
        changes.push(Change::Ranking(ranking.map_err(wrong)?));
    }
    if let Some(rule) = arguments.rule {
        changes.push(Change::Rule(match rule {
            RuleArgument::Ranking => DispatchRule::Ranking,
            RuleArgument::HotLots => DispatchRule::HotLotsFirst,
            RuleArgument::LeastSetup => DispatchRule::LeastSetup,
        }));
    }
    if arguments.empty {
        changes.push(Change::Empty);
    }
    Ok(changes)
}

/// Reads, changes and checks; shows problems. Errors end the command.
pub fn checked(name: &str, arguments: &Changes) -> Result<CheckedModel, Failure> {
    let Read {
        model, problems, ..
    } = read(name)?;
    let (model, problems) = check(changed(model, arguments)?, problems);
    show_problems(&problems);
    model.ok_or(Failure::Fab)
}

/// A model with the changes that the command line asks for.
pub fn changed(mut model: FabModel, arguments: &Changes) -> Result<FabModel, Failure> {
    for change in changes(arguments)? {
        change::apply(&mut model, &change).map_err(|message| {
            Failure::usage(message, "`wafercast fab capacity` lists the families")
        })?;
    }
    Ok(model)
}

/// A checked model with one more tool of a family, for which nothing can become wrong.
pub fn with_one_more(model: &CheckedModel, family: &str) -> Option<CheckedModel> {
    let mut model = model.model().clone();
    let one_more = Change::Tools {
        family: family.to_owned(),
        count: Count::More(1),
        from: 0,
    };
    change::apply(&mut model, &one_more).ok()?;
    check(model, Vec::new()).0
}

/// Compiles a checked model as the command line asks.
pub fn plan(model: &CheckedModel, arguments: &Changes) -> Plan {
    let mut reading = Reading::default();
    if arguments.enforce_queue_times {
        reading.queue_time = QueueTimeReading::Enforced;
    }
    compile(model, reading)
}

/// The plan of a model whose families can carry their load; otherwise the families are named and nothing runs.
pub fn feasible(
    name: &str,
    arguments: &Changes,
) -> Result<(CheckedModel, Plan, Capacity), Failure> {
    let model = checked(name, arguments)?;
    let plan = plan(&model, arguments);
    let capacity = capacity(&plan);
    let overloaded: Vec<String> = capacity
        .overloaded()
        .iter()
        .map(|family| {
            format!(
                "`{}` has {} tool{} and needs {:.1} (load {:.1} % at best)",
                family.family,
                family.tools,
                if family.tools == 1 { "" } else { "s" },
                family.tools_needed,
                100.0 * family.best
            )
        })
        .collect();
    if overloaded.is_empty() {
        return Ok((model, plan, capacity));
    }
    Err(Failure::Infeasible {
        message: format!("the fab cannot carry its starts: {}", overloaded.join("; ")),
        hint: "add tools with `--tools FAMILY=+N`, or start less with `--starts 0.9`".to_owned(),
    })
}

/// Shows problems on standard error, all of them.
pub fn show_problems(problems: &[Problem]) {
    for problem in problems {
        let word = match problem.severity {
            Severity::Error => styled(ERROR, "error"),
            Severity::Warning => styled(HINT, "warning"),
        };
        console::say(&format!("{word}: {}: {}", problem.place, problem.message));
        if !problem.help.is_empty() {
            console::say(&format!("  {} {}", styled(HINT, "help:"), problem.help));
        }
    }
}
