//! Everything that a group of draws produces, month by month.

use super::lanes::{LANES, Lag, Lanes, splat};
use crate::plan::{Plan, Reading, ScalarId};

/// No resource binds.
pub(crate) const UNBOUND: u16 = u16::MAX;

/// The results of a group of draws, and the space they are worked out in. Monthly arrays are `[thing · T + month]`.
#[derive(Debug, Clone)]
pub struct Results {
    pub(crate) months: usize,
    pub(crate) scores: Vec<Lanes>,
    pub(crate) scalars: Vec<Lanes>,
    pub(crate) series: Vec<Lanes>,
    /// Position of each event's date; infinite where it does not happen.
    pub(crate) event_start: Vec<Lanes>,
    /// Position of each accelerator's launch; infinite where it does not happen.
    pub(crate) launch: Vec<Lanes>,
    /// Start of each phase of each logic line (in order of line and phase); infinite where it does not happen.
    pub(crate) phase_start: Vec<Lanes>,
    /// First of `phase_start` of each logic line.
    pub(crate) first_phase: Vec<usize>,
    /// Logic lines: installed capacity and starts for accelerators, wafers/month.
    pub(crate) capacity: Vec<Lanes>,
    pub(crate) starts: Vec<Lanes>,
    /// 1 where the line opens inside the horizon: nothing was in its pipeline before month 0.
    pub(crate) opens_inside: Vec<Lanes>,
    /// Logic lines: lag from start to wafer out.
    pub(crate) cycle_time: Vec<Lanes>,
    pub(crate) lags: Vec<Lag>,
    /// Dies: gross per wafer, yield, good dies.
    pub(crate) gross: Vec<Lanes>,
    pub(crate) die_yield: Vec<Lanes>,
    pub(crate) good_dies: Vec<Lanes>,
    /// First slot of each part in the arrays by origin.
    pub(crate) first_slot: Vec<usize>,
    /// Arrivals and closing stock by part and origin.
    pub(crate) arrivals: Vec<Lanes>,
    pub(crate) closing: Vec<Lanes>,
    /// Packages started by bill of materials.
    pub(crate) builds: Vec<Lanes>,
    /// Units delivered by accelerator: all, fabricated at home, fully at home.
    pub(crate) delivered: [Vec<Lanes>; 3],
    /// What bound each accelerator: resource index (parts, technologies, caps of accelerators), or [`UNBOUND`].
    pub(crate) bound: Vec<[u16; LANES]>,
    /// Packaging capacity in packages of the technology's reference item.
    pub(crate) packaging: Vec<Lanes>,
    pub(crate) scratch: Scratch,
}

/// Monthly working arrays.
#[derive(Debug, Clone, Default)]
pub(crate) struct Monthly {
    /// One array per die of a process.
    pub(crate) weights: Vec<Lanes>,
    pub(crate) total: Vec<Lanes>,
    pub(crate) out: Vec<Lanes>,
    pub(crate) work: Vec<Lanes>,
}

/// Working space.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scratch {
    pub(crate) monthly: Monthly,
    /// Line capacities of packaging lines, `[line · T + month]`, times utilisation.
    pub(crate) packaging_lines: Vec<Lanes>,
    pub(crate) allocation: super::allocate::Allocation,
}

impl Results {
    /// Space for the results of a plan.
    pub fn new(plan: &Plan) -> Self {
        let months = plan.months;
        let monthly = |count: usize| vec![splat(0.0); count * months];
        let mut first_phase = Vec::with_capacity(plan.fabs.len());
        let mut phases = 0;
        for fab in &plan.fabs {
            first_phase.push(phases);
            phases += fab.phases.len();
        }
        let mut first_slot = Vec::with_capacity(plan.parts.len() + 1);
        let mut slots = 0;
        for part in &plan.parts {
            first_slot.push(slots);
            slots += part.origins.len();
        }
        first_slot.push(slots);
        let packaging_lines = plan.technologies.iter().map(|t| t.lines.len()).sum();
        Results {
            months,
            scores: vec![splat(0.0); plan.scores.len()],
            scalars: vec![splat(0.0); plan.scalars.len()],
            series: monthly(plan.series.len()),
            event_start: vec![splat(f64::INFINITY); plan.events.len()],
            launch: vec![splat(f64::INFINITY); plan.accelerators.len()],
            phase_start: vec![splat(f64::INFINITY); phases],
            first_phase,
            capacity: monthly(plan.fabs.len()),
            starts: monthly(plan.fabs.len()),
            opens_inside: vec![splat(0.0); plan.fabs.len()],
            cycle_time: vec![splat(0.0); plan.fabs.len()],
            lags: vec![Lag::empty(); plan.fabs.len()],
            gross: vec![splat(0.0); plan.dies.len()],
            die_yield: monthly(plan.dies.len()),
            good_dies: monthly(plan.dies.len()),
            first_slot,
            arrivals: monthly(slots),
            closing: monthly(slots),
            builds: monthly(plan.items.len()),
            delivered: [
                monthly(plan.accelerators.len()),
                monthly(plan.accelerators.len()),
                monthly(plan.accelerators.len()),
            ],
            bound: vec![[UNBOUND; LANES]; plan.accelerators.len() * months],
            packaging: monthly(plan.technologies.len()),
            scratch: Scratch {
                monthly: Monthly {
                    weights: monthly(plan.dies.len()),
                    total: monthly(1),
                    out: monthly(1),
                    work: monthly(1),
                },
                packaging_lines: monthly(packaging_lines),
                allocation: super::allocate::Allocation::new(plan),
            },
        }
    }

    /// A scalar.
    #[inline(always)]
    pub(crate) fn scalar(&self, id: ScalarId) -> &Lanes {
        &self.scalars[id]
    }

    /// A reading in a month.
    #[inline(always)]
    pub(crate) fn at(&self, reading: Reading, month: usize) -> &Lanes {
        match reading {
            Reading::Scalar(id) => &self.scalars[id],
            Reading::Series(id) => &self.series[id * self.months + month],
        }
    }

    /// The months of one thing in a monthly array.
    #[inline(always)]
    pub(crate) fn months_of<'a>(&self, array: &'a [Lanes], thing: usize) -> &'a [Lanes] {
        &array[thing * self.months..(thing + 1) * self.months]
    }

    /// Stock of a part over all origins at the end of a month.
    #[inline(always)]
    pub(crate) fn stock(&self, part: usize, month: usize) -> Lanes {
        self.over_origins(&self.closing, part, month)
    }

    /// Arrivals of a part over all origins in a month.
    #[inline(always)]
    pub(crate) fn arrived(&self, part: usize, month: usize) -> Lanes {
        self.over_origins(&self.arrivals, part, month)
    }

    #[inline(always)]
    fn over_origins(&self, array: &[Lanes], part: usize, month: usize) -> Lanes {
        let mut sum = splat(0.0);
        for slot in self.first_slot[part]..self.first_slot[part + 1] {
            super::lanes::accumulate(&mut sum, &array[slot * self.months + month]);
        }
        sum
    }
}

/// Views of the results of one draw, for tests and audits of the balances.
impl Results {
    /// Arrivals of a part from an origin in a month, in one lane.
    pub fn arrivals_of(&self, part: usize, origin: usize, month: usize, lane: usize) -> f64 {
        self.arrivals[(self.first_slot[part] + origin) * self.months + month][lane]
    }

    /// Closing stock of a part from an origin in a month, in one lane.
    pub fn closing_of(&self, part: usize, origin: usize, month: usize, lane: usize) -> f64 {
        self.closing[(self.first_slot[part] + origin) * self.months + month][lane]
    }

    /// Packages started with a bill of materials in a month, in one lane.
    pub fn builds_of(&self, item: usize, month: usize, lane: usize) -> f64 {
        self.builds[item * self.months + month][lane]
    }

    /// Units of an accelerator delivered in a month, in one lane: all, fabricated at home, fully at home.
    pub fn delivered_of(&self, accelerator: usize, month: usize, lane: usize) -> [f64; 3] {
        [0, 1, 2].map(|depth| self.delivered[depth][accelerator * self.months + month][lane])
    }

    /// What bound an accelerator in a month, in one lane: an index into parts, technologies, then caps.
    pub fn bound_of(&self, accelerator: usize, month: usize, lane: usize) -> Option<usize> {
        let resource = self.bound[accelerator * self.months + month][lane];
        (resource != UNBOUND).then_some(usize::from(resource))
    }

    /// Installed capacity of a logic line in a month, wafers/month, and its starts for accelerators.
    pub fn line_of(&self, fab: usize, month: usize, lane: usize) -> (f64, f64) {
        (
            self.capacity[fab * self.months + month][lane],
            self.starts[fab * self.months + month][lane],
        )
    }

    /// Yield of a die in a month, and its good dies.
    pub fn die_of(&self, die: usize, month: usize, lane: usize) -> (f64, f64) {
        (
            self.die_yield[die * self.months + month][lane],
            self.good_dies[die * self.months + month][lane],
        )
    }

    /// Slipped date of an event in months, in one lane; `None` where it does not happen.
    pub fn event_of(&self, event: usize, lane: usize) -> Option<f64> {
        finite(self.event_start[event][lane])
    }

    /// Slipped launch of an accelerator in months, in one lane; `None` where it is not launched.
    pub fn launch_of(&self, accelerator: usize, lane: usize) -> Option<f64> {
        finite(self.launch[accelerator][lane])
    }

    /// Slipped start of a phase of a logic line in months, in one lane; `None` where it does not come.
    pub fn phase_start_of(&self, fab: usize, phase: usize, lane: usize) -> Option<f64> {
        finite(self.phase_start[self.first_phase[fab] + phase][lane])
    }

    /// Packaging capacity in a month, in packages of the first bill of materials that uses the technology, in one lane.
    pub fn packaging_of(&self, technology: usize, month: usize, lane: usize) -> f64 {
        self.packaging[technology * self.months + month][lane]
    }

    /// A reading of the plan, such as the rate of an import or a demand, in a month, in one lane.
    pub fn reading_of(&self, reading: Reading, month: usize, lane: usize) -> f64 {
        self.at(reading, month)[lane]
    }
}

fn finite(position: f64) -> Option<f64> {
    position.is_finite().then_some(position)
}
