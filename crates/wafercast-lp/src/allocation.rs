//! `run.allocation = "optimal"`: each draw of a run is carried out as its plan says.
//!
//! A draw is planned as if its future were known, as in [`crate::study`]. What was started before the plan begins stays as
//! the engine has it. The engine then carries the plan out: origins, deliveries and every reported number are its own.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use wafercast::draw::LANES;
use wafercast::experiment::Outcome;
use wafercast::planned::{Decision, Decisions, Planner};
use wafercast::scenario::Scenario;

use crate::certificate::bound_price;
use crate::commitment::Commitment;
use crate::formulation::{Aim, Column, Formulation, PENALTY};
use crate::numbers::Numbers;
use crate::solve::{Solved, solve};
use crate::study::Settings;

/// A price counts as what binds from this share of the package's worth on: below is the solver's rounding.
const NOTICEABLE: f64 = 1e-6;

/// Packages below this share of the most of a month are none: an interior point is close to zero, not at it.
const ROUNDING: f64 = 1e-7;

/// Plans every draw of a run. Work is spread over the threads of the ambient pool; what is decided does not depend on
/// their number.
#[derive(Debug)]
pub struct OptimalAllocation<'a> {
    scenario: &'a Scenario,
    settings: Settings,
    unplanned: AtomicU64,
}

impl<'a> OptimalAllocation<'a> {
    /// As the scenario's `[planning]` asks.
    pub fn new(scenario: &'a Scenario) -> Self {
        OptimalAllocation {
            scenario,
            settings: Settings::of(scenario),
            unplanned: AtomicU64::new(0),
        }
    }

    /// Draws without a certified optimum since the last call: they keep the allocation by tiers and weights.
    pub fn take_unplanned(&self) -> u64 {
        self.unplanned.swap(0, Ordering::Relaxed)
    }

    fn plan(&self, outcome: &Outcome, lane: usize) -> Option<Planned> {
        let settings = &self.settings;
        let numbers = Numbers::read(outcome, lane, settings.metric(), settings.first);
        let commitments: Vec<Commitment> = self
            .scenario
            .planning
            .commitments
            .iter()
            .map(|commitment| Commitment::read(outcome, lane, settings.first, commitment))
            .collect();
        let aim = Aim {
            discount: settings.monthly_discount(),
            commitments: &commitments,
            penalty: PENALTY,
            clearing: None,
        };
        let formulation = Formulation::new(&numbers, &aim);
        let solved = solve(&formulation.program)?;
        Some(Planned {
            numbers,
            formulation,
            solved,
        })
    }
}

impl Planner for OptimalAllocation<'_> {
    fn decide(&self, outcome: &Outcome, decisions: &mut Decisions) {
        let planned: Vec<(usize, Option<Planned>)> = outcome
            .lanes
            .clone()
            .into_par_iter()
            .with_max_len(LANES / 8)
            .map(|lane| (lane, self.plan(outcome, lane)))
            .collect();
        for (lane, planned) in planned {
            match planned {
                Some(planned) => planned.tell(outcome, lane, decisions),
                None => {
                    self.unplanned.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }
}

/// A draw with its plan.
struct Planned {
    numbers: Numbers,
    formulation: Formulation,
    solved: Solved,
}

impl Planned {
    fn tell(&self, outcome: &Outcome, lane: usize, decisions: &mut Decisions) {
        let first = self.numbers.first;
        let mut decision = decisions.lane(lane, first);
        let started = self.started();
        for (l, line) in self.numbers.lines.iter().enumerate() {
            let origins = &outcome.plan().fabs[l].origins;
            for (i, &die) in line.dies.iter().enumerate() {
                let out = line.out_of_pipeline(i);
                let further = line.out_of(&started[l][i]);
                let good = &self.numbers.dies_per_wafer[die];
                for (month, (a, b)) in out.iter().zip(&further).enumerate() {
                    decision.make(die, origins[i], first + month, (a + b) * good[month]);
                }
            }
            for month in 0..self.numbers.months {
                let wafers = started[l].iter().map(|die| die[month]).sum();
                decision.start(l, first + month, wafers);
            }
        }
        let builds = || {
            let columns = self.formulation.columns.iter();
            let built = columns.zip(&self.solved.solution.x);
            built.filter_map(|(column, x)| match *column {
                Column::Build { item, month } => Some((item, month, *x)),
                _ => None,
            })
        };
        let mut most = vec![0.0_f64; self.numbers.items.len()];
        for (item, _, packages) in builds() {
            most[item] = most[item].max(packages);
        }
        for (item, month, packages) in builds().filter(|b| b.2 > ROUNDING * most[b.0]) {
            decision.build(item, first + month, packages);
        }
        self.bind(outcome, &mut decision);
    }

    /// Wafers started, `[line][die of the line][month]`.
    fn started(&self) -> Vec<Vec<Vec<f64>>> {
        let numbers = &self.numbers;
        let mut started: Vec<Vec<Vec<f64>>> = numbers
            .lines
            .iter()
            .map(|line| {
                (0..line.dies.len())
                    .map(|i| line.fixed_starts(i).unwrap_or(vec![0.0; numbers.months]))
                    .collect()
            })
            .collect();
        for (column, x) in self.formulation.columns.iter().zip(&self.solved.solution.x) {
            if let Column::Start { line, die, month } = *column {
                let dies = &numbers.lines[line].dies;
                if let Some(i) = dies.iter().position(|other| *other == die) {
                    started[line][i][month] += x;
                }
            }
        }
        started
    }

    /// What keeps an accelerator from being built more is what costs its package most: of the parts, the packaging and the
    /// cap that one package takes, at shadow prices.
    fn bind(&self, outcome: &Outcome, decision: &mut Decision) {
        let plan = outcome.plan();
        let caps = plan.parts.len() + plan.technologies.len();
        let numbers = &self.numbers;
        let program = &self.formulation.program;
        let prices = &self.solved.solution.prices;
        let mut dearest = vec![vec![(0.0, None); numbers.months]; numbers.accelerators.len()];
        for (j, column) in self.formulation.columns.iter().enumerate() {
            let Column::Build { item, month } = *column else {
                continue;
            };
            let bill = &numbers.items[item];
            let rows = &self.formulation;
            let of = |row: Option<usize>, amount: f64| {
                row.map_or(0.0, |row| amount * prices[row].max(0.0))
            };
            let mut costs: Vec<(f64, usize)> = bill
                .parts
                .iter()
                .map(|&(part, count)| (of(rows.part_rows[part][month], count), part))
                .collect();
            costs.extend(bill.technology.map(|t| {
                let cost = of(rows.technology_rows[t][month], bill.share[month]);
                (cost, plan.parts.len() + t)
            }));
            let k = bill.accelerator;
            let cap = match rows.cap_rows[k][month] {
                Some(row) => of(Some(row), 1.0),
                None if program.upper[j].is_finite() => bound_price(program, prices, j),
                None => 0.0,
            };
            costs.push((cap, caps + k));
            let least = NOTICEABLE * program.objective[j].abs();
            for (cost, resource) in costs {
                let (most, bound) = &mut dearest[k][month];
                if cost > least && cost > *most {
                    (*most, *bound) = (cost, Some(resource));
                }
            }
        }
        for (k, months) in dearest.iter().enumerate() {
            for (month, (_, resource)) in months.iter().enumerate() {
                if let Some(resource) = resource {
                    decision.bind(k, numbers.first + month, *resource);
                }
            }
        }
        for (item, month, resource) in self.shut(caps) {
            let k = numbers.items[item].accelerator;
            if dearest[k][month].1.is_none() {
                decision.bind(k, numbers.first + month, resource);
            }
        }
    }

    /// Bills of materials that could be built but for a cap of zero or a part that is not there yet, and that resource.
    fn shut(&self, caps: usize) -> Vec<(usize, usize, usize)> {
        let numbers = &self.numbers;
        let mut shut = Vec::new();
        for (j, item) in numbers.items.iter().enumerate() {
            let cap = numbers.accelerators[item.accelerator].cap.as_ref();
            let last = item
                .parts
                .iter()
                .map(|&(part, _)| (self.formulation.first_arrivals[part], part))
                .max();
            for month in (0..numbers.months).filter(|month| item.is_open[*month]) {
                if cap.is_some_and(|cap| cap[month] <= 0.0) {
                    shut.push((j, month, caps + item.accelerator));
                } else if let Some((from, part)) = last
                    && from > month
                {
                    shut.push((j, month, part));
                }
            }
        }
        shut
    }
}
