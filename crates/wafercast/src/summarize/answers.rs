//! Claims and history.

use crate::plan::Plan;
use crate::scenario::{ClaimAnswer, Scenario, Value};
use crate::summary::{ClaimResult, History};
use crate::tally::{Tally, share};

/// Every claim with its answer, in order of id.
pub(super) fn claims(plan: &Plan, scenario: &Scenario, tally: &Tally) -> Vec<ClaimResult> {
    let mut results = Vec::with_capacity(scenario.claims.len());
    for (index, claim) in scenario.claims.iter().enumerate() {
        let mut result = ClaimResult {
            id: claim.id.clone(),
            says: claim.says.clone(),
            sources: claim.sources.clone(),
            formula: None,
            probability: None,
            standard_error: None,
            binds_where_it_fails: Vec::new(),
            verdict: None,
            answer: None,
            facts: Vec::new(),
            note: claim.note.clone(),
        };
        match &claim.answer {
            ClaimAnswer::Formula { text, .. } => {
                result.formula = Some(text.clone());
                let counted = plan
                    .claims
                    .iter()
                    .zip(&tally.claims)
                    .find(|(plan, _)| plan.claim == index);
                if let Some((_, counted)) = counted {
                    let draws = tally.draws();
                    let probability = if draws == 0 {
                        0.0
                    } else {
                        counted.holds as f64 / draws as f64
                    };
                    result.probability = Some(probability);
                    result.standard_error = Some(tally.standard_error(probability));
                    result.binds_where_it_fails =
                        binds(scenario, &counted.fails_by, draws - counted.holds);
                }
            }
            ClaimAnswer::Facts {
                verdict,
                answer,
                facts,
            } => {
                result.verdict = Some(verdict.clone());
                result.answer = Some(answer.clone());
                result.facts = facts.clone();
            }
        }
        results.push(result);
    }
    results
}

/// The resources that bind home's planned output where a claim fails, most first; below 1 % is left out. The caps of
/// accelerators (orders) are one resource here.
fn binds(scenario: &Scenario, fails_by: &[u64], failures: u64) -> Vec<(String, f64)> {
    let mut shares = std::collections::BTreeMap::<String, f64>::new();
    for (resource, parts) in fails_by.iter().enumerate() {
        let name = super::resource_name(scenario, resource);
        let name = if name.starts_with("cap:") {
            "cap".to_owned()
        } else {
            name
        };
        *shares.entry(name).or_default() += share(*parts, failures);
    }
    let mut shares = shares
        .into_iter()
        .filter(|(_, share)| *share >= 0.01)
        .collect::<Vec<_>>();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    shares
}

/// Every observation beside the model's distribution of the same metric.
pub(super) fn history(plan: &Plan, scenario: &Scenario, tally: &Tally) -> Vec<History> {
    let mut rows = Vec::with_capacity(plan.evidence.len());
    for ((index, _), histogram) in plan.evidence.iter().zip(&tally.evidence) {
        let evidence = &scenario.evidence[*index];
        let observed = &scenario.quantities[evidence.observed.0];
        let distribution = match &observed.value {
            Value::Constant(distribution) => distribution,
            Value::Path(path) => &path.anchors[0].1,
        };
        let scale = observed.unit.scale;
        let shown = |x: f64| x / scale;
        let stats = histogram.stats();
        let median = distribution.quantile(0.5);
        rows.push(History {
            id: evidence.id.clone(),
            name: evidence.name.clone(),
            metric: evidence.text.clone(),
            observed_p05: shown(distribution.quantile(0.05)),
            observed_p50: shown(median),
            observed_p95: shown(distribution.quantile(0.95)),
            stats: stats.scaled(1.0 / scale),
            percentile_of_observed: histogram.share_below(median),
            unit: observed.unit.symbol.clone(),
            sources: evidence.sources.clone(),
        });
    }
    rows
}

impl crate::summary::Stats {
    /// All numbers times a factor.
    fn scaled(self, factor: f64) -> Self {
        crate::summary::Stats {
            mean: self.mean * factor,
            p025: self.p025 * factor,
            p05: self.p05 * factor,
            p10: self.p10 * factor,
            p25: self.p25 * factor,
            p50: self.p50 * factor,
            p75: self.p75 * factor,
            p90: self.p90 * factor,
            p95: self.p95 * factor,
            p975: self.p975 * factor,
            mean_se: self.mean_se * factor,
        }
    }
}
