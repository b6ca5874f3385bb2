//! How well a modelled value agrees with an observation.
//!
//! An observation is a distribution around what was reported. Its error is taken as additive on the distribution's own
//! scale ([`Scale`]): a factor for a lognormal, a difference for a normal. The likelihood of a modelled value y is then
//! the density, per unit of that scale, of the observation's distribution at y. It is greatest where y equals the
//! reported value, and symmetric around it.

use wafercast::distribution::{Distribution, Scale};
use wafercast::facts::Quality;
use wafercast::notation::{Domain, spread};

/// Why an observation cannot weigh draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unweighable {
    /// It is exactly zero: a relative error of zero is none.
    Zero,
}

/// The likelihood of modelled values.
#[derive(Debug, Clone, PartialEq)]
pub struct Likelihood {
    scale: Scale,
    /// Weighted alternatives.
    parts: Vec<Part>,
    /// The error that was assumed of reported numbers that came without one (at 90 %, as a share).
    pub assumed_error: Option<f64>,
}

/// One of several readings of what was reported.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    ln_weight: f64,
    reported: Distribution,
    /// A clamp: beyond its ends nothing is told apart, so the likelihood stays what it is at the end.
    ends: (f64, f64),
}

impl Likelihood {
    /// Of an observation.
    ///
    /// - An interval or a distribution weighs by its density.
    /// - A point has no error of its own and is given the spread that pooled facts of `quality` have.
    /// - One-sided observations are written with `clamp`: `lognormal(40 k, 60 k) | clamp(0, 50 k)` says *at least some
    ///   50,000*: beyond an end of the clamp the likelihood is flat.
    ///
    /// # Errors
    ///
    /// A point at zero.
    pub fn of(observed: &Distribution, quality: Quality) -> Result<Likelihood, Unweighable> {
        let mut parts = Vec::new();
        let mut assumed_error = None;
        let everywhere = (f64::NEG_INFINITY, f64::INFINITY);
        collect(observed, 0.0, everywhere, &mut |ln_weight, part, ends| {
            let reported = match part {
                Distribution::Point(value) => {
                    assumed_error = Some(quality.spread());
                    spread(*value, quality.spread(), Domain::Positive)
                        .map_err(|_| Unweighable::Zero)?
                }
                other => other.clone(),
            };
            parts.push(Part {
                ln_weight,
                reported,
                ends,
            });
            Ok(())
        })?;
        let mut scales = parts.iter().map(|part| part.reported.scale());
        let scale = match scales.next() {
            Some(first) if scales.all(|scale| scale == first) => first,
            _ => Scale::Linear,
        };
        Ok(Likelihood {
            scale,
            parts,
            assumed_error,
        })
    }

    /// ln of the likelihood of a modelled value; −∞ where the observation rules it out.
    pub fn ln_at(&self, value: f64) -> f64 {
        let one = |part: &Part| {
            let (low, high) = part.ends;
            part.ln_weight
                + part
                    .reported
                    .ln_density(value.max(low).min(high), self.scale)
        };
        match self.parts.as_slice() {
            [part] => one(part),
            parts => {
                let greatest = parts.iter().map(one).fold(f64::NEG_INFINITY, f64::max);
                if greatest == f64::NEG_INFINITY {
                    return greatest;
                }
                let sum: f64 = parts.iter().map(|p| libm::exp(one(p) - greatest)).sum();
                greatest + libm::log(sum)
            }
        }
    }

    /// The chance that a report, made by this kind of error of the modelled value, would be at least what was reported.
    pub fn chance_above(&self, value: f64) -> f64 {
        self.parts
            .iter()
            .map(|part| libm::exp(part.ln_weight) * part.reported.cdf(value))
            .sum()
    }
}

type Take<'a> = dyn FnMut(f64, &Distribution, (f64, f64)) -> Result<(), Unweighable> + 'a;

/// Hands out the parts of mixtures and the atoms of discrete distributions, with the clamp around them.
fn collect(
    distribution: &Distribution,
    ln_weight: f64,
    ends: (f64, f64),
    take: &mut Take,
) -> Result<(), Unweighable> {
    match distribution {
        Distribution::Mixture(parts) => parts
            .iter()
            .filter(|(weight, _)| *weight > 0.0)
            .try_for_each(|(weight, part)| {
                collect(part, ln_weight + libm::log(*weight), ends, take)
            }),
        Distribution::Discrete(atoms) => atoms
            .iter()
            .filter(|(_, weight)| *weight > 0.0)
            .try_for_each(|(value, weight)| {
                take(
                    ln_weight + libm::log(*weight),
                    &Distribution::Point(*value),
                    ends,
                )
            }),
        Distribution::Bernoulli { .. } => Err(Unweighable::Zero),
        Distribution::Clamp { inner, low, high } => {
            collect(inner, ln_weight, (low.max(ends.0), high.min(ends.1)), take)
        }
        Distribution::Scaled { factor, inner } => match inner.as_ref() {
            Distribution::Point(value) => {
                take(ln_weight, &Distribution::Point(factor * value), ends)
            }
            _ => take(ln_weight, distribution, ends),
        },
        other => take(ln_weight, other, ends),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lognormal(median: f64, sigma: f64) -> Distribution {
        Distribution::Lognormal {
            mu: libm::log(median),
            sigma,
        }
    }

    #[test]
    fn greatest_at_what_was_reported() {
        let likelihood = Likelihood::of(&lognormal(800.0, 0.1), Quality::B).unwrap();
        let best = likelihood.ln_at(800.0);
        for y in [1.0, 700.0, 799.0, 801.0, 1000.0] {
            assert!(likelihood.ln_at(y) < best);
        }
        // As far off by a factor up as down.
        assert!((likelihood.ln_at(400.0) - likelihood.ln_at(1600.0)).abs() < 1e-9);
        assert_eq!(likelihood.assumed_error, None);
    }

    #[test]
    fn a_point_gets_the_error_of_its_quality() {
        let likelihood = Likelihood::of(&Distribution::Point(100.0), Quality::B).unwrap();
        assert_eq!(likelihood.assumed_error, Some(0.20));
        // 20 % off is where the 90 % interval ends: 1.645 standard deviations.
        let drop = likelihood.ln_at(100.0) - likelihood.ln_at(120.0);
        assert!((drop - 0.5 * 1.6449 * 1.6449).abs() < 0.02, "{drop}");
        assert_eq!(
            Likelihood::of(&Distribution::Point(0.0), Quality::A),
            Err(Unweighable::Zero)
        );
    }

    #[test]
    fn at_least_is_flat_above() {
        let at_least = Distribution::Clamp {
            inner: Box::new(lognormal(50.0, 0.2)),
            low: 0.0,
            high: 50.0,
        };
        let likelihood = Likelihood::of(&at_least, Quality::B).unwrap();
        assert_eq!(likelihood.ln_at(50.0), likelihood.ln_at(5000.0));
        assert!(likelihood.ln_at(30.0) < likelihood.ln_at(50.0) - 1.0);
    }

    #[test]
    fn mixtures_add_up() {
        let parts = vec![(0.25, lognormal(50.0, 0.1)), (0.75, lognormal(90.0, 0.3))];
        let both = Likelihood::of(&Distribution::Mixture(parts.clone()), Quality::B).unwrap();
        let by_hand: f64 = parts
            .iter()
            .map(|(w, d)| w * libm::exp(d.ln_density(60.0, Scale::Logarithm)))
            .sum();
        assert!((both.ln_at(60.0) - libm::log(by_hand)).abs() < 1e-12);
    }
}
