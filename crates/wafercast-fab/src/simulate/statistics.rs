//! What is counted while the run goes on; touched only when a state changes.

use super::Simulation;
use super::result::{Completion, Sample, TraceInterval};
use super::state::{FamilyCounts, OrderCounts, ToolState};
use crate::calendar::EventQueue;
use crate::span::DAY;

impl<Q: EventQueue> Simulation<'_, Q> {
    pub(super) fn set_tool_state(&mut self, tool: u32, state: ToolState) {
        let now = self.state.now;
        let t = &mut self.state.tools[tool as usize];
        if t.state == state {
            return;
        }
        let (old, since) = (t.state, t.since);
        t.times[old as usize] += now - since;
        t.state = state;
        t.since = now;
        if let Some((from, to)) = self.state.trace_window {
            let (start, end) = (since.max(from), now.min(to));
            if start < end {
                self.state.traced.push(TraceInterval {
                    tool,
                    state: old,
                    start,
                    end,
                });
            }
        }
    }

    pub(super) fn count_release(&mut self, order: u32) {
        let now = self.state.now;
        let counts = &mut self.state.orders[order as usize];
        counts.settle(now);
        counts.released += 1;
        counts.present += 1;
    }

    pub(super) fn count_finish(&mut self, completion: Completion) {
        let counts = &mut self.state.orders[completion.order as usize];
        counts.settle(completion.finish);
        counts.finished += 1;
        counts.present -= 1;
        self.state.completions.push(completion);
    }

    /// Notes the day's end.
    pub(super) fn take_sample(&mut self) {
        let state = &mut self.state;
        state.next_sample += DAY;
        state.samples.push(Sample {
            time: state.now,
            lots: state.orders.iter().map(|order| order.present).sum(),
            moves: state.moves,
            finished: state.completions.len() as u64,
            tools_down: state.tools.iter().filter(|tool| tool.out()).count() as u32,
        });
    }

    /// Begins all statistics anew: the end of the warm-up.
    pub fn forget_statistics(&mut self) {
        let state = &mut self.state;
        let now = state.now;
        state.began = now;
        state.moves = 0;
        state.events = 0;
        state.families.fill(FamilyCounts::default());
        for counts in &mut state.orders {
            *counts = OrderCounts {
                present: counts.present,
                present_since: now,
                ..OrderCounts::default()
            };
        }
        for tool in &mut state.tools {
            tool.times = Default::default();
            tool.since = now;
        }
        state.completions.clear();
        state.samples.clear();
    }
}

impl OrderCounts {
    /// Adds the time since the last change.
    pub(super) fn settle(&mut self, now: i64) {
        self.present_time += i128::from(self.present) * i128::from(now - self.present_since);
        self.present_since = now;
    }
}
