//! What would have to be true for the main claims of a run, within the time that a report may take.

use wafercast::scenario::QuantityId;
use wafercast::simulate::Sampling;

use super::study::{Effort, Question, Workbench, require};
use super::{Requirements, trade_off};
use crate::target::{Target, TargetKind};

/// Draws behind each answer, and behind each cell of the trade-off.
const DRAWS: u64 = 256;
const TRADE_OFF_DRAWS: u64 = 128;
/// Claims, and steps of the trade-off.
const CLAIMS: usize = 5;
const STEPS: usize = 8;
/// A claim closer to even than this needs no change worth telling.
const EVEN: f64 = 0.08;

const EFFORT: Effort = Effort {
    screen: 64,
    coarse: 64,
    searched_per_told: 2,
    told: 3,
};

/// The least decided of the claims that lean to one side, with their most plausible changes, and for the first of them what the first two changes can do
/// together. None without claims that are formulas.
pub fn overview(question: &Question) -> Option<Requirements> {
    let question = Question {
        sampling: Sampling {
            draws: question.sampling.draws.min(DRAWS),
            ..question.sampling
        },
        ..*question
    };
    let claims: Vec<Target> = Target::defaults(question.scenario)
        .into_iter()
        .filter(|target| target.kind == TargetKind::Claim)
        .collect();
    let now = Workbench::new(&question, DRAWS, claims.iter().collect()).probabilities(&[]);
    let mut undecided: Vec<(f64, Target)> = now
        .into_iter()
        .zip(claims)
        .map(|(p, target)| ((p - question.probability).abs(), target))
        .collect();
    // The sort is stable: equally undecided claims keep their order.
    undecided.retain(|(distance, _)| *distance > EVEN);
    undecided.sort_by(|a, b| a.0.total_cmp(&b.0));
    let chosen: Vec<Target> = undecided
        .into_iter()
        .take(CLAIMS)
        .map(|(_, target)| target)
        .collect();
    if chosen.is_empty() {
        return None;
    }
    let mut requirements = require(&question, &chosen, EFFORT);
    requirements.trade_offs = first_trade_off(&question, &requirements, &chosen)
        .into_iter()
        .collect();
    Some(requirements)
}

/// The trade-off of the first claim that two quantities can each bring about.
fn first_trade_off(
    question: &Question,
    requirements: &Requirements,
    targets: &[Target],
) -> Option<super::TradeOff> {
    let find = |name: &str| {
        let mut quantities = question.scenario.quantities.iter();
        quantities.position(|q| q.name == name).map(QuantityId)
    };
    requirements
        .claims
        .iter()
        .zip(targets)
        .find_map(|(claim, target)| match &claim.changes[..] {
            [first, second, ..] if first.reached && second.reached => {
                let pair = [
                    (find(&first.quantity)?, first),
                    (find(&second.quantity)?, second),
                ];
                Some(trade_off(question, target, pair, TRADE_OFF_DRAWS, STEPS))
            }
            _ => None,
        })
}
