//! Draws under intervention: the one way in which analyses run the engine.
//!
//! An experiment fixes plan, sampling and what is looked at (targets). Each run of it may intervene: replace the numbers
//! that are drawn, before or after they are correlated, or change resources before they are shared out. Runs of one
//! experiment share all draws that an intervention leaves alone (common random numbers), so that the difference between
//! two of them is the effect of the intervention and not noise.

use std::ops::Range;

use crate::draw::{LANES, Lanes};
use crate::metric::{Depth, Expression, Metric, evaluate};
use crate::plan::{Plan, Reading, ScoreId};
use crate::simulate::measure::{View, depth_index};
use crate::simulate::{Results, Sampling, Simulation, Stage};

/// What is done to a group of draws, from `first` on. The default does nothing.
pub trait Intervention: Sync {
    /// Changes the independent standard normal scores, before they are correlated. One entry per [`Plan::scores`].
    fn independent(&self, _first: u64, _scores: &mut [Lanes]) {}

    /// Changes the scores as the model reads them, after they were correlated.
    fn correlated(&self, _first: u64, _scores: &mut [Lanes]) {}

    /// Changes resources after they are known and before they are shared out among accelerators.
    fn resources(&self, _first: u64, _resources: &mut Resources) {}
}

/// No intervention.
#[derive(Debug, Clone, Copy, Default)]
pub struct Untouched;

impl Intervention for Untouched {}

/// The resources of a group of draws, in the order of the plan: parts (dies, then memories), then technologies, then the
/// caps of accelerators.
#[derive(Debug)]
pub struct Resources<'a> {
    plan: &'a Plan,
    results: &'a mut Results,
}

impl Resources<'_> {
    /// The plan.
    pub fn plan(&self) -> &Plan {
        self.plan
    }

    /// Multiplies in months what arrives of a part, from every origin, the capacity of a packaging technology, or the cap
    /// of an accelerator.
    ///
    /// `resource` counts parts, then technologies, then accelerators; one that does not exist is left alone.
    pub fn multiply(&mut self, resource: usize, months: Range<usize>, factor: f64) {
        for values in self.of(resource, &months) {
            for month in values {
                *month = month.map(|x| x * factor);
            }
        }
    }

    /// Adds an amount (parts/month) in months: of a part, to its first origin that is at home, else to its first.
    ///
    /// Technologies are left alone: their lines differ in unit, and are multiplied instead.
    pub fn add(&mut self, part: usize, months: Range<usize>, amount: f64) {
        let Some(plan) = self.plan.parts.get(part) else {
            return;
        };
        let origin = plan.origins.iter().position(|o| o.home).unwrap_or(0);
        let slot = self.results.first_slot[part] + origin;
        let end = months.end.min(self.plan.months);
        let from = slot * self.plan.months;
        for month in &mut self.results.arrivals[from + months.start.min(end)..from + end] {
            *month = month.map(|x| x + amount);
        }
    }

    /// The months of every origin of a part, of every line of a technology, or of a cap.
    fn of(&mut self, resource: usize, months: &Range<usize>) -> impl Iterator<Item = &mut [Lanes]> {
        let total = self.plan.months;
        let (start, end) = (months.start.min(total), months.end.min(total));
        let (parts, technologies) = (self.plan.parts.len(), &self.plan.technologies);
        let (array, things) = if resource < parts {
            let slots = &self.results.first_slot;
            (
                &mut self.results.arrivals,
                slots[resource]..slots[resource + 1],
            )
        } else if let Some(technology) = technologies.get(resource - parts) {
            let before = &technologies[..resource - parts];
            let first = before.iter().map(|t| t.lines.len()).sum();
            (
                &mut self.results.scratch.packaging_lines,
                first..first + technology.lines.len(),
            )
        } else {
            let accelerator = self
                .plan
                .accelerators
                .get(resource - parts - technologies.len());
            let series = match accelerator.and_then(|accelerator| accelerator.cap) {
                Some(Reading::Series(id)) => id..id + 1,
                // Caps are compiled to series; there is none here.
                Some(Reading::Scalar(_)) | None => 0..0,
            };
            (&mut self.results.series, series)
        };
        array
            .chunks_exact_mut(total.max(1))
            .skip(things.start)
            .take(things.len())
            .map(move |line| &mut line[start..end.max(start)])
    }
}

/// A simulated group of draws, of which `lanes` count.
#[derive(Debug, Clone)]
pub struct Outcome<'a> {
    plan: &'a Plan,
    results: &'a Results,
    /// The first draw.
    pub first: u64,
    /// The lanes that are in the range asked for.
    pub lanes: Range<usize>,
}

impl<'a> Outcome<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        results: &'a Results,
        first: u64,
        lanes: Range<usize>,
    ) -> Self {
        Outcome {
            plan,
            results,
            first,
            lanes,
        }
    }

    /// The plan.
    pub fn plan(&self) -> &'a Plan {
        self.plan
    }

    /// Everything simulated.
    pub fn results(&self) -> &'a Results {
        self.results
    }

    /// The scores as the model read them.
    pub fn scores(&self) -> &'a [Lanes] {
        &self.results.scores
    }

    /// Usable capacity of a packaging line in a month, in its own unit (wafers or packages). Lines are counted through
    /// all technologies in order. Zero where there is no such line or month.
    pub fn packaging_line(&self, line: usize, month: usize) -> Lanes {
        let months = self.plan.months;
        let lines = &self.results.scratch.packaging_lines;
        let found = (month < months).then(|| lines.get(line * months + month));
        found.flatten().copied().unwrap_or(Lanes::splat(0.0))
    }

    /// What an import brings in a month, counted in a metric, in base units.
    pub fn imported(&self, import: usize, metric: Metric, month: usize) -> Lanes {
        let known = self.plan.imports.get(import);
        known.map_or(Lanes::splat(0.0), |import| {
            let rate = self.results.at(import.rate, month);
            let factor = self.view().factor(&import.factors, metric, month);
            Lanes::from_fn(|lane| rate[lane] * factor[lane])
        })
    }

    /// The value of an expression in every lane, in base units; truth is 1 and 0.
    pub fn value(&self, expression: &Expression) -> Lanes {
        Lanes(evaluate(expression, &self.view()))
    }

    /// Units of an accelerator delivered in every month, at a depth.
    pub fn delivered(&self, accelerator: usize, depth: Depth) -> &'a [Lanes] {
        let delivered = &self.results.delivered[depth_index(depth)];
        self.results.months_of(delivered, accelerator)
    }

    /// What one unit of an accelerator counts in a metric in a month, in base units; 0 where it is not known.
    pub fn factor(&self, accelerator: usize, metric: Metric, month: usize) -> Lanes {
        let factors = &self.plan.accelerators[accelerator].factors;
        self.view().factor(factors, metric, month)
    }

    /// A reading of the plan in a month.
    pub fn reading(&self, reading: Reading, month: usize) -> &'a Lanes {
        self.results.at(reading, month)
    }

    /// Stock of a part over all origins at the end of a month.
    pub fn stock(&self, part: usize, month: usize) -> Lanes {
        self.results.stock(part, month)
    }

    /// Arrivals of a part over all origins in a month.
    pub fn arrived(&self, part: usize, month: usize) -> Lanes {
        self.results.arrived(part, month)
    }

    fn view(&self) -> View<'a> {
        View {
            plan: self.plan,
            results: self.results,
        }
    }
}

/// A plan, how it is drawn, and what is looked at.
#[derive(Debug)]
pub struct Experiment<'a> {
    simulation: Simulation<'a>,
    targets: Vec<Expression>,
}

impl<'a> Experiment<'a> {
    /// Prepares the streams.
    pub fn new(plan: &'a Plan, sampling: Sampling, targets: Vec<Expression>) -> Self {
        Experiment {
            simulation: Simulation::new(plan, sampling),
            targets,
        }
    }

    /// The plan.
    pub fn plan(&self) -> &'a Plan {
        self.simulation.plan()
    }

    /// How the draws are made.
    pub fn sampling(&self) -> Sampling {
        self.simulation.sampling()
    }

    /// What is looked at.
    pub fn targets(&self) -> &[Expression] {
        &self.targets
    }

    /// The targets in each draw of a range, `[target][draw]`, in base units.
    pub fn run(&self, draws: Range<u64>, intervention: &dyn Intervention) -> Vec<Vec<f64>> {
        let mut columns = vec![Vec::new(); self.targets.len()];
        self.each(draws, intervention, |outcome| {
            for (column, target) in columns.iter_mut().zip(&self.targets) {
                column.extend_from_slice(&outcome.value(target)[outcome.lanes.clone()]);
            }
        });
        columns
    }

    /// Targets and scores in each draw of a range: `[target][draw]` and `[score][draw]`.
    pub fn run_with_scores(
        &self,
        draws: Range<u64>,
        intervention: &dyn Intervention,
    ) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
        let mut columns = vec![Vec::new(); self.targets.len()];
        let mut scores = vec![Vec::new(); self.plan().scores.len()];
        self.each(draws, intervention, |outcome| {
            for (column, target) in columns.iter_mut().zip(&self.targets) {
                column.extend_from_slice(&outcome.value(target)[outcome.lanes.clone()]);
            }
            for (column, score) in scores.iter_mut().zip(outcome.scores()) {
                column.extend_from_slice(&score[outcome.lanes.clone()]);
            }
        });
        (columns, scores)
    }

    /// Simulates the draws of a range, a group at a time, and shows each group to `look`.
    pub fn each(
        &self,
        draws: Range<u64>,
        intervention: &dyn Intervention,
        mut look: impl FnMut(&Outcome),
    ) {
        let mut results = Results::new(self.plan());
        self.simulation.each_group(&draws, |first, lanes| {
            self.up_to_resources(first, intervention, &mut results);
            self.simulation.stage(Stage::Allocate, first, &mut results);
            look(&self.outcome(&results, first, &lanes));
        });
    }

    /// Simulates the draws of a range as they are (shown to `look` with `None`) and with each scaling alone (`Some` of its
    /// index). Only what follows from resources is worked out again, so that a scaling costs a part of a simulation.
    pub fn each_scaled(
        &self,
        draws: Range<u64>,
        scalings: &[Scaling],
        mut look: impl FnMut(Option<usize>, &Outcome),
    ) {
        let plan = self.plan();
        let mut results = Results::new(plan);
        let mut saved = Vec::new();
        self.simulation.each_group(&draws, |first, lanes| {
            self.up_to_resources(first, &Untouched, &mut results);
            self.simulation.stage(Stage::Allocate, first, &mut results);
            look(None, &self.outcome(&results, first, &lanes));
            for (index, scaling) in scalings.iter().enumerate() {
                let resources = &mut Resources {
                    plan,
                    results: &mut results,
                };
                saved.clear();
                for months in resources.of(scaling.resource, &scaling.months) {
                    saved.extend_from_slice(months);
                }
                resources.multiply(scaling.resource, scaling.months.clone(), scaling.factor);
                self.simulation.stage(Stage::Allocate, first, &mut results);
                look(Some(index), &self.outcome(&results, first, &lanes));
                let resources = &mut Resources {
                    plan,
                    results: &mut results,
                };
                let mut before = saved.as_slice();
                for months in resources.of(scaling.resource, &scaling.months) {
                    let (own, rest) = before.split_at(months.len());
                    months.copy_from_slice(own);
                    before = rest;
                }
            }
        });
    }

    /// Memory to simulate one group of draws after another in.
    pub fn workspace(&self) -> Workspace {
        Workspace(Results::new(self.plan()))
    }

    /// The scores of the [`LANES`] draws from `first` on as the model reads them. One entry per [`Plan::scores`].
    pub fn scores<'w>(&self, first: u64, workspace: &'w mut Workspace) -> &'w [Lanes] {
        self.simulation.stage(Stage::Draw, first, &mut workspace.0);
        self.simulation
            .stage(Stage::Correlate, first, &mut workspace.0);
        &workspace.0.scores
    }

    /// Independent standard normal scores, correlated as the model reads them. One entry per [`Plan::scores`]; entries
    /// that are missing keep what the workspace held.
    pub fn correlate<'w>(
        &self,
        independent: &[Lanes],
        workspace: &'w mut Workspace,
    ) -> &'w [Lanes] {
        workspace.set(independent);
        self.simulation.stage(Stage::Correlate, 0, &mut workspace.0);
        &workspace.0.scores
    }

    /// Simulates [`LANES`] draws whose scores are given as the model reads them: nothing is drawn. One entry per
    /// [`Plan::scores`]; entries that are missing keep what the workspace held.
    pub fn given<'r>(&'r self, scores: &[Lanes], workspace: &'r mut Workspace) -> Outcome<'r> {
        workspace.set(scores);
        for stage in Stage::ALL {
            if !matches!(stage, Stage::Draw | Stage::Correlate) {
                self.simulation.stage(stage, 0, &mut workspace.0);
            }
        }
        self.outcome(&workspace.0, 0, &(0..LANES))
    }

    fn outcome<'r>(
        &'r self,
        results: &'r Results,
        first: u64,
        lanes: &Range<usize>,
    ) -> Outcome<'r> {
        Outcome::new(self.plan(), results, first, lanes.clone())
    }

    /// Everything before parts become packages.
    fn up_to_resources(&self, first: u64, intervention: &dyn Intervention, results: &mut Results) {
        for stage in Stage::ALL {
            match stage {
                Stage::Correlate => intervention.independent(first, &mut results.scores),
                Stage::Inputs => intervention.correlated(first, &mut results.scores),
                Stage::Draw | Stage::Capacities | Stage::Yields | Stage::Arrivals => {}
                Stage::Allocate => break,
            }
            self.simulation.stage(stage, first, results);
        }
        let plan = self.plan();
        intervention.resources(first, &mut Resources { plan, results });
    }
}

/// What [`Experiment::given`] simulates in.
#[derive(Debug)]
pub struct Workspace(Results);

impl Workspace {
    fn set(&mut self, scores: &[Lanes]) {
        for (held, given) in self.0.scores.iter_mut().zip(scores) {
            *held = *given;
        }
    }
}

/// A resource that is multiplied in months, see [`Resources::multiply`].
#[derive(Debug, Clone, PartialEq)]
pub struct Scaling {
    /// Parts, then technologies, then the caps of accelerators.
    pub resource: usize,
    /// In these months.
    pub months: Range<usize>,
    /// By this factor.
    pub factor: f64,
}

/// An uncertain quantity: the scores that carry it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Name of the quantity.
    pub name: String,
    /// Its scores: one, or one per uncertain anchor of a path, and whether it happens.
    pub scores: Vec<ScoreId>,
    /// Variables of one block are correlated with each other; those of different blocks are independent.
    pub block: usize,
}

impl Plan {
    /// The uncertain quantities, in order of name. Every score belongs to exactly one.
    pub fn variables(&self) -> Vec<Variable> {
        let mut by_name = std::collections::BTreeMap::<&str, Vec<ScoreId>>::new();
        for (score, name) in self.scores.iter().enumerate() {
            by_name.entry(quantity_of(name)).or_default().push(score);
        }
        let mut variables: Vec<Variable> = by_name
            .into_iter()
            .enumerate()
            .map(|(block, (name, scores))| Variable {
                name: name.to_owned(),
                scores,
                block,
            })
            .collect();
        for (group, _) in &self.copulas {
            let blocks: Vec<usize> = variables
                .iter()
                .filter(|variable| variable.scores.iter().any(|s| group.contains(s)))
                .map(|variable| variable.block)
                .collect();
            let Some(&lowest) = blocks.iter().min() else {
                continue;
            };
            for variable in &mut variables {
                if blocks.contains(&variable.block) {
                    variable.block = lowest;
                }
            }
        }
        variables
    }
}

/// The quantity that a stream belongs to: anchors are `name@k`, occurrence is `name#happens`.
fn quantity_of(stream: &str) -> &str {
    let end = stream.find(['@', '#']).unwrap_or(stream.len());
    &stream[..end]
}

const _: () = assert!(LANES == crate::metric::LANES);
