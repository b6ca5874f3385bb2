//! From published facts to a distribution.

use super::{Domain, IntervalProblem, interval, spread};
use crate::distribution::Distribution;
use crate::facts::{Fact, Quality};

/// Credibility of a fact's low–high interval: the 5th to the 95th percentile.
const INTERVAL_CREDIBILITY: f64 = 0.9;

/// Why a fact gives no distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolProblem {
    /// Its unit is none of the language: `flag`, `event`.
    NoUnit,
    /// It has neither a value nor an interval.
    NoNumber,
    /// A value or an end lies below the domain.
    TooLow,
    /// A value or an end lies above the domain.
    TooHigh,
}

impl Quality {
    /// What a value without an interval may be off, at 90 % (see [`spread`]): A ±5 %, B ±20 %, C ±40 %. Our assumption,
    /// not an estimate: official figures are rounded and restated, analysts and second-hand reports differ by more.
    pub fn spread(self) -> f64 {
        match self {
            Quality::A => 0.05,
            Quality::B => 0.20,
            Quality::C => 0.40,
        }
    }
}

/// The distribution of one fact in base units: its interval in the family of the domain, else its value with the spread
/// of its quality class. An interval whose ends coincide counts as a value.
///
/// # Errors
/// A fact without a unit or number, or outside the domain.
pub fn fact_distribution(fact: &Fact, domain: Domain) -> Result<Distribution, PoolProblem> {
    let unit = fact.unit.as_ref().ok_or(PoolProblem::NoUnit)?;
    let range = fact.interval.filter(|(low, high)| low < high);
    let result = match (range, fact.value, fact.interval) {
        (Some((low, high)), _, _) => interval(
            unit.to_base(low),
            unit.to_base(high),
            INTERVAL_CREDIBILITY,
            domain,
        ),
        (None, Some(value), _) | (None, None, Some((value, _))) => {
            spread(unit.to_base(value), fact.quality.spread(), domain)
        }
        (None, None, None) => return Err(PoolProblem::NoNumber),
    };
    result.map_err(|problem| match problem {
        IntervalProblem::TooHigh => PoolProblem::TooHigh,
        IntervalProblem::TooLow | IntervalProblem::NotAscending => PoolProblem::TooLow,
    })
}
