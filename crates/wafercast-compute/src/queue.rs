//! Waiting for prefill: a queue with arrivals at random and prompts of one length (M/D/1).
//!
//! The mean wait is that of Pollaczek and Khinchine, `ρ·S/(2·(1 − ρ))`; its tail is taken as exponential with the decay of
//! heavy traffic (Kingman, 1961), `P(wait > t) = ρ·exp(−2·(1 − ρ)·t/S)`. Of N sequences each waits for the others only, so waits are
//! those of N − 1 (as in mean value analysis), and never longer than all others' prefills.

use wafercast::draw::kernel::ln;

/// A server that prefills.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Queue {
    /// Share of the time that it is busy, below 1.
    pub load: f64,
    /// Prefill of one prompt, s.
    pub service: f64,
    /// Sequences that may wait for it.
    pub population: f64,
}

impl Queue {
    /// Seconds at the rate at which the queue empties, for the others that there are.
    fn scale(&self) -> f64 {
        let others = (self.population - 1.0).max(0.0) / self.population.max(1.0);
        others * self.service / (2.0 * (1.0 - self.load).max(f64::MIN_POSITIVE))
    }

    fn most(&self) -> f64 {
        (self.population - 1.0).max(0.0) * self.service
    }

    /// Mean wait, s.
    pub fn mean_wait(&self) -> f64 {
        (self.load * self.scale()).min(self.most())
    }

    /// Wait that a share of prompts exceeds, s.
    pub fn wait_exceeded_by(&self, share: f64) -> f64 {
        (self.scale() * ln(self.load.max(share) / share)).min(self.most())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits of a simulated M/D/1 queue by Lindley's recursion, sorted.
    fn simulated(load: f64) -> Vec<f64> {
        let mut state: u64 = 7;
        let mut uniform = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((state >> 11) as f64 + 0.5) / (1u64 << 53) as f64
        };
        let mut wait = 0.0_f64;
        let mut waits: Vec<f64> = (0..400_000)
            .map(|_| {
                let gap = -ln(uniform()) / load;
                wait = (wait + 1.0 - gap).max(0.0);
                wait
            })
            .collect();
        waits.sort_by(f64::total_cmp);
        waits
    }

    #[test]
    fn agrees_with_a_simulated_queue() {
        for load in [0.3, 0.6, 0.8, 0.9] {
            let waits = simulated(load);
            let mean = waits.iter().sum::<f64>() / waits.len() as f64;
            let late = waits[waits.len() * 95 / 100];
            let queue = Queue {
                load,
                service: 1.0,
                population: 1e9,
            };
            let (ours, tail) = (queue.mean_wait(), queue.wait_exceeded_by(0.05));
            assert!((ours / mean - 1.0).abs() < 0.05, "{load}: {ours} {mean}");
            assert!(
                (tail - late).abs() < 0.25 + 0.1 * late,
                "{load}: {tail} {late}"
            );
        }
    }

    #[test]
    fn one_alone_never_waits() {
        let alone = Queue {
            load: 0.9,
            service: 1.0,
            population: 1.0,
        };
        assert_eq!(
            (alone.mean_wait(), alone.wait_exceeded_by(0.05)),
            (0.0, 0.0)
        );
        let two = Queue {
            population: 2.0,
            load: 0.999_999,
            ..alone
        };
        assert_eq!(two.mean_wait(), 1.0);
    }
}
