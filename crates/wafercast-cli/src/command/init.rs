//! `wafercast init`: a commented scenario to start from.

use std::fs;
use std::io;
use std::path::Path;

use crate::arguments::Init;
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::run_folder::atomic;
use crate::shell;
use crate::shipped::MAIN_FILE;

/// The files of a new scenario, by their path in its folder.
const FILES: [(&str, &str); 2] = [
    (MAIN_FILE, include_str!("init/scenario.toml")),
    ("facts/own.csv", include_str!("init/own.csv")),
];

/// Runs the command.
pub fn execute(arguments: &Init) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    refuse_to_overwrite(folder)?;
    for (path, text) in FILES {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            atomic::create_folder(parent)?;
        }
        atomic::write(&path, text.as_bytes())?;
    }
    let shown = shell::quoted_path(folder);
    console::print(&format!(
        "Wrote {shown}/{MAIN_FILE} and {shown}/facts/own.csv. Next:\n  wafercast check {0}\n  wafercast run {0}\n",
        as_path(&shown)
    ))?;
    Ok(Exit::Success)
}

/// A bare word could be the name of a shipped scenario.
fn as_path(shown: &str) -> String {
    if crate::shipped::is_scenario(shown) {
        format!("./{shown}")
    } else {
        shown.to_owned()
    }
}

fn refuse_to_overwrite(folder: &Path) -> Result<(), Failure> {
    let is_empty = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => true,
        Err(cause) => return Err(Failure::file("create the folder", folder, cause)),
    };
    if is_empty {
        Ok(())
    } else {
        Err(Failure::usage(
            format!("the folder `{}` is not empty", folder.display()),
            "name a new folder: nothing is ever overwritten",
        ))
    }
}
