//! The supply model a second time: plain and slow, to check the fast engine against.
//!
//! One draw at a time, straight from the [`Scenario`], in ordinary numbers and vectors, in the order and the words of the
//! model's description. It shares the random streams, the exact quantiles and the die counting with the engine, and
//! nothing else: no plan, no tables of quantiles, no groups of draws, and its own formulas for yields. A test runs both
//! on the same scenarios and compares every array.
//!
//! | part | in |
//! |---|---|
//! | quantities, paths, probabilities, events | [`draw`] |
//! | capacity, starts, cycle time, die mix, memory and packaging lines | [`lines`] |
//! | die yield, learning, calibration, salvage | [`yields`] |
//! | stocks by origin | [`stocks`] |
//! | progressive filling, deliveries | [`build`] |

mod build;
mod draw;
mod lines;
mod stocks;
mod yields;

use std::collections::BTreeMap;

use crate::scenario::{Part, Scenario};
use crate::simulate::Sampling;

/// A value for each month of the horizon.
pub type Months = Vec<f64>;

/// Where a stock is from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// `die.ID` or `memory.ID`.
    pub part: String,
    /// ISO country code.
    pub country: String,
    /// Maker.
    pub maker: String,
}

/// What kept an accelerator from being built more of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// A part: `die.ID` or `memory.ID`.
    Part(String),
    /// A packaging technology.
    Packaging(String),
    /// The accelerator's own cap.
    Cap,
}

/// Finished units of one accelerator, at the three depths of home-made.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivered {
    /// All, units/month.
    pub all: Months,
    /// With dies of home origin.
    pub fabricated: Months,
    /// With dies, stacks and packaging of home origin.
    pub fully: Months,
}

/// Everything that one draw of the model says, by name. Flows are per month, stocks are at the end of the month.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// Installed capacity of each fab at mid-month, wafers/month.
    pub capacity: BTreeMap<String, Months>,
    /// Wafers each fab starts for accelerators, wafers/month.
    pub starts: BTreeMap<String, Months>,
    /// Yield of each die.
    pub die_yield: BTreeMap<String, Months>,
    /// Good dies of each die out of all fabs.
    pub good_dies: BTreeMap<String, Months>,
    /// Parts that arrive, by origin.
    pub arrivals: BTreeMap<Origin, Months>,
    /// Parts in stock after the month's builds, by origin.
    pub closing: BTreeMap<Origin, Months>,
    /// Packages started, by accelerator and index of the bill of materials.
    pub builds: BTreeMap<(String, usize), Months>,
    /// Finished units by accelerator.
    pub delivered: BTreeMap<String, Delivered>,
    /// What bound each accelerator: several resources where they ran out together, to a millionth of what the month
    /// began with; none where it is not built.
    pub bound: BTreeMap<String, Vec<Vec<Bound>>>,
    /// Units imported.
    pub imports: BTreeMap<String, Months>,
    /// Demand, in the unit of its metric.
    pub demand: BTreeMap<String, Months>,
    /// Packages a technology can take per month, in packages of the first bill of materials that uses it.
    pub packaging_capacity: BTreeMap<String, Months>,
    /// Slipped date of each event in months, `None` where it does not happen.
    pub events: BTreeMap<String, Option<f64>>,
    /// Slipped launch of each accelerator in months, `None` where it is not launched.
    pub launches: BTreeMap<String, Option<f64>>,
    /// Slipped start of each phase of each fab in months, `None` where it does not come.
    pub phase_starts: BTreeMap<(String, usize), Option<f64>>,
}

/// Simulates draw `draw` of `sampling.draws`.
pub fn simulate(scenario: &Scenario, sampling: Sampling, draw: u64) -> Outcome {
    let draw = draw::Draw::new(scenario, sampling, draw);
    let mut outcome = Outcome::default();
    events(&draw, &mut outcome);
    market(&draw, &mut outcome);
    let logic = lines::logic(&draw, &mut outcome);
    let stocks = stocks::stocks(&draw, &logic, &lines::memory(&draw));
    build::build(&draw, stocks, &mut outcome);
    outcome
}

fn events(draw: &draw::Draw, outcome: &mut Outcome) {
    let scenario = draw.scenario;
    for (event, date) in scenario.events.iter().zip(&draw.event_dates) {
        outcome.events.insert(event.id.clone(), *date);
    }
    for accelerator in &scenario.accelerators {
        let launch = draw.launch(accelerator);
        outcome.launches.insert(accelerator.id.clone(), launch);
    }
    for fab in &scenario.fabs {
        for (index, phase) in fab.phases.iter().enumerate() {
            let start = lines::phase_start(draw, phase);
            outcome.phase_starts.insert((fab.id.clone(), index), start);
        }
    }
}

fn market(draw: &draw::Draw, outcome: &mut Outcome) {
    let scenario = draw.scenario;
    for import in &scenario.imports {
        let rate = draw.series(import.rate);
        outcome.imports.insert(import.id.clone(), rate);
    }
    for demand in &scenario.demands {
        let rate = draw.series(demand.rate);
        outcome.demand.insert(demand.id.clone(), rate);
    }
}

fn part_name(scenario: &Scenario, part: Part) -> String {
    match part {
        Part::Die(die) => format!("die.{}", scenario.dies[die.0].id),
        Part::Memory(memory) => format!("memory.{}", scenario.memories[memory.0].id),
    }
}
