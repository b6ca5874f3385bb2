//! A made-up plan with everything that a plan can have.

use wafercast_analysis::planning::{
    ClearingPrices, CommitmentAnswer, ConflictAnswer, ConflictMember, Difference, Gain, LinePrices,
    PlannedOutput, PlannedStock, Planning, Proof, Resource, ResourceKind, Spread, YearPrice,
};

fn spread(scale: f64) -> Spread {
    let values: Vec<f64> = (0..20)
        .map(|i| scale * (1.0 + 0.1 * f64::from(i)))
        .collect();
    Spread::of(&values).unwrap()
}

fn resource(kind: ResourceKind, path: &str, one: &str, scale: f64) -> Resource {
    Resource {
        kind,
        path: path.to_owned(),
        name: format!("{path} <b>"),
        one: one.to_owned(),
        years: ["2026", "2027", "2028"]
            .map(|year| YearPrice {
                year: year.to_owned(),
                price: spread(scale),
                scarce: 0.7,
                degenerate: 0.1,
            })
            .to_vec(),
        monthly: vec![scale; 30],
    }
}

/// The plan.
pub fn planning() -> Planning {
    let line = |year: &str| LinePrices {
        path: "fab.a".to_owned(),
        name: "Line & line".to_owned(),
        year: year.to_owned(),
        load: 0.6,
        plain: spread(0.0),
        clearing: spread(12e3),
    };
    let member = |path: &str| ConflictMember {
        path: path.to_owned(),
        says: "its supply <i>".to_owned(),
        place: "scenario.toml:7".to_owned(),
    };
    Planning {
        maximise: "value".to_owned(),
        unit: "$".to_owned(),
        discount: 0.1,
        months: ("2026-07".to_owned(), "2028-12".to_owned()),
        draws: 200,
        seed: 1,
        certificate: Proof {
            tolerance: 1e-6,
            primal: 1e-11,
            dual: 1e-10,
            gap: 1e-9,
            failed: 1,
        },
        value: Gain {
            priority: spread(50e9),
            optimal: spread(55e9),
            gain: Some(spread(0.1)),
        },
        outputs: vec![PlannedOutput {
            id: "x".to_owned(),
            name: "Chip <X>".to_owned(),
            priority: spread(10e3),
            optimal: spread(20e3),
        }],
        resources: vec![
            resource(ResourceKind::Line, "fab.a", "wafer", 20e3),
            resource(ResourceKind::Line, "fab.b", "wafer", 5e3),
            resource(ResourceKind::Memory, "memory.m", "stack", 1.5e3),
            resource(ResourceKind::Cap, "accelerator.x.plan.cap", "package", 7e3),
        ],
        stocks: vec![PlannedStock {
            path: "memory.m".to_owned(),
            name: "m".to_owned(),
            priority: vec![1.0; 30],
            optimal: vec![2.0; 30],
        }],
        differences: vec![Difference {
            path: "fab.a".to_owned(),
            year: "2026".to_owned(),
            price: 2.0,
            more: 2.0,
            less: 2.0,
        }],
        clearing: Some(ClearingPrices {
            draws: 16,
            flow_factor: 2.5,
            lines: ["2026", "2027", "2028"].map(line).to_vec(),
        }),
        commitments: vec![CommitmentAnswer {
            path: "planning.commit[0]".to_owned(),
            says: "units(home, 2027) >= 1M units".to_owned(),
            place: "scenario.toml:9".to_owned(),
            met: 0.4,
            missing: Some(spread(1e5)),
        }],
        conflict: Some(ConflictAnswer {
            draw: 3,
            share: 0.6,
            missing: 1e5,
            members: vec![member("stockpile.s"), member("planning.commit[0]")],
        }),
    }
}
