//! Model → TOML, so that reading it gives the same model.

use std::fmt::Write;

use super::read::{BATCH_UNITS, PERS, RULES, WAKES};
use crate::autosched::format_instant;
use crate::model::{Attachment, Cascade, FabModel, First, Interval, Step, Target};
use crate::span::{Distribution, Millis, format_span};

/// A table's keys on one line each, or all on one.
struct Entries {
    pairs: Vec<(&'static str, String)>,
}

impl Entries {
    fn new() -> Entries {
        Entries { pairs: Vec::new() }
    }

    fn raw(mut self, key: &'static str, value: impl ToString) -> Entries {
        self.pairs.push((key, value.to_string()));
        self
    }

    fn text(self, key: &'static str, value: &str) -> Entries {
        self.raw(key, quoted(value))
    }

    fn filled(self, key: &'static str, value: &str) -> Entries {
        if value.is_empty() {
            self
        } else {
            self.text(key, value)
        }
    }

    fn span(self, key: &'static str, value: Millis) -> Entries {
        self.text(key, &format_span(value))
    }

    fn when(self, holds: bool, add: impl FnOnce(Entries) -> Entries) -> Entries {
        if holds { add(self) } else { self }
    }

    fn lines(&self) -> String {
        self.pairs
            .iter()
            .fold(String::new(), |mut out, (key, value)| {
                let _ = writeln!(out, "{key} = {value}");
                out
            })
    }

    fn inline(&self) -> String {
        let pairs: Vec<String> = self
            .pairs
            .iter()
            .map(|(key, value)| format!("{key} = {value}"))
            .collect();
        format!("{{ {} }}", pairs.join(", "))
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if control.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

fn word<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> &'static str {
    words
        .iter()
        .find(|(_, known)| known == value)
        .map_or("", |&(word, _)| word)
}

/// Writes a model. Places and comments are not kept, nor are changes over time, which belong to the command line.
pub fn write(model: &FabModel) -> String {
    let mut out = Entries::new()
        .text("name", &model.name)
        .text("epoch", &format_instant(model.epoch))
        .lines();
    let mut table = |name: &str, entries: Entries| {
        let _ = write!(out, "\n[[{name}]]\n{}", entries.lines());
    };
    for family in &model.families {
        let ranking: Vec<String> = family
            .ranking
            .iter()
            .map(|rank| quoted(&rank.to_string()))
            .collect();
        let entries = Entries::new()
            .text("name", &family.name)
            .text("area", &family.area)
            .filled("location", &family.location)
            .raw("tools", family.tools)
            .when(family.lots_held > 1, |entries| {
                entries.raw("lots_held", family.lots_held)
            })
            .when(family.load > 0, |entries| entries.span("load", family.load))
            .when(family.unload > 0, |entries| {
                entries.span("unload", family.unload)
            })
            .text("rule", word(&RULES, &family.rule))
            .raw("ranking", format!("[{}]", ranking.join(", ")))
            .when(family.wake != Default::default(), |entries| {
                entries.text("wake", word(&WAKES, &family.wake))
            })
            .when(family.batch_unit != Default::default(), |entries| {
                entries.text("batch_unit", word(&BATCH_UNITS, &family.batch_unit))
            })
            .filled("setup_group", family.setup_group.as_deref().unwrap_or(""));
        table("family", entries);
    }
    for route in &model.routes {
        let steps: String = route
            .steps
            .iter()
            .map(|step| format!("  {},\n", step_entries(step).inline()))
            .collect();
        table(
            "route",
            Entries::new()
                .text("name", &route.name)
                .raw("steps", format!("[\n{steps}]")),
        );
    }
    for part in &model.parts {
        let entries = Entries::new()
            .text("name", &part.name)
            .filled("product_family", &part.product_family)
            .filled("product_group", &part.product_group)
            .text("route", &part.route);
        table("part", entries);
    }
    orders(model, &mut table);
    for change in &model.setup_changes {
        let from = change.from.as_deref().unwrap_or("");
        table(
            "setup_change",
            Entries::new()
                .filled("from", from)
                .text("to", &change.to)
                .span("time", change.time),
        );
    }
    for run in &model.minimum_runs {
        table(
            "minimum_run",
            Entries::new()
                .text("group", &run.group)
                .text("setup", &run.setup)
                .raw("lots", run.lots),
        );
    }
    calendars(model, &mut table);
    for transport in &model.transports {
        let time = transport.time.to_string();
        table(
            "transport",
            Entries::new()
                .text("from", &transport.from)
                .text("to", &transport.to)
                .text("time", &time),
        );
    }
    out
}

fn step_entries(step: &Step) -> Entries {
    let mut entries = Entries::new()
        .text("id", &step.id)
        .filled("description", &step.description)
        .text("family", &step.family)
        .text("process", &step.process.to_string())
        .text("per", word(&PERS, &step.per));
    if let Some((least, most)) = step.batch {
        entries = entries.raw("batch", format!("[{least}, {most}]"));
    }
    if let Some(setup) = &step.setup {
        entries = entries.text("setup", &setup.name);
        if let Some(time) = setup.time {
            entries = entries.span("setup_time", time);
        }
        entries = entries.when(setup.always, |entries| entries.raw("setup_always", true));
    }
    if let Some(to) = &step.same_tool_for {
        entries = entries.text("same_tool_for", to);
    }
    match step.cascade {
        Some(Cascade::Wafers(span)) => entries = entries.span("wafer_interval", span),
        Some(Cascade::Lots(span)) => entries = entries.span("lot_interval", span),
        None => {}
    }
    if let Some(rework) = &step.rework {
        let value = Entries::new()
            .text("to", &rework.to)
            .raw("percent", rework.percent);
        entries = entries.raw("rework", value.inline());
    }
    if step.sampling_percent < 100.0 {
        entries = entries.raw("sampling_percent", step.sampling_percent);
    }
    if let Some(window) = &step.queue_time {
        let value = Entries::new()
            .text("to", &window.to)
            .span("limit", window.limit);
        entries = entries.raw("queue_time", value.inline());
    }
    entries
}

fn orders(model: &FabModel, table: &mut impl FnMut(&str, Entries)) {
    for order in &model.orders {
        let mut entries = Entries::new()
            .text("name", &order.name)
            .text("lot", &order.lot)
            .text("part", &order.part)
            .raw("priority", order.priority)
            .raw("wafers", order.wafers)
            .when(order.start > 0, |entries| {
                entries.span("start", order.start)
            })
            .when(order.interval != Distribution::ZERO, |entries| {
                entries.text("interval", &order.interval.to_string())
            })
            .when(order.releases < u64::MAX, |entries| {
                entries.raw("releases", order.releases)
            })
            .when(order.lots_per_release != 1, |entries| {
                entries.raw("lots_per_release", order.lots_per_release)
            });
        if let Some(due) = order.due_after {
            entries = entries.span("due_after", due);
        }
        table(
            "order",
            entries.when(order.hot, |entries| entries.raw("hot", true)),
        );
    }
    for lot in &model.initial_lots {
        let mut entries = Entries::new()
            .filled("name", &lot.lot)
            .text("order", &lot.order)
            .text("part", &lot.part)
            .raw("priority", lot.priority)
            .raw("wafers", lot.wafers)
            .when(lot.start != 0, |entries| entries.span("start", lot.start))
            .filled("step", lot.step.as_deref().unwrap_or(""));
        if let Some(due) = lot.due {
            entries = entries.span("due", due);
        }
        table(
            "lot",
            entries.when(lot.hot, |entries| entries.raw("hot", true)),
        );
    }
}

fn calendars(model: &FabModel, table: &mut impl FnMut(&str, Entries)) {
    let applies = |calendar: &str, breakdown: bool| {
        let own = model
            .attachments
            .iter()
            .filter(|a| a.breakdown == breakdown && a.calendar == calendar);
        let targets: Vec<String> = own.map(|attachment| target(attachment).inline()).collect();
        format!("[{}]", targets.join(", "))
    };
    for breakdown in &model.breakdowns {
        let entries = Entries::new()
            .text("name", &breakdown.name)
            .text("time_to_failure", &breakdown.time_to_failure.to_string())
            .text("time_to_repair", &breakdown.time_to_repair.to_string())
            .raw("applies_to", applies(&breakdown.name, true));
        table("breakdown", entries);
    }
    for maintenance in &model.maintenances {
        let entries = Entries::new().text("name", &maintenance.name);
        let entries = match maintenance.every {
            Interval::Time(every) => entries.span("every", every),
            Interval::Wafers(wafers) => entries.raw("every_wafers", wafers),
        };
        let entries = entries
            .text("duration", &maintenance.duration.to_string())
            .raw("applies_to", applies(&maintenance.name, false));
        table("maintenance", entries);
    }
}

fn target(attachment: &Attachment) -> Entries {
    let entries = match &attachment.target {
        Target::Area(area) => Entries::new().text("area", area),
        Target::Family(family) => Entries::new().text("family", family),
    };
    match attachment.first {
        Some(First::Time(first)) => entries.text("first", &first.to_string()),
        Some(First::Wafers(wafers)) => entries.raw("first_wafers", wafers),
        None => entries,
    }
}
