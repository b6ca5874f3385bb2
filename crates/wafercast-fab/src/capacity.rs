//! Static capacity: what each family must do against what it can do, without any queueing.
//!
//! Load is Σ λ·visits·t over steps; visits count sampling and, for rework with chance q after a step, q/(1 − q) more
//! passes through the loop. Batches count between t/largest and t/smallest; cascades between one interval and the time
//! of an isolated lot. Availability is 1 − MTTR/(MTTF + MTTR) − Σ duration/interval.

use serde::Serialize;

use crate::plan::{NONE, Plan, PlanFamily, PlanStep};
use crate::span::{DAY, Millis};

/// Static capacity of a whole fab.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Capacity {
    /// Steps that lots perform each day.
    pub moves_per_day: f64,
    /// Wafers released each day.
    pub wafer_starts_per_day: f64,
    /// By family.
    pub families: Vec<FamilyCapacity>,
    /// By order: expected time without waiting, in days.
    pub raw_process_days: Vec<f64>,
}

/// Static capacity of a family.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FamilyCapacity {
    /// Name.
    pub family: String,
    /// Area.
    pub area: String,
    /// Number of tools.
    pub tools: u32,
    /// Lots that come each day.
    pub lots_per_day: f64,
    /// Share of time in which a tool is neither in repair nor in maintenance.
    pub availability: f64,
    /// Share of time in repair.
    pub repair: f64,
    /// Share of time in maintenance, at the planned load.
    pub maintenance: f64,
    /// Load ÷ capacity with full batches and unbroken cascades, without setups.
    pub best: f64,
    /// Load ÷ capacity with smallest batches and isolated lots, without setups.
    pub worst: f64,
    /// Tools that the best case needs.
    pub tools_needed: f64,
    /// Whether the best and the worst case are the same and no step needs a setup.
    pub plain: bool,
}

impl Capacity {
    /// Families whose best case exceeds one: no schedule can carry the load.
    pub fn overloaded(&self) -> Vec<&FamilyCapacity> {
        self.families
            .iter()
            .filter(|family| family.best > 1.0)
            .collect()
    }
}

/// Computes the static capacity of a plan under its releases.
pub fn capacity(plan: &Plan) -> Capacity {
    let mut loads = vec![Load::default(); plan.families.len()];
    let mut raw_process_days = Vec::new();
    let (mut wafer_starts, mut moves) = (0.0, 0.0);
    for order in &plan.orders {
        let steps = order.first_step as usize..order.end_step as usize;
        let visits = visits(plan, steps.clone());
        raw_process_days
            .push(raw_process_time(plan, steps.clone(), &visits, order.wafers) / DAY as f64);
        let interval = order.interval.mean() as f64;
        if order.releases <= 1 || interval <= 0.0 {
            continue;
        }
        let rate = f64::from(order.lots_per_release) / interval;
        wafer_starts += rate * f64::from(order.wafers);
        for (step, &visits) in plan.steps[steps].iter().zip(&visits) {
            let family = &plan.families[step.family as usize];
            let (best, worst) = service(family, step, order.wafers);
            let load = &mut loads[step.family as usize];
            load.lots += rate * visits;
            load.wafers += rate * visits * f64::from(order.wafers);
            load.best += rate * visits * best;
            load.worst += rate * visits * worst;
            load.setups |= step.setup != 0;
            moves += rate * visits;
        }
    }
    let families = plan
        .families
        .iter()
        .zip(&loads)
        .map(|(family, load)| family_capacity(plan, family, load));
    Capacity {
        moves_per_day: moves * DAY as f64,
        wafer_starts_per_day: wafer_starts * DAY as f64,
        families: families.collect(),
        raw_process_days,
    }
}

/// What a family must do, per ms.
#[derive(Debug, Clone, Default)]
struct Load {
    lots: f64,
    wafers: f64,
    best: f64,
    worst: f64,
    setups: bool,
}

/// Expected visits to each of a route's steps.
fn visits(plan: &Plan, steps: std::ops::Range<usize>) -> Vec<f64> {
    let whole = 4_294_967_296.0;
    let sampled: Vec<f64> = plan.steps[steps.clone()]
        .iter()
        .map(|step| step.sampling as f64 / whole)
        .collect();
    let mut visits = sampled.clone();
    for (at, step) in plan.steps[steps.clone()].iter().enumerate() {
        if step.rework_to != NONE && step.rework > 0 {
            // Rework is drawn only when the step was performed.
            let chance = step.rework as f64 / whole * sampled[at];
            let more = chance / (1.0 - chance);
            for again in (step.rework_to as usize - steps.start)..=at {
                visits[again] += sampled[again] * more;
            }
        }
    }
    visits
}

/// Time of a tool for one lot, best and worst, in ms.
fn service(family: &PlanFamily, step: &PlanStep, wafers: u32) -> (f64, f64) {
    let isolated = isolated(family, step, wafers);
    if step.batch_most > 1 || !step.batch_in_lots {
        let share = if step.batch_in_lots {
            1.0
        } else {
            f64::from(wafers)
        };
        let in_batch = |size: u32| isolated * (share / f64::from(size.max(1))).min(1.0);
        return (in_batch(step.batch_most), in_batch(step.batch_least));
    }
    let interval = if step.wafer_interval > 0 {
        step.wafer_interval * Millis::from(wafers)
    } else {
        step.lot_interval
    };
    if family.lots_held > 1 && interval > 0 {
        // A tool that holds few lots cannot follow a short interval.
        let held = isolated / f64::from(family.lots_held);
        return ((interval as f64).max(held).min(isolated), isolated);
    }
    (isolated, isolated)
}

/// Tool time of a lot at the theoretical rate of SEMI E79: full batches, unbroken cascades, no handling.
#[inline]
pub fn theoretical_time(step: &PlanStep, wafers: u32) -> f64 {
    let wafers = f64::from(wafers);
    if step.wafer_interval > 0 {
        step.wafer_interval as f64 * wafers
    } else if step.lot_interval > 0 {
        step.lot_interval as f64
    } else if step.per_wafer {
        step.process.mean() as f64 * wafers
    } else {
        let share = if step.batch_in_lots { 1.0 } else { wafers };
        step.process.mean() as f64 * (share / f64::from(step.batch_most)).min(1.0)
    }
}

/// Load, process and unload time of a job with one lot, nothing before or after it.
fn isolated(family: &PlanFamily, step: &PlanStep, wafers: u32) -> f64 {
    let process = step.process.mean() as f64;
    let process = if step.wafer_interval > 0 {
        process + (step.wafer_interval * Millis::from(wafers.saturating_sub(1))) as f64
    } else if step.per_wafer {
        process * f64::from(wafers)
    } else {
        process
    };
    (family.load + family.unload) as f64 + process
}

fn raw_process_time(
    plan: &Plan,
    steps: std::ops::Range<usize>,
    visits: &[f64],
    wafers: u32,
) -> f64 {
    let steps = &plan.steps[steps];
    let mut total = 0.0;
    let mut location: Option<u32> = None;
    for (step, &visits) in steps.iter().zip(visits) {
        let family = &plan.families[step.family as usize];
        total += visits * isolated(family, step, wafers);
        if let Some(from) = location {
            let transport = plan.transport[(from * plan.locations + family.location) as usize];
            total += visits * transport.mean() as f64;
        }
        location = Some(family.location);
    }
    total
}

fn family_capacity(plan: &Plan, family: &PlanFamily, load: &Load) -> FamilyCapacity {
    let tools = f64::from(family.tools);
    let repair: f64 = family
        .breakdowns
        .iter()
        .map(|breakdown| {
            let (up, down) = (
                breakdown.time_to_failure.mean() as f64,
                breakdown.time_to_repair.mean() as f64,
            );
            if up + down > 0.0 {
                down / (up + down)
            } else {
                0.0
            }
        })
        .sum();
    let maintenance: f64 = family
        .maintenances
        .iter()
        .map(|maintenance| {
            let duration = maintenance.duration.mean() as f64;
            if maintenance.every_wafers > 0 {
                load.wafers / tools.max(1.0) * duration / maintenance.every_wafers as f64
            } else {
                duration / maintenance.every.max(1) as f64
            }
        })
        .sum();
    let availability = 1.0 - repair - maintenance;
    let per_capacity = |time: f64| {
        if time == 0.0 {
            0.0
        } else if availability > 0.0 && tools > 0.0 {
            time / (tools * availability)
        } else {
            f64::MAX
        }
    };
    FamilyCapacity {
        family: family.name.clone(),
        area: plan.areas[family.area as usize].clone(),
        tools: family.tools,
        lots_per_day: load.lots * DAY as f64,
        availability,
        repair,
        maintenance,
        best: per_capacity(load.best),
        worst: per_capacity(load.worst),
        tools_needed: per_capacity(load.best) * tools,
        plain: load.best == load.worst && !load.setups,
    }
}
