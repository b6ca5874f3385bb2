//! A fingerprint of what decides draws and results: names, values and structure, not spans, notes or display text.

use std::fmt::Write;

use crate::scenario::{Allocation, ClaimAnswer, Scenario};

/// FNV-1a, 64 bits (Fowler, Noll, Vo), over everything written to it.
struct Fnv(u64);

impl Write for Fnv {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Ok(())
    }
}

/// Fingerprint of a scenario.
pub(super) fn of(scenario: &Scenario) -> u64 {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    // Writing to the hash cannot fail.
    let _ = write!(
        hash,
        "{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}",
        (&scenario.home, scenario.horizon, scenario.as_of),
        scenario.processes,
        scenario.fabs,
        scenario.dies,
        scenario.memories,
        scenario.memory_lines,
        scenario.technologies,
        scenario.packaging_lines,
        scenario.stockpiles,
        scenario.accelerators,
        scenario.imports,
        scenario.demands,
        scenario.events,
        scenario.correlations,
    );
    let _ = write!(hash, "{:?}{:?}", scenario.workloads, scenario.ownership);
    for quantity in &scenario.quantities {
        let _ = write!(
            hash,
            "{}{:?}{:?}",
            quantity.name, quantity.value, quantity.unit.dimension
        );
    }
    for claim in &scenario.claims {
        if let ClaimAnswer::Formula { condition, .. } = &claim.answer {
            let _ = write!(hash, "{}{condition:?}", claim.id);
        }
    }
    for evidence in &scenario.evidence {
        let _ = write!(hash, "{}{:?}", evidence.id, evidence.metric);
    }
    if scenario.run.allocation == Allocation::Optimal {
        let planning = &scenario.planning;
        let _ = write!(
            hash,
            "{:?}{}{}",
            planning.maximise, planning.discount, planning.first
        );
        for commitment in &planning.commitments {
            let _ = write!(hash, "{}", commitment.text);
        }
    }
    hash.0
}
