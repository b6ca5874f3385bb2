//! `wafercast fit`.

use crate::sandbox::Sandbox;

#[test]
fn an_answer_for_several_chips() {
    let text = Sandbox::new().succeed(&["fit", "deepseek-v3", "--on", "H20,910C,MLU590,910D"]);
    for part in [
        "671.0 B parameters, 36.6 B per token, weights in fp8",
        "native",
        "int8 (conflict)",
        "no peak published for Ascend 910D",
        "requantised from fp8 to int8",
        "for 1,000 H20",
        "owned",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn json_has_ranges_and_sources() {
    let text = Sandbox::new().succeed(&[
        "fit",
        "llama-3.3-70b",
        "--on",
        "H100,910B",
        "--train",
        "15T",
        "--format",
        "json",
    ]);
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["schema"], "wafercast/fit/1");
    for chip in answer["chips"].as_array().unwrap() {
        let hours = &chip["training"]["chip_hours"];
        let number = |key: &str| hours[key].as_f64().unwrap();
        assert!(
            number("low") < number("value") && number("value") < number("high"),
            "{chip}"
        );
        assert!(!chip["sources"].as_array().unwrap().is_empty());
    }
}

#[test]
fn names_and_numbers_that_cannot_be() {
    let sandbox = Sandbox::new();
    for (arguments, part) in [
        (
            &["fit", "deepseek-v3", "--on", "H2O"][..],
            "did you mean `H20`",
        ),
        (
            &["fit", "deepsek-v3", "--on", "H20"],
            "did you mean `DeepSeek-V3`",
        ),
        (
            &["fit", "deepseek-v3", "--on", "H20", "--weights", "fp9"],
            "did you mean",
        ),
        (
            &["fit", "deepseek-v3", "--on", "H20", "--serve", "4096"],
            "PROMPT/OUTPUT@CONCURRENCY",
        ),
        (
            &["fit", "deepseek-v3", "--on", "H20", "--serve", "-1/10@1"],
            "not a positive number",
        ),
        (
            &["fit", "deepseek-v3", "--on", "H20", "--train", "1e40"],
            "more than",
        ),
        (
            &[
                "fit",
                "deepseek-v3",
                "--on",
                "H20",
                "--train",
                "1T",
                "--serve",
                "1/1@1",
            ],
            "cannot be used with",
        ),
        (&["fit", "deepseek-v3"], "--on"),
        (&["fit"], "required"),
    ] {
        let outcome = sandbox.call(arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}: {outcome:#?}");
        assert!(outcome.stderr.contains(part), "{arguments:?}: {outcome:#?}");
    }
    let missing = sandbox.call(&["fit", "--rows", "nowhere.csv"]);
    assert_eq!(missing.code, 74, "{missing:#?}");
}

#[test]
fn a_library_of_ones_own() {
    let sandbox = Sandbox::new();
    let good = "[chip.mine]\nvendor = \"Example\"\nfamily = \"china\"\nmemory_gb = 96\nmemory_bandwidth_gbs = 3000\n\
                bf16_tflops = 500\nint8_tops = 1000\nfp8 = \"no\"\nsources = [\"https://example.org\"]\n";
    std::fs::write(sandbox.join("good.toml"), good).unwrap();
    let text = sandbox.succeed(&["fit", "llama70", "--on", "mine", "--library", "good.toml"]);
    assert!(text.contains("mine"), "{text}");
    std::fs::write(
        sandbox.join("bad.toml"),
        good.replace("memory_gb = 96", "memory_gb = -1")
            .replace("family", "famly"),
    )
    .unwrap();
    let outcome = sandbox.call(&["fit", "llama70", "--on", "mine", "--library", "bad.toml"]);
    assert_eq!(outcome.code, 1, "{outcome:#?}");
    for part in [
        "WF0901",
        "WF0902",
        "WF0904",
        "bad.toml:4",
        "did you mean `family`?",
    ] {
        assert!(outcome.stderr.contains(part), "{part}: {outcome:#?}");
    }
    for code in ["WF0901", "wf0907"] {
        assert!(sandbox.succeed(&["explain", code]).contains("WF09"));
    }
}

#[test]
fn rows_get_predictions_and_wrong_ones_are_named() {
    let sandbox = Sandbox::new();
    let rows = "id,model,chip,prec,backend,tp,dp,G,conc,isl,osl,tpot,comment\n\
                a,llama70,h200_sxm,fp8,vllm,8,1,8,64,1024,1024,0.02,\"kept, as it is\"\n\
                b,llama70,h200_sxm,fp8,vllm,8,1,8,64,1024,1024,0.0001,\n";
    std::fs::write(sandbox.join("rows.csv"), rows).unwrap();
    let outcome = sandbox.call(&["fit", "--rows", "rows.csv"]);
    assert_eq!(outcome.code, 0, "{outcome:#?}");
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert!(
        lines[0].ends_with("comment,predicted_tpot,low,high,ratio,outcome,remark"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].contains("\"kept, as it is\"") && lines[1].contains(",predicted,"),
        "{}",
        lines[1]
    );
    assert!(lines[2].contains(",refused,"), "{}", lines[2]);
    assert!(
        outcome
            .stderr
            .contains("rows.csv, row 3 b: refused [WF0907]"),
        "{}",
        outcome.stderr
    );
    std::fs::write(
        sandbox.join("bad.csv"),
        rows.replace(",8,1,8,", ",8,1,many,"),
    )
    .unwrap();
    let outcome = sandbox.call(&["fit", "--rows", "bad.csv"]);
    assert_eq!(outcome.code, 1, "{outcome:#?}");
    assert!(
        outcome
            .stderr
            .contains("row 2 a: unreadable [WF0908]: `G` is `many`"),
        "{}",
        outcome.stderr
    );
    let other = sandbox.call(&["fit", "--rows", "no.csv"]);
    assert_eq!(other.code, 74, "{other:#?}");
}
