//! Mean and variance.

use super::Distribution;
use super::law::Limit;

impl Distribution {
    /// The mean.
    pub fn mean(&self) -> f64 {
        self.moments().0
    }

    /// The variance.
    pub fn variance(&self) -> f64 {
        self.moments().1
    }

    /// Mean and variance: in closed form, but for logit-normal, clamped and truncated distributions, which are integrated
    /// over the normal score.
    fn moments(&self) -> (f64, f64) {
        match self {
            Distribution::Point(value) => (*value, 0.0),
            Distribution::Normal { mean, sd } => (*mean, sd * sd),
            Distribution::Lognormal { mu, sigma } => {
                let square = sigma * sigma;
                (
                    libm::exp(mu + 0.5 * square),
                    libm::exp(2.0 * mu + square) * libm::expm1(square),
                )
            }
            Distribution::Uniform { a, b } => (0.5 * a + 0.5 * b, (b - a) * (b - a) / 12.0),
            Distribution::Triangular { a, mode, b } => {
                // In terms of the sides, so that a large common offset does not cancel.
                let (left, right) = (mode - a, b - mode);
                (
                    mode + (right - left) / 3.0,
                    (left * left + left * right + right * right) / 18.0,
                )
            }
            Distribution::Beta { alpha, beta, a, b } => {
                let (sum, width) = (alpha + beta, b - a);
                (
                    a + width * alpha / sum,
                    width * width * alpha * beta / (sum * sum * (sum + 1.0)),
                )
            }
            Distribution::Bernoulli { p } => (*p, p * (1.0 - p)),
            Distribution::Discrete(atoms) => {
                weighted_moments(atoms.iter().map(|&(value, weight)| (weight, (value, 0.0))))
            }
            Distribution::Mixture(parts) => {
                weighted_moments(parts.iter().map(|(weight, part)| (*weight, part.moments())))
            }
            Distribution::Scaled { factor, inner } => {
                let (mean, variance) = inner.moments();
                (factor * mean, factor * factor * variance)
            }
            Distribution::LogitNormal { .. }
            | Distribution::Clamp { .. }
            | Distribution::Truncate { .. } => self.integrated_moments(),
        }
    }

    /// The normal scores at which the quantile may jump or bend, rising, strictly inside `(−limit, limit)`.
    pub(crate) fn critical_scores(&self, limit: f64) -> Vec<f64> {
        let mut points = Vec::new();
        self.critical_points(1.0, &mut points);
        let mut scores: Vec<f64> = points
            .into_iter()
            .flat_map(|x| {
                [
                    self.tails(1.0, x, Limit::Excluding).score(),
                    self.tails(1.0, x, Limit::Including).score(),
                ]
            })
            .filter(|z| z.abs() < limit)
            .collect();
        scores.sort_by(f64::total_cmp);
        scores.dedup();
        scores
    }

    /// Mean and variance by Gauss–Legendre quadrature of the quantile over the normal score, in panels that end at its
    /// jumps and bends.
    fn integrated_moments(&self) -> (f64, f64) {
        const LIMIT: f64 = 12.0;
        const PANEL: f64 = 0.5;
        let mut ends = vec![-LIMIT];
        ends.extend(self.critical_scores(LIMIT));
        ends.push(LIMIT);
        let mut points = Vec::new();
        for pair in ends.windows(2) {
            let panels = ((pair[1] - pair[0]) / PANEL).ceil().max(1.0);
            let half = 0.5 * (pair[1] - pair[0]) / panels;
            for panel in 0..panels as usize {
                let middle = pair[0] + half * (2.0 * panel as f64 + 1.0);
                for (node, weight) in GAUSS_LEGENDRE {
                    for z in [middle - half * node, middle + half * node] {
                        let density = libm::exp(-0.5 * z * z);
                        points.push((half * weight * density, (self.value_at_score(z), 0.0)));
                    }
                }
            }
        }
        let total: f64 = points.iter().map(|&(weight, _)| weight).sum();
        weighted_moments(
            points
                .into_iter()
                .map(|(weight, moments)| (weight / total, moments)),
        )
    }
}

/// Positive nodes and weights of the 10-point Gauss–Legendre rule.
const GAUSS_LEGENDRE: [(f64, f64); 5] = [
    (0.148_874_338_981_631_22, 0.295_524_224_714_752_87),
    (0.433_395_394_129_247_2, 0.269_266_719_309_996_35),
    (0.679_409_568_299_024_4, 0.219_086_362_515_982_04),
    (0.865_063_366_688_984_5, 0.149_451_349_150_580_6),
    (0.973_906_528_517_171_7, 0.066_671_344_308_688_14),
];

/// Mean and variance of a mixture of parts with (weight, (mean, variance)).
fn weighted_moments(parts: impl Iterator<Item = (f64, (f64, f64))> + Clone) -> (f64, f64) {
    let mean: f64 = parts.clone().map(|(weight, (mean, _))| weight * mean).sum();
    let variance = parts
        .map(|(weight, (m, v))| weight * (v + (m - mean) * (m - mean)))
        .sum();
    (mean, variance)
}
