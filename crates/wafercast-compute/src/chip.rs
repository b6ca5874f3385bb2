//! Accelerators: what is published about them, and how a format is carried out on them.

use std::fmt;

use crate::format::Format;

/// Bytes of a gigabyte of memory: stacks of DRAM have powers of two, and drivers report so (an H100 "80 GB" has 2³⁰·80).
pub const GB: f64 = 1_073_741_824.0;

/// Whether a chip computes in a format, as far as is known. Never a bare yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Support {
    /// The vendor's documents say so.
    Yes,
    /// The vendor's documents do not list it, or say no.
    No,
    /// Sources contradict each other.
    Conflict,
    /// Nothing is published.
    Unknown,
}

impl Support {
    /// The names in files.
    pub const NAMES: [(&'static str, Support); 4] = [
        ("yes", Support::Yes),
        ("no", Support::No),
        ("conflict", Support::Conflict),
        ("unknown", Support::Unknown),
    ];
}

impl fmt::Display for Support {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Support::Yes => "yes",
            Support::No => "no",
            Support::Conflict => "conflict",
            Support::Unknown => "unknown",
        })
    }
}

/// Chips whose software and micro-architecture are alike: they share efficiencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// V100, A100 and their export versions: NVIDIA before FP8.
    A100,
    /// H100, H200, H800, H20: NVIDIA Hopper.
    H100,
    /// B200, B300, GB200, GB300: NVIDIA Blackwell.
    B200,
    /// Google TPU v3 to v5p.
    Tpu,
    /// Google Trillium.
    TpuV6e,
    /// Intel Gaudi 2 and 3.
    Gaudi,
    /// AMD MI300 series.
    Mi300,
    /// Accelerators of Chinese vendors.
    China,
}

impl Family {
    /// The names in files.
    pub const NAMES: [(&'static str, Family); 8] = [
        ("a100", Family::A100),
        ("h100", Family::H100),
        ("b200", Family::B200),
        ("tpu", Family::Tpu),
        ("tpu-v6e", Family::TpuV6e),
        ("gaudi", Family::Gaudi),
        ("mi300", Family::Mi300),
        ("china", Family::China),
    ];

    /// The name in files.
    pub fn name(self) -> &'static str {
        Family::NAMES
            .iter()
            .find(|(_, family)| *family == self)
            .map_or("", |(name, _)| name)
    }
}

/// An accelerator: one package, as it is sold and counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Chip {
    /// Key in the library: `h100-sxm`.
    pub id: String,
    /// Name for reading.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Who designs it.
    pub vendor: String,
    /// What its efficiencies are shared with.
    pub family: Family,
    /// When it was first delivered, as published.
    pub released: Option<String>,
    /// Memory, GB as vendors count it: [`GB`] bytes.
    pub memory_gb: f64,
    /// Memory bandwidth, GB/s.
    pub bandwidth_gbs: Option<f64>,
    /// Dense peak in BF16 (FP16 where there is no BF16), TFLOPS.
    pub bf16_tflops: Option<f64>,
    /// Dense peak in FP8, TFLOPS.
    pub fp8_tflops: Option<f64>,
    /// Dense peak in INT8, TOPS.
    pub int8_tops: Option<f64>,
    /// Dense peak in FP4, TFLOPS.
    pub fp4_tflops: Option<f64>,
    /// Support of FP8, MXFP8 and FP4 in hardware.
    pub fp8: Support,
    /// Support of power-of-two block scales in the matrix unit.
    pub mxfp8: Support,
    /// Support of FP4 in hardware.
    pub fp4: Support,
    /// Scale-up link, GB/s in one direction.
    pub scale_up_gbs: f64,
    /// Chips within reach of the scale-up link.
    pub scale_up_chips: u32,
    /// Network, GB/s in one direction and chip.
    pub network_gbs: f64,
    /// Thermal design power, W.
    pub power_w: Option<f64>,
    /// Names of numbers that are assumptions.
    pub assumed: Vec<String>,
    /// Names of numbers that were not found in anything opened.
    pub unverified: Vec<String>,
    /// Where the numbers are published.
    pub sources: Vec<String>,
    /// What a reader should know about the numbers.
    pub note: Option<String>,
}

/// How a model in one format is carried out on a chip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Execution {
    /// The format of the checkpoint.
    pub wanted: Format,
    /// The format in which weights are stored.
    pub stored: Format,
    /// The format of the matrix products.
    pub computed: Format,
    /// Dense peak of the products, FLOP/s.
    pub flops: f64,
    /// What is known of the wanted format on this chip.
    pub support: Support,
    /// Whether the chip computes in the wanted format.
    pub is_native: bool,
}

impl Execution {
    /// What a user should know about a path that is not native.
    pub fn penalty(&self) -> Option<String> {
        if self.is_native {
            return None;
        }
        let (wanted, stored, computed) = (self.wanted, self.stored, self.computed);
        Some(if stored == Format::Int8 {
            format!("requantised from {wanted} to int8 (W8A8): same bytes; check the accuracy")
        } else if stored == wanted {
            format!("weights stay {wanted}, products in {computed}")
        } else {
            let factor = stored.bytes() / wanted.bytes();
            format!("unpacked from {wanted} to {stored}: {factor:.1} × the bytes, {computed} rate")
        })
    }
}

impl Chip {
    /// Dense peak in a format, FLOP/s, if the chip computes in it. Products of FP8 and INT8 on a chip where sources
    /// conflict or say nothing count as absent.
    pub fn peak(&self, format: Format) -> Option<f64> {
        let tera = match format {
            Format::Tf32 => self.bf16_tflops.map(|peak| peak / 2.0),
            Format::Bf16 | Format::Fp16 => self.bf16_tflops,
            Format::Fp8 => self.fp8_tflops.filter(|_| self.fp8 == Support::Yes),
            Format::MxFp8 => self.fp8_tflops.filter(|_| self.mxfp8 == Support::Yes),
            Format::Int8 => self.int8_tops,
            Format::Int4 => None,
            Format::Fp4 | Format::MxFp4 => self.fp4_tflops.filter(|_| self.fp4 == Support::Yes),
        };
        tera.map(|tera| tera * 1e12)
    }

    /// What is known of a format on this chip.
    pub fn support(&self, format: Format) -> Support {
        let by_peak = |peak: Option<f64>| match peak {
            Some(_) => Support::Yes,
            None => Support::Unknown,
        };
        match format {
            Format::Tf32 | Format::Bf16 | Format::Fp16 => by_peak(self.bf16_tflops),
            Format::Fp8 => self.fp8,
            Format::MxFp8 => self.mxfp8,
            Format::Int8 => by_peak(self.int8_tops),
            Format::Int4 => Support::No,
            Format::Fp4 | Format::MxFp4 => self.fp4,
        }
    }

    /// How a checkpoint of a format is carried out; `None` where no peak is published that could.
    ///
    /// FP8 on a chip without it becomes INT8 where INT8 is at least 1.5 × BF16 and requantising is allowed, else BF16.
    /// FP4 becomes FP8 arithmetic, or BF16, on weights that stay packed; so does INT4 in BF16. MXFP8 on a chip that has FP8 only is
    /// FP8 with the scales applied outside the matrix unit.
    pub fn execution(&self, wanted: Format, may_requantize: bool) -> Option<Execution> {
        let bf16 = self.peak(Format::Bf16);
        let with = |stored: Format, computed: Format, flops: f64, is_native: bool| Execution {
            wanted,
            stored,
            computed,
            flops,
            support: self.support(wanted),
            is_native,
        };
        if let Some(flops) = self.peak(wanted) {
            return Some(with(wanted, wanted, flops, true));
        }
        match wanted {
            Format::MxFp8 if self.peak(Format::Fp8).is_some() => Some(with(
                Format::MxFp8,
                Format::Fp8,
                self.peak(Format::Fp8)?,
                false,
            )),
            Format::Fp8 | Format::MxFp8 => {
                let int8 = self.int8_tops.map(|tera| tera * 1e12);
                match (int8, bf16) {
                    (Some(int8), Some(bf16)) if may_requantize && int8 >= 1.5 * bf16 => {
                        Some(with(Format::Int8, Format::Int8, int8, false))
                    }
                    (_, bf16) => Some(with(Format::Bf16, Format::Bf16, bf16?, false)),
                }
            }
            Format::Fp4 | Format::MxFp4 | Format::Int4 => {
                Some(with(wanted, Format::Bf16, bf16?, false))
            }
            Format::Int8 => Some(with(Format::Bf16, Format::Bf16, bf16?, false)),
            Format::Tf32 | Format::Fp16 | Format::Bf16 => None,
        }
    }

    /// True for chips whose serving constants were measured: Hopper and Blackwell.
    pub fn is_measured_for_serving(&self) -> bool {
        matches!(self.family, Family::H100 | Family::B200)
    }
}
