//! Scaling of a program so that its numbers are near one. Interior-point methods lose digits otherwise: a plan mixes
//! wafers by the thousand, stacks by the million and money by the billion.

use crate::program::{Program, Solution};

/// Rounds of the geometric scaling.
const ROUNDS: usize = 6;

/// A program with scaled numbers, and the way back. All scales are powers of two, so that scaling loses no bit.
#[derive(Debug, Clone, PartialEq)]
pub struct Scaled {
    /// The scaled program.
    pub program: Program,
    rows: Vec<f64>,
    columns: Vec<f64>,
    /// Of right-hand sides and bounds, and of the objective.
    amount: f64,
    value: f64,
}

impl Scaled {
    /// Scales rows and columns by the geometric mean of their largest and smallest entries (right-hand sides included), then
    /// amounts and values by their largest.
    pub fn new(program: &Program) -> Scaled {
        let mut rows = vec![1.0; program.rows()];
        let mut columns = vec![1.0; program.columns()];
        for _ in 0..ROUNDS {
            let mut spans = vec![Span::EMPTY; rows.len()];
            for (span, rhs) in spans.iter_mut().zip(&program.rhs) {
                span.add(*rhs);
            }
            for (j, scale) in columns.iter_mut().enumerate() {
                for &(i, value) in program.column(j) {
                    spans[i].add(value * *scale);
                }
            }
            for (scale, span) in rows.iter_mut().zip(&spans) {
                *scale = power_of_two(1.0 / span.mean());
            }
            for (j, scale) in columns.iter_mut().enumerate() {
                let mut span = Span::EMPTY;
                for &(i, value) in program.column(j) {
                    span.add(value * rows[i]);
                }
                if program.upper[j].is_finite() {
                    span.add(1.0 / program.upper[j]);
                }
                *scale = power_of_two(1.0 / span.mean());
            }
        }
        let largest = |values: &mut dyn Iterator<Item = f64>| {
            let largest = values.fold(0.0, |a: f64, b| a.max(b.abs()));
            if largest > 0.0 {
                power_of_two(1.0 / largest)
            } else {
                1.0
            }
        };
        let value = largest(&mut program.objective.iter().zip(&columns).map(|(c, s)| c * s));
        let amount = largest(&mut program.rhs.iter().zip(&rows).map(|(b, s)| b * s));
        let mut scaled = Program::new();
        for i in 0..program.rows() {
            scaled.add_row(program.senses[i], program.rhs[i] * rows[i] * amount);
        }
        for (j, scale) in columns.iter().enumerate() {
            let entries: Vec<(usize, f64)> = program
                .column(j)
                .iter()
                .map(|&(i, a)| (i, a * rows[i] * scale))
                .collect();
            let upper = program.upper[j] / scale * amount;
            scaled.add_column(program.objective[j] * scale * value, upper, &entries);
        }
        Scaled {
            program: scaled,
            rows,
            columns,
            amount,
            value,
        }
    }

    /// A solution of the program as it was, in the terms of the scaled program.
    pub fn forth(&self, solution: &Solution) -> Solution {
        let x = solution.x.iter().zip(&self.columns);
        let prices = solution.prices.iter().zip(&self.rows);
        Solution {
            x: x.map(|(x, scale)| x / scale * self.amount).collect(),
            prices: prices.map(|(p, scale)| p / scale * self.value).collect(),
            iterations: solution.iterations,
        }
    }

    /// The solution of the program as it was, from one of the scaled program.
    pub fn back(&self, solution: Solution) -> Solution {
        let Solution {
            mut x,
            mut prices,
            iterations,
        } = solution;
        for (x, scale) in x.iter_mut().zip(&self.columns) {
            *x = *x * scale / self.amount;
        }
        for (price, scale) in prices.iter_mut().zip(&self.rows) {
            *price = *price * scale / self.value;
        }
        Solution {
            x,
            prices,
            iterations,
        }
    }
}

/// Largest and smallest magnitude.
#[derive(Debug, Clone, Copy)]
struct Span {
    least: f64,
    most: f64,
}

impl Span {
    const EMPTY: Span = Span {
        least: f64::INFINITY,
        most: 0.0,
    };

    fn add(&mut self, value: f64) {
        let size = value.abs();
        if size > 0.0 && size.is_finite() {
            self.least = self.least.min(size);
            self.most = self.most.max(size);
        }
    }

    /// Geometric mean of both; 1 where there is nothing.
    fn mean(&self) -> f64 {
        if self.most > 0.0 {
            self.least.sqrt() * self.most.sqrt()
        } else {
            1.0
        }
    }
}

/// The power of two next below.
fn power_of_two(value: f64) -> f64 {
    const MANTISSA: u64 = (1 << 52) - 1;
    let cut = f64::from_bits(value.to_bits() & !MANTISSA);
    if cut.is_normal() { cut } else { 1.0 }
}
