//! Training runs.

use super::{Cells, Evaluated, Outcome};
use crate::calibration::Calibration;
use crate::chip::Chip;
use crate::format::Format;
use crate::library::Library;
use crate::training::fit::Observation;
use crate::training::{self, Job, Report};

/// Total over active parameters beyond which a model has experts.
const SPARSE: f64 = 1.2;

/// Remarks of rows that are predicted but take no part in a fit: those whose hours are mostly restarts, and those whose
/// operations were computed back from hours and an assumed utilisation. PanGu-Σ is one: its 4.67·10²³ operations are
/// 512 chips · 100 days · 320 TFLOPS · 0.33, so the row observes nothing.
const NOT_FITTED: [&str; 2] = ["never fit", "back-computed"];

/// Reads a row.
pub(super) fn observation(cells: Cells, library: &Library) -> Result<Observation, String> {
    let chip = cells.chip(library)?;
    let job = job(cells, chip)?;
    let hours = cells.positive("chip_hours")?;
    let utilisation = job.flops_per_token * job.tokens / (hours * 3600.0 * job.peak);
    let reported = cells.optional("rep_mfu")?;
    let is_run = job.report == Report::Run;
    Ok(Observation {
        job,
        utilisation,
        reported: (reported > 0.0 && is_run).then_some(reported),
        weight: if NOT_FITTED
            .iter()
            .any(|remark| cells.text("note").contains(remark))
        {
            0.0
        } else {
            1.0
        },
    })
}

fn job(cells: Cells, chip: &Chip) -> Result<Job, String> {
    let active = cells.positive("active_B")? * 1e9;
    let total = cells.optional("total_B")? * 1e9;
    let width = cells.positive("d")?;
    let attention = 6.0 * cells.positive("L")? * width * cells.positive("seq")?;
    let text = cells.text("fmt");
    let format = Format::parse(text)
        .ok_or_else(|| format!("`fmt` is `{text}`: expected bf16, fp16, fp8 or int8"))?;
    let report = match cells.text("kind") {
        "run" => Report::Run,
        "bench" => Report::Benchmark,
        "mfu" => Report::Utilisation,
        other => return Err(format!("`kind` is `{other}`: expected run, bench or mfu")),
    };
    let peak = chip
        .bf16_tflops
        .ok_or_else(|| format!("no BF16 peak is published for `{}`", chip.name))?
        * 1e12;
    let has_experts = match cells.text("moe") {
        "" => total > SPARSE * active,
        _ => cells.optional("moe")? > 0.0,
    };
    // A table may state the operations of a token: with multi-token prediction, say, there are more.
    let stated = cells.optional("F")?;
    Ok(Job {
        active,
        total: total.max(active),
        width,
        flops_per_token: if stated > 0.0 {
            stated
        } else {
            6.0 * active + attention
        },
        tokens: cells.positive("tokens")?,
        chips: cells.positive("n")?,
        peak,
        rate: rate(chip, format, peak),
        balance: training::balance(chip),
        family: chip.family,
        has_experts,
        is_early: cells.optional("early")? > 0.0,
        report,
    })
}

/// Peak of a format over that of BF16. A row in eight bits on a chip whose peak in them is not published counts twice.
fn rate(chip: &Chip, format: Format, peak: f64) -> f64 {
    match format {
        Format::Fp8 | Format::MxFp8 | Format::Int8 | Format::Fp4 | Format::MxFp4 => {
            chip.peak(format).map_or(2.0, |eight| eight / peak)
        }
        _ => 1.0,
    }
}

/// Why a row cannot be, if it cannot: more than the peak of the format.
pub(super) fn impossible(row: &Observation) -> Option<String> {
    let limit = row.job.rate.max(1.0);
    (row.utilisation > limit).then(|| {
        format!(
            "needs {:.0} % of the BF16 peak, the chip has {:.0} % in this format",
            100.0 * row.utilisation,
            100.0 * limit
        )
    })
}

pub(super) fn evaluate(
    cells: Cells,
    library: &Library,
    calibration: &Calibration,
) -> Result<Evaluated, String> {
    let row = observation(cells, library)?;
    let reported = cells.positive("chip_hours")?;
    let group = row.job.family.name().to_owned();
    if let Some(reason) = impossible(&row) {
        return Ok(Evaluated {
            group,
            reported,
            outcome: Outcome::Refused(reason),
            note: None,
        });
    }
    let value = calibration.training.chip_hours(&row.job);
    let (low, high) = calibration.training.range(row.job.family);
    let outcome = Outcome::Predicted {
        value,
        low: value * low,
        high: value * high,
        ratio: value / reported,
    };
    Ok(Evaluated {
        group,
        reported,
        outcome,
        note: None,
    })
}
