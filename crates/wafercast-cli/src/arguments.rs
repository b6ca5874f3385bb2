//! The command line: what can be typed. clap lives here and nowhere else.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use wafercast::scenario::Design;
use wafercast_analysis::explain::Grouping;

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
    /// Simulate a scenario and explain it: what binds, what matters, what to look up, what would change the answer
    #[command(visible_alias = "analyze")]
    Analyse(Analyse),
    /// What limits output and when, what more of it would bring, and when stocks run out
    Bind(Bind),
    /// Plan a scenario: the best use of its resources, and what one more of each would add
    Plan(Plan),
    /// Check a scenario and show every problem at once
    Check(Check),
    /// Simulate a scenario and show the claims only
    Claims(Claims),
    /// Write a run's HTML report again
    Report(Report),
    /// What moves the answers: tornado, rank correlation, shares of the variance by quantity and topic
    Sensitivity(Sensitivity),
    /// What to look up next: the quantities that, if known, would change the answers most
    Learn(Learn),
    /// Weigh the forecast by what was observed: before and after, what moved what, what conflicts
    Evidence(Evidence),
    /// Forecast again as of earlier days, and score by what came, beside simple rules and published forecasts
    Backtest(Backtest),
    /// Write today's forecast into a file that shows later whether it was touched
    Seal(Seal),
    /// Check a sealed forecast and score it by what became known after it
    Score(Score),
    /// What would have to be true: the least change that brings a claim to a probability
    Require(Require),
    /// Compare two scenarios draw by draw
    Compare(Compare),
    /// List, search and show the facts that the scenarios rest on
    Facts(Facts),
    /// Dies per wafer, yield, salvage and cost of a known good die
    Die(Box<crate::die::DieArgs>),
    /// Simulate a wafer fab: capacity, cycle time, what limits it
    Fab(Box<crate::fab::arguments::FabArgs>),
    /// Which chips run a model, how fast, on how many, at what cost
    Fit(Box<crate::fit::FitArgs>),
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

/// `wafercast plan`
#[derive(Debug, Args)]
pub struct Plan {
    #[command(flatten)]
    pub scenario: ScenarioArguments,
    /// Number of draws, each planned on its own
    #[arg(long, value_name = "N", default_value_t = wafercast_lp::study::Settings::DRAWS, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub draws: u64,
    /// Seed [default: the scenario's]
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// Threads [default: all cores]; the results are the same for any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// What is maximised [default: the scenario's]
    #[arg(long)]
    pub maximise: Option<MaximiseArgument>,
    /// First month of the plan [default: the scenario's]
    #[arg(long, value_name = "MONTH")]
    pub from: Option<String>,
    /// Discount per year: 0.1 is 10 % [default: the scenario's]
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub discount: Option<f64>,
    /// Draws planned once more with queues in the lines (clearing function); 0 for none
    #[arg(long, value_name = "N", default_value_t = wafercast_lp::study::Settings::CLEARING_DRAWS, value_parser = clap::value_parser!(u64).range(0..=100_000))]
    pub queues: u64,
    /// Cycle time over raw process time of lines with queues
    #[arg(long, value_name = "F", default_value_t = wafercast_lp::study::Settings::FLOW_FACTOR, value_parser = flow_factor)]
    pub flow_factor: f64,
    /// How to print the answer
    #[arg(long, default_value = "table")]
    pub format: PlanFormat,
}

/// `--maximise`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MaximiseArgument {
    /// Money
    Value,
    /// H100 equivalents
    H100e,
    /// TPP
    Tpp,
    /// Accelerators
    Units,
}

/// `--format` of a plan
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum PlanFormat {
    /// For reading
    #[default]
    Table,
    /// Everything
    Json,
}

fn rate(text: &str) -> Result<f64, String> {
    within(text, 0.0, 10.0)
}

fn flow_factor(text: &str) -> Result<f64, String> {
    within(text, 1.01, 100.0)
}

fn within(text: &str, least: f64, most: f64) -> Result<f64, String> {
    let number = text.parse::<f64>().ok();
    number
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("expected a number from {least} to {most}"))
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

/// `wafercast analyse`
#[derive(Debug, Clone, Args)]
pub struct Analyse {
    #[command(flatten)]
    pub scenario: ScenarioArguments,
    #[command(flatten)]
    pub sampling: SamplingArguments,
    /// Only these analyses [default: all]
    #[arg(long, value_delimiter = ',', value_name = "ANALYSIS")]
    pub only: Vec<crate::analyses::Analysis>,
    /// Run folder to write [default: runs/SCENARIO-NUMBER]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What to print
    #[arg(long, default_value = "table")]
    pub format: Format,
    /// Language in which the report opens
    #[arg(long, default_value = "en")]
    pub language: LanguageArgument,
}

/// `wafercast bind`
#[derive(Debug, Clone, Args)]
pub struct Bind {
    #[command(flatten)]
    pub scenario: ScenarioArguments,
    #[command(flatten)]
    pub sampling: SamplingArguments,
    /// What output is counted in: units, h100e, value [default: all]
    #[arg(long, value_delimiter = ',', value_name = "METRIC")]
    pub metric: Vec<String>,
    /// Raise resources from this month on [default: the whole horizon]
    #[arg(long, value_name = "MONTH")]
    pub from: Option<String>,
    /// Raise and lower resources by this share
    #[arg(long, value_name = "SHARE", default_value = "0.01", value_parser = step)]
    pub step: f64,
    /// Draws behind the elasticities
    #[arg(long, value_name = "N", default_value = "512", value_parser = clap::value_parser!(u64).range(2..=MOST_DRAWS))]
    pub elasticity_draws: u64,
    /// What to print
    #[arg(long, default_value = "table")]
    pub format: Format,
}

/// `wafercast require`
#[derive(Debug, Clone, Args)]
pub struct Require {
    #[command(flatten)]
    pub scenario: ScenarioArguments,
    /// Claims by their id, or conditions such as 'units(home, 2027) > 1e6 units' [default: all claims]
    pub claims: Vec<String>,
    #[command(flatten)]
    pub sampling: SamplingArguments,
    /// Only this quantity; given twice, also what the two can do together
    #[arg(long, value_name = "NAME")]
    pub quantity: Vec<String>,
    /// The probability to be reached
    #[arg(long, value_name = "SHARE", default_value = "50%", value_parser = probability)]
    pub probability: f64,
    /// Quantities to show for each claim
    #[arg(long, value_name = "N", default_value = "5", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub show: u16,
    /// What to print
    #[arg(long, default_value = "table")]
    pub format: Format,
}

/// `wafercast sensitivity`
#[derive(Debug, Clone, Args)]
pub struct Sensitivity {
    #[command(flatten)]
    pub scenario: ScenarioArguments,
    /// Claims by their id, or metrics such as 'units(home, 2027)' [default: next year's output, and all claims]
    pub targets: Vec<String>,
    #[command(flatten)]
    pub sampling: SamplingArguments,
    /// Sobol indices and Shapley effects of every quantity too: many times the draws
    #[arg(long)]
    pub full: bool,
    /// With `--full`: points per quantity, from 128; rounded down to a power of two
    #[arg(long, value_name = "N", requires = "full", default_value = "4096", value_parser = clap::value_parser!(u64).range(128..=1 << 24))]
    pub points: u64,
    /// Quantities to show for each target
    #[arg(long, value_name = "N", default_value = "10", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub show: u16,
    /// What to print
    #[arg(long, default_value = "table")]
    pub format: Format,
}

/// `wafercast learn`
#[derive(Debug, Clone, Args)]
pub struct Learn {
    #[command(flatten)]
    pub scenario: ScenarioArguments,
    /// Claims by their id, or metrics such as 'units(home, 2027)' [default: next year's output, and all claims]
    pub targets: Vec<String>,
    #[command(flatten)]
    pub sampling: SamplingArguments,
    /// The probability above which you would act on a claim
    #[arg(long, value_name = "SHARE", default_value = "50%", value_parser = probability)]
    pub threshold: f64,
    /// Quantities to show for each target
    #[arg(long, value_name = "N", default_value = "5", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub show: u16,
    /// What to print
    #[arg(long, default_value = "table")]
    pub format: Format,
}

/// A probability: `0.5`, `50%`.
fn probability(text: &str) -> Result<f64, String> {
    match share(text) {
        Some(share) if share > 0.0 && share < 1.0 => Ok(share),
        _ => Err("expected a probability between 0 and 100%, such as 50%".to_owned()),
    }
}

/// A number, or percent.
fn share(text: &str) -> Option<f64> {
    let (number, scale) = match text.strip_suffix('%') {
        Some(number) => (number, 0.01),
        None => (text, 1.0),
    };
    number
        .trim()
        .parse::<f64>()
        .ok()
        .map(|number| number * scale)
}

/// A share by which resources are raised and lowered: `0.01`, `1%`.
fn step(text: &str) -> Result<f64, String> {
    match share(text) {
        Some(share) if share > 0.0 && share <= 0.5 => Ok(share),
        _ => Err("expected a share above 0 and up to 50%, such as 1%".to_owned()),
    }
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

/// `wafercast evidence`
#[derive(Debug, Clone, Args)]
pub struct Evidence {
    #[command(flatten)]
    pub scenario: ScenarioArguments,
    #[command(flatten)]
    pub sampling: SamplingArguments,
    /// What to print
    #[arg(long, default_value = "table")]
    pub format: Format,
}

/// `wafercast backtest`
#[derive(Debug, Clone, Args)]
pub struct Backtest {
    /// Name of a shipped scenario, or path of a scenario's folder or file
    pub scenario: String,
    /// A day of knowledge: what was published later is not used (repeatable) [default: the scenario's `backtest`]
    #[arg(long, value_name = "DATE")]
    pub as_of: Vec<String>,
    /// Change a value: `fab.smic-sn2.phase[1].delay="6 months"` (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Folder with further facts (CSV files)
    #[arg(long, value_name = "DIR")]
    pub facts: Option<PathBuf>,
    #[command(flatten)]
    pub sampling: SamplingArguments,
    /// What to print
    #[arg(long, default_value = "table")]
    pub format: Format,
}

/// `wafercast seal`
#[derive(Debug, Clone, Args)]
pub struct Seal {
    #[command(flatten)]
    pub scenario: ScenarioArguments,
    #[command(flatten)]
    pub sampling: SamplingArguments,
    /// File to write [default: SCENARIO-DATE.seal]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `wafercast score`
#[derive(Debug, Clone, Args)]
pub struct Score {
    /// File that `wafercast seal` wrote
    pub file: PathBuf,
    /// What came: a CSV file with the columns of,value,unit,known,source [default: the scenario's evidence]
    #[arg(long, value_name = "FILE")]
    pub outcomes: Option<PathBuf>,
    /// The SHA-256 that was published when the forecast was sealed
    #[arg(long, value_name = "HASH")]
    pub sha256: Option<String>,
    /// Folder with further facts (CSV files)
    #[arg(long, value_name = "DIR")]
    pub facts: Option<PathBuf>,
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
    /// Say which change the difference is due to (Shapley values)
    #[arg(long)]
    pub explain: bool,
    /// What the difference is attributed to [default: the finest that leaves a dozen]
    #[arg(long, requires = "explain")]
    pub by: Option<GroupingArgument>,
    /// Explain this metric or condition, too: 'stock(memory:hbm2e, 2027-12)' (repeatable)
    #[arg(long, value_name = "METRIC", requires = "explain")]
    pub metric: Vec<String>,
    /// Pairs of orders of the changes to sample where there are more than six
    #[arg(long, value_name = "N", default_value = "8", requires = "explain", value_parser = clap::value_parser!(u16).range(2..=1000))]
    pub pairs: u16,
    /// What to print
    #[arg(long, default_value = "table")]
    pub format: Format,
}

/// `--by`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GroupingArgument {
    /// Each change
    Change,
    /// Tables such as fab.smic-n2
    Table,
    /// Kinds of tables such as fab
    Kind,
}

impl From<GroupingArgument> for Grouping {
    fn from(argument: GroupingArgument) -> Grouping {
        match argument {
            GroupingArgument::Change => Grouping::Change,
            GroupingArgument::Table => Grouping::Table,
            GroupingArgument::Kind => Grouping::Kind,
        }
    }
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
