//! Every kind of problem, with its code, its place and its help.

use super::super::*;
use super::errors;

/// The one problem of a text: its code, the text it points at, and its help.
fn problem(text: &str) -> (Code, String, String) {
    let found = errors(text);
    let [error] = found.as_slice() else {
        panic!("`{text}`: {found:?}")
    };
    let place = text.get(error.range.clone()).unwrap_or("?").to_owned();
    (error.code, place, error.help.clone().unwrap_or_default())
}

use crate::diagnostic::Code;

fn assert_problem(text: &str, code: Code, place: &str, help: &str) {
    let (found_code, found_place, found_help) = problem(text);
    assert_eq!((found_code, found_place.as_str()), (code, place), "{text}");
    assert!(
        found_help.contains(help),
        "`{text}`: help is `{found_help}`, expected `{help}`"
    );
}

#[test]
fn syntax() {
    assert_problem("", SYNTAX, "", "");
    assert_problem("1 +", SYNTAX, "", "");
    assert_problem("(1 + 2", SYNTAX, "(", "");
    assert_problem("1)", SYNTAX, ")", "");
    assert_problem("1 2", SYNTAX, "2", "");
    assert_problem("units(home, 2027", SYNTAX, "(", "");
    assert_problem("units(\"home, 2027)", SYNTAX, "(", "");
    assert_problem("units(home, 2027) == 3", SYNTAX, "=", ">=");
    assert_problem("1 > 0 && 2 > 1", SYNTAX, "&", "`and`");
    assert_problem("units", SYNTAX, "units", "units(SET, PERIOD[, DEPTH])");
    assert_problem(
        "units(designer:Moore Threads, 2027)",
        SYNTAX,
        "Threads",
        "quotes",
    );
    assert_problem("units(home +, 2027)", SYNTAX, "", "");
}

#[test]
fn names() {
    assert_problem("unit(home, 2027)", UNKNOWN_FUNCTION, "unit", "`units`");
    assert_problem("home >= 3", UNKNOWN_FUNCTION, "home", "");
    assert_problem(
        "units(designer:Huwaei, 2027)",
        UNKNOWN_NAME,
        "designer:Huwaei",
        "`Huawei`",
    );
    assert_problem(
        "units(accelerator:ascend-910d, 2027)",
        UNKNOWN_NAME,
        "accelerator:ascend-910d",
        "ascend-910",
    );
    assert_problem(
        "units(Huawei, 2027)",
        INVALID_ARGUMENT,
        "Huawei",
        "`designer:Huawei`",
    );
    assert_problem("units(h20, 2027)", INVALID_ARGUMENT, "h20", "`import:h20`");
    assert_problem("units(hoem, 2027)", INVALID_ARGUMENT, "hoem", "`home`");
    assert_problem(
        "units(home-imports, 2027)",
        INVALID_ARGUMENT,
        "home-imports",
        "",
    );
    assert_problem(
        "good_dies(die.mlu590, 2027)",
        INVALID_ARGUMENT,
        "die.mlu590",
        "`die:mlu590`",
    );
    assert_problem(
        "good_dies(die:mlu59, 2027)",
        UNKNOWN_NAME,
        "die:mlu59",
        "`mlu590`",
    );
    assert_problem(
        "capacity(owner:SMIK, 2027)",
        UNKNOWN_NAME,
        "owner:SMIK",
        "`SMIC`",
    );
    assert_problem("capacity(home, 2027)", INVALID_ARGUMENT, "home", "fab:NAME");
    assert_problem(
        "capacity(owner:SMIC - fab:smic-sn1, 2027)",
        INVALID_ARGUMENT,
        "fab:smic-sn1",
        "",
    );
    assert_problem(
        "opened(fab:smic-sn2.phase[2], 2027)",
        UNKNOWN_NAME,
        "fab:smic-sn2.phase[2]",
        "phase[1]",
    );
    assert_problem(
        "happened(event:bam, 2027)",
        UNKNOWN_NAME,
        "event:bam",
        "`ban`",
    );
    assert_problem("packaging_capacity(2.5, 2027)", UNKNOWN_NAME, "2.5", "2.5d");
    assert_problem(
        "share_of_purchases(h100e, made, 2027)",
        INVALID_ARGUMENT,
        "made",
        "fabricated",
    );
    assert_problem("compute(home, fp6, 2027)", INVALID_ARGUMENT, "fp6", "fp");
    assert_problem(
        "installed(volume, home, 2027)",
        INVALID_ARGUMENT,
        "volume",
        "value",
    );
}

#[test]
fn a_missing_name_is_told_with_its_table() {
    let found = errors("units(accelerator:ascend-910d, 2027)");
    assert_eq!(found[0].missing.as_deref(), Some("accelerator:ascend-910d"));
}

#[test]
fn argument_counts() {
    assert_problem("units(home)", ARGUMENT_COUNT, "units(home)", "");
    assert_problem("units()", ARGUMENT_COUNT, "units()", "");
    assert_problem(
        "demand(value, 2027, 2028)",
        ARGUMENT_COUNT,
        "demand(value, 2027, 2028)",
        "",
    );
    assert_problem("min(1)", ARGUMENT_COUNT, "min(1)", "");
    assert_problem("if(1 > 2, 3)", ARGUMENT_COUNT, "if(1 > 2, 3)", "");
}

#[test]
fn dimensions() {
    let wrong = "units(home, 2027) >= good_dies(die:mlu590, 2027)";
    assert_problem(wrong, DIMENSION_MISMATCH, wrong, "");
    assert_problem(
        "units(home, 2027) >= 3",
        DIMENSION_MISMATCH,
        "units(home, 2027) >= 3",
        "… units",
    );
    assert_problem(
        "45 kWSPM + 3 wafers",
        DIMENSION_MISMATCH,
        "45 kWSPM + 3 wafers",
        "",
    );
    assert_problem(
        "min(1 unit, 2 dies)",
        DIMENSION_MISMATCH,
        "1 unit, 2 dies",
        "",
    );
    assert_problem(
        "if(1 > 2, 1 unit, $3)",
        DIMENSION_MISMATCH,
        "1 unit, $3",
        "",
    );
    assert_eq!(problem("max(0, 1 unit, 2 dies)").0, DIMENSION_MISMATCH);
    let high = vec!["1 wafer"; 60].join(" * ");
    assert!(
        errors(&format!("({high}) * ({high}) * ({high})"))
            .iter()
            .any(|e| e.code == DIMENSION_MISMATCH)
    );
}

#[test]
fn truth_values_are_not_numbers() {
    assert_problem(
        "units(home, 2027) and 1 > 0",
        TRUTH_EXPECTED,
        "units(home, 2027)",
        "compare",
    );
    assert_problem("not 3", TRUTH_EXPECTED, "3", "");
    assert_problem("(1 > 0) + 2", TRUTH_EXPECTED, "(1 > 0)", "if(…, 1, 0)");
    assert_problem("3 > 2 > 1", TRUTH_EXPECTED, "3 > 2", "a >= b and b >= c");
    assert_problem("-(1 > 2)", TRUTH_EXPECTED, "(1 > 2)", "");
    assert_problem("if(1, 2, 3)", TRUTH_EXPECTED, "1", "");
}

#[test]
fn periods() {
    assert_problem(
        "units(home, 2029)",
        INVALID_PERIOD,
        "2029",
        "2023-01 to 2028-12",
    );
    assert_problem(
        "units(home, 2022..2024)",
        INVALID_PERIOD,
        "2022..2024",
        "2023-01 to 2028-12",
    );
    assert_problem(
        "units(home, ..2020)",
        INVALID_PERIOD,
        "..2020",
        "2023-01 to 2028-12",
    );
    assert_problem("units(home, 2027..2025)", INVALID_PERIOD, "2027..2025", "");
    assert_problem("units(home, 2027-13)", INVALID_PERIOD, "2027-13", "2027-Q3");
    assert_problem("units(home, 2027-Q5)", INVALID_PERIOD, "2027-Q5", "");
    assert_problem("units(home, soon)", INVALID_PERIOD, "soon", "");
    assert_problem("stock(die:mlu590, 2030)", INVALID_PERIOD, "2030", "");
}

#[test]
fn empty_sets() {
    assert_problem("units(home - home, 2027)", EMPTY_SET, "home - home", "");
    assert_problem(
        "coverage(units, designed, 2027)",
        EMPTY_SET,
        "units",
        "h100e, value",
    );
}

#[test]
fn numbers_and_units_have_the_codes_of_the_notation() {
    assert_problem("3 unitz", Code("WF0201"), "unitz", "`unit`");
    assert_problem("$6 dies", Code("WF0204"), "$6 dies", "");
    assert_problem("1e999", Code("WF0302"), "1e999", "");
    assert_problem(".5", SYNTAX, ".", "");
    assert_problem("$", SYNTAX, "$", "");
}

#[test]
fn limits() {
    assert_problem(&"1".repeat(MAX_LENGTH + 1), TOO_LARGE, "", "");
    let deep = format!(
        "{}1{}",
        "(".repeat(MAX_DEPTH + 1),
        ")".repeat(MAX_DEPTH + 1)
    );
    assert_eq!(problem(&deep).0, TOO_LARGE);
    assert_eq!(
        problem(&format!("{}1", "-".repeat(MAX_DEPTH + 1))).0,
        TOO_LARGE
    );
    assert_eq!(problem(&vec!["1"; MAX_DEPTH + 1].join(" + ")).0, TOO_LARGE);
    assert!(errors(&vec!["1"; MAX_DEPTH].join(" + ")).is_empty());
    let wide = format!("max({})", vec!["1"; MAX_NODES].join(","));
    assert_eq!(problem(&wide).0, TOO_LARGE);
}

#[test]
fn all_problems_at_once_in_order_of_place() {
    let text = "unit(home, 2027) >= 3 or units(nobody, 2031, half) and coverage(units, 2027)";
    let codes: Vec<_> = errors(text).iter().map(|error| error.code.0).collect();
    assert_eq!(codes, ["WF0802", "WF0810", "WF0806", "WF0810", "WF0804"]);
}
