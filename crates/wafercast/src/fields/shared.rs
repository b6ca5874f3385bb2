//! Keys and measures that several tables have.

use super::{Accepts, Field, Kind, Measure, Presence, Reading, Shape};
use crate::notation::Domain;
use crate::unit::Dimension;

/// A field, in one line.
pub(super) const fn field(
    key: &'static str,
    kind: Kind,
    presence: Presence,
    doc: &'static str,
    example: &'static str,
) -> Field {
    Field {
        key,
        kind,
        presence,
        doc,
        example,
    }
}

pub(super) const FRACTION: Measure = Measure {
    accepts: Accepts::Any(&[Dimension::NONE]),
    domain: Domain::Fraction,
    bare: Some(""),
    reading: Reading::Once,
};
pub(super) const PLAIN: Measure = Measure::at_least_zero(&[Dimension::NONE]).bare("");
pub(super) const POSITIVE: Measure = Measure::positive(&[Dimension::NONE]).bare("");
pub(super) const TIME: Measure = Measure::at_least_zero(&[Dimension::TIME]);
pub(super) const LENGTH: Measure = Measure::positive(&[Dimension::LENGTH]);
pub(super) const WAFERS_PER_MONTH: Measure = Measure::at_least_zero(&[Dimension::WAFERS_PER_MONTH]);
pub(super) const UNITS_PER_MONTH: Measure =
    Measure::at_least_zero(&[Dimension::UNITS_PER_MONTH, Dimension::PER_MONTH]);

/// `source`, `note`, `assumption`, `known` of a table, behind its own fields.
macro_rules! with_origin {
    ($($field:expr),* $(,)?) => {
        &[
            $($field,)*
            $crate::fields::shared::field(
                "source", $crate::fields::Kind::Facts, $crate::fields::Presence::Optional,
                "Facts that the table's numbers rest on, for each number of it that has no `source` of its own.",
                "[\"smic-capacity-2025q3\"]",
            ),
            $crate::fields::shared::field(
                "note", $crate::fields::Kind::Text, $crate::fields::Presence::Optional,
                "A remark for readers.", "\"announced, not confirmed\"",
            ),
            $crate::fields::shared::field(
                "assumption", $crate::fields::Kind::Text, $crate::fields::Presence::Optional,
                "Why the table's numbers are set as they are, for those without a source.", "\"as at TSMC in 2018\"",
            ),
            $crate::fields::shared::field(
                "known", $crate::fields::Kind::Date, $crate::fields::Presence::Optional,
                "Since when this is known: left out of runs whose `as_of` is earlier.", "\"2025-09-18\"",
            ),
        ]
    };
}
pub(super) use with_origin;

pub(super) const NAME: Field = field(
    "name",
    Kind::Text,
    Presence::Optional,
    "Name in reports; left out, the id.",
    "\"SMIC N+2 (7 nm class)\"",
);
pub(super) const OWNER: Field = field(
    "owner",
    Kind::Text,
    Presence::Required,
    "Who owns the line.",
    "\"SMIC\"",
);
pub(super) const COUNTRY: Field = field(
    "country",
    Kind::Country,
    Presence::Required,
    "Where it is (ISO code); parts made in the scenario's `home` country are of home origin.",
    "\"CN\"",
);
pub(super) const PROBABILITY: Field = field(
    "probability",
    Kind::Quantity(FRACTION),
    Presence::Default("100%"),
    "Probability that it happens at all.",
    "\"90%\"",
);

/// Ramp of a phase.
static RAMP: Shape = Shape {
    title: "ramp",
    doc: "How a phase comes up to its full rate.",
    fields: &[
        field(
            "time",
            Kind::Quantity(TIME),
            Presence::Default("0 months"),
            "Time from the start to the full rate.",
            "\"9 months to 18 months\"",
        ),
        field(
            "shape",
            Kind::Choice(&["linear", "s-curve"]),
            Presence::Default("linear"),
            "Straight, or slow at both ends (`3u² − 2u³`).",
            "\"s-curve\"",
        ),
    ],
    exactly_one: &[],
};

const fn add(measure: Measure, example: &'static str) -> Field {
    field(
        "add",
        Kind::Quantity(measure),
        Presence::Required,
        "Size at full rate.",
        example,
    )
}
const START: Field = field(
    "start",
    Kind::Date,
    Presence::Required,
    "Announced date of the first wafer or package.",
    "\"2026-01\"",
);
const DELAY: Field = field(
    "delay",
    Kind::Quantity(TIME),
    Presence::Default("0 months"),
    "Slip of the start against the announced date.",
    "\"0 months to 12 months\"",
);
const RAMP_FIELD: Field = field(
    "ramp",
    Kind::Table(&RAMP),
    Presence::Implied,
    "How it comes up to the full rate; left out, at once.",
    "{ time = \"12 months\", shape = \"s-curve\" }",
);

/// A dated addition of wafers per month.
pub(super) static WAFER_PHASE: Shape = Shape {
    title: "phase",
    doc: "A dated addition of capacity: `K(t) = Σ happens · add · ramp((t − start − delay) / ramp.time)`.",
    fields: with_origin![
        add(WAFERS_PER_MONTH, "\"20 kWSPM to 26 kWSPM\""),
        START,
        DELAY,
        RAMP_FIELD,
        PROBABILITY
    ],
    exactly_one: &[],
};

/// A dated addition of wafers per month of a logic line: a size, or the tools that make it in a fab model.
pub(super) static FAB_PHASE: Shape = Shape {
    title: "phase",
    doc: "A dated addition of capacity: `K(t) = Σ happens · add · ramp((t − start − delay) / ramp.time)`. Of a line whose `capacity` comes from a fab model, `add` is what the phase's tools add to the throughput of the phases above it.",
    fields: with_origin![
        field(
            "add",
            Kind::Quantity(WAFERS_PER_MONTH),
            Presence::Optional,
            "Size at full rate; needed, unless the line has a `capacity`.",
            "\"20 kWSPM to 26 kWSPM\""
        ),
        field(
            "tools",
            Kind::Counts,
            Presence::Optional,
            "Tools that come with the phase, by family of the line's fab model; left out in the first phase, the model's own.",
            "{ \"immersion scanner\" = 10, \"dielectric etch\" = 43 }"
        ),
        START,
        DELAY,
        RAMP_FIELD,
        PROBABILITY
    ],
    exactly_one: &[],
};

/// A dated addition of interposer wafers or packages per month.
pub(super) static PACKAGING_PHASE: Shape = Shape {
    title: "phase",
    doc: "A dated addition of capacity, in packages or interposer wafers per month (all phases of a line alike).",
    fields: with_origin![
        add(
            Measure {
                accepts: Accepts::Either(&[
                    Dimension::PACKAGES_PER_MONTH,
                    Dimension::WAFERS_PER_MONTH
                ]),
                ..WAFERS_PER_MONTH
            },
            "\"80 k packages/month\""
        ),
        START,
        DELAY,
        RAMP_FIELD,
        PROBABILITY
    ],
    exactly_one: &[],
};

/// Width and height of a package.
pub(super) static RECTANGLE: Shape = Shape {
    title: "size",
    doc: "Width and height.",
    fields: &[
        field(
            "width",
            Kind::Fixed(LENGTH),
            Presence::Required,
            "Width.",
            "\"60 mm\"",
        ),
        field(
            "height",
            Kind::Fixed(LENGTH),
            Presence::Required,
            "Height.",
            "\"50 mm\"",
        ),
    ],
    exactly_one: &[],
};

const THROUGHPUT: Measure = Measure::positive(&[Dimension::THROUGHPUT]);

const fn throughput(key: &'static str, doc: &'static str, example: &'static str) -> Field {
    field(
        key,
        Kind::QuantityOrWord(THROUGHPUT, "none"),
        Presence::Optional,
        doc,
        example,
    )
}

/// What a chip can do.
pub(super) static SPEC: Shape = Shape {
    title: "spec",
    doc: "What one unit can do. Throughput is dense; a format left out is unknown, `\"none\"` is known to be missing and falls back to BF16 or FP16.",
    fields: &[
        throughput(
            "bf16",
            "Dense BF16 throughput; decides H100 equivalents.",
            "\"780 TFLOP/s\"",
        ),
        throughput("fp16", "Dense FP16 throughput.", "\"780 TFLOP/s\""),
        throughput("fp32", "Dense FP32 throughput.", "\"60 TFLOP/s\""),
        throughput("tf32", "Dense TF32 throughput.", "\"200 TFLOP/s\""),
        throughput("fp8", "Dense FP8 throughput.", "\"none\""),
        throughput("int8", "Dense INT8 throughput.", "\"1560 TOP/s\""),
        throughput("fp4", "Dense FP4 throughput.", "\"none\""),
        field(
            "memory",
            Kind::Quantity(Measure::positive(&[Dimension::DATA])),
            Presence::Optional,
            "Memory capacity; left out, that of the stacks of the first bill of materials.",
            "\"128 GB\"",
        ),
        field(
            "bandwidth",
            Kind::Quantity(Measure::positive(&[Dimension::BANDWIDTH])),
            Presence::Optional,
            "Memory bandwidth; left out, that of the stacks of the first bill of materials.",
            "\"3.2 TB/s\"",
        ),
        field(
            "tdp",
            Kind::Quantity(Measure::positive(&[Dimension::POWER])),
            Presence::Optional,
            "Thermal design power.",
            "\"900 W\"",
        ),
        field(
            "price",
            Kind::Quantity(
                Measure::at_least_zero(&[
                    Dimension::MONEY,
                    Dimension {
                        money: 1,
                        unit: -1,
                        ..Dimension::NONE
                    },
                ])
                .monthly(),
            ),
            Presence::Optional,
            "Price of one unit.",
            "\"$26 k\"",
        ),
    ],
    exactly_one: &[],
};
