//! Accelerators and imports.

use super::{Builder, number, whole};
use crate::document::{Node, Table};
use crate::scenario::{
    Accelerator, Bom, DieId, FormatSupport, Import, MemoryId, NumberFormat, Spec,
};

/// Number formats by key.
const FORMATS: [(&str, NumberFormat); 7] = [
    ("fp32", NumberFormat::Fp32),
    ("tf32", NumberFormat::Tf32),
    ("bf16", NumberFormat::Bf16),
    ("fp16", NumberFormat::Fp16),
    ("fp8", NumberFormat::Fp8),
    ("int8", NumberFormat::Int8),
    ("fp4", NumberFormat::Fp4),
];

impl<'a> Builder<'_, 'a> {
    pub(super) fn accelerators(&self) -> Vec<Accelerator> {
        let tables = self.checker.tables("accelerator");
        tables
            .into_iter()
            .map(|(id, table, _)| {
                let path = format!("accelerator.{id}");
                let of = |key: &str| self.quantity(&format!("{path}.{key}"));
                let plan = table.get("plan").and_then(Node::table);
                Accelerator {
                    id: id.to_owned(),
                    name: self.name(table, id),
                    designer: self.text(table, "designer", ""),
                    country: self.text(table, "country", ""),
                    launch: self.position(table, "launch"),
                    delay: of("delay"),
                    probability: of("probability"),
                    end: self.optional_position(table, "end"),
                    tier: plan.and_then(|plan| whole(plan, "tier")).unwrap_or(1),
                    weight: of("plan.weight"),
                    cap: self.optional(&format!("{path}.plan.cap")),
                    test_yield: of("test_yield"),
                    spec: self.spec(&path, table),
                    lifetime: of("lifetime"),
                    ability: self.ability(&path, table),
                    boms: self.boms(table),
                }
            })
            .collect()
    }

    pub(super) fn imports(&self) -> Vec<Import> {
        let tables = self.checker.tables("import");
        tables
            .into_iter()
            .map(|(id, table, _)| {
                let path = format!("import.{id}");
                Import {
                    id: id.to_owned(),
                    name: self.name(table, id),
                    designer: self.text(table, "designer", "unknown"),
                    country: self.text(table, "country", "XX"),
                    rate: self.quantity(&format!("{path}.rate")),
                    legal: !matches!(
                        table.get("legal").map(|node| &node.value),
                        Some(crate::document::Item::Boolean(false))
                    ),
                    spec: self.spec(&path, table),
                    lifetime: self.quantity(&format!("{path}.lifetime")),
                    ability: self.ability(&path, table),
                }
            })
            .collect()
    }

    fn spec(&self, path: &str, table: &Table) -> Spec {
        let Some(spec) = table.get("spec").and_then(Node::table) else {
            return Spec::default();
        };
        let optional = |key: &str| self.optional(&format!("{path}.spec.{key}"));
        let compute = FORMATS
            .into_iter()
            .filter_map(|(key, format)| {
                let node = spec.get(key)?;
                let support = if node.text() == Some("none") {
                    FormatSupport::None
                } else {
                    FormatSupport::Native(optional(key)?)
                };
                Some((format, support))
            })
            .collect();
        Spec {
            compute,
            memory: optional("memory"),
            bandwidth: optional("bandwidth"),
            tdp: optional("tdp"),
            price: optional("price"),
        }
    }

    fn counts(&self, bom: &Table, key: &str, section: &str) -> Vec<(usize, f64)> {
        let Some(table) = bom.get(key).and_then(Node::table) else {
            return Vec::new();
        };
        table
            .iter()
            .filter_map(|(id, _)| Some((self.index(section, id), number(table, id)?)))
            .collect()
    }

    fn boms(&self, accelerator: &'a Table) -> Vec<Bom> {
        let elements = self.checker.elements(accelerator, "bom");
        elements
            .into_iter()
            .map(|(_, bom, _)| {
                let packaging = bom.get("packaging").and_then(Node::table);
                let size = packaging
                    .and_then(|packaging| packaging.get("size"))
                    .and_then(Node::table);
                Bom {
                    dies: self
                        .counts(bom, "dies", "die")
                        .into_iter()
                        .map(|(die, count)| (DieId(die), count))
                        .collect(),
                    memory: self
                        .counts(bom, "memory", "memory")
                        .into_iter()
                        .map(|(memory, count)| (MemoryId(memory), count))
                        .collect(),
                    technology: packaging
                        .and_then(|packaging| packaging.get("technology")?.text())
                        .map(|name| self.technology(name)),
                    size: size.map(|_| {
                        (
                            self.length(size, "width", 1.0),
                            self.length(size, "height", 1.0),
                        )
                    }),
                    interposers: packaging
                        .and_then(|packaging| number(packaging, "interposers"))
                        .unwrap_or(1.0),
                }
            })
            .collect()
    }
}
