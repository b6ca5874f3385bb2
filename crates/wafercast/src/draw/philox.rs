//! Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as
//! 1, 2, 3" (SC11): a keyed bijection of 128-bit counters whose outputs are the random numbers.

use super::LANES;

const MULTIPLIER_0: u64 = 0xD251_1F53;
const MULTIPLIER_1: u64 = 0xCD9E_8D57;
const WEYL_0: u32 = 0x9E37_79B9;
const WEYL_1: u32 = 0xBB67_AE85;
const ROUNDS: usize = 10;
const LOW: u64 = 0xFFFF_FFFF;

/// The four 32-bit words of the output at `counter` under `key`. Each word stands in the low half of a `u64`, because
/// that is the form vector multiplication takes.
#[inline(always)]
pub fn philox(counter: [u32; 4], key: [u32; 2]) -> [u64; 4] {
    let [mut c0, mut c1, mut c2, mut c3] = counter.map(u64::from);
    let [mut k0, mut k1] = key;
    for _ in 0..ROUNDS {
        let p0 = MULTIPLIER_0 * c0;
        let p1 = MULTIPLIER_1 * c2;
        (c0, c1, c2, c3) = (
            (p1 >> 32) ^ c1 ^ u64::from(k0),
            p1 & LOW,
            (p0 >> 32) ^ c3 ^ u64::from(k1),
            p0 & LOW,
        );
        k0 = k0.wrapping_add(WEYL_0);
        k1 = k1.wrapping_add(WEYL_1);
    }
    [c0, c1, c2, c3]
}

/// [`philox`] at the counters `(low half, high half) = (index, stream)`: the first two output words as one `u64`.
#[inline(always)]
pub fn bits(index: u64, stream: u64, key: [u32; 2]) -> u64 {
    let counter = [
        index as u32,
        (index >> 32) as u32,
        stream as u32,
        (stream >> 32) as u32,
    ];
    let [w0, w1, _, _] = philox(counter, key);
    w0 | (w1 << 32)
}

/// [`bits`] at [`LANES`] indices.
#[inline(always)]
pub fn bits_lanes(index: &[u64; LANES], stream: u64, key: [u32; 2]) -> [u64; LANES] {
    let mut out = [0; LANES];
    for (out, &index) in out.iter_mut().zip(index) {
        *out = bits(index, stream, key);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers published with Random123 (kat_vectors, philox4x32 with 10 rounds).
    #[test]
    fn known_answers() {
        let cases = [
            (
                [0; 4],
                [0; 2],
                [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8],
            ),
            (
                [u32::MAX; 4],
                [u32::MAX; 2],
                [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd],
            ),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, answer) in cases {
            assert_eq!(philox(counter, key), answer);
        }
    }

    #[test]
    fn lanes_equal_scalar() {
        let index: [u64; LANES] = std::array::from_fn(|k| u64::from(u32::MAX) - 3 + k as u64);
        let lanes = bits_lanes(&index, 7, [1, 2]);
        for (&i, &b) in index.iter().zip(&lanes) {
            assert_eq!(b, bits(i, 7, [1, 2]));
        }
    }
}
