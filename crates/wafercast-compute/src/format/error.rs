//! What a path through a format costs in accuracy, measured on a fixed sample.

use wafercast::draw::kernel::{ln, normal_quantile};

use super::block::{Block, Element, Scale, ScaledTensor};
use super::element::FloatFormat;

/// A path: elements, block, scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Path {
    /// Name for tables.
    pub name: &'static str,
    /// What the elements are.
    pub element: Element,
    /// What shares a scale.
    pub block: Block,
    /// How the scale is stored.
    pub scale: Scale,
}

/// The error of a path on a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Root of (mean square error / mean square), dimensionless.
    pub relative_rms: f64,
    /// The same as signal-to-noise ratio, dB.
    pub signal_to_noise_db: f64,
    /// Greatest error, as a share of the greatest magnitude of the sample.
    pub greatest: f64,
}

/// The paths in use.
pub const PATHS: [Path; 10] = [
    path(
        "FP8 E4M3, 128×128, FP32 scale",
        FloatFormat::E4M3FN,
        Block::SQUARE_128,
        Scale::Fp32,
    ),
    path(
        "FP8 E4M3, 1×128, FP32 scale",
        FloatFormat::E4M3FN,
        Block::ROW_128,
        Scale::Fp32,
    ),
    path(
        "FP8 E4M3, 128×128, power of two",
        FloatFormat::E4M3FN,
        Block::SQUARE_128,
        Scale::PowerOfTwo,
    ),
    path(
        "FP8 E4M3, 1×128, power of two",
        FloatFormat::E4M3FN,
        Block::ROW_128,
        Scale::PowerOfTwo,
    ),
    path(
        "MXFP8 E4M3, 1×32",
        FloatFormat::E4M3FN,
        Block::MX,
        Scale::Mx,
    ),
    path("MXFP8 E5M2, 1×32", FloatFormat::E5M2, Block::MX, Scale::Mx),
    path(
        "FP8 E5M2, 128×128, FP32 scale",
        FloatFormat::E5M2,
        Block::SQUARE_128,
        Scale::Fp32,
    ),
    Path {
        name: "INT8, 1×128, FP32 scale",
        element: Element::Int8,
        block: Block::ROW_128,
        scale: Scale::Fp32,
    },
    path(
        "NVFP4 E2M1, 1×16, E4M3 scale",
        FloatFormat::E2M1,
        Block::ROW_16,
        Scale::E4M3,
    ),
    path("MXFP4 E2M1, 1×32", FloatFormat::E2M1, Block::MX, Scale::Mx),
];

const fn path(name: &'static str, format: FloatFormat, block: Block, scale: Scale) -> Path {
    Path {
        name,
        element: Element::Float(format),
        block,
        scale,
    }
}

/// Side of the sample matrix.
pub const SIDE: usize = 256;

/// A matrix of 256 × 256 normal numbers, the same always; every `outliers`-th one is ten times as large (0 for none).
pub fn sample(outliers: usize) -> Vec<f32> {
    // Weyl sequence on the golden ratio: even coverage, no clustering within rows.
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    (0..SIDE * SIDE)
        .map(|index| {
            let at = (index as f64 + 0.5) * GOLDEN;
            let value = normal_quantile(at - at.floor());
            let is_outlier = outliers > 0 && index % outliers == outliers / 2;
            (if is_outlier { 10.0 * value } else { value }) as f32
        })
        .collect()
}

/// Sends a square matrix of side [`SIDE`] through a path and back.
pub fn measure(path: &Path, values: &[f32]) -> Option<Measured> {
    let tensor =
        ScaledTensor::quantize(values, SIDE, SIDE, path.block, path.element, path.scale).ok()?;
    let (mut noise, mut signal, mut worst, mut greatest) = (0.0, 0.0, 0.0_f64, 0.0_f64);
    for (value, back) in values.iter().zip(tensor.dequantize()) {
        let (value, back) = (f64::from(*value), f64::from(back));
        noise += (value - back) * (value - back);
        signal += value * value;
        worst = worst.max((value - back).abs());
        greatest = greatest.max(value.abs());
    }
    let ratio = noise / signal;
    Some(Measured {
        relative_rms: ratio.sqrt(),
        signal_to_noise_db: -10.0 * ln(ratio) / std::f64::consts::LN_10,
        greatest: worst / greatest,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(name: &str, outliers: usize) -> f64 {
        let path = PATHS.iter().find(|path| path.name == name).unwrap();
        measure(path, &sample(outliers)).unwrap().relative_rms
    }

    #[test]
    fn the_known_order_of_the_formats() {
        for outliers in [0, 1024] {
            let e4m3 = error("FP8 E4M3, 128×128, FP32 scale", outliers);
            let e5m2 = error("FP8 E5M2, 128×128, FP32 scale", outliers);
            let nvfp4 = error("NVFP4 E2M1, 1×16, E4M3 scale", outliers);
            let mxfp4 = error("MXFP4 E2M1, 1×32", outliers);
            // A uniform error within a binade: 2^-(m+1)/√3 of the lower end, √(1/2 … 1) of it on average.
            assert!((0.02..0.035).contains(&e4m3), "{e4m3}");
            assert!((1.8..2.2).contains(&(e5m2 / e4m3)), "{e5m2}");
            assert!(e5m2 < nvfp4 && nvfp4 < mxfp4, "{nvfp4} {mxfp4}");
        }
    }

    #[test]
    fn integers_suffer_from_outliers_and_floats_do_not() {
        let grows = |name| error(name, 1024) / error(name, 0);
        assert!(grows("FP8 E4M3, 1×128, FP32 scale") < 1.05);
        assert!(grows("INT8, 1×128, FP32 scale") > 1.3);
    }
}
