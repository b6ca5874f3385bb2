//! The interior-point solver `clarabel` on our programs.

use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver, SolverStatus, SupportedConeT};

use crate::program::{Program, Sense, Solution};

/// Relative gap and infeasibility at which the solver stops: two digits beyond its own default, for the prices.
const ACCURACY: f64 = 1e-10;
/// Iterations at most: programs of plans take 20 to 60.
const MOST_ITERATIONS: u32 = 120;

/// Solves with clarabel. `None` where it gives up without a point. With `careful`, its steps are shorter and its
/// factorisations regularised more: slower, for programs on which it stalls.
pub fn solve(program: &Program, careful: bool) -> Option<Solution> {
    let (n, m) = (program.columns(), program.rows());
    let equal: Vec<usize> = (0..m)
        .filter(|&i| program.senses[i] == Sense::Equal)
        .collect();
    let at_most: Vec<usize> = (0..m)
        .filter(|&i| program.senses[i] == Sense::AtMost)
        .collect();
    let bounded: Vec<usize> = (0..n).filter(|&j| program.upper[j].is_finite()).collect();
    let mut place = vec![0; m];
    for (new, &old) in equal.iter().chain(&at_most).enumerate() {
        place[old] = new;
    }
    let mut b: Vec<f64> = equal
        .iter()
        .chain(&at_most)
        .map(|&i| program.rhs[i])
        .collect();
    let (mut rows, mut columns, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let mut push = |i: usize, j: usize, v: f64| {
        rows.push(i);
        columns.push(j);
        values.push(v);
    };
    for j in 0..n {
        for &(i, v) in program.column(j) {
            push(place[i], j, v);
        }
    }
    for (k, &j) in bounded.iter().enumerate() {
        push(m + k, j, 1.0);
        b.push(program.upper[j]);
    }
    for j in 0..n {
        push(m + bounded.len() + j, j, -1.0);
        b.push(0.0);
    }
    let a = CscMatrix::new_from_triplets(b.len(), n, rows, columns, values);
    let q: Vec<f64> = program.objective.iter().map(|c| -c).collect();
    let cones = [
        SupportedConeT::ZeroConeT(equal.len()),
        SupportedConeT::NonnegativeConeT(b.len() - equal.len()),
    ];
    let settings = DefaultSettings {
        verbose: false,
        presolve_enable: false,
        max_threads: 1,
        max_iter: MOST_ITERATIONS,
        tol_gap_abs: ACCURACY,
        tol_gap_rel: ACCURACY,
        tol_feas: ACCURACY,
        max_step_fraction: if careful { 0.9 } else { 0.99 },
        static_regularization_constant: if careful { 1e-7 } else { 1e-8 },
        ..DefaultSettings::default()
    };
    let p = CscMatrix::zeros((n, n));
    let mut solver = DefaultSolver::new(&p, &q, &a, &b, &cones, settings).ok()?;
    solver.solve();
    let solution = &solver.solution;
    // Whether what it found is good enough is for the certificate to say.
    let has_point = matches!(
        solution.status,
        SolverStatus::Solved
            | SolverStatus::AlmostSolved
            | SolverStatus::InsufficientProgress
            | SolverStatus::NumericalError
            | SolverStatus::MaxIterations
    );
    if !has_point {
        return None;
    }
    Some(Solution {
        x: solution.x.clone(),
        prices: place.iter().map(|&i| solution.z[i]).collect(),
        iterations: solution.iterations as usize,
    })
}
