//! Published serving points.

use wafercast::draw::kernel;

use super::{Cells, Evaluated, Outcome};
use crate::calibration::Calibration;
use crate::chip::Chip;
use crate::format::Format;
use crate::library::Library;
use crate::model::Model;
use crate::serving::constants::{Bound, POINT_BOUNDS};
use crate::serving::{Constants, Engine, Layout, Load, Prepared};

/// Chips over which experts are spread where a prefill figure does not say: DeepSeek's own unit, four servers of eight.
const PREFILL_GROUP: f64 = 32.0;

/// What a point reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Prefill,
    Decode,
    EndToEnd,
}

/// A published point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point<'l> {
    model: &'l Model,
    chip: &'l Chip,
    format: Format,
    kind: Kind,
    layout: Layout,
    /// Load; its concurrency is 0 where none is stated.
    load: Load,
    reported: f64,
}

pub(super) fn point<'l>(cells: Cells, library: &'l Library) -> Result<Point<'l>, String> {
    let (model, chip) = (cells.model(library)?, cells.chip(library)?);
    let format = cells.format("prec", model)?;
    let reported = cells.positive("tok_s_chip")?;
    let (mut chips, tensor) = (cells.positive("G")?, cells.positive("tp")?);
    let prompt = cells.positive("isl")?;
    let kind = match cells.text("kind") {
        "prefill" => Kind::Prefill,
        "decode" => Kind::Decode,
        "e2e" => Kind::EndToEnd,
        other => {
            return Err(format!(
                "`kind` is `{other}`: expected decode, prefill or e2e"
            ));
        }
    };
    if kind == Kind::Prefill && chips == 1.0 && model.shape.experts.is_some() {
        chips = PREFILL_GROUP;
    }
    if tensor > chips {
        return Err(format!(
            "`tp` is {tensor}, more than the {chips} chips of `G`"
        ));
    }
    let is_whole = kind == Kind::EndToEnd;
    Ok(Point {
        model,
        chip,
        format,
        kind,
        layout: Layout {
            tensor,
            data: chips / tensor,
            stages: 1.0,
        },
        load: Load {
            concurrency: cells.optional("conc_per_chip")? * chips,
            prompt,
            output: if is_whole {
                cells.positive("osl")?
            } else {
                0.0
            },
            accepted: cells.optional("mtp_accept")?,
            is_aggregated: is_whole,
        },
        reported,
    })
}

impl Point<'_> {
    fn prepared(&self, constants: &Constants) -> Result<Prepared, String> {
        Prepared::new(self.model, self.chip, self.format, constants)
            .ok_or_else(|| format!("bandwidth or peak of `{}` is not published", self.chip.name))
    }

    /// The load with its concurrency: what is stated, or what memory and the usual number of sequences allow.
    fn load(&self, prepared: &Prepared, constants: &Constants) -> Load {
        let mut load = self.load;
        if load.concurrency == 0.0 {
            let room = prepared
                .capacity(&self.layout, load.prompt + load.output)
                .max(1.0);
            load.concurrency = room.min(constants.sequences_per_chip * self.layout.chips());
        }
        load
    }

    /// Predicted tokens per second and chip.
    fn predict(&self, prepared: &Prepared, constants: &Constants) -> f64 {
        let engine = constants.engine(Engine::Vllm);
        if self.kind == Kind::Prefill {
            let prompt = self.load.prompt;
            return 1.0 / prepared.prefill_chip_seconds(constants, engine, &self.layout, prompt);
        }
        let load = self.load(prepared, constants);
        let speed = prepared.speed_of(constants, engine, &self.layout, &load, load.concurrency);
        speed.tokens_per_second / self.layout.chips()
    }
}

pub(super) fn evaluate(
    cells: Cells,
    library: &Library,
    calibration: &Calibration,
) -> Result<Evaluated, String> {
    let point = point(cells, library)?;
    let constants = &calibration.serving;
    let prepared = point.prepared(constants)?;
    let value = point.predict(&prepared, constants);
    let factor = calibration.serving_range(&point.model.id, point.chip.is_measured_for_serving());
    let most = limit(&prepared, &point, &point.load(&prepared, constants));
    let outcome = if point.reported > most {
        Outcome::Refused(format!(
            "the peak of the chip allows {most:.0} tokens per second at most"
        ))
    } else {
        Outcome::Predicted {
            value,
            low: value / factor,
            high: value * factor,
            ratio: value / point.reported,
        }
    };
    Ok(Evaluated {
        group: format!("{} {}", point.chip.name, cells.text("kind")),
        reported: point.reported,
        outcome,
        note: None,
    })
}

/// Grid of the fit: steps of the share of the network, and of the number of sequences.
const GRID: [u32; 2] = [40, 20];
/// Residuals beyond this count linearly.
const SCALE: f64 = 0.15;

/// The constants of [`POINT_BOUNDS`] with the least sum of soft losses over the points, on a grid that is even in logarithms;
/// all other constants stay.
pub(super) fn fit(points: &[Point], constants: &Constants) -> Constants {
    let known: Vec<(&Point, Prepared)> = points
        .iter()
        .filter_map(|point| Some((point, point.prepared(constants).ok()?)))
        .collect();
    let at = |index: usize, step: u32| {
        let Bound { low, high, .. } = POINT_BOUNDS[index];
        low * kernel::pow(high / low, f64::from(step) / f64::from(GRID[index]))
    };
    let loss = |constants: &Constants| -> f64 {
        known
            .iter()
            .map(|(point, prepared)| {
                let z = kernel::ln(point.predict(prepared, constants) / point.reported) / SCALE;
                (1.0 + z * z).sqrt() - 1.0
            })
            .sum()
    };
    let mut best = (f64::INFINITY, *constants);
    for network in 0..=GRID[0] {
        for sequences in 0..=GRID[1] {
            let tried = constants.with_points([at(0, network), at(1, sequences)]);
            let loss = loss(&tried);
            if loss < best.0 {
                best = (loss, tried);
            }
        }
    }
    best.1
}

/// For each point, the prediction by constants fitted without it over what is reported.
pub(super) fn leave_one_out(points: &[Point], constants: &Constants) -> Vec<f64> {
    (0..points.len())
        .filter_map(|index| {
            let mut others = points.to_vec();
            let point = others.remove(index);
            let constants = fit(&others, constants);
            let prepared = point.prepared(&constants).ok()?;
            Some(point.predict(&prepared, &constants) / point.reported)
        })
        .collect()
}

/// Tokens per second and chip that peak bandwidth and arithmetic allow.
fn limit(prepared: &Prepared, point: &Point, load: &Load) -> f64 {
    let layout = &point.layout;
    let chips = layout.chips();
    if point.kind == Kind::Prefill {
        let (_, arithmetic) = prepared.bound(layout, load, chips);
        return 1.0 / arithmetic.max(f64::MIN_POSITIVE);
    }
    let (bytes, arithmetic) = prepared.bound(layout, load, load.concurrency);
    load.concurrency * (1.0 + load.accepted) / bytes.max(arithmetic) / chips
}
