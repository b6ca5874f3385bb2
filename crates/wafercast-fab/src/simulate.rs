//! The simulation: events in order of time, each changing the state of a few lots and tools.
//!
//! A run is a [`Simulation`]: a plan, the draws, and a [`State`]. The state is plain data: cloned it is a fork, written
//! it is a save, and whoever restores it goes on with the same bits.

mod audit;
mod dispatch;
mod job;
mod lots;
mod outage;
mod result;
mod state;
mod statistics;

pub use result::{Completion, FamilyResult, OrderResult, RunResult, Sample, TraceInterval};
pub use state::{State, TOOL_STATES, ToolState};

use crate::calendar::{BucketCalendar, EventQueue};
use crate::draw::Draws;
use crate::plan::Plan;
use crate::span::{DAY, Millis};

/// What an event does, in the upper bits of [`crate::calendar::Event::what`]; the lower bits say to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A lot comes to the family of its step.
    Arrive = 0,
    /// A job slot's job leaves its tool.
    JobEnd = 1,
    /// A cascading tool may take its next lot.
    Entry = 2,
    /// A tool's setup is done.
    SetupEnd = 3,
    /// An order releases.
    Release = 4,
}

const WHO_BITS: u32 = 25;
const WHO: u32 = (1 << WHO_BITS) - 1;

fn code(kind: Kind, who: u32) -> u32 {
    ((kind as u32) << WHO_BITS) | who
}

/// A run in progress.
#[derive(Clone)]
pub struct Simulation<'p, Q: EventQueue = BucketCalendar> {
    plan: &'p Plan,
    draws: Draws,
    state: State<Q>,
}

impl<'p, Q: EventQueue> Simulation<'p, Q> {
    /// A run at instant 0: initial lots wait for their steps, tools are up and without setup.
    pub fn new(plan: &'p Plan, seed: u64, replication: u32) -> Simulation<'p, Q> {
        let mut simulation = Simulation {
            plan,
            draws: Draws::new(seed, replication),
            state: State::new(plan),
        };
        simulation.schedule_first_outages();
        simulation.place_initial_lots();
        simulation.schedule_first_releases();
        simulation
    }

    /// Goes on from a state that was saved under the same plan, seed and replication.
    pub fn restore(
        plan: &'p Plan,
        seed: u64,
        replication: u32,
        state: State<Q>,
    ) -> Simulation<'p, Q> {
        Simulation {
            plan,
            draws: Draws::new(seed, replication),
            state,
        }
    }

    /// The state, to save or to look at.
    pub fn state(&self) -> &State<Q> {
        &self.state
    }

    /// The state, when the run is over.
    pub fn into_state(self) -> State<Q> {
        self.state
    }

    /// Now.
    pub fn now(&self) -> Millis {
        self.state.now
    }

    /// Records the states of all tools from `from` to `to`, for a Gantt chart.
    pub fn trace(&mut self, from: Millis, to: Millis) {
        self.state.trace_window = Some((from, to));
    }

    /// Carries out everything that happens before `until`.
    pub fn run_until(&mut self, until: Millis) {
        loop {
            let event = self.state.calendar.next_time().unwrap_or(Millis::MAX);
            let outage = self.state.outages.next_time();
            let sample = self.state.next_sample;
            let next = event.min(outage).min(sample);
            if next >= until {
                break;
            }
            self.state.now = next;
            if sample == next {
                self.take_sample();
            } else if outage == next {
                self.next_outage();
            } else if let Some(event) = self.state.calendar.pop() {
                self.state.events += 1;
                self.carry_out(event.what());
            }
        }
        self.state.now = self.state.now.max(until);
    }

    fn carry_out(&mut self, what: u32) {
        let who = what & WHO;
        match what >> WHO_BITS {
            kind if kind == Kind::Arrive as u32 => self.arrive(who),
            kind if kind == Kind::JobEnd as u32 => self.end_job(who),
            kind if kind == Kind::Entry as u32 => self.entry(who),
            kind if kind == Kind::SetupEnd as u32 => self.end_setup(who),
            _ => self.release(who),
        }
    }

    /// Runs to `days`, forgetting statistics up to `warm_up_days`; gives the result.
    pub fn run_days(mut self, days: f64, warm_up_days: f64) -> RunResult {
        let warm_up = (warm_up_days * DAY as f64) as Millis;
        if warm_up > 0 {
            self.run_until(warm_up);
            self.forget_statistics();
        }
        self.run_until((days * DAY as f64) as Millis);
        self.result()
    }
}
