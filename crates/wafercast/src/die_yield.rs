//! Die yield: the share of dies without a killing defect.
//!
//! Everything is a function of `x = A·D0`, the expected number of killing defects on one die: A its area times the
//! critical-area fraction (cm²), D0 the defect density (1/cm²). All models but [`poisson`] let the density vary from
//! place to place; they differ in how. Line yield, package yield and test yield are other things and multiply on top.
//!
//! | function | formula | density varies as |
//! |---|---|---|
//! | [`poisson`] | `e^−x` | constant |
//! | [`murphy`] | `((1 − e^−x)/x)²` | triangle on 0…2 D0 (Murphy 1964) |
//! | [`murphy_rectangular`] | `(1 − e^−2x)/2x` | uniform on 0…2 D0 (Murphy 1964) |
//! | [`seeds`] | `1/(1 + x)` | exponential (Seeds 1967) |
//! | [`seeds_sqrt`] | `e^−√x` | Lévy (stable with index ½); some texts call this one Seeds |
//! | [`bose_einstein`] | `(1 + x)^−n` | exponential in each of n layers, D0 per layer (Price 1970) |
//! | [`negative_binomial`] | `(1 + x/α)^−α` | gamma with shape α (Stapper 1973) |
//!
//! For `x ≥ 0` all are in \[0, 1\], 1 at 0, falling, and accurate to a few units in the last place from the smallest x
//! to the largest. They rest on `libm`, so that every machine gives the same bits.

pub mod learning;
mod model;
mod salvage;

pub use model::{Model, ModelError};
pub use salvage::{MAX_CORES, Salvage, SalvageError};

/// `e^−x`
pub fn poisson(x: f64) -> f64 {
    libm::exp(-x)
}

/// `((1 − e^−x)/x)²`
pub fn murphy(x: f64) -> f64 {
    let mean = mean_of_poisson(x);
    mean * mean
}

/// `(1 − e^−2x)/2x`
pub fn murphy_rectangular(x: f64) -> f64 {
    mean_of_poisson(2.0 * x)
}

/// `1/(1 + x)`
pub fn seeds(x: f64) -> f64 {
    1.0 / (1.0 + x)
}

/// `e^−√x`
pub fn seeds_sqrt(x: f64) -> f64 {
    libm::exp(-x.sqrt())
}

/// `(1 + x)^−n`, `x` the expected defects per layer and `n` the number of critical layers.
pub fn bose_einstein(x: f64, n: f64) -> f64 {
    libm::exp(-n * libm::log1p(x))
}

/// `(1 + x/α)^−α`
pub fn negative_binomial(x: f64, alpha: f64) -> f64 {
    libm::exp(-alpha * libm::log1p(x / alpha))
}

/// `(1 − e^−x)/x`: the mean of `e^−t` over `0 ≤ t ≤ x`.
fn mean_of_poisson(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { -libm::expm1(-x) / x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_far_from_the_usual_range() {
        // Small x: 1 − x + O(x²) for all that have a mean; large x: the power laws.
        for x in [1e-300, 1e-12, 1e-8] {
            for y in [
                poisson(x),
                murphy(x),
                murphy_rectangular(x),
                seeds(x),
                negative_binomial(x, 2.5),
            ] {
                assert!((y - (1.0 - x)).abs() <= 4e-16, "{x} {y}");
            }
        }
        assert_eq!(murphy(1e6), 1e-6 * 1e-6);
        assert_eq!(murphy_rectangular(1e6), 0.5e-6);
        assert_eq!(poisson(f64::INFINITY), 0.0);
        assert_eq!(murphy(f64::INFINITY), 0.0);
        assert_eq!(negative_binomial(f64::INFINITY, 2.0), 0.0);
    }

    #[test]
    fn negative_binomial_spans_seeds_to_poisson() {
        for x in [0.01, 0.5, 3.0] {
            assert!((negative_binomial(x, 1.0) - seeds(x)).abs() < 1e-15);
            assert!((negative_binomial(x, 1e12) - poisson(x)).abs() < 1e-11);
        }
    }
}
