//! Units and dimensions. Wafer, die, stack, package, accelerator unit and money are dimensions of their own,
//! so that a die count can never be added to a wafer count.

mod dimension;
mod scan;
mod table;

use std::fmt;
use std::ops::Range;

use crate::diagnostic::Code;

pub use scan::{Scanned, scan};

/// Seconds in a month of 30.4375 days (a twelfth of 365.25 days), the base unit of time.
pub const SECONDS_PER_MONTH: f64 = 2_629_800.0;
/// Hours in a month.
pub const HOURS_PER_MONTH: f64 = 730.5;
/// Days in a month.
pub const DAYS_PER_MONTH: f64 = 30.4375;
/// Dense BF16 throughput of one H100 SXM in TFLOP/s (NVIDIA's data sheet, without sparsity): what 1 `H100e` stands for.
pub const H100_TFLOP_PER_SECOND: f64 = 989.4;
/// The same in base units, tera-operations per month.
pub const H100_THROUGHPUT: f64 = H100_TFLOP_PER_SECOND * SECONDS_PER_MONTH;
/// Yuan per US dollar. One fixed rate, about the mean of 2024–2026, so that no result hangs on a day's rate.
pub const RMB_PER_USD: f64 = 7.2;

/// Exponents over the base dimensions. Base units: wafer, die, stack, package, (accelerator) unit, US dollar,
/// month, millimetre, gigabyte, tera-operation (TFLOP = TOP), watt, TPP, H100e, token of a language model.
///
/// A fraction, a count of mask layers and a number of cores are dimensionless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Dimension {
    /// Wafers.
    pub wafer: i8,
    /// Dies.
    pub die: i8,
    /// HBM stacks.
    pub stack: i8,
    /// Packages.
    pub package: i8,
    /// Accelerators (cards, sockets: whatever the scenario counts as one).
    pub unit: i8,
    /// US dollars.
    pub money: i8,
    /// Months.
    pub time: i8,
    /// Millimetres.
    pub length: i8,
    /// Gigabytes.
    pub data: i8,
    /// Tera-operations, floating or integer.
    pub operation: i8,
    /// Watts.
    pub power: i8,
    /// Total processing performance (dense TOPS × bit length).
    pub tpp: i8,
    /// H100 equivalents (989.4 dense BF16 TFLOP/s each).
    pub h100e: i8,
    /// Tokens of a language model.
    pub token: i8,
}

/// A unit as written: its dimension and its size in base units.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// What it measures.
    pub dimension: Dimension,
    /// One of this unit in base units.
    pub scale: f64,
    /// How it is written, e.g. `kWSPM`.
    pub symbol: String,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.symbol)
    }
}

/// Every named unit, with all its names (many, one, other spellings), for the reference.
pub fn named_units() -> impl Iterator<Item = (&'static [&'static str], Unit)> {
    table::NAMED.iter().map(|named| {
        let unit = Unit {
            dimension: named.dimension,
            scale: named.numerator / named.denominator,
            symbol: named.names.first().copied().unwrap_or_default().to_owned(),
        };
        (named.names, unit)
    })
}

/// Why a text is not a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitError {
    /// Bytes of the text that are at fault.
    pub range: Range<usize>,
    /// `WF0201` unknown unit, `WF0205` exponent out of range.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// What to type.
    pub help: Option<String>,
}

impl Unit {
    /// The unit of plain numbers; its symbol is empty.
    pub fn one() -> Unit {
        Unit {
            dimension: Dimension::NONE,
            scale: 1.0,
            symbol: String::new(),
        }
    }

    /// Reads a unit: names joined by `*` and `/`, with powers (`cm2`, `cm^-2`), and at most one magnitude `k`, `M`, `B`
    /// (`G`), `T` in front (`k packages/month`, `$ B/month`). `1/cm2` and `/cm2` are the same.
    ///
    /// # Errors
    /// The first part that is no unit, with the nearest unit that is one.
    pub fn parse(text: &str) -> Result<Unit, UnitError> {
        match scan(text, 0)? {
            Some(scanned) if text[scanned.range.end..].trim().is_empty() => Ok(scanned.unit),
            Some(scanned) => {
                let rest = text[scanned.range.end..].trim_start();
                Err(UnitError {
                    range: text.len() - rest.len()..text.len(),
                    code: Code("WF0201"),
                    message: format!(
                        "`{}` after the unit `{}` is not understood",
                        rest.trim_end(),
                        scanned.unit
                    ),
                    help: Some("join units with `*` or `/`, as in `units/month`".into()),
                })
            }
            None if text.trim() == "1" => Ok(Unit::one()),
            None => Err(UnitError {
                range: 0..text.len(),
                code: Code("WF0201"),
                message: format!("`{}` is not a unit", text.trim()),
                help: Some("write a unit such as `kWSPM`, `mm2` or `units/month`".into()),
            }),
        }
    }

    /// `value` of this unit in base units. Units smaller than their base divide by the inverse, which is as a rule a
    /// whole number: so `35 %` is the number 0.35 to the last bit.
    pub fn to_base(&self, value: f64) -> f64 {
        if self.scale < 1.0 {
            value / (1.0 / self.scale)
        } else {
            value * self.scale
        }
    }

    /// A value in base units, in this unit.
    pub fn from_base(&self, value: f64) -> f64 {
        if self.scale < 1.0 {
            value * (1.0 / self.scale)
        } else {
            value / self.scale
        }
    }
}

#[cfg(test)]
mod tests;
