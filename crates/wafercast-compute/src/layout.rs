//! The best way to split a model over chips: every layout is tried.
//!
//! Tensor parallel t (divisors of the heads), data-parallel attention with experts over all chips d, pipeline stages p,
//! replicas r — all whole numbers with t·d·p·r ≤ the greatest number of chips — each with prefill on the same chips and
//! with prefill on chips of its own. Nothing is pruned but what cannot be better: a layout that does not fit, or a number of
//! replicas beyond the concurrency.

use crate::model::Shape;
use crate::serving::{Constants, Layout, Load, Prepared, Speed};

/// Pipeline stages at most; more are not run in practice.
const MOST_STAGES: u32 = 16;
/// Chips of a tensor-parallel group at most, where the scale-up domain is larger.
const MOST_TENSOR: u32 = 64;
/// Share of its time that a prefill instance can work: requests do not come evenly.
const PREFILL_LOAD: f64 = 0.8;

/// What is to be served.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Tokens of a prompt.
    pub prompt: f64,
    /// Tokens of an output.
    pub output: f64,
    /// Sequences at a time.
    pub concurrency: f64,
    /// Time per output token at most, s.
    pub most_tpot: f64,
    /// Chips at most.
    pub most_chips: u32,
}

/// A way to serve the target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// One replica.
    pub layout: Layout,
    /// Replicas that decode.
    pub replicas: u32,
    /// Chips that only prefill; 0 where prefill runs on the decoding chips.
    pub prefill_chips: u32,
    /// All chips.
    pub chips: u32,
    /// Time per output token, s.
    pub tpot: f64,
    /// Prefill of one prompt, s: the least time to the first token.
    pub prefill: f64,
    /// Output tokens per second, all replicas.
    pub tokens_per_second: f64,
    /// Speed of a replica.
    pub speed: Speed,
}

impl Plan {
    /// Output tokens per second and chip.
    pub fn per_chip(&self) -> f64 {
        self.tokens_per_second / f64::from(self.chips)
    }
}

/// The answer of the search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Answer {
    /// The plan with most tokens per second and chip.
    Served(Plan),
    /// The model and the sequences do not fit in the memory of that many chips; the least number in which the weights fit.
    TooLarge {
        /// Chips whose memory holds the weights and one sequence.
        chips_needed: u32,
    },
    /// It fits, but no layout is fast enough; the fastest.
    TooSlow(Plan),
}

/// Tries every layout.
pub fn search(
    prepared: &Prepared,
    shape: &Shape,
    scale_up_chips: u32,
    constants: &Constants,
    engine: f64,
    target: &Target,
) -> Answer {
    let mut best: Option<Plan> = None;
    let mut fastest: Option<Plan> = None;
    each_layout(shape, scale_up_chips, target.most_chips, |layout| {
        each_plan(prepared, constants, engine, target, layout, |plan| {
            if plan.tpot <= target.most_tpot && best.is_none_or(|best| is_better(&plan, &best)) {
                best = Some(plan);
            }
            if fastest.is_none_or(|fastest| plan.tpot < fastest.tpot) {
                fastest = Some(plan);
            }
        });
    });
    match (best, fastest) {
        (Some(plan), _) => Answer::Served(plan),
        (None, Some(plan)) => Answer::TooSlow(plan),
        (None, None) => Answer::TooLarge {
            chips_needed: chips_needed(prepared, target),
        },
    }
}

/// More tokens per chip; of equals, fewer chips.
fn is_better(plan: &Plan, best: &Plan) -> bool {
    let (ours, theirs) = (plan.per_chip(), best.per_chip());
    ours > theirs || (ours == theirs && plan.chips < best.chips)
}

/// Layouts of one replica, smallest first.
fn each_layout(shape: &Shape, scale_up_chips: u32, most_chips: u32, mut visit: impl FnMut(Layout)) {
    let most_tensor = MOST_TENSOR.min(scale_up_chips.max(1)).min(most_chips);
    for tensor in (1..=most_tensor).filter(|tensor| shape.heads.is_multiple_of(*tensor)) {
        for stages in 1..=MOST_STAGES.min(shape.layers) {
            // Data-parallel attention of a dense model is a replica by another name.
            let most_data = match shape.experts {
                Some(experts) => (most_chips / (tensor * stages)).min(experts.count),
                None => 1.min(most_chips / (tensor * stages)),
            };
            for data in 1..=most_data {
                visit(Layout {
                    tensor: f64::from(tensor),
                    data: f64::from(data),
                    stages: f64::from(stages),
                });
            }
        }
    }
}

/// The plans of a layout that fit: all numbers of replicas, prefill on the same or on other chips.
fn each_plan(
    prepared: &Prepared,
    constants: &Constants,
    engine: f64,
    target: &Target,
    layout: Layout,
    mut visit: impl FnMut(Plan),
) {
    let chips = layout.chips() as u32;
    let room = prepared.capacity(&layout, target.prompt + target.output);
    if room < 1.0 {
        return;
    }
    let least = (target.concurrency / room).ceil().max(1.0);
    let most = (target.most_chips / chips).min(target.concurrency.ceil() as u32);
    if least > f64::from(most) {
        return;
    }
    let per_token = prepared.prefill_chip_seconds(constants, engine, &layout, target.prompt);
    for replicas in least as u32..=most {
        let concurrency = target.concurrency / f64::from(replicas);
        let load = Load {
            concurrency,
            prompt: target.prompt,
            output: target.output,
            accepted: 0.0,
            is_aggregated: true,
        };
        let speed = prepared.speed_of(constants, engine, &layout, &load, concurrency);
        let plan = |tpot: f64, prefill_chips: u32| {
            // A sequence occupies its place from the first to the last token.
            let life = speed.prefill + target.output * tpot;
            Plan {
                layout,
                replicas,
                prefill_chips,
                chips: replicas * chips + prefill_chips,
                tpot,
                prefill: speed.prefill,
                tokens_per_second: target.concurrency * target.output / life,
                speed,
            }
        };
        visit(plan(speed.tpot, 0));
        let alone = plan(speed.tpot_alone, 0);
        let prompts_per_second = alone.tokens_per_second / target.output;
        let busy = prompts_per_second * target.prompt * per_token / PREFILL_LOAD;
        let prefill_chips = (busy / f64::from(chips)).ceil().max(1.0) * f64::from(chips);
        if f64::from(alone.chips) + prefill_chips <= f64::from(target.most_chips) {
            visit(plan(speed.tpot_alone, prefill_chips as u32));
        }
    }
}

/// Chips in whose memory the weights and one sequence fit, split in the best way: all over all.
fn chips_needed(prepared: &Prepared, target: &Target) -> u32 {
    const BEYOND: u32 = 1 << 20;
    let fits = |chips: u32| {
        let layout = Layout {
            tensor: 1.0,
            data: 1.0,
            stages: f64::from(chips),
        };
        prepared.capacity(&layout, target.prompt + target.output) >= target.concurrency.max(1.0)
    };
    let (mut low, mut high) = (0, 1);
    while high < BEYOND && !fits(high) {
        (low, high) = (high, high * 2);
    }
    while high - low > 1 {
        let middle = u32::midpoint(low, high);
        if fits(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}
