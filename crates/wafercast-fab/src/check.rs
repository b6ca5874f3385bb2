//! What a model says must fit together: every name it uses is defined, every loop ends.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{FabModel, Interval, Route, Target};
use crate::problem::{Place, Problem, Severity, suggest};
use crate::span::DAY;

/// A model that was checked: whoever holds one can compile and simulate it without an error.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedModel(FabModel);

impl CheckedModel {
    /// The model.
    pub fn model(&self) -> &FabModel {
        &self.0
    }
}

/// Most tools of a model: what it may ask of memory.
const MOST_TOOLS: u64 = 200_000;

/// Most lots that the orders of a model may release in a day: what it may ask of time. A large fab starts some hundred.
const MOST_LOTS_A_DAY: f64 = 100_000.0;

/// Most calendars of a kind, breakdown or maintenance, on one tool.
const MOST_CALENDARS: usize = 64;

/// Checks `model`. `found` are the problems its reader met; the result is sorted by place and holds those too. There is
/// a model exactly when there is no error among them.
pub fn check(model: FabModel, found: Vec<Problem>) -> (Option<CheckedModel>, Vec<Problem>) {
    let mut checker = Checker {
        problems: found,
        names: Names::new(&model),
    };
    checker.tools(&model);
    checker.routes(&model);
    checker.orders(&model);
    checker.calendars(&model);
    let mut problems = checker.problems;
    problems.iter_mut().for_each(name_key);
    problems.sort();
    problems.dedup();
    let fails = problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    ((!fails).then_some(CheckedModel(model)), problems)
}

/// In a TOML file, names the key where the check named AutoSched's column.
fn name_key(problem: &mut Problem) {
    const KEYS: [(&str, &str); 17] = [
        ("SETUPGRP", "setup_group"),
        ("FROMLOC", "from"),
        ("TOLOC", "to"),
        ("STNFAM", "family"),
        ("FORSTEP", "same_tool_for"),
        ("STEP_CQT", "queue_time"),
        ("RWKSTEP", "rework"),
        ("REWORK", "rework"),
        ("ROUTE", "route"),
        ("PART", "part"),
        ("REPEAT", "interval"),
        ("CURSTEP", "step"),
        ("MTTF", "time_to_failure"),
        ("MTBPM", "every"),
        ("CALNAME", "applies_to"),
        ("RESNAME", "applies_to"),
        ("RPT#", "releases"),
    ];
    if !problem.place.file.ends_with(".toml") {
        return;
    }
    for (column, key) in KEYS {
        if problem.place.column == column {
            problem.place.column = key.to_owned();
        }
        problem.help = problem
            .help
            .replace(&format!("`{column}`"), &format!("`{key}`"));
    }
}

/// Names that are defined.
struct Names {
    families: BTreeSet<String>,
    areas: BTreeSet<String>,
    routes: BTreeSet<String>,
    parts: BTreeMap<String, String>,
    locations: BTreeSet<String>,
    groups: BTreeSet<String>,
}

impl Names {
    fn new(model: &FabModel) -> Names {
        Names {
            families: model
                .families
                .iter()
                .map(|family| family.name.clone())
                .collect(),
            areas: model
                .families
                .iter()
                .map(|family| family.area.clone())
                .collect(),
            routes: model
                .routes
                .iter()
                .map(|route| route.name.clone())
                .collect(),
            parts: model
                .parts
                .iter()
                .map(|part| (part.name.clone(), part.route.clone()))
                .collect(),
            locations: model
                .families
                .iter()
                .map(|family| family.location.clone())
                .collect(),
            groups: model
                .minimum_runs
                .iter()
                .map(|run| run.group.clone())
                .collect(),
        }
    }
}

struct Checker {
    problems: Vec<Problem>,
    names: Names,
}

impl Checker {
    fn error(&mut self, place: Place, message: String, help: impl Into<String>) {
        self.problems.push(Problem::error(place, message, help));
    }

    fn unique<'a>(&mut self, what: &str, named: impl Iterator<Item = (&'a str, &'a Place)>) {
        let mut first: BTreeMap<&str, &Place> = BTreeMap::new();
        for (name, place) in named {
            if let Some(earlier) = first.get(name) {
                let help =
                    format!("it is defined first at {earlier}; rename or remove one of the two");
                self.error(
                    place.clone(),
                    format!("{what} `{name}` is defined twice"),
                    help,
                );
            } else {
                first.insert(name, place);
            }
        }
    }

    fn tools(&mut self, model: &FabModel) {
        self.unique(
            "family",
            model.families.iter().map(|f| (f.name.as_str(), &f.place)),
        );
        let tools: u64 = model
            .families
            .iter()
            .map(|family| u64::from(family.tools))
            .sum();
        if tools > MOST_TOOLS {
            let place = model.families.first().map(|family| family.place.clone());
            self.error(
                place.unwrap_or_default(),
                format!("the model has {tools} tools"),
                format!("at most {MOST_TOOLS} can be simulated"),
            );
        }
        for family in &model.families {
            if let Some(group) = &family.setup_group
                && !self.names.groups.contains(group)
            {
                let help = suggest(group, self.names.groups.iter().map(String::as_str));
                self.error(
                    family.place.column("SETUPGRP"),
                    format!("setup group `{group}` is not defined"),
                    help,
                );
            }
        }
        for transport in &model.transports {
            for (column, location) in [("FROMLOC", &transport.from), ("TOLOC", &transport.to)] {
                if !self.names.locations.contains(location) {
                    let help = suggest(location, self.names.locations.iter().map(String::as_str));
                    self.problems.push(Problem::warning(
                        transport.place.column(column),
                        format!("no tool stands at location `{location}`"),
                        help,
                    ));
                }
            }
        }
    }

    fn routes(&mut self, model: &FabModel) {
        self.unique(
            "route",
            model.routes.iter().map(|r| (r.name.as_str(), &r.place)),
        );
        for route in &model.routes {
            let mut index = BTreeMap::new();
            for (at, step) in route.steps.iter().enumerate() {
                index.entry(step.id.as_str()).or_insert(at);
            }
            self.unique(
                &format!("step of route `{}`:", route.name),
                route.steps.iter().map(|s| (s.id.as_str(), &s.place)),
            );
            for at in 0..route.steps.len() {
                self.step(model, route, &index, at);
            }
        }
    }

    fn step(&mut self, model: &FabModel, route: &Route, index: &BTreeMap<&str, usize>, at: usize) {
        let step = &route.steps[at];
        match model
            .families
            .iter()
            .find(|family| family.name == step.family)
        {
            None => {
                let help = suggest(&step.family, self.names.families.iter().map(String::as_str));
                self.error(
                    step.place.column("STNFAM"),
                    format!("family `{}` is not defined", step.family),
                    help,
                );
            }
            Some(family) if family.tools == 0 => self.error(
                step.place.column("STNFAM"),
                format!("family `{}` has no tools", family.name),
                "give it at least one tool, or send the step elsewhere",
            ),
            Some(_) => {}
        }
        // What points to a later step, and what to this or an earlier one.
        let later = [
            ("FORSTEP", step.same_tool_for.as_deref()),
            (
                "STEP_CQT",
                step.queue_time.as_ref().map(|limit| limit.to.as_str()),
            ),
        ];
        for (column, to) in later {
            if let Some(to) = to {
                self.target(
                    step,
                    index,
                    column,
                    to,
                    |target| target > at,
                    "a later step",
                );
            }
        }
        if let Some(rework) = &step.rework {
            self.target(
                step,
                index,
                "RWKSTEP",
                &rework.to,
                |target| target <= at,
                "this or an earlier step",
            );
            if rework.percent >= 100.0 {
                self.error(
                    step.place.column("REWORK"),
                    "a lot would be reworked for ever".to_owned(),
                    "write less than 100",
                );
            }
        }
        if let Some(for_step) = &step.same_tool_for {
            let target = index
                .get(for_step.as_str())
                .map(|&target| &route.steps[target]);
            if let Some(target) = target.filter(|target| target.family != step.family) {
                let message = format!(
                    "step `{for_step}` runs on family `{}`, so it cannot use a tool of `{}`",
                    target.family, step.family
                );
                self.error(
                    step.place.column("FORSTEP"),
                    message,
                    "name a step of the same family",
                );
            }
        }
    }

    fn target(
        &mut self,
        step: &crate::model::Step,
        index: &BTreeMap<&str, usize>,
        column: &str,
        to: &str,
        fits: impl Fn(usize) -> bool,
        wanted: &str,
    ) {
        match index.get(to) {
            None => {
                let help = suggest(to, index.keys().copied());
                self.error(
                    step.place.column(column),
                    format!("step `{to}` is not in this route"),
                    help,
                );
            }
            Some(&target) if !fits(target) => self.error(
                step.place.column(column),
                format!("step `{to}` is not {wanted}"),
                format!("name {wanted}"),
            ),
            Some(_) => {}
        }
    }

    fn orders(&mut self, model: &FabModel) {
        self.unique(
            "part",
            model.parts.iter().map(|p| (p.name.as_str(), &p.place)),
        );
        if model.orders.is_empty() && model.initial_lots.is_empty() {
            self.error(
                Place::file("order.txt"),
                "nothing is ever released".to_owned(),
                "add an order",
            );
        }
        for part in &model.parts {
            if !self.names.routes.contains(&part.route) {
                let help = suggest(&part.route, self.names.routes.iter().map(String::as_str));
                self.error(
                    part.place.column("ROUTE"),
                    format!("route `{}` is not defined", part.route),
                    help,
                );
            }
        }
        for order in &model.orders {
            self.part(&order.place, &order.part);
            if order.releases > 1 && order.interval.mean() <= 0 {
                self.error(
                    order.place.column("REPEAT"),
                    "the time between releases is 0, so lots would be released without end"
                        .to_owned(),
                    "write a time above 0, or 1 release in `RPT#`",
                );
            }
        }
        let lots_a_day: f64 = model
            .orders
            .iter()
            .filter(|order| order.releases > 1 && order.interval.mean() > 0)
            .map(|order| {
                f64::from(order.lots_per_release) * DAY as f64 / order.interval.mean() as f64
            })
            .sum();
        if let Some(order) = model
            .orders
            .first()
            .filter(|_| lots_a_day > MOST_LOTS_A_DAY)
        {
            self.error(
                order.place.column("REPEAT"),
                format!("the orders release {lots_a_day:.0} lots a day"),
                format!("at most {MOST_LOTS_A_DAY:.0} can be simulated; check the unit of the time between releases"),
            );
        }
        let steps: BTreeMap<&str, BTreeSet<&str>> = model
            .routes
            .iter()
            .map(|route| {
                (
                    route.name.as_str(),
                    route.steps.iter().map(|s| s.id.as_str()).collect(),
                )
            })
            .collect();
        for lot in &model.initial_lots {
            self.part(&lot.place, &lot.part);
            let known = self
                .names
                .parts
                .get(&lot.part)
                .and_then(|route| steps.get(route.as_str()));
            if let (Some(step), Some(known)) = (&lot.step, known)
                && !known.contains(step.as_str())
            {
                let help = suggest(step, known.iter().copied());
                self.error(
                    lot.place.column("CURSTEP"),
                    format!("step `{step}` is not in the route of `{}`", lot.part),
                    help,
                );
            }
        }
    }

    fn part(&mut self, place: &Place, part: &str) {
        if !self.names.parts.contains_key(part) {
            let help = suggest(part, self.names.parts.keys().map(String::as_str));
            self.error(
                place.column("PART"),
                format!("part `{part}` is not defined"),
                help,
            );
        }
    }

    /// The simulator keeps what is due of a tool as a set of 64.
    fn calendars_of_each_family(&mut self, model: &FabModel) {
        for family in &model.families {
            for (breakdown, kind) in [(true, "breakdown"), (false, "maintenance")] {
                let own = model.attachments.iter().filter(|attachment| {
                    attachment.breakdown == breakdown
                        && match &attachment.target {
                            Target::Area(area) => *area == family.area,
                            Target::Family(name) => *name == family.name,
                        }
                });
                let count = own.count();
                if count > MOST_CALENDARS {
                    self.error(
                        family.place.clone(),
                        format!("{count} {kind} calendars apply to family `{}`", family.name),
                        format!("at most {MOST_CALENDARS} of a kind can; join some of them"),
                    );
                }
            }
        }
    }

    fn calendars(&mut self, model: &FabModel) {
        self.calendars_of_each_family(model);
        let downs: BTreeSet<&str> = model.breakdowns.iter().map(|c| c.name.as_str()).collect();
        let pms: BTreeSet<&str> = model.maintenances.iter().map(|c| c.name.as_str()).collect();
        self.unique(
            "breakdown calendar",
            model.breakdowns.iter().map(|c| (c.name.as_str(), &c.place)),
        );
        self.unique(
            "maintenance calendar",
            model
                .maintenances
                .iter()
                .map(|c| (c.name.as_str(), &c.place)),
        );
        for breakdown in &model.breakdowns {
            if breakdown.time_to_failure.mean() <= 0 {
                self.error(
                    breakdown.place.column("MTTF"),
                    "the time to failure is 0".to_owned(),
                    "write a time above 0",
                );
            }
        }
        for maintenance in &model.maintenances {
            if let Interval::Time(every) = maintenance.every
                && every <= maintenance.duration.mean()
            {
                self.error(
                    maintenance.place.column("MTBPM"),
                    "the tool would always be in maintenance".to_owned(),
                    "write a longer time between maintenances than they take",
                );
            }
        }
        for attachment in &model.attachments {
            let known = if attachment.breakdown { &downs } else { &pms };
            if !known.contains(attachment.calendar.as_str()) {
                let help = suggest(&attachment.calendar, known.iter().copied());
                self.error(
                    attachment.place.column("CALNAME"),
                    format!("calendar `{}` is not defined", attachment.calendar),
                    help,
                );
            }
            let (what, name, known) = match &attachment.target {
                Target::Area(name) => ("area", name, &self.names.areas),
                Target::Family(name) => ("family", name, &self.names.families),
            };
            if !known.contains(name) {
                let help = suggest(name, known.iter().map(String::as_str));
                self.error(
                    attachment.place.column("RESNAME"),
                    format!("{what} `{name}` is not defined"),
                    help,
                );
            }
        }
    }
}
