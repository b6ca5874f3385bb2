//! `low to high`, and the domain that decides its family.

use super::super::syntax::{Kind, Node};
use super::super::{Domain, IntervalProblem, NotationError, interval};
use super::{Evaluator, Measured, domain_words};
use crate::unit::{Dimension, Unit};

impl Evaluator<'_, '_> {
    pub(super) fn interval(
        &mut self,
        node: &Node,
        low: &Node,
        high: &Node,
        credibility: f64,
    ) -> Option<Measured> {
        let inherited = inherit_unit(low, high);
        let low = inherited.as_ref().unwrap_or(low);
        let (ends, unit) = self.points(&[low, high])?;
        let [a, b] = ends.as_slice() else {
            return None;
        };
        let domain = self.domain_of(unit.as_ref(), *a, *b);
        match interval(*a, *b, credibility, domain) {
            Ok(distribution) => Some(Measured { distribution, unit }),
            Err(problem) => {
                let error = self.interval_error(node, low, high, (*a, *b), problem);
                self.fail(error)
            }
        }
    }

    pub(super) fn interval_error(
        &self,
        node: &Node,
        low: &Node,
        high: &Node,
        (a, b): (f64, f64),
        problem: IntervalProblem,
    ) -> NotationError {
        let (low_text, high_text) = (self.source(low), self.source(high));
        match problem {
            IntervalProblem::NotAscending if a == b => NotationError::new(
                node.range.clone(),
                "WF0303",
                format!(
                    "`{}` has equal ends; an interval goes from lower to higher",
                    self.source(node)
                ),
            )
            .help(format!("write `{high_text}` for a value without spread")),
            IntervalProblem::NotAscending => NotationError::new(
                node.range.clone(),
                "WF0303",
                format!("`{}` goes from higher to lower", self.source(node)),
            )
            .help(format!("write `{high_text} to {low_text}`")),
            IntervalProblem::TooLow => NotationError::new(
                low.range.clone(),
                "WF0304",
                format!(
                    "the lower end `{low_text}` lies outside the values allowed here: {}",
                    domain_words(self.context.domain)
                ),
            ),
            IntervalProblem::TooHigh => NotationError::new(
                high.range.clone(),
                "WF0304",
                format!("the upper end `{high_text}` lies above 1; a fraction was expected"),
            )
            .help("write fractions as `30% to 50%` or `0.3 to 0.5`"),
        }
    }

    /// The domain of a part. A factor of the quantity may have another domain than the whole: a dimensioned factor of a
    /// fraction is not bound by 1, and a percentage that scales a dimensioned quantity is a fraction if it can be.
    pub(super) fn domain_of(&self, unit: Option<&Unit>, low: f64, high: f64) -> Domain {
        let is_percent = unit.is_some_and(|unit| unit.symbol == "%");
        let dimension = unit.map_or(Dimension::NONE, |unit| unit.dimension);
        let accepts_numbers =
            self.context.dimension.is_empty() || self.context.dimension.contains(&Dimension::NONE);
        match self.context.domain {
            Domain::Fraction if !dimension.is_none() => Domain::NonNegative,
            _ if is_percent && !accepts_numbers && low >= 0.0 && high <= 1.0 => Domain::Fraction,
            domain => domain,
        }
    }
}

/// The lower end `20` of `20 to 30 kWSPM`, with the unit of the upper end. A magnitude of its own stands instead of that
/// of the upper end: `900 k to 2 M units`.
fn inherit_unit(low: &Node, high: &Node) -> Option<Node> {
    let (Kind::Number(low_number), Kind::Number(high_number)) = (&low.kind, &high.kind) else {
        return None;
    };
    let tail = high_number.named_unit()?;
    if low_number.named_unit().is_some() {
        return None;
    }
    let mut number = low_number.clone();
    let mut tail = tail.clone();
    if let Some(own) = &low_number.unit {
        tail.unit.scale = tail.unit.scale / tail.magnitude.unwrap_or(1.0) * own.unit.scale;
    }
    number.unit = Some(tail);
    Some(Node {
        range: low.range.clone(),
        kind: Kind::Number(number),
    })
}
