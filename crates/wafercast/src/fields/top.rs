//! The top level.

use super::chips::{ACCELERATOR, IMPORT};
use super::lines::{MEMORY, MEMORY_LINE, PACKAGING_LINE, STOCKPILE};
use super::market::{CLAIM, CORRELATION, DEMAND, EVENT, EVIDENCE};
use super::processes::{DIE, FAB, PROCESS};
use super::shared::field;
use super::workload::{OWNERSHIP, WORKLOAD};
use super::{Field, Kind, Presence, Shape};

/// Most draws of a run.
pub const MOST_SAMPLES: u64 = 1_000_000_000;

static HORIZON: Shape = Shape {
    title: "horizon",
    doc: "The months that are simulated, both included.",
    fields: &[
        field(
            "from",
            Kind::Date,
            Presence::Required,
            "First month.",
            "\"2024-01\"",
        ),
        field(
            "to",
            Kind::Date,
            Presence::Required,
            "Last month.",
            "\"2028-12\"",
        ),
    ],
    exactly_one: &[],
};

static RUN: Shape = Shape {
    title: "run",
    doc: "Default options of a run; the command line can change them.",
    fields: &[
        field(
            "samples",
            Kind::Count {
                least: 1,
                most: MOST_SAMPLES,
            },
            Presence::Default("10000"),
            "Number of draws.",
            "10_000",
        ),
        field(
            "seed",
            Kind::Count {
                least: 0,
                most: i64::MAX as u64,
            },
            Presence::Default("1"),
            "Seed: the same seed gives the same draws.",
            "2027",
        ),
        field(
            "design",
            Kind::Choice(&["lhs", "random", "sobol"]),
            Presence::Default("lhs"),
            "Sampling design: Latin hypercube, independent draws, or scrambled Sobol points.",
            "\"lhs\"",
        ),
        field(
            "allocation",
            Kind::Choice(&["priority", "optimal"]),
            Presence::Default("priority"),
            "How parts are shared out: by tiers and weights month by month, or as `[planning]` finds best over the horizon, which takes milliseconds a draw: ask for a thousand.",
            "\"priority\"",
        ),
    ],
    exactly_one: &[],
};

static COMMIT: Shape = Shape {
    title: "commit",
    doc: "What a plan must deliver, before value counts.",
    fields: &[
        field(
            "holds",
            Kind::Condition,
            Presence::Required,
            "What is delivered in a period, and at least how much.",
            "\"units(accelerator:ascend-910c, 2026) >= 200 k units\"",
        ),
        field(
            "note",
            Kind::Text,
            Presence::Optional,
            "A remark for readers.",
            "\"ordered by the carriers\"",
        ),
    ],
    exactly_one: &[],
};

static PLANNING: Shape = Shape {
    title: "planning",
    doc: "What `wafercast plan` looks for: the best use of the resources over the horizon. Runs use it with `run.allocation = \"optimal\"` only.",
    fields: &[
        field(
            "maximise",
            Kind::Choice(&["value", "h100e", "tpp", "units"]),
            Presence::Default("value"),
            "What is maximised: deliveries in money, H100 equivalents, TPP or units.",
            "\"value\"",
        ),
        field(
            "discount",
            Kind::Number {
                least: 0.0,
                most: 10.0,
                open: false,
            },
            Presence::Default("0.1"),
            "Discount per year: at 0.1, what comes a year later counts a tenth less or so (1/1.1).",
            "0.1",
        ),
        field(
            "from",
            Kind::Date,
            Presence::Optional,
            "First month of the plan; what was started before stays as it is. Left out: that of `data_until`, else of the horizon.",
            "\"2026-07\"",
        ),
        field(
            "commit",
            Kind::Tables(&COMMIT),
            Presence::Optional,
            "What must be delivered.",
            "[{ holds = \"units(accelerator:ascend-910c, 2026) >= 200 k units\" }]",
        ),
    ],
    exactly_one: &[],
};

const fn section(key: &'static str, shape: &'static Shape, doc: &'static str) -> Field {
    field(key, Kind::Section(shape), Presence::Optional, doc, "")
}

/// The top level of a scenario.
pub static TOP: Shape = Shape {
    title: "scenario",
    doc: "The top level of a scenario's main file.",
    fields: &[
        field(
            "format",
            Kind::Count {
                least: 1,
                most: 1000,
            },
            Presence::Default("1"),
            "Version of the language.",
            "1",
        ),
        field(
            "title",
            Kind::Text,
            Presence::Required,
            "Title.",
            "\"China's AI chips: self-sufficient by 2027?\"",
        ),
        field(
            "description",
            Kind::Text,
            Presence::Optional,
            "A few sentences for the head of the report.",
            "\"What binds, and when?\"",
        ),
        field(
            "home",
            Kind::Country,
            Presence::Required,
            "The country that `home` means in metrics (ISO code).",
            "\"CN\"",
        ),
        field(
            "horizon",
            Kind::Table(&HORIZON),
            Presence::Required,
            "The months that are simulated.",
            "{ from = \"2024-01\", to = \"2028-12\" }",
        ),
        field(
            "include",
            Kind::Files,
            Presence::Optional,
            "Further files of the scenario's folder. They hold tables and correlations only.",
            "[\"foundry.toml\"]",
        ),
        field(
            "extends",
            Kind::Text,
            Presence::Optional,
            "Another scenario that this one is laid over, table by table and key by key; lists and single values are replaced, `false` removes a table.",
            "\"../china\"",
        ),
        field(
            "as_of",
            Kind::Date,
            Presence::Optional,
            "Only facts published by this day are known (for back-tests).",
            "\"2025-09-01\"",
        ),
        field(
            "data_until",
            Kind::Date,
            Presence::Optional,
            "Months before this date are drawn as history in charts.",
            "\"2025-10\"",
        ),
        field(
            "backtest",
            Kind::Dates,
            Presence::Optional,
            "Days of knowledge at which `wafercast backtest` forecasts again what is known by now.",
            "[\"2024-06-01\", \"2025-09-01\"]",
        ),
        field(
            "run",
            Kind::Table(&RUN),
            Presence::Implied,
            "Default options of a run.",
            "{ samples = 10_000, seed = 2027 }",
        ),
        field(
            "planning",
            Kind::Table(&PLANNING),
            Presence::Optional,
            "What `wafercast plan` looks for.",
            "{ maximise = \"h100e\", discount = 0.1 }",
        ),
        section("process", &PROCESS, "Logic processes."),
        section("fab", &FAB, "Logic lines."),
        section("die", &DIE, "Dies."),
        section("memory", &MEMORY, "Memory stacks."),
        section("memory_line", &MEMORY_LINE, "Memory lines."),
        section("packaging_line", &PACKAGING_LINE, "Packaging lines."),
        section("stockpile", &STOCKPILE, "Stocks of parts."),
        section(
            "accelerator",
            &ACCELERATOR,
            "Accelerators built in the scenario.",
        ),
        section("import", &IMPORT, "Accelerators bought whole."),
        section(
            "workload",
            &WORKLOAD,
            "What chips are used for: models, served or trained.",
        ),
        field(
            "ownership",
            Kind::Table(&OWNERSHIP),
            Presence::Optional,
            "What owning a chip costs; needed by `cost(owned, …)`.",
            "{ electricity = \"$0.08/kWh\" }",
        ),
        section("demand", &DEMAND, "Demand."),
        section("event", &EVENT, "Events."),
        section("claim", &CLAIM, "Claims."),
        section("evidence", &EVIDENCE, "Evidence."),
        field(
            "correlation",
            Kind::Tables(&CORRELATION),
            Presence::Optional,
            "Rank correlations.",
            "[{ between = [\"fab.a.utilisation\", \"fab.b.utilisation\"], rank = 0.6 }]",
        ),
    ],
    exactly_one: &[],
};
