//! Building accelerators: progressive filling tier by tier, month by month, and what comes out of it.

use std::collections::BTreeMap;

use super::draw::{Draw, middle};
use super::lines::{Technology, first_bom, in_production, packaging_capacity};
use super::stocks::{Stocks, take};
use super::{Bound, Delivered, Months, Origin, Outcome, part_name};
use crate::scenario::{Bom, Part, TechnologyId};

/// A resource counts as used up below this share of what the month began with.
const USED_UP: f64 = 1e-9;

/// Resources that run out together, to this share, are all named as what binds.
const TOGETHER: f64 = 1e-6;

/// What builds use up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Resource {
    Part(Part),
    Packaging(TechnologyId),
    /// The cap of the accelerator of this index.
    Cap(usize),
}

/// What is there of a resource: at the beginning of the month, and still.
struct Supply {
    initial: f64,
    left: f64,
}

impl Supply {
    fn is_used_up(&self) -> bool {
        self.is_below(USED_UP)
    }

    fn is_below(&self, share: f64) -> bool {
        self.left <= share * self.initial
    }
}

/// Packages started in a month and what stopped them.
struct Month {
    /// `[accelerator][bom]`
    started: Vec<Vec<f64>>,
    /// `[accelerator]`
    bound: Vec<Vec<Resource>>,
}

/// Runs all months.
pub(super) fn build(draw: &Draw, mut stocks: Stocks, outcome: &mut Outcome) {
    let scenario = draw.scenario;
    let nothing = vec![0.0; draw.months()];
    for accelerator in &scenario.accelerators {
        let delivered = Delivered {
            all: nothing.clone(),
            fabricated: nothing.clone(),
            fully: nothing.clone(),
        };
        outcome.delivered.insert(accelerator.id.clone(), delivered);
    }
    for month in 0..draw.months() {
        for stock in stocks.values_mut().flatten() {
            stock.amount += stock.arrivals[month];
        }
        let built = fill(draw, &stocks, month);
        let home_share = use_parts(draw, &mut stocks, &built);
        for stock in stocks.values_mut().flatten() {
            stock.closing.push(stock.amount);
        }
        record(draw, &built, outcome);
        deliver(draw, &built, &home_share, month, outcome);
    }
    for (t, technology) in scenario.technologies.iter().enumerate() {
        let id = TechnologyId(t);
        let capacity = (0..draw.months())
            .map(|month| packaging_capacity(draw, id, first_bom(draw, id), month))
            .collect();
        outcome
            .packaging_capacity
            .insert(technology.clone(), capacity);
    }
    for stock in stocks.into_values().flatten() {
        let sum = |into: &mut BTreeMap<Origin, Months>, months: &[f64]| {
            let of_origin = into.entry(stock.origin.clone());
            let of_origin = of_origin.or_insert_with(|| nothing.clone());
            for (sum, month) in of_origin.iter_mut().zip(months) {
                *sum += month;
            }
        };
        sum(&mut outcome.arrivals, &stock.arrivals);
        sum(&mut outcome.closing, &stock.closing);
    }
}

/// What one package of a bill of materials uses. Packaging is counted in shares of the technology's month.
fn uses(draw: &Draw, accelerator: usize, bom: &Bom, month: usize) -> Vec<(Resource, f64)> {
    let mut uses = Vec::new();
    for (die, count) in &bom.dies {
        uses.push((Resource::Part(Part::Die(*die)), *count));
    }
    for (memory, count) in &bom.memory {
        uses.push((Resource::Part(Part::Memory(*memory)), *count));
    }
    if let Some(technology) = bom.technology {
        let capacity = packaging_capacity(draw, technology, Some(bom), month);
        // Without capacity the resource is used up from the start and its use is never asked for.
        let share = if capacity > 0.0 { 1.0 / capacity } else { 1.0 };
        uses.push((Resource::Packaging(technology), share));
    }
    if draw.scenario.accelerators[accelerator].cap.is_some() {
        uses.push((Resource::Cap(accelerator), 1.0));
    }
    uses.retain(|(_, amount)| *amount > 0.0);
    uses
}

fn supplies(draw: &Draw, stocks: &Stocks, month: usize) -> BTreeMap<Resource, Supply> {
    let mut supplies = BTreeMap::new();
    let mut put = |resource, amount| {
        let supply = Supply {
            initial: amount,
            left: amount,
        };
        supplies.insert(resource, supply);
    };
    for (part, stocks) in stocks {
        let amount = stocks.iter().map(|stock| stock.amount).sum();
        put(Resource::Part(*part), amount);
    }
    for t in 0..draw.scenario.technologies.len() {
        let id = TechnologyId(t);
        let is_there = packaging_capacity(draw, id, first_bom(draw, id), month) > 0.0;
        put(Resource::Packaging(id), if is_there { 1.0 } else { 0.0 });
    }
    for (k, accelerator) in draw.scenario.accelerators.iter().enumerate() {
        if let Some(cap) = accelerator.cap {
            put(Resource::Cap(k), draw.at(cap, month));
        }
    }
    supplies
}

/// Progressive filling of one month.
fn fill(draw: &Draw, stocks: &Stocks, month: usize) -> Month {
    let accelerators = &draw.scenario.accelerators;
    let mut supplies = supplies(draw, stocks, month);
    let mut built = Month {
        started: accelerators
            .iter()
            .map(|a| vec![0.0; a.boms.len()])
            .collect(),
        bound: vec![Vec::new(); accelerators.len()],
    };
    let mut tiers: Vec<u32> = accelerators.iter().map(|a| a.tier).collect();
    tiers.sort_unstable();
    tiers.dedup();
    for tier in tiers {
        let rising = (0..accelerators.len())
            .filter(|&k| accelerators[k].tier == tier)
            .filter(|&k| in_production(draw, &accelerators[k], middle(month)))
            .map(|k| (k, draw.at(accelerators[k].weight, month)))
            .filter(|(_, weight)| *weight > 0.0)
            .map(|(k, weight)| Rising { k, weight, bom: 0 })
            .collect();
        fill_tier(draw, rising, month, &mut supplies, &mut built);
    }
    built
}

/// An accelerator that still rises, with the bill of materials it is built by.
struct Rising {
    k: usize,
    weight: f64,
    bom: usize,
}

fn fill_tier(
    draw: &Draw,
    mut rising: Vec<Rising>,
    month: usize,
    supplies: &mut BTreeMap<Resource, Supply>,
    built: &mut Month,
) {
    let accelerators = &draw.scenario.accelerators;
    let uses_of = |rising: &Rising| {
        uses(
            draw,
            rising.k,
            &accelerators[rising.k].boms[rising.bom],
            month,
        )
    };
    loop {
        // Those that use what is used up go on with their next bill of materials, or stop; at their cap they stop.
        rising.retain_mut(|rising| {
            loop {
                let uses = uses_of(rising);
                let is_used_up = |resource| supplies[&resource].is_used_up();
                if !uses.iter().any(|(resource, _)| is_used_up(*resource)) {
                    return true;
                }
                let cap = Resource::Cap(rising.k);
                let is_capped = accelerators[rising.k].cap.is_some() && is_used_up(cap);
                let is_last = rising.bom + 1 == accelerators[rising.k].boms.len();
                if is_capped || is_last {
                    let resources = uses.into_iter().map(|(resource, _)| resource);
                    built.bound[rising.k] = resources
                        .filter(|resource| supplies[resource].is_below(TOGETHER))
                        .collect();
                    return false;
                }
                rising.bom += 1;
            }
        });
        let mut rates: BTreeMap<Resource, f64> = BTreeMap::new();
        for rising in &rising {
            for (resource, amount) in uses_of(rising) {
                *rates.entry(resource).or_default() += amount * rising.weight;
            }
        }
        // The first λ at which a resource is used up.
        let first = rates
            .iter()
            .map(|(resource, rate)| (supplies[resource].left / rate, *resource))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((lambda, first)) = first else {
            return;
        };
        for rising in &rising {
            built.started[rising.k][rising.bom] += lambda * rising.weight;
        }
        for (resource, rate) in rates {
            if let Some(supply) = supplies.get_mut(&resource) {
                supply.left -= lambda * rate;
                if resource == first {
                    supply.left = 0.0;
                }
            }
        }
    }
}

/// Takes what was built from the stocks; the home share of each part's use.
fn use_parts(draw: &Draw, stocks: &mut Stocks, built: &Month) -> BTreeMap<Part, f64> {
    let mut used: BTreeMap<Part, f64> = BTreeMap::new();
    for (accelerator, started) in draw.scenario.accelerators.iter().zip(&built.started) {
        for (bom, started) in accelerator.boms.iter().zip(started) {
            for (die, count) in &bom.dies {
                *used.entry(Part::Die(*die)).or_default() += count * started;
            }
            for (memory, count) in &bom.memory {
                *used.entry(Part::Memory(*memory)).or_default() += count * started;
            }
        }
    }
    used.into_iter()
        .filter_map(|(part, used)| Some((part, take(stocks.get_mut(&part)?, used))))
        .collect()
}

fn record(draw: &Draw, built: &Month, outcome: &mut Outcome) {
    let scenario = draw.scenario;
    for (k, accelerator) in scenario.accelerators.iter().enumerate() {
        for (bom, started) in built.started[k].iter().enumerate() {
            let key = (accelerator.id.clone(), bom);
            outcome.builds.entry(key).or_default().push(*started);
        }
        let bound = built.bound[k].iter().map(|resource| match resource {
            Resource::Part(part) => Bound::Part(part_name(scenario, *part)),
            Resource::Packaging(id) => Bound::Packaging(scenario.technologies[id.0].clone()),
            Resource::Cap(_) => Bound::Cap,
        });
        let bound = bound.collect();
        outcome
            .bound
            .entry(accelerator.id.clone())
            .or_default()
            .push(bound);
    }
}

/// Adds the good units of a month's builds to the months in which they come out.
fn deliver(
    draw: &Draw,
    built: &Month,
    home_share: &BTreeMap<Part, f64>,
    month: usize,
    outcome: &mut Outcome,
) {
    for (k, accelerator) in draw.scenario.accelerators.iter().enumerate() {
        let Some(delivered) = outcome.delivered.get_mut(&accelerator.id) else {
            continue;
        };
        for (bom, started) in accelerator.boms.iter().zip(&built.started[k]) {
            let technology = bom.technology.map_or(Technology::UNLIMITED, |technology| {
                Technology::of(draw, technology, month)
            });
            let good = started * technology.assembly_yield * draw.at(accelerator.test_yield, month);
            let share = |part| home_share.get(&part).copied().unwrap_or(1.0);
            let dies = bom.dies.iter().map(|(die, _)| share(Part::Die(*die)));
            let memory = bom
                .memory
                .iter()
                .map(|(memory, _)| share(Part::Memory(*memory)));
            let fabricated = dies.fold(1.0, f64::min);
            let fully = memory.fold(fabricated, f64::min).min(technology.home_share);
            let lead_time = technology.lead_time;
            spread(&mut delivered.all, month, good, lead_time);
            spread(
                &mut delivered.fabricated,
                month,
                fabricated * good,
                lead_time,
            );
            spread(&mut delivered.fully, month, fully * good, lead_time);
        }
    }
}

/// Adds what comes out of a month's builds after the lead time, split over two months. The builds of month 0 stand for
/// all before it too.
fn spread(out: &mut [f64], month: usize, good: f64, lead_time: f64) {
    let whole = lead_time.floor();
    let fraction = lead_time - whole;
    let first = month + whole as usize;
    let from = if month == 0 { 0 } else { first };
    for m in from..=first {
        if let Some(out) = out.get_mut(m) {
            *out += (1.0 - fraction) * good;
        }
    }
    let from = if month == 0 { 0 } else { first + 1 };
    for m in from..=first + 1 {
        if let Some(out) = out.get_mut(m) {
            *out += fraction * good;
        }
    }
}
