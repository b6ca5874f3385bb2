//! Scores, scalars and series of a group of draws (model §2, §8).

use super::lanes::{LANES, Lanes, add, div, map, max, mul, splat, sub, zip};
use super::results::Results;
use crate::draw::Stream;
use crate::draw::kernel::lanes as kernel;
use crate::plan::{Chance, PathPlan, Plan, SeriesBase, Source};
use crate::scenario::{Action, Between};

/// Independent standard normal scores, each from its own stream.
#[multiversion::multiversion(targets(
    "x86_64+avx2+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"
))]
pub(super) fn scores(streams: &[Stream], first: u64, results: &mut Results) {
    for (score, stream) in results.scores.iter_mut().zip(streams) {
        *score = stream.normal_scores(first);
    }
}

/// Scores, correlated in their groups and along paths.
/// Model eq. (7), (10).
pub(super) fn correlate(plan: &Plan, results: &mut Results) {
    for (group, copula) in &plan.copulas {
        let mut correlated = group.iter().map(|&s| results.scores[s]).collect::<Vec<_>>();
        copula.apply(&mut correlated);
        for (&s, score) in group.iter().zip(&correlated) {
            results.scores[s] = *score;
        }
    }
    for path in &plan.serial {
        for k in 1..path.scores.len() {
            let before = results.scores[path.scores[k - 1]];
            let own = results.scores[path.scores[k]];
            let rho = path.rho[k];
            let rest = (1.0 - rho * rho).max(0.0).sqrt();
            results.scores[path.scores[k]] = zip(&before, &own, |b, e| rho * b + rest * e);
        }
    }
}

/// Model eq. (9).
#[inline(always)]
fn value(source: &Source, scores: &[Lanes]) -> Lanes {
    match source {
        Source::Fixed(value) => splat(*value),
        Source::Sampled { score, sampler } => sampler.from_scores(&scores[*score]),
    }
}

/// Scalars, with the effects of events that happen; then the dates of events and launches, which rest on scalars.
#[multiversion::multiversion(targets(
    "x86_64+avx2+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"
))]
pub(super) fn scalars(plan: &Plan, results: &mut Results) {
    for (id, scalar) in plan.scalars.iter().enumerate() {
        results.scalars[id] = value(&scalar.source, &results.scores);
    }
    event_starts(plan, results);
    // An effect on a scalar holds for the whole draw in which its event happens. Operands are read before any effect on
    // them, dates of events before effects on their slip.
    let any_effect = plan.scalars.iter().any(|scalar| !scalar.effects.is_empty());
    if any_effect {
        let before = results.scalars.clone();
        for (id, scalar) in plan.scalars.iter().enumerate() {
            for &effect in &scalar.effects {
                let effect = &plan.effects[effect];
                let happens = map(&results.event_start[effect.event], |at| {
                    if at < f64::INFINITY { 1.0 } else { 0.0 }
                });
                results.scalars[id] = apply(
                    effect.action,
                    &results.scalars[id],
                    &before[effect.once],
                    &happens,
                );
            }
        }
        event_starts(plan, results);
    }
    for (k, accelerator) in plan.accelerators.iter().enumerate() {
        let happens = happens(accelerator.happens, results);
        results.launch[k] = date(
            accelerator.launch,
            &results.scalars[accelerator.delay],
            &happens,
        );
    }
}

#[inline(always)]
fn event_starts(plan: &Plan, results: &mut Results) {
    for (e, event) in plan.events.iter().enumerate() {
        let happens = happens(event.happens, results);
        results.event_start[e] = date(event.date, &results.scalars[event.delay], &happens);
    }
}

/// A slipped date; infinite where it does not happen.
#[inline(always)]
pub(super) fn date(announced: f64, delay: &Lanes, happens: &Lanes) -> Lanes {
    zip(delay, happens, |d, h| {
        if h > 0.0 {
            announced + d
        } else {
            f64::INFINITY
        }
    })
}

/// 1 where it happens: where the score's upper tail lies within the probability.
#[inline(always)]
pub(super) fn happens(chance: Chance, results: &Results) -> Lanes {
    let probability = &results.scalars[chance.probability];
    match chance.score {
        None => map(probability, |p| if p > 0.0 { 1.0 } else { 0.0 }),
        Some(score) => {
            let upper = kernel::normal_cdf(&map(&results.scores[score], |z| -z));
            zip(&upper, probability, |u, p| if u < p { 1.0 } else { 0.0 })
        }
    }
}

/// Model eq. (37).
#[inline(always)]
fn apply(action: Action, x: &Lanes, operand: &Lanes, active: &Lanes) -> Lanes {
    let changed = match action {
        Action::Multiply => mul(x, operand),
        Action::Replace => *operand,
        Action::Add => add(x, operand),
    };
    Lanes::from_fn(|l| if active[l] > 0.0 { changed[l] } else { x[l] })
}

/// Series: paths read at the middle of each month, then the effects of events from their date until their end.
#[multiversion::multiversion(targets(
    "x86_64+avx2+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"
))]
pub(super) fn series(plan: &Plan, results: &mut Results) {
    let months = plan.months;
    for (id, series) in plan.series.iter().enumerate() {
        let range = id * months..(id + 1) * months;
        match &series.base {
            SeriesBase::Constant(source) => {
                let constant = value(source, &results.scores);
                results.series[range.clone()].fill(constant);
            }
            SeriesBase::Path(path) => {
                let Results {
                    scores,
                    scalars,
                    series,
                    ..
                } = results;
                read_path(path, scores, scalars, &mut series[range.clone()]);
            }
        }
    }
    for (id, series) in plan.series.iter().enumerate() {
        for &effect in &series.effects {
            let effect = &plan.effects[effect];
            let until = plan.events[effect.event].until;
            let start = results.event_start[effect.event];
            for m in 0..months {
                let t = m as f64 + 0.5;
                if t >= until {
                    break;
                }
                let active = map(&start, |s| if t >= s { 1.0 } else { 0.0 });
                let operand = *results.at(effect.operand, m);
                let x = &mut results.series[id * months + m];
                *x = apply(effect.action, x, &operand, &active);
            }
        }
    }
}

/// A path, month by month.
#[inline(always)]
fn read_path(path: &PathPlan, scores: &[Lanes], scalars: &[Lanes], out: &mut [Lanes]) {
    let (first_position, first) = &path.anchors[0];
    let mut position = *first_position;
    let mut left = value(first, scores);
    let mut m = 0;
    while m < out.len() && (m as f64 + 0.5) < position {
        out[m] = left;
        m += 1;
    }
    for (next_position, source) in &path.anchors[1..] {
        let right = value(source, scores);
        let from = m;
        while m < out.len() && (m as f64 + 0.5) < *next_position {
            m += 1;
        }
        segment(
            path.between,
            (position, &left),
            (*next_position, &right),
            from,
            &mut out[from..m],
        );
        position = *next_position;
        left = right;
    }
    match path.growth {
        None => out[m..].fill(left),
        Some(growth) => grow(&scalars[growth], position, &left, m, &mut out[m..]),
    }
}

/// The months `from …` between two anchors.
#[inline(always)]
fn segment(
    between: Between,
    left: (f64, &Lanes),
    right: (f64, &Lanes),
    from: usize,
    out: &mut [Lanes],
) {
    let span = right.0 - left.0;
    let weight = |i: usize| ((from + i) as f64 + 0.5 - left.0) / span;
    let linear = |w: f64| zip(left.1, right.1, |a, b| a + (b - a) * w);
    match between {
        Between::Step => out.fill(*left.1),
        Between::Linear => {
            for (i, value) in out.iter_mut().enumerate() {
                *value = linear(weight(i));
            }
        }
        Between::Geometric => {
            if out.is_empty() {
                return;
            }
            // Straight in the logarithm where both ends are positive; one month to the next is one fixed ratio.
            let positive = zip(
                left.1,
                right.1,
                |a, b| if a > 0.0 && b > 0.0 { 1.0 } else { 0.0 },
            );
            let safe = |x: &Lanes| zip(x, &positive, |v, p| if p > 0.0 { v } else { 1.0 });
            let (a, b) = (safe(left.1), safe(right.1));
            let difference = sub(&kernel::ln(&b), &kernel::ln(&a));
            let first = weight(0);
            let mut value = mul(&a, &kernel::exp(&map(&difference, |d| d * first)));
            let ratio = kernel::exp(&map(&difference, |d| d / span));
            for (i, slot) in out.iter_mut().enumerate() {
                let straight = linear(weight(i));
                *slot = Lanes::from_fn(|l| {
                    if positive[l] > 0.0 {
                        value[l]
                    } else {
                        straight[l]
                    }
                });
                value = mul(&value, &ratio);
            }
        }
    }
}

/// Growth beyond the last anchor: `x·(1 + g)^((t − t_last)/12)`, g per year (0.4 = 40 %/year); a shrinkage of more than
/// all is none left.
/// Model eq. (6).
#[inline(always)]
fn grow(growth: &Lanes, position: f64, last: &Lanes, from: usize, out: &mut [Lanes]) {
    if out.is_empty() {
        return;
    }
    let yearly = max(&map(growth, |g| 1.0 + g), &splat(f64::MIN_POSITIVE));
    let monthly = div(&kernel::ln(&yearly), &splat(12.0));
    let elapsed = from as f64 + 0.5 - position;
    let mut value = mul(last, &kernel::exp(&map(&monthly, |g| g * elapsed)));
    let ratio = kernel::exp(&monthly);
    for slot in out {
        *slot = value;
        value = mul(&value, &ratio);
    }
}

const _: () = assert!(LANES == 32);
