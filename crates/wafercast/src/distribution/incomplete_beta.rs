//! The regularised incomplete beta function and its inverse.

use super::probability::Probability;
use super::root::{Bracket, find_root};

/// Enough for shapes up to about 10⁸: the fraction needs O(√max(α, β)) terms.
const MAX_TERMS: u32 = 100_000;

/// I_x(α, β) and its complement, with `y = 1 − x` given to full precision. 0 ≤ x ≤ 1; shapes > 0.
pub(crate) fn incomplete_beta(x: f64, y: f64, alpha: f64, beta: f64) -> Probability {
    if x <= 0.0 {
        return Probability::ZERO;
    }
    if y <= 0.0 {
        return Probability::ONE;
    }
    let ln_front = alpha * libm::log(x) + beta * libm::log(y) - ln_beta(alpha, beta);
    let front = libm::exp(ln_front);
    // The continued fraction converges fast on the side of the mean.
    if x * (alpha + beta + 2.0) < alpha + 1.0 {
        let lower = front * continued_fraction(x, alpha, beta) / alpha;
        Probability {
            lower,
            upper: 1.0 - lower,
        }
    } else {
        let upper = front * continued_fraction(y, beta, alpha) / beta;
        Probability {
            lower: 1.0 - upper,
            upper,
        }
    }
}

/// The x with I_x(α, β) = p.
pub(crate) fn inverse_incomplete_beta(p: Probability, alpha: f64, beta: f64) -> f64 {
    if p.lower <= 0.0 {
        return 0.0;
    }
    if p.upper <= 0.0 {
        return 1.0;
    }
    // In log odds of x against log odds of p the function is close to linear, with slopes α and β at the ends.
    let target = p.logit();
    let mismatch = |t: f64| {
        let (x, y) = (1.0 / (1.0 + libm::exp(-t)), 1.0 / (1.0 + libm::exp(t)));
        incomplete_beta(x, y, alpha, beta).logit() - target
    };
    let t = find_root(
        mismatch,
        Bracket {
            low: -740.0,
            high: 740.0,
        },
    );
    1.0 / (1.0 + libm::exp(-t))
}

/// ln B(α, β).
pub(crate) fn ln_beta(alpha: f64, beta: f64) -> f64 {
    libm::lgamma(alpha) + libm::lgamma(beta) - libm::lgamma(alpha + beta)
}

/// The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method in Thompson & Barnett's form.
fn continued_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let nonzero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / nonzero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for term in 1..MAX_TERMS {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / nonzero(1.0 + even * d);
        c = nonzero(1.0 + even / c);
        fraction *= d * c;
        d = 1.0 / nonzero(1.0 + odd * d);
        c = nonzero(1.0 + odd / c);
        let change = d * c;
        fraction *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    fraction
}
