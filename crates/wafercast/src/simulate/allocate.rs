//! Parts into packages, month by month (model §6): tier by tier, all accelerators rise together in proportion to their
//! weights until a resource is used up; those that need it stop or go on with their next bill of materials.

use std::ops::Range;

use super::lanes::{
    LANES, Lag, Lanes, accumulate, accumulate_product, any_positive, map, max, min, mul, smallest,
    splat, zip,
};
use super::results::Results;
use crate::plan::{Plan, TierPlan};

/// A resource counts as used up below this share of what the month began with.
const USED_UP: f64 = 1e-9;
/// Stands for a room without limit.
const UNLIMITED: f64 = 1e300;
/// Stands for a λ without limit: finite, so that zero times it is zero.
const ENDLESS: f64 = 1e200;

/// A rising item's use of a shared resource: at most `most`, and `rate` per λ.
#[derive(Debug, Clone, Copy)]
struct Term {
    most: Lanes,
    rate: Lanes,
}

/// Working space of the allocation. Resources are parts, then technologies; caps belong to one accelerator each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allocation {
    /// What is left of each resource this month, and what the month began with.
    available: Vec<Lanes>,
    opening: Vec<Lanes>,
    /// What each item can have by its own resources, how fast it rises, and whether its room is full.
    room: Vec<Lanes>,
    speed: Vec<Lanes>,
    full: Vec<Lanes>,
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
    /// Capacity-weighted assembly yield and home share of each technology this month.
    assembly_yield: Vec<Lanes>,
    home_packaging: Vec<Lanes>,
    /// Home share of what was used of each part this month.
    home_share: Vec<Lanes>,
    /// Stock by part and origin.
    stock: Vec<Lanes>,
    /// Items that rise in any draw, in order.
    rising_items: Vec<usize>,
    is_rising: Vec<bool>,
    /// Whether a package of the item is impossible in any draw this month.
    impossible: Vec<bool>,
    /// Whether a resource is used up in any draw.
    gone: Vec<bool>,
    /// What bound each accelerator this month: a resource, or −1.
    bound: Vec<Lanes>,
    /// Shared resources in use (index in the tier) with their terms.
    shared: Vec<(usize, Range<usize>)>,
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
            available: zeros(resources),
            opening: zeros(resources),
            room: zeros(plan.items.len()),
            speed: zeros(plan.items.len()),
            full: zeros(plan.items.len()),
            rising: zeros(plan.items.len()),
            builds: zeros(plan.items.len()),
            started: zeros(plan.accelerators.len()),
            cap: zeros(plan.accelerators.len()),
            weight: zeros(plan.accelerators.len()),
            package_share: zeros(plan.items.len()),
            assembly_yield: zeros(plan.technologies.len()),
            home_packaging: zeros(plan.technologies.len()),
            home_share: zeros(plan.parts.len()),
            stock: zeros(plan.parts.iter().map(|part| part.origins.len()).sum()),
            rising_items: Vec::with_capacity(plan.items.len()),
            is_rising: vec![false; plan.items.len()],
            impossible: vec![false; plan.items.len()],
            gone: vec![false; resources],
            bound: vec![splat(-1.0); plan.accelerators.len()],
            shared: Vec::with_capacity(resources),
            terms: Vec::with_capacity(plan.items.len() * 4),
            lags: vec![Lag::none(); plan.technologies.len() + 1],
        }
    }
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
            fill_tier(plan, tier, &mut a);
        }
        for (k, bound) in a.bound.iter().enumerate() {
            // −1 becomes the largest number: unbound.
            results.bound[k * plan.months + month] = bound.map(|resource| resource as i32 as u16);
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
        a.gone[part] = smallest(&sum) <= 0.0;
    }
    a.bound.fill(splat(-1.0));
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
    for (j, item) in plan.items.iter().enumerate() {
        if item.technology == Some(t) && any_positive(&a.weight[item.accelerator]) {
            let mut capacity = splat(0.0);
            for (i, index) in lines.clone().enumerate() {
                let k = &results.scratch.packaging_lines[index * months + month];
                accumulate(&mut capacity, &map(k, |k| k * item.packages_per_wafer[i]));
            }
            // A package that fits on no wafer of the technology's lines cannot be made; its share is written as 0.
            a.package_share[j] = map(&capacity, |c| if c > 0.0 { 1.0 / c } else { 0.0 });
            a.impossible[j] = smallest(&capacity) <= 0.0;
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
    let lead_time = map(&mean(&weighted[1]), |l| if l > 0.0 { l } else { 0.0 });
    a.lags[t].set(&lead_time, months);
    a.home_packaging[t] = mean(&weighted[2]);
    let resource = plan.parts.len() + t;
    a.opening[resource] = map(&total, |n| if n > 0.0 { 1.0 } else { 0.0 });
    a.available[resource] = a.opening[resource];
    a.gone[resource] = smallest(&total) <= 0.0;
    results.packaging[t * months + month] = total;
}

/// Progressive filling of one tier.
///
/// Resources that only one accelerator of the tier uses (its own dies, its cap) limit it alone: they are its *room*. Only
/// shared resources couple accelerators. So a round first lets every rising item fill its room; where no shared
/// resource is overdrawn by that, the tier is done. Where one is, all rise to the λ at which the first shared resource is
/// used up; those that use it stop or change to their next bill of materials, and the next round goes on from there.
#[inline(always)]
fn fill_tier(plan: &Plan, tier: &TierPlan, a: &mut Allocation) {
    let mut live = 0;
    a.rising_items.clear();
    for &j in &tier.items {
        let item = &plan.items[j];
        let weight = &a.weight[item.accelerator];
        a.rising[j] = splat(0.0);
        a.is_rising[j] = false;
        if any_positive(weight) {
            live += 1;
            if j == plan.accelerators[item.accelerator].items.start {
                a.rising[j] = map(weight, |w| if w > 0.0 { 1.0 } else { 0.0 });
                a.rising_items.push(j);
                a.is_rising[j] = true;
            }
        }
    }
    // Each round stops at least one item in every draw in which anything rises, and each item stops once.
    for _ in 0..=live {
        if a.rising_items.is_empty() {
            break;
        }
        rooms(plan, tier, a);
        let lambda = first_shortage(plan, tier, a);
        rise(plan, tier, &lambda, a);
        stop(plan, a);
    }
}

/// How many packages each rising item can still have by its own resources alone; 0 where it does not rise.
#[inline(always)]
fn rooms(plan: &Plan, tier: &TierPlan, a: &mut Allocation) {
    for &j in &a.rising_items {
        let item = &plan.items[j];
        let k = item.accelerator;
        let mut room = splat(UNLIMITED);
        if plan.accelerators[k].cap.is_some() {
            room = zip(&a.cap[k], &a.started[k], |cap, x| {
                if cap > x { cap - x } else { 0.0 }
            });
        }
        for &(part, per_package) in &tier.own[j] {
            let packages = map(&a.available[part], |parts| parts * (1.0 / per_package));
            room = min(&room, &packages);
        }
        if a.impossible[j] {
            room = zip(&room, &a.package_share[j], |room, share| {
                if share > 0.0 { room } else { 0.0 }
            });
        }
        a.room[j] = mul(&room, &a.rising[j]);
        a.speed[j] = mul(&a.weight[k], &a.rising[j]);
    }
    a.terms.clear();
    a.shared.clear();
    for (s, shared) in tier.shared.iter().enumerate() {
        let from = a.terms.len();
        for &(j, count) in &shared.users {
            if !a.is_rising[j] {
                continue;
            }
            // Packaging has no count: a package's share of the month depends on its size.
            let share = if count > 0.0 {
                splat(count)
            } else {
                a.package_share[j]
            };
            a.terms.push(Term {
                most: mul(&share, &a.room[j]),
                rate: mul(&share, &a.speed[j]),
            });
        }
        if a.terms.len() > from {
            a.shared.push((s, from..a.terms.len()));
        }
    }
}

/// The least λ at which a shared resource is used up when every item rises to its room; [`ENDLESS`] in draws where none is.
/// Where an item with an alternative runs out of its own parts first, λ ends there, so that the alternative can take over.
#[inline(always)]
fn first_shortage(plan: &Plan, tier: &TierPlan, a: &Allocation) -> Lanes {
    let mut lambda = splat(ENDLESS);
    for (s, terms) in &a.shared {
        let available = &a.available[tier.shared[*s].resource];
        let terms = &a.terms[terms.clone()];
        let mut wanted = splat(0.0);
        for term in terms {
            accumulate(&mut wanted, &term.most);
        }
        let short = zip(&wanted, available, |wanted, available| {
            if wanted > available { 1.0 } else { 0.0 }
        });
        if any_positive(&short) {
            let at = shortage(terms, available, &short);
            for l in 0..LANES {
                let at = if short[l] > 0.0 { at[l] } else { ENDLESS };
                lambda[l] = if at < lambda[l] { at } else { lambda[l] };
            }
        }
    }
    for &j in &a.rising_items {
        if j + 1 < plan.accelerators[plan.items[j].accelerator].items.end && !tier.own[j].is_empty()
        {
            let at = zip(&a.room[j], &a.speed[j], |room, speed| {
                if speed > 0.0 { room / speed } else { ENDLESS }
            });
            lambda = min(&lambda, &at);
        }
    }
    lambda
}

/// Solves `Σ_j min(most_j, λ·rate_j) = available` by Newton's method from the left: the sum is concave in λ and made of
/// straight pieces, so every step stops short of the root or hits it, and passes at least one of the kinks.
#[inline(always)]
fn shortage(terms: &[Term], available: &Lanes, short: &Lanes) -> Lanes {
    let mut lambda = splat(0.0);
    for _ in 0..=terms.len() {
        let mut used = splat(0.0);
        let mut slope = splat(0.0);
        for term in terms {
            for l in 0..LANES {
                let use_at = lambda[l] * term.rate[l];
                let free = use_at < term.most[l];
                used[l] += if free { use_at } else { term.most[l] };
                slope[l] += if free { term.rate[l] } else { 0.0 };
            }
        }
        let mut moved = splat(0.0);
        for l in 0..LANES {
            let left = available[l] - used[l];
            let open = short[l] > 0.0 && slope[l] > 0.0 && left > 0.0;
            let next = lambda[l] + if open { left / slope[l] } else { 0.0 };
            moved[l] = if next > lambda[l] * (1.0 + 1e-14) {
                1.0
            } else {
                0.0
            };
            lambda[l] = next;
        }
        if !any_positive(&moved) {
            break;
        }
    }
    lambda
}

/// Raises what is rising by λ, no further than its room, and takes what it uses.
#[inline(always)]
fn rise(plan: &Plan, tier: &TierPlan, lambda: &Lanes, a: &mut Allocation) {
    for i in 0..a.rising_items.len() {
        let j = a.rising_items[i];
        let k = plan.items[j].accelerator;
        let (room, speed) = (&a.room[j], &a.speed[j]);
        let mut units = splat(0.0);
        let mut full = splat(0.0);
        for l in 0..LANES {
            let reached = lambda[l] * speed[l];
            let fills = reached >= room[l];
            // What nothing limits cannot be built without end: it is not built.
            let most = if room[l] < UNLIMITED { room[l] } else { 0.0 };
            units[l] = if fills { most } else { reached };
            full[l] = if fills { 1.0 } else { 0.0 };
        }
        a.full[j] = full;
        accumulate(&mut a.builds[j], &units);
        accumulate(&mut a.started[k], &units);
        for &(part, count) in &tier.own[j] {
            let used = map(&units, |units| count * units);
            a.gone[part] = take(&mut a.available[part], &used, &a.opening[part]);
        }
    }
    for (s, terms) in &a.shared {
        let mut used = splat(0.0);
        for term in &a.terms[terms.clone()] {
            for l in 0..LANES {
                let reached = lambda[l] * term.rate[l];
                used[l] += if reached < term.most[l] {
                    reached
                } else {
                    term.most[l]
                };
            }
        }
        let resource = tier.shared[*s].resource;
        a.gone[resource] = take(&mut a.available[resource], &used, &a.opening[resource]);
    }
}

/// Takes what is used; a rest below the threshold is none. True if there is none left in any draw.
#[inline(always)]
fn take(available: &mut Lanes, used: &Lanes, opening: &Lanes) -> bool {
    let mut none = splat(0.0);
    for l in 0..LANES {
        let left = available[l] - used[l];
        let some = left > USED_UP * opening[l];
        available[l] = if some { left } else { 0.0 };
        none[l] = if some { 0.0 } else { 1.0 };
    }
    any_positive(&none)
}

/// Stops every rising item that has no room left or needs a resource that is used up, and lists those that rise on.
#[inline(always)]
fn stop(plan: &Plan, a: &mut Allocation) {
    let parts = plan.parts.len();
    let caps = parts + plan.technologies.len();
    // From the last item back: a bill of materials that takes over from the one before it starts to rise next round.
    for i in (0..a.rising_items.len()).rev() {
        let j = a.rising_items[i];
        let item = &plan.items[j];
        let k = item.accelerator;
        let mut by = splat(-1.0);
        for &(part, _) in &item.parts {
            if a.gone[part] {
                mark(&mut by, &a.available[part], part);
            }
        }
        if let Some(t) = item.technology {
            if a.gone[parts + t] {
                mark(&mut by, &a.available[parts + t], parts + t);
            }
            if a.impossible[j] {
                mark(&mut by, &a.package_share[j], parts + t);
            }
        }
        let mut capped = splat(0.0);
        if plan.accelerators[k].cap.is_some() {
            // The cap ends the accelerator, so it is named first.
            capped = zip(&a.cap[k], &a.started[k], |cap, x| {
                if cap - x > USED_UP * cap { 0.0 } else { 1.0 }
            });
            by = zip(&by, &capped, |by, capped| {
                if capped > 0.0 { (caps + k) as f64 } else { by }
            });
        }
        let (rising, full) = (&a.rising[j], &a.full[j]);
        let named = zip(
            rising,
            &by,
            |rising, by| if by >= 0.0 { rising } else { 0.0 },
        );
        let on = zip(rising, &named, |rising, named| rising - named);
        let on = zip(&on, full, |on, full| if full > 0.0 { 0.0 } else { on });
        let bound = &mut a.bound[k];
        for l in 0..LANES {
            bound[l] = if named[l] > 0.0 { by[l] } else { bound[l] };
        }
        a.rising[j] = on;
        if !any_positive(&on) {
            a.rising_items.remove(i);
            a.is_rising[j] = false;
        }
        let next = j + 1;
        if next < plan.accelerators[k].items.end {
            let changes = zip(
                &named,
                &capped,
                |named, capped| if capped > 0.0 { 0.0 } else { named },
            );
            if any_positive(&changes) {
                a.rising[next] = max(&a.rising[next], &changes);
                if !a.is_rising[next] {
                    a.is_rising[next] = true;
                    let place = a.rising_items.partition_point(|&other| other < next);
                    a.rising_items.insert(place, next);
                }
            }
        }
    }
}

/// Names the first resource that is used up, where none is named yet.
#[inline(always)]
fn mark(by: &mut Lanes, available: &Lanes, resource: usize) {
    for l in 0..LANES {
        by[l] = if (by[l] < 0.0) & (available[l] <= 0.0) {
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
