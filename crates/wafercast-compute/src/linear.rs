//! Small linear systems.

/// Solves a positive definite system by Gaussian elimination; both arguments are used up.
pub fn solve<const N: usize>(matrix: &mut [[f64; N]; N], right: &mut [f64; N]) -> [f64; N] {
    for pivot in 0..N {
        for row in pivot + 1..N {
            let factor = matrix[row][pivot] / matrix[pivot][pivot];
            for column in pivot..N {
                matrix[row][column] -= factor * matrix[pivot][column];
            }
            right[row] -= factor * right[pivot];
        }
    }
    let mut x = [0.0; N];
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N)
            .map(|column| matrix[row][column] * x[column])
            .sum();
        x[row] = (right[row] - known) / matrix[row][row];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_known_system() {
        let mut matrix = [[4.0, 2.0, 0.0], [2.0, 5.0, 1.0], [0.0, 1.0, 3.0]];
        let mut right = [2.0, -5.0, 4.0];
        let x = solve(&mut matrix, &mut right);
        for (found, expected) in x.iter().zip([1.5, -2.0, 2.0]) {
            assert!((found - expected).abs() < 1e-14, "{x:?}");
        }
    }
}
