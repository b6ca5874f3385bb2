//! A keyed permutation of 0…N−1, read at any index without storing it.
//!
//! A generalised Feistel network (Black & Rogaway 2002, "FE1") on pairs (l, r), 0 ≤ l < a, 0 ≤ r < b with a·b ≥ N just
//! above it, a ≈ b ≈ √N. Each round adds to one half, modulo its range, a keyed function of the other. Values ≥ N are
//! sent through again ("cycle walking"); as a·b < N + a, that is rare.

use super::LANES;
use super::key::Key;

const ROUNDS: usize = 8;
/// Adding 2⁵² to a small non-negative integer's double puts the integer into its low bits.
const TWO_52: f64 = 4_503_599_627_370_496.0;
const LOW: u64 = 0xFFFF_FFFF;

/// A permutation of 0…N−1.
#[derive(Debug, Clone)]
pub struct Permutation {
    count: u64,
    a: u64,
    b: u64,
    /// Per round: a 32-bit word added to the half that is read, and an odd 32-bit multiplier.
    rounds: [(u64, u64); ROUNDS],
}

impl Permutation {
    /// The permutation of 0…`count`−1 under `key`. `count` is taken into 1…2⁵⁰.
    pub fn new(count: u64, key: Key) -> Permutation {
        let count = count.clamp(1, 1 << 50);
        let mut a = libm::sqrt(count as f64) as u64;
        while a * a < count {
            a += 1;
        }
        let b = count.div_ceil(a);
        let rounds = std::array::from_fn(|round| {
            let word = key.word(1000 + round as u64);
            (word >> 32, (word & LOW) | 1)
        });
        Permutation {
            count,
            a,
            b,
            rounds,
        }
    }

    /// Once through the network.
    #[inline(always)]
    fn pass(&self, x: u64) -> u64 {
        // x / b exactly: a quotient of integers below 2⁵² never rounds up to the next integer.
        let quotient = (f64::from_bits(TWO_52.to_bits() | x) - TWO_52) / self.b as f64;
        let nearest = (quotient + TWO_52).to_bits();
        let above = f64::from_bits(nearest) - TWO_52 > quotient;
        let mut l = (nearest & ((1 << 52) - 1)) - u64::from(above);
        let mut r = x.wrapping_sub(multiply(l, self.b));
        let mut step = 0;
        while step < ROUNDS {
            l = add(l, self.rounds[step], r, self.a);
            r = add(r, self.rounds[step + 1], l, self.b);
            step += 2;
        }
        multiply(l, self.b) + r
    }

    /// Where `index` goes. Indices ≥ N give some value below N.
    #[inline(always)]
    pub fn get(&self, index: u64) -> u64 {
        let mut x = self.pass(index.min(self.count - 1));
        while x >= self.count {
            x = self.pass(x);
        }
        x
    }

    /// [`Permutation::get`] at [`LANES`] indices.
    #[inline(always)]
    pub fn get_lanes(&self, index: &[u64; LANES]) -> [u64; LANES] {
        let mut x = [0; LANES];
        for (x, &index) in x.iter_mut().zip(index) {
            *x = self.pass(index.min(self.count - 1));
        }
        for x in &mut x {
            while *x >= self.count {
                *x = self.pass(*x);
            }
        }
        x
    }
}

/// The product of two numbers below 2³², as one vector instruction.
#[inline(always)]
fn multiply(x: u64, y: u64) -> u64 {
    (x & LOW) * (y & LOW)
}

/// `x` plus a keyed function of `other`, modulo `range`.
#[inline(always)]
fn add(x: u64, (offset, multiplier): (u64, u64), other: u64, range: u64) -> u64 {
    // Two multiplications, so that every bit of `other` reaches the high bits, which choose the value in the range.
    let product = multiply(other.wrapping_add(offset), multiplier);
    let folded = product ^ (product >> 32);
    let mixed = multiply(folded, 0x85EB_CA6B) ^ (folded >> 15);
    let sum = x + (multiply(mixed ^ (mixed >> 32), range) >> 32);
    if sum >= range { sum - range } else { sum }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn is_a_permutation() {
        for count in (1..200).chain([255, 256, 257, 10_000, 65_537, 99_999]) {
            let permutation = Permutation::new(count, Key::new(count, "p"));
            let mut seen = vec![false; count as usize];
            for i in 0..count {
                let x = permutation.get(i) as usize;
                assert!(!seen[x], "N = {count}: {x} twice");
                seen[x] = true;
            }
        }
    }

    #[test]
    fn lanes_equal_scalar_also_beyond_the_count() {
        for count in [1, 3, 1000, 1_000_000, (1 << 50) - 27] {
            let permutation = Permutation::new(count, Key::new(3, "lanes"));
            for first in [0, 5, count - 1, count + 100, u64::MAX - 50] {
                let index: [u64; LANES] = std::array::from_fn(|k| first + k as u64);
                let lanes = permutation.get_lanes(&index);
                for (&i, &x) in index.iter().zip(&lanes) {
                    assert_eq!(x, permutation.get(i));
                    assert!(x < count);
                }
            }
        }
    }

    /// All 24 permutations of four things are about equally likely over the keys: χ² with 23 degrees of freedom.
    #[test]
    fn small_permutations_are_uniform() {
        let trials = 24_000u64;
        let mut counts: BTreeMap<[u64; 4], f64> = BTreeMap::new();
        for seed in 0..trials {
            let permutation = Permutation::new(4, Key::new(seed, "small"));
            *counts
                .entry(std::array::from_fn(|i| permutation.get(i as u64)))
                .or_default() += 1.0;
        }
        assert_eq!(counts.len(), 24);
        let expected = trials as f64 / 24.0;
        let chi2: f64 = counts
            .values()
            .map(|n| (n - expected) * (n - expected) / expected)
            .sum();
        assert!(chi2 < 60.0, "χ² = {chi2}");
    }

    /// Neighbours land independently, and so do two names: χ² on a 16 × 16 grid, 255 degrees of freedom (sd 22.6).
    #[test]
    fn neighbours_and_names_are_independent() {
        let count = 102_400;
        let permutations = ["one", "two"].map(|name| Permutation::new(count, Key::new(11, name)));
        let cell = |p: &Permutation, i: u64| (p.get(i % count) * 16 / count) as usize;
        let chi2 = |pairs: &dyn Fn(u64) -> (usize, usize)| -> f64 {
            let mut grid = [0.0; 256];
            for i in 0..count {
                let (x, y) = pairs(i);
                grid[16 * x + y] += 1.0;
            }
            let expected = count as f64 / 256.0;
            grid.iter()
                .map(|n| (n - expected) * (n - expected) / expected)
                .sum()
        };
        let [one, two] = &permutations;
        for lag in [1, 2, 7, 16, 320, 1000] {
            let value = chi2(&|i| (cell(one, i), cell(one, i + lag)));
            assert!((150.0..370.0).contains(&value), "lag {lag}: χ² = {value}");
        }
        let value = chi2(&|i| (cell(one, i), cell(two, i)));
        assert!((150.0..370.0).contains(&value), "names: χ² = {value}");
        // Where an index goes does not depend on where it comes from.
        let value = chi2(&|i| ((i * 16 / count) as usize, cell(one, i)));
        assert!((150.0..370.0).contains(&value), "index: χ² = {value}");
    }
}
