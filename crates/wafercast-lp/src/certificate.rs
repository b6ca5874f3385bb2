//! Proof that a solution is optimal, from the returned vectors alone.
//!
//! A point `x` and prices `y` are optimal if and only if `x` is feasible, `y` is feasible for the dual program, and both
//! have the same value (strong duality). All three are measured here, whichever solver the vectors come from.

use crate::program::{Program, Sense, Solution};
use crate::scaling::Scaled;

/// Most that each part of a certificate may be for a solution to be called optimal.
pub const TOLERANCE: f64 = 1e-6;

/// How far a solution is from being feasible and optimal. All parts are relative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Certificate {
    /// Most by which a row or a bound is broken, over one plus the size of the row's terms, in the scaled program.
    pub primal: f64,
    /// Most by which a dual constraint is broken, over one plus the size of its terms, in the scaled program.
    pub dual: f64,
    /// `|c·x − (b·y + u·w)|` over the value, `w` being the prices of the upper bounds.
    pub gap: f64,
}

impl Certificate {
    /// Measures a solution. `scaled` is the scaled form of `program`.
    pub fn of(program: &Program, scaled: &Scaled, solution: &Solution) -> Certificate {
        let small = scaled.forth(solution);
        Certificate {
            primal: primal(&scaled.program, &small.x),
            dual: dual(&scaled.program, &small.prices),
            gap: gap(program, solution),
        }
    }

    /// Whether all parts are within [`TOLERANCE`]. Not so if any is not a number.
    pub fn holds(&self) -> bool {
        [self.primal, self.dual, self.gap]
            .iter()
            .all(|part| *part <= TOLERANCE)
    }

    /// The worse of both, part by part.
    pub fn worse(self, other: Certificate) -> Certificate {
        Certificate {
            primal: self.primal.max(other.primal),
            dual: self.dual.max(other.dual),
            gap: self.gap.max(other.gap),
        }
    }
}

fn primal(program: &Program, x: &[f64]) -> f64 {
    let mut activity = vec![0.0; program.rows()];
    let mut size: Vec<f64> = program.rhs.iter().map(|b| 1.0 + b.abs()).collect();
    let mut worst = 0.0;
    for (j, &x) in x.iter().enumerate() {
        for &(i, a) in program.column(j) {
            activity[i] += a * x;
            size[i] += (a * x).abs();
        }
        let beyond = (-x).max(x - program.upper[j]);
        worst = worse(worst, beyond / (1.0 + x.abs()));
    }
    for i in 0..program.rows() {
        let over = activity[i] - program.rhs[i];
        let broken = match program.senses[i] {
            Sense::AtMost => over,
            Sense::Equal => over.abs(),
        };
        worst = worse(worst, broken / size[i]);
    }
    worst
}

fn dual(program: &Program, prices: &[f64]) -> f64 {
    let mut worst = 0.0;
    for (price, sense) in prices.iter().zip(&program.senses) {
        if *sense == Sense::AtMost {
            worst = worse(worst, -price / (1.0 + price.abs()));
        }
    }
    for j in 0..program.columns() {
        // With an upper bound, its price makes up for what is missing.
        if program.upper[j] < f64::INFINITY {
            continue;
        }
        let c = program.objective[j];
        let terms = program.column(j).iter().map(|&(i, a)| a * prices[i]);
        let size = terms.fold(1.0 + c.abs(), |sum: f64, term| sum + term.abs());
        worst = worse(worst, (c - program.cost_of(j, prices)) / size);
    }
    worst
}

fn gap(program: &Program, solution: &Solution) -> f64 {
    let value = program.value_at(&solution.x);
    let bound = dual_value(program, &solution.prices);
    (value - bound).abs() / value.abs().max(bound.abs()).max(f64::MIN_POSITIVE)
}

/// `b·y + u·w`: no feasible point is worth more, if `y` is feasible for the dual.
pub fn dual_value(program: &Program, prices: &[f64]) -> f64 {
    let rows = program.rhs.iter().zip(prices);
    let rows = rows.fold(0.0, |sum, (b, y)| sum + b * y);
    (0..program.columns()).fold(rows, |sum, j| {
        let upper = program.upper[j];
        if upper < f64::INFINITY {
            sum + upper * bound_price(program, prices, j)
        } else {
            sum
        }
    })
}

/// What one more of a column's upper bound adds.
pub fn bound_price(program: &Program, prices: &[f64], column: usize) -> f64 {
    (program.objective[column] - program.cost_of(column, prices)).max(0.0)
}

/// The larger; what is not a number is worst.
fn worse(a: f64, b: f64) -> f64 {
    if b.is_nan() { f64::INFINITY } else { a.max(b) }
}
