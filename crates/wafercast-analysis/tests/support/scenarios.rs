//! Scenarios from texts, for tests.

use wafercast::check::{CheckOptions, check};
use wafercast::facts::FactBase;
use wafercast::load::{Limits, Override, load};
use wafercast::scenario::{QuantityId, Scenario};

/// A scenario with changes; panics with what is wrong with it.
pub fn scenario(text: &str, set: &[&str]) -> Scenario {
    let files = std::collections::BTreeMap::from([("s.toml".to_owned(), text.to_owned())]);
    let overrides: Vec<Override> = set
        .iter()
        .map(|one| one.parse().unwrap_or_else(|error| panic!("{one}: {error}")))
        .collect();
    let loaded = load("s.toml", &files, &overrides, &Limits::default());
    let checked = check(
        &loaded.document,
        &FactBase::default(),
        &CheckOptions::default(),
    );
    checked
        .scenario
        .unwrap_or_else(|| panic!("{:?}{:?}", loaded.diagnostics, checked.diagnostics))
}

/// A quantity by its name.
#[allow(dead_code, reason = "not every test names quantities")]
pub fn quantity(scenario: &Scenario, name: &str) -> QuantityId {
    let found = scenario.quantities.iter().position(|q| q.name == name);
    QuantityId(found.unwrap_or_else(|| panic!("no quantity `{name}`")))
}
