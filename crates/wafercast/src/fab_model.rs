//! Lines whose capacity comes from a fab model: what to simulate, and the numbers that take its place.
//!
//! The engine simulates no fab. Whoever can finds the lines with [`requests`], simulates, and puts plain quantities in the
//! place of `capacity` with [`supply`]; then the scenario is checked like any other.

use crate::diagnostic::Span;
use crate::document::{Document, Entry, Item, Node, Table};

/// Most tools that a phase may bring.
pub const MOST_TOOLS: u64 = 10_000;

/// A line whose capacity comes from a fab model.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Id of the line.
    pub line: String,
    /// The fab model, as written.
    pub fab: String,
    /// Where it is written.
    pub span: Span,
    /// How far the model may be off, as a share of its numbers (90 % interval).
    pub model_error: f64,
    /// Simulated days after the warm-up, where given.
    pub days: Option<u32>,
    /// Replications, where given.
    pub replications: Option<u32>,
    /// By phase: the tools that come with it.
    pub phases: Vec<Vec<PhaseTools>>,
    /// Whether the cycle time comes from the model, too.
    pub wants_cycle_time: bool,
}

/// Tools that come with a phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseTools {
    /// Tool family of the fab model.
    pub family: String,
    /// How many.
    pub count: u32,
    /// Where the family is written.
    pub span: Span,
}

/// What takes the place of a fab model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// By phase: the size, as text of a quantity in wafers per month.
    pub add: Vec<String>,
    /// The cycle time, as text of a quantity.
    pub cycle_time: String,
    /// On what they rest, for reports.
    pub because: String,
}

/// The lines that ask for a fab model, in order of id. What is not well-formed is left to the check, which says why.
pub fn requests(document: &Document) -> Vec<Request> {
    let lines = document.root.get("fab").and_then(Node::table);
    lines
        .into_iter()
        .flat_map(Table::iter)
        .filter_map(|(id, entry)| request(id, entry.node.table()?))
        .collect()
}

fn request(id: &str, line: &Table) -> Option<Request> {
    let capacity = line.get("capacity")?.table()?;
    let fab = capacity.get("fab")?;
    let phases = line.get("phase")?.array()?.iter().enumerate();
    let phases = phases.map(|(index, phase)| {
        let phase = phase.table()?;
        let fits = phase.get("add").is_none() && (index == 0 || phase.get("tools").is_some());
        if fits { tools(phase) } else { None }
    });
    Some(Request {
        line: id.to_owned(),
        fab: fab.text()?.to_owned(),
        span: fab.span,
        model_error: optional(capacity, "model_error")?.unwrap_or(0.0),
        days: optional(capacity, "days")?,
        replications: optional(capacity, "replications")?,
        phases: phases.collect::<Option<_>>()?,
        wants_cycle_time: line.get("cycle_time").is_none(),
    })
}

/// `None` where a number is written that is none.
fn optional<T: std::str::FromStr>(table: &Table, key: &str) -> Option<Option<T>> {
    match table.get(key) {
        None => Some(None),
        Some(node) => number(node).map(Some),
    }
}

fn number<T: std::str::FromStr>(node: &Node) -> Option<T> {
    match &node.value {
        Item::Number(text) => text.parse().ok(),
        _ => None,
    }
}

fn tools(phase: &Table) -> Option<Vec<PhaseTools>> {
    let Some(node) = phase.get("tools") else {
        return Some(Vec::new());
    };
    let tools = node.table()?.iter().map(|(family, entry)| {
        let count =
            number(&entry.node).filter(|&count| count >= 1 && u64::from(count) <= MOST_TOOLS)?;
        Some(PhaseTools {
            family: family.to_owned(),
            count,
            span: entry.key,
        })
    });
    tools.collect()
}

/// Puts numbers in the place of a line's fab model: `add` of each phase, and the cycle time where the author gives none.
/// Their place is that of the fab model's name.
pub fn supply(document: &mut Document, request: &Request, numbers: &Numbers) {
    let lines = document.root.entries.get_mut("fab");
    let Some(line) = lines
        .and_then(|entry| table_mut(&mut entry.node))
        .and_then(|lines| lines.entries.get_mut(&request.line))
        .and_then(|entry| table_mut(&mut entry.node))
    else {
        return;
    };
    line.entries.remove("capacity");
    if request.wants_cycle_time {
        insert(
            line,
            "cycle_time",
            &numbers.cycle_time,
            request.span,
            &numbers.because,
        );
    }
    if let Some(Item::Array(phases)) = line
        .entries
        .get_mut("phase")
        .map(|entry| &mut entry.node.value)
    {
        for (phase, add) in phases.iter_mut().zip(&numbers.add) {
            if let Some(phase) = table_mut(phase) {
                phase.entries.remove("tools");
                insert(phase, "add", add, request.span, &numbers.because);
            }
        }
    }
}

fn table_mut(node: &mut Node) -> Option<&mut Table> {
    match &mut node.value {
        Item::Table(table) => Some(table),
        _ => None,
    }
}

/// `key = { value = …, assumption = … }`
fn insert(table: &mut Table, key: &str, value: &str, span: Span, because: &str) {
    let entry = |value: Item| Entry {
        key: span,
        node: Node { value, span },
    };
    let mut quantity = Table::default();
    for (key, text) in [("value", value), ("assumption", because)] {
        quantity
            .entries
            .insert(key.to_owned(), entry(Item::Text(text.to_owned())));
    }
    table
        .entries
        .insert(key.to_owned(), entry(Item::Table(quantity)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Limits, load};
    use std::collections::BTreeMap;

    fn document(text: &str) -> Document {
        let files = BTreeMap::from([("s.toml".to_owned(), text.to_owned())]);
        load("s.toml", &files, &[], &Limits::default()).document
    }

    const LINE: &str = r#"
[fab.a]
capacity = { fab = "duv-7nm", model_error = 0.1, days = 100 }
phase = [{ start = "2024-01" }, { start = "2026-01", tools = { "immersion scanner" = 10 } }]
[fab.b]
phase = [{ start = "2024-01", add = "1 kWSPM" }]
"#;

    #[test]
    fn lines_with_a_fab_model_are_found() {
        let requests = requests(&document(LINE));
        assert_eq!(requests.len(), 1);
        let request = &requests[0];
        assert_eq!(
            (request.line.as_str(), request.fab.as_str()),
            ("a", "duv-7nm")
        );
        assert_eq!((request.days, request.replications), (Some(100), None));
        assert!(request.wants_cycle_time);
        assert_eq!(request.phases[0], []);
        assert_eq!(request.phases[1][0].family, "immersion scanner");
        assert_eq!(request.phases[1][0].count, 10);
    }

    #[test]
    fn what_is_not_well_formed_is_left_to_the_check() {
        for (from, to) in [
            ("\"duv-7nm\"", "7"),
            ("days = 100", "days = \"x\""),
            ("= 10 }", "= 0 }"),
            (
                "tools = { \"immersion scanner\" = 10 }",
                "note = \"no tools\"",
            ),
            (
                "{ start = \"2024-01\" }, ",
                "{ start = \"2024-01\", add = \"1 kWSPM\" }, ",
            ),
        ] {
            let text = LINE.replace(from, to);
            assert_ne!(text, LINE, "{from}");
            assert_eq!(requests(&document(&text)), [], "{to}");
        }
    }

    #[test]
    fn numbers_take_the_place_of_the_model() {
        let mut document = document(LINE);
        let request = requests(&document).remove(0);
        let numbers = Numbers {
            add: vec!["20 kWSPM".to_owned(), "19 kWSPM to 20 kWSPM".to_owned()],
            cycle_time: "60 days".to_owned(),
            because: "simulated".to_owned(),
        };
        supply(&mut document, &request, &numbers);
        assert_eq!(requests(&document), []);
        let line = document
            .root
            .get("fab")
            .and_then(Node::table)
            .and_then(|fabs| fabs.get("a"));
        let line = line.and_then(Node::table).cloned().unwrap_or_default();
        let value = |node: Option<&Node>| {
            let quantity = node.and_then(Node::table)?;
            Some(quantity.get("value")?.text()?.to_owned())
        };
        assert_eq!(value(line.get("cycle_time")).as_deref(), Some("60 days"));
        let phases = line.get("phase").and_then(Node::array).unwrap_or(&[]);
        let second = phases[1].table().and_then(|phase| phase.get("add"));
        assert_eq!(value(second).as_deref(), Some("19 kWSPM to 20 kWSPM"));
    }
}
