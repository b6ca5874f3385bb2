//! The model's numbered equations and the code that cites them (`Model eq. (n)`) belong together: every equation has its
//! place in the code, and no citation leads nowhere.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Numbers of the equations: at the end of a line of a block of formulas.
fn numbered(text: &str) -> BTreeSet<u32> {
    let mut numbers = BTreeSet::new();
    let mut in_block = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        }
        let number = line
            .strip_suffix(')')
            .and_then(|line| line.rsplit_once('('));
        if let (true, Some((_, number))) = (in_block, number) {
            numbers.extend(number.parse::<u32>());
        }
    }
    numbers
}

/// Numbers cited in the sources below a folder.
fn cited(folder: &Path, numbers: &mut BTreeSet<u32>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            cited(&path, numbers);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for citation in text.split("Model eq. ").skip(1) {
            let list = citation.split('.').next().unwrap_or_default();
            for number in list.split(", ") {
                let number = number.trim_start_matches('(').trim_end_matches(')');
                numbers.insert(number.parse().unwrap_or_else(|_| {
                    panic!("{}: `Model eq. {list}` cites no number", path.display())
                }));
            }
        }
    }
}

#[test]
fn every_equation_is_cited_and_every_citation_has_its_equation() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = fs::read_to_string(root.join("../../docs/concepts/model.md")).unwrap();
    let mut found = BTreeSet::new();
    cited(&root.join("src"), &mut found);
    let written = numbered(&model);
    assert!(written.len() >= 39, "{written:?}");
    assert_eq!(written, found);
}
