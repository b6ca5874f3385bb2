//! From the tree to a distribution in base units, with every problem on the way.

mod call;
mod facts;
mod interval;
mod place;
mod product;

use super::number::check_range;
use super::syntax::{Kind, Node};
use super::{Context, Domain, Notation, NotationError, shape};
use crate::distribution::Distribution;
use crate::unit::{Dimension, Unit};

/// A part with its unit; `None`: no unit is written, the distribution is of bare numbers.
#[derive(Debug, Clone)]
struct Measured {
    distribution: Distribution,
    unit: Option<Unit>,
}

impl Measured {
    fn dimension(&self) -> Dimension {
        self.unit
            .as_ref()
            .map_or(Dimension::NONE, |unit| unit.dimension)
    }
}

/// The quantity; `None` if a problem was added to `errors`.
pub(super) fn evaluate(
    text: &str,
    root: &Node,
    context: &Context<'_>,
    errors: &mut Vec<NotationError>,
) -> Option<Notation> {
    let mut evaluator = Evaluator {
        text,
        context,
        errors,
        facts: Vec::new(),
    };
    let measured = evaluator.node(root)?;
    let measured = evaluator.in_expected_unit(root, measured)?;
    evaluator.check_domain(root, &measured.distribution)?;
    let mut facts = evaluator.facts;
    facts.sort();
    facts.dedup();
    Some(Notation {
        distribution: measured.distribution,
        unit: measured.unit.unwrap_or_else(Unit::one),
        facts,
    })
}

struct Evaluator<'a, 'c> {
    text: &'a str,
    context: &'a Context<'c>,
    errors: &'a mut Vec<NotationError>,
    facts: Vec<String>,
}

impl Evaluator<'_, '_> {
    fn fail<T>(&mut self, error: NotationError) -> Option<T> {
        self.errors.push(error);
        None
    }

    fn source(&self, node: &Node) -> &str {
        self.text[node.range.clone()].trim()
    }

    fn node(&mut self, node: &Node) -> Option<Measured> {
        let measured = match &node.kind {
            Kind::Poison => return None,
            Kind::Number(written) => Measured {
                distribution: Distribution::Point(written.in_base_units()),
                unit: written.named_unit().map(|tail| tail.unit.clone()),
            },
            Kind::Interval {
                low,
                high,
                credibility,
            } => self.interval(node, low, high, *credibility)?,
            Kind::Product {
                left,
                right,
                divides,
            } => self.product(node, left, right, *divides)?,
            Kind::WithUnit { inner, unit } => self.with_unit(inner, unit)?,
            Kind::Call { name, arguments } => match &self.text[name.clone()] {
                "mix" => self.mix(node, arguments)?,
                "discrete" => self.discrete(node, arguments)?,
                _ => self.family(node, name.clone(), arguments)?,
            },
            Kind::Facts(references) => self.facts(node, references)?,
            Kind::Bounded {
                inner,
                low,
                high,
                truncates,
            } => self.bounded(node, inner, low, high, *truncates)?,
        };
        if let Some(error) = out_of_range(&measured.distribution, node) {
            return self.fail(error);
        }
        Some(measured)
    }

    /// A number: a point, with its unit.
    fn point(&mut self, node: &Node) -> Option<(f64, Option<Unit>)> {
        let measured = self.node(node)?;
        match measured.distribution {
            Distribution::Point(value) => Some((value, measured.unit)),
            _ => {
                let message = format!(
                    "`{}` is a distribution; a number was expected",
                    self.source(node)
                );
                self.fail(
                    NotationError::new(node.range.clone(), "WF0305", message)
                        .help("mix distributions with `mix(0.5: …, 0.5: …)`"),
                )
            }
        }
    }

    /// A plain number: a weight, a shape, a probability.
    fn plain(&mut self, node: &Node) -> Option<f64> {
        let (value, unit) = self.point(node)?;
        let dimension = unit.map_or(Dimension::NONE, |unit| unit.dimension);
        if dimension.is_none() {
            return Some(value);
        }
        let message = format!(
            "`{}` is in {dimension}; a plain number was expected",
            self.source(node)
        );
        self.fail(NotationError::new(node.range.clone(), "WF0204", message))
    }

    /// Numbers that must share a unit. Zero, and beside plain numbers any bare number, need none.
    fn points(&mut self, nodes: &[&Node]) -> Option<(Vec<f64>, Option<Unit>)> {
        // Evaluate all before giving up on any, so that every argument's problems are found.
        let points: Vec<_> = nodes.iter().map(|node| self.point(node)).collect();
        let points: Vec<_> = points.into_iter().collect::<Option<_>>()?;
        let parts = nodes.iter().zip(&points);
        let unit = self.common_unit(
            parts
                .map(|(node, (value, unit))| (*node, unit.as_ref(), *value == 0.0))
                .collect(),
        )?;
        Some((points.into_iter().map(|(value, _)| value).collect(), unit))
    }

    /// The unit shared by parts (node, unit, whether it is zero); the outer `None` if they do not agree.
    fn common_unit(&mut self, parts: Vec<(&Node, Option<&Unit>, bool)>) -> Option<Option<Unit>> {
        let Some((first, unit)) = parts
            .iter()
            .find_map(|(node, unit, _)| unit.map(|unit| (*node, unit)))
        else {
            return Some(None);
        };
        let mut agree = true;
        for (node, other, is_zero) in &parts {
            let message = match other {
                Some(other) if other.dimension == unit.dimension => continue,
                None if *is_zero || unit.dimension.is_none() => continue,
                Some(other) => format!(
                    "`{}` is in {}, but `{}` is in {}",
                    self.source(node),
                    other.dimension,
                    self.source(first),
                    unit.dimension
                ),
                None => format!(
                    "`{}` has no unit, but `{}` is in {}",
                    self.source(node),
                    self.source(first),
                    unit.dimension
                ),
            };
            agree = false;
            let code = if other.is_some() { "WF0204" } else { "WF0203" };
            self.errors.push(
                NotationError::new(node.range.clone(), code, message)
                    .help(format!("give all of them a unit such as `{unit}`")),
            );
        }
        agree.then(|| Some(unit.clone()))
    }
}

/// A distribution of bare numbers, in base units.
fn in_base_units(distribution: Distribution, unit: &Unit) -> Distribution {
    match distribution {
        Distribution::Point(value) => Distribution::Point(unit.to_base(value)),
        distribution => shape::scaled(distribution, unit.scale),
    }
}

/// Refuses parameters that arithmetic could turn into infinities.
fn out_of_range(distribution: &Distribution, node: &Node) -> Option<NotationError> {
    let (low, high) = distribution.support();
    [low, high]
        .into_iter()
        .filter(|end| end.is_finite())
        .chain(shape::free_parameters(distribution))
        .find_map(|value| check_range(value, node.range.clone()).err())
}

fn domain_words(domain: Domain) -> &'static str {
    match domain {
        Domain::Positive => "above 0",
        Domain::NonNegative => "0 or more",
        Domain::Fraction => "from 0 to 1",
        Domain::Signed => "any",
    }
}
