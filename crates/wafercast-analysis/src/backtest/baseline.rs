//! Simple rules that a forecast has to beat, with honest ranges.
//!
//! Both take the logarithm of what was counted as a random walk whose step in a year has standard deviation σ, known from
//! all changes that were published by the day. *Persistence*: no drift; after h years the standard deviation is σ·√h.
//! *Trend*: the least-squares line through the logarithms; its drift is itself estimated over a span of s years, which
//! adds to the variance: σ²·h·(1 + h/s) (Hyndman & Athanasopoulos, *Forecasting*, §5.2, random walk with drift). The
//! error of the last count is added to both.

use super::outcome::Count;

/// σ where fewer than three changes were known: a doubling or a halving in a year is one standard deviation.
pub(super) const ASSUMED_CHANGE: f64 = std::f64::consts::LN_2;
/// Changes from which σ is taken at least.
const FEWEST_CHANGES: usize = 3;
/// Years ahead at least: what was counted last is not what is asked.
const NEAREST: f64 = 0.25;

/// A lognormal forecast of a yearly amount or a level: median and standard deviation of the logarithm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lognormal {
    pub median: f64,
    pub sigma: f64,
}

/// σ, and how many changes it is taken from (0: assumed).
pub(super) fn yearly_change(histories: &[Vec<Count>]) -> (f64, usize) {
    let mut squares = Vec::new();
    for history in histories {
        for pair in history.windows(2) {
            let years = pair[1].year - pair[0].year;
            if years > 0.0 {
                let change = libm::log(pair[1].value / pair[0].value);
                squares.push(change * change / years);
            }
        }
    }
    if squares.len() < FEWEST_CHANGES {
        return (ASSUMED_CHANGE, 0);
    }
    let mean = squares.iter().sum::<f64>() / squares.len() as f64;
    (mean.sqrt(), squares.len())
}

/// What was counted last goes on.
pub(super) fn persistence(history: &[Count], year: f64, sigma: f64) -> Option<Lognormal> {
    let last = history.last()?;
    let ahead = (year - last.year).max(NEAREST);
    Some(Lognormal {
        median: last.value,
        sigma: (sigma * sigma * ahead + last.error * last.error).sqrt(),
    })
}

/// The line through the logarithms goes on. `None` with fewer than two counts at different times.
pub(super) fn trend(history: &[Count], year: f64, sigma: f64) -> Option<Lognormal> {
    let (first, last) = (history.first()?, history.last()?);
    let span = last.year - first.year;
    if span <= 0.0 {
        return None;
    }
    let count = history.len() as f64;
    let middle = history.iter().map(|c| c.year).sum::<f64>() / count;
    let level = history.iter().map(|c| libm::log(c.value)).sum::<f64>() / count;
    let (mut products, mut squares) = (0.0, 0.0);
    for c in history {
        products += (c.year - middle) * (libm::log(c.value) - level);
        squares += (c.year - middle) * (c.year - middle);
    }
    let ahead = (year - last.year).max(NEAREST);
    let variance = sigma * sigma * ahead * (1.0 + ahead / span);
    Some(Lognormal {
        median: libm::exp(level + products / squares * (year - middle)),
        sigma: (variance + last.error * last.error).sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(values: &[(f64, f64)]) -> Vec<Count> {
        let count = |&(year, value)| Count {
            year,
            value,
            error: 0.0,
        };
        values.iter().map(count).collect()
    }

    #[test]
    fn a_doubling_goes_on_doubling_or_stays() {
        let history = counts(&[(2023.0, 100.0), (2024.0, 200.0), (2025.0, 400.0)]);
        let trend = trend(&history, 2027.0, 0.5).unwrap();
        assert!((trend.median - 1600.0).abs() < 1e-6);
        // 2 years ahead, drift known from 2 years: 0.25·2·(1 + 1).
        assert!((trend.sigma - 1.0).abs() < 1e-12);
        let same = persistence(&history, 2027.0, 0.5).unwrap();
        assert_eq!(same.median, 400.0);
        assert!((same.sigma - 0.5_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn too_little_is_said_to_be() {
        let one = counts(&[(2024.0, 5.0)]);
        assert_eq!(trend(&one, 2025.0, 0.5), None);
        assert_eq!(persistence(&[], 2025.0, 0.5), None);
        assert_eq!(yearly_change(&[one]), (ASSUMED_CHANGE, 0));
        let e = std::f64::consts::E;
        let changes = counts(&[(2020.0, 1.0), (2021.0, e), (2022.0, 1.0), (2023.0, e)]);
        let (sigma, known) = yearly_change(&[changes]);
        assert!((sigma - 1.0).abs() < 1e-12 && known == 3);
    }
}
