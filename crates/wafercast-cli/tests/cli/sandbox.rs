//! An empty folder in which `wafercast` is called.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The binary under test.
pub const WAFERCAST: &str = env!("CARGO_BIN_EXE_wafercast");

/// An empty folder, removed at the end.
pub struct Sandbox {
    folder: TempDir,
}

/// What a call left behind.
#[derive(Debug)]
pub struct Outcome {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Sandbox {
    /// An empty folder.
    pub fn new() -> Sandbox {
        Sandbox {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A folder with the scenario of `wafercast init` in `mine/`.
    pub fn with_scenario() -> Sandbox {
        let sandbox = Sandbox::new();
        sandbox.succeed(&["init", "mine"]);
        sandbox
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A path in it.
    pub fn join(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// A call, ready to be changed.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(WAFERCAST);
        command
            .args(arguments)
            .current_dir(self.path())
            .env("WAFERCAST_CACHE", self.join("cache"))
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::null());
        command
    }

    /// Calls `wafercast`.
    pub fn call(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(&mut self.command(arguments))
    }

    /// Calls `wafercast`, which must succeed; its standard output.
    #[track_caller]
    pub fn succeed(&self, arguments: &[&str]) -> String {
        let outcome = self.call(arguments);
        assert_eq!(outcome.code, 0, "wafercast {arguments:?}: {outcome:#?}");
        outcome.stdout
    }

    /// Reads a file in it.
    #[track_caller]
    pub fn read(&self, path: &str) -> Vec<u8> {
        let path = self.join(path);
        std::fs::read(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
    }

    /// Names of all files below a folder, sorted.
    pub fn files(&self, folder: &str) -> Vec<String> {
        let mut files = Vec::new();
        let root = self.join(folder);
        let mut pending = vec![root.clone()];
        while let Some(folder) = pending.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    pending.push(path);
                } else {
                    let relative = path.strip_prefix(&root).unwrap();
                    files.push(relative.to_str().unwrap().to_owned());
                }
            }
        }
        files.sort();
        files
    }
}

impl Outcome {
    /// Runs a command to its end.
    pub fn of(command: &mut Command) -> Outcome {
        let output = command.output().unwrap();
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
