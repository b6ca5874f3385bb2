//! Replications on threads: each is independent, so their number changes no result.

use rayon::prelude::*;
use wafercast_fab::calendar::BucketCalendar;
use wafercast_fab::plan::Plan;
use wafercast_fab::simulate::{RunResult, Simulation, State};
use wafercast_fab::span::{DAY, Millis};

use super::arguments::Simulated;
use crate::failure::Failure;
use crate::progress::Progress;

/// The simulation that the commands use.
pub type Fab<'p> = Simulation<'p, BucketCalendar>;

/// The results of all replications, in their order, and the end state of the first.
pub struct Replications {
    /// Results.
    pub results: Vec<RunResult>,
    /// End state of the first.
    pub first_state: Option<State<BucketCalendar>>,
}

/// Runs all replications.
pub fn replicate(
    plan: &Plan,
    simulated: &Simulated,
    restored: Option<&State<BucketCalendar>>,
    window: Option<(f64, f64)>,
) -> Result<Replications, Failure> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(simulated.threads.map_or(0, usize::from))
        .build()
        .map_err(|cause| {
            Failure::usage(
                format!("cannot start threads: {cause}"),
                "ask for fewer with `--threads`",
            )
        })?;
    let steps = 100u64;
    let total = simulated.days.ceil() as u64 * u64::from(simulated.replications);
    let done = std::sync::atomic::AtomicU64::new(0);
    let bar = std::sync::Mutex::new(Progress::new_of(total, 0, "days"));
    let runs: Vec<(RunResult, Option<State<BucketCalendar>>)> = pool.install(|| {
        (0..simulated.replications)
            .into_par_iter()
            .map(|replication| {
                let tick = || {
                    let done = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
                    if let Ok(mut bar) = bar.lock() {
                        bar.set(total * done / (steps * u64::from(simulated.replications)));
                    }
                };
                run_one(plan, simulated, replication, restored, window, steps, &tick)
            })
            .collect()
    });
    if let Ok(bar) = bar.into_inner() {
        bar.finish();
    }
    let mut results = Vec::new();
    let mut first_state = None;
    for (result, state) in runs {
        results.push(result);
        first_state = first_state.or(state);
    }
    Ok(Replications {
        results,
        first_state,
    })
}

fn run_one(
    plan: &Plan,
    simulated: &Simulated,
    replication: u32,
    restored: Option<&State<BucketCalendar>>,
    window: Option<(f64, f64)>,
    steps: u64,
    tick: &dyn Fn(),
) -> (RunResult, Option<State<BucketCalendar>>) {
    let mut fab = match restored {
        Some(state) => Fab::restore(plan, simulated.seed, replication, state.clone()),
        None => Fab::new(plan, simulated.seed, replication),
    };
    let start = fab.now();
    if let Some((from, to)) = window.filter(|_| replication == 0) {
        fab.trace(start + days(from), start + days(to));
    }
    let warm_up = days(simulated.warm_up);
    let end = days(simulated.days);
    let mut warm = warm_up == 0;
    for step in 1..=steps {
        let until = (end as i128 * i128::from(step) / i128::from(steps)) as Millis;
        if !warm && until >= warm_up {
            fab.run_until(start + warm_up);
            fab.forget_statistics();
            warm = true;
        }
        fab.run_until(start + until);
        tick();
    }
    let result = fab.result();
    (result, (replication == 0).then(|| fab.into_state()))
}

fn days(days: f64) -> Millis {
    (days * DAY as f64) as Millis
}
