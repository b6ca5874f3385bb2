//! What the place of a quantity asks of it: a dimension and a domain.

use super::super::syntax::Node;
use super::super::{Domain, NotationError, shape};
use super::{Evaluator, Measured, domain_words, in_base_units, out_of_range};
use crate::distribution::Distribution;
use crate::unit::Dimension;

impl Evaluator<'_, '_> {
    /// Gives bare numbers the unit of the place, and checks the dimension.
    pub(super) fn in_expected_unit(&mut self, root: &Node, measured: Measured) -> Option<Measured> {
        let accepted = self.context.dimension;
        let expected = accepted.first().copied().unwrap_or(Dimension::NONE);
        match (&measured.unit, &self.context.bare) {
            (None, Some(bare)) => {
                let distribution = in_base_units(measured.distribution, bare);
                if let Some(error) = out_of_range(&distribution, root) {
                    return self.fail(error);
                }
                Some(Measured {
                    distribution,
                    unit: Some(bare.clone()),
                })
            }
            // Zero months and zero wafers are the same nothing.
            (None, None) if measured.distribution == Distribution::Point(0.0) => Some(Measured {
                unit: Some(expected.display_unit()),
                ..measured
            }),
            _ if accepted.is_empty() || accepted.contains(&measured.dimension()) => Some(measured),
            _ => {
                let error = self.wrong_dimension(root, &measured, expected);
                self.fail(error)
            }
        }
    }

    fn wrong_dimension(
        &self,
        root: &Node,
        measured: &Measured,
        expected: Dimension,
    ) -> NotationError {
        let source = self.source(root);
        let error = if measured.unit.is_none() {
            let message = format!("`{source}` has no unit; expected {expected}");
            NotationError::new(root.range.clone(), "WF0203", message)
        } else {
            let message = format!(
                "`{source}` is in {}; expected {expected}",
                measured.dimension()
            );
            NotationError::new(root.range.clone(), "WF0202", message)
        };
        match expected.example() {
            _ if expected.is_none() => error.help("write a plain number or a percentage"),
            "" => error,
            example => error.help(format!("write it in a unit such as `{example}`")),
        }
    }

    pub(super) fn check_domain(&mut self, root: &Node, distribution: &Distribution) -> Option<()> {
        // Rounding may carry a scaled limit past 1 by a bit.
        const TOLERANCE: f64 = 1e-12;
        let domain = self.context.domain;
        let (low, high) = distribution.support();
        let is_inside = match domain {
            Domain::Signed => true,
            Domain::Positive => low >= 0.0 && !shape::has_mass_at_zero(distribution),
            Domain::NonNegative => low >= 0.0,
            Domain::Fraction => low >= 0.0 && high <= 1.0 + TOLERANCE,
        };
        if is_inside {
            return Some(());
        }
        let (verb, help) = match (distribution, domain) {
            (Distribution::Point(_), Domain::Fraction) => {
                ("lies outside", "write a fraction as `40%` or `0.4`")
            }
            (Distribution::Point(_), _) => ("lies outside", "check the sign and the number"),
            (_, Domain::Fraction) => (
                "reaches beyond",
                "bound it with `| clamp(0, 1)` or `| truncate(0, 1)`",
            ),
            _ => (
                "reaches beyond",
                "bound it with `| truncate(a, b)` or `| clamp(a, b)`, or write `a to b`",
            ),
        };
        let message = format!(
            "`{}` {verb} the values allowed here: {}",
            self.source(root),
            domain_words(domain)
        );
        self.fail(NotationError::new(root.range.clone(), "WF0304", message).help(help))
    }
}
