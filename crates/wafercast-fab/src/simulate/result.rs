//! What a run leaves behind.

use serde::{Deserialize, Serialize};

use super::Simulation;
use super::state::{FamilyCounts, OrderCounts, TOOL_STATES, ToolState};
use crate::calendar::EventQueue;
use crate::span::Millis;

/// A finished lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// Order.
    pub order: u32,
    /// Number within it.
    pub number: u32,
    /// Wafers.
    pub wafers: u32,
    /// Release.
    pub release: Millis,
    /// Finish.
    pub finish: Millis,
    /// Due date; `Millis::MAX` without one.
    pub due: Millis,
}

/// The fab at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// When.
    pub time: Millis,
    /// Lots in the fab.
    pub lots: u64,
    /// Lot-moves since statistics began.
    pub moves: u64,
    /// Lots finished since statistics began.
    pub finished: u64,
    /// Tools in repair or maintenance.
    pub tools_down: u32,
}

/// A stretch of time in which a tool was in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceInterval {
    /// Tool.
    pub tool: u32,
    /// State.
    pub state: ToolState,
    /// From.
    pub start: Millis,
    /// To.
    pub end: Millis,
}

/// The statistics of one run, from the end of the warm-up to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunResult {
    /// When statistics began.
    pub began: Millis,
    /// When the run ended.
    pub ended: Millis,
    /// Events carried out.
    pub events: u64,
    /// Steps that lots performed.
    pub moves: u64,
    /// By family.
    pub families: Vec<FamilyResult>,
    /// By order.
    pub orders: Vec<OrderResult>,
    /// Time of every tool in each [`ToolState`], in ms.
    pub tools: Vec<[Millis; TOOL_STATES]>,
    /// Lots finished, in order of time.
    pub completions: Vec<Completion>,
    /// The fab day by day.
    pub samples: Vec<Sample>,
    /// Tool states in the traced window.
    pub trace: Vec<TraceInterval>,
}

/// Counts of a family.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FamilyResult {
    /// Lots processed.
    pub moves: u64,
    /// Wafers processed.
    pub wafers: u64,
    /// Jobs.
    pub jobs: u64,
    /// Setup changes.
    pub setups: u64,
    /// Total waiting time of lots, in ms.
    pub waiting: i64,
    /// Hot lots that found a tool kept for them.
    pub kept: u64,
    /// Lots waiting at the end.
    pub queue: u64,
    /// Tool time that the lots would have taken with full batches and unbroken cascades, in ms.
    pub theoretical: f64,
}

/// Counts of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderResult {
    /// Lots released.
    pub released: u64,
    /// Lots finished.
    pub finished: u64,
    /// Lots in the fab at the end.
    pub present: u64,
    /// Average number of lots in the fab.
    pub average_present: f64,
    /// Queue-time windows closed.
    pub windows: u64,
    /// Of these, too late.
    pub violations: u64,
}

impl<Q: EventQueue> Simulation<'_, Q> {
    /// The statistics up to now. The run may go on.
    pub fn result(&self) -> RunResult {
        let state = &self.state;
        let now = state.now;
        let length = (now - state.began).max(1);
        let mut trace = state.traced.clone();
        if let Some((from, to)) = state.trace_window {
            for (tool, t) in (0..).zip(&state.tools) {
                let (start, end) = (t.since.max(from), now.min(to));
                if start < end {
                    trace.push(TraceInterval {
                        tool,
                        state: t.state,
                        start,
                        end,
                    });
                }
            }
            trace.sort_by_key(|interval| (interval.tool, interval.start));
        }
        RunResult {
            began: state.began,
            ended: now,
            events: state.events,
            moves: state.moves,
            families: (0..)
                .zip(&state.families)
                .map(|(at, counts)| self.family_result(at, counts))
                .collect(),
            orders: state
                .orders
                .iter()
                .map(|counts: &OrderCounts| {
                    let mut settled = counts.clone();
                    settled.settle(now);
                    OrderResult {
                        released: counts.released,
                        finished: counts.finished,
                        present: counts.present,
                        average_present: settled.present_time as f64 / length as f64,
                        windows: counts.windows,
                        violations: counts.violations,
                    }
                })
                .collect(),
            tools: state
                .tools
                .iter()
                .map(|tool| {
                    let mut times = tool.times;
                    times[tool.state as usize] += now - tool.since;
                    times
                })
                .collect(),
            completions: state.completions.clone(),
            samples: state.samples.clone(),
            trace,
        }
    }

    fn family_result(&self, at: usize, counts: &FamilyCounts) -> FamilyResult {
        let queues = self.plan.family_queue[at] as usize..self.plan.family_queue[at + 1] as usize;
        FamilyResult {
            moves: counts.moves,
            wafers: counts.wafers,
            jobs: counts.jobs,
            setups: counts.setups,
            waiting: counts.waiting,
            kept: counts.kept,
            theoretical: counts.theoretical,
            queue: self.state.queues[queues]
                .iter()
                .map(|queue| queue.len() as u64)
                .sum(),
        }
    }
}
