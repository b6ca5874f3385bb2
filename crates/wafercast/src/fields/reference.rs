//! The reference pages of the language and its diagnostics, as Markdown.

use std::fmt::Write as _;

use super::{ANCHOR, Accepts, FORM, Field, Kind, Measure, Presence, Reading, Shape, TOP, sections};
use crate::diagnostic::codes;

/// The page on the scenario language.
pub fn markdown() -> String {
    let mut page = String::from(
        "# Scenario language\n\n\
         <!-- Generated from the description of the fields. Do not edit: `WAFERCAST_BLESS=1 cargo test -p wafercast --test reference` writes it anew. -->\n\n\
         A scenario is TOML: one file, or a folder with `scenario.toml`. Tables are keyed by id (letters, digits, `-`, `_`). \
         Every number has a name, its path in the scenario, such as `fab.smic-sn2.phase[0].add`: overrides (`--set`), events, \
         correlations and reports use it.\n\n\
         Numbers with a unit are *quantities*: a number, text in the number notation (`\"20 to 30 kWSPM\"`), or a table \
         ([below](#quantity)). *Monthly* quantities are read at the middle of each month and may be paths through time; the \
         others are read once.\n",
    );
    shape(&mut page, 2, &TOP);
    for (_, section) in sections() {
        shape(&mut page, 2, section);
    }
    for field in TOP.fields {
        if let Kind::Tables(inner) = field.kind {
            shape(&mut page, 2, inner);
        }
    }
    shape(&mut page, 2, &FORM);
    shape(&mut page, 3, &ANCHOR);
    page
}

/// The page on all diagnostics.
pub fn diagnostics() -> String {
    let mut page = String::from(
        "# Diagnostics\n\n\
         <!-- Generated from the table of codes. Do not edit: `WAFERCAST_BLESS=1 cargo test -p wafercast --test reference` writes it anew. -->\n\n\
         Codes are stable: `WF00` text and files, `01` names and structure, `02` units, `03` numbers and distributions, `04` time, \
         `05` sources, `06` the supply network, `07` planning, `08` metric expressions. `wafercast explain CODE` shows a page.\n",
    );
    for each in codes::pages() {
        let _ = write!(
            page,
            "\n## {}: {}\n\n{}\n\nRaised by\n\n```text\n{}\n```\n\nWrite instead\n\n```text\n{}\n```\n",
            each.code, each.title, each.explanation, each.wrong, each.right
        );
    }
    page
}

fn shape(page: &mut String, level: usize, shape: &Shape) {
    let _ = write!(
        page,
        "\n{} {}\n\n{}\n\n| key | takes | | |\n|---|---|---|---|\n",
        "#".repeat(level),
        shape.title,
        shape.doc
    );
    for field in shape.fields {
        row(page, field);
    }
    for group in shape.exactly_one {
        let keys: Vec<String> = group.iter().map(|key| format!("`{key}`")).collect();
        let _ = write!(page, "\nExactly one of {} is given.\n", keys.join(", "));
    }
    for inner in shape.fields.iter().filter_map(nested) {
        if level < 5 {
            self::shape(page, level + 1, inner);
        }
    }
}

fn nested(field: &Field) -> Option<&'static Shape> {
    match field.kind {
        Kind::Table(inner) | Kind::QuantityOr(_, inner) => Some(inner),
        // correlations stand at the end of the page
        Kind::Tables(inner) if field.key != "correlation" => Some(inner),
        _ => None,
    }
}

fn row(page: &mut String, field: &Field) {
    let presence = match field.presence {
        Presence::Required => "required".to_owned(),
        Presence::Optional | Presence::Implied => String::new(),
        Presence::Default(text) => format!("default `{text}`"),
    };
    let example = if field.example.is_empty() {
        String::new()
    } else {
        format!(" E.g. `{}`", field.example.replace('|', "\\|"))
    };
    let _ = writeln!(
        page,
        "| `{}` | {} | {presence} | {}{example} |",
        field.key,
        takes(&field.kind),
        field.doc.replace('|', "\\|")
    );
}

fn takes(kind: &Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Country => "country code".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::Boolean => "true or false".to_owned(),
        Kind::Integer => "whole number".to_owned(),
        Kind::Count { least, most } => format!("whole number, {least} to {most}"),
        Kind::Number {
            least,
            most,
            open: true,
        } => format!("number between {least} and {most}"),
        Kind::Number { least, most, .. } => format!("number, {least} to {most}"),
        Kind::Choice(words) => words
            .iter()
            .map(|word| format!("`\"{word}\"`"))
            .collect::<Vec<_>>()
            .join(", "),
        Kind::Quantity(measure) => quantity(measure),
        Kind::Fixed(measure) => format!("one certain {}", dimensions(measure)),
        Kind::QuantityOr(measure, shape) => format!(
            "{}, or a [{}](#{}) table",
            quantity(measure),
            shape.title,
            shape.title
        ),
        Kind::QuantityOrWord(measure, word) => format!("{}, or `\"{word}\"`", quantity(measure)),
        Kind::Reference(section) => format!("id of a [{section}](#{section})"),
        Kind::Part => "`die.ID` or `memory.ID`".to_owned(),
        Kind::QuantityName => "name of a quantity".to_owned(),
        Kind::QuantityPair => "names of two quantities".to_owned(),
        Kind::Facts => "fact ids".to_owned(),
        Kind::Condition => "condition over metrics".to_owned(),
        Kind::Metric => "metric".to_owned(),
        Kind::Files => "file names".to_owned(),
        Kind::Dates => "dates".to_owned(),
        Kind::Table(_) => "table".to_owned(),
        Kind::Tables(_) => "list of tables".to_owned(),
        Kind::Weights(section, measure) => format!("{} by {section}", quantity(measure)),
        Kind::Words(section) => format!("text by {section}"),
        Kind::Numbers(section) => format!("number above 0 by {section}"),
        Kind::Counts => "whole number by name".to_owned(),
        Kind::Section(shape) => format!("[tables](#{}) by id", shape.title),
    }
}

fn quantity(measure: &Measure) -> String {
    let reading = match measure.reading {
        Reading::Monthly => ", monthly",
        Reading::Once => "",
    };
    format!("{}{reading}", dimensions(measure))
}

fn dimensions(measure: &Measure) -> String {
    match measure.accepts {
        Accepts::Any(dimensions) | Accepts::Either(dimensions) => {
            let units: Vec<String> = dimensions
                .iter()
                .map(|dimension| {
                    let example = dimension.example();
                    if example.is_empty() || dimension.is_none() {
                        match measure.domain {
                            crate::notation::Domain::Fraction => "fraction".to_owned(),
                            _ => "plain number".to_owned(),
                        }
                    } else {
                        format!("`{example}`")
                    }
                })
                .collect();
            let mut units = units;
            units.dedup();
            format!("quantity in {}", units.join(" or "))
        }
        Accepts::PartOfStockpile => "number of parts".to_owned(),
        Accepts::DemandPerMonth => "quantity per month, in the metric's unit".to_owned(),
        Accepts::Target => "quantity in the unit of the target".to_owned(),
        Accepts::Observed => "quantity in the unit of the metric".to_owned(),
    }
}
