//! What an expression is: a truth value or a number of some dimension. Dimensions of metrics.

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
    /// True or false, and as a number 1 or 0: `happened(…)`, `launched(…)`.
    Flag,
    /// A number.
    Number(Dimension),
    /// The literal `0`, which is zero of anything.
    Zero,
}

impl Kind {
    /// Whether it can be a condition or a claim.
    pub(super) fn is_truth(self) -> bool {
        matches!(self, Kind::Truth | Kind::Flag)
    }

    /// A flag among numbers is a number.
    pub(super) fn among_numbers(self) -> Kind {
        if self == Kind::Flag {
            Kind::Number(Dimension::NONE)
        } else {
            self
        }
    }
}

impl Metric {
    /// What it is measured in when summed over accelerators. Throughput is per time and memory is not; the number of
    /// accelerators a figure is summed over is not part of its dimension.
    pub fn dimension(self) -> Dimension {
        match self {
            Metric::Units => Dimension::UNIT,
            Metric::H100e => Dimension::H100E,
            Metric::Tpp => Dimension::TPP,
            Metric::Value => Dimension::MONEY,
            Metric::Compute(_) => Dimension::THROUGHPUT,
            Metric::MemoryCapacity => Dimension::DATA,
            Metric::MemoryBandwidth => Dimension::BANDWIDTH,
            Metric::Power => Dimension::POWER,
            Metric::Tokens(_) => Dimension::TOKEN_RATE,
            Metric::Keep(_) => Dimension::MONEY_RATE,
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
            Measure::Load { .. } => Dimension::TOKEN_RATE,
            Measure::ChipsNeeded { .. } => Dimension::UNIT,
            Measure::Cost { .. } => Dimension::MONEY_PER_TOKEN,
            Measure::Rent { .. } => Dimension::MONEY_RATE,
            Measure::Capacity { .. } => Dimension::WAFERS_PER_MONTH,
            Measure::WaferStarts { .. } => Dimension::WAFER,
            Measure::GoodDies { .. } => Dimension::DIE,
            Measure::Arrivals { part, .. } | Measure::Stock { part, .. } => match part {
                Part::Die(_) => Dimension::DIE,
                Part::Memory(_) => Dimension::STACK,
            },
            Measure::PackagingCapacity { .. } => Dimension::PACKAGES_PER_MONTH,
            Measure::ShareOfPurchases { .. }
            | Measure::Coverage { .. }
            | Measure::Served { .. }
            | Measure::Yield { .. }
            | Measure::Opened { .. }
            | Measure::Happened { .. }
            | Measure::Launched { .. } => Dimension::NONE,
        }
    }

    /// The last month it looks at.
    pub fn last_month(&self) -> usize {
        match self {
            Measure::Flow { span, .. }
            | Measure::ShareOfPurchases { span, .. }
            | Measure::Coverage { span, .. }
            | Measure::Demand { span, .. }
            | Measure::Load { span, .. }
            | Measure::Cost { span, .. }
            | Measure::WaferStarts { span, .. }
            | Measure::GoodDies { span, .. }
            | Measure::Arrivals { span, .. } => usize::try_from(span.end - 1).unwrap_or(0),
            Measure::Installed { month, .. }
            | Measure::ChipsNeeded { month, .. }
            | Measure::Served { month, .. }
            | Measure::Rent { month, .. }
            | Measure::Capacity { month, .. }
            | Measure::Stock { month, .. }
            | Measure::Yield { month, .. }
            | Measure::PackagingCapacity { month, .. }
            | Measure::Opened { month, .. }
            | Measure::Happened { month, .. }
            | Measure::Launched { month, .. } => *month,
        }
    }

    /// Whether it is true or false; as a number 1 or 0.
    pub fn is_truth(&self) -> bool {
        matches!(self, Measure::Happened { .. } | Measure::Launched { .. })
    }

    pub(super) fn kind(&self) -> Kind {
        if self.is_truth() {
            Kind::Flag
        } else {
            Kind::Number(self.dimension())
        }
    }
}
