//! Which tool takes an arriving lot, and which waiting lot a free tool takes.

use super::Simulation;
use super::state::Whereabouts;
use crate::calendar::EventQueue;
use crate::plan::{
    CascadeHandling, Criterion, MinimumRunReading, NONE, PlanFamily, PlanStep, SetupEntry,
    ToolChoice,
};
use crate::rank::VARIABLES;
use crate::span::{MINUTE, Millis};

impl<Q: EventQueue> Simulation<'_, Q> {
    /// A lot comes to the family of its step: a tool takes it, or it waits.
    pub(super) fn arrive(&mut self, lot: u32) {
        let plan = self.plan;
        let now = self.state.now;
        let entry = &mut self.state.lots[lot as usize];
        entry.arrived = now;
        entry.whereabouts = Whereabouts::Waiting;
        let step = &plan.steps[entry.step as usize];
        let family = &plan.families[step.family as usize];
        self.freeze_ranks(lot, step, family);
        if family.groups > 0 {
            self.enqueue(lot, step, family);
            let queue = (plan.family_queue[step.family as usize] + step.group) as usize;
            if self.state.queue_sizes[queue] >= u64::from(step.batch_least) {
                self.offer_available(step.family);
            }
            return;
        }
        if let Some(tool) = self.kept_tool(lot, step.family) {
            self.start_lot(tool, lot);
            return;
        }
        match self.find_tool(lot, step, family) {
            Some(tool) => {
                self.unlist(tool);
                self.start_lot(tool, lot);
            }
            None => self.enqueue(lot, step, family),
        }
    }

    /// The tool that was kept for a hot lot; or forgets that one was wanted.
    fn kept_tool(&mut self, lot: u32, family: u32) -> Option<u32> {
        if !self.state.lots[lot as usize].hot {
            return None;
        }
        self.state.waiting_for_tool[family as usize].retain(|&other| other != lot);
        let family = &self.plan.families[family as usize];
        let tool = (family.first_tool..family.first_tool + family.tools)
            .find(|&tool| self.state.tools[tool as usize].kept_for == lot)?;
        self.state.tools[tool as usize].kept_for = NONE;
        let step = &self.plan.steps[self.state.lots[lot as usize].step as usize];
        if self.can_take(tool) && self.fits(lot, tool, step) {
            self.state.families[step.family as usize].kept += 1;
            return Some(tool);
        }
        // It went down meanwhile, or the lot must use another: the tool is for everyone again.
        if self.can_take(tool) {
            self.offer(tool);
        }
        None
    }

    /// Whether a tool may take a lot now: it is up, nothing is due, and it has room.
    pub(super) fn can_take(&self, tool: u32) -> bool {
        let t = &self.state.tools[tool as usize];
        self.has_room(tool) && (t.jobs == 0 || self.state.now >= self.ready_time(tool))
    }

    /// Whether a tool is up, nothing is due on it, and one more lot fits in, even if only to wait inside.
    fn has_room(&self, tool: u32) -> bool {
        let t = &self.state.tools[tool as usize];
        let family = &self.plan.families[self.plan.tool_family[tool as usize] as usize];
        !t.out()
            && t.maintenance_due == 0
            && t.failures_due == 0
            && t.kept_for == NONE
            && t.jobs < family.lots_held
    }

    /// When a tool that holds a lot may take the next.
    pub(super) fn ready_time(&self, tool: u32) -> Millis {
        let family = &self.plan.families[self.plan.tool_family[tool as usize] as usize];
        let entry = self.state.tools[tool as usize].entry;
        if family.enters_with_room {
            return Millis::MIN;
        }
        match self.plan.reading.cascade_handling {
            CascadeHandling::Overlapped => entry - family.load,
            CascadeHandling::Serial => entry,
        }
    }

    /// Whether a lot may go to a tool by what was saved for it and by the tool's minimum run.
    fn fits(&self, lot: u32, tool: u32, step: &PlanStep) -> bool {
        self.may_use(lot, tool, step) && !self.in_minimum_run(tool, step)
    }

    /// Whether the tool is the one that an earlier step saved for the lot, if any did.
    fn may_use(&self, lot: u32, tool: u32, step: &PlanStep) -> bool {
        if step.uses_tool == NONE {
            return true;
        }
        let note = lot as usize * self.plan.tool_notes as usize + step.uses_tool as usize;
        let saved = self.state.tool_notes[note];
        saved == NONE || saved == tool
    }

    /// Whether the tool must run more lots of its present setup before it may change to the step's.
    fn in_minimum_run(&self, tool: u32, step: &PlanStep) -> bool {
        let family = &self.plan.families[step.family as usize];
        let t = &self.state.tools[tool as usize];
        family.keeps_minimum_run
            && step.setup != 0
            && t.setup != step.setup
            && t.run < self.plan.minimum_runs[step.family as usize][t.setup as usize]
    }

    /// Whether a tool must be empty before it can be set up for the step.
    fn must_wait(&self, tool: u32, step: &PlanStep) -> bool {
        let t = &self.state.tools[tool as usize];
        self.plan.reading.setup_entry == SetupEntry::WhenEmpty
            && t.jobs > 0
            && step.setup != 0
            && (step.setup != t.setup || step.setup_always)
    }

    /// The available tool that takes an arriving lot.
    fn find_tool(&self, lot: u32, step: &PlanStep, family: &PlanFamily) -> Option<u32> {
        let beside = self.plan.reading.setup_entry == SetupEntry::BesideJob;
        if beside && family.wakes_least_setup && family.lots_held > 1 {
            return self.least_setup_with_room(lot, step, family);
        }
        let mut tool = self.state.available[step.family as usize].first;
        if tool == NONE {
            return None;
        }
        let choice = self.plan.reading.tool_choice;
        if !family.selective && choice == ToolChoice::LongestAvailable {
            return Some(tool);
        }
        let mut best: Option<((Millis, u64), u32)> = None;
        while tool != NONE {
            let t = &self.state.tools[tool as usize];
            if self.fits(lot, tool, step) && !self.must_wait(tool, step) {
                let setup = if family.wakes_least_setup {
                    self.plan.setup_time(t.setup, step)
                } else {
                    0
                };
                let second = match choice {
                    ToolChoice::LeastUsed => t.used,
                    ToolChoice::LongestAvailable => 0,
                    ToolChoice::EmptyFirst => u64::from(t.jobs > 0),
                    ToolChoice::OccupiedFirst => u64::from(t.jobs == 0),
                    ToolChoice::Any => {
                        let within = tool - family.first_tool + 1;
                        u64::from(
                            within.wrapping_mul(0x9E37_79B9)
                                ^ self.state.lots[lot as usize].words[2],
                        )
                    }
                };
                if best.is_none_or(|(other, _)| (setup, second) < other) {
                    best = Some(((setup, second), tool));
                }
            }
            tool = t.after;
        }
        best.map(|(_, tool)| tool)
    }

    /// The tool with room that needs the least setup time for an arriving lot; among equals an empty one, then the one
    /// that lets it enter first.
    fn least_setup_with_room(&self, lot: u32, step: &PlanStep, family: &PlanFamily) -> Option<u32> {
        (family.first_tool..family.first_tool + family.tools)
            .filter(|&tool| self.has_room(tool) && self.fits(lot, tool, step))
            .min_by_key(|&tool| {
                let t = &self.state.tools[tool as usize];
                (self.plan.setup_time(t.setup, step), t.jobs > 0, t.entry)
            })
    }

    /// Offers work to the available tools of a family, longest available first, while any takes some.
    fn offer_available(&mut self, family: u32) {
        let tool = self.state.available[family as usize].first;
        if tool != NONE {
            self.unlist(tool);
            self.offer(tool);
        }
    }

    /// A tool may take a lot: it takes the best that waits, or stands available.
    pub(super) fn offer(&mut self, tool: u32) {
        let at = self.plan.tool_family[tool as usize];
        if let Some(hot) = self.state.waiting_for_tool[at as usize].pop_front() {
            self.state.tools[tool as usize].kept_for = hot;
            return;
        }
        let plan = self.plan;
        let family = &plan.families[at as usize];
        if family.groups > 0 {
            match self.best_group(tool, at, family) {
                Some(queue) => self.start_batch(tool, queue),
                None => self.list(tool),
            }
            return;
        }
        let queue = plan.family_queue[at as usize] as usize;
        let Some(place) = self.best_place(tool, queue, family) else {
            self.list(tool);
            return;
        };
        let lot = self.state.queues[queue][place];
        self.state.queues[queue].remove(place);
        self.start_lot(tool, lot);
    }

    /// Place in the queue of the lot that a tool takes.
    fn best_place(&self, tool: u32, queue: usize, family: &PlanFamily) -> Option<usize> {
        let queue = &self.state.queues[queue];
        if queue.is_empty() {
            return None;
        }
        if !family.selective && !family.changing {
            return Some(0);
        }
        if let Some(place) = self.scan(tool, queue.iter().copied(), family, true) {
            return Some(place);
        }
        if family.keeps_minimum_run
            && self.plan.reading.minimum_run == MinimumRunReading::WhileLotsWait
        {
            return self.scan(tool, queue.iter().copied(), family, false);
        }
        None
    }

    fn scan(
        &self,
        tool: u32,
        lots: impl Iterator<Item = u32>,
        family: &PlanFamily,
        minimum_run: bool,
    ) -> Option<usize> {
        let mut best: Option<(usize, u32, f64)> = None;
        let single = family.changing
            && family.criteria.len() > family.frozen
            && family.criteria[family.frozen + 1..]
                .iter()
                .all(|criterion| !criterion.changes());
        for (place, lot) in lots.enumerate() {
            let step = &self.plan.steps[self.state.lots[lot as usize].step as usize];
            let passes = family.selective
                && (!self.may_use(lot, tool, step)
                    || self.must_wait(tool, step)
                    || (minimum_run && self.in_minimum_run(tool, step)));
            if passes {
                continue;
            }
            let Some((_, leader, value)) = best else {
                if !family.changing {
                    return Some(place);
                }
                let value = self.changing_value(family.frozen, lot, tool, step, family);
                best = Some((place, lot, value));
                if value <= 0.0 && single && family.criteria[family.frozen] == Criterion::SetupTime
                {
                    break;
                }
                continue;
            };
            // The queue is sorted by the leading criteria that do not change: nothing better can follow.
            if self.ranks_of(lot)[..family.frozen] != self.ranks_of(leader)[..family.frozen] {
                break;
            }
            if single {
                let own = self.changing_value(family.frozen, lot, tool, step, family);
                if own < value {
                    best = Some((place, lot, own));
                    if own <= 0.0 && family.criteria[family.frozen] == Criterion::SetupTime {
                        break;
                    }
                }
            } else if self.goes_before(lot, leader, tool, family) {
                best = Some((place, lot, 0.0));
            }
        }
        best.map(|(place, ..)| place)
    }

    /// Compares two lots by all criteria in order, from the tool's point of view.
    fn goes_before(&self, a: u32, b: u32, tool: u32, family: &PlanFamily) -> bool {
        for (at, criterion) in family.criteria.iter().enumerate() {
            let value = |lot: u32| {
                if criterion.changes() {
                    let step = &self.plan.steps[self.state.lots[lot as usize].step as usize];
                    self.changing_value(at, lot, tool, step, family)
                } else {
                    self.ranks_of(lot)[at]
                }
            };
            let (first, second) = (value(a), value(b));
            if first != second {
                return first < second;
            }
        }
        false
    }

    fn changing_value(
        &self,
        criterion: usize,
        lot: u32,
        tool: u32,
        step: &PlanStep,
        family: &PlanFamily,
    ) -> f64 {
        match &family.criteria[criterion] {
            Criterion::SetupTime => {
                self.plan
                    .setup_time(self.state.tools[tool as usize].setup, step) as f64
            }
            Criterion::CriticalRatio => {
                let entry = &self.state.lots[lot as usize];
                if entry.due == Millis::MAX {
                    return f64::MAX;
                }
                let outlook = &self.plan.outlooks[entry.step as usize];
                let work = outlook.constant + outlook.per_wafer * f64::from(entry.wafers);
                (entry.due - self.state.now) as f64 / work.max(1.0)
            }
            Criterion::Expression(expression) => {
                let setup = self
                    .plan
                    .setup_time(self.state.tools[tool as usize].setup, step);
                expression.value(&self.variables(lot, step, setup))
            }
            _ => self.ranks_of(lot)[criterion],
        }
    }

    fn variables(&self, lot: u32, step: &PlanStep, setup: Millis) -> [f64; VARIABLES] {
        let entry = &self.state.lots[lot as usize];
        let outlook = &self.plan.outlooks[entry.step as usize];
        let minutes = |span: Millis| span as f64 / MINUTE as f64;
        let wafers = f64::from(entry.wafers);
        let per_job = if step.per_wafer { wafers } else { 1.0 };
        [
            f64::from(entry.priority),
            if entry.due == Millis::MAX {
                1e9
            } else {
                minutes(entry.due)
            },
            minutes(self.state.now),
            minutes(entry.release),
            minutes(entry.arrived),
            (outlook.constant + outlook.per_wafer * wafers) / MINUTE as f64,
            outlook.steps,
            minutes(step.process.mean()) * per_job,
            minutes(setup),
            wafers,
            self.queue_deadline(lot, step)
                .map_or(1e9, |end| minutes(end - self.state.now)),
            if entry.hot { 1.0 } else { 0.0 },
        ]
    }

    /// The earliest end of the lot's windows that close at this step.
    fn queue_deadline(&self, lot: u32, step: &PlanStep) -> Option<Millis> {
        let notes = lot as usize * self.plan.window_notes as usize;
        self.plan
            .closing_windows(step)
            .iter()
            .filter_map(|&(note, limit)| {
                let opened = self.state.window_notes[notes + note as usize];
                (opened >= 0).then_some(opened + limit)
            })
            .min()
    }

    fn ranks_of(&self, lot: u32) -> &[f64] {
        let most = self.plan.most_criteria as usize;
        &self.state.ranks[lot as usize * most..(lot as usize + 1) * most]
    }

    /// Notes the values of the criteria that do not change while the lot waits.
    fn freeze_ranks(&mut self, lot: u32, step: &PlanStep, family: &PlanFamily) {
        let base = lot as usize * self.plan.most_criteria as usize;
        for (at, criterion) in family.criteria.iter().enumerate() {
            let entry = &self.state.lots[lot as usize];
            let value = match criterion {
                Criterion::Hot => {
                    if entry.hot {
                        0.0
                    } else {
                        1.0
                    }
                }
                Criterion::Priority => -f64::from(entry.priority),
                Criterion::Fifo => self.state.now as f64,
                Criterion::DueDate => entry.due as f64,
                Criterion::ShortestProcess => {
                    let wafers = if step.per_wafer {
                        f64::from(entry.wafers)
                    } else {
                        1.0
                    };
                    step.process.mean() as f64 * wafers
                }
                Criterion::QueueDeadline => self
                    .queue_deadline(lot, step)
                    .map_or(f64::MAX, |end| end as f64),
                Criterion::Expression(expression) if !expression.changes() => {
                    expression.value(&self.variables(lot, step, 0))
                }
                _ => 0.0,
            };
            self.state.ranks[base + at] = value;
        }
    }

    /// Puts a lot in its queue: behind all that the frozen criteria do not place after it.
    fn enqueue(&mut self, lot: u32, step: &PlanStep, family: &PlanFamily) {
        let group = if family.groups > 0 { step.group } else { 0 };
        let queue = (self.plan.family_queue[step.family as usize] + group) as usize;
        let lots = &self.state.queues[queue];
        let own = self.ranks_of(lot);
        let mut place = lots.len();
        while place > 0 {
            let other = self.ranks_of(lots[place - 1]);
            if !before(own, other, family) {
                break;
            }
            place -= 1;
        }
        self.state.queues[queue].insert(place, lot);
        self.state.queue_sizes[queue] += self.batch_share(lot, step);
    }

    /// What a lot counts in its batch.
    pub(super) fn batch_share(&self, lot: u32, step: &PlanStep) -> u64 {
        if step.batch_in_lots {
            1
        } else {
            u64::from(self.state.lots[lot as usize].wafers)
        }
    }

    /// The queue whose batch a tool starts: among those with enough lots, the one with the best first lot.
    fn best_group(&self, tool: u32, at: u32, family: &PlanFamily) -> Option<usize> {
        let first = self.plan.family_queue[at as usize] as usize;
        let mut best: Option<(usize, u32)> = None;
        for queue in first..first + family.groups as usize {
            let Some(&lot) = self.state.queues[queue].front() else {
                continue;
            };
            let step = &self.plan.steps[self.state.lots[lot as usize].step as usize];
            if self.state.queue_sizes[queue] < u64::from(step.batch_least)
                || !self.fits(lot, tool, step)
                || self.must_wait(tool, step)
            {
                continue;
            }
            if best.is_none_or(|(_, leader)| self.goes_before(lot, leader, tool, family)) {
                best = Some((queue, lot));
            }
        }
        best.map(|(queue, _)| queue)
    }

    /// Puts a tool at the end of its family's list of available ones.
    pub(super) fn list(&mut self, tool: u32) {
        let family = self.plan.tool_family[tool as usize] as usize;
        let last = self.state.available[family].last;
        let t = &mut self.state.tools[tool as usize];
        if t.listed {
            return;
        }
        t.listed = true;
        t.before = last;
        t.after = NONE;
        self.state.available[family].last = tool;
        if last == NONE {
            self.state.available[family].first = tool;
        } else {
            self.state.tools[last as usize].after = tool;
        }
    }

    /// Takes a tool out of the list; nothing happens when it is not in it.
    pub(super) fn unlist(&mut self, tool: u32) {
        let family = self.plan.tool_family[tool as usize] as usize;
        let t = &mut self.state.tools[tool as usize];
        if !t.listed {
            return;
        }
        t.listed = false;
        let (before, after) = (t.before, t.after);
        if before == NONE {
            self.state.available[family].first = after;
        } else {
            self.state.tools[before as usize].after = after;
        }
        if after == NONE {
            self.state.available[family].last = before;
        } else {
            self.state.tools[after as usize].before = before;
        }
    }
}

/// Whether frozen ranks `own` go before `other`; criteria that change are skipped.
fn before(own: &[f64], other: &[f64], family: &PlanFamily) -> bool {
    for (at, criterion) in family.criteria.iter().enumerate() {
        if !criterion.changes() && own[at] != other[at] {
            return own[at] < other[at];
        }
    }
    false
}
