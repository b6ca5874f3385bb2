//! The answer across chips: a table, a picture, the notes; or JSON.

use std::fmt::Write;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde::Serialize;
use wafercast_compute::answer::{Ranged, Running, Serving, Training};
use wafercast_compute::chip::Chip;
use wafercast_compute::model::Model;

use super::inputs::{Inputs, unknown};
use super::workload::{self, OnChip};
use super::{FitArgs, FitFormat};
use crate::console::{FAINT, STRONG, styled};
use crate::failure::Failure;
use crate::terminal::wrap;

/// Version of the JSON answer.
const SCHEMA: &str = "wafercast/fit/1";
/// Columns of the bars.
const BAR: usize = 40;
/// Units of the first chip that are replaced in the last column.
const REPLACED: f64 = 1000.0;

#[derive(Serialize)]
struct Wire<'a> {
    schema: &'static str,
    model: &'a str,
    model_sources: &'a [String],
    model_unverified: &'a [String],
    parameters_b: f64,
    active_b: f64,
    weights: &'static str,
    workload: String,
    chips: &'a [OnChip],
}

/// The answer as it is printed.
///
/// # Errors
/// If a model or chip is not in the library.
pub fn answer(args: &FitArgs, inputs: &Inputs, width: usize) -> Result<String, Failure> {
    let name = args.model.as_deref().unwrap_or_default();
    let model = inputs
        .library
        .model(name)
        .map_err(|cause| unknown(&cause))?;
    let chips = chips(args, inputs)?;
    let answers: Vec<OnChip> = chips
        .iter()
        .map(|chip| workload::on_chip(model, chip, args, inputs))
        .collect();
    let weights = args.weights.unwrap_or(model.checkpoint).name();
    let derived = &model.derived;
    if args.format == FitFormat::Json {
        let wire = Wire {
            schema: SCHEMA,
            model: &model.id,
            model_sources: &model.sources,
            model_unverified: &model.unverified,
            parameters_b: derived.total() / 1e9,
            active_b: derived.active() / 1e9,
            weights,
            workload: workload_text(args),
            chips: &answers,
        };
        let mut text =
            serde_json::to_string_pretty(&wire).map_err(|cause| Failure::Output(cause.into()))?;
        text.push('\n');
        return Ok(text);
    }
    Ok(as_text(model, weights, &answers, args, width))
}

fn chips<'a>(args: &FitArgs, inputs: &'a Inputs) -> Result<Vec<&'a Chip>, Failure> {
    if matches!(args.on.as_slice(), [only] if only == "all") {
        return Ok(inputs
            .library
            .chips()
            .filter(|chip| chip.bf16_tflops.is_some())
            .collect());
    }
    let names = args.on.iter().filter(|name| !name.trim().is_empty());
    names
        .map(|name| inputs.library.chip(name).map_err(|cause| unknown(&cause)))
        .collect()
}

fn workload_text(args: &FitArgs) -> String {
    match (args.train, workload::target(args)) {
        (Some(tokens), _) => format!(
            "training on {} tokens, sequences of {}",
            short(tokens),
            short(args.sequence)
        ),
        (None, Some(target)) => format!(
            "{} sequences at a time, {} tokens in, {} out, at most {} ms per token",
            short(target.concurrency),
            short(target.prompt),
            short(target.output),
            short(args.max_tpot)
        ),
        (None, None) => String::new(),
    }
}

fn as_text(
    model: &Model,
    weights: &str,
    answers: &[OnChip],
    args: &FitArgs,
    width: usize,
) -> String {
    let derived = &model.derived;
    let mut text = format!(
        "{}  {:.1} B parameters, {:.1} B per token, weights in {weights}\n{}\n\n",
        styled(STRONG, &model.name),
        derived.total() / 1e9,
        derived.active() / 1e9,
        workload_text(args)
    );
    let is_training = args.train.is_some();
    text.push_str(&if is_training {
        training_table(answers)
    } else {
        serving_table(answers)
    });
    text.push('\n');
    text.push_str(&picture(answers, is_training));
    text.push_str(&costs(answers, is_training));
    text.push_str(&notes(model, answers, args.accept, width));
    text
}

/// A table of plain columns, the first to the left.
fn plain_table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header.iter().copied());
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if index > 1 {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn finished(table: &Table) -> String {
    let mut text: String = table
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    if let Some(end) = text.find('\n') {
        let header = styled(FAINT, &text[..end]);
        text.replace_range(..end, &header);
    }
    text
}

fn way(running: &Running) -> String {
    let mark = if running.native {
        "native"
    } else {
        running.computed
    };
    match running.support.as_str() {
        "conflict" | "unknown" => format!("{mark} ({})", running.support),
        _ => mark.to_owned(),
    }
}

fn serving_table(answers: &[OnChip]) -> String {
    let first = answers.iter().find_map(|answer| answer.serving.as_ref());
    let replaced = answers
        .iter()
        .find(|answer| answer.serving.is_some())
        .map_or(String::new(), |answer| format!("for 1,000 {}", answer.name));
    let mut table = plain_table(&[
        "chip",
        "runs in",
        "chips",
        "layout",
        "first token, s (late)",
        "ms/token",
        "tokens/s per chip",
        &replaced,
    ]);
    for answer in answers {
        let Some(serving) = &answer.serving else {
            let reason = answer.refused.clone().unwrap_or_default();
            table.add_row([answer.name.clone(), format!("– {reason}")]);
            continue;
        };
        let per_chip = serving.tokens_per_second_per_chip;
        let in_place = first.map_or(String::new(), |first| {
            short(REPLACED * first.tokens_per_second_per_chip.value / per_chip.value)
        });
        table.add_row([
            answer.name.clone(),
            way(&serving.running),
            serving.chips.to_string(),
            layout(serving),
            format!(
                "{} ({})",
                short(serving.first_token_s.value),
                short(serving.first_token_late_s.value)
            ),
            short(serving.tpot_ms.value),
            format!(
                "{} ({}–{})",
                short(per_chip.value),
                short(per_chip.low),
                short(per_chip.high)
            ),
            in_place,
        ]);
    }
    finished(&table)
}

fn layout(serving: &Serving) -> String {
    let mut parts = vec![format!("t{}", serving.tensor)];
    if serving.data > 1 {
        parts.push(format!("d{}", serving.data));
    }
    if serving.stages > 1 {
        parts.push(format!("p{}", serving.stages));
    }
    let mut text = parts.join("·");
    if serving.replicas > 1 {
        let _ = write!(text, " ×{}", serving.replicas);
    }
    if serving.prefill_chips > 0 {
        let _ = write!(text, " + {} prefill", serving.prefill_chips);
    }
    text
}

fn training_table(answers: &[OnChip]) -> String {
    let mut table = plain_table(&[
        "chip",
        "trains in",
        "chips",
        "MFU (as reported)",
        "chip-hours",
        "days",
        "MWh",
    ]);
    for answer in answers {
        let Some(training) = &answer.training else {
            let reason = answer.refused.clone().unwrap_or_default();
            table.add_row([answer.name.clone(), format!("– {reason}")]);
            continue;
        };
        table.add_row([
            answer.name.clone(),
            way(&training.running),
            short(training.chips),
            mfu(training),
            ranged(training.chip_hours),
            short(training.days.value),
            training.mwh.map_or("–".into(), |mwh| short(mwh.value)),
        ]);
    }
    finished(&table)
}

fn mfu(training: &Training) -> String {
    format!(
        "{:.0} % ({:.0} %)",
        100.0 * training.utilisation,
        100.0 * training.reported_utilisation
    )
}

/// Costs at each kind of price that is published, side by side and never mixed.
fn costs(answers: &[OnChip], is_training: bool) -> String {
    let priced: Vec<&OnChip> = answers
        .iter()
        .filter(|answer| {
            let cost = &answer.cost;
            cost.on_demand.is_some() || cost.contract.is_some() || cost.owning.is_some()
        })
        .collect();
    if priced.is_empty() {
        return String::new();
    }
    let of = if is_training {
        "$ per run"
    } else {
        "$ per million output tokens"
    };
    let mut table = plain_table(&[of, "", "rented on demand", "by contract", "owned"]);
    for answer in priced {
        let cell = |cost: Option<Ranged>| cost.map_or("–".into(), ranged);
        let cost = &answer.cost;
        table.add_row([
            answer.name.clone(),
            String::new(),
            cell(cost.on_demand),
            cell(cost.contract),
            cell(cost.owning),
        ]);
    }
    format!("\n{}", finished(&table))
}

fn ranged(number: Ranged) -> String {
    format!(
        "{} ({}–{})",
        short(number.value),
        short(number.low),
        short(number.high)
    )
}

/// Bars with their range: tokens per second and chip, or chip-hours.
fn picture(answers: &[OnChip], is_training: bool) -> String {
    let bars: Vec<(&str, Ranged)> = answers
        .iter()
        .filter_map(|answer| {
            let number = if is_training {
                answer.training.as_ref()?.chip_hours
            } else {
                answer.serving.as_ref()?.tokens_per_second_per_chip
            };
            Some((answer.name.as_str(), number))
        })
        .collect();
    let most = bars
        .iter()
        .map(|(_, number)| number.high)
        .fold(0.0, f64::max);
    if bars.len() < 2 || most <= 0.0 {
        return String::new();
    }
    let what = if is_training {
        "chip-hours"
    } else {
        "tokens/s per chip"
    };
    let label = bars
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0);
    let mut text = format!(
        "{}\n",
        styled(
            FAINT,
            &format!("{what}: ━ at least, ╍ prediction, ─ at most")
        )
    );
    for (name, number) in bars {
        let at = |value: f64| ((value / most * BAR as f64).round() as usize).min(BAR);
        let (low, middle, high) = (at(number.low), at(number.value).max(1), at(number.high));
        let bar = "━".repeat(low.max(1))
            + &"╍".repeat(middle.saturating_sub(low.max(1)))
            + &"─".repeat(high.saturating_sub(middle));
        let _ = writeln!(text, "  {name:label$}  {bar} {}", short(number.value));
    }
    text
}

fn notes(model: &Model, answers: &[OnChip], accept: f64, width: usize) -> String {
    let mut notes = Vec::new();
    if !model.unverified.is_empty() {
        notes.push(format!(
            "{}: unverified: {}.",
            model.name,
            model.unverified.join(", ")
        ));
    }
    if accept > 0.0 && model.draft_layers == 0 {
        notes.push(format!(
            "{}: its checkpoint has no module of multi-token prediction; --accept takes one to be added.",
            model.name
        ));
    }
    for answer in answers {
        let running = answer
            .serving
            .as_ref()
            .map(|serving| &serving.running)
            .or(answer.training.as_ref().map(|training| &training.running));
        let mut parts: Vec<String> = running
            .and_then(|running| running.penalty.clone())
            .into_iter()
            .collect();
        if !answer.assumed.is_empty() {
            parts.push(format!("assumed: {}", answer.assumed.join(", ")));
        }
        if !answer.unverified.is_empty() {
            parts.push(format!("unverified: {}", answer.unverified.join(", ")));
        }
        parts.extend(answer.note.clone());
        if let Some(rent) = &answer.usd_per_chip_hour.on_demand {
            parts.push(format!(
                "rent {} per chip-hour on demand ({}, {})",
                dollars(rent.low, rent.high),
                rent.country,
                rent.date
            ));
        }
        if let Some(owning) = &answer.usd_per_chip_hour.owning {
            parts.push(format!(
                "owning {} per chip-hour at {} a chip ({})",
                dollars(owning.low, owning.high),
                dollars(owning.capex_usd.0, owning.capex_usd.1),
                owning.date
            ));
        }
        if !parts.is_empty() {
            notes.push(format!("{}: {}.", answer.name, parts.join("; ")));
        }
    }
    notes.push("Layout: t tensor parallel, d data-parallel attention with experts over all, p pipeline stages, × replicas. First token: mean with the queue for prefill, and of the slowest twentieth. Sources, energy and assumptions: --format json.".into());
    let mut text = String::from("\n");
    for note in notes {
        for line in wrap(&note, width) {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// `$2.17`, `$0.88–1.09`, `$12,000` without cents.
fn dollars(low: f64, high: f64) -> String {
    let text = |usd: f64| {
        if usd >= 100.0 {
            short(usd)
        } else {
            format!("{usd:.2}")
        }
    };
    if low == high {
        format!("${}", text(low))
    } else {
        format!("${}–{}", text(low), text(high))
    }
}

/// Three significant figures, with k, M, B, T.
fn short(number: f64) -> String {
    let (scaled, unit) = match number.abs() {
        n if n >= 999.5e9 => (number / 1e12, " T"),
        n if n >= 999.5e6 => (number / 1e9, " B"),
        n if n >= 999_500.0 => (number / 1e6, " M"),
        n if n >= 9_999.5 => (number / 1e3, " k"),
        _ => (number, ""),
    };
    let digits = match scaled.abs() {
        n if n >= 99.95 || scaled.fract() == 0.0 => 0,
        n if n >= 9.995 => 1,
        _ => 2,
    };
    format!("{scaled:.digits$}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_figures() {
        let cases = [
            (0.123, "0.12"),
            (1.0, "1"),
            (9.996, "10.0"),
            (12.34, "12.3"),
            (999.9, "1000"),
            (4096.0, "4096"),
            (12_345.0, "12.3 k"),
            (1.5e13, "15 T"),
        ];
        for (number, text) in cases {
            assert_eq!(short(number), text);
        }
    }
}
