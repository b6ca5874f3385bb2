//! A quantile function over the normal score as cubic pieces.
//!
//! The range of scores is split at the jumps and bends of the quantile (atoms, gaps, ends of supports), so that each
//! segment is smooth; on it the quantile, or its logarithm where it is positive, is interpolated by a monotone cubic
//! spline over equal cells (Fritsch & Carlson 1980).

use crate::distribution::Distribution;
use crate::draw::{LANES, Lanes, kernel};

/// Scores beyond ±8.3 (probability 1e-16) give the values at ±8.3.
const LIMIT: f64 = 8.3;
/// Cells per unit of score, before they are halved as precision asks.
const DENSITY: f64 = 8.0;
/// Cells per unit of score beyond which they are not halved again.
const MOST_DENSITY: f64 = 64.0;
/// Least cells of a segment that is not constant.
const LEAST_CELLS: usize = 8;
/// Distances from a jump or bend at which a new grid begins, because the quantile may be steep beside it.
const GRADES: [f64; 4] = [1e-4, 1e-3, 1e-2, 1e-1];
/// Relative error allowed before the last halving, which divides it by about 16 where the quantile is smooth.
const TOLERANCE: f64 = 1e-6;
/// Segments shorter than this are left out.
const LEAST_WIDTH: f64 = 1e-7;

/// The table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    segments: Vec<Segment>,
    /// Cubic of each cell in the position t in [0, 1) inside it, constant term first.
    cells: Vec<[f64; 4]>,
    any_logarithm: bool,
}

/// A stretch of scores on which the quantile is smooth.
#[derive(Debug, Clone, Copy)]
struct Segment {
    from: f64,
    /// Cells per unit of score.
    density: f64,
    first_cell: usize,
    /// The last cell's number in the segment, as a number to be compared with positions.
    last: f64,
    /// The cells hold the logarithm.
    logarithm: bool,
}

impl Table {
    pub fn new(distribution: &Distribution) -> Table {
        let mut table = Table {
            segments: Vec::new(),
            cells: Vec::new(),
            any_logarithm: false,
        };
        let mut ends = vec![-LIMIT];
        for z in distribution.critical_scores(LIMIT - LEAST_WIDTH) {
            if ends.last().is_some_and(|&last| z - last > LEAST_WIDTH) {
                ends.push(z);
            }
        }
        ends.push(LIMIT);
        for pair in ends.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let inset = 1e-3 * LEAST_WIDTH;
            let is_constant = distribution.value_at_score(from + inset)
                == distribution.value_at_score(to - inset);
            let ends = if is_constant {
                vec![from, to]
            } else {
                graded(from, to)
            };
            for part in ends.windows(2) {
                table.add_segment(distribution, part[0], part[1]);
            }
        }
        table
    }

    fn add_segment(&mut self, distribution: &Distribution, from: f64, to: f64) {
        // A little inside the ends, to be on the right side of the jumps there.
        let inset = 1e-3 * LEAST_WIDTH;
        let value = |z: f64| distribution.value_at_score(z.clamp(from + inset, to - inset));
        let (first, last) = (value(from), value(to));
        // Near the end of a truncation the exact quantile has an absolute precision only: no logarithms of rounding errors.
        let is_resolved = first > 1e-9 * last || !has_truncation(distribution);
        let logarithm = first > 0.0 && first < last && is_resolved;
        let knot = |z: f64| {
            if logarithm {
                libm::log(value(z))
            } else {
                value(z)
            }
        };
        let cells = match first == last {
            true => 1,
            false => (((to - from) * DENSITY) as usize).max(LEAST_CELLS),
        };
        let mut knots: Vec<f64> = (0..=cells)
            .map(|k| knot(from + (to - from) * (k as f64 / cells as f64)))
            .collect();
        let most = ((to - from) * MOST_DENSITY) as usize;
        while knots.len() > 2 && (knots.len() <= most || knots.len() <= 8 * LEAST_CELLS) {
            // Halve the cells, and stop when the cubics on the whole ones were already right at the halves.
            let cells = knots.len() - 1;
            let halves: Vec<f64> = (0..cells)
                .map(|k| knot(from + (to - from) * ((k as f64 + 0.5) / cells as f64)))
                .collect();
            let slopes = monotone_slopes(&knots);
            let is_precise = (0..cells).all(|k| {
                let middle = 0.5 * (knots[k] + knots[k + 1]) + 0.125 * (slopes[k] - slopes[k + 1]);
                let size = if logarithm {
                    1.0
                } else {
                    halves[k].abs().max(1e-3 * (last - first))
                };
                (middle - halves[k]).abs() <= TOLERANCE * size
            });
            knots = halves
                .iter()
                .zip(&knots)
                .flat_map(|(&half, &whole)| [whole, half])
                .chain(knots.last().copied())
                .collect();
            if is_precise {
                break;
            }
        }
        let cells = knots.len() - 1;
        self.any_logarithm |= logarithm;
        self.segments.push(Segment {
            from,
            density: cells as f64 / (to - from),
            first_cell: self.cells.len(),
            last: (cells - 1) as f64,
            logarithm,
        });
        let slopes = monotone_slopes(&knots);
        for (y, d) in knots.windows(2).zip(slopes.windows(2)) {
            let rise = y[1] - y[0];
            self.cells.push([
                y[0],
                d[0],
                3.0 * rise - 2.0 * d[0] - d[1],
                d[0] + d[1] - 2.0 * rise,
            ]);
        }
    }

    /// The size of the table.
    #[cfg(test)]
    pub fn cells(&self) -> usize {
        self.cells.len()
    }

    #[inline(always)]
    pub fn values(&self, z: &Lanes) -> Lanes {
        let mut segment = [0usize; LANES];
        for (number, next) in self.segments.iter().enumerate().skip(1) {
            for lane in 0..LANES {
                segment[lane] = if z[lane] >= next.from {
                    number
                } else {
                    segment[lane]
                };
            }
        }
        let mut values = Lanes::splat(0.0);
        let mut logarithm = [false; LANES];
        for lane in 0..LANES {
            let Some(segment) = self.segments.get(segment[lane]) else {
                continue;
            };
            let position = (z[lane] - segment.from) * segment.density;
            let position = if position > 0.0 { position } else { 0.0 };
            let number = if position < segment.last {
                position as u32
            } else {
                segment.last as u32
            };
            let t = position - f64::from(number);
            let t = if t < 1.0 { t } else { 1.0 };
            let Some(&[a, b, c, d]) = self.cells.get(segment.first_cell + number as usize) else {
                continue;
            };
            values[lane] = a + t * (b + t * (c + t * d));
            logarithm[lane] = segment.logarithm;
        }
        if self.any_logarithm {
            let exponential = kernel::lanes::exp(&values);
            for lane in 0..LANES {
                values[lane] = if logarithm[lane] {
                    exponential[lane]
                } else {
                    values[lane]
                };
            }
        }
        values
    }
}

/// A stretch between jumps or bends, with finer parts towards those ends.
fn graded(from: f64, to: f64) -> Vec<f64> {
    let fits = |grade: &f64| *grade < 0.4 * (to - from);
    let mut ends = vec![from];
    if from > -LIMIT {
        ends.extend(
            GRADES
                .iter()
                .copied()
                .filter(fits)
                .map(|grade| from + grade),
        );
    }
    if to < LIMIT {
        ends.extend(
            GRADES
                .iter()
                .rev()
                .copied()
                .filter(fits)
                .map(|grade| to - grade),
        );
    }
    ends.push(to);
    ends
}

fn has_truncation(distribution: &Distribution) -> bool {
    match distribution {
        Distribution::Truncate { .. } => true,
        Distribution::Clamp { inner, .. } | Distribution::Scaled { inner, .. } => {
            has_truncation(inner)
        }
        Distribution::Mixture(parts) => parts.iter().any(|(_, part)| has_truncation(part)),
        _ => false,
    }
}

/// Slopes per cell at rising knots: finite differences of fourth order inside, third order at the ends, limited to what keeps
/// each cubic monotone.
fn monotone_slopes(y: &[f64]) -> Vec<f64> {
    let n = y.len();
    if n < 5 {
        let rise = |k: usize| y[(k + 1).min(n - 1)] - y[k.saturating_sub(1)];
        return (0..n)
            .map(|k| if n == 2 { y[1] - y[0] } else { 0.5 * rise(k) })
            .collect();
    }
    let mut slopes: Vec<f64> = (0..n)
        .map(|k| match k {
            0 => (-11.0 * y[0] + 18.0 * y[1] - 9.0 * y[2] + 2.0 * y[3]) / 6.0,
            1 => (-2.0 * y[0] - 3.0 * y[1] + 6.0 * y[2] - y[3]) / 6.0,
            k if k == n - 2 => (2.0 * y[n - 1] + 3.0 * y[n - 2] - 6.0 * y[n - 3] + y[n - 4]) / 6.0,
            k if k == n - 1 => {
                (11.0 * y[n - 1] - 18.0 * y[n - 2] + 9.0 * y[n - 3] - 2.0 * y[n - 4]) / 6.0
            }
            k => (y[k - 2] - 8.0 * y[k - 1] + 8.0 * y[k + 1] - y[k + 2]) / 12.0,
        })
        .collect();
    for k in 0..n {
        // Slopes between 0 and three times the adjacent secants keep both cubics monotone.
        let before = if k > 0 {
            y[k] - y[k - 1]
        } else {
            f64::INFINITY
        };
        let after = if k + 1 < n {
            y[k + 1] - y[k]
        } else {
            f64::INFINITY
        };
        slopes[k] = slopes[k].min(3.0 * before).min(3.0 * after).max(0.0);
    }
    slopes
}
