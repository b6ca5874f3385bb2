//! What binds: which resource limits output, month by month and by what output is counted in; how much output would grow
//! with more of each; and when stocks run out.

mod elasticities;
mod shares;
mod stocks;

use serde::{Deserialize, Serialize};
use wafercast::plan::Plan;
use wafercast::scenario::Scenario;
use wafercast::simulate::Sampling;
use wafercast::summarize::resource_name;

/// What output is counted in here, by the names of the metric expressions.
pub const METRICS: [(&str, wafercast::metric::Metric); 3] = [
    ("units", wafercast::metric::Metric::Units),
    ("h100e", wafercast::metric::Metric::H100e),
    ("value", wafercast::metric::Metric::Value),
];

/// How the study is made.
#[derive(Debug, Clone, PartialEq)]
pub struct BindingOptions {
    /// Draws of the finite differences, which take two allocations per resource and draw.
    pub elasticity_draws: u64,
    /// Resources are raised and lowered by this share.
    pub step: f64,
    /// From this month on.
    pub from: usize,
}

impl Default for BindingOptions {
    fn default() -> Self {
        BindingOptions {
            elasticity_draws: 512,
            step: 0.01,
            from: 0,
        }
    }
}

/// What binds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Binding {
    /// Draws behind shares and stocks.
    pub draws: u64,
    /// First month of the series below, `2023-01`.
    pub first_month: String,
    /// Who limits home's output, by metric and resource.
    pub shares: Vec<BindingShare>,
    /// Draws behind the elasticities.
    pub elasticity_draws: u64,
    /// Resources were raised and lowered by this share …
    pub step: f64,
    /// … from this month on.
    pub elasticity_from: String,
    /// Elasticities of output that are not zero, the largest of each output first.
    pub elasticities: Vec<Elasticity>,
    /// Stocks with dated deliveries.
    pub stocks: Vec<StockEnd>,
}

/// How often a resource limits home's output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BindingShare {
    /// `units`, `h100e`, `value`
    pub metric: String,
    /// `die:…`, `memory:…`, `packaging:…`, `cap:…`
    pub resource: String,
    /// By month: the share of home's planned output in this metric that the resource limits, averaged over the futures.
    pub share: Vec<f64>,
    /// Standard errors.
    pub standard_error: Vec<f64>,
}

/// Elasticity of expected output to a resource: output grows by so many percent with one percent more of the resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Elasticity {
    /// `die:…`, `memory:…`, `packaging:…`, `cap:…`
    pub resource: String,
    /// `units`, `h100e`, `value`
    pub metric: String,
    /// `home`, or `accelerator:…`
    pub of: String,
    /// Year.
    pub period: String,
    /// Elasticity.
    pub value: f64,
    /// Standard error.
    pub standard_error: f64,
}

/// When a stock first runs out: when less is left at the end of a month than that month used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockEnd {
    /// `die:…`, `memory:…`
    pub part: String,
    /// Share of futures in which there is a stock at all: once, at least a month's use lies in store.
    pub stocked: f64,
    /// By month: share of futures in which it has run out by the end of the month.
    pub run_out: Vec<f64>,
    /// Standard errors.
    pub standard_error: Vec<f64>,
    /// Share of futures in which it lasts to the end of the horizon.
    pub lasts: f64,
    /// Standard error.
    pub lasts_error: f64,
    /// The months by which it has run out in 10, 50 and 90 of 100 futures; none if it does in fewer.
    pub p10: Option<String>,
    /// Median.
    pub p50: Option<String>,
    /// 90th percentile.
    pub p90: Option<String>,
}

impl Binding {
    /// Studies a plan on the draws of a sampling; elasticities on fewer.
    pub fn study(
        plan: &Plan,
        scenario: &Scenario,
        sampling: Sampling,
        options: &BindingOptions,
    ) -> Binding {
        let counts = shares::count(plan, sampling);
        let elasticity_draws = options.elasticity_draws.min(sampling.draws);
        let name = |resource: usize| resource_name(scenario, resource);
        let fewer = Sampling {
            draws: elasticity_draws,
            ..sampling
        };
        Binding {
            draws: sampling.draws,
            first_month: plan.horizon.month_label(0),
            shares: counts.shares(plan, &name),
            elasticity_draws,
            step: options.step,
            elasticity_from: plan
                .horizon
                .month_label(options.from.min(plan.months.saturating_sub(1))),
            elasticities: elasticities::study(plan, scenario, fewer, options, &name),
            stocks: counts.stocks(plan, &name),
        }
    }

    /// Elasticities of an output, the largest first.
    pub fn elasticities_of<'a>(
        &'a self,
        metric: &'a str,
        of: &'a str,
        period: &'a str,
    ) -> impl Iterator<Item = &'a Elasticity> {
        self.elasticities
            .iter()
            .filter(move |e| e.metric == metric && e.of == of && e.period == period)
    }
}

/// Number of resources of a plan: parts, technologies, caps.
fn resource_count(plan: &Plan) -> usize {
    plan.parts.len() + plan.technologies.len() + plan.accelerators.len()
}
