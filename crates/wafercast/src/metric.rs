//! Metric expressions: the language of claims and evidence, and the metrics themselves (model §7).
//!
//! Text is parsed and checked against a scenario into an [`Expression`] without names; evaluating it never fails.
//!
//! | file | does |
//! |---|---|
//! | `lexer` | characters to tokens; numbers with their units; the raw arguments of a metric |
//! | `parser` | tokens to a typed tree (a Pratt parser), all problems collected |
//! | `resolve` | `units(home - designer:Huawei, 2027-Q3)` to a [`Measure`] of ids and months |
//! | `kind` | dimensions and truth values |
//! | `evaluate` | the tree over a group of draws at once |
//! | `display` | the canonical text |
//! | `name` | names, labels and units, for series and screens |

mod display;
mod error;
mod evaluate;
mod kind;
mod lexer;
mod name;
mod parser;
mod resolve;
#[cfg(test)]
mod tests;

pub use display::DisplayIn;
pub use error::{
    ARGUMENT_COUNT, DIMENSION_MISMATCH, EMPTY_SET, ExpressionError, INVALID_ARGUMENT,
    INVALID_PERIOD, SYNTAX, TOO_LARGE, TRUTH_EXPECTED, UNKNOWN_FUNCTION, UNKNOWN_NAME,
};
pub use evaluate::{LANES, Measures, RELATIVE_TOLERANCE, evaluate};
pub use parser::{MAX_DEPTH, MAX_LENGTH, MAX_NODES, Typed, parse};

use crate::scenario::{
    AcceleratorId, DemandMetric, DieId, EventId, FabId, ImportId, NumberFormat, Part, TechnologyId,
    WorkloadId,
};
use crate::time::MonthSpan;
use crate::unit::Dimension;

/// A checked expression. Truth is 1 and 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A number in base units, and what it measures.
    Number(f64, Dimension),
    /// A metric.
    Measure(Measure),
    /// Minus or not.
    Unary(UnaryOperator, Box<Expression>),
    /// Arithmetic, comparison, and/or.
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    /// `min`, `max`, `abs`, `if`.
    Call(Function, Vec<Expression>),
}

/// `-x`, `not x`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    /// Minus.
    Negate,
    /// Logical not.
    Not,
}

/// Binary operators, loosest last: `* /`, `+ -`, comparisons, `and`, `or`. Division by zero gives 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`, 0 where the divisor is 0
    Divide,
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
    /// `and`
    And,
    /// `or`
    Or,
}

/// Functions of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// Smallest of two or more.
    Min,
    /// Largest of two or more.
    Max,
    /// Absolute value.
    Abs,
    /// `if(condition, then, else)`
    If,
}

/// How much of it must come from home (model §6, §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// Designed at home: all units of the accelerator.
    Designed,
    /// The share whose logic dies are of home origin.
    Fabricated,
    /// The share whose dies, stacks and packaging are of home origin.
    Fully,
}

/// What accelerators are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// Accelerators.
    Units,
    /// H100 equivalents: dense BF16 (else FP16) over 989.4 TFLOP/s.
    H100e,
    /// TPP: the largest of dense TOPS × bit length over the native formats.
    Tpp,
    /// Money at the spec's price, US dollars.
    Value,
    /// Dense throughput in a format, native, or with its fallback (FP8 and INT8 and FP4 fall back to BF16, BF16 to FP16 and back).
    Compute(NumberFormat),
    /// Memory capacity.
    MemoryCapacity,
    /// Memory bandwidth.
    MemoryBandwidth,
    /// Power (TDP).
    Power,
    /// Tokens per time of a workload.
    Tokens(WorkloadId),
    /// What it costs to have it, US dollars per time.
    Keep(Basis),
}

/// How a chip is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// At its rent.
    Rented,
    /// At its price, with capital, running cost and electricity.
    Owned,
}

/// A set of accelerators and imports, resolved. Both in ascending order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Set {
    /// Accelerators built in the scenario.
    pub accelerators: Vec<AcceleratorId>,
    /// Imports.
    pub imports: Vec<ImportId>,
}

/// A metric of the scenario, with everything resolved. Spans lie inside the horizon and are not empty.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// Σ over the span of a metric of a set's deliveries. With a depth below `Designed` imports count nothing.
    Flow {
        /// What is counted.
        metric: Metric,
        /// Of what.
        set: Set,
        /// How much from home.
        depth: Depth,
        /// When.
        span: MonthSpan,
    },
    /// The same of units in service at the end of a month (units retired after their lifetime).
    Installed {
        /// What is counted.
        metric: Metric,
        /// Of what.
        set: Set,
        /// Month.
        month: usize,
    },
    /// home / (home + imports) over the span.
    ShareOfPurchases {
        /// What is counted.
        metric: Metric,
        /// How much from home.
        depth: Depth,
        /// When.
        span: MonthSpan,
    },
    /// home / unconstrained demand over the span, capped at 1. Demand in other metrics is not converted: only demands
    /// counted in this metric are summed.
    Coverage {
        /// What is counted.
        metric: DemandMetric,
        /// How much from home.
        depth: Depth,
        /// When.
        span: MonthSpan,
    },
    /// Σ of the demands counted in a metric.
    Demand {
        /// What is counted.
        metric: DemandMetric,
        /// When.
        span: MonthSpan,
    },
    /// What is wanted of a workload per time, on average over the span.
    Load {
        /// The workload.
        workload: WorkloadId,
        /// When.
        span: MonthSpan,
    },
    /// Chips that would do what is wanted of a workload in a month, at its utilisation.
    ChipsNeeded {
        /// The chip: one accelerator or import.
        chip: Set,
        /// The workload.
        workload: WorkloadId,
        /// Month.
        month: usize,
    },
    /// Share of what is wanted of a workload in a month that the units of a set in service can do, at most 1.
    Served {
        /// Of what.
        set: Set,
        /// The workload.
        workload: WorkloadId,
        /// Month.
        month: usize,
    },
    /// Rent of a unit in a month.
    Rent {
        /// The chip: one accelerator or import, whose rent is known.
        chip: Set,
        /// Month.
        month: usize,
    },
    /// What a token costs on the deliveries of a set over the span, at the utilisation of the workload.
    Cost {
        /// How the chips are paid for.
        basis: Basis,
        /// Chips of which rate and cost are known.
        set: Set,
        /// The workload.
        workload: WorkloadId,
        /// When.
        span: MonthSpan,
    },
    /// Installed capacity K of lines at the middle of a month, wafers/month.
    Capacity {
        /// Lines.
        fabs: Vec<FabId>,
        /// Month.
        month: usize,
    },
    /// Wafer starts for accelerators over the span.
    WaferStarts {
        /// Lines.
        fabs: Vec<FabId>,
        /// When.
        span: MonthSpan,
    },
    /// Good dies out of the home lines over the span.
    GoodDies {
        /// The die.
        die: DieId,
        /// When.
        span: MonthSpan,
    },
    /// Parts arriving (lines and deliveries) over the span.
    Arrivals {
        /// The part.
        part: Part,
        /// When.
        span: MonthSpan,
    },
    /// Stock of a part, all origins, at the end of a month.
    Stock {
        /// The part.
        part: Part,
        /// Month.
        month: usize,
    },
    /// Die yield (line yield included) for wafers leaving in a month.
    Yield {
        /// The die.
        die: DieId,
        /// Month.
        month: usize,
    },
    /// Packaging capacity in the month, packages/month of the first BOM that uses the technology.
    PackagingCapacity {
        /// Technology.
        technology: TechnologyId,
        /// Month.
        month: usize,
    },
    /// Number (0 or 1 each) of phases that happen and whose (slipped) start is not after the end of a month.
    Opened {
        /// Line and phase index.
        phases: Vec<(FabId, usize)>,
        /// Month.
        month: usize,
    },
    /// 1 if the event happens, with its (slipped) date not after the end of a month.
    Happened {
        /// The event.
        event: EventId,
        /// Month.
        month: usize,
    },
    /// 1 if the accelerator is launched, with its (slipped) launch not after the end of a month.
    Launched {
        /// The accelerator.
        accelerator: AcceleratorId,
        /// Month.
        month: usize,
    },
}
