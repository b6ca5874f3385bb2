//! Speed of the simulator: one lot-move, against the same run on a binary heap.
//!
//! The fab is generated: 60 families of 8 tools with breakdowns, two routes of 300 steps. Ratios within one run are what
//! counts; `BucketCalendar` and `HeapCalendar` give the same results event by event.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use wafercast_fab::calendar::{BucketCalendar, EventQueue, HeapCalendar};
use wafercast_fab::check::check;
use wafercast_fab::native;
use wafercast_fab::plan::{Plan, Reading, compile};
use wafercast_fab::simulate::Simulation;

fn fab() -> Plan {
    let mut text = String::new();
    for family in 0..60 {
        text += &format!(
            "[[family]]\nname = \"f{family}\"\narea = \"A\"\nlocation = \"F\"\ntools = 8\nload = \"1 min\"\nunload = \"1 min\"\nranking = [\"priority\", \"fifo\"]\n"
        );
    }
    for route in 0..2 {
        let steps: String = (0..300)
            .map(|step| {
                format!(
                    "  {{ id = \"{step}\", family = \"f{}\", process = \"40 ± 4 min\" }},\n",
                    (step * 7 + route * 3) % 60
                )
            })
            .collect();
        text += &format!(
            "[[route]]\nname = \"r{route}\"\nsteps = [\n{steps}]\n[[part]]\nname = \"p{route}\"\nroute = \"r{route}\"\n"
        );
        text += &format!(
            "[[order]]\nname = \"o{route}\"\npart = \"p{route}\"\ninterval = \"65 min\"\n"
        );
    }
    text += "[[breakdown]]\nname = \"b\"\ntime_to_failure = \"exponential 7 day\"\ntime_to_repair = \"exponential 6 hr\"\napplies_to = [{ area = \"A\" }]\n";
    text += "[[transport]]\nfrom = \"F\"\nto = \"F\"\ntime = \"7.5 ± 2.5 min\"\n";
    let (model, problems) = native::read("bench", "fab.toml", &text);
    let (model, problems) = check(model, problems);
    assert!(problems.is_empty(), "{problems:?}");
    compile(
        &model.unwrap_or_else(|| panic!("has errors")),
        Reading::default(),
    )
}

const DAYS: f64 = 30.0;

fn run<Q: EventQueue>(plan: &Plan) -> (u64, u64) {
    let result = Simulation::<Q>::new(plan, 1, 0).run_days(DAYS, 0.0);
    (result.moves, result.events)
}

fn simulation(criterion: &mut Criterion) {
    let plan = fab();
    let (moves, events) = run::<BucketCalendar>(&plan);
    for (unit, elements) in [("lot-moves", moves), ("events", events)] {
        let mut group = criterion.benchmark_group(format!("fab, {unit}"));
        group
            .throughput(Throughput::Elements(elements))
            .sample_size(10);
        group.bench_function("bucket calendar", |b| {
            b.iter(|| run::<BucketCalendar>(black_box(&plan)))
        });
        group.bench_function("binary heap", |b| {
            b.iter(|| run::<HeapCalendar>(black_box(&plan)))
        });
        group.finish();
    }
}

/// The queues alone: pop one, push one some way ahead, with 3,000 pending.
fn queues(criterion: &mut Criterion) {
    fn hold<Q: EventQueue>(rounds: u64) -> i64 {
        let mut queue = Q::default();
        let mut state = 1u64;
        let mut ahead = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((state >> 40) % 10_000_000) as i64
        };
        for _ in 0..3_000 {
            queue.push(ahead(), 0);
        }
        let mut now = 0;
        for _ in 0..rounds {
            now = queue.pop().map_or(now, |event| event.time);
            queue.push(now + ahead(), 0);
        }
        now
    }
    const ROUNDS: u64 = 200_000;
    let mut group = criterion.benchmark_group("hold, 3000 pending");
    group
        .throughput(Throughput::Elements(ROUNDS))
        .sample_size(10);
    group.bench_function("bucket calendar", |b| {
        b.iter(|| hold::<BucketCalendar>(black_box(ROUNDS)))
    });
    group.bench_function("binary heap", |b| {
        b.iter(|| hold::<HeapCalendar>(black_box(ROUNDS)))
    });
    group.finish();
}

criterion_group!(benches, simulation, queues);
criterion_main!(benches);
