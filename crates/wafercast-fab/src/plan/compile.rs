//! Names become indices.

use std::collections::BTreeMap;

use super::{
    Criterion, LeastSetupEntry, NONE, Plan, PlanBreakdown, PlanFamily, PlanInitialLot,
    PlanMaintenance, PlanOrder, PlanStep, QueueTimeReading, Reading, SetupRankReading, StepOutlook,
};
use crate::check::CheckedModel;
use crate::model::{
    BatchUnit, Cascade, DispatchRule, FabModel, Family, First, Interval, Per, Rank, Route, Step,
    Target, WakeRule,
};
use crate::span::{Distribution, Millis};

/// Compiles a checked model.
pub fn compile(checked: &CheckedModel, reading: Reading) -> Plan {
    let model = checked.model();
    let mut compiler = Compiler::new(model, reading);
    compiler.families();
    compiler.setups();
    for route in &model.routes {
        compiler.route(route);
    }
    compiler.queues();
    compiler.orders();
    compiler.transport();
    compiler.plan
}

/// An index given to each name on first sight.
#[derive(Default)]
struct Interner<'m> {
    index: BTreeMap<&'m str, u32>,
    names: Vec<String>,
}

impl<'m> Interner<'m> {
    fn intern(&mut self, name: &'m str) -> u32 {
        let next = self.names.len() as u32;
        *self.index.entry(name).or_insert_with(|| {
            self.names.push(name.to_owned());
            next
        })
    }
}

struct Compiler<'m> {
    model: &'m FabModel,
    plan: Plan,
    families: BTreeMap<&'m str, u32>,
    locations: Interner<'m>,
    setups: Interner<'m>,
    routes: BTreeMap<&'m str, u32>,
}

impl<'m> Compiler<'m> {
    fn new(model: &'m FabModel, reading: Reading) -> Compiler<'m> {
        let mut setups = Interner::default();
        setups.intern("");
        Compiler {
            model,
            plan: Plan {
                reading,
                families: Vec::new(),
                tool_family: Vec::new(),
                tool_slot: vec![0],
                slot_tool: Vec::new(),
                tool_calendar: vec![0],
                family_queue: vec![0],
                steps: Vec::new(),
                outlooks: Vec::new(),
                windows: Vec::new(),
                routes: Vec::new(),
                step_names: Vec::new(),
                orders: Vec::new(),
                starts_over_time: model.starts_over_time.clone(),
                initial_lots: Vec::new(),
                areas: Vec::new(),
                setups: Vec::new(),
                setup_times: Vec::new(),
                minimum_runs: Vec::new(),
                transport: Vec::new(),
                locations: 0,
                tool_notes: 0,
                window_notes: 0,
                most_criteria: 1,
            },
            families: BTreeMap::new(),
            locations: Interner::default(),
            setups,
            routes: BTreeMap::new(),
        }
    }

    fn families(&mut self) {
        let mut areas = Interner::default();
        for family in &self.model.families {
            let index = self.plan.families.len() as u32;
            let criteria = criteria(family, self.plan.reading);
            self.plan.most_criteria = self.plan.most_criteria.max(criteria.len() as u32);
            let first_tool = self.plan.tool_family.len() as u32;
            let breakdowns = breakdowns(self.model, family);
            let maintenances = maintenances(self.model, family);
            let calendars = (breakdowns.len() + maintenances.len()) as u32;
            let first_calendar = self.plan.tool_calendar.last().copied().unwrap_or(0);
            for _ in 0..family.tools {
                let tool = self.plan.tool_family.len() as u32;
                self.plan.tool_family.push(index);
                for _ in 0..family.lots_held {
                    self.plan.slot_tool.push(tool);
                }
                self.plan.tool_slot.push(self.plan.slot_tool.len() as u32);
                self.plan
                    .tool_calendar
                    .push((tool + 1 - first_tool) * calendars + first_calendar);
            }
            self.families.insert(&family.name, index);
            let changing = criteria.iter().any(Criterion::changes);
            self.plan.families.push(PlanFamily {
                name: family.name.clone(),
                area: areas.intern(&family.area),
                location: self.locations.intern(&family.location),
                first_tool,
                tools: family.tools,
                lots_held: family.lots_held,
                load: family.load,
                unload: family.unload,
                frozen: criteria
                    .iter()
                    .take_while(|criterion| !criterion.changes())
                    .count(),
                changing,
                criteria,
                wakes_least_setup: family.wake == WakeRule::LeastSetup,
                keeps_minimum_run: family.rule == DispatchRule::LeastSetup
                    && family.setup_group.is_some(),
                selective: false,
                enters_with_room: family.rule == DispatchRule::LeastSetup
                    && self.plan.reading.least_setup_entry == LeastSetupEntry::WithRoom,
                groups: 0,
                arrivals: family.arrivals.clone(),
                breakdowns,
                maintenances,
            });
        }
        self.plan.areas = areas.names;
    }

    fn setups(&mut self) {
        let model = self.model;
        for route in &model.routes {
            for step in &route.steps {
                if let Some(need) = &step.setup {
                    self.setups.intern(&need.name);
                }
            }
        }
        for change in &model.setup_changes {
            if let Some(from) = &change.from {
                self.setups.intern(from);
            }
            self.setups.intern(&change.to);
        }
        for run in &model.minimum_runs {
            self.setups.intern(&run.setup);
        }
        self.plan.setup_times = vec![(0, Vec::new()); self.setups.names.len()];
        for change in &model.setup_changes {
            let to = self.setups.intern(&change.to) as usize;
            match &change.from {
                None => self.plan.setup_times[to].0 = change.time,
                Some(from) => {
                    let from = self.setups.intern(from);
                    self.plan.setup_times[to].1.push((from, change.time));
                }
            }
        }
        let setups = self.setups.names.len();
        self.plan.minimum_runs = vec![Vec::new(); model.families.len()];
        for (at, family) in model.families.iter().enumerate() {
            let Some(group) = &family.setup_group else {
                continue;
            };
            let mut runs = vec![0; setups];
            for run in model.minimum_runs.iter().filter(|run| run.group == *group) {
                runs[self.setups.intern(&run.setup) as usize] = run.lots;
            }
            self.plan.minimum_runs[at] = runs;
        }
        self.plan.setups = self.setups.names.clone();
    }

    fn route(&mut self, route: &'m Route) {
        let first = self.plan.steps.len() as u32;
        let index: BTreeMap<&str, u32> = (first..)
            .zip(&route.steps)
            .map(|(at, step)| (step.id.as_str(), at))
            .collect();
        for (number, step) in (0..).zip(&route.steps) {
            let compiled = self.step(step, number, &index);
            let family = &mut self.plan.families[compiled.family as usize];
            family.selective |= compiled.setup != 0;
            self.plan.steps.push(compiled);
            self.plan.step_names.push(step.id.clone());
        }
        self.notes(route, first, &index);
        self.remaining(first);
        let end = self.plan.steps.len() as u32;
        self.routes
            .insert(&route.name, self.plan.routes.len() as u32);
        self.plan.routes.push((route.name.clone(), first, end));
    }

    fn step(&mut self, step: &'m Step, number: u32, index: &BTreeMap<&str, u32>) -> PlanStep {
        let chance = |percent: f64| (percent / 100.0 * 4_294_967_296.0) as u64;
        let (wafer_interval, lot_interval) = match step.cascade {
            Some(Cascade::Wafers(span)) => (span, 0),
            Some(Cascade::Lots(span)) => (0, span),
            None => (0, 0),
        };
        let family = self.families[step.family.as_str()];
        let (batch_least, batch_most) = step.batch.unwrap_or((1, 1));
        PlanStep {
            family,
            setup: step
                .setup
                .as_ref()
                .map_or(0, |need| self.setups.intern(&need.name)),
            setup_time: step.setup.as_ref().and_then(|need| need.time).unwrap_or(-1),
            setup_always: step.setup.as_ref().is_some_and(|need| need.always),
            process: step.process,
            per_wafer: step.per == Per::Wafer,
            wafer_interval,
            lot_interval,
            group: NONE,
            batch_least,
            batch_most,
            batch_in_lots: step.batch.is_none()
                || self.model.families[family as usize].batch_unit == BatchUnit::Lots,
            sampling: chance(step.sampling_percent),
            rework_to: step
                .rework
                .as_ref()
                .map_or(NONE, |rework| index[rework.to.as_str()]),
            rework: step
                .rework
                .as_ref()
                .map_or(0, |rework| chance(rework.percent)),
            saves_tool: NONE,
            uses_tool: NONE,
            opens_window: NONE,
            closes_windows: (0, 0),
            number,
        }
    }

    /// Gives every saved tool and every queue-time window of the route a place in a lot's notes. Steps that save a tool
    /// for the same later step share one.
    fn notes(&mut self, route: &'m Route, first: u32, index: &BTreeMap<&str, u32>) {
        let (mut tool_notes, mut window_notes) = (0, 0);
        let mut closing: BTreeMap<usize, Vec<(u32, Millis)>> = BTreeMap::new();
        for (at, step) in (first as usize..).zip(&route.steps) {
            if let Some(to) = &step.same_tool_for {
                let target = index[to.as_str()] as usize;
                if self.plan.steps[target].uses_tool == NONE {
                    self.plan.steps[target].uses_tool = tool_notes;
                    tool_notes += 1;
                }
                self.plan.steps[at].saves_tool = self.plan.steps[target].uses_tool;
                let family = self.plan.steps[target].family as usize;
                self.plan.families[family].selective = true;
            }
            if let Some(window) = &step.queue_time {
                let target = index[window.to.as_str()] as usize;
                self.plan.steps[at].opens_window = window_notes;
                closing
                    .entry(target)
                    .or_default()
                    .push((window_notes, window.limit));
                window_notes += 1;
            }
        }
        for (target, windows) in closing {
            let first = self.plan.windows.len() as u32;
            self.plan.windows.extend(windows);
            self.plan.steps[target].closes_windows = (first, self.plan.windows.len() as u32);
        }
        self.plan.tool_notes = self.plan.tool_notes.max(tool_notes);
        self.plan.window_notes = self.plan.window_notes.max(window_notes);
    }

    /// In a family that batches anything, every step is a group with a queue of its own, and single lots are batches of
    /// one. Other families have one queue.
    fn queues(&mut self) {
        let mut batching = vec![false; self.plan.families.len()];
        for step in self.model.routes.iter().flat_map(|route| &route.steps) {
            if step.batch.is_some() {
                batching[self.families[step.family.as_str()] as usize] = true;
            }
        }
        for step in &mut self.plan.steps {
            if batching[step.family as usize] {
                let family = &mut self.plan.families[step.family as usize];
                step.group = family.groups;
                family.groups += 1;
            }
        }
        let mut queue = 0;
        for family in &self.plan.families {
            queue += family.groups.max(1);
            self.plan.family_queue.push(queue);
        }
    }

    /// Expected work from each step to the end, weighted by sampling; rework is left out, being rare.
    fn remaining(&mut self, first: u32) {
        let mut ahead = StepOutlook::default();
        let mut outlooks = Vec::new();
        for step in self.plan.steps[first as usize..].iter().rev() {
            let family = &self.plan.families[step.family as usize];
            let weight = step.sampling as f64 / 4_294_967_296.0;
            ahead.constant += weight * (family.load + family.unload) as f64;
            let mean = step.process.mean() as f64;
            if step.wafer_interval > 0 {
                let interval = step.wafer_interval as f64;
                ahead.constant += weight * (mean - interval);
                ahead.per_wafer += weight * interval;
            } else if step.per_wafer {
                ahead.per_wafer += weight * mean;
            } else {
                ahead.constant += weight * mean;
            }
            ahead.steps += weight;
            outlooks.push(ahead);
        }
        self.plan.outlooks.extend(outlooks.into_iter().rev());
    }

    fn orders(&mut self) {
        let model = self.model;
        let route_of = |part: &str| {
            let part = model.parts.iter().find(|known| known.name == part);
            let route = part.and_then(|part| self.routes.get(part.route.as_str()));
            route.map_or((0, 0), |&route| {
                let (_, first, end) = self.plan.routes[route as usize];
                (first, end)
            })
        };
        let mut orders: Vec<PlanOrder> = model
            .orders
            .iter()
            .map(|order| {
                let (first_step, end_step) = route_of(&order.part);
                PlanOrder {
                    name: order.name.clone(),
                    lot: order.lot.clone(),
                    first_step,
                    end_step,
                    priority: order.priority,
                    wafers: order.wafers,
                    start: order.start,
                    interval: order.interval,
                    releases: order.releases,
                    lots_per_release: order.lots_per_release,
                    due_after: order.due_after,
                    hot: order.hot,
                }
            })
            .collect();
        let mut initial_orders: BTreeMap<&str, u32> = BTreeMap::new();
        let mut initial_lots = Vec::new();
        for (number, lot) in (0..).zip(&model.initial_lots) {
            let (first_step, end_step) = route_of(&lot.part);
            let order = *initial_orders.entry(&lot.order).or_insert_with(|| {
                orders.push(PlanOrder {
                    name: lot.order.clone(),
                    lot: lot.order.clone(),
                    first_step,
                    end_step,
                    priority: lot.priority,
                    wafers: lot.wafers,
                    start: 0,
                    interval: Distribution::ZERO,
                    releases: 0,
                    lots_per_release: 0,
                    due_after: None,
                    hot: lot.hot,
                });
                orders.len() as u32 - 1
            });
            let names = &self.plan.step_names[first_step as usize..end_step as usize];
            let at = lot
                .step
                .as_ref()
                .and_then(|step| names.iter().position(|name| name == step));
            initial_lots.push(PlanInitialLot {
                order,
                number,
                step: first_step + at.unwrap_or(0) as u32,
                end_step,
                first_step,
                priority: lot.priority,
                wafers: lot.wafers,
                start: lot.start,
                due: lot.due,
                hot: lot.hot,
            });
        }
        self.plan.orders = orders;
        self.plan.initial_lots = initial_lots;
    }

    fn transport(&mut self) {
        for transport in &self.model.transports {
            self.locations.intern(&transport.from);
            self.locations.intern(&transport.to);
        }
        let locations = self.locations.names.len();
        self.plan.locations = locations as u32;
        self.plan.transport = vec![Distribution::ZERO; locations * locations];
        for transport in &self.model.transports {
            let from = self.locations.intern(&transport.from) as usize;
            let to = self.locations.intern(&transport.to) as usize;
            self.plan.transport[from * locations + to] = transport.time;
        }
    }
}

fn criteria(family: &Family, reading: Reading) -> Vec<Criterion> {
    let mut criteria = Vec::new();
    if reading.queue_time == QueueTimeReading::Enforced {
        criteria.push(Criterion::QueueDeadline);
    }
    if family.rule != DispatchRule::Ranking {
        criteria.push(Criterion::Hot);
    }
    let blind = family.rule != DispatchRule::LeastSetup
        && reading.setup_rank == SetupRankReading::OnArrival;
    let ranking = family
        .ranking
        .iter()
        .filter(|rank| !(blind && **rank == Rank::SetupTime));
    criteria.extend(ranking.map(|rank| match rank {
        Rank::Priority => Criterion::Priority,
        Rank::SetupTime => Criterion::SetupTime,
        Rank::Fifo => Criterion::Fifo,
        Rank::CriticalRatio => Criterion::CriticalRatio,
        Rank::DueDate => Criterion::DueDate,
        Rank::ShortestProcess => Criterion::ShortestProcess,
        Rank::Expression(expression) => Criterion::Expression(expression.clone()),
    }));
    criteria
}

fn applies(target: &Target, family: &Family) -> bool {
    match target {
        Target::Area(area) => *area == family.area,
        Target::Family(name) => *name == family.name,
    }
}

fn breakdowns(model: &FabModel, family: &Family) -> Vec<PlanBreakdown> {
    let attached = model
        .attachments
        .iter()
        .filter(|a| a.breakdown && applies(&a.target, family));
    attached
        .filter_map(|attachment| {
            let calendar = model
                .breakdowns
                .iter()
                .find(|c| c.name == attachment.calendar)?;
            Some(PlanBreakdown {
                first: match attachment.first {
                    Some(First::Time(first)) => first,
                    _ => calendar.time_to_failure,
                },
                time_to_failure: calendar.time_to_failure,
                time_to_repair: calendar.time_to_repair,
            })
        })
        .collect()
}

fn maintenances(model: &FabModel, family: &Family) -> Vec<PlanMaintenance> {
    let attached = model
        .attachments
        .iter()
        .filter(|a| !a.breakdown && applies(&a.target, family));
    attached
        .filter_map(|attachment| {
            let calendar = model
                .maintenances
                .iter()
                .find(|c| c.name == attachment.calendar)?;
            let (every, every_wafers) = match calendar.every {
                Interval::Time(every) => (every, 0),
                Interval::Wafers(wafers) => (0, wafers),
            };
            let (first, first_wafers) = match attachment.first {
                Some(First::Time(first)) => (first, every_wafers),
                Some(First::Wafers(wafers)) => (Distribution::Constant(every), wafers),
                None => (Distribution::Constant(every), every_wafers),
            };
            Some(PlanMaintenance {
                every,
                every_wafers,
                first,
                first_wafers,
                duration: calendar.duration,
            })
        })
        .collect()
}
