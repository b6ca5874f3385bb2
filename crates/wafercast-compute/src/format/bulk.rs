//! Conversions at memory speed: FP8 (E4M3) with block scales to bfloat16 and back.
//!
//! Written without branches so that the compiler turns the loops into vector code; the same bits on every instruction
//! set. The tests hold them to [`FloatFormat`](super::FloatFormat) for every code.

use multiversion::multiversion;

use super::block::Element;
use super::block::{Block, Scale, ShapeError, blocks_of, scale_for};
use super::element::FloatFormat;

/// Bits of 2⁻⁶, the smallest normal number of E4M3.
const SMALLEST_NORMAL: u32 = (127 - 6) << 23;
/// 2¹⁴ = 2²³ × 2⁻⁹: added to a number below 2⁻⁶ it leaves the nearest multiple of 2⁻⁹ in the low bits.
const SUBNORMAL_ROUND: f32 = 16384.0;
const LARGEST: f32 = 448.0;

/// E4M3FN to `f32`, exactly; NaN for 0x7F and 0xFF.
#[inline(always)]
fn decode(code: u8) -> f32 {
    let code = u32::from(code);
    let magnitude = code & 0x7F;
    let normal = f32::from_bits((magnitude << 20) + ((127 - 7) << 23));
    // With the exponent of 2⁻⁶ and the implicit one taken away again.
    let subnormal =
        f32::from_bits((magnitude << 20) | SMALLEST_NORMAL) - f32::from_bits(SMALLEST_NORMAL);
    let value = if magnitude < 8 { subnormal } else { normal };
    let bits = if magnitude == 0x7F {
        f32::NAN.to_bits()
    } else {
        value.to_bits()
    };
    f32::from_bits(bits | (code & 0x80) << 24)
}

/// `f32` to bfloat16, nearest even; NaN stays NaN.
#[inline(always)]
fn to_bf16(value: f32) -> u16 {
    let bits = value.to_bits();
    let rounded = bits.wrapping_add(0x7FFF + ((bits >> 16) & 1)) >> 16;
    let is_nan = bits & 0x7FFF_FFFF > 0x7F80_0000;
    (if is_nan { bits >> 16 | 0x40 } else { rounded }) as u16
}

/// `f32` to E4M3FN, nearest even, saturating; NaN is 0x7F with its sign.
#[inline(always)]
fn encode(value: f32) -> u8 {
    let bits = value.to_bits();
    let sign = (bits >> 24) & 0x80;
    let magnitude_bits = bits & 0x7FFF_FFFF;
    let magnitude = f32::from_bits(magnitude_bits);
    let capped = if magnitude > LARGEST {
        LARGEST.to_bits()
    } else {
        magnitude_bits
    };
    // Wraps below 2⁻⁷, where the other branch is taken.
    let rounded = capped + 0x7_FFFF + ((capped >> 20) & 1);
    let normal = rounded.wrapping_sub((127 - 7) << 23) >> 20;
    let subnormal = (magnitude + SUBNORMAL_ROUND).to_bits() & 0xFF;
    let code = if magnitude_bits < SMALLEST_NORMAL {
        subnormal
    } else {
        normal
    };
    let code = if magnitude_bits > 0x7F80_0000 {
        0x7F
    } else {
        code
    };
    (code | sign) as u8
}

/// True if a product of this scale with an E4M3 number lies exactly between two bfloat16 numbers, of which the lower is
/// even. All products have one of eight mantissas, so eight tell for all, as long as none is subnormal or overflows.
fn has_even_ties(scale: f32) -> bool {
    const SMALL: f32 = 1e-30;
    const LARGE: f32 = 1e30;
    let is_tie = |mantissa: u8| (decode(8 + mantissa) * scale).to_bits() & 0x1_FFFF == 0x8000;
    !(SMALL..LARGE).contains(&scale) || (0..8).any(is_tie)
}

/// round(code × scale) to bfloat16 for scales without ties to even: the nearest is that of adding a half and cutting off.
#[inline(always)]
fn dequantize_without_ties(code: u8, scale: f32) -> u16 {
    // The sign at its place, exponent and mantissa at theirs, in one shift.
    let bits = ((i32::from(code as i8) << 20) as u32) & 0x87F0_0000;
    let normal = f32::from_bits(bits.wrapping_add((127 - 7) << 23));
    let with_one = f32::from_bits(bits & 0x0070_0000 | SMALLEST_NORMAL);
    let magnitude = (with_one - f32::from_bits(SMALLEST_NORMAL)).to_bits();
    let subnormal = f32::from_bits(magnitude | bits & 0x8000_0000);
    let is_subnormal = bits & 0x0780_0000 == 0;
    let product = (if is_subnormal { subnormal } else { normal }) * scale;
    let rounded = product.to_bits().wrapping_add(0x8000) >> 16;
    let is_nan = bits & 0x07F0_0000 == 0x07F0_0000;
    (if is_nan { 0x7FC0 } else { rounded }) as u16
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2", "aarch64+neon"))]
fn dequantize_line(codes: &[u8], scales: &[(f32, bool)], width: usize, out: &mut [u16]) {
    let runs = codes.chunks(width).zip(out.chunks_mut(width));
    for ((run, out), (scale, has_ties)) in runs.zip(scales) {
        let numbers = run.iter().zip(out);
        if *has_ties {
            for (code, out) in numbers {
                *out = to_bf16(decode(*code) * scale);
            }
        } else {
            for (code, out) in numbers {
                *out = dequantize_without_ties(*code, *scale);
            }
        }
    }
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2", "aarch64+neon"))]
fn quantize_line(values: &[u16], scales: &[f32], width: usize, out: &mut [u8]) {
    let runs = values.chunks(width).zip(out.chunks_mut(width));
    for ((run, out), scale) in runs.zip(scales) {
        let inverse = 1.0 / scale;
        for (value, out) in run.iter().zip(out) {
            *out = encode(f32::from_bits(u32::from(*value) << 16) * inverse);
        }
    }
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2", "aarch64+neon"))]
fn greatest_run(values: &[u16]) -> u16 {
    // As integers: magnitudes of bfloat16 are ordered as their bits. Infinities and NaNs count as the largest number.
    let mut greatest = 0_u16;
    for value in values {
        greatest = greatest.max((value & 0x7FFF).min(0x7F7F));
    }
    greatest
}

/// E4M3FN codes with a scale per block to bfloat16: round(code × scale), nearest even.
///
/// # Errors
/// If codes, scales and output do not belong to a matrix of `rows × columns`.
pub fn fp8_to_bf16(
    codes: &[u8],
    rows: usize,
    columns: usize,
    block: Block,
    scales: &[f32],
    out: &mut [u16],
) -> Result<(), ShapeError> {
    let (down, across) = blocks_of(rows, columns, codes.len(), block)?;
    if scales.len() != down * across || out.len() != codes.len() {
        return Err(ShapeError(format!(
            "a matrix of {rows} × {columns} has {} scales and {} numbers, not {} and {}",
            down * across,
            codes.len(),
            scales.len(),
            out.len()
        )));
    }
    if columns == 0 {
        return Ok(());
    }
    let lines = codes
        .chunks_exact(columns)
        .zip(out.chunks_exact_mut(columns));
    let mut prepared = Vec::with_capacity(across);
    for (row, (line, out)) in lines.enumerate() {
        if row % block.rows == 0 {
            let scales = &scales[row / block.rows * across..][..across];
            prepared.clear();
            prepared.extend(scales.iter().map(|scale| (*scale, has_even_ties(*scale))));
        }
        dequantize_line(line, &prepared, block.columns, out);
    }
    Ok(())
}

/// Scales of the blocks of a bfloat16 matrix for E4M3FN elements, row by row of blocks.
///
/// # Errors
/// If the values are not a matrix of `rows × columns`.
pub fn bf16_scales(
    values: &[u16],
    rows: usize,
    columns: usize,
    block: Block,
    scale: Scale,
) -> Result<Vec<f32>, ShapeError> {
    let (down, across) = blocks_of(rows, columns, values.len(), block)?;
    let mut greatest = vec![0_u16; down * across];
    for (row, line) in values.chunks_exact(columns.max(1)).enumerate() {
        let slots = &mut greatest[row / block.rows * across..][..across];
        for (run, slot) in line.chunks(block.columns).zip(slots) {
            *slot = greatest_run(run).max(*slot);
        }
    }
    let element = Element::Float(FloatFormat::E4M3FN);
    Ok(greatest
        .into_iter()
        .map(|bits| scale_for(f32::from_bits(u32::from(bits) << 16), element, scale))
        .collect())
}

/// bfloat16 to E4M3FN codes: round(value ÷ scale) with the reciprocal of the scale, nearest even, saturating.
///
/// # Errors
/// If values, scales and output do not belong to a matrix of `rows × columns`.
pub fn bf16_to_fp8(
    values: &[u16],
    rows: usize,
    columns: usize,
    block: Block,
    scales: &[f32],
    out: &mut [u8],
) -> Result<(), ShapeError> {
    let (down, across) = blocks_of(rows, columns, values.len(), block)?;
    if scales.len() != down * across || out.len() != values.len() {
        return Err(ShapeError(format!(
            "a matrix of {rows} × {columns} has {} scales and {} codes, not {} and {}",
            down * across,
            values.len(),
            scales.len(),
            out.len()
        )));
    }
    if columns == 0 {
        return Ok(());
    }
    let lines = values
        .chunks_exact(columns)
        .zip(out.chunks_exact_mut(columns));
    for (row, (line, out)) in lines.enumerate() {
        let scales = &scales[row / block.rows * across..][..across];
        quantize_line(line, scales, block.columns, out);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::element::Overflow;
    use super::*;

    #[test]
    fn every_fp8_code_and_scale_is_exact() {
        let e4m3 = FloatFormat::E4M3FN;
        let codes: Vec<u8> = (0..=255).collect();
        // 1 + 2⁻⁸ and its like lie between two bfloat16 numbers; the last two leave the normal numbers.
        let between = 1.0 + 1.0 / 256.0;
        for scale in [
            1.0,
            0.5,
            3.0,
            between,
            7.0 * between,
            1.234e-3,
            7.7e11,
            1.0e-37,
            3.0e38,
        ] {
            let mut out = [0_u16; 256];
            fp8_to_bf16(
                &codes,
                1,
                256,
                Block {
                    rows: 1,
                    columns: 256,
                },
                &[scale],
                &mut out,
            )
            .unwrap();
            for (code, out) in codes.iter().zip(out) {
                let value = e4m3.decode(u32::from(*code));
                assert_eq!(
                    decode(*code).to_bits() & 0x7FFF_FFFF,
                    value.to_bits() & 0x7FFF_FFFF
                );
                let expected = FloatFormat::BF16.encode(value * scale, Overflow::Special);
                if value.is_nan() {
                    assert!(FloatFormat::BF16.is_nan(u32::from(out)));
                } else {
                    assert_eq!(u32::from(out), expected, "{code:#x} × {scale}");
                }
            }
        }
    }

    #[test]
    fn every_bf16_number_rounds_to_the_nearest_code() {
        let values: Vec<u16> = (0..=u16::MAX).collect();
        let block = Block {
            rows: 1,
            columns: 256,
        };
        for scale in [1.0_f32, 0.37, 1024.0] {
            let mut out = vec![0_u8; values.len()];
            bf16_to_fp8(&values, 256, 256, block, &[scale; 256], &mut out).unwrap();
            for (value, code) in values.iter().zip(out) {
                let number = f32::from_bits(u32::from(*value) << 16) * (1.0 / scale);
                let expected = FloatFormat::E4M3FN.encode(number, Overflow::Saturate);
                if number.is_nan() {
                    assert!(FloatFormat::E4M3FN.is_nan(u32::from(code)));
                } else {
                    assert_eq!(u32::from(code), expected, "{value:#x} {number}");
                }
            }
        }
    }

    #[test]
    fn bulk_scales_are_those_of_the_plain_path() {
        let values: Vec<u16> = (0_u64..200 * 300)
            .map(|i| (i * 48_271 % 32_749) as u16 & 0x43FF | (i as u16 & 1) << 15)
            .collect();
        let plain: Vec<f32> = values
            .iter()
            .map(|v| f32::from_bits(u32::from(*v) << 16))
            .collect();
        for scale in [Scale::Fp32, Scale::PowerOfTwo, Scale::Mx] {
            let element = Element::Float(FloatFormat::E4M3FN);
            let tensor = super::super::ScaledTensor::quantize(
                &plain,
                200,
                300,
                Block::SQUARE_128,
                element,
                scale,
            )
            .unwrap();
            assert_eq!(
                bf16_scales(&values, 200, 300, Block::SQUARE_128, scale).unwrap(),
                tensor.scales
            );
        }
        assert!(fp8_to_bf16(&[0; 4], 2, 2, Block::MX, &[1.0], &mut [0; 4]).is_err());
        assert!(bf16_to_fp8(&[0; 4], 2, 2, Block::MX, &[1.0, 1.0], &mut [0; 3]).is_err());
        assert!(bf16_to_fp8(&[], 0, 0, Block::MX, &[], &mut []).is_ok());
    }
}
