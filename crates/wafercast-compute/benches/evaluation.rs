//! One evaluation, the search over all layouts of at most 1,024 chips, and a whole table of 2,500 rows.

use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use wafercast::source_map::SourceMap;
use wafercast_compute::calibration::Calibration;
use wafercast_compute::format::Format;
use wafercast_compute::layout::{Target, search};
use wafercast_compute::library::Library;
use wafercast_compute::rows;
use wafercast_compute::serving::{Layout, Load, Prepared};

fn sources(names: &[&str]) -> SourceMap {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/compute");
    let mut sources = SourceMap::new();
    for name in names {
        sources.add(
            *name,
            std::fs::read_to_string(folder.join(name)).unwrap_or_default(),
        );
    }
    sources
}

fn table() -> String {
    let mut text = String::from("model,chip,prec,backend,tp,dp,G,conc,isl,osl,tpot\n");
    for index in 0..2500 {
        let model = ["deepseek", "llama70", "minimax", "gptoss"][index % 4];
        let chip = ["h200_sxm", "b200_sxm"][index / 4 % 2];
        let concurrency = 4 << (index % 8);
        let _ = writeln!(
            text,
            "{model},{chip},fp8,vllm,8,1,8,{concurrency},1024,{},0.03",
            512 + index
        );
    }
    text
}

fn evaluation(criterion: &mut Criterion) {
    let mut library = Library::default();
    library.read(&sources(&["sources.toml", "chips.toml", "models.toml"]));
    let (Some(calibration), _) = Calibration::read(&sources(&["calibration.toml"])) else {
        return;
    };
    let (Ok(model), Ok(chip)) = (library.model("deepseek-v3"), library.chip("h20")) else {
        return;
    };
    let constants = &calibration.serving;
    let layout = Layout {
        tensor: 4.0,
        data: 8.0,
        stages: 1.0,
    };
    let load = Load {
        concurrency: 700.0,
        prompt: 4096.0,
        output: 1024.0,
        accepted: 0.0,
        is_aggregated: true,
    };
    criterion.bench_function("one_evaluation", |bencher| {
        bencher.iter(|| {
            let prepared =
                Prepared::new(black_box(model), black_box(chip), Format::Fp8, constants)?;
            prepared.speed(constants, 1.1, black_box(&layout), black_box(&load))
        });
    });
    let Some(prepared) = Prepared::new(model, chip, Format::Fp8, constants) else {
        return;
    };
    for concurrency in [256.0, 100_000.0] {
        let target = Target {
            prompt: 4096.0,
            output: 1024.0,
            concurrency,
            most_tpot: 0.05,
            most_chips: 1024,
        };
        criterion.bench_function(
            &format!("best_layout_of_1024_chips_at_{concurrency}"),
            |bencher| {
                bencher.iter(|| {
                    search(
                        &prepared,
                        &model.shape,
                        chip.scale_up_chips,
                        constants,
                        1.1,
                        black_box(&target),
                        0.0,
                    )
                });
            },
        );
    }
    let text = table();
    criterion.bench_function("table_of_2500_rows", |bencher| {
        bencher.iter(|| {
            rows::read(black_box(&text)).map(|read| read.evaluate(&library, &calibration).len())
        });
    });
}

criterion_group!(benches, evaluation);
criterion_main!(benches);
