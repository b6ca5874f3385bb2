//! A distribution of draws that does not grow with their number and does not depend on their order.
//!
//! Values are counted in bins 1/256 of an octave wide (relative width 0.27–0.39 %); quantiles are read by straight lines
//! inside a bin, so their error is far below the sampling error of any run that fits in a day. Means are sums of
//! integers, so adding draws in any order and splitting them anywhere gives the same bits. If all draws are equal, every
//! statistic is that number exactly.

use serde::{Deserialize, Serialize};

/// Values nearer to zero than this count as zero.
const TINY: f64 = 1.0 / (1u64 << 30) as f64;
const BINS: usize = 256;
/// Place of an octave without draws.
const NOWHERE: u32 = u32::MAX;
/// Values whose bins are worked out at once.
const CHUNK: usize = 64;

/// Counts of draws by value.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(into = "Wire", from = "Wire")]
pub struct Histogram {
    draws: u64,
    min: f64,
    max: f64,
    /// Sum in quanta of `2^−quantum`.
    sum: i128,
    quantum: u8,
    /// Where the counts of each octave from `base` on begin in `counts`, or [`NOWHERE`].
    octaves: Vec<u32>,
    base: i32,
    /// The count of zeros, then 256 counts for each octave that has draws, in the order in which they came up.
    counts: Vec<u32>,
}

/// Equal draws, whatever the order in which they came up.
impl PartialEq for Histogram {
    fn eq(&self, other: &Self) -> bool {
        let numbers = |h: &Self| (h.draws, h.zeros(), h.min, h.max, h.sum, h.quantum);
        numbers(self) == numbers(other) && self.bins().eq(other.bins())
    }
}

/// The stored form: only bins that are not empty.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Wire {
    draws: u64,
    zeros: u64,
    min: f64,
    max: f64,
    sum: (i64, u64),
    quantum: u8,
    bins: Vec<(i32, u32)>,
}

impl From<Histogram> for Wire {
    fn from(histogram: Histogram) -> Self {
        Wire {
            draws: histogram.draws,
            zeros: histogram.zeros(),
            min: histogram.min,
            max: histogram.max,
            sum: ((histogram.sum >> 64) as i64, histogram.sum as u64),
            quantum: histogram.quantum,
            bins: histogram.bins().collect(),
        }
    }
}

impl From<Wire> for Histogram {
    fn from(wire: Wire) -> Self {
        let mut histogram = Histogram::new(wire.quantum);
        histogram.draws = wire.draws;
        histogram.counts[0] = wire.zeros as u32;
        histogram.min = wire.min;
        histogram.max = wire.max;
        histogram.sum = (i128::from(wire.sum.0) << 64) | i128::from(wire.sum.1);
        for (bin, count) in wire.bins {
            *histogram.slot(bin) += count;
        }
        histogram
    }
}

/// The bin of what counts as zero. No other value falls in it.
const ZERO: i32 = 0;

/// The bin of a value: the order of bins is the order of values, negative ones included.
#[inline(always)]
fn bin_of(value: f64) -> i32 {
    let size = value.abs();
    let key = (size.to_bits() >> 44) as i32;
    let key = if size < TINY { ZERO } else { key };
    if value < 0.0 && key != ZERO {
        -1 - key
    } else {
        key
    }
}

/// The octave of a bin.
#[inline(always)]
fn octave_of(bin: i32) -> i32 {
    bin >> 8
}

/// The place of a bin in its octave.
#[inline(always)]
fn place_of(bin: i32) -> usize {
    (bin & 255) as usize
}

/// Ends of a bin, the smaller first.
fn ends(bin: i32) -> (f64, f64) {
    let edge = |key: i32| f64::from_bits((key as u64) << 44);
    if bin >= 0 {
        (edge(bin), edge(bin + 1))
    } else {
        (-edge(-bin), -edge(-1 - bin))
    }
}

/// Ends and sum of some draws. The sum of the quanta is kept in halves, which cannot overflow below 2³¹ draws and, unlike
/// one of 128 bits, can be worked out in vectors.
struct Span {
    min: f64,
    max: f64,
    high: i64,
    low: u64,
}

impl Span {
    #[inline(always)]
    fn of(values: &[f64], quanta: f64) -> Span {
        let mut span = Span {
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            high: 0,
            low: 0,
        };
        for &value in values {
            span.min = if value < span.min { value } else { span.min };
            span.max = if value > span.max { value } else { span.max };
            let parts = (value * quanta) as i64;
            span.high += parts >> 32;
            span.low += parts as u64 & 0xFFFF_FFFF;
        }
        span
    }

    fn sum(&self) -> i128 {
        (i128::from(self.high) << 32) + i128::from(self.low)
    }
}

impl Histogram {
    /// Empty; means are kept to `2^−quantum`.
    pub fn new(quantum: u8) -> Self {
        Histogram {
            draws: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            sum: 0,
            quantum,
            octaves: Vec::new(),
            base: 0,
            counts: vec![0],
        }
    }

    /// Number of draws.
    pub fn draws(&self) -> u64 {
        self.draws
    }

    /// Draws that count as zero.
    fn zeros(&self) -> u64 {
        u64::from(self.counts[0])
    }

    /// Counts draws.
    pub fn extend(&mut self, values: &[f64]) {
        count(self, values);
    }

    /// Counts draws whose bins are given.
    #[inline(always)]
    fn count(&mut self, bins: &[i32]) {
        for &bin in bins {
            let octave = octave_of(bin).wrapping_sub(self.base) as usize;
            match self.octaves.get(octave) {
                Some(&start) if start != NOWHERE => {
                    self.counts[start as usize + place_of(bin)] += 1;
                }
                _ => *self.slot(bin) += 1,
            }
        }
    }

    /// The count of a bin, made if it is not there.
    fn slot(&mut self, bin: i32) -> &mut u32 {
        if bin == ZERO {
            return &mut self.counts[0];
        }
        let start = self.start(octave_of(bin));
        &mut self.counts[start + place_of(bin)]
    }

    /// Where the counts of an octave begin, made if they are not there.
    fn start(&mut self, octave: i32) -> usize {
        if self.octaves.is_empty() {
            self.base = octave;
        }
        if octave < self.base {
            let missing = (self.base - octave) as usize;
            self.octaves
                .splice(0..0, std::iter::repeat_n(NOWHERE, missing));
            self.base = octave;
        }
        let index = (octave - self.base) as usize;
        if index >= self.octaves.len() {
            self.octaves.resize(index + 1, NOWHERE);
        }
        if self.octaves[index] == NOWHERE {
            self.octaves[index] = self.counts.len() as u32;
            self.counts.reserve_exact(BINS);
            self.counts.resize(self.counts.len() + BINS, 0);
        }
        self.octaves[index] as usize
    }

    /// Octaves that have draws, in order, each with its counts.
    fn pages(&self) -> impl Iterator<Item = (i32, &[u32])> + '_ {
        let octaves = (self.base..).zip(&self.octaves);
        octaves
            .filter(|(_, start)| **start != NOWHERE)
            .map(|(octave, start)| {
                (
                    octave,
                    &self.counts[*start as usize..*start as usize + BINS],
                )
            })
    }

    /// Bins that are not empty, in order.
    fn bins(&self) -> impl Iterator<Item = (i32, u32)> + '_ {
        self.pages().flat_map(|(octave, counts)| {
            let bins = (octave * BINS as i32..).zip(counts);
            bins.filter(|(_, count)| **count > 0)
                .map(|(bin, count)| (bin, *count))
        })
    }

    /// Adds the draws of another.
    pub fn merge(&mut self, other: &Histogram) {
        self.draws += other.draws;
        self.min = if other.min < self.min {
            other.min
        } else {
            self.min
        };
        self.max = if other.max > self.max {
            other.max
        } else {
            self.max
        };
        self.sum += other.sum;
        self.counts[0] += other.counts[0];
        for (octave, counts) in other.pages() {
            let start = self.start(octave);
            for (sum, count) in self.counts[start..start + BINS].iter_mut().zip(counts) {
                *sum += count;
            }
        }
    }

    /// Mean; 0 without draws.
    pub fn mean(&self) -> f64 {
        if self.draws == 0 {
            return 0.0;
        }
        if self.min == self.max {
            return self.min;
        }
        let quanta = (1u64 << self.quantum) as f64;
        self.sum as f64 / quanta / self.draws as f64
    }

    /// Standard deviation, from the middles of the bins.
    pub fn standard_deviation(&self) -> f64 {
        if self.draws < 2 || self.min == self.max {
            return 0.0;
        }
        let mean = self.mean();
        let mut sum = self.zeros() as f64 * mean * mean;
        for (bin, count) in self.bins() {
            let (low, high) = ends(bin);
            let distance = 0.5 * (low + high) - mean;
            sum += f64::from(count) * distance * distance;
        }
        (sum / (self.draws - 1) as f64).sqrt()
    }

    /// Values below, at and above zero come in this order: each stretch is (lower end, upper end, count).
    fn stretches(&self) -> impl Iterator<Item = (f64, f64, u64)> + '_ {
        let negative = self.bins().filter(|(bin, _)| *bin < 0);
        let positive = self.bins().filter(|(bin, _)| *bin >= 0);
        let stretch = |(bin, count): (i32, u32)| {
            let (low, high) = ends(bin);
            (low, high, u64::from(count))
        };
        let zeros = (self.zeros() > 0).then_some((0.0, 0.0, self.zeros()));
        negative
            .map(stretch)
            .chain(zeros)
            .chain(positive.map(stretch))
    }

    /// Quantile for `0 ≤ p ≤ 1`; 0 without draws.
    pub fn quantile(&self, p: f64) -> f64 {
        if self.draws == 0 {
            return 0.0;
        }
        let target = p * self.draws as f64;
        let mut below = 0.0;
        for (low, high, count) in self.stretches() {
            let count = count as f64;
            if below + count >= target {
                let inside = if target > below {
                    (target - below) / count
                } else {
                    0.0
                };
                return (low + (high - low) * inside).clamp(self.min, self.max);
            }
            below += count;
        }
        self.max
    }

    /// Share of draws below a value.
    pub fn share_below(&self, value: f64) -> f64 {
        if self.draws == 0 {
            return 0.0;
        }
        let mut below = 0.0;
        for (low, high, count) in self.stretches() {
            let (low, high) = (low.max(self.min.min(high)), high.min(self.max.max(low)));
            if high <= value && high < self.max {
                below += count as f64;
            } else if low >= value {
                break;
            } else {
                let inside = if high > low {
                    ((value - low) / (high - low)).min(1.0)
                } else {
                    1.0
                };
                below += count as f64 * inside;
            }
        }
        below / self.draws as f64
    }

    /// The percentiles of a report.
    pub fn stats(&self) -> crate::summary::Stats {
        let q = |p: f64| self.quantile(p);
        let spread = self.standard_deviation();
        crate::summary::Stats {
            mean: self.mean(),
            p025: q(0.025),
            p05: q(0.05),
            p10: q(0.10),
            p25: q(0.25),
            p50: q(0.50),
            p75: q(0.75),
            p90: q(0.90),
            p95: q(0.95),
            p975: q(0.975),
            mean_se: if self.draws > 0 {
                spread / (self.draws as f64).sqrt()
            } else {
                0.0
            },
        }
    }
}

/// Counts draws, with the widest vectors at hand.
#[multiversion::multiversion(targets(
    "x86_64+avx2+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"
))]
fn count(histogram: &mut Histogram, values: &[f64]) {
    let Some(&first) = values.first() else {
        return;
    };
    let span = Span::of(values, (1u64 << histogram.quantum) as f64);
    histogram.min = if span.min < histogram.min {
        span.min
    } else {
        histogram.min
    };
    histogram.max = if span.max > histogram.max {
        span.max
    } else {
        histogram.max
    };
    histogram.sum += span.sum();
    histogram.draws += values.len() as u64;
    if span.min == span.max {
        // Often: what is not on the market yet is zero in every draw.
        *histogram.slot(bin_of(first)) += values.len() as u32;
        return;
    }
    let mut bins = [ZERO; CHUNK];
    for chunk in values.chunks(CHUNK) {
        for (bin, value) in bins.iter_mut().zip(chunk) {
            *bin = bin_of(*value);
        }
        histogram.count(&bins[..chunk.len()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_draws_give_the_number_itself_whatever_their_count() {
        for count in [1usize, 7, 1000] {
            let mut histogram = Histogram::new(16);
            histogram.extend(&vec![123_456.789; count]);
            let stats = histogram.stats();
            for value in [stats.mean, stats.p05, stats.p50, stats.p95] {
                assert_eq!(value, 123_456.789);
            }
        }
    }

    #[test]
    fn quantiles_of_a_uniform_lie_within_a_bin() {
        let mut histogram = Histogram::new(30);
        let values = (0..100_000)
            .map(|i| -50.0 + 200.0 * (i as f64 + 0.5) / 100_000.0)
            .collect::<Vec<_>>();
        histogram.extend(&values);
        for p in [0.01, 0.05, 0.2, 0.25, 0.3, 0.5, 0.75, 0.95, 0.99] {
            let exact = -50.0 + 200.0 * p;
            let error = (histogram.quantile(p) - exact).abs();
            assert!(
                error < 0.005 * exact.abs() + 0.01,
                "p = {p}: off by {error}"
            );
            assert!((histogram.share_below(exact) - p).abs() < 0.002, "p = {p}");
        }
        assert!((histogram.mean() - 50.0).abs() < 1e-6);
        assert!((histogram.standard_deviation() - 200.0 / 12f64.sqrt()).abs() < 0.1);
    }

    #[test]
    fn merging_in_any_order_and_storing_gives_the_same() {
        let values = (0..5000)
            .map(|i| f64::from(i * 7919 % 5003) * 1.7 - 900.0)
            .collect::<Vec<_>>();
        let mut whole = Histogram::new(20);
        whole.extend(&values);
        let mut parts = Histogram::new(20);
        for chunk in values.chunks(333).rev() {
            let mut part = Histogram::new(20);
            part.extend(chunk);
            let stored = serde_json::to_string(&part).expect("a histogram is plain data");
            parts.merge(&serde_json::from_str(&stored).expect("it was just stored"));
        }
        assert_eq!(whole.stats(), parts.stats());
        assert_eq!(whole.sum, parts.sum);
    }
}
