//! Properties of the notation that hold for all texts and numbers.

use proptest::prelude::*;

use super::*;

fn read(text: &str, dimension: Dimension, domain: Domain) -> Result<Notation, Vec<NotationError>> {
    let facts = FactBase::default();
    let context = Context {
        bare: None,
        dimension: &[dimension],
        domain,
        facts: &facts,
        as_of: None,
    };
    parse(text, &context)
}

fn distribution(text: &str, dimension: Dimension, domain: Domain) -> Distribution {
    read(text, dimension, domain)
        .unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
        .distribution
}

fn is_near(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-9 * expected.abs() + 1e-12
}

/// Names of all families with one call of each, for numbers without unit.
fn calls() -> impl Strategy<Value = String> {
    let number = || (1u32..1000).prop_map(|n| f64::from(n) / 8.0);
    prop_oneof![
        number().prop_map(|a| format!("{a}")),
        (number(), number()).prop_map(|(a, b)| format!("{a} to {}", a + b)),
        (number(), number()).prop_map(|(a, b)| format!("normal({a}, {b})")),
        (number(), number()).prop_map(|(a, b)| format!("lognormal({a}, {})", a + b)),
        (number(), number()).prop_map(|(a, b)| format!("uniform({a}, {})", a + b)),
        (number(), number(), number()).prop_map(|(a, b, c)| format!(
            "triangular({a}, {}, {})",
            a + b,
            a + b + c
        )),
        (number(), number(), number()).prop_map(|(a, b, c)| format!(
            "pert({a}, {}, {})",
            a + b,
            a + b + c
        )),
        (number(), number()).prop_map(|(a, b)| format!("discrete({a}: 1, {b}: 3)")),
        (number(), number()).prop_map(|(a, b)| format!("mix(1: {a}, 2: uniform({b}, {}))", a + b)),
        (number(), number())
            .prop_map(|(a, b)| format!("(normal({a}, {b}) | clamp({a}, {}))", a + b)),
        (number(), number())
            .prop_map(|(a, b)| format!("(normal({a}, {b}) | truncate({a}, {}))", a + b)),
    ]
}

proptest! {
    #[test]
    fn an_interval_has_the_quantiles_that_are_written(
        low in 1u32..100_000,
        width in 1u32..100_000,
        percent in 1u32..=99,
        domain in proptest::sample::select(vec![Domain::Positive, Domain::NonNegative, Domain::Signed]),
    ) {
        let high = low + width;
        let text = format!("{low} to {high} WSPM @{percent}%");
        let distribution = distribution(&text, Dimension::WAFERS_PER_MONTH, domain);
        let tail = (100.0 - f64::from(percent)) / 200.0;
        prop_assert!(is_near(distribution.quantile(tail), f64::from(low)));
        prop_assert!(is_near(distribution.quantile(1.0 - tail), f64::from(high)));
    }

    #[test]
    fn a_fraction_has_the_quantiles_that_are_written(low in 0u32..1000, width in 1u32..=1000) {
        let high = (low + width).min(1000);
        let text = format!("{}% to {}%", f64::from(low) / 10.0, f64::from(high) / 10.0);
        let distribution = distribution(&text, Dimension::NONE, Domain::Fraction);
        prop_assert!(is_near(distribution.quantile(0.05), f64::from(low) / 1000.0));
        prop_assert!(is_near(distribution.quantile(0.95), f64::from(high) / 1000.0));
        let (least, most) = distribution.support();
        prop_assert!(least >= 0.0 && most <= 1.0);
    }

    #[test]
    fn a_delay_from_zero_keeps_both_ends(months in 1u32..100) {
        let text = format!("0 months to {months} months");
        let distribution = distribution(&text, Dimension::TIME, Domain::NonNegative);
        prop_assert_eq!(distribution.support().0, 0.0);
        prop_assert!(distribution.quantile(0.05) < 1e-12);
        prop_assert!(is_near(distribution.quantile(0.5), 0.5 * f64::from(months)));
        prop_assert!(is_near(distribution.quantile(0.95), f64::from(months)));
        prop_assert!((distribution.cdf(0.0) - 0.05).abs() < 1e-12);
    }

    #[test]
    fn a_factor_scales_every_quantile(call in calls(), factor in 1u32..50, u in 1u32..100) {
        let u = f64::from(u) / 100.0;
        let plain = distribution(&call, Dimension::NONE, Domain::Signed);
        let product = distribution(&format!("{factor} * ({call})"), Dimension::NONE, Domain::Signed);
        let expected = f64::from(factor) * plain.quantile(u);
        prop_assert!(is_near(product.quantile(u), expected));
        let quotient = distribution(&format!("({call}) / {factor}"), Dimension::NONE, Domain::Signed);
        prop_assert!(is_near(quotient.quantile(u), plain.quantile(u) / f64::from(factor)));
        let negative = distribution(&format!("-{factor} * ({call})"), Dimension::NONE, Domain::Signed);
        // At a jump the two sides of the mirror disagree on which value the probability itself belongs to.
        let is_jump = plain.cdf(plain.quantile(1.0 - u)) - plain.cdf(plain.quantile(1.0 - u).next_down()) > 1e-9;
        if !is_jump {
            let expected = -f64::from(factor) * plain.quantile(1.0 - u);
            prop_assert!((negative.quantile(u) - expected).abs() <= 1e-7 * expected.abs().max(1e-3));
        }
    }

    #[test]
    fn a_unit_after_a_call_is_a_unit_on_every_number(call in calls(), u in 1u32..100) {
        let u = f64::from(u) / 100.0;
        let plain = distribution(&call, Dimension::NONE, Domain::Signed);
        let with_unit = distribution(&format!("({call}) kWSPM"), Dimension::WAFERS_PER_MONTH, Domain::Signed);
        prop_assert!(is_near(with_unit.quantile(u), 1e3 * plain.quantile(u)));
    }

    #[test]
    fn what_is_read_lies_in_its_domain(call in calls(), domain in proptest::sample::select(vec![Domain::Positive, Domain::NonNegative, Domain::Fraction])) {
        if let Ok(notation) = read(&call, Dimension::NONE, domain) {
            let (low, high) = notation.distribution.support();
            prop_assert!(low >= 0.0);
            prop_assert!(domain != Domain::Fraction || high <= 1.0);
        }
    }

    #[test]
    fn errors_point_into_the_text_and_nothing_panics(
        text in proptest::string::string_regex(
            "((normal|uniform|mix|facts|beta|discrete|clamp|to|k|M|kWSPM|months|mm2|%|\\$|é|[0-9]{1,3}|1e9|\\(|\\)|,|:|\\||\\*|/|@|-|\\.| ){1,3}){0,16}"
        ).unwrap()
    ) {
        for domain in [Domain::Positive, Domain::Fraction, Domain::Signed] {
            match read(&text, Dimension::WAFERS_PER_MONTH, domain) {
                Ok(notation) => prop_assert_eq!(notation.unit.dimension, Dimension::WAFERS_PER_MONTH),
                Err(errors) => {
                    prop_assert!(!errors.is_empty());
                    for error in errors {
                        prop_assert!(text.get(error.range.clone()).is_some(), "{:?}", error);
                    }
                }
            }
        }
    }
}
