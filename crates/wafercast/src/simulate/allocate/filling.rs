//! Progressive filling of one tier (model §6).
//!
//! While nothing stops it, an item has `min((λ − start) · speed, room)` packages at λ: its *room* is what its own resources
//! allow (those that no other accelerator of the tier uses, and its cap). Only shared resources couple accelerators. Each
//! shared resource that cannot give every user its room has a λ at which it is used up. The least of these comes first: the
//! users of that resource stop there, which is nothing but a smaller room, and only the resources they share with others
//! are solved again. So the work follows what happens, not the number of accelerators. What bound an item is read off in
//! the end: the resources that were used up no later than it was full.

use super::{Allocation, ENDLESS, UNLIMITED, USED_UP, bit, flag};
use crate::plan::{Plan, TierItem, TierPlan};
use crate::simulate::lanes::{
    Lanes, accumulate, add, any_positive, div, map, max, min, mul, select, splat, sub, zip,
};

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
    /// What all users together want up to their rooms.
    wanted: Lanes,
    /// Where it is used up; [`ENDLESS`] where there is enough.
    lambda: Lanes,
}

/// Fills a tier.
#[multiversion::multiversion(targets(
    "x86_64+avx2+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"
))]
pub(super) fn fill(plan: &Plan, tier: &TierPlan, a: &mut Allocation) {
    begin(plan, tier, a);
    let mut now = splat(0.0);
    // Every turn stops an item or uses up a resource for good.
    for _ in 0..=tier.items.len() + tier.shared.len() {
        for s in 0..tier.shared.len() {
            if a.changed & bit(s) != 0 {
                solve(tier, s, &now, a);
            }
        }
        a.changed = 0;
        now = next_event(tier, a);
        if !now.iter().fold(false, |any, &at| any | (at < ENDLESS)) {
            break;
        }
        for s in 0..tier.shared.len() {
            use_up(tier, s, &now, a);
        }
        for &place in &tier.chained {
            settle(plan, tier, &tier.items[place], &now, a);
        }
    }
    finish(plan, tier, a);
}

/// Starts the first bill of materials of every accelerator that is in production in any draw, and lets those that lack
/// something from the start pass on to the next.
#[inline(always)]
fn begin(plan: &Plan, tier: &TierPlan, a: &mut Allocation) {
    for item in &tier.items {
        let weight = &a.makers[item.maker].weight;
        let state = &mut a.items[item.index];
        state.is_active = any_positive(weight);
        if state.is_active {
            state.speed = *weight;
            state.start = splat(0.0);
            state.room = splat(0.0);
            state.live = splat(0.0);
            if item.is_first {
                let producing = map(weight, |w| flag(w > 0.0));
                enter(item, &producing, &splat(0.0), a);
            }
        }
    }
    for (state, shared) in a.shared.iter_mut().zip(&tier.shared) {
        let resource = &a.resources[shared.resource];
        state.limit = zip(&resource.spent_at, &resource.available, |at, available| {
            if at < ENDLESS { f64::MAX } else { available }
        });
    }
    for &place in &tier.chained {
        settle(plan, tier, &tier.items[place], &splat(0.0), a);
    }
    a.changed = u128::MAX;
}

/// An item starts to rise at `now` in the given draws.
#[inline(always)]
fn enter(item: &TierItem, draws: &Lanes, now: &Lanes, a: &mut Allocation) {
    let mut room = splat(UNLIMITED);
    if item.is_capped {
        let maker = &a.makers[item.maker];
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
    if item.resource_bits & a.gone != 0 {
        for need in &item.needs {
            let spent_at = &a.resources[need.resource].spent_at;
            room = zip(
                spent_at,
                &room,
                |at, room| if at < ENDLESS { 0.0 } else { room },
            );
        }
    }
    let state = &mut a.items[item.index];
    if state.impossible {
        room = select(&state.package_share, &room, &splat(0.0));
    }
    state.live = max(&state.live, draws);
    state.start = select(draws, now, &state.start);
    state.room = select(draws, &room, &state.room);
}

/// Adds up what the users of a shared resource want, and where that is too much finds the λ at which it is used up.
#[inline(always)]
fn solve(tier: &TierPlan, s: usize, now: &Lanes, a: &mut Allocation) {
    a.terms.clear();
    let mut wanted = splat(0.0);
    for &(j, count) in &tier.shared[s].users {
        let state = &a.items[j];
        if state.is_active {
            // Packaging has no count: a package's share of the month depends on its size.
            let share = if count > 0.0 {
                splat(count)
            } else {
                state.package_share
            };
            let rate = mul(&share, &state.speed);
            let term = Term {
                most: mul(&share, &state.room),
                rate,
                offset: mul(&rate, &state.start),
            };
            accumulate(&mut wanted, &term.most);
            a.terms.push(term);
        }
    }
    let state = &mut a.shared[s];
    state.wanted = wanted;
    state.lambda = splat(ENDLESS);
    let short = zip(&wanted, &state.limit, |wanted, limit| flag(wanted > limit));
    if any_positive(&short) {
        let at = root(&a.terms, &state.limit, &short, now);
        state.lambda = select(&short, &at, &state.lambda);
    }
}

/// Solves `Σ_j min(rate_j · λ − offset_j, most_j) = limit` by Newton's method from the left: beyond `now` the sum is concave
/// in λ and made of straight pieces, so every step stops short of the root or hits it, and passes at least one of the kinks.
#[inline(always)]
fn root(terms: &[Term], limit: &Lanes, short: &Lanes, now: &Lanes) -> Lanes {
    let mut lambda = select(short, now, &splat(0.0));
    for _ in 0..=terms.len() {
        let mut used = splat(0.0);
        let mut slope = splat(0.0);
        for term in terms {
            let reached = sub(&mul(&lambda, &term.rate), &term.offset);
            let free = zip(&reached, &term.most, |reached, most| flag(reached < most));
            accumulate(&mut used, &min(&reached, &term.most));
            accumulate(&mut slope, &select(&free, &term.rate, &splat(0.0)));
        }
        let left = max(&sub(limit, &used), &splat(0.0));
        let step = select(
            &slope,
            &div(&left, &select(&slope, &slope, &splat(1.0))),
            &splat(0.0),
        );
        let next = add(&lambda, &select(short, &step, &splat(0.0)));
        let moved = zip(&next, &lambda, |next, lambda| {
            flag(next > lambda * (1.0 + 1e-14))
        });
        lambda = next;
        if !any_positive(&moved) {
            break;
        }
    }
    lambda
}

/// The least λ at which a shared resource is used up, or at which an item with an alternative runs out of its own parts;
/// [`ENDLESS`] where neither happens.
#[inline(always)]
fn next_event(tier: &TierPlan, a: &Allocation) -> Lanes {
    let mut least = splat(ENDLESS);
    for state in &a.shared[..tier.shared.len()] {
        least = min(&least, &state.lambda);
    }
    for &place in &tier.chained {
        let item = &tier.items[place];
        let state = &a.items[item.index];
        if state.is_active && !item.own.is_empty() {
            let full = add(&state.start, &div(&state.room, &state.speed));
            least = min(&least, &select(&state.live, &full, &splat(ENDLESS)));
        }
    }
    least
}

/// Where a shared resource is used up at `now`, its users keep what they have.
#[inline(always)]
fn use_up(tier: &TierPlan, s: usize, now: &Lanes, a: &mut Allocation) {
    let state = &mut a.shared[s];
    let spent = zip(&state.lambda, now, |lambda, now| {
        flag((lambda < ENDLESS) & (lambda <= now * SAME))
    });
    if !any_positive(&spent) {
        return;
    }
    state.lambda = select(&spent, &splat(ENDLESS), &state.lambda);
    state.limit = select(&spent, &splat(f64::MAX), &state.limit);
    let shared = &tier.shared[s];
    let resource = &mut a.resources[shared.resource];
    resource.spent_at = select(&spent, now, &resource.spent_at);
    a.gone |= bit(shared.resource);
    a.changed |= bit(s);
    for (&(j, _), &shared_bits) in shared.users.iter().zip(&shared.shared_bits) {
        let state = &mut a.items[j];
        if state.is_active {
            let reached = mul(&sub(now, &state.start), &state.speed);
            let stops = zip(
                &spent,
                &zip(&reached, &state.room, |x, room| flag(x < room)),
                |spent, less| {
                    if spent > 0.0 { less } else { 0.0 }
                },
            );
            if any_positive(&stops) {
                state.room = select(&stops, &reached, &state.room);
                a.changed |= shared_bits;
            }
        }
    }
}

/// Where a resource that an item with an alternative needs is used up at `now`, the next bill of materials takes over;
/// where it was its cap that stopped the item, nothing does.
#[inline(always)]
fn settle(plan: &Plan, tier: &TierPlan, item: &TierItem, now: &Lanes, a: &mut Allocation) {
    let state = &a.items[item.index];
    if !state.is_active {
        return;
    }
    let reached = mul(&sub(now, &state.start), &state.speed);
    let full = zip(&reached, &state.room, |reached, room| {
        flag(reached * SAME >= room)
    });
    let full = min(&full, &state.live);
    if !any_positive(&full) {
        return;
    }
    let (by, capped) = binding(plan, item, a);
    let passes: Lanes =
        std::array::from_fn(|l| flag((full[l] > 0.0) & (by[l] >= 0.0) & (capped[l] <= 0.0)));
    if !any_positive(&passes) {
        return;
    }
    let maker = &mut a.makers[item.maker];
    maker.bound = select(&passes, &by, &maker.bound);
    let state = &mut a.items[item.index];
    state.live = sub(&state.live, &passes);
    let built = mul(&state.room, &passes);
    accumulate(&mut maker.started, &built);
    for own in &item.own {
        let used = map(&built, |x| own.count * x);
        if a.resources[own.part].take(&used) {
            a.gone |= bit(own.part);
        }
    }
    let next = &tier.items[item.place + 1];
    enter(next, &passes, now, a);
    a.changed |= next.shared_bits;
}

/// What binds an item at the packages it has: the first of its resources that was used up no later than the item was
/// full (−1 where none was), and 1 where its cap binds it.
#[inline(always)]
fn binding(plan: &Plan, item: &TierItem, a: &Allocation) -> (Lanes, Lanes) {
    let state = &a.items[item.index];
    let built = &state.room;
    let mut by = splat(-1.0);
    for need in &item.needs {
        let resource = &a.resources[need.resource];
        if need.own > 0.0 {
            let left = zip(&resource.available, built, |parts, x| parts - need.own * x);
            let used_up = zip(&left, &resource.opening, |left, opening| {
                flag(left <= USED_UP * opening)
            });
            mark(&mut by, &used_up, need.resource);
        } else if a.gone & bit(need.resource) != 0 {
            let reached = mul(&sub(&resource.spent_at, &state.start), &state.speed);
            let used_up: Lanes = std::array::from_fn(|l| {
                flag((resource.spent_at[l] < ENDLESS) & (reached[l] <= built[l] * SAME))
            });
            mark(&mut by, &used_up, need.resource);
        }
    }
    if state.impossible {
        let used_up = map(&state.package_share, |share| flag(share <= 0.0));
        mark(&mut by, &used_up, item.technology);
    }
    let mut capped = splat(0.0);
    if item.is_capped {
        let maker = &a.makers[item.maker];
        let started = add(&maker.started, built);
        capped = zip(&maker.cap, &started, |cap, x| {
            flag(cap - x <= USED_UP * cap)
        });
    }
    (by, capped)
}

/// Names a resource that is used up where none is named yet.
#[inline(always)]
fn mark(by: &mut Lanes, used_up: &Lanes, resource: usize) {
    let resource = resource as f64;
    *by = zip(by, used_up, |by, used_up| {
        if (by < 0.0) & (used_up > 0.0) {
            resource
        } else {
            by
        }
    });
}

/// What is left of the resources, and what bound every accelerator.
#[inline(always)]
fn finish(plan: &Plan, tier: &TierPlan, a: &mut Allocation) {
    let caps = plan.parts.len() + plan.technologies.len();
    for item in &tier.items {
        if !a.items[item.index].is_active {
            continue;
        }
        let (by, capped) = binding(plan, item, a);
        let state = &mut a.items[item.index];
        let maker = &mut a.makers[item.maker];
        // The cap ends the accelerator, so it is named first.
        let cap = (caps + item.maker) as f64;
        let named = zip(
            &capped,
            &by,
            |capped, by| if capped > 0.0 { cap } else { by },
        );
        let live = &state.live;
        maker.bound = std::array::from_fn(|l| {
            if (live[l] > 0.0) & (named[l] >= 0.0) {
                named[l]
            } else {
                maker.bound[l]
            }
        });
        // What nothing limits cannot be built without end: it is not built.
        state.builds = map(
            &state.room,
            |room| if room < UNLIMITED { room } else { 0.0 },
        );
        for own in &item.own {
            let used = zip(&state.builds, &state.live, |x, live| {
                if live > 0.0 { own.count * x } else { 0.0 }
            });
            if a.resources[own.part].take(&used) {
                a.gone |= bit(own.part);
            }
        }
    }
    for (state, shared) in a.shared.iter().zip(&tier.shared) {
        let resource = &mut a.resources[shared.resource];
        let available = zip(&resource.spent_at, &resource.available, |at, available| {
            if at < ENDLESS { 0.0 } else { available }
        });
        resource.available = available;
        if resource.take(&state.wanted) {
            a.gone |= bit(shared.resource);
        }
    }
}
