//! Capacity, starts and output of logic and memory lines (model §3, §5).

use pulp::Simd;

use super::lanes::{
    Lag, Lanes, accumulate, accumulate_product, any_positive, div, map, min, mul, smallest, splat,
    zip,
};
use super::results::{Monthly, Results};
use super::sample::{date, happens};
use super::vector::{Set, Work, dispatch};
use crate::draw::kernel::lanes as kernel;
use crate::plan::{FabPlan, Gross, MemoryLinePlan, PhasePlan, Plan, StacksPerWafer};
use crate::scenario::RampShape;

/// Installed capacity and starts of every logic line, capacity of packaging lines, and the lags of lines.
#[multiversion::multiversion(targets(
    "x86_64+avx2+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"
))]
pub(super) fn capacities(plan: &Plan, results: &mut Results) {
    let months = plan.months;
    let mut capacity = std::mem::take(&mut results.capacity);
    let mut starts = std::mem::take(&mut results.starts);
    for (f, fab) in plan.fabs.iter().enumerate() {
        let range = f * months..(f + 1) * months;
        let k = &mut capacity[range.clone()];
        k.fill(splat(0.0));
        let mut opening = splat(f64::INFINITY);
        for (p, phase) in fab.phases.iter().enumerate() {
            let start = add_phase(phase, results, k);
            results.phase_start[results.first_phase[f] + p] = start;
            opening = min(&opening, &start);
        }
        results.opens_inside[f] = map(&opening, |at| if at > 0.0 { 1.0 } else { 0.0 });
        start_wafers(fab, results, k, &mut starts[range]);
        let (first, second) = fab.cycle_time;
        let months_of_cycle = match second {
            None => *results.scalar(first),
            Some(second) => mul(results.scalar(first), results.scalar(second)),
        };
        results.cycle_time[f] = map(&months_of_cycle, |l| if l > 0.0 { l } else { 0.0 });
        let mut lag = std::mem::replace(&mut results.lags[f], Lag::empty());
        lag.set(&results.cycle_time[f], months);
        results.lags[f] = lag;
    }
    results.capacity = capacity;
    results.starts = starts;
    packaging(plan, results);
}

/// Adds a phase's capacity to a line; returns its start, infinite where it does not happen.
/// Model eq. (11).
#[inline(always)]
fn add_phase(phase: &PhasePlan, results: &Results, capacity: &mut [Lanes]) -> Lanes {
    let happens = happens(phase.happens, results);
    let start = date(phase.start, results.scalar(phase.delay), &happens);
    let size = results.scalar(phase.add);
    let ramp = results.scalar(phase.ramp_time);
    // A ramp without length is a step: any t at or after the start is far beyond its end.
    let per_month = map(ramp, |r| if r > 1e-9 { 1.0 / r } else { 1e9 });
    let bounded = map(&start, |s| if s < 1e9 { s } else { 1e9 });
    for (m, k) in capacity.iter_mut().enumerate() {
        let t = m as f64 + 0.5;
        let u = zip(&bounded, &per_month, |s, r| {
            let u = (t - s) * r;
            let u = if u > 0.0 { u } else { 0.0 };
            if u < 1.0 { u } else { 1.0 }
        });
        let share = match phase.shape {
            RampShape::Linear => u,
            RampShape::SCurve => map(&u, |u| u * u * (3.0 - 2.0 * u)),
        };
        accumulate_product(k, size, &share);
    }
    start
}

/// Applies the tool limit to the capacity, and gives the starts for accelerators: `A = K · utilisation · ai_share`.
/// Model eq. (12), (13).
#[inline(always)]
fn start_wafers(fab: &FabPlan, results: &Results, capacity: &mut [Lanes], starts: &mut [Lanes]) {
    for (m, (k, start)) in capacity.iter_mut().zip(starts).enumerate() {
        if let Some((scanners, exposures, per_wafer)) = fab.tool_limit {
            let passes = mul(results.at(scanners, m), results.at(exposures, m));
            *k = min(k, &div(&passes, results.at(per_wafer, m)));
        }
        *start = mul(
            &mul(k, results.at(fab.utilisation, m)),
            results.at(fab.ai_share, m),
        );
    }
}

/// Usable capacity of every packaging line, in its own unit.
#[inline(always)]
fn packaging(plan: &Plan, results: &mut Results) {
    let months = plan.months;
    let mut lines = std::mem::take(&mut results.scratch.packaging_lines);
    let mut index = 0;
    for technology in &plan.technologies {
        for line in &technology.lines {
            let k = &mut lines[index * months..(index + 1) * months];
            k.fill(splat(0.0));
            for phase in &line.phases {
                add_phase(phase, results, k);
            }
            for (m, k) in k.iter_mut().enumerate() {
                *k = mul(k, results.at(line.utilisation, m));
            }
            index += 1;
        }
    }
    results.scratch.packaging_lines = lines;
}

/// What arrives in stock by part and origin: good dies of the lines, stacks of the lines, dated deliveries.
pub(super) fn arrivals(plan: &Plan, results: &mut Results) {
    dispatch(Arrivals { plan, results });
}

struct Arrivals<'a> {
    plan: &'a Plan,
    results: &'a mut Results,
}

impl Work for Arrivals<'_> {
    #[inline(always)]
    fn work<S: Simd, const K: usize>(self, set: Set<S, K>) {
        let Arrivals { plan, results } = self;
        let months = plan.months;
        let mut arrivals = std::mem::take(&mut results.arrivals);
        arrivals.fill(splat(0.0));
        let mut good_dies = std::mem::take(&mut results.good_dies);
        good_dies.fill(splat(0.0));
        let mut starts = std::mem::take(&mut results.starts);
        let mut scratch = std::mem::take(&mut results.scratch.monthly);
        for f in 0..plan.fabs.len() {
            let starts = &mut starts[f * months..(f + 1) * months];
            // A line that opens late has an empty pipeline before.
            let Some(opening) = starts.iter().position(any_positive) else {
                continue;
            };
            split(set, plan, f, opening, results, starts, &mut scratch);
            output(
                set,
                plan,
                f,
                opening,
                results,
                &mut scratch,
                &mut arrivals,
                &mut good_dies,
            );
        }
        for line in &plan.memory_lines {
            let slot = results.first_slot[line.part] + line.origin;
            let arrivals = &mut arrivals[slot * months..(slot + 1) * months];
            memory(set, line, months, results, &mut scratch, arrivals);
        }
        for (p, part) in plan.parts.iter().enumerate() {
            for &(month, origin, amount) in &part.deliveries {
                let slot = results.first_slot[p] + origin;
                accumulate(&mut arrivals[slot * months + month], results.scalar(amount));
            }
        }
        results.scratch.monthly = scratch;
        results.starts = starts;
        results.arrivals = arrivals;
        results.good_dies = good_dies;
    }
}

/// Splits the starts of a logic line among the dies of its process, by weight; where no weight is positive nothing is
/// started.
#[inline(always)]
fn split<S: Simd, const K: usize>(
    set: Set<S, K>,
    plan: &Plan,
    f: usize,
    opening: usize,
    results: &Results,
    starts: &mut [Lanes],
    scratch: &mut Monthly,
) {
    let months = plan.months;
    let dies = &plan.processes[plan.fabs[f].process].dies;
    let zero = set.splat(0.0);
    let Monthly { weights, total, .. } = scratch;
    total[opening..].fill(splat(0.0));
    for (i, &d) in dies.iter().enumerate() {
        let weights = &mut weights[i * months..(i + 1) * months];
        die_weights(set, plan, f, d, opening, results, weights);
        for (total, weight) in total[opening..].iter_mut().zip(&weights[opening..]) {
            (set.load(total) + set.load(weight)).store(total);
        }
    }
    // From here on: starts per unit of weight.
    for (start, total) in starts[opening..].iter_mut().zip(&mut total[opening..]) {
        let sum = set.load(total);
        let any = zero.below(sum);
        let started = any.select(set.load(start), zero);
        started.store(start);
        (started / any.select(sum, set.splat(1.0))).store(total);
    }
}

/// The output of a logic line: what was started of each die waits out the cycle time and is multiplied by gross dies and
/// by the yield of the month in which it leaves.
/// Model eq. (14), (24).
#[allow(
    clippy::too_many_arguments,
    reason = "all of them are columns of one table"
)]
#[inline(always)]
fn output<S: Simd, const K: usize>(
    set: Set<S, K>,
    plan: &Plan,
    f: usize,
    opening: usize,
    results: &Results,
    scratch: &mut Monthly,
    arrivals: &mut [Lanes],
    good_dies: &mut [Lanes],
) {
    let months = plan.months;
    let fab = &plan.fabs[f];
    let zero = set.splat(0.0);
    let Monthly {
        weights,
        total,
        out,
        ..
    } = scratch;
    for (i, &d) in plan.processes[fab.process].dies.iter().enumerate() {
        let weights = &mut weights[i * months..(i + 1) * months];
        let mut any = zero.below(zero);
        for (weight, per_weight) in weights[opening..].iter_mut().zip(&total[opening..]) {
            let started = set.load(weight) * set.load(per_weight);
            any = any | zero.below(started);
            started.store(weight);
        }
        if !any.any() {
            continue;
        }
        let mut before = splat(0.0);
        if opening == 0 {
            let inside = zero.below(set.load(&results.opens_inside[f]));
            inside
                .select(zero, set.load(&weights[0]))
                .store(&mut before);
        }
        let out = &mut out[opening..];
        results.lags[f].pull(set, &weights[opening..], &before, out);
        let slot = (results.first_slot[d] + fab.origins[i]) * months;
        let gross = set.load(&results.gross[d]);
        let yields = &results.die_yield[d * months + opening..(d + 1) * months];
        let arrivals = &mut arrivals[slot + opening..slot + months];
        let good_dies = &mut good_dies[d * months + opening..(d + 1) * months];
        for (((wafers, die_yield), arrived), made) in
            out.iter().zip(yields).zip(arrivals).zip(good_dies)
        {
            let good = set.load(wafers) * gross * set.load(die_yield);
            (set.load(arrived) + good).store(arrived);
            (set.load(made) + good).store(made);
        }
    }
}

/// The weight of a die in a line's starts from a month on: given, or so that expected good dies follow the build plan,
/// `Σ_k ω_k · n_kd / (GDPW_d · Y_d)` over the accelerators in production when the wafer leaves.
/// Model eq. (15).
#[inline(always)]
fn die_weights<S: Simd, const K: usize>(
    set: Set<S, K>,
    plan: &Plan,
    f: usize,
    d: usize,
    opening: usize,
    results: &Results,
    weights: &mut [Lanes],
) {
    let fab = &plan.fabs[f];
    let months = plan.months;
    if !fab.mix.is_empty() {
        let given = fab.mix.iter().find(|(die, _)| *die == d);
        for m in opening..months {
            weights[m] = given.map_or(splat(0.0), |(_, weight)| *results.at(*weight, m));
        }
        return;
    }
    let zero = set.splat(0.0);
    weights[opening..].fill(splat(0.0));
    let cycle = set.load(&results.cycle_time[f]);
    for &(item, count) in &plan.dies[d].users {
        let accelerator = &plan.accelerators[plan.items[item].accelerator];
        // In production when the wafer leaves: launch ≤ start + cycle time < end.
        let first = set.load(&results.launch[plan.items[item].accelerator]) - cycle;
        let last = set.splat(accelerator.end) - cycle;
        let mut earliest = splat(0.0);
        first.store(&mut earliest);
        let earliest = smallest(&earliest) - 0.5;
        let from = if earliest > opening as f64 {
            earliest.min(months as f64) as usize
        } else {
            opening
        };
        let count = set.splat(count);
        for (m, sum) in (from..months).zip(&mut weights[from..months]) {
            let t = set.splat(m as f64 + 0.5);
            let weight = set.load(results.at(accelerator.weight, m));
            let in_production = first.at_most(t) & t.below(last) & zero.below(weight);
            (set.load(sum) + in_production.select(weight * count, zero)).store(sum);
        }
    }
    let gross = set.load(&results.gross[d]);
    let yields = &results.die_yield[d * months + opening..(d + 1) * months];
    for (weight, die_yield) in weights[opening..].iter_mut().zip(yields) {
        let good = gross * set.load(die_yield);
        let any = zero.below(good);
        let wafers = set.load(weight) / any.select(good, set.splat(1.0));
        any.select(wafers, zero).store(weight);
    }
}

/// Gross dies per wafer.
#[inline(always)]
pub(super) fn gross(plan: &Plan, results: &mut Results) {
    for (d, die) in plan.dies.iter().enumerate() {
        results.gross[d] = match die.gross {
            Gross::Packed(count) => splat(count),
            Gross::Given(count) => *results.scalar(count),
        };
    }
}

/// The stacks of one memory line.
/// Model eq. (25).
#[inline(always)]
fn memory<S: Simd, const K: usize>(
    set: Set<S, K>,
    line: &MemoryLinePlan,
    months: usize,
    results: &Results,
    scratch: &mut Monthly,
    arrivals: &mut [Lanes],
) {
    let Monthly {
        total: capacity,
        out,
        ..
    } = scratch;
    capacity.fill(splat(0.0));
    let mut opening = splat(f64::INFINITY);
    for phase in &line.phases {
        opening = min(&opening, &add_phase(phase, results, capacity));
    }
    for (m, k) in capacity.iter_mut().enumerate() {
        (set.load(k) * set.load(results.at(line.utilisation, m))).store(k);
    }
    let before = zip(
        &capacity[0],
        &opening,
        |k, at| if at > 0.0 { 0.0 } else { k },
    );
    let mut lag = Lag::empty();
    lag.set(
        &map(results.scalar(line.cycle_time), |l| {
            if l > 0.0 { l } else { 0.0 }
        }),
        months,
    );
    lag.pull(set, capacity, &before, out);
    for (m, (wafers, arrived)) in out.iter().zip(arrivals).enumerate() {
        let stacks = stacks_per_wafer(line, m, results);
        (set.load(arrived) + set.load(wafers) * set.load(&stacks)).store(arrived);
    }
}

/// Model eq. (26).
#[inline(always)]
fn stacks_per_wafer(line: &MemoryLinePlan, month: usize, results: &Results) -> Lanes {
    match &line.stacks {
        StacksPerWafer::Given(stacks) => *results.at(*stacks, month),
        StacksPerWafer::Built {
            dies,
            die_yield,
            layers,
            stack_yield,
            bond_yield,
        } => {
            let layers = results.scalar(*layers);
            let good = mul(results.at(*dies, month), results.at(*die_yield, month));
            let stack = match (stack_yield, bond_yield) {
                (Some(stack), _) => *results.at(*stack, month),
                (None, Some(bond)) => {
                    kernel::exp(&mul(layers, &kernel::ln(results.at(*bond, month))))
                }
                (None, None) => splat(1.0),
            };
            mul(&div(&good, layers), &stack)
        }
    }
}
