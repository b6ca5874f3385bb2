//! Units and dimensions. Wafer, die, stack, package, accelerator unit and money are dimensions of their own,
//! so that a die count can never be added to a wafer count.

use std::fmt;

/// Exponents over the base dimensions. Base units: wafer, die, stack, package, (accelerator) unit, US dollar,
/// month, millimetre, gigabyte, tera-operation (TFLOP = TOP), watt, TPP, H100e.
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
