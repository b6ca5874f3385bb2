//! Workloads, what chips do of them, and what owning costs.

use super::{Builder, optional_text};
use crate::document::{Node, Table};
use crate::scenario::{Ability, Ownership, Runs, Workload, WorkloadId};
use crate::unit::Dimension;

impl Builder<'_, '_> {
    pub(super) fn workloads(&self) -> Vec<Workload> {
        let tables = self.checker.tables("workload");
        tables
            .into_iter()
            .map(|(id, table, _)| {
                let path = format!("workload.{id}");
                Workload {
                    id: id.to_owned(),
                    name: self.name(table, id),
                    model: self.text(table, "model", ""),
                    format: optional_text(table, "format"),
                    run_tokens: self.run_tokens(table),
                    common: self.optional(&format!("{path}.common")),
                    load: self.optional(&format!("{path}.load")),
                    utilisation: self.quantity(&format!("{path}.utilisation")),
                }
            })
            .collect()
    }

    fn run_tokens(&self, workload: &Table) -> Option<f64> {
        let train = workload.get("train").and_then(Node::table)?;
        let tokens = train.get("tokens")?;
        super::fixed_number(tokens, Dimension::TOKEN, self.checker.facts)
    }

    pub(super) fn ownership(&self) -> Option<Ownership> {
        self.checker.root.get("ownership").and_then(Node::table)?;
        let of = |key: &str| self.quantity(&format!("ownership.{key}"));
        Some(Ownership {
            overhead: of("overhead"),
            capital: of("capital"),
            years: of("years"),
            running: of("running"),
            availability: of("availability"),
            power_overhead: of("power_overhead"),
            power_load: of("power_load"),
            electricity: of("electricity"),
        })
    }

    /// What an accelerator or import does of workloads.
    pub(super) fn ability(&self, path: &str, table: &Table) -> Ability {
        let how = table.get("how").and_then(Node::table);
        let runs = self
            .checker
            .tables("workload")
            .into_iter()
            .enumerate()
            .filter_map(|(index, (id, ..))| {
                let rate = self.optional(&format!("{path}.runs.{id}"));
                let how = how.and_then(|how| optional_text(how, id));
                (rate.is_some() || how.is_some()).then_some(Runs {
                    workload: WorkloadId(index),
                    rate,
                    how,
                })
            })
            .collect();
        Ability {
            chip: optional_text(table, "chip"),
            runs,
            rent: self.optional(&format!("{path}.rent")),
        }
    }
}
