//! A linear program: maximise `c·x` under `A·x ≤ b` (some rows `= b`) and `0 ≤ x ≤ u`.

/// How a row is bounded by its right-hand side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// `a·x ≤ b`: its price is never negative.
    AtMost,
    /// `a·x = b`: its price may have either sign.
    Equal,
}

/// A sparse linear program, by column. Build it with [`Program::add_row`] and [`Program::add_column`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Program {
    /// First entry of each column in `entries`, and the end of the last.
    starts: Vec<usize>,
    /// Row and coefficient of every entry, column by column.
    entries: Vec<(usize, f64)>,
    /// `c`, one per column.
    pub objective: Vec<f64>,
    /// `u`, one per column; infinite where there is no bound.
    pub upper: Vec<f64>,
    /// One per row.
    pub senses: Vec<Sense>,
    /// `b`, one per row.
    pub rhs: Vec<f64>,
}

impl Program {
    /// A program without rows and columns.
    pub fn new() -> Program {
        Program {
            starts: vec![0],
            ..Program::default()
        }
    }

    /// Adds a row and returns its index.
    pub fn add_row(&mut self, sense: Sense, rhs: f64) -> usize {
        self.senses.push(sense);
        self.rhs.push(rhs);
        self.rhs.len() - 1
    }

    /// Adds a variable `0 ≤ x ≤ upper` that counts `objective`, with its entries by row (each row at most once; rows that
    /// do not exist and zeros are dropped). Returns its index.
    pub fn add_column(&mut self, objective: f64, upper: f64, entries: &[(usize, f64)]) -> usize {
        let rows = self.rows();
        let kept = entries
            .iter()
            .filter(|(row, value)| *row < rows && *value != 0.0);
        self.entries.extend(kept);
        self.starts.push(self.entries.len());
        self.objective.push(objective);
        self.upper.push(upper);
        self.objective.len() - 1
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rhs.len()
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.objective.len()
    }

    /// Number of coefficients that are not zero.
    pub fn nonzeros(&self) -> usize {
        self.entries.len()
    }

    /// The entries of a column: row and coefficient.
    pub fn column(&self, column: usize) -> &[(usize, f64)] {
        &self.entries[self.starts[column]..self.starts[column + 1]]
    }

    /// `A·x`
    pub fn rows_at(&self, x: &[f64]) -> Vec<f64> {
        let mut rows = vec![0.0; self.rows()];
        for (j, &x) in x.iter().enumerate() {
            for &(row, value) in self.column(j) {
                rows[row] += value * x;
            }
        }
        rows
    }

    /// `Aᵀ·y` of one column.
    pub fn cost_of(&self, column: usize, prices: &[f64]) -> f64 {
        self.column(column)
            .iter()
            .fold(0.0, |sum, &(row, value)| sum + value * prices[row])
    }

    /// `c·x`
    pub fn value_at(&self, x: &[f64]) -> f64 {
        let terms = self.objective.iter().zip(x);
        terms.fold(0.0, |sum, (c, x)| sum + c * x)
    }
}

/// What a solver returns; nothing in it is taken on trust, see [`crate::certificate`].
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// The variables.
    pub x: Vec<f64>,
    /// The price of every row: what one more of its right-hand side adds to the value.
    pub prices: Vec<f64>,
    /// Iterations taken.
    pub iterations: usize,
}
