//! Quantities: a number, a path through time, or vintages, with where it comes from.

mod form;
mod path;
mod vintages;

use super::origin::Origin;
use super::walk::Place;
use super::{Checker, Measured, top};
use crate::diagnostic::{Diagnostic, codes};
use crate::distribution::Distribution;
use crate::document::{Item, Node, Table};
use crate::facts::FactBase;
use crate::fields::{Accepts, Measure, Reading};
use crate::notation::{Context, Domain, Notation};
use crate::scenario::{Quantity, Value};
use crate::time::Date;
use crate::unit::{Dimension, Unit};

/// What is asked of a quantity, with everything that depends on its place resolved.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// Accepted dimensions, the usual one first.
    pub dimensions: Vec<Dimension>,
    /// Whether the others are only other ways to write the first.
    pub unify: bool,
    /// Accepted values.
    pub domain: Domain,
    /// Unit of bare numbers.
    pub bare: Option<Unit>,
    /// When it is read.
    pub reading: Reading,
}

/// A quantity that was understood, before it has a name.
struct Read {
    value: Value,
    unit: Unit,
    text: String,
    sources: Vec<String>,
    note: Option<String>,
    /// Whether the author says why it was set.
    is_explained: bool,
    growth: Option<Quantity>,
}

impl Asked {
    fn once(dimension: Dimension, domain: Domain) -> Self {
        Self {
            dimensions: vec![dimension],
            unify: true,
            domain,
            bare: dimension.is_none().then(Unit::one),
            reading: Reading::Once,
        }
    }

    /// In the dimension of another quantity.
    pub(super) fn like(dimension: Dimension, domain: Domain) -> Self {
        Self::once(dimension, domain)
    }
}

impl<'a> Checker<'a> {
    /// What a measure asks at a place, given the table the key stands in.
    pub(super) fn resolve(&self, measure: &Measure, table: &Table, place: &Place) -> Asked {
        let (dimensions, unify) = match measure.accepts {
            Accepts::Any(dimensions) => (dimensions.to_vec(), true),
            Accepts::Either(dimensions) => (dimensions.to_vec(), false),
            Accepts::PartOfStockpile => (self.part_dimensions(place), true),
            Accepts::DemandPerMonth => (demand_dimensions(table), true),
            // effects and evidence are read later, when their targets are known
            Accepts::Target | Accepts::Observed => (Vec::new(), false),
        };
        let bare = measure
            .bare
            .map(|symbol| Unit::parse(symbol).unwrap_or_else(|_| Unit::one()));
        Asked {
            dimensions,
            unify,
            domain: measure.domain,
            bare,
            reading: measure.reading,
        }
    }

    fn part_dimensions(&self, place: &Place) -> Vec<Dimension> {
        let part = place
            .path
            .split('.')
            .nth(1)
            .and_then(|id| self.root.get("stockpile")?.table()?.get(id)?.table())
            .and_then(|stockpile| stockpile.get("part")?.text());
        match part.and_then(|part| part.split_once('.')) {
            Some(("die", _)) => vec![Dimension::DIE, Dimension::NONE],
            Some(("memory", _)) => vec![Dimension::STACK, Dimension::NONE],
            // the part is reported elsewhere
            _ => vec![Dimension::DIE, Dimension::STACK, Dimension::NONE],
        }
    }

    /// Reads the quantity at a place and enters it under the place's path. Numbers of effects and evidence are skipped:
    /// their units depend on what is not known yet.
    pub(super) fn quantity(&mut self, node: &'a Node, asked: Asked, name: &str, origin: &Origin) {
        if asked.dimensions.is_empty() {
            return;
        }
        if let Some(measured) = self.read_quantity(node, &asked, name, origin) {
            self.enter(name, measured);
        }
    }

    fn enter(
        &mut self,
        name: &str,
        (quantity, growth, asked): (Quantity, Option<Quantity>, &Asked),
    ) {
        if let Some(growth) = growth {
            let measured = Measured {
                quantity: growth,
                reading: Reading::Once,
                domain: Domain::Signed,
            };
            self.quantities.insert(format!("{name}.growth"), measured);
        }
        let measured = Measured {
            quantity,
            reading: asked.reading,
            domain: asked.domain,
        };
        self.quantities.insert(name.to_owned(), measured);
    }

    /// Reads a quantity: the quantity itself and its growth rate, if it has one.
    pub(super) fn read_quantity<'b>(
        &mut self,
        node: &Node,
        asked: &'b Asked,
        name: &str,
        origin: &Origin,
    ) -> Option<(Quantity, Option<Quantity>, &'b Asked)> {
        let mut read = self.form(node, asked, name, self.as_of)?;
        let inherits = read.sources.is_empty() && self.document.layer(node.span) == origin.layer;
        if inherits {
            read.sources.clone_from(&origin.sources);
            read.is_explained |= origin.assumption.is_some();
            read.note = read.note.or_else(|| origin.assumption.clone());
        }
        if let Some(growth) = &mut read.growth {
            growth.sources.clone_from(&read.sources);
            growth.note.clone_from(&read.note);
        }
        if read.sources.is_empty() && !read.is_explained {
            self.report_unsourced(name, node.span);
        }
        let quantity = Quantity {
            name: name.to_owned(),
            unit: read.unit,
            value: read.value,
            domain: asked.domain,
            text: read.text,
            sources: Self::sorted(read.sources),
            note: read.note,
            is_default: false,
            span: node.span,
        };
        Some((quantity, read.growth, asked))
    }

    /// Enters the default of a key that is not written.
    pub(super) fn default_quantity(&mut self, text: &str, measure: &Measure, place: &Place) {
        let asked = self.resolve(measure, &Table::default(), place);
        let context = context(&asked, self.facts, None);
        let Ok(notation) = crate::notation::parse(text, &context) else {
            debug_assert!(
                false,
                "the default `{text}` of `{}` cannot be read",
                place.path
            );
            return;
        };
        let (distribution, unit) = unify(notation, &asked);
        let quantity = Quantity {
            name: place.path.clone(),
            unit,
            value: Value::Constant(distribution),
            domain: asked.domain,
            text: text.to_owned(),
            sources: Vec::new(),
            note: None,
            is_default: true,
            span: place.span,
        };
        self.enter(&place.path, (quantity, None, &asked));
    }

    /// A number that must be certain: only checked here, read when the tables are built.
    pub(super) fn fixed(&mut self, node: &Node, asked: Asked, name: &str) {
        let Some(notation) = self.notation(node, &asked, name, None) else {
            return;
        };
        if !matches!(notation.distribution, Distribution::Point(_)) {
            self.report(
                Diagnostic::error(
                    codes::MUST_BE_CERTAIN,
                    format!("`{name}` is uncertain, expected one number"),
                    node.span,
                    "expected one number",
                )
                .help("write the nominal value"),
            );
        }
    }
}

fn context<'c>(asked: &'c Asked, facts: &'c FactBase, as_of: Option<Date>) -> Context<'c> {
    Context {
        bare: asked.bare.clone(),
        dimension: &asked.dimensions,
        domain: asked.domain,
        facts,
        as_of,
    }
}

/// Distribution and unit, in the dimension the quantity is kept in (`k/month` of units becomes units/month).
fn unify(notation: Notation, asked: &Asked) -> (Distribution, Unit) {
    let mut unit = notation.unit;
    if asked.unify
        && let Some(first) = asked.dimensions.first()
        && *first != unit.dimension
    {
        let is_bare = unit.symbol.is_empty();
        unit.dimension = *first;
        if is_bare {
            unit = first.display_unit();
            // a bare number counts in base units, so only a unit of that size may stand for it
            if unit.scale != 1.0 {
                unit = Unit {
                    scale: 1.0,
                    symbol: String::new(),
                    ..unit
                };
            }
        }
    }
    (notation.distribution, unit)
}

fn split(mut notation: Notation, asked: &Asked) -> (Distribution, Unit, Vec<String>) {
    let facts = std::mem::take(&mut notation.facts);
    let (distribution, unit) = unify(notation, asked);
    (distribution, unit, facts)
}

/// As written, for display.
fn shown(node: &Node) -> String {
    match &node.value {
        Item::Text(text) | Item::Number(text) => text.trim().to_owned(),
        _ => String::new(),
    }
}

fn demand_dimensions(table: &Table) -> Vec<Dimension> {
    let counted = match table.get("metric").and_then(Node::text) {
        Some("h100e") => Dimension::H100E,
        Some("tpp") => Dimension::TPP,
        Some("value") => Dimension::MONEY,
        _ => Dimension::UNIT,
    };
    let per_month = counted.checked_mul(Dimension::PER_MONTH);
    per_month
        .into_iter()
        .chain([Dimension::PER_MONTH])
        .collect()
}

/// The number of a fixed quantity in base units, if it can be read.
pub(super) fn fixed_number(node: &Node, dimension: Dimension, facts: &FactBase) -> Option<f64> {
    let (Item::Text(text) | Item::Number(text)) = &node.value else {
        return None;
    };
    let asked = Asked::once(dimension, Domain::Positive);
    let notation = crate::notation::parse(text, &context(&asked, facts, None)).ok()?;
    match notation.distribution {
        Distribution::Point(value) => Some(value),
        _ => None,
    }
}

/// Whether a date can be read from a key's value.
pub(super) fn date_of(table: &Table, key: &str) -> Option<Date> {
    table.get(key).and_then(top::date)
}
