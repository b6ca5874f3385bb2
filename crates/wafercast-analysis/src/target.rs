//! What an analysis asks about: a claim, or a metric of the scenario.

use serde::{Deserialize, Serialize};
use wafercast::metric::{Expression, ExpressionError, Measure, parse};
use wafercast::scenario::{ClaimAnswer, Scenario};

/// What a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// True (1) or false (0) in every draw; its mean is a probability.
    Claim,
    /// A number in every draw.
    Metric,
}

/// A claim or a metric, ready to be evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Id of the claim, or the metric as written.
    pub name: String,
    /// The sentence of the claim; of a metric its text.
    pub says: String,
    /// What it is.
    pub kind: TargetKind,
    /// Unit of the values: a base unit, such as `units` or `H100e`; `fraction` for shares; empty for claims and plain
    /// numbers.
    pub unit: String,
    /// Checked; base units.
    pub expression: Expression,
}

impl Target {
    /// A target by the id of a claim, or as an expression such as `units(home, 2027)` or `units(home, 2027) > 1e6`.
    ///
    /// # Errors
    ///
    /// What is wrong with the expression, if it is no claim's id.
    pub fn parse(text: &str, scenario: &Scenario) -> Result<Target, Vec<ExpressionError>> {
        if let Some(target) = claims(scenario).find(|target| target.name == text) {
            return Ok(target);
        }
        let typed = parse(text, scenario)?;
        Ok(Target {
            name: text.to_owned(),
            says: text.to_owned(),
            kind: if typed.is_truth {
                TargetKind::Claim
            } else {
                TargetKind::Metric
            },
            unit: match &typed.expression {
                Expression::Measure(
                    Measure::ShareOfPurchases { .. }
                    | Measure::Coverage { .. }
                    | Measure::Yield { .. },
                ) => "fraction".to_owned(),
                _ if typed.is_truth || typed.dimension.is_none() => String::new(),
                _ => typed.dimension.to_string(),
            },
            expression: typed.expression,
        })
    }

    /// Output and self-sufficiency of home in the first whole year that is not known (else the last), then all claims
    /// that are formulas.
    pub fn defaults(scenario: &Scenario) -> Vec<Target> {
        let known = scenario.data_until.map_or(i32::MIN, |date| date.year);
        let years = scenario.horizon.years();
        let next = years
            .iter()
            .find(|(label, _)| label.parse::<i32>().is_ok_and(|year| year > known));
        let mut targets = Vec::new();
        if let Some((year, _)) = next.or(years.last()) {
            for text in [
                format!("units(home, {year})"),
                format!("h100e(home, {year})"),
                format!("share_of_purchases(h100e, designed, {year})"),
                format!("share_of_purchases(h100e, fully, {year})"),
            ] {
                // A scenario without purchases has no shares to ask about.
                targets.extend(Target::parse(&text, scenario));
            }
        }
        targets.extend(claims(scenario));
        targets
    }
}

/// The claims that are formulas.
fn claims(scenario: &Scenario) -> impl Iterator<Item = Target> + '_ {
    scenario
        .claims
        .iter()
        .filter_map(|claim| match &claim.answer {
            ClaimAnswer::Formula { condition, .. } => Some(Target {
                name: claim.id.clone(),
                says: claim.says.clone(),
                kind: TargetKind::Claim,
                unit: String::new(),
                expression: condition.clone(),
            }),
            ClaimAnswer::Facts { .. } => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wafercast::check::{CheckOptions, check};
    use wafercast::facts::FactBase;
    use wafercast::load::{Limits, load};

    const SCENARIO: &str = r#"
format = 1
title = "t"
home = "CN"
horizon = { from = "2025-01", to = "2026-12" }
data_until = "2025-12-31"

[import.h20]
name = "H20"
designer = "NVIDIA"
country = "CN"
rate = "100 units/month"

[claim.many]
says = "Many"
holds = "units(imports, 2026) > 1000 units"
"#;

    fn scenario() -> Scenario {
        let files = std::collections::BTreeMap::from([("s.toml".to_owned(), SCENARIO.to_owned())]);
        let loaded = load("s.toml", &files, &[], &Limits::default());
        let checked = check(
            &loaded.document,
            &FactBase::default(),
            &CheckOptions::default(),
        );
        checked
            .scenario
            .unwrap_or_else(|| panic!("{:?}{:?}", loaded.diagnostics, checked.diagnostics))
    }

    #[test]
    fn a_target_is_a_claim_or_an_expression() {
        let scenario = scenario();
        let claim = Target::parse("many", &scenario).unwrap();
        assert_eq!(
            (claim.kind, claim.says.as_str()),
            (TargetKind::Claim, "Many")
        );
        let metric = Target::parse("units(imports, 2026)", &scenario).unwrap();
        assert_eq!(
            (metric.kind, metric.unit.as_str()),
            (TargetKind::Metric, "units")
        );
        assert!(Target::parse("units(imports, 2066)", &scenario).is_err());
    }

    #[test]
    fn defaults_are_of_the_first_year_to_come() {
        let targets = Target::defaults(&scenario());
        assert!(
            targets.iter().any(|t| t.name == "units(home, 2026)"),
            "{targets:?}"
        );
        assert_eq!(targets.last().map(|t| t.name.as_str()), Some("many"));
    }
}
