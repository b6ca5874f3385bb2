//! Which prices are the only ones: labels for degenerate prices.
//!
//! Optimal prices need not be unique. Where they are not, "one more adds" and "one less costs" differ, and a solver returns
//! some price between. An interior-point method ends in the relative interior of both optimal faces (Güler & Ye 1993): it
//! tells the variables that can be positive in some optimum, `B`, from those that cannot. All optimal prices `y` satisfy
//! `A_Bᵀ·y = c_B`, so that the price of row `i` is unique if and only if `e_i` lies in the range of `A_B`, that is, if its
//! projection on the null space of `A_Bᵀ` is zero. The squared length of that projection is `δ·(A_B·A_Bᵀ + δI)⁻¹_ii` as
//! `δ → 0`.

use std::collections::BTreeMap;

use clarabel::algebra::CscMatrix;
use clarabel::qdldl::{QDLDLFactorisation, QDLDLSettingsBuilder};

use crate::program::{Program, Sense, Solution};
use crate::solve::Solved;

/// δ
const RIDGE: f64 = 1e-11;
/// Squared length of the projection from which on a price counts as not unique.
const NOTICEABLE: f64 = 1e-6;

/// Costs below this share of the largest count as this much.
const CHEAP: f64 = 1e-3;

/// Whether the price of each row is the only optimal one. `None` where that could not be decided.
pub fn unique_prices(solved: &Solved) -> Option<Vec<bool>> {
    let program = &solved.scaled.program;
    let small = solved.scaled.forth(&solved.solution);
    let partition = Partition::of(program, &small);
    let tight: Vec<usize> = (0..program.rows())
        .filter(|&i| partition.is_tight[i])
        .collect();
    let mut place = vec![None; program.rows()];
    for (new, &old) in tight.iter().enumerate() {
        place[old] = Some(new);
    }
    let between = (0..program.columns()).filter(|&j| partition.is_between[j]);
    let matrix = gram(program, between, &place, tight.len());
    let null = diagonal_of_projection(&matrix)?;
    Some(
        place
            .iter()
            .map(|place| place.is_none_or(|at| null[at] < NOTICEABLE))
            .collect(),
    )
}

/// Which of each complementary pair is zero in every optimum. Close to an optimum, both are small and their product is
/// all but the same for all pairs: what counts is which is smaller against its own size.
struct Partition {
    /// Rows without slack; one with slack has price zero in every optimum.
    is_tight: Vec<bool>,
    /// Columns that can be strictly between their bounds.
    is_between: Vec<bool>,
}

impl Partition {
    fn of(program: &Program, solution: &Solution) -> Partition {
        let Solution { x, prices, .. } = solution;
        let activity = program.rows_at(x);
        let mut amount: f64 = program.rhs.iter().fold(0.0, |most, b| most.max(b.abs()));
        // What a column costs and brings, and the largest share of it that each row's price has.
        let mut cost = vec![0.0; program.columns()];
        let mut share: Vec<f64> = vec![0.0; program.rows()];
        for j in 0..program.columns() {
            let terms = program
                .column(j)
                .iter()
                .map(|&(i, a)| (a * prices[i]).abs());
            cost[j] = terms.fold(program.objective[j].abs(), |sum, term| sum + term);
        }
        // Where all prices are zero, reduced costs are rounding.
        let dearest = cost.iter().fold(0.0, |most: f64, cost| most.max(*cost));
        for j in 0..program.columns() {
            cost[j] = cost[j].max(CHEAP * dearest);
            for &(i, a) in program.column(j) {
                amount = amount.max((a * x[j]).abs());
                if cost[j] > 0.0 {
                    share[i] = share[i].max((a * prices[i]).abs() / cost[j]);
                }
            }
        }
        let is_tight = (0..program.rows()).map(|i| {
            let slack = (program.rhs[i] - activity[i]) / amount;
            program.senses[i] == Sense::Equal || slack <= share[i]
        });
        let is_between = (0..program.columns()).map(|j| {
            let reduced = (program.objective[j] - program.cost_of(j, prices)) / cost[j];
            let entries = program.column(j).iter();
            let largest = entries.fold(0.0, |most: f64, (_, a)| most.max(a.abs()));
            let (x, rest) = (
                x[j] * largest / amount,
                (program.upper[j] - x[j]) * largest / amount,
            );
            // A column without value and cost has no reduced cost either.
            cost[j] == 0.0 || (x > -reduced && rest > reduced)
        });
        Partition {
            is_tight: is_tight.collect(),
            is_between: is_between.collect(),
        }
    }
}

/// Upper triangle of `A_B·A_Bᵀ + δI` over the tight rows, columns of length one.
fn gram(
    program: &Program,
    columns: impl Iterator<Item = usize>,
    place: &[Option<usize>],
    rows: usize,
) -> CscMatrix<f64> {
    let mut entries: BTreeMap<(usize, usize), f64> = (0..rows).map(|i| ((i, i), RIDGE)).collect();
    for j in columns {
        let tight: Vec<(usize, f64)> = program
            .column(j)
            .iter()
            .filter_map(|&(i, a)| Some((place[i]?, a)))
            .collect();
        let length: f64 = tight.iter().map(|(_, a)| a * a).sum();
        for &(i, a) in &tight {
            for &(k, b) in tight.iter().filter(|(k, _)| i <= *k) {
                *entries.entry((k, i)).or_insert(0.0) += a * b / length;
            }
        }
    }
    // Sorted by column, then row.
    let mut starts = vec![0; rows + 1];
    let mut indices = Vec::with_capacity(entries.len());
    let mut values = Vec::with_capacity(entries.len());
    for ((column, row), value) in entries {
        starts[column + 1] += 1;
        indices.push(row);
        values.push(value);
    }
    for column in 0..rows {
        starts[column + 1] += starts[column];
    }
    CscMatrix::new(rows, rows, starts, indices, values)
}

/// `δ·M⁻¹_ii`
fn diagonal_of_projection(matrix: &CscMatrix<f64>) -> Option<Vec<f64>> {
    if matrix.n == 0 {
        return Some(Vec::new());
    }
    let settings = QDLDLSettingsBuilder::default()
        .regularize_enable(false)
        .build()
        .ok()?;
    let factors = QDLDLFactorisation::new(matrix, Some(settings)).ok()?;
    // M = LDLᵀ in the order of `perm`: M⁻¹_ii = Σ_k (L⁻¹e_i)_k² / D_k.
    let mut null = vec![0.0; matrix.n];
    let mut column = vec![0.0; matrix.n];
    for (position, &row) in factors.perm.iter().enumerate() {
        column.fill(0.0);
        column[position] = 1.0;
        let mut sum = 0.0;
        for k in position..matrix.n {
            let value = column[k];
            if value == 0.0 {
                continue;
            }
            sum += value * value * factors.Dinv[k];
            for at in factors.L.colptr[k]..factors.L.colptr[k + 1] {
                column[factors.L.rowval[at]] -= factors.L.nzval[at] * value;
            }
        }
        null[row] = RIDGE * sum;
    }
    Some(null)
}
