//! From the tree to a distribution in base units, with every problem on the way.

use super::call::Family;
use super::number::check_range;
use super::pool::{self, PoolProblem, fact_distribution};
use super::syntax::{Argument, FactReference, Kind, Node};
use super::{Context, Domain, IntervalProblem, Notation, NotationError, interval, shape};
use crate::distribution::Distribution;
use crate::unit::{Dimension, Scanned, Unit};

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

    fn interval(
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

    fn interval_error(
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
    fn domain_of(&self, unit: Option<&Unit>, low: f64, high: f64) -> Domain {
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

    fn product(
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

    fn product_unit(
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

    fn with_unit(&mut self, inner: &Node, tail: &Scanned) -> Option<Measured> {
        let measured = self.node(inner)?;
        let distribution = shape::scaled(measured.distribution, tail.unit.scale);
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

    fn mix(&mut self, node: &Node, arguments: &[Argument]) -> Option<Measured> {
        let pairs = self.pairs(node, arguments, "mix(0.3: 10%, 0.7: uniform(20%, 30%))")?;
        let evaluated: Vec<_> = pairs
            .iter()
            .map(|(weight, part)| {
                let weight = self.plain(weight);
                (weight, self.node(part))
            })
            .collect();
        let mut parts = Vec::new();
        for (weight, part) in evaluated {
            parts.push((weight?, part?));
        }
        let units = pairs.iter().zip(&parts).map(|((_, node), (_, part))| {
            let is_zero = part.distribution == Distribution::Point(0.0);
            (*node, part.unit.as_ref(), is_zero)
        });
        let unit = self.common_unit(units.collect())?;
        let parts = parts
            .into_iter()
            .map(|(weight, part)| (weight, part.distribution))
            .collect();
        self.mixed(node, parts, unit)
    }

    fn discrete(&mut self, node: &Node, arguments: &[Argument]) -> Option<Measured> {
        let pairs = self.pairs(node, arguments, "discrete(0 months: 3, 6 months: 1)")?;
        let nodes: Vec<&Node> = pairs.iter().map(|(value, _)| *value).collect();
        let values = self.points(&nodes);
        let weights: Vec<_> = pairs.iter().map(|(_, weight)| self.plain(weight)).collect();
        let (values, unit) = values?;
        let mut parts = Vec::new();
        for (value, weight) in values.into_iter().zip(weights) {
            parts.push((weight?, Distribution::Point(value)));
        }
        self.mixed(node, parts, unit)
    }

    fn mixed(
        &mut self,
        node: &Node,
        parts: Vec<(f64, Distribution)>,
        unit: Option<Unit>,
    ) -> Option<Measured> {
        match shape::mixture(parts) {
            Some(distribution) => Some(Measured { distribution, unit }),
            None => self.fail(weights_error(node)),
        }
    }

    /// The `a: b` of `mix` and `discrete`.
    fn pairs<'n>(
        &mut self,
        node: &Node,
        arguments: &'n [Argument],
        example: &str,
    ) -> Option<Vec<(&'n Node, &'n Node)>> {
        let pairs: Option<Vec<_>> = arguments
            .iter()
            .map(|argument| Some((&argument.first, argument.second.as_ref()?)))
            .collect();
        match pairs {
            Some(pairs) if !pairs.is_empty() => Some(pairs),
            _ => {
                let message = format!("`{}` lacks weights", self.source(node));
                self.fail(
                    NotationError::new(node.range.clone(), "WF0307", message)
                        .help(format!("write `{example}`")),
                )
            }
        }
    }

    fn family(
        &mut self,
        node: &Node,
        name: std::ops::Range<usize>,
        arguments: &[Argument],
    ) -> Option<Measured> {
        let word = &self.text[name.clone()];
        let Some((_, usage, family)) = Family::ALL.into_iter().find(|(name, ..)| *name == word)
        else {
            let error = unknown_distribution(word, name);
            return self.fail(error);
        };
        let wrong = |what: String| {
            NotationError::new(node.range.clone(), "WF0305", what).help(format!("write `{usage}`"))
        };
        if arguments.len() != family.arity() {
            return self.fail(wrong(format!(
                "`{word}` has {} arguments; expected {}",
                arguments.len(),
                family.arity()
            )));
        }
        if arguments.iter().any(|argument| argument.second.is_some()) {
            return self.fail(wrong(format!("`{word}` takes no weights")));
        }
        let nodes: Vec<&Node> = arguments.iter().map(|argument| &argument.first).collect();
        let (values, unit) = if family.takes_values() {
            self.points(&nodes)?
        } else {
            let values: Vec<_> = nodes.iter().map(|node| self.plain(node)).collect();
            (values.into_iter().collect::<Option<_>>()?, None)
        };
        match family.build(&values) {
            Ok(distribution) => Some(Measured { distribution, unit }),
            Err(what) => {
                let message = format!("in `{}` {what}", self.source(node));
                self.fail(wrong(message))
            }
        }
    }

    fn facts(&mut self, node: &Node, references: &[FactReference]) -> Option<Measured> {
        let mut parts = Vec::new();
        let mut is_sound = true;
        let mut hidden = 0;
        for reference in references {
            let weight = match &reference.weight {
                Some(weight) => self.plain(weight),
                None => Some(1.0),
            };
            let id = &self.text[reference.id.clone()];
            let Some(fact) = self.context.facts.get(id) else {
                let error = unknown_fact(self.context, id, reference.id.clone());
                self.errors.push(error);
                is_sound = false;
                continue;
            };
            if !fact.is_visible(self.context.as_of) {
                hidden += 1;
                continue;
            }
            let bounds = fact
                .interval
                .or(fact.value.map(|value| (value, value)))
                .unwrap_or((0.0, 0.0));
            let in_base = |value| fact.unit.as_ref().map_or(value, |unit| unit.to_base(value));
            let domain = self.domain_of(fact.unit.as_ref(), in_base(bounds.0), in_base(bounds.1));
            match (fact_distribution(fact, domain), weight) {
                (Ok(distribution), Some(weight)) => {
                    self.facts.push(fact.id.clone());
                    parts.push((reference, fact, weight, distribution));
                }
                (Ok(_), None) => is_sound = false,
                (Err(problem), _) => {
                    is_sound = false;
                    self.errors.push(unusable_fact(
                        &fact.id,
                        &fact.unit_text,
                        problem,
                        domain,
                        reference,
                    ));
                }
            }
        }
        let Some((_, first, ..)) = parts.first() else {
            if is_sound && hidden > 0 {
                let date = self.context.as_of.map(|date| date.to_string());
                let message = format!(
                    "`{}` has no fact published by {}",
                    self.source(node),
                    date.unwrap_or_default()
                );
                self.errors.push(
                    NotationError::new(node.range.clone(), "WF0504", message)
                        .help("pool an earlier fact as well, or give the quantity a vintage"),
                );
            }
            return None;
        };
        let unit = first.unit.clone();
        for (reference, fact, ..) in &parts {
            let dimension =
                |unit: &Option<Unit>| unit.as_ref().map_or(Dimension::NONE, |unit| unit.dimension);
            if dimension(&fact.unit) != dimension(&unit) {
                is_sound = false;
                let message = format!(
                    "fact `{}` is in {}, but `{}` is in {}",
                    fact.id,
                    dimension(&fact.unit),
                    first.id,
                    dimension(&unit)
                );
                self.errors.push(
                    NotationError::new(reference.id.clone(), "WF0204", message)
                        .help("pool facts of one dimension only"),
                );
            }
        }
        if !is_sound {
            return None;
        }
        let parts = parts
            .into_iter()
            .map(|(_, _, weight, distribution)| (weight, distribution))
            .collect();
        match pool::pool(parts) {
            Some(distribution) => Some(Measured { distribution, unit }),
            None => self.fail(weights_error(node)),
        }
    }

    fn bounded(
        &mut self,
        node: &Node,
        inner: &Node,
        low: &Node,
        high: &Node,
        truncates: bool,
    ) -> Option<Measured> {
        let measured = self.node(inner);
        let (low_point, high_point) = (self.point(low), self.point(high));
        let (measured, (a, a_unit), (b, b_unit)) = (measured?, low_point?, high_point?);
        let unit = self.common_unit(vec![
            (inner, measured.unit.as_ref(), false),
            (low, a_unit.as_ref(), a == 0.0),
            (high, b_unit.as_ref(), b == 0.0),
        ])?;
        if a >= b {
            let message = format!(
                "the limits `{}` and `{}` are not in ascending order",
                self.source(low),
                self.source(high)
            );
            return self.fail(NotationError::new(
                low.range.start..high.range.end,
                "WF0303",
                message,
            ));
        }
        let distribution = match (measured.distribution, truncates) {
            (Distribution::Point(value), false) => Distribution::Point(value.max(a).min(b)),
            (Distribution::Point(value), true) if (a..=b).contains(&value) => {
                Distribution::Point(value)
            }
            (distribution, false) => Distribution::Clamp {
                inner: Box::new(distribution),
                low: a,
                high: b,
            },
            (distribution, true) if shape::has_mass_between(&distribution, a, b) => {
                Distribution::Truncate {
                    inner: Box::new(distribution),
                    low: a,
                    high: b,
                }
            }
            _ => {
                let message = format!(
                    "`{}` has next to no value between `{}` and `{}`",
                    self.source(inner),
                    self.source(low),
                    self.source(high)
                );
                return self.fail(
                    NotationError::new(node.range.clone(), "WF0305", message)
                        .help("use limits that the distribution reaches, or `clamp`"),
                );
            }
        };
        Some(Measured { distribution, unit })
    }

    /// Gives bare numbers the unit of the place, and checks the dimension.
    fn in_expected_unit(&mut self, root: &Node, measured: Measured) -> Option<Measured> {
        let accepted = self.context.dimension;
        let expected = accepted.first().copied().unwrap_or(Dimension::NONE);
        let example = expected.example();
        match (&measured.unit, &self.context.bare) {
            (None, Some(bare)) => {
                let distribution = match measured.distribution {
                    Distribution::Point(value) => Distribution::Point(bare.to_base(value)),
                    distribution => shape::scaled(distribution, bare.scale),
                };
                if let Some(error) = out_of_range(&distribution, root) {
                    return self.fail(error);
                }
                Some(Measured {
                    distribution,
                    unit: Some(bare.clone()),
                })
            }
            (unit, _) => {
                let dimension = measured.dimension();
                if accepted.is_empty() || accepted.contains(&dimension) {
                    return Some(measured);
                }
                let source = self.source(root);
                let error = if unit.is_none() {
                    NotationError::new(
                        root.range.clone(),
                        "WF0203",
                        format!("`{source}` has no unit; expected {expected}"),
                    )
                } else {
                    NotationError::new(
                        root.range.clone(),
                        "WF0202",
                        format!("`{source}` is in {dimension}; expected {expected}"),
                    )
                };
                self.fail(match (expected.is_none(), example) {
                    (true, _) => error.help("write a plain number or a percentage"),
                    (false, "") => error,
                    (false, example) => {
                        error.help(format!("write it in a unit such as `{example}`"))
                    }
                })
            }
        }
    }

    fn check_domain(&mut self, root: &Node, distribution: &Distribution) -> Option<()> {
        // Rounding may carry a scaled limit past 1 by a bit.
        const TOLERANCE: f64 = 1e-12;
        let domain = self.context.domain;
        let (low, high) = shape::support(distribution);
        let is_inside = match domain {
            Domain::Signed => true,
            Domain::Positive => low >= 0.0 && !shape::has_mass_at_zero(distribution),
            Domain::NonNegative => low >= 0.0,
            Domain::Fraction => low >= 0.0 && high <= 1.0 + TOLERANCE,
        };
        if is_inside {
            return Some(());
        }
        let source = self.source(root);
        let error = if matches!(distribution, Distribution::Point(_)) {
            let message = format!(
                "`{source}` lies outside the values allowed here: {}",
                domain_words(domain)
            );
            let help = match domain {
                Domain::Fraction => "write a fraction as `40%` or `0.4`",
                _ => "check the sign and the number",
            };
            NotationError::new(root.range.clone(), "WF0304", message).help(help)
        } else {
            let message = format!(
                "`{source}` reaches beyond the values allowed here: {}",
                domain_words(domain)
            );
            let help = match domain {
                Domain::Fraction => "bound it with `| clamp(0, 1)` or `| truncate(0, 1)`",
                _ => {
                    "bound it with `| truncate(a, b)` or `| clamp(a, b)`, or write an interval `a to b`"
                }
            };
            NotationError::new(root.range.clone(), "WF0304", message).help(help)
        };
        self.fail(error)
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

/// Refuses parameters that arithmetic could turn into infinities.
fn out_of_range(distribution: &Distribution, node: &Node) -> Option<NotationError> {
    let (low, high) = shape::support(distribution);
    [low, high]
        .into_iter()
        .filter(|end| end.is_finite())
        .chain(shape::free_parameters(distribution))
        .find_map(|value| check_range(value, node.range.clone()).err())
}

fn weights_error(node: &Node) -> NotationError {
    NotationError::new(
        node.range.clone(),
        "WF0307",
        "the weights are not usable; expected none below 0 and at least one above",
    )
    .help("weights are relative: `2` and `1` mean two thirds and one third")
}

fn unknown_distribution(word: &str, range: std::ops::Range<usize>) -> NotationError {
    let names = Family::ALL.into_iter().map(|(name, ..)| name);
    let names: Vec<&str> = names.chain(["mix", "discrete", "facts"]).collect();
    let near = names
        .iter()
        .map(|name| (strsim::damerau_levenshtein(word, name), *name))
        .filter(|(distance, _)| *distance <= 3)
        .min();
    let help = match near {
        Some((_, name)) => format!("did you mean `{name}`?"),
        None => format!("distributions are `{}`", names.join("`, `")),
    };
    NotationError::new(range, "WF0306", format!("`{word}` is not a distribution")).help(help)
}

fn unknown_fact(context: &Context<'_>, id: &str, range: std::ops::Range<usize>) -> NotationError {
    let error = NotationError::new(range, "WF0502", format!("the fact base has no fact `{id}`"));
    match context.facts.nearest(id) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error,
    }
}

fn unusable_fact(
    id: &str,
    unit_text: &str,
    problem: PoolProblem,
    domain: Domain,
    reference: &FactReference,
) -> NotationError {
    let message = match problem {
        PoolProblem::NoUnit => format!(
            "fact `{id}` is in `{unit_text}`, which is no unit of the scenario language; \
             expected a fact with a measurable value"
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

fn domain_words(domain: Domain) -> &'static str {
    match domain {
        Domain::Positive => "above 0",
        Domain::NonNegative => "0 or more",
        Domain::Fraction => "from 0 to 1",
        Domain::Signed => "any",
    }
}
