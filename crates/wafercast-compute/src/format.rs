//! Number formats of AI accelerators, exactly: element, scale and block.
//!
//! "FP8" alone is ambiguous. A format of a tensor is an *element* ([`FloatFormat`] or INT8), a *scale* (FP32 or a power of
//! two, [`Scale`]) and a *block* that shares a scale ([`Block`]). Tables: OCP 8-bit Floating Point Specification 1.0
//! (2023), OCP Microscaling Formats 1.0 (2023), and the FNUZ variants of Graphcore, AMD and Qualcomm (Noune et al. 2022).

pub mod block;
pub mod bulk;
pub mod element;
pub mod error;

pub use block::{Block, Element, Scale, ScaledTensor, ShapeError};
pub use element::{E8M0, FloatFormat, Overflow, Specials};

use std::fmt;

/// A format in which a model's weights are stored and its matrix products are carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// TensorFloat-32: products of FP32 tensors with 10 bits of mantissa.
    Tf32,
    /// IEEE binary16.
    Fp16,
    /// bfloat16.
    Bf16,
    /// FP8, E4M3 elements with scales per tensor or per block in FP32.
    Fp8,
    /// FP8 elements with a power-of-two scale per 32 (OCP MX).
    MxFp8,
    /// 8-bit integers with a scale per channel (W8A8).
    Int8,
    /// 4-bit integer weights, products in BF16 (W4A16).
    Int4,
    /// FP4 E2M1 with an E4M3 scale per 16 (NVFP4).
    Fp4,
    /// FP4 E2M1 with a power-of-two scale per 32 (OCP MX).
    MxFp4,
}

impl Format {
    /// All formats, widest first.
    pub const ALL: [Format; 9] = [
        Format::Tf32,
        Format::Fp16,
        Format::Bf16,
        Format::Fp8,
        Format::MxFp8,
        Format::Int8,
        Format::Int4,
        Format::Fp4,
        Format::MxFp4,
    ];

    /// The name as it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Format::Tf32 => "tf32",
            Format::Fp16 => "fp16",
            Format::Bf16 => "bf16",
            Format::Fp8 => "fp8",
            Format::MxFp8 => "mxfp8",
            Format::Int8 => "int8",
            Format::Int4 => "int4",
            Format::Fp4 => "fp4",
            Format::MxFp4 => "mxfp4",
        }
    }

    /// The format of a name, also of those that frameworks use; case does not matter.
    pub fn parse(name: &str) -> Option<Format> {
        const OTHERS: [(&str, Format); 11] = [
            ("bfloat16", Format::Bf16),
            ("float16", Format::Fp16),
            ("half", Format::Fp16),
            ("fp8_block", Format::Fp8),
            ("e4m3", Format::Fp8),
            ("fp8_e4m3", Format::Fp8),
            ("w8a8", Format::Int8),
            ("w4a16", Format::Int4),
            ("int4_wo", Format::Int4),
            ("nvfp4", Format::Fp4),
            ("w4a16_mxfp4", Format::MxFp4),
        ];
        let name = name.trim();
        Format::ALL
            .into_iter()
            .map(|format| (format.name(), format))
            .chain(OTHERS)
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, format)| format)
    }

    /// Bytes of one stored weight, scales included: INT4 and NVFP4 have one byte of scale per 16, MXFP4 and MXFP8 one
    /// per 32; the scales of FP8 in 128×128 blocks are four bytes in 16,384 and not counted.
    pub fn bytes(self) -> f64 {
        match self {
            Format::Tf32 => 4.0,
            Format::Fp16 | Format::Bf16 => 2.0,
            Format::Fp8 | Format::Int8 => 1.0,
            Format::MxFp8 => 1.0 + 1.0 / 32.0,
            Format::Int4 | Format::Fp4 => 0.5 + 1.0 / 16.0,
            Format::MxFp4 => 0.5 + 1.0 / 32.0,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for format in Format::ALL {
            assert_eq!(Format::parse(&format.name().to_uppercase()), Some(format));
        }
        assert_eq!(Format::parse("NVFP4"), Some(Format::Fp4));
        assert_eq!(Format::parse("fp12"), None);
    }
}
