//! Die yield by month (model §4), read in the month in which wafers leave.

use pulp::Simd;

use super::lanes::{Lanes, accumulate, map, max, min, mul, splat, zip};
use super::results::Results;
use super::vector::{Set, Work, dispatch};
use crate::die_yield::{self, Salvage};
use crate::draw::kernel::lanes as kernel;
use crate::plan::{Density, DiePlan, Model, Plan, ProcessPlan, Reading};

/// A yield model with its parameter in every draw.
#[derive(Debug, Clone, Copy)]
enum LaneModel {
    Poisson,
    Murphy,
    MurphyRectangular,
    Seeds,
    SeedsSqrt,
    BoseEinstein(Lanes),
    NegativeBinomial(Lanes),
}

/// The yield of every die in every month, and its gross dies per wafer.
pub(super) fn run(plan: &Plan, results: &mut Results) {
    dispatch(Yields { plan, results });
}

struct Yields<'a> {
    plan: &'a Plan,
    results: &'a mut Results,
}

impl Work for Yields<'_> {
    #[inline(always)]
    fn work<S: Simd, const K: usize>(self, set: Set<S, K>) {
        yields(set, self.plan, self.results);
    }
}

/// Model eq. (17), (18).
#[inline(always)]
fn yields<S: Simd, const K: usize>(set: Set<S, K>, plan: &Plan, results: &mut Results) {
    super::lines::gross(plan, results);
    let mut yields = std::mem::take(&mut results.die_yield);
    let mut scratch = std::mem::take(&mut results.scratch.monthly);
    for process in &plan.processes {
        let model = lane_model(process.model, results);
        let constant = is_constant(process);
        let count = if constant { 1 } else { plan.months };
        let super::results::Monthly {
            total: density,
            out: pulled,
            work: cumulated,
            ..
        } = &mut scratch;
        if let Density::Cumulated { .. } = process.density {
            wafers_out(set, plan, process, results, cumulated, pulled);
        }
        for m in 0..count {
            density[m] = density_at(plan, process, model, m, cumulated, results);
        }
        for &d in &process.dies {
            let die = &plan.dies[d];
            let critical = results.scalar(die.critical_area);
            let slot = &mut yields[d * plan.months..(d + 1) * plan.months];
            let area = set.load(critical) * set.splat(die.area);
            for (x, density) in slot[..count].iter_mut().zip(&density[..]) {
                (set.load(density) * area).store(x);
            }
            die_yields(set, model, die.cores.as_ref(), &mut slot[..count]);
            for (m, x) in slot[..count].iter_mut().enumerate() {
                (set.load(x) * set.load(results.at(process.line_yield, m))).store(x);
            }
            let first = slot[0];
            slot[count..].fill(first);
        }
    }
    results.scratch.monthly = scratch;
    results.die_yield = yields;
}

#[inline(always)]
fn lane_model(model: Model, results: &Results) -> LaneModel {
    match model {
        Model::Poisson => LaneModel::Poisson,
        Model::Murphy => LaneModel::Murphy,
        Model::MurphyRectangular => LaneModel::MurphyRectangular,
        Model::Seeds => LaneModel::Seeds,
        Model::SeedsSqrt => LaneModel::SeedsSqrt,
        Model::BoseEinstein(n) => LaneModel::BoseEinstein(*results.scalar(n)),
        Model::NegativeBinomial(alpha) => LaneModel::NegativeBinomial(*results.scalar(alpha)),
    }
}

/// Whether nothing that the yield rests on varies in time.
#[inline(always)]
fn is_constant(process: &ProcessPlan) -> bool {
    let scalar = |reading: Reading| matches!(reading, Reading::Scalar(_));
    scalar(process.line_yield)
        && match process.density {
            Density::Given(reading)
            | Density::Calibrated {
                reported: reading, ..
            } => scalar(reading),
            Density::Learning { .. } | Density::Cumulated { .. } => false,
        }
}

/// D0 in a month, 1/mm².
/// Model eq. (19), (20), (21), (22).
#[inline(always)]
fn density_at(
    plan: &Plan,
    process: &ProcessPlan,
    model: LaneModel,
    month: usize,
    cumulated: &[Lanes],
    results: &Results,
) -> Lanes {
    match process.density {
        Density::Given(reading) => *results.at(reading, month),
        Density::Learning {
            gompertz,
            initial,
            floor,
            from,
            time_constant,
        } => {
            let elapsed = (month as f64 + 0.5 - from).max(0.0);
            let decay = kernel::exp(&map(results.scalar(time_constant), |tau| -elapsed / tau));
            let (initial, floor) = (results.scalar(initial), results.scalar(floor));
            if gompertz {
                let ratio = kernel::ln(&zip(initial, floor, |i, f| i / f));
                mul(floor, &kernel::exp(&mul(&ratio, &decay)))
            } else {
                let above = zip(initial, floor, |i, f| i - f);
                zip(floor, &mul(&above, &decay), |f, rest| f + rest)
            }
        }
        Density::Cumulated {
            initial,
            reference,
            exponent,
        } => {
            let reference = results.scalar(reference);
            let ratio = max(
                &zip(&cumulated[month], reference, |w, r| w / r),
                &splat(1.0),
            );
            let power = kernel::exp(&zip(
                &kernel::ln(&ratio),
                results.scalar(exponent),
                |l, b| -b * l,
            ));
            mul(results.scalar(initial), &power)
        }
        Density::Calibrated { die, reported } => {
            let die = &plan.dies[die];
            let critical = results.scalar(die.critical_area);
            let line = results.at(process.line_yield, month);
            let share = zip(results.at(reported, month), line, |reported, line| {
                reported / line
            });
            // Yields of one and more mean no defects; a yield of zero would mean infinitely many.
            let share = max(&min(&share, &splat(1.0)), &splat(1e-12));
            let x = solve(model, die, &share);
            zip(&x, critical, |x, c| x / (die.area * c))
        }
    }
}

/// Wafers out of all lines of a process since month 0, by the middle of each month.
#[inline(always)]
fn wafers_out<S: Simd, const K: usize>(
    set: Set<S, K>,
    plan: &Plan,
    process: &ProcessPlan,
    results: &Results,
    cumulated: &mut [Lanes],
    pulled: &mut [Lanes],
) {
    cumulated.fill(splat(0.0));
    for &f in &process.fabs {
        let fab = &plan.fabs[f];
        let started = (0..plan.months)
            .map(|m| {
                mul(
                    &results.capacity[f * plan.months + m],
                    results.at(fab.utilisation, m),
                )
            })
            .collect::<Vec<_>>();
        let before = zip(&started[0], &results.opens_inside[f], |a, inside| {
            if inside > 0.0 { 0.0 } else { a }
        });
        results.lags[f].pull(set, &started, &before, pulled);
        for m in 0..plan.months {
            accumulate(&mut cumulated[m], &pulled[m]);
        }
    }
    let mut before = splat(0.0);
    for wafers in &mut cumulated[..plan.months] {
        let by_the_middle = zip(&before, wafers, |before, out| before + 0.5 * out);
        accumulate(&mut before, wafers);
        *wafers = by_the_middle;
    }
}

/// From the expected defects of a die to its yield, salvage included, month by month.
#[inline(always)]
fn die_yields<S: Simd, const K: usize>(
    set: Set<S, K>,
    model: LaneModel,
    cores: Option<&Salvage>,
    months: &mut [Lanes],
) {
    if let Some(cores) = cores {
        return each(months, |x| salvaged(model, cores, x));
    }
    match model {
        LaneModel::Poisson => each(months, |x| kernel::exp(&map(x, |x| -x))),
        LaneModel::Murphy => each(months, |x| {
            let mean = mean_survival(x);
            mul(&mean, &mean)
        }),
        LaneModel::MurphyRectangular => each(months, |x| mean_survival(&map(x, |x| 2.0 * x))),
        LaneModel::Seeds => each(months, |x| map(x, |x| 1.0 / (1.0 + x))),
        LaneModel::SeedsSqrt => each(months, |x| kernel::exp(&map(x, |x| -x.sqrt()))),
        LaneModel::BoseEinstein(n) => power_law(set, &splat(1.0), &n, months),
        LaneModel::NegativeBinomial(alpha) => power_law(set, &alpha, &alpha, months),
    }
}

#[inline(always)]
fn each(months: &mut [Lanes], f: impl Fn(&Lanes) -> Lanes) {
    for x in months {
        *x = f(x);
    }
}

/// `(1 + x/scale)^−exponent`, in passes, so that one month need not wait for another.
#[inline(always)]
fn power_law<S: Simd, const K: usize>(
    set: Set<S, K>,
    scale: &Lanes,
    exponent: &Lanes,
    months: &mut [Lanes],
) {
    let one = set.splat(1.0);
    let per_defect = one / set.load(scale);
    let exponent = set.splat(0.0) - set.load(exponent);
    for x in months.iter_mut() {
        (one + set.load(x) * per_defect).store(x);
    }
    for x in months.iter_mut() {
        *x = kernel::ln(x);
    }
    for x in months.iter_mut() {
        (set.load(x) * exponent).store(x);
    }
    for x in months.iter_mut() {
        *x = kernel::exp(x);
    }
}

/// `(1 − e^−x)/x`, by its series near zero.
#[inline(always)]
fn mean_survival(x: &Lanes) -> Lanes {
    let decayed = kernel::exp(&map(x, |x| -x));
    zip(x, &decayed, |x, e| {
        if x < 1e-3 {
            1.0 - x * (0.5 - x * (1.0 / 6.0 - x / 24.0))
        } else {
            (1.0 - e) / x
        }
    })
}

/// Expected defects from the yield of a die.
/// Model eq. (22).
#[inline(always)]
fn solve(model: LaneModel, die: &DiePlan, share: &Lanes) -> Lanes {
    if let Some(cores) = &die.cores {
        return Lanes::from_fn(|l| cores.defects_at(scalar_model(model, l), share[l]));
    }
    match model {
        LaneModel::Poisson => map(&kernel::ln(share), |l| -l),
        LaneModel::Murphy => solve_mean_survival(&map(share, f64::sqrt)),
        LaneModel::MurphyRectangular => map(&solve_mean_survival(share), |x| 0.5 * x),
        LaneModel::Seeds => map(share, |y| 1.0 / y - 1.0),
        LaneModel::SeedsSqrt => {
            let l = kernel::ln(share);
            mul(&l, &l)
        }
        LaneModel::BoseEinstein(n) => solve_power_law(share, &splat(1.0), &n),
        LaneModel::NegativeBinomial(alpha) => solve_power_law(share, &alpha, &alpha),
    }
}

#[inline(always)]
fn solve_power_law(share: &Lanes, scale: &Lanes, exponent: &Lanes) -> Lanes {
    let root = kernel::exp(&zip(&kernel::ln(share), exponent, |l, n| -l / n));
    zip(&root, scale, |r, s| s * (r - 1.0))
}

/// Solves `(1 − e^−x)/x = s` by Newton's method from the left, where it converges without overshooting (the function is
/// convex and falls).
#[inline(always)]
fn solve_mean_survival(s: &Lanes) -> Lanes {
    let mut x = map(s, |s| 2.0 * (1.0 - s));
    for _ in 0..48 {
        let decayed = kernel::exp(&map(&x, |x| -x));
        let value = mean_survival(&x);
        x = Lanes::from_fn(|l| {
            let slope = if x[l] < 1e-3 {
                -0.5 + x[l] / 3.0
            } else {
                (decayed[l] - value[l]) / x[l]
            };
            let next = x[l] - (value[l] - s[l]) / slope;
            if next > x[l] { next } else { x[l] }
        });
    }
    x
}

/// Salvage is worked out draw by draw: it is rare, and its sum over cores has no short vector form.
/// Model eq. (23).
fn salvaged(model: LaneModel, cores: &Salvage, x: &Lanes) -> Lanes {
    Lanes::from_fn(|l| cores.yield_at(scalar_model(model, l), x[l]))
}

fn scalar_model(model: LaneModel, lane: usize) -> die_yield::Model {
    match model {
        LaneModel::Poisson => die_yield::Model::Poisson,
        LaneModel::Murphy => die_yield::Model::Murphy,
        LaneModel::MurphyRectangular => die_yield::Model::MurphyRectangular,
        LaneModel::Seeds => die_yield::Model::Seeds,
        LaneModel::SeedsSqrt => die_yield::Model::SeedsSqrt,
        LaneModel::BoseEinstein(n) => die_yield::Model::BoseEinstein { n: n[lane] },
        LaneModel::NegativeBinomial(alpha) => {
            die_yield::Model::NegativeBinomial { alpha: alpha[lane] }
        }
    }
}
