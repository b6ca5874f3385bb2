//! Serving: time of a decode step and of prefill, from bytes, operations, kernels and links.
//!
//! Per decode step with B sequences on G chips, tensor parallel t and data parallel d (t·d = G), experts over all G:
//!
//! ```text
//! bytes  = (attention + shared + output)·w/t + expert·E·(1 − (1 − k/E)^B)·w'/G + (B/d)·context·kv·w″/min(t, kv heads)
//! flop   = 2·B·(weights of a token)/G + attention over the context
//! step   = √((bytes / u_m·BW)² + (flop / u_c·P)²) + L·(α + α_moe + α_tp + α_index) + all-reduce + all-to-all
//! TPOT   = engine·step·(1 + 1/L if drafting)/(1 + accepted) + B·prefill(prompt)/output
//! ```
//!
//! The last term, prefill that interrupts decoding, is absent where prefill has chips of its own. Roofline: Williams et
//! al. (2009). The form of the rest and its constants are fitted, see [`calibrate`].

pub mod calibrate;
pub mod constants;

pub use constants::{Constants, Engine};

use wafercast::draw::kernel;

use crate::chip::{Chip, Family, GB};
use crate::format::Format;
use crate::model::{Derived, Model};

/// Share of a chip's memory that weights and cache may fill: what vLLM takes where nothing is said (`--gpu-memory-utilization`).
pub const USABLE_MEMORY: f64 = 0.9;
/// Nodes to which a token is sent at most (node-limited routing of DeepSeek-V3; others send to as many experts).
const MOST_NODES: f64 = 4.0;
/// Bytes per element and expert that cross a link: dispatch in 8 bits, combination in 16.
const EXCHANGE_BYTES: f64 = 3.0;

/// A model, chip and format made ready: everything that does not depend on layout and load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prepared {
    model: Derived,
    attention_bytes: f64,
    shared_bytes: f64,
    expert_bytes: f64,
    attention_flops: f64,
    expert_flops: f64,
    bf16_flops: f64,
    kv_bytes: f64,
    bandwidth: f64,
    memory: f64,
    scale_up: f64,
    scale_up_chips: f64,
    network: f64,
    memory_use: f64,
    kernel: f64,
}

/// Chips of one replica and how the work is split over them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layout {
    /// Tensor parallel: chips over which attention is split.
    pub tensor: f64,
    /// Data parallel attention: groups that each hold it whole; experts are spread over all of them.
    pub data: f64,
    /// Pipeline stages; each has `tensor × data` chips.
    pub stages: f64,
}

/// What is asked of a replica.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Sequences at a time.
    pub concurrency: f64,
    /// Tokens of the prompt.
    pub prompt: f64,
    /// Tokens of the output.
    pub output: f64,
    /// Share of drafted tokens that is accepted (multi-token prediction with one draft); 0 without.
    pub accepted: f64,
    /// Whether prefill runs on the same chips.
    pub is_aggregated: bool,
}

/// What a replica does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed {
    /// Time per output token, s.
    pub tpot: f64,
    /// The same where prefill has chips of its own, s.
    pub tpot_alone: f64,
    /// Prefill of one prompt on the whole replica, s.
    pub prefill: f64,
    /// Sequences that run at a time: the asked ones, or as many as fit.
    pub running: f64,
    /// Output tokens per second of the replica.
    pub tokens_per_second: f64,
    /// Seconds of a step that memory takes.
    pub memory_time: f64,
    /// Seconds of a step that arithmetic takes.
    pub compute_time: f64,
    /// Seconds of a step for launches, reductions and exchanges.
    pub overhead: f64,
}

impl Layout {
    /// Chips of the replica.
    pub fn chips(&self) -> f64 {
        self.tensor * self.data * self.stages
    }
}

impl Prepared {
    /// Makes a model on a chip ready; `None` where the chip's bandwidth or a needed peak is not published.
    pub fn new(
        model: &Model,
        chip: &Chip,
        stored: Format,
        constants: &Constants,
    ) -> Option<Prepared> {
        let parts = model.weight_bytes(stored);
        let flops = |format: Format| {
            chip.execution(format, true)
                .map(|execution| execution.flops)
        };
        let is_blackwell = chip.family == Family::B200;
        Some(Prepared {
            model: model.derived,
            attention_bytes: parts.attention.bytes(),
            shared_bytes: parts.shared.bytes(),
            expert_bytes: parts.experts.bytes(),
            attention_flops: flops(parts.attention)?,
            expert_flops: flops(parts.experts)?,
            bf16_flops: flops(Format::Bf16)?,
            kv_bytes: if stored == Format::Bf16 { 2.0 } else { 1.0 },
            bandwidth: chip.bandwidth_gbs? * 1e9,
            memory: chip.memory_gb * GB * USABLE_MEMORY,
            scale_up: chip.scale_up_gbs * 1e9,
            scale_up_chips: f64::from(chip.scale_up_chips),
            network: chip.network_gbs * 1e9,
            memory_use: if is_blackwell {
                constants.memory_use_blackwell
            } else {
                constants.memory_use
            },
            kernel: if is_blackwell {
                constants.blackwell_kernels
            } else {
                1.0
            },
        })
    }

    /// Bytes of all weights on one chip.
    pub fn weights_per_chip(&self, layout: &Layout) -> f64 {
        let m = &self.model;
        let dense = (m.attention + m.dense) * self.attention_bytes
            + m.shared * self.shared_bytes
            + 2.0 * m.embedding * 2.0;
        let experts = m.expert * m.experts * self.expert_bytes;
        dense / (layout.tensor * layout.stages) + experts / layout.chips()
    }

    /// Bytes of the cache of one sequence, summed over the chips that hold it.
    fn cache(&self, context: f64, layout: &Layout) -> f64 {
        let m = &self.model;
        let copies = layout.tensor / layout.tensor.min(m.kv_heads);
        m.kept(context) * m.kv_elements * self.kv_bytes * copies + m.state * 4.0
    }

    /// Sequences of this length that fit beside the weights; negative where the weights alone do not.
    pub fn capacity(&self, layout: &Layout, context: f64) -> f64 {
        let free = self.memory - self.weights_per_chip(layout);
        free * layout.chips() / self.cache(context, layout)
    }

    /// Seconds of prefill of one prompt on the chips of one stage.
    fn prefill(&self, constants: &Constants, layout: &Layout, prompt: f64) -> f64 {
        let m = &self.model;
        let chips = layout.tensor * layout.data;
        let attention = 2.0 * (m.attention + m.dense) / self.attention_flops
            + m.prefill_attention * m.read(prompt / 2.0) / self.bf16_flops;
        let experts = 2.0 * (m.shared + m.expert * m.active_experts) / self.expert_flops;
        let arithmetic = prompt * (attention + experts) / chips / constants.prefill_use;
        let links = self.reduction(layout, prompt / layout.data, constants.reduction)
            + self.exchange(constants, layout, prompt / chips);
        arithmetic + links
    }

    /// Seconds of all-reduce for this many tokens of one tensor-parallel group.
    fn reduction(&self, layout: &Layout, tokens: f64, cost: f64) -> f64 {
        if layout.tensor <= 1.0 {
            return 0.0;
        }
        let m = &self.model;
        let share = (layout.tensor - 1.0) / layout.tensor;
        let link = if layout.tensor > self.scale_up_chips {
            self.network
        } else {
            self.scale_up
        };
        4.0 * m.layers * share * tokens * m.hidden * cost / link
    }

    /// Seconds of dispatch to experts and combination for this many tokens of a chip.
    fn exchange(&self, constants: &Constants, layout: &Layout, tokens: f64) -> f64 {
        let m = &self.model;
        if layout.data <= 1.0 || m.experts == 0.0 {
            return 0.0;
        }
        let remote = (1.0 - self.scale_up_chips / (layout.tensor * layout.data)).max(0.0);
        let per_token = remote * m.active_experts.min(MOST_NODES)
            / (self.network * constants.network_use)
            + (1.0 - remote) * m.active_experts / (self.scale_up * constants.exchange_use);
        m.expert_layers * tokens * EXCHANGE_BYTES * m.hidden * per_token
    }

    /// The speed of a replica. `None` where not even one sequence fits.
    ///
    /// Stages of a pipeline work on parts of the batch one after another, so a replica of p stages is as fast as one
    /// stage with all layers and a p-th of the batch, p times; what it gains is room for weights.
    pub fn speed(
        &self,
        constants: &Constants,
        engine: f64,
        layout: &Layout,
        load: &Load,
    ) -> Option<Speed> {
        let room = self.capacity(layout, load.prompt + load.output);
        if room < 1.0 {
            return None;
        }
        let running = load.concurrency.min(room);
        Some(self.speed_of(constants, engine, layout, load, running))
    }

    /// The speed with this many sequences, whether they fit or not.
    pub fn speed_of(
        &self,
        constants: &Constants,
        engine: f64,
        layout: &Layout,
        load: &Load,
        running: f64,
    ) -> Speed {
        let m = &self.model;
        let chips = layout.tensor * layout.data;
        let batch = running / layout.stages;
        let context = load.prompt + load.output / 2.0;
        let drafted = if load.accepted > 0.0 { 2.0 } else { 1.0 };
        let per_group = batch / layout.data;
        let tokens = drafted * batch;
        let bytes = self.step_bytes(layout, tokens, per_group, context);
        let memory_time = bytes / (self.memory_use * self.bandwidth);
        let per_chip = tokens / chips;
        let compute_time = per_chip
            * (2.0 * (m.attention + m.dense + m.embedding) / self.attention_flops
                + 2.0 * (m.shared + m.expert * m.active_experts) / self.expert_flops
                + m.decode_attention * m.read(context) / self.bf16_flops)
            / constants.compute_use;
        let reduction_cost = constants.reduction * constants.small_reduction(drafted * per_group);
        let overhead = m.layers * constants.per_layer(m, layout.tensor) * self.kernel
            + self.reduction(layout, drafted * per_group, reduction_cost)
            + self.exchange(constants, layout, per_chip);
        let roof = (memory_time * memory_time + compute_time * compute_time).sqrt();
        let prefill = engine * self.prefill(constants, layout, load.prompt);
        let interruption = if load.is_aggregated && load.output > 0.0 {
            batch * prefill / load.output
        } else {
            0.0
        };
        // A module of multi-token prediction is one more layer.
        let drafting = if load.accepted > 0.0 {
            1.0 + 1.0 / m.layers
        } else {
            1.0
        };
        let tpot_alone = engine * (roof + overhead) * drafting / (1.0 + load.accepted);
        let tpot = tpot_alone + interruption;
        Speed {
            tpot,
            tpot_alone,
            prefill,
            running,
            tokens_per_second: running / tpot,
            memory_time,
            compute_time,
            overhead,
        }
    }

    /// Bytes that a chip reads in a step: weights, and the cache of its sequences.
    fn step_bytes(&self, layout: &Layout, tokens: f64, per_group: f64, context: f64) -> f64 {
        let m = &self.model;
        let dense = (m.attention + m.dense) * self.attention_bytes
            + m.shared * self.shared_bytes
            + m.embedding * 2.0;
        let hit = self.experts_hit(tokens);
        let cache = m.read(context) * m.kv_elements * self.kv_bytes / layout.tensor.min(m.kv_heads)
            + m.state * 4.0 / layout.tensor;
        dense / layout.tensor
            + m.expert * hit * self.expert_bytes / (layout.tensor * layout.data)
            + per_group * cache
    }

    /// Experts of a layer that at least one of the tokens uses: E·(1 − (1 − k/E)^B).
    fn experts_hit(&self, tokens: f64) -> f64 {
        let m = &self.model;
        if m.experts == 0.0 {
            return 0.0;
        }
        let idle = 1.0 - m.active_experts / m.experts;
        m.experts * (1.0 - kernel::pow(idle, tokens))
    }

    /// Seconds that one prompt token takes of one chip in prefill, in a layout.
    pub fn prefill_chip_seconds(
        &self,
        constants: &Constants,
        engine: f64,
        layout: &Layout,
        prompt: f64,
    ) -> f64 {
        engine * self.prefill(constants, layout, prompt) * layout.tensor * layout.data / prompt
    }

    /// The least time of a step that bandwidth and peak allow, s: nothing can be faster.
    pub fn bound(&self, layout: &Layout, load: &Load, running: f64) -> (f64, f64) {
        let m = &self.model;
        let chips = layout.tensor * layout.data;
        let per_group = running / layout.data;
        let bytes = self.step_bytes(layout, running, per_group, load.prompt);
        let arithmetic = 2.0 * (m.attention + m.dense) / self.attention_flops
            + 2.0 * (m.shared + m.expert * m.active_experts) / self.expert_flops;
        let prompts = if load.is_aggregated && load.output > 0.0 {
            load.prompt / load.output
        } else {
            0.0
        };
        (
            bytes / self.bandwidth,
            running * arithmetic * (1.0 + prompts) / chips,
        )
    }
}
