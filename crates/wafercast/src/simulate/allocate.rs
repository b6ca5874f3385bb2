//! Parts into packages, month by month (model §6): tier by tier, all accelerators rise together in proportion to their
//! weights until a resource is used up; those that need it stop or go on with their next bill of materials.

mod filling;
mod packaging;
pub(super) mod planned;

use pulp::Simd;

use filling::{SharedState, Term};

use super::lanes::{LANES, Lag, Lanes, any_positive, splat};
use super::results::{Results, UNBOUND};
use super::vector::{Set, Vector, Work, dispatch};
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
    /// 1 where an alternative waits for it to run out of its own parts.
    awaited: Lanes,
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
    /// Whether it is in production in any draw.
    is_active: bool,
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

/// Working space of the allocation. Monthly arrays are `[thing · T + month]`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allocation {
    resources: Vec<ResourceState>,
    items: Vec<ItemState>,
    makers: Vec<MakerState>,
    /// Resources that are used up in any draw, folded into the bits of one word (see [`bit`]).
    gone: u64,
    /// Capacity-weighted assembly yield and home share of each technology by month, and its lag from build to delivery.
    assembly_yield: Vec<Lanes>,
    home_packaging: Vec<Lanes>,
    lags: Vec<Lag>,
    /// Share of a technology's month that one package uses, by kind of package ([`crate::plan::PackageKind`]) and month;
    /// and whether it cannot be made in any draw.
    package_share: Vec<Lanes>,
    impossible: Vec<bool>,
    /// Home share of what was used of each part by month.
    home_share: Vec<Lanes>,
    /// The shared resources of the tier; as bits, those that run out in any draw as things stand, and those to be solved
    /// again; and space for the terms of the one being solved.
    shared: Vec<SharedState>,
    short: u64,
    changed: u64,
    /// As bits: the resources used up in the turn at hand, and the places of the items that entered in it.
    touched: u64,
    entered: u64,
    terms: Vec<Term>,
}

impl Allocation {
    /// Space for a plan.
    pub(crate) fn new(plan: &Plan) -> Self {
        let months = plan.months;
        let resources = plan.parts.len() + plan.technologies.len();
        let zeros = |count: usize| vec![splat(0.0); count];
        Allocation {
            resources: vec![ResourceState::default(); resources],
            items: vec![ItemState::default(); plan.items.len()],
            makers: vec![MakerState::default(); plan.accelerators.len()],
            gone: 0,
            assembly_yield: zeros(plan.technologies.len() * months),
            home_packaging: zeros(plan.technologies.len() * months),
            lags: vec![Lag::empty(); plan.technologies.len() * months],
            package_share: zeros(plan.package_kinds.len() * months),
            impossible: vec![false; plan.package_kinds.len() * months],
            home_share: zeros(plan.parts.len() * months),
            shared: vec![SharedState::default(); resources],
            short: 0,
            changed: 0,
            touched: 0,
            entered: 0,
            terms: filling::terms(plan.items.len()),
        }
    }
}

/// The bit that stands for the thing with a number. Of more than 64 things some share a bit: a set bit says that one of
/// them may be meant.
#[inline(always)]
pub(crate) fn bit(number: usize) -> u64 {
    1 << (number % 64)
}

/// The numbers below `count` whose bits are set. Those from 64 on have no bit of their own and always come.
struct Numbers {
    bits: u64,
    beyond: usize,
    count: usize,
}

impl Numbers {
    #[inline(always)]
    fn of(bits: u64, count: usize) -> Numbers {
        let known = if count < 64 { bit(count) - 1 } else { u64::MAX };
        Numbers {
            bits: bits & known,
            beyond: 64,
            count,
        }
    }
}

impl Iterator for Numbers {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        if self.bits != 0 {
            let lowest = self.bits.trailing_zeros() as usize;
            self.bits &= self.bits - 1;
            return Some(lowest);
        }
        if self.beyond < self.count {
            self.beyond += 1;
            return Some(self.beyond - 1);
        }
        None
    }
}

/// Builds accelerators in every month and delivers them after assembly and test.
pub(super) fn run(plan: &Plan, results: &mut Results) {
    dispatch(Run { plan, results });
}

struct Run<'a> {
    plan: &'a Plan,
    results: &'a mut Results,
}

impl Work for Run<'_> {
    #[inline(always)]
    fn work<S: Simd, const K: usize>(self, set: Set<S, K>) {
        let Run { plan, results } = self;
        let caps = plan.parts.len() + plan.technologies.len();
        let mut a = std::mem::take(&mut results.scratch.allocation);
        results.bound.fill([UNBOUND; LANES]);
        results.builds.fill(splat(0.0));
        packaging::months(set, plan, results, &mut a);
        for month in 0..plan.months {
            open(set, plan, month, results, &mut a);
            for tier in &plan.tiers {
                filling::fill(set, tier, caps, &mut a);
            }
            for (k, maker) in a.makers.iter().enumerate() {
                if maker.is_active {
                    // A number added to 1.5 · 2⁵² stands in its lowest bits; −1 becomes the largest: unbound.
                    let number = |n: f64| (n + 6_755_399_441_055_744.0).to_bits() as u16;
                    results.bound[k * plan.months + month] = maker.bound.0.map(number);
                }
            }
            for (j, state) in a.items.iter().enumerate() {
                if state.is_active {
                    results.builds[j * plan.months + month] = state.builds;
                }
            }
            take_from_stock(set, plan, month, results, &mut a);
        }
        deliver(set, plan, results, &a, Builds::All);
        results.scratch.allocation = a;
    }
}

/// Parts that arrive join the stock; packaging capacity is that of the month alone.
#[inline(always)]
fn open<S: Simd, const K: usize>(
    set: Set<S, K>,
    plan: &Plan,
    month: usize,
    results: &mut Results,
    a: &mut Allocation,
) {
    let months = plan.months;
    let zero = set.splat(0.0);
    a.gone = 0;
    for part in 0..plan.parts.len() {
        let mut sum = zero;
        for slot in results.first_slot[part]..results.first_slot[part + 1] {
            let at = slot * months + month;
            let mut stock = set.load(&results.arrivals[at]);
            if month > 0 {
                stock = set.load(&results.closing[at - 1]) + stock;
            }
            stock.store(&mut results.closing[at]);
            sum = sum + stock;
        }
        if a.resources[part].set(set, sum) {
            a.gone |= bit(part);
        }
    }
    for t in 0..plan.technologies.len() {
        let capacity = set.load(&results.packaging[t * months + month]);
        // The month's capacity is 1, of which a package of item j uses `1 / capacity_j`.
        let whole = zero.below(capacity).select(set.splat(1.0), zero);
        if a.resources[plan.parts.len() + t].set(set, whole) {
            a.gone |= bit(plan.parts.len() + t);
        }
    }
    let t = set.splat(month as f64 + 0.5);
    for ((maker, accelerator), launch) in a
        .makers
        .iter_mut()
        .zip(&plan.accelerators)
        .zip(&results.launch)
    {
        set.splat(-1.0).store(&mut maker.bound);
        zero.store(&mut maker.started);
        maker.is_active = false;
        let launched = set.load(launch).at_most(t);
        if month as f64 + 0.5 >= accelerator.end || !launched.any() {
            continue;
        }
        let weight = set.load(results.at(accelerator.weight, month));
        let weight = (launched & zero.below(weight)).select(weight, zero);
        maker.is_active = zero.below(weight).any();
        weight.store(&mut maker.weight);
        if let Some(cap) = accelerator.cap {
            maker.cap = *results.at(cap, month);
        }
    }
    for (state, item) in a.items.iter_mut().zip(&plan.items) {
        if let Some(kind) = item.package_kind {
            state.package_share = a.package_share[kind * months + month];
            state.impossible = a.impossible[kind * months + month];
        }
    }
}

impl ResourceState {
    /// Begins the month with so much. True if there is none in any draw.
    #[inline(always)]
    fn set<S: Simd, const K: usize>(&mut self, set: Set<S, K>, amount: Vector<S, K>) -> bool {
        amount.store(&mut self.opening);
        self.leave(set, amount)
    }

    /// Takes what is used; a rest below the threshold is none. True if there is none left in any draw.
    #[inline(always)]
    fn take<S: Simd, const K: usize>(&mut self, set: Set<S, K>, used: Vector<S, K>) -> bool {
        let left = set.load(&self.available) - used;
        let threshold = set.splat(USED_UP) * set.load(&self.opening);
        let left = threshold.below(left).select(left, set.splat(0.0));
        self.leave(set, left)
    }

    /// Leaves so much for whatever comes next, for which λ begins at 0 again.
    #[inline(always)]
    fn leave<S: Simd, const K: usize>(&mut self, set: Set<S, K>, left: Vector<S, K>) -> bool {
        let zero = set.splat(0.0);
        left.store(&mut self.available);
        zero.below(left)
            .select(set.splat(ENDLESS), zero)
            .store(&mut self.spent_at);
        left.at_most(zero).any()
    }
}

/// What the month used is taken from the stocks in their order; all accelerators share that mix of origins.
/// Model eq. (28).
#[inline(always)]
fn take_from_stock<S: Simd, const K: usize>(
    set: Set<S, K>,
    plan: &Plan,
    month: usize,
    results: &mut Results,
    a: &mut Allocation,
) {
    let months = plan.months;
    let zero = set.splat(0.0);
    for (p, part) in plan.parts.iter().enumerate() {
        let state = &a.resources[p];
        let used = set.load(&state.opening) - set.load(&state.available);
        let slots = results.first_slot[p]..results.first_slot[p + 1];
        let uses = zero.below(used);
        if !uses.any() {
            continue;
        }
        let mut rest = used;
        let mut home = zero;
        for (slot, origin) in slots.zip(&part.origins) {
            let stock = &mut results.closing[slot * months + month];
            let taken = rest.min(set.load(stock));
            rest = rest - taken;
            (set.load(stock) - taken).store(stock);
            if origin.home {
                home = home + taken;
            }
        }
        let share = home / uses.select(used, set.splat(1.0));
        uses.select(share, zero)
            .store(&mut a.home_share[p * months + month]);
    }
}

/// Which builds are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Builds {
    /// All, in place of what was delivered.
    All,
    /// Those before the horizon, which equal those of month 0, in place of what was delivered.
    BeforeHorizon,
    /// Those of the horizon, added to what is delivered.
    InsideHorizon,
}

/// Good units leave after the lead time, with the yields of the month of the build.
/// Model eq. (30), (31), (32).
#[inline(always)]
fn deliver<S: Simd, const K: usize>(
    set: Set<S, K>,
    plan: &Plan,
    results: &mut Results,
    a: &Allocation,
    which: Builds,
) {
    let zero = set.splat(0.0);
    let at_once = Lag::none();
    let months = plan.months;
    let built = if which == Builds::BeforeHorizon {
        months.min(1)
    } else {
        months
    };
    let mut delivered = std::mem::take(&mut results.delivered);
    if which != Builds::InsideHorizon {
        for depth in &mut delivered {
            depth.fill(splat(0.0));
        }
    }
    for (j, item) in plan.items.iter().enumerate() {
        let k = item.accelerator;
        let test_yield = plan.accelerators[k].test_yield;
        for month in 0..built {
            let builds = &results.builds[j * months + month];
            if !any_positive(builds) {
                continue;
            }
            let mut units = set.load(builds) * set.load(results.at(test_yield, month));
            let mut fabricated = set.splat(1.0);
            for &(part, _) in &item.parts[..item.dies] {
                fabricated = fabricated.min(set.load(&a.home_share[part * months + month]));
            }
            let mut fully = fabricated;
            for &(part, _) in &item.parts[item.dies..] {
                fully = fully.min(set.load(&a.home_share[part * months + month]));
            }
            let mut lag = &at_once;
            if let Some(t) = item.technology {
                let at = t * months + month;
                units = units * set.load(&a.assembly_yield[at]);
                fully = fully.min(set.load(&a.home_packaging[at]));
                lag = &a.lags[at];
            }
            for (delivered, good) in
                delivered
                    .iter_mut()
                    .zip([units, units * fabricated, units * fully])
            {
                if zero.below(good).any() {
                    let delivered = &mut delivered[k * months..(k + 1) * months];
                    if month == 0 && which != Builds::InsideHorizon {
                        spread_earlier(set, lag, good, delivered);
                    }
                    if which != Builds::BeforeHorizon {
                        spread(set, lag, month, good, delivered);
                    }
                }
            }
        }
    }
    results.delivered = delivered;
}

/// Adds the good units of builds before month 0, which equal month 0's.
#[inline(always)]
fn spread_earlier<S: Simd, const K: usize>(
    set: Set<S, K>,
    lag: &Lag,
    good: Vector<S, K>,
    delivered: &mut [Lanes],
) {
    for (i, weight) in lag.weights.iter().enumerate() {
        let earlier = (lag.first + i).min(delivered.len());
        for slot in &mut delivered[..earlier] {
            (set.load(slot) + set.load(weight) * good).store(slot);
        }
    }
}

/// Adds a month's good units to the months in which they leave.
#[inline(always)]
fn spread<S: Simd, const K: usize>(
    set: Set<S, K>,
    lag: &Lag,
    month: usize,
    good: Vector<S, K>,
    delivered: &mut [Lanes],
) {
    let from = (month + lag.first).min(delivered.len());
    for (slot, weight) in delivered[from..].iter_mut().zip(&lag.weights) {
        (set.load(slot) + set.load(weight) * good).store(slot);
    }
}
