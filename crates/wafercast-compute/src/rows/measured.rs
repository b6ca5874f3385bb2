//! Measured serving: a program, a layout, a load, and the time per output token.

use std::collections::BTreeMap;

use super::{Cells, Evaluated, Outcome};
use crate::calibration::Calibration;
use crate::library::Library;
use crate::serving::calibrate::Measurement;
use crate::serving::constants::Constants;
use crate::serving::{Engine, Layout, Load, Prepared};

/// Chips of a board: the scale-up domain of everything that these tables measure outside racks.
const BOARD: f64 = 8.0;
/// Rounding and clocks above the nominal: what may exceed a peak without being an error.
const SLACK: f64 = 1.05;

pub(super) fn group(cells: Cells) -> String {
    ["model", "chip", "prec", "backend"]
        .map(|column| cells.text(column))
        .join("/")
}

/// Reads a row; the note says where its chips are counted otherwise than it says.
pub(super) fn measurement<'l>(
    cells: Cells,
    library: &'l Library,
) -> Result<(Measurement<'l>, Option<String>), String> {
    let (model, chip) = (cells.model(library)?, cells.chip(library)?);
    let backend = cells.text("backend");
    let engine = Engine::NAMES
        .iter()
        .find(|(name, _)| *name == backend)
        .ok_or_else(|| format!("`backend` is `{backend}`: expected trtllm, vllm or sglang"))?
        .1;
    let stated = [
        cells.positive("tp")?,
        cells.positive("dp")?,
        cells.positive("G")?,
    ];
    let ([tensor, data, chips], note) = counted(stated, cells.text("id"));
    if tensor * data != chips {
        return Err(format!("`tp` × `dp` is {}, `G` is {chips}", tensor * data));
    }
    let measurement = Measurement {
        model,
        chip,
        format: cells.format("prec", model)?,
        engine,
        layout: Layout {
            tensor,
            data,
            stages: 1.0,
        },
        load: Load {
            concurrency: cells.positive("conc")?,
            prompt: cells.positive("isl")?,
            output: cells.positive("osl")?,
            accepted: 0.0,
            is_aggregated: true,
        },
        tpot: cells.positive("tpot")?,
        weight: 1.0,
    };
    Ok((measurement, note))
}

/// Tensor, data and chips as they were. Where tensor and expert parallel run over the same A chips, some records multiply
/// the two and name A² chips. They are known by the label `tpA_epA`, by more chips than a board has, or by tensor and data
/// parallel that are both A; the same measurements stand beside them with A.
fn counted([tensor, data, chips]: [f64; 3], id: &str) -> ([f64; 3], Option<String>) {
    let side = chips.sqrt();
    if side < 2.0 || side.fract() != 0.0 {
        return ([tensor, data, chips], None);
    }
    let is_labelled =
        label(id).is_some_and(|(tensor, expert)| tensor == expert && f64::from(tensor) == side);
    if !(is_labelled || chips > BOARD || (tensor == data && data == side)) {
        return ([tensor, data, chips], None);
    }
    let tensor = if tensor == chips { side } else { tensor };
    let data = if data == chips { side } else { data };
    let data = if tensor == data && data == side {
        1.0
    } else {
        data
    };
    let note = format!(
        "counted as {side} chips: tensor and expert parallel share them, {chips} is their product"
    );
    ([tensor, data, side], Some(note))
}

/// `_tp4_ep4`, `_tp4_0_ep4_0` in an id.
fn label(id: &str) -> Option<(u32, u32)> {
    let number = |text: &str| -> Option<u32> {
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    let (_, rest) = id.split_once("_tp")?;
    let (_, expert) = rest.split_once("_ep")?;
    Some((number(rest)?, number(expert)?))
}

/// Why a row cannot be, if it cannot: at the peak of bandwidth or arithmetic a step would take longer than measured. The
/// sequences that run are those that do not wait for their first token.
pub(super) fn impossible(row: &Measurement) -> Option<String> {
    let ideal = Constants::from_array(&crate::serving::constants::BOUNDS.map(|bound| bound.start));
    let prepared = Prepared::new(row.model, row.chip, row.format, &ideal)?;
    let room = prepared
        .capacity(&row.layout, row.load.prompt + row.load.output)
        .max(1.0);
    let running = row.load.concurrency.min(room);
    let (_, arithmetic) = prepared.bound(&row.layout, &row.load, running);
    let (memory, _) = prepared.bound(&row.layout, &row.load, 1.0);
    let milliseconds = |seconds: f64| 1000.0 * seconds;
    if arithmetic > SLACK * row.tpot {
        return Some(format!(
            "{running:.0} sequences need {:.1} ms of arithmetic per token at peak, {:.1} ms are reported",
            milliseconds(arithmetic),
            milliseconds(row.tpot)
        ));
    }
    (memory > SLACK * row.tpot).then(|| {
        format!(
            "reading the weights takes {:.1} ms at peak bandwidth, {:.1} ms per token are reported",
            milliseconds(memory),
            milliseconds(row.tpot)
        )
    })
}

/// Rows that repeat a configuration weigh as much as one: each 1/√n, for weights act on residuals before squaring.
pub(super) fn share_weights(rows: &mut [(String, Measurement)]) {
    let key = |(group, row): &(String, Measurement)| {
        let numbers = [
            row.layout.tensor,
            row.layout.data,
            row.load.concurrency,
            row.load.prompt,
            row.load.output,
        ];
        (group.clone(), numbers.map(f64::to_bits))
    };
    let mut counts = BTreeMap::new();
    for row in rows.iter() {
        *counts.entry(key(row)).or_insert(0.0) += 1.0;
    }
    for row in rows {
        let count: f64 = counts.get(&key(row)).copied().unwrap_or(1.0);
        row.1.weight = 1.0 / count.sqrt();
    }
}

pub(super) fn evaluate(
    cells: Cells,
    library: &Library,
    calibration: &Calibration,
) -> Result<Evaluated, String> {
    let (row, note) = measurement(cells, library)?;
    let outcome = match impossible(&row) {
        Some(reason) => Outcome::Refused(reason),
        None => {
            let value = row.predict(&calibration.serving).ok_or_else(|| {
                format!("bandwidth or peak of `{}` is not published", row.chip.name)
            })?;
            let factor =
                calibration.serving_range(&row.model.id, row.chip.is_measured_for_serving());
            Outcome::Predicted {
                value,
                low: value / factor,
                high: value * factor,
                ratio: value / row.tpot,
            }
        }
    };
    Ok(Evaluated {
        group: group(cells),
        reported: row.tpot,
        outcome,
        note,
    })
}
