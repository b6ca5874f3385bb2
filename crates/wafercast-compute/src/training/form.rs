//! The forms of the training formula that were compared, of which one is shipped.

use wafercast::draw::kernel::{exp, ln};

use super::{Job, Report, TERMS, ln_chips_per};
use crate::chip::Family;

/// How narrow models cost more bytes per operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Not at all.
    None,
    /// With 1/√d.
    Root,
    /// With 1/d.
    Full,
}

/// Where experts cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Penalty {
    /// In the bytes moved.
    Memory,
    /// In everything.
    Whole,
}

/// What the cost of experts goes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sparsity {
    /// Whether there are any.
    Flag,
    /// ln(all over active parameters).
    Ratio,
}

/// Which parameters chips share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// Those of a token.
    Active,
    /// All.
    Total,
}

/// A form: one choice of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// Effect of the width.
    pub width: Width,
    /// Place of the experts' cost.
    pub penalty: Penalty,
    /// Measure of the experts' cost.
    pub sparsity: Sparsity,
    /// Parameters by which chips are counted.
    pub shared: Shared,
}

/// Slopes of ln time by the coefficients, in the order of [`super::NAMES`]; that of goodput is 0.
pub type Slopes = [f64; TERMS];

impl Form {
    /// The form that is shipped.
    pub const SHIPPED: Form = Form {
        width: Width::Root,
        penalty: Penalty::Memory,
        sparsity: Sparsity::Flag,
        shared: Shared::Total,
    };

    /// All 24 forms.
    pub fn all() -> Vec<Form> {
        let mut forms = Vec::new();
        for width in [Width::None, Width::Root, Width::Full] {
            for penalty in [Penalty::Memory, Penalty::Whole] {
                for sparsity in [Sparsity::Flag, Sparsity::Ratio] {
                    for shared in [Shared::Active, Shared::Total] {
                        forms.push(Form {
                            width,
                            penalty,
                            sparsity,
                            shared,
                        });
                    }
                }
            }
        }
        forms
    }

    /// ln of the time per operation, in units of that at the BF16 peak, without family and goodput; and its slopes.
    pub fn ln_time(&self, job: &Job, terms: &[f64; TERMS]) -> (f64, Slopes) {
        let [compute, memory, exchange, experts, early, claim, _] = *terms;
        let narrow = ln(8192.0 / job.width);
        let narrow = match self.width {
            Width::None => 0.0,
            Width::Root => 0.5 * narrow,
            Width::Full => narrow,
        };
        let sparse = match self.sparsity {
            Sparsity::Flag => flag(job.has_experts),
            Sparsity::Ratio => ln((job.total / job.active).max(1.0)),
        };
        let shared = match self.shared {
            Shared::Active => job.active,
            Shared::Total => job.total,
        };
        let (inside, outside) = match self.penalty {
            Penalty::Memory => (sparse, 0.0),
            Penalty::Whole => (0.0, sparse),
        };
        let products = exp(compute) / job.rate;
        let bytes = job.balance * exp(memory + narrow + experts * inside);
        let links = job.balance * exp(exchange + 0.5 * ln_chips_per(shared, job.chips));
        let sum = products + bytes + links;
        let is_early = flag(job.is_early);
        let is_claim = flag(job.family == Family::China && job.report == Report::Utilisation);
        let time = ln(sum) + experts * outside + early * is_early + claim * is_claim;
        let slopes = [
            products / sum,
            bytes / sum,
            links / sum,
            inside * bytes / sum + outside,
            is_early,
            is_claim,
            0.0,
        ];
        (time, slopes)
    }
}

fn flag(is: bool) -> f64 {
    if is { 1.0 } else { 0.0 }
}
