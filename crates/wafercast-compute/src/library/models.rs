//! `[model.NAME]`

use wafercast::diagnostic::Diagnostic;

use super::{Sources, marked, sources};
use crate::codes;
use crate::fields::Fields;
use crate::format::Format;
use crate::model::{Attention, Experts, Linear, Model, Shape};

/// How far stated and computed parameters may be apart: embeddings are tied or not, vision towers are left out.
const TOLERANCE: f64 = 0.05;
const WIDTHS: std::ops::RangeInclusive<f64> = 1.0..=10_000_000.0;
const COUNTS: std::ops::RangeInclusive<f64> = 0.0..=1_000_000.0;

pub(super) fn read(id: &str, mut fields: Fields, known: &Sources) -> Option<Model> {
    let name = fields.text("name").unwrap_or(id).to_owned();
    let aliases = fields
        .texts("aliases")
        .into_iter()
        .map(|(text, _)| text.to_owned())
        .collect();
    let formats: Vec<(&'static str, Format)> = Format::ALL
        .into_iter()
        .map(|format| (format.name(), format))
        .collect();
    let checkpoint = fields
        .choice("checkpoint", &formats)
        .unwrap_or(Format::Bf16);
    let stated = fields.number("parameters_b", 0.001..=1_000_000.0);
    let shape = shape(&mut fields);
    let draft_layers = fields.count("draft_layers", COUNTS);
    let unverified = marked(&mut fields, "unverified");
    let sources = sources(&mut fields, known);
    if sources.is_empty() {
        let place = fields.place("sources");
        fields.report(
            Diagnostic::warning(
                codes::NO_SOURCE,
                format!("model `{id}` names no source"),
                place,
                "no `sources` here",
            )
            .help("add `sources = [\"https://…/config.json\"]`"),
        );
    }
    let shape = shape?;
    let derived = shape.derive();
    let total = derived.total() / 1e9;
    if let Some(stated) = stated
        && (total / stated - 1.0).abs() > TOLERANCE
    {
        let place = fields.place("parameters_b");
        fields.report(
            Diagnostic::warning(
                codes::CONTRADICTION,
                format!("model `{id}` is said to have {stated} billion parameters, its shape has {total:.1}"),
                place,
                "differs from the shape by more than 5 %",
            )
            .help("check layers, widths and experts; or leave `parameters_b` out"),
        );
    }
    fields.finish();
    Some(Model {
        id: id.to_owned(),
        name,
        aliases,
        shape,
        checkpoint,
        stated_total: stated.unwrap_or(total),
        draft_layers,
        unverified,
        sources,
        derived,
    })
}

fn shape(fields: &mut Fields) -> Option<Shape> {
    let layers = fields.required_count("layers", 1.0..=10_000.0, "61");
    let hidden = fields.required_count("hidden", WIDTHS, "7168");
    let heads = fields.required_count("heads", 1.0..=100_000.0, "128");
    let vocabulary = fields.required_count("vocabulary", WIDTHS, "129280");
    let attention = attention(fields, hidden, heads);
    let full_layers = fields.count("full_attention_layers", COUNTS);
    let window = fields.count("window", COUNTS);
    let linear = linear(fields);
    let sparse_tokens = fields.count("sparse_tokens", COUNTS);
    let dense_layers = fields.count("dense_layers", COUNTS);
    let dense_width = fields.count("dense_width", COUNTS);
    let experts = experts(fields);
    let layers = layers?;
    Some(Shape {
        layers,
        hidden: hidden?,
        heads: heads?,
        vocabulary: vocabulary?,
        attention: attention?,
        full_layers: if full_layers == 0 {
            layers
        } else {
            full_layers.min(layers)
        },
        window,
        linear,
        sparse_tokens,
        dense_layers: if experts.is_some() {
            dense_layers.min(layers)
        } else {
            layers
        },
        dense_width,
        experts,
    })
}

fn attention(fields: &mut Fields, hidden: Option<u32>, heads: Option<u32>) -> Option<Attention> {
    let kv_rank = fields.count("kv_rank", COUNTS);
    let query_rank = fields.count("query_rank", COUNTS);
    let rope = fields.count("rope", COUNTS);
    let nope = fields.count("nope", COUNTS);
    let value = fields.count("value", COUNTS);
    let kv_heads = fields.count("kv_heads", COUNTS);
    let head = fields.count("head", COUNTS);
    let is_gated = fields.flag("output_gate");
    if kv_rank > 0 {
        return Some(Attention::Latent {
            kv_rank,
            rope,
            query_rank,
            nope,
            value,
        });
    }
    let (hidden, heads) = (hidden?, heads?);
    Some(Attention::Grouped {
        kv_heads: if kv_heads == 0 { heads } else { kv_heads },
        head: if head == 0 {
            (hidden / heads).max(1)
        } else {
            head
        },
        query_rank,
        is_gated,
    })
}

fn linear(fields: &mut Fields) -> Option<Linear> {
    let linear = Linear {
        key_heads: fields.count("linear_key_heads", COUNTS),
        key: fields.count("linear_key", COUNTS),
        value_heads: fields.count("linear_value_heads", COUNTS),
        value: fields.count("linear_value", COUNTS),
    };
    (linear.value_heads > 0).then_some(linear)
}

fn experts(fields: &mut Fields) -> Option<Experts> {
    let experts = Experts {
        count: fields.count("experts", COUNTS),
        active: fields.count("active_experts", COUNTS),
        shared: fields.count("shared_experts", COUNTS),
        width: fields.count("expert_width", COUNTS),
        only_experts_packed: fields.flag("only_experts_packed"),
    };
    if experts.active > experts.count {
        let place = fields.place("active_experts");
        fields.report(Diagnostic::error(
            codes::CONTRADICTION,
            format!(
                "a token uses {} of {} experts",
                experts.active, experts.count
            ),
            place,
            "more than there are",
        ));
        return None;
    }
    if experts.count > 0 && (experts.active == 0 || experts.width == 0) {
        let place = fields.place("experts");
        fields.report(Diagnostic::error(
            codes::MISSING_KEY,
            "experts need `active_experts` and `expert_width`",
            place,
            "how many are used, and how wide?",
        ));
        return None;
    }
    (experts.count > 0).then_some(experts)
}
