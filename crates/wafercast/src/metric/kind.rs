//! What an expression is: a truth value or a number of some dimension. Dimensions of products, and of metrics.

use super::{Measure, Metric};
use crate::scenario::{DemandMetric, Part};
use crate::unit::Dimension;

/// What an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An expression with a problem already reported: agrees with everything.
    Unknown,
    /// True or false.
    Truth,
    /// A number.
    Number(Dimension),
    /// The literal `0`, which is zero of anything.
    Zero,
}

/// A dimensionless number.
pub(super) const PLAIN: Dimension = Dimension {
    wafer: 0,
    die: 0,
    stack: 0,
    package: 0,
    unit: 0,
    money: 0,
    time: 0,
    length: 0,
    data: 0,
    operation: 0,
    power: 0,
    tpp: 0,
    h100e: 0,
};

/// The exponents, each with the name of its base unit as the lexer reads it.
pub(super) fn exponents(dimension: Dimension) -> [(i8, &'static str); 13] {
    [
        (dimension.wafer, "wafers"),
        (dimension.die, "dies"),
        (dimension.stack, "stacks"),
        (dimension.package, "packages"),
        (dimension.unit, "units"),
        (dimension.money, "USD"),
        (dimension.time, "months"),
        (dimension.length, "mm"),
        (dimension.data, "GB"),
        (dimension.operation, "TOP"),
        (dimension.power, "W"),
        (dimension.tpp, "TPP"),
        (dimension.h100e, "H100e"),
    ]
}

/// The base unit of a dimension as text that follows a number: ` units`, ` wafers/month`, `/month`, nothing.
pub(super) fn base_unit(dimension: Dimension) -> String {
    let mut numerator = Vec::new();
    let mut denominator = String::new();
    for (exponent, name) in exponents(dimension) {
        for _ in 0..exponent.max(0) {
            numerator.push(name);
        }
        for _ in exponent.min(0)..0 {
            denominator.push('/');
            denominator.push_str(if name == "months" { "month" } else { name });
        }
    }
    let space = if numerator.is_empty() { "" } else { " " };
    format!("{space}{}{denominator}", numerator.join("*"))
}

/// A dimension in words for a message: `units`, `wafers/month`, `a plain number`.
pub(super) fn describe(dimension: Dimension) -> String {
    if dimension == PLAIN {
        return "a plain number".to_owned();
    }
    let text = base_unit(dimension);
    match text.strip_prefix(' ') {
        Some(text) => text.to_owned(),
        None => format!("1{text}"),
    }
}

/// `a · b^sign`; `None` where an exponent leaves its range.
pub(super) fn product(a: Dimension, b: Dimension, sign: i8) -> Option<Dimension> {
    let add = |a: i8, b: i8| a.checked_add(b.checked_mul(sign)?);
    Some(Dimension {
        wafer: add(a.wafer, b.wafer)?,
        die: add(a.die, b.die)?,
        stack: add(a.stack, b.stack)?,
        package: add(a.package, b.package)?,
        unit: add(a.unit, b.unit)?,
        money: add(a.money, b.money)?,
        time: add(a.time, b.time)?,
        length: add(a.length, b.length)?,
        data: add(a.data, b.data)?,
        operation: add(a.operation, b.operation)?,
        power: add(a.power, b.power)?,
        tpp: add(a.tpp, b.tpp)?,
        h100e: add(a.h100e, b.h100e)?,
    })
}

impl Metric {
    /// What it is measured in when summed over accelerators. Throughput is per time and memory is not; the number of
    /// accelerators a figure is summed over is not part of its dimension.
    pub fn dimension(self) -> Dimension {
        match self {
            Metric::Units => Dimension { unit: 1, ..PLAIN },
            Metric::H100e => Dimension { h100e: 1, ..PLAIN },
            Metric::Tpp => Dimension { tpp: 1, ..PLAIN },
            Metric::Value => Dimension { money: 1, ..PLAIN },
            Metric::Compute(_) => Dimension {
                operation: 1,
                time: -1,
                ..PLAIN
            },
            Metric::MemoryCapacity => Dimension { data: 1, ..PLAIN },
            Metric::MemoryBandwidth => Dimension {
                data: 1,
                time: -1,
                ..PLAIN
            },
            Metric::Power => Dimension { power: 1, ..PLAIN },
        }
    }
}

impl From<DemandMetric> for Metric {
    fn from(metric: DemandMetric) -> Self {
        match metric {
            DemandMetric::Units => Metric::Units,
            DemandMetric::H100e => Metric::H100e,
            DemandMetric::Tpp => Metric::Tpp,
            DemandMetric::Value => Metric::Value,
        }
    }
}

impl Measure {
    /// Its dimension. Counts of phases, events and launches, yields and shares are plain numbers.
    pub fn dimension(&self) -> Dimension {
        match self {
            Measure::Flow { metric, .. } | Measure::Installed { metric, .. } => metric.dimension(),
            Measure::Demand { metric, .. } => Metric::from(*metric).dimension(),
            Measure::Capacity { .. } => Dimension {
                wafer: 1,
                time: -1,
                ..PLAIN
            },
            Measure::WaferStarts { .. } => Dimension { wafer: 1, ..PLAIN },
            Measure::GoodDies { .. } => Dimension { die: 1, ..PLAIN },
            Measure::Arrivals { part, .. } | Measure::Stock { part, .. } => match part {
                Part::Die(_) => Dimension { die: 1, ..PLAIN },
                Part::Memory(_) => Dimension { stack: 1, ..PLAIN },
            },
            Measure::PackagingCapacity { .. } => Dimension {
                package: 1,
                time: -1,
                ..PLAIN
            },
            Measure::ShareOfPurchases { .. }
            | Measure::Coverage { .. }
            | Measure::Yield { .. }
            | Measure::Opened { .. }
            | Measure::Happened { .. }
            | Measure::Launched { .. } => PLAIN,
        }
    }

    /// The last month it looks at.
    pub fn last_month(&self) -> usize {
        match self {
            Measure::Flow { span, .. }
            | Measure::ShareOfPurchases { span, .. }
            | Measure::Coverage { span, .. }
            | Measure::Demand { span, .. }
            | Measure::WaferStarts { span, .. }
            | Measure::GoodDies { span, .. }
            | Measure::Arrivals { span, .. } => usize::try_from(span.end - 1).unwrap_or(0),
            Measure::Installed { month, .. }
            | Measure::Capacity { month, .. }
            | Measure::Stock { month, .. }
            | Measure::Yield { month, .. }
            | Measure::PackagingCapacity { month, .. }
            | Measure::Opened { month, .. }
            | Measure::Happened { month, .. }
            | Measure::Launched { month, .. } => *month,
        }
    }

    /// Whether it is true or false rather than a number.
    pub fn is_truth(&self) -> bool {
        matches!(self, Measure::Happened { .. } | Measure::Launched { .. })
    }

    pub(super) fn kind(&self) -> Kind {
        if self.is_truth() {
            Kind::Truth
        } else {
            Kind::Number(self.dimension())
        }
    }
}
