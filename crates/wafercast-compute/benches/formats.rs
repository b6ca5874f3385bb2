//! Conversions beside `memcpy`, in one run and in turns, so that what else the machine does hits all alike: the time of
//! each, as bytes moved (read and written) per second on one core, and as a share of `memcpy`.

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use wafercast_compute::format::bulk::{bf16_scales, bf16_to_fp8, fp8_to_bf16};
use wafercast_compute::format::{Block, Scale};

/// Rounds in which all take turns.
const ROUNDS: usize = 12;
/// Numbers that each converts in a turn: long enough for clocks that tick in milliseconds.
const NUMBERS: usize = 1 << 28;

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Time that this thread has had a processor, where Linux says so; else the time of the clock. Other processes then slow
/// nothing but what they push out of the caches.
fn processor_time() -> Duration {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .map_or_else(|| START.elapsed(), Duration::from_nanos)
}

fn main() {
    println!("{ROUNDS} rounds in turns: bytes read and written per second, share of memcpy");
    // In the second-level cache, in the third, and in memory.
    for (rows, columns) in [(256, 512), (1024, 2048), (4096, 8192)] {
        measure(rows, columns);
    }
}

fn measure(rows: usize, columns: usize) {
    let count = rows * columns;
    let repeat = NUMBERS / count;
    let block = Block::SQUARE_128;
    let codes: Vec<u8> = (0..count).map(|i| (i * 131 % 251) as u8 & 0xFE).collect();
    let scales = vec![1.7e-3_f32; (rows / 128) * (columns / 128)];
    let source: Vec<u8> = (0..count * 3 / 2).map(|i| (i * 7 % 253) as u8).collect();
    let mut copy = source.clone();
    let (mut wide, mut narrow) = (vec![0_u16; count], vec![0_u8; count]);
    let mut spent = [Duration::ZERO; 4];
    for _ in 0..ROUNDS {
        let mut turn = |index: usize, work: &mut dyn FnMut()| {
            let start = processor_time();
            for _ in 0..repeat {
                work();
            }
            spent[index] += processor_time() - start;
        };
        // As many bytes as the conversions move: three for each number.
        turn(0, &mut || {
            black_box(&mut copy[..]).copy_from_slice(black_box(&source))
        });
        turn(1, &mut || {
            let _ = black_box(fp8_to_bf16(
                black_box(&codes),
                rows,
                columns,
                block,
                &scales,
                &mut wide,
            ));
        });
        turn(2, &mut || {
            let _ = black_box(bf16_to_fp8(
                black_box(&wide),
                rows,
                columns,
                block,
                &scales,
                &mut narrow,
            ));
        });
        turn(3, &mut || {
            let scales = bf16_scales(black_box(&wide), rows, columns, block, Scale::PowerOfTwo)
                .unwrap_or_default();
            let _ = black_box(bf16_to_fp8(
                &wide,
                rows,
                columns,
                block,
                &scales,
                &mut narrow,
            ));
        });
    }
    let megabytes = (3 * count) as f64 / 1e6;
    println!("{rows} × {columns} ({megabytes:.1} MB moved)");
    let names = [
        "memcpy",
        "FP8 → BF16, 128×128 scales",
        "BF16 → FP8, nearest even",
        "BF16 → FP8 with choice of scales",
    ];
    for (name, time) in names.iter().zip(spent) {
        let rate = (3 * count * repeat * ROUNDS) as f64 / time.as_secs_f64() / 1e9;
        let share = 100.0 * spent[0].as_secs_f64() / time.as_secs_f64();
        println!("  {name:34} {rate:7.1} GB/s {share:5.0} %");
    }
}
