//! The fast form of a distribution: from normal scores to values, several draws at once.

mod table;

use super::{LANES, Lanes, kernel};
use crate::distribution::{Distribution, Probability};
use table::Table;

/// A distribution prepared for drawing: `from_score(z)` is its quantile at Φ(z).
///
/// Point, normal, lognormal, logit-normal, uniform, triangular, Bernoulli and discrete distributions, also clamped or
/// scaled, are computed in closed form. Beta, mixtures and truncated distributions are read from a table of their quantile
/// over z, made of cubic pieces between the quantile's jumps; its relative error is below 1e-6 for smooth densities.
#[derive(Debug, Clone)]
pub struct Sampler {
    /// ±1: a negative factor reverses the order of the values.
    sign: f64,
    scale: f64,
    low: f64,
    high: f64,
    form: Form,
}

/// The quantile over the normal score, before scaling and clamping.
#[derive(Debug, Clone)]
enum Form {
    Constant(f64),
    /// mean + sd·z
    Normal {
        mean: f64,
        sd: f64,
    },
    /// exp(mu + sigma·z)
    Lognormal {
        mu: f64,
        sigma: f64,
    },
    /// logistic(mu + sigma·z)
    LogitNormal {
        mu: f64,
        sigma: f64,
    },
    /// a + width·Φ(z)
    Uniform {
        a: f64,
        width: f64,
    },
    /// Left of the score of the mode a + left·√Φ(z), else b − right·√Φ(−z).
    Triangular {
        a: f64,
        b: f64,
        left: f64,
        right: f64,
        mode_score: f64,
    },
    /// `first`, and from each score on the value beside it.
    Steps {
        first: f64,
        steps: Vec<(f64, f64)>,
    },
    Table(Table),
}

impl Sampler {
    /// Prepares a distribution. Tables take some hundred evaluations of the exact quantile.
    pub fn new(distribution: &Distribution) -> Sampler {
        let mut sampler = Sampler {
            sign: 1.0,
            scale: 1.0,
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
            form: Form::Constant(0.0),
        };
        // Factors and clamps around the distribution are folded into one of each.
        let mut inner = distribution;
        loop {
            match inner {
                Distribution::Scaled {
                    factor,
                    inner: next,
                } => {
                    sampler.scale *= factor;
                    inner = next;
                }
                Distribution::Clamp {
                    inner: next,
                    low,
                    high,
                } => {
                    let (low, high) = (sampler.scale * low, sampler.scale * high);
                    let (low, high) = if low <= high {
                        (low, high)
                    } else {
                        (high, low)
                    };
                    // The outer clamp acts last: its limits hold.
                    (sampler.low, sampler.high) = (
                        low.max(sampler.low).min(sampler.high),
                        high.max(sampler.low).min(sampler.high),
                    );
                    inner = next;
                }
                _ => break,
            }
        }
        sampler.sign = if sampler.scale < 0.0 { -1.0 } else { 1.0 };
        sampler.form = Form::new(inner);
        sampler
    }

    /// The value at normal score `z`. Bitwise that of [`Sampler::from_scores`].
    pub fn from_score(&self, z: f64) -> f64 {
        self.from_scores(&[z; LANES])[0]
    }

    /// The values at [`LANES`] normal scores, in base units. For use inside the caller's own multiversioned function.
    #[inline(always)]
    pub fn from_scores(&self, z: &Lanes) -> Lanes {
        let z = map(z, |z| self.sign * z);
        let values = self.form.values(&z);
        map(&values, |v| {
            let v = self.scale * v;
            let v = if v < self.low { self.low } else { v };
            if v > self.high { self.high } else { v }
        })
    }

    /// Replaces normal scores by values in place.
    pub fn transform(&self, scores: &mut [Lanes]) {
        transform(self, scores);
    }
}

#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx2", "x86_64+avx2"))]
fn transform(sampler: &Sampler, scores: &mut [Lanes]) {
    for z in scores {
        *z = sampler.from_scores(z);
    }
}

impl Form {
    fn new(distribution: &Distribution) -> Form {
        match *distribution {
            Distribution::Point(value) => Form::Constant(value),
            Distribution::Normal { mean, sd } => Form::Normal { mean, sd },
            Distribution::Lognormal { mu, sigma } => Form::Lognormal { mu, sigma },
            Distribution::LogitNormal { mu, sigma } => Form::LogitNormal { mu, sigma },
            Distribution::Uniform { a, b } => Form::Uniform { a, width: b - a },
            Distribution::Triangular { a, mode, b } => Form::Triangular {
                a,
                b,
                left: ((b - a) * (mode - a)).sqrt(),
                right: ((b - a) * (b - mode)).sqrt(),
                mode_score: Probability {
                    lower: (mode - a) / (b - a),
                    upper: (b - mode) / (b - a),
                }
                .score(),
            },
            Distribution::Bernoulli { .. } | Distribution::Discrete(_) => {
                Form::steps(&distribution.atoms(1.0))
            }
            _ => Form::Table(Table::new(distribution)),
        }
    }

    fn steps(atoms: &[(f64, f64)]) -> Form {
        let mut atoms = atoms.iter().filter(|&&(_, weight)| weight > 0.0);
        let Some(&(first, mut below)) = atoms.next() else {
            return Form::Constant(f64::NAN);
        };
        let mut steps = Vec::new();
        let rest: Vec<_> = atoms.collect();
        for (k, &&(value, weight)) in rest.iter().enumerate() {
            let above = rest[k..]
                .iter()
                .fold(0.0, |sum, &&(_, weight)| sum + weight);
            steps.push((
                Probability {
                    lower: below,
                    upper: above,
                }
                .score(),
                value,
            ));
            below += weight;
        }
        Form::Steps { first, steps }
    }

    #[inline(always)]
    fn values(&self, z: &Lanes) -> Lanes {
        match self {
            Form::Constant(value) => [*value; LANES],
            Form::Normal { mean, sd } => map(z, |z| mean + sd * z),
            Form::Lognormal { mu, sigma } => map(z, |z| kernel::exp(mu + sigma * z)),
            Form::LogitNormal { mu, sigma } => map(z, |z| kernel::logistic(mu + sigma * z)),
            Form::Uniform { a, width } => map(z, |z| a + width * kernel::normal_cdf(z)),
            Form::Triangular {
                a,
                b,
                left,
                right,
                mode_score,
            } => map(z, |z| {
                let rises = z < *mode_score;
                let root = kernel::normal_cdf(if rises { z } else { -z }).sqrt();
                if rises {
                    a + left * root
                } else {
                    b - right * root
                }
            }),
            Form::Steps { first, steps } => {
                let mut values = [*first; LANES];
                for &(score, value) in steps {
                    for lane in 0..LANES {
                        values[lane] = if z[lane] >= score {
                            value
                        } else {
                            values[lane]
                        };
                    }
                }
                values
            }
            Form::Table(table) => table.values(z),
        }
    }
}

#[inline(always)]
fn map(x: &Lanes, f: impl Fn(f64) -> f64) -> Lanes {
    let mut y = [0.0; LANES];
    for (y, &x) in y.iter_mut().zip(x) {
        *y = f(x);
    }
    y
}
