//! Any bytes as a scenario: load, check, compile, four draws. `cargo +nightly fuzz run scenario` in the root.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wafercast::check::{CheckOptions, check};
use wafercast::compile::compile;
use wafercast::facts::FactBase;
use wafercast::load::{Limits, ReadError, Reader, load};
use wafercast::scenario::Design;
use wafercast::simulate::{Sampling, Simulation};

const BASE: &[u8] = include_bytes!("../../crates/wafercast/tests/fixtures/base.toml");

/// The input, which may extend or include the base.
struct Input<'a>(&'a [u8]);

impl Reader for Input<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match path {
            "scenario.toml" => Ok(self.0.to_vec()),
            "base.toml" | "../base.toml" => Ok(BASE.to_vec()),
            _ => Err(ReadError::NotFound),
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let loaded = load("scenario.toml", &Input(data), &[], &Limits::default());
    if wafercast::diagnostic::has_errors(&loaded.diagnostics) {
        return;
    }
    let facts = FactBase::default();
    if let Some(scenario) = check(&loaded.document, &facts, &CheckOptions::default()).scenario {
        let plan = compile(&scenario);
        let sampling = Sampling {
            draws: 4,
            seed: 1,
            design: Design::Lhs,
        };
        assert_eq!(Simulation::new(&plan, sampling).tally(0..4).draws(), 4);
    }
});
