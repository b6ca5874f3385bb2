//! Memory, packaging and stockpiles.

use super::{Builder, whole};
use crate::document::{Node, Table};
use crate::scenario::{
    DieId, Memory, MemoryId, MemoryLine, PackagingLine, Part, QuantityId, StackYield, Stockpile,
    TechnologyId,
};
use crate::unit::Dimension;

/// Interposer wafers, as the description of the fields has them.
const DIAMETER: f64 = 300.0;
const EDGE: f64 = 3.0;

impl<'a> Builder<'_, 'a> {
    pub(super) fn memories(&self) -> Vec<Memory> {
        let tables = self.checker.tables("memory");
        tables
            .into_iter()
            .map(|(id, table, _)| {
                let of = |key: &str| self.quantity(&format!("memory.{id}.{key}"));
                Memory {
                    id: id.to_owned(),
                    name: self.name(table, id),
                    capacity: of("capacity"),
                    bandwidth: of("bandwidth"),
                    layers: of("layers"),
                }
            })
            .collect()
    }

    pub(super) fn memory_lines(&self) -> Vec<MemoryLine> {
        let tables = self.checker.tables("memory_line");
        tables
            .into_iter()
            .map(|(id, table, _)| {
                let path = format!("memory_line.{id}");
                let of = |key: &str| self.quantity(&format!("{path}.{key}"));
                let optional = |key: &str| self.optional(&format!("{path}.{key}"));
                MemoryLine {
                    id: id.to_owned(),
                    name: self.name(table, id),
                    owner: self.text(table, "owner", ""),
                    country: self.text(table, "country", ""),
                    memory: MemoryId(self.reference(table, "memory", "memory")),
                    utilisation: of("utilisation"),
                    stacks: match optional("stacks_per_wafer") {
                        Some(stacks) => StackYield::PerWafer(stacks),
                        None => StackYield::Built {
                            dies_per_wafer: of("dies_per_wafer"),
                            die_yield: of("die_yield"),
                            stack_yield: optional("stack_yield"),
                            bond_yield: optional("bond_yield"),
                        },
                    },
                    cycle_time: of("cycle_time"),
                    phases: self.phases(&path, table),
                }
            })
            .collect()
    }

    pub(super) fn technology(&self, name: &str) -> TechnologyId {
        let found = self
            .technologies
            .binary_search_by(|known| known.as_str().cmp(name));
        TechnologyId(found.unwrap_or(0))
    }

    pub(super) fn packaging_lines(&self) -> Vec<PackagingLine> {
        let tables = self.checker.tables("packaging_line");
        tables
            .into_iter()
            .map(|(id, table, _)| {
                let path = format!("packaging_line.{id}");
                let of = |key: &str| self.quantity(&format!("{path}.{key}"));
                let phases = self.phases(&path, table);
                let wafer = table.get("wafer").and_then(Node::table);
                PackagingLine {
                    id: id.to_owned(),
                    name: self.name(table, id),
                    owner: self.text(table, "owner", ""),
                    country: self.text(table, "country", ""),
                    technology: self.technology(&self.text(table, "technology", "")),
                    in_wafers: phases
                        .first()
                        .is_some_and(|phase| self.is_in_wafers(phase.add)),
                    diameter: self.length(wafer, "diameter", DIAMETER),
                    edge: self.length(wafer, "edge", EDGE),
                    utilisation: of("utilisation"),
                    assembly_yield: of("yield"),
                    lead_time: of("lead_time"),
                    phases,
                }
            })
            .collect()
    }

    fn is_in_wafers(&self, add: QuantityId) -> bool {
        let quantity = self.quantities.get(add.0);
        quantity.is_some_and(|quantity| quantity.unit.dimension == Dimension::WAFERS_PER_MONTH)
    }

    fn part(&self, table: &Table) -> Part {
        let part = table.get("part").and_then(Node::text).unwrap_or("");
        match part.split_once('.') {
            Some(("memory", id)) => Part::Memory(MemoryId(self.index("memory", id))),
            Some((_, id)) => Part::Die(DieId(self.index("die", id))),
            None => Part::Die(DieId(0)),
        }
    }

    pub(super) fn stockpiles(&self) -> Vec<Stockpile> {
        let tables = self.checker.tables("stockpile");
        tables
            .into_iter()
            .map(|(id, table, _)| {
                let path = format!("stockpile.{id}");
                let origin = table.get("origin").and_then(Node::table);
                let origin = |key: &str| {
                    origin.map_or_else(String::new, |origin| self.text(origin, key, ""))
                };
                let mut deliveries: Vec<(f64, QuantityId)> = Vec::new();
                if let Some(amount) = self.optional(&format!("{path}.amount")) {
                    deliveries.push((self.position(table, "at"), amount));
                }
                for (index, delivery, _) in self.checker.elements(table, "delivery") {
                    let amount = self.quantity(&format!("{path}.delivery[{index}].amount"));
                    deliveries.push((self.position(delivery, "at"), amount));
                }
                deliveries.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                Stockpile {
                    id: id.to_owned(),
                    name: self.name(table, id),
                    part: self.part(table),
                    country: origin("country"),
                    maker: origin("maker"),
                    deliveries,
                    order: whole(table, "order").unwrap_or(0),
                }
            })
            .collect()
    }
}
