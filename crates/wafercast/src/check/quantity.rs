//! Quantities: a number, a path through time, or vintages, with where it comes from.

use super::origin::{Origin, own_note};
use super::walk::Place;
use super::{Checker, Measured, top};
use crate::diagnostic::{Diagnostic, Span, codes, did_you_mean};
use crate::distribution::Distribution;
use crate::document::{Item, Node, Table};
use crate::facts::FactBase;
use crate::fields::{ANCHOR, Accepts, FORM, Measure, Reading, Shape};
use crate::notation::{Context, Domain, Notation};
use crate::scenario::{Between, Path, Quantity, QuantityId, Value};
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

    fn form(
        &mut self,
        node: &Node,
        asked: &Asked,
        name: &str,
        as_of: Option<Date>,
    ) -> Option<Read> {
        let Some(table) = node.table() else {
            let notation = self.notation(node, asked, name, as_of)?;
            let text = shown(node);
            let (distribution, unit, facts) = split(notation, asked);
            return Some(Read {
                value: Value::Constant(distribution),
                unit,
                text,
                sources: facts,
                note: None,
                is_explained: false,
                growth: None,
            });
        };
        self.form_keys(&FORM, table, name, node.span)?;
        let mut read = if let Some(value) = table.get("value") {
            let notation = self.notation(value, asked, name, as_of)?;
            let (distribution, unit, facts) = split(notation, asked);
            Read {
                value: Value::Constant(distribution),
                unit,
                text: shown(value),
                sources: facts,
                note: None,
                is_explained: false,
                growth: None,
            }
        } else if let Some(path) = table.get("path") {
            self.path(table, path, asked, name, as_of)?
        } else {
            self.vintages(table.get("vintages")?, asked, name)?
        };
        if let Some(source) = table.get("source") {
            let ids = super::origin::ids(table, "source");
            self.refuse_hindsight(name, &ids, source.span);
            read.sources.extend(ids);
        }
        read.note = own_note(table).or(read.note);
        read.is_explained |= table.get("assumption").is_some();
        Some(read)
    }

    /// The keys of a quantity, or of an anchor, written as a table.
    fn form_keys(&mut self, shape: &Shape, table: &Table, name: &str, span: Span) -> Option<()> {
        let before = self.diagnostics.len();
        for (key, entry) in table.iter() {
            let node = &entry.node;
            if shape.field(key).is_none() {
                let help = did_you_mean(key, shape.keys()).unwrap_or_else(|| {
                    format!(
                        "known keys: {}",
                        shape.keys().collect::<Vec<_>>().join(", ")
                    )
                });
                self.report(
                    Diagnostic::error(
                        codes::UNKNOWN_KEY,
                        format!("the quantity `{name}` has no key `{key}`"),
                        entry.key,
                        "unknown key",
                    )
                    .help(help),
                );
                continue;
            }
            let place = Place {
                path: format!("{name}.{key}"),
                span: entry.key,
            };
            match key {
                "source" => match node.array() {
                    Some(nodes) if nodes.iter().all(|node| node.text().is_some()) => {
                        self.facts_exist(node);
                    }
                    _ => self.wrong_type(node, &place, "a list of fact ids", "[\"fact-id\"]"),
                },
                "note" | "assumption" if node.text().is_none() => {
                    self.wrong_type(node, &place, "text", "\"why\"");
                }
                "path" | "vintages" if node.table().is_none() => {
                    self.wrong_type(node, &place, "a table by date", "{ \"2024-01\" = \"40%\" }");
                }
                "between" | "growth" | "rho_month" if table.get("path").is_none() => {
                    self.report(Diagnostic::error(
                        codes::BELONGS_TO_OTHER,
                        format!("`{name}` has `{key}` without a `path`"),
                        entry.key,
                        "goes with `path`",
                    ));
                }
                _ => {}
            }
        }
        self.one_form(shape, table, name, span);
        (self.diagnostics.len() == before).then_some(())
    }

    fn one_form(&mut self, shape: &Shape, table: &Table, name: &str, span: Span) {
        let forms: Vec<&str> = ["value", "path", "vintages"]
            .into_iter()
            .filter(|form| shape.field(form).is_some())
            .collect();
        let given = forms
            .iter()
            .filter(|form| table.get(form).is_some())
            .count();
        if given != 1 {
            let forms: Vec<String> = forms.iter().map(|form| format!("`{form}`")).collect();
            let message = if given == 0 {
                format!("the quantity `{name}` has no {}", forms.join(", "))
            } else {
                format!("the quantity `{name}` is written in {given} forms at once")
            };
            self.report(
                Diagnostic::error(codes::EXACTLY_ONE, message, span, "exactly one is needed")
                    .help(format!("give exactly one of {}", forms.join(", "))),
            );
        }
    }

    /// Reads the notation of a number or text.
    fn notation(
        &mut self,
        node: &Node,
        asked: &Asked,
        name: &str,
        as_of: Option<Date>,
    ) -> Option<Notation> {
        let text = match &node.value {
            Item::Text(text) | Item::Number(text) => text,
            _ => {
                let place = Place {
                    path: name.to_owned(),
                    span: node.span,
                };
                self.wrong_type(node, &place, "a quantity", "\"20 to 30 kWSPM\"");
                return None;
            }
        };
        let context = context(asked, self.facts, as_of);
        match crate::notation::parse(text, &context) {
            Ok(notation) => Some(notation),
            Err(errors) => {
                for error in errors {
                    let label = format!("in `{name}`");
                    let diagnostic =
                        Diagnostic::error(error.code, error.message, node.part(error.range), label);
                    self.report(diagnostic.help_option(error.help));
                }
                None
            }
        }
    }

    fn path(
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
    fn dated<'t>(
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

    fn anchor(
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
        let sources = super::origin::ids(table, "source");
        if let Some(source) = table.get("source") {
            self.refuse_hindsight(name, &sources, source.span);
        }
        Some((notation, sources, shown(value)))
    }

    fn between(&mut self, table: &Table, name: &str) -> Between {
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

    fn rho_month(&mut self, table: &Table, name: &str) -> f64 {
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
    fn growth(
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
            text: shown(node),
            sources: notation.facts,
            note: None,
            is_default: false,
            span: node.span,
            name,
        }))
    }

    /// Reads all vintages, each as known on its day, and takes the one that holds.
    fn vintages(&mut self, node: &Node, asked: &Asked, name: &str) -> Option<Read> {
        let entries = self.dated(node.table()?, name)?;
        if entries.is_empty() {
            self.report(Diagnostic::error(
                codes::EMPTY,
                format!("`{name}` has no vintage"),
                node.span,
                "expected at least one date",
            ));
            return None;
        }
        let mut holding = None;
        let mut is_sound = true;
        for (date, _, vintage) in entries {
            if vintage
                .table()
                .is_some_and(|table| table.get("vintages").is_some())
            {
                is_sound = false;
                self.report(Diagnostic::error(
                    codes::BELONGS_TO_OTHER,
                    format!("a vintage of `{name}` has vintages itself"),
                    vintage.span,
                    "expected a value or a path",
                ));
                continue;
            }
            let holds = self.as_of.is_none_or(|as_of| date <= as_of);
            // A vintage that does not hold is only checked: what it cites may be hidden.
            let as_of = self.as_of;
            self.as_of = if holds { as_of } else { None };
            let read = self.form(vintage, asked, name, self.as_of);
            self.as_of = as_of;
            match read {
                Some(read) => {
                    is_sound &= self.vintage_is_honest(name, date, &read.sources, vintage.span);
                    if holds {
                        holding = Some(read);
                    }
                }
                None => is_sound = false,
            }
        }
        if !is_sound {
            return None;
        }
        if holding.is_none() {
            let as_of = self.as_of.map_or_else(String::new, |date| date.to_string());
            self.report(
                Diagnostic::error(
                    codes::NO_VINTAGE,
                    format!("`{name}` has no vintage of {as_of} or before"),
                    node.span,
                    "all are later",
                )
                .help("add what could be known then"),
            );
        }
        holding
    }

    fn vintage_is_honest(
        &mut self,
        name: &str,
        date: Date,
        sources: &[String],
        span: Span,
    ) -> bool {
        let later = self.hidden_facts(sources, Some(date));
        let Some(first) = later.first() else {
            return true;
        };
        let published = self
            .facts
            .get(first)
            .and_then(|fact| fact.published)
            .map_or("is not dated".to_owned(), |date| {
                format!("was published on {date}")
            });
        self.report(
            Diagnostic::error(
                codes::HINDSIGHT,
                format!("the vintage of {date} of `{name}` cites `{first}`, which {published}"),
                span,
                "could not be known",
            )
            .help("date the vintage when its last source was published"),
        );
        false
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
