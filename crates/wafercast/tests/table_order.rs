//! The order of tables in a file changes nothing but the places of things.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use wafercast::check::{CheckOptions, check};
use wafercast::diagnostic::Span;
use wafercast::facts::FactBase;
use wafercast::load::{Limits, ReadError, Reader, load};
use wafercast::scenario::Scenario;

const BASE: &str = include_str!("fixtures/base.toml");

struct One(String);

impl Reader for One {
    fn read(&self, _: &str) -> Result<Vec<u8>, ReadError> {
        Ok(self.0.clone().into_bytes())
    }
}

/// The head of the file, and its tables, each with the `[[…]]` that follow it.
fn blocks() -> (String, Vec<String>) {
    let mut head = String::new();
    let mut blocks: Vec<String> = Vec::new();
    for line in BASE.lines() {
        if line.starts_with('[') && !line.starts_with("[[") {
            blocks.push(String::new());
        }
        let block = blocks.last_mut().unwrap_or(&mut head);
        block.push_str(line);
        block.push('\n');
    }
    (head, blocks)
}

fn read(text: String) -> Scenario {
    let loaded = load("s.toml", &One(text), &[], &Limits::default());
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    let facts = FactBase::parse(&[]).0;
    let mut scenario = check(&loaded.document, &facts, &CheckOptions::default())
        .scenario
        .unwrap();
    for quantity in &mut scenario.quantities {
        quantity.span = Span::default();
    }
    for claim in &mut scenario.claims {
        claim.span = Span::default();
    }
    scenario
}

/// Keys of one-line entries of a block, in another order: `name = …` lines between the header and the next header.
fn shuffled_keys(block: &str, keys: &BTreeMap<usize, usize>) -> String {
    let mut lines: Vec<&str> = block.lines().collect();
    for (&from, &to) in keys {
        let (from, to) = (from % lines.len(), to % lines.len());
        let is_key = |line: &str| !line.starts_with('[') && line.contains(" = ");
        // only within one header's part
        let (low, high) = (from.min(to), from.max(to));
        if lines[low..=high].iter().all(|line| is_key(line)) {
            lines.swap(from, to);
        }
    }
    lines.join("\n") + "\n"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn order_changes_nothing(
        order in Just(blocks().1).prop_shuffle(),
        keys in proptest::collection::btree_map(0_usize..8, 0_usize..8, 0..8),
    ) {
        let head = blocks().0;
        let text: String = order.iter().map(|block| shuffled_keys(block, &keys)).collect();
        prop_assert_eq!(read(head + &text), read(BASE.to_owned()));
    }
}
