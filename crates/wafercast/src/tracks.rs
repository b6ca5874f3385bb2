//! What is reported: every metric, of what, at which depth, over which periods.

use crate::metric::{Basis, Depth, Metric, Set};
use crate::plan::Plan;
use crate::scenario::{
    Ability, AcceleratorId, DemandMetric, ImportId, NumberFormat, Scenario, Spec, WorkloadId,
};
use crate::simulate::lanes::{LANES, Lanes, accumulate, map, splat};
use crate::simulate::measure::{View, as_metric, ratio};
use crate::time::Horizon;

/// All tracks of a plan, and the value slots they fill: one slot per track and period, in a fixed order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tracks {
    /// The tracks.
    pub tracks: Vec<Track>,
    /// First slot of each track.
    pub first: Vec<usize>,
    /// Number of slots.
    pub slots: usize,
}

/// One reported metric of one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// `units`, `share_of_purchases:h100e`, `stock` …
    pub metric: String,
    /// `home`, `designer:Huawei`, `die:ascend-910b` …
    pub of: String,
    /// `designed`, `fabricated`, `fully`.
    pub depth: Option<Depth>,
    /// Unit shown.
    pub unit: String,
    /// Size of the shown unit in base units.
    pub scale: f64,
    /// How it is read.
    pub what: What,
    /// How months make longer periods.
    pub reduce: Reduce,
    /// The periods reported.
    pub periods: Vec<Period>,
    /// Whether charts show it large: yearly quantiles and example futures are kept.
    pub main: bool,
}

/// How months make a longer period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reduce {
    /// Flows add up.
    Sum,
    /// Levels are read in the last month.
    Last,
    /// Ratios of sums; the second part is capped at 1.
    Ratio {
        /// Capped at 1.
        capped: bool,
    },
}

/// A period with its label: months `first..end`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// `2027`, `2027-Q1`, `2027-03`
    pub label: String,
    /// First month.
    pub first: usize,
    /// One past the last.
    pub end: usize,
}

/// How a track is read from results.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Deliveries of a set.
    Flow(Metric, Set, Depth),
    /// Home over all purchases.
    Share(Metric, Depth),
    /// Home over demand.
    Coverage(DemandMetric, Depth),
    /// Demand.
    Demand(DemandMetric),
    /// Installed base.
    Installed(Metric, Set),
    /// Closing stock of a part.
    Stock(usize),
    /// Arrivals of a part.
    Arrivals(usize),
    /// Yield of a die.
    Yield(usize),
    /// Capacity of lines.
    Capacity(Vec<usize>),
    /// Starts of lines.
    Starts(Vec<usize>),
    /// Packaging capacity.
    Packaging(usize),
    /// What is wanted of a workload.
    Load(usize),
    /// Share of it that the installed base of a set can do.
    Served(usize, Set),
    /// Cost of a token on the deliveries of a set.
    Cost(usize, Basis, Set),
}

impl What {
    /// How months make a longer period.
    fn reduce(&self) -> Reduce {
        match self {
            What::Flow(..) | What::Demand(_) | What::Arrivals(_) | What::Starts(_) => Reduce::Sum,
            What::Share(..) | What::Cost(..) => Reduce::Ratio { capped: false },
            What::Coverage(..) => Reduce::Ratio { capped: true },
            What::Installed(..)
            | What::Stock(_)
            | What::Yield(_)
            | What::Capacity(_)
            | What::Packaging(_)
            | What::Load(_)
            | What::Served(..) => Reduce::Last,
        }
    }
}

/// Which periods a track reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    Years,
    Months,
    All,
}

impl Tracks {
    /// The tracks of a scenario.
    pub fn of(scenario: &Scenario, plan: &Plan) -> Tracks {
        let mut builder = Builder {
            scenario,
            tracks: Vec::new(),
        };
        builder.flows(plan);
        builder.shares(plan);
        builder.installed();
        builder.supply(plan);
        builder.workloads();
        let mut slots = 0;
        let mut first = Vec::with_capacity(builder.tracks.len());
        for track in &builder.tracks {
            first.push(slots);
            slots += track.periods.len();
        }
        Tracks {
            tracks: builder.tracks,
            first,
            slots,
        }
    }

    /// Fills `values[slot]` with what a group of draws says, in the shown units.
    #[inline(always)]
    pub(crate) fn fill(&self, view: &View, scratch: &mut TrackScratch, values: &mut [Lanes]) {
        scratch.below_is = None;
        for (t, track) in self.tracks.iter().enumerate() {
            let slots = &mut values[self.first[t]..self.first[t] + track.periods.len()];
            track.fill(view, scratch, slots);
        }
    }
}

/// Monthly working space of tracks.
#[derive(Debug, Clone)]
pub(crate) struct TrackScratch {
    pub(crate) months: Vec<Lanes>,
    below: Vec<Lanes>,
    /// What `below` holds of the draws at hand: the depths of a share, which come one after the other, have it in common.
    below_is: Option<Below>,
    work: Vec<Lanes>,
}

/// A denominator.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Below {
    Purchases(Metric),
    Demand(DemandMetric),
}

impl TrackScratch {
    /// Space for a plan.
    pub(crate) fn new(plan: &Plan) -> Self {
        let months = vec![splat(0.0); plan.months];
        TrackScratch {
            months: months.clone(),
            below: months.clone(),
            below_is: None,
            work: months,
        }
    }
}

impl Track {
    /// Reads the months of the track into the scratch space: `months`, and for ratios the denominators in `below`.
    #[inline(always)]
    pub(crate) fn read(&self, view: &View, scratch: &mut TrackScratch) {
        let months = &mut scratch.months;
        months.fill(splat(0.0));
        let results = view.results;
        match &self.what {
            What::Flow(metric, set, depth) => view.add_set(set, *metric, *depth, 0, months),
            What::Share(metric, depth) => {
                view.add_home(*metric, *depth, 0, months);
                if scratch.below_is != Some(Below::Purchases(*metric)) {
                    scratch.below_is = Some(Below::Purchases(*metric));
                    scratch.below.fill(splat(0.0));
                    view.add_purchases(*metric, 0, &mut scratch.below);
                }
            }
            What::Coverage(metric, depth) => {
                view.add_home(as_metric(*metric), *depth, 0, months);
                if scratch.below_is != Some(Below::Demand(*metric)) {
                    scratch.below_is = Some(Below::Demand(*metric));
                    scratch.below.fill(splat(0.0));
                    view.add_demand(*metric, 0, &mut scratch.below);
                }
            }
            What::Demand(metric) => view.add_demand(*metric, 0, months),
            What::Installed(metric, set) => {
                view.add_installed(set, *metric, &mut scratch.work, months)
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
                for &f in fabs {
                    for (slot, start) in
                        months.iter_mut().zip(results.months_of(&results.starts, f))
                    {
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
                let metric = Metric::Tokens(WorkloadId(*workload));
                view.add_installed(set, metric, &mut scratch.work, months);
                for (m, slot) in months.iter_mut().enumerate() {
                    *slot = view.served(slot, *workload, m);
                }
            }
            What::Cost(workload, basis, set) => {
                let designed = Depth::Designed;
                view.add_set(set, Metric::Keep(*basis), designed, 0, months);
                let metric = Metric::Tokens(WorkloadId(*workload));
                scratch.below_is = None;
                scratch.below.fill(splat(0.0));
                view.add_set(set, metric, designed, 0, &mut scratch.below);
                view.at_utilisation(*workload, 0, &mut scratch.below);
            }
        }
    }

    #[inline(always)]
    fn fill(&self, view: &View, scratch: &mut TrackScratch, slots: &mut [Lanes]) {
        self.read(view, scratch);
        let per_unit = 1.0 / self.scale;
        for (slot, period) in slots.iter_mut().zip(&self.periods) {
            *slot = self.over(scratch, period.first..period.end, per_unit);
        }
    }

    /// The value over a range of months, from what [`Track::read`] left in the scratch space.
    #[inline(always)]
    pub(crate) fn over(
        &self,
        scratch: &TrackScratch,
        months: std::ops::Range<usize>,
        per_unit: f64,
    ) -> Lanes {
        let sum = |array: &[Lanes]| {
            let mut sum = splat(0.0);
            for month in &array[months.clone()] {
                accumulate(&mut sum, month);
            }
            sum
        };
        match self.reduce {
            Reduce::Sum => map(&sum(&scratch.months), |x| x * per_unit),
            Reduce::Last => map(&scratch.months[months.end - 1], |x| x * per_unit),
            Reduce::Ratio { capped } => {
                let share = ratio(&sum(&scratch.months), &sum(&scratch.below));
                if capped {
                    map(&share, |x| if x < 1.0 { x } else { 1.0 })
                } else if self.scale == 1.0 {
                    share
                } else {
                    map(&share, |x| x * per_unit)
                }
            }
        }
    }
}

/// Names of depths in series.
pub fn depth_name(depth: Depth) -> &'static str {
    match depth {
        Depth::Designed => "designed",
        Depth::Fabricated => "fabricated",
        Depth::Fully => "fully",
    }
}

struct Builder<'a> {
    scenario: &'a Scenario,
    tracks: Vec<Track>,
}

const DEPTHS: [Depth; 3] = [Depth::Designed, Depth::Fabricated, Depth::Fully];
const COUNTED: [(Metric, &str, &str); 4] = [
    (Metric::Units, "units", "units"),
    (Metric::H100e, "h100e", "H100e"),
    (Metric::Value, "value", "USD"),
    (Metric::Tpp, "tpp", "TPP"),
];

impl Builder<'_> {
    fn push(
        &mut self,
        metric: &str,
        of: &str,
        depth: Option<Depth>,
        unit: &str,
        what: What,
        detail: Detail,
    ) {
        let main = matches!(detail, Detail::All);
        self.tracks.push(Track {
            metric: metric.to_owned(),
            of: of.to_owned(),
            depth,
            unit: unit.to_owned(),
            scale: 1.0,
            reduce: what.reduce(),
            what,
            periods: periods(self.scenario.horizon, detail),
            main,
        });
    }

    fn accelerators(
        &self,
        keep: impl Fn(&crate::scenario::Accelerator) -> bool,
    ) -> Vec<AcceleratorId> {
        let all = self.scenario.accelerators.iter().enumerate();
        all.filter(|(_, a)| keep(a))
            .map(|(k, _)| AcceleratorId(k))
            .collect()
    }

    fn imports(&self, keep: impl Fn(&crate::scenario::Import) -> bool) -> Vec<ImportId> {
        let all = self.scenario.imports.iter().enumerate();
        all.filter(|(_, i)| keep(i))
            .map(|(k, _)| ImportId(k))
            .collect()
    }

    fn home(&self) -> Set {
        let home = &self.scenario.home;
        Set {
            accelerators: self.accelerators(|a| &a.country == home),
            imports: self.imports(|i| &i.country == home),
        }
    }

    fn everything(&self) -> Set {
        Set {
            accelerators: self.accelerators(|_| true),
            imports: self.imports(|_| true),
        }
    }

    fn foreign(&self) -> Set {
        Set {
            accelerators: Vec::new(),
            imports: self.imports(|_| true),
        }
    }

    fn flows(&mut self, plan: &Plan) {
        let smuggled = Set {
            accelerators: Vec::new(),
            imports: self.imports(|i| !i.legal),
        };
        let legal = Set {
            accelerators: Vec::new(),
            imports: self.imports(|i| i.legal),
        };
        let native_fp8 = Set {
            accelerators: self
                .accelerators(|a| a.country == self.scenario.home)
                .into_iter()
                .filter(|k| {
                    plan.accelerators[k.0]
                        .factors
                        .native_format(&self.scenario.accelerators[k.0].spec, NumberFormat::Fp8)
                })
                .collect(),
            imports: Vec::new(),
        };
        for (metric, name, unit) in COUNTED {
            let main = if metric == Metric::Tpp {
                Detail::Years
            } else {
                Detail::All
            };
            let rest = if metric == Metric::Units {
                Detail::All
            } else {
                Detail::Years
            };
            for depth in DEPTHS {
                let what = What::Flow(metric, self.home(), depth);
                self.push(name, "home", Some(depth), unit, what, main);
            }
            for (of, set) in [("imports", self.foreign()), ("all", self.everything())] {
                self.push(
                    name,
                    of,
                    None,
                    unit,
                    What::Flow(metric, set, Depth::Designed),
                    main,
                );
            }
            for (of, set) in [("legal", legal.clone()), ("smuggled", smuggled.clone())] {
                self.push(
                    name,
                    of,
                    None,
                    unit,
                    What::Flow(metric, set, Depth::Designed),
                    rest,
                );
            }
            if metric == Metric::Units {
                let what = What::Flow(metric, native_fp8.clone(), Depth::Designed);
                self.push(name, "home:native-fp8", None, unit, what, Detail::Years);
            }
            if metric != Metric::Tpp {
                self.parts_of_home(metric, name, unit, rest);
            }
        }
    }

    /// Designers, accelerators and imports one by one.
    fn parts_of_home(&mut self, metric: Metric, name: &str, unit: &str, detail: Detail) {
        let scenario = self.scenario;
        let mut designers = scenario
            .accelerators
            .iter()
            .map(|a| a.designer.as_str())
            .collect::<Vec<_>>();
        designers.sort_unstable();
        designers.dedup();
        for designer in designers {
            let set = Set {
                accelerators: self.accelerators(|a| a.designer == designer),
                imports: Vec::new(),
            };
            for depth in DEPTHS {
                let detail = if depth == Depth::Designed {
                    detail
                } else {
                    Detail::Years
                };
                let what = What::Flow(metric, set.clone(), depth);
                self.push(
                    name,
                    &format!("designer:{designer}"),
                    Some(depth),
                    unit,
                    what,
                    detail,
                );
            }
        }
        for (k, accelerator) in scenario.accelerators.iter().enumerate() {
            let set = Set {
                accelerators: vec![AcceleratorId(k)],
                imports: Vec::new(),
            };
            let of = format!("accelerator:{}", accelerator.id);
            let what = What::Flow(metric, set, Depth::Designed);
            self.push(name, &of, Some(Depth::Designed), unit, what, detail);
        }
        for (i, import) in scenario.imports.iter().enumerate() {
            let set = Set {
                accelerators: Vec::new(),
                imports: vec![ImportId(i)],
            };
            let what = What::Flow(metric, set, Depth::Designed);
            self.push(
                name,
                &format!("import:{}", import.id),
                None,
                unit,
                what,
                detail,
            );
        }
    }

    fn shares(&mut self, plan: &Plan) {
        for (metric, name, _) in COUNTED {
            let detail = if metric == Metric::Tpp {
                Detail::Years
            } else {
                Detail::All
            };
            for depth in DEPTHS {
                let metric_name = format!("share_of_purchases:{name}");
                self.push(
                    &metric_name,
                    "home",
                    Some(depth),
                    "fraction",
                    What::Share(metric, depth),
                    detail,
                );
            }
        }
        for (metric, name, unit) in [
            (DemandMetric::Units, "units", "units"),
            (DemandMetric::H100e, "h100e", "H100e"),
            (DemandMetric::Value, "value", "USD"),
            (DemandMetric::Tpp, "tpp", "TPP"),
        ] {
            if !plan.demands.iter().any(|demand| demand.metric == metric) {
                continue;
            }
            for depth in DEPTHS {
                let metric_name = format!("coverage:{name}");
                self.push(
                    &metric_name,
                    "home",
                    Some(depth),
                    "fraction",
                    What::Coverage(metric, depth),
                    Detail::All,
                );
            }
            self.push(
                &format!("demand:{name}"),
                "all",
                None,
                unit,
                What::Demand(metric),
                Detail::All,
            );
        }
    }

    fn installed(&mut self) {
        for (metric, name, unit) in [
            (Metric::Units, "units", "units"),
            (Metric::H100e, "h100e", "H100e"),
        ] {
            for (of, set) in [
                ("home", self.home()),
                ("imports", self.foreign()),
                ("all", self.everything()),
            ] {
                let what = What::Installed(metric, set);
                self.push(
                    &format!("installed:{name}"),
                    of,
                    None,
                    unit,
                    what,
                    Detail::All,
                );
            }
        }
    }

    /// Workloads: usable compute delivered and in service, what is wanted and served, what a token costs.
    fn workloads(&mut self) {
        for (w, workload) in self.scenario.workloads.iter().enumerate() {
            let id = WorkloadId(w);
            let of_set = |name: &str| format!("{name}:{}", workload.id);
            let metric = Metric::Tokens(id);
            let flow = |set: Set| What::Flow(metric, set, Depth::Designed);
            let home = self.home();
            for depth in DEPTHS {
                let what = What::Flow(metric, home.clone(), depth);
                self.scaled(
                    &of_set("usable_compute"),
                    "home",
                    Some(depth),
                    metric.unit(),
                    what,
                );
            }
            for (of, set) in [("imports", self.foreign()), ("all", self.everything())] {
                self.scaled(
                    &of_set("usable_compute"),
                    of,
                    None,
                    metric.unit(),
                    flow(set),
                );
            }
            for (of, set) in [
                ("home", home),
                ("imports", self.foreign()),
                ("all", self.everything()),
            ] {
                let what = What::Installed(metric, set.clone());
                let name = of_set("installed:usable_compute");
                self.scaled(&name, of, None, metric.unit(), what);
                if workload.load.is_some() {
                    let what = What::Served(w, set.clone());
                    self.scaled(&of_set("served"), of, None, ("fraction", 1.0), what);
                }
                self.costs(w, &workload.id, of, &set);
            }
            if workload.load.is_some() {
                let what = What::Load(w);
                self.scaled(&of_set("load"), "all", None, metric.unit(), what);
            }
        }
    }

    /// What a token costs on a set and on each of its chips, as far as rate and cost are known.
    fn costs(&mut self, workload: usize, id: &str, of: &str, set: &Set) {
        let owns = self.scenario.ownership.is_some();
        for basis in Basis::ALL {
            let priced = |ability: &Ability, spec: &Spec| {
                ability.does(WorkloadId(workload))
                    && match basis {
                        Basis::Rented => ability.rent.is_some(),
                        Basis::Owned => owns && spec.price.is_some() && spec.tdp.is_some(),
                    }
            };
            let set = Set {
                accelerators: self
                    .accelerators(|a| priced(&a.ability, &a.spec))
                    .into_iter()
                    .filter(|k| set.accelerators.contains(k))
                    .collect(),
                imports: self
                    .imports(|i| priced(&i.ability, &i.spec))
                    .into_iter()
                    .filter(|i| set.imports.contains(i))
                    .collect(),
            };
            if !set.accelerators.is_empty() || !set.imports.is_empty() {
                let name = format!("cost:{}:{id}", basis.name());
                let what = What::Cost(workload, basis, set);
                self.scaled(&name, of, None, ("USD/Mtokens", 1e-6), what);
            }
        }
    }

    /// A yearly track in a unit of some size.
    fn scaled(
        &mut self,
        metric: &str,
        of: &str,
        depth: Option<Depth>,
        (unit, scale): (&str, f64),
        what: What,
    ) {
        self.push(metric, of, depth, unit, what, Detail::Years);
        if let Some(track) = self.tracks.last_mut() {
            track.scale = scale;
        }
    }

    fn supply(&mut self, plan: &Plan) {
        let scenario = self.scenario;
        let parts = scenario
            .dies
            .iter()
            .map(|die| (format!("die:{}", die.id), "dies"))
            .chain(
                scenario
                    .memories
                    .iter()
                    .map(|memory| (format!("memory:{}", memory.id), "stacks")),
            );
        for (p, (of, unit)) in parts.enumerate() {
            self.push("stock", &of, None, unit, What::Stock(p), Detail::Months);
            self.push(
                "arrivals",
                &of,
                None,
                unit,
                What::Arrivals(p),
                Detail::Years,
            );
        }
        for (d, die) in scenario.dies.iter().enumerate() {
            if !plan.processes[die.process.0].fabs.is_empty() {
                self.push(
                    "yield",
                    &format!("die:{}", die.id),
                    None,
                    "fraction",
                    What::Yield(d),
                    Detail::Months,
                );
            }
        }
        for (f, fab) in scenario.fabs.iter().enumerate() {
            let of = format!("fab:{}", fab.id);
            self.push(
                "capacity",
                &of,
                None,
                "wafers/month",
                What::Capacity(vec![f]),
                Detail::Months,
            );
            self.push(
                "wafer_starts",
                &of,
                None,
                "wafers",
                What::Starts(vec![f]),
                Detail::Years,
            );
        }
        for (p, process) in plan.processes.iter().enumerate() {
            if !process.fabs.is_empty() {
                let of = format!("process:{}", scenario.processes[p].id);
                let what = What::Capacity(process.fabs.clone());
                self.push("capacity", &of, None, "wafers/month", what, Detail::Months);
            }
        }
        let all = (0..scenario.fabs.len()).collect::<Vec<_>>();
        if !all.is_empty() {
            self.push(
                "capacity",
                "all",
                None,
                "wafers/month",
                What::Capacity(all.clone()),
                Detail::Months,
            );
            self.push(
                "wafer_starts",
                "all",
                None,
                "wafers",
                What::Starts(all),
                Detail::Years,
            );
        }
        for (t, technology) in scenario.technologies.iter().enumerate() {
            let of = format!("packaging:{technology}");
            let what = What::Packaging(t);
            self.push(
                "packaging_capacity",
                &of,
                None,
                "packages/month",
                what,
                Detail::Months,
            );
        }
    }
}

impl crate::plan::Factors {
    fn native_format(&self, spec: &crate::scenario::Spec, format: NumberFormat) -> bool {
        spec.compute.iter().any(|(f, support)| {
            *f == format && matches!(support, crate::scenario::FormatSupport::Native(_))
        })
    }
}

/// The periods of a horizon that a track reports: months, then whole quarters, then whole years.
fn periods(horizon: Horizon, detail: Detail) -> Vec<Period> {
    let mut periods = Vec::new();
    if detail != Detail::Years {
        for m in 0..horizon.months {
            periods.push(Period {
                label: horizon.month_label(m),
                first: m,
                end: m + 1,
            });
        }
    }
    let spans = |length: usize, label: &dyn Fn(i32, usize) -> String| {
        let mut spans = Vec::new();
        let mut first = (length - horizon.month_of_year(0) % length) % length;
        while first + length <= horizon.months {
            let (year, month) = (horizon.year_of(first), horizon.month_of_year(first));
            spans.push(Period {
                label: label(year, month),
                first,
                end: first + length,
            });
            first += length;
        }
        spans
    };
    if detail == Detail::All {
        periods.extend(spans(3, &|year, month| {
            format!("{year}-Q{}", month / 3 + 1)
        }));
    }
    periods.extend(spans(12, &|year, _| year.to_string()));
    periods
}

impl Horizon {
    /// Calendar month of a month of the horizon, 0 for January.
    pub(crate) fn month_of_year(&self, month: usize) -> usize {
        (usize::from(self.from.month) - 1 + month) % 12
    }

    /// Calendar year of a month of the horizon.
    pub(crate) fn year_of(&self, month: usize) -> i32 {
        self.from.year + ((usize::from(self.from.month) - 1 + month) / 12) as i32
    }
}

const _: () = assert!(LANES == 32);
