//! `wafercast fit`: which chips run a model, how fast, on how many, at what cost. The arithmetic is
//! [`wafercast_compute`]'s; here arguments become its input and its answers text, JSON or CSV.

pub mod calibrate;
mod chips;
pub mod inputs;
mod list;
mod money;
mod page;
mod quantity;
pub mod rows;
mod workload;

pub use chips::answer;
pub use list::list;

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

use quantity::Serve;

const EXAMPLES: &str = "\
Examples:
  wafercast fit deepseek-v3 --on H20,H800,910C,950PR
  wafercast fit deepseek-v3 --on H20,910C --serve 4096/1024@2048 --max-tpot 50
  wafercast fit deepseek-v3 --on H20,910C --serve 4096/1024@2048 --accept 0.8
  wafercast fit llama-3.1-405b --on H100,910C --train 15T --chips 16384
  wafercast fit my-model --on H20 --library my-model.toml
  wafercast fit --rows measurements.csv > predictions.csv
  wafercast fit --list";

/// What can be asked.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = EXAMPLES,
    group = ArgGroup::new("what").required(true).args(["model", "rows", "list", "calibrate"])
)]
pub struct FitArgs {
    /// Model: a name of the library (`--list`) or of a file given with --library
    #[arg(requires = "on")]
    pub model: Option<String>,
    /// Chips, separated by commas; `all` for every chip with enough published
    #[arg(long, value_name = "CHIP,…", value_delimiter = ',', requires = "model")]
    pub on: Vec<String>,
    /// Train on this many tokens: 15T, 300B
    #[arg(long, value_name = "TOKENS", allow_hyphen_values = true, value_parser = quantity::tokens, conflicts_with = "serve", requires = "model")]
    pub train: Option<f64>,
    /// Tokens of a sequence in training
    #[arg(long, value_name = "TOKENS", default_value = "4096", allow_hyphen_values = true, value_parser = quantity::tokens)]
    pub sequence: f64,
    /// Chips of the training run [default: 1024, or what holds the model]
    #[arg(long, value_name = "N", requires = "train", allow_hyphen_values = true, value_parser = quantity::chips)]
    pub chips: Option<f64>,
    /// Serve prompts of this length with outputs of this length, so many at a time [default: 4096/1024@256]
    #[arg(long, value_name = "PROMPT/OUTPUT@CONCURRENCY", allow_hyphen_values = true, value_parser = quantity::serve, requires = "model")]
    pub serve: Option<Serve>,
    /// Share of drafted tokens that is kept: multi-token prediction with one draft, 0.6 to 0.9 where published
    #[arg(long, value_name = "SHARE", default_value = "0", allow_hyphen_values = true, value_parser = quantity::share, conflicts_with = "train", requires = "model")]
    pub accept: f64,
    /// Time per output token at most, ms
    #[arg(long, value_name = "MS", default_value = "100", allow_hyphen_values = true, value_parser = quantity::milliseconds)]
    pub max_tpot: f64,
    /// Chips at most in serving
    #[arg(long, value_name = "N", default_value = "1024", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub max_chips: u32,
    /// Format of the weights [default: the checkpoint's]
    #[arg(long, value_name = "FORMAT", value_parser = quantity::format)]
    pub weights: Option<wafercast_compute::format::Format>,
    /// File with further chips and models, or others in their place (repeatable)
    #[arg(long, value_name = "FILE")]
    pub library: Vec<PathBuf>,
    /// Prices published by this day only
    #[arg(long, value_name = "DATE", value_parser = quantity::date)]
    pub as_of: Option<String>,
    /// Price of electricity, USD per kWh
    #[arg(long, value_name = "USD", default_value = "0.08", allow_hyphen_values = true, value_parser = quantity::price)]
    pub electricity: f64,
    /// What to print
    #[arg(long, value_enum, default_value = "table")]
    pub format: FitFormat,

    /// Predict every row of a table of training runs or serving measurements, and write it with the predictions
    #[arg(long, value_name = "FILE", conflicts_with_all = ["train", "serve", "weights"])]
    pub rows: Option<PathBuf>,
    /// Say what the library has
    #[arg(long)]
    pub list: bool,
    /// Fit the constants to the tables in a folder (training_runs.csv, serving_points.csv,
    /// calibration/serving_silicon.csv); writes calibration.toml and compute-validation.md
    #[arg(long, value_name = "DIR")]
    pub calibrate: Option<PathBuf>,
    /// Where the calibration is written
    #[arg(long, value_name = "DIR", default_value = ".", requires = "calibrate")]
    pub out: PathBuf,
}

/// `--format` of this command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FitFormat {
    /// For reading
    Table,
    /// For programs
    Json,
}
