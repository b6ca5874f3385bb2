//! The canonical text of an expression.

use std::fmt;

use super::parser::{BINDING_MINUS, BINDING_NOT, binding};
use super::resolve::{name_of_lines, name_of_set, quoted, span_text};
use super::{BinaryOperator, Depth, Expression, Function, Measure, Metric, Set, UnaryOperator};
use crate::scenario::{FabId, Part, Scenario, WorkloadId};
use crate::time::MonthSpan;
use crate::unit::Dimension;

impl Measure {
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

/// The name of a measure and its arguments.
fn call(scenario: &Scenario, measure: &Measure) -> (&'static str, Vec<String>) {
    let span = |span: &MonthSpan| span_text(&scenario.horizon, *span);
    let end = |month: &usize| scenario.horizon.month_label(*month);
    let set = |set: &Set| name_of_set(scenario, set);
    let lines = |fabs: &[FabId]| name_of_lines(scenario, fabs);
    let name = |name: &str| name.to_owned();
    match measure {
        Measure::Flow {
            metric,
            set: of,
            depth,
            span: when,
        } => {
            let (function, mut arguments) = match metric {
                Metric::Compute(format) => {
                    ("compute", vec![set(of), name(format.name()), span(when)])
                }
                Metric::Tokens(id) => (
                    metric.name(),
                    vec![set(of), workload_name(scenario, *id), span(when)],
                ),
                _ => (metric.name(), vec![set(of), span(when)]),
            };
            if *depth != Depth::Designed {
                arguments.push(name(depth.name()));
            }
            (function, arguments)
        }
        Measure::Installed {
            metric,
            set: of,
            month,
        } => (
            "installed",
            vec![metric_name(scenario, *metric), set(of), end(month)],
        ),
        Measure::ShareOfPurchases {
            metric,
            depth,
            span: when,
        } => (
            "share_of_purchases",
            vec![
                metric_name(scenario, *metric),
                name(depth.name()),
                span(when),
            ],
        ),
        Measure::Coverage {
            metric,
            depth,
            span: when,
        } => (
            "coverage",
            vec![name(metric.name()), name(depth.name()), span(when)],
        ),
        Measure::Demand { metric, span: when } => ("demand", vec![name(metric.name()), span(when)]),
        Measure::Load {
            workload,
            span: when,
        } => ("load", vec![workload_name(scenario, *workload), span(when)]),
        Measure::ChipsNeeded {
            chip,
            workload,
            month,
        } => (
            "chips_needed",
            vec![set(chip), workload_name(scenario, *workload), end(month)],
        ),
        Measure::Rent { chip, month } => ("rent", vec![set(chip), end(month)]),
        Measure::Served {
            set: of,
            workload,
            month,
        } => (
            "served",
            vec![set(of), workload_name(scenario, *workload), end(month)],
        ),
        Measure::Cost {
            basis,
            set: of,
            workload,
            span: when,
        } => (
            "cost",
            vec![
                name(basis.name()),
                set(of),
                workload_name(scenario, *workload),
                span(when),
            ],
        ),
        Measure::Capacity { fabs, month } => ("capacity", vec![lines(fabs), end(month)]),
        Measure::WaferStarts { fabs, span: when } => {
            ("wafer_starts", vec![lines(fabs), span(when)])
        }
        Measure::GoodDies { die, span: when } => (
            "good_dies",
            vec![part_name(scenario, Part::Die(*die)), span(when)],
        ),
        Measure::Arrivals { part, span: when } => {
            ("arrivals", vec![part_name(scenario, *part), span(when)])
        }
        Measure::Stock { part, month } => ("stock", vec![part_name(scenario, *part), end(month)]),
        Measure::Yield { die, month } => (
            "yield",
            vec![part_name(scenario, Part::Die(*die)), end(month)],
        ),
        Measure::PackagingCapacity { technology, month } => {
            let technology = scenario
                .technologies
                .get(technology.0)
                .map_or("", String::as_str);
            ("packaging_capacity", vec![quoted(technology), end(month)])
        }
        Measure::Opened { phases, month } => {
            ("opened", vec![phases_name(scenario, phases), end(month)])
        }
        Measure::Happened { event, month } => {
            let id = scenario
                .events
                .get(event.0)
                .map_or("", |event| event.id.as_str());
            ("happened", vec![quoted(&format!("event:{id}")), end(month)])
        }
        Measure::Launched { accelerator, month } => {
            let id = scenario
                .accelerators
                .get(accelerator.0)
                .map_or("", |chip| chip.id.as_str());
            (
                "launched",
                vec![quoted(&format!("accelerator:{id}")), end(month)],
            )
        }
    }
}

fn write_measure(
    f: &mut fmt::Formatter<'_>,
    scenario: &Scenario,
    measure: &Measure,
) -> fmt::Result {
    let (function, arguments) = call(scenario, measure);
    write!(f, "{function}({})", arguments.join(", "))
}

/// `units`, `bf16`, `workload:v3-serving`
fn metric_name(scenario: &Scenario, metric: Metric) -> String {
    match metric {
        Metric::Tokens(id) => workload_name(scenario, id),
        _ => metric.name().to_owned(),
    }
}

/// `workload:v3-serving`
fn workload_name(scenario: &Scenario, id: WorkloadId) -> String {
    let id = scenario.workloads.get(id.0).map_or("", |w| w.id.as_str());
    quoted(&format!("workload:{id}"))
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
fn phases_name(scenario: &Scenario, phases: &[(FabId, usize)]) -> String {
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
