//! `WF01`: names and structure.

use super::define_pages;

define_pages! {
    UNKNOWN_TABLE = "WF0101", "a table the language does not have",
        "The top level of a scenario has a fixed set of keys and tables. A name that is none of them is most often misspelt; nothing is ignored silently.",
        "[fabs.sn2]\nowner = \"SMIC\"" => "[fab.sn2]\nowner = \"SMIC\"";
    UNKNOWN_KEY = "WF0102", "a key the table does not have",
        "Each table has a fixed set of keys. A misspelt key would otherwise leave a default in force without a word.",
        "[fab.sn2]\nutilization = \"90%\"" => "[fab.sn2]\nutilisation = \"90%\"";
    MISSING_KEY = "WF0103", "a required key is missing",
        "The key has no default that would be right for everybody, so it must be written.",
        "[die.ascend-910b]\nprocess = \"smic-n2\"" => "[die.ascend-910b]\nprocess = \"smic-n2\"\nsize = { width = \"25.6 mm\", height = \"26 mm\" }";
    UNKNOWN_NAME = "WF0104", "a name that refers to nothing",
        "The text names a table (a process, die, memory, quantity …) that the scenario does not have.",
        "[die.ascend-910b]\nprocess = \"smic-n3\"" => "[die.ascend-910b]\nprocess = \"smic-n2\"";
    NOTHING_TO_REMOVE = "WF0105", "removes a table that is not there",
        "`table.id = false` in an overlay removes a table of its base. The base has none of this name.",
        "accelerator.ascend-910z = false" => "accelerator.ascend-910c = false";
    OVERRIDE_MATCHES_NOTHING = "WF0106", "an override of something that is not there",
        "`--set` changes or adds a key of an existing table. It cannot add a table or an element of a list.",
        "--set fab.sn3.utilisation=80%" => "--set fab.sn2.utilisation=80%";
    BAD_ID = "WF0107", "an id that cannot be used",
        "Ids are made of letters, digits, `-` and `_`, so that quantities have names that can be typed: `fab.smic-sn2.phase[0].add`.",
        "[fab.\"smic.sn2\"]" => "[fab.smic-sn2]";
    EXACTLY_ONE = "WF0108", "exactly one of several keys is needed",
        "These keys are different ways to say the same thing; one of them must be given, and only one.",
        "effect = [{ quantity = \"import.h20.rate\", multiply = 0, replace = \"1 k units/month\" }]" => "effect = [{ quantity = \"import.h20.rate\", multiply = 0 }]";
    NOT_A_CHOICE = "WF0109", "a word that is none of the choices",
        "The key takes one of a few words.",
        "yield = { model = \"negativ\", line = \"95%\" }" => "yield = { model = \"negative_binomial\", alpha = 2.5, line = \"95%\" }";
    EMPTY = "WF0110", "an empty list or table where something is needed",
        "A line has at least one phase, an accelerator at least one bill of materials with at least one die, an event at least one effect, a path at least one anchor.",
        "[fab.sn2]\nphase = []" => "[[fab.sn2.phase]]\nadd = \"20 kWSPM\"\nstart = \"2024-01\"";
    WRONG_TYPE = "WF0111", "a value of the wrong kind",
        "The key takes another kind of value: text in quotes, a number, true or false, a list in `[…]` or a table in `{…}`.",
        "[fab.sn2]\nowner = 5" => "[fab.sn2]\nowner = \"SMIC\"";
    BELONGS_TO_OTHER = "WF0112", "a key that does not go with the others",
        "The key has a meaning only together with another one, which says something else here.",
        "yield = { model = \"murphy\", alpha = 2.5 }" => "yield = { model = \"negative_binomial\", alpha = 2.5 }";
    BAD_TARGET = "WF0113", "a quantity that an event cannot change",
        "Events change quantities of the supply network and the market. What decides the events themselves, the observations of evidence and growth rates are out of their reach.",
        "effect = [{ quantity = \"event.other.delay\", add = \"3 months\" }]" => "effect = [{ quantity = \"fab.sn2.phase[0].delay\", add = \"3 months\" }]";
}
