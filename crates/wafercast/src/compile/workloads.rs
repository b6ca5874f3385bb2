//! Workloads and ownership.

use super::values::Values;
use crate::plan::{OwnershipPlan, WorkloadPlan};
use crate::scenario::Scenario;
use crate::unit::Dimension;

pub(super) fn workloads(scenario: &Scenario, values: &mut Values) -> Vec<WorkloadPlan> {
    scenario
        .workloads
        .iter()
        .map(|workload| {
            let in_runs = workload.load.is_some_and(|load| {
                scenario.quantities[load.0].unit.dimension == Dimension::PER_MONTH
            });
            WorkloadPlan {
                common: workload.common.map(|common| values.scalar(common)),
                load: workload.load.map(|load| values.reading(load)),
                load_tokens: workload.run_tokens.filter(|_| in_runs).unwrap_or(1.0),
                utilisation: values.reading(workload.utilisation),
            }
        })
        .collect()
}

pub(super) fn ownership(scenario: &Scenario, values: &mut Values) -> Option<OwnershipPlan> {
    let ownership = scenario.ownership.as_ref()?;
    Some(OwnershipPlan {
        overhead: values.scalar(ownership.overhead),
        capital: values.scalar(ownership.capital),
        months: values.scalar(ownership.years),
        running: values.scalar(ownership.running),
        availability: values.scalar(ownership.availability),
        power_overhead: values.scalar(ownership.power_overhead),
        power_load: values.scalar(ownership.power_load),
        electricity: values.reading(ownership.electricity),
    })
}
