//! Scaling and mixing distributions, and where their mass lies.

use crate::distribution::Distribution;

/// `factor` times a distribution, in the distribution's own parameters where its family allows. The factor 0 gives the
/// point 0.
pub fn scaled(distribution: Distribution, factor: f64) -> Distribution {
    use Distribution as D;
    if factor == 1.0 {
        return distribution;
    }
    if factor == 0.0 {
        return D::Point(0.0);
    }
    let ends = |a: f64, b: f64| {
        if factor > 0.0 {
            (a * factor, b * factor)
        } else {
            (b * factor, a * factor)
        }
    };
    match distribution {
        D::Point(value) => D::Point(value * factor),
        D::Normal { mean, sd } => D::Normal {
            mean: mean * factor,
            sd: sd * factor.abs(),
        },
        D::Lognormal { mu, sigma } if factor > 0.0 => D::Lognormal {
            mu: mu + libm::log(factor),
            sigma,
        },
        D::Uniform { a, b } => {
            let (a, b) = ends(a, b);
            D::Uniform { a, b }
        }
        D::Triangular { a, mode, b } => {
            let (a, b) = ends(a, b);
            let mode = mode * factor;
            D::Triangular { a, mode, b }
        }
        D::Beta { alpha, beta, a, b } => {
            let (a, b) = ends(a, b);
            let (alpha, beta) = if factor > 0.0 {
                (alpha, beta)
            } else {
                (beta, alpha)
            };
            D::Beta { alpha, beta, a, b }
        }
        D::Discrete(mut values) => {
            for (value, _) in &mut values {
                *value *= factor;
            }
            if factor < 0.0 {
                values.reverse();
            }
            D::Discrete(values)
        }
        D::Mixture(parts) => D::Mixture(
            parts
                .into_iter()
                .map(|(weight, part)| (weight, scaled(part, factor)))
                .collect(),
        ),
        D::Clamp { inner, low, high } => {
            let (low, high) = ends(low, high);
            let inner = Box::new(scaled(*inner, factor));
            D::Clamp { inner, low, high }
        }
        D::Truncate { inner, low, high } => {
            let (low, high) = ends(low, high);
            let inner = Box::new(scaled(*inner, factor));
            D::Truncate { inner, low, high }
        }
        D::Scaled {
            factor: first,
            inner,
        } => scaled(*inner, first * factor),
        D::Lognormal { .. } | D::LogitNormal { .. } | D::Bernoulli { .. } => D::Scaled {
            factor,
            inner: Box::new(distribution),
        },
    }
}

/// Whether the distribution can be exactly zero with positive probability.
pub(super) fn has_mass_at_zero(distribution: &Distribution) -> bool {
    use Distribution as D;
    match distribution {
        D::Point(value) => *value == 0.0,
        D::Bernoulli { p } => *p < 1.0,
        D::Discrete(values) => values.iter().any(|(value, _)| *value == 0.0),
        D::Mixture(parts) => parts.iter().any(|(_, part)| has_mass_at_zero(part)),
        D::Clamp { inner, low, high } => {
            let (a, b) = inner.support();
            let is_cut_at_zero = (*low == 0.0 && a < 0.0) || (*high == 0.0 && b > 0.0);
            is_cut_at_zero || (*low <= 0.0 && *high >= 0.0 && has_mass_at_zero(inner))
        }
        D::Truncate { inner, .. } | D::Scaled { inner, .. } => has_mass_at_zero(inner),
        D::Normal { .. }
        | D::Lognormal { .. }
        | D::LogitNormal { .. }
        | D::Uniform { .. }
        | D::Triangular { .. }
        | D::Beta { .. } => false,
    }
}

/// A mixture with weights that need not sum to 1: of points a discrete distribution, of one part that part. `None` where
/// no weight is positive or one is negative or not finite.
pub(super) fn mixture(parts: Vec<(f64, Distribution)>) -> Option<Distribution> {
    let total: f64 = parts.iter().map(|(weight, _)| weight).sum();
    let is_valid =
        parts.iter().all(|(weight, _)| *weight >= 0.0) && total > 0.0 && total.is_finite();
    if !is_valid {
        return None;
    }
    let mut parts: Vec<(f64, Distribution)> = parts
        .into_iter()
        .filter(|(weight, _)| *weight > 0.0)
        .map(|(weight, part)| (weight / total, part))
        .collect();
    if parts.len() == 1 {
        return parts.pop().map(|(_, part)| part);
    }
    let points: Option<Vec<(f64, f64)>> = parts
        .iter()
        .map(|(weight, part)| match part {
            Distribution::Point(value) => Some((*value, *weight)),
            _ => None,
        })
        .collect();
    Some(match points {
        Some(points) => discrete(points),
        None => Distribution::Mixture(parts),
    })
}

/// Values with weights that sum to 1, sorted, equal values together.
fn discrete(mut points: Vec<(f64, f64)>) -> Distribution {
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        if is_same {
            kept.1 += next.1;
        }
        is_same
    });
    match points.as_slice() {
        [(value, _)] => Distribution::Point(*value),
        _ => Distribution::Discrete(points),
    }
}

/// Parameters that are neither in the support nor bound by it: means and deviations, in the quantity's own scale.
pub(super) fn free_parameters(distribution: &Distribution) -> Vec<f64> {
    use Distribution as D;
    match distribution {
        D::Normal { mean, sd } => vec![*mean, *sd],
        D::Lognormal { mu, .. } => vec![libm::exp(*mu)],
        D::Mixture(parts) => parts
            .iter()
            .flat_map(|(_, part)| free_parameters(part))
            .collect(),
        D::Clamp { inner, .. } | D::Truncate { inner, .. } => free_parameters(inner),
        D::Scaled { factor, inner } => free_parameters(inner)
            .into_iter()
            .map(|value| value * factor)
            .collect(),
        D::Point(_)
        | D::LogitNormal { .. }
        | D::Uniform { .. }
        | D::Triangular { .. }
        | D::Beta { .. }
        | D::Bernoulli { .. }
        | D::Discrete(_) => Vec::new(),
    }
}

/// Whether a truncation to `low … high` leaves enough of the distribution for its quantiles to be computed.
pub(super) fn has_mass_between(distribution: &Distribution, low: f64, high: f64) -> bool {
    const LEAST: f64 = 1e-9;
    // The distribution function counts an atom at `low` itself; it belongs to the interval.
    distribution.cdf(high) - distribution.cdf(low.next_down()) >= LEAST
}
