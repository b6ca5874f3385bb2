//! From the two ends of an interval to a distribution.

use super::Domain;
use crate::distribution::{Distribution, Probability};

/// Credibility of a relative spread.
const SPREAD_CREDIBILITY: f64 = 0.9;

/// Why two numbers are not the ends of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntervalProblem {
    /// The lower end is not below the upper.
    NotAscending,
    /// The domain does not reach this far down.
    TooLow,
    /// The domain does not reach this far up.
    TooHigh,
}

/// The distribution whose central interval of the given credibility is `low` to `high`: both ends are exactly its
/// `(1 ∓ credibility)/2` quantiles.
///
/// The family follows the domain: lognormal, logit-normal, normal. An end at the very limit of the domain (`0 months to
/// 12 months`, `80% to 100%`) is at an infinite distance in the logarithm or the logit. There it is the normal with these
/// quantiles, clamped to the domain: the mass beyond the limit sits on it, so `0 months to 12 months` has a chance of 5 %
/// of no delay at all, a median of 6 and a 95th percentile of exactly 12 months. (A uniform or a truncated normal would
/// give up one of the two written quantiles.)
///
/// # Errors
/// Ends in the wrong order, or outside the domain.
/// Model eq. (2), (3), (4).
pub fn interval(
    low: f64,
    high: f64,
    credibility: f64,
    domain: Domain,
) -> Result<Distribution, IntervalProblem> {
    if low >= high {
        return Err(IntervalProblem::NotAscending);
    }
    let is_too_low = match domain {
        Domain::Positive => low <= 0.0,
        Domain::NonNegative | Domain::Fraction => low < 0.0,
        Domain::Signed => false,
    };
    if is_too_low {
        return Err(IntervalProblem::TooLow);
    }
    if domain == Domain::Fraction && high > 1.0 {
        return Err(IntervalProblem::TooHigh);
    }
    let z = half_width(credibility);
    // Mean and standard deviation on the scale where the distribution is normal.
    let fit = |a: f64, b: f64| (0.5 * (a + b), (b - a) / (2.0 * z));
    let normal = || {
        let (mean, sd) = fit(low, high);
        Distribution::Normal { mean, sd }
    };
    Ok(match domain {
        Domain::Signed => normal(),
        Domain::Positive | Domain::NonNegative if low > 0.0 => {
            let (mu, sigma) = fit(libm::log(low), libm::log(high));
            Distribution::Lognormal { mu, sigma }
        }
        Domain::Fraction if low > 0.0 && high < 1.0 => {
            let (mu, sigma) = fit(logit(low), logit(high));
            Distribution::LogitNormal { mu, sigma }
        }
        Domain::Positive | Domain::NonNegative => Distribution::Clamp {
            inner: Box::new(normal()),
            low: 0.0,
            high: f64::INFINITY,
        },
        Domain::Fraction => Distribution::Clamp {
            inner: Box::new(normal()),
            low: 0.0,
            high: 1.0,
        },
    })
}

/// A value with a relative spread: at 90 % the value (its odds, for a fraction) lies within a factor `1 + spread` either
/// way; a signed value within `± spread · |value|`. Zero, and one for a fraction, are certain: they have no scale.
///
/// # Errors
/// A value outside the domain.
pub fn spread(value: f64, spread: f64, domain: Domain) -> Result<Distribution, IntervalProblem> {
    let is_too_low = match domain {
        Domain::Positive => value <= 0.0,
        Domain::NonNegative | Domain::Fraction => value < 0.0,
        Domain::Signed => false,
    };
    if is_too_low {
        return Err(IntervalProblem::TooLow);
    }
    if domain == Domain::Fraction && value > 1.0 {
        return Err(IntervalProblem::TooHigh);
    }
    if value == 0.0 || (domain == Domain::Fraction && value == 1.0) {
        return Ok(Distribution::Point(value));
    }
    let z = half_width(SPREAD_CREDIBILITY);
    let sigma = libm::log1p(spread) / z;
    Ok(match domain {
        Domain::Positive | Domain::NonNegative => Distribution::Lognormal {
            mu: libm::log(value),
            sigma,
        },
        Domain::Fraction => Distribution::LogitNormal {
            mu: logit(value),
            sigma,
        },
        Domain::Signed => Distribution::Normal {
            mean: value,
            sd: spread * value.abs() / z,
        },
    })
}

fn logit(p: f64) -> f64 {
    libm::log(p) - libm::log1p(-p)
}

/// Half the width of the standard normal's central interval, in standard deviations: the `(1 + credibility)/2` quantile.
fn half_width(credibility: f64) -> f64 {
    let tail = Probability {
        lower: 0.5 * (1.0 - credibility),
        upper: 0.5 * (1.0 + credibility),
    };
    -tail.score()
}
