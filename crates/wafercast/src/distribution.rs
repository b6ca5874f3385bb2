//! Probability distributions of one quantity, drawn by inversion: every draw is `quantile(u)` of one uniform.
//!
//! The methods here are the exact reference; [`crate::draw::Sampler`] is the fast form of the same quantiles.

mod density;
mod incomplete_beta;
mod law;
mod moments;
mod probability;
mod root;

pub use density::Scale;
pub(crate) use probability::Probability;

/// A distribution over values in base units. Constructed by [`crate::notation`], which guarantees valid parameters.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// One value, certain.
    Point(f64),
    /// Normal with mean and standard deviation.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, > 0.
        sd: f64,
    },
    /// `exp(mu + sigma·z)`.
    Lognormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm, > 0.
        sigma: f64,
    },
    /// `1 / (1 + exp(−(mu + sigma·z)))`.
    LogitNormal {
        /// Mean of the logit.
        mu: f64,
        /// Standard deviation of the logit, > 0.
        sigma: f64,
    },
    /// Uniform on `[a, b]`.
    Uniform {
        /// Lower end.
        a: f64,
        /// Upper end, > a.
        b: f64,
    },
    /// Triangular on `[a, b]` with mode.
    Triangular {
        /// Lower end.
        a: f64,
        /// Mode, a ≤ mode ≤ b.
        mode: f64,
        /// Upper end, > a.
        b: f64,
    },
    /// Beta with shapes `alpha`, `beta`, scaled to `[a, b]`. PERT(a, mode, b) is this with
    /// `alpha = 1 + 4(mode − a)/(b − a)`, `beta = 1 + 4(b − mode)/(b − a)`.
    Beta {
        /// First shape, > 0.
        alpha: f64,
        /// Second shape, > 0.
        beta: f64,
        /// Lower end.
        a: f64,
        /// Upper end, > a.
        b: f64,
    },
    /// 1 with probability `p`, else 0. The quantile is 0 for `u < 1 − p`.
    Bernoulli {
        /// Probability of 1, in [0, 1].
        p: f64,
    },
    /// Values with weights (sorted by value, weights sum to 1).
    Discrete(Vec<(f64, f64)>),
    /// Weighted mixture (weights sum to 1); its quantile inverts the mixed distribution function.
    Mixture(Vec<(f64, Distribution)>),
    /// Values outside `[low, high]` moved to the nearer end.
    Clamp {
        /// What is clamped.
        inner: Box<Distribution>,
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// Conditioned on `[low, high]`.
    Truncate {
        /// What is conditioned.
        inner: Box<Distribution>,
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// `factor` times a distribution (`factor` ≠ 0 may be negative).
    Scaled {
        /// The factor.
        factor: f64,
        /// What is scaled.
        inner: Box<Distribution>,
    },
}

#[cfg(test)]
mod tests;
