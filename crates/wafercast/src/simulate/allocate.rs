//! Parts into packages, month by month (model §6): tier by tier, all accelerators rise together in proportion to their
//! weights until a resource is used up; those that need it stop or go on with their next bill of materials.

use super::lanes::{
    LANES, Lag, Lanes, accumulate, accumulate_product, any_positive, map, mul, splat, zip,
};
use super::results::{Results, UNBOUND};
use crate::plan::Plan;

/// A resource counts as used up below this share of what the month began with.
const USED_UP: f64 = 1e-9;

/// Working space of the allocation. Resources are parts, then technologies; caps belong to one accelerator each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allocation {
    /// What is left of each resource this month, and what the month began with.
    available: Vec<Lanes>,
    opening: Vec<Lanes>,
    /// Use of each resource per unit of λ.
    rate: Vec<Lanes>,
    /// 1 where a resource is used up.
    exhausted: Vec<Lanes>,
    /// 1 where an item is rising.
    rising: Vec<Lanes>,
    /// Packages started with each item this month.
    builds: Vec<Lanes>,
    /// Packages started of each accelerator this month, and its cap.
    started: Vec<Lanes>,
    cap: Vec<Lanes>,
    /// Weight of each accelerator this month, 0 out of production.
    weight: Vec<Lanes>,
    /// Share of a technology's month that one package of an item uses.
    package_share: Vec<Lanes>,
    /// Capacity-weighted assembly yield, lead time and home share of each technology this month.
    assembly_yield: Vec<Lanes>,
    lead_time: Vec<Lanes>,
    home_packaging: Vec<Lanes>,
    /// Home share of what was used of each part this month.
    home_share: Vec<Lanes>,
    /// Stock by part and origin.
    stock: Vec<Lanes>,
    /// Items that may rise in the tier at hand, and the resources they use.
    live: Vec<usize>,
    touched: Vec<usize>,
    lag: Option<Lag>,
    /// Good units of month 0 by accelerator and technology slot, for the pipeline before it.
    good: [Lanes; 3],
}

impl Allocation {
    /// Space for a plan.
    pub(crate) fn new(plan: &Plan) -> Self {
        let resources = plan.parts.len() + plan.technologies.len();
        let zeros = |count: usize| vec![splat(0.0); count];
        Allocation {
            available: zeros(resources),
            opening: zeros(resources),
            rate: zeros(resources),
            exhausted: zeros(resources),
            rising: zeros(plan.items.len()),
            builds: zeros(plan.items.len()),
            started: zeros(plan.accelerators.len()),
            cap: zeros(plan.accelerators.len()),
            weight: zeros(plan.accelerators.len()),
            package_share: zeros(plan.items.len()),
            assembly_yield: zeros(plan.technologies.len()),
            lead_time: zeros(plan.technologies.len()),
            home_packaging: zeros(plan.technologies.len()),
            home_share: zeros(plan.parts.len()),
            stock: zeros(plan.parts.iter().map(|part| part.origins.len()).sum()),
            live: Vec::with_capacity(plan.items.len()),
            touched: Vec::with_capacity(resources),
            lag: Some(Lag::empty()),
            good: [splat(0.0); 3],
        }
    }
}

/// Builds accelerators in every month and delivers them after assembly and test.
#[inline(always)]
pub(super) fn run(plan: &Plan, results: &mut Results) {
    let mut a = std::mem::take(&mut results.scratch.allocation);
    a.stock.fill(splat(0.0));
    results.bound.fill([UNBOUND; LANES]);
    for depth in &mut results.delivered {
        depth.fill(splat(0.0));
    }
    for month in 0..plan.months {
        open(plan, month, results, &mut a);
        for tier in &plan.tiers {
            fill_tier(plan, tier, month, results, &mut a);
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
    for part in 0..plan.parts.len() {
        let mut sum = splat(0.0);
        for slot in results.first_slot[part]..results.first_slot[part + 1] {
            accumulate(&mut a.stock[slot], &results.arrivals[slot * months + month]);
            accumulate(&mut sum, &a.stock[slot]);
        }
        a.available[part] = sum;
        a.opening[part] = sum;
    }
    let mut line = 0;
    for (t, technology) in plan.technologies.iter().enumerate() {
        let lines = line..line + technology.lines.len();
        line = lines.end;
        packaging_month(plan, t, lines, month, results, a);
    }
    a.builds.fill(splat(0.0));
    a.started.fill(splat(0.0));
    for (k, accelerator) in plan.accelerators.iter().enumerate() {
        let t = month as f64 + 0.5;
        let weight = results.at(accelerator.weight, month);
        let in_production = t < accelerator.end;
        a.weight[k] = zip(&results.launch[k], weight, |launch, w| {
            if in_production && launch <= t && w > 0.0 {
                w
            } else {
                0.0
            }
        });
        if let Some(cap) = accelerator.cap {
            a.cap[k] = *results.at(cap, month);
        }
    }
}

/// The lines of a technology as one resource: a month of it is 1, of which a package of item j uses `1 / capacity_j`.
#[inline(always)]
fn packaging_month(
    plan: &Plan,
    t: usize,
    lines: std::ops::Range<usize>,
    month: usize,
    results: &mut Results,
    a: &mut Allocation,
) {
    let months = plan.months;
    let technology = &plan.technologies[t];
    for (j, item) in plan.items.iter().enumerate() {
        if item.technology == Some(t) {
            let mut capacity = splat(0.0);
            for (i, index) in lines.clone().enumerate() {
                let k = &results.scratch.packaging_lines[index * months + month];
                accumulate(&mut capacity, &map(k, |k| k * item.packages_per_wafer[i]));
            }
            a.package_share[j] = map(&capacity, |c| if c > 0.0 { 1.0 / c } else { f64::INFINITY });
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
    a.lead_time[t] = mean(&weighted[1]);
    a.home_packaging[t] = mean(&weighted[2]);
    let resource = plan.parts.len() + t;
    a.opening[resource] = map(&total, |n| if n > 0.0 { 1.0 } else { 0.0 });
    a.available[resource] = a.opening[resource];
    results.packaging[t * months + month] = total;
}

/// Progressive filling of one tier.
#[inline(always)]
fn fill_tier(plan: &Plan, tier: &[usize], month: usize, results: &mut Results, a: &mut Allocation) {
    a.live.clear();
    a.touched.clear();
    for &k in tier {
        if any_positive(&a.weight[k]) {
            for j in plan.accelerators[k].items.clone() {
                let first = j == plan.accelerators[k].items.start;
                a.live.push(j);
                a.rising[j] = if first {
                    map(&a.weight[k], |w| if w > 0.0 { 1.0 } else { 0.0 })
                } else {
                    splat(0.0)
                };
                touch(plan, j, &mut a.touched);
            }
        }
    }
    // Each round stops at least one item in every draw that still rises; each item stops once.
    for _ in 0..=a.live.len() {
        let lambda = next_step(plan, a);
        rise(plan, &lambda, a);
        let months = plan.months;
        if !stop(plan, &lambda, a, |k| k * months + month, &mut results.bound) {
            break;
        }
    }
}

#[inline(always)]
fn touch(plan: &Plan, j: usize, touched: &mut Vec<usize>) {
    let item = &plan.items[j];
    let technology = item.technology.map(|t| plan.parts.len() + t);
    for resource in item.parts.iter().map(|(part, _)| *part).chain(technology) {
        if !touched.contains(&resource) {
            touched.push(resource);
        }
    }
}

/// How far all rising items can go together: the least λ at which a resource or a cap is used up.
#[inline(always)]
fn next_step(plan: &Plan, a: &mut Allocation) -> Lanes {
    for &resource in &a.touched {
        a.rate[resource] = splat(0.0);
    }
    let mut lambda = splat(f64::INFINITY);
    for &j in &a.live {
        let item = &plan.items[j];
        let k = item.accelerator;
        let speed = mul(&a.weight[k], &a.rising[j]);
        for &(part, count) in &item.parts {
            let rate = &mut a.rate[part];
            for l in 0..LANES {
                rate[l] += count * speed[l];
            }
        }
        if let Some(t) = item.technology {
            let rate = &mut a.rate[plan.parts.len() + t];
            let share = &a.package_share[j];
            for l in 0..LANES {
                rate[l] += if speed[l] > 0.0 {
                    share[l] * speed[l]
                } else {
                    0.0
                };
            }
        }
        if plan.accelerators[k].cap.is_some() {
            let (cap, started) = (&a.cap[k], &a.started[k]);
            for l in 0..LANES {
                let room = cap[l] - started[l];
                let room = if room > 0.0 { room } else { 0.0 };
                let step = if speed[l] > 0.0 {
                    room / speed[l]
                } else {
                    f64::INFINITY
                };
                lambda[l] = if step < lambda[l] { step } else { lambda[l] };
            }
        }
    }
    for &resource in &a.touched {
        let (available, rate) = (&a.available[resource], &a.rate[resource]);
        for l in 0..LANES {
            let step = if rate[l] > 0.0 {
                available[l] / rate[l]
            } else {
                f64::INFINITY
            };
            lambda[l] = if step < lambda[l] { step } else { lambda[l] };
        }
    }
    lambda
}

/// Raises what is rising by λ and takes what it uses.
#[inline(always)]
fn rise(plan: &Plan, lambda: &Lanes, a: &mut Allocation) {
    // An infinite λ means that nothing limits what still rises (or that nothing does): no step is taken there.
    let step = map(lambda, |s| if s < f64::INFINITY { s } else { 0.0 });
    for &j in &a.live {
        let k = plan.items[j].accelerator;
        let units = mul(&step, &mul(&a.weight[k], &a.rising[j]));
        accumulate(&mut a.builds[j], &units);
        accumulate(&mut a.started[k], &units);
    }
    for &resource in &a.touched {
        let (rate, opening) = (&a.rate[resource], &a.opening[resource]);
        let available = &mut a.available[resource];
        let exhausted = &mut a.exhausted[resource];
        for l in 0..LANES {
            let used = if step[l] > 0.0 {
                step[l] * rate[l]
            } else {
                0.0
            };
            let left = available[l] - used;
            available[l] = if left > USED_UP * opening[l] {
                left
            } else {
                0.0
            };
            exhausted[l] = if left > USED_UP * opening[l] {
                0.0
            } else {
                1.0
            };
        }
    }
}

/// Stops every item that needs a resource that is used up; true while anything rises.
#[inline(always)]
fn stop(
    plan: &Plan,
    lambda: &Lanes,
    a: &mut Allocation,
    place: impl Fn(usize) -> usize,
    bound: &mut [[u16; LANES]],
) -> bool {
    let parts = plan.parts.len();
    let caps = parts + plan.technologies.len();
    let mut still = splat(0.0);
    // From the last item back: a bill of materials that takes over from the one before it starts to rise next round.
    for &j in a.live.iter().rev() {
        if !any_positive(&a.rising[j]) {
            continue;
        }
        let item = &plan.items[j];
        let k = item.accelerator;
        let mut by = splat(-1.0);
        for &(part, _) in &item.parts {
            mark(&mut by, &a.exhausted[part], part);
        }
        if let Some(t) = item.technology {
            mark(&mut by, &a.exhausted[parts + t], parts + t);
        }
        let mut capped = splat(0.0);
        if plan.accelerators[k].cap.is_some() {
            let (cap, started) = (&a.cap[k], &a.started[k]);
            capped = zip(cap, started, |cap, x| {
                if cap - x > USED_UP * cap { 0.0 } else { 1.0 }
            });
            mark(&mut by, &capped, caps + k);
        }
        let next = (j + 1 < plan.accelerators[k].items.end).then_some(j + 1);
        let slot = &mut bound[place(k)];
        for l in 0..LANES {
            let rising = a.rising[j][l] > 0.0;
            let unlimited = rising && lambda[l] == f64::INFINITY;
            let stops = rising && by[l] >= 0.0;
            if stops {
                slot[l] = by[l] as u16;
            }
            if stops || unlimited {
                a.rising[j][l] = 0.0;
                if let (Some(next), false, true) = (next, capped[l] > 0.0, stops) {
                    a.rising[next][l] = 1.0;
                    still[l] = 1.0;
                }
            } else if rising {
                still[l] = 1.0;
            }
        }
    }
    any_positive(&still)
}

/// Names the first resource that is used up, where none is named yet.
#[inline(always)]
fn mark(by: &mut Lanes, exhausted: &Lanes, resource: usize) {
    for l in 0..LANES {
        by[l] = if by[l] < 0.0 && exhausted[l] > 0.0 {
            resource as f64
        } else {
            by[l]
        };
    }
}

/// What the month used is taken from the stocks in their order; all accelerators share that mix of origins.
#[inline(always)]
fn take_from_stock(plan: &Plan, month: usize, results: &mut Results, a: &mut Allocation) {
    let months = plan.months;
    for (p, part) in plan.parts.iter().enumerate() {
        let used = zip(&a.opening[p], &a.available[p], |opening, left| {
            opening - left
        });
        let mut rest = used;
        let mut home = splat(0.0);
        for (o, origin) in part.origins.iter().enumerate() {
            let slot = results.first_slot[p] + o;
            let stock = &mut a.stock[slot];
            for l in 0..LANES {
                let taken = if rest[l] < stock[l] {
                    rest[l]
                } else {
                    stock[l]
                };
                rest[l] -= taken;
                stock[l] -= taken;
                home[l] += if origin.home { taken } else { 0.0 };
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
    let Some(mut lag) = a.lag.take() else { return };
    for (j, item) in plan.items.iter().enumerate() {
        results.builds[j * months + month] = a.builds[j];
        if !any_positive(&a.builds[j]) {
            continue;
        }
        let k = item.accelerator;
        let mut units = mul(
            &a.builds[j],
            results.at(plan.accelerators[k].test_yield, month),
        );
        let mut dies = splat(1.0);
        let mut all = splat(1.0);
        for (i, &(part, count)) in item.parts.iter().enumerate() {
            let share = &a.home_share[part];
            for l in 0..LANES {
                let share = if count > 0.0 { share[l] } else { 1.0 };
                all[l] = if share < all[l] { share } else { all[l] };
                dies[l] = if i < item.dies && share < dies[l] {
                    share
                } else {
                    dies[l]
                };
            }
        }
        let mut lead = splat(0.0);
        if let Some(t) = item.technology {
            units = mul(&units, &a.assembly_yield[t]);
            lead = map(&a.lead_time[t], |l| if l > 0.0 { l } else { 0.0 });
            all = zip(&all, &a.home_packaging[t], |x, y| if y < x { y } else { x });
        }
        lag.set(&lead, months);
        a.good = [units, mul(&units, &dies), mul(&units, &all)];
        for (depth, good) in a.good.iter().enumerate() {
            let delivered = &mut results.delivered[depth][k * months..(k + 1) * months];
            spread(&lag, month, good, delivered);
        }
    }
    a.lag = Some(lag);
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
