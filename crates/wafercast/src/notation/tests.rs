//! Every notation of model §2, the families of intervals, and what is refused.

use super::*;
use crate::distribution::Distribution as D;

const Z95: f64 = 1.644_853_626_951_472_2;

fn base() -> FactBase {
    let header = crate::facts::COLUMNS.join(",");
    let rows = [
        "cap-a,logic,SMIC,capacity,45000,,,wafers/month,2025-01-01,,2025-03-01,estimate,t,p,2025-03-01,u,B,n",
        "cap-b,logic,SMIC,capacity,22000,20000,30000,wafers/month,2025-01-01,,2025-09-01,estimate,t,p,2025-09-01,u,C,n",
        "cap-8,logic,SMIC,capacity,90000,,,8-inch wafers/month,2025-01-01,,2025-09-01,actual,t,p,2025-09-01,u,A,n",
        "yield-a,yield,SMIC,die yield,40,30,50,%,2025-01-01,,2025-09-01,estimate,t,p,2025-09-01,u,B,n",
        "share-a,yield,SMIC,share,95,80,100,%,2025-01-01,,2025-09-01,estimate,t,p,2025-09-01,u,B,n",
        "flag-a,seed,Huawei,named,1,,,flag,2025-01-01,,2025-09-01,actual,t,p,2025-09-01,u,C,n",
        "undated,logic,SMIC,capacity,50000,,,wafers/month,2025-01-01,,,estimate,t,p,,u,C,n",
        "sales,shipments,Huawei,cards,812000,,,units,2025-01-01,2025-12-31,2026-04-01,estimate,t,p,2026-04-01,u,B,n",
    ];
    let text = format!("{header}\n{}\n", rows.join("\n"));
    let (base, problems) = FactBase::parse(&[("facts.csv".to_owned(), text)]);
    assert_eq!(problems, []);
    base
}

fn read_in(
    text: &str,
    dimension: Dimension,
    domain: Domain,
) -> Result<Notation, Vec<NotationError>> {
    let facts = base();
    let context = Context {
        bare: None,
        dimension: &[dimension],
        domain,
        facts: &facts,
        as_of: None,
    };
    parse(text, &context)
}

fn wafers(text: &str) -> D {
    read_in(text, Dimension::WAFERS_PER_MONTH, Domain::NonNegative)
        .unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
        .distribution
}

fn fraction(text: &str) -> D {
    read_in(text, Dimension::NONE, Domain::Fraction)
        .unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
        .distribution
}

fn months(text: &str) -> D {
    read_in(text, Dimension::TIME, Domain::NonNegative)
        .unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
        .distribution
}

fn refused(text: &str, dimension: Dimension, domain: Domain) -> Vec<(&'static str, String)> {
    match read_in(text, dimension, domain) {
        Ok(notation) => panic!("{text} was read as {notation:?}"),
        Err(errors) => errors
            .into_iter()
            .map(|error| (error.code.0, text[error.range].to_owned()))
            .collect(),
    }
}

fn refused_wafers(text: &str) -> Vec<(&'static str, String)> {
    refused(text, Dimension::WAFERS_PER_MONTH, Domain::NonNegative)
}

#[test]
fn point_values() {
    assert_eq!(fraction("0.4"), D::Point(0.4));
    assert_eq!(fraction("35%"), D::Point(0.35));
    assert_eq!(wafers("45 kWSPM"), D::Point(45_000.0));
    assert_eq!(wafers("45 k wafers/month"), D::Point(45_000.0));
    let area = read_in("665 mm2", Dimension::AREA, Domain::Positive).unwrap();
    assert_eq!(area.distribution, D::Point(665.0));
    assert_eq!(area.unit.symbol, "mm2");
    let rent = Dimension::MONEY.checked_div(Dimension::TIME).unwrap();
    let rent = read_in("$6/h", rent, Domain::NonNegative).unwrap();
    assert_eq!(rent.distribution, D::Point(6.0 * 730.5));
    let sales = Dimension::MONEY.checked_div(Dimension::TIME).unwrap();
    let sales = read_in("$1.5 B/month", sales, Domain::NonNegative).unwrap();
    assert_eq!(sales.distribution, D::Point(1.5e9));
    assert_eq!(sales.unit.symbol, "$ B/month");
    let price = read_in("$26 k", Dimension::MONEY, Domain::Positive).unwrap();
    assert_eq!(price.distribution, D::Point(26e3));
}

#[test]
fn intervals_follow_the_domain() {
    let D::Lognormal { mu, sigma } = wafers("20 kWSPM to 30 kWSPM") else {
        panic!()
    };
    assert!((libm::exp(mu - Z95 * sigma) - 20e3).abs() < 1e-8);
    assert!((libm::exp(mu + Z95 * sigma) - 30e3).abs() < 1e-8);
    assert_eq!(wafers("20 to 30 kWSPM"), wafers("20 kWSPM to 30 kWSPM"));
    let D::LogitNormal { mu, sigma } = fraction("30% to 50%") else {
        panic!()
    };
    let at = |z: f64| 1.0 / (1.0 + libm::exp(-(mu + sigma * z)));
    assert!((at(-Z95) - 0.3).abs() < 1e-14 && (at(Z95) - 0.5).abs() < 1e-14);
    let growth = read_in("-10% to 20%", Dimension::NONE, Domain::Signed).unwrap();
    let D::Normal { mean, sd } = growth.distribution else {
        panic!()
    };
    assert!((mean - 0.05).abs() < 1e-15 && (mean + Z95 * sd - 0.2).abs() < 1e-15);
}

#[test]
fn other_credibilities() {
    // The 90th percentile of the standard normal.
    const Z90: f64 = 1.281_551_565_544_600_4;
    let D::Lognormal { mu, sigma } = wafers("20 kWSPM to 30 kWSPM @80%") else {
        panic!()
    };
    assert!((libm::exp(mu - Z90 * sigma) - 20e3).abs() < 1e-8);
    assert!((libm::exp(mu + Z90 * sigma) - 30e3).abs() < 1e-8);
    assert_eq!(refused_wafers("20 to 30 kWSPM @100%")[0].0, "WF0310");
}

#[test]
fn an_interval_from_the_limit_of_the_domain_is_a_clamped_normal() {
    let D::Clamp { inner, low, .. } = months("0 months to 12 months") else {
        panic!()
    };
    assert_eq!(low, 0.0);
    let D::Normal { mean, sd } = *inner else {
        panic!()
    };
    assert!((mean - Z95 * sd).abs() < 1e-14 && (mean + Z95 * sd - 12.0).abs() < 1e-14);
    assert!(matches!(
        fraction("80% to 100%"),
        D::Clamp { high: 1.0, .. }
    ));
    assert_eq!(
        refused("0 mm to 3 mm", Dimension::LENGTH, Domain::Positive),
        [("WF0304", "0 mm".to_owned())]
    );
}

#[test]
fn facts_are_pooled() {
    let D::Mixture(parts) = wafers("facts(cap-a: 2, cap-b: 1)") else {
        panic!()
    };
    assert_eq!(parts[0].0, 2.0 / 3.0);
    assert!(matches!(parts[0].1, D::Lognormal { .. }));
    assert_eq!(wafers("facts(cap-b)"), wafers("20 kWSPM to 30 kWSPM"));
    assert_eq!(fraction("facts(yield-a)"), fraction("30% to 50%"));
}

#[test]
fn named_distributions() {
    assert_eq!(
        wafers("normal(20 kWSPM, 2 kWSPM) | truncate(0, 40 kWSPM)"),
        D::Truncate {
            inner: Box::new(D::Normal {
                mean: 20e3,
                sd: 2e3
            }),
            low: 0.0,
            high: 40e3
        }
    );
    assert_eq!(
        wafers("lognormal(10 kWSPM, 20 kWSPM)"),
        wafers("10 kWSPM to 20 kWSPM")
    );
    assert_eq!(
        wafers("uniform(10 kWSPM, 20 kWSPM)"),
        D::Uniform { a: 10e3, b: 20e3 }
    );
    assert_eq!(
        fraction("triangular(10%, 20%, 40%)"),
        D::Triangular {
            a: 0.1,
            mode: 0.2,
            b: 0.4
        }
    );
    assert_eq!(
        months("pert(1, 2, 5) months"),
        D::Beta {
            alpha: 2.0,
            beta: 4.0,
            a: 1.0,
            b: 5.0
        }
    );
    assert_eq!(
        fraction("beta(2, 5)"),
        D::Beta {
            alpha: 2.0,
            beta: 5.0,
            a: 0.0,
            b: 1.0
        }
    );
    assert_eq!(fraction("bernoulli(30%)"), D::Bernoulli { p: 0.3 });
    assert_eq!(
        months("discrete(6 months: 1, 0: 3, 6 months: 0)"),
        D::Discrete(vec![(0.0, 0.75), (6.0, 0.25)])
    );
}

#[test]
fn mixtures_nest() {
    assert_eq!(
        fraction("mix(0.25: 10%, 0.75: uniform(20%, 30%))"),
        D::Mixture(vec![
            (0.25, D::Point(0.1)),
            (0.75, D::Uniform { a: 0.2, b: 0.3 })
        ])
    );
    assert_eq!(
        fraction("mix(3: 10%, 1: mix(1: 20%, 1: 40%))"),
        D::Mixture(vec![
            (0.75, D::Point(0.1)),
            (0.25, D::Discrete(vec![(0.2, 0.5), (0.4, 0.5)]))
        ])
    );
    assert_eq!(fraction("mix(1: 10%, 0: 20%)"), D::Point(0.1));
    assert_eq!(
        wafers("mix(1: 0, 1: uniform(20, 30)) kWSPM"),
        wafers("mix(1: 0, 1: uniform(20 kWSPM, 30 kWSPM))")
    );
}

#[test]
fn a_unit_after_a_call_holds_for_its_numbers() {
    let rate = read_in(
        "uniform(10, 20) k units/month",
        Dimension::UNITS_PER_MONTH,
        Domain::NonNegative,
    )
    .unwrap();
    assert_eq!(rate.distribution, D::Uniform { a: 10e3, b: 20e3 });
    assert_eq!(rate.unit.symbol, "k units/month");
    let D::Lognormal { mu, sigma } = wafers("(20 to 30) kWSPM") else {
        panic!()
    };
    assert!((libm::exp(mu - Z95 * sigma) - 20e3).abs() < 1e-8);
    assert!((libm::exp(mu + Z95 * sigma) - 30e3).abs() < 1e-8);
    assert_eq!(
        refused_wafers("uniform(10, 20 kWSPM) kWSPM"),
        [("WF0203", "10".to_owned())]
    );
    assert_eq!(
        refused_wafers("uniform(10 kWSPM, 20 kWSPM) kWSPM"),
        [("WF0204", "kWSPM".to_owned())]
    );
}

#[test]
fn numbers_take_the_unit_of_the_upper_end() {
    let units = |text: &str| {
        let D::Lognormal { mu, sigma } = read_in(text, Dimension::UNIT, Domain::NonNegative)
            .unwrap()
            .distribution
        else {
            panic!("{text}")
        };
        let ends = [-Z95, Z95].map(|z| libm::exp(mu + z * sigma));
        ends.map(|end| (end / 1e3).round())
    };
    assert_eq!(units("2 to 3 M units"), [2000.0, 3000.0]);
    assert_eq!(units("900 k to 2 M units"), [900.0, 2000.0]);
    assert_eq!(units("2M units to 3M units"), [2000.0, 3000.0]);
    assert_eq!(
        refused("2 M units to 3 M", Dimension::UNIT, Domain::NonNegative),
        [("WF0203", "3 M".to_owned())]
    );
}

#[test]
fn bare_numbers_take_the_unit_of_the_place() {
    let facts = base();
    let context = Context {
        bare: Some(Unit::parse("dies").unwrap()),
        dimension: &[Dimension::DIE],
        domain: Domain::NonNegative,
        facts: &facts,
        as_of: None,
    };
    let amount = parse("2.9M", &context).unwrap();
    assert_eq!(amount.distribution, D::Point(2.9e6));
    assert_eq!(amount.unit.dimension, Dimension::DIE);
    let interval = parse("2.0M to 2.9M", &context).unwrap();
    assert_eq!(
        interval.distribution,
        parse("2.0M dies to 2.9M dies", &context)
            .unwrap()
            .distribution
    );
    assert_eq!(parse("3 wafers", &context).unwrap_err()[0].code.0, "WF0202");
}

#[test]
fn zero_needs_no_unit() {
    assert_eq!(months("0"), D::Point(0.0));
    assert_eq!(
        months("pert(0, 4 months, 18 months)"),
        months("pert(0, 4, 18) months")
    );
    assert_eq!(refused_wafers("1")[0].0, "WF0203");
}

#[test]
fn products_scale() {
    assert_eq!(
        wafers("1.5 * uniform(10 kWSPM, 20 kWSPM)"),
        D::Uniform { a: 15e3, b: 30e3 }
    );
    assert_eq!(wafers("24 k wafers / 12 months"), D::Point(2e3));
    assert_eq!(
        fraction("uniform(10, 20) units / 40 units | clamp(0, 1)"),
        D::Clamp {
            inner: Box::new(D::Uniform { a: 0.25, b: 0.5 }),
            low: 0.0,
            high: 1.0
        }
    );
    let D::LogitNormal { .. } = fraction("30% to 50%") else {
        panic!()
    };
    let D::Scaled { factor, inner } = wafers("(30% to 50%) * 45 kWSPM") else {
        panic!()
    };
    assert_eq!(factor, 45e3);
    assert_eq!(*inner, fraction("30% to 50%"));
    assert_eq!(refused_wafers("(1 to 2) * (10 to 20 kWSPM)")[0].0, "WF0308");
    assert_eq!(refused_wafers("10 kWSPM / 0")[0].0, "WF0308");
    assert_eq!(refused_wafers("10 kWSPM / (1 to 2)")[0].0, "WF0308");
    assert_eq!(refused_wafers("10 kWSPM * 2 dies")[0].0, "WF0202");
}

#[test]
fn scaling_keeps_the_quantiles_in_order() {
    let growth = |text: &str| {
        read_in(text, Dimension::NONE, Domain::Signed)
            .unwrap()
            .distribution
    };
    assert_eq!(
        growth("-1 * uniform(1, 2)"),
        D::Uniform { a: -2.0, b: -1.0 }
    );
    assert_eq!(
        growth("-2 * triangular(0, 1, 4)"),
        D::Triangular {
            a: -8.0,
            mode: -2.0,
            b: 0.0
        }
    );
    assert_eq!(
        growth("-1 * discrete(1: 1, 2: 3)"),
        D::Discrete(vec![(-2.0, 0.75), (-1.0, 0.25)])
    );
    assert_eq!(
        growth("-1 * normal(1, 2)"),
        D::Normal {
            mean: -1.0,
            sd: 2.0
        }
    );
}

#[test]
fn facts_hidden_by_as_of_are_not_pooled() {
    let facts = base();
    let read = |text: &str, as_of: &str| {
        let context = Context {
            bare: None,
            dimension: &[Dimension::WAFERS_PER_MONTH],
            domain: Domain::NonNegative,
            facts: &facts,
            as_of: Some(Date::parse(as_of).unwrap()),
        };
        parse(text, &context)
    };
    let early = read("facts(cap-a, cap-b, undated)", "2025-06").unwrap();
    assert_eq!(early.facts, ["cap-a"]);
    assert_eq!(early.distribution, wafers("facts(cap-a)"));
    let later = read("facts(cap-b, cap-a)", "2025-09-01").unwrap();
    assert_eq!(later.facts, ["cap-a", "cap-b"]);
    let errors = read("facts(cap-b, undated)", "2025-06").unwrap_err();
    assert_eq!(errors[0].code.0, "WF0504");
    assert_eq!(
        errors[0].message,
        "`facts(cap-b, undated)` has no fact published by 2025-06-01"
    );
}

#[test]
fn facts_that_cannot_be_pooled() {
    assert_eq!(
        refused_wafers("facts(cap-x, flag-a, sales, cap-a)"),
        [
            ("WF0502", "cap-x".to_owned()),
            ("WF0503", "flag-a".to_owned()),
            ("WF0204", "cap-a".to_owned())
        ]
    );
    assert_eq!(refused_wafers("facts(cap-a: 0)")[0].0, "WF0307");
    assert_eq!(refused_wafers("facts()")[0].0, "WF0301");
    let error = &read_in("facts(cap_a)", Dimension::NONE, Domain::Signed).unwrap_err()[0];
    assert_eq!(error.help.as_deref(), Some("did you mean `cap-a`?"));
}

#[test]
fn facts_have_the_spread_of_their_class() {
    let D::Lognormal { mu, sigma } = wafers("facts(cap-8)") else {
        panic!()
    };
    assert!(
        (libm::exp(mu) / 40e3 - 1.0).abs() < 1e-12,
        "8-inch wafers count by area"
    );
    assert!((libm::exp(Z95 * sigma) - 1.05).abs() < 1e-12);
    let D::Lognormal { sigma, .. } = wafers("facts(undated)") else {
        panic!()
    };
    assert!((libm::exp(Z95 * sigma) - 1.4).abs() < 1e-12);
    assert!(matches!(fraction("facts(share-a)"), D::Clamp { .. }));
    let D::Lognormal { mu, .. } = read_in(
        "1.2 * facts(sales) / 12 months",
        Dimension::UNITS_PER_MONTH,
        Domain::NonNegative,
    )
    .unwrap()
    .distribution
    else {
        panic!()
    };
    assert!((libm::exp(mu) / 81_200.0 - 1.0).abs() < 1e-12);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let place = |code, text: &str| vec![(code, text.to_owned())];
    for (text, expected) in [
        ("45 kwspm", place("WF0201", "kwspm")),
        ("45 mm", place("WF0202", "45 mm")),
        ("45", place("WF0203", "45")),
        ("20 kWSPM to 30 mm", place("WF0204", "30 mm")),
        ("45,000 WSPM", place("WF0301", ",000")),
        ("", place("WF0301", "")),
        ("kWSPM", place("WF0301", "kWSPM")),
        ("20 kWSPM 30", place("WF0301", "30")),
        ("20 kWSPM to", place("WF0301", "")),
        ("uniform(1 kWSPM, 2 kWSPM", place("WF0301", "")),
        ("nan WSPM", place("WF0301", "nan")),
        ("inf", place("WF0301", "inf")),
        ("1e400 WSPM", place("WF0302", "1e400")),
        ("1e-400 WSPM", place("WF0302", "1e-400")),
        ("1e39 k T WSPM", place("WF0301", "T")),
        (
            "30 kWSPM to 20 kWSPM",
            place("WF0303", "30 kWSPM to 20 kWSPM"),
        ),
        (
            "20 kWSPM to 20 kWSPM",
            place("WF0303", "20 kWSPM to 20 kWSPM"),
        ),
        ("-1 kWSPM", place("WF0304", "-1 kWSPM")),
        ("-1 kWSPM to 2 kWSPM", place("WF0304", "-1 kWSPM")),
        (
            "normal(20, 2) kWSPM",
            place("WF0304", "normal(20, 2) kWSPM"),
        ),
        ("uniform(2, 1) kWSPM", place("WF0305", "uniform(2, 1)")),
        ("uniform(1 kWSPM)", place("WF0305", "uniform(1 kWSPM)")),
        ("normal(1 kWSPM, 0)", place("WF0305", "normal(1 kWSPM, 0)")),
        (
            "lognormal(0, 1 kWSPM)",
            place("WF0305", "lognormal(0, 1 kWSPM)"),
        ),
        ("unifrom(1, 2) kWSPM", place("WF0306", "unifrom")),
        ("1 kWSPM | clip(0, 1)", place("WF0306", "clip")),
        (
            "mix(1 kWSPM, 2 kWSPM)",
            place("WF0307", "mix(1 kWSPM, 2 kWSPM)"),
        ),
        (
            "mix(-1: 1 kWSPM, 2: 2 kWSPM)",
            place("WF0307", "mix(-1: 1 kWSPM, 2: 2 kWSPM)"),
        ),
        ("1 kWSPM to 2 kWSPM @ 120%", place("WF0310", "120%")),
        (
            "uniform(1, 2) kWSPM | truncate(3 kWSPM, 4 kWSPM)",
            place("WF0305", "uniform(1, 2) kWSPM | truncate(3 kWSPM, 4 kWSPM)"),
        ),
        (
            "uniform(1, 2) kWSPM | clamp(4 kWSPM, 3 kWSPM)",
            place("WF0303", "4 kWSPM, 3 kWSPM"),
        ),
        ("$5 dies", place("WF0204", "$5 dies")),
    ] {
        assert_eq!(refused_wafers(text), expected, "{text}");
    }
}

#[test]
fn several_problems_are_reported_at_once() {
    assert_eq!(
        refused_wafers("mix(1: 20 kwspm, 1 month: facts(nope), 2: uniform(3, 1) kWSPM)"),
        [
            ("WF0201", "kwspm".to_owned()),
            ("WF0204", "1 month".to_owned()),
            ("WF0502", "nope".to_owned()),
            ("WF0305", "uniform(3, 1)".to_owned())
        ]
    );
}

#[test]
fn hostile_text_is_refused() {
    assert_eq!(refused_wafers(&"(".repeat(40))[0].0, "WF0309");
    assert_eq!(refused_wafers(&"mix(1:".repeat(40))[0].0, "WF0309");
    assert_eq!(refused_wafers(&"1*".repeat(500))[0].0, "WF0309");
    assert_eq!(refused_wafers(&"-".repeat(500))[0].0, "WF0301");
    assert_eq!(refused_wafers(&" ".repeat(5000))[0].0, "WF0309");
    let deep = format!(
        "{}1 kWSPM{}",
        "(".repeat(MAX_NESTING),
        ")".repeat(MAX_NESTING)
    );
    assert_eq!(wafers(&deep), D::Point(1e3));
    let tower = ["1e30 WSPM"; 5].join(" * ");
    assert_eq!(refused_wafers(&tower)[0].0, "WF0302");
}

#[test]
fn zero_where_a_positive_number_is_needed() {
    let positive = |text: &str| refused(text, Dimension::LENGTH, Domain::Positive);
    assert_eq!(positive("0 mm")[0].0, "WF0304");
    assert_eq!(positive("discrete(0: 1, 3 mm: 2)")[0].0, "WF0304");
    assert_eq!(positive("normal(3, 1) mm | clamp(0, 5 mm)")[0].0, "WF0304");
    assert!(read_in("uniform(0, 3) mm", Dimension::LENGTH, Domain::Positive).is_ok());
}

#[test]
fn literals_of_metric_expressions() {
    let read = |text: &str| {
        let literal = literal(text, 0).unwrap().unwrap();
        (
            literal.value,
            literal.dimension.to_string(),
            literal.range.end,
        )
    };
    assert_eq!(read("45 kWSPM >= 3"), (45e3, "wafers/month".to_owned(), 8));
    assert_eq!(read("2M units and x"), (2e6, "units".to_owned(), 8));
    assert_eq!(read("100%)"), (1.0, "a plain number".to_owned(), 4));
    assert_eq!(
        read("3 * units(home, 2025)"),
        (3.0, "a plain number".to_owned(), 1)
    );
    assert_eq!(read("$6 B"), (6e9, "$".to_owned(), 4));
    assert_eq!(literal("units(home, 2025)", 0), Ok(None));
    assert_eq!(literal("3 widgets", 0).unwrap_err().range, 2..9);
}
