//! Loading: limits, overlays, overrides, and places in the right file.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use wafercast::check::{CheckOptions, check};
use wafercast::diagnostic::wire::to_wire;
use wafercast::facts::FactBase;
use wafercast::load::{Limits, Loaded, Override, ReadError, Reader, load};
use wafercast::scenario::Scenario;

/// Files in memory.
struct Memory(BTreeMap<String, Vec<u8>>);

impl Memory {
    fn new(files: &[(&str, &str)]) -> Self {
        Self(
            files
                .iter()
                .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
                .collect(),
        )
    }
}

impl Reader for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.0.get(path).cloned().ok_or(ReadError::NotFound)
    }
}

const BASE: &str = include_str!("fixtures/base.toml");

fn codes(loaded: &Loaded) -> Vec<String> {
    loaded
        .diagnostics
        .iter()
        .map(|diagnostic| to_wire(diagnostic, &loaded.sources))
        .map(|wire| format!("{}:{} {}", wire.file, wire.line, wire.code))
        .collect()
}

fn scenario(loaded: &Loaded) -> Scenario {
    let facts = FactBase::parse(&[]).0;
    let checked = check(&loaded.document, &facts, &CheckOptions::default());
    match checked.scenario {
        Some(scenario) => scenario,
        None => panic!("{:#?}", checked.diagnostics),
    }
}

fn text_of<'s>(scenario: &'s Scenario, name: &str) -> &'s str {
    let quantity = scenario.quantities.iter().find(|each| each.name == name);
    quantity.map_or("(none)", |quantity| &quantity.text)
}

#[test]
fn limits_hold() {
    let limits = Limits {
        file_bytes: 200,
        depth: 4,
        keys: 5,
        files: 2,
    };
    let long = format!("# {}", "x".repeat(300));
    let reader = Memory::new(&[("s.toml", &long)]);
    assert_eq!(
        codes(&load("s.toml", &reader, &[], &limits)),
        ["s.toml:1 WF0003"]
    );

    let reader = Memory::new(&[("s.toml", "a=1\nb=1\nc=1\nd=1\ne=1\nf=1\ng=1\n")]);
    assert_eq!(
        codes(&load("s.toml", &reader, &[], &limits)),
        ["s.toml:6 WF0005"]
    );

    let reader = Memory::new(&[
        ("s.toml", "include = [\"a.toml\",\n\"b.toml\"]"),
        ("a.toml", ""),
        ("b.toml", ""),
    ]);
    assert_eq!(
        codes(&load("s.toml", &reader, &[], &limits)),
        ["s.toml:2 WF0006"]
    );

    let reader = Memory::new(&[("s.toml", "a = [[[[[[1]]]]]]")]);
    assert_eq!(
        codes(&load("s.toml", &reader, &[], &limits)),
        ["s.toml:1 WF0004"]
    );
}

#[test]
fn a_missing_main_file_is_reported_in_its_own_name() {
    let loaded = load("x/s.toml", &Memory::new(&[]), &[], &Limits::default());
    assert_eq!(codes(&loaded), ["x/s.toml:1 WF0007"]);
}

#[test]
fn links_are_refused_by_the_reader() {
    struct Links;
    impl Reader for Links {
        fn read(&self, _: &str) -> Result<Vec<u8>, ReadError> {
            Err(ReadError::Link)
        }
    }
    let loaded = load("s.toml", &Links, &[], &Limits::default());
    assert!(
        loaded.diagnostics[0]
            .message
            .contains("links are not followed")
    );
}

#[test]
fn overlays_merge_key_by_key_and_replace_lists() {
    let over = "extends = \"../base\"\n\
        title = \"Two\"\n\
        event.ban = false\n\
        [fab.a]\n\
        utilisation = { path = { \"2024-01\" = \"50%\" } }\n\
        ai_share.path.\"2026-01\" = \"70%\"\n\
        phase = [{ add = \"9 kWSPM\", start = \"2024\" }]\n";
    let reader = Memory::new(&[("base/scenario.toml", BASE), ("over/scenario.toml", over)]);
    let loaded = load("over/scenario.toml", &reader, &[], &Limits::default());
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    let merged = scenario(&loaded);
    assert_eq!(merged.title, "Two");
    assert_eq!(merged.home, "CN");
    assert!(merged.events.is_empty());
    assert_eq!(merged.fabs[0].phases.len(), 1);
    assert_eq!(text_of(&merged, "fab.a.utilisation"), "2024-01: 50%");
    assert_eq!(
        text_of(&merged, "fab.a.ai_share"),
        "2024-01: 20% to 30%, 2026-01: 70%"
    );
}

#[test]
fn overrides_use_the_same_paths() {
    let reader = Memory::new(&[("s.toml", BASE)]);
    let overrides: Vec<Override> = [
        "fab.a.phase[1].delay=6 months",
        "fab.a.phase[1].probability = 0.5",
        "run.samples=100",
        "fab.a.utilisation.path.\"2025-01\"=80%",
        "accelerator.x.plan.cap=\"1 k units/month\"",
        "event.ban=false",
        "title=One word",
    ]
    .iter()
    .map(|text| text.parse().unwrap())
    .collect();
    let loaded = load("s.toml", &reader, &overrides, &Limits::default());
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    let changed = scenario(&loaded);
    assert_eq!(text_of(&changed, "fab.a.phase[1].delay"), "6 months");
    assert_eq!(text_of(&changed, "fab.a.phase[1].probability"), "0.5");
    assert_eq!(text_of(&changed, "fab.a.utilisation"), "2025-01: 80%");
    assert_eq!(
        text_of(&changed, "accelerator.x.plan.cap"),
        "1 k units/month"
    );
    assert_eq!(changed.run.samples, 100);
    assert_eq!(changed.title, "One word");
    assert!(changed.events.is_empty());
}

#[test]
fn an_override_does_not_inherit_the_sources_of_its_table() {
    let facts = include_str!("fixtures/facts.csv");
    let facts = FactBase::parse(&[("facts.csv".to_owned(), facts.to_owned())]).0;
    let text = BASE.replace("[fab.a]", "[fab.a]\nsource = [\"util-2025\"]");
    let reader = Memory::new(&[("s.toml", &text)]);
    let overrides = ["fab.a.utilisation=70%".parse().unwrap()];
    let loaded = load("s.toml", &reader, &overrides, &Limits::default());
    let checked = check(&loaded.document, &facts, &CheckOptions::default());
    let changed = checked.scenario.unwrap();
    let sources = |name: &str| {
        let quantity = changed.quantities.iter().find(|each| each.name == name);
        quantity.unwrap().sources.clone()
    };
    assert_eq!(sources("fab.a.ai_share"), ["util-2025"]);
    assert_eq!(sources("fab.a.phase[0].add"), ["util-2025"]);
    assert!(sources("fab.a.utilisation").is_empty());
}

#[test]
fn errors_are_limited() {
    let tables: String = (0..3000)
        .map(|n| format!("[die.d{n}]\nprocess = \"p{n}\"\n"))
        .collect();
    let reader = Memory::new(&[("s.toml", &(BASE.to_owned() + &tables))]);
    let loaded = load("s.toml", &reader, &[], &Limits::default());
    let facts = FactBase::parse(&[]).0;
    let checked = check(&loaded.document, &facts, &CheckOptions::default());
    assert!(checked.scenario.is_none());
    let errors = checked
        .diagnostics
        .iter()
        .filter(|each| each.severity == wafercast::diagnostic::Severity::Error);
    assert_eq!(errors.count(), 1000);
}

#[test]
fn a_line_of_nonsense_is_one_error() {
    let reader = Memory::new(&[("s.toml", &"=".repeat(1_000_000))]);
    let loaded = load("s.toml", &reader, &[], &Limits::default());
    assert_eq!(codes(&loaded), ["s.toml:1 WF0001"]);
}
