//! Means and ratios of means, with their sampling errors. Sums are merged in the order of the draws, so that the result
//! does not depend on how they were split among threads.

/// Count, mean and squared deviations of numbers (Welford 1962; merged after Chan, Golub & LeVeque 1983).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Of numbers.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Moments {
        let mut moments = Moments::default();
        for value in values {
            moments.add(value);
        }
        moments
    }

    /// Takes a number in.
    #[inline]
    pub fn add(&mut self, value: f64) {
        self.count += 1.0;
        let before = value - self.mean;
        self.mean += before / self.count;
        self.squares += before * (value - self.mean);
    }

    /// Takes in the numbers of another.
    pub fn merge(&mut self, other: &Moments) {
        let count = self.count + other.count;
        if count > 0.0 {
            let apart = other.mean - self.mean;
            self.mean += apart * (other.count / count);
            self.squares += other.squares + apart * apart * (self.count * other.count / count);
            self.count = count;
        }
    }

    /// Mean; 0 of none.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Unbiased variance; 0 of fewer than two.
    pub fn variance(&self) -> f64 {
        if self.count < 2.0 {
            0.0
        } else {
            self.squares / (self.count - 1.0)
        }
    }

    /// Standard error of the mean of independent numbers: an upper bound for Latin hypercubes (Stein 1987).
    pub fn standard_error(&self) -> f64 {
        if self.count < 1.0 {
            0.0
        } else {
            (self.variance() / self.count).sqrt()
        }
    }
}

/// The ratio of two means, E[x]/E[y], of paired numbers.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RatioOfMeans {
    count: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
}

impl RatioOfMeans {
    /// Takes a pair in.
    #[inline]
    pub fn add(&mut self, x: f64, y: f64) {
        self.count += 1.0;
        self.x += x;
        self.y += y;
        self.xx += x * x;
        self.xy += x * y;
        self.yy += y * y;
    }

    /// Takes in the pairs of another.
    pub fn merge(&mut self, other: &RatioOfMeans) {
        self.count += other.count;
        self.x += other.x;
        self.y += other.y;
        self.xx += other.xx;
        self.xy += other.xy;
        self.yy += other.yy;
    }

    /// The ratio; 0 if the second mean is.
    pub fn ratio(&self) -> f64 {
        if self.y == 0.0 { 0.0 } else { self.x / self.y }
    }

    /// Its standard error by the delta method: that of the mean of `x − ratio·y`, over the mean of y (Cochran 1977, §2.11).
    pub fn standard_error(&self) -> f64 {
        if self.count < 2.0 || self.y == 0.0 {
            return 0.0;
        }
        let ratio = self.ratio();
        let residuals = self.xx - 2.0 * ratio * self.xy + ratio * ratio * self.yy;
        let variance = residuals.max(0.0) / (self.count - 1.0);
        (variance / self.count).sqrt() / (self.y / self.count).abs()
    }
}

/// Standard error of a share of `count` independent draws.
pub fn share_error(share: f64, count: u64) -> f64 {
    if count == 0 {
        0.0
    } else {
        (share * (1.0 - share) / count as f64).max(0.0).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_moments_are_those_of_all() {
        let values: Vec<f64> = (0..50).map(|k| 1e6 + f64::from(k * k % 17)).collect();
        let whole = Moments::of(values.iter().copied());
        let mut merged = Moments::of(values[..13].iter().copied());
        merged.merge(&Moments::default());
        merged.merge(&Moments::of(values[13..].iter().copied()));
        assert!((whole.mean() - merged.mean()).abs() < 1e-9);
        assert!((whole.variance() - merged.variance()).abs() < 1e-9 * whole.variance());
        assert_eq!(Moments::default().standard_error(), 0.0);
    }

    #[test]
    fn a_ratio_without_residuals_has_no_error() {
        let mut ratio = RatioOfMeans::default();
        let mut noisy = RatioOfMeans::default();
        for k in 1..100 {
            let y = f64::from(k);
            ratio.add(0.25 * y, y);
            noisy.add(if k % 2 == 0 { 1.0 } else { 0.0 }, 1.0);
        }
        assert_eq!(ratio.ratio(), 0.25);
        assert!(ratio.standard_error() < 1e-9);
        // Against a constant the ratio's error is that of the mean: 49 of 99 are 1.
        let p: f64 = 49.0 / 99.0;
        let expected = (p * (1.0 - p) / 98.0).sqrt();
        assert!((noisy.standard_error() - expected).abs() < 1e-12);
    }
}
