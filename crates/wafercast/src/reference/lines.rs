//! Lines: installed capacity, wafer starts, cycle time, die mix; memory and packaging.

use super::draw::{Draw, middle};
use super::yields::{ProcessYield, die_yield};
use super::{Months, Outcome};
use crate::packing::{Tile, Wafer, pack};
use crate::scenario::{
    Accelerator, Bom, CycleTime, Fab, MemoryLine, PackagingLine, Phase, RampShape, StackYield,
    TechnologyId,
};

/// Good dies: `[fab][die][month]`.
pub(super) type Logic = Vec<Vec<Months>>;

/// `K = Σ B·Δ·ramp((t − start − delay)/ramp)` at the middle of the month.
fn installed(draw: &Draw, phases: &[Phase], month: usize) -> f64 {
    let mut capacity = 0.0;
    for phase in phases {
        if let Some(start) = phase_start(draw, phase) {
            let since_start = middle(month) - start;
            let ramp_time = draw.once(phase.ramp_time);
            capacity += draw.once(phase.add) * ramp(since_start, ramp_time, phase.ramp_shape);
        }
    }
    capacity
}

fn ramp(since_start: f64, ramp_time: f64, shape: RampShape) -> f64 {
    if since_start < 0.0 {
        return 0.0;
    }
    if since_start >= ramp_time {
        return 1.0;
    }
    let u = since_start / ramp_time;
    match shape {
        RampShape::Linear => u,
        RampShape::SCurve => 3.0 * u * u - 2.0 * u * u * u,
    }
}

/// What leaves in month `month` of what was started `lag` months before, the part of a month split over two months.
fn delayed(started: &[f64], before_horizon: f64, lag: f64, month: usize) -> f64 {
    let whole = lag.floor();
    let fraction = lag - whole;
    let month_started = month as i64 - whole as i64;
    let of = |m: i64| match usize::try_from(m) {
        Ok(m) => started[m],
        Err(_) => before_horizon,
    };
    let earlier = if fraction > 0.0 {
        fraction * of(month_started - 1)
    } else {
        0.0
    };
    (1.0 - fraction) * of(month_started) + earlier
}

/// What a line started in each month before the horizon: as in month 0, its pipeline being full, unless it opens inside
/// the horizon.
fn started_before(draw: &Draw, started: &[f64], phases: &[Phase]) -> f64 {
    let mut starts = phases.iter().filter_map(|phase| phase_start(draw, phase));
    let runs_before = starts.any(|start| start <= 0.0);
    if runs_before { started[0] } else { 0.0 }
}

/// Slipped start of a phase, `None` where it does not come.
pub(super) fn phase_start(draw: &Draw, phase: &Phase) -> Option<f64> {
    draw.happens(phase.probability)
        .then(|| phase.start + draw.once(phase.delay))
}

/// Capacity of a fab: its phases, at most what its scanners can do.
fn fab_capacity(draw: &Draw, fab: &Fab, month: usize) -> f64 {
    let capacity = installed(draw, &fab.phases, month);
    match fab.tool_limit {
        None => capacity,
        Some(limit) => {
            let passes =
                draw.at(limit.scanners, month) * draw.at(limit.exposures_per_scanner_month, month);
            capacity.min(passes / draw.at(limit.exposures_per_wafer, month))
        }
    }
}

fn cycle_time(draw: &Draw, fab: &Fab) -> f64 {
    match fab.cycle_time {
        CycleTime::Months(months) => draw.once(months),
        CycleTime::Layers {
            layers,
            time_per_layer,
        } => draw.once(layers) * draw.once(time_per_layer),
    }
}

/// Gross dies per wafer of each die.
fn gross_dies(draw: &Draw) -> Vec<f64> {
    let scenario = draw.scenario;
    scenario
        .dies
        .iter()
        .map(|die| match die.gross {
            Some(gross) => draw.once(gross),
            None => {
                let process = &scenario.processes[die.process.0];
                let tile = Tile {
                    width: die.width,
                    height: die.height,
                    street: die.street,
                };
                let wafer = Wafer {
                    diameter: draw.once(process.diameter),
                    edge: draw.once(process.edge),
                };
                pack(&tile, &wafer).count as f64
            }
        })
        .collect()
}

/// Whether an accelerator is in production at position `t`: from its launch to the end of its last month.
pub(super) fn in_production(draw: &Draw, accelerator: &Accelerator, t: f64) -> bool {
    let has_begun = draw.launch(accelerator).is_some_and(|launch| launch <= t);
    has_begun && accelerator.end.is_none_or(|end| t < end.floor() + 1.0)
}

/// Dies per month that the build plan asks of each die: `Σ ω·n` over the accelerators in production when the wafer
/// leaves, each with its first bill of materials that uses the die.
fn planned_dies(draw: &Draw, fab: &Fab, month: usize) -> Vec<f64> {
    let scenario = draw.scenario;
    let leaves = middle(month) + cycle_time(draw, fab);
    let mut planned = vec![0.0; scenario.dies.len()];
    for accelerator in &scenario.accelerators {
        if !in_production(draw, accelerator, leaves) {
            continue;
        }
        for (die, planned) in planned.iter_mut().enumerate() {
            let mut counts = accelerator.boms.iter().map(|bom| dies_in(bom, die));
            let count = counts.find(|count| *count > 0.0).unwrap_or(0.0);
            *planned += draw.at(accelerator.weight, month) * count;
        }
    }
    planned
}

fn dies_in(bom: &Bom, die: usize) -> f64 {
    let counts = bom.dies.iter().filter(|(id, _)| id.0 == die);
    counts.map(|(_, count)| count).sum()
}

/// Weights in which a month's wafers are split among the dies of the fab's process.
fn mix_weights(draw: &Draw, fab: &Fab, month: usize, gross: &[f64], yields: &[Months]) -> Vec<f64> {
    let scenario = draw.scenario;
    let mut weights = vec![0.0; scenario.dies.len()];
    if fab.mix.is_empty() {
        let planned = planned_dies(draw, fab, month);
        for (d, die) in scenario.dies.iter().enumerate() {
            let good_per_wafer = gross[d] * yields[d][month];
            if die.process == fab.process && good_per_wafer > 0.0 {
                weights[d] = planned[d] / good_per_wafer;
            }
        }
    } else {
        for (die, weight) in &fab.mix {
            weights[die.0] = draw.at(*weight, month);
        }
    }
    weights
}

/// Runs all fabs: good dies by fab, die and month.
pub(super) fn logic(draw: &Draw, outcome: &mut Outcome) -> Logic {
    let scenario = draw.scenario;
    let gross = gross_dies(draw);
    let cycle_times: Vec<f64> = scenario
        .fabs
        .iter()
        .map(|fab| cycle_time(draw, fab))
        .collect();
    let mut yields = vec![Months::new(); scenario.dies.len()];
    let mut processes: Vec<ProcessYield> = scenario
        .processes
        .iter()
        .map(|process| ProcessYield::new(draw, process))
        .collect();
    let mut capacity = vec![Months::new(); scenario.fabs.len()];
    let mut starts = vec![Months::new(); scenario.fabs.len()];
    let mut all_starts = starts.clone();
    let mut starts_by_die = vec![vec![Months::new(); scenario.dies.len()]; scenario.fabs.len()];

    for month in 0..draw.months() {
        for (f, fab) in scenario.fabs.iter().enumerate() {
            let k = fab_capacity(draw, fab, month);
            let used = k * draw.at(fab.utilisation, month);
            capacity[f].push(k);
            all_starts[f].push(used);
            starts[f].push(match is_wanted(draw, fab, month) {
                true => used * draw.at(fab.ai_share, month),
                false => 0.0,
            });
            // A process learns from all its wafers, whatever they are for.
            let before = started_before(draw, &all_starts[f], &fab.phases);
            let leaving = delayed(&all_starts[f], before, cycle_times[f], month);
            processes[fab.process.0].wafers_out.push(leaving);
        }
        for (d, die) in scenario.dies.iter().enumerate() {
            let process = &mut processes[die.process.0];
            yields[d].push(die_yield(draw, process, die, month));
        }
        for process in &mut processes {
            process.end_month();
        }
        for (f, fab) in scenario.fabs.iter().enumerate() {
            let weights = mix_weights(draw, fab, month, &gross, &yields);
            let total: f64 = weights.iter().sum();
            for (weight, started) in weights.iter().zip(&mut starts_by_die[f]) {
                let share = if total > 0.0 { weight / total } else { 0.0 };
                started.push(share * starts[f][month]);
            }
        }
    }

    let mut good = vec![vec![Months::new(); scenario.dies.len()]; scenario.fabs.len()];
    for (f, fab) in scenario.fabs.iter().enumerate() {
        for (d, started) in starts_by_die[f].iter().enumerate() {
            let before = started_before(draw, started, &fab.phases);
            for month in 0..draw.months() {
                let leaving = delayed(started, before, cycle_times[f], month);
                good[f][d].push(leaving * gross[d] * yields[d][month]);
            }
        }
    }
    for (d, die) in scenario.dies.iter().enumerate() {
        let of_all_fabs = (0..draw.months())
            .map(|month| good.iter().map(|fab| fab[d][month]).sum())
            .collect();
        outcome.good_dies.insert(die.id.clone(), of_all_fabs);
        let yields = std::mem::take(&mut yields[d]);
        outcome.die_yield.insert(die.id.clone(), yields);
    }
    for ((fab, capacity), starts) in scenario.fabs.iter().zip(capacity).zip(starts) {
        outcome.capacity.insert(fab.id.clone(), capacity);
        outcome.starts.insert(fab.id.clone(), starts);
    }
    good
}

/// Whether any die of the line has a positive weight; else nothing is started.
fn is_wanted(draw: &Draw, fab: &Fab, month: usize) -> bool {
    if !fab.mix.is_empty() {
        return fab
            .mix
            .iter()
            .any(|(_, weight)| draw.at(*weight, month) > 0.0);
    }
    let planned = planned_dies(draw, fab, month);
    let mut dies = draw.scenario.dies.iter().zip(planned);
    dies.any(|(die, planned)| die.process == fab.process && planned > 0.0)
}

/// Stacks of each memory line: `[line][month]`.
pub(super) fn memory(draw: &Draw) -> Vec<Months> {
    let lines = draw.scenario.memory_lines.iter();
    lines.map(|line| stacks(draw, line)).collect()
}

fn stacks(draw: &Draw, line: &MemoryLine) -> Months {
    let started: Months = (0..draw.months())
        .map(|month| installed(draw, &line.phases, month) * draw.at(line.utilisation, month))
        .collect();
    let before = started_before(draw, &started, &line.phases);
    let cycle_time = draw.once(line.cycle_time);
    (0..draw.months())
        .map(|month| {
            delayed(&started, before, cycle_time, month) * stacks_per_wafer(draw, line, month)
        })
        .collect()
}

fn stacks_per_wafer(draw: &Draw, line: &MemoryLine, month: usize) -> f64 {
    match line.stacks {
        StackYield::PerWafer(stacks) => draw.at(stacks, month),
        StackYield::Built {
            dies_per_wafer,
            die_yield,
            stack_yield,
            bond_yield,
        } => {
            let layers = draw.once(draw.scenario.memories[line.memory.0].layers);
            let stack_yield = match (stack_yield, bond_yield) {
                (Some(given), _) => draw.at(given, month),
                (None, Some(bond)) => libm::pow(draw.at(bond, month), layers),
                (None, None) => 1.0,
            };
            draw.at(dies_per_wafer, month) * draw.at(die_yield, month) / layers * stack_yield
        }
    }
}

/// What the lines of a packaging technology are together in one month.
pub(super) struct Technology {
    /// Assembly yield.
    pub assembly_yield: f64,
    /// Lead time, months.
    pub lead_time: f64,
    /// Share of the capacity at home.
    pub home_share: f64,
}

impl Technology {
    /// A package that needs no limited technology.
    pub const UNLIMITED: Technology = Technology {
        assembly_yield: 1.0,
        lead_time: 0.0,
        home_share: 1.0,
    };

    /// Means weighted by capacity in packages of the first bill of materials that uses the technology.
    pub fn of(draw: &Draw, technology: TechnologyId, month: usize) -> Technology {
        let mut mean = Technology {
            assembly_yield: 0.0,
            lead_time: 0.0,
            home_share: 0.0,
        };
        let total = packaging_capacity(draw, technology, first_bom(draw, technology), month);
        if total <= 0.0 {
            return mean;
        }
        for line in packaging_lines(draw, technology) {
            let capacity = line_capacity(draw, line, first_bom(draw, technology), month);
            let share = capacity / total;
            mean.assembly_yield += share * draw.at(line.assembly_yield, month);
            mean.lead_time += share * draw.once(line.lead_time);
            if line.country == draw.scenario.home {
                mean.home_share += share;
            }
        }
        mean
    }
}

fn packaging_lines<'a>(
    draw: &Draw<'a>,
    technology: TechnologyId,
) -> impl Iterator<Item = &'a PackagingLine> {
    let lines = draw.scenario.packaging_lines.iter();
    lines.filter(move |line| line.technology == technology)
}

/// The first bill of materials of the scenario that uses a technology.
pub(super) fn first_bom<'a>(draw: &Draw<'a>, technology: TechnologyId) -> Option<&'a Bom> {
    let accelerators = draw.scenario.accelerators.iter();
    let mut boms = accelerators.flat_map(|accelerator| &accelerator.boms);
    boms.find(|bom| bom.technology == Some(technology))
}

/// Packages per month that a technology can take if they are all as in this bill of materials.
pub(super) fn packaging_capacity(
    draw: &Draw,
    technology: TechnologyId,
    bom: Option<&Bom>,
    month: usize,
) -> f64 {
    packaging_lines(draw, technology)
        .map(|line| line_capacity(draw, line, bom, month))
        .sum()
}

fn line_capacity(draw: &Draw, line: &PackagingLine, bom: Option<&Bom>, month: usize) -> f64 {
    let available = installed(draw, &line.phases, month) * draw.at(line.utilisation, month);
    let Some(bom) = bom.filter(|_| line.in_wafers) else {
        return available;
    };
    let (width, height) = bom.size.unwrap_or((0.0, 0.0));
    let tile = Tile {
        width,
        height,
        street: 0.0,
    };
    let wafer = Wafer {
        diameter: line.diameter,
        edge: line.edge,
    };
    available * pack(&tile, &wafer).count as f64 / bom.interposers
}
