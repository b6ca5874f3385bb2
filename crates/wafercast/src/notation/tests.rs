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
