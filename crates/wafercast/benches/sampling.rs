//! Speed of draws: the elementary kernels per element, the stages of one draw, and a whole small study: 10⁶ draws of the
//! sum and of the product of ten lognormals, with percentiles.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use wafercast::distribution::Distribution;
use wafercast::draw::{LANES, Lanes, Sampler, Stream, kernel, percentiles};
use wafercast::scenario::Design;

const COUNT: usize = 8192;

type InPlace = fn(&mut [f64]);

fn kernels(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("kernel");
    group.throughput(Throughput::Elements(COUNT as u64));
    let cases: [(&str, InPlace, f64, f64); 5] = [
        ("exp", kernel::slice::exp, -20.0, 20.0),
        ("ln", kernel::slice::ln, 1e-3, 1e3),
        ("logistic", kernel::slice::logistic, -20.0, 20.0),
        ("normal_quantile", kernel::slice::normal_quantile, 0.0, 1.0),
        ("normal_cdf", kernel::slice::normal_cdf, -8.0, 8.0),
    ];
    for (name, function, low, high) in cases {
        let values: Vec<f64> = (0..COUNT)
            .map(|k| low + (high - low) * (k as f64 + 0.5) / COUNT as f64)
            .collect();
        let run = |bencher: &mut criterion::Bencher<'_>| {
            bencher.iter_batched_ref(
                || values.clone(),
                |v| function(black_box(v)),
                BatchSize::SmallInput,
            );
        };
        group.bench_function(name, run);
    }
}

fn stages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("draw");
    group.throughput(Throughput::Elements(COUNT as u64));
    let mut scores: Vec<Lanes> = vec![Lanes::splat(0.0); COUNT / LANES];
    for design in [Design::Random, Design::Lhs, Design::Sobol] {
        let stream = Stream::new(1, "quantity", design, 1_000_000);
        group.bench_function(format!("normal_scores/{design:?}"), |bencher| {
            bencher.iter(|| stream.fill_normal_scores(black_box(0), &mut scores));
        });
    }
    let beta = Distribution::Beta {
        alpha: 2.0,
        beta: 4.0,
        a: 0.0,
        b: 1.0,
    };
    let lognormal = |mu| Distribution::Lognormal { mu, sigma: 0.4 };
    let atom = Distribution::Mixture(vec![(0.3, Distribution::Point(0.0)), (0.7, lognormal(0.0))]);
    let pooled = Distribution::Mixture(
        (0..5)
            .map(|k| (0.2, lognormal(0.3 * f64::from(k))))
            .collect(),
    );
    let cases = [
        ("lognormal", lognormal(0.0)),
        (
            "logit-normal",
            Distribution::LogitNormal {
                mu: 0.0,
                sigma: 1.0,
            },
        ),
        (
            "triangular",
            Distribution::Triangular {
                a: 0.0,
                mode: 1.0,
                b: 4.0,
            },
        ),
        ("beta", beta),
        ("mixture", pooled),
        ("mixture with an atom", atom),
    ];
    for (name, distribution) in cases {
        let sampler = Sampler::new(&distribution);
        group.bench_function(format!("sampler/{name}"), |bencher| {
            bencher.iter_batched_ref(
                || scores.clone(),
                |z| sampler.transform(black_box(z)),
                BatchSize::SmallInput,
            );
        });
        prepare(&mut group, name, &distribution);
    }
}

/// Time to prepare a sampler.
fn prepare(
    group: &mut criterion::BenchmarkGroup<'_, criterion::measurement::WallTime>,
    name: &str,
    distribution: &Distribution,
) {
    group.bench_function(format!("prepare/{name}"), |bencher| {
        bencher.iter(|| Sampler::new(black_box(distribution)))
    });
}

/// Sum and product over ten lognormal quantities in each of `draws` draws, block by block.
fn sum_and_product(design: Design, draws: usize) -> (Vec<f64>, Vec<f64>) {
    const BLOCK: usize = 128;
    let quantities: Vec<(Stream, Sampler)> = (0..10)
        .map(|k| {
            let lognormal = Distribution::Lognormal {
                mu: 0.1 * f64::from(k),
                sigma: 0.2 + 0.03 * f64::from(k),
            };
            (
                Stream::new(7, &format!("quantity[{k}]"), design, draws as u64),
                Sampler::new(&lognormal),
            )
        })
        .collect();
    let (mut sums, mut products) = (Vec::with_capacity(draws), Vec::with_capacity(draws));
    let mut values = [Lanes::splat(0.0); BLOCK];
    while sums.len() < draws {
        let mut sum = [Lanes::splat(0.0); BLOCK];
        let mut product = [Lanes::splat(1.0); BLOCK];
        for (stream, sampler) in &quantities {
            stream.fill_normal_scores(sums.len() as u64, &mut values);
            sampler.transform(&mut values);
            for ((sum, product), value) in sum.iter_mut().zip(&mut product).zip(&values) {
                for lane in 0..LANES {
                    sum[lane] += value[lane];
                    product[lane] *= value[lane];
                }
            }
        }
        let count = (draws - sums.len()).min(BLOCK * LANES);
        sums.extend(sum.iter().flat_map(|lanes| lanes.0).take(count));
        products.extend(product.iter().flat_map(|lanes| lanes.0).take(count));
    }
    (sums, products)
}

fn study(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("study");
    group.sample_size(10);
    for design in [Design::Random, Design::Lhs, Design::Sobol] {
        group.bench_function(format!("10 lognormals, 10⁶ draws/{design:?}"), |bencher| {
            bencher.iter(|| {
                let (mut sums, mut products) = sum_and_product(black_box(design), 1_000_000);
                let levels = [0.05, 0.5, 0.95];
                (
                    percentiles(&mut sums, &levels),
                    percentiles(&mut products, &levels),
                )
            });
        });
    }
}

criterion_group!(benches, kernels, stages, study);
criterion_main!(benches);
