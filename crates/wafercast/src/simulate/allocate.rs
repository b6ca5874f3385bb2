//! Parts into packages, month by month (model §6): tier by tier, all accelerators rise together in proportion to their
//! weights until a resource is used up; those that need it stop or go on with their next bill of materials.

use std::ops::Range;

use super::lanes::{
    Lag, Lanes, accumulate, accumulate_product, add, any_positive, div, map, max, min, mul, select,
    smallest, smallest_is_zero, splat, sub, zip,
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

/// An item in the month at hand.
#[derive(Debug, Clone, Default)]
struct ItemState {
    /// 1 where it rises.
    rising: Lanes,
    /// What it can have by its own resources, and how fast it rises, in this round.
    room: Lanes,
    speed: Lanes,
    /// Packages started.
    builds: Lanes,
    /// Share of its technology's month that one package uses; 0 where it cannot be made.
    package_share: Lanes,
    /// Whether it cannot be made in any draw.
    impossible: bool,
    is_rising: bool,
}

/// An accelerator in the month at hand.
#[derive(Debug, Clone, Default)]
struct MakerState {
    /// Weight, 0 out of production.
    weight: Lanes,
    /// Most units, and packages started with any item.
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
    /// Items that rise in any draw, in order.
    rising_items: Vec<usize>,
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
            resources: vec![ResourceState::default(); resources],
            items: vec![ItemState::default(); plan.items.len()],
            makers: vec![MakerState::default(); plan.accelerators.len()],
            gone: 0,
            assembly_yield: zeros(plan.technologies.len()),
            home_packaging: zeros(plan.technologies.len()),
            home_share: zeros(plan.parts.len()),
            stock: zeros(plan.parts.iter().map(|part| part.origins.len()).sum()),
            rising_items: Vec::with_capacity(plan.items.len()),
            shared: Vec::with_capacity(resources),
            terms: Vec::with_capacity(plan.items.len() * 4),
            lags: vec![Lag::none(); plan.technologies.len() + 1],
        }
    }
}

/// The bit that stands for a resource. With more than 128 resources some share a bit, which costs time, not correctness.
#[inline(always)]
pub(crate) fn bit(resource: usize) -> u128 {
    1 << (resource % 128)
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
    };
    if smallest_is_zero(&total) {
        a.gone |= bit(resource);
    }
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
    for item in &tier.items {
        let weight = &a.makers[item.maker].weight;
        let state = &mut a.items[item.index];
        state.is_rising = false;
        state.rising = splat(0.0);
        if any_positive(weight) {
            live += 1;
            if item.is_first {
                state.rising = map(weight, |w| if w > 0.0 { 1.0 } else { 0.0 });
                state.is_rising = true;
                a.rising_items.push(item.place);
            }
        }
    }
    // Each round stops at least one item in every draw in which anything rises, and each item stops once.
    for _ in 0..=live {
        if a.rising_items.is_empty() {
            break;
        }
        rooms(tier, a);
        let lambda = first_shortage(tier, a);
        take_shared(tier, &lambda, a);
        rise(plan, tier, &lambda, a);
    }
}

/// How many packages each rising item can still have by its own resources alone, 0 where it does not rise; and the terms of
/// the shared resources.
#[inline(always)]
fn rooms(tier: &TierPlan, a: &mut Allocation) {
    for &place in &a.rising_items {
        let item = &tier.items[place];
        let state = &mut a.items[item.index];
        let maker = &a.makers[item.maker];
        let mut room = splat(UNLIMITED);
        if item.is_capped {
            room = zip(&maker.cap, &maker.started, |cap, x| {
                if cap > x { cap - x } else { 0.0 }
            });
        }
        for own in &item.own {
            let packages = map(&a.resources[own.part].available, |parts| {
                parts * own.packages_per_part
            });
            room = min(&room, &packages);
        }
        if state.impossible {
            room = zip(&room, &state.package_share, |room, share| {
                if share > 0.0 { room } else { 0.0 }
            });
        }
        state.room = mul(&room, &state.rising);
        state.speed = mul(&maker.weight, &state.rising);
    }
    a.terms.clear();
    a.shared.clear();
    for (s, shared) in tier.shared.iter().enumerate() {
        let from = a.terms.len();
        for &(j, count) in &shared.users {
            let state = &a.items[j];
            if state.is_rising {
                // Packaging has no count: a package's share of the month depends on its size.
                let share = if count > 0.0 {
                    splat(count)
                } else {
                    state.package_share
                };
                a.terms.push(Term {
                    most: mul(&share, &state.room),
                    rate: mul(&share, &state.speed),
                });
            }
        }
        if a.terms.len() > from {
            a.shared.push((s, from..a.terms.len()));
        }
    }
}

/// The least λ at which a shared resource is used up when every item rises to its room; [`ENDLESS`] in draws where none is.
/// Where an item with an alternative runs out of its own parts first, λ ends there, so that the alternative can take over.
#[inline(always)]
fn first_shortage(tier: &TierPlan, a: &Allocation) -> Lanes {
    let mut lambda = splat(ENDLESS);
    for (s, terms) in &a.shared {
        let available = &a.resources[tier.shared[*s].resource].available;
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
            lambda = min(&lambda, &select(&short, &at, &splat(ENDLESS)));
        }
    }
    for &place in &a.rising_items {
        let item = &tier.items[place];
        if item.has_next && !item.own.is_empty() {
            let state = &a.items[item.index];
            let at = zip(&state.room, &state.speed, |room, speed| {
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
            let reached = mul(&lambda, &term.rate);
            let free = zip(
                &reached,
                &term.most,
                |reached, most| if reached < most { 1.0 } else { 0.0 },
            );
            accumulate(&mut used, &min(&reached, &term.most));
            accumulate(&mut slope, &select(&free, &term.rate, &splat(0.0)));
        }
        let left = max(&sub(available, &used), &splat(0.0));
        let step = select(
            &slope,
            &div(&left, &select(&slope, &slope, &splat(1.0))),
            &splat(0.0),
        );
        let next = add(&lambda, &select(short, &step, &splat(0.0)));
        let moved = zip(&next, &lambda, |next, lambda| {
            if next > lambda * (1.0 + 1e-14) {
                1.0
            } else {
                0.0
            }
        });
        lambda = next;
        if !any_positive(&moved) {
            break;
        }
    }
    lambda
}

/// Takes from the shared resources what all rising items use up to λ.
#[inline(always)]
fn take_shared(tier: &TierPlan, lambda: &Lanes, a: &mut Allocation) {
    for (s, terms) in &a.shared {
        let mut used = splat(0.0);
        for term in &a.terms[terms.clone()] {
            accumulate(&mut used, &min(&mul(lambda, &term.rate), &term.most));
        }
        let resource = tier.shared[*s].resource;
        if a.resources[resource].take(&used) {
            a.gone |= bit(resource);
        }
    }
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
        smallest_is_zero(&self.available)
    }
}

/// Raises what is rising by λ, no further than its room; then stops every item that has no room left or needs a resource
/// that is used up, and lists those that rise on.
#[inline(always)]
fn rise(plan: &Plan, tier: &TierPlan, lambda: &Lanes, a: &mut Allocation) {
    let parts = plan.parts.len();
    let caps = parts + plan.technologies.len();
    // From the last item back: a bill of materials that takes over from the one before it starts to rise next round.
    for i in (0..a.rising_items.len()).rev() {
        let place = a.rising_items[i];
        let item = &tier.items[place];
        let state = &mut a.items[item.index];
        let maker = &mut a.makers[item.maker];
        let reached = mul(lambda, &state.speed);
        let full = zip(&reached, &state.room, |reached, room| {
            if reached >= room { 1.0 } else { 0.0 }
        });
        // What nothing limits cannot be built without end: it is not built.
        let most = map(
            &state.room,
            |room| if room < UNLIMITED { room } else { 0.0 },
        );
        let units = select(&full, &most, &reached);
        accumulate(&mut state.builds, &units);
        accumulate(&mut maker.started, &units);
        for own in &item.own {
            let used = map(&units, |units| own.count * units);
            if a.resources[own.part].take(&used) {
                a.gone |= bit(own.part);
            }
        }
        let mut by = splat(-1.0);
        if item.resource_bits & a.gone != 0 {
            // What reached its room was stopped by a resource of its own, whatever others used up after it.
            for own in &item.own {
                let available = &a.resources[own.part].available;
                mark(&mut by, &select(&full, available, &splat(1.0)), own.part);
            }
            for &resource in &item.resources {
                mark(&mut by, &a.resources[resource].available, resource);
            }
        }
        if state.impossible {
            mark(&mut by, &state.package_share, item.technology);
        }
        let mut capped = splat(0.0);
        if item.is_capped {
            // The cap ends the accelerator, so it is named first.
            capped = zip(&maker.cap, &maker.started, |cap, x| {
                if cap - x > USED_UP * cap { 0.0 } else { 1.0 }
            });
            by = zip(&by, &capped, |by, capped| {
                if capped > 0.0 {
                    (caps + item.maker) as f64
                } else {
                    by
                }
            });
        }
        let named = zip(
            &state.rising,
            &by,
            |rising, by| if by >= 0.0 { rising } else { 0.0 },
        );
        maker.bound = select(&named, &by, &maker.bound);
        state.rising = select(&full, &splat(0.0), &sub(&state.rising, &named));
        if !any_positive(&state.rising) {
            a.rising_items.remove(i);
            state.is_rising = false;
        }
        if item.has_next {
            let changes = zip(
                &named,
                &capped,
                |named, capped| if capped > 0.0 { 0.0 } else { named },
            );
            if any_positive(&changes) {
                let next = &mut a.items[item.index + 1];
                next.rising = max(&next.rising, &changes);
                if !next.is_rising {
                    next.is_rising = true;
                    let at = a.rising_items.partition_point(|&other| other < place + 1);
                    a.rising_items.insert(at, place + 1);
                }
            }
        }
    }
}

/// Names the first resource that is used up, where none is named yet.
#[inline(always)]
fn mark(by: &mut Lanes, available: &Lanes, resource: usize) {
    let first = zip(by, available, |by, available| {
        if (by < 0.0) & (available <= 0.0) {
            1.0
        } else {
            0.0
        }
    });
    *by = select(&first, &splat(resource as f64), by);
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
