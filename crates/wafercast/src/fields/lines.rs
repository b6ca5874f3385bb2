//! `[memory.*]`, `[memory_line.*]`, `[packaging_line.*]`, `[stockpile.*]`

use super::processes::{DIES_PER_WAFER, per_wafer};
use super::shared::{
    COUNTRY, FRACTION, LENGTH, NAME, OWNER, PACKAGING_PHASE, POSITIVE, TIME, WAFER_PHASE, field,
    with_origin,
};
use super::{Accepts, Kind, Measure, Presence, Reading, Shape};
use crate::notation::Domain;
use crate::unit::Dimension;

pub(super) static MEMORY: Shape = Shape {
    title: "memory",
    doc: "A memory stack.",
    fields: with_origin![
        NAME,
        field(
            "capacity",
            Kind::Quantity(Measure::positive(&[
                Dimension::DATA,
                Dimension {
                    data: 1,
                    stack: -1,
                    ..Dimension::NONE
                },
            ])),
            Presence::Required,
            "Capacity of a stack.",
            "\"16 GB\""
        ),
        field(
            "bandwidth",
            Kind::Quantity(Measure::positive(&[Dimension::BANDWIDTH])),
            Presence::Required,
            "Bandwidth of a stack.",
            "\"460 GB/s\""
        ),
        field(
            "layers",
            Kind::Quantity(POSITIVE),
            Presence::Required,
            "DRAM layers of a stack.",
            "8"
        ),
    ],
    exactly_one: &[],
};

pub(super) static MEMORY_LINE: Shape = Shape {
    title: "memory_line",
    doc: "A line that makes memory stacks. Stacks per wafer are quoted at once, or built from dies per wafer × die yield / layers × stack yield.",
    fields: with_origin![
        NAME,
        OWNER,
        COUNTRY,
        field(
            "memory",
            Kind::Reference("memory"),
            Presence::Required,
            "What it makes.",
            "\"hbm2e\""
        ),
        field(
            "stacks_per_wafer",
            Kind::Quantity(
                per_wafer(&[
                    Dimension::NONE,
                    Dimension::STACK,
                    Dimension {
                        stack: 1,
                        wafer: -1,
                        ..Dimension::NONE
                    },
                ])
                .monthly()
            ),
            Presence::Optional,
            "Good stacks per DRAM wafer.",
            "\"30 to 45\""
        ),
        field(
            "dies_per_wafer",
            Kind::Quantity(DIES_PER_WAFER.monthly()),
            Presence::Optional,
            "DRAM dies per wafer.",
            "\"600 to 700\""
        ),
        field(
            "die_yield",
            Kind::Quantity(FRACTION.monthly()),
            Presence::Optional,
            "Die yield, with `dies_per_wafer`.",
            "\"60% to 80%\""
        ),
        field(
            "stack_yield",
            Kind::Quantity(FRACTION.monthly()),
            Presence::Optional,
            "Stack yield, with `dies_per_wafer`.",
            "\"50% to 70%\""
        ),
        field(
            "bond_yield",
            Kind::Quantity(FRACTION.monthly()),
            Presence::Optional,
            "Yield per bonded layer instead of a stack yield: stack yield = bond_yield^layers.",
            "\"98%\""
        ),
        field(
            "utilisation",
            Kind::Quantity(FRACTION.monthly()),
            Presence::Default("100%"),
            "Share of the capacity that is used for these stacks.",
            "\"90%\""
        ),
        field(
            "cycle_time",
            Kind::Quantity(TIME),
            Presence::Default("0 months"),
            "Time from wafer start to stack; left out, it is in the dates of the phases.",
            "\"5 months\""
        ),
        field(
            "phase",
            Kind::Tables(&WAFER_PHASE),
            Presence::Required,
            "Dated additions of capacity, in order of time.",
            "[{ add = \"5 kWSPM to 15 kWSPM\", start = \"2026-04\" }]"
        ),
    ],
    exactly_one: &[&["stacks_per_wafer", "dies_per_wafer"]],
};

static FIXED_WAFER: Shape = Shape {
    title: "wafer",
    doc: "The interposer wafer.",
    fields: &[
        field(
            "diameter",
            Kind::Fixed(LENGTH),
            Presence::Default("300 mm"),
            "Diameter.",
            "\"300 mm\"",
        ),
        field(
            "edge",
            Kind::Fixed(LENGTH),
            Presence::Default("3 mm"),
            "Edge exclusion.",
            "\"3 mm\"",
        ),
    ],
    exactly_one: &[],
};

pub(super) static PACKAGING_LINE: Shape = Shape {
    title: "packaging_line",
    doc: "A line that assembles packages. The lines of one technology act as one resource.",
    fields: with_origin![
        NAME,
        OWNER,
        COUNTRY,
        field(
            "technology",
            Kind::Text,
            Presence::Required,
            "Technology, as named in bills of materials.",
            "\"2.5d\""
        ),
        field(
            "yield",
            Kind::Quantity(FRACTION.monthly()),
            Presence::Required,
            "Assembly yield: a failed package loses every part in it.",
            "\"85% to 95%\""
        ),
        field(
            "lead_time",
            Kind::Quantity(TIME),
            Presence::Required,
            "Time from parts to tested package.",
            "\"1.5 months\""
        ),
        field(
            "utilisation",
            Kind::Quantity(FRACTION.monthly()),
            Presence::Default("100%"),
            "Share of the capacity that these accelerators can have.",
            "\"80%\""
        ),
        field(
            "wafer",
            Kind::Table(&FIXED_WAFER),
            Presence::Implied,
            "The interposer wafer.",
            "{ diameter = \"300 mm\", edge = \"3 mm\" }"
        ),
        field(
            "phase",
            Kind::Tables(&PACKAGING_PHASE),
            Presence::Required,
            "Dated additions of capacity, in order of time.",
            "[{ add = \"80 k packages/month\", start = \"2024-01\" }]"
        ),
    ],
    exactly_one: &[],
};

static ORIGIN: Shape = Shape {
    title: "origin",
    doc: "Where the parts are from.",
    fields: &[
        field(
            "country",
            Kind::Country,
            Presence::Required,
            "ISO code of the country.",
            "\"TW\"",
        ),
        field(
            "maker",
            Kind::Text,
            Presence::Required,
            "Who made them.",
            "\"TSMC\"",
        ),
    ],
    exactly_one: &[],
};

const AMOUNT: Measure = Measure {
    accepts: Accepts::PartOfStockpile,
    domain: Domain::NonNegative,
    bare: Some(""),
    reading: Reading::Once,
};

static DELIVERY: Shape = Shape {
    title: "delivery",
    doc: "Parts that arrive later.",
    fields: with_origin![
        field(
            "at",
            Kind::Date,
            Presence::Required,
            "When they arrive.",
            "\"2024-10\""
        ),
        field(
            "amount",
            Kind::Quantity(AMOUNT),
            Presence::Required,
            "How many.",
            "\"300 k to 500 k\""
        ),
    ],
    exactly_one: &[],
};

pub(super) static STOCKPILE: Shape = Shape {
    title: "stockpile",
    doc: "A stock of dies or memory stacks bought elsewhere. `at` and `amount` say what is there, `delivery` what comes later; at least one of them is needed.",
    fields: with_origin![
        NAME,
        field(
            "part",
            Kind::Part,
            Presence::Required,
            "The part: `die.ID` or `memory.ID`.",
            "\"die.ascend-910b\""
        ),
        field(
            "origin",
            Kind::Table(&ORIGIN),
            Presence::Required,
            "Country and maker.",
            "{ country = \"TW\", maker = \"TSMC\" }"
        ),
        field(
            "at",
            Kind::Date,
            Presence::Optional,
            "Since when the stock is there.",
            "\"2024-07\""
        ),
        field(
            "amount",
            Kind::Quantity(AMOUNT),
            Presence::Optional,
            "How many parts.",
            "\"2.0M to 2.9M\""
        ),
        field(
            "delivery",
            Kind::Tables(&DELIVERY),
            Presence::Optional,
            "Dated deliveries.",
            "[{ at = \"2024-10\", amount = \"300 k to 500 k\" }]"
        ),
        field(
            "order",
            Kind::Integer,
            Presence::Default("0"),
            "Order of use among the stockpiles of a part: the lower first; equal ones by date. Home output is used last.",
            "1"
        ),
    ],
    exactly_one: &[],
};
