//! A probability with both its tails to full precision, and the normal law in these terms.

use crate::draw::kernel;
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// A probability p and its complement 1 − p, each precise even where the other rounds to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Probability {
    /// p
    pub lower: f64,
    /// 1 − p
    pub upper: f64,
}

impl Probability {
    pub const ZERO: Probability = Probability {
        lower: 0.0,
        upper: 1.0,
    };
    pub const ONE: Probability = Probability {
        lower: 1.0,
        upper: 0.0,
    };

    /// `u` and `1 − u`, `u` taken into [0, 1].
    pub fn new(u: f64) -> Probability {
        let u = u.clamp(0.0, 1.0);
        Probability {
            lower: u,
            upper: 1.0 - u,
        }
    }

    /// p and 1 − p exchanged.
    pub fn complement(self) -> Probability {
        Probability {
            lower: self.upper,
            upper: self.lower,
        }
    }

    /// Whether p < q, read in the tail where both are precise.
    pub fn is_below(self, other: Probability) -> bool {
        if self.lower < 0.5 {
            self.lower < other.lower
        } else {
            self.upper > other.upper
        }
    }

    /// The log odds ln(p / (1 − p)).
    pub fn logit(self) -> f64 {
        libm::log(self.lower) - libm::log(self.upper)
    }

    /// Φ(z) and Φ(−z).
    pub fn of_score(z: f64) -> Probability {
        let upper = 0.5 * libm::erfc(z * FRAC_1_SQRT_2);
        let lower = 0.5 * libm::erfc(-z * FRAC_1_SQRT_2);
        Probability { lower, upper }
    }

    /// The normal score z with Φ(z) = p: −∞ at 0, ∞ at 1.
    pub fn score(self) -> f64 {
        if self.upper < self.lower {
            return -self.complement().score();
        }
        if self.lower <= 0.0 {
            return f64::NEG_INFINITY;
        }
        let z = kernel::normal_quantile(self.lower.max(f64::MIN_POSITIVE));
        // One step of Halley's method takes the kernel's 1e-11 to the limit of the arithmetic.
        let density = libm::exp(-0.5 * z * z) / (2.0 * PI).sqrt();
        let step = (Probability::of_score(z).lower - self.lower) / density;
        if step.is_finite() {
            z - step / (1.0 + 0.5 * z * step)
        } else {
            z
        }
    }
}
