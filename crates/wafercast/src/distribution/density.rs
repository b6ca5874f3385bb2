//! Densities, on the scale on which a distribution's error is additive.

use std::f64::consts::PI;

use super::Distribution;

/// The scale on which deviations are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// As it is.
    Linear,
    /// The natural logarithm, of what is positive.
    Logarithm,
    /// ln(x/(1 − x)), of what lies between 0 and 1.
    Logit,
}

impl Scale {
    /// ln |dx/dt| at x, where t is x on this scale: what turns a density of x into one of t. `None` outside the scale.
    fn ln_jacobian(self, x: f64) -> Option<f64> {
        match self {
            Scale::Linear => Some(0.0),
            Scale::Logarithm => (x > 0.0).then(|| libm::log(x)),
            Scale::Logit => (x > 0.0 && x < 1.0).then(|| libm::log(x) + libm::log1p(-x)),
        }
    }
}

impl Distribution {
    /// The scale on which this distribution's deviations are symmetric: the logarithm of a lognormal, the logit of a
    /// logit-normal, of mixtures that of all parts if they agree; else as it is.
    pub fn scale(&self) -> Scale {
        match self {
            Distribution::Lognormal { .. } => Scale::Logarithm,
            Distribution::LogitNormal { .. } => Scale::Logit,
            Distribution::Clamp { inner, .. } | Distribution::Truncate { inner, .. } => {
                inner.scale()
            }
            Distribution::Scaled { factor, inner } => match inner.scale() {
                Scale::Logarithm if *factor > 0.0 => Scale::Logarithm,
                _ => Scale::Linear,
            },
            Distribution::Mixture(parts) => {
                let mut scales = parts.iter().map(|(_, part)| part.scale());
                match scales.next() {
                    Some(first) if scales.all(|scale| scale == first) => first,
                    _ => Scale::Linear,
                }
            }
            _ => Scale::Linear,
        }
    }

    /// ln of the density at `x`, per unit of `scale`; −∞ where there is none. Values that carry probability of their own
    /// (points, atoms, the ends of a clamp) have no density and count nothing.
    pub fn ln_density(&self, x: f64, scale: Scale) -> f64 {
        match scale.ln_jacobian(x) {
            Some(jacobian) => self.ln_density_of_value(x) + jacobian,
            None => f64::NEG_INFINITY,
        }
    }

    /// ln of dP(X ≤ x)/dx.
    fn ln_density_of_value(&self, x: f64) -> f64 {
        const NONE: f64 = f64::NEG_INFINITY;
        match self {
            Distribution::Point(_) | Distribution::Bernoulli { .. } | Distribution::Discrete(_) => {
                NONE
            }
            Distribution::Normal { mean, sd } => ln_normal((x - mean) / sd) - libm::log(*sd),
            Distribution::Lognormal { mu, sigma } if x > 0.0 => {
                let t = libm::log(x);
                ln_normal((t - mu) / sigma) - libm::log(*sigma) - t
            }
            Distribution::LogitNormal { mu, sigma } if x > 0.0 && x < 1.0 => {
                let (ln_x, ln_rest) = (libm::log(x), libm::log1p(-x));
                ln_normal((ln_x - ln_rest - mu) / sigma) - libm::log(*sigma) - ln_x - ln_rest
            }
            Distribution::Lognormal { .. } | Distribution::LogitNormal { .. } => NONE,
            Distribution::Uniform { a, b } if (*a..=*b).contains(&x) => -libm::log(b - a),
            Distribution::Uniform { .. } => NONE,
            Distribution::Triangular { a, mode, b } => {
                let height = if x < *mode {
                    (x - a) / (mode - a)
                } else if *b > *mode {
                    (b - x) / (b - mode)
                } else if x == *b {
                    1.0
                } else {
                    0.0
                };
                if height > 0.0 {
                    libm::log(2.0 * height / (b - a))
                } else {
                    NONE
                }
            }
            Distribution::Beta { alpha, beta, a, b } => {
                let u = (x - a) / (b - a);
                if !(u > 0.0 && u < 1.0) {
                    return NONE;
                }
                (alpha - 1.0) * libm::log(u) + (beta - 1.0) * libm::log1p(-u)
                    - ln_beta(*alpha, *beta)
                    - libm::log(b - a)
            }
            Distribution::Mixture(parts) => ln_sum(parts.iter().map(|(weight, part)| {
                if *weight > 0.0 {
                    libm::log(*weight) + part.ln_density_of_value(x)
                } else {
                    NONE
                }
            })),
            Distribution::Scaled { factor, inner } => {
                inner.ln_density_of_value(x / factor) - libm::log(factor.abs())
            }
            Distribution::Clamp { inner, low, high } if *low < x && x < *high => {
                inner.ln_density_of_value(x)
            }
            Distribution::Clamp { .. } => NONE,
            Distribution::Truncate { inner, low, high } if (*low..=*high).contains(&x) => {
                let inside = inner.cdf(*high) - inner.cdf(*low);
                inner.ln_density_of_value(x) - libm::log(inside)
            }
            Distribution::Truncate { .. } => NONE,
        }
    }
}

/// ln φ(z).
fn ln_normal(z: f64) -> f64 {
    -0.5 * z * z - 0.5 * libm::log(2.0 * PI)
}

/// ln B(α, β).
fn ln_beta(alpha: f64, beta: f64) -> f64 {
    libm::lgamma(alpha) + libm::lgamma(beta) - libm::lgamma(alpha + beta)
}

/// ln Σ e^x, without overflow.
fn ln_sum(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let greatest = values.clone().fold(f64::NEG_INFINITY, f64::max);
    if greatest == f64::NEG_INFINITY {
        return greatest;
    }
    let sum: f64 = values.map(|x| libm::exp(x - greatest)).sum();
    greatest + libm::log(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Distribution> {
        let lognormal = Distribution::Lognormal {
            mu: 0.3,
            sigma: 0.4,
        };
        let normal = Distribution::Normal { mean: 1.0, sd: 0.5 };
        vec![
            normal.clone(),
            lognormal.clone(),
            Distribution::LogitNormal {
                mu: -0.5,
                sigma: 0.8,
            },
            Distribution::Uniform { a: 0.5, b: 2.0 },
            Distribution::Triangular {
                a: 0.0,
                mode: 0.5,
                b: 2.0,
            },
            Distribution::Beta {
                alpha: 2.0,
                beta: 3.5,
                a: -1.0,
                b: 3.0,
            },
            Distribution::Mixture(vec![(0.25, normal.clone()), (0.75, lognormal.clone())]),
            Distribution::Scaled {
                factor: -2.0,
                inner: Box::new(normal.clone()),
            },
            Distribution::Truncate {
                inner: Box::new(normal),
                low: 0.2,
                high: 1.7,
            },
        ]
    }

    #[test]
    fn density_is_the_slope_of_the_distribution_function() {
        for distribution in all() {
            for u in [0.03, 0.2, 0.41, 0.77, 0.96] {
                let x = distribution.quantile(u);
                let step = 1e-5 * x.abs().max(0.1);
                let slope =
                    (distribution.cdf(x + step) - distribution.cdf(x - step)) / (2.0 * step);
                let density = libm::exp(distribution.ln_density(x, Scale::Linear));
                assert!(
                    (density - slope).abs() < 1e-4 * slope,
                    "{distribution:?} at {x}: {density} {slope}"
                );
            }
        }
    }

    #[test]
    fn a_lognormal_is_symmetric_on_its_own_scale() {
        let observed = Distribution::Lognormal {
            mu: libm::log(600.0),
            sigma: 0.2,
        };
        let at = |x| observed.ln_density(x, observed.scale());
        assert!((at(500.0) - at(720.0)).abs() < 1e-12);
        assert!(at(600.0) > at(601.0) && at(600.0) > at(599.0));
    }

    #[test]
    fn points_have_no_density() {
        let point = Distribution::Point(3.0);
        assert_eq!(point.ln_density(3.0, Scale::Linear), f64::NEG_INFINITY);
    }
}
