//! Ridge regression of ln η with a robust loss: iterated weighted least squares. Family effects are shrunk towards the
//! mean, so that a family of one row does not decide its own constant.

use wafercast::draw::kernel::{exp, ln};

use super::{Coefficients, FAMILIES, Job, TERMS, regressors};

/// Penalty on family effects, in units of a row.
const FAMILY_PENALTY: f64 = 0.5;
/// Penalty on the other coefficients.
const TERM_PENALTY: f64 = 0.05;
/// Residuals of ln η beyond this count linearly.
const SCALE: f64 = 0.15;
/// Reweightings; the coefficients settle long before.
const STEPS: usize = 60;
/// Fitted coefficients: all terms but goodput, and the families.
const UNKNOWNS: usize = TERMS - 1 + FAMILIES.len();

/// A published row: the job, and its utilisation of the BF16 peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// The job.
    pub job: Job,
    /// Utilisation of the BF16 peak, from chip-hours or as reported.
    pub utilisation: f64,
    /// The utilisation that the authors report beside it, if the row is a run.
    pub reported: Option<f64>,
    /// Weight in the fit; 0 for rows that are predicted only.
    pub weight: f64,
}

/// A row of the regression: regressors, ln η less goodput, weight.
type Row = ([f64; UNKNOWNS], f64, f64);

/// ln of the goodput ratio: median of reported over recomputed utilisation of the runs that have both.
pub fn goodput_term(rows: &[Observation]) -> f64 {
    let mut ratios: Vec<f64> = rows
        .iter()
        .filter_map(|row| row.reported.map(|reported| ln(reported / row.utilisation)))
        .collect();
    ratios.sort_by(f64::total_cmp);
    match ratios.len() {
        0 => 0.0,
        count if count % 2 == 1 => ratios[count / 2],
        count => f64::midpoint(ratios[count / 2 - 1], ratios[count / 2]),
    }
}

/// The coefficients that fit the rows best.
pub fn fit(rows: &[Observation]) -> Coefficients {
    let goodput = goodput_term(rows);
    let prepared: Vec<Row> = rows
        .iter()
        .filter(|row| row.weight > 0.0)
        .map(|row| prepare(row, goodput))
        .collect();
    let mut weights: Vec<f64> = prepared.iter().map(|row| row.2).collect();
    let mut b = [0.0; UNKNOWNS];
    for _ in 0..STEPS {
        b = ridge(&prepared, &weights);
        for (weight, (x, y, given)) in weights.iter_mut().zip(&prepared) {
            let fitted: f64 = x.iter().zip(&b).map(|(x, b)| x * b).sum();
            let z = (y - fitted) / SCALE;
            *weight = given / (1.0 + z * z).sqrt();
        }
    }
    let mut terms = [goodput; TERMS];
    terms[..TERMS - 1].copy_from_slice(&b[..TERMS - 1]);
    let families = std::array::from_fn(|index| b[TERMS - 1 + index]);
    Coefficients { terms, families }
}

fn prepare(row: &Observation, goodput: f64) -> Row {
    let (terms, families) = regressors(&row.job);
    let x = std::array::from_fn(|index| match index.checked_sub(TERMS - 1) {
        None => terms[index],
        Some(family) => families[family],
    });
    (
        x,
        ln(row.utilisation) - goodput * terms[TERMS - 1],
        row.weight,
    )
}

/// Weighted least squares with penalties on the squares of the coefficients.
fn ridge(rows: &[Row], weights: &[f64]) -> [f64; UNKNOWNS] {
    let mut matrix = [[0.0; UNKNOWNS]; UNKNOWNS];
    let mut right = [0.0; UNKNOWNS];
    for ((x, y, _), weight) in rows.iter().zip(weights) {
        for a in 0..UNKNOWNS {
            right[a] += weight * x[a] * y;
            for b in 0..UNKNOWNS {
                matrix[a][b] += weight * x[a] * x[b];
            }
        }
    }
    for (index, row) in matrix.iter_mut().enumerate() {
        row[index] += match index {
            0 => 1e-6,
            _ if index < TERMS - 1 => TERM_PENALTY,
            _ => FAMILY_PENALTY,
        };
    }
    crate::linear::solve(&mut matrix, &mut right)
}

/// For each row, the chip-hours predicted without it over those reported.
pub fn leave_one_out(rows: &[Observation]) -> Vec<f64> {
    (0..rows.len())
        .map(|index| {
            let mut others = rows.to_vec();
            let row = others.remove(index);
            row.utilisation / fit(&others).utilisation(&row.job)
        })
        .collect()
}

/// The same for one constant utilisation per family: the geometric mean of the family's other rows, or of all others
/// where there are none.
pub fn leave_one_out_constant(rows: &[Observation]) -> Vec<f64> {
    let mean = |values: &[f64]| {
        exp(values.iter().map(|value| ln(*value)).sum::<f64>() / values.len().max(1) as f64)
    };
    (0..rows.len())
        .map(|index| {
            let row = &rows[index];
            let others = rows
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index)
                .map(|(_, other)| other);
            let family: Vec<f64> = others
                .clone()
                .filter(|other| other.job.family == row.job.family)
                .map(|other| other.utilisation)
                .collect();
            let all: Vec<f64> = others.map(|other| other.utilisation).collect();
            row.utilisation / mean(if family.is_empty() { &all } else { &family })
        })
        .collect()
}
