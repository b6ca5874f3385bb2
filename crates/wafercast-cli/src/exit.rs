//! How the command ends: the exit codes, in one place.

use std::process::ExitCode;

/// The end of a command. Codes are part of the interface: scripts rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Success,
    /// The scenario has errors, or a check failed.
    Failed,
    /// The command line is wrong.
    Usage,
    /// The plan cannot be carried out.
    Infeasible,
    /// Interrupted; what was computed is kept and the run can be resumed.
    Interrupted,
    /// A fault of Wafercast itself.
    Bug,
    /// The world: disk, permissions, a missing file.
    InputOutput,
}

impl Exit {
    /// All ends, in order of their code.
    pub const ALL: [Exit; 7] = [
        Exit::Success,
        Exit::Failed,
        Exit::Usage,
        Exit::Infeasible,
        Exit::Interrupted,
        Exit::Bug,
        Exit::InputOutput,
    ];

    /// The process's exit code.
    pub const fn code(self) -> u8 {
        match self {
            Exit::Success => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Infeasible => 3,
            Exit::Interrupted => 4,
            Exit::Bug => 70,
            Exit::InputOutput => 74,
        }
    }

    /// What the code means, in a few words.
    pub const fn meaning(self) -> &'static str {
        match self {
            Exit::Success => "ok",
            Exit::Failed => "the scenario or a check failed",
            Exit::Usage => "usage",
            Exit::Infeasible => "infeasible plan",
            Exit::Interrupted => "interrupted, can be resumed",
            Exit::Bug => "a bug in wafercast",
            Exit::InputOutput => "input or output failed",
        }
    }

    /// The list of codes as the help shows it.
    pub fn table() -> String {
        let mut text = String::from("Exit codes:\n");
        for exit in Exit::ALL {
            text.push_str(&format!("  {:>2}  {}\n", exit.code(), exit.meaning()));
        }
        text
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_interface() {
        let codes: Vec<u8> = Exit::ALL.iter().map(|exit| exit.code()).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4, 70, 74]);
    }
}
