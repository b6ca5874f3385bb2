//! `[chip.NAME]`

use wafercast::diagnostic::Diagnostic;

use super::{Sources, marked, sources};
use crate::chip::{Chip, Family, Support};
use crate::codes;
use crate::fields::Fields;

/// Largest plausible numbers: ten times those of announced chips.
const MOST_MEMORY_GB: f64 = 20_000.0;
const MOST_BANDWIDTH_GBS: f64 = 300_000.0;
const MOST_TFLOPS: f64 = 500_000.0;

/// Where nothing is published about links: a PCIe 4.0 slot and a 200 Gb/s network, noted as assumed.
const DEFAULT_LINK_GBS: f64 = 32.0;
const DEFAULT_NETWORK_GBS: f64 = 25.0;

pub(super) fn read(id: &str, mut fields: Fields, known: &Sources) -> Option<Chip> {
    let name = fields.text("name").unwrap_or(id).to_owned();
    let aliases = fields
        .texts("aliases")
        .into_iter()
        .map(|(text, _)| text.to_owned())
        .collect();
    let vendor = fields
        .required_text("vendor", "\"NVIDIA\"")
        .map(str::to_owned);
    let family = family(&mut fields);
    let released = fields.text("released").map(str::to_owned);
    let memory_gb = fields.required("memory_gb", 1.0..=MOST_MEMORY_GB, "80");
    let bandwidth_gbs = fields.number("memory_bandwidth_gbs", 50.0..=MOST_BANDWIDTH_GBS);
    let peak = |fields: &mut Fields, key| fields.number(key, 1.0..=MOST_TFLOPS);
    let bf16_tflops = peak(&mut fields, "bf16_tflops");
    let fp8_tflops = peak(&mut fields, "fp8_tflops");
    let int8_tops = peak(&mut fields, "int8_tops");
    let fp4_tflops = peak(&mut fields, "fp4_tflops");
    let support = |fields: &mut Fields, key| {
        fields
            .choice(key, &Support::NAMES)
            .unwrap_or(Support::Unknown)
    };
    let fp8 = support(&mut fields, "fp8");
    let mxfp8 = support(&mut fields, "mxfp8");
    let fp4 = support(&mut fields, "fp4");
    let scale_up_gbs = fields.number("scale_up_gbs", 1.0..=MOST_BANDWIDTH_GBS);
    let scale_up_chips = fields.count("scale_up_chips", 1.0..=100_000.0);
    let network_gbs = fields.number("network_gbs", 0.1..=10_000.0);
    let power_w = fields.number("power_w", 10.0..=100_000.0);
    let mut assumed = marked(&mut fields, "assumed");
    let unverified = marked(&mut fields, "unverified");
    for (is_missing, key) in [
        (scale_up_gbs.is_none(), "scale_up_gbs"),
        (network_gbs.is_none(), "network_gbs"),
    ] {
        if is_missing {
            assumed.push(key.to_owned());
        }
    }
    let sources = sources(&mut fields, known);
    if sources.is_empty() {
        let place = fields.place("sources");
        fields.report(
            Diagnostic::warning(
                codes::NO_SOURCE,
                format!("chip `{id}` names no source"),
                place,
                "no `sources` here",
            )
            .help("add `sources = [\"https://…\"]`"),
        );
    }
    let note = fields.text("note").map(str::to_owned);
    fields.finish();
    Some(Chip {
        id: id.to_owned(),
        name,
        aliases,
        vendor: vendor?,
        family: family?,
        released,
        memory_gb: memory_gb?,
        bandwidth_gbs,
        bf16_tflops,
        fp8_tflops,
        int8_tops,
        fp4_tflops,
        fp8,
        mxfp8,
        fp4,
        scale_up_gbs: scale_up_gbs.unwrap_or(DEFAULT_LINK_GBS),
        scale_up_chips: scale_up_chips.max(1),
        network_gbs: network_gbs.unwrap_or(DEFAULT_NETWORK_GBS),
        power_w,
        assumed,
        unverified,
        sources,
        note,
    })
}

fn family(fields: &mut Fields) -> Option<Family> {
    // A missing family is reported like any other missing text; a wrong one with the list of those there are.
    fields.required_text("family", "\"china\"")?;
    fields.choice("family", &Family::NAMES)
}
