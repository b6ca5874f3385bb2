//! Fits the constants of serving to measured rows: Levenberg–Marquardt within bounds on the logarithms of time per output token,
//! with the pseudo-Huber loss of `soft_l1` (as SciPy's `least_squares`), so that no single row pulls.

use wafercast::draw::kernel::ln;

use super::constants::{BOUNDS, COUNT, Constants, POINT_BOUNDS};
use super::{Engine, Layout, Load, Prepared};
use crate::chip::Chip;
use crate::format::Format;
use crate::model::Model;

/// Residuals beyond this count linearly.
const SCALE: f64 = 0.15;
/// Steps at most; the fit stops long before.
const MOST_STEPS: usize = 60;

/// A measured row: what served, and the time per output token.
#[derive(Debug, Clone, Copy)]
pub struct Measurement<'a> {
    /// Model.
    pub model: &'a Model,
    /// Chip.
    pub chip: &'a Chip,
    /// Format of the checkpoint as it was served.
    pub format: Format,
    /// Program.
    pub engine: Engine,
    /// Chips.
    pub layout: Layout,
    /// Load.
    pub load: Load,
    /// Measured time per output token, s.
    pub tpot: f64,
    /// Weight in the fit: repeated rows share one.
    pub weight: f64,
}

impl Measurement<'_> {
    /// The predicted time per output token, s; `None` where the chip's data do not allow one.
    pub fn predict(&self, constants: &Constants) -> Option<f64> {
        let prepared = Prepared::new(self.model, self.chip, self.format, constants)?;
        let room = prepared
            .capacity(&self.layout, self.load.prompt + self.load.output)
            .max(1.0);
        let running = self.load.concurrency.min(room);
        let engine = constants.engine(self.engine);
        Some(
            prepared
                .speed_of(constants, engine, &self.layout, &self.load, running)
                .tpot,
        )
    }

    fn residual(&self, constants: &Constants) -> f64 {
        self.predict(constants)
            .map_or(0.0, |tpot| self.weight * ln(tpot / self.tpot))
    }
}

/// The least sum of soft losses.
pub fn fit(rows: &[Measurement]) -> Constants {
    let mut x: [f64; COUNT] = std::array::from_fn(|index| BOUNDS[index].start);
    let mut loss = total_loss(rows, &x);
    let mut damping = 1e-2;
    for _ in 0..MOST_STEPS {
        let (hessian, gradient) = normal_equations(rows, &x);
        let mut improved = false;
        for _ in 0..12 {
            let next = step(&hessian, &gradient, damping, &x);
            let next_loss = total_loss(rows, &next);
            if next_loss < loss {
                improved = loss - next_loss > 1e-9 * loss;
                (x, loss) = (next, next_loss);
                damping = (damping * 0.3).max(1e-9);
                break;
            }
            damping *= 4.0;
        }
        if !improved {
            break;
        }
    }
    Constants::from_array(&x)
}

fn total_loss(rows: &[Measurement], x: &[f64; COUNT]) -> f64 {
    let constants = Constants::from_array(x);
    rows.iter()
        .map(|row| {
            let z = row.residual(&constants) / SCALE;
            2.0 * ((1.0 + z * z).sqrt() - 1.0)
        })
        .sum()
}

type Matrix = [[f64; COUNT]; COUNT];

/// JᵀWJ and JᵀWr in relative steps of the constants, W the weights of the loss.
fn normal_equations(rows: &[Measurement], x: &[f64; COUNT]) -> (Matrix, [f64; COUNT]) {
    const STEP: f64 = 1e-6;
    let here = Constants::from_array(x);
    let moved: [Constants; COUNT] = std::array::from_fn(|index| {
        let mut x = *x;
        x[index] *= 1.0 + STEP;
        Constants::from_array(&x)
    });
    let mut hessian = [[0.0; COUNT]; COUNT];
    let mut gradient = [0.0; COUNT];
    for row in rows {
        let residual = row.residual(&here);
        let z = residual / SCALE;
        let weight = 1.0 / (1.0 + z * z).sqrt();
        let slope: [f64; COUNT] =
            std::array::from_fn(|index| (row.residual(&moved[index]) - residual) / STEP);
        for a in 0..COUNT {
            gradient[a] += weight * slope[a] * residual;
            for b in 0..=a {
                hessian[a][b] += weight * slope[a] * slope[b];
            }
        }
    }
    for a in 0..COUNT {
        for b in 0..a {
            hessian[b][a] = hessian[a][b];
        }
    }
    (hessian, gradient)
}

/// One damped step, kept within the bounds; constants that lie on a bound and want to leave it stay.
fn step(hessian: &Matrix, gradient: &[f64; COUNT], damping: f64, x: &[f64; COUNT]) -> [f64; COUNT] {
    let is_free: [bool; COUNT] = std::array::from_fn(|index| {
        let bound = &BOUNDS[index];
        !(x[index] <= bound.low && gradient[index] > 0.0
            || x[index] >= bound.high && gradient[index] < 0.0)
    });
    let mut matrix = *hessian;
    let mut right: [f64; COUNT] = std::array::from_fn(|index| -gradient[index]);
    for a in 0..COUNT {
        if !is_free[a] {
            for b in 0..COUNT {
                matrix[a][b] = 0.0;
                matrix[b][a] = 0.0;
            }
            matrix[a][a] = 1.0;
            right[a] = 0.0;
        }
        matrix[a][a] += damping * matrix[a][a] + 1e-9;
    }
    let change = crate::linear::solve(&mut matrix, &mut right);
    std::array::from_fn(|index| {
        let bound = &BOUNDS[index];
        (x[index] * (1.0 + change[index].clamp(-0.9, 2.0))).clamp(bound.low, bound.high)
    })
}

/// Names of the constants that lie on a bound: a lump of what the form does not describe, not a property of the chip.
pub fn on_bounds(constants: &Constants) -> Vec<&'static str> {
    let measured = constants.to_array();
    let values = measured
        .iter()
        .chain(&constants.points())
        .copied()
        .collect::<Vec<f64>>();
    values
        .into_iter()
        .zip(BOUNDS.iter().chain(&POINT_BOUNDS))
        .filter(|(value, bound)| {
            let near = 1e-3 * (bound.high - bound.low);
            value - bound.low < near || bound.high - value < near
        })
        .map(|(_, bound)| bound.name)
        .collect()
}
