//! The answer of several replications: means with confidence intervals, by order, family, area and tool.

use serde::{Deserialize, Serialize};

use crate::plan::Plan;
use crate::simulate::{RunResult, TOOL_STATES, ToolState};
use crate::span::{DAY, HOUR, Millis};

/// A mean over replications with its 95 % confidence half width.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Mean.
    pub mean: f64,
    /// Half width of the 95 % confidence interval; absent with one replication.
    pub half_width: Option<f64>,
}

impl Estimate {
    /// From one value of each replication. Student's t, since replications are few.
    pub fn new(values: &[f64]) -> Estimate {
        let n = values.len();
        let mean = values.iter().sum::<f64>() / n.max(1) as f64;
        let half_width = (n > 1).then(|| {
            let variance = values
                .iter()
                .map(|value| (value - mean) * (value - mean))
                .sum::<f64>();
            student_t(n - 1) * (variance / (n - 1) as f64 / n as f64).sqrt()
        });
        Estimate { mean, half_width }
    }
}

/// The 97.5 % quantile of Student's t with `freedom` degrees of freedom (tabulated; beyond 30 by Cornish–Fisher to
/// second order, exact to 4 digits there).
pub fn student_t(freedom: usize) -> f64 {
    const TABLE: [f64; 30] = [
        12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010,
        2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739,
        2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
    ];
    match freedom {
        0 => f64::INFINITY,
        1..=30 => TABLE[freedom - 1],
        _ => {
            let (z, n) = (1.959_964, freedom as f64);
            let z3 = z * z * z;
            z + (z3 + z) / (4.0 * n) + (5.0 * z3 * z * z + 16.0 * z3 + 3.0 * z) / (96.0 * n * n)
        }
    }
}

/// The answer of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// What this is: `wafercast-fab/summary/1`.
    pub format: &'static str,
    /// Model.
    pub model: String,
    /// Seed of the draws.
    pub seed: u64,
    /// Replications.
    pub replications: usize,
    /// Simulated days, the warm-up included.
    pub days: f64,
    /// Days before statistics began.
    pub warm_up_days: f64,
    /// Events of all replications.
    pub events: u64,
    /// Lot-moves a day.
    pub moves_per_day: Estimate,
    /// Average number of lots in the fab.
    pub work_in_process: Estimate,
    /// Finished lots a day.
    pub lots_per_day: Estimate,
    /// Finished wafers a day.
    pub wafers_per_day: Estimate,
    /// By order.
    pub orders: Vec<OrderSummary>,
    /// By area.
    pub areas: Vec<GroupSummary>,
    /// By family.
    pub families: Vec<FamilySummary>,
    /// By tool, averaged over replications.
    pub tools: Vec<ToolSummary>,
    /// By day, averaged over replications.
    pub series: Vec<DaySummary>,
}

/// Lots of an order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderSummary {
    /// Order.
    pub order: String,
    /// Name of its lots.
    pub lot: String,
    /// Lots released.
    pub released: Estimate,
    /// Lots finished.
    pub finished: Estimate,
    /// Mean cycle time, in days.
    pub cycle_time_days: Estimate,
    /// Percentiles 5, 50, 95 of the cycle time over all lots of all replications, in days.
    pub cycle_time_percentiles: [f64; 3],
    /// Cycle time ÷ expected time without waiting. Absent for lots that began within their route.
    pub flow_factor: Option<f64>,
    /// Average number of lots in the fab.
    pub work_in_process: Estimate,
    /// Percentage of finished lots with a due date that met it.
    pub on_time_percent: Estimate,
    /// Mean lateness beyond the due date over all finished lots, early ones counting 0, in days.
    pub tardiness_days: Estimate,
    /// Queue-time windows closed.
    pub windows: Estimate,
    /// Percentage of these that closed too late.
    pub violations_percent: Estimate,
}

/// Times of a group of tools, in percent of total time, in the terms of SEMI E10.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupSummary {
    /// Name.
    pub name: String,
    /// Number of tools.
    pub tools: u32,
    /// Neither in repair nor in maintenance.
    pub availability: Estimate,
    /// Productive or in setup, in percent of available time.
    pub utilization: Estimate,
    /// Standby time.
    pub standby: Estimate,
    /// Productive time.
    pub productive: Estimate,
    /// Setup: scheduled downtime.
    pub setup: Estimate,
    /// Maintenance: scheduled downtime.
    pub maintenance: Estimate,
    /// Repair: unscheduled downtime.
    pub repair: Estimate,
    /// Non-scheduled time: tools that had not come yet.
    pub absent: Estimate,
}

/// A family.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FamilySummary {
    /// Its area.
    pub area: String,
    /// Times.
    #[serde(rename = "times")]
    pub group: GroupSummary,
    /// Lots processed a day.
    pub lots_per_day: Estimate,
    /// Mean waiting time, in hours.
    pub waiting_hours: Estimate,
    /// Average number of waiting lots, by Little's law.
    pub queue: Estimate,
    /// Lots a job.
    pub lots_per_job: Estimate,
    /// Lots between setup changes; absent without changes.
    pub lots_per_setup: Option<f64>,
    /// Overall equipment effectiveness after SEMI E79, in percent: theoretical time of the wafers made ÷ total time.
    /// No quality losses are modelled, so it is availability × operational × rate efficiency.
    pub oee: Estimate,
}

/// A tool.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ToolSummary {
    /// Family.
    pub family: String,
    /// Number within it, from 1.
    pub number: u32,
    /// Percent of time in each state, in the order of [`ToolState::ALL`].
    pub percent: [f64; TOOL_STATES],
}

/// A day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DaySummary {
    /// End of the day, in days from the start.
    pub day: f64,
    /// Lots in the fab.
    pub work_in_process: f64,
    /// Lot-moves of the day.
    pub moves: f64,
    /// Lots finished on the day.
    pub finished: f64,
    /// Mean cycle time of the lots finished on the day that were released by an order, in days.
    pub cycle_time_days: Option<f64>,
    /// Tools in repair or maintenance.
    pub tools_out: f64,
}

/// What the summary needs besides the results.
#[derive(Debug, Clone, Copy)]
pub struct RunParameters<'a> {
    /// Model.
    pub model: &'a str,
    /// Seed.
    pub seed: u64,
    /// Days.
    pub days: f64,
    /// Warm-up.
    pub warm_up_days: f64,
}

/// Summarizes replications of one plan. The order of `results` is that of the replications.
pub fn summarize(plan: &Plan, results: &[RunResult], parameters: RunParameters<'_>) -> Summary {
    let each = |value: &dyn Fn(&RunResult) -> f64| {
        Estimate::new(&results.iter().map(value).collect::<Vec<f64>>())
    };
    let days = |run: &RunResult| ((run.ended - run.began).max(1)) as f64 / DAY as f64;
    let wafers = |run: &RunResult| {
        run.completions
            .iter()
            .map(|lot| f64::from(lot.wafers))
            .sum::<f64>()
    };
    let capacity = crate::capacity::capacity(plan);
    Summary {
        format: "wafercast-fab/summary/1",
        model: parameters.model.to_owned(),
        seed: parameters.seed,
        replications: results.len(),
        days: parameters.days,
        warm_up_days: parameters.warm_up_days,
        events: results.iter().map(|run| run.events).sum(),
        moves_per_day: each(&|run| run.moves as f64 / days(run)),
        work_in_process: each(&|run| run.orders.iter().map(|order| order.average_present).sum()),
        lots_per_day: each(&|run| run.completions.len() as f64 / days(run)),
        wafers_per_day: each(&|run| wafers(run) / days(run)),
        orders: orders(plan, results, &capacity.raw_process_days),
        areas: areas(plan, results),
        families: families(plan, results),
        tools: tools(plan, results),
        series: series(plan, results),
    }
}

fn orders(plan: &Plan, results: &[RunResult], raw: &[f64]) -> Vec<OrderSummary> {
    (0..plan.orders.len())
        .map(|at| {
            let order = &plan.orders[at];
            let own: Vec<Vec<_>> = results
                .iter()
                .map(|run| {
                    run.completions
                        .iter()
                        .filter(|lot| lot.order as usize == at)
                        .collect()
                })
                .collect();
            let cycle =
                |lot: &crate::simulate::Completion| (lot.finish - lot.release) as f64 / DAY as f64;
            let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
            let with = |value: &dyn Fn(&crate::simulate::Completion) -> Option<f64>| {
                let means: Vec<f64> = own
                    .iter()
                    .map(|lots| mean(lots.iter().filter_map(|lot| value(lot)).collect()))
                    .filter(|mean| mean.is_finite())
                    .collect();
                Estimate::new(&means)
            };
            let counts = |value: &dyn Fn(&crate::simulate::OrderResult) -> f64| {
                Estimate::new(
                    &results
                        .iter()
                        .map(|run| value(&run.orders[at]))
                        .collect::<Vec<f64>>(),
                )
            };
            let mut cycles: Vec<f64> = own.iter().flatten().map(|lot| cycle(lot)).collect();
            cycles.sort_by(f64::total_cmp);
            let due =
                |lot: &crate::simulate::Completion| (lot.due != Millis::MAX).then_some(lot.due);
            let cycle_time_days = with(&|lot| Some(cycle(lot)));
            OrderSummary {
                order: order.name.clone(),
                lot: order.lot.clone(),
                released: counts(&|order| order.released as f64),
                finished: counts(&|order| order.finished as f64),
                flow_factor: (order.releases > 0 && raw[at] > 0.0 && !cycles.is_empty())
                    .then(|| cycle_time_days.mean / raw[at]),
                cycle_time_days,
                cycle_time_percentiles: [0.05, 0.5, 0.95].map(|q| percentile(&cycles, q)),
                work_in_process: counts(&|order| order.average_present),
                on_time_percent: with(&|lot| {
                    due(lot).map(|due| if lot.finish <= due { 100.0 } else { 0.0 })
                }),
                tardiness_days: with(&|lot| {
                    due(lot).map(|due| (lot.finish - due).max(0) as f64 / DAY as f64)
                }),
                windows: counts(&|order| order.windows as f64),
                violations_percent: counts(&|order| {
                    100.0 * order.violations as f64 / (order.windows.max(1)) as f64
                }),
            }
        })
        .collect()
}

/// A percentile of sorted values, by linear interpolation; 0 of none.
pub fn percentile(sorted: &[f64], q: f64) -> f64 {
    if sorted.is_empty() {
        return 0.0;
    }
    let place = q * (sorted.len() - 1) as f64;
    let below = place as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}

/// Times of the tools for which `belongs` holds.
fn group(results: &[RunResult], name: &str, tools: &[u32]) -> GroupSummary {
    let shares: Vec<[f64; TOOL_STATES]> = results
        .iter()
        .map(|run| {
            let total = ((run.ended - run.began).max(1)) as f64 * tools.len().max(1) as f64;
            let mut sums = [0.0; TOOL_STATES];
            for &tool in tools {
                for (sum, &time) in sums.iter_mut().zip(&run.tools[tool as usize]) {
                    *sum += time as f64;
                }
            }
            sums.map(|sum| 100.0 * sum / total)
        })
        .collect();
    let each = |value: &dyn Fn(&[f64; TOOL_STATES]) -> f64| {
        Estimate::new(&shares.iter().map(value).collect::<Vec<f64>>())
    };
    let state = |state: ToolState| each(&|share| share[state as usize]);
    let available = |share: &[f64; TOOL_STATES]| {
        100.0
            - share[ToolState::Maintenance as usize]
            - share[ToolState::Repair as usize]
            - share[ToolState::Absent as usize]
    };
    GroupSummary {
        name: name.to_owned(),
        tools: tools.len() as u32,
        availability: each(&available),
        utilization: each(&|share| {
            let busy = share[ToolState::Productive as usize] + share[ToolState::Setup as usize];
            100.0 * busy / available(share).max(1e-9)
        }),
        standby: state(ToolState::Standby),
        productive: state(ToolState::Productive),
        setup: state(ToolState::Setup),
        maintenance: state(ToolState::Maintenance),
        repair: state(ToolState::Repair),
        absent: state(ToolState::Absent),
    }
}

fn areas(plan: &Plan, results: &[RunResult]) -> Vec<GroupSummary> {
    (0..)
        .zip(&plan.areas)
        .map(|(area, name)| {
            let tools: Vec<u32> = (0..plan.tool_family.len() as u32)
                .filter(|&tool| {
                    plan.families[plan.tool_family[tool as usize] as usize].area == area
                })
                .collect();
            group(results, name, &tools)
        })
        .collect()
}

fn families(plan: &Plan, results: &[RunResult]) -> Vec<FamilySummary> {
    plan.families
        .iter()
        .enumerate()
        .map(|(at, family)| {
            let tools: Vec<u32> = (family.first_tool..family.first_tool + family.tools).collect();
            let each = |value: &dyn Fn(&RunResult) -> f64| {
                Estimate::new(&results.iter().map(value).collect::<Vec<f64>>())
            };
            let length = |run: &RunResult| (run.ended - run.began).max(1) as f64;
            let total = |value: &dyn Fn(&crate::simulate::FamilyResult) -> u64| {
                results
                    .iter()
                    .map(|run| value(&run.families[at]))
                    .sum::<u64>() as f64
            };
            let setups = total(&|counts| counts.setups);
            FamilySummary {
                area: plan.areas[family.area as usize].clone(),
                group: group(results, &family.name, &tools),
                lots_per_day: each(&|run| run.families[at].moves as f64 / length(run) * DAY as f64),
                waiting_hours: each(&|run| {
                    let counts = &run.families[at];
                    counts.waiting as f64 / counts.moves.max(1) as f64 / HOUR as f64
                }),
                queue: each(&|run| run.families[at].waiting as f64 / length(run)),
                lots_per_job: each(&|run| {
                    let counts = &run.families[at];
                    counts.moves as f64 / counts.jobs.max(1) as f64
                }),
                lots_per_setup: (setups > 0.0).then(|| total(&|counts| counts.moves) / setups),
                oee: each(&|run| {
                    100.0 * run.families[at].theoretical
                        / (length(run) * f64::from(family.tools).max(1.0))
                }),
            }
        })
        .collect()
}

fn tools(plan: &Plan, results: &[RunResult]) -> Vec<ToolSummary> {
    (0..plan.tool_family.len())
        .map(|tool| {
            let family = &plan.families[plan.tool_family[tool] as usize];
            let mut percent = [0.0; TOOL_STATES];
            for run in results {
                let length = (run.ended - run.began).max(1) as f64 * results.len() as f64;
                for (sum, &time) in percent.iter_mut().zip(&run.tools[tool]) {
                    *sum += 100.0 * time as f64 / length;
                }
            }
            ToolSummary {
                family: family.name.clone(),
                number: tool as u32 - family.first_tool + 1,
                percent,
            }
        })
        .collect()
}

fn series(plan: &Plan, results: &[RunResult]) -> Vec<DaySummary> {
    let days = results
        .iter()
        .map(|run| run.samples.len())
        .min()
        .unwrap_or(0);
    let n = results.len().max(1) as f64;
    // Cycle times by day of finish, of lots that orders released.
    let mut cycles = vec![(0.0, 0u64); days];
    for run in results {
        for lot in &run.completions {
            let day = ((lot.finish - run.began) / DAY) as usize;
            if day < days && plan.orders[lot.order as usize].releases > 0 {
                cycles[day].0 += (lot.finish - lot.release) as f64 / DAY as f64;
                cycles[day].1 += 1;
            }
        }
    }
    (0..days)
        .map(|at| {
            let mean = |value: &dyn Fn(&crate::simulate::Sample) -> u64| {
                results
                    .iter()
                    .map(|run| value(&run.samples[at]) as f64)
                    .sum::<f64>()
                    / n
            };
            let gain = |value: &dyn Fn(&crate::simulate::Sample) -> u64| {
                let before = if at == 0 {
                    0.0
                } else {
                    results
                        .iter()
                        .map(|run| value(&run.samples[at - 1]) as f64)
                        .sum::<f64>()
                        / n
                };
                mean(value) - before
            };
            DaySummary {
                day: results
                    .first()
                    .map_or(0.0, |run| run.samples[at].time as f64 / DAY as f64),
                work_in_process: mean(&|sample| sample.lots),
                moves: gain(&|sample| sample.moves),
                finished: gain(&|sample| sample.finished),
                cycle_time_days: (cycles[at].1 > 0).then(|| cycles[at].0 / cycles[at].1 as f64),
                tools_out: mean(&|sample| u64::from(sample.tools_down)),
            }
        })
        .collect()
}
