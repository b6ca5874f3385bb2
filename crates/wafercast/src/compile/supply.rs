//! Lines, parts, technologies and bills of materials.

use super::values::Values;
use crate::die_yield::Salvage;
use crate::distribution::Distribution;
use crate::packing;
use crate::plan::{
    Density, DiePlan, FabPlan, Gross, Item, MemoryLinePlan, Model, OriginPlan, PackageKind,
    PackagingLinePlan, PartPlan, PhasePlan, ProcessPlan, StacksPerWafer, TechnologyPlan,
};
use crate::scenario::{
    CycleTime, DefectDensity, Die, Part, Phase, QuantityId, Scenario, StackYield, Value, YieldModel,
};

/// The supply side of a plan.
pub(super) struct Supply {
    pub(super) processes: Vec<ProcessPlan>,
    pub(super) dies: Vec<DiePlan>,
    pub(super) fabs: Vec<FabPlan>,
    pub(super) memory_lines: Vec<MemoryLinePlan>,
    pub(super) technologies: Vec<TechnologyPlan>,
    pub(super) parts: Vec<PartPlan>,
    pub(super) items: Vec<Item>,
    pub(super) package_kinds: Vec<PackageKind>,
}

/// Compiles the supply side.
pub(super) fn compile(scenario: &Scenario, values: &mut Values) -> Supply {
    let mut parts = parts(scenario, values);
    let mut items = items(scenario);
    let package_kinds = package_kinds(&mut items);
    let dies = dies(scenario, &items, values);
    let fabs = fabs(scenario, &mut parts, values);
    let memory_lines = memory_lines(scenario, &mut parts, values);
    Supply {
        processes: processes(scenario, values),
        technologies: technologies(scenario, &items, values),
        dies,
        fabs,
        memory_lines,
        parts,
        items,
        package_kinds,
    }
}

/// Index of a part: dies first, then memories.
pub(super) fn part_index(scenario: &Scenario, part: Part) -> usize {
    match part {
        Part::Die(die) => die.0,
        Part::Memory(memory) => scenario.dies.len() + memory.0,
    }
}

/// The stocked parts with the origins of their stockpiles, in order of use; lines add theirs behind them.
fn parts(scenario: &Scenario, values: &mut Values) -> Vec<PartPlan> {
    let count = scenario.dies.len() + scenario.memories.len();
    let mut parts = vec![
        PartPlan {
            origins: Vec::new(),
            deliveries: Vec::new()
        };
        count
    ];
    let mut stockpiles = scenario.stockpiles.iter().collect::<Vec<_>>();
    stockpiles.sort_by(|a, b| {
        let first =
            |s: &crate::scenario::Stockpile| s.deliveries.first().map_or(f64::INFINITY, |d| d.0);
        a.order
            .cmp(&b.order)
            .then(first(a).total_cmp(&first(b)))
            .then(a.id.cmp(&b.id))
    });
    for stockpile in stockpiles {
        let part = &mut parts[part_index(scenario, stockpile.part)];
        part.origins.push(OriginPlan {
            country: stockpile.country.clone(),
            maker: stockpile.maker.clone(),
            home: stockpile.country == scenario.home,
        });
        let origin = part.origins.len() - 1;
        for (position, amount) in &stockpile.deliveries {
            let month = position.max(0.0).floor();
            if month < scenario.horizon.months as f64 {
                part.deliveries
                    .push((month as usize, origin, values.scalar(*amount)));
            }
        }
    }
    parts
}

/// The origin of what a line makes; lines of one owner and country share one.
fn line_origin(
    part: &mut PartPlan,
    stockpiles: usize,
    country: &str,
    owner: &str,
    home: &str,
) -> usize {
    let own = part.origins[stockpiles..]
        .iter()
        .position(|o| o.country == country && o.maker == owner);
    if let Some(index) = own {
        return stockpiles + index;
    }
    part.origins.push(OriginPlan {
        country: country.to_owned(),
        maker: owner.to_owned(),
        home: country == home,
    });
    part.origins.len() - 1
}

fn stockpile_count(scenario: &Scenario, part: Part) -> usize {
    scenario
        .stockpiles
        .iter()
        .filter(|s| s.part == part)
        .count()
}

fn items(scenario: &Scenario) -> Vec<Item> {
    let mut items = Vec::new();
    for (k, accelerator) in scenario.accelerators.iter().enumerate() {
        for bom in &accelerator.boms {
            // A count of zero is no need.
            let needed = |(_, count): &(usize, f64)| *count > 0.0;
            let mut parts = bom
                .dies
                .iter()
                .map(|(d, n)| (d.0, *n))
                .filter(needed)
                .collect::<Vec<_>>();
            let dies = parts.len();
            parts.extend(
                bom.memory
                    .iter()
                    .map(|(m, n)| (scenario.dies.len() + m.0, *n))
                    .filter(needed),
            );
            let packages_per_wafer = bom.technology.map_or_else(Vec::new, |technology| {
                scenario
                    .packaging_lines
                    .iter()
                    .filter(|line| line.technology == technology)
                    .map(|line| match (line.in_wafers, bom.size) {
                        (true, Some((width, height))) => {
                            let wafer = packing::Wafer {
                                diameter: line.diameter,
                                edge: line.edge,
                            };
                            let tile = packing::Tile {
                                width,
                                height,
                                street: 0.0,
                            };
                            packing::pack(&tile, &wafer).count as f64 / bom.interposers
                        }
                        (true, None) => 0.0,
                        (false, _) => 1.0,
                    })
                    .collect()
            });
            items.push(Item {
                accelerator: k,
                parts,
                dies,
                technology: bom.technology.map(|t| t.0),
                packages_per_wafer,
                package_kind: None,
            });
        }
    }
    items
}

/// The kinds of packages, of which each item is told its own.
fn package_kinds(items: &mut [Item]) -> Vec<PackageKind> {
    let mut kinds = Vec::new();
    for item in items {
        if let Some(technology) = item.technology {
            let kind = PackageKind {
                technology,
                packages_per_wafer: item.packages_per_wafer.clone(),
            };
            let known = kinds.iter().position(|other| *other == kind);
            item.package_kind = Some(known.unwrap_or(kinds.len()));
            if known.is_none() {
                kinds.push(kind);
            }
        }
    }
    kinds
}

fn dies(scenario: &Scenario, items: &[Item], values: &mut Values) -> Vec<DiePlan> {
    scenario
        .dies
        .iter()
        .enumerate()
        .map(|(d, die)| DiePlan {
            process: die.process.0,
            gross: gross(scenario, die, values),
            area: die.width * die.height,
            critical_area: values.scalar(die.critical_area),
            // The check has refused impossible numbers of cores.
            cores: die
                .cores
                .and_then(|c| Salvage::new(c.total, c.min_good, c.area_share).ok()),
            users: users(d, items),
        })
        .collect()
}

fn gross(scenario: &Scenario, die: &Die, values: &mut Values) -> Gross {
    if let Some(quantity) = die.gross {
        return Gross::Given(values.scalar(quantity));
    }
    let process = &scenario.processes[die.process.0];
    let wafer = packing::Wafer {
        diameter: central(scenario, process.diameter),
        edge: central(scenario, process.edge),
    };
    let tile = packing::Tile {
        width: die.width,
        height: die.height,
        street: die.street,
    };
    Gross::Packed(packing::pack(&tile, &wafer).count as f64)
}

/// The size of a wafer is a number, not a forecast: an uncertain one is read at its median.
fn central(scenario: &Scenario, quantity: QuantityId) -> f64 {
    let distribution = match &scenario.quantities[quantity.0].value {
        Value::Constant(distribution) => distribution,
        Value::Path(path) => &path.anchors[0].1,
    };
    match distribution {
        Distribution::Point(value) => *value,
        other => other.quantile(0.5),
    }
}

/// Accelerators that use a die, each with its first BOM that does.
fn users(die: usize, items: &[Item]) -> Vec<(usize, f64)> {
    let mut users = Vec::<(usize, f64)>::new();
    for (index, item) in items.iter().enumerate() {
        let count = item.parts[..item.dies]
            .iter()
            .find(|(part, _)| *part == die);
        let already = users
            .iter()
            .any(|(other, _)| items[*other].accelerator == item.accelerator);
        if let (Some((_, count)), false) = (count, already) {
            users.push((index, *count));
        }
    }
    users
}

fn phases(phases: &[Phase], values: &mut Values) -> Vec<PhasePlan> {
    phases
        .iter()
        .map(|phase| PhasePlan {
            add: values.scalar(phase.add),
            start: phase.start,
            delay: values.scalar(phase.delay),
            ramp_time: values.scalar(phase.ramp_time),
            shape: phase.ramp_shape,
            happens: values.chance(phase.probability),
        })
        .collect()
}

fn fabs(scenario: &Scenario, parts: &mut [PartPlan], values: &mut Values) -> Vec<FabPlan> {
    let mut plans = Vec::with_capacity(scenario.fabs.len());
    for fab in &scenario.fabs {
        let mut origins = Vec::new();
        for (d, die) in scenario.dies.iter().enumerate() {
            if die.process == fab.process {
                let stockpiles = stockpile_count(scenario, Part::Die(crate::scenario::DieId(d)));
                origins.push(line_origin(
                    &mut parts[d],
                    stockpiles,
                    &fab.country,
                    &fab.owner,
                    &scenario.home,
                ));
            }
        }
        plans.push(FabPlan {
            process: fab.process.0,
            utilisation: values.reading(fab.utilisation),
            ai_share: values.reading(fab.ai_share),
            cycle_time: match fab.cycle_time {
                CycleTime::Months(months) => (values.scalar(months), None),
                CycleTime::Layers {
                    layers,
                    time_per_layer,
                } => (values.scalar(layers), Some(values.scalar(time_per_layer))),
            },
            tool_limit: fab.tool_limit.map(|limit| {
                (
                    values.reading(limit.scanners),
                    values.reading(limit.exposures_per_scanner_month),
                    values.reading(limit.exposures_per_wafer),
                )
            }),
            mix: fab
                .mix
                .iter()
                .map(|(die, weight)| (die.0, values.reading(*weight)))
                .collect(),
            phases: phases(&fab.phases, values),
            origins,
        });
    }
    plans
}

fn processes(scenario: &Scenario, values: &mut Values) -> Vec<ProcessPlan> {
    scenario
        .processes
        .iter()
        .enumerate()
        .map(|(p, process)| ProcessPlan {
            model: match process.yield_model {
                YieldModel::Poisson => Model::Poisson,
                YieldModel::Murphy => Model::Murphy,
                YieldModel::MurphyRectangular => Model::MurphyRectangular,
                YieldModel::Seeds => Model::Seeds,
                YieldModel::SeedsSqrt => Model::SeedsSqrt,
                YieldModel::BoseEinstein { n } => Model::BoseEinstein(values.scalar(n)),
                YieldModel::NegativeBinomial { alpha } => {
                    Model::NegativeBinomial(values.scalar(alpha))
                }
            },
            line_yield: values.reading(process.line_yield),
            density: density(&process.d0, values),
            dies: (0..scenario.dies.len())
                .filter(|&d| scenario.dies[d].process.0 == p)
                .collect(),
            fabs: (0..scenario.fabs.len())
                .filter(|&f| scenario.fabs[f].process.0 == p)
                .collect(),
        })
        .collect()
}

fn density(density: &DefectDensity, values: &mut Values) -> Density {
    match *density {
        DefectDensity::Given(quantity) => Density::Given(values.reading(quantity)),
        DefectDensity::Exponential {
            initial,
            floor,
            from,
            time_constant,
        } => Density::Learning {
            gompertz: false,
            initial: values.scalar(initial),
            floor: values.scalar(floor),
            from,
            time_constant: values.scalar(time_constant),
        },
        DefectDensity::Gompertz {
            initial,
            floor,
            from,
            time_constant,
        } => Density::Learning {
            gompertz: true,
            initial: values.scalar(initial),
            floor: values.scalar(floor),
            from,
            time_constant: values.scalar(time_constant),
        },
        DefectDensity::CumulatedWafers {
            initial,
            reference,
            exponent,
        } => Density::Cumulated {
            initial: values.scalar(initial),
            reference: values.scalar(reference),
            exponent: values.scalar(exponent),
        },
        DefectDensity::Calibrated { die, reported } => Density::Calibrated {
            die: die.0,
            reported: values.reading(reported),
        },
    }
}

fn memory_lines(
    scenario: &Scenario,
    parts: &mut [PartPlan],
    values: &mut Values,
) -> Vec<MemoryLinePlan> {
    let mut plans = Vec::with_capacity(scenario.memory_lines.len());
    for line in &scenario.memory_lines {
        let part = part_index(scenario, Part::Memory(line.memory));
        let stockpiles = stockpile_count(scenario, Part::Memory(line.memory));
        let origin = line_origin(
            &mut parts[part],
            stockpiles,
            &line.country,
            &line.owner,
            &scenario.home,
        );
        plans.push(MemoryLinePlan {
            part,
            origin,
            utilisation: values.reading(line.utilisation),
            stacks: match line.stacks {
                StackYield::PerWafer(stacks) => StacksPerWafer::Given(values.reading(stacks)),
                StackYield::Built {
                    dies_per_wafer,
                    die_yield,
                    stack_yield,
                    bond_yield,
                } => StacksPerWafer::Built {
                    dies: values.reading(dies_per_wafer),
                    die_yield: values.reading(die_yield),
                    layers: values.scalar(scenario.memories[line.memory.0].layers),
                    stack_yield: stack_yield.map(|q| values.reading(q)),
                    bond_yield: bond_yield.map(|q| values.reading(q)),
                },
            },
            cycle_time: values.scalar(line.cycle_time),
            phases: phases(&line.phases, values),
        });
    }
    plans
}

fn technologies(scenario: &Scenario, items: &[Item], values: &mut Values) -> Vec<TechnologyPlan> {
    (0..scenario.technologies.len())
        .map(|t| TechnologyPlan {
            lines: scenario
                .packaging_lines
                .iter()
                .filter(|line| line.technology.0 == t)
                .map(|line| PackagingLinePlan {
                    home: line.country == scenario.home,
                    in_wafers: line.in_wafers,
                    utilisation: values.reading(line.utilisation),
                    assembly_yield: values.reading(line.assembly_yield),
                    lead_time: values.scalar(line.lead_time),
                    phases: phases(&line.phases, values),
                })
                .collect(),
            reference_item: items.iter().position(|item| item.technology == Some(t)),
        })
        .collect()
}
