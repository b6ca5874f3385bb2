//! Training: chip-hours of a run, from operations and a fitted utilisation.
//!
//! Time per operation is added up, in units of the time at the BF16 peak, as on a roofline without overlap:
//!
//! ```text
//! chip_hours = F·tokens / (peak_bf16·3600·η)
//! 1/η = (A/s + B·r·√(8192/d)·e^(m·experts) + C·r·√(N/(25·P))) · e^(ε·early + κ·claim + φ[family] − g·speed)
//! ```
//!
//! with s the peak in the format over that in BF16 (eight bits halve the products and nothing else), r the chip's operations per
//! byte of memory over 200, d the width of the model, N chips, P all parameters in 10⁹. The second term is what moves bytes:
//! normalisation, activations, optimiser, the dispatch to experts; narrow models do more of it per operation. The third is what
//! chips exchange: the fewer parameters a chip has, the less there is to hide it behind. `speed` is 1 for a benchmark or a
//! reported MFU, 0 for a run.
//!
//! `g` is goodput: the share of a run's chip-hours that trains. It is not a coefficient of the fit but the median of
//! reported MFU over MFU recomputed from chip-hours, over the runs that publish both.

pub mod fit;
pub mod form;

pub use form::Form;

use wafercast::draw::kernel::{exp, ln};

use crate::chip::{Chip, Family};

/// Coefficients of a form without families.
pub const TERMS: usize = 7;
/// Names of the coefficients, in order; all are logarithms.
pub const NAMES: [&str; TERMS] = [
    "compute", "memory", "exchange", "experts", "early", "claim", "goodput",
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

/// Operations per byte of memory in which [`Job::balance`] is counted: that of a middling chip, and what is taken where no
/// bandwidth is published.
pub const BALANCE: f64 = 200.0;

/// Slowest Chinese run over its prediction; the worst of the published ones is 1.32 when it is left out. Wider by hand: four
/// independent rows are few.
const CHINA_SLOWEST: f64 = 1.75;

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
    /// All parameters.
    pub total: f64,
    /// Width of the residual stream.
    pub width: f64,
    /// Operations of training one token.
    pub flops_per_token: f64,
    /// Tokens.
    pub tokens: f64,
    /// Chips.
    pub chips: f64,
    /// Dense BF16 peak of a chip, FLOP/s.
    pub peak: f64,
    /// Peak in the format of the products over the BF16 peak.
    pub rate: f64,
    /// Operations per byte of memory at the BF16 peak, over [`BALANCE`].
    pub balance: f64,
    /// Family of the chip.
    pub family: Family,
    /// Whether the model has experts.
    pub has_experts: bool,
    /// Whether the software is from before 2023.
    pub is_early: bool,
    /// What kind of report it is.
    pub report: Report,
}

/// [`Job::balance`] of a chip; 1 where bandwidth or peak is not published.
pub fn balance(chip: &Chip) -> f64 {
    match (chip.bf16_tflops, chip.bandwidth_gbs) {
        (Some(tera), Some(giga)) => tera * 1000.0 / giga / BALANCE,
        _ => 1.0,
    }
}

/// The fitted coefficients of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficients {
    /// The form.
    pub form: Form,
    /// In the order of [`NAMES`].
    pub terms: [f64; TERMS],
    /// In the order of [`FAMILIES`].
    pub families: [f64; FAMILIES.len()],
}

impl Coefficients {
    /// Predicted utilisation of the BF16 peak, whole run or benchmark as the job says.
    pub fn utilisation(&self, job: &Job) -> f64 {
        let [.., goodput] = self.terms;
        let (time, _) = self.form.ln_time(job, &self.terms);
        let own: f64 = FAMILIES
            .iter()
            .zip(self.families)
            .map(|(family, effect)| if *family == job.family { effect } else { 0.0 })
            .sum();
        exp(speed(job) * goodput - time - own)
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
    /// their vendors claim, as fitted, and as slow as ×1.75.
    pub fn range(&self, family: Family) -> (f64, f64) {
        const CLAIM: usize = 5;
        match family {
            Family::China => (exp(self.terms[CLAIM]).min(1.0), CHINA_SLOWEST),
            Family::A100 | Family::H100 | Family::B200 | Family::Tpu => (0.75, 1.25),
            Family::TpuV6e | Family::Gaudi | Family::Mi300 => (0.5, 2.0),
        }
    }
}

/// 1 for a report of speed while training, 0 for a whole run.
fn speed(job: &Job) -> f64 {
    if job.report == Report::Run { 0.0 } else { 1.0 }
}

/// ln of chips per parameter, 1 at 25 chips per 10⁹.
fn ln_chips_per(parameters: f64, chips: f64) -> f64 {
    ln(chips / (parameters / 1e9) / 25.0)
}
