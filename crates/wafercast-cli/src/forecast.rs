//! Draws on several threads. What is computed does not depend on how it is split.

use std::ops::Range;

use rayon::prelude::*;
use wafercast::plan::Plan;
use wafercast::scenario::{Allocation, Scenario};
use wafercast::simulate::{Sampling, Simulation};
use wafercast::table::DrawTable;
use wafercast::tally::Tally;
use wafercast_lp::allocation::OptimalAllocation;

use crate::console::{self, HINT, styled};
use crate::failure::Failure;

/// The engine goes through draws in groups: pieces that begin at a multiple of one waste none.
const GROUP: u64 = wafercast::draw::LANES as u64;
/// Pieces per thread. Draws cost alike, so that one is enough; each piece has a tally of its own, tens of megabytes for
/// a large scenario.
const PIECES_PER_THREAD: u64 = 1;
/// Draws of a piece at least.
const SMALLEST_PIECE: u64 = 64;

/// A simulation and the threads that carry it out.
pub struct Forecast<'a> {
    simulation: Simulation<'a>,
    pool: rayon::ThreadPool,
}

impl<'a> Forecast<'a> {
    /// On `threads` threads, or on all cores; with a planner (see [`planner`]) each draw as it plans.
    pub fn new(
        plan: &'a Plan,
        sampling: Sampling,
        planner: Option<&'a OptimalAllocation>,
        threads: Option<u16>,
    ) -> Result<Forecast<'a>, Failure> {
        let simulation = Simulation::new(plan, sampling);
        Ok(Forecast {
            simulation: match planner {
                Some(planner) => simulation.planned_by(planner),
                None => simulation,
            },
            pool: pool(threads)?,
        })
    }

    /// Number of threads.
    pub fn threads(&self) -> usize {
        self.pool.current_num_threads()
    }

    /// Does work on the forecast's threads.
    pub fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.pool.install(work)
    }

    /// The tally of draws.
    pub fn tally(&self, draws: Range<u64>) -> Tally {
        let pieces = self.pieces(draws.clone());
        let merged = self.pool.install(|| {
            pieces
                .into_par_iter()
                .map(|piece| self.simulation.tally(piece))
                .reduce_with(|mut left, right| {
                    left.merge(&right);
                    left
                })
        });
        merged.unwrap_or_else(|| self.simulation.tally(draws.start..draws.start))
    }

    /// The draws themselves, in order.
    pub fn tables(&self, draws: Range<u64>) -> Vec<DrawTable> {
        let pieces = self.pieces(draws);
        self.pool.install(|| {
            pieces
                .into_par_iter()
                .map(|piece| self.simulation.table(piece))
                .collect()
        })
    }

    fn pieces(&self, draws: Range<u64>) -> Vec<Range<u64>> {
        let wanted = self.threads() as u64 * PIECES_PER_THREAD;
        let size = draws.end.saturating_sub(draws.start).div_ceil(wanted);
        split(draws, size.max(SMALLEST_PIECE))
    }
}

/// The planner of a scenario that asks for `run.allocation = "optimal"`.
pub fn planner(scenario: &Scenario) -> Option<OptimalAllocation<'_>> {
    match scenario.run.allocation {
        Allocation::Priority => None,
        Allocation::Optimal => Some(OptimalAllocation::new(scenario)),
    }
}

/// Says how many draws could not be planned.
pub fn say_unplanned(draws: u64) {
    if draws > 0 {
        console::say(&format!(
            "{}: no certified plan was found for {draws} of the draws; they keep the allocation by tiers and weights",
            styled(HINT, "note")
        ));
    }
}

/// `threads` threads, or one per core.
pub fn pool(threads: Option<u16>) -> Result<rayon::ThreadPool, Failure> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.map_or(0, usize::from))
        .build()
        .map_err(|cause| {
            Failure::usage(
                format!("cannot start the threads: {cause}"),
                "ask for fewer with `--threads`",
            )
        })
}

/// Splits draws into pieces of about `size`, at multiples of the engine's group.
fn split(draws: Range<u64>, size: u64) -> Vec<Range<u64>> {
    let size = size.next_multiple_of(GROUP);
    let mut pieces = Vec::new();
    let mut first = draws.start;
    while first < draws.end {
        let end = (first - first % GROUP + size).min(draws.end);
        pieces.push(first..end);
        first = end;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_every_draw_once() {
        for draws in [0..0, 0..1, 3..20, 0..1000, 17..4096] {
            for size in [1, 8, 9, 100, 10_000] {
                let pieces = split(draws.clone(), size);
                let covered: Vec<u64> = pieces.into_iter().flatten().collect();
                assert_eq!(
                    covered,
                    draws.clone().collect::<Vec<_>>(),
                    "{draws:?} {size}"
                );
            }
        }
    }

    #[test]
    fn pieces_begin_at_groups() {
        let pieces = split(3..100, 20);
        assert!(pieces.iter().skip(1).all(|piece| piece.start % GROUP == 0));
    }
}
