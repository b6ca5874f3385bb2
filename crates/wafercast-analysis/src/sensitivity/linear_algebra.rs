//! Small symmetric systems.

/// Pivots below this share of the diagonal count as zero: the column depends on those before it.
const DEPENDENT: f64 = 1e-10;

/// The Cholesky factor of a symmetric matrix that is positive semidefinite. Columns that depend on earlier ones are left
/// out: their solution is 0.
#[derive(Debug, Clone)]
pub struct Factor {
    size: usize,
    /// Lower triangle by rows, full rows.
    lower: Vec<f64>,
    kept: Vec<bool>,
}

impl Factor {
    /// Factorises a matrix (`size × size`, by rows; the lower triangle is read).
    pub fn new(matrix: &[f64], size: usize) -> Factor {
        let mut lower = vec![0.0; size * size];
        let mut kept = vec![true; size];
        for i in 0..size {
            for j in 0..=i {
                let known: f64 = (0..j)
                    .map(|k| lower[i * size + k] * lower[j * size + k])
                    .sum();
                let rest = matrix[i * size + j] - known;
                if i != j {
                    lower[i * size + j] = if kept[j] {
                        rest / lower[j * size + j]
                    } else {
                        0.0
                    };
                } else if rest > DEPENDENT * matrix[i * size + i] {
                    lower[i * size + i] = rest.sqrt();
                } else {
                    kept[i] = false;
                    for k in 0..i {
                        lower[i * size + k] = 0.0;
                    }
                }
            }
        }
        Factor { size, lower, kept }
    }

    /// Number of independent columns.
    pub fn rank(&self) -> usize {
        self.kept.iter().filter(|kept| **kept).count()
    }

    /// Solves for `width` right-hand sides in place, `values[row · width + side]`.
    pub fn solve(&self, values: &mut [f64], width: usize) {
        let size = self.size;
        for i in 0..size {
            for k in 0..i {
                let factor = self.lower[i * size + k];
                for side in 0..width {
                    values[i * width + side] -= factor * values[k * width + side];
                }
            }
            self.divide(i, values, width);
        }
        for i in (0..size).rev() {
            for k in i + 1..size {
                let factor = self.lower[k * size + i];
                for side in 0..width {
                    values[i * width + side] -= factor * values[k * width + side];
                }
            }
            self.divide(i, values, width);
        }
    }

    fn divide(&self, row: usize, values: &mut [f64], width: usize) {
        let pivot = self.lower[row * self.size + row];
        for value in &mut values[row * width..(row + 1) * width] {
            *value = if self.kept[row] { *value / pivot } else { 0.0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_leaves_out_what_depends() {
        // The third column is the sum of the first two.
        let matrix = [4.0, 1.0, 5.0, 1.0, 3.0, 4.0, 5.0, 4.0, 9.0];
        let factor = Factor::new(&matrix, 3);
        assert_eq!(factor.rank(), 2);
        let mut values = [9.0, 4.0, 5.0, 7.0, 14.0, 11.0];
        factor.solve(&mut values, 2);
        for (column, expected) in [(0, [2.0, 1.0]), (1, [5.0 / 11.0, 24.0 / 11.0])] {
            for row in 0..2 {
                assert!(
                    (values[row * 2 + column] - expected[row]).abs() < 1e-12,
                    "{values:?}"
                );
            }
            assert_eq!(values[4 + column], 0.0);
        }
    }
}
