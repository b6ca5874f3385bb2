//! Scores that are jointly normal: which move together, and what some of them say about the others.

use wafercast::draw::{LANES, Lanes};
use wafercast::experiment::Experiment;

use super::linear_algebra::Factor;

/// Standard normal coordinates, correlated within blocks and independent between them.
#[derive(Debug, Clone, Default)]
pub struct Gaussian {
    /// Blocks of more than one coordinate; a coordinate in none is independent of all others.
    blocks: Vec<Block>,
}

#[derive(Debug, Clone)]
struct Block {
    coordinates: Vec<usize>,
    /// By rows.
    covariance: Vec<f64>,
}

impl Gaussian {
    /// All coordinates independent.
    pub fn independent() -> Gaussian {
        Gaussian::default()
    }

    /// Adds a block with its covariance matrix, by rows.
    pub fn with_block(mut self, coordinates: Vec<usize>, covariance: Vec<f64>) -> Gaussian {
        self.blocks.push(Block {
            coordinates,
            covariance,
        });
        self
    }

    /// How an experiment's scores move together, by sending unit vectors through its correlation.
    pub fn of(experiment: &Experiment) -> Gaussian {
        let count = experiment.plan().scores.len();
        let mut workspace = experiment.workspace();
        // Column j of L in z = L·e.
        let mut columns = vec![Vec::new(); count];
        for first in (0..count).step_by(LANES) {
            let units: Vec<Lanes> = (0..count)
                .map(|score| Lanes::from_fn(|lane| if score == first + lane { 1.0 } else { 0.0 }))
                .collect();
            let correlated = experiment.correlate(&units, &mut workspace);
            for lane in 0..LANES.min(count - first) {
                columns[first + lane] = correlated
                    .iter()
                    .enumerate()
                    .filter(|(_, z)| z[lane] != 0.0)
                    .map(|(score, z)| (score, z[lane]))
                    .collect::<Vec<_>>();
            }
        }
        let mut block_of: Vec<usize> = (0..count).collect();
        for column in &columns {
            let touched: Vec<usize> = column.iter().map(|(score, _)| block_of[*score]).collect();
            if let Some(lowest) = touched.iter().min().copied() {
                for block in &mut block_of {
                    if touched.contains(block) {
                        *block = lowest;
                    }
                }
            }
        }
        let mut gaussian = Gaussian::independent();
        for block in 0..count {
            let coordinates: Vec<usize> = (0..count).filter(|c| block_of[*c] == block).collect();
            if coordinates.len() < 2 {
                continue;
            }
            let size = coordinates.len();
            let mut covariance = vec![0.0; size * size];
            let place = |score| coordinates.iter().position(|c| *c == score);
            for column in &columns {
                for (score, value) in column {
                    for (other, of_other) in column {
                        if let (Some(i), Some(j)) = (place(*score), place(*other)) {
                            covariance[i * size + j] += value * of_other;
                        }
                    }
                }
            }
            gaussian = gaussian.with_block(coordinates, covariance);
        }
        gaussian
    }

    /// The blocks of more than one coordinate.
    pub fn blocks(&self) -> impl Iterator<Item = &[usize]> {
        self.blocks.iter().map(|block| block.coordinates.as_slice())
    }

    /// Draws the coordinates that are `free` anew, given the others of `point`, into `out`: with `other` an independent
    /// point, `x″ = x′ + Σ_uv·Σ_vv⁻¹·(x_v − x′_v)`, u free and v not (Matheron's rule).
    pub fn redraw(&self, point: &[Lanes], other: &[Lanes], free: &[bool], out: &mut [Lanes]) {
        for (coordinate, out) in out.iter_mut().enumerate() {
            *out = if free[coordinate] {
                other[coordinate]
            } else {
                point[coordinate]
            };
        }
        for block in &self.blocks {
            let (drawn, known): (Vec<usize>, Vec<usize>) =
                (0..block.coordinates.len()).partition(|i| free[block.coordinates[*i]]);
            if drawn.is_empty() || known.is_empty() {
                continue;
            }
            block.condition(&drawn, &known, point, other, out);
        }
    }
}

impl Block {
    fn condition(
        &self,
        drawn: &[usize],
        known: &[usize],
        point: &[Lanes],
        other: &[Lanes],
        out: &mut [Lanes],
    ) {
        let size = self.coordinates.len();
        let among: Vec<f64> = known
            .iter()
            .flat_map(|i| known.iter().map(move |j| self.covariance[i * size + j]))
            .collect();
        let mut differences: Vec<f64> = known
            .iter()
            .flat_map(|i| {
                let at = self.coordinates[*i];
                (0..LANES).map(move |lane| point[at][lane] - other[at][lane])
            })
            .collect();
        Factor::new(&among, known.len()).solve(&mut differences, LANES);
        for i in drawn {
            let out = &mut out[self.coordinates[*i]];
            for (j, weights) in known.iter().zip(differences.chunks_exact(LANES)) {
                for (out, weight) in out.iter_mut().zip(weights) {
                    *out += self.covariance[i * size + j] * weight;
                }
            }
        }
    }
}
