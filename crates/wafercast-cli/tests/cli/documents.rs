//! The commands that README and docs show are carried out: ```` ```console ```` blocks, lines that begin with
//! `$ wafercast`. One folder per document, so that a page may build on its earlier commands.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sandbox::{Outcome, Sandbox, WAFERCAST};

/// The documents, from the root of the source tree.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut documents = vec![root.join("README.md")];
    let mut pending = vec![
        root.join("docs"),
        root.join("scenarios"),
        root.join("examples"),
    ];
    while let Some(folder) = pending.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                documents.push(path);
            }
        }
    }
    documents.retain(|path| path.exists());
    documents.sort();
    documents
}

/// `wafercast …` commands of a document, with continued lines joined.
fn commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut is_console = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if let Some(language) = line.strip_prefix("```") {
            is_console = !is_console && language.trim() == "console";
        } else if is_console && let Some(command) = line.strip_prefix("$ wafercast") {
            let mut command = command.to_owned();
            while let Some(begun) = command.strip_suffix('\\') {
                let next = lines.next().unwrap_or_default();
                command = format!("{begun}{}", next.trim());
            }
            commands.push(command);
        }
    }
    commands
}

#[test]
fn documented_commands_work() {
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        let commands = commands(&text);
        if commands.is_empty() {
            continue;
        }
        let sandbox = Sandbox::new();
        for command in commands {
            let outcome = Outcome::of(
                Command::new("bash")
                    .args(["-c", &format!("'{WAFERCAST}'{command}")])
                    .current_dir(sandbox.path()),
            );
            assert_eq!(
                outcome.code,
                0,
                "{}: wafercast{command}: {outcome:#?}",
                document.display()
            );
        }
    }
}

#[test]
fn commands_are_found_in_console_blocks_only() {
    let text = "$ wafercast no\n```console\n$ wafercast run a \\\n    --draws 5\noutput\n$ ls\n```\n```toml\n$ wafercast no\n```\n";
    assert_eq!(commands(text), [" run a --draws 5"]);
}
