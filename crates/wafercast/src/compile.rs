//! Scenario → plan: names become indices, notation becomes samplers. Total: every [`Scenario`] can be compiled.

mod fingerprint;
mod inputs;
mod supply;
mod values;
mod workloads;

use crate::plan::{
    AcceleratorPlan, ClaimPlan, DemandPlan, EventPlan, Factors, ImportPlan, Item, Need, OwnPart,
    Plan, SharedResource, TierItem, TierPlan,
};
use crate::scenario::{
    Ability, Accelerator, ClaimAnswer, FormatSupport, NumberFormat, Scenario, Spec,
};
use values::Values;

/// Compiles a scenario.
pub fn compile(scenario: &Scenario) -> Plan {
    let mut values = Values::new(scenario);
    let events = events(scenario, &mut values);
    let supply = supply::compile(scenario, &mut values);
    let accelerators = accelerators(scenario, &mut values);
    let imports = imports(scenario, &mut values);
    let workloads = workloads::workloads(scenario, &mut values);
    let ownership = workloads::ownership(scenario, &mut values);
    let demands = scenario
        .demands
        .iter()
        .map(|demand| DemandPlan {
            metric: demand.metric,
            rate: values.reading(demand.rate),
        })
        .collect::<Vec<_>>();
    let mut plan = Plan {
        months: scenario.horizon.months,
        horizon: scenario.horizon,
        tiers: tiers(scenario)
            .iter()
            .map(|members| tier(members, scenario, &supply.items))
            .collect(),
        claims: claims(scenario),
        evidence: scenario
            .evidence
            .iter()
            .enumerate()
            .map(|(i, e)| (i, e.metric.clone()))
            .collect(),
        fingerprint: fingerprint::of(scenario),
        inputs: inputs::of(scenario, &values),
        placements: values.placements(),
        scores: values.scores,
        copulas: values.copulas,
        serial: values.serial,
        scalars: values.scalars,
        series: values.series,
        effects: values.effects,
        processes: supply.processes,
        dies: supply.dies,
        fabs: supply.fabs,
        memory_lines: supply.memory_lines,
        technologies: supply.technologies,
        parts: supply.parts,
        items: supply.items,
        package_kinds: supply.package_kinds,
        accelerators,
        imports,
        workloads,
        ownership,
        demands,
        events,
        tracks: crate::tracks::Tracks::default(),
    };
    plan.tracks = crate::tracks::Tracks::of(scenario, &plan);
    plan
}

fn events(scenario: &Scenario, values: &mut Values) -> Vec<EventPlan> {
    scenario
        .events
        .iter()
        .map(|event| EventPlan {
            date: event.date,
            delay: values.scalar(event.delay),
            happens: values.chance(event.probability),
            until: event.until.unwrap_or(f64::INFINITY),
        })
        .collect()
}

/// The tiers in ascending order, each with its accelerators.
fn tiers(scenario: &Scenario) -> Vec<Vec<usize>> {
    let mut tiers = std::collections::BTreeMap::<u32, Vec<usize>>::new();
    for (k, accelerator) in scenario.accelerators.iter().enumerate() {
        tiers.entry(accelerator.tier).or_default().push(k);
    }
    tiers.into_values().collect()
}

/// A tier: which resources are an accelerator's own within it, and which are shared.
fn tier(members: &[usize], scenario: &Scenario, items: &[Item]) -> TierPlan {
    let parts = scenario.dies.len() + scenario.memories.len();
    let mine = (0..items.len())
        .filter(|&j| members.contains(&items[j].accelerator))
        .collect::<Vec<_>>();
    let mut tier_items = mine
        .iter()
        .enumerate()
        .map(|(place, &j)| tier_item(place, j, scenario, items))
        .collect::<Vec<_>>();
    let mut shared = Vec::new();
    for part in 0..parts {
        let users = mine
            .iter()
            .filter_map(|&j| {
                items[j]
                    .parts
                    .iter()
                    .find(|(p, _)| *p == part)
                    .map(|(_, n)| (j, *n))
            })
            .collect::<Vec<_>>();
        let Some(&(first, _)) = users.first() else {
            continue;
        };
        if users
            .iter()
            .all(|(j, _)| items[*j].accelerator == items[first].accelerator)
        {
            for item in &mut tier_items {
                if let Some((_, count)) = users.iter().find(|(j, _)| *j == item.index) {
                    item.own.push(OwnPart {
                        part,
                        count: *count,
                        packages_per_part: 1.0 / count,
                    });
                }
            }
        } else {
            shared.push(SharedResource {
                resource: part,
                bit: crate::simulate::allocate::bit(part),
                users,
                shared_bits: Vec::new(),
            });
        }
    }
    for technology in 0..scenario.technologies.len() {
        let users = mine
            .iter()
            .filter(|&&j| items[j].technology == Some(technology))
            .map(|&j| (j, 0.0))
            .collect::<Vec<_>>();
        if !users.is_empty() {
            shared.push(SharedResource {
                resource: parts + technology,
                bit: crate::simulate::allocate::bit(parts + technology),
                users,
                shared_bits: Vec::new(),
            });
        }
    }
    for item in &mut tier_items {
        for need in &mut item.needs {
            if let Some(own) = item.own.iter().find(|own| own.part == need.resource) {
                need.own = own.count;
            }
            if let Some(s) = shared.iter().position(|s| s.resource == need.resource) {
                item.shared_bits |= crate::simulate::allocate::bit(s);
            }
        }
    }
    for resource in &mut shared {
        resource.shared_bits = resource
            .users
            .iter()
            .filter_map(|(j, _)| tier_items.iter().find(|item| item.index == *j))
            .map(|item| item.shared_bits)
            .collect();
    }
    let chained = tier_items
        .iter()
        .filter(|item| item.has_next)
        .map(|item| item.place)
        .collect::<Vec<_>>();
    TierPlan {
        own_chained: chained
            .iter()
            .copied()
            .filter(|&place| !tier_items[place].own.is_empty())
            .collect(),
        chained,
        items: tier_items,
        shared,
    }
}

fn tier_item(place: usize, j: usize, scenario: &Scenario, items: &[Item]) -> TierItem {
    let item = &items[j];
    let parts = scenario.dies.len() + scenario.memories.len();
    let same =
        |other: Option<&Item>| other.is_some_and(|other| other.accelerator == item.accelerator);
    let mut resources = item.parts.iter().map(|(part, _)| *part).collect::<Vec<_>>();
    resources.extend(item.technology.map(|t| parts + t));
    TierItem {
        place,
        index: j,
        maker: item.accelerator,
        is_first: !same(j.checked_sub(1).and_then(|before| items.get(before))),
        has_next: same(items.get(j + 1)),
        is_capped: scenario.accelerators[item.accelerator].cap.is_some(),
        own: Vec::new(),
        resource_bits: resources.iter().fold(0, |bits, &resource| {
            bits | crate::simulate::allocate::bit(resource)
        }),
        needs: resources
            .into_iter()
            .map(|resource| Need {
                resource,
                own: 0.0,
                bit: crate::simulate::allocate::bit(resource),
            })
            .collect(),
        shared_bits: 0,
        technology: parts + item.technology.unwrap_or(scenario.technologies.len()),
    }
}

fn accelerators(scenario: &Scenario, values: &mut Values) -> Vec<AcceleratorPlan> {
    let mut first_item = 0;
    let mut plans = Vec::with_capacity(scenario.accelerators.len());
    for accelerator in &scenario.accelerators {
        let items = first_item..first_item + accelerator.boms.len();
        first_item = items.end;
        plans.push(AcceleratorPlan {
            home: accelerator.country == scenario.home,
            launch: accelerator.launch,
            delay: values.scalar(accelerator.delay),
            happens: values.chance(accelerator.probability),
            end: accelerator
                .end
                .map_or(f64::INFINITY, |end| end.floor() + 1.0),
            weight: values.reading(accelerator.weight),
            cap: accelerator.cap.map(|cap| values.monthly(cap)),
            test_yield: values.reading(accelerator.test_yield),
            lifetime: values.scalar(accelerator.lifetime),
            factors: factors(
                &accelerator.spec,
                &accelerator.ability,
                Some(accelerator),
                scenario,
                values,
            ),
            items,
            tier: 0,
        });
    }
    for (tier, members) in tiers(scenario).iter().enumerate() {
        for &k in members {
            plans[k].tier = tier;
        }
    }
    plans
}

fn imports(scenario: &Scenario, values: &mut Values) -> Vec<ImportPlan> {
    scenario
        .imports
        .iter()
        .map(|import| ImportPlan {
            rate: values.reading(import.rate),
            legal: import.legal,
            home: import.country == scenario.home,
            lifetime: values.scalar(import.lifetime),
            factors: factors(&import.spec, &import.ability, None, scenario, values),
        })
        .collect()
}

/// What a unit counts in every metric; memory falls back to the stacks of the first BOM.
fn factors(
    spec: &Spec,
    ability: &Ability,
    accelerator: Option<&Accelerator>,
    scenario: &Scenario,
    values: &mut Values,
) -> Factors {
    let native = |format: NumberFormat| {
        spec.compute
            .iter()
            .find(|(f, _)| *f == format)
            .and_then(|(_, support)| match support {
                FormatSupport::Native(quantity) => Some(*quantity),
                FormatSupport::None => None,
            })
    };
    let sixteen = |first, second| native(first).or_else(|| native(second));
    let with_fallback = |format| match format {
        NumberFormat::Fp32 | NumberFormat::Tf32 => native(format),
        NumberFormat::Fp16 => sixteen(NumberFormat::Fp16, NumberFormat::Bf16),
        NumberFormat::Bf16 => sixteen(NumberFormat::Bf16, NumberFormat::Fp16),
        NumberFormat::Fp8 | NumberFormat::Int8 | NumberFormat::Fp4 => {
            native(format).or_else(|| sixteen(NumberFormat::Bf16, NumberFormat::Fp16))
        }
    };
    let stacks = accelerator
        .and_then(|a| a.boms.first())
        .map_or(&[][..], |bom| &bom.memory[..]);
    let memory = match spec.memory {
        Some(quantity) => vec![(1.0, values.scalar(quantity))],
        None => stacks
            .iter()
            .map(|(m, n)| (*n, values.scalar(scenario.memories[m.0].capacity)))
            .collect(),
    };
    let bandwidth = match spec.bandwidth {
        Some(quantity) => vec![(1.0, values.scalar(quantity))],
        None => stacks
            .iter()
            .map(|(m, n)| (*n, values.scalar(scenario.memories[m.0].bandwidth)))
            .collect(),
    };
    Factors {
        compute: NumberFormat::ALL
            .into_iter()
            .filter_map(|format| with_fallback(format).map(|q| (format, values.scalar(q))))
            .collect(),
        native: NumberFormat::ALL
            .into_iter()
            .filter_map(|format| native(format).map(|q| (format.bits(), values.scalar(q))))
            .collect(),
        price: spec.price.map(|price| values.reading(price)),
        memory,
        bandwidth,
        tdp: spec.tdp.map(|tdp| values.scalar(tdp)),
        workloads: ability
            .runs
            .iter()
            .filter_map(|runs| Some((runs.workload.0, values.reading(runs.rate?))))
            .collect(),
        rent: ability.rent.map(|rent| values.reading(rent)),
    }
}

fn claims(scenario: &Scenario) -> Vec<ClaimPlan> {
    let mut plans = Vec::new();
    for (index, claim) in scenario.claims.iter().enumerate() {
        if let ClaimAnswer::Formula { condition, .. } = &claim.answer {
            let end = condition
                .measures()
                .map(|measure| measure.last_month() + 1)
                .max()
                .unwrap_or(scenario.horizon.months)
                .min(scenario.horizon.months);
            plans.push(ClaimPlan {
                claim: index,
                condition: condition.clone(),
                months: end.saturating_sub(12)..end,
            });
        }
    }
    plans
}

impl NumberFormat {
    /// All formats, widest first.
    pub const ALL: [NumberFormat; 7] = [
        NumberFormat::Fp32,
        NumberFormat::Tf32,
        NumberFormat::Bf16,
        NumberFormat::Fp16,
        NumberFormat::Fp8,
        NumberFormat::Int8,
        NumberFormat::Fp4,
    ];

    /// Bit length, as TPP counts it.
    pub fn bits(self) -> f64 {
        match self {
            NumberFormat::Fp32 | NumberFormat::Tf32 => 32.0,
            NumberFormat::Bf16 | NumberFormat::Fp16 => 16.0,
            NumberFormat::Fp8 | NumberFormat::Int8 => 8.0,
            NumberFormat::Fp4 => 4.0,
        }
    }
}
