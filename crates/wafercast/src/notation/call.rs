//! The named distributions.

use crate::distribution::Distribution;

/// A family that is called with numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Normal,
    Lognormal,
    Uniform,
    Triangular,
    Pert,
    Beta,
    Bernoulli,
}

/// Shape of the PERT distribution: the weight of the mode against the ends (Malcolm et al. 1959).
const PERT_SHAPE: f64 = 4.0;

impl Family {
    /// Every family, with its name and how it is called.
    pub const ALL: [(&'static str, &'static str, Family); 7] = [
        ("normal", "normal(mean, sd)", Family::Normal),
        ("lognormal", "lognormal(p5, p95)", Family::Lognormal),
        ("uniform", "uniform(a, b)", Family::Uniform),
        ("triangular", "triangular(a, mode, b)", Family::Triangular),
        ("pert", "pert(a, mode, b)", Family::Pert),
        ("beta", "beta(a, b)", Family::Beta),
        ("bernoulli", "bernoulli(p)", Family::Bernoulli),
    ];

    /// Number of arguments.
    pub fn arity(self) -> usize {
        match self {
            Family::Bernoulli => 1,
            Family::Normal | Family::Lognormal | Family::Uniform | Family::Beta => 2,
            Family::Triangular | Family::Pert => 3,
        }
    }

    /// Whether its arguments are values of the quantity (with its unit), not shapes or probabilities.
    pub fn takes_values(self) -> bool {
        !matches!(self, Family::Beta | Family::Bernoulli)
    }

    /// The distribution, or what is wrong with the arguments. There must be `arity` of them.
    pub fn build(self, arguments: &[f64]) -> Result<Distribution, &'static str> {
        let argument = |index: usize| arguments.get(index).copied().unwrap_or(f64::NAN);
        let (x, y, z) = (argument(0), argument(1), argument(2));
        match self {
            Family::Normal if y > 0.0 => Ok(Distribution::Normal { mean: x, sd: y }),
            Family::Normal => Err("the standard deviation is not above 0"),
            Family::Lognormal if x > 0.0 && x < y => {
                // The one family of positive intervals, so it cannot fail for these ends.
                super::interval(x, y, 0.9, super::Domain::Positive)
                    .map_err(|_| "the percentiles are not ascending")
            }
            Family::Lognormal if x > 0.0 => Err("the 5th percentile is not below the 95th"),
            Family::Lognormal => Err("the 5th percentile is not above 0"),
            Family::Uniform if x < y => Ok(Distribution::Uniform { a: x, b: y }),
            Family::Uniform => Err("the lower end is not below the upper"),
            Family::Triangular | Family::Pert if !(x <= y && y <= z && x < z) => {
                Err("lower end, mode and upper end are not in ascending order")
            }
            Family::Triangular => Ok(Distribution::Triangular {
                a: x,
                mode: y,
                b: z,
            }),
            // Model eq. (5).
            Family::Pert => Ok(Distribution::Beta {
                alpha: 1.0 + PERT_SHAPE * ((y - x) / (z - x)),
                beta: 1.0 + PERT_SHAPE * ((z - y) / (z - x)),
                a: x,
                b: z,
            }),
            Family::Beta if SHAPES.contains(&x) && SHAPES.contains(&y) => Ok(Distribution::Beta {
                alpha: x,
                beta: y,
                a: 0.0,
                b: 1.0,
            }),
            Family::Beta => Err("a shape lies outside 0.01 to 100000"),
            Family::Bernoulli if (0.0..=1.0).contains(&x) => Ok(Distribution::Bernoulli { p: x }),
            Family::Bernoulli => Err("the probability lies outside 0 to 1"),
        }
    }
}

/// Shapes of a beta distribution that its quantile function resolves well.
const SHAPES: std::ops::RangeInclusive<f64> = 0.01..=1e5;
