//! From values to places.

/// A straight map from values to pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Linear {
    /// The values at both ends.
    pub domain: (f64, f64),
    /// Their places.
    pub range: (f64, f64),
}

impl Linear {
    /// The place of a value; an empty domain maps to its middle, not-a-number to its start.
    pub fn at(&self, value: f64) -> f64 {
        let (low, high) = self.domain;
        let (start, end) = self.range;
        if !value.is_finite() {
            return start;
        }
        if high <= low {
            return (start + end) / 2.0;
        }
        start + (value - low) / (high - low) * (end - start)
    }
}

/// Ticks from 0 at a step of 1, 2, 2.5 or 5 times a power of ten, about `wanted` of them; the last one is not below
/// `largest`.
pub fn ticks(largest: f64, wanted: usize) -> Vec<f64> {
    if !largest.is_finite() || largest <= 0.0 {
        return vec![0.0, 1.0];
    }
    let rough = largest / wanted.max(1) as f64;
    let power = crate::number::power_of_ten(crate::number::exponent(rough));
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|multiple| multiple * power)
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(10.0 * power);
    let mut ticks = vec![0.0];
    let mut index = 0.0;
    while ticks.last().is_some_and(|last| *last < largest * 0.999) && ticks.len() < 50 {
        index += 1.0;
        ticks.push(index * step);
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_ends_to_ends() {
        let scale = Linear {
            domain: (0.0, 50.0),
            range: (200.0, 0.0),
        };
        assert_eq!(scale.at(0.0), 200.0);
        assert_eq!(scale.at(50.0), 0.0);
        assert_eq!(scale.at(25.0), 100.0);
        let empty = Linear {
            domain: (3.0, 3.0),
            range: (0.0, 10.0),
        };
        assert_eq!(empty.at(3.0), 5.0);
    }

    #[test]
    fn ticks_cover_the_largest_value() {
        assert_eq!(ticks(1.0, 4), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(
            ticks(93_000.0, 4),
            [0.0, 25_000.0, 50_000.0, 75_000.0, 100_000.0]
        );
        assert_eq!(ticks(0.0, 4), [0.0, 1.0]);
        assert_eq!(ticks(f64::NAN, 4), [0.0, 1.0]);
        for largest in [1e-9, 0.37, 17.0, 4.1e6, 9.99e14] {
            let ticks = ticks(largest, 4);
            assert!(
                ticks.len() <= 7 && ticks[ticks.len() - 1] >= largest * 0.999,
                "{largest}"
            );
        }
    }
}
