//! Published serving points.

use super::{Cells, Evaluated, Outcome};
use crate::calibration::Calibration;
use crate::library::Library;
use crate::serving::{Engine, Layout, Load, MOST_SEQUENCES_PER_CHIP, Prepared};

/// Chips over which experts are spread where a prefill figure does not say.
const PREFILL_GROUP: f64 = 32.0;

pub(super) fn evaluate(
    cells: Cells,
    library: &Library,
    calibration: &Calibration,
) -> Result<Evaluated, String> {
    let (model, chip) = (cells.model(library)?, cells.chip(library)?);
    let format = cells.format("prec", model)?;
    let reported = cells.positive("tok_s_chip")?;
    let (mut chips, tensor) = (cells.positive("G")?, cells.positive("tp")?);
    let prompt = cells.positive("isl")?;
    let kind = cells.text("kind");
    let constants = &calibration.serving;
    let engine = constants.engine(Engine::Vllm);
    let prepared = Prepared::new(model, chip, format, constants)
        .ok_or_else(|| format!("bandwidth or peak of `{}` is not published", chip.name))?;
    if kind == "prefill" && chips == 1.0 && model.shape.experts.is_some() {
        chips = PREFILL_GROUP;
    }
    if tensor > chips {
        return Err(format!(
            "`tp` is {tensor}, more than the {chips} chips of `G`"
        ));
    }
    let layout = Layout {
        tensor,
        data: chips / tensor,
        stages: 1.0,
    };
    let per_chip = cells.optional("conc_per_chip")?;
    let mut load = Load {
        concurrency: 0.0,
        prompt,
        output: 0.0,
        accepted: cells.optional("mtp_accept")?,
        is_aggregated: false,
    };
    let value = match kind {
        "prefill" => 1.0 / prepared.prefill_chip_seconds(constants, engine, &layout, prompt),
        "decode" | "e2e" => {
            if kind == "e2e" {
                load.output = cells.positive("osl")?;
                load.is_aggregated = true;
            }
            let room = prepared.capacity(&layout, prompt + load.output).max(1.0);
            load.concurrency = if per_chip > 0.0 {
                per_chip * chips
            } else {
                room.min(MOST_SEQUENCES_PER_CHIP * chips)
            };
            let speed = prepared.speed_of(constants, engine, &layout, &load, load.concurrency);
            speed.tokens_per_second / chips
        }
        other => {
            return Err(format!(
                "`kind` is `{other}`: expected decode, prefill or e2e"
            ));
        }
    };
    let group = format!("{} {}", chip.name, kind);
    let factor = calibration.serving_range(&model.id, chip.is_measured_for_serving());
    let most = limit(&prepared, &layout, &load, kind, prompt);
    let outcome = if reported > most {
        Outcome::Refused(format!(
            "the peak of the chip allows {most:.0} tokens per second at most"
        ))
    } else {
        Outcome::Predicted {
            value,
            low: value / factor,
            high: value * factor,
            ratio: value / reported,
        }
    };
    Ok(Evaluated {
        group,
        reported,
        outcome,
        note: None,
    })
}

/// Tokens per second and chip that peak bandwidth and arithmetic allow.
fn limit(prepared: &Prepared, layout: &Layout, load: &Load, kind: &str, prompt: f64) -> f64 {
    let chips = layout.chips();
    if kind == "prefill" {
        let (_, arithmetic) = prepared.bound(layout, load, chips);
        return chips / arithmetic.max(f64::MIN_POSITIVE) / chips;
    }
    let running = load.concurrency;
    let (bytes, arithmetic) = prepared.bound(layout, &Load { prompt, ..*load }, running);
    running * (1.0 + load.accepted) / bytes.max(arithmetic) / chips
}
