//! `[demand.*]`, `[event.*]`, `[claim.*]`, `[evidence.*]`, `[[correlation]]`

use super::shared::{NAME, PROBABILITY, TIME, field, with_origin};
use super::{Accepts, Kind, Measure, Presence, Reading, Shape};
use crate::notation::Domain;
use crate::unit::Dimension;

pub(super) static DEMAND: Shape = Shape {
    title: "demand",
    doc: "Unconstrained demand of a segment.",
    fields: with_origin![
        NAME,
        field(
            "metric",
            Kind::Choice(&["units", "h100e", "tpp", "value"]),
            Presence::Required,
            "What it is counted in.",
            "\"h100e\""
        ),
        field(
            "rate",
            Kind::Quantity(Measure {
                accepts: Accepts::DemandPerMonth,
                domain: Domain::NonNegative,
                bare: None,
                reading: Reading::Monthly,
            }),
            Presence::Required,
            "Per month, in the metric's unit.",
            "{ path = { \"2024-01\" = \"25 k/month to 45 k/month\" }, growth = \"40%/year to 90%/year\" }"
        ),
    ],
    exactly_one: &[],
};

const OPERAND: Measure = Measure {
    accepts: Accepts::Target,
    domain: Domain::Signed,
    bare: None,
    reading: Reading::Monthly,
};

static EFFECT: Shape = Shape {
    title: "effect",
    doc: "What an event does to a quantity, from its date until its end. On a quantity that is read once it holds for the whole sample.",
    fields: &[
        field(
            "quantity",
            Kind::QuantityName,
            Presence::Required,
            "Name of the quantity.",
            "\"import.h20.rate\"",
        ),
        field(
            "multiply",
            Kind::Quantity(Measure {
                accepts: Accepts::Any(&[Dimension::NONE]),
                domain: Domain::NonNegative,
                bare: Some(""),
                reading: Reading::Monthly,
            }),
            Presence::Optional,
            "Multiply it by this.",
            "0.5",
        ),
        field(
            "replace",
            Kind::Quantity(OPERAND),
            Presence::Optional,
            "Replace it by this.",
            "\"20 k units/month\"",
        ),
        field(
            "add",
            Kind::Quantity(OPERAND),
            Presence::Optional,
            "Add this to it.",
            "\"6 months\"",
        ),
        field(
            "source",
            Kind::Facts,
            Presence::Optional,
            "Facts that the number rests on.",
            "[\"h20-ban-2025\"]",
        ),
        field(
            "note",
            Kind::Text,
            Presence::Optional,
            "A remark for readers.",
            "\"sales stopped at once\"",
        ),
        field(
            "assumption",
            Kind::Text,
            Presence::Optional,
            "Why the number is set so.",
            "\"no licence was granted\"",
        ),
    ],
    exactly_one: &[&["multiply", "replace", "add"]],
};

pub(super) static EVENT: Shape = Shape {
    title: "event",
    doc: "Something that may happen, and what it does. A sample in which it does not happen is untouched.",
    fields: with_origin![
        NAME,
        field(
            "date",
            Kind::Date,
            Presence::Required,
            "When.",
            "\"2025-04-15\""
        ),
        field(
            "delay",
            Kind::Quantity(TIME),
            Presence::Default("0 months"),
            "Slip of the date.",
            "\"0 months to 3 months\""
        ),
        PROBABILITY,
        field(
            "until",
            Kind::Date,
            Presence::Optional,
            "When it ends; left out, for good.",
            "\"2025-07-15\""
        ),
        field(
            "effect",
            Kind::Tables(&EFFECT),
            Presence::Required,
            "What it does.",
            "[{ quantity = \"import.h20.rate\", multiply = 0 }]"
        ),
    ],
    exactly_one: &[],
};

pub(super) static CLAIM: Shape = Shape {
    title: "claim",
    doc: "A sentence to be checked: as a formula that is true or false in each sample, or answered from the fact base.",
    fields: with_origin![
        field(
            "says",
            Kind::Text,
            Presence::Required,
            "The sentence.",
            "\"AI chip output triples\""
        ),
        field(
            "holds",
            Kind::Condition,
            Presence::Optional,
            "The formula.",
            "\"units(home, 2026) >= 3 * units(home, 2025)\""
        ),
        field(
            "verdict",
            Kind::Choice(&["true", "mostly true", "unclear", "mostly false", "false"]),
            Presence::Optional,
            "The answer in a word, where the sentence cannot be a formula.",
            "\"mostly false\""
        ),
        field(
            "answer",
            Kind::Text,
            Presence::Optional,
            "The answer in words, with `verdict`.",
            "\"Only one of the two lines opened.\""
        ),
        field(
            "facts",
            Kind::Facts,
            Presence::Optional,
            "The facts the answer rests on, with `verdict`.",
            "[\"sn3-opening\"]"
        ),
    ],
    exactly_one: &[&["holds", "verdict"]],
};

pub(super) static EVIDENCE: Shape = Shape {
    title: "evidence",
    doc: "An observed metric. It weighs draws by its likelihood (`wafercast evidence`), and is the outcome against which forecasts made before its `known` date are scored (`wafercast backtest`).",
    fields: with_origin![
        NAME,
        field(
            "metric",
            Kind::Metric,
            Presence::Required,
            "The metric.",
            "\"units(designer:Huawei, 2025)\""
        ),
        field(
            "observed",
            Kind::Quantity(Measure {
                accepts: Accepts::Observed,
                domain: Domain::NonNegative,
                bare: None,
                reading: Reading::Once,
            }),
            Presence::Required,
            "What was observed, in the metric's unit.",
            "\"600 k units to 950 k units\""
        ),
        field(
            "weigh",
            Kind::Boolean,
            Presence::Default("true"),
            "Whether it weighs draws. `false` for an observation that repeats another, or that inputs were already set by: it is still shown and scored.",
            "false"
        ),
        field(
            "history",
            Kind::Facts,
            Presence::Optional,
            "Facts on the same metric in earlier periods: what persistence and trend start from in back-tests.",
            "[\"idc-2024-domestic\"]"
        ),
        field(
            "forecasts",
            Kind::Facts,
            Presence::Optional,
            "What others forecast for the metric: they compete in back-tests from the day they were published.",
            "[\"semi-hw-2025\"]"
        ),
    ],
    exactly_one: &[],
};

pub(super) static CORRELATION: Shape = Shape {
    title: "correlation",
    doc: "A rank correlation between two quantities, realised with a Gaussian copula.",
    fields: &[
        field(
            "between",
            Kind::QuantityPair,
            Presence::Required,
            "Names of the two quantities.",
            "[\"fab.a.utilisation\", \"fab.b.utilisation\"]",
        ),
        field(
            "rank",
            Kind::Number {
                least: -1.0,
                most: 1.0,
                open: true,
            },
            Presence::Required,
            "Spearman's rank correlation.",
            "0.6",
        ),
        field(
            "source",
            Kind::Facts,
            Presence::Optional,
            "Facts that it rests on.",
            "[\"fab-slips\"]",
        ),
        field(
            "note",
            Kind::Text,
            Presence::Optional,
            "A remark for readers.",
            "\"same owner\"",
        ),
    ],
    exactly_one: &[],
};
