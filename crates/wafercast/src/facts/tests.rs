//! Reading, hiding and finding facts, and every problem with its line.

use super::*;
use crate::unit::Dimension;

const ROW: &str = "id-1,logic,SMIC,capacity,45000,40000,50000,wafers/month,2025-01-01,2025-12-31,2025-09-01,estimate,Title,Publisher,2025-09-01,https://example.org,B,in our words";

fn file(rows: &[String]) -> Vec<(String, String)> {
    let text = format!("{}\n{}\n", COLUMNS.join(","), rows.join("\n"));
    vec![("logic.csv".to_owned(), text)]
}

/// The row above with some columns replaced.
fn row(changes: &[(&str, &str)]) -> String {
    let mut fields: Vec<&str> = ROW.split(',').collect();
    for (column, value) in changes {
        let index = COLUMNS.iter().position(|name| name == column).unwrap();
        fields[index] = value;
    }
    fields.join(",")
}

fn problems(rows: &[String]) -> Vec<(usize, &'static str, String)> {
    FactBase::parse(&file(rows))
        .1
        .into_iter()
        .map(|problem| (problem.line, problem.code.0, problem.message))
        .collect()
}

#[test]
fn a_row_is_read_as_it_stands() {
    let (base, problems) = FactBase::parse(&file(&[ROW.to_owned()]));
    assert_eq!(problems, []);
    let fact = base.get("id-1").unwrap();
    assert_eq!(fact.value, Some(45_000.0));
    assert_eq!(fact.interval, Some((40_000.0, 50_000.0)));
    assert_eq!(
        fact.unit.as_ref().unwrap().dimension,
        Dimension::WAFERS_PER_MONTH
    );
    assert_eq!(fact.published, Date::new(2025, 9, 1));
    assert_eq!(fact.period_end, Date::new(2025, 12, 31));
    assert_eq!(fact.quality, Quality::B);
    assert_eq!((fact.file.as_str(), fact.line), ("logic.csv", 2));
    assert_eq!(
        (fact.title.as_str(), fact.note.as_str()),
        ("Title", "in our words")
    );
}

#[test]
fn quoted_fields_may_hold_commas_and_lines() {
    let rows = [
        row(&[("note", "\"one, two\nand \"\"three\"\"\"")]),
        row(&[("id", "id-2"), ("kind", "guess")]),
    ];
    let (base, _) = FactBase::parse(&file(&rows));
    assert_eq!(base.get("id-1").unwrap().note, "one, two\nand \"three\"");
    assert_eq!(problems(&rows)[0].0, 4, "the line where the record starts");
}

#[test]
fn columns_may_come_in_any_order() {
    let reversed = |line: &str| line.split(',').rev().collect::<Vec<_>>().join(",");
    let text = format!(
        "\u{feff}{}\n{}\n",
        reversed(&COLUMNS.join(",")),
        reversed(ROW)
    );
    let (base, problems) = FactBase::parse(&[("logic.csv".to_owned(), text)]);
    assert_eq!(problems, []);
    assert_eq!(
        base.get("id-1"),
        FactBase::parse(&file(&[ROW.to_owned()])).0.get("id-1")
    );
}

#[test]
fn units_of_the_fact_base() {
    let in_base = |unit: &str, value: &str| {
        let rows = [row(&[
            ("unit", unit),
            ("value", value),
            ("low", ""),
            ("high", ""),
        ])];
        let (base, problems) = FactBase::parse(&file(&rows));
        assert_eq!(problems, [], "{unit}");
        let fact = base.get("id-1").unwrap();
        fact.value_in_base_units()
            .zip(fact.unit.as_ref().map(|unit| unit.dimension.to_string()))
    };
    let expect = |unit, value, number: f64, dimension: &str| {
        let (found, shown) = in_base(unit, value).unwrap();
        assert!((found / number - 1.0).abs() < 1e-14, "{unit}: {found}");
        assert_eq!(shown, dimension, "{unit}");
    };
    expect("wafers/month", "45000", 45e3, "wafers/month");
    expect("8-inch wafers/month", "90000", 40e3, "wafers/month");
    expect("USD bn", "1.5", 1.5e9, "$");
    expect("RMB bn", "7.2", 1e9, "$");
    expect("RMB mn", "7.2", 1e6, "$");
    expect("USD/GPU-hour", "2", 2.0 * 730.5, "$/month");
    expect("TFLOPS", "989.4", crate::unit::H100_THROUGHPUT, "TFLOP/s");
    expect("%", "35", 0.35, "a plain number");
    expect("x", "3", 3.0, "a plain number");
    expect("scanners", "10", 10.0, "a plain number");
    expect("weeks", "17", 17.0 * 7.0 / 30.4375, "months");
    assert_eq!(in_base("flag", "1"), None);
    assert_eq!(
        in_base("year", "2027"),
        None,
        "a calendar year is no duration"
    );
}

#[test]
fn an_unknown_unit_is_a_warning_and_keeps_the_fact() {
    let (base, problems) = FactBase::parse(&file(&[row(&[("unit", "bushels")])]));
    assert!(base.get("id-1").unwrap().unit.is_none());
    assert_eq!(problems[0].code.0, "WF0513");
    assert_eq!(problems[0].severity, crate::diagnostic::Severity::Warning);
}

#[test]
fn all_problems_come_at_once_with_their_lines() {
    let rows = [
        row(&[
            ("kind", "rumour"),
            ("quality", "D"),
            ("published", "2025-02-30"),
        ]),
        row(&[("id", "id-2")]),
        row(&[("id", "id-2")]),
        row(&[("id", "id 3"), ("value", "60000")]),
        row(&[("id", "id-4"), ("low", "60000")]),
        row(&[("id", "id-5"), ("low", "")]),
        row(&[("id", "id-6"), ("value", "NaN"), ("low", "inf")]),
        row(&[("id", "id-7"), ("period_end", "2024-12-31")]),
        "id-8,too,short".to_owned(),
    ];
    let found = problems(&rows);
    let lines: Vec<(usize, &str)> = found.iter().map(|(line, code, _)| (*line, *code)).collect();
    assert_eq!(
        lines,
        [
            (2, "WF0511"),
            (2, "WF0511"),
            (2, "WF0511"),
            (4, "WF0512"),
            (5, "WF0511"),
            (5, "WF0511"),
            (6, "WF0511"),
            (7, "WF0511"),
            (8, "WF0511"),
            (8, "WF0511"),
            (9, "WF0511"),
            (10, "WF0510"),
        ]
    );
    assert_eq!(
        found[0].2,
        "fact `id-1`: `kind` is `rumour`; expected one of `actual`, `estimate`, `forecast`, `target`, `announcement`"
    );
    assert_eq!(
        found[5].2,
        "fact `id 3`: `value` is `60000`; expected a number between low, 40000, and high, 50000"
    );
    let (base, _) = FactBase::parse(&file(&rows));
    let ids: Vec<&str> = base.iter().map(|fact| fact.id.as_str()).collect();
    assert_eq!(ids, ["id-2"], "rows with a problem are left out");
    assert_eq!(base.get("id-2").unwrap().line, 3, "the first of two stays");
}

#[test]
fn a_file_without_the_columns_is_no_fact_base() {
    let files = [("x.csv".to_owned(), "id,value\na,1\n".to_owned())];
    let (base, problems) = FactBase::parse(&files);
    assert!(base.is_empty());
    assert_eq!(problems.len(), 1);
    assert!(problems[0].message.contains("`topic`"));
    let (base, problems) = FactBase::parse(&[("x.csv".to_owned(), String::new())]);
    assert!(base.is_empty() && problems.len() == 1);
}

#[test]
fn ids_are_unique_over_all_files() {
    let mut files = file(&[ROW.to_owned()]);
    files.push(("other.csv".to_owned(), files[0].1.clone()));
    let (base, problems) = FactBase::parse(&files);
    assert_eq!(base.len(), 1);
    assert_eq!(
        problems[0].message,
        "the id `id-1` is used already, in logic.csv line 2"
    );
    assert_eq!(problems[0].file, "other.csv");
}

#[test]
fn a_view_hides_what_was_not_published() {
    let rows = [
        row(&[
            ("id", "early"),
            ("published", "2025-01-01"),
            ("as_of", "2025-01-01"),
        ]),
        row(&[
            ("id", "late"),
            ("published", "2026-01-01"),
            ("as_of", "2026-01-01"),
        ]),
        row(&[("id", "undated"), ("published", ""), ("as_of", "")]),
        row(&[("id", "known"), ("published", ""), ("as_of", "2025-02-01")]),
    ];
    let (base, _) = FactBase::parse(&file(&rows));
    let ids = |as_of: Option<&str>| {
        let view = base.visible(as_of.map(|text| Date::parse(text).unwrap()));
        view.iter().map(|fact| fact.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(None), ["early", "known", "late", "undated"]);
    assert_eq!(ids(Some("2025-12-31")), ["early", "known"]);
    assert_eq!(ids(Some("2026-01-01")), ["early", "known", "late"]);
    let view = base.visible(Date::new(2025, 12, 31));
    assert!(view.get("early").is_some() && view.get("late").is_none());
}

#[test]
fn search_finds_all_words_and_the_subject_first() {
    let rows = [
        row(&[("id", "a"), ("note", "against Huawei")]),
        row(&[("id", "b"), ("entity", "Huawei"), ("metric", "die yield")]),
        row(&[
            ("id", "c"),
            ("title", "x"),
            ("topic", "yield"),
            ("entity", "CXMT"),
        ]
        .map(|(column, value)| {
            (
                if column == "title" {
                    "source_title"
                } else {
                    column
                },
                value,
            )
        })),
    ];
    let (base, _) = FactBase::parse(&file(&rows));
    let ids = |words: &str| {
        base.search(words)
            .iter()
            .map(|fact| fact.id.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("huawei"), ["b", "a"]);
    assert_eq!(ids("HUAWEI yield"), ["b"]);
    assert_eq!(ids("yield"), ["b", "c"]);
    assert_eq!(ids("publisher"), ["a", "b", "c"]);
    assert!(ids("").is_empty() && ids("nothing").is_empty());
}

#[test]
fn the_nearest_id_is_suggested() {
    let rows = [
        row(&[("id", "yield-910c-2025")]),
        row(&[("id", "hbm-2025")]),
    ];
    let (base, _) = FactBase::parse(&file(&rows));
    assert_eq!(base.nearest("yeild-910c-2025"), Some("yield-910c-2025"));
    assert_eq!(base.nearest("something else"), None);
}
