//! Metrics: from a name and raw arguments to a [`Measure`] of ids and months.

mod argument;
mod lines;
mod period;
mod set;
mod workload;

pub(super) use lines::name_of_lines;
pub(super) use period::span_text;
pub(super) use set::{name_of_set, quoted};

use std::ops::Range;

use super::error::{ARGUMENT_COUNT, ExpressionError};
use super::lexer::Argument;
use super::{Depth, Measure, Metric};
use crate::scenario::Scenario;

/// A metric of the language.
pub(super) struct MetricFunction {
    pub name: &'static str,
    pub signature: &'static str,
    least: usize,
    most: usize,
    head: Head,
}

#[derive(Clone, Copy)]
enum Head {
    Flow(Metric),
    Compute,
    Installed,
    ShareOfPurchases,
    Coverage,
    Demand,
    UsableCompute,
    Load,
    ChipsNeeded,
    Served,
    Cost,
    Rent,
    Capacity,
    WaferStarts,
    GoodDies,
    Arrivals,
    Stock,
    Yield,
    PackagingCapacity,
    Opened,
    Happened,
    Launched,
}

const fn metric(
    name: &'static str,
    signature: &'static str,
    (least, most): (usize, usize),
    head: Head,
) -> MetricFunction {
    MetricFunction {
        name,
        signature,
        least,
        most,
        head,
    }
}

/// All metrics, in the order of the reference.
pub(super) const METRICS: [MetricFunction; 28] = [
    metric(
        "units",
        "units(SET, PERIOD[, DEPTH])",
        (2, 3),
        Head::Flow(Metric::Units),
    ),
    metric(
        "h100e",
        "h100e(SET, PERIOD[, DEPTH])",
        (2, 3),
        Head::Flow(Metric::H100e),
    ),
    metric(
        "tpp",
        "tpp(SET, PERIOD[, DEPTH])",
        (2, 3),
        Head::Flow(Metric::Tpp),
    ),
    metric(
        "value",
        "value(SET, PERIOD[, DEPTH])",
        (2, 3),
        Head::Flow(Metric::Value),
    ),
    metric(
        "memory_capacity",
        "memory_capacity(SET, PERIOD[, DEPTH])",
        (2, 3),
        Head::Flow(Metric::MemoryCapacity),
    ),
    metric(
        "memory_bandwidth",
        "memory_bandwidth(SET, PERIOD[, DEPTH])",
        (2, 3),
        Head::Flow(Metric::MemoryBandwidth),
    ),
    metric(
        "power",
        "power(SET, PERIOD[, DEPTH])",
        (2, 3),
        Head::Flow(Metric::Power),
    ),
    metric(
        "compute",
        "compute(SET, FORMAT, PERIOD[, DEPTH])",
        (3, 4),
        Head::Compute,
    ),
    metric(
        "installed",
        "installed(METRIC, SET, PERIOD)",
        (3, 3),
        Head::Installed,
    ),
    metric(
        "share_of_purchases",
        "share_of_purchases(METRIC, DEPTH, PERIOD)",
        (3, 3),
        Head::ShareOfPurchases,
    ),
    metric(
        "coverage",
        "coverage(METRIC, DEPTH, PERIOD)",
        (3, 3),
        Head::Coverage,
    ),
    metric("demand", "demand(METRIC, PERIOD)", (2, 2), Head::Demand),
    metric(
        "usable_compute",
        "usable_compute(SET, workload:ID, PERIOD[, DEPTH])",
        (3, 4),
        Head::UsableCompute,
    ),
    metric("load", "load(workload:ID, PERIOD)", (2, 2), Head::Load),
    metric(
        "chips_needed",
        "chips_needed(accelerator:ID or import:ID, workload:ID, PERIOD)",
        (3, 3),
        Head::ChipsNeeded,
    ),
    metric(
        "served",
        "served(SET, workload:ID, PERIOD)",
        (3, 3),
        Head::Served,
    ),
    metric(
        "cost",
        "cost(rented or owned, SET, workload:ID, PERIOD)",
        (4, 4),
        Head::Cost,
    ),
    metric(
        "rent",
        "rent(accelerator:ID or import:ID, PERIOD)",
        (2, 2),
        Head::Rent,
    ),
    metric(
        "capacity",
        "capacity(LINES, PERIOD)",
        (2, 2),
        Head::Capacity,
    ),
    metric(
        "wafer_starts",
        "wafer_starts(LINES, PERIOD)",
        (2, 2),
        Head::WaferStarts,
    ),
    metric(
        "good_dies",
        "good_dies(die:ID, PERIOD)",
        (2, 2),
        Head::GoodDies,
    ),
    metric(
        "arrivals",
        "arrivals(die:ID or memory:ID, PERIOD)",
        (2, 2),
        Head::Arrivals,
    ),
    metric(
        "stock",
        "stock(die:ID or memory:ID, PERIOD)",
        (2, 2),
        Head::Stock,
    ),
    metric("yield", "yield(die:ID, PERIOD)", (2, 2), Head::Yield),
    metric(
        "packaging_capacity",
        "packaging_capacity(TECHNOLOGY, PERIOD)",
        (2, 2),
        Head::PackagingCapacity,
    ),
    metric(
        "opened",
        "opened(fab:ID.phase[K] or LINES, PERIOD)",
        (2, 2),
        Head::Opened,
    ),
    metric(
        "happened",
        "happened(event:ID, PERIOD)",
        (2, 2),
        Head::Happened,
    ),
    metric(
        "launched",
        "launched(accelerator:ID, PERIOD)",
        (2, 2),
        Head::Launched,
    ),
];

/// Looks names up in a scenario; problems go to `errors`, and the answer is then `None`.
pub(super) struct Resolver<'a> {
    pub scenario: &'a Scenario,
    pub errors: &'a mut Vec<ExpressionError>,
}

impl Resolver<'_> {
    /// The measure that a metric with these arguments is; `range` is the whole call.
    pub fn measure(
        &mut self,
        function: &MetricFunction,
        arguments: &[Argument<'_>],
        range: Range<usize>,
    ) -> Option<Measure> {
        if arguments.len() < function.least || arguments.len() > function.most {
            let given = match arguments.len() {
                0 => "no arguments".to_owned(),
                1 => "1 argument".to_owned(),
                n => format!("{n} arguments"),
            };
            let message = format!("{given} given, expected `{}`", function.signature);
            self.errors
                .push(ExpressionError::new(range, ARGUMENT_COUNT, message));
            return None;
        }
        match (function.head, arguments) {
            (Head::Flow(metric), [set, period, rest @ ..]) => {
                self.flow(Some(metric), set, period, rest.first())
            }
            (Head::Compute, [set, format, period, rest @ ..]) => {
                let metric = self.format(format).map(Metric::Compute);
                self.flow(metric, set, period, rest.first())
            }
            (Head::UsableCompute, [set, workload, period, rest @ ..]) => {
                let metric = self.workload(workload).map(Metric::Tokens);
                self.flow(metric, set, period, rest.first())
            }
            (Head::ChipsNeeded, [chip, workload, period]) => {
                let (chip, workload, month) = (
                    self.set(chip).map(|set| (set, chip)),
                    self.wanted(workload),
                    self.end_of(period),
                );
                let (workload, month) = (workload?, month?);
                let chip = chip.and_then(|(set, argument)| self.runner(set, workload, argument))?;
                Some(Measure::ChipsNeeded {
                    chip,
                    workload,
                    month,
                })
            }
            (Head::Served, [set, workload, period]) => {
                let (set, workload, month) =
                    (self.set(set), self.wanted(workload), self.end_of(period));
                Some(Measure::Served {
                    set: set?,
                    workload: workload?,
                    month: month?,
                })
            }
            (Head::Cost, [basis, of, workload, period]) => {
                let (basis, set, workload, span) = (
                    self.basis(basis),
                    self.set(of),
                    self.workload(workload),
                    self.span(period),
                );
                let (basis, workload, span) = (basis?, workload?, span?);
                Some(Measure::Cost {
                    basis,
                    set: self.priced(basis, set?, workload, of)?,
                    workload,
                    span,
                })
            }
            (Head::Installed, [metric, set, period]) => {
                let (metric, set, month) =
                    (self.metric(metric), self.set(set), self.end_of(period));
                Some(Measure::Installed {
                    metric: metric?,
                    set: set?,
                    month: month?,
                })
            }
            (Head::ShareOfPurchases, [metric, depth, period]) => {
                let (metric, depth, span) =
                    (self.metric(metric), self.depth(depth), self.span(period));
                Some(Measure::ShareOfPurchases {
                    metric: metric?,
                    depth: depth?,
                    span: span?,
                })
            }
            (Head::Coverage, [metric, depth, period]) => {
                let (metric, depth, span) = (
                    self.demand_metric(metric),
                    self.depth(depth),
                    self.span(period),
                );
                Some(Measure::Coverage {
                    metric: metric?,
                    depth: depth?,
                    span: span?,
                })
            }
            (Head::Opened, [what, period]) => {
                let (phases, month) = (self.phases(what), self.end_of(period));
                Some(Measure::Opened {
                    phases: phases?,
                    month: month?,
                })
            }
            (head, [what, period]) => self.of_one(head, what, period),
            _ => None,
        }
    }

    fn flow(
        &mut self,
        metric: Option<Metric>,
        set: &Argument<'_>,
        period: &Argument<'_>,
        depth: Option<&Argument<'_>>,
    ) -> Option<Measure> {
        let (set, span) = (self.set(set), self.span(period));
        let depth = depth.map_or(Some(Depth::Designed), |depth| self.depth(depth));
        Some(Measure::Flow {
            metric: metric?,
            set: set?,
            depth: depth?,
            span: span?,
        })
    }

    /// The metrics of one thing over one period.
    fn of_one(
        &mut self,
        head: Head,
        what: &Argument<'_>,
        period: &Argument<'_>,
    ) -> Option<Measure> {
        match head {
            Head::Demand => {
                let (metric, span) = (self.demand_metric(what), self.span(period));
                Some(Measure::Demand {
                    metric: metric?,
                    span: span?,
                })
            }
            Head::Rent => {
                let (chip, month) = (self.rented(what), self.end_of(period));
                Some(Measure::Rent {
                    chip: chip?,
                    month: month?,
                })
            }
            Head::Load => {
                let (workload, span) = (self.wanted(what), self.span(period));
                Some(Measure::Load {
                    workload: workload?,
                    span: span?,
                })
            }
            Head::Capacity => {
                let (fabs, month) = (self.lines(what), self.end_of(period));
                Some(Measure::Capacity {
                    fabs: fabs?,
                    month: month?,
                })
            }
            Head::WaferStarts => {
                let (fabs, span) = (self.lines(what), self.span(period));
                Some(Measure::WaferStarts {
                    fabs: fabs?,
                    span: span?,
                })
            }
            Head::GoodDies => {
                let (die, span) = (self.die(what), self.span(period));
                Some(Measure::GoodDies {
                    die: die?,
                    span: span?,
                })
            }
            Head::Arrivals => {
                let (part, span) = (self.part(what), self.span(period));
                Some(Measure::Arrivals {
                    part: part?,
                    span: span?,
                })
            }
            Head::Stock => {
                let (part, month) = (self.part(what), self.end_of(period));
                Some(Measure::Stock {
                    part: part?,
                    month: month?,
                })
            }
            Head::Yield => {
                let (die, month) = (self.die(what), self.end_of(period));
                Some(Measure::Yield {
                    die: die?,
                    month: month?,
                })
            }
            Head::PackagingCapacity => {
                let (technology, month) = (self.technology(what), self.end_of(period));
                Some(Measure::PackagingCapacity {
                    technology: technology?,
                    month: month?,
                })
            }
            Head::Happened => {
                let (event, month) = (self.event(what), self.end_of(period));
                Some(Measure::Happened {
                    event: event?,
                    month: month?,
                })
            }
            Head::Launched => {
                let (accelerator, month) = (self.accelerator(what), self.end_of(period));
                Some(Measure::Launched {
                    accelerator: accelerator?,
                    month: month?,
                })
            }
            Head::Flow(_)
            | Head::Compute
            | Head::Installed
            | Head::ShareOfPurchases
            | Head::Coverage
            | Head::UsableCompute
            | Head::ChipsNeeded
            | Head::Served
            | Head::Cost
            | Head::Opened => None,
        }
    }
}
