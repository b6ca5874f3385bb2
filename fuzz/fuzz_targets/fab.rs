//! Any bytes as a fab model: read, check, write, compile, six hours. `cargo +nightly fuzz run fab` in the root.
//!
//! The first byte chooses the format: AutoSched's tables, one after the other with a line `== name` before each, or TOML.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wafercast_fab::autosched::{self, NamedText};
use wafercast_fab::calendar::BucketCalendar;
use wafercast_fab::check::check;
use wafercast_fab::native;
use wafercast_fab::plan::{Reading, compile};
use wafercast_fab::simulate::Simulation;
use wafercast_fab::span::DAY;

fuzz_target!(|data: &[u8]| {
    let Some((format, text)) = data.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    let (model, problems) = if format % 2 == 0 {
        native::read("fuzz", "fab.toml", text)
    } else {
        let files: Vec<NamedText<'_>> = text
            .split("== ")
            .filter_map(|file| file.split_once('\n'))
            .map(|(name, text)| NamedText { name, text })
            .collect();
        autosched::read("fuzz", &files)
    };
    let (Some(model), _) = check(model, problems) else {
        return;
    };
    let written = native::write(model.model());
    let (again, problems) = native::read("fuzz", "fab.toml", &written);
    assert!(problems.is_empty());
    assert_eq!(native::write(&again), written);
    let plan = compile(&model, Reading::default());
    if plan.tool_family.len() <= 10_000 {
        let mut fab = Simulation::<BucketCalendar>::new(&plan, 1, 0);
        fab.run_until(DAY / 4);
        assert!(fab.audit().is_ok());
    }
});
