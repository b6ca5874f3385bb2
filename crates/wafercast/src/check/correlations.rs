//! Rank correlations between quantities.

use std::collections::BTreeMap;

use super::Checker;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::distribution::Distribution;
use crate::document::{Item, Node};
use crate::draw::Copula;
use crate::scenario::Value;

/// A pair by names, in order of the names, with its rank correlation.
pub(super) type NamedPair = (String, String, f64);

impl Checker<'_> {
    /// Reads the correlations. The pairs are in order of their names, whatever the order of the file.
    pub(super) fn correlations(&mut self) -> Vec<NamedPair> {
        let mut pairs: BTreeMap<(String, String), (f64, Span)> = BTreeMap::new();
        for (_, table, _) in self.elements(self.root, "correlation") {
            let Some((first, second, span)) = self.pair(table.get("between")) else {
                continue;
            };
            let rank = match table.get("rank").map(|node| &node.value) {
                Some(Item::Number(text)) => text.parse::<f64>().ok(),
                _ => None,
            };
            let Some(rank) = rank.filter(|rank| -1.0 < *rank && *rank < 1.0) else {
                continue;
            };
            let key = (first, second);
            if let Some((_, earlier)) = pairs.get(&key) {
                let diagnostic = Diagnostic::error(
                    codes::CORRELATED_TWICE,
                    format!("`{}` and `{}` are correlated twice", key.0, key.1),
                    span,
                    "a second time",
                );
                self.report(diagnostic.label(*earlier, "the first time"));
                continue;
            }
            pairs.insert(key, (rank, span));
        }
        self.positive_definite(&pairs);
        pairs
            .into_iter()
            .map(|((first, second), (rank, _))| (first, second, rank))
            .collect()
    }

    fn pair(&mut self, between: Option<&Node>) -> Option<(String, String, Span)> {
        let node = between?;
        let [first, second] = node.array()? else {
            return None;
        };
        let mut names = [first.text()?.to_owned(), second.text()?.to_owned()];
        if names[0] == names[1] {
            self.report(Diagnostic::error(
                codes::CORRELATED_TWICE,
                format!("`{}` is correlated with itself", names[0]),
                node.span,
                "expected two quantities",
            ));
            return None;
        }
        let mut are_known = true;
        for (name, node) in [(&names[0], first), (&names[1], second)] {
            let certain = match self.named(name, node.span) {
                Some(measured) => is_certain(&measured.quantity.value),
                None => {
                    are_known = false;
                    continue;
                }
            };
            if certain && !name.ends_with("probability") {
                self.report(
                    Diagnostic::warning(
                        codes::CORRELATES_A_CERTAINTY,
                        format!("`{name}` is certain, so its correlation changes nothing"),
                        node.span,
                        "a single number",
                    )
                    .help("give it an interval, or leave the correlation out"),
                );
            }
        }
        names.sort();
        let [first, second] = names;
        are_known.then_some((first, second, node.span))
    }

    fn positive_definite(&mut self, pairs: &BTreeMap<(String, String), (f64, Span)>) {
        let mut names: Vec<&str> = pairs
            .keys()
            .flat_map(|(first, second)| [first.as_str(), second.as_str()])
            .collect();
        names.sort_unstable();
        names.dedup();
        let index = |name: &str| names.binary_search(&name).unwrap_or(0);
        let numbered: Vec<(usize, usize, f64)> = pairs
            .iter()
            .map(|((first, second), (rank, _))| (index(first), index(second), *rank))
            .collect();
        let Err(error) = Copula::new(names.len(), &numbered) else {
            return;
        };
        let mut offending: Vec<(&str, &str, Span)> = error
            .pairs
            .iter()
            .filter_map(|&(i, j)| {
                let (first, second) = (*names.get(i.min(j))?, *names.get(i.max(j))?);
                let (_, span) = pairs.get(&(first.to_owned(), second.to_owned()))?;
                Some((first, second, *span))
            })
            .collect();
        offending.sort_by_key(|(_, _, span)| *span);
        let Some((_, _, span)) = offending.first() else {
            return;
        };
        let listed: Vec<String> = offending
            .iter()
            .map(|(first, second, _)| format!("`{first}` with `{second}`"))
            .collect();
        let mut diagnostic = Diagnostic::error(
            codes::NOT_POSITIVE_DEFINITE,
            format!(
                "these correlations cannot hold together: {}",
                listed.join(", ")
            ),
            *span,
            "one of them",
        );
        for (_, _, span) in offending.iter().skip(1) {
            diagnostic = diagnostic.label(*span, "another");
        }
        self.report(diagnostic.help("bring them nearer to zero, or leave one out"));
    }
}

fn is_certain(value: &Value) -> bool {
    match value {
        Value::Constant(distribution) => matches!(distribution, Distribution::Point(_)),
        Value::Path(path) => path
            .anchors
            .iter()
            .all(|(_, distribution)| matches!(distribution, Distribution::Point(_))),
    }
}
