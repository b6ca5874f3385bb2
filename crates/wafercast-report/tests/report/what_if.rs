//! Made-up answers to what binds and what would have to be true.

use wafercast_analysis::binding::{Binding, BindingShare, Elasticity, StockEnd};
use wafercast_analysis::require::{
    ClaimRequirements, Requirement, Requirements, Scale, TradeOff, TradeOffAxis,
};

const MONTHS: usize = 72;

/// What binds.
pub fn binding() -> Binding {
    let resources = [
        "memory:hbm2e",
        "memory:hbm3",
        "die:ascend-950",
        "packaging:2.5d",
        "cap:ascend-910c",
        "cap:mlu-590",
    ];
    let mut shares = Vec::new();
    let mut elasticities = Vec::new();
    for metric in ["units", "h100e", "value"] {
        for (place, resource) in resources.iter().enumerate() {
            shares.push(BindingShare {
                metric: metric.to_owned(),
                resource: (*resource).to_owned(),
                share: (0..MONTHS)
                    .map(|m| 0.16 * (1.0 + libm::sin((m + 9 * place) as f64 / 9.0)) / 2.0)
                    .collect(),
                standard_error: vec![0.003; MONTHS],
            });
            for year in 2023..2029 {
                elasticities.push(Elasticity {
                    resource: (*resource).to_owned(),
                    metric: metric.to_owned(),
                    of: "home".to_owned(),
                    period: year.to_string(),
                    value: 0.6 / (1.0 + place as f64) - 0.15,
                    standard_error: 0.02,
                });
            }
        }
    }
    let stocks = ["memory:hbm2e", "die:ascend-910b"].map(|part| StockEnd {
        part: part.to_owned(),
        stocked: 0.98,
        run_out: (0..MONTHS).map(|m| (m as f64 / 80.0).min(0.9)).collect(),
        standard_error: vec![0.004; MONTHS],
        lasts: 0.08,
        lasts_error: 0.003,
        p10: Some("2023-09".to_owned()),
        p50: Some("2026-05".to_owned()),
        p90: None,
    });
    Binding {
        draws: 10_000,
        first_month: "2023-01".to_owned(),
        shares,
        elasticity_draws: 512,
        step: 0.01,
        elasticity_from: "2023-01".to_owned(),
        elasticities,
        stocks: stocks.to_vec(),
    }
}

fn requirement(quantity: &str, scale: Scale, change: f64, reached: bool) -> Requirement {
    Requirement {
        quantity: quantity.to_owned(),
        scale,
        change,
        standard_error: if reached { 0.03 } else { 0.0 },
        reached,
        probability: if reached { 0.5 } else { 0.31 },
        deviations: (scale == Scale::Factor).then_some(1.4),
        from: 12.25,
        to: 0.0625,
        unit: "kWSPM".to_owned(),
        at: reached.then(|| "2027-10".to_owned()),
    }
}

/// What would have to be true.
pub fn requirements() -> Requirements {
    let claim = |id: &str, changes: Vec<Requirement>| ClaimRequirements {
        claim: id.to_owned(),
        says: format!("The sentence of {id}"),
        probability: 0.3,
        standard_error: 0.03,
        tried: 434,
        able: changes.iter().filter(|change| change.reached).count(),
        changes,
    };
    let axis = |quantity: &str, scale: Scale, step: f64| TradeOffAxis {
        quantity: quantity.to_owned(),
        scale,
        changes: (0..6)
            .map(|k| f64::from(k) * step + f64::from(u8::from(scale == Scale::Factor)))
            .collect(),
    };
    Requirements {
        probability: 0.5,
        draws: 256,
        claims: vec![
            claim(
                "first",
                vec![
                    requirement("fab.smic-n2.phase[3].add", Scale::Factor, 1.42, true),
                    requirement("fab.smic-n2.phase[3].delay", Scale::Shift, -6.3, true),
                    requirement("memory_line.cxmt.phase[0].add", Scale::Factor, 10.0, false),
                ],
            ),
            claim("second", Vec::new()),
        ],
        trade_offs: vec![TradeOff {
            claim: "first".to_owned(),
            says: "The sentence of first".to_owned(),
            level: 0.5,
            draws: 128,
            first: axis("fab.smic-n2.phase[3].add", Scale::Factor, 0.1),
            second: axis("fab.smic-n2.phase[3].delay", Scale::Shift, -1.5),
            probability: (0..6)
                .map(|r| (0..6).map(|c| 0.1 + 0.08 * f64::from(r + c)).collect())
                .collect(),
            line: vec![(1.0, -7.5), (1.1, -6.0), (1.25, -3.75), (1.5, 0.0)],
        }],
    }
}
