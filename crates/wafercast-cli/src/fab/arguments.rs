//! The command line of `wafercast fab`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::failure::Failure;

/// `wafercast fab`
#[derive(Debug, Clone, Args)]
pub struct FabArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: FabCommand,
}

/// What to do with a fab model.
#[derive(Debug, Clone, Subcommand)]
pub enum FabCommand {
    /// Check a model and show every problem at once
    Check(Model),
    /// Static capacity: load against availability, family by family, without simulating
    Capacity(Model),
    /// Simulate: throughput, cycle time, on-time, tool states
    Run(Run),
    /// Compare two variants under common random numbers
    Compare(Compare),
    /// What limits this fab, and what one more tool of each family adds
    Limits(Limits),
    /// Starts and tool arrivals over time: when full rate is reached
    Ramp(Ramp),
    /// What the tools can start a month, and the cycle time at each rate of starts
    Curve(CurveArguments),
    /// Write a model in the other format: AutoSched's tables or TOML
    Convert(Convert),
}

/// Which model, and what is changed in it.
#[derive(Debug, Clone, Args)]
pub struct Model {
    /// Folder with AutoSched files or a `fab.toml`, a TOML file, or the name of a shipped fab
    #[arg(value_name = "DIR")]
    pub model: String,
    #[command(flatten)]
    pub changes: Changes,
    /// What to print
    #[arg(long, default_value = "table")]
    pub format: FabFormat,
}

/// What is changed in the model.
#[derive(Debug, Clone, Default, Args)]
pub struct Changes {
    /// Other tool counts: `FAMILY=12`, `FAMILY=+2`, `FAMILY=+2@180` from day 180 on (repeatable)
    #[arg(long, value_name = "FAMILY=N")]
    pub tools: Vec<String>,
    /// Starts: a factor, or over time `DAY:FACTOR,DAY:FACTOR`
    #[arg(long, value_name = "FACTOR")]
    pub starts: Option<String>,
    /// Ranking of waiting lots in all families: criteria or expressions, separated by `;`
    #[arg(long, value_name = "RANKING")]
    pub ranking: Option<String>,
    /// Rule of all families
    #[arg(long)]
    pub rule: Option<RuleArgument>,
    /// Start with an empty fab instead of the model's lots
    #[arg(long)]
    pub empty: bool,
    /// Give lots whose queue-time window closes precedence, instead of only counting violations
    #[arg(long)]
    pub enforce_queue_times: bool,
}

/// `--rule`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RuleArgument {
    /// The ranking alone
    Ranking,
    /// Hot lots, then the ranking
    HotLots,
    /// Hot lots, then least setup with minimum runs
    LeastSetup,
}

/// `--format`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum FabFormat {
    /// For reading
    #[default]
    Table,
    /// For programs: everything
    Json,
}

/// How long, how often, from what seed.
#[derive(Debug, Clone, Copy, Args)]
pub struct Simulated {
    /// Simulated days
    #[arg(long, value_name = "D", default_value_t = 365.0, value_parser = days)]
    pub days: f64,
    /// Days before statistics begin
    #[arg(long, value_name = "D", default_value_t = 0.0, value_parser = days_or_none)]
    pub warm_up: f64,
    /// Independent replications
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub replications: u32,
    /// Seed
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Threads [default: all cores]; the results are the same for any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

impl Simulated {
    /// Refuses a warm-up that leaves nothing.
    pub fn check(&self) -> Result<(), Failure> {
        if self.warm_up < self.days {
            return Ok(());
        }
        Err(Failure::usage(
            format!(
                "the warm-up of {} days leaves nothing of {} days",
                self.warm_up, self.days
            ),
            "`--days` counts the warm-up too; give more",
        ))
    }
}

fn days(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(days) if days > 0.0 && days <= 36_525.0 => Ok(days),
        _ => Err("a number of days above 0, at most 36525".to_owned()),
    }
}

fn days_or_none(text: &str) -> Result<f64, String> {
    if text.parse::<f64>() == Ok(0.0) {
        Ok(0.0)
    } else {
        days(text)
    }
}

/// `wafercast fab run`
#[derive(Debug, Clone, Args)]
pub struct Run {
    #[command(flatten)]
    pub model: Model,
    #[command(flatten)]
    pub simulated: Simulated,
    /// Folder for everything: summary.json, CSV and Parquet tables, report.html
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Save the state of the first replication at the end of its days
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Go on from a saved state instead of the start
    #[arg(long, value_name = "FILE")]
    pub restore: Option<PathBuf>,
}

/// `wafercast fab compare`
#[derive(Debug, Clone, Args)]
pub struct Compare {
    #[command(flatten)]
    pub model: Model,
    /// Second model; without it, the first with the changes applied, against the first without
    #[arg(long, value_name = "DIR")]
    pub with: Option<String>,
    #[command(flatten)]
    pub simulated: Simulated,
}

/// `wafercast fab limits`
#[derive(Debug, Clone, Args)]
pub struct Limits {
    #[command(flatten)]
    pub model: Model,
    #[command(flatten)]
    pub simulated: Simulated,
    /// Families to try one more tool of: the most loaded ones
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub families: usize,
}

/// `wafercast fab ramp`
#[derive(Debug, Clone, Args)]
pub struct Ramp {
    #[command(flatten)]
    pub model: Model,
    #[command(flatten)]
    pub simulated: Simulated,
    /// Days in a row of the table
    #[arg(long, value_name = "D", default_value_t = 28, value_parser = clap::value_parser!(u16).range(1..=3650))]
    pub every: u16,
}

/// `wafercast fab curve`
#[derive(Debug, Clone, Args)]
pub struct CurveArguments {
    #[command(flatten)]
    pub model: Model,
    /// Simulated days after the warm-up
    #[arg(long, value_name = "D", default_value_t = 240, value_parser = clap::value_parser!(u32).range(10..=3_650))]
    pub days: u32,
    /// Independent replications
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u32).range(2..=200))]
    pub replications: u32,
    /// Seed
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Threads [default: all cores]; the results are the same for any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

/// `wafercast fab convert`
#[derive(Debug, Clone, Args)]
pub struct Convert {
    /// Model to read
    #[arg(value_name = "DIR")]
    pub model: String,
    /// Folder to write
    #[arg(value_name = "OUT")]
    pub out: PathBuf,
    /// Format to write [default: the other one]
    #[arg(long)]
    pub to: Option<ModelFormat>,
}

/// `--to`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ModelFormat {
    /// AutoSched's tables
    Autosched,
    /// One readable file
    Toml,
}
