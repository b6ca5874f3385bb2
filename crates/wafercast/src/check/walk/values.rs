//! Single values: text, names, dates and plain numbers.

use super::Place;
use crate::check::{Checker, top};
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::document::{Item, Node};
use crate::fields::{Field, Kind};

impl Checker<'_> {
    /// A value of one of the simple kinds.
    pub(super) fn plain(
        &mut self,
        kind: &'static Kind,
        field: &'static Field,
        node: &Node,
        place: &Place,
    ) {
        match kind {
            Kind::Boolean => {
                if !matches!(node.value, Item::Boolean(_)) {
                    self.wrong_type(node, place, "true or false", field.example);
                }
            }
            Kind::Date => self.date(node, place, field.example),
            Kind::Count { least, most } => self.count(node, *least, *most, place),
            Kind::Integer => {
                let limit = i64::from(i32::MAX);
                let in_range = |text: &str| {
                    text.parse::<i64>()
                        .is_ok_and(|number| (-limit..=limit).contains(&number))
                };
                match &node.value {
                    Item::Number(text) if in_range(text) => {}
                    Item::Number(text) => {
                        self.out_of_range(text, "expected a whole number", node, place);
                    }
                    _ => self.wrong_type(node, place, "a whole number", field.example),
                }
            }
            Kind::Number { least, most, open } => self.number(node, *least, *most, *open, place),
            Kind::Facts => match node.array() {
                Some(nodes) if nodes.iter().all(|node| node.text().is_some()) => {
                    self.facts_exist(node);
                }
                _ => self.wrong_type(node, place, "a list of fact ids", field.example),
            },
            Kind::Files => {}
            Kind::Dates => match node.array() {
                Some(nodes) => {
                    for node in nodes {
                        self.date(node, place, field.example);
                    }
                }
                None => self.wrong_type(node, place, "a list of dates", field.example),
            },
            Kind::QuantityPair => {
                let is_pair = node.array().is_some_and(|nodes| {
                    nodes.len() == 2 && nodes.iter().all(|node| node.text().is_some())
                });
                if !is_pair {
                    self.wrong_type(
                        node,
                        place,
                        "a list of two names of quantities",
                        field.example,
                    );
                }
            }
            _ => match node.text() {
                Some(text) => self.text(kind, text, node, place),
                None => self.wrong_type(node, place, "text", field.example),
            },
        }
    }

    /// A value that is text of some kind.
    pub(super) fn text(&mut self, kind: &'static Kind, text: &str, node: &Node, place: &Place) {
        match kind {
            Kind::Country => {
                if text.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_uppercase()) {
                    self.report(
                        Diagnostic::error(
                            codes::NOT_A_CHOICE,
                            format!("`{}` is `{text}`, expected a country code", place.path),
                            node.span,
                            "two capital letters",
                        )
                        .help("write the ISO 3166 code, such as \"CN\", \"TW\" or \"US\""),
                    );
                }
            }
            Kind::Choice(choices) => {
                if !choices.contains(&text) {
                    let help = self.suggest(text, choices.iter().copied());
                    let all = format!("choose one of: {}", choices.join(", "));
                    self.report(
                        Diagnostic::error(
                            codes::NOT_A_CHOICE,
                            format!("`{}` is `{text}`, which is none of the choices", place.path),
                            node.span,
                            "none of the choices",
                        )
                        .help(help.unwrap_or(all)),
                    );
                }
            }
            Kind::Reference(section) => self.reference(section, text, node.span),
            Kind::Part => match text.split_once('.') {
                Some(("die", id)) => self.reference("die", id, node.span),
                Some(("memory", id)) => self.reference("memory", id, node.span),
                _ => self.report(
                    Diagnostic::error(
                        codes::UNKNOWN_NAME,
                        format!("`{text}` is no part, expected `die.ID` or `memory.ID`"),
                        node.span,
                        "not a part",
                    )
                    .help("for example \"die.ascend-910b\""),
                ),
            },
            _ => {
                if text.trim().is_empty() {
                    self.empty(node.span, place);
                }
            }
        }
    }

    /// A name of a table of a section.
    pub(in crate::check) fn reference(&mut self, section: &str, id: &str, span: Span) {
        let tables = self.root.get(section).and_then(Node::table);
        if tables.is_some_and(|tables| tables.get(id).is_some()) {
            if self.is_hidden(section, id) {
                self.report(
                    Diagnostic::error(
                        codes::REFERS_TO_UNKNOWN_YET,
                        format!("`{section}.{id}` is not known yet as of this day"),
                        span,
                        "not known yet",
                    )
                    .help("give the table that refers to it a `known` date too"),
                );
            }
            return;
        }
        let ids = tables.into_iter().flat_map(|tables| tables.entries.keys());
        let help = self
            .suggest(id, ids.map(String::as_str))
            .unwrap_or_else(|| format!("add a table [{section}.{id}]"));
        self.report(
            Diagnostic::error(
                codes::UNKNOWN_NAME,
                format!("there is no {section} `{id}`"),
                span,
                format!("no such {section}"),
            )
            .help(help),
        );
    }

    pub(super) fn date(&mut self, node: &Node, place: &Place, example: &str) {
        match &node.value {
            Item::Text(text) | Item::Date(text) | Item::Number(text) => {
                if top::date(node).is_none() {
                    let error = crate::time::Date::parse(text).err();
                    let message = error.as_ref().map_or_else(
                        || format!("`{text}` is not a date"),
                        |error| error.message.clone(),
                    );
                    self.report(
                        Diagnostic::error(codes::BAD_DATE, message, node.span, "not a date")
                            .help("write a year, quarter, month or day: 2026, 2026-Q3, 2026-03, 2026-03-15"),
                    );
                }
            }
            _ => self.wrong_type(node, place, "a date", example),
        }
    }

    pub(super) fn count(&mut self, node: &Node, least: u64, most: u64, place: &Place) {
        let Item::Number(text) = &node.value else {
            self.wrong_type(node, place, "a whole number", &least.max(1).to_string());
            return;
        };
        if !text
            .parse::<u64>()
            .is_ok_and(|number| (least..=most).contains(&number))
        {
            let range = format!("expected a whole number from {least} to {most}");
            self.out_of_range(text, &range, node, place);
        }
    }

    pub(super) fn number(&mut self, node: &Node, least: f64, most: f64, open: bool, place: &Place) {
        let Item::Number(text) = &node.value else {
            self.wrong_type(node, place, "a number", "1");
            return;
        };
        let inside = |number: f64| {
            if open {
                least < number && number < most
            } else {
                (least..=most).contains(&number)
            }
        };
        if !text
            .parse::<f64>()
            .is_ok_and(|number| number.is_finite() && inside(number))
        {
            let range = if open {
                format!("expected a number above {least} and below {most}")
            } else {
                format!("expected a number from {least} to {most}")
            };
            self.out_of_range(text, &range, node, place);
        }
    }

    pub(super) fn out_of_range(&mut self, text: &str, expected: &str, node: &Node, place: &Place) {
        self.report(Diagnostic::error(
            if place.path.ends_with("].rank") {
                codes::BAD_RANK
            } else {
                codes::OUT_OF_RANGE
            },
            format!("`{}` is {text}, {expected}", place.path),
            node.span,
            "out of range",
        ));
    }

    pub(in crate::check) fn wrong_type(
        &mut self,
        node: &Node,
        place: &Place,
        expected: &str,
        example: &str,
    ) {
        self.report(
            Diagnostic::error(
                codes::WRONG_TYPE,
                format!("`{}` is {}, expected {expected}", place.path, node.kind()),
                node.span,
                format!("expected {expected}"),
            )
            .help(format!("for example: {example}")),
        );
    }
}
