//! The table form of a quantity.

use super::shared::field;
use super::{Kind, Presence, Shape};

/// Keys of a quantity written as a table.
pub static FORM: Shape = Shape {
    title: "quantity",
    doc: "A quantity written as a table: a value with its source, a path through time, or vintages (what was known when). A quantity that is read once cannot be a path.",
    fields: &[
        field(
            "value",
            Kind::Text,
            Presence::Optional,
            "A number or text in the number notation.",
            "\"20 kWSPM to 30 kWSPM\"",
        ),
        field(
            "path",
            Kind::Text,
            Presence::Optional,
            "Dated anchors. Flat before the first, and after the last unless `growth` is given.",
            "{ \"2024-01\" = \"25% to 40%\", \"2027-01\" = \"40% to 60%\" }",
        ),
        field(
            "between",
            Kind::Choice(&["linear", "step", "geometric"]),
            Presence::Optional,
            "How to read between the anchors of a path (`linear` if left out).",
            "\"step\"",
        ),
        field(
            "growth",
            Kind::Text,
            Presence::Optional,
            "Growth per year after the last anchor of a path.",
            "\"40%/year to 90%/year\"",
        ),
        field(
            "rho_month",
            Kind::Number {
                least: 0.0,
                most: 1.0,
                open: false,
            },
            Presence::Optional,
            "1 (if left out): all anchors share one quantile; below 1: correlation `rho_month^|Δt in months|` between anchors.",
            "0.95",
        ),
        field(
            "vintages",
            Kind::Text,
            Presence::Optional,
            "Quantities by the day from which they could be known; with `as_of` the latest one that is not later holds, else the last.",
            "{ \"2024-06-01\" = \"30%\", \"2025-03-01\" = { value = \"40%\", source = [\"yield-910c-2025\"] } }",
        ),
        field(
            "source",
            Kind::Facts,
            Presence::Optional,
            "Facts the number rests on.",
            "[\"yield-910c-2025\"]",
        ),
        field(
            "note",
            Kind::Text,
            Presence::Optional,
            "A remark for readers.",
            "\"die yield, line yield included\"",
        ),
        field(
            "assumption",
            Kind::Text,
            Presence::Optional,
            "Why the number is set so, where there is no source.",
            "\"as at TSMC in 2018\"",
        ),
    ],
    exactly_one: &[&["value", "path", "vintages"]],
};

/// Keys of an anchor of a path written as a table.
pub static ANCHOR: Shape = Shape {
    title: "anchor",
    doc: "An anchor of a path with its own source.",
    fields: &[
        field(
            "value",
            Kind::Text,
            Presence::Required,
            "A number or text in the number notation.",
            "\"25% to 40%\"",
        ),
        field(
            "source",
            Kind::Facts,
            Presence::Optional,
            "Facts the number rests on.",
            "[\"yield-910c-2025\"]",
        ),
        field(
            "note",
            Kind::Text,
            Presence::Optional,
            "A remark for readers.",
            "\"announced\"",
        ),
    ],
    exactly_one: &[],
};
