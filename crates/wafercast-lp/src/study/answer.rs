//! Planned draws → the answer.

use rayon::prelude::*;
use wafercast::plan::Plan;
use wafercast::scenario::{DemandMetric, Scenario};
use wafercast::simulate::Sampling;
use wafercast::source_map::SourceMap;
use wafercast::time::Date;
use wafercast_analysis::planning::{
    ClearingPrices, CommitmentAnswer, ConflictAnswer, ConflictMember, Difference, Gain, LinePrices,
    PlannedOutput, PlannedStock, Planning, Proof, Resource, ResourceKind, Spread, YearPrice,
};

use super::names::{self, Name};
use super::{Planned, Settings, Task};
use crate::certificate::{Certificate, TOLERANCE};
use crate::clearing::Clearing;
use crate::conflict::{Limit, conflict};
use crate::formulation::Formulation;
use crate::numbers::Numbers;
use crate::prices::{Price, Prices};
use crate::solve::solve;

/// Prices that are checked against finite differences.
const DIFFERENCES: usize = 8;
/// Prices are checked where the resource is worth this share of the plan.
const NOTICEABLE: f64 = 1e-4;
/// Step of the finite differences, as a share of the resource.
const STEP: f64 = 1e-3;

/// What the answer is made of.
pub(super) struct Answering<'a> {
    pub plan: &'a Plan,
    pub scenario: &'a Scenario,
    pub sources: &'a SourceMap,
    pub sampling: Sampling,
    pub settings: &'a Settings,
    pub planned: &'a [Option<Planned>],
}

/// A resource by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Line(usize),
    Part(usize),
    Technology(usize),
    Cap(usize),
}

impl Which {
    fn of(self, prices: &Prices) -> &[Price] {
        match self {
            Which::Line(i) => &prices.lines[i],
            Which::Part(i) => &prices.parts[i],
            Which::Technology(i) => &prices.technologies[i],
            Which::Cap(i) => &prices.caps[i],
        }
    }
}

/// Months of the plan in a calendar year.
struct Year {
    label: String,
    months: std::ops::Range<usize>,
}

impl Answering<'_> {
    pub fn answer(&self) -> Option<Planning> {
        let good: Vec<&Planned> = self.planned.iter().flatten().collect();
        // Prices of draws that miss a commitment are those of the penalty.
        let kept: Vec<&Planned> = good.iter().filter(|p| !is_short(p)).copied().collect();
        let shown = if kept.is_empty() { &good } else { &kept };
        let short = good.iter().find(|planned| is_short(planned));
        Some(Planning {
            maximise: metric_name(self.settings.maximise).to_owned(),
            unit: unit(self.settings.maximise).to_owned(),
            discount: self.settings.discount,
            months: (self.month(0), self.month(self.months().saturating_sub(1))),
            draws: self.planned.len() as u64,
            seed: self.sampling.seed,
            certificate: self.proof(&good),
            value: gain(shown)?,
            outputs: self.outputs(shown),
            resources: self.resources(shown),
            stocks: self.stocks(shown),
            differences: shown
                .first()
                .map_or(Vec::new(), |first| self.differences(first)),
            clearing: self.clearing(shown),
            commitments: self.commitments(&good),
            conflict: short.and_then(|planned| self.conflict(planned.draw, &good)),
        })
    }

    /// The numbers of a draw, read again: keeping those of all draws would fill the memory.
    fn task(&self, draw: u64) -> Option<Task> {
        let (plan, scenario) = (self.plan, self.scenario);
        let tasks = super::tasks(plan, scenario, self.sampling, draw..draw + 1, self.settings);
        tasks.into_iter().next()
    }

    fn months(&self) -> usize {
        self.plan.months - self.settings.first.min(self.plan.months.saturating_sub(1))
    }

    /// `2026-07`
    fn month(&self, month: usize) -> String {
        let Date { year, month, .. } = self.date(month);
        format!("{year:04}-{month:02}")
    }

    fn date(&self, month: usize) -> Date {
        let from = self.plan.horizon.from;
        let total =
            from.year * 12 + i32::from(from.month) - 1 + (self.settings.first + month) as i32;
        Date {
            year: total.div_euclid(12),
            month: (total.rem_euclid(12) + 1) as u8,
            day: 1,
        }
    }

    fn years(&self) -> Vec<Year> {
        let mut years: Vec<Year> = Vec::new();
        for month in 0..self.months() {
            let label = format!("{:04}", self.date(month).year);
            match years.last_mut() {
                Some(year) if year.label == label => year.months.end = month + 1,
                _ => years.push(Year {
                    label,
                    months: month..month + 1,
                }),
            }
        }
        years
    }

    fn proof(&self, good: &[&Planned]) -> Proof {
        let zero = Certificate {
            primal: 0.0,
            dual: 0.0,
            gap: 0.0,
        };
        let worst = good
            .iter()
            .fold(zero, |worst, planned| worst.worse(planned.certificate));
        Proof {
            tolerance: TOLERANCE,
            primal: worst.primal,
            dual: worst.dual,
            gap: worst.gap,
            failed: (self.planned.len() - good.len()) as u64,
        }
    }

    fn outputs(&self, shown: &[&Planned]) -> Vec<PlannedOutput> {
        let spread = |values: Vec<f64>| Spread::of(&values);
        let of = |k: usize| {
            let Name { name, .. } = names::accelerator(self.scenario, k);
            let units = shown.iter().map(|planned| planned.units[k]);
            let (priority, optimal): (Vec<f64>, Vec<f64>) = units.unzip();
            Some(PlannedOutput {
                id: self.scenario.accelerators[k].id.clone(),
                name,
                priority: spread(priority)?,
                optimal: spread(optimal)?,
            })
        };
        (0..self.plan.accelerators.len())
            .filter_map(of)
            .filter(|output| output.priority.p95 > 0.0 || output.optimal.p95 > 0.0)
            .collect()
    }

    fn all(&self) -> Vec<(Which, ResourceKind, Name, &'static str)> {
        let scenario = self.scenario;
        let mut all = Vec::new();
        for line in 0..self.plan.fabs.len() {
            let name = names::line(scenario, line);
            all.push((Which::Line(line), ResourceKind::Line, name, "wafer"));
        }
        for part in 0..self.plan.parts.len() {
            let (kind, one) = match part < self.plan.dies.len() {
                true => (ResourceKind::Die, "die"),
                false => (ResourceKind::Memory, "stack"),
            };
            all.push((Which::Part(part), kind, names::part(scenario, part), one));
        }
        for technology in 0..self.plan.technologies.len() {
            let name = names::technology(scenario, technology);
            let which = Which::Technology(technology);
            all.push((which, ResourceKind::Packaging, name, "package"));
        }
        for (k, accelerator) in self.plan.accelerators.iter().enumerate() {
            if accelerator.cap.is_some() {
                let Name { path, name } = names::accelerator(scenario, k);
                let path = format!("{path}.plan.cap");
                let name = Name { path, name };
                all.push((Which::Cap(k), ResourceKind::Cap, name, "package"));
            }
        }
        all
    }

    fn resources(&self, shown: &[&Planned]) -> Vec<Resource> {
        let years = self.years();
        let of = |(which, kind, Name { path, name }, one): (Which, _, _, &str)| Resource {
            kind,
            path,
            name,
            one: one.to_owned(),
            years: years
                .iter()
                .filter_map(|year| year_price(which, year, shown))
                .collect(),
            monthly: (0..self.months())
                .map(|m| {
                    let prices = shown
                        .iter()
                        .map(|planned| which.of(&planned.prices)[m].value);
                    Spread::of(&prices.collect::<Vec<_>>()).map_or(0.0, |spread| spread.mean)
                })
                .collect(),
        };
        let mut resources: Vec<Resource> = self.all().into_iter().map(of).collect();
        // What is never scarce has no place in the answer.
        resources.retain(|resource| resource.years.iter().any(|year| year.scarce > 0.0));
        resources
    }

    fn stocks(&self, shown: &[&Planned]) -> Vec<PlannedStock> {
        let median = |values: Vec<f64>| Spread::of(&values).map_or(0.0, |spread| spread.p50);
        let of = |part: usize| {
            let looked_at = |planned: &Planned| planned.stock[part].iter().any(Option::is_some);
            if !shown.iter().any(|planned| looked_at(planned)) {
                return None;
            }
            let Name { path, name } = names::part(self.scenario, part);
            let mut carried = vec![0.0; shown.len()];
            let mut optimal = Vec::with_capacity(self.months());
            for m in 0..self.months() {
                for (stock, planned) in carried.iter_mut().zip(shown) {
                    *stock = planned.stock[part][m].unwrap_or(*stock);
                }
                optimal.push(median(carried.clone()));
            }
            let priority = (0..self.months())
                .map(|m| {
                    median(
                        shown
                            .iter()
                            .map(|planned| planned.priority_stock[part][m])
                            .collect(),
                    )
                })
                .collect();
            Some(PlannedStock {
                path,
                name,
                priority,
                optimal,
            })
        };
        (0..self.plan.parts.len()).filter_map(of).collect()
    }

    /// The largest yearly totals of prices in one draw, against solving again with a little more and a little less.
    fn differences(&self, planned: &Planned) -> Vec<Difference> {
        let Some(task) = self.task(planned.draw) else {
            return Vec::new();
        };
        let mut candidates = Vec::new();
        for (which, _, Name { path, .. }, _) in self.all() {
            for year in self.years() {
                let amounts = amounts(&task.numbers, which, &year);
                let amount: f64 = amounts.iter().sum();
                let prices = &which.of(&planned.prices)[year.months.clone()];
                let worth: f64 = prices.iter().zip(&amounts).map(|(p, a)| p.value * a).sum();
                if worth > NOTICEABLE * planned.values.1 && amount > 0.0 {
                    candidates.push((worth, amount, which, path.clone(), year));
                }
            }
        }
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.3.cmp(&b.3)));
        candidates.truncate(DIFFERENCES);
        let value = |which: Which, year: &Year, step: f64| {
            let mut numbers = task.numbers.clone();
            scale(&mut numbers, which, year, 1.0 + step);
            let aim = task.aim(self.settings, None);
            let formulation = Formulation::new(&numbers, &aim);
            Some(formulation.value(&solve(&formulation.program)?.solution))
        };
        let of = |(worth, amount, which, path, year): (f64, f64, Which, String, Year)| {
            let (less, same) = (value(which, &year, -STEP)?, value(which, &year, 0.0)?);
            let more = value(which, &year, STEP)?;
            Some(Difference {
                path,
                price: worth / amount,
                more: (more - same) / (STEP * amount),
                less: (same - less) / (STEP * amount),
                year: year.label,
            })
        };
        candidates
            .into_par_iter()
            .map(of)
            .collect::<Vec<_>>()
            .into_iter()
            .flatten()
            .collect()
    }

    fn clearing(&self, shown: &[&Planned]) -> Option<ClearingPrices> {
        let clearing = Clearing {
            flow_factor: self.settings.flow_factor,
        };
        let draws = shown.len().min(self.settings.clearing_draws as usize);
        let pairs: Vec<(&Planned, Planned)> = shown[..draws]
            .par_iter()
            .map(|plain| {
                let task = self.task(plain.draw)?;
                let with = task.plan_with(self.settings, Some(clearing))?;
                Some((*plain, with))
            })
            .collect::<Vec<_>>()
            .into_iter()
            .flatten()
            .collect();
        if pairs.is_empty() {
            return None;
        }
        let mut lines = Vec::new();
        for (l, fab) in self.plan.fabs.iter().enumerate() {
            if !fab.mix.is_empty() {
                continue;
            }
            let Name { path, name } = names::line(self.scenario, l);
            for year in self.years() {
                lines.extend(
                    line_prices(&pairs, l, &year).map(|(load, plain, clearing)| LinePrices {
                        path: path.clone(),
                        name: name.clone(),
                        year: year.label.clone(),
                        load,
                        plain,
                        clearing,
                    }),
                );
            }
        }
        Some(ClearingPrices {
            draws: pairs.len() as u64,
            flow_factor: self.settings.flow_factor,
            lines,
        })
    }

    fn commitments(&self, good: &[&Planned]) -> Vec<CommitmentAnswer> {
        let commitments = self.scenario.planning.commitments.iter().enumerate();
        commitments
            .map(|(c, commitment)| {
                let missing: Vec<f64> = good
                    .iter()
                    .map(|planned| planned.missing[c])
                    .filter(|missing| *missing > 0.0)
                    .collect();
                let draws = good.len().max(1) as f64;
                CommitmentAnswer {
                    path: commitment.path.clone(),
                    says: commitment.text.clone(),
                    place: names::place(self.sources, commitment.place),
                    met: 1.0 - missing.len() as f64 / draws,
                    missing: Spread::of(&missing),
                }
            })
            .collect()
    }

    fn conflict(&self, draw: u64, good: &[&Planned]) -> Option<ConflictAnswer> {
        let task = self.task(draw)?;
        let found = conflict(&task.numbers, &task.commitments)?;
        let short = good.iter().filter(|planned| is_short(planned)).count();
        Some(ConflictAnswer {
            draw: task.draw,
            share: short as f64 / good.len().max(1) as f64,
            missing: found.missing,
            members: found
                .limits
                .iter()
                .flat_map(|limit| self.members(*limit))
                .collect(),
        })
    }

    /// A limit in the words of the scenario; supply of a part has a member for each stockpile and line.
    fn members(&self, limit: Limit) -> Vec<ConflictMember> {
        let scenario = self.scenario;
        let at = |path: String, says: String| {
            let place = names::place_of(scenario, self.sources, &path);
            ConflictMember { path, says, place }
        };
        match limit {
            Limit::Window(k) => {
                let Name { path, name } = names::accelerator(scenario, k);
                vec![at(
                    path,
                    format!("production of {name} begins, ends or is planned so"),
                )]
            }
            Limit::Cap(k) => {
                let Name { path, name } = names::accelerator(scenario, k);
                vec![at(format!("{path}.plan.cap"), format!("the cap of {name}"))]
            }
            Limit::Part(part) => {
                let Name { path, name } = names::part(scenario, part);
                let suppliers = names::suppliers(scenario, part);
                if suppliers.is_empty() {
                    return vec![at(path, format!("nothing but logic lines supplies {name}"))];
                }
                suppliers
                    .into_iter()
                    .map(|supplier| at(supplier, format!("its supply of {name}")))
                    .collect()
            }
            Limit::Technology(t) => {
                let name = &scenario.technologies[t];
                let lines = scenario
                    .packaging_lines
                    .iter()
                    .filter(|line| line.technology.0 == t);
                lines
                    .map(|line| {
                        let path = format!("packaging_line.{}", line.id);
                        at(path, format!("its capacity of {name}"))
                    })
                    .collect()
            }
            Limit::Line(line) => {
                let Name { path, name } = names::line(scenario, line);
                vec![at(path, format!("wafer starts of {name}"))]
            }
            Limit::Commitment(c) => {
                let commitment = &scenario.planning.commitments[c];
                vec![ConflictMember {
                    path: commitment.path.clone(),
                    says: commitment.text.clone(),
                    place: names::place(self.sources, commitment.place),
                }]
            }
        }
    }
}

fn is_short(planned: &Planned) -> bool {
    planned.missing.iter().any(|missing| *missing > 0.0)
}

fn gain(shown: &[&Planned]) -> Option<Gain> {
    let values = |pick: &dyn Fn((f64, f64)) -> f64| {
        let values: Vec<f64> = shown.iter().map(|planned| pick(planned.values)).collect();
        Spread::of(&values)
    };
    let gains: Vec<f64> = shown
        .iter()
        .filter(|planned| planned.values.0 > 0.0)
        .map(|planned| planned.values.1 / planned.values.0 - 1.0)
        .collect();
    Some(Gain {
        priority: values(&|(priority, _)| priority)?,
        optimal: values(&|(_, optimal)| optimal)?,
        gain: Spread::of(&gains),
    })
}

fn year_price(which: Which, year: &Year, shown: &[&Planned]) -> Option<YearPrice> {
    let (mut scarce, mut degenerate, mut count) = (0_u64, 0_u64, 0_u64);
    let mut means = Vec::with_capacity(shown.len());
    for planned in shown {
        let prices = &which.of(&planned.prices)[year.months.clone()];
        let mut sum = 0.0;
        for price in prices {
            count += 1;
            if price.value > 0.0 {
                scarce += 1;
                sum += price.value;
            }
            degenerate += u64::from(!price.is_unique);
        }
        means.push(sum / prices.len().max(1) as f64);
    }
    let share = |part: u64| part as f64 / count.max(1) as f64;
    Some(YearPrice {
        year: year.label.clone(),
        price: Spread::of(&means)?,
        scarce: share(scarce),
        degenerate: share(degenerate),
    })
}

/// Load and price of a line's wafers in a year, without and with queues.
fn line_prices(
    pairs: &[(&Planned, Planned)],
    line: usize,
    year: &Year,
) -> Option<(f64, Spread, Spread)> {
    let mut loads = Vec::new();
    let (mut plain, mut clearing) = (Vec::new(), Vec::new());
    for (without, with) in pairs {
        let (mut a, mut b, mut months) = (0.0, 0.0, 0.0);
        for m in year.months.clone() {
            let Some(load) = without.load[line][m] else {
                continue;
            };
            loads.push(load);
            months += 1.0;
            a += without.prices.lines[line][m].value;
            b += with.prices.lines[line][m].value;
        }
        if months > 0.0 {
            plain.push(a / months);
            clearing.push(b / months);
        }
    }
    let load = Spread::of(&loads)?.mean;
    Some((load, Spread::of(&plain)?, Spread::of(&clearing)?))
}

/// How much there is of a resource in the months of a year, in the unit of its price.
fn amounts(numbers: &Numbers, which: Which, year: &Year) -> Vec<f64> {
    let months = year.months.clone();
    match which {
        Which::Line(line) => match numbers.lines[line].mix.is_empty() {
            true => numbers.lines[line].starts[months].to_vec(),
            false => vec![0.0; months.len()],
        },
        Which::Part(part) => numbers.arrivals[part][months].to_vec(),
        Which::Technology(t) => numbers.packaging[t][months].to_vec(),
        Which::Cap(k) => match &numbers.accelerators[k].cap {
            Some(cap) => cap[months].to_vec(),
            None => vec![0.0; months.len()],
        },
    }
}

/// Multiplies a resource in the months of a year.
fn scale(numbers: &mut Numbers, which: Which, year: &Year, factor: f64) {
    let months = year.months.clone();
    let amounts: &mut [f64] = match which {
        Which::Line(line) => {
            let line = &mut numbers.lines[line];
            for full in &mut line.full[months.clone()] {
                *full *= factor;
            }
            &mut line.starts[months]
        }
        Which::Part(part) => &mut numbers.arrivals[part][months],
        Which::Technology(t) => {
            for item in numbers.items.iter_mut().filter(|i| i.technology == Some(t)) {
                for share in &mut item.share[months.clone()] {
                    *share /= factor;
                }
            }
            return;
        }
        Which::Cap(k) => match &mut numbers.accelerators[k].cap {
            Some(cap) => &mut cap[months],
            None => return,
        },
    };
    for amount in amounts {
        *amount *= factor;
    }
}

fn metric_name(metric: DemandMetric) -> &'static str {
    match metric {
        DemandMetric::Units => "units",
        DemandMetric::H100e => "h100e",
        DemandMetric::Tpp => "tpp",
        DemandMetric::Value => "value",
    }
}

fn unit(metric: DemandMetric) -> &'static str {
    match metric {
        DemandMetric::Units => "units",
        DemandMetric::H100e => "H100e",
        DemandMetric::Tpp => "TPP",
        DemandMetric::Value => "$",
    }
}
