//! `WF05`: sources.

use super::define_pages;

define_pages! {
    NO_SOURCE = "WF0501", "a number without a source",
        "The number cites no fact, so it is shown as an assumption. Give the fact ids it rests on, or say why it was set with `assumption`.",
        "utilisation = \"90%\"" => "utilisation = { value = \"90%\", source = [\"smic-utilisation-2025q3\"] }";
    UNKNOWN_FACT = "WF0502", "a fact that is not in the fact base",
        "The source names a fact id that the fact base does not have.",
        "source = [\"yeild-910c-2025\"]" => "source = [\"yield-910c-2025\"]";
    UNUSABLE_FACT = "WF0503", "a fact that cannot be pooled here",
        "The fact has no number, its unit is none of the scenario language, or its value is not possible here.",
        "utilisation = \"facts(sn3-opening)\"" => "utilisation = { value = \"85% to 95%\", source = [\"sn3-opening\"] }";
    NOTHING_KNOWN_YET = "WF0504", "no fact of the pool is known yet",
        "With `as_of` the facts published later are hidden, and `facts(…)` pools what is left: nothing.",
        "as_of = \"2023-01-01\"\n# utilisation = \"facts(utilisation-2025)\"" => "# utilisation = { vintages = { \"2022-12-01\" = \"80% to 95%\", \"2025-02-01\" = \"facts(utilisation-2025)\" } }";
    NOT_KNOWN_YET = "WF0505", "a number that rests on a fact not known yet",
        "With `as_of` the facts published later are hidden. The number cites one of them, so it may hold hindsight.",
        "as_of = \"2024-01-01\"\n# utilisation = { value = \"93%\", source = [\"utilisation-2025\"] }" => "# utilisation = { vintages = { \"2023-12-01\" = \"80% to 95%\", \"2025-02-01\" = { value = \"93%\", source = [\"utilisation-2025\"] } } }";
    REFERS_TO_UNKNOWN_YET = "WF0506", "refers to a table that is not known yet",
        "With `as_of` tables whose `known` date is later are left out. This one refers to a table that is left out, and so needs a `known` date of its own.",
        "as_of = \"2024-01-01\"\n# fab.new.process = \"n3\", and process.n3.known = \"2025-06\"" => "# fab.new.known = \"2025-06\"";
    HINDSIGHT = "WF0507", "a vintage that cites a later fact",
        "A vintage is what could be known on its date. It cites a fact published after that day, so a back-test would see the future.",
        "vintages = { \"2024-06-01\" = { value = \"40%\", source = [\"yield-2025\"] } }" => "vintages = { \"2025-03-01\" = { value = \"40%\", source = [\"yield-2025\"] } }";
    FACT_FILE = "WF0510", "a fact file that cannot be read",
        "Fact files are CSV with a header of known columns.",
        "id,valeu,unit" => "id,value,unit";
    FACT_VALUE = "WF0511", "a value of a fact that cannot be read",
        "Numbers, dates and qualities of facts have a fixed form. The row is left out.",
        "published = soon" => "published = 2025-09-01";
    FACT_TWICE = "WF0512", "a fact id that is used twice",
        "Ids are unique over all fact files. The first row holds.",
        "yield-910c,…\nyield-910c,…" => "yield-910c-2024,…\nyield-910c-2025,…";
    FACT_UNIT = "WF0513", "a fact in a unit the language does not know",
        "The fact can be cited, but not pooled with `facts(…)`. Flags and events have the units `flag` and `event`.",
        "unit = wafers per moon" => "unit = wafers/month";
}
