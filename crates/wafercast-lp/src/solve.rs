//! Scale, solve, certify.

use crate::certificate::Certificate;
use crate::clarabel_solver;
use crate::program::{Program, Sense, Solution};
use crate::scaling::Scaled;

/// A solution with its proof.
#[derive(Debug, Clone, PartialEq)]
pub struct Solved {
    /// Optimal within the certificate.
    pub solution: Solution,
    /// Measured by [`Certificate::of`], not reported by the solver.
    pub certificate: Certificate,
    /// The program as it was solved.
    pub scaled: Scaled,
}

/// Solves a program. `None` where no solution with a certificate that holds was found: the program is infeasible or
/// unbounded, or the solver failed. Programs of [`crate::formulation`] are always feasible and bounded.
pub fn solve(program: &Program) -> Option<Solved> {
    if program.columns() == 0 {
        return nothing_to_decide(program);
    }
    let scaled = Scaled::new(program);
    let attempt = |careful| {
        let solution = scaled.back(clarabel_solver::solve(&scaled.program, careful)?);
        let solution = within_bounds(program, solution);
        let certificate = Certificate::of(program, &scaled, &solution);
        certificate.holds().then_some((solution, certificate))
    };
    let (solution, certificate) = attempt(false).or_else(|| attempt(true))?;
    Some(Solved {
        solution,
        certificate,
        scaled,
    })
}

/// An interior point lies off its bounds by the solver's tolerance; prices of the wrong sign are none.
fn within_bounds(program: &Program, mut solution: Solution) -> Solution {
    for (x, upper) in solution.x.iter_mut().zip(&program.upper) {
        *x = x.clamp(0.0, upper.max(0.0));
    }
    for (price, sense) in solution.prices.iter_mut().zip(&program.senses) {
        if *sense == Sense::AtMost {
            *price = price.max(0.0);
        }
    }
    solution
}

/// A program without variables: its rows hold or they do not.
fn nothing_to_decide(program: &Program) -> Option<Solved> {
    let scaled = Scaled::new(program);
    let solution = Solution {
        x: Vec::new(),
        prices: vec![0.0; program.rows()],
        iterations: 0,
    };
    let certificate = Certificate {
        gap: 0.0,
        ..Certificate::of(program, &scaled, &solution)
    };
    certificate.holds().then_some(Solved {
        solution,
        certificate,
        scaled,
    })
}
