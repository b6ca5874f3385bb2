//! The fitted constants of serving, and their bounds.

use wafercast::draw::kernel;

use crate::model::Derived;

/// The program that serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Engine {
    /// TensorRT-LLM: the reference.
    TrtLlm,
    /// vLLM; also where nothing is said.
    Vllm,
    /// SGLang.
    SgLang,
}

impl Engine {
    /// The names in tables.
    pub const NAMES: [(&'static str, Engine); 3] = [
        ("trtllm", Engine::TrtLlm),
        ("vllm", Engine::Vllm),
        ("sglang", Engine::SgLang),
    ];
}

/// Number of constants.
pub const COUNT: usize = 14;

/// The constants of [`super::Prepared::speed`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constants {
    /// Share of the peak memory bandwidth that decoding reaches, but for Blackwell.
    pub memory_use: f64,
    /// The same on Blackwell.
    pub memory_use_blackwell: f64,
    /// Share of the peak of arithmetic in decoding.
    pub compute_use: f64,
    /// The same in prefill.
    pub prefill_use: f64,
    /// Launches and small kernels of a layer, s.
    pub layer: f64,
    /// Further, of a layer with experts, s.
    pub expert_layer: f64,
    /// Further, with tensor parallelism, s.
    pub tensor_layer: f64,
    /// Further, with the indexer of sparse attention, s. From one model.
    pub index_layer: f64,
    /// Factor on these four on Blackwell.
    pub blackwell_kernels: f64,
    /// Factor of SGLang on all times.
    pub sglang: f64,
    /// Factor of vLLM on all times.
    pub vllm: f64,
    /// All-reduce of 8,192 tokens: multiple of the time at link speed.
    pub reduction: f64,
    /// Exponent by which fewer tokens are less efficient.
    pub reduction_exponent: f64,
    /// Share of the scale-up link that expert exchange reaches.
    pub exchange_use: f64,
    /// Share of the network that expert exchange reaches. Fitted to published points.
    pub network_use: f64,
    /// Sequences per chip where nothing is said and memory would allow more. Fitted to published points.
    pub sequences_per_chip: f64,
}

/// A constant: name, bounds, a first guess.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// Name in the constants' file.
    pub name: &'static str,
    /// Least value.
    pub low: f64,
    /// Greatest value.
    pub high: f64,
    /// Where the fit begins.
    pub start: f64,
}

const fn bound(name: &'static str, low: f64, high: f64, start: f64) -> Bound {
    Bound {
        name,
        low,
        high,
        start,
    }
}

/// The constants that are fitted to measured rows, in the order of [`Constants::to_array`].
pub const BOUNDS: [Bound; COUNT] = [
    bound("memory_use", 0.4, 0.95, 0.88),
    bound("memory_use_blackwell", 0.4, 0.95, 0.86),
    bound("compute_use", 0.2, 0.95, 0.9),
    bound("prefill_use", 0.1, 0.95, 0.6),
    bound("layer", 1e-7, 2e-4, 5.5e-5),
    bound("expert_layer", 1e-7, 2e-4, 4e-5),
    bound("tensor_layer", 1e-7, 1e-4, 6e-6),
    bound("index_layer", 1e-7, 2e-4, 4e-5),
    bound("blackwell_kernels", 0.3, 1.2, 0.78),
    bound("sglang", 0.8, 2.0, 1.28),
    bound("vllm", 0.8, 2.0, 1.12),
    bound("reduction", 0.1, 20.0, 3.0),
    bound("reduction_exponent", 0.001, 1.0, 0.2),
    bound("exchange_use", 0.02, 1.0, 0.3),
];

/// The two constants that measured rows do not have, for they are of one board and state their load: fitted to published points.
pub const POINT_BOUNDS: [Bound; 2] = [
    bound("network_use", 0.05, 1.0, 0.5),
    bound("sequences_per_chip", 64.0, 2048.0, 256.0),
];

impl Constants {
    /// From an array in the order of [`BOUNDS`].
    pub fn from_array(x: &[f64; COUNT]) -> Constants {
        Constants {
            memory_use: x[0],
            memory_use_blackwell: x[1],
            compute_use: x[2],
            prefill_use: x[3],
            layer: x[4],
            expert_layer: x[5],
            tensor_layer: x[6],
            index_layer: x[7],
            blackwell_kernels: x[8],
            sglang: x[9],
            vllm: x[10],
            reduction: x[11],
            reduction_exponent: x[12],
            exchange_use: x[13],
            network_use: POINT_BOUNDS[0].start,
            sequences_per_chip: POINT_BOUNDS[1].start,
        }
    }

    /// The same with the constants of [`POINT_BOUNDS`].
    pub fn with_points(self, [network_use, sequences_per_chip]: [f64; 2]) -> Constants {
        Constants {
            network_use,
            sequences_per_chip,
            ..self
        }
    }

    /// The constants of [`POINT_BOUNDS`].
    pub fn points(&self) -> [f64; 2] {
        [self.network_use, self.sequences_per_chip]
    }

    /// As an array in the order of [`BOUNDS`].
    pub fn to_array(&self) -> [f64; COUNT] {
        [
            self.memory_use,
            self.memory_use_blackwell,
            self.compute_use,
            self.prefill_use,
            self.layer,
            self.expert_layer,
            self.tensor_layer,
            self.index_layer,
            self.blackwell_kernels,
            self.sglang,
            self.vllm,
            self.reduction,
            self.reduction_exponent,
            self.exchange_use,
        ]
    }

    /// The factor of an engine on all times.
    pub fn engine(&self, engine: Engine) -> f64 {
        match engine {
            Engine::TrtLlm => 1.0,
            Engine::Vllm => self.vllm,
            Engine::SgLang => self.sglang,
        }
    }

    /// Seconds of launches of a layer, before the factor of the chip.
    pub(super) fn per_layer(&self, model: &Derived, tensor: f64) -> f64 {
        let mut time = self.layer;
        if model.experts > 0.0 {
            time += self.expert_layer;
        }
        if tensor > 1.0 {
            time += self.tensor_layer;
        }
        if model.sparse_tokens.is_finite() {
            time += self.index_layer;
        }
        time
    }

    /// How much less efficient an all-reduce of few tokens is than one of 8,192.
    pub(super) fn small_reduction(&self, tokens: f64) -> f64 {
        const LARGE: f64 = 8192.0;
        kernel::pow(LARGE / tokens.clamp(1.0, LARGE), self.reduction_exponent)
    }
}
