//! What the library has.

use std::fmt::Write;

use super::inputs::Inputs;
use crate::console::{FAINT, STRONG, styled};

/// Chips and models, one a line.
pub fn list(inputs: &Inputs) -> String {
    let mut text = format!(
        "{}\n{}\n",
        styled(STRONG, "Chips"),
        styled(
            FAINT,
            &format!(
                "  {:16} {:22} {:>7} {:>8} {:>7} {:>9} {:>9} {:>9}",
                "key", "name", "GB", "GB/s", "BF16", "FP8", "MXFP8", "FP4"
            )
        )
    );
    let number = |number: Option<f64>| number.map_or("–".into(), |number| format!("{number}"));
    for chip in inputs.library.chips() {
        let name: String = chip.name.chars().take(22).collect();
        let _ = writeln!(
            text,
            "  {:16} {:22} {:>7} {:>8} {:>7} {:>9} {:>9} {:>9}",
            chip.id,
            name,
            chip.memory_gb,
            number(chip.bandwidth_gbs),
            number(chip.bf16_tflops),
            chip.fp8.to_string(),
            chip.mxfp8.to_string(),
            chip.fp4.to_string(),
        );
        unverified(&mut text, &chip.unverified);
    }
    let _ = write!(
        text,
        "\n{}\n{}\n",
        styled(STRONG, "Models"),
        styled(
            FAINT,
            &format!(
                "  {:16} {:22} {:>8} {:>9} {:>11}",
                "key", "name", "B", "B active", "checkpoint"
            )
        )
    );
    for model in inputs.library.models() {
        let _ = writeln!(
            text,
            "  {:16} {:22} {:>8.1} {:>9.1} {:>11}",
            model.id,
            model.name,
            model.derived.total() / 1e9,
            model.derived.active() / 1e9,
            model.checkpoint.name(),
        );
        unverified(&mut text, &model.unverified);
    }
    text.push_str("\nAny name works, in any case: H100, h100-sxm, H100 SXM5 80GB. `--library FILE` adds yours.\n");
    text
}

/// A line below an entry whose numbers were not all found in something opened.
fn unverified(text: &mut String, keys: &[String]) {
    if !keys.is_empty() {
        let line = format!("  {:16} unverified: {}", "", keys.join(", "));
        let _ = writeln!(text, "{}", styled(FAINT, &line));
    }
}
