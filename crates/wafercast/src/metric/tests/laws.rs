//! Laws over arbitrary texts and expressions.

use proptest::prelude::*;

use super::super::*;
use super::{Months, sample};

/// Texts that are numbers without dimension, nested.
fn number_text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (0_u32..1000).prop_map(|n| n.to_string()),
        (0.0_f64..1e9).prop_map(|x| format!("{x}")),
        (0.0_f64..1e9, 0.1_f64..9.0)
            .prop_map(|(a, b)| format!("{a} units/month / ({b} units / 1 month)")),
        Just("units(home - designer:Huawei, 2027-Q3, fully) / units(all, 2025..2027)".to_owned()),
        Just("stock(memory:hbm2e, 2027-06) / 3 M stacks".to_owned()),
        Just("compute(imports, fp8, 2024) / 100 PFLOP/s".to_owned()),
        Just("yield(die:mlu590, 2026)".to_owned()),
        Just("opened(fab:smic-sn2.phase[1] , 2026)".to_owned()),
        Just("opened(owner:SMIC + \"fab:line 3\", 2026-Q2)".to_owned()),
        Just("share_of_purchases(bf16, fabricated, 2027)".to_owned()),
        Just("demand(value, 2023-02..2023-05) / $3 B".to_owned()),
        Just("packaging_capacity(\"fan out\", 2026) / 5 k packages/month".to_owned()),
        Just("installed(fp16, import:h20 + accelerator:other, 2028) / 1 TFLOP/s".to_owned()),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let truth = truth_of(inner.clone());
        prop_oneof![
            (
                inner.clone(),
                prop::sample::select(vec!["+", "-", "*", "/"]),
                inner.clone()
            )
                .prop_map(|(a, operator, b)| format!("({a}) {operator} ({b})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("min({a}, {b})")),
            inner.clone().prop_map(|a| format!("abs({a})")),
            (truth, inner.clone(), inner).prop_map(|(c, a, b)| format!("if({c}, {a}, {b})")),
        ]
    })
}

fn truth_of(
    number: impl Strategy<Value = String> + Clone + 'static,
) -> impl Strategy<Value = String> + Clone {
    let comparison = (
        number.clone(),
        prop::sample::select(vec![">=", ">", "<=", "<"]),
        number,
    )
        .prop_map(|(a, operator, b)| format!("({a}) {operator} ({b})"));
    prop_oneof![
        comparison.clone(),
        Just("happened(event:ban, 2024)".to_owned()),
        (comparison.clone(), comparison.clone()).prop_map(|(a, b)| format!("{a} and not ({b})")),
        (comparison.clone(), comparison).prop_map(|(a, b)| format!("not {a} or {b}")),
    ]
    .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        let _ = parse(&text, &sample::scenario());
    }

    #[test]
    fn any_near_expression_is_read_without_a_panic(
        parts in prop::collection::vec(prop::sample::select(vec![
            "units", "(", ")", ",", "home", "2027", "-", "+", "designer:", "\"", "'", "and", "not", "1e9", "%", "$",
            ">=", "if", " ", "..", "2027-Q3", "é", "−", "die:mlu590", "stock", "capacity", "fab:smic-sn2.phase[", "]",
            "opened", "k", "units/month", "/", "*", "min", ".", "installed", "h100e",
        ]), 0..40)
    ) {
        let text = parts.concat();
        for error in parse(&text, &sample::scenario()).err().unwrap_or_default() {
            prop_assert!(text.get(error.range.clone()).is_some(), "{:?} in `{}`", error, text);
        }
    }

    #[test]
    fn canonical_text_reads_back_to_the_same_expression(text in number_text()) {
        let scenario = sample::scenario();
        let first = parse(&text, &scenario);
        prop_assert!(first.is_ok(), "`{}`: {:?}", text, first);
        let typed = first.unwrap();
        let canonical = typed.expression.display(&scenario).to_string();
        let again = parse(&canonical, &scenario);
        prop_assert_eq!(again, Ok(typed), "`{}`", canonical);
    }

    #[test]
    fn every_expression_has_a_finite_value(text in number_text()) {
        let typed = parse(&text, &sample::scenario()).unwrap();
        prop_assert!(evaluate(&typed.expression, &Months).iter().all(|value| value.is_finite()));
    }

    #[test]
    fn exactly_one_of_at_least_and_below_holds(a in any::<f64>(), b in any::<f64>()) {
        prop_assume!(a.is_finite() && b.is_finite());
        let holds = |operator, a, b| {
            let number = |x| Box::new(Expression::Number(x, Dimension::default()));
            evaluate(&Expression::Binary(operator, number(a), number(b)), &Months)[0]
        };
        prop_assert_eq!(holds(BinaryOperator::AtLeast, a, b) + holds(BinaryOperator::Below, a, b), 1.0);
        prop_assert_eq!(holds(BinaryOperator::AtMost, a, b) + holds(BinaryOperator::Above, a, b), 1.0);
        prop_assert_eq!(holds(BinaryOperator::AtLeast, a, b), holds(BinaryOperator::AtMost, b, a));
    }
}
