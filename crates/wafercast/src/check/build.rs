//! The typed tables. Everything has been checked when they are built; where something is amiss, a stand-in takes its
//! place and the scenario is thrown away.

mod chips;
mod lines;
mod processes;
mod workloads;

use std::collections::BTreeMap;

use super::Checker;
use super::correlations::NamedPair;
use super::quantity::{date_of, fixed_number};
use crate::document::{Item, Node, Table};
use crate::scenario::{
    Allocation, Correlation, Demand, DemandMetric, Design, Effect, Event, Quantity, QuantityId,
    RunOptions, Scenario,
};
use crate::unit::Dimension;

/// What the builders look things up in.
pub(super) struct Builder<'c, 'a> {
    checker: &'c Checker<'a>,
    ids: &'c BTreeMap<String, QuantityId>,
    quantities: &'c [Quantity],
    /// Place of each known table in its section.
    places: BTreeMap<(&'a str, &'a str), usize>,
    technologies: Vec<String>,
}

impl<'a> Checker<'a> {
    /// Builds the scenario, without claims and evidence.
    pub(super) fn build(
        &self,
        quantities: Vec<Quantity>,
        ids: &BTreeMap<String, QuantityId>,
        correlations: &[NamedPair],
    ) -> Scenario {
        let builder = Builder {
            checker: self,
            ids,
            quantities: &quantities,
            places: self.places(),
            technologies: self.technologies(),
        };
        let mut scenario = Scenario {
            title: builder.text(self.root, "title", ""),
            description: optional_text(self.root, "description"),
            home: builder.text(self.root, "home", "XX"),
            horizon: self.horizon,
            as_of: self.as_of,
            data_until: date_of(self.root, "data_until"),
            backtest: self
                .root
                .get("backtest")
                .and_then(Node::array)
                .unwrap_or(&[])
                .iter()
                .filter_map(super::top::date)
                .collect(),
            run: run_options(self.root),
            planning: self.planning_options(),
            quantities: Vec::new(),
            processes: builder.processes(),
            fabs: builder.fabs(),
            dies: builder.dies(),
            memories: builder.memories(),
            memory_lines: builder.memory_lines(),
            packaging_lines: builder.packaging_lines(),
            stockpiles: builder.stockpiles(),
            accelerators: builder.accelerators(),
            imports: builder.imports(),
            workloads: builder.workloads(),
            ownership: builder.ownership(),
            demands: builder.demands(),
            events: builder.events(),
            claims: Vec::new(),
            evidence: Vec::new(),
            correlations: correlations
                .iter()
                .map(|(first, second, rank)| Correlation {
                    first: builder.quantity(first),
                    second: builder.quantity(second),
                    rank: *rank,
                })
                .collect(),
            technologies: builder.technologies,
        };
        scenario.quantities = quantities;
        scenario
    }

    fn places(&self) -> BTreeMap<(&'a str, &'a str), usize> {
        crate::fields::sections()
            .flat_map(|(section, _)| {
                let ids = self.tables(section).into_iter().enumerate();
                ids.map(move |(index, (id, ..))| ((section, id), index))
            })
            .collect()
    }

    /// All packaging technologies that lines or bills of materials name, in order.
    fn technologies(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .tables("packaging_line")
            .iter()
            .filter_map(|(_, table, _)| optional_text(table, "technology"))
            .collect();
        for (_, accelerator, _) in self.tables("accelerator") {
            for (_, bom, _) in self.elements(accelerator, "bom") {
                names.extend(
                    bom.get("packaging")
                        .and_then(Node::table)
                        .and_then(|packaging| optional_text(packaging, "technology")),
                );
            }
        }
        names.sort();
        names.dedup();
        names
    }
}

impl<'a> Builder<'_, 'a> {
    /// The quantity of a name.
    fn quantity(&self, name: &str) -> QuantityId {
        self.ids.get(name).copied().unwrap_or(QuantityId(0))
    }

    /// The quantity of a name, if there is one.
    fn optional(&self, name: &str) -> Option<QuantityId> {
        self.ids.get(name).copied()
    }

    fn text(&self, table: &Table, key: &str, default: &str) -> String {
        optional_text(table, key).unwrap_or_else(|| default.to_owned())
    }

    /// Display name: the `name`, else the id.
    fn name(&self, table: &Table, id: &str) -> String {
        self.text(table, "name", id)
    }

    /// Index of an id among the known tables of its section.
    fn index(&self, section: &str, id: &str) -> usize {
        self.places.get(&(section, id)).copied().unwrap_or(0)
    }

    /// Index of the table that a key refers to.
    fn reference(&self, table: &Table, key: &str, section: &str) -> usize {
        let id = table.get(key).and_then(Node::text).unwrap_or("");
        self.index(section, id)
    }

    /// Position of a date on the time axis.
    fn position(&self, table: &Table, key: &str) -> f64 {
        self.optional_position(table, key).unwrap_or(0.0)
    }

    fn optional_position(&self, table: &Table, key: &str) -> Option<f64> {
        date_of(table, key).map(|date| self.checker.horizon.position(date))
    }

    /// A certain length in millimetres.
    fn length(&self, table: Option<&Table>, key: &str, default: f64) -> f64 {
        table
            .and_then(|table| table.get(key))
            .and_then(|node| fixed_number(node, Dimension::LENGTH, self.checker.facts))
            .unwrap_or(default)
    }

    fn demands(&self) -> Vec<Demand> {
        let tables = self.checker.tables("demand");
        tables
            .into_iter()
            .map(|(id, table, _)| Demand {
                id: id.to_owned(),
                name: self.name(table, id),
                metric: match table.get("metric").and_then(Node::text) {
                    Some("h100e") => DemandMetric::H100e,
                    Some("tpp") => DemandMetric::Tpp,
                    Some("value") => DemandMetric::Value,
                    _ => DemandMetric::Units,
                },
                rate: self.quantity(&format!("demand.{id}.rate")),
            })
            .collect()
    }

    fn events(&self) -> Vec<Event> {
        let tables = self.checker.tables("event");
        tables
            .into_iter()
            .map(|(id, table, _)| Event {
                id: id.to_owned(),
                name: self.name(table, id),
                date: self.position(table, "date"),
                delay: self.quantity(&format!("event.{id}.delay")),
                probability: self.quantity(&format!("event.{id}.probability")),
                until: self.optional_position(table, "until"),
                effects: self.effects(id, table),
            })
            .collect()
    }

    /// The effects whose quantity is known.
    fn effects(&self, id: &str, event: &'a Table) -> Vec<Effect> {
        use crate::scenario::Action;
        let mut effects = Vec::new();
        for (index, effect, _) in self.checker.elements(event, "effect") {
            let target = effect.get("quantity").and_then(Node::text);
            let Some(quantity) = target.and_then(|name| self.optional(name)) else {
                continue;
            };
            for (key, action) in [
                ("multiply", Action::Multiply),
                ("replace", Action::Replace),
                ("add", Action::Add),
            ] {
                let operand = self.optional(&format!("event.{id}.effect[{index}].{key}"));
                effects.extend(operand.map(|operand| Effect {
                    quantity,
                    action,
                    operand,
                }));
            }
        }
        effects
    }
}

fn optional_text(table: &Table, key: &str) -> Option<String> {
    table.get(key).and_then(Node::text).map(str::to_owned)
}

/// A plain number.
fn number(table: &Table, key: &str) -> Option<f64> {
    match &table.get(key)?.value {
        Item::Number(text) => text.parse().ok(),
        _ => None,
    }
}

/// A whole number.
fn whole<T: std::str::FromStr>(table: &Table, key: &str) -> Option<T> {
    match &table.get(key)?.value {
        Item::Number(text) => text.parse().ok(),
        _ => None,
    }
}

fn run_options(root: &Table) -> RunOptions {
    let empty = Table::default();
    let run = root.get("run").and_then(Node::table).unwrap_or(&empty);
    RunOptions {
        samples: whole(run, "samples").unwrap_or(10_000),
        seed: whole(run, "seed").unwrap_or(1),
        design: match run.get("design").and_then(Node::text) {
            Some("random") => Design::Random,
            Some("sobol") => Design::Sobol,
            _ => Design::Lhs,
        },
        allocation: match run.get("allocation").and_then(Node::text) {
            Some("optimal") => Allocation::Optimal,
            _ => Allocation::Priority,
        },
    }
}
