//! `WF05`: sources.

use super::define_pages;

define_pages! {
    NO_SOURCE = "WF0501", "a number without a source",
        "The number cites no fact, so it is shown as an assumption. Give the fact ids it rests on, or say why it was set with `assumption`.",
        "utilisation = \"90%\"" => "utilisation = { value = \"90%\", source = [\"smic-utilisation-2025q3\"] }";
    UNKNOWN_FACT = "WF0502", "a fact that is not in the fact base",
        "The source names a fact id that the fact base does not have.",
        "source = [\"yeild-910c-2025\"]" => "source = [\"yield-910c-2025\"]";
    HINDSIGHT = "WF0507", "a vintage that cites a later fact",
        "A vintage is what could be known on its date. It cites a fact published after that day, so a back-test would see the future.",
        "vintages = { \"2024-06-01\" = { value = \"40%\", source = [\"yield-2025\"] } }" => "vintages = { \"2025-03-01\" = { value = \"40%\", source = [\"yield-2025\"] } }";
    NOTHING_KNOWN_YET = "WF0504", "no fact of the pool is known yet",
        "With `as_of` the facts published later are hidden, and `facts(…)` pools what is left: nothing.",
        "as_of = \"2023-01-01\"\n# utilisation = \"facts(utilisation-2025)\"" => "# utilisation = { vintages = { \"2022-12-01\" = \"80% to 95%\", \"2025-02-01\" = \"facts(utilisation-2025)\" } }";
    NOT_KNOWN_YET = "WF0505", "a number that rests on a fact not known yet",
        "With `as_of` the facts published later are hidden. The number cites one of them, so it may hold hindsight.",
        "as_of = \"2024-01-01\"\n# utilisation = { value = \"93%\", source = [\"utilisation-2025\"] }" => "# utilisation = { vintages = { \"2023-12-01\" = \"80% to 95%\", \"2025-02-01\" = { value = \"93%\", source = [\"utilisation-2025\"] } } }";
    REFERS_TO_UNKNOWN_YET = "WF0506", "refers to a table that is not known yet",
        "With `as_of` tables whose `known` date is later are left out. This one refers to a table that is left out, and so needs a `known` date of its own.",
        "as_of = \"2024-01-01\"\n# fab.new.process = \"n3\", and process.n3.known = \"2025-06\"" => "# fab.new.known = \"2025-06\"";
}
