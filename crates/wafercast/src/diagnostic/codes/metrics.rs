//! `WF08`: metric expressions, as raised by [`crate::metric`] and by the tables that hold them.

use super::define_pages;

define_pages! {
    METRIC_SYNTAX = "WF0801", "an expression that cannot be read",
        "The text does not follow the grammar of metric expressions: metrics with arguments in parentheses, numbers with units, `+ - * /`, comparisons, `and`, `or`, `not`, `min`, `max`, `abs`, `if`.",
        "holds = \"units(home, 2027 >= 1M units\"" => "holds = \"units(home, 2027) >= 1M units\"";
    UNKNOWN_METRIC = "WF0802", "a metric that does not exist",
        "The name before the parenthesis is none of the metrics and functions of the language.",
        "holds = \"unit(home, 2027) >= 1M units\"" => "holds = \"units(home, 2027) >= 1M units\"";
    UNKNOWN_IN_METRIC = "WF0803", "a name in an expression that refers to nothing",
        "Sets, lines, parts and events are named by `kind:ID`, and the scenario has none of this name.",
        "holds = \"units(designer:Huawai, 2027) >= 1M units\"" => "holds = \"units(designer:Huawei, 2027) >= 1M units\"";
    ARGUMENT_COUNT = "WF0804", "too few or too many arguments",
        "Each metric takes a fixed list of arguments; the depth may be left out.",
        "holds = \"units(home) >= 1M units\"" => "holds = \"units(home, 2027) >= 1M units\"";
    DIMENSION_MISMATCH = "WF0805", "numbers of different dimensions",
        "Only numbers of one dimension can be added or compared: units with units, dies with dies. Write the unit of literals.",
        "holds = \"units(home, 2027) >= 1M dies\"" => "holds = \"units(home, 2027) >= 1M units\"";
    METRIC_PERIOD = "WF0806", "a period that cannot be used",
        "Periods are `2027`, `2027-Q3`, `2027-12`, `2025..2027` or `..2027-06`, inside the horizon.",
        "holds = \"units(home, 2050) >= 1M units\"" => "holds = \"units(home, 2027) >= 1M units\"";
    EMPTY_SET = "WF0807", "a set with nothing in it",
        "The set holds no accelerator, import or line, so the metric would be zero whatever happens.",
        "holds = \"units(home - home, 2027) >= 1M units\"" => "holds = \"units(home, 2027) >= 1M units\"";
    EXPRESSION_TOO_LARGE = "WF0808", "an expression that is too large",
        "Expressions are limited in length and depth, since a scenario may come from anybody.",
        "holds = \"((((((…))))))\"" => "holds = \"units(home, 2027) >= 1M units\"";
    TRUTH_EXPECTED = "WF0809", "a number where a condition is needed, or the other way round",
        "A claim holds or does not: its formula is a comparison, joined with `and`, `or`, `not`. Evidence compares a number with what was observed: its metric is a number.",
        "holds = \"units(home, 2027)\"" => "holds = \"units(home, 2027) >= 1M units\"";
    INVALID_ARGUMENT = "WF0810", "an argument of the wrong kind",
        "The argument is not of the kind this metric takes in this place, such as a period where a set is expected.",
        "holds = \"units(2027, home) >= 1M units\"" => "holds = \"units(home, 2027) >= 1M units\"";
}
