//! Training: chip-hours of a run, from operations and a fitted utilisation.
//!
//! ```text
//! chip_hours = F·tokens / (peak_bf16·3600·η)
//! ln η = μ + a[family] + low·λ + moe·m + early·e + claim·c + speed·g − ρ·r + ι·max(0, ln(N/1024))·min(0, ln(N_active/40e9))
//! r    = ln(chips per 25·10⁹ active parameters)      speed = 1 for a benchmark or a reported MFU, 0 for a run
//! ```
//!
//! `g` is goodput: the share of a run's chip-hours that trains. It is not a coefficient of the regression but the median
//! of reported MFU over MFU recomputed from chip-hours, over the runs that publish both.

pub mod fit;

use wafercast::draw::kernel::{exp, ln};

use crate::chip::Family;

/// Coefficients of ln η without families.
pub const TERMS: usize = 8;
/// Names of the coefficients, in order.
pub const NAMES: [&str; TERMS] = [
    "mean",
    "low_precision",
    "moe",
    "early",
    "claim",
    "chips_per_parameter",
    "small_on_many",
    "goodput",
];
/// Families with an effect of their own, in order.
pub const FAMILIES: [Family; 7] = [
    Family::A100,
    Family::H100,
    Family::B200,
    Family::Tpu,
    Family::TpuV6e,
    Family::Gaudi,
    Family::China,
];

/// What kind of report a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// Chip-hours of a whole run.
    Run,
    /// A benchmark: training without interruptions.
    Benchmark,
    /// A utilisation as reported, without hours.
    Utilisation,
}

/// A training job, or a row that reports one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Job {
    /// Active parameters.
    pub active: f64,
    /// Operations of training one token.
    pub flops_per_token: f64,
    /// Tokens.
    pub tokens: f64,
    /// Chips.
    pub chips: f64,
    /// Dense BF16 peak of a chip, FLOP/s.
    pub peak: f64,
    /// Family of the chip.
    pub family: Family,
    /// Whether products are in 8 bits.
    pub is_low_precision: bool,
    /// Whether the model has experts.
    pub has_experts: bool,
    /// Whether the software is from before 2023.
    pub is_early: bool,
    /// What kind of report it is.
    pub report: Report,
}

/// The fitted coefficients.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficients {
    /// In the order of [`NAMES`].
    pub terms: [f64; TERMS],
    /// In the order of [`FAMILIES`].
    pub families: [f64; FAMILIES.len()],
}

/// The regressors of a job, families last. The coefficient of goodput is fixed.
fn regressors(job: &Job) -> ([f64; TERMS], [f64; FAMILIES.len()]) {
    let flag = |is: bool| if is { 1.0 } else { 0.0 };
    let billions = job.active / 1e9;
    let many = ln(job.chips / 1024.0).max(0.0);
    let small = ln(billions / 40.0).min(0.0);
    let terms = [
        1.0,
        flag(job.is_low_precision),
        flag(job.has_experts),
        flag(job.is_early),
        flag(job.family == Family::China && job.report == Report::Utilisation),
        ln(job.chips / billions / 25.0),
        many * small,
        flag(job.report != Report::Run),
    ];
    let families = std::array::from_fn(|index| flag(FAMILIES[index] == job.family));
    (terms, families)
}

impl Coefficients {
    /// Predicted utilisation of the BF16 peak, whole run or benchmark as the job says.
    pub fn utilisation(&self, job: &Job) -> f64 {
        let (terms, families) = regressors(job);
        let sum: f64 = terms.iter().zip(&self.terms).map(|(x, c)| x * c).sum();
        let own: f64 = families
            .iter()
            .zip(&self.families)
            .map(|(x, c)| x * c)
            .sum();
        exp(sum + own)
    }

    /// Predicted chip-hours.
    pub fn chip_hours(&self, job: &Job) -> f64 {
        job.flops_per_token * job.tokens / (job.peak * 3600.0 * self.utilisation(job))
    }

    /// The share of a run's chip-hours that trains.
    pub fn goodput(&self) -> f64 {
        exp(-self.terms[TERMS - 1])
    }

    /// Factors on predicted chip-hours, down and up: measured families ±25 %; other chips ×2; Chinese chips down to what
    /// their vendors claim, ×1.9 faster, and as slow as ×1.75, the worst of the published runs when it is left out.
    pub fn range(&self, family: Family) -> (f64, f64) {
        match family {
            Family::China => (1.0 / 1.9, 1.75),
            Family::A100 | Family::H100 | Family::B200 | Family::Tpu => (0.75, 1.25),
            Family::TpuV6e | Family::Gaudi | Family::Mi300 => (0.5, 2.0),
        }
    }
}
