//! Dates, the axis and periods against the calendar.

use proptest::prelude::*;

use super::*;

fn date(text: &str) -> Date {
    Date::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn horizon(from: &str, to: &str) -> Horizon {
    Horizon::new(date(from), date(to)).unwrap()
}

fn span(first: i32, end: i32) -> MonthSpan {
    MonthSpan { first, end }
}

#[test]
fn dates_and_names_of_periods() {
    for (text, shown) in [
        ("2026", "2026-01-01"),
        ("2026-Q1", "2026-01-01"),
        ("2026-Q3", "2026-07-01"),
        ("2026-03", "2026-03-01"),
        (" 2026-03-15 ", "2026-03-15"),
        ("2024-02-29", "2024-02-29"),
        ("2000-02-29", "2000-02-29"),
    ] {
        assert_eq!(date(text).to_string(), shown);
    }
}

#[test]
fn days_that_do_not_exist_are_refused() {
    for text in [
        "2025-02-29",
        "2100-02-29",
        "2026-13",
        "2026-00",
        "2026-04-31",
        "2026-01-00",
        "1899",
        "2201",
        "2026-Q0",
        "2026-Q5",
        "26",
        "2026-3",
        "2026-3-1",
        "2026-Q",
        "2026-03-15-1",
        "",
        "soon",
        "+026",
        "２０２６",
    ] {
        let error = Date::parse(text).expect_err(text);
        assert_eq!(error.code.0, "WF0401");
    }
}

#[test]
fn positions_follow_the_formula_of_the_model() {
    let horizon = horizon("2024-03", "2028-12");
    assert_eq!(horizon.months, 58);
    assert_eq!(horizon.position(date("2024-03")), 0.0);
    assert_eq!(horizon.position(date("2025-01")), 10.0);
    assert_eq!(horizon.position(date("2024-04-16")), 1.5);
    assert_eq!(horizon.position(date("2026-02-15")), 23.5);
    assert_eq!(horizon.position(date("2023-12-01")), -3.0);
    assert_eq!(horizon.month_at(1.5), Some(1));
    assert_eq!(horizon.month_at(57.999), Some(57));
    assert_eq!(horizon.month_at(58.0), None);
    assert_eq!(horizon.month_at(-0.001), None);
    assert_eq!(horizon.month_at(f64::NAN), None);
}

#[test]
fn labels_and_spans_of_whole_periods() {
    let horizon = horizon("2024-03", "2026-02");
    assert_eq!(horizon.month_label(0), "2024-03");
    assert_eq!(horizon.month_label(10), "2025-01");
    assert_eq!(horizon.years(), [("2025".to_owned(), span(10, 22))]);
    let quarters = horizon.quarters();
    assert_eq!(quarters[0], ("2024-Q2".to_owned(), span(1, 4)));
    assert_eq!(quarters.last(), Some(&("2025-Q4".to_owned(), span(19, 22))));
    assert_eq!(
        horizon.month_spans()[12],
        ("2025-03".to_owned(), span(12, 13))
    );
    assert_eq!(
        horizon.cumulated()[12],
        ("..2025-03".to_owned(), span(0, 13))
    );
    assert_eq!(horizon.span(), span(0, 24));
}

#[test]
fn horizons_have_a_length() {
    let error = Horizon::new(date("2026-02"), date("2026-01")).unwrap_err();
    assert_eq!(error.code.0, "WF0402");
    assert!(error.message.contains("ends before it begins"));
    let error = Horizon::new(date("1900"), date("2100")).unwrap_err();
    assert_eq!(error.code.0, "WF0403");
    assert_eq!(horizon("2026-02-20", "2026-02-03").months, 1);
}

#[test]
fn periods_of_metric_expressions() {
    let horizon = horizon("2024-01", "2028-12");
    for (text, expected) in [
        ("2027", span(36, 48)),
        ("2027-Q3", span(42, 45)),
        ("2027-12", span(47, 48)),
        ("2025..2027", span(12, 48)),
        ("2025-Q2..2025-09", span(15, 21)),
        ("..2027-06", span(0, 42)),
        ("2030", span(72, 84)),
        ("..2023", span(0, 0)),
    ] {
        let period = Period::parse(text).unwrap();
        assert_eq!(period.span(&horizon), expected, "{text}");
        assert_eq!(period.to_string(), text);
    }
    assert!(horizon.contains(span(47, 60)));
    assert!(!horizon.contains(span(47, 61)));
    assert!(!horizon.contains(span(5, 5)));
    assert_eq!(span(-5, 99).clipped(&horizon), span(0, 60));
    assert!(span(72, 84).clipped(&horizon).is_empty());
    for text in [
        "2027..2025",
        "2027-12-31",
        "2025..",
        "..",
        "2027-Q5",
        "x",
        "2025...2027",
    ] {
        let error = Period::parse(text).expect_err(text);
        assert_eq!(error.code.0, "WF0410");
    }
}

proptest! {
    #[test]
    fn a_shown_date_reads_back(year in 1900..=2200i32, month in 1u8..=12, day in 1u8..=31) {
        if let Some(day) = Date::new(year, month, day) {
            prop_assert_eq!(date(&day.to_string()), day);
        } else {
            prop_assert!(day > 28);
        }
    }

    #[test]
    fn positions_rise_with_dates(a in (1900..=2200i32, 1u8..=12, 1u8..=28), b in (1900..=2200i32, 1u8..=12, 1u8..=28)) {
        let horizon = horizon("2024-01", "2028-12");
        let [a, b] = [a, b].map(|(year, month, day)| Date::new(year, month, day).unwrap());
        prop_assert_eq!(a < b, horizon.position(a) < horizon.position(b));
    }

    #[test]
    fn a_month_contains_its_first_day(year in 1950..=2150i32, month in 1u8..=12, months in 1i32..1200, offset in 0usize..1200) {
        let from = Date::first_of_month(year, month).unwrap();
        let horizon = Horizon { from, months: months as usize };
        let offset = offset % horizon.months;
        let first = horizon.date_of(offset);
        prop_assert_eq!(horizon.month_at(horizon.position(first)), Some(offset));
        prop_assert_eq!(horizon.month_label(offset), first.to_string()[..7].to_owned());
    }

    #[test]
    fn no_text_makes_it_panic(text in "[0-9Q.é -]{0,14}") {
        let _ = Date::parse(&text);
        let _ = Period::parse(&text);
    }
}
