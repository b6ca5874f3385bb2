//! Calls of named distributions, mixtures and limits.

use super::super::call::Family;
use super::super::syntax::{Argument, Node};
use super::super::{NotationError, shape};
use super::{Evaluator, Measured};
use crate::distribution::Distribution;
use crate::unit::Unit;

impl Evaluator<'_, '_> {
    pub(super) fn family(
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

    pub(super) fn mix(&mut self, node: &Node, arguments: &[Argument]) -> Option<Measured> {
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

    pub(super) fn discrete(&mut self, node: &Node, arguments: &[Argument]) -> Option<Measured> {
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

    pub(super) fn mixed(
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
    pub(super) fn pairs<'n>(
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

    pub(super) fn bounded(
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
