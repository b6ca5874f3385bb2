//! Jobs: a tool is set up, loads, processes, unloads.

use super::state::{ToolState, Whereabouts};
use super::{Kind, Simulation, code};
use crate::calendar::EventQueue;
use crate::draw::{unit, unit_fine};
use crate::plan::{CascadeHandling, NONE, PlanStep};
use crate::span::{Distribution, Millis};

impl<Q: EventQueue> Simulation<'_, Q> {
    /// A tool starts a job of one lot.
    pub(super) fn start_lot(&mut self, tool: u32, lot: u32) {
        let wafers = self.state.lots[lot as usize].wafers;
        let step = self.state.lots[lot as usize].step;
        self.enter(tool, lot, step);
        self.start_job(tool, lot, step, wafers, 1);
        if self.state.lots[lot as usize].hot {
            self.keep_next_tool(lot);
        }
    }

    /// A tool starts a batch from the front of a queue.
    pub(super) fn start_batch(&mut self, tool: u32, queue: usize) {
        let plan = self.plan;
        let (mut size, mut wafers, mut lots, mut first, mut last) = (0, 0, 0, NONE, NONE);
        let mut step_at = 0;
        while let Some(&lot) = self.state.queues[queue].front() {
            step_at = self.state.lots[lot as usize].step;
            let step = &plan.steps[step_at as usize];
            let share = self.batch_share(lot, step);
            if lots > 0 && size + share > u64::from(step.batch_most) {
                break;
            }
            self.state.queues[queue].pop_front();
            size += share;
            self.state.queue_sizes[queue] -= share;
            wafers += self.state.lots[lot as usize].wafers;
            lots += 1;
            if last == NONE {
                first = lot;
            } else {
                self.state.lots[last as usize].next = lot;
            }
            last = lot;
            self.enter(tool, lot, step_at);
        }
        if first != NONE {
            self.start_job(tool, first, step_at, wafers, lots);
        }
    }

    /// Book-keeping of a lot that goes into a tool.
    fn enter(&mut self, tool: u32, at: u32, step_at: u32) {
        let plan = self.plan;
        let step = &plan.steps[step_at as usize];
        let now = self.state.now;
        let lot = &mut self.state.lots[at as usize];
        lot.whereabouts = Whereabouts::Processing;
        let counts = &mut self.state.families[step.family as usize];
        counts.moves += 1;
        counts.wafers += u64::from(lot.wafers);
        counts.waiting += now - lot.arrived;
        counts.theoretical += crate::capacity::theoretical_time(step, lot.wafers);
        self.state.moves += 1;
        if step.closes_windows.0 < step.closes_windows.1 {
            self.close_windows(at, step);
        }
        if step.saves_tool != NONE {
            let note = at as usize * plan.tool_notes as usize + step.saves_tool as usize;
            self.state.tool_notes[note] = tool;
        }
    }

    fn close_windows(&mut self, at: u32, step: &PlanStep) {
        let notes = at as usize * self.plan.window_notes as usize;
        let order = self.state.lots[at as usize].order as usize;
        for &(note, limit) in self.plan.closing_windows(step) {
            let opened = &mut self.state.window_notes[notes + note as usize];
            if *opened >= 0 {
                let counts = &mut self.state.orders[order];
                counts.windows += 1;
                counts.violations += u64::from(self.state.now - *opened > limit);
                *opened = -1;
            }
        }
    }

    /// Times of a job, and the tool's state. `first` is the first of its lots.
    fn start_job(&mut self, tool: u32, first: u32, step_at: u32, wafers: u32, lots: u32) {
        let plan = self.plan;
        let step = &plan.steps[step_at as usize];
        let family = &plan.families[step.family as usize];
        let now = self.state.now;
        let words = self.state.lots[first as usize].words;
        let process = processing_time(step, wafers, words);
        let t = &mut self.state.tools[tool as usize];
        let setup = plan.setup_time(t.setup, step);
        if step.setup != 0 {
            if step.setup != t.setup {
                t.setup = step.setup;
                t.run = 0;
                self.state.families[step.family as usize].setups += 1;
            }
            t.run = t.run.saturating_add(lots);
        }
        // A setup waits for the one before it on the same tool.
        let setup_start = if setup > 0 { now.max(t.setup_end) } else { now };
        let mut start = setup_start + setup + family.load;
        if t.jobs > 0 && plan.reading.cascade_handling == CascadeHandling::Overlapped {
            start = start.max(t.entry);
        }
        let end = start + process + family.unload;
        t.entry = if step.wafer_interval > 0 {
            start + Millis::from(wafers) * step.wafer_interval
        } else if step.lot_interval > 0 {
            start + step.lot_interval
        } else {
            end
        };
        t.jobs += 1;
        t.used += u64::from(wafers);
        let holds_more = t.jobs < family.lots_held && t.entry < end;
        let was_empty = t.jobs == 1;
        if setup > 0 {
            t.setup_end = setup_start + setup;
        }
        self.state.families[step.family as usize].jobs += 1;
        let slots = plan.tool_slot[tool as usize]..plan.tool_slot[tool as usize + 1];
        for slot in slots {
            let place = &mut self.state.slots[slot as usize];
            if place.first_lot == NONE {
                place.first_lot = first;
                place.end = end;
                self.state.calendar.push(end, code(Kind::JobEnd, slot));
                break;
            }
        }
        if setup > 0 {
            self.state
                .calendar
                .push(setup_start + setup, code(Kind::SetupEnd, tool));
            self.set_tool_state(tool, ToolState::Setup);
        } else if was_empty {
            self.set_tool_state(tool, ToolState::Productive);
        }
        if holds_more {
            let ready = self.ready_time(tool).max(now);
            self.state.calendar.push(ready, code(Kind::Entry, tool));
        }
    }

    /// A tool's setup is done, unless a breakdown has moved its end.
    pub(super) fn end_setup(&mut self, tool: u32) {
        let t = &self.state.tools[tool as usize];
        if t.state == ToolState::Setup && t.setup_end == self.state.now && !t.down {
            self.set_tool_state(tool, ToolState::Productive);
        }
    }

    /// A cascading tool may take the next lot, unless something has changed since.
    pub(super) fn entry(&mut self, tool: u32) {
        let t = &self.state.tools[tool as usize];
        if t.jobs > 0 && self.can_take(tool) {
            self.unlist(tool);
            self.offer(tool);
        }
    }

    /// A job leaves its tool, unless a breakdown has moved its end.
    pub(super) fn end_job(&mut self, slot: u32) {
        let tool = self.plan.slot_tool[slot as usize];
        let place = &mut self.state.slots[slot as usize];
        let first = place.first_lot;
        if first == NONE || place.end != self.state.now || self.state.tools[tool as usize].down {
            return;
        }
        place.first_lot = NONE;
        self.state.tools[tool as usize].jobs -= 1;
        self.count_wafers(tool, first);
        self.after_job(tool);
        let mut lot = first;
        while lot != NONE {
            let next = self.state.lots[lot as usize].next;
            self.leave_step(lot);
            lot = next;
        }
    }

    /// A tool goes on after a job: to an outage that waited, to the next lot, or to standby.
    pub(super) fn after_job(&mut self, tool: u32) {
        if self.state.tools[tool as usize].jobs == 0 {
            self.set_tool_state(tool, ToolState::Standby);
            if self.start_due_outage(tool) {
                return;
            }
        }
        let t = &self.state.tools[tool as usize];
        if t.listed {
            return;
        }
        if t.jobs > 0 {
            // There is room, but the last lot may not let another follow yet.
            let ready = self.ready_time(tool);
            if ready > self.state.now {
                self.state.calendar.push(ready, code(Kind::Entry, tool));
            }
        }
        if self.can_take(tool) {
            self.offer(tool);
        }
    }

    /// Keeps a tool of the next family for a hot lot that has just started.
    fn keep_next_tool(&mut self, lot: u32) {
        let Some(family) = self.family_after(lot) else {
            return;
        };
        if self.plan.families[family as usize].groups > 0 {
            // A batch starts when it is full enough, not when a tool is free.
            return;
        }
        let tool = self.state.available[family as usize].first;
        if tool == NONE {
            self.state.waiting_for_tool[family as usize].push_back(lot);
        } else {
            self.unlist(tool);
            self.state.tools[tool as usize].kept_for = lot;
        }
    }
}

/// Processing time of a job of `wafers` wafers.
fn processing_time(step: &PlanStep, wafers: u32, words: [u32; 3]) -> Millis {
    let uniform = match step.process {
        // A long tail needs more than 32 bits; the spare word of the pass gives them.
        Distribution::Exponential(_) => unit_fine(words[0], words[1] ^ words[2].rotate_left(16)),
        _ => unit(words[0]),
    };
    let time = step.process.at(uniform);
    if step.wafer_interval > 0 {
        return time as Millis + Millis::from(wafers.saturating_sub(1)) * step.wafer_interval;
    }
    if step.per_wafer {
        (time * f64::from(wafers)) as Millis
    } else {
        time as Millis
    }
}
