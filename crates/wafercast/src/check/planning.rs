//! `[planning]`: what is maximised, and what must be delivered.

use super::Checker;
use super::quantity::date_of;
use crate::diagnostic::{Diagnostic, codes};
use crate::document::{Item, Node, Table};
use crate::metric::{BinaryOperator, Depth, Expression, Measure};
use crate::scenario::{Commitment, DemandMetric, PlanningOptions, Scenario};

/// Discount per year where none is given.
const DISCOUNT: f64 = 0.1;

impl<'a> Checker<'a> {
    fn planning_table(&self) -> Option<&'a Table> {
        self.root.get("planning").and_then(Node::table)
    }

    /// The options, without commitments.
    pub(super) fn planning_options(&self) -> PlanningOptions {
        let empty = Table::default();
        let table = self.planning_table().unwrap_or(&empty);
        let known_until = date_of(self.root, "data_until");
        let first = date_of(table, "from").or(known_until);
        let position = first.map_or(0.0, |date| self.horizon.position(date));
        let last = self.horizon.months.saturating_sub(1);
        PlanningOptions {
            maximise: match table.get("maximise").and_then(Node::text) {
                Some("h100e") => DemandMetric::H100e,
                Some("tpp") => DemandMetric::Tpp,
                Some("units") => DemandMetric::Units,
                _ => DemandMetric::Value,
            },
            discount: match table.get("discount").map(|node| &node.value) {
                Some(Item::Number(text)) => text.parse().unwrap_or(DISCOUNT),
                _ => DISCOUNT,
            },
            // The cast saturates: what lies before the horizon is its first month.
            first: (position.floor() as usize).min(last),
            commitments: Vec::new(),
        }
    }

    /// Checks the dates of the plan.
    pub(super) fn planning_rules(&mut self) {
        let Some(table) = self.planning_table() else {
            return;
        };
        let (Some(from), Some(node)) = (date_of(table, "from"), table.get("from")) else {
            return;
        };
        let position = self.horizon.position(from);
        if position < 0.0 || position >= self.horizon.months as f64 {
            let diagnostic = Diagnostic::error(
                codes::PLAN_OUTSIDE_HORIZON,
                "the plan begins outside the horizon",
                node.span,
                "not a month of the horizon",
            );
            self.report(diagnostic.help("begin the plan inside the horizon"));
        }
    }

    /// The commitments. With `as_of`, those that speak of what is not known yet are left out.
    pub(super) fn commitments(&mut self, scenario: &Scenario) -> Vec<Commitment> {
        let Some(table) = self.planning_table() else {
            return Vec::new();
        };
        let mut commitments = Vec::new();
        for (index, commit, _) in self.elements(table, "commit") {
            let Some(node) = commit.get("holds") else {
                continue;
            };
            let Some(typed) = self.expression(node, scenario) else {
                continue;
            };
            let path = format!("planning.commit[{index}]");
            match at_least(typed.expression) {
                Some((measure, amount)) => {
                    commitments.extend(commitment(measure, amount, path, node))
                }
                None => self.report(
                    Diagnostic::error(
                        codes::NOT_A_COMMITMENT,
                        format!("`{path}.holds` is no commitment that a plan can keep"),
                        node.span,
                        "expected deliveries >= a number",
                    )
                    .help("for example: units(accelerator:ascend-910c, 2026) >= 200 k units"),
                ),
            }
        }
        commitments
    }
}

/// Deliveries and the least of them, of `deliveries >= number` or `number <= deliveries`.
fn at_least(expression: Expression) -> Option<(Measure, f64)> {
    let Expression::Binary(operator, left, right) = expression else {
        return None;
    };
    let (measure, amount) = match operator {
        BinaryOperator::AtLeast | BinaryOperator::Above => (*left, *right),
        BinaryOperator::AtMost | BinaryOperator::Below => (*right, *left),
        _ => return None,
    };
    match (measure, amount) {
        (Expression::Measure(measure), Expression::Number(amount, _)) => Some((measure, amount)),
        _ => None,
    }
    .filter(|(measure, _)| {
        let designed = Depth::Designed;
        matches!(measure, Measure::Flow { depth, .. } if *depth == designed)
    })
}

fn commitment(measure: Measure, amount: f64, path: String, node: &Node) -> Option<Commitment> {
    let Measure::Flow {
        metric, set, span, ..
    } = measure
    else {
        return None;
    };
    Some(Commitment {
        path,
        text: node.text().unwrap_or("").to_owned(),
        metric,
        set,
        span,
        amount,
        place: node.span,
    })
}
