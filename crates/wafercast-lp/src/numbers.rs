//! The numbers of one draw that planning rests on, read from the engine's results: what the lines can start, what a
//! wafer yields, what arrives, what packaging takes, what a unit is worth.
//!
//! The plan begins at a month of the horizon. What was started or built before it is history and is taken as the engine
//! has it: stock on hand, wafers in the lines, packages in assembly.

use wafercast::experiment::Outcome;
use wafercast::metric::Metric;
use wafercast::plan::{Gross, Plan, Reading};

/// A delay: what begins in month `m` ends in part in `m + months`, in part in the month after (model eq. 14).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delay {
    /// Whole months.
    pub months: usize,
    /// The share that takes one month more.
    pub rest: f64,
}

impl Delay {
    /// A delay of `length` months ≥ 0; what takes longer than `horizon` never ends inside it.
    pub fn new(length: f64, horizon: usize) -> Delay {
        let bounded = length.max(0.0).min(horizon as f64 + 1.0);
        let months = bounded as usize;
        Delay {
            months,
            rest: bounded - months as f64,
        }
    }

    /// Month of the end and the share that ends in it.
    pub fn ends(&self, month: usize) -> [(usize, f64); 2] {
        let first = month + self.months;
        [(first, 1.0 - self.rest), (first + 1, self.rest)]
    }
}

/// A logic line in one draw. Months are counted from the start of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Wafers that can be started for accelerators, by month.
    pub starts: Vec<f64>,
    /// Wafers that the accelerators' share of the line could start at full utilisation, by month.
    pub full: Vec<f64>,
    /// From start to wafer out, months.
    pub cycle_time: f64,
    /// The dies it may make.
    pub dies: Vec<usize>,
    /// The scenario fixes its die mix: share of each die in the starts, by month. Empty where the plan decides.
    pub mix: Vec<Vec<f64>>,
    /// Wafers started before the plan, by die and month before it: `[die][0]` is the last month before.
    pub before: Vec<Vec<f64>>,
}

impl Line {
    /// From start to wafer out.
    pub fn delay(&self) -> Delay {
        Delay::new(
            self.cycle_time,
            self.starts.len() + self.before.first().map_or(0, Vec::len),
        )
    }
}

impl Line {
    /// Wafers of the line's `i`-th die that were started before the plan, by the month in which they leave.
    pub fn out_of_pipeline(&self, i: usize) -> Vec<f64> {
        let mut out = vec![0.0; self.starts.len()];
        let delay = self.delay();
        for (back, &wafers) in self.before[i].iter().enumerate() {
            for (end, share) in delay.ends(0) {
                let month = end.checked_sub(back + 1);
                if let Some(out) = month.and_then(|month| out.get_mut(month)) {
                    *out += share * wafers;
                }
            }
        }
        out
    }

    /// Wafers started by month, by the month in which they leave.
    pub fn out_of(&self, started: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.starts.len()];
        let delay = self.delay();
        for (month, wafers) in started.iter().enumerate() {
            for (end, share) in delay.ends(month) {
                if let Some(out) = out.get_mut(end) {
                    *out += share * wafers;
                }
            }
        }
        out
    }

    /// Wafers of its `i`-th die that a line with a fixed mix starts, by month; `None` where the plan decides.
    pub fn fixed_starts(&self, i: usize) -> Option<Vec<f64>> {
        let shares = self.mix.get(i)?;
        let starts = self.starts.iter().zip(shares);
        Some(starts.map(|(starts, share)| starts * share).collect())
    }
}

/// A bill of materials in one draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its accelerator.
    pub accelerator: usize,
    /// Parts (dies, then memories) and number per package.
    pub parts: Vec<(usize, f64)>,
    /// Packaging technology.
    pub technology: Option<usize>,
    /// Whether it can be built, by month: launched, not ended, in the build plan, and its package can be made.
    pub is_open: Vec<bool>,
    /// Share of the technology's month that one package takes, by month.
    pub share: Vec<f64>,
    /// Good units per package, by month of the build: assembly and final test.
    pub good: Vec<f64>,
    /// From build to delivery, by month of the build.
    pub delay: Vec<Delay>,
}

/// An accelerator in one draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Accelerator {
    /// Most packages started, by month.
    pub cap: Option<Vec<f64>>,
    /// What a unit counts, by month of delivery, without discount.
    pub worth: Vec<f64>,
    /// Units that come out of builds before the plan, by month.
    pub in_assembly: Vec<f64>,
    /// Units that the engine's own allocation delivers, by month.
    pub delivered: Vec<f64>,
    /// Packages that the engine's own allocation starts, by month.
    pub built: Vec<f64>,
}

/// Everything that one draw gives the plan to work with.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// Months of the plan.
    pub months: usize,
    /// The month of the horizon in which it begins.
    pub first: usize,
    /// Logic lines.
    pub lines: Vec<Line>,
    /// Good dies per wafer that leaves, by die and month.
    pub dies_per_wafer: Vec<Vec<f64>>,
    /// Parts that arrive whatever the plan is, by part and month: stockpiles, memory, lines with a fixed mix. The opening
    /// stock is in month 0.
    pub arrivals: Vec<Vec<f64>>,
    /// Dies of wafers that were in lines without a fixed mix when the plan begins, by die and month.
    pub pipeline: Vec<Vec<f64>>,
    /// Stock that the engine's own allocation leaves, by part and month.
    pub stock: Vec<Vec<f64>>,
    /// Bills of materials.
    pub items: Vec<Item>,
    /// Accelerators.
    pub accelerators: Vec<Accelerator>,
    /// Packages of the reference bill of materials that a technology takes, by technology and month.
    pub packaging: Vec<Vec<f64>>,
}

impl Numbers {
    /// Reads one lane of a group of draws. `metric` is what the plan maximises; it begins in month `first` of the horizon.
    pub fn read(outcome: &Outcome, lane: usize, metric: Metric, first: usize) -> Numbers {
        let reader = Reader {
            outcome,
            plan: outcome.plan(),
            lane,
            first: first.min(outcome.plan().months.saturating_sub(1)),
        };
        reader.numbers(metric)
    }
}

struct Reader<'a> {
    outcome: &'a Outcome<'a>,
    plan: &'a Plan,
    lane: usize,
    first: usize,
}

impl Reader<'_> {
    fn at(&self, reading: Reading, month: usize) -> f64 {
        self.outcome.results().reading_of(reading, month, self.lane)
    }

    fn once(&self, scalar: usize) -> f64 {
        self.at(Reading::Scalar(scalar), 0)
    }

    /// The months of the plan, as months of the horizon.
    fn months(&self) -> std::ops::Range<usize> {
        self.first..self.plan.months
    }

    fn numbers(&self, metric: Metric) -> Numbers {
        let plan = self.plan;
        let dies_per_wafer: Vec<Vec<f64>> = (0..plan.dies.len())
            .map(|die| self.months().map(|m| self.good_dies(die, m)).collect())
            .collect();
        let lines: Vec<Line> = (0..plan.fabs.len()).map(|f| self.line(f)).collect();
        let mut arrivals = self.arrivals();
        let mut pipeline = vec![vec![0.0; plan.months - self.first]; plan.dies.len()];
        for line in &lines {
            for (i, &die) in line.dies.iter().enumerate() {
                let good = &dies_per_wafer[die];
                let before = line.out_of_pipeline(i);
                match line.fixed_starts(i) {
                    None => add_dies(&before, good, &mut pipeline[die]),
                    Some(started) => {
                        add_dies(&before, good, &mut arrivals[die]);
                        add_dies(&line.out_of(&started), good, &mut arrivals[die]);
                    }
                }
            }
        }
        Numbers {
            months: plan.months - self.first,
            first: self.first,
            stock: (0..plan.parts.len()).map(|p| self.stock(p)).collect(),
            items: self.items(),
            accelerators: (0..plan.accelerators.len())
                .map(|k| self.accelerator(k, metric))
                .collect(),
            packaging: (0..plan.technologies.len())
                .map(|t| self.months().map(|m| self.packages(t, m)).collect())
                .collect(),
            lines,
            dies_per_wafer,
            arrivals,
            pipeline,
        }
    }

    fn packages(&self, technology: usize, month: usize) -> f64 {
        self.outcome
            .results()
            .packaging_of(technology, month, self.lane)
    }

    /// Good dies per wafer that leaves in a month.
    fn good_dies(&self, die: usize, month: usize) -> f64 {
        let gross = match self.plan.dies[die].gross {
            Gross::Packed(count) => count,
            Gross::Given(count) => self.once(count),
        };
        gross * self.outcome.results().die_of(die, month, self.lane).0
    }

    fn line(&self, f: usize) -> Line {
        let fab = &self.plan.fabs[f];
        let (first, second) = fab.cycle_time;
        let cycle_time = (self.once(first) * second.map_or(1.0, |s| self.once(s))).max(0.0);
        let dies = self.plan.processes[fab.process].dies.clone();
        let shares = |m: usize| self.mix(f, &dies, cycle_time, m);
        let fixed = !fab.mix.is_empty();
        Line {
            starts: self.months().map(|m| self.starts(f, m)).collect(),
            full: self
                .months()
                .map(|m| self.capacity(f, m) * self.at(fab.ai_share, m))
                .collect(),
            mix: if fixed {
                let by_month: Vec<Vec<f64>> = self.months().map(shares).collect();
                (0..dies.len())
                    .map(|i| by_month.iter().map(|shares| shares[i]).collect())
                    .collect()
            } else {
                Vec::new()
            },
            before: self.before(f, &dies, cycle_time),
            cycle_time,
            dies,
        }
    }

    fn capacity(&self, f: usize, month: usize) -> f64 {
        self.outcome.results().line_of(f, month, self.lane).0
    }

    /// Starts for accelerators (model eq. 13), before it is asked whether anybody wants them.
    fn starts(&self, f: usize, month: usize) -> f64 {
        let fab = &self.plan.fabs[f];
        self.capacity(f, month) * self.at(fab.utilisation, month) * self.at(fab.ai_share, month)
    }

    /// Wafers started in the months before the plan, as the engine starts them: `[die][months before − 1]`.
    fn before(&self, f: usize, dies: &[usize], cycle_time: f64) -> Vec<Vec<f64>> {
        let reach = Delay::new(cycle_time, self.plan.months).months + 1;
        let results = self.outcome.results();
        let phases = 0..self.plan.fabs[f].phases.len();
        let runs_before = phases.into_iter().any(|p| {
            results
                .phase_start_of(f, p, self.lane)
                .is_some_and(|at| at <= 0.0)
        });
        let mut before = vec![vec![0.0; reach]; dies.len()];
        for back in 1..=reach {
            let month = match self.first.checked_sub(back) {
                Some(month) => month,
                // Before the horizon the line ran as in its first month, if it ran.
                None if runs_before => 0,
                None => break,
            };
            let starts = self.starts(f, month);
            for (i, share) in self.mix(f, dies, cycle_time, month).into_iter().enumerate() {
                before[i][back - 1] = starts * share;
            }
        }
        before
    }

    /// Shares of the dies in a line's starts by the engine's rule (model §3.4); all zero where nothing is started.
    fn mix(&self, f: usize, dies: &[usize], cycle_time: f64, month: usize) -> Vec<f64> {
        let fab = &self.plan.fabs[f];
        let weights: Vec<f64> = dies
            .iter()
            .map(|&die| match fab.mix.is_empty() {
                false => {
                    let given = fab.mix.iter().find(|(other, _)| *other == die);
                    given.map_or(0.0, |(_, weight)| self.at(*weight, month))
                }
                true => self.wanted(die, cycle_time, month),
            })
            .collect();
        let total: f64 = weights.iter().sum();
        let share = |weight: &f64| if total > 0.0 { weight / total } else { 0.0 };
        weights.iter().map(share).collect()
    }

    /// Wafers that the build plan wants of a die, per unit of weight (model eq. 15).
    fn wanted(&self, die: usize, cycle_time: f64, month: usize) -> f64 {
        let leaves = month as f64 + 0.5 + cycle_time;
        let mut wanted = 0.0;
        for &(item, count) in &self.plan.dies[die].users {
            let k = self.plan.items[item].accelerator;
            let accelerator = &self.plan.accelerators[k];
            let launch = self.outcome.results().launch_of(k, self.lane);
            let weight = self.at(accelerator.weight, month);
            if launch.is_some_and(|launch| launch <= leaves)
                && leaves < accelerator.end
                && weight > 0.0
            {
                wanted += weight * count;
            }
        }
        let good = self.good_dies(die, month);
        if good > 0.0 { wanted / good } else { 0.0 }
    }

    /// Stockpiles and memory by month; the stock on hand joins the first.
    fn arrivals(&self) -> Vec<Vec<f64>> {
        let plan = self.plan;
        let results = self.outcome.results();
        plan.parts
            .iter()
            .enumerate()
            .map(|(p, part)| {
                let mut arrivals = vec![0.0; plan.months - self.first];
                if p < plan.dies.len() {
                    for &(month, _, amount) in &part.deliveries {
                        if month >= self.first {
                            arrivals[month - self.first] += self.once(amount);
                        }
                    }
                } else {
                    for (o, m) in
                        (0..part.origins.len()).flat_map(|o| self.months().map(move |m| (o, m)))
                    {
                        arrivals[m - self.first] += results.arrivals_of(p, o, m, self.lane);
                    }
                }
                if let Some(last) = self.first.checked_sub(1) {
                    for o in 0..part.origins.len() {
                        arrivals[0] += results.closing_of(p, o, last, self.lane);
                    }
                }
                arrivals
            })
            .collect()
    }

    fn stock(&self, part: usize) -> Vec<f64> {
        let origins = self.plan.parts[part].origins.len();
        let closing = |m| {
            (0..origins)
                .map(|o| self.outcome.results().closing_of(part, o, m, self.lane))
                .sum()
        };
        self.months().map(closing).collect()
    }

    fn items(&self) -> Vec<Item> {
        let lines_before: Vec<usize> = self
            .plan
            .technologies
            .iter()
            .scan(0, |next, technology| {
                let first = *next;
                *next += technology.lines.len();
                Some(first)
            })
            .collect();
        let technologies: Vec<Vec<Assembly>> = (0..self.plan.technologies.len())
            .map(|t| {
                self.months()
                    .map(|m| self.assembly(t, lines_before[t], m))
                    .collect()
            })
            .collect();
        self.plan
            .items
            .iter()
            .map(|item| {
                let accelerator = &self.plan.accelerators[item.accelerator];
                let launch = self
                    .outcome
                    .results()
                    .launch_of(item.accelerator, self.lane)
                    .unwrap_or(f64::INFINITY);
                let limits = !item.parts.is_empty()
                    || item.technology.is_some()
                    || accelerator.cap.is_some();
                let mut open = Vec::new();
                let mut share = Vec::new();
                let mut good = Vec::new();
                let mut delay = Vec::new();
                for m in self.months() {
                    let t = m as f64 + 0.5;
                    let test = self.at(accelerator.test_yield, m);
                    let mut is_open = limits
                        && launch <= t
                        && t < accelerator.end
                        && self.at(accelerator.weight, m) > 0.0;
                    match item.technology {
                        None => {
                            share.push(0.0);
                            good.push(test);
                            delay.push(Delay::new(0.0, self.plan.months));
                        }
                        Some(technology) => {
                            let line = lines_before[technology];
                            let capacity = self.capacity_for(&item.packages_per_wafer, line, m);
                            let assembly = technologies[technology][m - self.first];
                            is_open &= capacity > 0.0 && assembly.is_there;
                            share.push(if capacity > 0.0 { 1.0 / capacity } else { 0.0 });
                            good.push(test * assembly.good);
                            delay.push(Delay::new(assembly.lead_time, self.plan.months));
                        }
                    }
                    open.push(is_open);
                }
                Item {
                    accelerator: item.accelerator,
                    parts: item.parts.clone(),
                    technology: item.technology,
                    is_open: open,
                    share,
                    good,
                    delay,
                }
            })
            .collect()
    }

    /// Packages of a bill of materials that the lines of its technology take in a month.
    fn capacity_for(&self, packages_per_wafer: &[f64], first_line: usize, month: usize) -> f64 {
        let lines = packages_per_wafer.iter().enumerate();
        lines.fold(0.0, |sum, (i, packages)| {
            sum + packages * self.outcome.packaging_line(first_line + i, month)[self.lane]
        })
    }

    /// Yield and lead time of a technology: means over its lines, weighted by their capacity (model eq. 27).
    fn assembly(&self, technology: usize, first_line: usize, month: usize) -> Assembly {
        let plan = &self.plan.technologies[technology];
        let per_wafer = plan
            .reference_item
            .map_or(&[][..], |item| &self.plan.items[item].packages_per_wafer);
        let (mut total, mut good, mut lead_time) = (0.0, 0.0, 0.0);
        for (i, (line, packages)) in plan.lines.iter().zip(per_wafer).enumerate() {
            let k = packages * self.outcome.packaging_line(first_line + i, month)[self.lane];
            total += k;
            good += k * self.at(line.assembly_yield, month);
            lead_time += k * self.once(line.lead_time);
        }
        let is_there = total > 0.0;
        let mean = |sum: f64| if is_there { sum / total } else { 0.0 };
        Assembly {
            is_there,
            good: mean(good),
            lead_time: mean(lead_time),
        }
    }

    fn accelerator(&self, k: usize, metric: Metric) -> Accelerator {
        let plan = &self.plan.accelerators[k];
        let results = self.outcome.results();
        let by_month = |read: &dyn Fn(usize) -> f64| self.months().map(read).collect::<Vec<f64>>();
        Accelerator {
            cap: plan.cap.map(|cap| by_month(&|m| self.at(cap, m).max(0.0))),
            worth: by_month(&|m| self.outcome.factor(k, metric, m)[self.lane]),
            in_assembly: self.in_assembly(k),
            delivered: by_month(&|m| results.delivered_of(k, m, self.lane)[0]),
            built: by_month(&|m| {
                let items = plan.items.clone();
                items.map(|j| results.builds_of(j, m, self.lane)).sum()
            }),
        }
    }

    /// Units that come out of builds before the plan.
    fn in_assembly(&self, k: usize) -> Vec<f64> {
        let months = self.plan.months - self.first;
        let mut out: Vec<f64> = vec![0.0; months];
        let lines_before = |t: usize| {
            let before = &self.plan.technologies[..t];
            before.iter().map(|t| t.lines.len()).sum::<usize>()
        };
        let accelerator = &self.plan.accelerators[k];
        for j in accelerator.items.clone() {
            // Builds before the horizon equal those of its first month.
            let horizon = self.plan.months as i64;
            for m in -horizon - 1..self.first as i64 {
                let month = m.max(0) as usize;
                let built = self.outcome.results().builds_of(j, month, self.lane);
                if built <= 0.0 {
                    continue;
                }
                let assembly = self.plan.items[j]
                    .technology
                    .map_or(Assembly::NONE, |t| self.assembly(t, lines_before(t), month));
                let good = built * assembly.good * self.at(accelerator.test_yield, month);
                let delay = Delay::new(assembly.lead_time, self.plan.months);
                for (offset, share) in delay.ends(0) {
                    let end = m + offset as i64 - self.first as i64;
                    if let Ok(end) = usize::try_from(end)
                        && let Some(out) = out.get_mut(end)
                    {
                        *out += share * good;
                    }
                }
            }
        }
        out
    }
}

/// Assembly with a technology in a month.
#[derive(Debug, Clone, Copy)]
struct Assembly {
    is_there: bool,
    good: f64,
    lead_time: f64,
}

impl Assembly {
    /// A package that needs no limited technology.
    const NONE: Assembly = Assembly {
        is_there: true,
        good: 1.0,
        lead_time: 0.0,
    };
}

/// Adds the good dies of wafers that leave.
fn add_dies(wafers: &[f64], dies_per_wafer: &[f64], dies: &mut [f64]) {
    for ((dies, wafers), good) in dies.iter_mut().zip(wafers).zip(dies_per_wafer) {
        *dies += wafers * good;
    }
}
