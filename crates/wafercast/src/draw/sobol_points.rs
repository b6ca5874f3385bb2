//! Points of the unit cube of many dimensions that belong together: Owen-scrambled Sobol points.
//!
//! [`super::sobol`] gives each name a dimension that knows of no other. Where the dimensions of a study are known
//! beforehand (the two matrices of a Sobol study), they can be made to fit each other: dimension j uses the j-th primitive
//! polynomial over GF(2) in order of degree (Sobol' 1967), and the first dimensions, which matter most, get initial numbers
//! by a greedy search for the best pairs (the criterion of Joe & Kuo 2008, with a search of our own). Every scrambling is
//! Owen's (1995) nested uniform one, keyed by seed, replicate and dimension: points of different replicates are
//! independent, each point is uniform, and means of smooth functions err almost like N^(−3/2).

use super::kernel::unit_from_bits;
use super::key::Key;
use super::sobol::owen_reversed;

/// Bits of a point, and of the number of points.
const BITS: usize = 32;
/// Dimensions whose initial numbers are searched for.
const SEARCHED: usize = 10;
/// Initial numbers tried for each of them.
const CANDIDATES: u64 = 24;
/// Numbers of points (as powers of two) at which pairs are judged.
const JUDGED_AT: [usize; 2] = [10, 14];

/// A set of points, before scrambling.
#[derive(Debug, Clone)]
pub struct SobolPoints {
    /// For each dimension, its direction numbers with their bits reversed (the first binary digit lowest).
    directions: Vec<[u32; BITS]>,
}

/// The points of one replicate.
#[derive(Debug, Clone)]
pub struct ScrambledPoints<'a> {
    points: &'a SobolPoints,
    /// For each dimension: key of the scrambling, and of the digits beyond the 32nd.
    keys: Vec<(u32, u64)>,
}

impl SobolPoints {
    /// Points of so many dimensions.
    pub fn new(dimensions: usize) -> SobolPoints {
        let mut directions: Vec<[u32; BITS]> = Vec::with_capacity(dimensions);
        for (dimension, polynomial) in polynomials().take(dimensions).enumerate() {
            let candidates = if dimension < SEARCHED { CANDIDATES } else { 1 };
            let best = (0..candidates)
                .map(|candidate| direction_numbers(polynomial, dimension, candidate))
                .min_by_key(|numbers| flaws(&directions, numbers, dimension < SEARCHED));
            // There is at least one candidate.
            directions.extend(best);
        }
        SobolPoints { directions }
    }

    /// Number of dimensions.
    pub fn dimensions(&self) -> usize {
        self.directions.len()
    }

    /// The points under the scrambling of a replicate.
    pub fn scrambled(&self, seed: u64, replicate: u64) -> ScrambledPoints<'_> {
        let keys = (0..self.directions.len())
            .map(|dimension| {
                let key = Key::new(seed, &format!("sobol points {replicate}/{dimension}"));
                (key.word(0) as u32, key.word(1))
            })
            .collect();
        ScrambledPoints { points: self, keys }
    }
}

impl ScrambledPoints<'_> {
    /// A coordinate of point `index` (below 2³²), in (0, 1).
    pub fn coordinate(&self, index: u64, dimension: usize) -> f64 {
        let mut reversed = 0u32;
        let mut rest = index;
        let directions = &self.points.directions[dimension];
        while rest != 0 {
            reversed ^= directions[(rest.trailing_zeros() as usize).min(BITS - 1)];
            rest &= rest - 1;
        }
        let (scramble, tail) = self.keys[dimension];
        let scrambled = owen_reversed(reversed, scramble).reverse_bits();
        let noise = (u64::from(scrambled) ^ (tail >> 32)).wrapping_mul((tail & 0xFFFF_FFFF) | 1);
        unit_from_bits((u64::from(scrambled) << 20) | (noise >> 44))
    }

    /// Point `index`: its first coordinates.
    pub fn point(&self, index: u64, out: &mut [f64]) {
        for (dimension, coordinate) in out.iter_mut().enumerate() {
            *coordinate = self.coordinate(index, dimension);
        }
    }
}

/// Direction numbers of a dimension, for one choice of the initial numbers.
fn direction_numbers(polynomial: u64, dimension: usize, candidate: u64) -> [u32; BITS] {
    let degree = 63 - polynomial.leading_zeros() as usize;
    let key = Key::new(candidate, &format!("direction numbers {dimension}"));
    // m[k] < 2^(k+1), odd: direction number k is m[k] / 2^(k+1).
    let mut m = [0u64; BITS];
    for k in 0..BITS {
        m[k] = if dimension == 0 {
            1
        } else if k < degree {
            (key.word(k as u64) & ((1 << (k + 1)) - 1)) | 1
        } else {
            (1..=degree).fold(m[k - degree], |sum, j| {
                let coefficient = (polynomial >> (degree - j)) & 1;
                sum ^ ((coefficient * m[k - j]) << j)
            })
        };
    }
    std::array::from_fn(|k| ((m[k] << (BITS - 1 - k)) as u32).reverse_bits())
}

/// How badly a dimension pairs with those before it: the sum of 4^t over pairs and sizes, t the quality parameter of the
/// pair as a digital (t, m, 2)-net (0 is best).
fn flaws(before: &[[u32; BITS]], numbers: &[u32; BITS], judged: bool) -> u64 {
    if !judged {
        return 0;
    }
    before
        .iter()
        .flat_map(|other| JUDGED_AT.map(|m| 1u64 << (2 * quality(other, numbers, m)).min(40)))
        .sum()
}

/// The smallest t with which the first 2^m points of two dimensions are a (t, m, 2)-net: for all k₁ + k₂ = m − t, the first
/// k₁ rows of one generating matrix and the first k₂ of the other are linearly independent.
fn quality(first: &[u32; BITS], second: &[u32; BITS], m: usize) -> usize {
    let rows = |directions: &[u32; BITS]| -> Vec<u32> {
        (0..m)
            .map(|digit| (0..m).fold(0, |row, k| row | (((directions[k] >> digit) & 1) << k)))
            .collect()
    };
    let (first, second) = (rows(first), rows(second));
    let mut independent = m;
    let mut basis = [0u32; BITS];
    for k in 0..=m {
        let mut both = basis;
        let added = second
            .iter()
            .take_while(|row| extend(&mut both, **row))
            .count();
        // All of m rows independent says nothing about one more: there is none.
        if k + added < m {
            independent = independent.min(k + added);
        }
        if k < m && !extend(&mut basis, first[k]) {
            break;
        }
    }
    m - independent
}

/// Adds a row to a basis by leading bit; false if it depends on what is there.
fn extend(basis: &mut [u32; BITS], row: u32) -> bool {
    let mut row = row;
    while row != 0 {
        let lead = row.trailing_zeros() as usize;
        if basis[lead] == 0 {
            basis[lead] = row;
            return true;
        }
        row ^= basis[lead];
    }
    false
}

/// Primitive polynomials over GF(2) by degree, bit k the coefficient of x^k. The first dimension has none of its own and
/// takes x + 1, whose numbers it does not use.
fn polynomials() -> impl Iterator<Item = u64> {
    let by_degree = (1..BITS as u32).flat_map(|degree| {
        let order_factors = prime_factors((1 << degree) - 1);
        (0..1u64 << (degree - 1))
            .map(move |middle| (1 << degree) | (middle << 1) | 1)
            .filter(move |polynomial| is_primitive(*polynomial, degree, &order_factors))
    });
    std::iter::once(0b11).chain(by_degree)
}

/// Whether x has order 2^degree − 1 modulo a polynomial, given the prime factors of that number.
fn is_primitive(polynomial: u64, degree: u32, order_factors: &[u64]) -> bool {
    let order = (1u64 << degree) - 1;
    power_of_x(order, polynomial, degree) == 1
        && order_factors.iter().all(|factor| {
            *factor == order && order == 1 || power_of_x(order / factor, polynomial, degree) != 1
        })
}

/// x^exponent modulo a polynomial.
fn power_of_x(exponent: u64, polynomial: u64, degree: u32) -> u64 {
    let times = |a: u64, b: u64| {
        let mut product = 0;
        let mut shifted = a;
        for bit in 0..degree {
            if (b >> bit) & 1 == 1 {
                product ^= shifted;
            }
            shifted <<= 1;
            if (shifted >> degree) & 1 == 1 {
                shifted ^= polynomial;
            }
        }
        product
    };
    let mut power = 1;
    // x itself, reduced where the polynomial has degree 1.
    let mut square = if degree == 1 { 2 ^ polynomial } else { 2 };
    let mut rest = exponent;
    while rest > 0 {
        if rest & 1 == 1 {
            power = times(power, square);
        }
        square = times(square, square);
        rest >>= 1;
    }
    power
}

fn prime_factors(mut n: u64) -> Vec<u64> {
    let mut factors = Vec::new();
    let mut candidate = 2;
    while candidate * candidate <= n {
        if n.is_multiple_of(candidate) {
            factors.push(candidate);
            while n.is_multiple_of(candidate) {
                n /= candidate;
            }
        }
        candidate += 1;
    }
    if n > 1 {
        factors.push(n);
    }
    factors
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of primitive polynomials of degree n is φ(2ⁿ − 1)/n.
    #[test]
    fn as_many_primitive_polynomials_as_there_are() {
        let of_degree = |degree: u32| {
            polynomials()
                .skip(1)
                .take_while(|p| 63 - p.leading_zeros() <= degree)
                .filter(|p| 63 - p.leading_zeros() == degree)
                .count()
        };
        let counted: Vec<usize> = (1..=11).map(of_degree).collect();
        assert_eq!(counted, [1, 1, 2, 2, 6, 6, 18, 16, 48, 60, 176]);
    }

    /// Every dimension alone: 2^k points, one in each of 2^k equal cells, under every scrambling.
    #[test]
    fn each_dimension_fills_equal_cells() {
        let points = SobolPoints::new(40);
        for replicate in 0..3 {
            let scrambled = points.scrambled(7, replicate);
            for dimension in 0..40 {
                let mut seen = vec![false; 1024];
                for index in 0..1024 {
                    let cell = (scrambled.coordinate(index, dimension) * 1024.0) as usize;
                    assert!(
                        !std::mem::replace(&mut seen[cell], true),
                        "{dimension} {cell}"
                    );
                }
            }
        }
    }

    /// The first two dimensions are a (0, m, 2)-net: every elementary cell of area 2^−m holds one of 2^m points.
    #[test]
    fn the_first_pair_is_a_perfect_net() {
        let points = SobolPoints::new(2);
        let scrambled = points.scrambled(1, 0);
        for across in 0..=8u32 {
            let (columns, rows) = (1u32 << across, 1u32 << (8 - across));
            let mut seen = vec![0; 256];
            for index in 0..256 {
                let x = (scrambled.coordinate(index, 0) * f64::from(columns)) as u32;
                let y = (scrambled.coordinate(index, 1) * f64::from(rows)) as u32;
                seen[(x * rows + y) as usize] += 1;
            }
            assert!(seen.iter().all(|count| *count == 1), "{columns}×{rows}");
        }
    }

    /// A pair as its own partner is as bad as can be, and t bounds what cells hold.
    #[test]
    fn quality_of_a_dimension_with_itself_is_the_worst() {
        let points = SobolPoints::new(3);
        let [a, b, c] = [0, 1, 2].map(|d| points.directions[d]);
        assert_eq!(quality(&a, &b, 10), 0);
        assert_eq!(quality(&a, &a, 10), 9);
        assert!(quality(&a, &c, 10) <= 2);
    }

    /// Means of a smooth function: far closer than independent points, unbiased over replicates.
    #[test]
    fn integrates_better_than_chance() {
        let points = SobolPoints::new(6);
        let n = 4096;
        let replicates = 12;
        let mut squares = 0.0;
        for replicate in 0..replicates {
            let scrambled = points.scrambled(3, replicate);
            let mut point = [0.0; 6];
            let mut sum = 0.0;
            for index in 0..n {
                scrambled.point(index, &mut point);
                sum += point.iter().map(|u| 1.0 + (u - 0.5)).product::<f64>();
            }
            let error = sum / n as f64 - 1.0;
            squares += error * error / replicates as f64;
        }
        // Independent points: variance (1 + 1/12)^6 − 1 = 0.616, so 0.0123 at 4,096.
        assert!(squares.sqrt() < 0.0123 / 40.0, "{}", squares.sqrt());
    }
}
