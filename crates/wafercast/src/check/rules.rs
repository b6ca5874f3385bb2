//! Rules inside one table: keys that need or exclude each other, numbers and dates in order.

use super::Checker;
use super::quantity::date_of;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::document::{Item, Node, Table};
use crate::time::Date;

/// Keys that each way of learning needs.
const LEARNING: [(&str, &[&str]); 3] = [
    (
        "exponential",
        &["initial", "floor", "from", "time_constant"],
    ),
    ("gompertz", &["initial", "floor", "from", "time_constant"]),
    ("wafers", &["initial", "reference", "exponent"]),
];
const LEARNING_KEYS: [&str; 6] = [
    "initial",
    "floor",
    "from",
    "time_constant",
    "reference",
    "exponent",
];

impl<'a> Checker<'a> {
    /// Checks the rules of all tables.
    pub(super) fn table_rules(&mut self) {
        self.planning_rules();
        self.workload_rules();
        for (id, table, span) in self.tables("process") {
            self.process_rules(&format!("process.{id}"), table, span);
        }
        for (id, table, span) in self.tables("fab") {
            self.fab_rules(id, table, span);
        }
        for section in ["fab", "memory_line", "packaging_line"] {
            for (id, table, _) in self.tables(section) {
                self.phases_in_order(&format!("{section}.{id}"), table);
            }
        }
        for (id, table, span) in self.tables("memory_line") {
            self.stack_yield_rules(&format!("memory_line.{id}"), table, span);
        }
        for (id, table, _) in self.tables("die") {
            self.cores_rules(&format!("die.{id}"), table);
        }
        for (id, table, span) in self.tables("stockpile") {
            self.stockpile_rules(&format!("stockpile.{id}"), table, span);
        }
        for (id, table, _) in self.tables("accelerator") {
            self.in_order(&format!("accelerator.{id}"), table, "launch", "end");
        }
        for (id, table, _) in self.tables("event") {
            self.in_order(&format!("event.{id}"), table, "date", "until");
        }
        for (id, table, span) in self.tables("claim") {
            let path = format!("claim.{id}");
            if table.get("verdict").is_some() {
                self.need(table, &path, &["answer"], "`verdict`", span);
            } else {
                self.foreign(table, &path, &["answer", "facts"], "`verdict`");
            }
        }
    }

    /// Keys that are needed together with another.
    fn need(&mut self, table: &Table, path: &str, keys: &[&str], because: &str, span: Span) {
        for key in keys.iter().filter(|key| table.get(key).is_none()) {
            self.report(Diagnostic::error(
                codes::MISSING_KEY,
                format!("`{path}` has no `{key}`, which {because} needs"),
                span,
                format!("`{key}` is missing"),
            ));
        }
    }

    /// Keys that mean something only together with another.
    fn foreign(&mut self, table: &Table, path: &str, keys: &[&str], with: &str) {
        for key in keys {
            if let Some(entry) = table.entries.get(*key) {
                self.report(
                    Diagnostic::error(
                        codes::BELONGS_TO_OTHER,
                        format!("`{path}` has `{key}`, which goes with {with} only"),
                        entry.key,
                        format!("goes with {with}"),
                    )
                    .help(format!("leave `{key}` out")),
                );
            }
        }
    }

    fn process_rules(&mut self, path: &str, table: &Table, span: Span) {
        if let Some(entry) = table.entries.get("yield")
            && let Some(model) = entry.node.table()
        {
            let path = format!("{path}.yield");
            let name = model.get("model").and_then(Node::text);
            for (key, of) in [("alpha", "negative_binomial"), ("n", "bose_einstein")] {
                if name == Some(of) {
                    self.need(model, &path, &[key], &format!("`{of}`"), entry.key);
                } else if name.is_some_and(is_yield_model) {
                    self.foreign(model, &path, &[key], &format!("`{of}`"));
                }
            }
        }
        if let Some(d0) = table.get("d0").and_then(Node::table)
            && d0.get("value").is_none()
            && d0.get("path").is_none()
            && d0.get("vintages").is_none()
        {
            let path = format!("{path}.d0");
            let at = table.entries.get("d0").map_or(span, |entry| entry.key);
            let learning = d0.get("learning").and_then(Node::text);
            let needed = LEARNING.iter().find(|(name, _)| Some(*name) == learning);
            if let Some((name, keys)) = needed {
                self.need(d0, &path, keys, &format!("learning `{name}`"), at);
                let others: Vec<&str> = LEARNING_KEYS
                    .into_iter()
                    .filter(|key| !keys.contains(key))
                    .collect();
                self.foreign(d0, &path, &others, "another way of learning");
            } else if learning.is_none() {
                self.foreign(d0, &path, &LEARNING_KEYS, "`learning`");
            }
        }
    }

    /// Either the author gives sizes and a cycle time, or a fab model does: then numbers must have taken their place.
    fn fab_rules(&mut self, id: &str, table: &'a Table, span: Span) {
        let path = format!("fab.{id}");
        let Some(capacity) = table.entries.get("capacity") else {
            self.need(
                table,
                &path,
                &["cycle_time"],
                "a line without `capacity`",
                span,
            );
            for (index, phase, at) in self.elements(table, "phase") {
                let path = format!("{path}.phase[{index}]");
                self.need(phase, &path, &["add"], "a line without `capacity`", at);
                self.foreign(phase, &path, &["tools"], "the line's `capacity`");
            }
            return;
        };
        let mut well_formed = capacity.node.table().is_some();
        for (index, phase, at) in self.elements(table, "phase") {
            let path = format!("{path}.phase[{index}]");
            well_formed &=
                phase.get("add").is_none() && (index == 0 || phase.get("tools").is_some());
            self.foreign(phase, &path, &["add"], "lines without `capacity`");
            if index > 0 {
                self.need(phase, &path, &["tools"], "the line's `capacity`", at);
            }
        }
        if well_formed {
            self.report(
                Diagnostic::error(
                    codes::FAB_MODEL_NOT_SIMULATED,
                    format!("the capacity of `{path}` comes from a fab model that was not simulated"),
                    capacity.key,
                    "no numbers yet",
                )
                .help("the `wafercast` command simulates it; who calls the engine puts numbers in its place with `fab_model::supply`"),
            );
        }
    }

    fn stack_yield_rules(&mut self, path: &str, table: &Table, span: Span) {
        if table.get("dies_per_wafer").is_none() {
            self.foreign(
                table,
                path,
                &["die_yield", "stack_yield", "bond_yield"],
                "`dies_per_wafer`",
            );
            return;
        }
        self.need(table, path, &["die_yield"], "`dies_per_wafer`", span);
        let given = ["stack_yield", "bond_yield"]
            .iter()
            .filter(|key| table.get(key).is_some())
            .count();
        if given != 1 {
            self.report(
                Diagnostic::error(
                    codes::EXACTLY_ONE,
                    format!("`{path}` has {given} of `stack_yield`, `bond_yield`"),
                    table
                        .entries
                        .get("bond_yield")
                        .map_or(span, |entry| entry.key),
                    "exactly one is needed",
                )
                .help("give the yield of the whole stack or of one bond"),
            );
        }
    }

    fn cores_rules(&mut self, path: &str, table: &Table) {
        let Some(cores) = table.get("cores").and_then(Node::table) else {
            return;
        };
        let (Some(total), Some(least)) = (whole(cores, "total"), whole(cores, "min_good")) else {
            return;
        };
        if least > total
            && let Some(node) = cores.get("min_good")
        {
            self.report(Diagnostic::error(
                codes::BAD_CORES,
                format!("`{path}` needs {least} good cores of {total}"),
                node.span,
                "more than there are",
            ));
        }
    }

    fn stockpile_rules(&mut self, path: &str, table: &Table, span: Span) {
        for (key, other) in [("at", "amount"), ("amount", "at")] {
            if table.get(key).is_some() {
                self.need(table, path, &[other], &format!("`{key}`"), span);
            }
        }
        if table.get("amount").is_none() && table.get("at").is_none() {
            let deliveries = table.get("delivery").and_then(Node::array);
            if deliveries.is_none_or(<[Node]>::is_empty) {
                self.report(
                    Diagnostic::error(
                        codes::EMPTY,
                        format!("`{path}` has neither an amount nor a delivery"),
                        span,
                        "nothing in it",
                    )
                    .help("give `at` and `amount`, or a list of deliveries"),
                );
            }
        }
    }

    fn phases_in_order(&mut self, path: &str, table: &'a Table) {
        let mut last: Option<Date> = None;
        for (index, phase, _) in self.elements(table, "phase") {
            let Some(node) = phase.get("start") else {
                continue;
            };
            let Some(start) = date_of(phase, "start") else {
                continue;
            };
            self.inside_horizon(&format!("{path}.phase[{index}]"), start, node.span);
            if last.is_some_and(|last| start < last) {
                self.report(
                    Diagnostic::warning(
                        codes::PHASES_OUT_OF_ORDER,
                        format!("`{path}.phase[{index}]` starts before the phase above it"),
                        node.span,
                        "earlier than the phase before",
                    )
                    .help("write the phases in order of time"),
                );
            }
            last = Some(last.map_or(start, |last| last.max(start)));
        }
    }

    /// Beginning and end of something that has both.
    fn in_order(&mut self, path: &str, table: &Table, begin: &str, end: &str) {
        let Some(first) = date_of(table, begin) else {
            return;
        };
        if let Some(node) = table.get(begin) {
            self.inside_horizon(path, first, node.span);
        }
        let (Some(last), Some(node)) = (date_of(table, end), table.get(end)) else {
            return;
        };
        // an event that ends on its day never acts; the last month of production may be the first
        let is_reversed = if end == "until" {
            last <= first
        } else {
            last < first
        };
        if is_reversed {
            let diagnostic = Diagnostic::error(
                codes::ENDS_BEFORE_START,
                format!("`{path}` ends {last}, and begins {first}"),
                node.span,
                "ends before it begins",
            );
            let begin_span = table.get(begin).map_or(node.span, |node| node.span);
            self.report(diagnostic.label(begin_span, "begins here"));
        }
    }

    fn inside_horizon(&mut self, path: &str, date: Date, span: Span) {
        let end = self.horizon.months as f64;
        if self.horizon.position(date) >= end {
            self.report(
                Diagnostic::warning(
                    codes::AFTER_HORIZON,
                    format!("`{path}` begins {date}, after the end of the horizon"),
                    span,
                    "has no effect",
                )
                .help("lengthen the horizon, or leave it out"),
            );
        }
    }
}

/// Whether a word is one of the yield models; what is not is reported by the walk.
fn is_yield_model(name: &str) -> bool {
    let model = crate::fields::section("process")
        .and_then(|process| process.field("yield"))
        .and_then(|field| match field.kind {
            crate::fields::Kind::Table(shape) => shape.field("model"),
            _ => None,
        });
    model.is_some_and(|field| match field.kind {
        crate::fields::Kind::Choice(words) => words.contains(&name),
        _ => false,
    })
}

fn whole(table: &Table, key: &str) -> Option<u32> {
    match &table.get(key)?.value {
        Item::Number(text) => text.parse().ok(),
        _ => None,
    }
}
