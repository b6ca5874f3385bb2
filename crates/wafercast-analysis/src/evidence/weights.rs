//! Weighted draws: effective number, means with their standard errors, quantiles.

use serde::{Deserialize, Serialize};

/// Weights of draws that add up to 1, and the lineage of each draw: draws of one lineage are copies of one first draw
/// and are not independent.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    weights: Vec<f64>,
    lineages: Vec<usize>,
    /// ln of the mean of what the weights were before they were made to add up.
    pub ln_mean: f64,
}

/// A distribution in a few numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Mean; of a claim its probability.
    pub mean: f64,
    /// Standard error of the mean.
    pub se: f64,
    /// 5th percentile.
    pub p05: f64,
    /// 25th percentile.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// 75th percentile.
    pub p75: f64,
    /// 95th percentile.
    pub p95: f64,
}

impl Weights {
    /// All the same, every draw of its own lineage.
    pub fn equal(draws: usize) -> Weights {
        Weights::of_lineages((0..draws).collect())
    }

    /// All the same.
    pub fn of_lineages(lineages: Vec<usize>) -> Weights {
        Weights {
            weights: vec![1.0 / lineages.len() as f64; lineages.len()],
            lineages,
            ln_mean: 0.0,
        }
    }

    /// In proportion to the exponentials of `ln`, on top of these. Where all are zero nothing is known: `None`.
    pub fn times(&self, ln: &[f64]) -> Option<Weights> {
        let greatest = ln.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if !greatest.is_finite() {
            return None;
        }
        let mut weights: Vec<f64> = self
            .weights
            .iter()
            .zip(ln)
            .map(|(weight, x)| weight * libm::exp(x - greatest))
            .collect();
        let sum: f64 = weights.iter().sum();
        if sum <= 0.0 {
            return None;
        }
        for weight in &mut weights {
            *weight /= sum;
        }
        Some(Weights {
            weights,
            lineages: self.lineages.clone(),
            ln_mean: greatest + libm::log(sum),
        })
    }

    /// The weights.
    pub fn values(&self) -> &[f64] {
        &self.weights
    }

    /// The effective number of draws of Kish (1965), 1/Σw², counted over lineages.
    pub fn effective(&self) -> f64 {
        let by_lineage = self.by_lineage(|_| 1.0);
        let squares: f64 = by_lineage.iter().map(|sum| sum * sum).sum();
        1.0 / squares
    }

    /// Σ w·x.
    pub fn mean(&self, values: &[f64]) -> f64 {
        self.weights.iter().zip(values).map(|(w, x)| w * x).sum()
    }

    /// The standard error of [`Weights::mean`]: √Σ_l (Σ_{i in l} w_i·(x_i − mean))² over lineages l. With lineages of one
    /// draw each it is that of importance sampling; with lineages of resampled particles that of Chan & Lai (2013).
    pub fn standard_error(&self, values: &[f64]) -> f64 {
        let mean = self.mean(values);
        let sums = self.by_lineage(|i| values[i] - mean);
        sums.iter().map(|sum| sum * sum).sum::<f64>().sqrt()
    }

    /// The mean under these weights less that under others, with its standard error; both are of the same draws.
    pub fn against(&self, others: &Weights, values: &[f64]) -> (f64, f64) {
        let (mean, other_mean) = (self.mean(values), others.mean(values));
        let count = self.lineages.iter().max().map_or(0, |most| most + 1);
        let mut sums = vec![0.0; count];
        for (i, lineage) in self.lineages.iter().enumerate() {
            sums[*lineage] +=
                self.weights[i] * (values[i] - mean) - others.weights[i] * (values[i] - other_mean);
        }
        let square: f64 = sums.iter().map(|sum| sum * sum).sum();
        (mean - other_mean, square.sqrt())
    }

    /// Standard deviation of the weighted values.
    pub fn deviation(&self, values: &[f64]) -> f64 {
        let mean = self.mean(values);
        let squares = self
            .weights
            .iter()
            .zip(values)
            .map(|(w, x)| w * (x - mean) * (x - mean));
        squares.sum::<f64>().sqrt()
    }

    /// The least values below which lie these shares of the weight (in rising order).
    pub fn quantiles<const K: usize>(&self, values: &[f64], shares: [f64; K]) -> [f64; K] {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
        let mut out = [f64::NAN; K];
        let (mut below, mut next) = (0.0, 0);
        for i in order {
            below += self.weights[i];
            while next < K && below >= shares[next] - 1e-12 {
                out[next] = values[i];
                next += 1;
            }
        }
        out
    }

    /// Mean with error, and percentiles.
    pub fn spread(&self, values: &[f64]) -> Spread {
        let [p05, p25, p50, p75, p95] = self.quantiles(values, [0.05, 0.25, 0.5, 0.75, 0.95]);
        Spread {
            mean: self.mean(values),
            se: self.standard_error(values),
            p05,
            p25,
            p50,
            p75,
            p95,
        }
    }

    /// Σ w·f of each lineage, in order of lineage.
    fn by_lineage(&self, f: impl Fn(usize) -> f64) -> Vec<f64> {
        let count = self.lineages.iter().max().map_or(0, |most| most + 1);
        let mut sums = vec![0.0; count];
        for (i, (weight, lineage)) in self.weights.iter().zip(&self.lineages).enumerate() {
            sums[*lineage] += weight * f(i);
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_weights_are_plain_statistics() {
        let values = [4.0, 1.0, 3.0, 2.0];
        let weights = Weights::equal(4);
        assert_eq!(weights.effective(), 4.0);
        assert_eq!(weights.mean(&values), 2.5);
        assert_eq!(
            weights.quantiles(&values, [0.25, 0.5, 0.95]),
            [1.0, 2.0, 4.0]
        );
        let by_hand = (5.0_f64 / 16.0).sqrt();
        assert!((weights.standard_error(&values) - by_hand).abs() < 1e-15);
    }

    #[test]
    fn copies_are_not_independent() {
        let copies = Weights::of_lineages(vec![0, 0, 1, 1]);
        assert_eq!(copies.effective(), 2.0);
        let pair = Weights::equal(2);
        let of_copies = copies.standard_error(&[1.0, 1.0, 3.0, 3.0]);
        assert!((of_copies - pair.standard_error(&[1.0, 3.0])).abs() < 1e-15);
    }

    #[test]
    fn nothing_is_known_where_all_is_ruled_out() {
        let weights = Weights::equal(3);
        assert!(weights.times(&[f64::NEG_INFINITY; 3]).is_none());
        let half = weights.times(&[0.0, f64::NEG_INFINITY, 0.0]).unwrap();
        assert_eq!(half.effective(), 2.0);
        assert!((half.ln_mean - libm::log(2.0 / 3.0)).abs() < 1e-12);
    }
}
