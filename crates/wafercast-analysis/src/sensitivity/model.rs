//! What the estimators need of a model: a function of independent uniforms, a group of points at a time.

use wafercast::draw::Lanes;
use wafercast::draw::sobol_points::ScrambledPoints;

/// A model with random inputs.
pub trait Model: Sync {
    /// Memory to evaluate in.
    type Workspace;

    /// Number of coordinates of a point.
    fn coordinates(&self) -> usize;

    /// Number of outputs.
    fn outputs(&self) -> usize;

    /// Fresh memory.
    fn workspace(&self) -> Self::Workspace;

    /// Turns independent uniforms into a point of the inputs' joint distribution, one entry per coordinate. A group of
    /// coordinates that is independent of the rest must depend on the same group of uniforms only.
    fn place(&self, uniforms: &[Lanes], workspace: &mut Self::Workspace, point: &mut [Lanes]);

    /// The outputs at a group of points.
    fn evaluate(&self, point: &[Lanes], workspace: &mut Self::Workspace, outputs: &mut [Lanes]);
}

/// A number with its standard error.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// The group of points that begins with `first`, from coordinate `from` on, as lanes.
pub(super) fn lanes_of(points: &ScrambledPoints, first: u64, from: usize, out: &mut [Lanes]) {
    for (coordinate, lanes) in out.iter_mut().enumerate() {
        *lanes = Lanes::from_fn(|lane| points.coordinate(first + lane as u64, from + coordinate));
    }
}

#[cfg(test)]
pub(super) mod functions {
    //! Functions whose indices are known.

    use super::*;
    use wafercast::draw::LANES;

    /// A function of independent uniforms.
    pub struct OfUniforms {
        /// Number of uniforms.
        pub coordinates: usize,
        /// The function.
        pub function: fn(&[f64]) -> f64,
    }

    impl Model for OfUniforms {
        type Workspace = Vec<f64>;
        fn coordinates(&self) -> usize {
            self.coordinates
        }
        fn outputs(&self) -> usize {
            1
        }
        fn workspace(&self) -> Vec<f64> {
            vec![0.0; self.coordinates]
        }
        fn place(&self, uniforms: &[Lanes], _: &mut Vec<f64>, point: &mut [Lanes]) {
            point.copy_from_slice(uniforms);
        }
        fn evaluate(&self, point: &[Lanes], one: &mut Vec<f64>, outputs: &mut [Lanes]) {
            for lane in 0..LANES {
                for (one, lanes) in one.iter_mut().zip(point) {
                    *one = lanes[lane];
                }
                outputs[0][lane] = (self.function)(one);
            }
        }
    }

    /// sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁ on (−π, π)³ (Ishigami & Homma 1990).
    pub fn ishigami(u: &[f64]) -> f64 {
        let x = |k: usize| std::f64::consts::PI * (2.0 * u[k] - 1.0);
        let (first, second, third) = (libm::sin(x(0)), libm::sin(x(1)), x(2) * x(2));
        first + 7.0 * second * second + 0.1 * third * third * first
    }

    /// First and total indices of [`ishigami`], by closed form.
    pub fn ishigami_indices() -> ([f64; 3], [f64; 3]) {
        let pi4 = std::f64::consts::PI.powi(4);
        let first = 0.5 * (1.0 + 0.1 * pi4 / 5.0) * (1.0 + 0.1 * pi4 / 5.0);
        let second = 49.0 / 8.0;
        let both = 0.01 * pi4 * pi4 * (1.0 / 18.0 - 1.0 / 50.0);
        let all = first + second + both;
        (
            [first / all, second / all, 0.0],
            [(first + both) / all, second / all, both / all],
        )
    }

    const G: [f64; 6] = [0.0, 0.5, 3.0, 9.0, 99.0, 99.0];

    /// ∏ (|4u − 2| + a)/(1 + a) (Saltelli & Sobol' 1995).
    pub fn g_function(u: &[f64]) -> f64 {
        u.iter()
            .zip(G)
            .map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a))
            .product()
    }

    /// First and total indices of [`g_function`], by closed form.
    pub fn g_indices() -> (Vec<f64>, Vec<f64>) {
        let own = G.map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
        let all: f64 = own.iter().map(|v| 1.0 + v).product::<f64>() - 1.0;
        let first = own.iter().map(|v| v / all).collect();
        let total = own
            .iter()
            .map(|v| v * (1.0 + all) / (1.0 + v) / all)
            .collect();
        (first, total)
    }
}
