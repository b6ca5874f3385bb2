//! Tally → summary: percentiles, claims, what binds, history, inputs and sources. Does not depend on how the draws
//! were split.

mod answers;
mod inputs;
mod workloads;

use crate::facts::FactBase;
use crate::plan::Plan;
use crate::scenario::{Allocation, Design, Scenario};
use crate::simulate::Sampling;
use crate::source_map::SourceMap;
use crate::summary::{Binding, Example, Headline, Name, RunInfo, SCHEMA, Series, Summary};
use crate::tally::{Bindings, Tally, resource_count, share};
use crate::tracks::depth_name;

/// What the summary says about the run besides its numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct RunContext {
    /// Shipped name or path, as given.
    pub scenario_name: String,
    /// The command that reproduces the run.
    pub command: String,
    /// Changes made with `--set`.
    pub set: Vec<String>,
    /// How the draws were made.
    pub sampling: Sampling,
}

/// Summarises a run.
pub fn summarize(
    plan: &Plan,
    scenario: &Scenario,
    facts: &FactBase,
    sources: &SourceMap,
    tally: &Tally,
    context: &RunContext,
) -> Summary {
    let series = series(plan, tally);
    Summary {
        schema: SCHEMA.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        run: run_info(plan, scenario, tally, context),
        headline: headline(plan, scenario, &series),
        claims: answers::claims(plan, scenario, tally),
        binding: binding(plan, scenario, tally),
        history: answers::history(plan, scenario, tally),
        examples: examples(plan, tally),
        inputs: inputs::inputs(scenario, sources),
        sources: inputs::sources(scenario, facts),
        names: names(scenario),
        workloads: workloads::workloads(plan, scenario),
        series,
    }
}

fn run_info(plan: &Plan, scenario: &Scenario, tally: &Tally, context: &RunContext) -> RunInfo {
    RunInfo {
        scenario: context.scenario_name.clone(),
        title: scenario.title.clone(),
        description: scenario.description.clone(),
        home: scenario.home.clone(),
        from: plan.horizon.month_label(0),
        to: plan.horizon.month_label(plan.months - 1),
        data_until: scenario
            .data_until
            .map(|date| format!("{:04}-{:02}", date.year, date.month)),
        as_of: scenario.as_of.map(|date| date.to_string()),
        draws: tally.draws(),
        seed: context.sampling.seed,
        design: match context.sampling.design {
            Design::Lhs => "lhs",
            Design::Random => "random",
            Design::Sobol => "sobol",
        }
        .to_owned(),
        allocation: (scenario.run.allocation == Allocation::Optimal).then(|| "optimal".to_owned()),
        set: context.set.clone(),
        plan_hash: plan.hash(),
        command: context.command.clone(),
    }
}

fn series(plan: &Plan, tally: &Tally) -> Vec<Series> {
    let mut series = Vec::with_capacity(plan.tracks.slots);
    for (t, track) in plan.tracks.tracks.iter().enumerate() {
        for (p, period) in track.periods.iter().enumerate() {
            let histogram = &tally.series[plan.tracks.first[t] + p];
            let yearly = period.is_year();
            series.push(Series {
                metric: track.metric.clone(),
                of: track.of.clone(),
                depth: track.depth.map(|depth| depth_name(depth).to_owned()),
                period: period.label.clone(),
                unit: track.unit.clone(),
                stats: histogram.stats(),
                dots: (yearly && track.main).then(|| {
                    (0..50)
                        .map(|i| histogram.quantile((2 * i + 1) as f64 / 100.0))
                        .collect()
                }),
            });
        }
    }
    series
}

/// The answer's numbers: self-sufficiency and output of home in the first whole year after the data end (else the last
/// whole year), by units, compute and money, and how output grew over the year before.
fn headline(plan: &Plan, scenario: &Scenario, series: &[Series]) -> Vec<Headline> {
    let years = plan.horizon.years();
    let known = scenario.data_until.map_or(i32::MIN, |date| date.year);
    let next = years
        .iter()
        .find(|(label, _)| label.parse::<i32>().is_ok_and(|year| year > known));
    let Some((year, _)) = next.or(years.last()) else {
        return Vec::new();
    };
    let wanted = [
        ("share_of_purchases", "share_of_purchases:units", "designed"),
        ("share_of_purchases", "share_of_purchases:h100e", "designed"),
        (
            "share_of_purchases",
            "share_of_purchases:h100e",
            "fabricated",
        ),
        ("share_of_purchases", "share_of_purchases:h100e", "fully"),
        ("share_of_purchases", "share_of_purchases:value", "designed"),
        ("coverage", "coverage:value", "designed"),
        ("coverage", "coverage:h100e", "designed"),
        ("units", "units", "designed"),
        ("units", "units", "fabricated"),
        ("units", "units", "fully"),
    ];
    let mut headline = Vec::new();
    for (kind, metric, depth) in wanted {
        let found = series.iter().find(|s| {
            s.metric == metric
                && s.of == "home"
                && s.depth.as_deref() == Some(depth)
                && &s.period == year
        });
        if let Some(s) = found {
            headline.push(Headline {
                kind: kind.to_owned(),
                metric: metric.split(':').next_back().unwrap_or(metric).to_owned(),
                of: s.of.clone(),
                depth: s.depth.clone(),
                period: s.period.clone(),
                unit: s.unit.clone(),
                stats: s.stats,
            });
        }
    }
    headline
}

/// Name of a resource: `die:…`, `memory:…`, `packaging:…`, `cap:…`.
pub fn resource_name(scenario: &Scenario, resource: usize) -> String {
    let (dies, memories, technologies) = (
        scenario.dies.len(),
        scenario.memories.len(),
        scenario.technologies.len(),
    );
    if resource < dies {
        format!("die:{}", scenario.dies[resource].id)
    } else if resource < dies + memories {
        format!("memory:{}", scenario.memories[resource - dies].id)
    } else if resource < dies + memories + technologies {
        format!(
            "packaging:{}",
            scenario.technologies[resource - dies - memories]
        )
    } else {
        format!(
            "cap:{}",
            scenario.accelerators[resource - dies - memories - technologies].id
        )
    }
}

fn binding(plan: &Plan, scenario: &Scenario, tally: &Tally) -> Vec<Binding> {
    let mut rows = Vec::new();
    let draws = tally.draws();
    for resource in 0..resource_count(plan) {
        for m in 0..plan.months {
            let parts = tally.home_binding[resource * plan.months + m];
            if parts > 0 {
                rows.push(Binding {
                    accelerator: "home".to_owned(),
                    resource: resource_name(scenario, resource),
                    month: plan.horizon.month_label(m),
                    share: share(parts, draws),
                });
            }
        }
    }
    for (pair, (k, resource)) in Bindings::of(plan).pairs.iter().enumerate() {
        for m in 0..plan.months {
            let count = tally.binding[pair * plan.months + m];
            if count > 0 {
                rows.push(Binding {
                    accelerator: scenario.accelerators[*k].id.clone(),
                    resource: resource_name(scenario, *resource),
                    month: plan.horizon.month_label(m),
                    share: f64::from(count) / draws as f64,
                });
            }
        }
    }
    rows
}

/// Example futures of home and of each designer: deliveries in units.
fn examples(plan: &Plan, tally: &Tally) -> Vec<Example> {
    let mut examples = Vec::new();
    let main = plan.tracks.tracks.iter().filter(|track| track.main);
    for (t, track) in main.enumerate() {
        let shown =
            track.of == "home" || (track.metric == "units" && track.of.starts_with("designer:"));
        if !shown || track.metric.starts_with("installed") {
            continue;
        }
        for (draw, values) in &tally.examples {
            examples.push(Example {
                draw: *draw,
                metric: track.metric.clone(),
                of: track.of.clone(),
                depth: track.depth.map(|depth| depth_name(depth).to_owned()),
                values: values[t * plan.months..(t + 1) * plan.months].to_vec(),
            });
        }
    }
    examples
}

fn names(scenario: &Scenario) -> Vec<Name> {
    let mut names = Vec::new();
    let mut push = |kind: &str, id: &str, name: &str, group: Option<&str>| {
        names.push(Name {
            id: format!("{kind}:{id}"),
            name: name.to_owned(),
            group: group.map(str::to_owned),
        });
    };
    for a in &scenario.accelerators {
        push("accelerator", &a.id, &a.name, Some(&a.designer));
    }
    for i in &scenario.imports {
        push("import", &i.id, &i.name, Some(&i.designer));
    }
    for d in &scenario.dies {
        push("die", &d.id, &d.name, None);
    }
    for m in &scenario.memories {
        push("memory", &m.id, &m.name, None);
    }
    for f in &scenario.fabs {
        push("fab", &f.id, &f.name, Some(&f.owner));
    }
    for p in &scenario.processes {
        push("process", &p.id, &p.name, None);
    }
    for t in &scenario.technologies {
        push("packaging", t, t, None);
    }
    for d in &scenario.demands {
        push("demand", &d.id, &d.name, None);
    }
    for w in &scenario.workloads {
        push("workload", &w.id, &w.name, None);
    }
    for e in &scenario.events {
        push("event", &e.id, &e.name, None);
    }
    for s in &scenario.stockpiles {
        push("stockpile", &s.id, &s.name, None);
    }
    names
}
