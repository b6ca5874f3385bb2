//! Elasticity of output to each resource, by finite differences on the same draws.

use wafercast::draw::{LANES, Lanes};
use wafercast::experiment::{Experiment, Outcome, Scaling};
use wafercast::metric::{Depth, Metric};
use wafercast::plan::Plan;
use wafercast::scenario::Scenario;
use wafercast::simulate::Sampling;

use super::{BindingOptions, Elasticity, METRICS, resource_count};
use crate::moments::RatioOfMeans;
use crate::pieces::over_pieces;

/// The outputs whose elasticity is asked for.
struct Outputs {
    /// Home's accelerators.
    accelerators: Vec<usize>,
    /// Years: label and months.
    years: Vec<(String, std::ops::Range<usize>)>,
}

impl Outputs {
    fn of(plan: &Plan) -> Outputs {
        Outputs {
            accelerators: (0..plan.accelerators.len())
                .filter(|&k| plan.accelerators[k].home)
                .collect(),
            years: plan
                .horizon
                .years()
                .into_iter()
                .map(|(label, span)| (label, span.months()))
                .collect(),
        }
    }

    /// Home in each metric, then each accelerator in units; each by year.
    fn count(&self) -> usize {
        (METRICS.len() + self.accelerators.len()) * self.years.len()
    }

    /// Metric and thing of an output.
    fn name(&self, output: usize, scenario: &Scenario) -> (&'static str, String) {
        let thing = output / self.years.len();
        match METRICS.get(thing) {
            Some((metric, _)) => (metric, "home".to_owned()),
            None => {
                let k = self.accelerators[thing - METRICS.len()];
                let id = &scenario.accelerators[k].id;
                (METRICS[0].0, format!("accelerator:{id}"))
            }
        }
    }

    /// Reads all outputs of a group of draws.
    fn read(&self, outcome: &Outcome, out: &mut [Lanes]) {
        let years = self.years.len();
        out[..METRICS.len() * years].fill(Lanes::splat(0.0));
        for (place, &k) in self.accelerators.iter().enumerate() {
            let delivered = outcome.delivered(k, Depth::Designed);
            let compute = outcome.factor(k, Metric::H100e, 0);
            for (y, (_, months)) in self.years.iter().enumerate() {
                let mut units = Lanes::splat(0.0);
                let mut value = Lanes::splat(0.0);
                for month in months.clone() {
                    let price = outcome.factor(k, Metric::Value, month);
                    for lane in 0..LANES {
                        units[lane] += delivered[month][lane];
                        value[lane] += delivered[month][lane] * price[lane];
                    }
                }
                out[(METRICS.len() + place) * years + y] = units;
                for lane in 0..LANES {
                    out[y][lane] += units[lane];
                    out[years + y][lane] += units[lane] * compute[lane];
                    out[2 * years + y][lane] += value[lane];
                }
            }
        }
    }
}

/// Elasticities that are not zero, by output and then the largest first.
pub(super) fn study(
    plan: &Plan,
    scenario: &Scenario,
    sampling: Sampling,
    options: &BindingOptions,
    name: &dyn Fn(usize) -> String,
) -> Vec<Elasticity> {
    let outputs = Outputs::of(plan);
    let resources: Vec<usize> = used(plan);
    let scalings: Vec<Scaling> = resources
        .iter()
        .flat_map(|&resource| {
            [1.0 + options.step, 1.0 - options.step].map(|factor| Scaling {
                resource,
                months: options.from..plan.months,
                factor,
            })
        })
        .collect();
    let experiment = Experiment::new(plan, sampling, Vec::new());
    let count = outputs.count();
    let ratios = over_pieces(
        sampling.draws,
        |draws| {
            let mut ratios = vec![RatioOfMeans::default(); resources.len() * count];
            let [mut base, mut raised, mut lowered] =
                [(); 3].map(|()| vec![Lanes::splat(0.0); count]);
            experiment.each_scaled(draws, &scalings, |scaling, outcome| match scaling {
                None => outputs.read(outcome, &mut base),
                Some(index) if index % 2 == 0 => outputs.read(outcome, &mut raised),
                Some(index) => {
                    outputs.read(outcome, &mut lowered);
                    let from = index / 2 * count;
                    for (output, ratio) in ratios[from..from + count].iter_mut().enumerate() {
                        for lane in outcome.lanes.clone() {
                            let difference = raised[output][lane] - lowered[output][lane];
                            ratio.add(difference / (2.0 * options.step), base[output][lane]);
                        }
                    }
                }
            });
            ratios
        },
        |whole, part| {
            for (ratio, further) in whole.iter_mut().zip(&part) {
                ratio.merge(further);
            }
        },
    )
    .unwrap_or_default();
    let mut rows = Vec::new();
    for output in 0..count {
        let (metric, of) = outputs.name(output, scenario);
        let begin = rows.len();
        for (place, &resource) in resources.iter().enumerate() {
            let Some(ratio) = ratios.get(place * count + output) else {
                continue;
            };
            if ratio.ratio() != 0.0 {
                rows.push(Elasticity {
                    resource: name(resource),
                    metric: metric.to_owned(),
                    of: of.clone(),
                    period: outputs.years[output % outputs.years.len()].0.clone(),
                    value: ratio.ratio(),
                    standard_error: ratio.standard_error(),
                });
            }
        }
        rows[begin..].sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    }
    rows
}

/// Resources that a bill of materials or a cap uses.
fn used(plan: &Plan) -> Vec<usize> {
    let mut is_used = vec![false; resource_count(plan)];
    for item in &plan.items {
        for (part, _) in &item.parts {
            is_used[*part] = true;
        }
        if let Some(technology) = item.technology {
            is_used[plan.parts.len() + technology] = true;
        }
    }
    for (k, accelerator) in plan.accelerators.iter().enumerate() {
        is_used[plan.parts.len() + plan.technologies.len() + k] = accelerator.cap.is_some();
    }
    (0..is_used.len())
        .filter(|&resource| is_used[resource])
        .collect()
}
