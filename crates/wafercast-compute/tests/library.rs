//! The shipped library, and what is said about one that is wrong.

#[path = "support/shipped.rs"]
mod support;

use support::{library, shipped};
use wafercast::diagnostic::{Diagnostic, Severity};
use wafercast::source_map::SourceMap;
use wafercast_compute::chip::Support;
use wafercast_compute::codes;
use wafercast_compute::format::Format;
use wafercast_compute::library::Library;
use wafercast_compute::price::{self, Kind};
use wafercast_compute::rows::{self, Outcome};

fn diagnostics(text: &str) -> (Vec<Diagnostic>, SourceMap) {
    let mut sources = SourceMap::new();
    sources.add("mine.toml", text);
    (Library::default().read(&sources), sources)
}

#[test]
fn every_shipped_chip_and_model_is_sourced() {
    let library = library();
    assert!(library.chips().count() >= 40 && library.models().count() >= 15);
    for chip in library.chips() {
        assert!(!chip.sources.is_empty(), "{}", chip.id);
        assert!(
            chip.sources.iter().all(|source| source.starts_with("http")),
            "{}",
            chip.id
        );
        // A yes about a format comes with a peak, unless no peak at all is published.
        if chip.fp8 == Support::Yes && chip.bf16_tflops.is_some() {
            assert!(chip.fp8_tflops.is_some(), "{}", chip.id);
        }
    }
    for model in library.models() {
        assert!(!model.sources.is_empty(), "{}", model.id);
        let total = model.derived.total() / 1e9;
        assert!(
            (total / model.stated_total - 1.0).abs() < 0.03,
            "{}: {total}",
            model.id
        );
        assert!(model.derived.active() <= model.derived.total());
    }
}

#[test]
fn fallbacks_follow_what_is_known() {
    let library = library();
    let run = |chip: &str, format, requantize| {
        let chip = library.chip(chip).unwrap();
        let found = chip.execution(format, requantize).unwrap();
        (found.stored, found.computed, found.is_native)
    };
    assert_eq!(
        run("H20", Format::Fp8, true),
        (Format::Fp8, Format::Fp8, true)
    );
    assert_eq!(
        run("910C", Format::Fp8, true),
        (Format::Int8, Format::Int8, false)
    );
    assert_eq!(
        run("910C", Format::Fp8, false),
        (Format::Bf16, Format::Bf16, false)
    );
    assert_eq!(
        run("MLU590", Format::Fp8, true),
        (Format::Int8, Format::Int8, false)
    );
    assert_eq!(
        run("V100", Format::Fp8, true),
        (Format::Bf16, Format::Bf16, false)
    );
    assert_eq!(
        run("H100", Format::MxFp4, true),
        (Format::MxFp4, Format::Bf16, false)
    );
    assert_eq!(
        run("H100", Format::MxFp8, true),
        (Format::MxFp8, Format::Fp8, false)
    );
    assert_eq!(
        run("B200", Format::Fp4, true),
        (Format::Fp4, Format::Fp4, true)
    );
    assert_eq!(
        library.chip("MLU590").unwrap().support(Format::Fp8),
        Support::Conflict
    );
    assert!(
        library
            .chip("910D")
            .unwrap()
            .execution(Format::Fp8, true)
            .is_none()
    );
    let penalty = library
        .chip("A100")
        .unwrap()
        .execution(Format::Fp8, false)
        .unwrap()
        .penalty();
    assert_eq!(
        penalty.as_deref(),
        Some("unpacked from fp8 to bf16: 2.0 × the bytes, bf16 rate")
    );
}

#[test]
fn names_are_found_in_any_spelling() {
    let library = library();
    for name in ["H100", "h100-sxm", "H100 SXM5 80GB", "h100_sxm"] {
        assert_eq!(library.chip(name).unwrap().id, "h100-sxm");
    }
    let unknown = library.chip("H2O").unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "there is no chip `H2O`; did you mean `H20`?"
    );
    assert!(library.model("deepsek-v3").unwrap_err().nearest.is_some());
    assert!(library.model("").is_err());
}

#[test]
fn everything_wrong_is_said_at_once_and_where() {
    let text = "\
[chip.mine]
vendor = 3
famly = \"china\"
family = \"chna\"
memory_gb = -80
memory_bandwidth_gbs = 3.35
fp8 = \"maybe\"
sources = [\"https://example.org\"]

[model.mine]
layers = 32.5
hidden = 4096
heads = 32
experts = 8
active_experts = 16
expert_width = 100

[chips.other]
";
    let (found, sources) = diagnostics(text);
    let lines: Vec<(usize, &str)> = found
        .iter()
        .map(|diagnostic| (sources.position(diagnostic.span()).line, diagnostic.code.0))
        .collect();
    let expected = [
        (2, codes::WRONG_KIND.0),
        (3, codes::UNKNOWN_KEY.0),
        (4, codes::UNKNOWN_NAME.0),
        (5, codes::OUT_OF_RANGE.0),
        (6, codes::OUT_OF_RANGE.0),
        (7, codes::UNKNOWN_NAME.0),
        (10, codes::MISSING_KEY.0),
        (10, codes::NO_SOURCE.0),
        (11, codes::OUT_OF_RANGE.0),
        (15, codes::CONTRADICTION.0),
        (18, codes::UNKNOWN_KEY.0),
    ];
    for line in expected {
        assert!(lines.contains(&line), "{line:?} is missing: {lines:?}");
    }
    let help = |line| {
        let at = found
            .iter()
            .find(|d| sources.position(d.span()).line == line)
            .unwrap();
        at.help.clone().unwrap_or_default()
    };
    assert_eq!(help(3), "did you mean `family`?");
    assert_eq!(help(4), "did you mean `china`?");
}

#[test]
fn a_shape_that_contradicts_its_parameters_is_warned_of() {
    let text = "\
[model.mine]
layers = 32
hidden = 4096
heads = 32
kv_heads = 8
vocabulary = 128256
dense_width = 14336
parameters_b = 70
sources = [\"https://example.org\"]
";
    let (found, _) = diagnostics(text);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(
        (found[0].code, found[0].severity),
        (codes::CONTRADICTION, Severity::Warning)
    );
}

#[test]
fn broken_files_do_no_harm() {
    let whole = shipped("sources.toml") + &shipped("chips.toml") + &shipped("models.toml");
    let mut state = 12345_u64;
    for _ in 0..200 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mut bytes = whole.as_bytes()[..4000 + (state >> 50) as usize].to_vec();
        let at = (state >> 20) as usize % bytes.len();
        bytes[at] = b"[]{}\"=.,-9\n"[(state >> 8) as usize % 11];
        let _ = diagnostics(&String::from_utf8_lossy(&bytes));
    }
}

/// "$6 an hour" of the news item is one server of eight A100; so is "$10" in the United States.
#[test]
fn six_dollars_an_hour_is_a_server_of_eight() {
    let library = library();
    let (prices, bad) = price::read(&shipped("prices.csv"), &library);
    assert!(bad.is_empty(), "{bad:?}");
    let on = |country: &str| {
        prices
            .iter()
            .find(|price| {
                price.chip == "a100-sxm" && price.country == country && price.date == "2024-09-06"
            })
            .unwrap()
    };
    assert_eq!(on("CN").usd * 8.0, 6.0);
    assert_eq!(on("US").usd * 8.0, 10.0);
    assert!(on("CN").note.contains("8-GPU SERVER"));
    let bands = price::bands(&prices, "a100-sxm", Some("2024-12-31"));
    let china = bands
        .iter()
        .find(|band| band.country == "CN" && band.kind == Kind::OnDemand)
        .unwrap();
    assert_eq!((china.low, china.middle, china.high), (0.75, 0.75, 3.0));
    assert!(price::bands(&prices, "a100-sxm", Some("2020-01-01")).is_empty());
    // List price, contract and owning are never mixed.
    let kinds: Vec<Kind> = price::bands(&prices, "h100-sxm", None)
        .iter()
        .filter(|band| band.country == "US")
        .map(|band| band.kind)
        .collect();
    assert_eq!(kinds, [Kind::OnDemand, Kind::Contract, Kind::Owning]);
}

#[test]
fn sources_are_named_once_and_what_was_not_found_is_marked() {
    let library = library();
    let v3 = library.model("deepseek-v3").unwrap();
    assert!(
        v3.sources[0].contains("aiconfigurator")
            && v3.sources[0].contains("DeepSeek-V3_config.json"),
        "{:?}",
        v3.sources
    );
    assert_eq!(v3.draft_layers, 1);
    let pangu = library.model("pangu-pro-moe").unwrap();
    assert!(pangu.unverified.iter().any(|key| key == "experts"));
    let text = "\
[source.sheet]
title = \"Data sheet\"
publisher = \"Example\"
date = \"2026\"
url = \"https://example.org\"
opened = \"2026-11-25\"

[chip.mine]
vendor = \"Example\"
family = \"china\"
memory_gb = 96
assumed = [\"powr_w\"]
unverified = [\"memory_gb\"]
sources = [\"sheat#page 3\"]
";
    let (found, _) = diagnostics(text);
    let messages: Vec<&str> = found.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "`powr_w` of `assumed` is not a number that is given here",
            "there is no source `sheat`"
        ]
    );
}

/// What every wrong row of the three tables is told.
#[test]
fn rows_that_cannot_be_are_named() {
    let library = library();
    let calibration = support::shipped_calibration();
    let said = |text: &str| -> Vec<String> {
        rows::read(text)
            .unwrap()
            .evaluate(&library, &calibration)
            .into_iter()
            .map(|row| match row.outcome {
                Outcome::Predicted { .. } => "predicted".to_owned(),
                Outcome::Refused(reason) => format!("refused: {reason}"),
                Outcome::Unreadable(problem) => problem,
            })
            .collect()
    };
    let runs = "active_B,L,d,seq,tokens,chip,n,chip_hours,fmt,kind\n\
        70,80,8192,4096,1e12,H100,1024,600000,bf16,run\n\
        70,80,8192,4096,1e12,H100,1024,1000,bf16,run\n\
        -70,80,8192,4096,1e12,H100,1024,600000,bf16,run\n\
        70,80,8192,4096,1e12,H10,1024,600000,bf16,run\n\
        70,80,8192,4096,1e12,H100,1024,nan,bf16,run\n\
        70,80,8192,4096,1e40,H100,1024,600000,bf16,run\n\
        70,80,8192,4096,1e12,910D,1024,600000,bf16,run\n\
        70,80,8192,4096,1e12,H100,1024,600000,fp9,run\n\
        70,80,8192,4096,1e12,H100,1024,600000,bf16,guess\n";
    let found = said(runs);
    let expected = [
        "predicted",
        "refused: needs 12120 % of the BF16 peak, the chip has 100 % in this format",
        "`active_B` is -70: expected a positive number",
        "there is no chip `H10`; did you mean `H100`?",
        "`chip_hours` is nan: expected a positive number",
        "`tokens` is 1e40: expected a positive number",
        "no BF16 peak is published for `Ascend 910D`",
        "`fmt` is `fp9`: expected bf16, fp16, fp8 or int8",
        "`kind` is `guess`: expected run, bench or mfu",
    ];
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found.split(" 12").next(), expected.split(" 12").next());
    }
    let points = "model,chip,prec,kind,G,tp,isl,osl,tok_s_chip\n\
        llama70,H100,fp8,e2e,8,8,500,500,400\n\
        llama70,H100,fp8,e2e,8,8,500,500,400000\n\
        llama70,H100,fp8,e2e,8,16,500,500,400\n\
        lama7O,H100,fp8,e2e,8,8,500,500,400\n\
        llama70,H100,fp8,chat,8,8,500,500,400\n\
        llama70,C600,fp8,decode,8,8,500,0,400\n\
        llama70,H100,fp8,e2e,8,8,,500,400\n";
    let found = said(points);
    for (found, expected) in found.iter().zip([
        "predicted",
        "refused: the peak of the chip allows",
        "`tp` is 16, more than the 8 chips of `G`",
        "there is no model `lama7O`; did you mean `llama70`?",
        "`kind` is `chat`: expected decode, prefill or e2e",
        "bandwidth or peak of `MetaX C600` is not published",
        "`isl` is empty: expected a positive number",
    ]) {
        assert!(found.starts_with(expected), "{found}");
    }
    for (text, part) in [
        ("", "no column `chip_hours`"),
        ("a,b\n1,2\n", "no column `chip_hours`"),
        ("tpot,model\n1,llama70\n", "also needs `chip`, `prec`"),
    ] {
        assert!(rows::read(text).unwrap_err().0.contains(part), "{text}");
    }
}
