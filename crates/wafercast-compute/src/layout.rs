//! The best way to split a model over chips: every layout is tried.
//!
//! Tensor parallel t (divisors of the heads), data-parallel attention with experts over all chips d, pipeline stages p,
//! replicas r — all whole numbers with t·d·p·r ≤ the greatest number of chips — each with prefill on the same chips and
//! with prefill on chips of its own. Nothing is pruned but what cannot be better: a layout that does not fit, or a number of
//! replicas beyond the concurrency.

use crate::model::Shape;
use crate::queue::Queue;
use crate::serving::{Constants, Layout, Load, Prepared, Speed};

/// Pipeline stages at most; more are not run in practice.
const MOST_STAGES: u32 = 16;
/// Chips of a tensor-parallel group at most, where the scale-up domain is larger.
const MOST_TENSOR: u32 = 64;
/// Share of its time that a prefill instance can work: requests do not come evenly.
const PREFILL_LOAD: f64 = 0.8;
/// Share of prompts that wait longer than what is called late.
const LATE: f64 = 0.05;

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
    /// Time to the first token with the queue for prefill, mean, s.
    pub first_token: f64,
    /// The queue for prefill.
    pub queue: Queue,
    /// Decode step that a prompt may have to wait for, s; 0 where prefill has chips of its own.
    pub step: f64,
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

    /// Time to the first token of the slowest twentieth, s.
    pub fn first_token_late(&self) -> f64 {
        self.queue.wait_exceeded_by(LATE) + self.step + self.prefill
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

/// Tries every layout. `accepted` is the share of drafted tokens that is kept (multi-token prediction with one draft); 0
/// without.
pub fn search(
    prepared: &Prepared,
    shape: &Shape,
    scale_up_chips: u32,
    constants: &Constants,
    engine: f64,
    target: &Target,
    accepted: f64,
) -> Answer {
    let mut best: Option<Plan> = None;
    let mut fastest: Option<Plan> = None;
    each_layout(shape, scale_up_chips, target.most_chips, |layout| {
        let asked = Asked {
            constants,
            engine,
            target,
            accepted,
        };
        each_plan(prepared, &asked, layout, |plan| {
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

/// What does not change between layouts.
struct Asked<'a> {
    constants: &'a Constants,
    engine: f64,
    target: &'a Target,
    accepted: f64,
}

/// The plans of a layout that fit: all numbers of replicas, prefill on the same or on other chips.
fn each_plan(prepared: &Prepared, asked: &Asked, layout: Layout, mut visit: impl FnMut(Plan)) {
    let target = asked.target;
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
    let (constants, engine) = (asked.constants, asked.engine);
    let per_token = prepared.prefill_chip_seconds(constants, engine, &layout, target.prompt);
    for replicas in least as u32..=most {
        let concurrency = target.concurrency / f64::from(replicas);
        let load = Load {
            concurrency,
            prompt: target.prompt,
            output: target.output,
            accepted: asked.accepted,
            is_aggregated: true,
        };
        let speed = prepared.speed_of(constants, engine, &layout, &load, concurrency);
        let with = |tpot: f64, prefill_chips: u32, queue: Queue| {
            plan(target, layout, replicas, &speed, tpot, prefill_chips, queue)
        };
        // One prompt is prefilled by one of the data-parallel groups, while the others prefill others.
        let service = speed.prefill * layout.data;
        let shared = Queue {
            // Busy for the share of a step by which prompts interrupt it.
            load: 1.0 - speed.tpot_alone / speed.tpot,
            service,
            population: concurrency / layout.data,
        };
        visit(with(speed.tpot, 0, shared));
        let prompts_per_second = target.concurrency / (service + target.output * speed.tpot_alone);
        let busy = prompts_per_second * target.prompt * per_token;
        let prefill_chips = (busy / PREFILL_LOAD / f64::from(chips)).ceil().max(1.0);
        let prefill_chips = prefill_chips * f64::from(chips);
        if f64::from(replicas * chips) + prefill_chips <= f64::from(target.most_chips) {
            let queue = Queue {
                load: (busy / prefill_chips).min(PREFILL_LOAD),
                service,
                population: target.concurrency * f64::from(chips) / prefill_chips / layout.data,
            };
            visit(with(speed.tpot_alone, prefill_chips as u32, queue));
        }
    }
}

fn plan(
    target: &Target,
    layout: Layout,
    replicas: u32,
    speed: &Speed,
    tpot: f64,
    prefill_chips: u32,
    queue: Queue,
) -> Plan {
    // On chips that decode, a prompt also waits for the step in progress.
    let step = if prefill_chips == 0 {
        speed.tpot_alone
    } else {
        0.0
    };
    let first_token = queue.mean_wait() + step / 2.0 + queue.service;
    // A sequence occupies its place from its arrival to the last token.
    let life = first_token + target.output * tpot;
    Plan {
        layout,
        replicas,
        prefill_chips,
        chips: replicas * layout.chips() as u32 + prefill_chips,
        tpot,
        prefill: queue.service,
        first_token,
        queue,
        step,
        tokens_per_second: target.concurrency * target.output / life,
        speed: *speed,
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
