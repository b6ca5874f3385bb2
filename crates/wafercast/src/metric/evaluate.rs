//! Evaluation over a group of draws at once. Total: every expression has a finite value in every draw.

use super::{BinaryOperator, Expression, Function, Measure, UnaryOperator};

/// Draws evaluated together.
pub const LANES: usize = 32;

/// How far, relative to the larger operand, two sides of a comparison may differ and still count as equal. A share
/// summed from its parts can miss 1 by a few units in the last place, and `>= 100%` must hold where everything is made
/// at home. `a >= b` and `a <= b` hold within the tolerance, `a > b` and `a < b` only beyond it, so that exactly one of
/// `a >= b` and `a < b` holds.
pub const RELATIVE_TOLERANCE: f64 = 1e-9;

/// Where the measures of an expression come from: a group of draws of a simulation.
pub trait Measures {
    /// The measure in each draw, in base units.
    fn measure(&self, measure: &Measure) -> [f64; LANES];
}

/// The value of an expression in each draw, in base units; truth is 1 and 0.
///
/// A division by zero gives 0, a result beyond the range of `f64` the largest finite number of its sign, and a measure
/// that is not a number counts as 0.
pub fn evaluate(expression: &Expression, measures: &impl Measures) -> [f64; LANES] {
    match expression {
        Expression::Number(value, _) => [*value; LANES],
        Expression::Measure(measure) => measures.measure(measure).map(finite),
        Expression::Unary(operator, operand) => {
            let operand = evaluate(operand, measures);
            match operator {
                UnaryOperator::Negate => operand.map(|x| -x),
                UnaryOperator::Not => operand.map(|x| truth(x == 0.0)),
            }
        }
        Expression::Binary(operator, left, right) => zip(
            evaluate(left, measures),
            evaluate(right, measures),
            binary(*operator),
        ),
        Expression::Call(function, arguments) => call(*function, arguments, measures),
    }
}

fn binary(operator: BinaryOperator) -> fn(f64, f64) -> f64 {
    match operator {
        BinaryOperator::Add => |a, b| finite(a + b),
        BinaryOperator::Subtract => |a, b| finite(a - b),
        BinaryOperator::Multiply => |a, b| finite(a * b),
        BinaryOperator::Divide => |a, b| if b == 0.0 { 0.0 } else { finite(a / b) },
        BinaryOperator::AtLeast => |a, b| truth(at_least(a, b)),
        BinaryOperator::Above => |a, b| truth(!at_least(b, a)),
        BinaryOperator::AtMost => |a, b| truth(at_least(b, a)),
        BinaryOperator::Below => |a, b| truth(!at_least(a, b)),
        BinaryOperator::And => |a, b| truth(a != 0.0 && b != 0.0),
        BinaryOperator::Or => |a, b| truth(a != 0.0 || b != 0.0),
    }
}

fn call(function: Function, arguments: &[Expression], measures: &impl Measures) -> [f64; LANES] {
    let mut values = arguments
        .iter()
        .map(|argument| evaluate(argument, measures));
    let Some(first) = values.next() else {
        return [0.0; LANES];
    };
    match function {
        Function::Min => values.fold(first, |a, b| zip(a, b, |a, b| if b < a { b } else { a })),
        Function::Max => values.fold(first, |a, b| zip(a, b, |a, b| if b > a { b } else { a })),
        Function::Abs => first.map(f64::abs),
        Function::If => {
            let then = values.next().unwrap_or([0.0; LANES]);
            let otherwise = values.next().unwrap_or([0.0; LANES]);
            std::array::from_fn(|lane| {
                if first[lane] != 0.0 {
                    then[lane]
                } else {
                    otherwise[lane]
                }
            })
        }
    }
}

fn zip(a: [f64; LANES], b: [f64; LANES], f: impl Fn(f64, f64) -> f64) -> [f64; LANES] {
    std::array::from_fn(|lane| f(a[lane], b[lane]))
}

fn truth(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

fn finite(x: f64) -> f64 {
    if x.is_nan() {
        0.0
    } else {
        x.clamp(-f64::MAX, f64::MAX)
    }
}

/// `a ≥ b`, or equal within the tolerance.
/// Model eq. (39).
fn at_least(a: f64, b: f64) -> bool {
    // Halved, so that the difference of two huge numbers stays finite.
    let (a, b) = (a / 2.0, b / 2.0);
    a >= b || b - a <= RELATIVE_TOLERANCE * a.abs().max(b.abs())
}

impl Expression {
    /// The measures it needs, in order of appearance; one that appears twice comes twice.
    pub fn measures(&self) -> impl Iterator<Item = &Measure> {
        let mut found = Vec::new();
        self.collect_measures(&mut found);
        found.into_iter()
    }

    fn collect_measures<'a>(&'a self, found: &mut Vec<&'a Measure>) {
        match self {
            Expression::Number(..) => {}
            Expression::Measure(measure) => found.push(measure),
            Expression::Unary(_, operand) => operand.collect_measures(found),
            Expression::Binary(_, left, right) => {
                left.collect_measures(found);
                right.collect_measures(found);
            }
            Expression::Call(_, arguments) => {
                for argument in arguments {
                    argument.collect_measures(found);
                }
            }
        }
    }
}
