//! Elementary functions written for vectorisation: branch-free, deterministic, no fused multiply-add.
//!
//! The functions of this module take one number and are always inlined, so a loop over an array of them becomes vector
//! code. [`lanes`] has the same functions over [`Lanes`](super::Lanes), for use inside a caller's own `#[multiversion]`
//! function; [`slice`] over whole slices, multiversioned themselves. All three give the same bits.
//!
//! The coefficients are minimax fits made for this crate (relative error of the fits: exp 4e-18, ln 3e-18, normal
//! quantile 1e-11, normal distribution function 5e-17); the tests measure the error of the whole functions.

use std::f64::consts::{FRAC_1_SQRT_2, LOG2_E};

/// Adding and taking away 1.5·2⁵² rounds to the nearest integer, which then stands in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts: the high part has 21 trailing zero bits, so that its product with an exponent is exact.
const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// √(2 ln 2): the tail variable √(−2 ln p) at p = ½.
const TAIL_AT_HALF: f64 = 1.177_410_022_515_474_7;
const ONE_BITS: i64 = 0x3FF0_0000_0000_0000;

/// Horner's scheme, coefficients from the lowest power up.
#[inline(always)]
fn polynomial<const N: usize>(x: f64, coefficients: [f64; N]) -> f64 {
    let mut sum = coefficients[N - 1];
    for &c in coefficients.iter().rev().skip(1) {
        sum = sum * x + c;
    }
    sum
}

/// The smaller of two numbers; `x` where it is NaN (unlike `f64::min`).
#[inline(always)]
fn at_most(x: f64, limit: f64) -> f64 {
    if x > limit { limit } else { x }
}

#[inline(always)]
fn at_least(x: f64, limit: f64) -> f64 {
    if x < limit { limit } else { x }
}

/// `x = k·ln 2 + r`, |r| ≤ ln 2 / 2: returns (e^r − 1, k + 2048 as bits). `x` must lie in [−746, 710].
#[inline(always)]
fn reduced_exp(x: f64) -> (f64, u64) {
    let t = x * LOG2_E + ROUND;
    let k = t - ROUND;
    let r = (x - k * LN_2_HIGH) - k * LN_2_LOW;
    let p = polynomial(
        r,
        [
            0.500_000_000_000_001_1,
            0.166_666_666_666_664_23,
            0.041_666_666_666_529_34,
            0.008_333_333_333_487_21,
            0.001_388_888_894_390_118_6,
            0.000_198_412_695_234_087_15,
            0.000_024_801_492_782_595_904,
            2.755_757_065_624_499_7e-6,
            2.763_037_036_403_864e-7,
            2.500_519_885_676_825_4e-8,
        ],
    );
    let exponent = t.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(2048);
    (r + r * r * p, exponent)
}

/// 2^k as two factors (2^k itself may be subnormal or too large), from k + 2048.
#[inline(always)]
fn power_of_two(exponent: u64) -> (f64, f64) {
    let half = exponent >> 1;
    let rest = exponent - half;
    (
        f64::from_bits((half - 1) << 52),
        f64::from_bits((rest - 1) << 52),
    )
}

/// e^x. Relative error < 4e-16 where the result is normal; 0 and ∞ beyond the range, NaN for NaN.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let (r, exponent) = reduced_exp(at_least(at_most(x, 710.0), -746.0));
    let (a, b) = power_of_two(exponent);
    (1.0 + r) * a * b
}

/// e^x − 1, accurate near 0.
#[inline(always)]
pub fn expm1(x: f64) -> f64 {
    let (r, exponent) = reduced_exp(at_least(at_most(x, 710.0), -60.0));
    let (a, b) = power_of_two(exponent);
    // b·(a·r) and b·a − 1 do not cancel: r > −0.3 and b·a ≥ 2 or ≤ ½ unless it is 1. The last power of two (2^1024)
    // is reached only in the two factors.
    let large = (1.0 + r) * a * b;
    let near = r * (a * b) + (a * b - 1.0);
    if x > 60.0 { large } else { near }
}

/// Natural logarithm of a positive normal number. Other arguments give garbage.
#[inline(always)]
fn ln_normal(x: f64, exponent_shift: f64) -> f64 {
    // x = 2^k·m with m in [√½, √2).
    let bits = x.to_bits() as i64;
    let shifted = bits
        .wrapping_sub(FRAC_1_SQRT_2.to_bits() as i64)
        .wrapping_add(ONE_BITS);
    let biased = (shifted as u64) >> 52;
    let m = f64::from_bits(
        (bits as u64)
            .wrapping_sub(biased << 52)
            .wrapping_add(ONE_BITS as u64),
    );
    let k =
        f64::from_bits(ROUND.to_bits().wrapping_add(biased)) - (ROUND + 1023.0) - exponent_shift;
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    // ln(1 + f) = 2s + s·z·R(z), and 2s = f − s·f: keeps f exact.
    let r = z * polynomial(
        z,
        [
            0.666_666_666_666_673_4,
            0.399_999_999_994_147_6,
            0.285_714_287_423_773_9,
            0.222_221_985_729_358_73,
            0.181_835_644_077_311_27,
            0.153_140_468_261_623_28,
            0.147_960_019_919_402_74,
        ],
    );
    let half_square = 0.5 * f * f;
    k * LN_2_HIGH - ((half_square - (s * (half_square + r) + k * LN_2_LOW)) - f)
}

/// Natural logarithm. Relative error < 4e-16; −∞ at 0, NaN below, ∞ at ∞.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    let subnormal = x < f64::MIN_POSITIVE;
    let scaled = if subnormal {
        x * 18_014_398_509_481_984.0
    } else {
        x
    };
    let y = ln_normal(scaled, if subnormal { 54.0 } else { 0.0 });
    let y = if x == 0.0 { f64::NEG_INFINITY } else { y };
    let y = if x == f64::INFINITY { f64::INFINITY } else { y };
    if x >= 0.0 { y } else { f64::NAN }
}

/// ln(1 + x), accurate near 0.
#[inline(always)]
pub fn log1p(x: f64) -> f64 {
    let y = 1.0 + x;
    // What 1 + x lost by rounding, to first order.
    let lost = (x - (y - 1.0)) / y;
    let y = if y == f64::INFINITY || y == 0.0 {
        ln(y)
    } else {
        ln(y) + lost
    };
    if x >= -1.0 { y } else { f64::NAN }
}

/// x^y for x ≥ 0, as e^(y·ln x). Relative error about 2e-16·(1 + |y·ln x|); 1 for y = 0.
#[inline(always)]
pub fn pow(x: f64, y: f64) -> f64 {
    let p = exp(y * ln(x));
    if y == 0.0 { 1.0 } else { p }
}

/// 1/(1 + e^−x). Relative error < 1e-15 on both sides.
#[inline(always)]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// The standard normal quantile of `u` in (0, 1). Relative error < 2e-11 (for u > ½ the spacing of `u` adds to it),
/// odd about ½ to the bit.
#[inline(always)]
pub fn normal_quantile(u: f64) -> f64 {
    let upper = 1.0 - u;
    let p = if upper < u { upper } else { u };
    // With y = √(−2 ln p) − √(2 ln 2) the quantile is −y times a slowly varying function of y.
    let y = at_least((-2.0 * ln_normal(p, 0.0)).sqrt() - TAIL_AT_HALF, 0.0);
    let numerator = polynomial(
        y,
        [
            1.475_664_626_622_902_5,
            3.184_756_435_724_258_6,
            2.658_503_031_864_101_6,
            1.089_919_289_247_062_2,
            0.227_476_872_863_615_04,
            0.022_507_521_777_474_93,
            0.000_882_530_193_840_793_1,
            9.389_855_936_460_058e-6,
        ],
    );
    let denominator = polynomial(
        y,
        [
            1.0,
            2.322_228_549_950_367_4,
            2.088_531_026_493_547_5,
            0.921_396_048_429_445_6,
            0.206_147_757_322_424_57,
            0.021_541_195_347_290_973,
            0.000_871_522_455_474_677,
            9.389_768_903_708_767e-6,
        ],
    );
    let z = y * numerator / denominator;
    if upper < u { z } else { -z }
}

/// The standard normal distribution function. Relative error < 1e-14 + 2e-16·z² for z < 0, absolute < 2e-16 above.
#[inline(always)]
pub fn normal_cdf(z: f64) -> f64 {
    let a = at_most(z.abs(), 38.6);
    // Φ(−a) = e^(−a²/2)·M(a), M the Mills ratio over √(2π).
    let numerator = polynomial(
        a,
        [
            0.5,
            0.774_711_198_539_703_2,
            0.593_810_930_801_070_1,
            0.289_164_820_658_888_6,
            0.097_624_154_573_811_23,
            0.023_599_490_904_299_292,
            0.004_084_450_852_624_813,
            0.000_489_715_454_374_354_6,
            3.719_053_782_871_226_5e-5,
            1.382_874_892_174_294e-6,
        ],
    );
    let denominator = polynomial(
        a,
        [
            1.0,
            2.347_306_957_882_261_6,
            2.560_501_842_761_857,
            1.713_622_570_887_263_2,
            0.781_563_707_200_178,
            0.254_759_208_585_819_35,
            0.060_375_753_496_398_88,
            0.010_331_422_835_838_757,
            0.001_231_000_957_966_524_8,
            9.322_285_366_800_209e-5,
            3.466_353_305_011_959_6e-6,
        ],
    );
    let tail = exp(-0.5 * a * a) * numerator / denominator;
    let p = if z > 0.0 { 1.0 - tail } else { tail };
    if z.is_nan() { z } else { p }
}

/// A uniform in (0, 1) from 52 random bits: the midpoints of 2⁵² equal cells, so neither 0 nor 1.
#[inline(always)]
pub fn unit_from_bits(bits: u64) -> f64 {
    f64::from_bits(0x3FF0_0000_0000_0000 | (bits & 0x000F_FFFF_FFFF_FFFF))
        - (1.0 - f64::EPSILON / 2.0)
}

macro_rules! over_arrays {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// The functions over [`Lanes`](crate::draw::Lanes), always inlined.
        pub mod lanes {
            use crate::draw::{LANES, Lanes};
            $($(#[$doc])*
            #[inline(always)]
            pub fn $name(x: &Lanes) -> Lanes {
                let mut y = [0.0; LANES];
                for lane in 0..LANES {
                    y[lane] = super::$name(x[lane]);
                }
                Lanes(y)
            })*

            /// x^y in each lane.
            #[inline(always)]
            pub fn pow(x: &Lanes, y: &Lanes) -> Lanes {
                let mut z = [0.0; LANES];
                for lane in 0..LANES {
                    z[lane] = super::pow(x[lane], y[lane]);
                }
                Lanes(z)
            }
        }

        /// The functions over slices, in place, compiled for several instruction sets.
        pub mod slice {
            $($(#[$doc])*
            #[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx2", "x86_64+avx2"))]
            pub fn $name(values: &mut [f64]) {
                for value in values {
                    *value = super::$name(*value);
                }
            })*
        }
    };
}
over_arrays! {
    /// e^x.
    exp,
    /// e^x − 1.
    expm1,
    /// Natural logarithm.
    ln,
    /// ln(1 + x).
    log1p,
    /// 1/(1 + e^−x).
    logistic,
    /// Standard normal quantile of (0, 1).
    normal_quantile,
    /// Standard normal distribution function.
    normal_cdf,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Largest relative error against `libm` over `count` points spread evenly in [low, high].
    fn worst(
        low: f64,
        high: f64,
        count: u32,
        f: impl Fn(f64) -> f64,
        exact: impl Fn(f64) -> f64,
    ) -> f64 {
        (0..=count)
            .map(|k| low + (high - low) * f64::from(k) / f64::from(count))
            .map(|x| {
                let e = exact(x);
                if e == 0.0 {
                    f(x).abs()
                } else {
                    ((f(x) - e) / e).abs()
                }
            })
            .fold(0.0, f64::max)
    }

    #[test]
    fn exp_and_ln() {
        let error = worst(-708.0, 709.7, 400_000, exp, libm::exp);
        println!("exp: {error:.1e}");
        assert!(error < 4e-16);
        let error = worst(-1.0, 1.0, 100_001, exp, libm::exp);
        assert!(error < 4e-16, "{error:.1e}");
        let over_decades = worst(
            -700.0,
            709.0,
            200_000,
            |t| ln(libm::exp(t)),
            |t| libm::log(libm::exp(t)),
        );
        let near_one = worst(0.3, 3.0, 200_001, ln, libm::log);
        println!("ln: {over_decades:.1e}, near 1 {near_one:.1e}");
        assert!(over_decades < 4e-16 && near_one < 4e-16);
    }

    #[test]
    fn small_arguments() {
        let error = worst(-3.0, 3.0, 100_001, expm1, libm::expm1).max(worst(
            -1e-3,
            1e-3,
            100_001,
            expm1,
            libm::expm1,
        ));
        println!("expm1: {error:.1e}");
        assert!(error < 1e-15);
        let error = worst(-0.99, 3.0, 100_001, log1p, libm::log1p).max(worst(
            -1e-3,
            1e-3,
            100_001,
            log1p,
            libm::log1p,
        ));
        println!("log1p: {error:.1e}");
        assert!(error < 1e-15);
        assert_eq!(expm1(1e-300), 1e-300);
        assert_eq!(log1p(1e-300), 1e-300);
    }

    #[test]
    fn ends_of_the_range() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-1e300), 0.0);
        assert_eq!(exp(f64::NEG_INFINITY), 0.0);
        assert_eq!(exp(710.0), f64::INFINITY);
        assert_eq!(exp(f64::INFINITY), f64::INFINITY);
        assert!(exp(709.78).is_finite());
        let subnormal = exp(-740.0);
        assert!((subnormal / libm::exp(-740.0) - 1.0).abs() < 0.1 && subnormal > 0.0);
        assert!(
            exp(f64::NAN).is_nan()
                && ln(f64::NAN).is_nan()
                && ln(-1.0).is_nan()
                && normal_cdf(f64::NAN).is_nan()
        );
        assert_eq!(ln(1.0), 0.0);
        assert_eq!(ln(0.0), f64::NEG_INFINITY);
        assert_eq!(ln(f64::INFINITY), f64::INFINITY);
        assert!((ln(5e-324) - libm::log(5e-324)).abs() < 1e-12);
        assert_eq!(expm1(-1e9), -1.0);
        assert_eq!(expm1(1e9), f64::INFINITY);
        assert_eq!(log1p(-1.0), f64::NEG_INFINITY);
        assert_eq!(log1p(f64::INFINITY), f64::INFINITY);
        assert!(log1p(-1.5).is_nan());
        assert_eq!(pow(3.0, 0.0), 1.0);
        assert_eq!(pow(0.0, 2.5), 0.0);
        assert!((pow(2.0, 0.5) - 2f64.sqrt()).abs() < 1e-15);
        assert_eq!(logistic(f64::NEG_INFINITY), 0.0);
        assert_eq!(logistic(f64::INFINITY), 1.0);
        assert_eq!(normal_cdf(f64::NEG_INFINITY), 0.0);
        assert_eq!(normal_cdf(f64::INFINITY), 1.0);
        assert_eq!(normal_cdf(0.0), 0.5);
    }

    #[test]
    fn normal_distribution_function() {
        let exact = |z: f64| 0.5 * libm::erfc(-z * FRAC_1_SQRT_2);
        let centre = worst(-6.0, 9.0, 100_001, normal_cdf, exact);
        let tail = worst(-37.0, -6.0, 100_001, normal_cdf, exact);
        println!("Φ: {centre:.1e}, to −37 {tail:.1e}");
        assert!(centre < 2e-14 && tail < 4e-13);
    }

    /// Against values computed with 50 digits.
    #[test]
    fn normal_quantile_reference() {
        let cases = [
            (1e-300, -37.0470962993612),
            (1e-250, -33.79958617269484),
            (1e-200, -30.20559417957964),
            (1e-150, -26.122961190593983),
            (1e-100, -21.273453560965326),
            (1e-60, -16.39727821271871),
            (1e-40, -13.31092137142517),
            (1e-25, -10.420452200803098),
            (1e-18, -8.757290348782314),
            (1.1102230246251565e-16, -8.209536151601387),
            (1e-14, -7.650628092935269),
            (1e-12, -7.034483825301132),
            (1e-10, -6.361340902404057),
            (1e-08, -5.612001244174789),
            (1e-07, -5.1993375821928165),
            (1e-06, -4.753424308822899),
            (1e-05, -4.264890793922825),
            (0.0001, -3.7190164854556804),
            (0.0005, -3.290526731491895),
            (0.001, -3.0902323061678136),
            (0.002, -2.8781617390954835),
            (0.005, -2.575829303548901),
            (0.01, -2.326347874040841),
            (0.02, -2.053748910631823),
            (0.03, -1.8807936081512509),
            (0.05, -1.6448536269514726),
            (0.08, -1.4050715603096327),
            (0.1, -1.2815515655446004),
            (0.15, -1.0364333894937896),
            (0.2, -0.8416212335729142),
            (0.25, -0.6744897501960817),
            (0.3, -0.5244005127080408),
            (0.35, -0.3853204664075677),
            (0.4, -0.2533471031357997),
            (0.42, -0.20189347914185088),
            (0.45, -0.12566134685507402),
            (0.48, -0.05015358346473366),
            (0.49, -0.025068908258711057),
            (0.499, -0.002506630899571766),
            (0.4999, -0.00025066283008800747),
            (0.5001, 0.00025066283008800747),
            (0.51, 0.025068908258711057),
            (0.6, 0.2533471031357997),
            (0.8, 0.8416212335729144),
            (0.975, 1.9599639845400538),
            (0.999, 3.090232306167813),
            (0.9999990463256836, 4.7630010342678135),
            (0.9999999999990905, 7.047700256664409),
            (0.9999999999999999, 8.209536151601387),
        ];
        let mut error = 0f64;
        for (u, z) in cases {
            error = error.max(((normal_quantile(u) - z) / z).abs());
        }
        println!("Φ⁻¹: {error:.1e}");
        assert!(error < 2e-11);
        assert_eq!(normal_quantile(0.5), 0.0);
        for u in [0.3125, 0.015625, 0.125] {
            assert_eq!(normal_quantile(u), -normal_quantile(1.0 - u));
        }
    }

    /// Φ⁻¹ undoes Φ, and never falls.
    #[test]
    fn normal_quantile_is_the_inverse() {
        let mut last = f64::NEG_INFINITY;
        for k in -37_000..0 {
            let z = f64::from(k) / 1000.0;
            let back = normal_quantile(0.5 * libm::erfc(-z * FRAC_1_SQRT_2));
            assert!((back - z).abs() < 1e-10 * z.abs().max(1.0), "{z}: {back}");
            assert!(back >= last);
            last = back;
        }
    }

    #[test]
    fn arrays_equal_scalars_bitwise() {
        let x: [f64; 40] = std::array::from_fn(|k| libm::exp((k as f64 - 20.0) * 0.9));
        let mut y = x;
        slice::ln(&mut y);
        let mut z = y;
        slice::exp(&mut z);
        let mut w = y;
        slice::normal_cdf(&mut w);
        for k in 0..x.len() {
            assert_eq!(y[k].to_bits(), ln(x[k]).to_bits());
            assert_eq!(z[k].to_bits(), exp(y[k]).to_bits());
            assert_eq!(w[k].to_bits(), normal_cdf(y[k]).to_bits());
        }
        let first: super::super::Lanes = super::super::Lanes::from_fn(|k| y[k]);
        assert_eq!(
            lanes::exp(&first).0.map(f64::to_bits),
            first.0.map(|x| exp(x).to_bits())
        );
        let mut u: [f64; 31] = std::array::from_fn(|k| (k as f64 + 0.5) / 31.0);
        let before = u;
        slice::normal_quantile(&mut u);
        assert_eq!(
            u.map(f64::to_bits),
            before.map(|u| normal_quantile(u).to_bits())
        );
    }

    #[test]
    fn uniforms_are_inside() {
        assert!(unit_from_bits(0) > 0.0 && unit_from_bits(u64::MAX) < 1.0);
        assert_eq!(unit_from_bits(1 << 51), 0.5 + f64::EPSILON / 2.0);
    }
}
