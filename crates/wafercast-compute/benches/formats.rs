//! Conversions beside `memcpy`, in one run: bytes moved (read and written) per second, one core.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use wafercast_compute::format::bulk::{bf16_scales, bf16_to_fp8, fp8_to_bf16};
use wafercast_compute::format::{Block, Scale};

/// 4096 × 8192: far larger than the caches.
const ROWS: usize = 4096;
const COLUMNS: usize = 8192;

fn conversions(criterion: &mut Criterion) {
    let count = ROWS * COLUMNS;
    let codes: Vec<u8> = (0..count).map(|i| (i * 131 % 251) as u8 & 0xFE).collect();
    let mut wide = vec![0_u16; count];
    let scales = vec![1.7e-3_f32; (ROWS / 128) * (COLUMNS / 128)];
    let mut group = criterion.benchmark_group("formats");
    group.sample_size(20);
    // memcpy of one byte moves two; each conversion of one number moves three.
    let mut copy = vec![0_u8; 2 * count];
    let source: Vec<u8> = (0..2 * count).map(|i| (i * 7 % 253) as u8).collect();
    group.throughput(Throughput::Bytes(4 * count as u64));
    group.bench_function("memcpy", |bencher| {
        bencher.iter(|| black_box(&mut copy).copy_from_slice(black_box(&source)));
    });
    group.throughput(Throughput::Bytes(3 * count as u64));
    group.bench_function("fp8_to_bf16_128x128", |bencher| {
        bencher.iter(|| {
            fp8_to_bf16(
                black_box(&codes),
                ROWS,
                COLUMNS,
                Block::SQUARE_128,
                &scales,
                black_box(&mut wide),
            )
        });
    });
    let mut narrow = vec![0_u8; count];
    group.bench_function("bf16_to_fp8_128x128", |bencher| {
        bencher.iter(|| {
            bf16_to_fp8(
                black_box(&wide),
                ROWS,
                COLUMNS,
                Block::SQUARE_128,
                &scales,
                black_box(&mut narrow),
            )
        });
    });
    group.throughput(Throughput::Bytes(5 * count as u64));
    group.bench_function("bf16_to_fp8_128x128_with_scales", |bencher| {
        bencher.iter(|| {
            let scales = bf16_scales(
                black_box(&wide),
                ROWS,
                COLUMNS,
                Block::SQUARE_128,
                Scale::PowerOfTwo,
            )
            .unwrap_or_default();
            bf16_to_fp8(
                &wide,
                ROWS,
                COLUMNS,
                Block::SQUARE_128,
                &scales,
                black_box(&mut narrow),
            )
        });
    });
    group.finish();
}

criterion_group!(benches, conversions);
criterion_main!(benches);
