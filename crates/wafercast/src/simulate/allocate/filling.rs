//! Progressive filling of one tier (model §6).
//!
//! While nothing stops it, an item has `min((λ − start) · speed, room)` packages at λ: its *room* is what its own resources
//! allow (those that no other accelerator of the tier uses, and its cap). Only shared resources couple accelerators. Each
//! shared resource that cannot give every user its room has a λ at which it is used up. The least of these comes first: the
//! users of that resource stop there, which is nothing but a smaller room, and only the resources they share with others
//! are solved again. So the work follows what happens, not the number of accelerators. What bound an item is read off in
//! the end: the resources that were used up no later than it was full.

use pulp::Simd;

use super::{Allocation, ENDLESS, ItemState, Numbers, UNLIMITED, USED_UP, bit};
use crate::plan::{TierItem, TierPlan};
use crate::simulate::lanes::{Lanes, splat};
use crate::simulate::vector::{Mask, Set, Vector};

/// Events that lie nearer to each other than this share of λ are one event: what the resource has left then is below
/// [`USED_UP`].
const SAME: f64 = 1.0 + USED_UP;

/// A user of a shared resource: `min(rate · λ − offset, most)` of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    most: Lanes,
    rate: Lanes,
    offset: Lanes,
}

/// A shared resource while its tier is filled.
#[derive(Debug, Clone, Default)]
pub(super) struct SharedState {
    /// What there is; without limit where it is used up already and all users have stopped.
    limit: Lanes,
    /// Where it is used up; [`ENDLESS`] where there is enough.
    lambda: Lanes,
}

/// Fills a tier.
#[inline(always)]
pub(super) fn fill<S: Simd, const K: usize>(
    set: Set<S, K>,
    tier: &TierPlan,
    caps: usize,
    a: &mut Allocation,
) {
    begin(set, tier, a);
    let shared = tier.shared.len();
    let mut now = set.splat(0.0);
    // Every turn stops an item or uses up a resource for good.
    for _ in 0..=tier.items.len() + shared {
        for s in Numbers::of(a.changed, shared) {
            solve(set, tier, s, now, a);
        }
        a.changed = 0;
        now = next_event(set, tier, a);
        if !now.below(set.splat(ENDLESS)).any() {
            break;
        }
        a.touched = 0;
        a.entered = 0;
        for s in Numbers::of(a.short, shared) {
            use_up(set, tier, s, now, a);
        }
        for &place in &tier.chained {
            let item = &tier.items[place];
            if item.resource_bits & a.touched != 0
                || a.entered & bit(place) != 0
                || !item.own.is_empty()
            {
                settle(set, tier, item, now, a);
            }
        }
    }
    finish(set, tier, caps, a);
}

/// Starts the first bill of materials of every accelerator that is in production in any draw, and lets those that lack
/// something from the start pass on to the next.
#[inline(always)]
fn begin<S: Simd, const K: usize>(set: Set<S, K>, tier: &TierPlan, a: &mut Allocation) {
    let zero = set.splat(0.0);
    for item in &tier.items {
        let maker = &a.makers[item.maker];
        let state = &mut a.items[item.index];
        state.is_active = maker.is_active;
        if state.is_active {
            let weight = set.load(&maker.weight);
            weight.store(&mut state.speed);
            zero.store(&mut state.start);
            zero.store(&mut state.room);
            zero.store(&mut state.live);
            zero.store(&mut state.awaited);
            if item.is_first {
                enter(set, item, zero.below(weight), zero, a);
            }
        }
    }
    for (state, shared) in a.shared.iter_mut().zip(&tier.shared) {
        let resource = &a.resources[shared.resource];
        let left = set.load(&resource.spent_at).at_most(zero);
        left.select(set.splat(f64::MAX), set.load(&resource.available))
            .store(&mut state.limit);
    }
    for &place in &tier.chained {
        settle(set, tier, &tier.items[place], zero, a);
    }
    a.short = 0;
    a.changed = u64::MAX;
}

/// An item starts to rise at `now` in the given draws.
#[inline(always)]
fn enter<S: Simd, const K: usize>(
    set: Set<S, K>,
    item: &TierItem,
    draws: Mask<S, K>,
    now: Vector<S, K>,
    a: &mut Allocation,
) {
    let zero = set.splat(0.0);
    let mut room = set.splat(UNLIMITED);
    if item.is_capped {
        let maker = &a.makers[item.maker];
        room = (set.load(&maker.cap) - set.load(&maker.started)).max(zero);
    }
    for own in &item.own {
        let parts = set.load(&a.resources[own.part].available);
        room = room.min(parts * set.splat(own.packages_per_part));
    }
    if item.resource_bits & a.gone != 0 {
        for need in &item.needs {
            let spent_at = set.load(&a.resources[need.resource].spent_at);
            room = spent_at.below(set.splat(ENDLESS)).select(zero, room);
        }
    }
    let state = &mut a.items[item.index];
    if state.impossible {
        room = zero
            .below(set.load(&state.package_share))
            .select(room, zero);
    }
    draws
        .select(set.splat(1.0), set.load(&state.live))
        .store(&mut state.live);
    draws
        .select(set.splat(1.0), set.load(&state.awaited))
        .store(&mut state.awaited);
    draws
        .select(now, set.load(&state.start))
        .store(&mut state.start);
    draws
        .select(room, set.load(&state.room))
        .store(&mut state.room);
}

/// Adds up what the users of a shared resource want, and where that is too much finds the λ at which it is used up.
#[inline(always)]
fn solve<S: Simd, const K: usize>(
    set: Set<S, K>,
    tier: &TierPlan,
    s: usize,
    now: Vector<S, K>,
    a: &mut Allocation,
) {
    let users = &tier.shared[s].users;
    let mut wanted = set.splat(0.0);
    for &(j, count) in users {
        let state = &a.items[j];
        if state.is_active {
            wanted = wanted + share(set, count, state) * set.load(&state.room);
        }
    }
    let state = &mut a.shared[s];
    let limit = set.load(&state.limit);
    let short = limit.below(wanted);
    if !short.any() {
        state.lambda = splat(ENDLESS);
        if s < 64 {
            a.short &= !bit(s);
        }
        return;
    }
    a.short |= bit(s);
    let mut count_of_terms = 0;
    let mut rates = set.splat(0.0);
    for &(j, count) in users {
        let item = &a.items[j];
        if item.is_active {
            let share = share(set, count, item);
            let rate = share * set.load(&item.speed);
            rates = rates + rate;
            let term = &mut a.terms[count_of_terms];
            (share * set.load(&item.room)).store(&mut term.most);
            rate.store(&mut term.rate);
            (rate * set.load(&item.start)).store(&mut term.offset);
            count_of_terms += 1;
        }
    }
    // Nobody takes more than `rate · λ`, so that the root lies no further left than this.
    let rising = set.splat(0.0).below(rates) & short;
    let first = rising.select(limit, set.splat(0.0)) / rising.select(rates, set.splat(1.0));
    let terms = &a.terms[..count_of_terms];
    let at = root(set, terms, limit, short, first.max(now));
    short
        .select(at, set.splat(ENDLESS))
        .store(&mut state.lambda);
}

/// What a package of an item takes of a shared resource. Packaging has no count: a package's share of the month depends
/// on its size.
#[inline(always)]
fn share<S: Simd, const K: usize>(set: Set<S, K>, count: f64, state: &ItemState) -> Vector<S, K> {
    if count > 0.0 {
        set.splat(count)
    } else {
        set.load(&state.package_share)
    }
}

/// Solves `Σ_j min(rate_j · λ − offset_j, most_j) = limit` by Newton's method from `first`, left of the root: beyond the
/// starts the sum is concave in λ and made of straight pieces, so every step stops short of the root or hits it, and passes
/// at least one of the kinks.
/// Model eq. (29).
#[inline(always)]
fn root<S: Simd, const K: usize>(
    set: Set<S, K>,
    terms: &[Term],
    limit: Vector<S, K>,
    short: Mask<S, K>,
    first: Vector<S, K>,
) -> Vector<S, K> {
    let zero = set.splat(0.0);
    let mut lambda = short.select(first, zero);
    for _ in 0..=terms.len() {
        let mut used = zero;
        let mut slope = zero;
        for term in terms {
            let rate = set.load(&term.rate);
            let most = set.load(&term.most);
            let reached = lambda * rate - set.load(&term.offset);
            used = used + reached.min(most);
            slope = slope + reached.below(most).select(rate, zero);
        }
        let left = (limit - used).max(zero);
        let moves = zero.below(slope) & short;
        let step = left / zero.below(slope).select(slope, set.splat(1.0));
        let next = lambda + moves.select(step, zero);
        let moved = (lambda * set.splat(1.0 + 1e-14)).below(next);
        lambda = next;
        if !moved.any() {
            break;
        }
    }
    lambda
}

/// The least λ at which a shared resource is used up, or at which an item with an alternative runs out of its own parts;
/// [`ENDLESS`] where neither happens.
#[inline(always)]
fn next_event<S: Simd, const K: usize>(
    set: Set<S, K>,
    tier: &TierPlan,
    a: &Allocation,
) -> Vector<S, K> {
    let mut least = set.splat(ENDLESS);
    for s in Numbers::of(a.short, tier.shared.len()) {
        least = least.min(set.load(&a.shared[s].lambda));
    }
    for &place in &tier.own_chained {
        let state = &a.items[tier.items[place].index];
        if state.is_active {
            let full = set.load(&state.start) + set.load(&state.room) / set.load(&state.speed);
            let awaited = set.splat(0.0).below(set.load(&state.awaited));
            least = least.min(awaited.select(full, set.splat(ENDLESS)));
        }
    }
    least
}

/// Where a shared resource is used up at `now`, its users keep what they have.
#[inline(always)]
fn use_up<S: Simd, const K: usize>(
    set: Set<S, K>,
    tier: &TierPlan,
    s: usize,
    now: Vector<S, K>,
    a: &mut Allocation,
) {
    let state = &mut a.shared[s];
    let lambda = set.load(&state.lambda);
    let spent = lambda.below(set.splat(ENDLESS)) & lambda.at_most(now * set.splat(SAME));
    if !spent.any() {
        return;
    }
    spent
        .select(set.splat(ENDLESS), lambda)
        .store(&mut state.lambda);
    spent
        .select(set.splat(f64::MAX), set.load(&state.limit))
        .store(&mut state.limit);
    let shared = &tier.shared[s];
    let resource = &mut a.resources[shared.resource];
    spent
        .select(now, set.load(&resource.spent_at))
        .store(&mut resource.spent_at);
    a.gone |= shared.bit;
    a.touched |= shared.bit;
    a.changed |= bit(s);
    for (&(j, _), &shared_bits) in shared.users.iter().zip(&shared.shared_bits) {
        let state = &mut a.items[j];
        if state.is_active {
            let reached = (now - set.load(&state.start)) * set.load(&state.speed);
            let room = set.load(&state.room);
            let stops = spent & reached.below(room);
            if stops.any() {
                stops.select(reached, room).store(&mut state.room);
                // What was not short before is not short now.
                a.changed |= shared_bits & a.short;
            }
        }
    }
}

/// Where a resource that an item with an alternative needs is used up at `now`, the next bill of materials takes over;
/// where it was its cap that stopped the item, nothing does.
#[inline(always)]
fn settle<S: Simd, const K: usize>(
    set: Set<S, K>,
    tier: &TierPlan,
    item: &TierItem,
    now: Vector<S, K>,
    a: &mut Allocation,
) {
    let zero = set.splat(0.0);
    let state = &a.items[item.index];
    if !state.is_active {
        return;
    }
    let room = set.load(&state.room);
    let reached = (now - set.load(&state.start)) * set.load(&state.speed);
    let live = set.load(&state.live);
    let full = zero.below(live) & room.at_most(reached * set.splat(SAME));
    if !full.any() {
        return;
    }
    let awaited = &mut a.items[item.index].awaited;
    full.select(zero, set.load(awaited)).store(awaited);
    let (by, capped) = binding(set, item, a);
    let capped = capped.select(set.splat(1.0), zero);
    let passes = full & zero.at_most(by) & capped.at_most(zero);
    if !passes.any() {
        return;
    }
    let maker = &mut a.makers[item.maker];
    passes
        .select(by, set.load(&maker.bound))
        .store(&mut maker.bound);
    passes
        .select(zero, live)
        .store(&mut a.items[item.index].live);
    let built = passes.select(room, zero);
    (set.load(&maker.started) + built).store(&mut maker.started);
    for own in &item.own {
        if a.resources[own.part].take(set, set.splat(own.count) * built) {
            a.gone |= bit(own.part);
        }
    }
    let next = &tier.items[item.place + 1];
    enter(set, next, passes, now, a);
    a.changed |= next.shared_bits;
    a.entered |= bit(next.place);
}

/// What binds an item at the packages it has: the first of its resources that was used up no later than the item was
/// full (−1 where none was), and where its cap binds it.
#[inline(always)]
fn binding<S: Simd, const K: usize>(
    set: Set<S, K>,
    item: &TierItem,
    a: &Allocation,
) -> (Vector<S, K>, Mask<S, K>) {
    let zero = set.splat(0.0);
    let used_up = set.splat(USED_UP);
    let state = &a.items[item.index];
    let built = set.load(&state.room);
    let mut by = set.splat(-1.0);
    if item.resource_bits & a.gone != 0 || !item.own.is_empty() {
        let start = set.load(&state.start);
        let speed = set.load(&state.speed);
        let full = built * set.splat(SAME);
        // From the last to the first, so that the first is the one that stays.
        for need in item.needs.iter().rev() {
            let resource = &a.resources[need.resource];
            let name = set.splat(need.resource as f64);
            if need.own > 0.0 {
                let left = set.load(&resource.available) - set.splat(need.own) * built;
                let gone = left.at_most(used_up * set.load(&resource.opening));
                by = gone.select(name, by);
            } else if a.gone & need.bit != 0 {
                let spent_at = set.load(&resource.spent_at);
                let reached = (spent_at - start) * speed;
                let gone = spent_at.below(set.splat(ENDLESS)) & reached.at_most(full);
                by = gone.select(name, by);
            }
        }
    }
    if state.impossible {
        let gone = set.load(&state.package_share).at_most(zero) & by.below(zero);
        by = gone.select(set.splat(item.technology as f64), by);
    }
    let mut capped = zero.below(zero);
    if item.is_capped {
        let maker = &a.makers[item.maker];
        let cap = set.load(&maker.cap);
        let left = cap - (set.load(&maker.started) + built);
        capped = left.at_most(used_up * cap);
    }
    (by, capped)
}

/// What is left of the resources, and what bound every accelerator. `caps` is the resource number of the first cap.
#[inline(always)]
fn finish<S: Simd, const K: usize>(
    set: Set<S, K>,
    tier: &TierPlan,
    caps: usize,
    a: &mut Allocation,
) {
    let zero = set.splat(0.0);
    for item in &tier.items {
        if !a.items[item.index].is_active {
            continue;
        }
        let (by, capped) = binding(set, item, a);
        let state = &mut a.items[item.index];
        let maker = &mut a.makers[item.maker];
        // The cap ends the accelerator, so it is named first.
        let named = capped.select(set.splat((caps + item.maker) as f64), by);
        let live = zero.below(set.load(&state.live));
        (live & zero.at_most(named))
            .select(named, set.load(&maker.bound))
            .store(&mut maker.bound);
        // What nothing limits cannot be built without end: it is not built.
        let room = set.load(&state.room);
        let builds = room.below(set.splat(UNLIMITED)).select(room, zero);
        builds.store(&mut state.builds);
        if !item.own.is_empty() {
            let used = live.select(builds, zero);
            for own in &item.own {
                if a.resources[own.part].take(set, set.splat(own.count) * used) {
                    a.gone |= bit(own.part);
                }
            }
        }
    }
    for shared in &tier.shared {
        let mut used = zero;
        for &(j, count) in &shared.users {
            let state = &a.items[j];
            if state.is_active {
                used = used + share(set, count, state) * set.load(&state.builds);
            }
        }
        let resource = &mut a.resources[shared.resource];
        let spent = set.load(&resource.spent_at).below(set.splat(ENDLESS));
        spent
            .select(zero, set.load(&resource.available))
            .store(&mut resource.available);
        if resource.take(set, used) {
            a.gone |= shared.bit;
        }
    }
}

/// Space for the terms of the largest resource.
pub(super) fn terms(items: usize) -> Vec<Term> {
    let none = Term {
        most: splat(0.0),
        rate: splat(0.0),
        offset: splat(0.0),
    };
    vec![none; items]
}
