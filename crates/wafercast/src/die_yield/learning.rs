//! How defect density falls while a process matures.
//!
//! Densities may be in any unit (the result has the same), times in any unit as long as all of a call agree.

/// `D∞ + (D_0 − D∞)·e^{−(t−t0)/τ}`; `initial` (D_0) before `t0`. A `time_constant` (τ) of 0 or less means at once.
/// Model eq. (19).
pub fn exponential(t: f64, t0: f64, initial: f64, floor: f64, time_constant: f64) -> f64 {
    floor + (initial - floor) * decay(t - t0, time_constant)
}

/// Gompertz's curve `D∞·(D_0/D∞)^{exp(−(t−t0)/τ)}`, which fits fabs better than [`exponential`] (Organtini & Russo
/// 2013): a density far above its floor falls faster than exponentially at first. `initial` before `t0`; both densities
/// above 0. A `time_constant` of 0 or less means at once.
/// Model eq. (20).
pub fn gompertz(t: f64, t0: f64, initial: f64, floor: f64, time_constant: f64) -> f64 {
    floor * libm::exp(libm::log(initial / floor) * decay(t - t0, time_constant))
}

/// Learning by doing: `D_1·(W/W_1)^−b` over the cumulated wafers `W`; `initial` (D_1) up to the `reference` (W_1).
/// Model eq. (21).
pub fn cumulated_wafers(wafers: f64, initial: f64, reference: f64, exponent: f64) -> f64 {
    if wafers <= reference {
        initial
    } else {
        initial * libm::exp(-exponent * libm::log(wafers / reference))
    }
}

/// The rate `1/τ` of an exponential without floor through two densities `elapsed` apart, per unit of `elapsed`.
pub fn rate_between(earlier: f64, later: f64, elapsed: f64) -> f64 {
    libm::log(earlier / later) / elapsed
}

/// `e^{−elapsed/τ}`, 1 before the start.
fn decay(elapsed: f64, time_constant: f64) -> f64 {
    if elapsed <= 0.0 {
        1.0
    } else if time_constant <= 0.0 {
        0.0
    } else {
        libm::exp(-elapsed / time_constant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_start_at_the_initial_density_and_end_at_the_floor() {
        for curve in [exponential, gompertz] {
            assert!((curve(-3.0, 2.0, 0.5, 0.1, 9.0) - 0.5).abs() < 1e-15);
            assert!((curve(2.0, 2.0, 0.5, 0.1, 9.0) - 0.5).abs() < 1e-15);
            assert!((curve(1e6, 2.0, 0.5, 0.1, 9.0) - 0.1).abs() < 1e-15);
            assert!((curve(2.1, 2.0, 0.5, 0.1, 0.0) - 0.1).abs() < 1e-15);
        }
    }

    #[test]
    fn one_time_constant_closes_the_expected_part_of_the_gap() {
        let e = std::f64::consts::E;
        assert!((exponential(11.0, 2.0, 0.5, 0.1, 9.0) - (0.1 + 0.4 / e)).abs() < 1e-15);
        // The logarithm of D/D∞ decays exponentially.
        assert!((gompertz(11.0, 2.0, 0.5, 0.1, 9.0) - 0.1 * 5.0_f64.powf(1.0 / e)).abs() < 1e-15);
    }

    #[test]
    fn doubling_the_wafers_lowers_density_by_the_learning_rate() {
        // b = 0.322: an 80 % learning curve.
        assert!((cumulated_wafers(2000.0, 0.5, 1000.0, 0.321928) - 0.4).abs() < 1e-6);
        assert_eq!(cumulated_wafers(10.0, 0.5, 1000.0, 0.3), 0.5);
    }

    #[test]
    fn a_rate_reproduces_its_points() {
        let rate = rate_between(1.271, 0.105, 8.0);
        assert!((exponential(8.0, 0.0, 1.271, 0.0, 1.0 / rate) - 0.105).abs() < 1e-12);
    }
}
