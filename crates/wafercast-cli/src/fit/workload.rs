//! One workload on one chip, with its cost: what JSON shows and the table is made of.

use serde::Serialize;
use wafercast_compute::answer::{self, Ranged, Serving, Training};
use wafercast_compute::chip::Chip;
use wafercast_compute::layout::Target;
use wafercast_compute::model::Model;

use super::FitArgs;
use super::inputs::Inputs;
use super::money::{self, Money};
use super::quantity::Serve;

/// What is served where nothing is said.
const USUAL: Serve = Serve {
    prompt: 4096.0,
    output: 1024.0,
    concurrency: 256.0,
};

/// The answer for a chip.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OnChip {
    /// Key of the chip.
    pub chip: String,
    /// Name for reading.
    pub name: String,
    /// Serving, if it was asked for and is possible.
    pub serving: Option<Serving>,
    /// Training, if it was asked for and is possible.
    pub training: Option<Training>,
    /// Why there is no answer.
    pub refused: Option<String>,
    /// USD per chip-hour.
    pub usd_per_chip_hour: Money,
    /// USD per million output tokens, or per training run, at each of these prices.
    pub cost: Cost,
    /// Numbers of the chip that are assumptions.
    pub assumed: Vec<String>,
    /// Numbers of the chip that were not found in anything opened.
    pub unverified: Vec<String>,
    /// What a reader should know about the chip's numbers.
    pub note: Option<String>,
    /// Where the chip's numbers are published.
    pub sources: Vec<String>,
}

/// What the work costs, USD: per million output tokens, or per run. Ranges of price and speed are combined.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Cost {
    /// At on-demand prices.
    pub on_demand: Option<Ranged>,
    /// At contract prices.
    pub contract: Option<Ranged>,
    /// Owned.
    pub owning: Option<Ranged>,
}

/// The serving target of the arguments, if serving is asked for.
pub fn target(args: &FitArgs) -> Option<Target> {
    if args.train.is_some() {
        return None;
    }
    let serve = args.serve.unwrap_or(USUAL);
    Some(Target {
        prompt: serve.prompt,
        output: serve.output,
        concurrency: serve.concurrency,
        most_tpot: args.max_tpot / 1000.0,
        most_chips: args.max_chips,
    })
}

/// The answer for a model on a chip.
pub fn on_chip(model: &Model, chip: &Chip, args: &FitArgs, inputs: &Inputs) -> OnChip {
    let format = args.weights.unwrap_or(model.checkpoint);
    let money = money::of_chip(chip, inputs, args.as_of.as_deref(), args.electricity);
    let mut answer = OnChip {
        chip: chip.id.clone(),
        name: chip.name.clone(),
        serving: None,
        training: None,
        refused: None,
        cost: Cost::default(),
        usd_per_chip_hour: money,
        assumed: chip.assumed.clone(),
        unverified: chip.unverified.clone(),
        note: chip.note.clone(),
        sources: chip.sources.clone(),
    };
    let hours = if let Some(target) = target(args) {
        match answer::serve_drafted(
            model,
            chip,
            format,
            &target,
            args.accept,
            &inputs.calibration,
        ) {
            Ok(serving) => {
                let hours = serving.tokens_per_second_per_chip.divides(1e6 / 3600.0);
                answer.serving = Some(serving);
                hours
            }
            Err(reason) => {
                answer.refused = Some(reason.to_string());
                return answer;
            }
        }
    } else {
        let tokens = args.train.unwrap_or_default();
        match answer::train(
            model,
            chip,
            format,
            tokens,
            args.sequence,
            args.chips,
            &inputs.calibration,
        ) {
            Ok(training) => {
                let hours = training.chip_hours;
                answer.training = Some(training);
                hours
            }
            Err(reason) => {
                answer.refused = Some(reason.to_string());
                return answer;
            }
        }
    };
    let cost = |low: f64, middle: f64, high: f64| Ranged {
        low: hours.low * low,
        value: hours.value * middle,
        high: hours.high * high,
    };
    let prices = &answer.usd_per_chip_hour;
    answer.cost = Cost {
        on_demand: prices
            .on_demand
            .as_ref()
            .map(|rent| cost(rent.low, rent.middle, rent.high)),
        contract: prices
            .contract
            .as_ref()
            .map(|rent| cost(rent.low, rent.middle, rent.high)),
        owning: prices.owning.as_ref().map(|owning| {
            cost(
                owning.low,
                f64::midpoint(owning.low, owning.high),
                owning.high,
            )
        }),
    };
    answer
}
