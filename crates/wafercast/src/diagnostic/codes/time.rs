//! `WF04`: time.

use super::define_pages;

define_pages! {
    BAD_DATE = "WF0401", "a date that cannot be read",
        "Dates are written `2026`, `2026-Q3`, `2026-03` or `2026-03-15`; a period's name means its first day.",
        "start = \"03/2026\"" => "start = \"2026-03\"";
    HORIZON_REVERSED = "WF0402", "a horizon that ends before it begins",
        "`from` and `to` are months, both inside the horizon.",
        "horizon = { from = \"2028-01\", to = \"2024-12\" }" => "horizon = { from = \"2024-01\", to = \"2028-12\" }";
    HORIZON_TOO_LONG = "WF0403", "a horizon that is too long",
        "The horizon may have up to 1,200 months.",
        "horizon = { from = \"1900-01\", to = \"2100-12\" }" => "horizon = { from = \"2024-01\", to = \"2040-12\" }";
    SAME_DATE_TWICE = "WF0404", "two anchors at one date",
        "A path has one value at a date. `2026`, `2026-Q1`, `2026-01` and `2026-01-01` are the same day.",
        "path = { \"2026\" = \"40%\", \"2026-01\" = \"50%\" }" => "path = { \"2025\" = \"40%\", \"2026-01\" = \"50%\" }";
    ENDS_BEFORE_START = "WF0405", "ends before it begins",
        "The end of production of an accelerator is not before its launch, the end of an event after its date.",
        "date = \"2025-07\"\nuntil = \"2025-04\"" => "date = \"2025-04\"\nuntil = \"2025-07\"";
    PHASES_OUT_OF_ORDER = "WF0406", "phases that are not in order of their start",
        "Phases are named by their position (`phase[1]`), in the report too. Written in order of time they are found more easily.",
        "# phase[0].start = \"2026\", phase[1].start = \"2024\"" => "# phase[0].start = \"2024\", phase[1].start = \"2026\"";
    AFTER_HORIZON = "WF0407", "a date after the end of the horizon",
        "What begins after the last month of the horizon has no effect on the result.",
        "horizon = { from = \"2024-01\", to = \"2028-12\" }\n# event.x.date = \"2031-01\"" => "horizon = { from = \"2024-01\", to = \"2032-12\" }";
    NO_VINTAGE = "WF0408", "no vintage is old enough",
        "With `as_of` the latest vintage dated on or before that day holds. All vintages of this quantity are later.",
        "as_of = \"2024-01-01\"\n# vintages = { \"2025-01-01\" = \"40%\" }" => "# vintages = { \"2023-12-01\" = \"30%\", \"2025-01-01\" = \"40%\" }";
    READ_ONCE = "WF0409", "a path where a number is read once",
        "The number is read once for the whole run (a delay, a size, a growth rate): a path through time has no meaning here.",
        "delay = { path = { \"2024-01\" = \"3 months\" } }" => "delay = \"0 months to 6 months\"";
    BAD_PERIOD = "WF0410", "a period that cannot be read",
        "Periods are `2027`, `2027-Q3`, `2027-12`, `2025..2027` or `..2027-06`.",
        "2027-13" => "2027-12";
}
