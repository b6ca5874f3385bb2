//! The report as a whole, on a made-up summary of the size of a real one.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "report/markup.rs"]
mod markup;
#[path = "report/planning.rs"]
mod planning;
#[path = "report/synthetic.rs"]
mod synthetic;
#[path = "report/weighed.rs"]
mod weighed;
#[path = "report/what_if.rs"]
mod what_if;

use std::collections::BTreeSet;
use std::path::Path;

use markup::{Element, elements};
use wafercast::summary::{Stats, Summary};
use wafercast_analysis::sensitivity::Sensitivity;
use wafercast_analysis::{Analyses, learn::Learning};
use wafercast_report::{Language, html, html_with};

/// Made-up analyses.
fn analyses() -> Analyses {
    Analyses {
        planning: Some(planning::planning()),
        binding: Some(what_if::binding()),
        requirements: Some(what_if::requirements()),
        ..Analyses::default()
    }
}

/// The report of the made-up summary and analyses, also written to the target folder to be looked at.
fn report() -> (String, Vec<Element>) {
    let document = html_with(&synthetic::summary(), &analyses(), Language::English);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report.html");
    std::fs::write(&path, &document).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let found = elements(&document).unwrap_or_else(|fault| panic!("{fault}"));
    (document, found)
}

#[test]
fn is_well_formed_and_small() {
    let (document, found) = report();
    assert!(document.len() < 1_500_000, "{} bytes", document.len());
    assert!(found.iter().filter(|element| element.name == "svg").count() > 60);
    for language in Language::ALL {
        let document = html(&synthetic::summary(), language);
        assert!(document.contains(&format!("<html lang=\"{}\">", language.tag())));
        assert!(document.contains(&format!(
            "id=\"lang-{0}\" aria-label=\"{1}\" checked>",
            language.tag(),
            language.name()
        )));
        elements(&document).unwrap();
    }
}

#[test]
fn loads_nothing() {
    let (document, found) = report();
    for element in &found {
        assert!(
            ![
                "img", "link", "iframe", "object", "embed", "use", "image", "audio", "video",
                "base", "form"
            ]
            .contains(&element.name.as_str()),
            "{element:?}"
        );
        assert!(element.attribute("src").is_none(), "{element:?}");
        assert!(
            !element
                .attributes
                .iter()
                .any(|(key, _)| key.starts_with("on")),
            "{element:?}"
        );
        if let Some(address) = element.attribute("href") {
            assert_eq!(element.name, "a");
            assert!(
                address.starts_with('#') || address.starts_with("https://"),
                "{address}"
            );
        }
    }
    let style = document
        .split("<style>")
        .nth(1)
        .unwrap()
        .split("</style>")
        .next()
        .unwrap();
    assert!(!style.contains("url(") && !style.contains("@import"));
    assert!(
        document.contains("default-src &#39;none&#39;") || document.contains("default-src 'none'")
    );
}

#[test]
fn links_lead_somewhere_and_ids_are_unique() {
    let (_, found) = report();
    let mut ids = BTreeSet::new();
    for id in found.iter().filter_map(|element| element.attribute("id")) {
        assert!(ids.insert(id), "{id} twice");
    }
    for element in &found {
        if let Some(anchor) = element
            .attribute("href")
            .and_then(|address| address.strip_prefix('#'))
        {
            assert!(ids.contains(anchor), "#{anchor}");
        }
        for id in element
            .attribute("aria-labelledby")
            .unwrap_or_default()
            .split_whitespace()
        {
            assert!(ids.contains(id), "{id}");
        }
    }
}

#[test]
fn every_chart_has_a_name_a_sentence_and_a_table() {
    let (document, found) = report();
    let figures: Vec<&str> = document
        .split("<figure ")
        .skip(1)
        .map(|rest| rest.split("</figure>").next().unwrap())
        .collect();
    assert!(figures.len() > 40, "{}", figures.len());
    for figure in &figures {
        let inside = elements(&format!("<figure {figure}</figure>")).unwrap();
        let charts = inside
            .iter()
            .filter(|e| e.attribute("role") == Some("img"))
            .count();
        assert!((1..=2).contains(&charts), "{figure}");
        assert!(inside.iter().any(|e| e.name == "details"), "{figure}");
        let cells = inside.iter().filter(|e| e.name == "td").count();
        assert!(cells >= 6, "{cells} cells: {figure}");
        let words = figure
            .split("-w\">")
            .nth(1)
            .unwrap()
            .split("</p>")
            .next()
            .unwrap();
        assert!(words.len() > 40, "{words}");
    }
    // No chart stands outside a figure.
    let in_figures: usize = figures
        .iter()
        .map(|figure| figure.matches("role=\"img\"").count())
        .sum();
    assert_eq!(
        in_figures,
        found
            .iter()
            .filter(|e| e.attribute("role") == Some("img"))
            .count()
    );
}

#[test]
fn numbers_follow_the_language() {
    let (document, _) = report();
    assert!(document.contains("<b>2.53\u{a0}million accelerators</b>"));
    assert!(document.contains("<b>2,53\u{a0}Mio. Beschleuniger</b>"));
    assert!(document.contains("<b>253万块加速卡</b>"));
    assert!(document.contains("<b>61%</b>"));
    assert!(document.contains("<b>61\u{a0}%</b>"));
    assert!(document.contains("10,000 futures") && document.contains("10.000 Zukünfte"));
}

#[test]
fn says_how_many_futures() {
    let (document, _) = report();
    for sentence in [
        "in 37 of 100 futures",
        "in fewer than 1 of 100 futures",
        "in none of 10,000 futures",
        "in more than 99 of 100 futures",
        "in 3 of 100 futures",
    ] {
        assert!(document.contains(sentence), "{sentence}");
    }
}

#[test]
fn hostile_text_stays_text() {
    const EVIL: &str =
        "</title></script><script>alert(1)</script><img src=x onerror='alert(2)'>\"\u{0}&";
    let mut summary = synthetic::summary();
    summary.run.title = EVIL.to_owned();
    summary.run.description = Some(EVIL.to_owned());
    summary.run.command = EVIL.to_owned();
    summary.run.home = EVIL.to_owned();
    summary.version = EVIL.to_owned();
    for name in &mut summary.names {
        name.name = EVIL.to_owned();
        name.group = Some(EVIL.to_owned());
    }
    for claim in &mut summary.claims {
        claim.id = format!("{EVIL}{}", claim.id);
        claim.says = EVIL.to_owned();
        claim.note = Some(EVIL.to_owned());
    }
    for source in &mut summary.sources {
        source.title = EVIL.to_owned();
        source.url = "javascript:alert(1)".to_owned();
    }
    for input in &mut summary.inputs {
        input.name = EVIL.to_owned();
        input.unit = EVIL.to_owned();
    }
    for series in &mut summary.series {
        if series.of == "designer:Huawei" {
            series.of = format!("designer:{EVIL}");
        }
    }
    summary.headline[0].period = EVIL.to_owned();
    summary.headline[0].unit = EVIL.to_owned();
    let document = html(&summary, Language::German);
    let found = elements(&document).unwrap();
    assert_eq!(
        found
            .iter()
            .filter(|element| element.name == "script")
            .count(),
        1
    );
    assert!(!found.iter().any(|element| element.name == "img"));
    assert!(!document.contains("javascript:"));
}

#[test]
fn an_empty_run_says_what_is_missing() {
    let full = synthetic::summary();
    let summary = Summary {
        headline: Vec::new(),
        series: Vec::new(),
        claims: Vec::new(),
        binding: Vec::new(),
        history: Vec::new(),
        examples: Vec::new(),
        inputs: Vec::new(),
        sources: Vec::new(),
        names: Vec::new(),
        ..full
    };
    let document = html(&summary, Language::English);
    elements(&document).unwrap();
    assert!(document.matches("class=\"missing\"").count() >= 10);
}

#[test]
fn odd_numbers_do_not_break_it() {
    let mut summary = synthetic::summary();
    let odd = Stats {
        mean: f64::NAN,
        p025: 0.0,
        p05: 0.0,
        p10: 0.0,
        p25: 0.0,
        p50: 0.0,
        p75: f64::INFINITY,
        p90: 1e300,
        p95: 0.0,
        p975: 0.0,
        mean_se: f64::NAN,
    };
    for (index, series) in summary.series.iter_mut().enumerate() {
        series.stats = if index % 2 == 0 {
            odd
        } else {
            Stats {
                p75: 0.0,
                p90: 0.0,
                mean: 0.0,
                mean_se: 0.0,
                ..odd
            }
        };
        series.dots = series.dots.as_ref().map(|_| vec![0.0; 50]);
    }
    for item in &mut summary.headline {
        item.stats = odd;
    }
    summary.run.from = "nonsense".to_owned();
    summary.run.data_until = Some("é".to_owned());
    elements(&html(&summary, Language::Chinese)).unwrap();
}

#[test]
fn the_same_summary_gives_the_same_bytes() {
    assert_eq!(
        html(&synthetic::summary(), Language::English),
        html(&synthetic::summary(), Language::English)
    );
}

#[test]
fn observations_may_be_in_thousands() {
    let plain = synthetic::summary();
    let mut thousands = plain.clone();
    for seen in &mut thousands.history {
        seen.unit = "k units".to_owned();
        let stats = &mut seen.stats;
        for value in [
            &mut seen.observed_p05,
            &mut seen.observed_p50,
            &mut seen.observed_p95,
            &mut stats.p05,
            &mut stats.p50,
            &mut stats.p95,
            &mut stats.mean_se,
        ] {
            *value /= 1000.0;
        }
    }
    assert!(html(&thousands, Language::English) == html(&plain, Language::English));
}

/// Sensitivity and value of information of a metric and a claim.
fn sensitivity_and_learning() -> Analyses {
    let estimate =
        |value: f64| serde_json::json!({"value": value, "standard_error": value.abs() / 20.0});
    let driver = |name: &str, event: bool, low: f64, high: f64| {
        serde_json::json!({
            "name": name, "topic": if event { "events" } else { "yield" }, "event": event, "low": low, "high": high,
            "swing": estimate(high - low), "rank": estimate(0.3), "explains": estimate(0.12),
        })
    };
    let target = |name: &str, kind: &str, unit: &str, size: f64| {
        serde_json::json!({
            "name": name, "says": name, "kind": kind, "unit": unit, "mean": estimate(0.5 * size),
            "standard_deviation": 0.2 * size,
            "drivers": [
                driver("process.n2.d0", false, 0.3 * size, 0.8 * size),
                driver("event.<b>.probability", true, 0.6 * size, 0.4 * size),
            ],
            "topics": [
                {"topic": "yield", "share": estimate(0.7), "variables": 12},
                {"topic": "events", "share": estimate(0.3), "variables": 3},
            ],
        })
    };
    let sensitivity: Sensitivity = serde_json::from_value(serde_json::json!({
        "draws": 10_000, "tornado_draws": 512, "walks": 2048, "sobol_evaluations": 0, "variables": 15,
        "targets": [
            target("units(home, 2027)", "metric", "units", 2e6),
            target("share_of_purchases(h100e, fully, 2027)", "metric", "fraction", 1.0),
            target("A claim & its sentence", "claim", "", 1.0),
        ],
    }))
    .unwrap();
    let leads = serde_json::json!([
        {"name": "process.n2.d0", "topic": "yield", "event": false, "removes": estimate(0.2)},
        {"name": "event.<b>.probability", "topic": "events", "event": true, "removes": estimate(0.1)},
    ]);
    let learning: Learning = serde_json::from_value(serde_json::json!({
        "draws": 10_000, "threshold": 0.5, "overall": leads,
        "targets": [{
            "name": "c", "says": "A claim & its sentence", "kind": "claim", "unit": "", "mean": estimate(0.4),
            "variance": 0.24, "leads": leads,
        }],
        "basis": [
            {"name": "event.<b>.probability", "text": "30 %", "range": [0.3, 0.3, 0.3], "unit": "%", "sources": []},
            {"name": "process.n2.d0", "text": "0.1 to 0.4 /cm2", "range": [0.1, 0.2, 0.4], "unit": "1/cm2", "sources": ["x"]},
        ],
    }))
    .unwrap();
    Analyses {
        sensitivity: Some(sensitivity),
        learning: Some(learning),
        ..Analyses::default()
    }
}

#[test]
fn what_moves_the_answer_and_what_to_look_up() {
    let analyses = sensitivity_and_learning();
    for language in Language::ALL {
        let document = html_with(&synthetic::summary(), &analyses, language);
        let found = elements(&document).unwrap();
        let ids: BTreeSet<&str> = found.iter().filter_map(|e| e.attribute("id")).collect();
        assert!(ids.contains("sensitivity") && ids.contains("learning"));
        assert!(!document.contains("NaN"));
    }
    let document = html_with(&synthetic::summary(), &analyses, Language::English);
    for text in [
        "Moved most by process.n2.d0: 600,000\u{a0}accelerators if it is low, 1.6\u{a0}million accelerators if it is high.",
        "event.&lt;b&gt;.probability",
        "70.0 ± 3.5%",
        "30% → 80%",
        "0.1 to 0.4 /cm2",
        ">assumption<",
    ] {
        assert!(document.contains(text), "{text}");
    }
    // Without the analyses there are no such sections.
    let plain = html(&synthetic::summary(), Language::English);
    assert!(!plain.contains("id=\"sensitivity\"") && !plain.contains("id=\"learning\""));
}

#[test]
fn a_plan_has_its_section_and_no_other_report_has_it() {
    let (document, _) = report();
    for text in [
        "id=\"planning\"",
        "stockpile.s",
        "fab.a &lt;b&gt;",
        "40 of 100",
    ] {
        assert!(document.contains(text), "{text}");
    }
    assert!(!document.contains("fab.a <b>"));
    let without = html(&synthetic::summary(), Language::English);
    assert!(!without.contains("id=\"planning\""));
}

#[test]
fn evidence_and_back_tests_have_their_sections() {
    let analyses = weighed::analyses();
    let document = wafercast_report::html_with(&synthetic::summary(), &analyses, Language::English);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("weighed.html");
    std::fs::write(&path, &document).unwrap();
    let found = elements(&document).unwrap_or_else(|fault| panic!("{fault}"));
    let plain = html(&synthetic::summary(), Language::English);
    for id in ["evidence", "backtest"] {
        let has = |document: &str| document.contains(&format!("<section id=\"{id}\">"));
        assert!(has(&document) && !has(&plain), "{id}");
        assert!(
            found
                .iter()
                .any(|element| element.attribute("href") == Some(&format!("#{id}")))
        );
    }
    let ids: Vec<&str> = found
        .iter()
        .filter_map(|element| element.attribute("id"))
        .collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len());
    assert!(!document.contains("NaN") && !document.contains(">inf"));
    // A rival that did better is named, and so is an observation that the inputs hardly allow.
    assert!(document.contains("1 of 1 rivals did better"));
    assert!(document.contains("the inputs hardly allow it"));
    assert!(document.contains("Home &lt;cards&gt;") && !document.contains("Home <cards>"));
    assert!(document.len() < plain.len() + 60_000);
}

#[test]
fn what_if_has_its_sections() {
    let (document, found) = report();
    for id in ["limits", "require"] {
        assert!(found.iter().any(|e| e.attribute("id") == Some(id)), "{id}");
    }
    for text in ["×1.42\u{a0}±\u{a0}0.03", "cannot alone", "0.45", "0,45"] {
        assert!(document.contains(text), "{text}");
    }
    let plain = html(&synthetic::summary(), Language::English);
    assert!(!plain.contains("id=\"limits\"") && !plain.contains("id=\"require\""));
    assert!(!document.contains("NaN"));
}
