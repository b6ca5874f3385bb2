//! Rules of workloads.

use super::Checker;
use crate::diagnostic::{Diagnostic, codes};
use crate::unit::Dimension;

impl Checker<'_> {
    /// Checks that only what is trained is wanted in runs.
    pub(super) fn workload_rules(&mut self) {
        for (id, table, _) in self.tables("workload") {
            let Some(node) = table.get("load").filter(|_| table.get("serve").is_some()) else {
                continue;
            };
            let load = self.quantities.get(&format!("workload.{id}.load"));
            let in_runs =
                load.is_some_and(|load| load.quantity.unit.dimension == Dimension::PER_MONTH);
            if in_runs {
                self.report(
                    Diagnostic::error(
                        codes::WRONG_DIMENSION,
                        format!("`workload.{id}.load` counts runs, but the workload is served"),
                        node.span,
                        "expected tokens per time",
                    )
                    .help("for example \"1 T tokens/day\"; runs are what `train` is counted in"),
                );
            }
        }
    }
}
