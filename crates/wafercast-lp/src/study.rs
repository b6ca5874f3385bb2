//! Planning over many draws: every draw is planned on its own, as if its future were known (a *wait-and-see* plan), and
//! the answers are put together.

mod answer;
mod names;

use std::ops::Range;

use rayon::prelude::*;
use wafercast::draw::LANES;
use wafercast::experiment::{Experiment, Untouched};
use wafercast::metric::Metric;
use wafercast::plan::Plan;
use wafercast::scenario::{DemandMetric, Scenario};
use wafercast::simulate::Sampling;
use wafercast::source_map::SourceMap;
use wafercast_analysis::planning::Planning;

use crate::certificate::Certificate;
use crate::clearing::Clearing;
use crate::commitment::Commitment;
use crate::conflict::{is_missed, shortfalls};
use crate::degeneracy::unique_prices;
use crate::formulation::{Aim, Column, Formulation, PENALTY, value_of};
use crate::numbers::Numbers;
use crate::prices::Prices;
use crate::solve::solve;

/// How a scenario is planned.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// What is maximised.
    pub maximise: DemandMetric,
    /// Discount per year.
    pub discount: f64,
    /// First month of the plan.
    pub first: usize,
    /// Draws planned, the first of the sampling.
    pub draws: u64,
    /// Draws planned once more with queues in the lines; none without a clearing function.
    pub clearing_draws: u64,
    /// Cycle time over raw process time, for the clearing function.
    pub flow_factor: f64,
}

impl Settings {
    /// Draws that give shares to ±4 % and means to a few per cent, in seconds.
    pub const DRAWS: u64 = 200;
    /// Draws with queues, which take ten times as long.
    pub const CLEARING_DRAWS: u64 = 16;
    /// Wafer lines spend about three fifths of the cycle time in queues and transport.
    pub const FLOW_FACTOR: f64 = 2.5;

    /// What the scenario asks for.
    pub fn of(scenario: &Scenario) -> Settings {
        Settings {
            maximise: scenario.planning.maximise,
            discount: scenario.planning.discount,
            first: scenario.planning.first,
            draws: Self::DRAWS,
            clearing_draws: Self::CLEARING_DRAWS,
            flow_factor: Self::FLOW_FACTOR,
        }
    }

    /// The metric that is maximised.
    pub fn metric(&self) -> Metric {
        match self.maximise {
            DemandMetric::Units => Metric::Units,
            DemandMetric::H100e => Metric::H100e,
            DemandMetric::Tpp => Metric::Tpp,
            DemandMetric::Value => Metric::Value,
        }
    }

    /// δ per month: the twelfth root of `1/(1 + discount)`, by Newton's method (the same bits everywhere).
    pub fn monthly_discount(&self) -> f64 {
        let target = 1.0 / (1.0 + self.discount.max(0.0));
        let mut root: f64 = 1.0;
        for _ in 0..100 {
            let square = root * root;
            let fourth = square * square;
            let eleventh = fourth * fourth * square * root;
            let next = root - (root * eleventh - target) / (12.0 * eleventh);
            if next >= root {
                break;
            }
            root = next;
        }
        root
    }
}

/// A draw, ready to be planned.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// The draw.
    pub draw: u64,
    /// Its numbers.
    pub numbers: Numbers,
    /// Its commitments.
    pub commitments: Vec<Commitment>,
}

/// Reads the numbers of draws.
pub fn tasks(
    plan: &Plan,
    scenario: &Scenario,
    sampling: Sampling,
    draws: Range<u64>,
    settings: &Settings,
) -> Vec<Task> {
    let experiment = Experiment::new(plan, sampling, Vec::new());
    let mut tasks = Vec::new();
    experiment.each(draws, &Untouched, |outcome| {
        for lane in outcome.lanes.clone() {
            let commitments = scenario.planning.commitments.iter();
            tasks.push(Task {
                draw: outcome.first + lane as u64,
                numbers: Numbers::read(outcome, lane, settings.metric(), settings.first),
                commitments: commitments
                    .map(|c| Commitment::read(outcome, lane, settings.first, c))
                    .collect(),
            });
        }
    });
    tasks
}

/// A draw, planned.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The draw.
    pub draw: u64,
    /// Proof of the optimum.
    pub certificate: Certificate,
    /// Value under the engine's own allocation, and under the plan.
    pub values: (f64, f64),
    /// Units delivered inside the plan by accelerator, under both.
    pub units: Vec<(f64, f64)>,
    /// Shadow prices.
    pub prices: Prices,
    /// Stock at the end of each month, `[part][month]`; `None` where the plan does not look at the part.
    pub stock: Vec<Vec<Option<f64>>>,
    /// The same by the engine's own allocation.
    pub priority_stock: Vec<Vec<f64>>,
    /// Starts over what could be started, `[line][month]`; `None` where nothing can.
    pub load: Vec<Vec<Option<f64>>>,
    /// What is missing of each commitment; 0 where it is met.
    pub missing: Vec<f64>,
}

impl Task {
    /// The aim of the plan.
    pub fn aim(&self, settings: &Settings, clearing: Option<Clearing>) -> Aim<'_> {
        Aim {
            discount: settings.monthly_discount(),
            commitments: &self.commitments,
            penalty: PENALTY,
            clearing,
        }
    }

    /// Plans the draw. `None` where no certificate was found.
    pub fn plan(&self, settings: &Settings) -> Option<Planned> {
        self.plan_with(settings, None)
    }

    /// Plans the draw, with queues in its lines if a clearing function is given.
    pub fn plan_with(&self, settings: &Settings, clearing: Option<Clearing>) -> Option<Planned> {
        let numbers = &self.numbers;
        let aim = self.aim(settings, clearing);
        let formulation = Formulation::new(numbers, &aim);
        let solved = solve(&formulation.program)?;
        let unique = unique_prices(&solved).unwrap_or_default();
        let mut missing = shortfalls(&formulation, &solved, self.commitments.len());
        let mut penalty = 0.0;
        for (column, (x, c)) in formulation
            .columns
            .iter()
            .zip(solved.solution.x.iter().zip(&formulation.program.objective))
        {
            if matches!(column, Column::Shortfall(_)) {
                penalty += c * x;
            }
        }
        for (missing, commitment) in missing.iter_mut().zip(&self.commitments) {
            if !is_missed(*missing, commitment) {
                *missing = 0.0;
            }
        }
        let priority = value_of(numbers, aim.discount, |k| {
            &numbers.accelerators[k].delivered
        });
        Some(Planned {
            draw: self.draw,
            certificate: solved.certificate,
            values: (priority, formulation.value(&solved.solution) - penalty),
            units: units(numbers, &formulation, &solved.solution.x),
            prices: Prices::of(numbers, &formulation, &solved, &unique),
            stock: stock(numbers, &formulation, &solved.solution.x),
            priority_stock: numbers.stock.clone(),
            load: load(numbers, &formulation, &solved.solution.x),
            missing,
        })
    }
}

/// Units delivered inside the plan: by the engine's allocation, by the plan.
fn units(numbers: &Numbers, formulation: &Formulation, x: &[f64]) -> Vec<(f64, f64)> {
    let mut units: Vec<(f64, f64)> = numbers
        .accelerators
        .iter()
        .map(|a| (a.delivered.iter().sum(), a.in_assembly.iter().sum()))
        .collect();
    for (column, x) in formulation.columns.iter().zip(x) {
        if let Column::Build { item, month } = *column {
            let item = &numbers.items[item];
            for (end, share) in item.delay[month].ends(month) {
                if end < numbers.months {
                    units[item.accelerator].1 += share * item.good[month] * x;
                }
            }
        }
    }
    units
}

fn stock(numbers: &Numbers, formulation: &Formulation, x: &[f64]) -> Vec<Vec<Option<f64>>> {
    let mut stock = vec![vec![None; numbers.months]; numbers.arrivals.len()];
    for (column, x) in formulation.columns.iter().zip(x) {
        if let Column::Stock { part, month } = *column {
            stock[part][month] = Some(*x);
        }
    }
    stock
}

fn load(numbers: &Numbers, formulation: &Formulation, x: &[f64]) -> Vec<Vec<Option<f64>>> {
    let mut load: Vec<Vec<Option<f64>>> = numbers
        .lines
        .iter()
        .map(|line| {
            // What a fixed mix starts is not decided, and starts all.
            let idle = if line.mix.is_empty() { 0.0 } else { 1.0 };
            let starts = line.starts.iter();
            starts.map(|s| (*s > 0.0).then_some(idle)).collect()
        })
        .collect();
    for (column, x) in formulation.columns.iter().zip(x) {
        if let Column::Start { line, month, .. } = *column
            && let Some(load) = &mut load[line][month]
        {
            *load += x / numbers.lines[line].starts[month];
        }
    }
    load
}

/// Plans the draws of a scenario. Work is spread over the threads of the ambient pool; the result does not depend on
/// their number. `None` if no draw could be planned at all.
pub fn study(
    plan: &Plan,
    scenario: &Scenario,
    sources: &SourceMap,
    sampling: Sampling,
    settings: &Settings,
) -> Option<Planning> {
    let sampling = Sampling {
        draws: settings.draws,
        ..sampling
    };
    let groups: Vec<u64> = (0..settings.draws).step_by(LANES).collect();
    let planned: Vec<Option<Planned>> = groups
        .into_par_iter()
        .flat_map_iter(|first| {
            let end = (first + LANES as u64).min(settings.draws);
            let tasks = tasks(plan, scenario, sampling, first..end, settings);
            tasks.into_iter().map(|task| task.plan(settings))
        })
        .collect();
    answer::Answering {
        plan,
        scenario,
        sources,
        sampling,
        settings,
        planned: &planned,
    }
    .answer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_discount_of_a_month_compounds_to_that_of_a_year() {
        for discount in [0.0, 0.05, 0.1, 1.0, 10.0] {
            let settings = Settings {
                maximise: DemandMetric::Value,
                discount,
                first: 0,
                draws: 1,
                clearing_draws: 0,
                flow_factor: 2.5,
            };
            let year = (0..12).fold(1.0, |power, _| power * settings.monthly_discount());
            assert!(
                (year * (1.0 + discount) - 1.0).abs() < 1e-14,
                "{discount}: {year}"
            );
        }
    }
}
