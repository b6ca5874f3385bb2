//! Observations that the inputs hardly allow, that pull against each other, or that are not two.

use wafercast::facts::FactBase;

use super::observation::Weighing;
use super::{Conflict, Weights};

/// A prior-predictive p-value below which an observation is named.
const UNEXPECTED: f64 = 0.02;
/// Named are pairs that are less than half as likely together as apart, beyond two standard errors.
const LN_HALF: f64 = -std::f64::consts::LN_2;

/// What does not go together. `values` and `ln` are by observation and draw of the prior.
pub(super) fn find(
    weighing: &[Weighing],
    facts: &FactBase,
    values: &[Vec<f64>],
    ln: &[Vec<f64>],
) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    for (one, values) in weighing.iter().zip(values) {
        let p_value = p_value(one, &Weights::equal(values.len()), values);
        let low = one.observed.quantile(0.05);
        let high = one.observed.quantile(0.95);
        let inside = values.iter().filter(|y| (low..=high).contains(y)).count();
        if p_value < UNEXPECTED {
            conflicts.push(Conflict::Unexpected {
                evidence: one.evidence.id.clone(),
                p_value,
                within: inside as f64 / values.len().max(1) as f64,
            });
        }
    }
    conflicts.extend(pairs(weighing, ln));
    conflicts.extend(same_pages(weighing, facts));
    conflicts
}

/// Twice the smaller of the chances that a report would lie above or below what was reported.
pub(super) fn p_value(one: &Weighing, weights: &Weights, values: &[f64]) -> f64 {
    let above: Vec<f64> = values
        .iter()
        .map(|&y| one.likelihood.chance_above(y))
        .collect();
    let above = weights.mean(&above);
    (2.0 * above.min(1.0 - above)).clamp(0.0, 1.0)
}

/// Pairs with P(i and j) < P(i)·P(j): Jensen's conflict measure on two observations.
fn pairs(weighing: &[Weighing], ln: &[Vec<f64>]) -> Vec<Conflict> {
    let likelihoods: Vec<Vec<f64>> = ln
        .iter()
        .map(|ln| {
            let greatest = ln.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            ln.iter().map(|x| libm::exp(x - greatest)).collect()
        })
        .collect();
    let mut found = Vec::new();
    for i in 0..weighing.len() {
        for j in 0..i {
            let Some((ln_ratio, se)) = ln_ratio(&likelihoods[i], &likelihoods[j]) else {
                continue;
            };
            if ln_ratio + 2.0 * se < LN_HALF {
                found.push((ln_ratio, se, [j, i]));
            }
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found
        .into_iter()
        .map(|(ln_ratio, se, pair)| Conflict::Pair {
            evidence: pair.map(|i| weighing[i].evidence.id.clone()),
            ln_ratio,
            se,
        })
        .collect()
}

/// ln(mean(ab) / (mean(a)·mean(b))) with its standard error by the delta method. `None` where the mean is carried by a
/// handful of draws, so that the error itself is not known.
fn ln_ratio(a: &[f64], b: &[f64]) -> Option<(f64, f64)> {
    const FEWEST: f64 = 20.0;
    let count = a.len() as f64;
    let mean = |f: &dyn Fn(usize) -> f64| (0..a.len()).map(f).sum::<f64>() / count;
    let both = mean(&|i| a[i] * b[i]);
    let squares = mean(&|i| (a[i] * b[i]) * (a[i] * b[i]));
    if both <= 0.0 || count * both * both / squares < FEWEST {
        return None;
    }
    let (first, second) = (mean(&|i| a[i]), mean(&|i| b[i]));
    let variance = mean(&|i| {
        let influence = a[i] * b[i] / both - a[i] / first - b[i] / second + 1.0;
        influence * influence
    });
    Some((libm::log(both / first / second), (variance / count).sqrt()))
}

/// Pairs that cite facts of one page: one counting, two observations.
fn same_pages(weighing: &[Weighing], facts: &FactBase) -> Vec<Conflict> {
    let page = |id: &String| {
        let fact = facts.get(id)?;
        (!fact.url.is_empty()).then_some(fact.url.as_str())
    };
    let mut found = Vec::new();
    for (i, second) in weighing.iter().enumerate() {
        for first in &weighing[..i] {
            let shared: Vec<String> = second
                .sources
                .iter()
                .filter(|id| {
                    let url = page(id);
                    url.is_some() && first.sources.iter().any(|other| page(other) == url)
                })
                .cloned()
                .collect();
            if !shared.is_empty() {
                found.push(Conflict::SameSource {
                    evidence: [first.evidence.id.clone(), second.evidence.id.clone()],
                    facts: shared,
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opposites_are_less_likely_together() {
        let a: Vec<f64> = (0..1000)
            .map(|i| if i % 4 == 0 { 1.0 } else { 0.1 })
            .collect();
        let b: Vec<f64> = (0..1000)
            .map(|i| if i % 4 == 0 { 0.1 } else { 1.0 })
            .collect();
        let (ln, se) = ln_ratio(&a, &b).unwrap();
        // mean(ab) = 0.1; means 0.325 and 0.775
        assert!((ln - libm::log(0.1 / (0.325 * 0.775))).abs() < 1e-12);
        assert!(ln + 2.0 * se < LN_HALF);
        let (same, _) = ln_ratio(&a, &a).unwrap();
        assert!(same > 0.0);
    }
}
