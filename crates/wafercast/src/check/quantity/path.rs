//! Paths through time.

use super::{Asked, Read, shown, split};
use crate::check::Checker;
use crate::diagnostic::{Diagnostic, Span, codes, did_you_mean};
use crate::document::{Item, Node, Table};
use crate::fields::{ANCHOR, Reading};
use crate::notation::{Domain, Notation};
use crate::scenario::{Between, Path, Quantity, QuantityId, Value};
use crate::time::Date;
use crate::unit::{Dimension, Unit};

impl Checker<'_> {
    pub(super) fn path(
        &mut self,
        table: &Table,
        path: &Node,
        asked: &Asked,
        name: &str,
        as_of: Option<Date>,
    ) -> Option<Read> {
        if asked.reading == Reading::Once {
            self.report(
                Diagnostic::error(
                    codes::READ_ONCE,
                    format!("`{name}` is read once, but is a path through time"),
                    path.span,
                    "expected one value",
                )
                .help("write one value, with its uncertainty as an interval"),
            );
            return None;
        }
        let dates = path.table()?;
        let anchors = self.dated(dates, name)?;
        if anchors.is_empty() {
            self.report(Diagnostic::error(
                codes::EMPTY,
                format!("the path `{name}` has no anchor"),
                path.span,
                "expected at least one date",
            ));
            return None;
        }
        let mut read_anchors = Vec::with_capacity(anchors.len());
        let mut unit: Option<Unit> = None;
        let mut sources = Vec::new();
        let mut texts = Vec::new();
        let mut is_sound = true;
        for (date, written, node) in anchors {
            let Some((notation, cited, text)) = self.anchor(node, asked, name, as_of) else {
                is_sound = false;
                continue;
            };
            let (distribution, anchor_unit, facts) = split(notation, asked);
            let unit = unit.get_or_insert(anchor_unit.clone());
            if unit.dimension != anchor_unit.dimension {
                is_sound = false;
                self.report(Diagnostic::error(
                    codes::PHASES_IN_DIFFERENT_UNITS,
                    format!("an anchor of `{name}` is in {anchor_unit}, the first in {unit}"),
                    node.span,
                    "another dimension",
                ));
            }
            sources.extend(facts);
            sources.extend(cited);
            texts.push(format!("{written}: {text}"));
            read_anchors.push((self.horizon.position(date), distribution));
        }
        let between = self.between(table, name);
        let rho_month = self.rho_month(table, name);
        let growth = self.growth(table, name, as_of);
        if !is_sound || growth.is_none() {
            return None;
        }
        let growth = growth.flatten();
        if let Some(rate) = &growth {
            texts.push(format!("then {}", rate.text));
        }
        Some(Read {
            value: Value::Path(Path {
                anchors: read_anchors,
                between,
                // set to its place when all quantities are known
                growth: growth.as_ref().map(|_| QuantityId(0)),
                rho_month,
            }),
            unit: unit?,
            text: texts.join(", "),
            sources,
            note: None,
            is_explained: false,
            growth,
        })
    }

    /// The entries of a table by date, in order of time.
    pub(super) fn dated<'t>(
        &mut self,
        table: &'t Table,
        name: &str,
    ) -> Option<Vec<(Date, &'t str, &'t Node)>> {
        let mut entries: Vec<(Date, &str, &Node, Span)> = Vec::new();
        let mut is_sound = true;
        for (key, entry) in table.iter() {
            match Date::parse(key) {
                Ok(date) => entries.push((date, key, &entry.node, entry.key)),
                Err(error) => {
                    is_sound = false;
                    let help = format!(
                        "write the dates of `{name}` as 2026, 2026-Q3, 2026-03 or 2026-03-15"
                    );
                    let diagnostic =
                        Diagnostic::error(codes::BAD_DATE, error.message, entry.key, "not a date");
                    self.report(diagnostic.help(help));
                }
            }
        }
        entries.sort_by_key(|(date, ..)| *date);
        for pair in entries.windows(2) {
            let [(first, earlier, _, one), (second, later, _, other)] = pair else {
                continue;
            };
            if first == second {
                is_sound = false;
                let diagnostic = Diagnostic::error(
                    codes::SAME_DATE_TWICE,
                    format!("`{name}` has two values at {first}: `{earlier}` and `{later}`"),
                    *other,
                    "the same day",
                );
                self.report(diagnostic.label(*one, "as this"));
            }
        }
        is_sound.then(|| {
            entries
                .into_iter()
                .map(|(date, key, node, _)| (date, key, node))
                .collect()
        })
    }

    pub(super) fn anchor(
        &mut self,
        node: &Node,
        asked: &Asked,
        name: &str,
        as_of: Option<Date>,
    ) -> Option<(Notation, Vec<String>, String)> {
        let Some(table) = node.table() else {
            let notation = self.notation(node, asked, name, as_of)?;
            return Some((notation, Vec::new(), shown(node)));
        };
        self.form_keys(&ANCHOR, table, name, node.span)?;
        let value = table.get("value")?;
        let notation = self.notation(value, asked, name, as_of)?;
        let sources = crate::check::origin::ids(table, "source");
        if let Some(source) = table.get("source") {
            self.refuse_hindsight(name, &sources, source.span);
        }
        Some((notation, sources, shown(value)))
    }

    pub(super) fn between(&mut self, table: &Table, name: &str) -> Between {
        let Some(node) = table.get("between") else {
            return Between::Linear;
        };
        match node.text() {
            Some("linear") => Between::Linear,
            Some("step") => Between::Step,
            Some("geometric") => Between::Geometric,
            other => {
                let choices = ["linear", "step", "geometric"];
                let help = other.and_then(|text| did_you_mean(text, choices.into_iter()));
                self.report(
                    Diagnostic::error(
                        codes::NOT_A_CHOICE,
                        format!("`between` of `{name}` is none of the choices"),
                        node.span,
                        "none of the choices",
                    )
                    .help(help.unwrap_or("choose one of: linear, step, geometric".to_owned())),
                );
                Between::Linear
            }
        }
    }

    pub(super) fn rho_month(&mut self, table: &Table, name: &str) -> f64 {
        let Some(node) = table.get("rho_month") else {
            return 1.0;
        };
        let number = match &node.value {
            Item::Number(text) => text.parse::<f64>().ok(),
            _ => None,
        };
        match number {
            Some(rho) if (0.0..=1.0).contains(&rho) => rho,
            _ => {
                self.report(
                    Diagnostic::error(
                        codes::OUT_OF_RANGE,
                        format!("`rho_month` of `{name}` is not a number from 0 to 1"),
                        node.span,
                        "expected 0 to 1",
                    )
                    .help("1: the anchors move together; 0: each on its own"),
                );
                1.0
            }
        }
    }

    /// The growth rate, if there is one; `None` on an error. It is kept per year, as it is read: 40 %/year is 0.4.
    pub(super) fn growth(
        &mut self,
        table: &Table,
        name: &str,
        as_of: Option<Date>,
    ) -> Option<Option<Quantity>> {
        const MONTHS_PER_YEAR: f64 = 12.0;
        let Some(node) = table.get("growth") else {
            return Some(None);
        };
        let name = format!("{name}.growth");
        let asked = Asked::once(Dimension::PER_MONTH, Domain::Signed);
        let notation = self.notation(node, &asked, &name, as_of)?;
        let unit = Unit {
            scale: notation.unit.scale * MONTHS_PER_YEAR,
            ..notation.unit
        };
        Some(Some(Quantity {
            unit,
            value: Value::Constant(crate::notation::scaled(
                notation.distribution,
                MONTHS_PER_YEAR,
            )),
            domain: Domain::Signed,
            text: shown(node),
            sources: notation.facts,
            note: None,
            is_default: false,
            span: node.span,
            name,
        }))
    }
}
