//! Weighing a scenario's draws by its evidence.

use rayon::prelude::*;
use wafercast::draw::{LANES, Lanes, Stream};
use wafercast::experiment::{Experiment, Intervention, Untouched};
use wafercast::facts::FactBase;
use wafercast::plan::{Plan, Source};
use wafercast::scenario::Scenario;
use wafercast::simulate::Sampling;

use super::observation::{self, Weighing};
use super::tempering::{Effort, LogLikelihood, Scores, Tempered, temper};
use super::weights::Weights;
use super::{
    Evidence, Input, LeftOut, Method, Observation, Output, Reason, Shift, Tempering, conflict,
};
use crate::Target;

/// Below this share of effective draws weights are not enough.
const FEWEST_SHARE: f64 = 0.1;
/// Effective draws below which a number that was weighed anew is not shown.
const FEWEST: f64 = 100.0;
/// Draws that are tempered at most: each is simulated anew some fifteen times.
const MOST_TEMPERED: u64 = 3072;
/// Inputs reported.
const MOST_INPUTS: usize = 60;
/// Draws of a piece of work.
const PIECE: u64 = 128;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its facts.
    pub facts: &'a FactBase,
    /// The scenario, compiled.
    pub plan: &'a Plan,
    /// How it is drawn.
    pub sampling: Sampling,
    /// Outputs that are shown before and after.
    pub targets: &'a [Target],
}

/// The outputs that are shown before and after: the defaults of all analyses, then output and self-sufficiency of home
/// by year.
pub fn outputs(scenario: &Scenario) -> Vec<Target> {
    let mut targets = Target::defaults(scenario);
    for (year, _) in scenario.horizon.years() {
        for metric in [
            format!("units(home, {year})"),
            format!("h100e(home, {year})"),
            format!("share_of_purchases(h100e, designed, {year})"),
        ] {
            // A scenario without purchases has no shares.
            if let Ok(target) = Target::parse(&metric, scenario)
                && targets.iter().all(|known| known.name != target.name)
            {
                targets.push(target);
            }
        }
    }
    targets
}

/// Draws as far as they are looked at: values of observed metrics and of targets, and the scores the model read.
struct Population {
    observed: Vec<Vec<f64>>,
    targets: Vec<Vec<f64>>,
    scores: Vec<Vec<f64>>,
}

/// Weighs the draws of a scenario by its evidence. `None` if it has none.
pub fn weigh(question: &Question) -> Option<Evidence> {
    if question.scenario.evidence.is_empty() {
        return None;
    }
    let (mut weighing, mut left_out) = observation::of(question.scenario, question.facts);
    let draws = question.sampling.draws;
    let mut prior = run(question, &weighing, draws, &Untouched);
    let mut ln = ln_likelihoods(&weighing, &prior.observed);
    while let Some((index, why)) = impossible(&ln) {
        let one: Weighing = weighing.remove(index);
        left_out.push(LeftOut {
            id: one.evidence.id.clone(),
            name: one.evidence.name.clone(),
            why,
        });
        prior.observed.remove(index);
        ln.remove(index);
    }
    let sums = sum(&ln, draws as usize);
    let equal = Weights::equal(draws as usize);
    let weights = equal.times(&sums)?;
    let effective_of_weights = weights.effective();
    let share = effective_of_weights / draws as f64;
    let tempered = if share < FEWEST_SHARE {
        moved(question, &weighing, sums)
    } else {
        None
    };
    let (posterior, after) = match &tempered {
        Some(tempered) => {
            let set = Set(&tempered.scores);
            let draws = tempered.scores.draws as u64;
            (
                Some(run(question, &weighing, draws, &set)),
                &tempered.weights,
            )
        }
        None => (None, &weights),
    };
    let view = View {
        question,
        weighing: &weighing,
        prior: &prior,
        equal: &equal,
        ln: &ln,
        posterior: posterior.as_ref().unwrap_or(&prior),
        after,
    };
    let tempering = tempered.as_ref();
    Some(Evidence {
        method: tempering.map_or(Method::Weights, |_| Method::Tempered),
        draws,
        effective_of_weights,
        effective: after.effective(),
        steps: tempering.map_or_else(Vec::new, steps),
        simulated: tempering.map_or(0, |t| t.simulated + t.scores.draws as u64),
        ln_evidence: tempering.map_or(weights.ln_mean, |t| t.ln_evidence),
        outputs: view.outputs(),
        inputs: view.inputs(),
        shifts: view.shifts(),
        conflicts: conflict::find(&weighing, question.facts, &prior.observed, &ln),
        observations: view.observations(),
        left_out,
    })
}

fn steps(tempered: &Tempered) -> Vec<Tempering> {
    tempered
        .steps
        .iter()
        .map(|step| Tempering {
            temperature: step.temperature,
            acceptance: step.acceptance,
        })
        .collect()
}

/// An observation that would rule out everything: one that no draw comes near, else, where no draw agrees with all at
/// once, the one that fewest agree with.
fn impossible(ln: &[Vec<f64>]) -> Option<(usize, Reason)> {
    let agreeing = |row: &Vec<f64>| row.iter().filter(|x| **x > f64::NEG_INFINITY).count();
    let counts: Vec<usize> = ln.iter().map(agreeing).collect();
    if let Some(index) = counts.iter().position(|count| *count == 0) {
        return Some((index, Reason::OutOfReach));
    }
    let draws = ln.first()?.len();
    if agreeing(&sum(ln, draws)) > 0 {
        return None;
    }
    let fewest = counts.iter().enumerate().min_by_key(|(_, count)| **count);
    fewest.map(|(index, _)| (index, Reason::Contradicts))
}

/// ln of the likelihood of every observation in every draw.
fn ln_likelihoods(weighing: &[Weighing], observed: &[Vec<f64>]) -> Vec<Vec<f64>> {
    weighing
        .par_iter()
        .zip(observed)
        .map(|(one, values)| values.iter().map(|y| one.likelihood.ln_at(*y)).collect())
        .collect()
}

/// Sums over the observations, by draw.
fn sum(ln: &[Vec<f64>], draws: usize) -> Vec<f64> {
    let mut sums = vec![0.0; draws];
    for row in ln {
        for (sum, x) in sums.iter_mut().zip(row) {
            *sum += x;
        }
    }
    sums
}

/// The prior's draws, moved to the posterior.
fn moved(question: &Question, weighing: &[Weighing], mut ln: Vec<f64>) -> Option<Tempered> {
    let sampling = question.sampling;
    let draws = sampling.draws.min(MOST_TEMPERED) as usize;
    ln.truncate(draws);
    let streams: Vec<Stream> = question
        .plan
        .scores
        .iter()
        .map(|name| Stream::new(sampling.seed, name, sampling.design, sampling.draws))
        .collect();
    let metrics = weighing.iter().map(|one| one.metric.clone()).collect();
    let model = Engine {
        experiment: Experiment::new(question.plan, sampling, metrics),
        weighing,
    };
    let prior = Scores::of_streams(draws, &streams);
    temper(prior, ln, &model, sampling.seed, Effort::default())
}

/// The engine as a function from scores to ln of the likelihood.
struct Engine<'a> {
    experiment: Experiment<'a>,
    weighing: &'a [Weighing<'a>],
}

impl LogLikelihood for Engine<'_> {
    fn evaluate(&self, scores: &Scores) -> Vec<f64> {
        let set = Set(scores);
        pieces(scores.draws as u64)
            .into_par_iter()
            .flat_map_iter(|piece| {
                let length = (piece.end - piece.start) as usize;
                let observed = self.experiment.run(piece, &set);
                let ln = self.weighing.iter().zip(&observed);
                let ln: Vec<Vec<f64>> = ln
                    .map(|(one, values)| values.iter().map(|y| one.likelihood.ln_at(*y)).collect())
                    .collect();
                sum(&ln, length)
            })
            .collect()
    }
}

/// Puts given scores in the place of those drawn.
struct Set<'a>(&'a Scores);

impl Intervention for Set<'_> {
    fn independent(&self, first: u64, scores: &mut [Lanes]) {
        scores.copy_from_slice(self.0.group(first as usize / LANES));
    }
}

/// Ranges of draws that are simulated apart.
fn pieces(draws: u64) -> Vec<std::ops::Range<u64>> {
    (0..draws.div_ceil(PIECE))
        .map(|k| k * PIECE..((k + 1) * PIECE).min(draws))
        .collect()
}

/// Runs the first draws.
fn run(
    question: &Question,
    weighing: &[Weighing],
    draws: u64,
    intervention: &dyn Intervention,
) -> Population {
    let metrics = weighing.iter().map(|one| one.metric.clone());
    let targets = question.targets.iter().map(|t| t.expression.clone());
    let experiment = Experiment::new(
        question.plan,
        question.sampling,
        metrics.chain(targets).collect(),
    );
    let parts: Vec<_> = pieces(draws)
        .into_par_iter()
        .map(|piece| experiment.run_with_scores(piece, intervention))
        .collect();
    let mut values = vec![Vec::new(); experiment.targets().len()];
    let mut scores = vec![Vec::new(); question.plan.scores.len()];
    for (part, part_scores) in parts {
        for (column, piece) in values.iter_mut().zip(part) {
            column.extend(piece);
        }
        for (column, piece) in scores.iter_mut().zip(part_scores) {
            column.extend(piece);
        }
    }
    let targets = values.split_off(weighing.len());
    Population {
        observed: values,
        targets,
        scores,
    }
}

/// Everything there is to report from.
struct View<'a> {
    question: &'a Question<'a>,
    weighing: &'a [Weighing<'a>],
    prior: &'a Population,
    equal: &'a Weights,
    ln: &'a [Vec<f64>],
    posterior: &'a Population,
    after: &'a Weights,
}

impl View<'_> {
    fn outputs(&self) -> Vec<Output> {
        let targets = self.question.targets.par_iter().enumerate();
        targets
            .map(|(t, target)| Output {
                name: target.name.clone(),
                says: target.says.clone(),
                kind: target.kind,
                unit: target.unit.clone(),
                prior: self.equal.spread(&self.prior.targets[t]),
                posterior: self.after.spread(&self.posterior.targets[t]),
            })
            .collect()
    }

    fn observations(&self) -> Vec<Observation> {
        let observations = self.weighing.par_iter().enumerate();
        observations
            .map(|(k, one)| {
                let scaled =
                    |values: &[f64]| -> Vec<f64> { values.iter().map(|y| y / one.scale).collect() };
                let prior = &self.prior.observed[k];
                let alone = self.equal.times(&self.ln[k]);
                let without = self.without(k);
                Observation {
                    id: one.evidence.id.clone(),
                    name: one.evidence.name.clone(),
                    metric: one.evidence.text.clone(),
                    unit: one.unit.clone(),
                    observed: [0.05, 0.5, 0.95].map(|u| one.observed.quantile(u) / one.scale),
                    assumed_error: one.likelihood.assumed_error,
                    prior: self.equal.spread(&scaled(prior)),
                    posterior: self.after.spread(&scaled(&self.posterior.observed[k])),
                    p_value: conflict::p_value(one, self.equal, prior),
                    p_value_given_others: without.map(|weights| {
                        conflict::p_value(one, &weights, &self.posterior.observed[k])
                    }),
                    effective_alone: alone.map_or(0.0, |weights| weights.effective()),
                    sources: one.sources.clone(),
                    also_inputs: one.also_inputs.clone(),
                }
            })
            .collect()
    }

    /// Weights of all observations but one, if enough draws carry them.
    fn without(&self, k: usize) -> Option<Weights> {
        let one = &self.weighing[k];
        let inverse: Vec<f64> = self.posterior.observed[k]
            .iter()
            .zip(self.after.values())
            .map(|(y, weight)| match one.likelihood.ln_at(*y) {
                // A draw that is ruled out has no weight to be given back.
                ln if ln == f64::NEG_INFINITY || *weight <= 0.0 => f64::NEG_INFINITY,
                ln => -ln,
            })
            .collect();
        let weights = self.after.times(&inverse)?;
        (weights.effective() >= FEWEST).then_some(weights)
    }

    fn shifts(&self) -> Vec<Shift> {
        let by_evidence = self.weighing.par_iter().enumerate();
        by_evidence
            .flat_map_iter(|(k, one)| {
                let alone = self.equal.times(&self.ln[k]);
                let without = self.without(k);
                let targets = self.question.targets.iter().enumerate();
                targets
                    .map(|(t, target)| {
                        let before = &self.prior.targets[t];
                        let after = &self.posterior.targets[t];
                        let (shift, se) = alone
                            .as_ref()
                            .map_or((0.0, 0.0), |alone| alone.against(self.equal, before));
                        Shift {
                            evidence: one.evidence.id.clone(),
                            output: target.name.clone(),
                            alone: shift,
                            alone_se: se,
                            last: without
                                .as_ref()
                                .map(|w| self.after.mean(after) - w.mean(after)),
                        }
                    })
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// Inputs that moved by more than chance, those that moved most first.
    fn inputs(&self) -> Vec<Input> {
        let floor = 4.0 / self.after.effective();
        let mut inputs: Vec<Input> = self
            .question
            .plan
            .inputs
            .par_iter()
            .filter_map(|input| {
                let Source::Sampled { score, sampler } = &input.source else {
                    return None;
                };
                let (before, after) = (&self.prior.scores[*score], &self.posterior.scores[*score]);
                let shift = self.after.mean(after) - self.equal.mean(before);
                let narrowing = self.after.deviation(after) / self.equal.deviation(before);
                let square = narrowing * narrowing;
                let learnt = 0.5 * (shift * shift + square - 1.0 - libm::log(square));
                if !(learnt.is_finite() && learnt > floor) {
                    return None;
                }
                let values = |scores: &[f64]| -> Vec<f64> {
                    let value = |z: &f64| sampler.from_score(*z) / input.scale;
                    scores.iter().map(value).collect()
                };
                Some(Input {
                    name: input.name.clone(),
                    unit: input.unit.clone(),
                    prior: self.equal.spread(&values(before)),
                    posterior: self.after.spread(&values(after)),
                    shift,
                    narrowing,
                    learnt,
                })
            })
            .collect();
        inputs.sort_by(|a, b| {
            let order = b.learnt.total_cmp(&a.learnt);
            order.then_with(|| a.name.cmp(&b.name))
        });
        inputs.truncate(MOST_INPUTS);
        inputs
    }
}
