//! Parts into packages, month by month (model §6): tier by tier, all accelerators rise together in proportion to their
//! weights until a resource is used up; those that need it stop or go on with their next bill of materials.

use super::lanes::{
    LANES, Lag, Lanes, accumulate, accumulate_product, any_positive, map, mul, splat, zip,
};
use super::results::{Results, UNBOUND};
use crate::plan::{Plan, SharedResource, TierPlan};

/// A resource counts as used up below this share of what the month began with.
const USED_UP: f64 = 1e-9;
/// Stands for a room without limit.
const UNLIMITED: f64 = 1e300;

/// Working space of the allocation. Resources are parts, then technologies; caps belong to one accelerator each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allocation {
    /// What is left of each resource this month, and what the month began with.
    available: Vec<Lanes>,
    opening: Vec<Lanes>,
    /// What each item can have by its own resources, how fast it rises, what it gets in a round, and whether its room is full.
    room: Vec<Lanes>,
    speed: Vec<Lanes>,
    units: Vec<Lanes>,
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
    /// Capacity-weighted assembly yield, lead time and home share of each technology this month.
    assembly_yield: Vec<Lanes>,
    lead_time: Vec<Lanes>,
    home_packaging: Vec<Lanes>,
    /// Home share of what was used of each part this month.
    home_share: Vec<Lanes>,
    /// Stock by part and origin.
    stock: Vec<Lanes>,
    /// Items that may rise in the tier at hand, and the shared resources that they use.
    live: Vec<usize>,
    shared: Vec<usize>,
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
            room: zeros(plan.items.len()),
            speed: zeros(plan.items.len()),
            units: zeros(plan.items.len()),
            full: zeros(plan.items.len()),
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
            shared: Vec::with_capacity(resources),
            lag: Some(Lag::empty()),
            good: [splat(0.0); 3],
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
///
/// Resources that only one accelerator of the tier uses (its own dies, its cap) limit it alone: they are its *room*. Only
/// shared resources couple accelerators. So a round first lets every rising item fill its room; where no shared
/// resource is overdrawn by that, the tier is done. Where one is, all rise to the λ at which the first shared resource is
/// used up; those that use it stop or change to their next bill of materials, and the next round goes on from there.
#[inline(always)]
fn fill_tier(
    plan: &Plan,
    tier: &TierPlan,
    month: usize,
    results: &mut Results,
    a: &mut Allocation,
) {
    a.live.clear();
    for &j in &tier.items {
        let accelerator = &plan.accelerators[plan.items[j].accelerator];
        let weight = &a.weight[plan.items[j].accelerator];
        for idle in [
            &mut a.rising[j],
            &mut a.room[j],
            &mut a.speed[j],
            &mut a.units[j],
        ] {
            *idle = splat(0.0);
        }
        if any_positive(weight) {
            a.live.push(j);
            let first = j == accelerator.items.start;
            a.rising[j] = if first {
                map(weight, |w| if w > 0.0 { 1.0 } else { 0.0 })
            } else {
                splat(0.0)
            };
        }
    }
    a.shared.clear();
    for (s, shared) in tier.shared.iter().enumerate() {
        if a.live
            .iter()
            .any(|j| shared.users.iter().any(|(user, _)| user == j))
        {
            a.shared.push(s);
        }
    }
    // Each round stops at least one item in every draw in which anything rises, and each item stops once.
    for _ in 0..=a.live.len() {
        rooms(plan, tier, a);
        let lambda = first_shortage(plan, tier, a);
        rise(plan, tier, &lambda, a);
        if !stop(plan, a, month, &mut results.bound) {
            break;
        }
    }
}

/// How many packages each rising item can still have by its own resources alone; 0 where it does not rise.
#[inline(always)]
fn rooms(plan: &Plan, tier: &TierPlan, a: &mut Allocation) {
    for &j in &a.live {
        let k = plan.items[j].accelerator;
        let mut room = splat(UNLIMITED);
        if plan.accelerators[k].cap.is_some() {
            let (cap, started) = (&a.cap[k], &a.started[k]);
            room = zip(cap, started, |cap, x| if cap > x { cap - x } else { 0.0 });
        }
        for &(part, count) in &tier.own[j] {
            let available = &a.available[part];
            let per_package = 1.0 / count;
            for l in 0..LANES {
                let packages = available[l] * per_package;
                room[l] = if packages < room[l] {
                    packages
                } else {
                    room[l]
                };
            }
        }
        if plan.items[j].technology.is_some() {
            // A package that fits on no wafer of the technology's lines cannot be made.
            room = zip(&room, &a.package_share[j], |room, share| {
                if share < f64::INFINITY { room } else { 0.0 }
            });
        }
        let rising = &a.rising[j];
        a.room[j] = zip(&room, rising, |room, on| if on > 0.0 { room } else { 0.0 });
        a.speed[j] = mul(&a.weight[k], rising);
    }
}

/// Use of a shared resource by a package of an item.
#[inline(always)]
fn use_per_package(a: &Allocation, j: usize, count: f64) -> Lanes {
    if count > 0.0 {
        splat(count)
    } else {
        a.package_share[j]
    }
}

/// The least λ at which a shared resource is used up when every item rises to its room; infinite in draws where none is.
/// Where an item with an alternative runs out of its own parts first, λ ends there, so that the alternative can take over.
#[inline(always)]
fn first_shortage(plan: &Plan, tier: &TierPlan, a: &mut Allocation) -> Lanes {
    let mut lambda = splat(f64::INFINITY);
    for i in 0..a.shared.len() {
        let shared = &tier.shared[a.shared[i]];
        let available = a.available[shared.resource];
        let mut wanted = splat(0.0);
        for &(j, count) in &shared.users {
            if any_positive(&a.room[j]) {
                let per_package = use_per_package(a, j, count);
                let room = &a.room[j];
                for l in 0..LANES {
                    wanted[l] += if room[l] > 0.0 {
                        per_package[l] * room[l]
                    } else {
                        0.0
                    };
                }
            }
        }
        let short = zip(&wanted, &available, |wanted, available| {
            if wanted > available { 1.0 } else { 0.0 }
        });
        if any_positive(&short) {
            let at = shortage(shared, &available, &short, a);
            for l in 0..LANES {
                lambda[l] = if short[l] > 0.0 && at[l] < lambda[l] {
                    at[l]
                } else {
                    lambda[l]
                };
            }
        }
    }
    for &j in &a.live {
        let k = plan.items[j].accelerator;
        if j + 1 < plan.accelerators[k].items.end && !tier.own[j].is_empty() {
            let (room, speed) = (&a.room[j], &a.speed[j]);
            for l in 0..LANES {
                let at = if speed[l] > 0.0 {
                    room[l] / speed[l]
                } else {
                    f64::INFINITY
                };
                lambda[l] = if at < lambda[l] { at } else { lambda[l] };
            }
        }
    }
    lambda
}

/// Solves `Σ_j a_j · min(room_j, λ·ω_j) = available` by Newton's method from the left: the sum is concave in λ and made of
/// straight pieces, so every step stops short of the root or hits it, and passes at least one room.
#[inline(always)]
fn shortage(shared: &SharedResource, available: &Lanes, short: &Lanes, a: &Allocation) -> Lanes {
    let mut lambda = splat(0.0);
    for _ in 0..=shared.users.len() {
        let mut used = splat(0.0);
        let mut slope = splat(0.0);
        for &(j, count) in &shared.users {
            if !any_positive(&a.room[j]) {
                continue;
            }
            let per_package = use_per_package(a, j, count);
            let (room, speed) = (&a.room[j], &a.speed[j]);
            for l in 0..LANES {
                let share = if room[l] > 0.0 { per_package[l] } else { 0.0 };
                let units = lambda[l] * speed[l];
                let free = units < room[l];
                used[l] += share * if free { units } else { room[l] };
                slope[l] += if free { share * speed[l] } else { 0.0 };
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
    for i in 0..a.live.len() {
        let j = a.live[i];
        let k = plan.items[j].accelerator;
        let (room, speed) = (a.room[j], a.speed[j]);
        let mut units = splat(0.0);
        for l in 0..LANES {
            let reached = if speed[l] > 0.0 {
                lambda[l] * speed[l]
            } else {
                0.0
            };
            let full = reached >= room[l];
            // What nothing limits cannot be built without end: it is not built.
            units[l] = if full {
                if room[l] < UNLIMITED { room[l] } else { 0.0 }
            } else {
                reached
            };
            a.full[j][l] = if full { 1.0 } else { 0.0 };
        }
        a.units[j] = units;
        accumulate(&mut a.builds[j], &units);
        accumulate(&mut a.started[k], &units);
        for &(part, count) in &tier.own[j] {
            let opening = &a.opening[part];
            let available = &mut a.available[part];
            for l in 0..LANES {
                let left = available[l] - count * units[l];
                available[l] = if left > USED_UP * opening[l] {
                    left
                } else {
                    0.0
                };
            }
        }
    }
    for i in 0..a.shared.len() {
        let shared = &tier.shared[a.shared[i]];
        let mut used = splat(0.0);
        for &(j, count) in &shared.users {
            if any_positive(&a.rising[j]) {
                let per_package = use_per_package(a, j, count);
                let units = &a.units[j];
                for l in 0..LANES {
                    used[l] += if units[l] > 0.0 {
                        per_package[l] * units[l]
                    } else {
                        0.0
                    };
                }
            }
        }
        let opening = &a.opening[shared.resource];
        let available = &mut a.available[shared.resource];
        for l in 0..LANES {
            let left = available[l] - used[l];
            available[l] = if left > USED_UP * opening[l] {
                left
            } else {
                0.0
            };
        }
    }
}

/// Stops every rising item that has no room left or needs a resource that is used up; true while anything rises.
#[inline(always)]
fn stop(plan: &Plan, a: &mut Allocation, month: usize, bound: &mut [[u16; LANES]]) -> bool {
    let caps = plan.parts.len() + plan.technologies.len();
    let mut still = splat(0.0);
    // From the last item back: a bill of materials that takes over from the one before it starts to rise next round.
    for i in (0..a.live.len()).rev() {
        let j = a.live[i];
        if !any_positive(&a.rising[j]) {
            continue;
        }
        let item = &plan.items[j];
        let k = item.accelerator;
        let mut by = splat(-1.0);
        for &(part, _) in &item.parts {
            mark(&mut by, &a.available[part], part);
        }
        if let Some(t) = item.technology {
            mark(
                &mut by,
                &a.available[plan.parts.len() + t],
                plan.parts.len() + t,
            );
            let possible = map(&a.package_share[j], |share| {
                if share < f64::INFINITY { 1.0 } else { 0.0 }
            });
            mark(&mut by, &possible, plan.parts.len() + t);
        }
        let mut capped = splat(0.0);
        if plan.accelerators[k].cap.is_some() {
            capped = zip(&a.cap[k], &a.started[k], |cap, x| {
                if cap - x > USED_UP * cap { 0.0 } else { 1.0 }
            });
        }
        let next = j + 1 < plan.accelerators[k].items.end;
        let slot = &mut bound[k * plan.months + month];
        for l in 0..LANES {
            if a.rising[j][l] <= 0.0 {
                continue;
            }
            // The cap ends the accelerator, so it is named first.
            let by = if capped[l] > 0.0 {
                (caps + k) as f64
            } else {
                by[l]
            };
            if by >= 0.0 {
                slot[l] = by as u16;
            }
            if by >= 0.0 || a.full[j][l] > 0.0 {
                a.rising[j][l] = 0.0;
                if next && by >= 0.0 && capped[l] <= 0.0 {
                    a.rising[j + 1][l] = 1.0;
                    still[l] = 1.0;
                }
            } else {
                still[l] = 1.0;
            }
        }
    }
    any_positive(&still)
}

/// Names the first resource that is used up, where none is named yet.
#[inline(always)]
fn mark(by: &mut Lanes, available: &Lanes, resource: usize) {
    for l in 0..LANES {
        by[l] = if by[l] < 0.0 && available[l] <= 0.0 {
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
