//! `[workload.*]`, `[ownership]`, and what accelerators and imports say about workloads.

use super::shared::{FRACTION, NAME, POSITIVE, field};
use super::{Accepts, Field, Kind, Measure, Presence, Reading, Shape};
use crate::notation::Domain;
use crate::unit::Dimension;

/// Longest prompt or output, most sequences and most chips that may be written.
const MOST: u64 = 100_000_000;
/// Layouts over more chips are not searched.
pub const MOST_CHIPS: u64 = 4096;

const fn count(
    key: &'static str,
    most: u64,
    default: &'static str,
    doc: &'static str,
    example: &'static str,
) -> Field {
    field(
        key,
        Kind::Count { least: 1, most },
        Presence::Default(default),
        doc,
        example,
    )
}

static SERVE: Shape = Shape {
    title: "serve",
    doc: "Answering requests. What counts is output tokens per second.",
    fields: &[
        count("prompt", MOST, "4096", "Tokens of a prompt.", "2048"),
        count("output", MOST, "1024", "Tokens of an answer.", "512"),
        count("concurrency", MOST, "256", "Requests at a time.", "256"),
        count(
            "tpot_ms",
            MOST,
            "100",
            "Time per output token at most, milliseconds.",
            "50",
        ),
        count(
            "chips",
            MOST_CHIPS,
            "64",
            "Chips that serve together at most.",
            "64",
        ),
    ],
    exactly_one: &[],
};

static TRAIN: Shape = Shape {
    title: "train",
    doc: "Training runs. What counts is tokens trained per second.",
    fields: &[
        field(
            "tokens",
            Kind::Fixed(Measure::positive(&[Dimension::TOKEN])),
            Presence::Required,
            "Tokens of a run.",
            "\"14.8 T tokens\"",
        ),
        count("sequence", MOST, "4096", "Tokens of a sequence.", "4096"),
        count(
            "chips",
            10_000_000,
            "2048",
            "Chips of a run; more where its state needs more.",
            "2048",
        ),
    ],
    exactly_one: &[],
};

pub(super) static WORKLOAD: Shape = Shape {
    title: "workload",
    doc: "What chips are bought for: a named model in a named format, served or trained. `usable_compute` counts chips by it.",
    fields: &[
        NAME,
        field(
            "model",
            Kind::Text,
            Presence::Required,
            "A model of the library (`wafercast fit --list`).",
            "\"deepseek-v3\"",
        ),
        field(
            "format",
            Kind::Text,
            Presence::Optional,
            "Number format of the weights; left out, that of the published checkpoint.",
            "\"fp8\"",
        ),
        field(
            "serve",
            Kind::Table(&SERVE),
            Presence::Optional,
            "Answering requests.",
            "{ prompt = 2048, output = 512, concurrency = 256 }",
        ),
        field(
            "train",
            Kind::Table(&TRAIN),
            Presence::Optional,
            "Training runs.",
            "{ tokens = \"14.8 T tokens\" }",
        ),
        field(
            "common",
            Kind::Quantity(POSITIVE),
            Presence::Optional,
            "What the rates of all chips have in common, a factor about 1: software errs alike on all of them. Left out, the compute layer's own; without that, 1.",
            "\"0.8 to 1.25\"",
        ),
        field(
            "load",
            Kind::Quantity(Measure {
                accepts: Accepts::Either(&[Dimension::TOKEN_RATE, Dimension::PER_MONTH]),
                domain: Domain::NonNegative,
                bare: None,
                reading: Reading::Monthly,
            }),
            Presence::Optional,
            "How much of it is wanted: tokens per time, or runs per time.",
            "{ path = { \"2025-01\" = \"1 T tokens/day to 3 T tokens/day\" }, growth = \"50%/year to 200%/year\" }",
        ),
        field(
            "utilisation",
            Kind::Quantity(FRACTION.monthly()),
            Presence::Default("100%"),
            "Share of their full rate at which chips work on average: load is uneven and fleets are split.",
            "\"25% to 60%\"",
        ),
        field(
            "source",
            Kind::Facts,
            Presence::Optional,
            "Facts that the table's numbers rest on.",
            "[\"tokens-per-day-2025\"]",
        ),
        field(
            "note",
            Kind::Text,
            Presence::Optional,
            "A remark for readers.",
            "\"public chat and interfaces\"",
        ),
        field(
            "assumption",
            Kind::Text,
            Presence::Optional,
            "Why the table's numbers are set as they are, for those without a source.",
            "\"no count is published\"",
        ),
    ],
    exactly_one: &[&["serve", "train"]],
};

const RATE: Measure = Measure {
    accepts: Accepts::Any(&[
        Dimension::TOKEN_RATE,
        Dimension {
            token: 1,
            time: -1,
            unit: -1,
            ..Dimension::NONE
        },
    ]),
    domain: Domain::NonNegative,
    bare: None,
    reading: Reading::Monthly,
};

const RENT: Measure = Measure {
    accepts: Accepts::Any(&[
        Dimension::MONEY_RATE,
        Dimension {
            money: 1,
            time: -1,
            unit: -1,
            ..Dimension::NONE
        },
    ]),
    ..RATE
};

static RENT_BAND: Shape = Shape {
    title: "rent",
    doc: "Which published prices the rent is read from, each from the day it was published.",
    fields: &[
        field(
            "country",
            Kind::Country,
            Presence::Required,
            "Where it is rented (ISO code).",
            "\"CN\"",
        ),
        field(
            "term",
            Kind::Choice(&["on-demand", "contract"]),
            Presence::Required,
            "By the hour, or for a month and longer.",
            "\"on-demand\"",
        ),
        field(
            "chip",
            Kind::Text,
            Presence::Optional,
            "Whose prices, where it is not its own `chip`.",
            "\"a100-sxm\"",
        ),
    ],
    exactly_one: &[],
};

pub(super) const CHIP: Field = field(
    "chip",
    Kind::Text,
    Presence::Optional,
    "The chip of the library (`wafercast fit --list`) that it is: from it come `runs` and `how` of workloads.",
    "\"ascend-910c\"",
);
pub(super) const RUNS: Field = field(
    "runs",
    Kind::Weights("workload", RATE),
    Presence::Optional,
    "What one unit does of workloads; left out, as the compute layer finds for its `chip`. A workload without a rate counts nothing.",
    "{ v3-serving = \"150 tokens/s to 300 tokens/s\" }",
);
pub(super) const HOW: Field = field(
    "how",
    Kind::Words("workload"),
    Presence::Optional,
    "How it does workloads: `native`, or what is done instead, or why it cannot. Decides the sets `native:ID`.",
    "{ v3-serving = \"native\" }",
);
pub(super) const RENTED: Field = field(
    "rent",
    Kind::QuantityOr(RENT, &RENT_BAND),
    Presence::Optional,
    "Rent of one unit: a quantity, or which published prices of its `chip` it is read from.",
    "{ country = \"CN\", term = \"on-demand\" }",
);

const RATE_PER_YEAR: Measure = Measure::at_least_zero(&[Dimension::PER_MONTH]);

/// Defaults as in the compute layer's `Ownership::typical`.
pub(super) static OWNERSHIP: Shape = Shape {
    title: "ownership",
    doc: "What it costs to own a chip beside its price and power: for `cost(owned, …)`.",
    fields: &[
        field(
            "overhead",
            Kind::Quantity(POSITIVE),
            Presence::Default("1.6"),
            "Server, network and building over the price of the chip.",
            "\"1.4 to 1.8\"",
        ),
        field(
            "capital",
            Kind::Quantity(RATE_PER_YEAR),
            Presence::Default("10%/year"),
            "Cost of capital.",
            "\"6%/year to 14%/year\"",
        ),
        field(
            "years",
            Kind::Quantity(Measure::positive(&[Dimension::TIME])),
            Presence::Default("4 years"),
            "Time over which it is written off.",
            "\"4 years to 6 years\"",
        ),
        field(
            "running",
            Kind::Quantity(RATE_PER_YEAR),
            Presence::Default("5%/year"),
            "Running cost other than electricity, share of the investment.",
            "\"3%/year to 8%/year\"",
        ),
        field(
            "availability",
            Kind::Quantity(FRACTION),
            Presence::Default("95%"),
            "Share of the time that it works.",
            "\"90% to 98%\"",
        ),
        field(
            "power_overhead",
            Kind::Quantity(POSITIVE),
            Presence::Default("1.5"),
            "Power with server, network and cooling over the chip's own.",
            "\"1.3 to 1.7\"",
        ),
        field(
            "power_load",
            Kind::Quantity(FRACTION),
            Presence::Default("80%"),
            "Share of that power that is drawn.",
            "\"70% to 90%\"",
        ),
        field(
            "electricity",
            Kind::Quantity(
                Measure::at_least_zero(&[Dimension {
                    money: 1,
                    power: -1,
                    time: -1,
                    ..Dimension::NONE
                }])
                .monthly(),
            ),
            Presence::Required,
            "Price of electricity.",
            "\"$0.05/kWh to $0.1/kWh\"",
        ),
        field(
            "source",
            Kind::Facts,
            Presence::Optional,
            "Facts that the numbers rest on.",
            "[\"power-price-cn\"]",
        ),
        field(
            "assumption",
            Kind::Text,
            Presence::Optional,
            "Why the numbers are set as they are, for those without a source.",
            "\"industrial tariffs\"",
        ),
    ],
    exactly_one: &[],
};
