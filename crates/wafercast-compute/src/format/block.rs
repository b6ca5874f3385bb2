//! Block scaling: elements of few bits that share a scale.

use super::element::{E8M0, FloatFormat, Overflow};

/// Rows and columns that share a scale. 1×32 (MX), 1×128 (activations of DeepSeek-V3), 128×128 (its weights).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Block {
    /// Rows of a block.
    pub rows: usize,
    /// Columns of a block.
    pub columns: usize,
}

impl Block {
    /// OCP MX: 32 in a row.
    pub const MX: Block = Block {
        rows: 1,
        columns: 32,
    };
    /// Activations of DeepSeek-V3: 128 in a row.
    pub const ROW_128: Block = Block {
        rows: 1,
        columns: 128,
    };
    /// Weights of DeepSeek-V3: squares of 128.
    pub const SQUARE_128: Block = Block {
        rows: 128,
        columns: 128,
    };
    /// NVFP4: 16 in a row.
    pub const ROW_16: Block = Block {
        rows: 1,
        columns: 16,
    };
}

/// How the scale of a block is stored, and thereby chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    /// FP32: the greatest magnitude of the block becomes the largest element.
    Fp32,
    /// A power of two rounded up (UE8M0 of DeepSeek-V3.1): nothing saturates.
    PowerOfTwo,
    /// The power of two of OCP MX 1.0, §6.3: exponent of the greatest magnitude less that of the largest element. The
    /// greatest element may saturate.
    Mx,
    /// E4M3, beside one FP32 scale of the tensor that makes the greatest one 448 (NVFP4).
    E4M3,
}

/// What the elements are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Element {
    /// A floating-point format of at most 8 bits.
    Float(FloatFormat),
    /// Integers −127 to 127 (the symmetric range; −128 is not used).
    Int8,
}

impl Element {
    /// The largest element.
    pub fn largest(self) -> f32 {
        match self {
            Element::Float(format) => format.largest(),
            Element::Int8 => 127.0,
        }
    }

    /// The exponent of the largest element.
    fn largest_exponent(self) -> i32 {
        E8M0::floor_exponent(self.largest())
    }

    /// The nearest code, saturating.
    pub fn encode(self, value: f32) -> u8 {
        match self {
            Element::Float(format) => format.encode(value, Overflow::Saturate) as u8,
            Element::Int8 => value.clamp(-127.0, 127.0).round_ties_even() as i8 as u8,
        }
    }

    /// The number of a code.
    pub fn decode(self, code: u8) -> f32 {
        match self {
            Element::Float(format) => format.decode(u32::from(code)),
            Element::Int8 => f32::from(code as i8),
        }
    }
}

/// A matrix whose sides and parts do not belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeError(pub String);

impl std::fmt::Display for ShapeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ShapeError {}

/// A matrix in block-scaled form, row by row: number = element × scale of its block × scale of the tensor.
#[derive(Debug, Clone, PartialEq)]
pub struct ScaledTensor {
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// What shares a scale. Blocks at the right and lower edge may be smaller.
    pub block: Block,
    /// What the codes are.
    pub element: Element,
    /// Scales of the blocks, row by row.
    pub scales: Vec<f32>,
    /// One scale for all; 1 but for [`Scale::E4M3`].
    pub tensor_scale: f32,
    /// Codes of the elements.
    pub codes: Vec<u8>,
}

/// Checks that a matrix of this shape has this many parts, and returns blocks per column and per row.
pub(super) fn blocks_of(
    rows: usize,
    columns: usize,
    elements: usize,
    block: Block,
) -> Result<(usize, usize), ShapeError> {
    if block.rows == 0 || block.columns == 0 {
        return Err(ShapeError(
            "a block needs at least one row and one column".into(),
        ));
    }
    if rows.checked_mul(columns) != Some(elements) {
        return Err(ShapeError(format!(
            "{elements} elements are not a matrix of {rows} × {columns}"
        )));
    }
    Ok((rows.div_ceil(block.rows), columns.div_ceil(block.columns)))
}

impl ScaledTensor {
    /// Quantises a matrix, given row by row. NaN elements become NaN or the largest element; a block of zeros has scale 1.
    ///
    /// # Errors
    /// If the values are not `rows × columns` many, or the block is empty.
    pub fn quantize(
        values: &[f32],
        rows: usize,
        columns: usize,
        block: Block,
        element: Element,
        scale: Scale,
    ) -> Result<ScaledTensor, ShapeError> {
        let (down, across) = blocks_of(rows, columns, values.len(), block)?;
        let mut greatest = vec![0.0_f32; down * across];
        for (row, line) in values.chunks_exact(columns.max(1)).enumerate() {
            for (column, value) in line.iter().enumerate() {
                let slot = &mut greatest[(row / block.rows) * across + column / block.columns];
                if value.abs() > *slot {
                    *slot = value.abs().min(f32::MAX);
                }
            }
        }
        let tensor_scale = match scale {
            Scale::E4M3 => {
                let all = greatest.iter().fold(0.0_f32, |a, &b| a.max(b));
                {
                    let most = element.largest() * FloatFormat::E4M3FN.largest();
                    below_infinity(positive_or_one(all / most), most)
                }
            }
            _ => 1.0,
        };
        let scales: Vec<f32> = greatest
            .iter()
            .map(|&greatest| scale_for(greatest / tensor_scale, element, scale))
            .collect();
        let mut codes = Vec::with_capacity(values.len());
        for (row, line) in values.chunks_exact(columns.max(1)).enumerate() {
            for (column, &value) in line.iter().enumerate() {
                let of_block = scales[(row / block.rows) * across + column / block.columns];
                codes.push(element.encode(value / (of_block * tensor_scale)));
            }
        }
        Ok(ScaledTensor {
            rows,
            columns,
            block,
            element,
            scales,
            tensor_scale,
            codes,
        })
    }

    /// The matrix, row by row.
    pub fn dequantize(&self) -> Vec<f32> {
        let across = self.columns.div_ceil(self.block.columns.max(1));
        let mut values = Vec::with_capacity(self.codes.len());
        for (row, line) in self.codes.chunks_exact(self.columns.max(1)).enumerate() {
            for (column, &code) in line.iter().enumerate() {
                let of_block =
                    self.scales[(row / self.block.rows) * across + column / self.block.columns];
                values.push(self.element.decode(code) * (of_block * self.tensor_scale));
            }
        }
        values
    }

    /// The same numbers in smaller blocks: each takes the scale of the block it lies in. Exact where the new block
    /// divides the old one, for then nothing but the scales is copied; as [`Scale::Mx`] it is a tensor of OCP MX if all
    /// scales are powers of two.
    ///
    /// # Errors
    /// If the new block does not divide the old one, or a scale is not a power of two.
    pub fn split_to_mx(&self) -> Result<ScaledTensor, ShapeError> {
        let block = Block::MX;
        if !self.block.columns.is_multiple_of(block.columns) {
            return Err(ShapeError(format!(
                "blocks of {} columns are not made of blocks of 32",
                self.block.columns
            )));
        }
        if let Some(scale) = self
            .scales
            .iter()
            .find(|scale| E8M0::decode(E8M0::encode(**scale)) != **scale)
        {
            return Err(ShapeError(format!(
                "scale {scale} is not a power of two: MX has none like it; quantise again"
            )));
        }
        let across = self.columns.div_ceil(self.block.columns);
        let narrow = self.columns.div_ceil(block.columns);
        let scales = (0..self.rows * narrow)
            .map(|index| {
                let (row, column) = (index / narrow, index % narrow * block.columns);
                self.scales[(row / self.block.rows) * across + column / self.block.columns]
            })
            .collect();
        Ok(ScaledTensor {
            block,
            scales,
            ..self.clone()
        })
    }
}

fn positive_or_one(scale: f32) -> f32 {
    if scale.is_normal() { scale } else { 1.0 }
}

/// A scale whose product with the largest element is finite in any rounding.
fn below_infinity(scale: f32, largest: f32) -> f32 {
    if (scale * largest).is_finite() {
        scale
    } else {
        scale * (1.0 - 2.0 * f32::EPSILON)
    }
}

/// The scale of a block whose greatest magnitude is this.
pub(super) fn scale_for(greatest: f32, element: Element, scale: Scale) -> f32 {
    if greatest == 0.0 {
        return 1.0;
    }
    match scale {
        Scale::Fp32 => {
            let largest = element.largest();
            below_infinity(positive_or_one(greatest / largest), largest)
        }
        Scale::PowerOfTwo => {
            let ratio = greatest / element.largest();
            E8M0::decode(E8M0::from_exponent(E8M0::ceiling_exponent(
                ratio.max(f32::MIN_POSITIVE),
            )))
        }
        Scale::Mx => {
            let exponent = E8M0::floor_exponent(greatest) - element.largest_exponent();
            E8M0::decode(E8M0::from_exponent(exponent))
        }
        Scale::E4M3 => {
            let format = FloatFormat::E4M3FN;
            let code = format.encode(greatest / element.largest(), Overflow::Saturate);
            format.decode(code.max(1))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(count: usize) -> Vec<f32> {
        (0..count)
            .map(|i| ((i * 7919) % 2003) as f32 / 100.0 - 10.0)
            .collect()
    }

    const E4M3: Element = Element::Float(FloatFormat::E4M3FN);

    #[test]
    fn powers_of_two_split_exactly_into_mx() {
        let values = ramp(256 * 256);
        let tensor = ScaledTensor::quantize(
            &values,
            256,
            256,
            Block::SQUARE_128,
            E4M3,
            Scale::PowerOfTwo,
        )
        .unwrap();
        let mx = tensor.split_to_mx().unwrap();
        assert_eq!(mx.scales.len(), 256 * 8);
        assert_eq!(mx.dequantize(), tensor.dequantize());
        let fp32 = ScaledTensor::quantize(&values, 256, 256, Block::SQUARE_128, E4M3, Scale::Fp32)
            .unwrap();
        assert!(
            fp32.split_to_mx()
                .unwrap_err()
                .0
                .contains("not a power of two")
        );
    }

    #[test]
    fn error_is_half_a_step_of_the_largest_binade() {
        let values = ramp(100 * 70);
        for (block, element, scale, step) in [
            (Block::SQUARE_128, E4M3, Scale::Fp32, 16.0 / 448.0),
            (Block::ROW_128, E4M3, Scale::PowerOfTwo, 32.0 / 448.0),
            (Block::ROW_128, Element::Int8, Scale::Fp32, 0.5 / 127.0),
            (
                Block::ROW_16,
                Element::Float(FloatFormat::E2M1),
                Scale::E4M3,
                1.1 / 6.0,
            ),
        ] {
            let tensor = ScaledTensor::quantize(&values, 100, 70, block, element, scale).unwrap();
            for (value, back) in values.iter().zip(tensor.dequantize()) {
                assert!(
                    (value - back).abs() <= 10.1 * step,
                    "{value} {back} {element:?}"
                );
            }
        }
    }

    #[test]
    fn extreme_blocks_stay_finite() {
        for extreme in [0.0, f32::MIN_POSITIVE / 8.0, 3.0e38] {
            for scale in [Scale::Fp32, Scale::PowerOfTwo, Scale::Mx, Scale::E4M3] {
                let tensor =
                    ScaledTensor::quantize(&[extreme; 64], 2, 32, Block::MX, E4M3, scale).unwrap();
                for back in tensor.dequantize() {
                    assert!(back.is_finite(), "{extreme} {scale:?}: {back}");
                    assert!(
                        (back - extreme).abs() <= extreme * 0.5 + f32::MIN_POSITIVE,
                        "{extreme} {back} {scale:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn wrong_shapes_are_errors() {
        assert!(ScaledTensor::quantize(&[1.0; 5], 2, 3, Block::MX, E4M3, Scale::Mx).is_err());
        let none = Block {
            rows: 0,
            columns: 1,
        };
        assert!(ScaledTensor::quantize(&[1.0; 6], 2, 3, none, E4M3, Scale::Mx).is_err());
        assert!(ScaledTensor::quantize(&[], 0, 0, Block::MX, E4M3, Scale::Mx).is_ok());
    }
}
