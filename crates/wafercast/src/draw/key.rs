//! The key of a named stream: 128 bits made of seed and name.

/// The finaliser of SplitMix64 (Steele, Lea & Flood 2014): a bijection of 64-bit words in which every input bit changes
/// every output bit with probability close to one half.
#[inline]
pub(super) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// 2⁶⁴ over the golden ratio, the increment of SplitMix64.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// 128 bits that stand for (seed, name). Two names share a key with probability 2⁻¹²⁸.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(pub [u64; 2]);

impl Key {
    /// Hashes seed and name: the name's UTF-8 bytes are absorbed in little-endian words of eight, zero-padded, then its
    /// length; each of the two halves starts from its own mix of the seed and multiplies by its own odd constant
    /// (64-bit FNV's prime; the golden ratio) between the words.
    pub fn new(seed: u64, name: &str) -> Key {
        let mut low = mix(seed.wrapping_add(GOLDEN));
        let mut high = mix(seed ^ 0x6A09_E667_F3BC_C909);
        let mut absorb = |word: u64| {
            low = mix((low ^ word).wrapping_mul(0x0000_0100_0000_01B3));
            high = mix((high ^ word.rotate_left(32)).wrapping_mul(GOLDEN));
        };
        for chunk in name.as_bytes().chunks(8) {
            let mut bytes = [0; 8];
            bytes[..chunk.len()].copy_from_slice(chunk);
            absorb(u64::from_le_bytes(bytes));
        }
        absorb(name.len() as u64);
        Key([low, high])
    }

    /// The `n`-th 64-bit word derived from the key: SplitMix64 on its two halves.
    pub fn word(self, n: u64) -> u64 {
        let step = GOLDEN.wrapping_mul(n.wrapping_add(1));
        mix(mix(self.0[0].wrapping_add(step)) ^ self.0[1].rotate_left(17).wrapping_add(step))
    }

    /// Key and stream number for [`super::philox`].
    pub fn philox(self) -> ([u32; 2], u64) {
        ([self.0[0] as u32, (self.0[0] >> 32) as u32], self.0[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_and_seeds_give_distinct_keys() {
        let mut seen = BTreeSet::new();
        for seed in 0..20 {
            for n in 0..500 {
                assert!(seen.insert(Key::new(seed, &format!("fab.x.phase[{n}].delay")).0[0]));
            }
        }
        // Padding does not hide a trailing zero byte.
        assert_ne!(Key::new(1, "a"), Key::new(1, "a\0"));
        assert_ne!(Key::new(1, ""), Key::new(2, ""));
    }

    /// One changed bit of the name changes about half of the key's bits.
    #[test]
    fn avalanche() {
        let mut flipped = 0;
        let mut bits = 0;
        for n in 0u32..1000 {
            let a = Key::new(5, &format!("quantity{n}"));
            let b = Key::new(5, &format!("quantitx{n}"));
            flipped += (a.0[0] ^ b.0[0]).count_ones() + (a.0[1] ^ b.0[1]).count_ones();
            bits += 128;
        }
        let share = f64::from(flipped) / f64::from(bits);
        assert!((share - 0.5).abs() < 0.01, "{share}");
    }
}
