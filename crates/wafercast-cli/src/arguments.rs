//! The command line: what can be typed. clap lives here and nowhere else.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use wafercast::scenario::Design;

use crate::exit::Exit;

/// Forecast a country's AI-chip supply, with uncertainty and sources
#[derive(Debug, Parser)]
#[command(
    name = "wafercast",
    version,
    max_term_width = 100,
    after_help = Exit::table(),
    disable_help_subcommand = true
)]
pub struct Arguments {
    /// What to do; without it, a short guide.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Simulate a scenario and answer: headline, fan, claims, what binds when
    Run(Run),
    /// Check a scenario and show every problem at once
    Check(Check),
    /// Simulate a scenario and show the claims only
    Claims(Claims),
    /// Write a run's HTML report again
    Report(Report),
    /// Compare two scenarios draw by draw
    Compare(Compare),
    /// List, search and show the facts that the scenarios rest on
    Facts(Facts),
    /// Dies per wafer, yield, salvage and cost of a known good die
    Die(Box<crate::die::DieArgs>),
    /// Simulate a wafer fab: capacity, cycle time, what limits it
    Fab(Box<crate::fab::arguments::FabArgs>),
    /// Explain a diagnostic code
    Explain(Explain),
    /// Write a commented scenario to start from
    Init(Init),
    /// Print the JSON Schema of scenario files
    Schema,
    /// List runs, or show one
    Runs(Runs),
    /// Finish an interrupted run
    Resume(Resume),
    /// Print completions for a shell
    Completions(Completions),
}

/// Which scenario, and what is changed in it.
#[derive(Debug, Clone, Args)]
pub struct ScenarioArguments {
    /// Name of a shipped scenario, or path of a scenario's folder or file
    pub scenario: String,
    #[command(flatten)]
    pub changes: Changes,
}

/// What is changed in a scenario, and what it may know.
#[derive(Debug, Clone, Args)]
pub struct Changes {
    /// Change a value: `fab.smic-sn2.phase[1].delay="6 months"` (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Use only what was published by this day
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Folder with further facts (CSV files)
    #[arg(long, value_name = "DIR")]
    pub facts: Option<PathBuf>,
}

/// How to draw.
#[derive(Debug, Clone, Copy, Args)]
pub struct SamplingArguments {
    /// Number of draws [default: the scenario's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MOST_DRAWS))]
    pub draws: Option<u64>,
    /// Seed [default: the scenario's]
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// Sampling design [default: the scenario's]
    #[arg(long)]
    pub design: Option<DesignArgument>,
    /// Threads [default: all cores]; the results are the same for any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

/// More draws than this are a slip of the keyboard.
pub const MOST_DRAWS: u64 = 1_000_000_000;

/// `--design`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DesignArgument {
    /// Latin hypercube
    Lhs,
    /// Independent draws
    Random,
    /// Scrambled Sobol points
    Sobol,
}

impl From<DesignArgument> for Design {
    fn from(argument: DesignArgument) -> Design {
        match argument {
            DesignArgument::Lhs => Design::Lhs,
            DesignArgument::Random => Design::Random,
            DesignArgument::Sobol => Design::Sobol,
        }
    }
}

/// `--format`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For reading
    #[default]
    Table,
    /// The same as summary.json
    Json,
    /// The same as summary.csv
    Csv,
}

/// `--language`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum LanguageArgument {
    /// English
    #[default]
    En,
    /// German
    De,
    /// Chinese
    Zh,
}

/// `wafercast run`
#[derive(Debug, Clone, Args)]
pub struct Run {
    /// Name of a shipped scenario, or path of a scenario's folder or file
    #[arg(required_unless_present = "resume")]
    pub scenario: Option<String>,
    #[command(flatten)]
    pub changes: Changes,
    #[command(flatten)]
    pub sampling: SamplingArguments,
    /// Run folder to write [default: runs/SCENARIO-NUMBER]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What to print
    #[arg(long, default_value = "table")]
    pub format: Format,
    /// Keep every draw's inputs and yearly results (draws/*.parquet)
    #[arg(long)]
    pub keep_draws: bool,
    /// Language in which the report opens
    #[arg(long, default_value = "en")]
    pub language: LanguageArgument,
    /// Draws from one checkpoint to the next: what an interruption costs at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MOST_DRAWS))]
    pub block: Option<u64>,
    /// Finish the interrupted run in this folder instead
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with_all = ["scenario", "set", "as_of", "facts", "draws", "seed", "design", "out", "keep_draws", "language", "block"]
    )]
    pub resume: Option<PathBuf>,
}

/// `wafercast resume`
#[derive(Debug, Clone, Args)]
pub struct Resume {
    /// Run folder
    pub folder: PathBuf,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// What to print
    #[arg(long, default_value = "table")]
    pub format: Format,
}

/// `wafercast check`
#[derive(Debug, Clone, Args)]
pub struct Check {
    #[command(flatten)]
    pub scenario: ScenarioArguments,
    /// How problems are shown
    #[arg(long, default_value = "text")]
    pub message_format: MessageFormat,
    /// List the quantities that rest on no source
    #[arg(long)]
    pub assumptions: bool,
}

/// `--message-format`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum MessageFormat {
    /// With the place in the file
    #[default]
    Text,
    /// One JSON object per line
    Json,
}

/// `wafercast claims`
#[derive(Debug, Clone, Args)]
pub struct Claims {
    #[command(flatten)]
    pub scenario: ScenarioArguments,
    #[command(flatten)]
    pub sampling: SamplingArguments,
    /// What to print
    #[arg(long, default_value = "table")]
    pub format: Format,
}

/// `wafercast report`
#[derive(Debug, Clone, Args)]
pub struct Report {
    /// Run folder
    pub folder: PathBuf,
    /// Language in which the report opens
    #[arg(long, default_value = "en")]
    pub language: LanguageArgument,
}

/// `wafercast compare`
#[derive(Debug, Clone, Args)]
pub struct Compare {
    /// First scenario: name or path
    pub first: String,
    /// Second scenario; without it, the first with the changes of `--set`
    pub second: Option<String>,
    #[command(flatten)]
    pub changes: Changes,
    #[command(flatten)]
    pub sampling: SamplingArguments,
    /// What to print
    #[arg(long, default_value = "table")]
    pub format: Format,
}

/// `wafercast facts`
#[derive(Debug, Clone, Args)]
pub struct Facts {
    /// What to do; without it, list
    #[command(subcommand)]
    pub command: Option<FactsCommand>,
    #[command(flatten)]
    pub filter: FactsFilter,
}

/// Which facts.
#[derive(Debug, Clone, Args)]
pub struct FactsFilter {
    /// Only facts of a topic
    #[arg(long, global = true)]
    pub topic: Option<String>,
    /// Only facts published by this day
    #[arg(long, global = true, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Folder with further facts (CSV files)
    #[arg(long, global = true, value_name = "DIR")]
    pub facts: Option<PathBuf>,
    /// What to print
    #[arg(long, global = true, default_value = "table")]
    pub format: Format,
}

/// What to do with facts.
#[derive(Debug, Clone, Subcommand)]
pub enum FactsCommand {
    /// List them
    List,
    /// Facts that contain all these words
    Search {
        /// Words
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// A fact, and everything that rests on it
    Show {
        /// Fact id
        id: String,
    },
}

/// `wafercast explain`
#[derive(Debug, Clone, Args)]
pub struct Explain {
    /// Code (`WF0302`); without it, the list
    pub code: Option<String>,
}

/// `wafercast init`
#[derive(Debug, Clone, Args)]
pub struct Init {
    /// Folder to create
    pub folder: PathBuf,
}

/// `wafercast runs`
#[derive(Debug, Clone, Args)]
pub struct Runs {
    /// What to do
    #[command(subcommand)]
    pub command: RunsCommand,
}

/// What to do with runs.
#[derive(Debug, Clone, Subcommand)]
pub enum RunsCommand {
    /// List the runs in a folder
    List {
        /// Folder of run folders
        #[arg(default_value = "runs")]
        folder: PathBuf,
        /// What to print
        #[arg(long, default_value = "table")]
        format: Format,
    },
    /// Print a run's answer again
    Show {
        /// Run folder
        folder: PathBuf,
        /// What to print
        #[arg(long, default_value = "table")]
        format: Format,
    },
}

/// `wafercast completions`
#[derive(Debug, Clone, Args)]
pub struct Completions {
    /// Shell
    pub shell: clap_complete::Shell,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
