//! The yield model as a value, and its inverse.

use super::{
    bose_einstein, murphy, murphy_rectangular, negative_binomial, poisson, seeds, seeds_sqrt,
};
use serde::Serialize;

/// A yield model with its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Model {
    /// `e^−x`
    Poisson,
    /// `((1 − e^−x)/x)²`
    Murphy,
    /// `(1 − e^−2x)/2x`
    MurphyRectangular,
    /// `1/(1 + x)`
    Seeds,
    /// `e^−√x`
    SeedsSqrt,
    /// `(1 + x)^−n`, D0 per layer.
    BoseEinstein {
        /// Number of critical layers, > 0. Not always whole: published fits use 13.5.
        n: f64,
    },
    /// `(1 + x/α)^−α`
    NegativeBinomial {
        /// Clustering parameter, > 0: the smaller, the more defects cluster.
        alpha: f64,
    },
}

/// A model's parameter out of range.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("`{parameter}` of `{model}` is {value}; expected a number above 0")]
pub struct ModelError {
    /// The model's name.
    pub model: &'static str,
    /// The parameter's name.
    pub parameter: &'static str,
    /// Its value.
    pub value: f64,
}

impl Model {
    /// The names of all models, as scenarios and commands write them.
    pub const NAMES: [&'static str; 7] = [
        "poisson",
        "murphy",
        "murphy_rectangular",
        "seeds",
        "seeds_sqrt",
        "bose_einstein",
        "negative_binomial",
    ];

    /// Every model, with these parameters for the two that have one.
    pub fn all(n: f64, alpha: f64) -> [Model; 7] {
        [
            Model::Poisson,
            Model::Murphy,
            Model::MurphyRectangular,
            Model::Seeds,
            Model::SeedsSqrt,
            Model::BoseEinstein { n },
            Model::NegativeBinomial { alpha },
        ]
    }

    /// The model's name.
    pub fn name(self) -> &'static str {
        match self {
            Model::Poisson => "poisson",
            Model::Murphy => "murphy",
            Model::MurphyRectangular => "murphy_rectangular",
            Model::Seeds => "seeds",
            Model::SeedsSqrt => "seeds_sqrt",
            Model::BoseEinstein { .. } => "bose_einstein",
            Model::NegativeBinomial { .. } => "negative_binomial",
        }
    }

    /// The model's formula.
    pub fn formula(self) -> &'static str {
        match self {
            Model::Poisson => "e^−x",
            Model::Murphy => "((1 − e^−x)/x)²",
            Model::MurphyRectangular => "(1 − e^−2x)/2x",
            Model::Seeds => "1/(1 + x)",
            Model::SeedsSqrt => "e^−√x",
            Model::BoseEinstein { .. } => "(1 + x)^−n",
            Model::NegativeBinomial { .. } => "(1 + x/α)^−α",
        }
    }

    /// Checks that the parameters are finite and above 0.
    pub fn validate(self) -> Result<(), ModelError> {
        let (parameter, value) = match self {
            Model::BoseEinstein { n } => ("n", n),
            Model::NegativeBinomial { alpha } => ("alpha", alpha),
            _ => return Ok(()),
        };
        if value.is_finite() && value > 0.0 {
            Ok(())
        } else {
            Err(ModelError {
                model: self.name(),
                parameter,
                value,
            })
        }
    }

    /// The yield of a die on which `x ≥ 0` killing defects are expected (per layer for `bose_einstein`).
    pub fn yield_at(self, x: f64) -> f64 {
        match self {
            Model::Poisson => poisson(x),
            Model::Murphy => murphy(x),
            Model::MurphyRectangular => murphy_rectangular(x),
            Model::Seeds => seeds(x),
            Model::SeedsSqrt => seeds_sqrt(x),
            Model::BoseEinstein { n } => bose_einstein(x, n),
            Model::NegativeBinomial { alpha } => negative_binomial(x, alpha),
        }
    }

    /// The inverse of [`Model::yield_at`]: the expected defects `x = A·D0` at which the die yields `y`.
    ///
    /// Total: a yield of 1 or more gives 0, of 0 or less infinity.
    pub fn defects_at(self, y: f64) -> f64 {
        if y >= 1.0 {
            return 0.0;
        }
        if y <= 0.0 {
            return f64::INFINITY;
        }
        let exponent = -libm::log(y);
        match self {
            Model::Poisson => exponent,
            Model::Murphy => {
                let root = y.sqrt();
                invert_mean_of_poisson(root, (1.0 - y) / (1.0 + root))
            }
            Model::MurphyRectangular => invert_mean_of_poisson(y, 1.0 - y) / 2.0,
            Model::Seeds => (1.0 - y) / y,
            Model::SeedsSqrt => exponent * exponent,
            Model::BoseEinstein { n } => libm::expm1(exponent / n),
            Model::NegativeBinomial { alpha } => alpha * libm::expm1(exponent / alpha),
        }
    }
}

/// Solves `(1 − e^−x)/x = q` for 0 < q < 1, given `p = 1 − q` without cancellation.
///
/// The left side falls and is convex, and both `2p` and `p/q` lie at or left of the root, so Newton's steps rise to it
/// without overshooting; it ends when a step no longer rises.
fn invert_mean_of_poisson(q: f64, p: f64) -> f64 {
    const MAX_STEPS: usize = 64;
    let mut x = (2.0 * p).max(p / q);
    for _ in 0..MAX_STEPS {
        let less_one = libm::expm1(-x);
        let value = -less_one / x;
        // Below 1e-3 the closed form of the slope loses digits to cancellation and its series has none to lose.
        let slope = if x < 1e-3 {
            -0.5 + x / 3.0 - x * x / 8.0
        } else {
            (1.0 + less_one - value) / x
        };
        let next = x - (value - q) / slope;
        if next.is_nan() || next <= x {
            break;
        }
        x = next;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn yields_at_the_ends_are_inverted_to_the_ends() {
        for model in Model::all(12.0, 2.5) {
            assert_eq!(model.defects_at(1.0), 0.0);
            assert_eq!(model.defects_at(1.2), 0.0);
            assert_eq!(model.defects_at(0.0), f64::INFINITY);
            assert!(model.defects_at(f64::NAN).is_nan());
        }
    }

    #[test]
    fn parameters_must_be_positive() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Model::NegativeBinomial { alpha: bad }.validate().is_err());
            assert!(Model::BoseEinstein { n: bad }.validate().is_err());
        }
        for model in Model::all(12.0, 2.5) {
            assert!(model.validate().is_ok());
        }
    }

    #[test]
    fn names_are_in_the_order_of_the_models() {
        assert_eq!(Model::all(12.0, 2.5).map(Model::name), Model::NAMES);
    }

    proptest! {
        #[test]
        fn inverse_of_yield_is_identity(
            exponent in -9.0..2.0_f64, n in 1.0..30.0, alpha in 0.3..50.0,
        ) {
            let x = libm::exp10(exponent);
            for model in Model::all(n, alpha) {
                let y = model.yield_at(x);
                if y < 1e-300 {
                    continue;
                }
                let back = model.yield_at(model.defects_at(y));
                prop_assert!((back - y).abs() <= 1e-13 * y, "{model:?} {x} {y} {back}");
            }
        }

        #[test]
        fn yields_fall_from_one_towards_zero(x in 0.0..200.0, more in 1e-6..10.0, n in 1.0..30.0, alpha in 0.3..50.0) {
            for model in Model::all(n, alpha) {
                let (y, worse) = (model.yield_at(x), model.yield_at(x + more));
                prop_assert!((0.0..=1.0).contains(&y) && worse <= y, "{model:?} {x} {y} {worse}");
            }
        }

        #[test]
        fn clustering_never_lowers_yield(x in 0.0..50.0, alpha in 0.3..50.0) {
            // Jensen: any mixture of densities with the same mean yields at least as much as the constant one.
            for model in [Model::Murphy, Model::MurphyRectangular, Model::Seeds, Model::NegativeBinomial { alpha }] {
                prop_assert!(model.yield_at(x) >= poisson(x) * (1.0 - 1e-12));
            }
        }
    }
}
