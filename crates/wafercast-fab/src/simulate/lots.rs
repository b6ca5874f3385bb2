//! Lots: released, moved from step to step, finished.

use super::result::Completion;
use super::state::{Lot, Whereabouts};
use super::{Kind, Simulation, code};
use crate::calendar::EventQueue;
use crate::draw::{Stream, unit, unit_fine};
use crate::plan::NONE;
use crate::span::Millis;

impl<Q: EventQueue> Simulation<'_, Q> {
    pub(super) fn place_initial_lots(&mut self) {
        let plan = self.plan;
        for initial in &plan.initial_lots {
            let lot = self.new_lot(Lot {
                order: initial.order,
                number: initial.number,
                step: initial.step,
                end_step: initial.end_step,
                priority: initial.priority,
                wafers: initial.wafers,
                hot: initial.hot,
                whereabouts: Whereabouts::Transit,
                pass: 0,
                release: initial.start,
                due: initial.due.unwrap_or(Millis::MAX),
                arrived: 0,
                words: [0; 3],
                next: NONE,
            });
            self.count_release(initial.order);
            // No draw of sampling: the lot is known to wait for this step.
            self.draw_step(lot);
            self.state
                .calendar
                .push(initial.start.max(0), code(Kind::Arrive, lot));
        }
    }

    pub(super) fn schedule_first_releases(&mut self) {
        let plan = self.plan;
        for (at, order) in (0..).zip(&plan.orders) {
            if order.releases > 0 && order.first_step < order.end_step {
                self.state
                    .calendar
                    .push(order.start.max(0), code(Kind::Release, at));
            }
        }
    }

    /// Releases an order's lots and schedules its next release.
    pub(super) fn release(&mut self, at: u32) {
        let plan = self.plan;
        let order = &plan.orders[at as usize];
        let released = self.state.released[at as usize] + 1;
        self.state.released[at as usize] = released;
        if released < order.releases {
            let [high, low, ..] = self.draws.words(
                Stream::Release,
                released as u32,
                (released >> 32) as u32,
                at,
            );
            let now = self.state.now;
            let steps = &plan.starts_over_time;
            let factor = steps
                .iter()
                .rev()
                .find(|&&(from, _)| from <= now)
                .map_or(1.0, |&(_, factor)| factor);
            let interval = ((order.interval.at(unit_fine(high, low)) / factor) as Millis).max(1);
            self.state
                .calendar
                .push(self.state.now + interval, code(Kind::Release, at));
        }
        for _ in 0..order.lots_per_release {
            let number = self.state.lot_numbers[at as usize];
            self.state.lot_numbers[at as usize] = number.wrapping_add(1);
            let now = self.state.now;
            let lot = self.new_lot(Lot {
                order: at,
                number,
                step: order.first_step,
                end_step: order.end_step,
                priority: order.priority,
                wafers: order.wafers,
                hot: order.hot,
                whereabouts: Whereabouts::Transit,
                pass: 0,
                release: now,
                due: order.due_after.map_or(Millis::MAX, |after| now + after),
                arrived: now,
                words: [0; 3],
                next: NONE,
            });
            self.count_release(at);
            if self.find_step(lot) {
                self.arrive(lot);
            } else {
                self.finish(lot);
            }
        }
    }

    fn new_lot(&mut self, lot: Lot) -> u32 {
        let (tools, windows, ranks) = (
            self.plan.tool_notes as usize,
            self.plan.window_notes as usize,
            self.plan.most_criteria as usize,
        );
        let state = &mut self.state;
        if state.free_lot == NONE {
            state.lots.push(lot);
            state.tool_notes.resize(state.lots.len() * tools, NONE);
            state.window_notes.resize(state.lots.len() * windows, -1);
            state.ranks.resize(state.lots.len() * ranks, 0.0);
            return state.lots.len() as u32 - 1;
        }
        let at = state.free_lot;
        let index = at as usize;
        state.free_lot = state.lots[index].next;
        state.lots[index] = lot;
        state.tool_notes[index * tools..(index + 1) * tools].fill(NONE);
        state.window_notes[index * windows..(index + 1) * windows].fill(-1);
        at
    }

    /// The draws of this pass through this step.
    fn draw_step(&mut self, at: u32) -> u32 {
        let lot = &mut self.state.lots[at as usize];
        let number = self.plan.steps[lot.step as usize].number;
        let [sampling, words @ ..] = self.draws.words(
            Stream::Step,
            lot.number,
            number | (lot.pass << 16),
            lot.order,
        );
        lot.words = words;
        sampling
    }

    /// Goes on to the first step, from the present one on, that the lot performs. `false`: there is none left.
    fn find_step(&mut self, at: u32) -> bool {
        loop {
            let lot = &self.state.lots[at as usize];
            if lot.step >= lot.end_step {
                return false;
            }
            let sampling = self.plan.steps[lot.step as usize].sampling;
            if u64::from(self.draw_step(at)) < sampling {
                return true;
            }
            self.state.lots[at as usize].step += 1;
        }
    }

    /// Sends a lot on from the step it has just finished.
    pub(super) fn leave_step(&mut self, at: u32) {
        let plan = self.plan;
        let now = self.state.now;
        let lot = &mut self.state.lots[at as usize];
        lot.whereabouts = Whereabouts::Transit;
        lot.next = NONE;
        let step = &plan.steps[lot.step as usize];
        let [_, rework, transport] = lot.words;
        if step.opens_window != NONE {
            let note = at as usize * plan.window_notes as usize + step.opens_window as usize;
            self.state.window_notes[note] = now;
        }
        if u64::from(rework) < step.rework {
            lot.step = step.rework_to;
            lot.pass += 1;
        } else {
            lot.step += 1;
        }
        if !self.find_step(at) {
            self.finish(at);
            return;
        }
        let from = plan.families[step.family as usize].location;
        let next = &plan.steps[self.state.lots[at as usize].step as usize];
        let to = plan.families[next.family as usize].location;
        let time =
            plan.transport[(from * plan.locations + to) as usize].at(unit(transport)) as Millis;
        if time > 0 {
            self.state.calendar.push(now + time, code(Kind::Arrive, at));
        } else {
            self.arrive(at);
        }
    }

    /// The family that the lot will go to after the step it is at: what [`Self::leave_step`] will find, since all draws
    /// are known by their keys.
    pub(super) fn family_after(&mut self, at: u32) -> Option<u32> {
        let saved = self.state.lots[at as usize].clone();
        let lot = &mut self.state.lots[at as usize];
        let step = &self.plan.steps[lot.step as usize];
        if u64::from(lot.words[1]) < step.rework {
            lot.step = step.rework_to;
            lot.pass += 1;
        } else {
            lot.step += 1;
        }
        let found = self.find_step(at);
        let step = self.state.lots[at as usize].step;
        self.state.lots[at as usize] = saved;
        found.then(|| self.plan.steps[step as usize].family)
    }

    fn finish(&mut self, at: u32) {
        let lot = &mut self.state.lots[at as usize];
        let completion = Completion {
            order: lot.order,
            number: lot.number,
            wafers: lot.wafers,
            release: lot.release,
            finish: self.state.now,
            due: lot.due,
        };
        lot.whereabouts = Whereabouts::Gone;
        lot.next = self.state.free_lot;
        self.state.free_lot = at;
        self.count_finish(completion);
    }
}
