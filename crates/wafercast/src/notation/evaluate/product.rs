//! Products, quotients, and a unit behind a call.

use super::super::syntax::Node;
use super::super::{NotationError, shape};
use super::{Evaluator, Measured, in_base_units};
use crate::distribution::Distribution;
use crate::unit::{Scanned, Unit};

impl Evaluator<'_, '_> {
    pub(super) fn product(
        &mut self,
        node: &Node,
        left: &Node,
        right: &Node,
        divides: bool,
    ) -> Option<Measured> {
        let (first, second) = (self.node(left), self.node(right));
        let (first, second) = (first?, second?);
        let unit = self.product_unit(node, &first, &second, divides)?;
        let distribution = match (first.distribution, second.distribution) {
            (_, Distribution::Point(0.0)) if divides => {
                let message = format!("`{}` divides by zero", self.source(node));
                return self.fail(NotationError::new(right.range.clone(), "WF0308", message));
            }
            (Distribution::Point(a), Distribution::Point(b)) if divides => {
                Distribution::Point(a / b)
            }
            (distribution, Distribution::Point(b)) if divides => {
                shape::scaled(distribution, 1.0 / b)
            }
            (distribution, Distribution::Point(factor))
            | (Distribution::Point(factor), distribution)
                if !divides =>
            {
                shape::scaled(distribution, factor)
            }
            _ => {
                let message = if divides {
                    format!("`{}` divides by a distribution", self.source(right))
                } else {
                    format!("`{}` multiplies two distributions", self.source(node))
                };
                return self.fail(
                    NotationError::new(node.range.clone(), "WF0308", message)
                        .help("one factor may be uncertain, the others must be numbers"),
                );
            }
        };
        Some(Measured { distribution, unit })
    }

    pub(super) fn product_unit(
        &mut self,
        node: &Node,
        left: &Measured,
        right: &Measured,
        divides: bool,
    ) -> Option<Option<Unit>> {
        if right.dimension().is_none() && left.unit.is_some() {
            return Some(left.unit.clone());
        }
        if left.dimension().is_none() && !divides && right.unit.is_some() {
            return Some(right.unit.clone());
        }
        if left.unit.is_none() && right.unit.is_none() {
            return Some(None);
        }
        let combined = if divides {
            left.dimension().checked_div(right.dimension())
        } else {
            left.dimension().checked_mul(right.dimension())
        };
        match combined {
            Some(dimension) => Some(Some(dimension.display_unit())),
            None => {
                let message = format!("the unit of `{}` has too high a power", self.source(node));
                self.fail(NotationError::new(node.range.clone(), "WF0205", message))
            }
        }
    }

    pub(super) fn with_unit(&mut self, inner: &Node, tail: &Scanned) -> Option<Measured> {
        let measured = self.node(inner)?;
        let distribution = in_base_units(measured.distribution, &tail.unit);
        match measured.unit {
            None => Some(Measured {
                distribution,
                unit: tail.has_name.then(|| tail.unit.clone()),
            }),
            // `facts(a) /month`
            Some(unit) if tail.is_inverse => {
                let dimension = unit.dimension.checked_mul(tail.unit.dimension);
                match dimension {
                    Some(dimension) => Some(Measured {
                        distribution,
                        unit: Some(dimension.display_unit()),
                    }),
                    None => {
                        let message = "the unit has too high a power";
                        self.fail(NotationError::new(tail.range.clone(), "WF0205", message))
                    }
                }
            }
            Some(unit) => {
                let message = format!(
                    "`{}` is in {} already; `{}` after it has no meaning",
                    self.source(inner),
                    unit.dimension,
                    &self.text[tail.range.clone()]
                );
                self.fail(
                    NotationError::new(tail.range.clone(), "WF0204", message)
                        .help("leave it out, or multiply or divide, as in `… / 12 months`"),
                )
            }
        }
    }
}
