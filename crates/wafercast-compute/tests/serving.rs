//! Laws of serving and of the search.

#[path = "support/shipped.rs"]
mod support;

use support::{library, shipped_calibration};
use wafercast_compute::answer::{self, No};
use wafercast_compute::format::Format;
use wafercast_compute::layout::{Answer, Target, search};
use wafercast_compute::rows::{self, Outcome};
use wafercast_compute::serving::{Layout, Load, Prepared};

const LAYOUT: Layout = Layout {
    tensor: 8.0,
    data: 1.0,
    stages: 1.0,
};
const LOAD: Load = Load {
    concurrency: 64.0,
    prompt: 2048.0,
    output: 512.0,
    accepted: 0.0,
    is_aggregated: true,
};

fn target(concurrency: f64, most_chips: u32) -> Target {
    Target {
        prompt: 4096.0,
        output: 1024.0,
        concurrency,
        most_tpot: 0.1,
        most_chips,
    }
}

#[test]
fn more_of_anything_costs_time() {
    let (library, calibration) = (library(), shipped_calibration());
    let constants = &calibration.serving;
    for (model, chip) in [
        ("llama70", "H200"),
        ("deepseek", "B200"),
        ("gptoss", "H100"),
        ("qwen397", "B300"),
    ] {
        let (model, chip) = (library.model(model).unwrap(), library.chip(chip).unwrap());
        let prepared = Prepared::new(model, chip, model.checkpoint, constants).unwrap();
        let time = |load: Load| {
            prepared
                .speed_of(constants, 1.0, &LAYOUT, &load, load.concurrency)
                .tpot
        };
        let base = time(LOAD);
        assert!(
            time(Load {
                concurrency: 128.0,
                ..LOAD
            }) > base
        );
        assert!(
            time(Load {
                prompt: 4096.0,
                ..LOAD
            }) > base
        );
        assert!(
            time(Load {
                is_aggregated: false,
                ..LOAD
            }) < base
        );
        let (memory, arithmetic) = prepared.bound(&LAYOUT, &LOAD, LOAD.concurrency);
        assert!(
            base > memory.max(arithmetic),
            "{} is faster than the chip",
            model.id
        );
    }
}

/// The search against a plain loop over the layouts of few chips.
#[test]
fn the_search_finds_the_best_of_all() {
    let (library, calibration) = (library(), shipped_calibration());
    let constants = &calibration.serving;
    let (model, chip) = (
        library.model("qwen3-32b").unwrap(),
        library.chip("H20").unwrap(),
    );
    let prepared = Prepared::new(model, chip, Format::Bf16, constants).unwrap();
    let target = target(96.0, 16);
    let Answer::Served(best) = search(&prepared, &model.shape, 8, constants, 1.1, &target, 0.0)
    else {
        panic!("not served");
    };
    let mut greatest: f64 = 0.0;
    for tensor in [1.0, 2.0, 4.0, 8.0] {
        for stages in 1..=16 {
            for replicas in 1..=16 {
                let layout = Layout {
                    tensor,
                    data: 1.0,
                    stages: f64::from(stages),
                };
                let chips = layout.chips() * f64::from(replicas);
                let concurrency = target.concurrency / f64::from(replicas);
                let load = Load {
                    concurrency,
                    prompt: 4096.0,
                    output: 1024.0,
                    accepted: 0.0,
                    is_aggregated: true,
                };
                let Some(speed) = prepared.speed(constants, 1.1, &layout, &load) else {
                    continue;
                };
                if chips > 16.0 || speed.running < concurrency || speed.tpot > target.most_tpot {
                    continue;
                }
                // Mean wait of an M/D/1 queue that is busy as often as prefill interrupts, for the other sequences.
                let busy = 1.0 - speed.tpot_alone / speed.tpot;
                let others = (concurrency - 1.0).max(0.0) / concurrency.max(1.0);
                let wait = busy * speed.prefill / (2.0 * (1.0 - busy)) * others;
                let first_token = wait + speed.tpot_alone / 2.0 + speed.prefill;
                let life = first_token + 1024.0 * speed.tpot;
                greatest = greatest.max(96.0 * 1024.0 / life / chips);
            }
        }
    }
    assert!(greatest > 0.0);
    assert!(
        best.per_chip() >= greatest * (1.0 - 1e-12),
        "{} {greatest}",
        best.per_chip()
    );
    if best.prefill_chips == 0 {
        assert!((best.per_chip() / greatest - 1.0).abs() < 1e-12);
    }
    assert!(best.chips <= 16 && best.tpot <= target.most_tpot);
}

#[test]
fn what_does_not_fit_says_how_many_it_needs() {
    let (library, calibration) = (library(), shipped_calibration());
    let model = library.model("deepseek-v3").unwrap();
    let chip = library.chip("H20").unwrap();
    let serve = |most_chips, most_tpot| {
        answer::serve(
            model,
            chip,
            Format::Fp8,
            &Target {
                most_tpot,
                ..target(1.0, most_chips)
            },
            &calibration,
        )
    };
    let Err(No::TooLarge {
        chips_needed,
        most_chips: 4,
    }) = serve(4, 1.0)
    else {
        panic!("671 GB are not on four chips of 96 GB");
    };
    // 671 GB of weights on chips of 96 GB, of which 97 % can be used.
    assert_eq!(chips_needed, 8);
    let served = serve(chips_needed, 1.0).unwrap();
    assert!(served.chips <= 8 && served.running.native);
    let Err(No::TooSlow { fastest_ms, .. }) = serve(64, 0.001) else {
        panic!("a token does not take a millisecond");
    };
    assert!(fastest_ms > 1.0);
    let unpublished = library.chip("910D").unwrap();
    let nothing = answer::serve(
        model,
        unpublished,
        Format::Fp8,
        &target(1.0, 64),
        &calibration,
    );
    assert!(matches!(nothing, Err(No::NotPublished(_))));
}

#[test]
fn impossible_and_unreadable_rows_are_named() {
    let (library, calibration) = (library(), shipped_calibration());
    let outcome = |text: &str| -> Vec<Outcome> {
        let rows = rows::read(text).unwrap().evaluate(&library, &calibration);
        rows.into_iter().map(|row| row.outcome).collect()
    };
    let measured = "model,chip,prec,backend,tp,dp,G,conc,isl,osl,tpot\n";
    let cases = [
        ("llama70,h200_sxm,fp8,vllm,8,1,8,64,1024,1024,0.02", ""),
        (
            "llama70,h200_sxm,fp8,vllm,8,1,8,64,1024,1024,0.0014",
            "reading the weights takes",
        ),
        (
            "llama70,h200_sxm,fp8,vllm,8,1,8,512,8192,8,0.02",
            "of arithmetic per token at peak",
        ),
        (
            "llama70,h200_sxn,fp8,vllm,8,1,8,64,1024,1024,0.02",
            "did you mean `H200 SXM`",
        ),
        (
            "llama70,h200_sxm,fp9,vllm,8,1,8,64,1024,1024,0.02",
            "`prec` is `fp9`",
        ),
        (
            "llama70,h200_sxm,fp8,vllm,8,1,8,-64,1024,1024,0.02",
            "`conc` is -64: expected a positive number",
        ),
        (
            "llama70,h200_sxm,fp8,vllm,8,2,8,64,1024,1024,0.02",
            "`tp` × `dp` is 16, `G` is 8",
        ),
        ("llama70,h200_sxm", "`backend` is ``"),
    ];
    for (row, expected) in cases {
        match &outcome(&format!("{measured}{row}\n"))[..] {
            [
                Outcome::Predicted {
                    low, value, high, ..
                },
            ] => {
                assert!(expected.is_empty() && low < value && value < high, "{row}");
            }
            [Outcome::Refused(reason) | Outcome::Unreadable(reason)] => {
                assert!(
                    !expected.is_empty() && reason.contains(expected),
                    "{row}: {reason}"
                );
            }
            other => panic!("{row}: {other:?}"),
        }
    }
    let run = "active_B,L,d,seq,tokens,chip,n,chip_hours,fmt,kind\n70,80,8192,4096,1e12,H100,1024,100000,bf16,run\n";
    assert!(
        matches!(&outcome(run)[..], [Outcome::Refused(reason)] if reason.contains("% of the BF16 peak"))
    );
    assert!(rows::read("a,b\n1,2\n").is_err());
    assert!(rows::read("tpot\n1\n").unwrap_err().0.contains("`model`"));
    assert!(rows::read("").is_err());
}

/// Records that multiply tensor and expert parallel are counted as the chips that there were.
#[test]
fn chips_are_counted_once() {
    let (library, calibration) = (library(), shipped_calibration());
    let header = "id,model,chip,prec,backend,tp,dp,G,conc,isl,osl,tpot\n";
    let tail = ",qwen397,b200_sxm,fp8,sglang,";
    let value = |id: &str, chips: &str| {
        let text = format!("{header}{id}{tail}{chips},64,1024,1024,0.0235\n");
        let rows = rows::read(&text).unwrap().evaluate(&library, &calibration);
        match &rows[0].outcome {
            Outcome::Predicted { value, .. } => (*value, rows[0].note.is_some()),
            other => panic!("{other:?}"),
        }
    };
    let once = value("a_tp4_0_ep4_0_1", "4,1,4");
    assert_eq!(value("a_tp4_ep4_1", "16,1,16"), (once.0, true));
    assert_eq!(value("cfg", "16,1,16"), (once.0, true));
    assert!(!once.1);
    assert_ne!(value("a_tp2_ep1", "2,1,2").0, once.0);
}

#[test]
fn the_first_token_waits_for_the_others_and_drafts_help() {
    let (library, calibration) = (library(), shipped_calibration());
    let (model, chip) = (
        library.model("deepseek-v3").unwrap(),
        library.chip("H20").unwrap(),
    );
    let served = |concurrency: f64, accepted: f64| {
        answer::serve_drafted(
            model,
            chip,
            Format::Fp8,
            &target(concurrency, 64),
            accepted,
            &calibration,
        )
        .unwrap()
    };
    let alone = served(1.0, 0.0);
    let many = served(512.0, 0.0);
    for serving in [&alone, &many] {
        assert!(serving.first_token_s.value >= serving.prefill_s.value);
        assert!(serving.first_token_late_s.value >= serving.first_token_s.value);
    }
    let waits = |serving: &answer::Serving| serving.first_token_s.value - serving.prefill_s.value;
    assert!(waits(&many) > waits(&alone), "{alone:#?} {many:#?}");
    // One draft a step at most doubles the tokens; here most of a step is weights, which both tokens share.
    let drafted = served(32.0, 0.8);
    let gain = drafted.tokens_per_second_per_chip.value
        / served(32.0, 0.0).tokens_per_second_per_chip.value;
    assert!(gain > 1.1 && gain < 1.8, "{gain}");
    assert_eq!(drafted.accepted, 0.8);
}
