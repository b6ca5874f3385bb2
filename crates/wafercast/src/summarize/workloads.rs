//! What chips do of workloads: the table behind usable compute.

use crate::plan::Plan;
use crate::scenario::{Ability, Scenario, Value, WorkloadId};
use crate::summary::{Workload, WorkloadChip};
use crate::unit::SECONDS_PER_MONTH;

/// Every workload with every chip of the scenario.
pub(super) fn workloads(plan: &Plan, scenario: &Scenario) -> Vec<Workload> {
    let all = scenario.workloads.iter().enumerate();
    all.map(|(index, workload)| Workload {
        id: workload.id.clone(),
        name: workload.name.clone(),
        model: workload.model.clone(),
        format: workload.format.clone(),
        is_training: workload.run_tokens.is_some(),
        has_load: workload.load.is_some(),
        chips: chips(plan, scenario, WorkloadId(index)),
    })
    .collect()
}

fn chips(plan: &Plan, scenario: &Scenario, workload: WorkloadId) -> Vec<WorkloadChip> {
    let accelerators = scenario.accelerators.iter().map(|a| {
        let launch = plan.horizon.label_at(a.launch);
        WorkloadChip {
            is_home: a.country == scenario.home,
            launch: Some(launch),
            ..chip(
                scenario,
                format!("accelerator:{}", a.id),
                &a.name,
                &a.ability,
                workload,
            )
        }
    });
    let imports = scenario.imports.iter().map(|i| WorkloadChip {
        is_home: i.country == scenario.home,
        ..chip(
            scenario,
            format!("import:{}", i.id),
            &i.name,
            &i.ability,
            workload,
        )
    });
    accelerators.chain(imports).collect()
}

fn chip(
    scenario: &Scenario,
    of: String,
    name: &str,
    ability: &Ability,
    workload: WorkloadId,
) -> WorkloadChip {
    let runs = ability.runs.iter().find(|runs| runs.workload == workload);
    let rate = runs.and_then(|runs| runs.rate).map(|rate| {
        let distribution = match &scenario.quantities[rate.0].value {
            Value::Constant(distribution) => distribution,
            Value::Path(path) => &path.anchors[0].1,
        };
        [0.05, 0.5, 0.95].map(|p| distribution.quantile(p) / SECONDS_PER_MONTH)
    });
    WorkloadChip {
        of,
        name: name.to_owned(),
        is_home: false,
        launch: None,
        chip: ability.chip.clone(),
        is_native: runs.is_some_and(crate::scenario::Runs::is_native),
        how: runs.and_then(|runs| runs.how.clone()),
        rate,
    }
}
