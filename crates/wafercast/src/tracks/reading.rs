//! How tracks are read from the results of a group of draws: one pass over the deliveries of a set serves every metric they
//! are counted in, and what ratios need is kept instead of being added up again.

use super::{Reduce, Track, Tracks, What};
use crate::metric::{Depth, Metric, Set};
use crate::plan::Plan;
use crate::scenario::WorkloadId;
use crate::simulate::lanes::{Lanes, accumulate, map, splat};
use crate::simulate::measure::{View, ratio};

/// Months of deliveries that are added up together: with the sums of all metrics they stay in the first level of cache.
const STRETCH: usize = 8;

/// The order in which tracks are read.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Reading {
    deliveries: Vec<Deliveries>,
    /// Tracks that are read by themselves.
    single: Vec<usize>,
    /// Ratios with the places of their two tracks in [`Space::kept`].
    ratios: Vec<(usize, usize, usize)>,
    /// Tracks whose months ratios need.
    kept: Vec<usize>,
}

/// Deliveries of a set at a depth, and the tracks that count them.
#[derive(Debug, Clone, PartialEq)]
struct Deliveries {
    set: Set,
    depth: Depth,
    counted: Vec<(Metric, usize)>,
}

impl Reading {
    /// The order for some tracks.
    pub(super) fn of(tracks: &[Track]) -> Reading {
        let mut reading = Reading::default();
        for (t, track) in tracks.iter().enumerate() {
            match &track.what {
                What::Flow(metric, set, depth) => reading.count(set, *depth, *metric, t),
                What::Ratio { of, to, .. } => {
                    let (of, to) = (reading.keep(*of), reading.keep(*to));
                    reading.ratios.push((t, of, to));
                }
                _ => reading.single.push(t),
            }
        }
        reading
    }

    fn count(&mut self, set: &Set, depth: Depth, metric: Metric, track: usize) {
        let same = |d: &&mut Deliveries| d.depth == depth && &d.set == set;
        if let Some(deliveries) = self.deliveries.iter_mut().find(same) {
            deliveries.counted.push((metric, track));
        } else {
            self.deliveries.push(Deliveries {
                set: set.clone(),
                depth,
                counted: vec![(metric, track)],
            });
        }
    }

    /// The place of a track's months in [`Space::kept`].
    fn keep(&mut self, track: usize) -> usize {
        let known = self.kept.iter().position(|kept| *kept == track);
        known.unwrap_or_else(|| {
            self.kept.push(track);
            self.kept.len() - 1
        })
    }
}

/// Working space of reading, in months.
#[derive(Debug, Clone)]
pub(crate) struct Space {
    /// Deliveries by metric.
    sums: Vec<Vec<Lanes>>,
    months: Vec<Lanes>,
    work: Vec<Lanes>,
    /// Months of the tracks that ratios need, `[place · T + month]`.
    kept: Vec<Lanes>,
}

impl Space {
    /// Space for a plan.
    pub(crate) fn new(plan: &Plan) -> Self {
        let reading = &plan.tracks.reading;
        let metrics = reading.deliveries.iter().map(|d| d.counted.len()).max();
        let months = vec![splat(0.0); plan.months];
        Space {
            sums: vec![months.clone(); metrics.unwrap_or(0)],
            work: months.clone(),
            months,
            kept: vec![splat(0.0); plan.months * reading.kept.len()],
        }
    }
}

impl Tracks {
    /// Fills `values[slot]` with what a group of draws says, in the shown units.
    pub(crate) fn read(&self, view: &View, space: &mut Space, values: &mut [Lanes]) {
        read(self, view, space, values);
    }

    /// Keeps a track's months if a ratio needs them, and fills its slots.
    #[inline(always)]
    fn write(&self, t: usize, months: &[Lanes], kept: &mut [Lanes], values: &mut [Lanes]) {
        if let Some(place) = self.reading.kept.iter().position(|kept| *kept == t) {
            kept[place * months.len()..][..months.len()].copy_from_slice(months);
        }
        let track = &self.tracks[t];
        let per_unit = 1.0 / track.scale;
        for (slot, period) in values[self.first[t]..].iter_mut().zip(&track.periods) {
            let value = if track.reduce == Reduce::Last {
                months[period.end - 1]
            } else {
                sum(&months[period.first..period.end])
            };
            *slot = map(&value, |x| x * per_unit);
        }
    }

    /// Fills the slots of a ratio: sums over sums.
    #[inline(always)]
    fn write_ratio(&self, t: usize, of: &[Lanes], to: &[Lanes], values: &mut [Lanes]) {
        let track = &self.tracks[t];
        let capped = track.reduce == Reduce::Ratio { capped: true };
        let per_unit = 1.0 / track.scale;
        for (slot, period) in values[self.first[t]..].iter_mut().zip(&track.periods) {
            let months = period.first..period.end;
            let share = ratio(&sum(&of[months.clone()]), &sum(&to[months]));
            *slot = if capped {
                map(&share, |x| if x < 1.0 { x } else { 1.0 })
            } else {
                map(&share, |x| x * per_unit)
            };
        }
    }
}

#[multiversion::multiversion(targets(
    "x86_64+avx2+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"
))]
fn read(tracks: &Tracks, view: &View, space: &mut Space, values: &mut [Lanes]) {
    let reading = &tracks.reading;
    for deliveries in &reading.deliveries {
        deliveries.add_up(view, &mut space.sums);
        for ((_, t), months) in deliveries.counted.iter().zip(&space.sums) {
            tracks.write(*t, months, &mut space.kept, values);
        }
    }
    for &t in &reading.single {
        read_single(
            &tracks.tracks[t].what,
            view,
            &mut space.work,
            &mut space.months,
        );
        tracks.write(t, &space.months, &mut space.kept, values);
    }
    let length = view.plan.months;
    for &(t, of, to) in &reading.ratios {
        let months = |place: usize| &space.kept[place * length..][..length];
        tracks.write_ratio(t, months(of), months(to), values);
    }
}

impl Deliveries {
    /// Months of the deliveries in every metric they are counted in.
    #[inline(always)]
    fn add_up(&self, view: &View, sums: &mut [Vec<Lanes>]) {
        let length = view.plan.months;
        for from in (0..length).step_by(STRETCH) {
            let stretch = from..(from + STRETCH).min(length);
            for sum in sums.iter_mut() {
                sum[stretch.clone()].fill(splat(0.0));
            }
            for k in &self.set.accelerators {
                for ((metric, _), sum) in self.counted.iter().zip(&mut *sums) {
                    let sum = &mut sum[stretch.clone()];
                    view.add_accelerator(k.0, *metric, self.depth, from, sum);
                }
            }
            if self.depth == Depth::Designed {
                for i in &self.set.imports {
                    for ((metric, _), sum) in self.counted.iter().zip(&mut *sums) {
                        view.add_import(i.0, *metric, from, &mut sum[stretch.clone()]);
                    }
                }
            }
        }
    }
}

/// Months of a track that is neither deliveries nor a ratio.
#[inline(always)]
fn read_single(what: &What, view: &View, work: &mut [Lanes], months: &mut [Lanes]) {
    let results = view.results;
    match what {
        What::Flow(..) | What::Ratio { .. } => {}
        What::Demand(metric) => {
            months.fill(splat(0.0));
            view.add_demand(*metric, 0, months);
        }
        What::Installed(metric, set) => {
            months.fill(splat(0.0));
            view.add_installed(set, *metric, work, months);
        }
        What::Stock(part) => {
            for (m, slot) in months.iter_mut().enumerate() {
                *slot = results.stock(*part, m);
            }
        }
        What::Arrivals(part) => {
            for (m, slot) in months.iter_mut().enumerate() {
                *slot = results.arrived(*part, m);
            }
        }
        What::Yield(die) => months.copy_from_slice(results.months_of(&results.die_yield, *die)),
        What::Capacity(fabs) => {
            for (m, slot) in months.iter_mut().enumerate() {
                *slot = view.capacity(fabs.iter().copied(), m);
            }
        }
        What::Starts(fabs) => {
            months.fill(splat(0.0));
            for &f in fabs {
                for (slot, start) in months.iter_mut().zip(results.months_of(&results.starts, f)) {
                    accumulate(slot, start);
                }
            }
        }
        What::Packaging(t) => months.copy_from_slice(results.months_of(&results.packaging, *t)),
        What::Load(workload) => {
            for (m, slot) in months.iter_mut().enumerate() {
                *slot = view.load(*workload, m);
            }
        }
        What::Served(workload, set) => {
            months.fill(splat(0.0));
            let metric = Metric::Tokens(WorkloadId(*workload));
            view.add_installed(set, metric, work, months);
            for (m, slot) in months.iter_mut().enumerate() {
                *slot = view.served(slot, *workload, m);
            }
        }
        What::Worked(workload, set) => {
            months.fill(splat(0.0));
            let metric = Metric::Tokens(WorkloadId(*workload));
            view.add_set(set, metric, Depth::Designed, 0, months);
            view.at_utilisation(*workload, 0, months);
        }
    }
}

#[inline(always)]
fn sum(months: &[Lanes]) -> Lanes {
    let mut sum = splat(0.0);
    for month in months {
        accumulate(&mut sum, month);
    }
    sum
}
