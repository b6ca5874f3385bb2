//! One dimension of a scrambled Sobol sequence for each name, independent of which other names exist.
//!
//! A Sobol dimension is a primitive polynomial over GF(2) with odd initial direction numbers (Sobol' 1967; Bratley & Fox
//! 1988). Fixed tables give the dimensions an order; here the name's key chooses both: one of the 27,594 primitive
//! polynomials of degree 19, and the initial numbers. Every dimension is a (0, 1)-sequence whatever the choice: 2^k points
//! fall one into each of 2^k equal cells. A pair of dimensions is a random digital net: most are good, and the median error
//! falls almost like 1/N (at 65,536 draws 1/50 of independent draws' in ten dimensions), but now and then a pair is no
//! better than independent draws, which a fixed table could rule out and independence from other names cannot. On top comes Owen's nested scrambling by
//! the hash of Laine & Karras (2011) in the form of Burley (2020), keyed by name too, which makes every point uniform.

use super::LANES;
use super::kernel::unit_from_bits;
use super::key::Key;

const DEGREE: u32 = 19;
/// Bits of a point; the points repeat after 2³².
const BITS: usize = 32;

/// One scrambled dimension.
#[derive(Debug, Clone)]
pub struct SobolDimension {
    /// Direction numbers with their bits reversed (the first binary digit lowest), as the scrambling wants them.
    directions: [u32; BITS],
    /// Binary digits of the indices in use.
    digits: usize,
    scramble: u32,
    /// Key of the digits beyond the 32nd.
    tail: u64,
}

impl SobolDimension {
    /// The dimension of `key`, for indices below `count`.
    pub fn new(count: u64, key: Key) -> SobolDimension {
        let degree = DEGREE as usize;
        let polynomial = primitive_polynomial(key);
        // m[k] < 2^(k+1), odd: direction number k is m[k] / 2^(k+1).
        let mut m = [0u64; BITS];
        for k in 0..BITS {
            m[k] = if k < degree {
                (key.word(3000 + k as u64) & ((1 << (k + 1)) - 1)) | 1
            } else {
                // m_k = 2 c_1 m_(k−1) ⊕ 4 c_2 m_(k−2) ⊕ … ⊕ 2^d m_(k−d) ⊕ m_(k−d), c the coefficients after the leading one.
                (1..=degree).fold(m[k - degree], |sum, j| {
                    let coefficient = (polynomial >> (degree - j)) & 1;
                    sum ^ ((coefficient * m[k - j]) << j)
                })
            };
        }
        let directions = std::array::from_fn(|k| ((m[k] << (BITS - 1 - k)) as u32).reverse_bits());
        let digits = (u64::BITS - count.saturating_sub(1).leading_zeros()) as usize;
        SobolDimension {
            directions,
            digits: digits.min(BITS),
            scramble: key.word(2000) as u32,
            tail: key.word(2001),
        }
    }

    /// Point `index` in (0, 1).
    #[inline(always)]
    pub fn get(&self, index: u64) -> f64 {
        let mut reversed = 0u32;
        for (k, direction) in self.directions[..self.digits].iter().enumerate() {
            reversed ^= direction & 0u32.wrapping_sub((index >> k) as u32 & 1);
        }
        self.place(reversed)
    }

    /// Points at [`LANES`] indices.
    #[inline(always)]
    pub fn get_lanes(&self, index: &[u64; LANES]) -> super::Lanes {
        let mut reversed = [0u32; LANES];
        for (k, direction) in self.directions[..self.digits].iter().enumerate() {
            for (reversed, &index) in reversed.iter_mut().zip(index) {
                *reversed ^= direction & 0u32.wrapping_sub((index >> k) as u32 & 1);
            }
        }
        let mut points = [0.0; LANES];
        for (point, &reversed) in points.iter_mut().zip(&reversed) {
            *point = self.place(reversed);
        }
        super::Lanes(points)
    }

    /// Scrambles the digits and fills those beyond the 32nd with keyed noise.
    #[inline(always)]
    fn place(&self, reversed: u32) -> f64 {
        let scrambled = owen_reversed(reversed, self.scramble).reverse_bits();
        let noise = (u64::from(scrambled) ^ (self.tail >> 32)) * ((self.tail & 0xFFFF_FFFF) | 1);
        unit_from_bits((u64::from(scrambled) << 20) | (noise >> 44))
    }
}

/// Nested uniform scrambling of digits in reversed order: each digit flips depending on the key and the digits before it.
#[inline(always)]
pub(super) fn owen_reversed(x: u32, key: u32) -> u32 {
    let mut x = x.wrapping_add(key);
    x ^= x.wrapping_mul(0x6C50_B47C);
    x ^= x.wrapping_mul(0xB82F_1E52);
    x ^= x.wrapping_mul(0xC7AF_E638);
    x ^ x.wrapping_mul(0x8D22_F6E6)
}

/// A primitive polynomial of degree 19 over GF(2), bit k the coefficient of x^k: the first at or after a keyed place. As
/// 2¹⁹ − 1 is prime, every irreducible polynomial of this degree is primitive.
fn primitive_polynomial(key: Key) -> u64 {
    let mut middle = key.word(2002);
    loop {
        let candidate = (1 << DEGREE) | ((middle << 1) & ((1 << DEGREE) - 1)) | 1;
        if is_irreducible(candidate) {
            return candidate;
        }
        middle = middle.wrapping_add(1);
    }
}

/// Whether a polynomial of (prime) degree 19 with constant term 1 is irreducible: x^(2^19) ≡ x modulo it, as the product
/// of all irreducible polynomials of degrees 1 and 19 is x^(2^19) − x.
fn is_irreducible(polynomial: u64) -> bool {
    let mut power = 2;
    for _ in 0..DEGREE {
        power = square(power, polynomial);
    }
    power == 2
}

/// The square of a polynomial of degree < 19, modulo `polynomial`.
fn square(x: u64, polynomial: u64) -> u64 {
    let mut wide = (0..DEGREE).fold(0, |sum, k| sum | (((x >> k) & 1) << (2 * k)));
    for k in (DEGREE..2 * DEGREE - 1).rev() {
        if (wide >> k) & 1 == 1 {
            wide ^= polynomial << (k - DEGREE);
        }
    }
    wide
}
