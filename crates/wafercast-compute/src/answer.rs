//! The answer to "this model on this chip": does it run, how, how fast, on how many chips, at what cost. With a range on
//! everything.

use serde::Serialize;

use crate::calibration::Calibration;
use crate::chip::{Chip, Execution, GB};
use crate::format::Format;
use crate::layout::{self, Plan, Target};
use crate::model::Model;
use crate::serving::{Engine, Prepared};
use crate::training::{self, Job, Report};

/// Bytes of a parameter in training: weights and gradients in BF16, weights and two moments of Adam in FP32.
const TRAINING_BYTES: f64 = 16.0;
/// Share of memory for them; the rest is activations.
const TRAINING_MEMORY: f64 = 0.7;
/// Power of a chip with its share of server, network and cooling over its thermal design power.
pub const POWER_OVERHEAD: f64 = 1.5;

/// A number with its range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ranged {
    /// The least.
    pub low: f64,
    /// The prediction.
    pub value: f64,
    /// The greatest.
    pub high: f64,
}

impl Ranged {
    /// A value with factors down and up.
    pub fn new(value: f64, (down, up): (f64, f64)) -> Ranged {
        Ranged {
            low: value * down,
            value,
            high: value * up,
        }
    }

    /// The same times a number.
    pub fn times(self, factor: f64) -> Ranged {
        Ranged {
            low: self.low * factor,
            value: self.value * factor,
            high: self.high * factor,
        }
    }

    /// A number over this one.
    pub fn divides(self, numerator: f64) -> Ranged {
        Ranged {
            low: numerator / self.high,
            value: numerator / self.value,
            high: numerator / self.low,
        }
    }
}

/// How a model runs on a chip.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Running {
    /// Format of the checkpoint.
    pub format: &'static str,
    /// What is known of this format on this chip: yes, no, conflict, unknown.
    pub support: String,
    /// Whether the chip computes in it.
    pub native: bool,
    /// Format of the weights in memory.
    pub stored: &'static str,
    /// Format of the products.
    pub computed: &'static str,
    /// What it costs where it is not native.
    pub penalty: Option<String>,
}

impl Running {
    fn of(execution: &Execution) -> Running {
        Running {
            format: execution.wanted.name(),
            support: execution.support.to_string(),
            native: execution.is_native,
            stored: execution.stored.name(),
            computed: execution.computed.name(),
            penalty: execution.penalty(),
        }
    }
}

/// Serving.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Serving {
    /// How it runs.
    pub running: Running,
    /// Chips.
    pub chips: u32,
    /// Of them, chips that only prefill.
    pub prefill_chips: u32,
    /// Replicas.
    pub replicas: u32,
    /// Tensor parallel.
    pub tensor: u32,
    /// Data-parallel attention, experts over all chips of a replica.
    pub data: u32,
    /// Pipeline stages.
    pub stages: u32,
    /// Time per output token, ms.
    pub tpot_ms: Ranged,
    /// Prefill of one prompt, s: the least time to the first token.
    pub prefill_s: Ranged,
    /// Time to the first token with the queue for prefill, mean, s.
    pub first_token_s: Ranged,
    /// The same of the slowest twentieth, s.
    pub first_token_late_s: Ranged,
    /// Share of drafted tokens that is taken to be kept; 0 without multi-token prediction.
    pub accepted: f64,
    /// Output tokens per second and chip.
    pub tokens_per_second_per_chip: Ranged,
    /// Output tokens per second.
    pub tokens_per_second: Ranged,
    /// Electricity with server and cooling, kWh per million output tokens; absent where the power is not published.
    pub kwh_per_million_tokens: Option<Ranged>,
}

/// A training run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Training {
    /// How it runs.
    pub running: Running,
    /// Chips asked for, or the least that hold the state of the run.
    pub chips: f64,
    /// Chips whose memory holds weights, gradients and optimiser.
    pub chips_needed: f64,
    /// Utilisation of the BF16 peak over the whole run.
    pub utilisation: f64,
    /// The same while it trains, as authors report it.
    pub reported_utilisation: f64,
    /// Chip-hours.
    pub chip_hours: Ranged,
    /// Days on these chips.
    pub days: Ranged,
    /// Electricity with server and cooling, MWh; absent where the power is not published.
    pub mwh: Option<Ranged>,
}

/// Why there is no answer, which is an answer too.
#[derive(Debug, Clone, PartialEq)]
pub enum No {
    /// A number is not published.
    NotPublished(String),
    /// It needs more chips than allowed.
    TooLarge {
        /// How many hold it.
        chips_needed: u32,
        /// How many are allowed.
        most_chips: u32,
    },
    /// No layout is fast enough; the fastest has this time per output token.
    TooSlow {
        /// ms.
        fastest_ms: f64,
        /// Chips of the fastest.
        chips: u32,
    },
}

impl std::fmt::Display for No {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            No::NotPublished(what) => write!(f, "{what}"),
            No::TooLarge {
                chips_needed,
                most_chips,
            } => {
                write!(
                    f,
                    "needs at least {chips_needed} chips, {most_chips} are allowed"
                )
            }
            No::TooSlow { fastest_ms, chips } => {
                write!(
                    f,
                    "fastest layout takes {fastest_ms:.0} ms per token (on {chips} chips)"
                )
            }
        }
    }
}

fn not_published(chip: &Chip, what: &str) -> No {
    No::NotPublished(format!("no {what} published for {}", chip.name))
}

/// Chip-hour electricity, kWh.
fn kilowatts(chip: &Chip) -> Option<f64> {
    chip.power_w.map(|watts| watts * POWER_OVERHEAD / 1000.0)
}

/// The best way to serve a model on a chip.
///
/// # Errors
/// Where a needed number is not published, or no allowed layout serves the target.
pub fn serve(
    model: &Model,
    chip: &Chip,
    format: Format,
    target: &Target,
    calibration: &Calibration,
) -> Result<Serving, No> {
    serve_drafted(model, chip, format, target, 0.0, calibration)
}

/// The same with multi-token prediction: one token is drafted a step, and this share of them is kept.
///
/// # Errors
/// As [`serve`].
pub fn serve_drafted(
    model: &Model,
    chip: &Chip,
    format: Format,
    target: &Target,
    accepted: f64,
    calibration: &Calibration,
) -> Result<Serving, No> {
    let execution = chip
        .execution(format, true)
        .ok_or_else(|| not_published(chip, "peak"))?;
    let constants = &calibration.serving;
    let prepared = Prepared::new(model, chip, execution.stored, constants)
        .ok_or_else(|| not_published(chip, "bandwidth or peak"))?;
    let engine = constants.engine(Engine::Vllm);
    let plan = match layout::search(
        &prepared,
        &model.shape,
        chip.scale_up_chips,
        constants,
        engine,
        target,
        accepted,
    ) {
        layout::Answer::Served(plan) => plan,
        layout::Answer::TooLarge { chips_needed } => {
            return Err(No::TooLarge {
                chips_needed,
                most_chips: target.most_chips,
            });
        }
        layout::Answer::TooSlow(plan) => {
            return Err(No::TooSlow {
                fastest_ms: plan.tpot * 1000.0,
                chips: plan.chips,
            });
        }
    };
    let factor = calibration.serving_range(&model.id, chip.is_measured_for_serving());
    Ok(Serving {
        accepted,
        ..serving(&execution, &plan, factor, kilowatts(chip))
    })
}

fn serving(execution: &Execution, plan: &Plan, factor: f64, kilowatts: Option<f64>) -> Serving {
    let range = (1.0 / factor, factor);
    let per_chip = Ranged::new(plan.per_chip(), range);
    Serving {
        running: Running::of(execution),
        chips: plan.chips,
        prefill_chips: plan.prefill_chips,
        replicas: plan.replicas,
        tensor: plan.layout.tensor as u32,
        data: plan.layout.data as u32,
        stages: plan.layout.stages as u32,
        tpot_ms: Ranged::new(plan.tpot * 1000.0, range),
        prefill_s: Ranged::new(plan.prefill, range),
        first_token_s: Ranged::new(plan.first_token, range),
        first_token_late_s: Ranged::new(plan.first_token_late(), range),
        accepted: 0.0,
        tokens_per_second_per_chip: per_chip,
        tokens_per_second: per_chip.times(f64::from(plan.chips)),
        kwh_per_million_tokens: kilowatts.map(|kw| per_chip.divides(kw * 1e6 / 3600.0)),
    }
}

/// Training a model on this many tokens.
///
/// # Errors
/// Where the peak of the chip is not published.
pub fn train(
    model: &Model,
    chip: &Chip,
    format: Format,
    tokens: f64,
    sequence: f64,
    chips: Option<f64>,
    calibration: &Calibration,
) -> Result<Training, No> {
    // A run is not carried out in 4 bits, and not requantised to integers.
    let format = match format {
        Format::Fp8 | Format::MxFp8 => format,
        _ => Format::Bf16,
    };
    let execution = chip
        .execution(format, false)
        .ok_or_else(|| not_published(chip, "BF16 peak"))?;
    let peak = chip
        .bf16_tflops
        .ok_or_else(|| not_published(chip, "BF16 peak"))?
        * 1e12;
    let state = model.derived.total() * TRAINING_BYTES;
    let chips_needed = (state / (chip.memory_gb * GB * TRAINING_MEMORY))
        .ceil()
        .max(1.0);
    let chips = chips.unwrap_or(1024.0).max(chips_needed);
    let job = Job {
        active: model.derived.active(),
        total: model.derived.total(),
        width: model.derived.hidden,
        flops_per_token: model.derived.training_flops(sequence),
        tokens,
        chips,
        peak,
        rate: if execution.is_native {
            execution.flops / peak
        } else {
            1.0
        },
        balance: training::balance(chip),
        family: chip.family,
        has_experts: model.shape.experts.is_some(),
        is_early: false,
        report: Report::Run,
    };
    let coefficients = &calibration.training;
    let utilisation = coefficients.utilisation(&job);
    let range = coefficients.range(chip.family);
    let chip_hours = Ranged::new(coefficients.chip_hours(&job), range);
    Ok(Training {
        running: Running::of(&execution),
        chips,
        chips_needed,
        utilisation,
        reported_utilisation: utilisation / coefficients.goodput(),
        chip_hours,
        days: chip_hours.times(1.0 / chips / 24.0),
        mwh: kilowatts(chip).map(|kw| chip_hours.times(kw / 1000.0)),
    })
}
