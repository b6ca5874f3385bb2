//! The answer: what a run says, in a form that screens, files and reports share. Schema `wafercast/summary/1`.

use serde::{Deserialize, Serialize};

/// The schema's name.
pub const SCHEMA: &str = "wafercast/summary/1";

/// Everything a run says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// `wafercast/summary/1`
    pub schema: String,
    /// Version of Wafercast that made it.
    pub version: String,
    /// What was run.
    pub run: RunInfo,
    /// The answer in numbers, in the order in which it is told.
    pub headline: Vec<Headline>,
    /// All series.
    pub series: Vec<Series>,
    /// The claims, in order of id.
    pub claims: Vec<ClaimResult>,
    /// What binds when.
    pub binding: Vec<Binding>,
    /// Observed history beside the model.
    pub history: Vec<History>,
    /// Futures drawn as examples beside the fans.
    pub examples: Vec<Example>,
    /// The uncertain and certain inputs.
    pub inputs: Vec<Input>,
    /// The facts that reached the run, numbered from 1 in this order.
    pub sources: Vec<SourceFact>,
    /// Ids and display names of what series and bindings refer to.
    pub names: Vec<Name>,
    /// What chips do of workloads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workloads: Vec<Workload>,
}

/// A model in a format, served or trained, and what each chip does of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Workload {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// The model.
    pub model: String,
    /// The format, where it is not that of the checkpoint.
    pub format: Option<String>,
    /// Trained, or served.
    pub is_training: bool,
    /// Whether the scenario says how much of it is wanted.
    pub has_load: bool,
    /// The chips, accelerators first, in order of id.
    pub chips: Vec<WorkloadChip>,
}

/// What one chip does of a workload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkloadChip {
    /// `accelerator:ascend-910c`, `import:h20`
    pub of: String,
    /// Display name.
    pub name: String,
    /// Designed at home.
    pub is_home: bool,
    /// Announced month of launch, of accelerators.
    pub launch: Option<String>,
    /// The chip of the library.
    pub chip: Option<String>,
    /// Computes in the workload's format.
    pub is_native: bool,
    /// How it does it, or why not.
    pub how: Option<String>,
    /// Tokens per second of one unit: 5th percentile, median, 95th percentile, at the start of its path. What all chips
    /// have in common is left out.
    pub rate: Option<[f64; 3]>,
}

/// What was run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunInfo {
    /// Shipped name or path as given.
    pub scenario: String,
    /// Title.
    pub title: String,
    /// Description.
    pub description: Option<String>,
    /// ISO country of `home`.
    pub home: String,
    /// First month, `2023-01`.
    pub from: String,
    /// Last month, `2028-12`.
    pub to: String,
    /// Months before this one (`2026-01`) are history in charts.
    pub data_until: Option<String>,
    /// `as_of` date.
    pub as_of: Option<String>,
    /// Number of draws.
    pub draws: u64,
    /// Seed.
    pub seed: u64,
    /// `lhs`, `random`, `sobol`.
    pub design: String,
    /// `optimal` where builds were planned; absent where parts were shared out by tiers and weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocation: Option<String>,
    /// Changes made by `--set`.
    pub set: Vec<String>,
    /// Hash of the compiled plan.
    pub plan_hash: String,
    /// The command that reproduces it.
    pub command: String,
}

/// A number of the answer, told in a sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Headline {
    /// Machine name: `share_of_purchases`, `units`, `multiple`, `chance`.
    pub kind: String,
    /// Metric, `units`, `h100e`, `value`.
    pub metric: String,
    /// Of what.
    pub of: String,
    /// Depth.
    pub depth: Option<String>,
    /// Period.
    pub period: String,
    /// Unit.
    pub unit: String,
    /// Its distribution.
    pub stats: Stats,
}

/// A distribution in numbers, in `unit`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    /// Mean.
    pub mean: f64,
    /// 2.5th percentile.
    pub p025: f64,
    /// 5th percentile.
    pub p05: f64,
    /// 10th percentile.
    pub p10: f64,
    /// 25th percentile.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// 75th percentile.
    pub p75: f64,
    /// 90th percentile.
    pub p90: f64,
    /// 95th percentile.
    pub p95: f64,
    /// 97.5th percentile.
    pub p975: f64,
    /// Monte-Carlo standard error of the mean.
    pub mean_se: f64,
}

/// One metric of one thing over one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// `units`, `h100e`, `value`, `tpp`, `share_of_purchases:units`, `coverage:value`, `installed:h100e`, `stock`,
    /// `capacity`, `yield`, `demand:value` …
    pub metric: String,
    /// `home`, `imports`, `all`, `legal`, `smuggled`, `designer:Huawei`, `accelerator:ascend-910c`, `import:h20`,
    /// `die:…`, `memory:…`, `fab:…`, `process:…`
    pub of: String,
    /// `designed`, `fabricated`, `fully`
    pub depth: Option<String>,
    /// `2027`, `2027-Q1`, `2027-03`, `..2027-03` (cumulated from the start of the horizon)
    pub period: String,
    /// `units`, `H100e`, `USD`, `fraction`, `stacks`, `dies`, `wafers/month` …
    pub unit: String,
    /// Its distribution.
    #[serde(flatten)]
    pub stats: Stats,
    /// 50 quantiles (1 %, 3 %, … 99 %), for quantile dotplots; only on yearly series of the main sets.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub dots: Option<Vec<f64>>,
}

/// A claim and its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClaimResult {
    /// Id.
    pub id: String,
    /// The sentence.
    pub says: String,
    /// Who says it: fact ids.
    pub sources: Vec<String>,
    /// The formula, if it is one.
    pub formula: Option<String>,
    /// Probability, if it is a formula.
    pub probability: Option<f64>,
    /// Standard error of the probability.
    pub standard_error: Option<f64>,
    /// Where it fails: the resources that bind, with the share of failing futures (most first).
    pub binds_where_it_fails: Vec<(String, f64)>,
    /// Verdict from the fact base (`true` … `false`), if it is not a formula.
    pub verdict: Option<String>,
    /// The answer in words, if it is not a formula.
    pub answer: Option<String>,
    /// Facts the answer rests on.
    pub facts: Vec<String>,
    /// The author's note on how the sentence was read.
    pub note: Option<String>,
}

/// Share of futures in which a resource binds an accelerator's output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Binding {
    /// Accelerator id, or `home` (weighted by units planned).
    pub accelerator: String,
    /// `die:…`, `memory:…`, `packaging:…`, `cap:…`
    pub resource: String,
    /// Month `2026-07`.
    pub month: String,
    /// Share of draws.
    pub share: f64,
}

/// An observation beside the model's distribution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Evidence id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// The metric as written.
    pub metric: String,
    /// Observed, 5th percentile, in base units.
    pub observed_p05: f64,
    /// Observed median.
    pub observed_p50: f64,
    /// Observed 95th percentile.
    pub observed_p95: f64,
    /// The model's distribution of the same metric.
    pub stats: Stats,
    /// Share of draws below the observed median.
    pub percentile_of_observed: f64,
    /// Unit of both.
    pub unit: String,
    /// Fact ids.
    pub sources: Vec<String>,
}

/// One future: a series' monthly values in one draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// Draw.
    pub draw: u64,
    /// Metric, as in `Series`.
    pub metric: String,
    /// Of what.
    pub of: String,
    /// Depth.
    pub depth: Option<String>,
    /// Monthly values.
    pub values: Vec<f64>,
}

/// An input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Quantity name.
    pub name: String,
    /// As written.
    pub text: String,
    /// Unit shown.
    pub unit: String,
    /// At its first anchor (paths) or as is, 5th percentile, in `unit`.
    pub p05: f64,
    /// Median.
    pub p50: f64,
    /// 95th percentile.
    pub p95: f64,
    /// For paths: the last anchor's date and the same three numbers.
    pub last: Option<(String, f64, f64, f64)>,
    /// For paths: the first anchor's date.
    pub first_date: Option<String>,
    /// True if it rests on no fact.
    pub assumption: bool,
    /// Fact ids.
    pub sources: Vec<String>,
    /// The author's words.
    pub note: Option<String>,
    /// `file.toml:12`
    pub place: String,
}

/// A fact that reached the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceFact {
    /// Id.
    pub id: String,
    /// What it says, in one line: entity, metric, value, unit, period.
    pub says: String,
    /// Title.
    pub title: String,
    /// Publisher.
    pub publisher: String,
    /// Publication date (`2025-09-08`, empty if undated).
    pub published: String,
    /// Address (may be empty).
    pub url: String,
    /// A, B or C.
    pub quality: String,
    /// Note.
    pub note: String,
}

/// Display name of an id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Name {
    /// `accelerator:ascend-910c`
    pub id: String,
    /// `Ascend 910C`
    pub name: String,
    /// For accelerators: the designer.
    pub group: Option<String>,
}
