//! Distribution function and quantile of every family: the exact reference, on `libm`.
//!
//! `Scaled` is handled by carrying the product of the factors down to the leaves, so that an atom `v` under factors is at
//! `scale · v` to the bit wherever it is computed.

use super::Distribution;
use super::incomplete_beta::{incomplete_beta, inverse_incomplete_beta};
use super::probability::Probability;
use super::root::{Bracket, find_root};

/// Whether a probability up to x counts x itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    /// P(X ≤ x)
    Including,
    /// P(X < x)
    Excluding,
}

impl Distribution {
    /// The quantile at `u` in [0, 1]: the least x with P(X ≤ x) > u (at a jump of the distribution function the value it
    /// jumps at; the support's ends at 0 and 1).
    pub fn quantile(&self, u: f64) -> f64 {
        self.value_at(1.0, Probability::new(u))
    }

    /// P(X ≤ x).
    pub fn cdf(&self, x: f64) -> f64 {
        self.tails(1.0, x, Limit::Including).lower
    }

    /// The smallest and the largest possible value.
    pub fn support(&self) -> (f64, f64) {
        (
            self.value_at(1.0, Probability::ZERO),
            self.value_at(1.0, Probability::ONE),
        )
    }

    /// The value at normal score `z`: the quantile at Φ(z), precise in both tails.
    pub(crate) fn value_at_score(&self, z: f64) -> f64 {
        self.value_at(1.0, Probability::of_score(z))
    }

    /// P(scale·X ≤ x) (or < x) and its complement.
    pub(crate) fn tails(&self, scale: f64, x: f64, limit: Limit) -> Probability {
        match self {
            Distribution::Point(_) | Distribution::Bernoulli { .. } | Distribution::Discrete(_) => {
                self.atoms(scale).iter().fold(
                    Probability {
                        lower: 0.0,
                        upper: 0.0,
                    },
                    |mut sum, &(value, weight)| {
                        let counts = value < x || (value == x && limit == Limit::Including);
                        *(if counts {
                            &mut sum.lower
                        } else {
                            &mut sum.upper
                        }) += weight;
                        sum
                    },
                )
            }
            Distribution::Mixture(parts) => parts.iter().fold(
                Probability {
                    lower: 0.0,
                    upper: 0.0,
                },
                |sum, (weight, part)| {
                    let p = part.tails(scale, x, limit);
                    Probability {
                        lower: sum.lower + weight * p.lower,
                        upper: sum.upper + weight * p.upper,
                    }
                },
            ),
            Distribution::Scaled { factor, inner } => inner.tails(scale * factor, x, limit),
            Distribution::Clamp { inner, low, high } => {
                let (low, high) = ordered(scale * low, scale * high);
                match limit {
                    Limit::Including if x < low => Probability::ZERO,
                    Limit::Excluding if x <= low => Probability::ZERO,
                    Limit::Including if x >= high => Probability::ONE,
                    Limit::Excluding if x > high => Probability::ONE,
                    _ => inner.tails(scale, x, limit),
                }
            }
            Distribution::Truncate { inner, low, high } => {
                let (low, high) = ordered(scale * low, scale * high);
                let first = inner.tails(scale, low, Limit::Excluding);
                let last = inner.tails(scale, high, Limit::Including);
                let p = match () {
                    () if x < low => first,
                    () if x > high => last,
                    () => inner.tails(scale, x, limit),
                };
                let total = mass_between(first, last);
                Probability {
                    lower: mass_between(first, p) / total,
                    upper: mass_between(p, last) / total,
                }
            }
            _ if scale < 0.0 => self.leaf_tails(x / scale).complement(),
            _ => self.leaf_tails(x / scale),
        }
    }

    /// The quantile of `scale`·X.
    pub(crate) fn value_at(&self, scale: f64, p: Probability) -> f64 {
        match self {
            Distribution::Point(value) => scale * value,
            Distribution::Bernoulli { .. } | Distribution::Discrete(_) => {
                atom_at(&self.atoms(scale), p)
            }
            Distribution::Mixture(parts) => self.mixture_value_at(parts, scale, p),
            Distribution::Scaled { factor, inner } => inner.value_at(scale * factor, p),
            Distribution::Clamp { inner, low, high } => {
                let (low, high) = ordered(scale * low, scale * high);
                inner.value_at(scale, p).max(low).min(high)
            }
            Distribution::Truncate { inner, low, high } => {
                let (low, high) = ordered(scale * low, scale * high);
                let first = inner.tails(scale, low, Limit::Excluding);
                let last = inner.tails(scale, high, Limit::Including);
                // Both sums have positive terms only, so both tails stay precise.
                let inside = Probability {
                    lower: p.upper * first.lower + p.lower * last.lower,
                    upper: p.upper * first.upper + p.lower * last.upper,
                };
                inner.value_at(scale, inside).max(low).min(high)
            }
            _ if scale < 0.0 => scale * self.leaf_value_at(p.complement()),
            _ => scale * self.leaf_value_at(p),
        }
    }

    /// P(X ≤ x) of the continuous families.
    fn leaf_tails(&self, x: f64) -> Probability {
        match *self {
            Distribution::Normal { mean, sd } => Probability::of_score((x - mean) / sd),
            Distribution::Lognormal { mu, sigma } if x > 0.0 => {
                Probability::of_score((libm::log(x) - mu) / sigma)
            }
            Distribution::LogitNormal { mu, sigma } if x > 0.0 && x < 1.0 => {
                Probability::of_score((libm::log(x) - libm::log1p(-x) - mu) / sigma)
            }
            Distribution::LogitNormal { .. } if x >= 1.0 => Probability::ONE,
            Distribution::Uniform { a, b } => {
                let x = x.clamp(a, b);
                Probability {
                    lower: (x - a) / (b - a),
                    upper: (b - x) / (b - a),
                }
            }
            Distribution::Triangular { a, mode, b } => {
                let x = x.clamp(a, b);
                if x < mode {
                    Probability::new((x - a) / (b - a) * ((x - a) / (mode - a)))
                } else if b > mode {
                    Probability::new((b - x) / (b - a) * ((b - x) / (b - mode))).complement()
                } else {
                    Probability::ONE
                }
            }
            Distribution::Beta { alpha, beta, a, b } => {
                let x = x.clamp(a, b);
                incomplete_beta((x - a) / (b - a), (b - x) / (b - a), alpha, beta)
            }
            _ => Probability::ZERO,
        }
    }

    /// The quantile of the continuous families.
    fn leaf_value_at(&self, p: Probability) -> f64 {
        match *self {
            Distribution::Normal { mean, sd } => mean + sd * p.score(),
            Distribution::Lognormal { mu, sigma } => libm::exp(mu + sigma * p.score()),
            Distribution::LogitNormal { mu, sigma } => {
                1.0 / (1.0 + libm::exp(-(mu + sigma * p.score())))
            }
            Distribution::Uniform { a, b } => (a + (b - a) * p.lower).min(b),
            Distribution::Triangular { a, mode, b } => {
                if p.lower * (b - a) < mode - a {
                    a + (p.lower * (b - a) * (mode - a)).sqrt()
                } else {
                    b - (p.upper * (b - a) * (b - mode)).sqrt()
                }
            }
            Distribution::Beta { alpha, beta, a, b } => {
                (a + (b - a) * inverse_incomplete_beta(p, alpha, beta)).min(b)
            }
            _ => f64::NAN,
        }
    }

    /// The values of the discrete families times `scale`, rising, with their weights. Empty for the others.
    pub(crate) fn atoms(&self, scale: f64) -> Vec<(f64, f64)> {
        let mut atoms = match self {
            Distribution::Point(value) => vec![(*value, 1.0)],
            Distribution::Bernoulli { p } => vec![(0.0, 1.0 - p), (1.0, *p)],
            Distribution::Discrete(atoms) => atoms.clone(),
            _ => Vec::new(),
        };
        if scale < 0.0 {
            atoms.reverse();
        }
        atoms
            .into_iter()
            .map(|(value, weight)| (scale * value, weight))
            .collect()
    }

    /// Adds where the distribution function of `scale`·X may jump or bend: atoms and finite ends of supports.
    pub(crate) fn critical_points(&self, scale: f64, out: &mut Vec<f64>) {
        match self {
            Distribution::Point(_) | Distribution::Bernoulli { .. } | Distribution::Discrete(_) => {
                out.extend(self.atoms(scale).iter().map(|&(value, _)| value));
            }
            Distribution::Mixture(parts) => parts
                .iter()
                .for_each(|(_, part)| part.critical_points(scale, out)),
            Distribution::Scaled { factor, inner } => inner.critical_points(scale * factor, out),
            Distribution::Clamp { inner, low, high }
            | Distribution::Truncate { inner, low, high } => {
                inner.critical_points(scale, out);
                out.extend([scale * low, scale * high]);
            }
            Distribution::Triangular { a, mode, b } => {
                out.extend([scale * a, scale * mode, scale * b])
            }
            Distribution::Lognormal { .. }
            | Distribution::LogitNormal { .. }
            | Distribution::Normal { .. } => {}
            Distribution::Uniform { a, b } | Distribution::Beta { a, b, .. } => {
                out.extend([scale * a, scale * b])
            }
        }
        out.retain(|x| x.is_finite());
    }

    /// The least x at which the mixed distribution function exceeds `p`.
    /// Model eq. (8).
    fn mixture_value_at(&self, parts: &[(f64, Distribution)], scale: f64, p: Probability) -> f64 {
        // It lies between the least and the greatest quantile of the parts.
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for (_, part) in parts.iter().filter(|(weight, _)| *weight > 0.0) {
            let value = part.value_at(scale, p);
            (low, high) = (low.min(value), high.max(value));
        }
        if low >= high {
            return low;
        }
        // Narrow it to a stretch without jumps, or find that it is at a jump.
        let mut points = Vec::new();
        self.critical_points(scale, &mut points);
        points.retain(|&x| low <= x && x <= high);
        points.sort_by(f64::total_cmp);
        for x in points {
            if !p.is_below(self.tails(scale, x, Limit::Including)) {
                low = x;
            } else if !p.is_below(self.tails(scale, x, Limit::Excluding)) {
                return x;
            } else {
                high = x;
                break;
            }
        }
        let target = p.logit();
        if !target.is_finite() {
            return if p.lower <= 0.0 { low } else { high };
        }
        let mismatch = |x: f64| self.tails(scale, x, Limit::Including).logit() - target;
        if low > 0.0 {
            // In log odds against the logarithm of x most mixtures are close to straight lines.
            let bracket = Bracket {
                low: libm::log(low),
                high: libm::log(high),
            };
            libm::exp(find_root(|t| mismatch(libm::exp(t)), bracket))
                .max(low)
                .min(high)
        } else {
            find_root(mismatch, Bracket { low, high })
        }
    }
}

fn ordered(a: f64, b: f64) -> (f64, f64) {
    if a <= b { (a, b) } else { (b, a) }
}

/// The probability between two values of a distribution function, from the tail in which they are small.
fn mass_between(from: Probability, to: Probability) -> f64 {
    let mass = if to.lower < 0.5 {
        to.lower - from.lower
    } else {
        from.upper - to.upper
    };
    mass.max(0.0)
}

/// The first value whose cumulated weight exceeds `p`; the last value at 1.
fn atom_at(atoms: &[(f64, f64)], p: Probability) -> f64 {
    let positive: Vec<(f64, f64)> = atoms
        .iter()
        .copied()
        .filter(|&(_, weight)| weight > 0.0)
        .collect();
    let mut lower = 0.0;
    for (k, &(value, weight)) in positive.iter().enumerate() {
        lower += weight;
        let upper = positive[k + 1..]
            .iter()
            .fold(0.0, |sum, &(_, weight)| sum + weight);
        if p.is_below(Probability { lower, upper }) {
            return value;
        }
    }
    positive.last().map_or(f64::NAN, |&(value, _)| value)
}
