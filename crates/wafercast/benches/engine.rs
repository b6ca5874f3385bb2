//! Speed of the engine on the scenario `china`: its stages per draw and month, whole draws with and without the tally, the
//! reference implementation as a baseline, and how a run scales over threads.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a scenario that cannot be read should end the benchmark"
)]

#[path = "../tests/support/disk.rs"]
mod disk;
#[path = "../tests/support/fact_base.rs"]
mod fact_base;

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use wafercast::check::{CheckOptions, check};
use wafercast::compile::compile;
use wafercast::draw::LANES;
use wafercast::load::{Limits, load};
use wafercast::plan::Plan;
use wafercast::reference;
use wafercast::scenario::{Design, Scenario};
use wafercast::simulate::{Results, Sampling, Simulation, Stage};

const SAMPLING: Sampling = Sampling {
    draws: 1 << 20,
    seed: 2027,
    design: Design::Lhs,
};
/// Draws of a measured run.
const DRAWS: u64 = 512;
/// Draws of a run that is shared by threads: long beside the start of a thread.
const RUN: u64 = 4096;

fn china() -> (Scenario, Plan) {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let facts = fact_base::facts(&scenarios.join("facts"));
    let disk = disk::Disk(scenarios);
    let loaded = load("china/scenario.toml", &disk, &[], &Limits::default());
    let checked = check(&loaded.document, &facts, &CheckOptions::default());
    let scenario = checked.scenario.expect("a shipped scenario");
    let plan = compile(&scenario);
    (scenario, plan)
}

/// One stage after the other on results that hold the stages before it; elements are months of draws.
fn stages(criterion: &mut Criterion) {
    let (_, plan) = china();
    let simulation = Simulation::new(&plan, SAMPLING);
    let mut results = Results::new(&plan);
    simulation.group(0, &mut results);
    let mut group = criterion.benchmark_group("stage");
    group.throughput(Throughput::Elements((LANES * plan.months) as u64));
    for stage in Stage::ALL {
        group.bench_function(format!("{stage:?}"), |bencher| {
            bencher.iter(|| simulation.stage(stage, black_box(0), &mut results));
        });
    }
}

/// Whole draws; elements are draws.
fn draws(criterion: &mut Criterion) {
    let (scenario, plan) = china();
    let simulation = Simulation::new(&plan, SAMPLING);
    let mut results = Results::new(&plan);
    let mut group = criterion.benchmark_group("draw");
    group.throughput(Throughput::Elements(DRAWS));
    group.bench_function("simulate", |bencher| {
        bencher.iter(|| {
            for first in (0..DRAWS).step_by(LANES) {
                simulation.group(black_box(first), &mut results);
            }
        });
    });
    group.bench_function("simulate and tally", |bencher| {
        bencher.iter(|| simulation.tally(black_box(0)..DRAWS));
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("reference", |bencher| {
        bencher.iter(|| reference::simulate(&scenario, SAMPLING, black_box(0)));
    });
}

/// The same draws by one thread and by two, each with working space of its own from the start of a run; elements are draws.
fn threads(criterion: &mut Criterion) {
    let (_, plan) = china();
    let simulation = Simulation::new(&plan, SAMPLING);
    let mut spaces = [Results::new(&plan), Results::new(&plan)];
    let mut group = criterion.benchmark_group("threads");
    group.throughput(Throughput::Elements(RUN));
    for threads in [1, 2] {
        group.bench_function(threads.to_string(), |bencher| {
            bencher.iter(|| {
                std::thread::scope(|scope| {
                    for (thread, results) in (0..threads).zip(&mut spaces) {
                        let simulation = &simulation;
                        scope.spawn(move || {
                            let share = RUN / threads;
                            for first in (thread * share..(thread + 1) * share).step_by(LANES) {
                                simulation.group(black_box(first), results);
                            }
                        });
                    }
                });
            });
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(2));
    targets = stages, draws, threads
}
criterion_main!(benches);
