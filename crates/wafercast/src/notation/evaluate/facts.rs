//! `facts(…)`: pooling what is published and not hidden.

use super::super::pool::{PoolProblem, fact_distribution};
use super::super::syntax::{FactReference, Node};
use super::super::{Domain, NotationError};
use super::{Evaluator, Measured, domain_words};
use crate::distribution::Distribution;
use crate::facts::{Fact, FactBase};
use crate::unit::Dimension;

/// A fact that is pooled.
struct Part<'a> {
    reference: &'a FactReference,
    fact: &'a Fact,
    weight: f64,
    distribution: Distribution,
}

impl<'c> Evaluator<'_, 'c> {
    pub(super) fn facts<'n>(
        &mut self,
        node: &'n Node,
        references: &'n [FactReference],
    ) -> Option<Measured>
    where
        'c: 'n,
    {
        let before = self.errors.len();
        // Read all before giving up on any, so that every reference's problems are found.
        let parts: Vec<Part<'n>> = references
            .iter()
            .filter_map(|reference| self.fact(reference))
            .collect();
        let Some(first) = parts.first().map(|part| part.fact) else {
            if self.errors.len() > before {
                return None;
            }
            let all_hidden = references.iter().all(|reference| self.is_hidden(reference));
            let error = all_hidden.then(|| self.nothing_published(node));
            return error.and_then(|error| self.fail(error));
        };
        self.check_one_dimension(first, &parts);
        if self.errors.len() > before {
            return None;
        }
        let unit = first.unit.clone();
        self.facts
            .extend(parts.iter().map(|part| part.fact.id.clone()));
        let parts = parts
            .into_iter()
            .map(|part| (part.weight, part.distribution))
            .collect();
        self.mixed(node, parts, unit)
    }

    /// A fact with its distribution; `None` if it is hidden, or has a problem, which is added.
    fn fact<'n>(&mut self, reference: &'n FactReference) -> Option<Part<'n>>
    where
        'c: 'n,
    {
        let weight = match &reference.weight {
            Some(weight) => self.plain(weight),
            None => Some(1.0),
        };
        let base: &'c FactBase = self.context.facts;
        let id = &self.text[reference.id.clone()];
        let Some(fact) = base.get(id) else {
            let error = unknown_fact(base, id, reference);
            return self.fail(error);
        };
        if !fact.is_visible(self.context.as_of) {
            return None;
        }
        let domain = self.domain_of_fact(fact);
        match fact_distribution(fact, domain) {
            Ok(distribution) => Some(Part {
                reference,
                fact,
                weight: weight?,
                distribution,
            }),
            Err(problem) => self.fail(unusable_fact(fact, problem, domain, reference)),
        }
    }

    fn is_hidden(&self, reference: &FactReference) -> bool {
        let fact = self.context.facts.get(&self.text[reference.id.clone()]);
        fact.is_some_and(|fact| !fact.is_visible(self.context.as_of))
    }

    fn domain_of_fact(&self, fact: &Fact) -> Domain {
        let (low, high) = fact
            .interval
            .or(fact.value.map(|value| (value, value)))
            .unwrap_or_default();
        let in_base = |value| fact.unit.as_ref().map_or(value, |unit| unit.to_base(value));
        self.domain_of(fact.unit.as_ref(), in_base(low), in_base(high))
    }

    fn check_one_dimension(&mut self, first: &Fact, parts: &[Part<'_>]) {
        let dimension = |fact: &Fact| {
            fact.unit
                .as_ref()
                .map_or(Dimension::NONE, |unit| unit.dimension)
        };
        let expected = dimension(first);
        for part in parts {
            let found = dimension(part.fact);
            if found != expected {
                let message = format!(
                    "fact `{}` is in {found}, but `{}` is in {expected}",
                    part.fact.id, first.id
                );
                self.errors.push(
                    NotationError::new(part.reference.id.clone(), "WF0204", message)
                        .help("pool facts of one dimension only"),
                );
            }
        }
    }

    fn nothing_published(&self, node: &Node) -> NotationError {
        let date = self.context.as_of.map(|date| date.to_string());
        let message = format!(
            "`{}` has no fact published by {}",
            self.source(node),
            date.unwrap_or_default()
        );
        NotationError::new(node.range.clone(), "WF0504", message)
            .help("pool an earlier fact as well, or give the quantity a vintage")
    }
}

fn unknown_fact(base: &FactBase, id: &str, reference: &FactReference) -> NotationError {
    let error = NotationError::new(
        reference.id.clone(),
        "WF0502",
        format!("the fact base has no fact `{id}`"),
    );
    match base.nearest(id) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error,
    }
}

fn unusable_fact(
    fact: &Fact,
    problem: PoolProblem,
    domain: Domain,
    reference: &FactReference,
) -> NotationError {
    let id = &fact.id;
    let message = match problem {
        PoolProblem::NoUnit => format!(
            "fact `{id}` is in `{}`, which is no unit of the scenario language; \
             expected a fact with a measurable value",
            fact.unit_text
        ),
        PoolProblem::NoNumber => format!("fact `{id}` has neither a value nor an interval"),
        PoolProblem::TooLow | PoolProblem::TooHigh => format!(
            "fact `{id}` lies outside the values allowed here: {}",
            domain_words(domain)
        ),
    };
    NotationError::new(reference.id.clone(), "WF0503", message)
        .help("cite it in `source` and write the value that follows from it")
}
