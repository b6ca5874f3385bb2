//! Work split into pieces whose size does not depend on the number of threads, and whose results are put together in order.

use std::ops::Range;

use rayon::prelude::*;

/// Draws of a piece: many groups of draws, and still several pieces per thread for a thousand draws.
const PIECE: u64 = 256;

/// `0..draws` in pieces.
pub(crate) fn pieces(draws: u64) -> Vec<Range<u64>> {
    (0..draws.div_ceil(PIECE))
        .map(|piece| piece * PIECE..((piece + 1) * PIECE).min(draws))
        .collect()
}

/// Works on every piece on the threads at hand, and merges the results in order.
pub(crate) fn over_pieces<T: Send>(
    draws: u64,
    work: impl Fn(Range<u64>) -> T + Sync + Send,
    mut merge: impl FnMut(&mut T, T),
) -> Option<T> {
    let results: Vec<T> = pieces(draws).into_par_iter().map(work).collect();
    results.into_iter().reduce(|mut whole, part| {
        merge(&mut whole, part);
        whole
    })
}
