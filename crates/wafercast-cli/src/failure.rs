//! Operational failures: what the world or the command line did wrong. Scenario problems are diagnostics instead.

use std::io;
use std::path::{Path, PathBuf};

use crate::exit::Exit;

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A file or folder could not be read or written.
    #[error("cannot {action} `{}`: {cause}", path.display())]
    File {
        /// `read`, `write`, `create the folder` …
        action: &'static str,
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// Standard output could not be written.
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
    /// What is on disk is not what it should be.
    #[error("`{}` {problem}", path.display())]
    Damaged {
        /// Which file or folder.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        hint: String,
    },
    /// The command line asks for something that is not there.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to type instead.
        hint: String,
    },
    /// The fab model has errors; they are already on the screen.
    #[error("the fab model has errors")]
    Fab,
    /// The plan cannot be carried out.
    #[error("{message}")]
    Infeasible {
        /// What cannot be.
        message: String,
        /// What to change.
        hint: String,
    },
    /// The scenario has errors; they are already on the screen.
    #[error("the scenario has errors")]
    Scenario,
    /// A file of chips and models has errors; they are already on the screen.
    #[error("the library has errors")]
    Library,
}

impl Failure {
    /// A failed operation on a path.
    pub fn file(action: &'static str, path: &Path, cause: io::Error) -> Failure {
        Failure::File {
            action,
            path: path.to_owned(),
            cause,
        }
    }

    /// A wrong request with its remedy.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Failure {
        Failure::Usage {
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// The exit that belongs to it.
    pub fn exit(&self) -> Exit {
        match self {
            Failure::File { .. } | Failure::Output(_) | Failure::Damaged { .. } => {
                Exit::InputOutput
            }
            Failure::Usage { .. } => Exit::Usage,
            Failure::Scenario | Failure::Fab | Failure::Library => Exit::Failed,
            Failure::Infeasible { .. } => Exit::Infeasible,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Failure::File { action, cause, .. } => Some(file_hint(action, cause)),
            Failure::Output(cause) if cause.kind() == io::ErrorKind::StorageFull => {
                Some("the disk behind the redirection is full".to_owned())
            }
            Failure::Output(_) => None,
            Failure::Scenario | Failure::Library => {
                Some("`wafercast explain CODE` has a page on each code".to_owned())
            }
            Failure::Fab => Some("each error above says what to type instead".to_owned()),
            Failure::Damaged { hint, .. }
            | Failure::Usage { hint, .. }
            | Failure::Infeasible { hint, .. } => Some(hint.clone()),
        }
    }
}

fn file_hint(action: &str, cause: &io::Error) -> String {
    let writes = action != "read";
    match cause.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem if writes => {
            "choose a folder you may write to with `--out DIR`"
        }
        io::ErrorKind::PermissionDenied => "the file's permissions do not let you read it",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space, or choose another disk with `--out DIR`; a run that had begun can be resumed"
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a file is in the way: move it, or choose another place with `--out DIR`"
        }
        io::ErrorKind::NotFound if !writes => "check the spelling of the path",
        _ if writes => "choose another place with `--out DIR`",
        _ => "check the path",
    }
    .to_owned()
}
