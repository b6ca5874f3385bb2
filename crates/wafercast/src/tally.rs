//! What is kept of draws: counts, in space that does not grow with their number. Merging is exact and commutative.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::draw::{LANES, Lanes};
use crate::histogram::Histogram;
use crate::metric::evaluate;
use crate::plan::Plan;
use crate::simulate::lanes::{accumulate, splat};
use crate::simulate::measure::View;
use crate::simulate::results::UNBOUND;
use crate::simulate::{Results, Simulation};
use crate::tracks::{Reduce, Space};

/// Shares are counted in parts of this.
const PARTS: f64 = (1u64 << 20) as f64;
/// Number of example futures.
const EXAMPLES: u64 = 12;
/// Groups of draws collected before they are counted, so that each histogram is visited once for many draws.
const GROUPS: usize = 512 / LANES;

/// Tallied draws.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    pub(crate) draws: u64,
    /// One per slot of the plan's tracks.
    pub(crate) series: Vec<Histogram>,
    /// One per evidence.
    pub(crate) evidence: Vec<Histogram>,
    /// One per claim that is a formula.
    pub(crate) claims: Vec<ClaimTally>,
    /// Draws in which a resource binds: `[binding · T + month]`, bindings in the order of [`Bindings`].
    pub(crate) binding: Vec<u32>,
    /// Share of home's planned output bound by a resource, `[resource · T + month]`, in parts of 2⁻²⁰.
    pub(crate) home_binding: Vec<u64>,
    /// Monthly values of the main tracks in the example draws.
    pub(crate) examples: BTreeMap<u64, Vec<f64>>,
}

/// A claim's draws.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ClaimTally {
    /// Draws in which it holds.
    pub(crate) holds: u64,
    /// Where it fails: share of home's planned output bound by each resource in the claim's last months.
    pub(crate) fails_by: Vec<u64>,
}

/// The pairs of accelerator and resource that can bind, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Bindings {
    /// Accelerator and resource.
    pub(crate) pairs: Vec<(usize, usize)>,
}

impl Bindings {
    /// Of a plan.
    pub(crate) fn of(plan: &Plan) -> Self {
        let mut bindings = Bindings::default();
        let caps = plan.parts.len() + plan.technologies.len();
        for (k, accelerator) in plan.accelerators.iter().enumerate() {
            let mut resources = Vec::new();
            for item in &plan.items[accelerator.items.clone()] {
                resources.extend(item.parts.iter().map(|(part, _)| *part));
                resources.extend(item.technology.map(|t| plan.parts.len() + t));
            }
            resources.extend(accelerator.cap.map(|_| caps + k));
            resources.sort_unstable();
            resources.dedup();
            bindings
                .pairs
                .extend(resources.into_iter().map(|resource| (k, resource)));
        }
        bindings
    }

    /// The index of every pair, `[accelerator · resources + resource]`.
    fn index(&self, accelerators: usize, resources: usize) -> Vec<Option<usize>> {
        let mut index = vec![None; accelerators * resources];
        for (pair, (k, resource)) in self.pairs.iter().enumerate() {
            index[k * resources + resource] = Some(pair);
        }
        index
    }
}

/// Number of resources: parts, technologies, caps.
pub(crate) fn resource_count(plan: &Plan) -> usize {
    plan.parts.len() + plan.technologies.len() + plan.accelerators.len()
}

/// Working space of a tally.
#[derive(Debug, Clone)]
pub(crate) struct Buffer {
    /// The index of every pair of [`Bindings`], `[accelerator · resources + resource]`.
    pairs: Vec<Option<usize>>,
    tracks: Space,
    /// What the collected groups say, `[group · slots + slot]`, and the lanes of each group that count.
    values: Vec<Lanes>,
    groups: Vec<Range<usize>>,
    /// Share of home's planned output that each resource binds, `[resource · T + month]`.
    shares: Vec<Lanes>,
    /// `shares` summed over the months of a claim, by resource.
    claim: Vec<Lanes>,
}

impl Buffer {
    /// Space for a plan.
    pub(crate) fn new(plan: &Plan) -> Self {
        let resources = resource_count(plan);
        Buffer {
            pairs: Bindings::of(plan).index(plan.accelerators.len(), resources),
            tracks: Space::new(plan),
            values: vec![splat(0.0); plan.tracks.slots * GROUPS],
            groups: Vec::with_capacity(GROUPS),
            shares: vec![splat(0.0); resources * plan.months],
            claim: vec![splat(0.0); resources],
        }
    }
}

impl Tally {
    /// No draws yet.
    pub fn empty(plan: &Plan) -> Self {
        let mut series = Vec::with_capacity(plan.tracks.slots);
        for track in &plan.tracks.tracks {
            let quantum =
                if matches!(track.reduce, Reduce::Ratio { .. }) || track.unit == "fraction" {
                    44
                } else {
                    12
                };
            series.extend(std::iter::repeat_n(
                Histogram::new(quantum),
                track.periods.len(),
            ));
        }
        Tally {
            draws: 0,
            series,
            evidence: vec![Histogram::new(12); plan.evidence.len()],
            claims: vec![
                ClaimTally {
                    holds: 0,
                    fails_by: vec![0; resource_count(plan)]
                };
                plan.claims.len()
            ],
            binding: vec![0; Bindings::of(plan).pairs.len() * plan.months],
            home_binding: vec![0; resource_count(plan) * plan.months],
            examples: BTreeMap::new(),
        }
    }

    /// Number of draws tallied.
    pub fn draws(&self) -> u64 {
        self.draws
    }

    /// Adds the draws of another tally of the same plan.
    pub fn merge(&mut self, other: &Tally) {
        self.draws += other.draws;
        for (a, b) in self.series.iter_mut().zip(&other.series) {
            a.merge(b);
        }
        for (a, b) in self.evidence.iter_mut().zip(&other.evidence) {
            a.merge(b);
        }
        for (a, b) in self.claims.iter_mut().zip(&other.claims) {
            a.holds += b.holds;
            for (x, y) in a.fails_by.iter_mut().zip(&b.fails_by) {
                *x += y;
            }
        }
        for (x, y) in self.binding.iter_mut().zip(&other.binding) {
            *x += y;
        }
        for (x, y) in self.home_binding.iter_mut().zip(&other.home_binding) {
            *x += y;
        }
        for (draw, values) in &other.examples {
            self.examples.insert(*draw, values.clone());
        }
    }

    /// Counts the given lanes of a group whose first draw is `first`.
    pub(crate) fn absorb(
        &mut self,
        simulation: &Simulation,
        results: &Results,
        first: u64,
        lanes: Range<usize>,
        buffer: &mut Buffer,
    ) {
        let plan = simulation.plan();
        let slots = plan.tracks.slots;
        let from = buffer.groups.len() * slots;
        let values = &mut buffer.values[from..from + slots];
        let view = View { plan, results };
        plan.tracks.read(&view, &mut buffer.tracks, values);
        self.keep_examples(simulation, values, first, lanes.clone());
        buffer.groups.push(lanes.clone());
        if buffer.groups.len() == GROUPS {
            self.flush(buffer);
        }
        self.draws += lanes.len() as u64;
        self.count_binding(plan, results, lanes.clone(), buffer);
        self.count_claims(plan, results, lanes, buffer);
    }

    /// Counts what the buffer still holds.
    pub(crate) fn flush(&mut self, buffer: &mut Buffer) {
        let slots = self.series.len();
        let mut draws = [0.0; GROUPS * LANES];
        for (slot, histogram) in self.series.iter_mut().enumerate() {
            let mut filled = 0;
            for (group, lanes) in buffer.groups.iter().enumerate() {
                let values = &buffer.values[group * slots + slot];
                if lanes.len() == LANES {
                    draws[filled..filled + LANES].copy_from_slice(&values[..]);
                } else {
                    draws[filled..filled + lanes.len()].copy_from_slice(&values[lanes.clone()]);
                }
                filled += lanes.len();
            }
            histogram.extend(&draws[..filled]);
        }
        buffer.groups.clear();
    }

    /// Counts what binds each accelerator, and the share of home's planned output (by weights of the plan) that each
    /// resource binds, which also goes to `buffer.shares`.
    fn count_binding(
        &mut self,
        plan: &Plan,
        results: &Results,
        lanes: Range<usize>,
        buffer: &mut Buffer,
    ) {
        let months = plan.months;
        let resources = resource_count(plan);
        buffer.shares.fill(splat(0.0));
        for m in 0..months {
            let mut total = splat(0.0);
            for (k, accelerator) in plan.accelerators.iter().enumerate() {
                if accelerator.home {
                    let weight = results.at(accelerator.weight, m);
                    for l in 0..LANES {
                        total[l] += if is_bound(results, k, m, l) && weight[l] > 0.0 {
                            weight[l]
                        } else {
                            0.0
                        };
                    }
                }
            }
            for (k, accelerator) in plan.accelerators.iter().enumerate() {
                let bound = &results.bound[k * months + m];
                let weight = results.at(accelerator.weight, m);
                for l in lanes.clone() {
                    if bound[l] == UNBOUND {
                        continue;
                    }
                    let resource = usize::from(bound[l]);
                    if let Some(pair) = buffer.pairs[k * resources + resource] {
                        self.binding[pair * months + m] += 1;
                    }
                    if accelerator.home && weight[l] > 0.0 {
                        let share = weight[l] / total[l];
                        buffer.shares[resource * months + m][l] += share;
                        self.home_binding[resource * months + m] += (share * PARTS) as u64;
                    }
                }
            }
        }
    }

    fn count_claims(
        &mut self,
        plan: &Plan,
        results: &Results,
        lanes: Range<usize>,
        buffer: &mut Buffer,
    ) {
        let view = View { plan, results };
        let mut summed = 0..0;
        for (claim, tally) in plan.claims.iter().zip(&mut self.claims) {
            let holds = evaluate(&claim.condition, &view);
            // Many claims in a row look at the same months.
            if summed != claim.months {
                summed = claim.months.clone();
                for (resource, sum) in buffer.claim.iter_mut().enumerate() {
                    let from = resource * plan.months;
                    *sum = splat(0.0);
                    for month in &buffer.shares[from + summed.start..from + summed.end] {
                        accumulate(sum, month);
                    }
                }
            }
            for l in lanes.clone() {
                if holds[l] > 0.0 {
                    tally.holds += 1;
                    continue;
                }
                for (sum, share) in tally.fails_by.iter_mut().zip(&buffer.claim) {
                    *sum += (share[l] / claim.months.len().max(1) as f64 * PARTS) as u64;
                }
            }
        }
        for ((_, metric), histogram) in plan.evidence.iter().zip(&mut self.evidence) {
            histogram.extend(&evaluate(metric, &view)[lanes.clone()]);
        }
    }

    /// Keeps the monthly values of the main tracks in a dozen draws spread over the run.
    fn keep_examples(
        &mut self,
        simulation: &Simulation,
        values: &[Lanes],
        first: u64,
        lanes: Range<usize>,
    ) {
        let plan = simulation.plan();
        let draws = simulation.sampling().draws;
        for lane in lanes {
            let draw = first + lane as u64;
            if !is_example(draw, draws) {
                continue;
            }
            let mut months = Vec::new();
            for (track, first) in plan.tracks.tracks.iter().zip(&plan.tracks.first) {
                // The periods of a main track begin with its months.
                if track.main {
                    let slots = &values[*first..first + plan.months];
                    months.extend(slots.iter().map(|month| month[lane]));
                }
            }
            self.examples.insert(draw, months);
        }
    }

    /// Standard error of a probability over the tallied draws.
    /// Model eq. (38).
    pub(crate) fn standard_error(&self, probability: f64) -> f64 {
        if self.draws == 0 {
            0.0
        } else {
            (probability * (1.0 - probability) / self.draws as f64).sqrt()
        }
    }
}

fn is_bound(results: &Results, k: usize, month: usize, lane: usize) -> bool {
    results.bound[k * results.months + month][lane] != UNBOUND
}

/// Whether a draw is one of the dozen spread evenly over the run.
fn is_example(draw: u64, draws: u64) -> bool {
    (0..EXAMPLES.min(draws)).any(|i| i * draws / EXAMPLES.min(draws) == draw)
}

/// A share counted in parts, as a number.
pub(crate) fn share(parts: u64, draws: u64) -> f64 {
    if draws == 0 {
        0.0
    } else {
        parts as f64 / PARTS / draws as f64
    }
}
