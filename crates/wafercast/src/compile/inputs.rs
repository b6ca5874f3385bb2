//! The uncertain inputs listed in tables of draws.

use super::values::Values;
use crate::plan::{InputPlan, Source};
use crate::scenario::{QuantityId, Scenario};

/// Every uncertain quantity that the plan uses, in order of name.
pub(super) fn of(scenario: &Scenario, values: &Values) -> Vec<InputPlan> {
    let mut inputs = Vec::new();
    for (index, quantity) in scenario.quantities.iter().enumerate() {
        match values.source_of(QuantityId(index)) {
            Some(source @ Source::Sampled { .. }) => inputs.push(InputPlan {
                name: quantity.name.clone(),
                unit: quantity.unit.symbol.clone(),
                scale: quantity.unit.scale,
                source,
            }),
            Some(Source::Fixed(_)) | None => {}
        }
    }
    inputs
}
