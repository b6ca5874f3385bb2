//! Claims and evidence: formulas over the finished scenario.

use std::collections::BTreeMap;

use super::origin::{Origin, ids};
use super::quantity::Asked;
use super::{Checker, Measured};
use crate::diagnostic::{Diagnostic, codes};
use crate::distribution::Distribution;
use crate::document::{Item, Node, Table};
use crate::fields::Reading;
use crate::metric::{self, Typed};
use crate::notation::Domain;
use crate::scenario::{Claim, ClaimAnswer, Evidence, Quantity, QuantityId, Scenario, Value};
use crate::unit::Unit;

impl<'a> Checker<'a> {
    /// Enters a stand-in for what each evidence observed, so that the order of the quantities is fixed before the
    /// dimension of its metric is known.
    pub(super) fn place_observations(&mut self) {
        for (id, table, span) in self.tables("evidence") {
            if table.get("observed").is_none() {
                continue;
            }
            let name = format!("evidence.{id}.observed");
            let quantity = Quantity {
                name: name.clone(),
                unit: Unit::one(),
                value: Value::Constant(Distribution::Point(0.0)),
                domain: Domain::NonNegative,
                text: String::new(),
                sources: Vec::new(),
                note: None,
                // reported when it is read
                is_default: true,
                span,
            };
            let measured = Measured {
                quantity,
                reading: Reading::Once,
                domain: Domain::NonNegative,
            };
            self.quantities.insert(name, measured);
        }
    }

    /// Reads claims and evidence. With `as_of`, those that speak of what is not known yet are left out.
    pub(super) fn expressions(
        &mut self,
        scenario: &mut Scenario,
        ids: &BTreeMap<String, QuantityId>,
    ) {
        let claims: Vec<Claim> = self
            .tables("claim")
            .into_iter()
            .filter_map(|(id, table, span)| {
                let (answer, sources) = self.answer(id, table, scenario)?;
                Some(Claim {
                    id: id.to_owned(),
                    says: text(table, "says"),
                    sources,
                    answer,
                    note: super::origin::own_note(table),
                    span,
                })
            })
            .collect();
        let mut evidence = Vec::new();
        for (id, table, _) in self.tables("evidence") {
            evidence.extend(self.evidence(id, table, scenario, ids));
        }
        scenario.claims = claims;
        scenario.evidence = evidence;
        scenario.planning.commitments = self.commitments(scenario);
    }

    /// Those of the facts that are known.
    fn visible(&self, mut facts: Vec<String>) -> Vec<String> {
        let hidden = self.hidden_facts(&facts, self.as_of);
        facts.retain(|id| !hidden.contains(id));
        facts
    }

    /// Sources that are known; `None` if there are some and all are hidden.
    fn known_sources(&self, table: &Table, key: &str) -> Option<Vec<String>> {
        let sources = ids(table, key);
        let hidden = self.hidden_facts(&sources, self.as_of);
        let known: Vec<String> = sources
            .iter()
            .filter(|id| !hidden.contains(id))
            .cloned()
            .collect();
        (sources.is_empty() || !known.is_empty()).then_some(known)
    }

    fn answer(
        &mut self,
        id: &str,
        table: &Table,
        scenario: &Scenario,
    ) -> Option<(ClaimAnswer, Vec<String>)> {
        let sources = self.known_sources(table, "source")?;
        if let Some(node) = table.get("holds") {
            let typed = self.expression(node, scenario)?;
            if !typed.is_truth {
                self.report(
                    Diagnostic::error(
                        codes::TRUTH_EXPECTED,
                        format!("`claim.{id}.holds` is a number, expected a condition"),
                        node.span,
                        "expected a comparison",
                    )
                    .help("for example: units(home, 2027) >= 1M units"),
                );
                return None;
            }
            let answer = ClaimAnswer::Formula {
                text: text(table, "holds"),
                condition: typed.expression,
            };
            return Some((answer, sources));
        }
        let facts = ids(table, "facts");
        if !self.hidden_facts(&facts, self.as_of).is_empty() {
            return None;
        }
        let answer = ClaimAnswer::Facts {
            verdict: text(table, "verdict"),
            answer: text(table, "answer"),
            facts,
        };
        Some((answer, sources))
    }

    /// Reads a formula. With `as_of` one that cannot be read speaks of what is not known yet: the scenario as a whole
    /// was read without an error before.
    pub(super) fn expression(&mut self, node: &Node, scenario: &Scenario) -> Option<Typed> {
        match metric::parse(node.text()?, scenario) {
            Ok(typed) => Some(typed),
            Err(_) if self.as_of.is_some() => None,
            Err(errors) => {
                for error in errors {
                    let span = node.part(error.range);
                    let diagnostic = Diagnostic::error(error.code, error.message, span, "here");
                    self.report(diagnostic.help_option(error.help));
                }
                None
            }
        }
    }

    fn evidence(
        &mut self,
        id: &str,
        table: &'a Table,
        scenario: &mut Scenario,
        quantity_ids: &BTreeMap<String, QuantityId>,
    ) -> Option<Evidence> {
        let sources = self.known_sources(table, "source")?;
        let node = table.get("metric")?;
        let typed = self.expression(node, scenario)?;
        if typed.is_truth {
            self.report(
                Diagnostic::error(
                    codes::TRUTH_EXPECTED,
                    format!("`evidence.{id}.metric` is a condition, expected a number"),
                    node.span,
                    "expected a metric",
                )
                .help("for example: units(designer:Huawei, 2025)"),
            );
            return None;
        }
        let name = format!("evidence.{id}.observed");
        let origin = self.origin(table, &Origin::default());
        let asked = Asked::like(typed.dimension, Domain::NonNegative);
        let (quantity, _, _) =
            self.read_quantity(table.get("observed")?, &asked, &name, &origin)?;
        let observed = quantity_ids.get(&name).copied()?;
        if let Some(measured) = self.quantities.get_mut(&name) {
            measured.quantity = quantity.clone();
        }
        *scenario.quantities.get_mut(observed.0)? = quantity;
        Some(Evidence {
            id: id.to_owned(),
            name: table
                .get("name")
                .and_then(Node::text)
                .unwrap_or(id)
                .to_owned(),
            text: text(table, "metric"),
            metric: typed.expression,
            observed,
            known: table.get("known").and_then(super::top::date),
            weighs: table
                .get("weigh")
                .is_none_or(|node| !matches!(node.value, Item::Boolean(false))),
            history: self.visible(ids(table, "history")),
            forecasts: self.visible(ids(table, "forecasts")),
            sources,
            note: super::origin::own_note(table),
        })
    }
}

fn text(table: &Table, key: &str) -> String {
    table.get(key).and_then(Node::text).unwrap_or("").to_owned()
}
