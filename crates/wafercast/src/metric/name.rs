//! Names, labels and units of metrics, as expressions, series and screens use them.

use std::fmt;

use super::resolve::name_of_set;
use super::{Basis, Depth, Measure, Metric, Set};
use crate::scenario::{DemandMetric, NumberFormat, Part, Scenario};
use crate::unit::{HOURS_PER_MONTH, SECONDS_PER_MONTH};

impl Metric {
    /// The metrics of the language, but for compute in a format and workloads.
    pub const COUNTED: [Metric; 7] = [
        Metric::Units,
        Metric::H100e,
        Metric::Tpp,
        Metric::Value,
        Metric::MemoryCapacity,
        Metric::MemoryBandwidth,
        Metric::Power,
    ];
}

impl DemandMetric {
    /// All metrics that demand is counted in.
    pub const ALL: [DemandMetric; 4] = [
        DemandMetric::Units,
        DemandMetric::H100e,
        DemandMetric::Tpp,
        DemandMetric::Value,
    ];
}

impl Depth {
    /// All depths, shallowest first.
    pub const ALL: [Depth; 3] = [Depth::Designed, Depth::Fabricated, Depth::Fully];

    /// `designed`, `fabricated`, `fully`: in expressions and in series.
    pub fn name(self) -> &'static str {
        match self {
            Depth::Designed => "designed",
            Depth::Fabricated => "fabricated",
            Depth::Fully => "fully",
        }
    }
}

impl fmt::Display for Depth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Basis {
    /// Both.
    pub const ALL: [Basis; 2] = [Basis::Rented, Basis::Owned];

    /// `rented`, `owned`: in expressions and in series.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Rented => "rented",
            Basis::Owned => "owned",
        }
    }
}

impl NumberFormat {
    /// `bf16`, `fp8` …: in expressions, specs and series.
    pub fn name(self) -> &'static str {
        match self {
            NumberFormat::Fp32 => "fp32",
            NumberFormat::Tf32 => "tf32",
            NumberFormat::Bf16 => "bf16",
            NumberFormat::Fp16 => "fp16",
            NumberFormat::Fp8 => "fp8",
            NumberFormat::Int8 => "int8",
            NumberFormat::Fp4 => "fp4",
        }
    }
}

impl Metric {
    /// In expressions and in series: `units`, `h100e`, … and the format's name (`bf16`) for compute.
    pub fn name(self) -> &'static str {
        match self {
            Metric::Units => "units",
            Metric::H100e => "h100e",
            Metric::Tpp => "tpp",
            Metric::Value => "value",
            Metric::Compute(format) => format.name(),
            Metric::MemoryCapacity => "memory_capacity",
            Metric::MemoryBandwidth => "memory_bandwidth",
            Metric::Power => "power",
            Metric::Tokens(_) => "usable_compute",
            Metric::Keep(basis) => basis.name(),
        }
    }

    /// On screens and in charts.
    pub fn label(self) -> &'static str {
        match self {
            Metric::Units => "accelerators",
            Metric::H100e => "H100e",
            Metric::Tpp => "TPP",
            Metric::Value => "value",
            Metric::Compute(NumberFormat::Fp32) => "FP32 compute",
            Metric::Compute(NumberFormat::Tf32) => "TF32 compute",
            Metric::Compute(NumberFormat::Bf16) => "BF16 compute",
            Metric::Compute(NumberFormat::Fp16) => "FP16 compute",
            Metric::Compute(NumberFormat::Fp8) => "FP8 compute",
            Metric::Compute(NumberFormat::Int8) => "INT8 compute",
            Metric::Compute(NumberFormat::Fp4) => "FP4 compute",
            Metric::MemoryCapacity => "memory capacity",
            Metric::MemoryBandwidth => "memory bandwidth",
            Metric::Power => "power",
            Metric::Tokens(_) => "usable compute",
            Metric::Keep(Basis::Rented) => "rent",
            Metric::Keep(Basis::Owned) => "cost of owning",
        }
    }

    /// The unit of its series, and what one of this unit is in base units (divide by it to show a value).
    pub fn unit(self) -> (&'static str, f64) {
        match self {
            Metric::Units => ("units", 1.0),
            Metric::H100e => ("H100e", 1.0),
            Metric::Tpp => ("TPP", 1.0),
            Metric::Value => ("USD", 1.0),
            Metric::Compute(NumberFormat::Int8) => ("TOP/s", SECONDS_PER_MONTH),
            Metric::Compute(_) => ("TFLOP/s", SECONDS_PER_MONTH),
            Metric::MemoryCapacity => ("GB", 1.0),
            Metric::MemoryBandwidth => ("GB/s", SECONDS_PER_MONTH),
            Metric::Power => ("W", 1.0),
            Metric::Tokens(_) => ("tokens/s", SECONDS_PER_MONTH),
            Metric::Keep(_) => ("USD/h", HOURS_PER_MONTH),
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl DemandMetric {
    /// `units`, `h100e`, `tpp`, `value`
    pub fn name(self) -> &'static str {
        Metric::from(self).name()
    }
}

impl Set {
    /// The shortest text that means this set, as in `Series::of`: `home`, `designer:Huawei`, `import:h20`.
    pub fn name(&self, scenario: &Scenario) -> String {
        name_of_set(scenario, self)
    }
}

impl Measure {
    /// The unit it is shown in, and what one of this unit is in base units.
    pub fn unit(&self) -> (&'static str, f64) {
        match self {
            Measure::Flow { metric, .. } | Measure::Installed { metric, .. } => metric.unit(),
            Measure::Demand { metric, .. } => Metric::from(*metric).unit(),
            Measure::ShareOfPurchases { .. }
            | Measure::Coverage { .. }
            | Measure::Served { .. }
            | Measure::Yield { .. } => ("fraction", 1.0),
            Measure::Load { .. } => ("tokens/s", SECONDS_PER_MONTH),
            Measure::ChipsNeeded { .. } => ("units", 1.0),
            Measure::Cost { .. } => ("USD/Mtokens", 1e-6),
            Measure::Rent { .. } => ("USD/h", HOURS_PER_MONTH),
            Measure::Capacity { .. } => ("wafers/month", 1.0),
            Measure::WaferStarts { .. } => ("wafers", 1.0),
            Measure::GoodDies { .. } => ("dies", 1.0),
            Measure::Arrivals { part, .. } | Measure::Stock { part, .. } => match part {
                Part::Die(_) => ("dies", 1.0),
                Part::Memory(_) => ("stacks", 1.0),
            },
            Measure::PackagingCapacity { .. } => ("packages/month", 1.0),
            Measure::Opened { .. } => ("phases", 1.0),
            Measure::Happened { .. } | Measure::Launched { .. } => ("", 1.0),
        }
    }
}
