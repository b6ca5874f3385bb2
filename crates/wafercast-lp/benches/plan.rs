//! Speed of planning: a draw of `china` from reading its numbers to certified prices, and the parts of that.
//! Elements are draws.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a scenario that cannot be read should end the benchmark"
)]

#[path = "../tests/support/shipped.rs"]
mod shipped;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use wafercast::simulate::Sampling;
use wafercast_lp::clearing::Clearing;
use wafercast_lp::degeneracy::unique_prices;
use wafercast_lp::formulation::Formulation;
use wafercast_lp::scaling::Scaled;
use wafercast_lp::solve::solve;
use wafercast_lp::study::{Settings, Task, tasks};

/// Draws of a measurement: solves differ by a factor of two from draw to draw.
const DRAWS: u64 = 16;

fn china(first: Option<usize>) -> (Settings, Vec<Task>) {
    let shipped::Shipped { scenario, plan, .. } = shipped::shipped("china");
    let mut settings = Settings::of(&scenario);
    settings.first = first.unwrap_or(settings.first);
    let sampling = Sampling {
        draws: DRAWS,
        seed: scenario.run.seed,
        design: scenario.run.design,
    };
    let tasks = tasks(&plan, &scenario, sampling, 0..DRAWS, &settings);
    (settings, tasks)
}

fn plans(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plan china");
    group.throughput(Throughput::Elements(DRAWS));
    for (name, first) in [("from data_until", None), ("whole horizon", Some(0))] {
        let (settings, tasks) = china(first);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for task in &tasks {
                    assert!(black_box(task).plan(&settings).is_some());
                }
            });
        });
    }
    group.finish();
}

fn parts(criterion: &mut Criterion) {
    let (settings, tasks) = china(None);
    let mut group = criterion.benchmark_group("part");
    group.throughput(Throughput::Elements(DRAWS));
    group.bench_function("formulate", |bencher| {
        bencher.iter(|| {
            for task in &tasks {
                black_box(Formulation::new(&task.numbers, &task.aim(&settings, None)));
            }
        });
    });
    let programs: Vec<Formulation> = tasks
        .iter()
        .map(|task| Formulation::new(&task.numbers, &task.aim(&settings, None)))
        .collect();
    group.bench_function("scale", |bencher| {
        bencher.iter(|| {
            for formulation in &programs {
                black_box(Scaled::new(&formulation.program));
            }
        });
    });
    group.bench_function("solve and certify", |bencher| {
        bencher.iter(|| {
            for formulation in &programs {
                black_box(solve(&formulation.program).expect("an optimum"));
            }
        });
    });
    let solved: Vec<_> = programs
        .iter()
        .map(|formulation| solve(&formulation.program).expect("an optimum"))
        .collect();
    group.bench_function("label degenerate prices", |bencher| {
        bencher.iter(|| {
            for solved in &solved {
                black_box(unique_prices(solved).expect("labels"));
            }
        });
    });
    let clearing = Some(Clearing {
        flow_factor: settings.flow_factor,
    });
    group.throughput(Throughput::Elements(2));
    group.bench_function("plan with queues", |bencher| {
        bencher.iter(|| {
            for task in &tasks[..2] {
                assert!(black_box(task).plan_with(&settings, clearing).is_some());
            }
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(5));
    targets = plans, parts
}
criterion_main!(benches);
