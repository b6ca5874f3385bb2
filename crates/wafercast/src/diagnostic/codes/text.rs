//! `WF00`: text and files.

use super::define_pages;

define_pages! {
    SYNTAX = "WF0001", "the text is not valid TOML",
        "The file could not be read as TOML. All syntax errors are listed, the first one of each line: what follows on the line is usually its echo.",
        "[fab.sn2\nowner = \"SMIC\"" => "[fab.sn2]\nowner = \"SMIC\"";
    NOT_UTF8 = "WF0002", "the file is not UTF-8",
        "Scenarios are UTF-8 text. The message gives the byte offset of the first byte that is not. Files saved by spreadsheets are often Windows-1252 or UTF-16.",
        "title = \"Stra\\xDFe\"   # a byte of Latin-1" => "title = \"Straße\"   # saved as UTF-8";
    FILE_TOO_LARGE = "WF0003", "the file is too large",
        "A scenario file may have up to 2 MiB.",
        "# 3 MiB of tables" => "include = [\"foundry.toml\", \"memory.toml\"]";
    TOO_DEEP = "WF0004", "nested too deeply",
        "Tables and lists may be nested 32 deep. No scenario needs more than eight.",
        "title = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]" => "title = \"AI chips\"";
    TOO_MANY_KEYS = "WF0005", "the scenario has too many keys",
        "A scenario may have up to 100,000 keys over all its files.",
        "# 100,001 keys" => "# split the question into several scenarios";
    TOO_MANY_FILES = "WF0006", "the scenario has too many files",
        "A scenario may consist of up to 256 files, included files and overlays together.",
        "include = [ … 300 names … ]" => "include = [\"foundry.toml\", \"memory.toml\"]";
    UNREADABLE = "WF0007", "a file cannot be read",
        "A file that the scenario names is missing, is a link, lies outside what may be read, or could not be read by the operating system.",
        "include = [\"foundary.toml\"]" => "include = [\"foundry.toml\"]";
    BAD_FILE_PATH = "WF0008", "a file name that is not allowed",
        "`include` names files inside the scenario's own folder by relative paths with `/`: no absolute path, no `..`, no backslash. `extends` names another scenario by a relative path.",
        "include = [\"../secrets.toml\"]" => "include = [\"foundry.toml\"]";
    EXTENDS_CYCLE = "WF0009", "scenarios extend each other in a circle",
        "An overlay says what differs from its base, so the chain of `extends` must end at a scenario that extends nothing.",
        "# a/scenario.toml\nextends = \"../b\"\n# b/scenario.toml\nextends = \"../a\"" => "# a/scenario.toml\nextends = \"../b\"\n# b/scenario.toml extends nothing";
    ONLY_IN_MAIN_FILE = "WF0010", "a key that belongs into the main file",
        "Included files hold tables (`[fab.x]`, `[die.y]` …) and correlations. What concerns the whole scenario (title, horizon, run, include, extends …) is in its main file, where one looks for it.",
        "# foundry.toml\nhorizon = { from = \"2024-01\", to = \"2028-12\" }" => "# scenario.toml\nhorizon = { from = \"2024-01\", to = \"2028-12\" }";
    DEFINED_TWICE = "WF0011", "defined in two files",
        "The same table in two files of one scenario would depend on the order in which they are read. Only an overlay (`extends`) may say again what its base says.",
        "# foundry.toml\n[fab.sn2]\n# memory.toml\n[fab.sn2]" => "# foundry.toml\n[fab.sn2]";
    DUPLICATE_KEY = "WF0012", "a key given twice",
        "A table has each key once.",
        "[fab.sn2]\nowner = \"SMIC\"\nowner = \"Huawei\"" => "[fab.sn2]\nowner = \"SMIC\"";
    BAD_OVERRIDE = "WF0013", "an override that cannot be read",
        "`--set` takes `path=value`, where the path leads to a key of the scenario: `table.id.key`, list elements counted from 0 (`phase[1]`), keys with other characters in quotes.",
        "--set fab.sn2.phase[one].delay=6" => "--set fab.sn2.phase[0].delay=\"6 months\"";
    TOO_MANY_ERRORS = "WF0015", "too many errors",
        "The check stops after 1,000 errors. They have most likely few causes: mend the first ones and check again.",
        "# a thousand errors" => "# fewer";
    UNKNOWN_FORMAT = "WF0014", "a format version this program does not know",
        "`format` is the version of the scenario language. This program reads version 1.",
        "format = 2" => "format = 1";
}
