//! What an uncertain quantity is about: a topic for every quantity name.

use serde::{Deserialize, Serialize};
use wafercast::scenario::{Part, Scenario};

/// A topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Yield of logic dies, of assembly and of final test.
    Yield,
    /// Logic lines: capacity, dates, utilisation, share for accelerators, cycle time.
    LogicLines,
    /// Logic dies in stock, and deliveries of them.
    StockedDies,
    /// Memory: lines, stacks per wafer, stocks and deliveries.
    Memory,
    /// Packaging lines.
    Packaging,
    /// Which accelerators are built, how many, and from when.
    ProductPlan,
    /// What an accelerator is: performance, price, power, lifetime.
    Products,
    /// Imports.
    Imports,
    /// Demand.
    Demand,
    /// Events: law, policy, and what else happens or not.
    Events,
    /// Anything else.
    Other,
}

impl Topic {
    /// All topics, in the order of the chain from wafer to market.
    pub const ALL: [Topic; 11] = [
        Topic::Yield,
        Topic::LogicLines,
        Topic::StockedDies,
        Topic::Memory,
        Topic::Packaging,
        Topic::ProductPlan,
        Topic::Products,
        Topic::Imports,
        Topic::Demand,
        Topic::Events,
        Topic::Other,
    ];

    /// The topic of a quantity of a scenario, by its name.
    pub fn of(name: &str, scenario: &Scenario) -> Topic {
        let mut parts = name.split('.');
        let table = parts.next().unwrap_or_default();
        let id = parts.next().unwrap_or_default();
        let key = parts.next().unwrap_or_default();
        match (table, key) {
            ("process", _) | ("die", _) | ("accelerator", "test_yield") => Topic::Yield,
            ("packaging_line", "yield") => Topic::Yield,
            ("fab", _) => Topic::LogicLines,
            ("stockpile", _) => match stocked(id, scenario) {
                Some(Part::Memory(_)) => Topic::Memory,
                Some(Part::Die(_)) | None => Topic::StockedDies,
            },
            ("memory" | "memory_line", _) => Topic::Memory,
            ("packaging" | "packaging_line", _) => Topic::Packaging,
            ("accelerator", "spec" | "lifetime" | "runs" | "rent") => Topic::Products,
            ("accelerator", _) => Topic::ProductPlan,
            ("import", "spec" | "lifetime" | "runs" | "rent") => Topic::Products,
            ("import", _) => Topic::Imports,
            ("demand", _) | ("workload", "load") => Topic::Demand,
            ("workload", _) | ("ownership", _) => Topic::Products,
            ("event", _) => Topic::Events,
            _ => Topic::Other,
        }
    }

    /// In plain English.
    pub fn english(self) -> &'static str {
        match self {
            Topic::Yield => "yield",
            Topic::LogicLines => "logic lines",
            Topic::StockedDies => "stocked dies",
            Topic::Memory => "memory (HBM)",
            Topic::Packaging => "packaging",
            Topic::ProductPlan => "product plans",
            Topic::Products => "products: performance, price, life",
            Topic::Imports => "imports",
            Topic::Demand => "demand",
            Topic::Events => "policy and events",
            Topic::Other => "other",
        }
    }
}

fn stocked<'a>(id: &str, scenario: &'a Scenario) -> Option<&'a Part> {
    let stockpile = scenario.stockpiles.iter().find(|s| s.id == id)?;
    Some(&stockpile.part)
}
