//! Scores of probabilistic forecasts: proper ones, so that saying what one believes is the best one can do.

use std::f64::consts::PI;

use wafercast::draw::kernel::normal_cdf;

/// A forecast as draws, or as quantiles at equal steps of probability, in rising order.
#[derive(Debug, Clone, PartialEq)]
pub struct Ensemble {
    sorted: Vec<f64>,
}

impl Ensemble {
    /// Of draws in any order; `None` without any, or with one that is not a number.
    pub fn new(mut draws: Vec<f64>) -> Option<Ensemble> {
        if draws.is_empty() || draws.iter().any(|x| !x.is_finite()) {
            return None;
        }
        draws.sort_by(f64::total_cmp);
        Some(Ensemble { sorted: draws })
    }

    /// The quantile at a probability, between the middles of the steps of the distribution function.
    pub fn quantile(&self, probability: f64) -> f64 {
        let last = self.sorted.len() - 1;
        let at = (probability * self.sorted.len() as f64 - 0.5).clamp(0.0, last as f64);
        let below = at as usize;
        let above = (below + 1).min(last);
        self.sorted[below] + (at - below as f64) * (self.sorted[above] - self.sorted[below])
    }

    /// Share of the draws below a value, half of those equal to it.
    pub fn share_below(&self, x: f64) -> f64 {
        let below = self.sorted.partition_point(|y| *y < x);
        let up_to = self.sorted.partition_point(|y| *y <= x);
        0.5 * (below + up_to) as f64 / self.sorted.len() as f64
    }

    /// The continuous ranked probability score, E|X − x| − ½·E|X − X'| (Gneiting & Raftery 2007, equation 21), in the unit
    /// of the values; smaller is better, and of a point it is the absolute error.
    pub fn crps(&self, x: f64) -> f64 {
        let count = self.sorted.len() as f64;
        let (mut error, mut spread) = (0.0, 0.0);
        for (i, y) in self.sorted.iter().enumerate() {
            error += (y - x).abs();
            // Each of the pairs (i, j) is counted once from either side.
            spread += (2.0 * i as f64 + 1.0 - count) * y;
        }
        error / count - spread / (count * count)
    }

    /// The logarithmic score −ln p(x), p a Gaussian kernel density of the draws with Silverman's (1986) bandwidth, on the
    /// logarithm where all values are positive: then it has no unit. Smaller is better.
    pub fn log_score(&self, x: f64) -> f64 {
        let is_positive = x > 0.0 && self.sorted[0] > 0.0;
        let map = |y: f64| if is_positive { libm::log(y) } else { y };
        let values: Vec<f64> = self.sorted.iter().map(|y| map(*y)).collect();
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / count;
        let quartile = |u: f64| map(self.quantile(u));
        let robust = (quartile(0.75) - quartile(0.25)) / 1.349;
        let mut spread = variance.sqrt();
        if robust > 0.0 {
            spread = spread.min(robust);
        }
        // A forecast that is a point is read to its third digit.
        let width = (0.9 * spread * libm::pow(count, -0.2)).max(1e-3 * map(x).abs().max(1.0));
        let exponent = |y: &f64| {
            let z = (map(x) - y) / width;
            -0.5 * z * z
        };
        let greatest = values
            .iter()
            .map(exponent)
            .fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = values
            .iter()
            .map(|y| libm::exp(exponent(y) - greatest))
            .sum();
        libm::log(count * width) + 0.5 * libm::log(2.0 * PI) - greatest - libm::log(sum)
    }

    /// Whether a value lies in the central range of this probability.
    pub fn covers(&self, x: f64, probability: f64) -> bool {
        let tail = 0.5 * (1.0 - probability);
        (self.quantile(tail)..=self.quantile(1.0 - tail)).contains(&x)
    }
}

/// The CRPS of a normal forecast: σ·(z·(2Φ(z) − 1) + 2φ(z) − 1/√π), z = (x − μ)/σ (Gneiting et al. 2005).
pub fn crps_of_normal(mean: f64, sd: f64, x: f64) -> f64 {
    let z = (x - mean) / sd;
    let density = libm::exp(-0.5 * z * z) / (2.0 * PI).sqrt();
    sd * (z * (2.0 * normal_cdf(z) - 1.0) + 2.0 * density - 1.0 / PI.sqrt())
}

/// The Brier score of a probability, (p − o)².
pub fn brier(probability: f64, happened: bool) -> f64 {
    let gap = probability - f64::from(u8::from(happened));
    gap * gap
}

#[cfg(test)]
mod tests {
    use super::*;
    use wafercast::draw::kernel::normal_quantile;

    fn normal(mean: f64, sd: f64, count: usize) -> Ensemble {
        let draws = (0..count).map(|i| {
            let u = (i as f64 + 0.5) / count as f64;
            mean + sd * normal_quantile(u)
        });
        Ensemble::new(draws.collect()).unwrap()
    }

    #[test]
    fn crps_of_draws_is_that_of_a_normal() {
        let ensemble = normal(2.0, 3.0, 20_000);
        for x in [-6.0, 0.0, 2.0, 3.5, 11.0] {
            let exact = crps_of_normal(2.0, 3.0, x);
            let got = ensemble.crps(x);
            assert!((got - exact).abs() < 2e-4 * 3.0, "{x}: {got} {exact}");
        }
        // At the mean it is σ·(√2 − 1)/√π.
        let at_mean = crps_of_normal(0.0, 1.0, 0.0);
        assert!((at_mean - (2.0_f64.sqrt() - 1.0) / PI.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn crps_of_random_draws_is_within_its_error() {
        let stream = wafercast::draw::Stream::new(9, "x", wafercast::scenario::Design::Random, 1);
        let count = 4000;
        let draws: Vec<f64> = (0..count).map(|i| stream.normal_score(i)).collect();
        // E|X − x| of a standard normal at x = 1 has variance 1 + x² − (E|X − x|)².
        let got = Ensemble::new(draws).unwrap().crps(1.0);
        let exact = crps_of_normal(0.0, 1.0, 1.0);
        let se = (1.0 / count as f64).sqrt();
        assert!((got - exact).abs() < 4.0 * se, "{got} {exact} ± {se}");
    }

    #[test]
    fn a_point_scores_its_absolute_error() {
        let point = Ensemble::new(vec![5.0]).unwrap();
        assert_eq!(point.crps(7.5), 2.5);
        assert!(Ensemble::new(vec![]).is_none());
    }

    #[test]
    fn a_hundred_quantiles_score_as_the_draws_do() {
        let exact = crps_of_normal(2.0, 3.0, 4.0);
        assert!((normal(2.0, 3.0, 100).crps(4.0) - exact).abs() < 0.01 * exact);
    }

    #[test]
    fn log_score_is_that_of_the_density() {
        let ensemble = normal(0.0, 2.0, 20_000);
        for x in [-2.0, 0.0, 3.0] {
            let z = x / 2.0;
            let exact = 0.5 * z * z + libm::log(2.0) + 0.5 * libm::log(2.0 * PI);
            let got = ensemble.log_score(x);
            assert!((got - exact).abs() < 0.02, "{x}: {got} {exact}");
        }
    }

    #[test]
    fn log_score_has_no_unit() {
        let draws: Vec<f64> = (0..1000).map(|i| 50.0 + i as f64 / 10.0).collect();
        let scaled = draws.iter().map(|y| y * 1e6).collect();
        let one = Ensemble::new(draws).unwrap().log_score(80.0);
        let other = Ensemble::new(scaled).unwrap().log_score(80.0e6);
        assert!((one - other).abs() < 1e-9);
    }

    #[test]
    fn ranges_cover_their_share() {
        let ensemble = normal(0.0, 1.0, 10_000);
        assert!(ensemble.covers(0.6, 0.5) && !ensemble.covers(0.75, 0.5));
        assert!(ensemble.covers(1.6, 0.9) && !ensemble.covers(1.7, 0.9));
        assert!((ensemble.share_below(0.0) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn saying_what_one_believes_scores_best() {
        // Truth is normal; forecasts that are too narrow or too wide score worse on average.
        let truths = normal(0.0, 1.0, 400);
        let mean = |sd: f64, score: &dyn Fn(&Ensemble, f64) -> f64| {
            let forecast = normal(0.0, sd, 400);
            truths
                .sorted
                .iter()
                .map(|x| score(&forecast, *x))
                .sum::<f64>()
        };
        for score in [
            &Ensemble::crps as &dyn Fn(&Ensemble, f64) -> f64,
            &Ensemble::log_score,
        ] {
            assert!(mean(1.0, score) < mean(0.5, score));
            assert!(mean(1.0, score) < mean(2.0, score));
        }
    }
}
