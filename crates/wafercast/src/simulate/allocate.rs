//! Parts into packages, month by month (model §6): tier by tier, all accelerators rise together in proportion to their
//! weights until a resource is used up; those that need it stop or go on with their next bill of materials.

mod filling;

use std::ops::Range;

use filling::{SharedState, Term};

use super::lanes::{
    Lag, Lanes, accumulate, accumulate_product, any_positive, map, min, mul, smallest,
    smallest_is_zero, splat, sub, zip,
};
use super::results::Results;
use crate::plan::Plan;

/// A resource counts as used up below this share of what the month began with.
const USED_UP: f64 = 1e-9;
/// Stands for a room without limit.
const UNLIMITED: f64 = 1e300;
/// Stands for a λ without limit: finite, so that zero times it is zero.
const ENDLESS: f64 = 1e200;

/// An item in the month at hand.
#[derive(Debug, Clone, Default)]
struct ItemState {
    /// 1 where it is the bill of materials in use: it has taken over, and none has taken over from it.
    live: Lanes,
    /// Packages that it can have; where something stopped it, what it has.
    room: Lanes,
    /// Packages per λ, and the λ from which on it rises.
    speed: Lanes,
    start: Lanes,
    /// Packages started.
    builds: Lanes,
    /// Share of its technology's month that one package uses; 0 where it cannot be made.
    package_share: Lanes,
    /// Whether it cannot be made in any draw.
    impossible: bool,
    /// Whether its accelerator is in production in any draw.
    is_active: bool,
}

/// An accelerator in the month at hand.
#[derive(Debug, Clone, Default)]
struct MakerState {
    /// Weight, 0 out of production.
    weight: Lanes,
    /// Most units, and packages started with bills of materials that another one has taken over from.
    cap: Lanes,
    started: Lanes,
    /// What bound it: a resource, or −1.
    bound: Lanes,
}

/// A resource in the month at hand: parts, then technologies.
#[derive(Debug, Clone, Default)]
struct ResourceState {
    /// What is left, and what the month began with.
    available: Lanes,
    opening: Lanes,
    /// The λ at which it is used up; [`ENDLESS`] where there is some left.
    spent_at: Lanes,
}

/// Working space of the allocation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allocation {
    resources: Vec<ResourceState>,
    items: Vec<ItemState>,
    makers: Vec<MakerState>,
    /// Resources that are used up in any draw, folded into the bits of one word (see [`bit`]).
    gone: u128,
    /// Capacity-weighted assembly yield and home share of each technology this month.
    assembly_yield: Vec<Lanes>,
    home_packaging: Vec<Lanes>,
    /// Home share of what was used of each part this month.
    home_share: Vec<Lanes>,
    /// Stock by part and origin.
    stock: Vec<Lanes>,
    /// The shared resources of the tier, those to be solved again (as bits), and the terms of the one being solved.
    shared: Vec<SharedState>,
    changed: u128,
    terms: Vec<Term>,
    /// Lag from build to delivery by technology; the last is that of packages without one: none.
    lags: Vec<Lag>,
}

impl Allocation {
    /// Space for a plan.
    pub(crate) fn new(plan: &Plan) -> Self {
        let resources = plan.parts.len() + plan.technologies.len();
        let zeros = |count: usize| vec![splat(0.0); count];
        Allocation {
            resources: vec![ResourceState::default(); resources],
            items: vec![ItemState::default(); plan.items.len()],
            makers: vec![MakerState::default(); plan.accelerators.len()],
            gone: 0,
            assembly_yield: zeros(plan.technologies.len()),
            home_packaging: zeros(plan.technologies.len()),
            home_share: zeros(plan.parts.len()),
            stock: zeros(plan.parts.iter().map(|part| part.origins.len()).sum()),
            shared: vec![SharedState::default(); resources],
            changed: 0,
            terms: Vec::with_capacity(plan.items.len()),
            lags: vec![Lag::none(); plan.technologies.len() + 1],
        }
    }
}

/// The bit that stands for a resource. With more than 128 resources some share a bit, which costs time, not correctness.
#[inline(always)]
pub(crate) fn bit(resource: usize) -> u128 {
    1 << (resource % 128)
}

/// 1 for true.
#[inline(always)]
fn flag(condition: bool) -> f64 {
    if condition { 1.0 } else { 0.0 }
}

/// Builds accelerators in every month and delivers them after assembly and test.
#[multiversion::multiversion(targets(
    "x86_64+avx2+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"
))]
pub(super) fn run(plan: &Plan, results: &mut Results) {
    let mut a = std::mem::take(&mut results.scratch.allocation);
    a.stock.fill(splat(0.0));
    for depth in &mut results.delivered {
        depth.fill(splat(0.0));
    }
    for month in 0..plan.months {
        open(plan, month, results, &mut a);
        for tier in &plan.tiers {
            filling::fill(plan, tier, &mut a);
        }
        for (k, maker) in a.makers.iter().enumerate() {
            // −1 becomes the largest number: unbound.
            results.bound[k * plan.months + month] =
                maker.bound.map(|resource| resource as i32 as u16);
        }
        take_from_stock(plan, month, results, &mut a);
        deliver(plan, month, results, &mut a);
    }
    results.scratch.allocation = a;
}

/// Parts that arrive join the stock; packaging capacity is that of the month alone.
#[inline(always)]
fn open(plan: &Plan, month: usize, results: &mut Results, a: &mut Allocation) {
    let months = plan.months;
    a.gone = 0;
    for part in 0..plan.parts.len() {
        let mut sum = splat(0.0);
        for slot in results.first_slot[part]..results.first_slot[part + 1] {
            accumulate(&mut a.stock[slot], &results.arrivals[slot * months + month]);
            accumulate(&mut sum, &a.stock[slot]);
        }
        let state = &mut a.resources[part];
        state.available = sum;
        state.opening = sum;
        state.spent_at = spent_from_the_start(&sum);
        if smallest_is_zero(&sum) {
            a.gone |= bit(part);
        }
    }
    for state in &mut a.items {
        state.builds = splat(0.0);
    }
    let t = month as f64 + 0.5;
    for ((maker, accelerator), launch) in a
        .makers
        .iter_mut()
        .zip(&plan.accelerators)
        .zip(&results.launch)
    {
        maker.bound = splat(-1.0);
        maker.started = splat(0.0);
        if t >= accelerator.end || smallest(launch) > t {
            maker.weight = splat(0.0);
            continue;
        }
        let weight = results.at(accelerator.weight, month);
        maker.weight = zip(launch, weight, |launch, w| {
            if (launch <= t) & (w > 0.0) { w } else { 0.0 }
        });
        if let Some(cap) = accelerator.cap {
            maker.cap = *results.at(cap, month);
        }
    }
    let mut line = 0;
    for (t, technology) in plan.technologies.iter().enumerate() {
        let lines = line..line + technology.lines.len();
        line = lines.end;
        packaging_month(plan, t, lines, month, results, a);
    }
}

/// The lines of a technology as one resource: a month of it is 1, of which a package of item j uses `1 / capacity_j`.
#[inline(always)]
fn packaging_month(
    plan: &Plan,
    t: usize,
    lines: Range<usize>,
    month: usize,
    results: &mut Results,
    a: &mut Allocation,
) {
    let months = plan.months;
    let technology = &plan.technologies[t];
    for (item, state) in plan.items.iter().zip(&mut a.items) {
        if item.technology == Some(t) && any_positive(&a.makers[item.accelerator].weight) {
            let mut capacity = splat(0.0);
            for (&packages, index) in item.packages_per_wafer.iter().zip(lines.clone()) {
                let k = &results.scratch.packaging_lines[index * months + month];
                accumulate(&mut capacity, &map(k, |k| k * packages));
            }
            // A package that fits on no wafer of the technology's lines cannot be made; its share is written as 0.
            state.package_share = map(&capacity, |c| if c > 0.0 { 1.0 / c } else { 0.0 });
            state.impossible = smallest_is_zero(&capacity);
        }
    }
    let reference = technology
        .reference_item
        .map(|j| &plan.items[j].packages_per_wafer);
    let mut total = splat(0.0);
    let mut weighted = [splat(0.0); 3];
    for (i, index) in lines.enumerate() {
        let line = &technology.lines[i];
        let packages = reference.map_or(0.0, |r| r[i]);
        let k = map(
            &results.scratch.packaging_lines[index * months + month],
            |k| k * packages,
        );
        accumulate(&mut total, &k);
        accumulate_product(&mut weighted[0], &k, results.at(line.assembly_yield, month));
        accumulate_product(&mut weighted[1], &k, results.scalar(line.lead_time));
        accumulate(
            &mut weighted[2],
            &map(&k, |k| if line.home { k } else { 0.0 }),
        );
    }
    let mean = |sum: &Lanes| zip(sum, &total, |s, n| if n > 0.0 { s / n } else { 0.0 });
    a.assembly_yield[t] = mean(&weighted[0]);
    a.home_packaging[t] = mean(&weighted[2]);
    let lead_time = map(&mean(&weighted[1]), |l| if l > 0.0 { l } else { 0.0 });
    a.lags[t].set(&lead_time, months);
    let resource = plan.parts.len() + t;
    let month_of_capacity = map(&total, |n| if n > 0.0 { 1.0 } else { 0.0 });
    a.resources[resource] = ResourceState {
        available: month_of_capacity,
        opening: month_of_capacity,
        spent_at: spent_from_the_start(&total),
    };
    if smallest_is_zero(&total) {
        a.gone |= bit(resource);
    }
    results.packaging[t * months + month] = total;
}

/// λ = 0 where there is none of a resource.
#[inline(always)]
fn spent_from_the_start(available: &Lanes) -> Lanes {
    map(available, |left| if left > 0.0 { ENDLESS } else { 0.0 })
}

impl ResourceState {
    /// Takes what is used; a rest below the threshold is none. True if there is none left in any draw.
    #[inline(always)]
    fn take(&mut self, used: &Lanes) -> bool {
        let left = sub(&self.available, used);
        let threshold = map(&self.opening, |opening| USED_UP * opening);
        self.available = zip(
            &left,
            &threshold,
            |left, least| if left > least { left } else { 0.0 },
        );
        self.spent_at = spent_from_the_start(&self.available);
        smallest_is_zero(&self.available)
    }
}

/// What the month used is taken from the stocks in their order; all accelerators share that mix of origins.
#[inline(always)]
fn take_from_stock(plan: &Plan, month: usize, results: &mut Results, a: &mut Allocation) {
    let months = plan.months;
    for (p, part) in plan.parts.iter().enumerate() {
        let state = &a.resources[p];
        let used = zip(&state.opening, &state.available, |opening, left| {
            opening - left
        });
        if !any_positive(&used) {
            for slot in results.first_slot[p]..results.first_slot[p + 1] {
                results.closing[slot * months + month] = a.stock[slot];
            }
            continue;
        }
        let mut rest = used;
        let mut home = splat(0.0);
        for (o, origin) in part.origins.iter().enumerate() {
            let slot = results.first_slot[p] + o;
            let stock = &mut a.stock[slot];
            let taken = min(&rest, stock);
            rest = sub(&rest, &taken);
            *stock = sub(stock, &taken);
            if origin.home {
                accumulate(&mut home, &taken);
            }
            results.closing[slot * months + month] = *stock;
        }
        a.home_share[p] = zip(
            &home,
            &used,
            |home, used| if used > 0.0 { home / used } else { 0.0 },
        );
    }
}

/// Good units leave after the lead time, with the yields of the month of the build.
#[inline(always)]
fn deliver(plan: &Plan, month: usize, results: &mut Results, a: &mut Allocation) {
    let months = plan.months;
    for (j, item) in plan.items.iter().enumerate() {
        let builds = &a.items[j].builds;
        results.builds[j * months + month] = *builds;
        if !any_positive(builds) {
            continue;
        }
        let k = item.accelerator;
        let mut units = mul(builds, results.at(plan.accelerators[k].test_yield, month));
        let mut fabricated = splat(1.0);
        for &(part, _) in &item.parts[..item.dies] {
            fabricated = min(&fabricated, &a.home_share[part]);
        }
        let mut fully = fabricated;
        for &(part, _) in &item.parts[item.dies..] {
            fully = min(&fully, &a.home_share[part]);
        }
        let mut lag = plan.technologies.len();
        if let Some(t) = item.technology {
            units = mul(&units, &a.assembly_yield[t]);
            fully = min(&fully, &a.home_packaging[t]);
            lag = t;
        }
        let good = [units, mul(&units, &fabricated), mul(&units, &fully)];
        for (delivered, good) in results.delivered.iter_mut().zip(&good) {
            spread(
                &a.lags[lag],
                month,
                good,
                &mut delivered[k * months..(k + 1) * months],
            );
        }
    }
}

/// Adds a month's good units to the months in which they leave. Builds before month 0 equal month 0's.
#[inline(always)]
fn spread(lag: &Lag, month: usize, good: &Lanes, delivered: &mut [Lanes]) {
    for (i, weight) in lag.weights.iter().enumerate() {
        let delay = lag.first + i;
        let share = mul(weight, good);
        if let Some(slot) = delivered.get_mut(month + delay) {
            accumulate(slot, &share);
        }
        if month == 0 {
            let earlier = delay.min(delivered.len());
            for slot in &mut delivered[..earlier] {
                accumulate(slot, &share);
            }
        }
    }
}
