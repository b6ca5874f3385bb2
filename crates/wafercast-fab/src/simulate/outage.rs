//! Breakdowns and maintenance. Every tool has its own clocks.

use std::cmp::Reverse;

use super::state::ToolState;
use super::{Kind, Simulation, code};
use crate::calendar::EventQueue;
use crate::draw::{Stream, unit_fine};
use crate::plan::{BreakdownReading, NONE};
use crate::span::{Distribution, Millis};

/// The end of the outage in progress, in the place of a calendar's number.
const END: u32 = u32::MAX;

impl<Q: EventQueue> Simulation<'_, Q> {
    pub(super) fn schedule_first_outages(&mut self) {
        let plan = self.plan;
        for tool in 0..plan.tool_family.len() as u32 {
            let family = &plan.families[plan.tool_family[tool as usize] as usize];
            for (calendar, breakdown) in (0..).zip(&family.breakdowns) {
                let first = self.draw_outage(tool, calendar, breakdown.first);
                self.state.outages.push(first, tool, calendar);
            }
            let failures = family.breakdowns.len() as u32;
            // Tool k of N has its first maintenance at k/N of the first occurrence.
            let (k, n) = (
                u64::from(tool - family.first_tool) + 1,
                u64::from(family.tools),
            );
            for (calendar, maintenance) in (failures..).zip(&family.maintenances) {
                if maintenance.every_wafers > 0 {
                    let due = (u128::from(maintenance.first_wafers) * u128::from(k) / u128::from(n))
                        as u64;
                    let counter = (plan.tool_calendar[tool as usize] + calendar) as usize;
                    // The counter begins so that it is full when `due` wafers have come.
                    self.state.wafers_since[counter] = maintenance.every_wafers.saturating_sub(due);
                } else {
                    let first = match maintenance.first {
                        Distribution::Constant(first) => first / n as Millis * k as Millis,
                        other => self.draw_outage(tool, calendar, other),
                    };
                    self.state.outages.push(first, tool, calendar);
                }
            }
        }
        for tool in 0..plan.tool_family.len() as u32 {
            let family = &plan.families[plan.tool_family[tool as usize] as usize];
            let arrival = family
                .arrivals
                .get((tool - family.first_tool) as usize)
                .copied()
                .unwrap_or(0);
            if arrival > 0 {
                self.set_tool_state(tool, ToolState::Absent);
                self.state.tools[tool as usize].maintained = true;
                self.state.outages.push(arrival, tool, END);
            } else {
                self.list(tool);
            }
        }
    }

    /// The next draw of a tool's calendar.
    fn draw_outage(&mut self, tool: u32, calendar: u32, distribution: Distribution) -> Millis {
        let plan = self.plan;
        let counter = (plan.tool_calendar[tool as usize] + calendar) as usize;
        let count = self.state.outage_counts[counter];
        self.state.outage_counts[counter] = count.wrapping_add(1);
        let family = plan.tool_family[tool as usize];
        // Numbered within the family, so that one more tool elsewhere changes no draw here.
        let within = tool - plan.families[family as usize].first_tool;
        let [high, low, ..] =
            self.draws
                .words(Stream::Outage, count, within | (calendar << 20), family);
        distribution.at(unit_fine(high, low)) as Millis
    }

    pub(super) fn next_outage(&mut self) {
        let Some(Reverse((_, _, tool, what))) = self.state.outages.heap.pop() else {
            return;
        };
        self.state.events += 1;
        if what == END {
            self.end_outage(tool);
            return;
        }
        let family = &self.plan.families[self.plan.tool_family[tool as usize] as usize];
        let failures = family.breakdowns.len() as u32;
        let t = &mut self.state.tools[tool as usize];
        if what < failures {
            t.failures_due |= 1 << what;
            let waits = self.plan.reading.breakdown == BreakdownReading::WaitsForJob && t.jobs > 0;
            if t.out() || waits {
                if waits {
                    self.unlist(tool);
                }
                return;
            }
            self.start_due_outage(tool);
        } else {
            let calendar = what - failures;
            t.maintenance_due |= 1 << calendar;
            // The calendar goes on from the due time: a late maintenance does not shift those after it.
            let every = family.maintenances[calendar as usize].every.max(1);
            self.state.outages.push(self.state.now + every, tool, what);
            self.unlist(tool);
            let t = &self.state.tools[tool as usize];
            if t.jobs == 0 && !t.out() {
                self.start_due_outage(tool);
            }
        }
    }

    /// Starts a breakdown that is due, or else, on an empty tool, a maintenance. `false`: none is due.
    pub(super) fn start_due_outage(&mut self, tool: u32) -> bool {
        let t = &self.state.tools[tool as usize];
        if t.failures_due != 0 {
            let calendar = t.failures_due.trailing_zeros();
            self.start_outage(tool, calendar, ToolState::Repair);
            return true;
        }
        if t.maintenance_due != 0 && t.jobs == 0 {
            let calendar = t.maintenance_due.trailing_zeros();
            let failures = self.plan.families[self.plan.tool_family[tool as usize] as usize]
                .breakdowns
                .len() as u32;
            self.start_outage(tool, failures + calendar, ToolState::Maintenance);
            return true;
        }
        false
    }

    fn start_outage(&mut self, tool: u32, calendar: u32, state: ToolState) {
        let plan = self.plan;
        let family = &plan.families[plan.tool_family[tool as usize] as usize];
        let failures = family.breakdowns.len() as u32;
        self.unlist(tool);
        let now = self.state.now;
        let duration = if state == ToolState::Repair {
            let breakdown = &family.breakdowns[calendar as usize];
            self.draw_outage(tool, calendar, breakdown.time_to_repair)
        } else {
            let maintenance = &family.maintenances[(calendar - failures) as usize];
            self.draw_outage(tool, calendar, maintenance.duration)
        };
        let t = &mut self.state.tools[tool as usize];
        t.outage_began = now;
        t.outage_calendar = calendar;
        if state == ToolState::Repair {
            t.failures_due &= !(1 << calendar);
            t.down = true;
        } else {
            t.maintenance_due &= !(1 << (calendar - failures));
            t.maintained = true;
        }
        self.set_tool_state(tool, state);
        self.state.outages.push(now + duration, tool, END);
    }

    fn end_outage(&mut self, tool: u32) {
        let plan = self.plan;
        let family = &plan.families[plan.tool_family[tool as usize] as usize];
        let now = self.state.now;
        let t = &mut self.state.tools[tool as usize];
        let calendar = t.outage_calendar;
        let was_down = t.down;
        t.down = false;
        t.maintained = false;
        if was_down {
            self.resume_jobs(tool);
            let time_to_failure = family.breakdowns[calendar as usize].time_to_failure;
            let next = now + self.draw_outage(tool, calendar, time_to_failure).max(1);
            self.state.outages.push(next, tool, calendar);
        }
        self.after_outage(tool);
    }

    fn after_outage(&mut self, tool: u32) {
        if self.start_due_outage(tool) {
            return;
        }
        let now = self.state.now;
        let t = &self.state.tools[tool as usize];
        let state = if t.jobs == 0 {
            ToolState::Standby
        } else if t.setup_end > now {
            ToolState::Setup
        } else {
            ToolState::Productive
        };
        self.set_tool_state(tool, state);
        if self.can_take(tool) {
            self.offer(tool);
        }
    }

    /// Moves the ends of everything in the tool by the length of the repair.
    fn resume_jobs(&mut self, tool: u32) {
        let plan = self.plan;
        let now = self.state.now;
        let t = &mut self.state.tools[tool as usize];
        if t.jobs == 0 {
            return;
        }
        let pause = now - t.outage_began;
        let began = t.outage_began;
        t.entry += pause;
        if t.setup_end > began {
            t.setup_end += pause;
            self.state
                .calendar
                .push(t.setup_end, code(Kind::SetupEnd, tool));
        }
        for slot in plan.tool_slot[tool as usize]..plan.tool_slot[tool as usize + 1] {
            let place = &mut self.state.slots[slot as usize];
            if place.first_lot != NONE {
                place.end += pause;
                self.state
                    .calendar
                    .push(place.end, code(Kind::JobEnd, slot));
            }
        }
        let ready = self.ready_time(tool);
        if ready > now {
            self.state.calendar.push(ready, code(Kind::Entry, tool));
        }
    }

    /// Counts a job's wafers towards maintenance.
    pub(super) fn count_wafers(&mut self, tool: u32, first: u32) {
        let plan = self.plan;
        let family = &plan.families[plan.tool_family[tool as usize] as usize];
        if family.maintenances.is_empty() {
            return;
        }
        let (mut wafers, mut lot) = (0, first);
        while lot != NONE {
            wafers += u64::from(self.state.lots[lot as usize].wafers);
            lot = self.state.lots[lot as usize].next;
        }
        let base = plan.tool_calendar[tool as usize] as usize + family.breakdowns.len();
        for (at, maintenance) in family.maintenances.iter().enumerate() {
            if maintenance.every_wafers > 0 {
                let counter = &mut self.state.wafers_since[base + at];
                *counter += wafers;
                if *counter >= maintenance.every_wafers {
                    // What exceeds the interval counts towards the next.
                    *counter %= maintenance.every_wafers;
                    self.state.tools[tool as usize].maintenance_due |= 1 << at;
                    self.unlist(tool);
                }
            }
        }
    }
}
