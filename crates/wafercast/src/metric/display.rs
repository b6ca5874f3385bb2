//! Names and units of metrics, and the canonical text of an expression.

use std::fmt;

use super::parser::{BINDING_MINUS, BINDING_NOT, binding};
use super::resolve::{name_of_lines, name_of_set, quoted, span_text};
use super::{BinaryOperator, Depth, Expression, Function, Measure, Metric, Set, UnaryOperator};
use crate::scenario::{DemandMetric, DieId, NumberFormat, Part, Scenario};
use crate::unit::{Dimension, SECONDS_PER_MONTH};

pub(super) const DEPTHS: [(&str, Depth); 3] = [
    ("designed", Depth::Designed),
    ("fabricated", Depth::Fabricated),
    ("fully", Depth::Fully),
];

pub(super) const FORMATS: [(&str, NumberFormat); 7] = [
    ("fp32", NumberFormat::Fp32),
    ("tf32", NumberFormat::Tf32),
    ("bf16", NumberFormat::Bf16),
    ("fp16", NumberFormat::Fp16),
    ("fp8", NumberFormat::Fp8),
    ("int8", NumberFormat::Int8),
    ("fp4", NumberFormat::Fp4),
];

pub(super) const METRIC_NAMES: [(&str, Metric); 7] = [
    ("units", Metric::Units),
    ("h100e", Metric::H100e),
    ("tpp", Metric::Tpp),
    ("value", Metric::Value),
    ("memory_capacity", Metric::MemoryCapacity),
    ("memory_bandwidth", Metric::MemoryBandwidth),
    ("power", Metric::Power),
];

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
            Measure::ShareOfPurchases { .. } | Measure::Coverage { .. } | Measure::Yield { .. } => {
                ("fraction", 1.0)
            }
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

    /// Its canonical text.
    pub fn display<'a>(&'a self, scenario: &'a Scenario) -> DisplayIn<'a> {
        DisplayIn {
            scenario,
            what: What::Measure(self),
        }
    }
}

impl Expression {
    /// Its canonical text, which reads back to the same expression: names in full, numbers in base units, and no
    /// parentheses but those needed.
    pub fn display<'a>(&'a self, scenario: &'a Scenario) -> DisplayIn<'a> {
        DisplayIn {
            scenario,
            what: What::Expression(self),
        }
    }
}

/// An expression or a measure with the scenario that gives its ids their names.
pub struct DisplayIn<'a> {
    scenario: &'a Scenario,
    what: What<'a>,
}

enum What<'a> {
    Expression(&'a Expression),
    Measure(&'a Measure),
}

impl fmt::Display for DisplayIn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.what {
            What::Expression(expression) => write_expression(f, self.scenario, expression, 0),
            What::Measure(measure) => write_measure(f, self.scenario, measure),
        }
    }
}

fn symbol(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Add => "+",
        BinaryOperator::Subtract => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::AtLeast => ">=",
        BinaryOperator::Above => ">",
        BinaryOperator::AtMost => "<=",
        BinaryOperator::Below => "<",
        BinaryOperator::And => "and",
        BinaryOperator::Or => "or",
    }
}

fn function_name(function: Function) -> &'static str {
    match function {
        Function::Min => "min",
        Function::Max => "max",
        Function::Abs => "abs",
        Function::If => "if",
    }
}

/// How tightly an expression holds together: anything that binds less than `least` is put in parentheses.
fn own_binding(expression: &Expression) -> u8 {
    match expression {
        Expression::Unary(UnaryOperator::Not, _) => BINDING_NOT,
        Expression::Unary(UnaryOperator::Negate, _) => BINDING_MINUS,
        Expression::Binary(operator, ..) => binding(*operator),
        Expression::Number(..) | Expression::Measure(_) | Expression::Call(..) => u8::MAX,
    }
}

fn write_expression(
    f: &mut fmt::Formatter<'_>,
    scenario: &Scenario,
    expression: &Expression,
    least: u8,
) -> fmt::Result {
    if own_binding(expression) < least {
        f.write_str("(")?;
        write_expression(f, scenario, expression, 0)?;
        return f.write_str(")");
    }
    match expression {
        Expression::Number(value, dimension) => write_number(f, *value, *dimension),
        Expression::Measure(measure) => write_measure(f, scenario, measure),
        Expression::Unary(UnaryOperator::Not, operand) => {
            f.write_str("not ")?;
            write_expression(f, scenario, operand, BINDING_NOT)
        }
        Expression::Unary(UnaryOperator::Negate, operand) => {
            f.write_str("-")?;
            write_expression(f, scenario, operand, BINDING_MINUS)
        }
        Expression::Binary(operator, left, right) => {
            write_expression(f, scenario, left, binding(*operator))?;
            write!(f, " {} ", symbol(*operator))?;
            write_expression(f, scenario, right, binding(*operator) + 1)
        }
        Expression::Call(function, arguments) => {
            write!(f, "{}(", function_name(*function))?;
            for (index, argument) in arguments.iter().enumerate() {
                if index > 0 {
                    f.write_str(", ")?;
                }
                write_expression(f, scenario, argument, 0)?;
            }
            f.write_str(")")
        }
    }
}

/// `$6`, `2000000 units`, `3/month`, `1.5`: in base units.
fn write_number(f: &mut fmt::Formatter<'_>, value: f64, dimension: Dimension) -> fmt::Result {
    if dimension == Dimension::MONEY {
        return write!(f, "${}", Decimal(value));
    }
    let unit = dimension.base_symbol();
    match unit.strip_prefix("1/") {
        Some(below) => write!(f, "{}/{below}", Decimal(value)),
        None if unit.is_empty() => write!(f, "{}", Decimal(value)),
        None => write!(f, "{} {unit}", Decimal(value)),
    }
}

/// The shortest decimal that reads back to the same number.
struct Decimal(f64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 != 0.0 && !(1e-4..1e15).contains(&self.0.abs()) {
            write!(f, "{:e}", self.0)
        } else {
            write!(f, "{}", self.0)
        }
    }
}

fn write_measure(
    f: &mut fmt::Formatter<'_>,
    scenario: &Scenario,
    measure: &Measure,
) -> fmt::Result {
    let span = |span| span_text(&scenario.horizon, span);
    let month = |month: usize| scenario.horizon.month_label(month);
    let set = |set| name_of_set(scenario, set);
    let lines = |fabs| name_of_lines(scenario, fabs);
    match measure {
        Measure::Flow {
            metric,
            set: of,
            depth,
            span: when,
        } => {
            match metric {
                Metric::Compute(format) => {
                    write!(f, "compute({}, {}, {}", set(of), format.name(), span(*when))?
                }
                _ => write!(f, "{metric}({}, {}", set(of), span(*when))?,
            }
            if *depth != Depth::Designed {
                write!(f, ", {depth}")?;
            }
            f.write_str(")")
        }
        Measure::Installed {
            metric,
            set: of,
            month: when,
        } => {
            write!(f, "installed({metric}, {}, {})", set(of), month(*when))
        }
        Measure::ShareOfPurchases {
            metric,
            depth,
            span: when,
        } => {
            write!(f, "share_of_purchases({metric}, {depth}, {})", span(*when))
        }
        Measure::Coverage {
            metric,
            depth,
            span: when,
        } => {
            write!(f, "coverage({}, {depth}, {})", metric.name(), span(*when))
        }
        Measure::Demand { metric, span: when } => {
            write!(f, "demand({}, {})", metric.name(), span(*when))
        }
        Measure::Capacity { fabs, month: when } => {
            write!(f, "capacity({}, {})", lines(fabs), month(*when))
        }
        Measure::WaferStarts { fabs, span: when } => {
            write!(f, "wafer_starts({}, {})", lines(fabs), span(*when))
        }
        Measure::GoodDies { die, span: when } => {
            write!(
                f,
                "good_dies({}, {})",
                part_name(scenario, Part::Die(*die)),
                span(*when)
            )
        }
        Measure::Arrivals { part, span: when } => {
            write!(
                f,
                "arrivals({}, {})",
                part_name(scenario, *part),
                span(*when)
            )
        }
        Measure::Stock { part, month: when } => {
            write!(f, "stock({}, {})", part_name(scenario, *part), month(*when))
        }
        Measure::Yield {
            die: DieId(die),
            month: when,
        } => {
            write!(
                f,
                "yield({}, {})",
                part_name(scenario, Part::Die(DieId(*die))),
                month(*when)
            )
        }
        Measure::PackagingCapacity {
            technology,
            month: when,
        } => {
            let name = scenario
                .technologies
                .get(technology.0)
                .map_or("", String::as_str);
            write!(f, "packaging_capacity({}, {})", quoted(name), month(*when))
        }
        Measure::Opened {
            phases,
            month: when,
        } => write!(
            f,
            "opened({}, {})",
            phases_name(scenario, phases),
            month(*when)
        ),
        Measure::Happened { event, month: when } => {
            let id = scenario
                .events
                .get(event.0)
                .map_or("", |event| event.id.as_str());
            write!(
                f,
                "happened({}, {})",
                quoted(&format!("event:{id}")),
                month(*when)
            )
        }
        Measure::Launched {
            accelerator,
            month: when,
        } => {
            let id = scenario
                .accelerators
                .get(accelerator.0)
                .map_or("", |chip| chip.id.as_str());
            write!(
                f,
                "launched({}, {})",
                quoted(&format!("accelerator:{id}")),
                month(*when)
            )
        }
    }
}

/// `die:ascend-910b`, `memory:hbm2e`
fn part_name(scenario: &Scenario, part: Part) -> String {
    quoted(&match part {
        Part::Die(id) => format!(
            "die:{}",
            scenario.dies.get(id.0).map_or("", |die| die.id.as_str())
        ),
        Part::Memory(id) => format!(
            "memory:{}",
            scenario
                .memories
                .get(id.0)
                .map_or("", |memory| memory.id.as_str())
        ),
    })
}

/// The line or lines whose phases these are, or the one phase.
fn phases_name(scenario: &Scenario, phases: &[(crate::scenario::FabId, usize)]) -> String {
    let mut fabs: Vec<_> = phases.iter().map(|(fab, _)| *fab).collect();
    fabs.dedup();
    match (fabs.as_slice(), phases) {
        ([fab], [(_, index)])
            if scenario
                .fabs
                .get(fab.0)
                .is_some_and(|fab| fab.phases.len() != 1) =>
        {
            let id = scenario.fabs.get(fab.0).map_or("", |fab| fab.id.as_str());
            let line = quoted(&format!("fab:{id}"));
            match line.strip_suffix(['"', '\'']) {
                // The quotes go around the whole path.
                Some(open) => format!("{open}.phase[{index}]{}", &line[line.len() - 1..]),
                None => format!("{line}.phase[{index}]"),
            }
        }
        _ => name_of_lines(scenario, &fabs),
    }
}
