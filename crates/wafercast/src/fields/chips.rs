//! `[accelerator.*]`, `[import.*]`

use super::shared::{
    FRACTION, NAME, PLAIN, PROBABILITY, RECTANGLE, SPEC, TIME, UNITS_PER_MONTH, field, with_origin,
};
use super::workload::{CHIP, HOW, RENTED, RUNS};
use super::{Kind, Measure, Presence, Shape};
use crate::unit::Dimension;

const LIFETIME: Measure = Measure::positive(&[Dimension::TIME]);

static PLAN: Shape = Shape {
    title: "plan",
    doc: "What is built when parts are short: tier by tier, and within a tier in proportion to the weights.",
    fields: &[
        field(
            "tier",
            Kind::Count {
                least: 0,
                most: 1000,
            },
            Presence::Default("1"),
            "Lower tiers are served first.",
            "1",
        ),
        field(
            "weight",
            Kind::Quantity(PLAIN.monthly()),
            Presence::Default("1"),
            "Units per step, relative to the others of the tier.",
            "3",
        ),
        field(
            "cap",
            Kind::Quantity(UNITS_PER_MONTH.monthly()),
            Presence::Optional,
            "Most that is built in a month; left out, no limit.",
            "\"100 k units/month\"",
        ),
    ],
    exactly_one: &[],
};

static PACKAGING: Shape = Shape {
    title: "packaging",
    doc: "The package.",
    fields: &[
        field(
            "technology",
            Kind::Text,
            Presence::Required,
            "A technology of the packaging lines.",
            "\"2.5d\"",
        ),
        field(
            "size",
            Kind::Table(&RECTANGLE),
            Presence::Optional,
            "Size of the interposer; needed where a line of the technology counts wafers.",
            "{ width = \"60 mm\", height = \"50 mm\" }",
        ),
        field(
            "interposers",
            Kind::Number {
                least: 0.0,
                most: 1000.0,
                open: true,
            },
            Presence::Default("1"),
            "Interposers per package.",
            "1",
        ),
    ],
    exactly_one: &[],
};

static BOM: Shape = Shape {
    title: "bom",
    doc: "A bill of materials. Several are alternatives in order of preference.",
    fields: with_origin![
        field(
            "dies",
            Kind::Numbers("die"),
            Presence::Required,
            "Dies per unit.",
            "{ \"ascend-910b\" = 2 }"
        ),
        field(
            "memory",
            Kind::Numbers("memory"),
            Presence::Optional,
            "Memory stacks per unit; left out, none that is limited (GDDR, LPDDR).",
            "{ hbm2e = 8 }"
        ),
        field(
            "packaging",
            Kind::Table(&PACKAGING),
            Presence::Optional,
            "Packaging; left out, none that is limited.",
            "{ technology = \"2.5d\", size = { width = \"60 mm\", height = \"50 mm\" } }"
        ),
    ],
    exactly_one: &[],
};

pub(super) static ACCELERATOR: Shape = Shape {
    title: "accelerator",
    doc: "An accelerator built in the scenario.",
    fields: with_origin![
        NAME,
        field(
            "designer",
            Kind::Text,
            Presence::Required,
            "Who designs it.",
            "\"Huawei\""
        ),
        field(
            "country",
            Kind::Country,
            Presence::Required,
            "Country of the designer (ISO code).",
            "\"CN\""
        ),
        field(
            "launch",
            Kind::Date,
            Presence::Required,
            "First month of production.",
            "\"2025-01\""
        ),
        field(
            "delay",
            Kind::Quantity(TIME),
            Presence::Default("0 months"),
            "Slip of the launch.",
            "\"0 months to 6 months\""
        ),
        PROBABILITY,
        field(
            "end",
            Kind::Date,
            Presence::Optional,
            "Last month of production; left out, none.",
            "\"2027-12\""
        ),
        field(
            "plan",
            Kind::Table(&PLAN),
            Presence::Implied,
            "Its place in the build plan.",
            "{ tier = 1, weight = 3 }"
        ),
        field(
            "test_yield",
            Kind::Quantity(FRACTION.monthly()),
            Presence::Default("100%"),
            "Final test yield of packages.",
            "\"90% to 97%\""
        ),
        field(
            "spec",
            Kind::Table(&SPEC),
            Presence::Optional,
            "What one unit can do.",
            "{ bf16 = \"780 TFLOP/s\", fp8 = \"none\", price = \"$26 k\" }"
        ),
        field(
            "lifetime",
            Kind::Quantity(LIFETIME),
            Presence::Default("60 months"),
            "Time in service.",
            "\"60 months\""
        ),
        CHIP,
        RUNS,
        HOW,
        RENTED,
        field(
            "bom",
            Kind::Tables(&BOM),
            Presence::Required,
            "Bills of materials, in order of preference.",
            "[{ dies = { \"ascend-910b\" = 2 }, memory = { hbm2e = 8 }, packaging = { technology = \"2.5d\" } }]"
        ),
    ],
    exactly_one: &[],
};

pub(super) static IMPORT: Shape = Shape {
    title: "import",
    doc: "A foreign accelerator bought whole.",
    fields: with_origin![
        NAME,
        field(
            "designer",
            Kind::Text,
            Presence::Default("unknown"),
            "Who designs it.",
            "\"NVIDIA\""
        ),
        field(
            "country",
            Kind::Country,
            Presence::Default("XX"),
            "Country of the designer (ISO code; XX: not given).",
            "\"US\""
        ),
        field(
            "rate",
            Kind::Quantity(UNITS_PER_MONTH.monthly()),
            Presence::Required,
            "Units per month.",
            "{ path = { \"2024-06\" = \"80 k units/month\" }, between = \"step\" }"
        ),
        field(
            "legal",
            Kind::Boolean,
            Presence::Default("true"),
            "Legal, or smuggled.",
            "true"
        ),
        field(
            "spec",
            Kind::Table(&SPEC),
            Presence::Optional,
            "What one unit can do.",
            "{ bf16 = \"148 TFLOP/s\", fp8 = \"296 TFLOP/s\", price = \"$13 k\" }"
        ),
        field(
            "lifetime",
            Kind::Quantity(LIFETIME),
            Presence::Default("60 months"),
            "Time in service.",
            "\"60 months\""
        ),
        CHIP,
        RUNS,
        HOW,
        RENTED,
    ],
    exactly_one: &[],
};
