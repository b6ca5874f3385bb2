mod laws;
mod problems;
mod sample;

use super::*;
use crate::scenario::Scenario;

fn parsed(text: &str) -> Typed {
    match parse(text, &sample::scenario()) {
        Ok(typed) => typed,
        Err(errors) => panic!("`{text}`: {errors:?}"),
    }
}

fn measure(text: &str) -> Measure {
    match parsed(text).expression {
        Expression::Measure(measure) => measure,
        other => panic!("`{text}` is {other:?}"),
    }
}

fn set(text: &str) -> (Vec<usize>, Vec<usize>) {
    let Measure::Flow { set, .. } = measure(&format!("units({text}, 2027)")) else {
        panic!("not a flow")
    };
    (
        set.accelerators.iter().map(|id| id.0).collect(),
        set.imports.iter().map(|id| id.0).collect(),
    )
}

fn span(text: &str) -> (i32, i32) {
    let Measure::Flow { span, .. } = measure(&format!("units(all, {text})")) else {
        panic!("not a flow")
    };
    (span.first, span.end)
}

/// Every measure has the value its month or first month plus one; enough to tell them apart.
struct Months;

impl Measures for Months {
    fn measure(&self, measure: &Measure) -> [f64; LANES] {
        let value = match measure {
            Measure::Flow { span, .. } => f64::from(span.first) + 1.0,
            Measure::Happened { .. } => 1.0,
            _ => 0.0,
        };
        std::array::from_fn(|lane| value * (1.0 + lane as f64))
    }
}

fn value(text: &str) -> f64 {
    let values = evaluate(&parsed(text).expression, &Months);
    values[0]
}

#[test]
fn sets_are_sums_and_differences_read_from_the_left() {
    assert_eq!(set("home"), (vec![0, 1, 2], vec![]));
    assert_eq!(set("imports"), (vec![], vec![0, 1]));
    assert_eq!(set("legal"), (vec![], vec![1]));
    assert_eq!(set("smuggled"), (vec![], vec![0]));
    assert_eq!(set("all"), (vec![0, 1, 2, 3], vec![0, 1]));
    assert_eq!(set("designer:Huawei"), (vec![0, 1], vec![]));
    assert_eq!(set("\"designer:Moore Threads\""), (vec![2], vec![]));
    assert_eq!(set("designer:'Moore Threads'"), (vec![2], vec![]));
    assert_eq!(set("home - designer:Huawei"), (vec![2], vec![]));
    assert_eq!(
        set("home - designer:Huawei + accelerator:ascend-910c"),
        (vec![1, 2], vec![])
    );
    assert_eq!(
        set("country:US+accelerator:ascend-910b"),
        (vec![0], vec![0, 1])
    );
}

#[test]
fn periods_are_whole_months_with_both_ends() {
    assert_eq!(span("2023"), (0, 12));
    assert_eq!(span("2027-Q3"), (54, 57));
    assert_eq!(span("2028-12"), (71, 72));
    assert_eq!(span("2025..2027"), (24, 60));
    assert_eq!(span("2025-03 .. 2027"), (26, 60));
    assert_eq!(span("..2027-06"), (0, 54));
}

#[test]
fn stocks_and_capacities_are_read_in_the_last_month() {
    assert_eq!(
        measure("stock(die:ascend-910b, 2023)"),
        Measure::Stock {
            part: crate::scenario::Part::Die(sample::FIRST_DIE),
            month: 11
        }
    );
    let Measure::Capacity { fabs, month } =
        measure("capacity(owner:SMIC + fab:\"line 3\", 2023-Q2)")
    else {
        panic!("not a capacity")
    };
    assert_eq!(
        (fabs.iter().map(|id| id.0).collect::<Vec<_>>(), month),
        (vec![0, 1, 2], 5)
    );
}

#[test]
fn phases_of_one_line_or_of_all_of_an_owner() {
    let phases = |text: &str| match measure(text) {
        Measure::Opened { phases, .. } => phases
            .iter()
            .map(|(fab, k)| (fab.0, *k))
            .collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(phases("opened(fab:smic-sn2.phase[1], 2026)"), [(2, 1)]);
    assert_eq!(phases("opened(\"fab:line 3.phase[0]\", 2026)"), [(0, 0)]);
    assert_eq!(phases("opened(owner:SMIC, 2026)"), [(1, 0), (2, 0), (2, 1)]);
}

#[test]
fn dimensions_follow_the_metrics() {
    let dimension = |text: &str| parsed(text).dimension;
    assert_eq!(
        dimension("units(home, 2027)"),
        Dimension {
            unit: 1,
            ..Dimension::NONE
        }
    );
    assert_eq!(
        dimension("compute(home, fp8, 2027)"),
        Dimension {
            operation: 1,
            time: -1,
            ..Dimension::NONE
        }
    );
    assert_eq!(
        dimension("compute(home, bf16, 2027) / units(home, 2027)"),
        Dimension {
            operation: 1,
            time: -1,
            unit: -1,
            ..Dimension::NONE
        }
    );
    assert_eq!(
        dimension("stock(memory:hbm2e, 2027)"),
        Dimension {
            stack: 1,
            ..Dimension::NONE
        }
    );
    assert_eq!(
        dimension("capacity(country:CN, 2027)"),
        Dimension {
            wafer: 1,
            time: -1,
            ..Dimension::NONE
        }
    );
    assert_eq!(
        dimension("units(home, 2027) / units(all, 2027)"),
        Dimension::NONE
    );
    assert_eq!(
        dimension("max(0, units(home, 2027))"),
        Dimension {
            unit: 1,
            ..Dimension::NONE
        }
    );
    for truth in [
        "happened(event:ban, 2027)",
        "not units(all, 2027) > 0",
        "if(launched(accelerator:other, 2027), 1 > 2, 2 > 1)",
    ] {
        assert!(parsed(truth).is_truth, "{truth}");
    }
    assert!(!parsed("opened(owner:SMIC, 2027)").is_truth);
    for count in [
        "happened(event:ban, 2027) + launched(accelerator:other, 2027)",
        "if(launched(accelerator:other, 2027), 1, 0)",
        "max(0, happened(event:ban, 2027))",
    ] {
        assert_eq!(
            (parsed(count).is_truth, parsed(count).dimension),
            (false, Dimension::NONE),
            "{count}"
        );
    }
    assert!(parsed("launched(accelerator:other, 2027) >= 1").is_truth);
}

#[test]
fn literals_carry_suffixes_and_units() {
    let number = |text: &str| match parsed(text).expression {
        Expression::Number(value, dimension) => (value, dimension),
        other => panic!("{other:?}"),
    };
    assert_eq!(number("100%"), (1.0, Dimension::NONE));
    assert_eq!(
        number("45 kWSPM"),
        (
            45_000.0,
            Dimension {
                wafer: 1,
                time: -1,
                ..Dimension::NONE
            }
        )
    );
    assert_eq!(
        number("2M units"),
        (
            2e6,
            Dimension {
                unit: 1,
                ..Dimension::NONE
            }
        )
    );
    assert_eq!(
        number("2.9 M dies"),
        (
            2.9 * 1e6,
            Dimension {
                die: 1,
                ..Dimension::NONE
            }
        )
    );
    assert_eq!(
        number("80 k packages/month"),
        (
            80_000.0,
            Dimension {
                package: 1,
                time: -1,
                ..Dimension::NONE
            }
        )
    );
    assert_eq!(
        number("$6"),
        (
            6.0,
            Dimension {
                money: 1,
                ..Dimension::NONE
            }
        )
    );
    assert_eq!(
        number("$1.5 B/month"),
        (
            1.5e9,
            Dimension {
                money: 1,
                time: -1,
                ..Dimension::NONE
            }
        )
    );
    assert_eq!(
        number("500 k H100e"),
        (
            5e5,
            Dimension {
                h100e: 1,
                ..Dimension::NONE
            }
        )
    );
    assert_eq!(number("1_000"), (1000.0, Dimension::NONE));
    assert_eq!(
        number("1.5e3 GB"),
        (
            1500.0,
            Dimension {
                data: 1,
                ..Dimension::NONE
            }
        )
    );
}

#[test]
fn a_slash_before_a_metric_divides() {
    // January 2023 has the value 1, January 2024 the value 13.
    assert_eq!(value("2 / units(all, 2023)"), 2.0);
    assert_eq!(value("26 units / units(all, 2024)"), 2.0);
}

#[test]
fn operators_bind_as_in_arithmetic() {
    assert_eq!(value("1 + 2 * 3"), 7.0);
    assert_eq!(value("(1 + 2) * 3"), 9.0);
    assert_eq!(value("10 - 3 - 2"), 5.0);
    assert_eq!(value("16 / 4 / 2"), 2.0);
    assert_eq!(value("-2 * 3 + 10"), 4.0);
    assert_eq!(value("1 > 2 and 1 > 2 or 2 > 1"), 1.0);
    assert_eq!(value("1 > 2 and (1 > 2 or 2 > 1)"), 0.0);
    assert_eq!(value("not 1 > 2 and 1 > 2"), 0.0);
    assert_eq!(value("units(all, 2024) >= 3 * units(all, 2023)"), 1.0);
}

#[test]
fn functions_of_numbers() {
    assert_eq!(value("min(3, 1, 2)"), 1.0);
    assert_eq!(value("max(3, 1, 2) + abs(-4)"), 7.0);
    assert_eq!(value("if(2 > 1, 10, 20)"), 10.0);
    assert_eq!(value("if(2 < 1, 10, 20)"), 20.0);
    assert_eq!(value("if(happened(event:ban, 2027), 1, 0)"), 1.0);
}

#[test]
fn every_lane_is_evaluated() {
    let expression = parsed("units(all, 2023) * 2").expression;
    assert_eq!(
        evaluate(&expression, &Months),
        std::array::from_fn::<f64, LANES, _>(|lane| 2.0 * (lane + 1) as f64)
    );
}

#[test]
fn a_bound_met_up_to_rounding_is_met() {
    let sum = Expression::Binary(
        BinaryOperator::Add,
        Box::new(number(0.1)),
        Box::new(number(0.2)),
    );
    let one = Expression::Binary(
        BinaryOperator::Divide,
        Box::new(sum.clone()),
        Box::new(number(0.3)),
    );
    let compare = |left: &Expression, operator, right: f64| {
        evaluate(
            &Expression::Binary(operator, Box::new(left.clone()), Box::new(number(right))),
            &Months,
        )[0] == 1.0
    };
    assert!(compare(
        &number(0.999_999_999_999_999_9),
        BinaryOperator::AtLeast,
        1.0
    ));
    assert!(
        compare(&one, BinaryOperator::AtLeast, 1.0) && compare(&one, BinaryOperator::AtMost, 1.0)
    );
    assert!(
        !compare(&one, BinaryOperator::Above, 1.0) && !compare(&one, BinaryOperator::Below, 1.0)
    );
    assert!(!compare(&number(0.999_999), BinaryOperator::AtLeast, 1.0));
    assert!(compare(&number(0.999_999), BinaryOperator::Below, 1.0));
    // Zero is met only by zero.
    assert!(!compare(&number(-1e-300), BinaryOperator::AtLeast, 0.0));
    assert!(compare(&number(0.0), BinaryOperator::AtLeast, 0.0));
}

#[test]
fn arithmetic_is_total() {
    assert_eq!(value("1 / 0"), 0.0);
    let huge = ["1e40"; 10].join(" * ");
    assert_eq!(value(&huge), f64::MAX);
    assert_eq!(value(&format!("{huge} - {huge}")), 0.0);
    assert_eq!(value(&format!("-({huge}) < {huge}")), 1.0);
}

#[test]
fn measures_come_in_order_of_appearance() {
    let expression =
        parsed("if(units(all, 2023) > 0, demand(value, 2024), value(home, 2025))").expression;
    let texts: Vec<_> = expression
        .measures()
        .map(|m| m.display(&sample::scenario()).to_string())
        .collect();
    assert_eq!(
        texts,
        [
            "units(all, 2023)",
            "demand(value, 2024)",
            "value(home, 2025)"
        ]
    );
}

#[test]
fn canonical_text_is_the_shortest_that_means_the_same() {
    let canonical = |text: &str| {
        parsed(text)
            .expression
            .display(&sample::scenario())
            .to_string()
    };
    assert_eq!(
        canonical("units( accelerator:ascend-910b+accelerator:ascend-910c ,2025-01..2025-12)"),
        "units(designer:Huawei, 2025)"
    );
    assert_eq!(
        canonical("units(home, 2027, designed)>=2M units"),
        "units(home, 2027) >= 2000000 units"
    );
    assert_eq!(canonical("(1+2)-(3-4)*-(5)"), "1 + 2 - (3 - 4) * -5");
    assert_eq!(canonical("not (1 > 2 or 2 > 1)"), "not (1 > 2 or 2 > 1)");
    assert_eq!(
        canonical("capacity(fab:smic-sn1+fab:smic-sn2, 2026)"),
        "capacity(owner:SMIC, 2026-12)"
    );
    assert_eq!(
        canonical("opened('fab:line 3.phase[1]', 2026) >= 1"),
        "opened(\"fab:line 3.phase[1]\", 2026-12) >= 1"
    );
    assert_eq!(
        canonical("packaging_capacity(fan out, 2026) < 8 kWSPM * 1 package/wafer"),
        "packaging_capacity(\"fan out\", 2026-12) < 8000 wafers/month * 1 packages/wafer"
    );
}

#[test]
fn names_and_units_of_series() {
    assert_eq!(
        (
            Metric::H100e.name(),
            Metric::H100e.label(),
            Metric::H100e.unit()
        ),
        ("h100e", "H100e", ("H100e", 1.0))
    );
    assert_eq!(
        Metric::Compute(crate::scenario::NumberFormat::Fp8).name(),
        "fp8"
    );
    assert_eq!(Metric::Value.unit().0, "USD");
    assert_eq!(
        Depth::ALL.map(Depth::name),
        ["designed", "fabricated", "fully"]
    );
    // One card of 1 TFLOP/s.
    let (unit, scale) = Metric::Compute(crate::scenario::NumberFormat::Bf16).unit();
    let Expression::Number(base, _) = parsed("1 TFLOP/s").expression else {
        panic!("not a number")
    };
    assert_eq!(unit, "TFLOP/s");
    assert!((base / scale - 1.0).abs() < 1e-12);
}

fn number(value: f64) -> Expression {
    Expression::Number(value, Dimension::NONE)
}

fn errors(text: &str) -> Vec<ExpressionError> {
    let scenario: Scenario = sample::scenario();
    parse(text, &scenario).err().unwrap_or_default()
}
