//! Why commitments cannot be met: a smallest set of things in the scenario that together rule them out.
//!
//! The program of a plan is feasible but for its commitments, and those are elastic: what is missing is a variable. To
//! explain what is missing, things are made ample one after the other (deletion filter, Chinneck & Dravnieks 1991): if
//! the commitments still cannot be met, the thing is not needed for the contradiction and stays ample; if they can, it is
//! part of it. What remains is irreducible: make any one of it ample, or drop any of the commitments, and the rest holds.

use crate::commitment::Commitment;
use crate::formulation::{Aim, Column, Formulation};
use crate::numbers::Numbers;
use crate::solve::{Solved, solve};

/// Something in the scenario that limits the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// Production window and place in the build plan of an accelerator.
    Window(usize),
    /// Cap of an accelerator.
    Cap(usize),
    /// What arrives of a part whatever the plan is: stockpiles, memory lines, lines with a fixed mix, stock at the start.
    Part(usize),
    /// A packaging technology.
    Technology(usize),
    /// A logic line.
    Line(usize),
    /// A commitment.
    Commitment(usize),
}

/// What is missing below this share of what is promised count as none: solvers stop close to, not at, the optimum.
const MET: f64 = 1e-5;

/// Why commitments cannot be met together.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The least that is missing, summed over commitments (each in its own unit).
    pub missing: f64,
    /// An irreducible set of limits, commitments last.
    pub limits: Vec<Limit>,
}

/// Amounts by which each commitment is missed in a solution.
pub fn shortfalls(formulation: &Formulation, solved: &Solved, commitments: usize) -> Vec<f64> {
    let mut missing = vec![0.0; commitments];
    for (column, x) in formulation.columns.iter().zip(&solved.solution.x) {
        if let Column::Shortfall(c) = column {
            missing[*c] = *x;
        }
    }
    missing
}

/// Whether what is missing of a commitment are more than rounding.
pub fn is_missed(missing: f64, commitment: &Commitment) -> bool {
    missing > MET * commitment.promised.abs().max(f64::MIN_POSITIVE)
}

/// The conflict of a draw, `None` where all commitments can be met (or the solver fails).
pub fn conflict(numbers: &Numbers, commitments: &[Commitment]) -> Option<Conflict> {
    let missing = least_missing(numbers, commitments)?;
    if !is_short(&missing, commitments) {
        return None;
    }
    let mut numbers = numbers.clone();
    let mut kept: Vec<bool> = vec![true; commitments.len()];
    let mut limits = Vec::new();
    for limit in all(&numbers, commitments.len()) {
        let mut ample = numbers.clone();
        let mut fewer = kept.clone();
        match limit {
            Limit::Commitment(c) => fewer[c] = false,
            other => make_ample(&mut ample, other, commitments),
        }
        let left: Vec<Commitment> = commitments
            .iter()
            .zip(&fewer)
            .filter(|(_, kept)| **kept)
            .map(|(commitment, _)| commitment.clone())
            .collect();
        let still = least_missing(&ample, &left).is_some_and(|missing| is_short(&missing, &left));
        if still {
            (numbers, kept) = (ample, fewer);
        } else {
            limits.push(limit);
        }
    }
    Some(Conflict {
        missing: missing.iter().sum(),
        limits,
    })
}

fn is_short(missing: &[f64], commitments: &[Commitment]) -> bool {
    missing
        .iter()
        .zip(commitments)
        .any(|(missing, commitment)| is_missed(*missing, commitment))
}

/// The plan that misses as little as it can; nothing else counts.
fn least_missing(numbers: &Numbers, commitments: &[Commitment]) -> Option<Vec<f64>> {
    let mut bare = numbers.clone();
    for accelerator in &mut bare.accelerators {
        accelerator.worth.fill(0.0);
    }
    let aim = Aim {
        discount: 1.0,
        commitments,
        penalty: 1.0,
        clearing: None,
    };
    let formulation = Formulation::new(&bare, &aim);
    let solved = solve(&formulation.program)?;
    Some(shortfalls(&formulation, &solved, commitments.len()))
}

/// All limits, those first that explain least.
fn all(numbers: &Numbers, commitments: usize) -> Vec<Limit> {
    let accelerators = 0..numbers.accelerators.len();
    let windows = accelerators.clone().map(Limit::Window);
    let caps = accelerators
        .filter(|k| numbers.accelerators[*k].cap.is_some())
        .map(Limit::Cap);
    let parts = (0..numbers.arrivals.len()).map(Limit::Part);
    let technologies = (0..numbers.packaging.len()).map(Limit::Technology);
    let lines = (0..numbers.lines.len()).map(Limit::Line);
    let commitments = (0..commitments).map(Limit::Commitment);
    windows
        .chain(parts)
        .chain(lines)
        .chain(technologies)
        .chain(caps)
        .chain(commitments)
        .collect()
}

/// Lifts a limit far above what the commitments can ask for.
fn make_ample(numbers: &mut Numbers, limit: Limit, commitments: &[Commitment]) {
    // As many units as all commitments together ask for, if every unit counted least.
    let least = |c: &Commitment| {
        let factors = c.counts.iter().flat_map(|(_, factors)| factors);
        let factors = factors.copied().filter(|f| *f > 0.0);
        factors.fold(f64::INFINITY, f64::min)
    };
    let units: f64 = commitments
        .iter()
        .filter(|c| least(c).is_finite())
        .map(|c| c.promised.abs() / least(c))
        .sum();
    let per_unit = |item: &crate::numbers::Item| {
        let good = item.good.iter().copied().filter(|good| *good > 0.0);
        1.0 / good.fold(1.0, f64::min)
    };
    let packages = 2.0 * units * numbers.items.iter().map(per_unit).fold(1.0, f64::max);
    match limit {
        Limit::Window(k) => {
            let items = numbers
                .items
                .iter_mut()
                .filter(|item| item.accelerator == k);
            for item in items {
                let technology = item.technology;
                for (open, share) in item.is_open.iter_mut().zip(&item.share) {
                    *open = technology.is_none() || *share > 0.0;
                }
            }
        }
        Limit::Cap(k) => numbers.accelerators[k].cap = None,
        Limit::Part(part) => {
            let uses = numbers.items.iter().flat_map(|item| &item.parts);
            let most = uses.filter(|(p, _)| *p == part).map(|(_, count)| *count);
            let most = most.fold(0.0, f64::max);
            if let Some(first) = numbers.arrivals[part].first_mut() {
                *first += packages * most;
            }
        }
        Limit::Technology(t) => {
            for item in &mut numbers.items {
                if item.technology == Some(t) {
                    for share in &mut item.share {
                        *share = share.min(0.1 / packages.max(1.0));
                    }
                }
            }
        }
        Limit::Line(line) => {
            let uses = numbers.items.iter().flat_map(|item| &item.parts);
            let most = uses.fold(1.0, |most: f64, (_, count)| most.max(*count));
            let line = &mut numbers.lines[line];
            let good = line
                .dies
                .iter()
                .flat_map(|die| &numbers.dies_per_wafer[*die]);
            let fewest = good.copied().filter(|good| *good > 0.0).fold(1.0, f64::min);
            let wafers = packages * most / fewest;
            line.starts.iter_mut().for_each(|starts| *starts += wafers);
        }
        Limit::Commitment(_) => {}
    }
}
