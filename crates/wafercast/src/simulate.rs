//! Plan → results of draws. The loop has no names, no allocation and no `Result`; a group of draws goes
//! through it side by side.
//!
//! A draw passes through [`sample`] (scores, scalars, series), [`lines`] (capacity, starts), [`yields`], [`allocate`]
//! (parts into packages), and ends as [`Results`], from which [`crate::tracks`] reads every reported series.

pub(crate) mod allocate;
pub(crate) mod lanes;
pub(crate) mod lines;
pub(crate) mod measure;
pub(crate) mod results;
pub(crate) mod sample;
pub(crate) mod vector;
mod workloads;
pub(crate) mod yields;

use std::ops::Range;

pub use results::Results;

use crate::draw::{LANES, Stream};
use crate::experiment::Outcome;
use crate::plan::Plan;
use crate::planned::{Decisions, Planner};
use crate::scenario::Design;
use crate::table::DrawTable;
use crate::tally::Tally;

/// How the draws are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// Number of draws N ≥ 1.
    pub draws: u64,
    /// Seed.
    pub seed: u64,
    /// Design.
    pub design: Design,
}

/// A plan with its streams: what turns a range of draws into results. Shared between threads.
#[derive(Debug)]
pub struct Simulation<'a> {
    plan: &'a Plan,
    sampling: Sampling,
    streams: Vec<Stream>,
    planner: Option<&'a dyn Planner>,
}

impl<'a> Simulation<'a> {
    /// Prepares the streams.
    pub fn new(plan: &'a Plan, sampling: Sampling) -> Self {
        let streams = plan
            .scores
            .iter()
            .map(|name| Stream::new(sampling.seed, name, sampling.design, sampling.draws))
            .collect();
        Simulation {
            plan,
            sampling,
            streams,
            planner: None,
        }
    }

    /// Lets a planner decide what is built, instead of tiers and weights.
    pub fn planned_by(self, planner: &'a dyn Planner) -> Self {
        Simulation {
            planner: Some(planner),
            ..self
        }
    }

    /// The plan.
    pub fn plan(&self) -> &'a Plan {
        self.plan
    }

    /// How the draws are made.
    pub fn sampling(&self) -> Sampling {
        self.sampling
    }

    /// Simulates the group of draws from `first` on into `results`.
    pub fn group(&self, first: u64, results: &mut Results) {
        self.lanes(first, 0..LANES, results);
    }

    /// Simulates the group of draws from `first` on, of which `lanes` are wanted.
    fn lanes(&self, first: u64, lanes: Range<usize>, results: &mut Results) {
        for stage in Stage::ALL {
            self.stage(stage, first, results);
        }
        if let Some(planner) = self.planner {
            let mut decisions = Decisions::new(self.plan, results);
            let outcome = Outcome::new(self.plan, results, first, lanes);
            planner.decide(&outcome, &mut decisions);
            allocate::planned::run(self.plan, &decisions, results);
        }
    }

    /// Runs one stage of the group that begins with draw `first`, on `results` that hold what the stages before it left.
    pub fn stage(&self, stage: Stage, first: u64, results: &mut Results) {
        let plan = self.plan;
        match stage {
            Stage::Draw => sample::scores(&self.streams, first, results),
            Stage::Correlate => sample::correlate(plan, results),
            Stage::Inputs => {
                sample::scalars(plan, results);
                sample::series(plan, results);
            }
            Stage::Capacities => lines::capacities(plan, results),
            Stage::Yields => yields::run(plan, results),
            Stage::Arrivals => lines::arrivals(plan, results),
            Stage::Allocate => allocate::run(plan, results),
        }
    }

    /// Simulates draws and tallies every series, claim and binding resource. Any split of a range into tallies that are
    /// merged gives the same bits.
    pub fn tally(&self, draws: Range<u64>) -> Tally {
        let mut tally = Tally::empty(self.plan);
        let mut results = Results::new(self.plan);
        let mut buffer = crate::tally::Buffer::new(self.plan);
        self.each_group(&draws, |first, lanes| {
            self.lanes(first, lanes.clone(), &mut results);
            tally.absorb(self, &results, first, lanes, &mut buffer);
        });
        tally.flush(&mut buffer);
        tally
    }

    /// The sampled inputs, yearly series and claims of draws, one row a draw.
    pub fn table(&self, draws: Range<u64>) -> DrawTable {
        let mut table = DrawTable::empty(self.plan, draws.start);
        let mut results = Results::new(self.plan);
        let mut buffer = crate::table::Buffer::new(self.plan);
        self.each_group(&draws, |first, lanes| {
            self.lanes(first, lanes.clone(), &mut results);
            table.absorb(self.plan, &results, lanes, &mut buffer);
        });
        table
    }

    /// Calls `f` with the first draw of each group that has draws in the range, and the lanes that are in it.
    pub(crate) fn each_group(&self, draws: &Range<u64>, mut f: impl FnMut(u64, Range<usize>)) {
        let width = LANES as u64;
        let end = draws.end.min(self.sampling.draws);
        let mut first = draws.start - draws.start % width;
        while first < end {
            let from = draws.start.max(first) - first;
            let to = end.min(first + width) - first;
            f(first, from as usize..to as usize);
            first += width;
        }
    }
}

/// The stages of a group of draws. Each rests on the results of those before it; each is compiled for the widest vectors
/// at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Independent standard normal scores.
    Draw,
    /// Scores correlated in their groups and along paths.
    Correlate,
    /// Scalars and series.
    Inputs,
    /// Capacity and starts of lines.
    Capacities,
    /// Yield of every die.
    Yields,
    /// Parts that arrive in stock.
    Arrivals,
    /// Parts into packages.
    Allocate,
}

impl Stage {
    /// All stages in order.
    pub const ALL: [Stage; 7] = [
        Stage::Draw,
        Stage::Correlate,
        Stage::Inputs,
        Stage::Capacities,
        Stage::Yields,
        Stage::Arrivals,
        Stage::Allocate,
    ];
}
