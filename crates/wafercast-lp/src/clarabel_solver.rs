//! The interior-point solver `clarabel` on our programs.
//!
//! It is given the dual program: plans have more variables than rows, and each variable of ours is then one row of the
//! solver's instead of a variable and the row that keeps it positive. Solves of `china` take a third less time.

use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver, SolverStatus, SupportedConeT};

use crate::program::{Program, Sense, Solution};

/// Relative gap and infeasibility at which the solver stops: two digits beyond its own default, for the prices.
const ACCURACY: f64 = 1e-10;
/// Iterations at most: programs of plans take 20 to 60.
const MOST_ITERATIONS: u32 = 120;
/// Corrections of each step with `careful`.
const REFINEMENTS: u32 = 10;

/// Solves with clarabel. `None` where it gives up without a point. With `careful`, its steps are shorter, its
/// factorisations regularised more and their solutions refined: slower, for programs on which it stalls.
pub fn solve(program: &Program, careful: bool) -> Option<Solution> {
    let Dual { a, b, q } = Dual::of(program);
    let cones = [SupportedConeT::NonnegativeConeT(b.len())];
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
        // Refined or not, plans take the same number of iterations to the same certificate.
        iterative_refinement_max_iter: if careful { REFINEMENTS } else { 0 },
        ..DefaultSettings::default()
    };
    let p = CscMatrix::zeros((q.len(), q.len()));
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
        x: solution.z[..program.columns()].to_vec(),
        prices: solution.x[..program.rows()].to_vec(),
        iterations: solution.iterations as usize,
    })
}

/// The dual program, `min b·y + u·w` under `Aᵀ·y + w ≥ c`, `w ≥ 0`, and `y ≥ 0` of rows `≤`, as the solver takes it:
/// `min q·v` under `b − a·v ≥ 0`. The prices of its first rows are our variables.
struct Dual {
    a: CscMatrix<f64>,
    b: Vec<f64>,
    q: Vec<f64>,
}

impl Dual {
    fn of(program: &Program) -> Dual {
        let (n, m) = (program.columns(), program.rows());
        let at_most = (0..m).filter(|&i| program.senses[i] == Sense::AtMost);
        let bounded: Vec<usize> = (0..n).filter(|&j| program.upper[j].is_finite()).collect();
        let (mut rows, mut columns, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let mut push = |row: usize, column: usize, value: f64| {
            rows.push(row);
            columns.push(column);
            values.push(-value);
        };
        for j in 0..n {
            for &(i, value) in program.column(j) {
                push(j, i, value);
            }
        }
        for (k, &j) in bounded.iter().enumerate() {
            push(j, m + k, 1.0);
        }
        let positive = at_most.chain(m..m + bounded.len());
        let mut count = n;
        for variable in positive {
            push(count, variable, 1.0);
            count += 1;
        }
        let mut b: Vec<f64> = program.objective.iter().map(|c| -c).collect();
        b.resize(count, 0.0);
        let mut q = program.rhs.clone();
        q.extend(bounded.iter().map(|&j| program.upper[j]));
        let a = CscMatrix::new_from_triplets(b.len(), q.len(), rows, columns, values);
        Dual { a, b, q }
    }
}
