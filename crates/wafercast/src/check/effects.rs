//! Effects of events: their targets, and their numbers in the targets' units.

use super::quantity::Asked;
use super::{Checker, Measured};
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::document::Node;
use crate::fields::Reading;
use crate::notation::Domain;
use crate::unit::Dimension;

impl Checker<'_> {
    /// Reads the effects of all events. Their targets are quantities that the walk has found.
    pub(super) fn effects(&mut self) {
        for (id, event, _) in self.tables("event") {
            let around = self.origin(event, &super::origin::Origin::default());
            for (index, effect, _) in self.elements(event, "effect") {
                let Some(node) = effect.get("quantity") else {
                    continue;
                };
                let Some((dimension, domain, reading)) = self.target(node) else {
                    continue;
                };
                let origin = self.origin(effect, &around);
                for (key, dimension, domain) in [
                    ("replace", dimension, domain),
                    ("add", dimension, Domain::Signed),
                    ("multiply", Dimension::NONE, Domain::NonNegative),
                ] {
                    let name = format!("event.{id}.effect[{index}].{key}");
                    let Some(operand) = effect.get(key) else {
                        continue;
                    };
                    // `multiply` was read by the walk: its unit does not depend on the target
                    if key == "multiply" {
                        self.refuse_path(operand, reading, &name);
                    } else {
                        // An operand may vary in time where its target does.
                        let asked = Asked {
                            reading,
                            ..Asked::like(dimension, domain)
                        };
                        self.quantity(operand, asked, &name, &origin);
                    }
                }
                if reading == Reading::Once
                    && let Some(entry) = event.entries.get("until")
                {
                    let name = node.text().unwrap_or("");
                    self.report(
                        Diagnostic::warning(
                            codes::BELONGS_TO_OTHER,
                            format!("`event.{id}` has an end, but `{name}` is read once for the whole run"),
                            entry.key,
                            "has no meaning for this effect",
                        )
                        .label(node.span, "read once")
                        .help("leave `until` out, or make an event of its own for this effect"),
                    );
                }
            }
        }
    }

    /// A factor may be a path only where its target varies in time.
    fn refuse_path(&mut self, operand: &Node, reading: Reading, name: &str) {
        let path = operand.table().and_then(|table| table.get("path"));
        if let (Some(path), Reading::Once) = (path, reading) {
            self.report(
                Diagnostic::error(
                    codes::READ_ONCE,
                    format!("`{name}` is a path through time, but its quantity is read once"),
                    path.span,
                    "expected one value",
                )
                .help("write one value, with its uncertainty as an interval"),
            );
        }
    }

    fn target(&mut self, node: &Node) -> Option<(Dimension, Domain, Reading)> {
        let name = node.text()?;
        let span = node.span;
        if let Some(measured) = self.named(name, span) {
            let Measured {
                quantity,
                reading,
                domain,
            } = measured;
            let found = (quantity.unit.dimension, *domain, *reading);
            if name.starts_with("event.")
                || name.starts_with("evidence.")
                || name.ends_with(".growth")
            {
                self.report(
                    Diagnostic::error(
                        codes::BAD_TARGET,
                        format!("`{name}` cannot be changed by an event"),
                        span,
                        "not a quantity of the supply network",
                    )
                    .help("change a quantity of a line, a part, an accelerator or the market"),
                );
                return None;
            }
            return Some(found);
        }
        None
    }

    /// The quantity of a name. A name that is none is reported; with `as_of` it is one that is not known yet.
    pub(super) fn named(&mut self, name: &str, span: Span) -> Option<&Measured> {
        if !self.quantities.contains_key(name) {
            if self.as_of.is_none() {
                self.unknown_quantity(name, span);
            }
            return None;
        }
        self.quantities.get(name)
    }

    fn unknown_quantity(&mut self, name: &str, span: Span) {
        // A quantity that is there but wrong is reported already.
        let is_written = self.is_written(name);
        if is_written {
            return;
        }
        let names = self.quantities.keys().map(String::as_str);
        let section = name.split('.').next().unwrap_or("");
        let help = self
            .suggest(name, names)
            .or_else(|| {
                let prefix: Vec<&str> = name.splitn(3, '.').collect();
                let prefix = format!("{}.", prefix.get(..2)?.join("."));
                let of_table: Vec<String> = self
                    .quantities
                    .keys()
                    .filter(|key| key.starts_with(&prefix))
                    .take(8)
                    .map(|key| format!("`{key}`"))
                    .collect();
                (!of_table.is_empty()).then(|| format!("quantities there: {}", of_table.join(", ")))
            })
            .unwrap_or_else(|| format!("names are paths, such as `{}`", example_of(section)));
        self.report(
            Diagnostic::error(
                codes::UNKNOWN_NAME,
                format!("there is no quantity `{name}`"),
                span,
                "no such quantity",
            )
            .help(help),
        );
    }

    /// Whether the document has something at this path.
    fn is_written(&self, name: &str) -> bool {
        let Ok(steps) = crate::document::path::parse(name) else {
            return false;
        };
        let mut steps = steps.into_iter().map(|(step, _)| step);
        let Some(crate::document::path::Step::Key(first)) = steps.next() else {
            return false;
        };
        let mut place = self.root.get(&first);
        for step in steps {
            place = match (place, step) {
                (Some(node), crate::document::path::Step::Key(key)) => {
                    node.table().and_then(|table| table.get(&key))
                }
                (Some(node), crate::document::path::Step::Index(index)) => {
                    node.array().and_then(|nodes| nodes.get(index))
                }
                (None, _) => None,
            };
        }
        // a table (`fab.x`) is no quantity, unless it is written as one
        place.is_some_and(|node| {
            node.table().is_none_or(|table| {
                ["value", "path", "vintages"]
                    .iter()
                    .any(|form| table.get(form).is_some())
            }) && node.array().is_none()
                && !matches!(node.value, crate::document::Item::Boolean(_))
                && is_quantity_path(name)
        })
    }
}

/// Whether a path ends at a key that takes a quantity.
fn is_quantity_path(name: &str) -> bool {
    use crate::fields::{Kind, TOP};
    let Ok(steps) = crate::document::path::parse(name) else {
        return false;
    };
    let mut shape = Some(&TOP);
    let mut kind: Option<&Kind> = None;
    for (step, _) in steps {
        let crate::document::path::Step::Key(key) = step else {
            continue;
        };
        if let Some(Kind::Section(inner)) = kind {
            shape = Some(inner);
            kind = None;
            continue;
        }
        if let Some(Kind::Weights(..)) = kind {
            return true;
        }
        kind = shape
            .and_then(|shape| shape.field(&key))
            .map(|field| &field.kind);
        shape = match kind {
            Some(Kind::Table(inner) | Kind::Tables(inner) | Kind::QuantityOr(_, inner)) => {
                Some(inner)
            }
            _ => None,
        };
    }
    matches!(
        kind,
        Some(Kind::Quantity(_) | Kind::QuantityOr(..) | Kind::QuantityOrWord(..))
    )
}

fn example_of(section: &str) -> &'static str {
    match section {
        "import" => "import.h20.rate",
        "accelerator" => "accelerator.ascend-910c.test_yield",
        "stockpile" => "stockpile.tsmc-dies.amount",
        _ => "fab.smic-sn2.phase[0].add",
    }
}
