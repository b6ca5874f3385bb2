//! The uniforms and normal scores of one named quantity.

use super::key::Key;
use super::permutation::Permutation;
use super::sobol::SobolDimension;
use super::{LANES, Lanes, kernel, philox};
use crate::scenario::Design;

/// The largest double below 1.
const BELOW_ONE: f64 = 1.0 - f64::EPSILON / 2.0;

/// The draws of one name. Sample `i` depends only on (seed, name, design, N, i).
///
/// | design | uniform `i` of N |
/// |---|---|
/// | `Lhs` | `(π(i) + jitter(i))/N`, π a keyed permutation: one draw in each of N equal cells |
/// | `Random` | Philox4x32-10 at counter `i` |
/// | `Sobol` | point `i` of a scrambled Sobol dimension chosen by the name |
#[derive(Debug, Clone)]
pub struct Stream {
    key: [u32; 2],
    stream: u64,
    points: Points,
}

#[derive(Debug, Clone)]
enum Points {
    Random,
    Lhs { cells: Permutation, count: f64 },
    Sobol(Box<SobolDimension>),
}

impl Stream {
    /// The stream of `name` for a run of `draws` draws (taken as at least 1, at most 2⁵⁰).
    pub fn new(seed: u64, name: &str, design: Design, draws: u64) -> Stream {
        let key = Key::new(seed, name);
        let draws = draws.clamp(1, 1 << 50);
        let points = match design {
            Design::Random => Points::Random,
            Design::Lhs => Points::Lhs {
                cells: Permutation::new(draws, key),
                count: draws as f64,
            },
            Design::Sobol => Points::Sobol(Box::new(SobolDimension::new(draws, key))),
        };
        let (key, stream) = key.philox();
        Stream {
            key,
            stream,
            points,
        }
    }

    /// Uniform `i`, in (0, 1).
    /// Model eq. (9).
    pub fn uniform(&self, i: u64) -> f64 {
        match &self.points {
            Points::Random => kernel::unit_from_bits(philox::bits(i, self.stream, self.key)),
            Points::Lhs { cells, count } => {
                in_cell(cells.get(i), philox::bits(i, self.stream, self.key), *count)
            }
            Points::Sobol(dimension) => dimension.get(i),
        }
    }

    /// The standard normal quantile of uniform `i`.
    pub fn normal_score(&self, i: u64) -> f64 {
        kernel::normal_quantile(self.uniform(i))
    }

    /// Uniforms `first` to `first + LANES − 1`; bitwise those of [`Stream::uniform`]. Indices of N or more are permitted
    /// and give some number in (0, 1). For use inside the caller's own multiversioned function.
    #[inline(always)]
    pub fn uniforms(&self, first: u64) -> Lanes {
        let mut index = [first; LANES];
        for (k, index) in index.iter_mut().enumerate() {
            *index = first.wrapping_add(k as u64);
        }
        let mut out = Lanes::splat(0.0);
        match &self.points {
            Points::Random => {
                let bits = philox::bits_lanes(&index, self.stream, self.key);
                for (out, &bits) in out.iter_mut().zip(&bits) {
                    *out = kernel::unit_from_bits(bits);
                }
            }
            Points::Lhs { cells, count } => {
                let bits = philox::bits_lanes(&index, self.stream, self.key);
                let cells = cells.get_lanes(&index);
                for lane in 0..LANES {
                    out[lane] = in_cell(cells[lane], bits[lane], *count);
                }
            }
            Points::Sobol(dimension) => out = dimension.get_lanes(&index),
        }
        out
    }

    /// Normal scores of draws `first` to `first + LANES − 1`; bitwise those of [`Stream::normal_score`].
    #[inline(always)]
    pub fn normal_scores(&self, first: u64) -> Lanes {
        kernel::lanes::normal_quantile(&self.uniforms(first))
    }

    /// Fills `out` with the normal scores of draws `first`, `first + 1`, ….
    pub fn fill_normal_scores(&self, first: u64, out: &mut [Lanes]) {
        fill_normal_scores(self, first, out);
    }
}

#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx2", "x86_64+avx2"))]
fn fill_normal_scores(stream: &Stream, first: u64, out: &mut [Lanes]) {
    // In two passes: the compiler makes better vector code of short loops.
    for (k, out) in out.iter_mut().enumerate() {
        *out = stream.uniforms(first.wrapping_add((k * LANES) as u64));
    }
    for u in out {
        *u = kernel::lanes::normal_quantile(u);
    }
}

/// A point of cell `cell` of `count` equal cells. The jitter has 32 bits, so that up to 2²⁰ cells the sum is exact.
#[inline(always)]
fn in_cell(cell: u64, bits: u64, count: f64) -> f64 {
    const TWO_52: f64 = 4_503_599_627_370_496.0;
    let cell = f64::from_bits(TWO_52.to_bits() | cell) - TWO_52;
    let jitter = f64::from_bits(TWO_52.to_bits() | (bits & 0xFFFF_FFFF)) - TWO_52;
    let u = (cell + (jitter + 0.5) * (1.0 / 4_294_967_296.0)) / count;
    if u < 1.0 { u } else { BELOW_ONE }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESIGNS: [Design; 3] = [Design::Lhs, Design::Random, Design::Sobol];

    #[test]
    fn lanes_equal_scalar_bitwise() {
        for design in DESIGNS {
            for draws in [1, 2, 7, 1000, 1 << 20, 3_000_000] {
                let stream = Stream::new(2027, "fab.x.phase[0].delay", design, draws);
                for first in [0, 1, draws / 2, draws, draws + 5] {
                    let (uniforms, scores) = (stream.uniforms(first), stream.normal_scores(first));
                    let mut filled = [Lanes::splat(0.0); 2];
                    stream.fill_normal_scores(first, &mut filled);
                    for lane in 0..LANES {
                        let i = first + lane as u64;
                        assert_eq!(uniforms[lane].to_bits(), stream.uniform(i).to_bits());
                        assert_eq!(scores[lane].to_bits(), stream.normal_score(i).to_bits());
                        assert_eq!(filled[0][lane].to_bits(), scores[lane].to_bits());
                        assert!(uniforms[lane] > 0.0 && uniforms[lane] < 1.0);
                    }
                }
            }
        }
    }

    /// One draw in each of N cells: always for LHS, for Sobol where N is a power of two.
    #[test]
    fn stratification() {
        for (design, draws) in [
            (Design::Lhs, 1),
            (Design::Lhs, 1000),
            (Design::Lhs, 99_991),
            (Design::Sobol, 1 << 16),
        ] {
            for name in ["a", "b", "c"] {
                let stream = Stream::new(5, name, design, draws);
                let mut seen = vec![false; draws as usize];
                for i in 0..draws {
                    let cell = (stream.uniform(i) * draws as f64) as usize;
                    assert!(
                        !std::mem::replace(&mut seen[cell], true),
                        "{design:?} {draws}: cell {cell} twice"
                    );
                }
            }
        }
    }

    /// Every block of 2^k Sobol points that starts at a multiple of 2^k is stratified, whatever N is.
    #[test]
    fn sobol_is_a_sequence_of_nets() {
        for name in ["x", "y", "z"] {
            let stream = Stream::new(9, name, Design::Sobol, 100_000);
            for (block, size) in [(0, 4096u64), (3, 4096), (17, 1024), (1, 16), (1000, 8)] {
                let mut seen = vec![false; size as usize];
                for i in block * size..(block + 1) * size {
                    let cell = (stream.uniform(i) * size as f64) as usize;
                    assert!(!std::mem::replace(&mut seen[cell], true));
                }
            }
        }
    }

    #[test]
    fn random_uniforms_have_the_right_moments() {
        let n = 100_000u64;
        let stream = Stream::new(1, "moments", Design::Random, n);
        let mean = (0..n).map(|i| stream.uniform(i)).sum::<f64>() / n as f64;
        let square = (0..n)
            .map(|i| stream.uniform(i) * stream.uniform(i))
            .sum::<f64>()
            / n as f64;
        // Five standard errors.
        assert!((mean - 0.5).abs() < 5.0 * (1.0f64 / 12.0 / n as f64).sqrt());
        assert!((square - 1.0 / 3.0).abs() < 5.0 * (4.0f64 / 45.0 / n as f64).sqrt());
    }

    /// Median over seeds of the error of the integral of Π (1 + (u_j − ½)/2) over ten dimensions, which is 1.
    fn integration_error(design: Design, draws: u64) -> f64 {
        let mut errors: Vec<f64> = (0..25)
            .map(|seed| {
                let stream = |j| Stream::new(seed, &format!("q{j}"), design, draws);
                let streams: Vec<Stream> = (0..10).map(stream).collect();
                let product = |i| -> f64 {
                    streams
                        .iter()
                        .map(|s| 1.0 + 0.5 * (s.uniform(i) - 0.5))
                        .product()
                };
                ((0..draws).map(product).sum::<f64>() / draws as f64 - 1.0).abs()
            })
            .collect();
        errors.sort_by(f64::total_cmp);
        errors[12]
    }

    #[test]
    fn designs_integrate_smooth_functions_better_than_random() {
        let [lhs, random, sobol] = DESIGNS.map(|design| integration_error(design, 4096));
        println!(
            "median error in 10 dimensions: random {random:.1e}, LHS {lhs:.1e}, Sobol {sobol:.1e}"
        );
        assert!(lhs < random / 2.0);
        assert!(sobol < random / 4.0);
    }

    #[test]
    fn names_and_seeds_are_independent() {
        let n = 20_000;
        for design in DESIGNS {
            let a = Stream::new(1, "a", design, n);
            for b in [
                Stream::new(1, "b", design, n),
                Stream::new(2, "a", design, n),
            ] {
                let correlation = (0..n)
                    .map(|i| (a.uniform(i) - 0.5) * (b.uniform(i) - 0.5))
                    .sum::<f64>()
                    * 12.0
                    / n as f64;
                assert!(
                    correlation.abs() < 5.0 / (n as f64).sqrt(),
                    "{design:?}: {correlation}"
                );
            }
        }
    }
}
