//! Every unit of the language, the group laws, and what is refused.

use proptest::prelude::*;

use super::*;

fn unit(text: &str) -> Unit {
    Unit::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn fault(text: &str) -> UnitError {
    Unit::parse(text).expect_err(text)
}

#[test]
fn every_unit_has_its_size_in_base_units() {
    let per_month = Dimension::PER_MONTH;
    let money_rate = Dimension {
        money: 1,
        ..per_month
    };
    for (text, dimension, size) in [
        ("wafer", Dimension::WAFER, 1.0),
        ("WSPM", Dimension::WAFERS_PER_MONTH, 1.0),
        ("kWSPM", Dimension::WAFERS_PER_MONTH, 1e3),
        ("wafers/year", Dimension::WAFERS_PER_MONTH, 1.0 / 12.0),
        ("exposures/month", Dimension::WAFERS_PER_MONTH, 1.0),
        ("dies", Dimension::DIE, 1.0),
        ("stacks", Dimension::STACK, 1.0),
        ("k packages/month", Dimension::PACKAGES_PER_MONTH, 1e3),
        ("M units", Dimension::UNIT, 1e6),
        ("cards", Dimension::UNIT, 1.0),
        ("k/month", per_month, 1e3),
        ("layers", Dimension::NONE, 1.0),
        ("%", Dimension::NONE, 0.01),
        ("%/year", per_month, 0.01 / 12.0),
        ("$", Dimension::MONEY, 1.0),
        ("B RMB", Dimension::MONEY, 1e9 / 7.2),
        ("$ B/month", money_rate, 1e9),
        ("$/h", money_rate, 730.5),
        ("mm2", Dimension::AREA, 1.0),
        ("mm^2", Dimension::AREA, 1.0),
        ("cm²", Dimension::AREA, 100.0),
        ("1/cm2", Dimension::PER_AREA, 0.01),
        ("/cm2", Dimension::PER_AREA, 0.01),
        ("cm^-2", Dimension::PER_AREA, 0.01),
        ("cm⁻²", Dimension::PER_AREA, 0.01),
        ("1/mm2", Dimension::PER_AREA, 1.0),
        ("nm", Dimension::LENGTH, 1e-6),
        ("um", Dimension::LENGTH, 1e-3),
        ("TB", Dimension::DATA, 1e3),
        ("GB/s", Dimension::BANDWIDTH, SECONDS_PER_MONTH),
        ("TB/s", Dimension::BANDWIDTH, 1e3 * SECONDS_PER_MONTH),
        ("TFLOP/s", Dimension::THROUGHPUT, SECONDS_PER_MONTH),
        ("TOP/s", Dimension::THROUGHPUT, SECONDS_PER_MONTH),
        ("EFLOP/s", Dimension::THROUGHPUT, 1e6 * SECONDS_PER_MONTH),
        ("FLOP/s", Dimension::THROUGHPUT, 1e-12 * SECONDS_PER_MONTH),
        ("kW", Dimension::POWER, 1e3),
        ("weeks", Dimension::TIME, 7.0 / 30.4375),
        ("quarters", Dimension::TIME, 3.0),
        ("TPP", Dimension::TPP, 1.0),
        (
            "k H100e/month",
            Dimension {
                h100e: 1,
                ..per_month
            },
            1e3,
        ),
        ("1", Dimension::NONE, 1.0),
    ] {
        let read = unit(text);
        assert_eq!(read.dimension, dimension, "{text}");
        assert!(
            (read.scale / size - 1.0).abs() <= 1e-15,
            "{text}: {} for {size}",
            read.scale
        );
    }
}

#[test]
fn an_hour_a_day_and_a_month_agree() {
    assert_eq!(unit("h").to_base(24.0), unit("day").to_base(1.0));
    assert_eq!(unit("days").to_base(365.25), unit("year").to_base(1.0));
    assert_eq!(DAYS_PER_MONTH * 86_400.0, SECONDS_PER_MONTH);
    assert_eq!(
        unit("TFLOP/s").to_base(H100_TFLOP_PER_SECOND),
        H100_THROUGHPUT
    );
}

#[test]
fn percentages_are_exact() {
    let percent = unit("%");
    for whole in 0..=100 {
        let expected: f64 = format!("{whole}e-2").parse().unwrap();
        assert_eq!(percent.to_base(f64::from(whole)), expected);
    }
}

#[test]
fn unknown_units_suggest_the_nearest() {
    for (text, near) in [
        ("kwspm", "did you mean `kWSPM`?"),
        ("TFLOPS", "did you mean `TFLOP/s`?"),
        ("wafres", "did you mean `wafers`?"),
        ("K packages", "did you mean `k`?"),
        ("GPUs", "did you mean `units`?"),
        ("mothns", "did you mean `months`?"),
    ] {
        let error = fault(text);
        assert_eq!(error.code.0, "WF0201", "{text}");
        assert_eq!(error.help.as_deref(), Some(near), "{text}");
    }
    let error = fault("units/fortnight");
    assert_eq!(error.range, 6..15);
    assert_eq!(error.message, "`fortnight` is not a unit");
}

#[test]
fn every_name_reads_as_its_unit_and_is_used_once() {
    let mut seen = std::collections::BTreeSet::new();
    for (names, named) in named_units() {
        for name in names {
            assert!(seen.insert(*name), "{name}");
            assert!(table::magnitude(name).is_none(), "{name}");
            let read = unit(name);
            assert_eq!((read.dimension, read.scale), (named.dimension, named.scale));
        }
    }
}

#[test]
fn what_is_no_unit_is_refused() {
    for text in [
        "",
        "units months",
        "units/",
        "mm22",
        "mm^99",
        "mm^",
        "3 units",
        "*",
        "k M units",
    ] {
        assert!(Unit::parse(text).is_err(), "{text}");
    }
    assert_eq!(fault("mm99999").code.0, "WF0205");
    let long = ["mm9"; 30].join("*");
    assert_eq!(fault(&long).code.0, "WF0205");
}

#[test]
fn a_unit_ends_before_words_and_calls_of_the_language() {
    let end = |text: &str| scan(text, 0).unwrap().map(|scanned| scanned.range.end);
    assert_eq!(end("kWSPM to 30 kWSPM"), Some(5));
    assert_eq!(end("units * 3"), Some(5));
    assert_eq!(end("units / 12 months"), Some(5));
    assert_eq!(end("units * units(home, 2025)"), Some(5));
    assert_eq!(end("units / month and x"), Some(13));
    assert_eq!(end("to 5"), None);
    assert_eq!(end("| clamp(0, 1)"), None);
    assert_eq!(end(" 1/cm2"), Some(6));
    assert_eq!(end("1 / 12"), None);
}

#[test]
fn dimensions_are_shown_as_an_author_would_write_them() {
    let shown = |text: &str| unit(text).dimension.to_string();
    assert_eq!(shown("kWSPM"), "wafers/month");
    assert_eq!(shown("PFLOP/s"), "TFLOP/s");
    assert_eq!(shown("1/mm2"), "1/cm2");
    assert_eq!(shown("$/h"), "$/month");
    assert_eq!(shown("weeks"), "months");
    assert_eq!(shown("%/year"), "1/month");
    assert_eq!(shown("dies/wafer"), "dies/wafer");
    assert_eq!(shown("%"), "a plain number");
}

/// Dimensions whose products of three stay inside the limits.
fn dimensions() -> impl Strategy<Value = Dimension> {
    proptest::array::uniform14(-30i8..=30).prop_map(Dimension::from_exponents)
}

proptest! {
    #[test]
    fn dimensions_form_an_abelian_group(a in dimensions(), b in dimensions(), c in dimensions()) {
        let mul = |a: Dimension, b: Dimension| a.checked_mul(b).unwrap();
        prop_assert_eq!(mul(mul(a, b), c), mul(a, mul(b, c)));
        prop_assert_eq!(mul(a, b), mul(b, a));
        prop_assert_eq!(mul(a, Dimension::NONE), a);
        prop_assert_eq!(mul(a, a.inverse()), Dimension::NONE);
        prop_assert_eq!(a.checked_div(b).unwrap(), mul(a, b.inverse()));
        prop_assert_eq!(a.checked_pow(3).unwrap(), mul(mul(a, a), a));
        prop_assert_eq!(a.checked_pow(-1).unwrap(), a.inverse());
    }

    #[test]
    fn a_shown_dimension_reads_back(exponents in proptest::array::uniform14(-3i8..=3)) {
        let dimension = Dimension::from_exponents(exponents);
        prop_assume!(!dimension.is_none());
        let unit = dimension.display_unit();
        let read = Unit::parse(&unit.symbol).unwrap();
        prop_assert_eq!(read.dimension, dimension);
        prop_assert!((read.scale / unit.scale - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_shown_unit_reads_back(
        magnitude in proptest::sample::select(vec!["", "k ", "M ", "B ", "T "]),
        parts in proptest::collection::vec((0..table::NAMED.len(), any::<bool>(), 1u8..=3), 1..5),
    ) {
        let mut text = String::new();
        for (index, is_below, power) in parts {
            let name = table::NAMED[index].names[0];
            text.push_str(if is_below { "/" } else if text.is_empty() { magnitude } else { "*" });
            text.push_str(name);
            if power > 1 {
                text.push_str(&format!("^{power}"));
            }
        }
        let read = Unit::parse(&text).unwrap();
        prop_assert_eq!(Unit::parse(&read.to_string()).unwrap(), read);
    }

    #[test]
    fn base_units_and_back(value in -1e12..1e12f64, index in 0..table::NAMED.len()) {
        let unit = Unit::parse(table::NAMED[index].names[0]).unwrap();
        let back = unit.from_base(unit.to_base(value));
        prop_assert!((back - value).abs() <= 4.0 * f64::EPSILON * value.abs());
    }

    #[test]
    fn no_text_makes_it_panic(text in "[ a-zA-Z0-9*/^$%()²⁻µ€_-]{0,40}", at in 0usize..40) {
        let _ = Unit::parse(&text);
        if text.is_char_boundary(at.min(text.len())) {
            let _ = scan(&text, at.min(text.len()));
        }
    }
}
