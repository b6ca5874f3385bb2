//! Metrics read from results (model §7), in base units.

use super::lanes::{LANES, Lanes, accumulate, accumulate_product, add, map, smallest, splat, zip};
use super::results::Results;
use crate::metric::{Depth, Measure, Measures, Metric, Set};
use crate::plan::{Factors, Plan, Reading};
use crate::scenario::{DemandMetric, NumberFormat, Part};
use crate::unit::{H100_THROUGHPUT, SECONDS_PER_MONTH};

/// Results together with the plan they belong to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) results: &'a Results,
}

/// Index of a depth in [`Results::delivered`].
pub(crate) fn depth_index(depth: Depth) -> usize {
    match depth {
        Depth::Designed => 0,
        Depth::Fabricated => 1,
        Depth::Fully => 2,
    }
}

impl View<'_> {
    /// What one unit counts in a metric in a month; 0 where it is not known.
    #[inline(always)]
    pub(crate) fn factor(&self, factors: &Factors, metric: Metric, month: usize) -> Lanes {
        let scalar = |id: usize| *self.results.scalar(id);
        let compute = |format: NumberFormat| {
            factors
                .compute
                .iter()
                .find(|(f, _)| *f == format)
                .map_or(splat(0.0), |(_, id)| scalar(*id))
        };
        let sum = |terms: &[(f64, usize)]| {
            let mut sum = splat(0.0);
            for (count, id) in terms {
                accumulate(&mut sum, &map(self.results.scalar(*id), |x| count * x));
            }
            sum
        };
        match metric {
            Metric::Units => splat(1.0),
            Metric::H100e => map(&compute(NumberFormat::Bf16), |rate| rate / H100_THROUGHPUT),
            Metric::Tpp => factors.native.iter().fold(splat(0.0), |best, (bits, id)| {
                zip(&best, self.results.scalar(*id), |best, rate| {
                    let tpp = rate / SECONDS_PER_MONTH * bits;
                    if tpp > best { tpp } else { best }
                })
            }),
            Metric::Value => factors
                .price
                .map_or(splat(0.0), |price| *self.results.at(price, month)),
            Metric::Compute(format) => compute(format),
            Metric::MemoryCapacity => sum(&factors.memory),
            Metric::MemoryBandwidth => sum(&factors.bandwidth),
            Metric::Power => factors.tdp.map_or(splat(0.0), scalar),
            Metric::Tokens(workload) => self.tokens(factors, workload.0, month),
            Metric::Keep(basis) => self.keep(factors, basis, month),
        }
    }

    /// Whether a metric's factor is the same every month.
    fn is_fixed(factors: &Factors, metric: Metric) -> bool {
        let is_series = |reading: Option<Reading>| matches!(reading, Some(Reading::Series(_)));
        match metric {
            Metric::Value => !is_series(factors.price),
            Metric::Tokens(workload) => !is_series(factors.rate(workload.0)),
            Metric::Keep(_) => false,
            _ => true,
        }
    }

    /// Adds what an accelerator delivers, in a metric and depth, month by month. Here and below, `out` begins with month
    /// `from`.
    /// Model eq. (34).
    #[inline(always)]
    pub(crate) fn add_accelerator(
        &self,
        k: usize,
        metric: Metric,
        depth: Depth,
        from: usize,
        out: &mut [Lanes],
    ) {
        let delivered = self
            .results
            .months_of(&self.results.delivered[depth_index(depth)], k);
        self.add_flow(
            &self.plan.accelerators[k].factors,
            metric,
            |m| &delivered[m],
            from,
            out,
        );
    }

    /// Adds what an import brings, in a metric, month by month.
    #[inline(always)]
    pub(crate) fn add_import(&self, i: usize, metric: Metric, from: usize, out: &mut [Lanes]) {
        let import = &self.plan.imports[i];
        self.add_flow(
            &import.factors,
            metric,
            |m| self.results.at(import.rate, m),
            from,
            out,
        );
    }

    #[inline(always)]
    fn add_flow<'b>(
        &'b self,
        factors: &Factors,
        metric: Metric,
        flow: impl Fn(usize) -> &'b Lanes,
        from: usize,
        out: &mut [Lanes],
    ) {
        if metric == Metric::Units {
            for (m, sum) in (from..).zip(out) {
                accumulate(sum, flow(m));
            }
        } else if Self::is_fixed(factors, metric) {
            let factor = self.factor(factors, metric, 0);
            for (m, sum) in (from..).zip(out) {
                accumulate_product(sum, &factor, flow(m));
            }
        } else {
            for (m, sum) in (from..).zip(out) {
                accumulate_product(sum, &self.factor(factors, metric, m), flow(m));
            }
        }
    }

    /// Adds the flows of a set. Below the depth of design, imports count nothing.
    #[inline(always)]
    pub(crate) fn add_set(
        &self,
        set: &Set,
        metric: Metric,
        depth: Depth,
        from: usize,
        out: &mut [Lanes],
    ) {
        for k in &set.accelerators {
            self.add_accelerator(k.0, metric, depth, from, out);
        }
        if depth == Depth::Designed {
            for i in &set.imports {
                self.add_import(i.0, metric, from, out);
            }
        }
    }

    /// Adds what home designers deliver, at a depth.
    #[inline(always)]
    pub(crate) fn add_home(&self, metric: Metric, depth: Depth, from: usize, out: &mut [Lanes]) {
        for (k, accelerator) in self.plan.accelerators.iter().enumerate() {
            if accelerator.home {
                self.add_accelerator(k, metric, depth, from, out);
            }
        }
        if depth == Depth::Designed {
            for (i, import) in self.plan.imports.iter().enumerate() {
                if import.home {
                    self.add_import(i, metric, from, out);
                }
            }
        }
    }

    /// Adds everything bought: all accelerators and imports.
    #[inline(always)]
    pub(crate) fn add_purchases(&self, metric: Metric, from: usize, out: &mut [Lanes]) {
        for k in 0..self.plan.accelerators.len() {
            self.add_accelerator(k, metric, Depth::Designed, from, out);
        }
        for i in 0..self.plan.imports.len() {
            self.add_import(i, metric, from, out);
        }
    }

    /// Adds the demands counted in a metric.
    #[inline(always)]
    pub(crate) fn add_demand(&self, metric: DemandMetric, from: usize, out: &mut [Lanes]) {
        for demand in self
            .plan
            .demands
            .iter()
            .filter(|demand| demand.metric == metric)
        {
            for (m, sum) in (from..).zip(&mut *out) {
                accumulate(sum, self.results.at(demand.rate, m));
            }
        }
    }

    /// Adds the installed base of a set at the end of every month, from the start of the horizon: units delivered less
    /// those delivered a lifetime ago.
    #[inline(always)]
    pub(crate) fn add_installed(
        &self,
        set: &Set,
        metric: Metric,
        scratch: &mut [Lanes],
        out: &mut [Lanes],
    ) {
        for k in &set.accelerators {
            scratch.fill(splat(0.0));
            self.add_accelerator(k.0, metric, Depth::Designed, 0, scratch);
            self.retire(self.plan.accelerators[k.0].lifetime, scratch, out);
        }
        for i in &set.imports {
            scratch.fill(splat(0.0));
            self.add_import(i.0, metric, 0, scratch);
            self.retire(self.plan.imports[i.0].lifetime, scratch, out);
        }
    }

    /// Cumulates a flow and takes off what is older than the lifetime, read between months on the cumulated curve.
    /// Model eq. (33).
    #[inline(always)]
    fn retire(&self, lifetime: usize, flow: &mut [Lanes], out: &mut [Lanes]) {
        for m in 1..flow.len() {
            let before = flow[m - 1];
            accumulate(&mut flow[m], &before);
        }
        let lifetime = self.results.scalar(lifetime);
        // Nothing retires before the shortest lifetime has passed since the start of the horizon.
        let shortest = smallest(lifetime);
        let first = (0..flow.len())
            .find(|&m| m as f64 - shortest > -1.0)
            .unwrap_or(flow.len());
        for m in 0..first {
            accumulate(&mut out[m], &flow[m]);
        }
        for m in first..flow.len() {
            for l in 0..lifetime.len() {
                let age = m as f64 - lifetime[l];
                let retired = if age < 0.0 {
                    // Between the start of the horizon (nothing cumulated) and the end of month 0.
                    if age > -1.0 {
                        flow[0][l] * (age + 1.0)
                    } else {
                        0.0
                    }
                } else {
                    let floor = age as usize;
                    let rest = age - floor as f64;
                    let next = flow[(floor + 1).min(m)][l];
                    flow[floor][l] + (next - flow[floor][l]) * rest
                };
                out[m][l] += flow[m][l] - retired;
            }
        }
    }

    /// Installed capacity of lines in a month.
    #[inline(always)]
    pub(crate) fn capacity(&self, fabs: impl Iterator<Item = usize>, month: usize) -> Lanes {
        let mut sum = splat(0.0);
        for f in fabs {
            accumulate(
                &mut sum,
                &self.results.capacity[f * self.plan.months + month],
            );
        }
        sum
    }

    /// Index of a part.
    pub(crate) fn part(&self, part: Part) -> usize {
        match part {
            Part::Die(die) => die.0,
            Part::Memory(memory) => self.plan.dies.len() + memory.0,
        }
    }

    /// The sum over a span of a monthly function, which is given the first month and the array of the months to fill.
    fn over(&self, span: crate::time::MonthSpan, fill: impl FnOnce(usize, &mut [Lanes])) -> Lanes {
        let end = (span.end.max(0) as usize).min(self.plan.months);
        let first = (span.first.max(0) as usize).min(end);
        let mut months = vec![splat(0.0); end - first];
        fill(first, &mut months);
        months
            .iter()
            .fold(splat(0.0), |sum, month| add(&sum, month))
    }
}

/// `a / b`, 0 where b is 0.
#[inline(always)]
pub(crate) fn ratio(a: &Lanes, b: &Lanes) -> Lanes {
    zip(a, b, |a, b| if b > 0.0 { a / b } else { 0.0 })
}

/// The metric that a demand is counted in, as a metric of accelerators.
pub(crate) fn as_metric(metric: DemandMetric) -> Metric {
    match metric {
        DemandMetric::Units => Metric::Units,
        DemandMetric::H100e => Metric::H100e,
        DemandMetric::Tpp => Metric::Tpp,
        DemandMetric::Value => Metric::Value,
    }
}

impl Measures for View<'_> {
    fn measure(&self, measure: &Measure) -> [f64; LANES] {
        self.lanes_of(measure).0
    }
}

impl View<'_> {
    /// Model eq. (34), (35), (36), (43).
    fn lanes_of(&self, measure: &Measure) -> Lanes {
        let (plan, results) = (self.plan, self.results);
        let by_end = |at: &Lanes, month: usize| {
            map(at, |at| if at <= (month + 1) as f64 { 1.0 } else { 0.0 })
        };
        match measure {
            Measure::Flow {
                metric,
                set,
                depth,
                span,
            } => self.over(*span, |from, out| {
                self.add_set(set, *metric, *depth, from, out)
            }),
            Measure::Installed { metric, set, month } => {
                let mut scratch = vec![splat(0.0); plan.months];
                let mut out = vec![splat(0.0); plan.months];
                self.add_installed(set, *metric, &mut scratch, &mut out);
                out[*month]
            }
            Measure::ShareOfPurchases {
                metric,
                depth,
                span,
            } => ratio(
                &self.over(*span, |from, out| self.add_home(*metric, *depth, from, out)),
                &self.over(*span, |from, out| self.add_purchases(*metric, from, out)),
            ),
            Measure::Coverage {
                metric,
                depth,
                span,
            } => {
                let home = self.over(*span, |from, out| {
                    self.add_home(as_metric(*metric), *depth, from, out)
                });
                let demand = self.over(*span, |from, out| self.add_demand(*metric, from, out));
                map(&ratio(&home, &demand), |share| {
                    if share < 1.0 { share } else { 1.0 }
                })
            }
            Measure::Demand { metric, span } => {
                self.over(*span, |from, out| self.add_demand(*metric, from, out))
            }
            Measure::Load { workload, span } => {
                let months = span.months().len().max(1) as f64;
                let sum = self.over(*span, |from, out| {
                    for (m, slot) in (from..).zip(out) {
                        *slot = self.load(workload.0, m);
                    }
                });
                map(&sum, |sum| sum / months)
            }
            Measure::ChipsNeeded {
                chip,
                workload,
                month,
            } => self.chips_needed(chip, workload.0, *month),
            Measure::Rent { chip, month } => self.rent(chip, *month),
            Measure::Served {
                set,
                workload,
                month,
            } => {
                let mut scratch = vec![splat(0.0); plan.months];
                let mut out = vec![splat(0.0); plan.months];
                self.add_installed(set, Metric::Tokens(*workload), &mut scratch, &mut out);
                self.served(&out[*month], workload.0, *month)
            }
            Measure::Cost {
                basis,
                set,
                workload,
                span,
            } => {
                let designed = Depth::Designed;
                let spent = self.over(*span, |from, out| {
                    self.add_set(set, Metric::Keep(*basis), designed, from, out)
                });
                let made = self.over(*span, |from, out| {
                    self.add_set(set, Metric::Tokens(*workload), designed, from, out);
                    self.at_utilisation(workload.0, from, out);
                });
                ratio(&spent, &made)
            }
            Measure::Capacity { fabs, month } => self.capacity(fabs.iter().map(|f| f.0), *month),
            Measure::WaferStarts { fabs, span } => self.over(*span, |from, out| {
                for f in fabs {
                    let starts = &results.months_of(&results.starts, f.0)[from..];
                    for (sum, start) in out.iter_mut().zip(starts) {
                        accumulate(sum, start);
                    }
                }
            }),
            Measure::GoodDies { die, span } => self.over(*span, |from, out| {
                out.copy_from_slice(
                    &results.months_of(&results.good_dies, die.0)[from..from + out.len()],
                )
            }),
            Measure::Arrivals { part, span } => self.over(*span, |from, out| {
                for (m, slot) in (from..).zip(out) {
                    *slot = results.arrived(self.part(*part), m);
                }
            }),
            Measure::Stock { part, month } => results.stock(self.part(*part), *month),
            Measure::Yield { die, month } => results.die_yield[die.0 * plan.months + month],
            Measure::PackagingCapacity { technology, month } => {
                results.packaging[technology.0 * plan.months + month]
            }
            Measure::Opened { phases, month } => {
                let mut count = splat(0.0);
                for (fab, phase) in phases {
                    let start = &results.phase_start[results.first_phase[fab.0] + phase];
                    accumulate(&mut count, &by_end(start, *month));
                }
                count
            }
            Measure::Happened { event, month } => by_end(&results.event_start[event.0], *month),
            Measure::Launched { accelerator, month } => {
                by_end(&results.launch[accelerator.0], *month)
            }
        }
    }
}
