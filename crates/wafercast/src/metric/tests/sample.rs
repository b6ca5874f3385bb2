//! A small scenario to resolve names against: two fabs, two dies, two home chips and a foreign one, two imports.

use crate::diagnostic::Span;
use crate::distribution::Distribution;
use crate::scenario::{
    Accelerator, Allocation, CycleTime, DefectDensity, Demand, DemandMetric, Design, Die, DieId,
    Event, Fab, Import, Memory, Phase, PlanningOptions, Process, ProcessId, Quantity, QuantityId,
    RampShape, RunOptions, Scenario, Spec, Value, YieldModel,
};
use crate::time::{Date, Horizon};
use crate::unit::{Dimension, Unit};

const NONE: QuantityId = QuantityId(0);

fn phase() -> Phase {
    Phase {
        note: None,
        add: NONE,
        start: 0.0,
        delay: NONE,
        ramp_time: NONE,
        ramp_shape: RampShape::Linear,
        probability: NONE,
    }
}

fn fab(id: &str, owner: &str, phases: usize) -> Fab {
    Fab {
        id: id.to_owned(),
        name: id.to_owned(),
        owner: owner.to_owned(),
        country: "CN".to_owned(),
        process: ProcessId(0),
        utilisation: NONE,
        ai_share: NONE,
        cycle_time: CycleTime::Months(NONE),
        tool_limit: None,
        mix: Vec::new(),
        phases: (0..phases).map(|_| phase()).collect(),
    }
}

fn die(id: &str) -> Die {
    Die {
        id: id.to_owned(),
        name: id.to_owned(),
        process: ProcessId(0),
        width: 20.0,
        height: 30.0,
        street: 0.1,
        gross: None,
        critical_area: NONE,
        cores: None,
    }
}

fn accelerator(id: &str, designer: &str, country: &str) -> Accelerator {
    Accelerator {
        id: id.to_owned(),
        name: id.to_owned(),
        designer: designer.to_owned(),
        country: country.to_owned(),
        launch: 0.0,
        delay: NONE,
        probability: NONE,
        end: None,
        tier: 1,
        weight: NONE,
        cap: None,
        test_yield: NONE,
        spec: Spec::default(),
        lifetime: NONE,
        ability: crate::scenario::Ability::default(),
        boms: Vec::new(),
    }
}

fn import(id: &str, legal: bool) -> Import {
    Import {
        id: id.to_owned(),
        name: id.to_owned(),
        designer: "NVIDIA".to_owned(),
        country: "US".to_owned(),
        rate: NONE,
        legal,
        spec: Spec::default(),
        lifetime: NONE,
        ability: crate::scenario::Ability::default(),
    }
}

/// The scenario, 2023-01 to 2028-12.
pub(super) fn scenario() -> Scenario {
    let one = Quantity {
        name: "one".to_owned(),
        unit: Unit {
            dimension: Dimension::default(),
            scale: 1.0,
            symbol: String::new(),
        },
        value: Value::Constant(Distribution::Point(1.0)),
        domain: crate::notation::Domain::Signed,
        text: "1".to_owned(),
        sources: Vec::new(),
        note: None,
        is_default: true,
        span: Span::default(),
    };
    let demand = |id: &str, metric| Demand {
        id: id.to_owned(),
        name: id.to_owned(),
        metric,
        rate: NONE,
    };
    Scenario {
        title: String::new(),
        description: None,
        home: "CN".to_owned(),
        horizon: Horizon {
            from: Date {
                year: 2023,
                month: 1,
                day: 1,
            },
            months: 72,
        },
        as_of: None,
        data_until: None,
        backtest: Vec::new(),
        run: RunOptions {
            samples: 1,
            seed: 1,
            allocation: Allocation::Priority,
            design: Design::Lhs,
        },
        planning: PlanningOptions {
            maximise: DemandMetric::Value,
            discount: 0.1,
            first: 0,
            commitments: Vec::new(),
        },
        quantities: vec![one],
        processes: vec![Process {
            id: "n2".to_owned(),
            name: "N+2".to_owned(),
            diameter: NONE,
            edge: NONE,
            yield_model: YieldModel::Poisson,
            line_yield: NONE,
            d0: DefectDensity::Given(NONE),
            sources: Vec::new(),
        }],
        fabs: vec![
            fab("line 3", "PXW", 2),
            fab("smic-sn1", "SMIC", 1),
            fab("smic-sn2", "SMIC", 2),
        ],
        dies: vec![die("ascend-910b"), die("mlu590")],
        memories: vec![Memory {
            id: "hbm2e".to_owned(),
            name: "HBM2E".to_owned(),
            capacity: NONE,
            bandwidth: NONE,
            layers: NONE,
        }],
        memory_lines: Vec::new(),
        technologies: vec!["2.5d".to_owned(), "fan out".to_owned()],
        packaging_lines: Vec::new(),
        stockpiles: Vec::new(),
        accelerators: vec![
            accelerator("ascend-910b", "Huawei", "CN"),
            accelerator("ascend-910c", "Huawei", "CN"),
            accelerator("mtt-s5000", "Moore Threads", "CN"),
            accelerator("other", "Acme", "XX"),
        ],
        imports: vec![import("grey", false), import("h20", true)],
        workloads: Vec::new(),
        ownership: None,
        demands: vec![
            demand("all", DemandMetric::H100e),
            demand("money", DemandMetric::Value),
        ],
        events: vec![Event {
            id: "ban".to_owned(),
            name: "Ban".to_owned(),
            date: 0.0,
            delay: NONE,
            probability: NONE,
            until: None,
            effects: Vec::new(),
        }],
        claims: Vec::new(),
        evidence: Vec::new(),
        correlations: Vec::new(),
    }
}

/// The die of the sample's first id.
pub(super) const FIRST_DIE: DieId = DieId(0);
