//! Small programs whose optimum and prices are known.

#![allow(clippy::expect_used, reason = "a test may panic")]

use wafercast_lp::certificate::{Certificate, TOLERANCE, bound_price, dual_value};
use wafercast_lp::degeneracy::unique_prices;
use wafercast_lp::program::{Program, Sense};
use wafercast_lp::solve::{Solved, solve};

/// Relative.
const CLOSE: f64 = 1e-6;

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= CLOSE * (1.0 + a.abs().max(b.abs()))
}

fn all_close(a: &[f64], b: &[f64]) {
    assert!(
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(*a, *b)),
        "{a:?} is not {b:?}"
    );
}

/// A program from dense rows: `(sense, coefficients, right-hand side)`.
fn program(objective: &[f64], upper: &[f64], rows: &[(Sense, &[f64], f64)]) -> Program {
    let mut program = Program::new();
    for (sense, _, rhs) in rows {
        program.add_row(*sense, *rhs);
    }
    for (j, c) in objective.iter().enumerate() {
        let entries: Vec<(usize, f64)> = rows
            .iter()
            .enumerate()
            .map(|(i, row)| (i, row.1[j]))
            .collect();
        program.add_column(*c, upper[j], &entries);
    }
    program
}

fn solved(program: &Program) -> Solved {
    let solved = solve(program).expect("an optimum");
    assert!(solved.certificate.holds());
    solved
}

const NONE: f64 = f64::INFINITY;
use Sense::{AtMost, Equal};

/// Dorfman's textbook case as told by Hillier & Lieberman (Wyndor Glass): max 3x + 5y, x ≤ 4, 2y ≤ 12, 3x + 2y ≤ 18.
/// Optimum 36 at (2, 6), prices 0, 3/2, 1.
#[test]
fn wyndor_glass() {
    let program = program(
        &[3.0, 5.0],
        &[NONE; 2],
        &[
            (AtMost, &[1.0, 0.0], 4.0),
            (AtMost, &[0.0, 2.0], 12.0),
            (AtMost, &[3.0, 2.0], 18.0),
        ],
    );
    let solved = solved(&program);
    all_close(&solved.solution.x, &[2.0, 6.0]);
    all_close(&solved.solution.prices, &[0.0, 1.5, 1.0]);
    assert!(close(program.value_at(&solved.solution.x), 36.0));
    assert_eq!(unique_prices(&solved), Some(vec![true; 3]));
}

/// Two months of one part: 10 arrive in each, a package takes 1, is worth 1 in the first month and 3 in the second; the
/// second month packs at most 15. Best: 5 in the first, 15 in the second. One more part in either month is worth 1 (it goes
/// to the first month's packages), one more packing place 2.
#[test]
fn stock_is_carried_to_the_dearer_month() {
    let program = program(
        &[1.0, 3.0, 0.0, 0.0],
        &[NONE, 15.0, NONE, NONE],
        &[
            (Equal, &[1.0, 0.0, 1.0, 0.0], 10.0),
            (Equal, &[0.0, 1.0, -1.0, 1.0], 10.0),
        ],
    );
    let solved = solved(&program);
    all_close(&solved.solution.x, &[5.0, 15.0, 5.0, 0.0]);
    all_close(&solved.solution.prices, &[1.0, 1.0]);
    assert!(close(
        bound_price(&program, &solved.solution.prices, 1),
        2.0
    ));
    assert_eq!(unique_prices(&solved), Some(vec![true; 2]));
}

/// Transport of Dantzig (1963) as in the GAMS library, trnsport: cost 153.675; prices of demand 0.225, 0.153, 0.126, of the
/// supply of San Diego 0, and of Seattle between 0 and … (degenerate).
#[test]
fn transport_of_dantzig() {
    let distance = [[2.5, 1.7, 1.8], [2.5, 1.8, 1.4]];
    let (supply, demand) = ([350.0, 600.0], [325.0, 300.0, 275.0]);
    let mut program = Program::new();
    for s in supply {
        program.add_row(AtMost, s);
    }
    for d in demand {
        program.add_row(AtMost, -d);
    }
    for i in 0..2 {
        for j in 0..3 {
            program.add_column(
                -90.0 * distance[i][j] / 1000.0,
                NONE,
                &[(i, 1.0), (2 + j, -1.0)],
            );
        }
    }
    let solved = solved(&program);
    assert!(close(program.value_at(&solved.solution.x), -153.675));
    let prices = &solved.solution.prices;
    all_close(&prices[1..], &[0.0, 0.225, 0.153, 0.126]);
    all_close(&prices[..1], &[0.0]);
}

/// Two rows say the same: x ≤ 1 twice, max x. Any prices that sum to 1 are optimal, and neither is unique; a third row that
/// does not bind has price zero and no other.
#[test]
fn prices_of_a_doubled_row_are_labelled() {
    let program = program(
        &[1.0],
        &[NONE],
        &[
            (AtMost, &[1.0], 1.0),
            (AtMost, &[1.0], 1.0),
            (AtMost, &[1.0], 2.0),
        ],
    );
    let solved = solved(&program);
    let prices = &solved.solution.prices;
    assert!(
        close(prices[0] + prices[1], 1.0) && close(prices[2], 0.0),
        "{prices:?}"
    );
    assert_eq!(unique_prices(&solved), Some(vec![false, false, true]));
}

/// A kink: max min(2a, b) with a = b = … written as x ≤ 2a, x ≤ b at 2a = b: one more of either adds nothing, one less
/// costs. Prices 2λ and 1 − λ, λ in [0, 1].
#[test]
fn prices_at_a_kink_are_labelled() {
    let program = program(
        &[1.0, 0.0, 0.0],
        &[NONE; 3],
        &[
            (AtMost, &[1.0, -2.0, 0.0], 0.0),
            (AtMost, &[1.0, 0.0, -1.0], 0.0),
            (Equal, &[0.0, 1.0, 0.0], 3.0),
            (Equal, &[0.0, 0.0, 1.0], 6.0),
        ],
    );
    let solved = solved(&program);
    assert!(close(program.value_at(&solved.solution.x), 6.0));
    let prices = &solved.solution.prices;
    assert!(close(prices[2] / 2.0 + prices[3], 1.0), "{prices:?}");
    assert_eq!(unique_prices(&solved), Some(vec![false; 4]));
}

#[test]
fn the_certificate_refuses_what_is_not_optimal() {
    let program = program(
        &[3.0, 5.0],
        &[NONE; 2],
        &[
            (AtMost, &[1.0, 0.0], 4.0),
            (AtMost, &[0.0, 2.0], 12.0),
            (AtMost, &[3.0, 2.0], 18.0),
        ],
    );
    let solved = solved(&program);
    let with = |x: &[f64], prices: &[f64]| {
        let mut other = solved.solution.clone();
        other.x = x.to_vec();
        other.prices = prices.to_vec();
        Certificate::of(&program, &solved.scaled, &other)
    };
    assert!(with(&[2.0, 6.0], &[0.0, 1.5, 1.0]).holds());
    let infeasible = with(&[2.0, 6.1], &[0.0, 1.5, 1.0]);
    assert!(infeasible.primal > TOLERANCE && !infeasible.holds());
    let not_best = with(&[1.0, 6.0], &[0.0, 1.5, 1.0]);
    assert!(not_best.primal <= TOLERANCE && not_best.gap > TOLERANCE);
    let too_cheap = with(&[2.0, 6.0], &[0.0, 1.0, 1.0]);
    assert!(too_cheap.dual > TOLERANCE);
    let negative = with(&[2.0, 6.0], &[-1.0, 1.5, 1.0]);
    assert!(negative.dual > TOLERANCE);
    assert!(!with(&[f64::NAN, 6.0], &[0.0, 1.5, 1.0]).holds());
}

#[test]
fn infeasible_and_unbounded_programs_have_no_certificate() {
    let infeasible = program(&[1.0], &[1.0], &[(Equal, &[1.0], 2.0)]);
    assert!(solve(&infeasible).is_none());
    let unbounded = program(&[1.0, 0.0], &[NONE; 2], &[(AtMost, &[1.0, -1.0], 1.0)]);
    assert!(solve(&unbounded).is_none());
}

/// Weak duality, and that prices are derivatives: for random programs, the value moves with the right-hand side as the
/// prices say (central difference, unique prices only).
#[test]
fn prices_are_derivatives() {
    let mut state = 1_u64;
    let mut random = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1_u64 << 31) as f64
    };
    let mut compared = 0;
    for _ in 0..20 {
        let (rows, columns) = (6, 9);
        let mut program = Program::new();
        for _ in 0..rows {
            program.add_row(AtMost, 1.0 + 9.0 * random());
        }
        for j in 0..columns {
            let entries: Vec<(usize, f64)> = (0..rows)
                .map(|i| (i, if random() < 0.5 { 0.2 + random() } else { 0.0 }))
                .collect();
            let upper = if j % 3 == 0 { 3.0 * random() } else { NONE };
            let upper = if entries.iter().all(|(_, a)| *a == 0.0) {
                1.0
            } else {
                upper
            };
            program.add_column(1.0 + random(), upper, &entries);
        }
        let base = solved(&program);
        assert!(close(
            dual_value(&program, &base.solution.prices),
            program.value_at(&base.solution.x)
        ));
        let unique = unique_prices(&base).expect("labels");
        for i in 0..rows {
            let value = |step: f64| {
                let mut moved = program.clone();
                moved.rhs[i] += step;
                moved.value_at(&solved(&moved).solution.x)
            };
            let step = 1e-3;
            let (more, less) = (
                (value(step) - value(0.0)) / step,
                (value(0.0) - value(-step)) / step,
            );
            if unique[i] && (more - less).abs() < 1e-4 {
                let price = base.solution.prices[i];
                assert!(
                    (0.5 * (more + less) - price).abs() < 1e-3,
                    "{more} {less} {price}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 80, "{compared}");
}
