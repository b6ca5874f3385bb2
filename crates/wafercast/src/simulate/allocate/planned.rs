//! Builds that a planner decided: the balances, origins and deliveries that follow from them.

use super::*;
use crate::planned::Decisions;

/// Carries decisions out, on results that hold the allocation by tiers and weights.
pub(in crate::simulate) fn run(plan: &Plan, decisions: &Decisions, results: &mut Results) {
    dispatch(Planned {
        plan,
        decisions,
        results,
    });
}

struct Planned<'a> {
    plan: &'a Plan,
    decisions: &'a Decisions,
    results: &'a mut Results,
}

impl Work for Planned<'_> {
    #[inline(always)]
    fn work<S: Simd, const K: usize>(self, set: Set<S, K>) {
        let Planned {
            plan,
            decisions,
            results,
        } = self;
        let mut a = std::mem::take(&mut results.scratch.allocation);
        // What was built before the horizon is no decision.
        deliver(set, plan, results, &a, Builds::BeforeHorizon);
        arrivals(plan, decisions, results);
        results.starts.copy_from_slice(&decisions.starts);
        results.builds.copy_from_slice(&decisions.builds);
        results.bound.copy_from_slice(&decisions.bound);
        for month in 0..plan.months {
            open(set, plan, month, results, &mut a);
            use_parts(set, plan, month, results, &mut a);
            take_from_stock(set, plan, month, results, &mut a);
        }
        deliver(set, plan, results, &a, Builds::InsideHorizon);
        results.scratch.allocation = a;
    }
}

/// Dies that lines make join those of stockpiles, in the months and draws that are decided on.
fn arrivals(plan: &Plan, decisions: &Decisions, results: &mut Results) {
    let months = plan.months;
    for (d, part) in plan.parts[..plan.dies.len()].iter().enumerate() {
        for (lane, &first) in decisions.first.iter().enumerate() {
            for month in first..months {
                results.good_dies[d * months + month][lane] = 0.0;
            }
            for slot in results.first_slot[d]..results.first_slot[d + 1] {
                for at in slot * months + first..(slot + 1) * months {
                    let made = decisions.made[at][lane];
                    results.arrivals[at][lane] = made;
                    results.good_dies[d * months + at - slot * months][lane] += made;
                }
            }
            for &(month, origin, amount) in &part.deliveries {
                if month >= first {
                    let at = (results.first_slot[d] + origin) * months + month;
                    results.arrivals[at][lane] += results.scalars[amount][lane];
                }
            }
        }
    }
}

/// Takes what the month's builds need. Decisions keep the balances to rounding; where they ask for more than there is,
/// builds that need what is short are cut down alike.
#[inline(always)]
fn use_parts<S: Simd, const K: usize>(
    set: Set<S, K>,
    plan: &Plan,
    month: usize,
    results: &mut Results,
    a: &mut Allocation,
) {
    let (zero, one) = (set.splat(0.0), set.splat(1.0));
    let resources = plan.parts.len() + plan.technologies.len();
    let mut kept = vec![splat(1.0); resources];
    for (r, kept) in kept.iter_mut().enumerate() {
        let wanted = wanted(set, plan, month, results, a, r);
        let there = set.load(&a.resources[r].available);
        let short = there.below(wanted);
        let share = there / short.select(wanted, one);
        short.select(share, one).store(kept);
    }
    for (j, item) in plan.items.iter().enumerate() {
        let mut share = one;
        for r in needs(plan, item) {
            share = share.min(set.load(&kept[r]));
        }
        let builds = &mut results.builds[j * plan.months + month];
        (set.load(builds) * share).store(builds);
    }
    for r in 0..resources {
        let used = wanted(set, plan, month, results, a, r);
        let there = set.load(&a.resources[r].available);
        let used = used.min(there);
        if zero.below(used).any() {
            a.resources[r].take(set, used);
        }
    }
}

/// The parts and the technology of a bill of materials, as resources.
fn needs<'a>(plan: &'a Plan, item: &'a crate::plan::Item) -> impl Iterator<Item = usize> + 'a {
    let technology = item.technology.map(|t| plan.parts.len() + t);
    let parts = item.parts.iter().map(|(part, _)| *part);
    parts.chain(technology)
}

/// What the month's builds need of a resource.
#[inline(always)]
fn wanted<S: Simd, const K: usize>(
    set: Set<S, K>,
    plan: &Plan,
    month: usize,
    results: &Results,
    a: &Allocation,
    resource: usize,
) -> Vector<S, K> {
    let mut wanted = set.splat(0.0);
    for (j, item) in plan.items.iter().enumerate() {
        let builds = &results.builds[j * plan.months + month];
        for &(_, count) in item.parts.iter().filter(|(part, _)| *part == resource) {
            wanted = wanted + set.load(builds) * set.splat(count);
        }
        if item.technology.map(|t| plan.parts.len() + t) == Some(resource) {
            wanted = wanted + set.load(builds) * set.load(&a.items[j].package_share);
        }
    }
    wanted
}
