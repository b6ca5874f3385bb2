//! One number of a format: decode every code exactly, encode with round-to-nearest-even.

/// Which codes are not finite numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Specials {
    /// The largest exponent is infinities and NaNs, as in IEEE 754.
    Ieee,
    /// No infinities; exponent and mantissa all ones is NaN (OCP E4M3).
    OneNanPerSign,
    /// No infinities, no negative zero; the code of −0 is the only NaN (FNUZ).
    NegativeZeroIsNan,
    /// Every code is a finite number (E2M1).
    None,
}

/// What becomes of numbers beyond the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// The largest number of the format: what quantisers do.
    Saturate,
    /// Infinity, or NaN where there is none: what a cast does.
    Special,
}

/// A binary floating-point format of at most 19 bits: sign, exponent, mantissa.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FloatFormat {
    /// Name in the literature.
    pub name: &'static str,
    /// Bits of the exponent.
    pub exponent_bits: u32,
    /// Bits of the mantissa, without the implicit one.
    pub mantissa_bits: u32,
    /// What is subtracted from the exponent field.
    pub bias: i32,
    /// Which codes are not finite.
    pub specials: Specials,
}

impl FloatFormat {
    /// OCP E4M3: the FP8 of NVIDIA, Intel and most checkpoints.
    pub const E4M3FN: FloatFormat = float("E4M3FN", 4, 3, 7, Specials::OneNanPerSign);
    /// E4M3 of AMD's MI300 series.
    pub const E4M3FNUZ: FloatFormat = float("E4M3FNUZ", 4, 3, 8, Specials::NegativeZeroIsNan);
    /// OCP E5M2: gradients.
    pub const E5M2: FloatFormat = float("E5M2", 5, 2, 15, Specials::Ieee);
    /// E5M2 of AMD's MI300 series.
    pub const E5M2FNUZ: FloatFormat = float("E5M2FNUZ", 5, 2, 16, Specials::NegativeZeroIsNan);
    /// FP4 of OCP MX and NVFP4.
    pub const E2M1: FloatFormat = float("E2M1", 2, 1, 1, Specials::None);
    /// bfloat16.
    pub const BF16: FloatFormat = float("BF16", 8, 7, 127, Specials::Ieee);
    /// IEEE binary16.
    pub const FP16: FloatFormat = float("FP16", 5, 10, 15, Specials::Ieee);
    /// TensorFloat-32, as a 19-bit code.
    pub const TF32: FloatFormat = float("TF32", 8, 10, 127, Specials::Ieee);
    /// All of them.
    pub const ALL: [FloatFormat; 8] = [
        FloatFormat::E4M3FN,
        FloatFormat::E4M3FNUZ,
        FloatFormat::E5M2,
        FloatFormat::E5M2FNUZ,
        FloatFormat::E2M1,
        FloatFormat::BF16,
        FloatFormat::FP16,
        FloatFormat::TF32,
    ];

    /// Bits of a code.
    pub const fn bits(&self) -> u32 {
        1 + self.exponent_bits + self.mantissa_bits
    }

    /// Number of codes.
    pub const fn codes(&self) -> u32 {
        1 << self.bits()
    }

    const fn sign_bit(&self) -> u32 {
        1 << (self.bits() - 1)
    }

    const fn exponent_mask(&self) -> u32 {
        (1 << self.exponent_bits) - 1
    }

    const fn mantissa_mask(&self) -> u32 {
        (1 << self.mantissa_bits) - 1
    }

    /// The code of the largest finite number.
    const fn largest_code(&self) -> u32 {
        let all = self.sign_bit() - 1;
        match self.specials {
            Specials::Ieee => all - (1 << self.mantissa_bits),
            Specials::OneNanPerSign => all - 1,
            Specials::NegativeZeroIsNan | Specials::None => all,
        }
    }

    /// The largest finite number.
    pub fn largest(&self) -> f32 {
        self.decode(self.largest_code())
    }

    /// The smallest positive normal number.
    pub fn smallest_normal(&self) -> f32 {
        power_of_two(1 - self.bias) as f32
    }

    /// The smallest positive number.
    pub fn smallest_subnormal(&self) -> f32 {
        power_of_two(1 - self.bias - self.mantissa_bits as i32) as f32
    }

    /// True if a code is NaN.
    pub fn is_nan(&self, code: u32) -> bool {
        let magnitude = code & (self.sign_bit() - 1);
        match self.specials {
            Specials::Ieee => magnitude > self.exponent_mask() << self.mantissa_bits,
            Specials::OneNanPerSign => magnitude == self.sign_bit() - 1,
            Specials::NegativeZeroIsNan => code == self.sign_bit(),
            Specials::None => false,
        }
    }

    /// A NaN of the format; the largest number where it has none.
    pub fn nan(&self) -> u32 {
        match self.specials {
            Specials::Ieee => {
                (self.exponent_mask() << self.mantissa_bits) | (1 << (self.mantissa_bits - 1))
            }
            Specials::OneNanPerSign => self.sign_bit() - 1,
            Specials::NegativeZeroIsNan => self.sign_bit(),
            Specials::None => self.largest_code(),
        }
    }

    /// The number of a code; bits above the format's are ignored. Exact: every number of these formats is one of `f32`.
    pub fn decode(&self, code: u32) -> f32 {
        let code = code & (self.codes() - 1);
        if self.is_nan(code) {
            return f32::NAN;
        }
        let is_negative = code & self.sign_bit() != 0;
        let exponent = (code >> self.mantissa_bits) & self.exponent_mask();
        let mantissa = code & self.mantissa_mask();
        let magnitude = if self.specials == Specials::Ieee && exponent == self.exponent_mask() {
            f64::INFINITY
        } else {
            let (significand, exponent) = if exponent == 0 {
                (mantissa, 1)
            } else {
                (mantissa | (1 << self.mantissa_bits), exponent)
            };
            let quantum = exponent as i32 - self.bias - self.mantissa_bits as i32;
            f64::from(significand) * power_of_two(quantum)
        };
        (if is_negative { -magnitude } else { magnitude }) as f32
    }

    /// The code nearest to a number; of two equally near, the even one.
    pub fn encode(&self, value: f32, overflow: Overflow) -> u32 {
        if value.is_nan() {
            return self.nan();
        }
        let sign = if value.is_sign_negative() {
            self.sign_bit()
        } else {
            0
        };
        let magnitude = f64::from(value.abs());
        let code = match self.nearest(magnitude) {
            Some(code) => code,
            None => match (overflow, self.specials) {
                (Overflow::Saturate, _) | (_, Specials::None) => self.largest_code(),
                (Overflow::Special, Specials::Ieee) => self.exponent_mask() << self.mantissa_bits,
                (Overflow::Special, _) => return self.nan() | self.nan_sign(sign),
            },
        };
        if code == 0 && self.specials == Specials::NegativeZeroIsNan {
            0
        } else {
            sign | code
        }
    }

    /// OCP E4M3 has a NaN of each sign; a cast keeps the sign.
    const fn nan_sign(&self, sign: u32) -> u32 {
        match self.specials {
            Specials::OneNanPerSign => sign,
            _ => 0,
        }
    }

    /// The code nearest to a magnitude; `None` beyond the largest number.
    fn nearest(&self, magnitude: f64) -> Option<u32> {
        if magnitude == 0.0 {
            return Some(0);
        }
        if magnitude.is_infinite() {
            return None;
        }
        let smallest = 1 - self.bias;
        // The exponent of an f32 is one of a normal f64.
        let exponent = ((magnitude.to_bits() >> 52) as i32 - 1023).max(smallest);
        let quantum = exponent - self.mantissa_bits as i32;
        // Exact: a division by a power of two. At most 2^24 for what lies above the smallest exponent.
        let steps = round_half_even(magnitude / power_of_two(quantum)) as u32;
        let code = ((exponent - smallest) as u32) * (1 << self.mantissa_bits) + steps;
        (code <= self.largest_code()).then_some(code)
    }
}

const fn float(
    name: &'static str,
    exponent_bits: u32,
    mantissa_bits: u32,
    bias: i32,
    specials: Specials,
) -> FloatFormat {
    FloatFormat {
        name,
        exponent_bits,
        mantissa_bits,
        bias,
        specials,
    }
}

/// 2^n for −1022 ≤ n ≤ 1023.
fn power_of_two(n: i32) -> f64 {
    f64::from_bits(((n + 1023) as u64) << 52)
}

/// Rounds a number below 2^51 to the nearest integer, halves to even.
fn round_half_even(x: f64) -> f64 {
    const ROUND: f64 = 4_503_599_627_370_496.0;
    (x + ROUND) - ROUND
}

/// The scale format E8M0FNU (UE8M0): an exponent and nothing else. 2^(code − 127); 255 is NaN; no zero, no sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct E8M0;

impl E8M0 {
    /// Code of NaN.
    pub const NAN: u8 = 0xFF;

    /// The power of two of a code. Exact.
    pub fn decode(code: u8) -> f32 {
        if code == E8M0::NAN {
            f32::NAN
        } else {
            power_of_two(i32::from(code) - 127) as f32
        }
    }

    /// The nearest power of two; exactly between two (1.5·2^n), the greater one, as `ml_dtypes` casts. Zero, negative
    /// numbers, infinities and NaN have none.
    pub fn encode(value: f32) -> u8 {
        if !(value > 0.0 && value.is_finite()) {
            return E8M0::NAN;
        }
        let bits = f64::from(value).to_bits();
        let exponent = (bits >> 52) as i32 - 1023;
        let is_upper_half = (bits >> 51) & 1 == 1;
        let rounded = exponent + i32::from(is_upper_half);
        if rounded > 127 {
            E8M0::NAN
        } else {
            (rounded.max(-127) + 127) as u8
        }
    }

    /// The exponent n of the largest 2^n ≤ value, for a positive finite number.
    pub fn floor_exponent(value: f32) -> i32 {
        (f64::from(value).to_bits() >> 52) as i32 - 1023
    }

    /// The exponent n of the smallest 2^n ≥ value, for a positive finite number.
    pub fn ceiling_exponent(value: f32) -> i32 {
        let bits = f64::from(value).to_bits();
        let is_power = bits & ((1 << 52) - 1) == 0;
        (bits >> 52) as i32 - 1023 + i32::from(!is_power)
    }

    /// The code of an exponent, kept within the format.
    pub fn from_exponent(exponent: i32) -> u8 {
        (exponent.clamp(-127, 127) + 127) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the specifications: largest, smallest normal, smallest subnormal, infinities, NaNs.
    #[test]
    fn ranges_and_specials_are_those_of_the_specifications() {
        let two = |n: i32| power_of_two(n) as f32;
        let table: [(FloatFormat, f32, f32, f32, u32, u32); 7] = [
            (FloatFormat::E4M3FN, 448.0, two(-6), two(-9), 0, 2),
            (FloatFormat::E4M3FNUZ, 240.0, two(-7), two(-10), 0, 1),
            (FloatFormat::E5M2, 57344.0, two(-14), two(-16), 2, 6),
            (FloatFormat::E5M2FNUZ, 57344.0, two(-15), two(-17), 0, 1),
            (FloatFormat::E2M1, 6.0, 1.0, 0.5, 0, 0),
            (FloatFormat::FP16, 65504.0, two(-14), two(-24), 2, 2046),
            (
                FloatFormat::BF16,
                3.389_531_4e38,
                two(-126),
                two(-133),
                2,
                254,
            ),
        ];
        for (format, largest, normal, subnormal, infinities, nans) in table {
            let name = format.name;
            assert_eq!(format.largest(), largest, "{name}");
            assert_eq!(format.smallest_normal(), normal, "{name}");
            assert_eq!(format.smallest_subnormal(), subnormal, "{name}");
            let values: Vec<f32> = (0..format.codes())
                .map(|code| format.decode(code))
                .collect();
            let count = |test: fn(&f32) -> bool| values.iter().filter(|v| test(v)).count() as u32;
            assert_eq!(count(|v| v.is_infinite()), infinities, "{name}");
            assert_eq!(count(|v| v.is_nan()), nans, "{name}");
            let greatest = values
                .iter()
                .filter(|v| v.is_finite())
                .fold(0.0, |a: f32, &b| a.max(b));
            assert_eq!(greatest, largest, "{name}");
        }
    }

    #[test]
    fn every_code_is_encoded_back() {
        for format in FloatFormat::ALL {
            for code in 0..format.codes() {
                let value = format.decode(code);
                for overflow in [Overflow::Saturate, Overflow::Special] {
                    let back = format.encode(value, overflow);
                    if value.is_nan() {
                        assert!(format.is_nan(back), "{} {code:#x}", format.name);
                    } else if !(value.is_infinite() && overflow == Overflow::Saturate) {
                        assert_eq!(back, code, "{} {code:#x} {value}", format.name);
                    }
                }
            }
        }
    }

    /// Between neighbours: below the middle the lower, above it the upper, in the middle the even code.
    #[test]
    fn rounds_to_nearest_even() {
        for format in FloatFormat::ALL {
            for code in 0..format.largest_code() {
                let (low, high) = (format.decode(code), format.decode(code + 1));
                let middle = ((f64::from(low) + f64::from(high)) / 2.0) as f32;
                let even = code + (code & 1);
                assert_eq!(
                    format.encode(middle, Overflow::Saturate),
                    even,
                    "{}",
                    format.name
                );
                assert_eq!(format.encode(middle.next_down(), Overflow::Saturate), code);
                assert_eq!(
                    format.encode(middle.next_up(), Overflow::Saturate),
                    code + 1
                );
                let negative = format.encode(-middle, Overflow::Saturate);
                let zero_without_sign = even == 0 && format.specials == Specials::NegativeZeroIsNan;
                let sign = if zero_without_sign {
                    0
                } else {
                    format.sign_bit()
                };
                assert_eq!(negative, sign | even, "{}", format.name);
            }
        }
    }

    #[test]
    fn beyond_the_largest_number() {
        let cast =
            |format: FloatFormat, value| format.decode(format.encode(value, Overflow::Special));
        assert_eq!(cast(FloatFormat::E4M3FN, 463.9), 448.0);
        assert!(cast(FloatFormat::E4M3FN, 464.1).is_nan());
        assert_eq!(cast(FloatFormat::E5M2, -70000.0), f32::NEG_INFINITY);
        assert!(cast(FloatFormat::E4M3FNUZ, 1e9).is_nan());
        assert_eq!(cast(FloatFormat::E2M1, 1e9), 6.0);
        for format in FloatFormat::ALL {
            let code = format.encode(f32::NEG_INFINITY, Overflow::Saturate);
            assert_eq!(format.decode(code), -format.largest());
        }
    }

    #[test]
    fn scales_are_powers_of_two() {
        assert_eq!(E8M0::decode(0), power_of_two(-127) as f32);
        assert_eq!(E8M0::decode(254), power_of_two(127) as f32);
        assert!(E8M0::decode(255).is_nan());
        for code in 0..=254 {
            assert_eq!(E8M0::encode(E8M0::decode(code)), code);
        }
        for bad in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert_eq!(E8M0::encode(bad), E8M0::NAN);
        }
        assert_eq!(
            (E8M0::floor_exponent(5.0), E8M0::ceiling_exponent(5.0)),
            (2, 3)
        );
        assert_eq!(
            (E8M0::floor_exponent(4.0), E8M0::ceiling_exponent(4.0)),
            (2, 2)
        );
    }
}
