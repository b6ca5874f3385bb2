//! Draws that depend on what they are for and on nothing else.
//!
//! Every draw is a word of Philox4x32-10 at a counter made of the thing drawn for, so two runs with different dispatch
//! rules or tool sets give the same lot the same processing time at the same step: common random numbers without
//! bookkeeping. The generator is the engine's, so the project has one.

use wafercast::draw::philox::philox;

/// What a draw is for; part of the counter, so that streams never overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Stream {
    /// A lot's pass through a step.
    Step = 1,
    /// An outage of a tool.
    Outage = 2,
    /// A release of an order.
    Release = 3,
}

/// The source of all draws of one replication.
#[derive(Debug, Clone, Copy)]
pub struct Draws {
    key: [u32; 2],
    replication: u32,
}

impl Draws {
    /// The draws of replication `replication` under `seed`.
    pub fn new(seed: u64, replication: u32) -> Draws {
        Draws {
            key: [seed as u32, (seed >> 32) as u32],
            replication,
        }
    }

    /// Four words of 32 bits for `(stream, a, b, c)`.
    #[inline]
    pub fn words(self, stream: Stream, a: u32, b: u32, c: u32) -> [u32; 4] {
        // The replication and the stream share a word with nothing else that varies: 2^28 replications.
        let tag = (self.replication << 4) | stream as u32;
        philox([a, b, c, tag], self.key).map(|word| word as u32)
    }
}

/// A word as a number in (0, 1): the middle of its cell, so neither end can occur.
#[inline]
pub fn unit(word: u32) -> f64 {
    (f64::from(word) + 0.5) * (1.0 / 4_294_967_296.0)
}

/// Two words as a number in (0, 1) with 53 bits, for distributions with long tails.
#[inline]
pub fn unit_fine(high: u32, low: u32) -> f64 {
    let bits = (u64::from(high) << 20) | u64::from(low >> 12);
    (bits as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_and_replications_differ() {
        let a = Draws::new(7, 0);
        assert_eq!(
            a.words(Stream::Step, 1, 2, 3),
            Draws::new(7, 0).words(Stream::Step, 1, 2, 3)
        );
        assert_ne!(
            a.words(Stream::Step, 1, 2, 3),
            a.words(Stream::Outage, 1, 2, 3)
        );
        assert_ne!(
            a.words(Stream::Step, 1, 2, 3),
            Draws::new(7, 1).words(Stream::Step, 1, 2, 3)
        );
        assert_ne!(
            a.words(Stream::Step, 1, 2, 3),
            Draws::new(8, 0).words(Stream::Step, 1, 2, 3)
        );
    }

    #[test]
    fn units_stay_inside() {
        assert!(unit(0) > 0.0 && unit(u32::MAX) < 1.0);
        assert!(unit_fine(0, 0) > 0.0 && unit_fine(u32::MAX, u32::MAX) < 1.0);
    }
}
