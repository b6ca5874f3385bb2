//! Draws whose parts are not shared out by tiers and weights but as a planner decides (`run.allocation = "optimal"`,
//! model §6).
//!
//! The engine shares parts out first as always: what was started before the plan begins is history, and the planner reads
//! everything else it needs from the outcome. Then it is told what to start and build instead ([`Decisions`]), and carries
//! that out with its own balances of parts, its own order of origins and its own delivery. The planner itself is not part
//! of the engine.

use std::fmt::Debug;

use crate::draw::{LANES, Lanes};
use crate::experiment::Outcome;
use crate::plan::Plan;
use crate::simulate::Results;
use crate::simulate::results::UNBOUND;

/// Decides in each draw what is started and built.
pub trait Planner: Debug + Sync {
    /// Decides on the lanes of a group that count. `outcome` holds the allocation by tiers and weights; lanes that are not
    /// decided on keep it.
    fn decide(&self, outcome: &Outcome, decisions: &mut Decisions);
}

/// What is decided in a group of draws. Monthly arrays are `[thing · T + month]`.
#[derive(Debug, Clone)]
pub struct Decisions {
    months: usize,
    /// Where each die's origins begin in `made`.
    first_slot: Vec<usize>,
    /// The first month that is decided, of each lane; `months` where nothing is.
    pub(crate) first: [usize; LANES],
    pub(crate) starts: Vec<Lanes>,
    pub(crate) made: Vec<Lanes>,
    pub(crate) builds: Vec<Lanes>,
    pub(crate) bound: Vec<[u16; LANES]>,
}

/// What a planner decides in one draw. Months are those of the horizon, from the first of the plan on.
#[derive(Debug)]
pub struct Decision<'a> {
    lane: usize,
    decisions: &'a mut Decisions,
}

impl Decisions {
    pub(crate) fn new(plan: &Plan, results: &Results) -> Decisions {
        Decisions {
            months: plan.months,
            first_slot: results.first_slot[..=plan.dies.len()].to_vec(),
            first: [plan.months; LANES],
            starts: results.starts.clone(),
            made: vec![Lanes::splat(0.0); results.first_slot[plan.dies.len()] * plan.months],
            builds: results.builds.clone(),
            bound: results.bound.clone(),
        }
    }

    /// Decides on a lane from a month on. Until it is told otherwise, nothing is started, made or built there.
    pub fn lane(&mut self, lane: usize, first: usize) -> Decision<'_> {
        let months = self.months;
        let first = first.min(months);
        self.first[lane] = first;
        let clear = |array: &mut [Lanes]| {
            for thing in array.chunks_exact_mut(months) {
                for month in &mut thing[first..] {
                    month[lane] = 0.0;
                }
            }
        };
        clear(&mut self.made);
        clear(&mut self.builds);
        for thing in self.bound.chunks_exact_mut(months) {
            for month in &mut thing[first..] {
                month[lane] = UNBOUND;
            }
        }
        Decision {
            lane,
            decisions: self,
        }
    }
}

impl Decision<'_> {
    /// Wafers for accelerators that a line starts in a month.
    pub fn start(&mut self, line: usize, month: usize, wafers: f64) {
        let at = line * self.decisions.months + month;
        if let Some(starts) = self.decisions.starts.get_mut(at) {
            starts[self.lane] = wafers;
        }
    }

    /// Adds good dies that come from lines in a month, to one of the die's origins. Stockpiles are not part of it.
    pub fn make(&mut self, die: usize, origin: usize, month: usize, dies: f64) {
        let at = (self.decisions.first_slot[die] + origin) * self.decisions.months + month;
        if let Some(made) = self.decisions.made.get_mut(at) {
            made[self.lane] += dies;
        }
    }

    /// Packages started with a bill of materials in a month. Where parts or capacity do not suffice for all builds of a
    /// month, those that need them are cut down alike.
    pub fn build(&mut self, item: usize, month: usize, packages: f64) {
        let at = item * self.decisions.months + month;
        if let Some(builds) = self.decisions.builds.get_mut(at) {
            builds[self.lane] = packages.max(0.0);
        }
    }

    /// What keeps an accelerator from being built more in a month: an index into parts, technologies, then caps.
    pub fn bind(&mut self, accelerator: usize, month: usize, resource: usize) {
        let at = accelerator * self.decisions.months + month;
        if let (Some(bound), Ok(resource)) =
            (self.decisions.bound.get_mut(at), u16::try_from(resource))
        {
            bound[self.lane] = resource;
        }
    }
}
