//! The search over quantities: a coarse look at all of them, then a closer one at those that can do it.

use rayon::prelude::*;
use wafercast::experiment::{Experiment, Untouched};
use wafercast::plan::Plan;
use wafercast::scenario::{Quantity, QuantityId, Scenario};
use wafercast::simulate::Sampling;

use super::quantity::{Scale, candidates, deviation, requirement};
use super::search::{Found, least_change};
use super::{ClaimRequirements, Requirement, Requirements};
use crate::moments::share_error;
use crate::target::{Target, TargetKind};

/// Quantities that one task of a thread works on with its own copy of the plan.
const TASK: usize = 8;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// It, compiled.
    pub plan: &'a Plan,
    /// How answers are drawn.
    pub sampling: Sampling,
    /// The probability that claims are to be brought to.
    pub probability: f64,
}

/// How thoroughly quantities are looked through before the answer is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Draws of the look at every quantity at both ends of its reach.
    pub screen: u64,
    /// Draws of the search among those that can do it.
    pub coarse: u64,
    /// How many of them are searched, per requirement that is told.
    pub searched_per_told: usize,
    /// Requirements told.
    pub told: usize,
}

/// A plan that one thread may change.
pub(super) struct Workbench<'a> {
    scenario: &'a Scenario,
    plan: Plan,
    sampling: Sampling,
    targets: Vec<&'a Target>,
}

impl<'a> Workbench<'a> {
    pub(super) fn new(question: &Question<'a>, draws: u64, targets: Vec<&'a Target>) -> Self {
        Workbench {
            scenario: question.scenario,
            plan: question.plan.clone(),
            sampling: Sampling {
                draws: draws.min(question.sampling.draws),
                ..question.sampling
            },
            targets,
        }
    }

    pub(super) fn draws(&self) -> u64 {
        self.sampling.draws
    }

    /// The probability of every target with quantities at places of the search.
    pub(super) fn probabilities(&mut self, changes: &[(QuantityId, f64)]) -> Vec<f64> {
        let undo: Vec<_> = changes
            .iter()
            .map(|&(id, place)| {
                let quantity = &self.scenario.quantities[id.0];
                let change = Scale::of(quantity).change(place);
                self.plan.change(id, quantity, change)
            })
            .collect();
        let expressions = self
            .targets
            .iter()
            .map(|target| target.expression.clone())
            .collect();
        let draws = self.sampling.draws;
        let experiment = Experiment::new(&self.plan, self.sampling, expressions);
        let probabilities = experiment
            .run(0..draws, &Untouched)
            .iter()
            .map(|values| values.iter().sum::<f64>() / draws.max(1) as f64)
            .collect();
        for before in undo.into_iter().rev() {
            self.plan.restore(before);
        }
        probabilities
    }

    /// The least change of a quantity that brings the first target to a probability.
    fn search(
        &mut self,
        id: QuantityId,
        (now, level): (f64, f64),
        directions: &[f64],
        guess: f64,
    ) -> Found {
        let reach = Scale::of(&self.scenario.quantities[id.0]).reach();
        let error = share_error(level, self.draws());
        let mut probability = |place: f64| self.probabilities(&[(id, place)])[0];
        least_change(
            &mut probability,
            now,
            level,
            directions,
            guess,
            reach,
            error,
        )
    }
}

/// The probability of a claim as things are.
pub fn probability(question: &Question, target: &Target) -> f64 {
    Workbench::new(question, question.sampling.draws, vec![target]).probabilities(&[])[0]
}

/// What one quantity would have to be, searched in both directions on all draws of the question.
pub fn require_of(question: &Question, target: &Target, id: QuantityId) -> Requirement {
    let mut bench = Workbench::new(question, question.sampling.draws, vec![target]);
    let now = bench.probabilities(&[])[0];
    let quantity = &question.scenario.quantities[id.0];
    let guess = deviation(quantity).unwrap_or(Scale::of(quantity).usual());
    let level = question.probability;
    let found = bench.search(id, (now, level), &[1.0, -1.0], guess);
    told(question, id, level, found)
}

/// The most plausible single changes for each claim. Targets that are no claims are left out.
pub fn require(question: &Question, targets: &[Target], effort: Effort) -> Requirements {
    let targets: Vec<&Target> = targets
        .iter()
        .filter(|target| target.kind == TargetKind::Claim)
        .collect();
    let quantities = candidates(question.scenario, question.plan);
    let screen = Screen::of(question, &targets, &quantities, effort.screen);
    let now = Workbench::new(question, question.sampling.draws, targets.clone()).probabilities(&[]);
    let claims = targets
        .iter()
        .enumerate()
        .map(|(index, target)| of_claim(question, (target, now[index]), &screen, index, effort))
        .collect();
    Requirements {
        probability: question.probability,
        draws: question.sampling.draws,
        claims,
        trade_offs: Vec::new(),
    }
}

/// Every quantity at both ends of its reach, with few draws.
struct Screen {
    quantities: Vec<QuantityId>,
    /// Probability of each target as things are.
    now: Vec<f64>,
    /// By quantity: probability of each target at the upper and the lower end.
    ends: Vec<[Vec<f64>; 2]>,
}

impl Screen {
    fn of(
        question: &Question,
        targets: &[&Target],
        quantities: &[QuantityId],
        draws: u64,
    ) -> Screen {
        let now = Workbench::new(question, draws, targets.to_vec()).probabilities(&[]);
        let ends = quantities
            .par_chunks(TASK)
            .flat_map_iter(|task| {
                let mut bench = Workbench::new(question, draws, targets.to_vec());
                let ends: Vec<[Vec<f64>; 2]> = task
                    .iter()
                    .map(|&id| {
                        let most = Scale::of(&question.scenario.quantities[id.0]).reach().most;
                        [most, -most].map(|place| bench.probabilities(&[(id, place)]))
                    })
                    .collect();
                ends
            })
            .collect();
        Screen {
            quantities: quantities.to_vec(),
            now,
            ends,
        }
    }

    /// Quantities with the direction that helps a target and how far past the level it goes (below 0: short of it), the
    /// farthest first. Those that move nothing are left out.
    fn helpful(&self, target: usize, level: f64) -> Vec<(QuantityId, f64, f64)> {
        let now = self.now[target];
        let rises = if now < level { 1.0 } else { -1.0 };
        let mut helpful: Vec<(QuantityId, f64, f64)> = self
            .quantities
            .iter()
            .zip(&self.ends)
            .filter_map(|(&id, [upper, lower])| {
                let [up, down] = [upper, lower].map(|p| (p[target] - level) * rises);
                let (direction, past) = if up >= down { (1.0, up) } else { (-1.0, down) };
                let moves = past > (now - level) * rises;
                moves.then_some((id, direction, past))
            })
            .collect();
        helpful.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
        helpful
    }
}

fn of_claim(
    question: &Question,
    (target, now): (&Target, f64),
    screen: &Screen,
    index: usize,
    effort: Effort,
) -> ClaimRequirements {
    let level = question.probability;
    let helpful = screen.helpful(index, level);
    let able: Vec<_> = helpful.iter().filter(|(_, _, past)| *past >= 0.0).collect();
    // A coarse search of those that can, to know which take least.
    let mut coarse: Vec<((bool, f64), QuantityId, f64, f64)> = able
        .par_iter()
        .take(effort.searched_per_told * effort.told)
        .filter_map(|&&(id, direction, _)| {
            let mut bench = Workbench::new(question, effort.coarse, vec![target]);
            let now = bench.probabilities(&[])[0];
            let quantity = &question.scenario.quantities[id.0];
            let guess = deviation(quantity).unwrap_or(Scale::of(quantity).usual());
            match bench.search(id, (now, level), &[direction], guess) {
                Found::At { change, .. } => Some((
                    implausibility(quantity, change),
                    id,
                    direction,
                    change.abs(),
                )),
                Found::Beyond { .. } => None,
            }
        })
        .collect();
    coarse.sort_by(|a, b| {
        let order = by_rank((false, a.0.0, a.0.1), (false, b.0.0, b.0.1));
        order.then(a.1.cmp(&b.1))
    });
    let mut asked: Vec<(QuantityId, f64, f64)> = coarse
        .iter()
        .take(effort.told)
        .map(|&(_, id, direction, size)| (id, direction, size))
        .collect();
    // Then those that come nearest without reaching it.
    for &(id, direction, _) in helpful.iter().filter(|(_, _, past)| *past < 0.0) {
        if asked.len() == effort.told {
            break;
        }
        let most = Scale::of(&question.scenario.quantities[id.0]).reach().most;
        asked.push((id, direction, most));
    }
    let mut changes: Vec<Requirement> = asked
        .into_par_iter()
        .map(|(id, direction, guess)| {
            let mut bench = Workbench::new(question, question.sampling.draws, vec![target]);
            let found = bench.search(id, (now, level), &[direction], guess);
            told(question, id, level, found)
        })
        .collect();
    changes.sort_by(|a, b| by_rank(rank(a, level), rank(b, level)));
    ClaimRequirements {
        claim: target.name.clone(),
        says: target.says.clone(),
        probability: now,
        standard_error: share_error(now, question.sampling.draws),
        tried: screen.quantities.len(),
        able: able.len(),
        changes,
    }
}

/// The order of changes that do it: first of quantities that are uncertain, by standard deviations, then of certain ones,
/// by tenths or quarters of a year.
fn implausibility(quantity: &Quantity, place: f64) -> (bool, f64) {
    match deviation(quantity) {
        Some(deviation) => (false, place.abs() / deviation),
        None => (true, place.abs() / Scale::of(quantity).usual()),
    }
}

/// The order in which requirements are told: those that do it, the most plausible first, then those that come nearest.
fn rank(requirement: &Requirement, level: f64) -> (bool, bool, f64) {
    if !requirement.reached {
        return (true, false, (requirement.probability - level).abs());
    }
    match requirement.deviations {
        Some(deviations) => (false, false, deviations),
        None => (false, true, requirement.size()),
    }
}

impl Requirement {
    /// The size of the change in tenths or quarters of a year.
    fn size(&self) -> f64 {
        let place = match self.scale {
            Scale::Factor => libm::log(self.change),
            Scale::Shift => self.change,
        };
        place.abs() / self.scale.usual()
    }
}

/// Orders of two keys.
fn by_rank(a: (bool, bool, f64), b: (bool, bool, f64)) -> std::cmp::Ordering {
    (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2))
}

fn told(question: &Question, id: QuantityId, level: f64, found: Found) -> Requirement {
    match found {
        Found::At {
            change,
            standard_error,
        } => requirement(question.scenario, id, (change, standard_error), true, level),
        Found::Beyond {
            nearest,
            probability,
        } => requirement(question.scenario, id, (nearest, 0.0), false, probability),
    }
}
