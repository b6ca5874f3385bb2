//! The draws that sensitivity and value of information are read from.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;
use wafercast::draw::{Lanes, kernel};
use wafercast::experiment::{Experiment, Untouched, Variable, Workspace};
use wafercast::metric::Expression;
use wafercast::plan::{Chance, Plan, ScoreId, Source};
use wafercast::simulate::Sampling;

use super::main_effect::{Fit, Outputs, Score};
use super::model::Model;
use crate::target::Target;

/// Draws per piece of work.
const PIECE: u64 = 256;

/// The uncertain quantities of a plan, and what was drawn of them and of the targets.
#[derive(Debug)]
pub struct Sample<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// How it was drawn.
    pub sampling: Sampling,
    /// What is asked about.
    pub targets: &'a [Target],
    /// The uncertain quantities, in order of name.
    pub variables: Vec<Variable>,
    /// Scores that decide whether something happens, with the score above which it does, if that is certain.
    pub events: BTreeMap<ScoreId, Option<f64>>,
    /// The targets in every draw.
    pub outputs: Outputs,
    /// The targets in every draw, `[target][draw]`.
    pub columns: Vec<Vec<f64>>,
    /// The scores as the model reads them, `[score][draw]`.
    pub scores: Vec<Vec<f64>>,
}

impl<'a> Sample<'a> {
    /// Draws.
    pub fn draw(plan: &'a Plan, sampling: Sampling, targets: &'a [Target]) -> Sample<'a> {
        let experiment = Experiment::new(plan, sampling, expressions(targets));
        let pieces: Vec<Range<u64>> = (0..sampling.draws)
            .step_by(PIECE as usize)
            .map(|first| first..(first + PIECE).min(sampling.draws))
            .collect();
        let drawn: Vec<_> = pieces
            .into_par_iter()
            .map(|piece| experiment.run_with_scores(piece, &Untouched))
            .collect();
        let mut columns = vec![Vec::new(); targets.len()];
        let mut scores = vec![Vec::new(); plan.scores.len()];
        for (targets, of_scores) in drawn {
            for (column, piece) in columns.iter_mut().zip(targets) {
                column.extend(piece);
            }
            for (column, piece) in scores.iter_mut().zip(of_scores) {
                column.extend(piece);
            }
        }
        Sample {
            plan,
            sampling,
            targets,
            variables: plan.variables(),
            events: events(plan),
            outputs: Outputs::new(&columns),
            columns,
            scores,
        }
    }

    /// The regression of all targets on a variable.
    pub fn fit(&self, variable: &Variable) -> Fit<'_> {
        let scores: Vec<Score> = variable
            .scores
            .iter()
            .map(|score| Score {
                values: &self.scores[*score],
                step: self.events.get(score).copied().flatten(),
            })
            .collect();
        Fit::new(&self.outputs, &scores)
    }

    /// Whether a variable is about something that happens or not.
    pub fn is_event(&self, variable: &Variable) -> bool {
        variable.scores.iter().any(|s| self.events.contains_key(s))
    }
}

/// The expressions of targets.
pub(super) fn expressions(targets: &[Target]) -> Vec<Expression> {
    targets
        .iter()
        .map(|target| target.expression.clone())
        .collect()
}

/// The scores that decide whether something happens: above which value, where its probability is a fixed number.
fn events(plan: &Plan) -> BTreeMap<ScoreId, Option<f64>> {
    let phases = [
        plan.fabs
            .iter()
            .flat_map(|fab| &fab.phases)
            .collect::<Vec<_>>(),
        plan.memory_lines
            .iter()
            .flat_map(|line| &line.phases)
            .collect(),
        plan.technologies
            .iter()
            .flat_map(|technology| &technology.lines)
            .flat_map(|line| &line.phases)
            .collect(),
    ];
    let chances = phases
        .into_iter()
        .flatten()
        .map(|phase| phase.happens)
        .chain(plan.events.iter().map(|event| event.happens))
        .chain(
            plan.accelerators
                .iter()
                .map(|accelerator| accelerator.happens),
        );
    chances
        .filter_map(|Chance { probability, score }| {
            let scalar = &plan.scalars[probability];
            let step = match scalar.source {
                Source::Fixed(p) if scalar.effects.is_empty() && p > 0.0 && p < 1.0 => {
                    Some(-kernel::normal_quantile(p))
                }
                _ => None,
            };
            Some((score?, step))
        })
        .collect()
}

/// The engine as a model of normal scores.
#[derive(Debug)]
pub struct Engine<'a> {
    /// Plan and targets.
    pub experiment: &'a Experiment<'a>,
}

impl Model for Engine<'_> {
    type Workspace = Workspace;

    fn coordinates(&self) -> usize {
        self.experiment.plan().scores.len()
    }

    fn outputs(&self) -> usize {
        self.experiment.targets().len()
    }

    fn workspace(&self) -> Workspace {
        self.experiment.workspace()
    }

    fn place(&self, uniforms: &[Lanes], workspace: &mut Workspace, point: &mut [Lanes]) {
        for (point, uniforms) in point.iter_mut().zip(uniforms) {
            *point = uniforms.map(kernel::normal_quantile);
        }
        point.copy_from_slice(self.experiment.correlate(point, workspace));
    }

    fn evaluate(&self, point: &[Lanes], workspace: &mut Workspace, outputs: &mut [Lanes]) {
        let outcome = self.experiment.given(point, workspace);
        for (output, target) in outputs.iter_mut().zip(self.experiment.targets()) {
            *output = outcome.value(target);
        }
    }
}
