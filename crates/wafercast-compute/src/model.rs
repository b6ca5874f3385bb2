//! Language models: their shape, and what follows from it — parameters, operations, bytes of the key-value cache.

use crate::format::Format;

/// How attention stores and reads keys and values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Attention {
    /// Grouped-query attention (multi-head where the key-value heads are all heads).
    Grouped {
        /// Key-value heads.
        kv_heads: u32,
        /// Width of a head.
        head: u32,
        /// Rank of the query projection; 0 for a full one.
        query_rank: u32,
        /// Whether an output gate of the width of the queries is computed.
        is_gated: bool,
    },
    /// Multi-head latent attention of DeepSeek-V2 (2024).
    Latent {
        /// Rank of the joint key-value compression.
        kv_rank: u32,
        /// Width of the rotary part of a head.
        rope: u32,
        /// Rank of the query compression.
        query_rank: u32,
        /// Width of the part of a head without position.
        nope: u32,
        /// Width of a value head.
        value: u32,
    },
}

/// Linear attention (gated DeltaNet) in some of the layers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Linear {
    /// Key heads.
    pub key_heads: u32,
    /// Width of a key head.
    pub key: u32,
    /// Value heads.
    pub value_heads: u32,
    /// Width of a value head.
    pub value: u32,
}

/// Mixture-of-experts layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Experts {
    /// Routed experts of a layer.
    pub count: u32,
    /// Routed experts that a token uses.
    pub active: u32,
    /// Experts that every token uses.
    pub shared: u32,
    /// Intermediate width of an expert.
    pub width: u32,
    /// Whether a packed checkpoint packs the routed experts only, and the rest stays BF16.
    pub only_experts_packed: bool,
}

/// The shape of a model as published.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Layers.
    pub layers: u32,
    /// Width of the residual stream.
    pub hidden: u32,
    /// Query heads.
    pub heads: u32,
    /// Vocabulary.
    pub vocabulary: u32,
    /// Attention of the layers that have full or windowed attention.
    pub attention: Attention,
    /// Layers with attention over the whole context; the others are windowed or linear.
    pub full_layers: u32,
    /// Window of the layers that are not full, tokens; 0 for none.
    pub window: u32,
    /// Linear attention in the layers that are not full.
    pub linear: Option<Linear>,
    /// Tokens that sparse attention (DSA) selects; 0 for dense attention.
    pub sparse_tokens: u32,
    /// Layers with a dense feed-forward network.
    pub dense_layers: u32,
    /// Intermediate width of the dense network.
    pub dense_width: u32,
    /// Experts of the other layers.
    pub experts: Option<Experts>,
}

/// A model of the library.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Key in the library: `deepseek-v3`.
    pub id: String,
    /// Name for reading.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Shape.
    pub shape: Shape,
    /// Format of the published weights.
    pub checkpoint: Format,
    /// Parameters that its makers state, 10⁹.
    pub stated_total: f64,
    /// Modules of multi-token prediction in the checkpoint; each drafts one token.
    pub draft_layers: u32,
    /// Names of numbers that were not found in anything opened.
    pub unverified: Vec<String>,
    /// Where the shape is published.
    pub sources: Vec<String>,
    /// What follows from the shape.
    pub derived: Derived,
}

/// Counts of parameters, operations and bytes that follow from a [`Shape`]. Parameters are of the whole model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Derived {
    /// Layers.
    pub layers: f64,
    /// Width of the residual stream.
    pub hidden: f64,
    /// Parameters of attention, with linear layers.
    pub attention: f64,
    /// Parameters of the dense feed-forward networks.
    pub dense: f64,
    /// Parameters of shared experts and routers.
    pub shared: f64,
    /// Parameters of one routed expert, summed over the layers.
    pub expert: f64,
    /// Routed experts of a layer; 0 for a dense model.
    pub experts: f64,
    /// Routed experts of a token.
    pub active_experts: f64,
    /// Layers with experts.
    pub expert_layers: f64,
    /// Parameters of the embedding; the output layer has as many.
    pub embedding: f64,
    /// Elements of keys and values of one token and layer.
    pub kv_elements: f64,
    /// Ways in which the key-value cache can be split.
    pub kv_heads: f64,
    /// Layers whose cache grows with the context.
    pub full_layers: f64,
    /// Layers with a window, and its length.
    pub window: Option<(f64, f64)>,
    /// Elements of the state of linear layers, all of them.
    pub state: f64,
    /// Operations of attention for one token of context and layer, when decoding.
    pub decode_attention: f64,
    /// The same in prefill.
    pub prefill_attention: f64,
    /// Tokens that sparse attention selects; infinite for dense attention.
    pub sparse_tokens: f64,
}

impl Shape {
    /// What follows from the shape.
    pub fn derive(&self) -> Derived {
        let f = f64::from;
        let (hidden, layers, heads, full) = (
            f(self.hidden),
            f(self.layers),
            f(self.heads),
            f(self.full_layers),
        );
        let (projections, kv_elements, kv_heads, decode_attention, prefill_attention) =
            match self.attention {
                Attention::Grouped {
                    kv_heads,
                    head,
                    query_rank,
                    is_gated,
                } => {
                    let (kv, head) = (f(kv_heads), f(head));
                    let width = heads * head;
                    let query = match query_rank {
                        0 => hidden * width * if is_gated { 2.0 } else { 1.0 },
                        rank => f(rank) * (hidden + width),
                    };
                    let projections = query + hidden * width + 2.0 * hidden * kv * head;
                    (projections, 2.0 * kv * head, kv, 4.0 * width, 4.0 * width)
                }
                Attention::Latent {
                    kv_rank,
                    rope,
                    query_rank,
                    nope,
                    value,
                } => {
                    let (kv_rank, rope, query_rank, nope, value) =
                        (f(kv_rank), f(rope), f(query_rank), f(nope), f(value));
                    let query = query_rank * (hidden + heads * (nope + rope));
                    let key_value = hidden * (kv_rank + rope) + kv_rank * heads * (nope + value);
                    let projections = query + key_value + heads * value * hidden;
                    // Decoding works in the compressed space, prefill with whole heads.
                    let decode = 2.0 * heads * (2.0 * kv_rank + rope);
                    (
                        projections,
                        kv_rank + rope,
                        1.0,
                        decode,
                        2.0 * heads * (nope + rope + value),
                    )
                }
            };
        let (linear, state, attention_layers) = match self.linear {
            Some(linear) => {
                let keys = f(linear.key_heads) * f(linear.key);
                let values = f(linear.value_heads) * f(linear.value);
                let projections =
                    hidden * (2.0 * keys + 3.0 * values + 2.0 * f(linear.value_heads));
                let count = layers - full;
                (
                    projections * count,
                    f(linear.value_heads) * f(linear.key) * f(linear.value) * count,
                    full,
                )
            }
            None => (0.0, 0.0, layers),
        };
        let dense = 3.0 * hidden * f(self.dense_width) * f(self.dense_layers);
        let mut derived = Derived {
            layers,
            hidden,
            attention: projections * attention_layers + linear,
            dense,
            shared: 0.0,
            expert: 0.0,
            experts: 0.0,
            active_experts: 0.0,
            expert_layers: 0.0,
            embedding: f(self.vocabulary) * hidden,
            kv_elements,
            kv_heads,
            full_layers: full,
            window: (self.window > 0).then(|| (layers - full, f(self.window))),
            state,
            decode_attention,
            prefill_attention,
            sparse_tokens: if self.sparse_tokens > 0 {
                f(self.sparse_tokens)
            } else {
                f64::INFINITY
            },
        };
        if let Some(experts) = self.experts {
            let expert_layers = layers - f(self.dense_layers);
            derived.expert_layers = expert_layers;
            derived.expert = 3.0 * hidden * f(experts.width) * expert_layers;
            derived.experts = f(experts.count);
            derived.active_experts = f(experts.active);
            derived.shared =
                derived.expert * f(experts.shared) + hidden * f(experts.count) * expert_layers;
        }
        derived
    }
}

impl Derived {
    /// All parameters.
    pub fn total(&self) -> f64 {
        self.attention
            + self.dense
            + self.shared
            + self.expert * self.experts
            + 2.0 * self.embedding
    }

    /// Parameters that take part in a token: without the input embedding, with the output layer.
    pub fn active(&self) -> f64 {
        self.attention
            + self.dense
            + self.shared
            + self.expert * self.active_experts
            + self.embedding
    }

    /// Tokens of context that are kept for attention, summed over the layers, for a sequence of this length.
    pub fn kept(&self, context: f64) -> f64 {
        let windowed = self
            .window
            .map_or(0.0, |(layers, window)| layers * context.min(window));
        self.full_layers * context + windowed
    }

    /// The same, of those that sparse attention reads.
    pub fn read(&self, context: f64) -> f64 {
        self.kept(context) * (self.sparse_tokens / context).min(1.0)
    }

    /// Operations of training one token: forward and backward, 6 per active parameter, and causal attention over
    /// half of the sequence (6·L·d·s, d the width of all heads' keys and values).
    pub fn training_flops(&self, sequence: f64) -> f64 {
        let active = self.active();
        6.0 * active + 3.0 * self.prefill_attention * self.kept(sequence) / 2.0
    }
}

impl Model {
    /// Bytes of a weight of attention and dense layers, and of shared and routed experts, in a stored format.
    pub fn weight_bytes(&self, stored: Format) -> WeightFormats {
        let all = |format| WeightFormats {
            attention: format,
            shared: format,
            experts: format,
        };
        let Some(experts) = self.shape.experts else {
            return all(stored);
        };
        match stored {
            Format::Int4 => WeightFormats {
                attention: Format::Bf16,
                shared: Format::Bf16,
                experts: stored,
            },
            Format::Fp4 | Format::MxFp4 if experts.only_experts_packed => WeightFormats {
                attention: Format::Bf16,
                shared: Format::Bf16,
                experts: stored,
            },
            Format::Fp4 | Format::MxFp4 => WeightFormats {
                attention: Format::Fp8,
                shared: stored,
                experts: stored,
            },
            _ => all(stored),
        }
    }
}

/// The formats of the parts of a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightFormats {
    /// Attention and dense feed-forward networks.
    pub attention: Format,
    /// Shared experts and routers.
    pub shared: Format,
    /// Routed experts.
    pub experts: Format,
}
