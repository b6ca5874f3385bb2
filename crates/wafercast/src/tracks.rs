//! What is reported: every metric, of what, at which depth, over which periods.

mod reading;

pub(crate) use reading::{Reading, Space};

use crate::metric::{Basis, Depth, Metric, Set};
use crate::plan::Plan;
use crate::scenario::{
    Ability, AcceleratorId, DemandMetric, ImportId, NumberFormat, Scenario, Spec, WorkloadId,
};
use crate::simulate::measure::as_metric;
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
    /// How they are read from results.
    pub(crate) reading: Reading,
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
    /// One track over another: home over all purchases, home over demand.
    Ratio {
        /// Index of the upper track.
        of: usize,
        /// Index of the lower track.
        to: usize,
        /// Capped at 1.
        capped: bool,
    },
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
    /// Usable compute of the deliveries of a set in a workload, at its utilisation.
    Worked(usize, Set),
}

impl Period {
    /// Whether it is a year.
    pub(crate) fn is_year(&self) -> bool {
        self.end - self.first == 12
    }
}

impl What {
    /// How months make a longer period.
    fn reduce(&self) -> Reduce {
        match self {
            What::Flow(..)
            | What::Demand(_)
            | What::Arrivals(_)
            | What::Starts(_)
            | What::Worked(..) => Reduce::Sum,
            What::Ratio { capped, .. } => Reduce::Ratio { capped: *capped },
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
            reading: Reading::of(&builder.tracks),
            tracks: builder.tracks,
            first,
            slots,
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

    /// Index of the track that counts these deliveries, if there is one.
    fn flow(&self, metric: Metric, set: Set, depth: Depth) -> Option<usize> {
        let what = What::Flow(metric, set, depth);
        self.tracks.iter().position(|track| track.what == what)
    }

    fn ratio(&mut self, metric: &str, depth: Depth, what: What, detail: Detail) {
        self.push(metric, "home", Some(depth), "fraction", what, detail);
    }

    fn shares(&mut self, plan: &Plan) {
        for (metric, name, _) in COUNTED {
            let detail = if metric == Metric::Tpp {
                Detail::Years
            } else {
                Detail::All
            };
            for depth in DEPTHS {
                let all = self.flow(metric, self.everything(), Depth::Designed);
                let home = self.flow(metric, self.home(), depth);
                if let (Some(of), Some(to)) = (home, all) {
                    let what = What::Ratio {
                        of,
                        to,
                        capped: false,
                    };
                    self.ratio(&format!("share_of_purchases:{name}"), depth, what, detail);
                }
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
            let homes = DEPTHS.map(|depth| {
                let home = self.flow(as_metric(metric), self.home(), depth);
                home.map(|of| (depth, of))
            });
            // Coverage comes before the demand it is measured by.
            let to = self.tracks.len() + homes.iter().flatten().count();
            for (depth, of) in homes.into_iter().flatten() {
                let what = What::Ratio {
                    of,
                    to,
                    capped: true,
                };
                self.ratio(&format!("coverage:{name}"), depth, what, Detail::All);
            }
            let what = What::Demand(metric);
            self.push(
                &format!("demand:{name}"),
                "all",
                None,
                unit,
                what,
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

    /// What a token costs on a set, as far as rate and cost of its chips are known, and the two that it is the ratio of.
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
            if set.accelerators.is_empty() && set.imports.is_empty() {
                continue;
            }
            let metric = Metric::Keep(basis);
            let spent = What::Flow(metric, set.clone(), Depth::Designed);
            let upper = self.tracks.len();
            let name = format!("{}:{id}", basis.name());
            self.scaled(&name, of, None, ("USD/h", metric.unit().1), spent);
            let name = format!("worked:{}:{id}", basis.name());
            let unit = Metric::Tokens(WorkloadId(workload)).unit();
            self.scaled(&name, of, None, unit, What::Worked(workload, set));
            let what = What::Ratio {
                of: upper,
                to: upper + 1,
                capped: false,
            };
            let name = format!("cost:{}:{id}", basis.name());
            self.scaled(&name, of, None, ("USD/Mtokens", 1e-6), what);
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
