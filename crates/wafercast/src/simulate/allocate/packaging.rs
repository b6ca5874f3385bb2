//! The lines of each packaging technology as one resource, over all months (model §5).

use pulp::Simd;

use super::Allocation;
use crate::plan::Plan;
use crate::simulate::lanes::Lanes;
use crate::simulate::results::Results;
use crate::simulate::vector::{Set, Vector};

/// Capacity, yield, home share and lead time of every technology, and what a package of each kind takes of the month.
#[inline(always)]
pub(super) fn months<S: Simd, const K: usize>(
    set: Set<S, K>,
    plan: &Plan,
    results: &mut Results,
    a: &mut Allocation,
) {
    for (k, kind) in plan.package_kinds.iter().enumerate() {
        share(
            set,
            plan,
            k,
            &kind.packages_per_wafer,
            kind.technology,
            results,
            a,
        );
    }
    for t in 0..plan.technologies.len() {
        technology(set, plan, t, results, a);
    }
}

/// The place of a technology's first line among all packaging lines.
#[inline(always)]
fn first_line(plan: &Plan, t: usize) -> usize {
    plan.technologies[..t].iter().map(|t| t.lines.len()).sum()
}

/// The share of the month's capacity that a package takes. A package that fits on no wafer of the technology's lines
/// cannot be made; its share is written as 0.
#[inline(always)]
fn share<S: Simd, const K: usize>(
    set: Set<S, K>,
    plan: &Plan,
    kind: usize,
    packages_per_wafer: &[f64],
    technology: usize,
    results: &Results,
    a: &mut Allocation,
) {
    let months = plan.months;
    let zero = set.splat(0.0);
    let first = first_line(plan, technology);
    for m in 0..months {
        let mut capacity = zero;
        for (i, &packages) in packages_per_wafer.iter().enumerate() {
            let line = &results.scratch.packaging_lines[(first + i) * months + m];
            capacity = capacity + set.load(line) * set.splat(packages);
        }
        let possible = zero.below(capacity);
        let share = set.splat(1.0) / possible.select(capacity, set.splat(1.0));
        possible
            .select(share, zero)
            .store(&mut a.package_share[kind * months + m]);
        a.impossible[kind * months + m] = capacity.at_most(zero).any();
    }
}

/// The lines of a technology, weighted by capacity in packages of its reference item.
/// Model eq. (27).
#[inline(always)]
fn technology<S: Simd, const K: usize>(
    set: Set<S, K>,
    plan: &Plan,
    t: usize,
    results: &mut Results,
    a: &mut Allocation,
) {
    let months = plan.months;
    let zero = set.splat(0.0);
    let first = first_line(plan, t);
    let technology = &plan.technologies[t];
    let reference = technology
        .reference_item
        .map(|j| &plan.items[j].packages_per_wafer);
    for m in 0..months {
        let mut total = zero;
        let (mut yields, mut lead_times, mut home) = (zero, zero, zero);
        for (i, line) in technology.lines.iter().enumerate() {
            let packages = set.splat(reference.map_or(0.0, |r| r[i]));
            let k = set.load(&results.scratch.packaging_lines[(first + i) * months + m]) * packages;
            total = total + k;
            yields = yields + k * set.load(results.at(line.assembly_yield, m));
            lead_times = lead_times + k * set.load(results.scalar(line.lead_time));
            if line.home {
                home = home + k;
            }
        }
        let any = zero.below(total);
        let divisor = any.select(total, set.splat(1.0));
        let mean = |sum: Vector<S, K>| any.select(sum / divisor, zero);
        mean(yields).store(&mut a.assembly_yield[t * months + m]);
        mean(home).store(&mut a.home_packaging[t * months + m]);
        let mut lead_time = Lanes::splat(0.0);
        mean(lead_times).max(zero).store(&mut lead_time);
        a.lags[t * months + m].set(&lead_time, months);
        total.store(&mut results.packaging[t * months + m]);
    }
}
