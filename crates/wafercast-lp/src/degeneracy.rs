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

use crate::program::{Program, Sense};
use crate::solve::Solved;

/// δ
const RIDGE: f64 = 1e-11;
/// Squared length of the projection from which on a price counts as not unique.
const NOTICEABLE: f64 = 1e-6;

/// Whether the price of each row is the only optimal one. `None` where that could not be decided.
pub fn unique_prices(solved: &Solved) -> Option<Vec<bool>> {
    let program = &solved.scaled.program;
    let small = solved.scaled.forth(&solved.solution);
    let activity = program.rows_at(&small.x);
    // A row with slack has price zero in every optimum.
    let tight: Vec<usize> = (0..program.rows())
        .filter(|&i| {
            program.senses[i] == Sense::Equal || program.rhs[i] - activity[i] <= small.prices[i]
        })
        .collect();
    let mut place = vec![None; program.rows()];
    for (new, &old) in tight.iter().enumerate() {
        place[old] = Some(new);
    }
    let between = (0..program.columns()).filter(|&j| {
        let reduced = program.objective[j] - program.cost_of(j, &small.prices);
        let x = small.x[j];
        x > -reduced && program.upper[j] - x > reduced
    });
    let matrix = gram(program, between, &place, tight.len());
    let null = diagonal_of_projection(&matrix)?;
    Some(
        place
            .iter()
            .map(|place| place.is_none_or(|at| null[at] < NOTICEABLE))
            .collect(),
    )
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
