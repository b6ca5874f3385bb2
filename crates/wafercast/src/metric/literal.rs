//! The units of numbers in expressions.

use super::kind::PLAIN;
use crate::unit::Dimension;

const WAFER: Dimension = Dimension { wafer: 1, ..PLAIN };
const WAFERS_PER_MONTH: Dimension = Dimension {
    wafer: 1,
    time: -1,
    ..PLAIN
};
const DIE: Dimension = Dimension { die: 1, ..PLAIN };
const STACK: Dimension = Dimension { stack: 1, ..PLAIN };
const PACKAGE: Dimension = Dimension {
    package: 1,
    ..PLAIN
};
const UNIT: Dimension = Dimension { unit: 1, ..PLAIN };
const MONEY: Dimension = Dimension { money: 1, ..PLAIN };
const TIME: Dimension = Dimension { time: 1, ..PLAIN };
const LENGTH: Dimension = Dimension { length: 1, ..PLAIN };
const AREA: Dimension = Dimension { length: 2, ..PLAIN };
const DATA: Dimension = Dimension { data: 1, ..PLAIN };
const OPERATION: Dimension = Dimension {
    operation: 1,
    ..PLAIN
};
const POWER: Dimension = Dimension { power: 1, ..PLAIN };

/// Seconds in a month of 30.4375 days.
const SECONDS_PER_MONTH: f64 = 2_629_800.0;

/// Unit words: name, dimension, size in base units.
pub(super) const UNITS: &[(&str, Dimension, f64)] = &[
    ("wafer", WAFER, 1.0),
    ("wafers", WAFER, 1.0),
    ("WSPM", WAFERS_PER_MONTH, 1.0),
    ("kWSPM", WAFERS_PER_MONTH, 1e3),
    ("die", DIE, 1.0),
    ("dies", DIE, 1.0),
    ("stack", STACK, 1.0),
    ("stacks", STACK, 1.0),
    ("package", PACKAGE, 1.0),
    ("packages", PACKAGE, 1.0),
    ("unit", UNIT, 1.0),
    ("units", UNIT, 1.0),
    ("card", UNIT, 1.0),
    ("cards", UNIT, 1.0),
    ("$", MONEY, 1.0),
    ("USD", MONEY, 1.0),
    ("RMB", MONEY, 1.0 / 7.2),
    ("CNY", MONEY, 1.0 / 7.2),
    ("s", TIME, 1.0 / SECONDS_PER_MONTH),
    ("h", TIME, 3600.0 / SECONDS_PER_MONTH),
    ("day", TIME, 1.0 / 30.4375),
    ("days", TIME, 1.0 / 30.4375),
    ("week", TIME, 7.0 / 30.4375),
    ("weeks", TIME, 7.0 / 30.4375),
    ("month", TIME, 1.0),
    ("months", TIME, 1.0),
    ("quarter", TIME, 3.0),
    ("quarters", TIME, 3.0),
    ("year", TIME, 12.0),
    ("years", TIME, 12.0),
    ("mm", LENGTH, 1.0),
    ("um", LENGTH, 1e-3),
    ("nm", LENGTH, 1e-6),
    ("cm", LENGTH, 10.0),
    ("mm2", AREA, 1.0),
    ("cm2", AREA, 100.0),
    ("GB", DATA, 1.0),
    ("TB", DATA, 1e3),
    ("PB", DATA, 1e6),
    ("TFLOP", OPERATION, 1.0),
    ("PFLOP", OPERATION, 1e3),
    ("EFLOP", OPERATION, 1e6),
    ("FLOP", OPERATION, 1e-12),
    ("TOP", OPERATION, 1.0),
    ("POP", OPERATION, 1e3),
    ("W", POWER, 1.0),
    ("kW", POWER, 1e3),
    ("MW", POWER, 1e6),
    ("GW", POWER, 1e9),
    ("TPP", Dimension { tpp: 1, ..PLAIN }, 1.0),
    ("H100e", Dimension { h100e: 1, ..PLAIN }, 1.0),
    ("layer", PLAIN, 1.0),
    ("layers", PLAIN, 1.0),
];

/// The dimension and size of a unit word.
pub(super) fn unit(word: &str) -> Option<(Dimension, f64)> {
    UNITS
        .iter()
        .find(|(name, ..)| *name == word)
        .map(|&(_, dimension, scale)| (dimension, scale))
}
