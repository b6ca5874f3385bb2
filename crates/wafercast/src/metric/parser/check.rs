//! What may stand with what: truth values with `and`, `or` and `not`, numbers of one dimension with one another.

use std::ops::Range;

use super::{Node, Parser};
use crate::metric::error::{DIMENSION_MISMATCH, ExpressionError, TRUTH_EXPECTED};
use crate::metric::kind::Kind;
use crate::metric::{Expression, Function};
use crate::unit::Dimension;

impl Parser<'_> {
    pub(super) fn function_kind(&mut self, function: Function, arguments: &[Node]) -> Kind {
        match (function, arguments) {
            (Function::Abs, [operand, ..]) => self.number_kind(operand, "abs"),
            (Function::If, [condition, then, otherwise]) => {
                self.expect_truth(condition, "if");
                if then.kind.is_truth() && otherwise.kind.is_truth() {
                    Kind::Truth
                } else {
                    self.same_kind(then, otherwise, "the two results of one `if`")
                }
            }
            (Function::Min | Function::Max, [first, rest @ ..]) => {
                // Zeros agree with anything: the rest are held against the first that is not one.
                let mut model = first;
                let mut kind = first.kind.among_numbers();
                for argument in rest {
                    kind = self.same_kind(model, argument, "compared");
                    if model.kind == Kind::Zero {
                        model = argument;
                    }
                }
                kind
            }
            _ => Kind::Unknown,
        }
    }

    pub(super) fn expect_truth(&mut self, node: &Node, whose: &str) {
        if matches!(node.kind, Kind::Number(_) | Kind::Zero) {
            let message = format!("`{whose}` needs something true or false, this is a number");
            self.errors.push(
                ExpressionError::new(node.range.clone(), TRUTH_EXPECTED, message)
                    .help("compare it, for example `… >= 1`"),
            );
        }
    }

    /// The kind of a number; an error for a truth value.
    pub(super) fn number_kind(&mut self, node: &Node, whose: &str) -> Kind {
        if node.kind == Kind::Truth {
            let message = format!("`{whose}` needs numbers, this is true or false");
            self.errors.push(
                ExpressionError::new(node.range.clone(), TRUTH_EXPECTED, message)
                    .help("`if(…, 1, 0)` makes it a number"),
            );
            return Kind::Unknown;
        }
        node.kind.among_numbers()
    }

    /// The kind of two numbers that must be of one dimension.
    pub(super) fn same_kind(&mut self, left: &Node, right: &Node, what: &str) -> Kind {
        for node in [left, right] {
            if node.kind == Kind::Truth {
                let help = if what == "compared" {
                    "comparisons do not chain: write `a >= b and b >= c`"
                } else {
                    "`if(…, 1, 0)` makes it a number"
                };
                let message = format!("this is true or false; only numbers can be {what}");
                self.errors.push(
                    ExpressionError::new(node.range.clone(), TRUTH_EXPECTED, message).help(help),
                );
            }
        }
        match (left.kind.among_numbers(), right.kind.among_numbers()) {
            (Kind::Number(a), Kind::Number(b)) if a != b => {
                let message = format!("{a} and {b} cannot be {what}");
                self.errors.push(
                    ExpressionError::new(
                        left.range.start..right.range.end,
                        DIMENSION_MISMATCH,
                        message,
                    )
                    .help_if(missing_unit((left, a), (right, b))),
                );
                Kind::Unknown
            }
            (Kind::Number(dimension), Kind::Number(_) | Kind::Zero)
            | (Kind::Zero, Kind::Number(dimension)) => Kind::Number(dimension),
            (Kind::Zero, Kind::Zero) => Kind::Zero,
            _ => Kind::Unknown,
        }
    }

    pub(super) fn product_kind(
        &mut self,
        at: Range<usize>,
        left: &Node,
        right: &Node,
        is_product: bool,
    ) -> Kind {
        let symbol = if is_product { "*" } else { "/" };
        let kinds = (
            self.number_kind(left, symbol),
            self.number_kind(right, symbol),
        );
        let plain = |kind| match kind {
            Kind::Number(dimension) => Some(dimension),
            Kind::Zero => Some(Dimension::NONE),
            Kind::Truth | Kind::Flag | Kind::Unknown => None,
        };
        let (Some(a), Some(b)) = (plain(kinds.0), plain(kinds.1)) else {
            return Kind::Unknown;
        };
        let dimension = if is_product {
            a.checked_mul(b)
        } else {
            a.checked_div(b)
        };
        if let Some(dimension) = dimension {
            return Kind::Number(dimension);
        }
        self.errors.push(ExpressionError::new(
            at,
            DIMENSION_MISMATCH,
            "the dimension of this product is too high",
        ));
        Kind::Unknown
    }
}

/// Where a plain number meets a dimensioned one, the unit was forgotten.
fn missing_unit((left, a): (&Node, Dimension), (right, b): (&Node, Dimension)) -> Option<String> {
    let forgotten = |node: &Node, other: Dimension| {
        matches!(node.expression, Expression::Number(..))
            .then(|| format!("give the number its unit, for example `… {other}`"))
    };
    if a == Dimension::NONE {
        forgotten(left, b)
    } else if b == Dimension::NONE {
        forgotten(right, a)
    } else {
        None
    }
}
