//! The commands, one module each.

pub mod analyse;
pub mod backtest;
pub mod bind;
pub mod check;
pub mod claims;
pub mod compare;
pub mod completions;
pub mod die;
pub mod evidence;
pub mod explain;
pub mod fab;
pub mod facts;
pub mod fit;
pub mod guide;
pub mod init;
pub mod learn;
pub mod plan;
pub mod report;
pub mod require;
pub mod resume;
pub mod run;
pub mod runs;
pub mod schema;
pub mod score;
pub mod seal;
pub mod sensitivity;

use crate::arguments::Command;
use crate::exit::Exit;
use crate::failure::Failure;

/// Carries out a command.
pub fn execute(command: Option<Command>) -> Result<Exit, Failure> {
    match command {
        None => guide::execute(),
        Some(Command::Run(arguments)) => run::execute(&arguments),
        Some(Command::Analyse(arguments)) => analyse::execute(&arguments),
        Some(Command::Backtest(arguments)) => backtest::execute(&arguments),
        Some(Command::Bind(arguments)) => bind::execute(&arguments),
        Some(Command::Plan(arguments)) => plan::execute(&arguments),
        Some(Command::Check(arguments)) => check::execute(&arguments),
        Some(Command::Claims(arguments)) => claims::execute(&arguments),
        Some(Command::Report(arguments)) => report::execute(&arguments),
        Some(Command::Require(arguments)) => require::execute(&arguments),
        Some(Command::Compare(arguments)) => compare::execute(&arguments),
        Some(Command::Facts(arguments)) => facts::execute(&arguments),
        Some(Command::Die(arguments)) => die::execute(&arguments),
        Some(Command::Fab(arguments)) => fab::execute(&arguments),
        Some(Command::Sensitivity(arguments)) => sensitivity::execute(&arguments),
        Some(Command::Learn(arguments)) => learn::execute(&arguments),
        Some(Command::Evidence(arguments)) => evidence::execute(&arguments),
        Some(Command::Fit(arguments)) => fit::execute(&arguments),
        Some(Command::Explain(arguments)) => explain::execute(&arguments),
        Some(Command::Init(arguments)) => init::execute(&arguments),
        Some(Command::Seal(arguments)) => seal::execute(&arguments),
        Some(Command::Score(arguments)) => score::execute(&arguments),
        Some(Command::Schema) => schema::execute(),
        Some(Command::Runs(arguments)) => runs::execute(&arguments),
        Some(Command::Resume(arguments)) => resume::execute(&arguments),
        Some(Command::Completions(arguments)) => completions::execute(&arguments),
    }
}
