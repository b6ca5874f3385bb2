//! `[process.*]`, `[fab.*]`, `[die.*]`

use super::shared::{
    COUNTRY, FAB_PHASE, FRACTION, LENGTH, NAME, OWNER, PLAIN, POSITIVE, TIME, field, with_origin,
};
use super::{Accepts, Kind, Measure, Presence, Reading, Shape};
use crate::notation::Domain;
use crate::unit::Dimension;

const DENSITY: Measure = Measure::at_least_zero(&[Dimension::PER_AREA]);

static WAFER: Shape = Shape {
    title: "wafer",
    doc: "The wafer.",
    fields: &[
        field(
            "diameter",
            Kind::Quantity(LENGTH),
            Presence::Default("300 mm"),
            "Diameter.",
            "\"300 mm\"",
        ),
        field(
            "edge",
            Kind::Quantity(LENGTH),
            Presence::Default("3 mm"),
            "Edge exclusion.",
            "\"3 mm\"",
        ),
    ],
    exactly_one: &[],
};

static YIELD: Shape = Shape {
    title: "yield",
    doc: "How die area and defect density become a die yield.",
    fields: &[
        field(
            "model",
            Kind::Choice(&[
                "poisson",
                "murphy",
                "murphy_rectangular",
                "seeds",
                "seeds_sqrt",
                "bose_einstein",
                "negative_binomial",
            ]),
            Presence::Required,
            "Yield model, with x = die area × critical-area share × D0: `poisson e^−x`, `murphy ((1 − e^−x)/x)²`, `murphy_rectangular (1 − e^−2x)/2x`, `seeds 1/(1 + x)`, `seeds_sqrt e^−√x`, `bose_einstein (1 + x)^−n`, `negative_binomial (1 + x/α)^−α`.",
            "\"negative_binomial\"",
        ),
        field(
            "alpha",
            Kind::Quantity(POSITIVE),
            Presence::Optional,
            "Clustering parameter α of `negative_binomial`.",
            "2.5",
        ),
        field(
            "n",
            Kind::Quantity(POSITIVE),
            Presence::Optional,
            "Number of critical layers of `bose_einstein`.",
            "12",
        ),
        field(
            "line",
            Kind::Quantity(FRACTION.monthly()),
            Presence::Default("100%"),
            "Line yield: the share of wafers that come out at all.",
            "\"95%\"",
        ),
    ],
    exactly_one: &[],
};

static CALIBRATE: Shape = Shape {
    title: "calibrate",
    doc: "D0 is solved from the reported yield of one die and holds for every die of the process.",
    fields: &[
        field(
            "die",
            Kind::Reference("die"),
            Presence::Required,
            "The die.",
            "\"ascend-910b\"",
        ),
        field(
            "yield",
            Kind::Quantity(FRACTION.monthly()),
            Presence::Required,
            "Its reported die yield, line yield included.",
            "\"35% to 45%\"",
        ),
    ],
    exactly_one: &[],
};

static D0: Shape = Shape {
    title: "d0",
    doc: "Where the defect density comes from, if it is not given: a learning curve, or the reported yield of one die.",
    fields: &[
        field(
            "learning",
            Kind::Choice(&["exponential", "gompertz", "wafers"]),
            Presence::Optional,
            "`exponential` and `gompertz` fall in time from `initial` at `from` to `floor`; `wafers` falls with the cumulated wafers as `initial · (W / reference)^−exponent`.",
            "\"gompertz\"",
        ),
        field(
            "initial",
            Kind::Quantity(DENSITY),
            Presence::Optional,
            "Density at the beginning.",
            "\"0.5 /cm2\"",
        ),
        field(
            "floor",
            Kind::Quantity(DENSITY),
            Presence::Optional,
            "Density in the long run.",
            "\"0.1 /cm2\"",
        ),
        field(
            "from",
            Kind::Date,
            Presence::Optional,
            "When learning begins.",
            "\"2023-07\"",
        ),
        field(
            "time_constant",
            Kind::Quantity(Measure::positive(&[Dimension::TIME])),
            Presence::Optional,
            "Time constant τ.",
            "\"18 months\"",
        ),
        field(
            "reference",
            Kind::Quantity(Measure::positive(&[Dimension::WAFER])),
            Presence::Optional,
            "Cumulated wafers at which the density is `initial`.",
            "\"50 k wafers\"",
        ),
        field(
            "exponent",
            Kind::Quantity(PLAIN),
            Presence::Optional,
            "Exponent b of learning by wafers.",
            "0.3",
        ),
        field(
            "calibrate",
            Kind::Table(&CALIBRATE),
            Presence::Optional,
            "Solve the density from the reported yield of one die.",
            "{ die = \"ascend-910b\", yield = \"35% to 45%\" }",
        ),
    ],
    exactly_one: &[&["learning", "calibrate"]],
};

pub(super) static PROCESS: Shape = Shape {
    title: "process",
    doc: "A logic process: wafer, yield model, defect density.",
    fields: with_origin![
        NAME,
        field(
            "wafer",
            Kind::Table(&WAFER),
            Presence::Implied,
            "The wafer.",
            "{ diameter = \"300 mm\", edge = \"3 mm\" }"
        ),
        field(
            "yield",
            Kind::Table(&YIELD),
            Presence::Required,
            "Yield model.",
            "{ model = \"negative_binomial\", alpha = 2.5, line = \"95%\" }"
        ),
        field(
            "d0",
            Kind::QuantityOr(DENSITY.monthly(), &D0),
            Presence::Required,
            "Defect density: a density or a path of it, a learning curve, or the reported yield of one die.",
            "{ calibrate = { die = \"ascend-910b\", yield = \"35% to 45%\" } }"
        ),
    ],
    exactly_one: &[],
};

static LAYERS: Shape = Shape {
    title: "cycle_time",
    doc: "Cycle time as mask layers × time per layer.",
    fields: &[
        field(
            "layers",
            Kind::Quantity(PLAIN),
            Presence::Required,
            "Mask layers.",
            "\"70 to 80\"",
        ),
        field(
            "days_per_layer",
            Kind::Quantity(TIME.bare("day")),
            Presence::Required,
            "Days per layer.",
            "\"1.2 to 1.8\"",
        ),
    ],
    exactly_one: &[],
};

static CAPACITY: Shape = Shape {
    title: "capacity",
    doc: "Capacity from a fab model (`wafercast fab`). The command simulates it before the scenario is checked, at several start rates and in several replications, and puts plain numbers in its place: each phase's `add` is the throughput that its tools add, and the cycle time is read off the fitted curve at the line's utilisation. Their intervals are the error of the simulation, widened by `model_error`. Results are kept by the content of the model, so that the next run does not simulate again.",
    fields: &[
        field(
            "fab",
            Kind::Text,
            Presence::Required,
            "The fab model: a folder or a TOML file in the scenario's folder, or the name of a shipped one.",
            "\"duv-7nm\"",
        ),
        field(
            "model_error",
            Kind::Number {
                least: 0.0,
                most: 1.0,
                open: false,
            },
            Presence::Optional,
            "How far the model itself may be off, as a share of its numbers (90 % interval), beyond the error of its simulation; left out, 0.",
            "0.1",
        ),
        field(
            "days",
            Kind::Count {
                least: 10,
                most: 3_650,
            },
            Presence::Optional,
            "Simulated days after the warm-up; left out, 240.",
            "240",
        ),
        field(
            "replications",
            Kind::Count {
                least: 2,
                most: 200,
            },
            Presence::Optional,
            "Independent replications; left out, 6.",
            "6",
        ),
    ],
    exactly_one: &[],
};

static TOOL_LIMIT: Shape = Shape {
    title: "tool_limit",
    doc: "Capacity is at most `scanners · exposures_per_scanner_month / exposures_per_wafer`.",
    fields: &[
        field(
            "scanners",
            Kind::Quantity(PLAIN.monthly()),
            Presence::Required,
            "Scanners.",
            "\"40 to 60\"",
        ),
        field(
            "exposures_per_scanner_month",
            Kind::Quantity(
                Measure::positive(&[Dimension::WAFERS_PER_MONTH, Dimension::PER_MONTH]).monthly(),
            ),
            Presence::Required,
            "Wafer passes of one scanner in a month.",
            "\"100 k exposures/month\"",
        ),
        field(
            "exposures_per_wafer",
            Kind::Quantity(
                Measure::positive(&[Dimension::NONE, Dimension::WAFER])
                    .bare("")
                    .monthly(),
            ),
            Presence::Required,
            "Wafer passes that one wafer needs.",
            "\"90 to 110\"",
        ),
    ],
    exactly_one: &[],
};

pub(super) static FAB: Shape = Shape {
    title: "fab",
    doc: "A logic line: one process, one owner, one country. Starts for accelerators: capacity × utilisation × ai_share.",
    fields: with_origin![
        NAME,
        OWNER,
        COUNTRY,
        field(
            "process",
            Kind::Reference("process"),
            Presence::Required,
            "What it runs.",
            "\"smic-n2\""
        ),
        field(
            "utilisation",
            Kind::Quantity(FRACTION.monthly()),
            Presence::Required,
            "Share of the installed capacity that is started.",
            "\"85% to 95%\""
        ),
        field(
            "ai_share",
            Kind::Quantity(FRACTION.monthly()),
            Presence::Required,
            "Share of the starts that go to accelerators.",
            "{ path = { \"2024-01\" = \"25% to 40%\", \"2027-01\" = \"40% to 60%\" } }"
        ),
        field(
            "cycle_time",
            Kind::QuantityOr(TIME, &LAYERS),
            Presence::Optional,
            "Time from start to finished wafer; needed, unless the line has a `capacity`: then left out, that of the fab model with all its phases' tools, at the line's utilisation.",
            "{ layers = \"70 to 80\", days_per_layer = \"1.2 to 1.8\" }"
        ),
        field(
            "capacity",
            Kind::Table(&CAPACITY),
            Presence::Optional,
            "Takes the sizes of the phases, and the cycle time, from a fab model.",
            "{ fab = \"duv-7nm\" }"
        ),
        field(
            "tool_limit",
            Kind::Table(&TOOL_LIMIT),
            Presence::Optional,
            "A limit by lithography tools.",
            "{ scanners = 50, exposures_per_scanner_month = \"100 k exposures/month\", exposures_per_wafer = 100 }"
        ),
        field(
            "mix",
            Kind::Weights("die", PLAIN.monthly()),
            Presence::Optional,
            "Weights of the dies that are started; left out, starts follow the build plan.",
            "{ ascend-910b = 3, kirin = 1 }"
        ),
        field(
            "phase",
            Kind::Tables(&FAB_PHASE),
            Presence::Required,
            "Dated additions of capacity, in order of time.",
            "[{ add = \"20 kWSPM\", start = \"2023-07\" }]"
        ),
    ],
    exactly_one: &[],
};

static DIE_SIZE: Shape = Shape {
    title: "size",
    doc: "Width, height and street (scribe line).",
    fields: &[
        field(
            "width",
            Kind::Fixed(LENGTH),
            Presence::Required,
            "Width.",
            "\"25.6 mm\"",
        ),
        field(
            "height",
            Kind::Fixed(LENGTH),
            Presence::Required,
            "Height.",
            "\"26.0 mm\"",
        ),
        field(
            "street",
            Kind::Fixed(LENGTH),
            Presence::Default("0.1 mm"),
            "Street between dies.",
            "\"0.1 mm\"",
        ),
    ],
    exactly_one: &[],
};

static CORES: Shape = Shape {
    title: "cores",
    doc: "Salvage: the die is sold with at least `min_good` of `total` equal cores good.",
    fields: &[
        field(
            "total",
            Kind::Count {
                least: 1,
                most: 1000,
            },
            Presence::Required,
            "Equal cores.",
            "25",
        ),
        field(
            "min_good",
            Kind::Count {
                least: 1,
                most: 1000,
            },
            Presence::Required,
            "Good cores needed.",
            "20",
        ),
        field(
            "area_share",
            Kind::Number {
                least: 0.0,
                most: 1.0,
                open: false,
            },
            Presence::Required,
            "Share of the die's area in cores.",
            "0.55",
        ),
    ],
    exactly_one: &[],
};

/// Dies or stacks per wafer: a count, with or without its unit.
pub(super) const fn per_wafer(dimensions: &'static [Dimension]) -> Measure {
    Measure {
        accepts: Accepts::Any(dimensions),
        domain: Domain::NonNegative,
        bare: Some(""),
        reading: Reading::Once,
    }
}

/// Dies per wafer.
pub(super) const DIES_PER_WAFER: Measure = per_wafer(&[
    Dimension::NONE,
    Dimension::DIE,
    Dimension {
        die: 1,
        wafer: -1,
        ..Dimension::NONE
    },
]);

pub(super) static DIE: Shape = Shape {
    title: "die",
    doc: "A die of a process.",
    fields: with_origin![
        NAME,
        field(
            "process",
            Kind::Reference("process"),
            Presence::Required,
            "Its process.",
            "\"smic-n2\""
        ),
        field(
            "size",
            Kind::Table(&DIE_SIZE),
            Presence::Required,
            "Its size.",
            "{ width = \"25.6 mm\", height = \"26.0 mm\", street = \"0.1 mm\" }"
        ),
        field(
            "gross",
            Kind::Quantity(DIES_PER_WAFER),
            Presence::Optional,
            "Gross dies per wafer where a count is reported; left out, the exact packing.",
            "80"
        ),
        field(
            "critical_area",
            Kind::Quantity(FRACTION),
            Presence::Default("100%"),
            "Share of the area in which a defect kills.",
            "\"90%\""
        ),
        field(
            "cores",
            Kind::Table(&CORES),
            Presence::Optional,
            "Salvage of dies with bad cores.",
            "{ total = 25, min_good = 20, area_share = 0.55 }"
        ),
    ],
    exactly_one: &[],
};
