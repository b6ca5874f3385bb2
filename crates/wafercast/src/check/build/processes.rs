//! Processes, fabs and dies.

use super::{Builder, number, whole};
use crate::document::{Node, Table};
use crate::scenario::{
    Cores, CycleTime, DefectDensity, Die, DieId, Fab, Phase, Process, ProcessId, RampShape,
    ToolLimit, YieldModel,
};

impl<'a> Builder<'_, 'a> {
    pub(super) fn processes(&self) -> Vec<Process> {
        let tables = self.checker.tables("process");
        tables
            .into_iter()
            .map(|(id, table, _)| {
                let path = format!("process.{id}");
                Process {
                    id: id.to_owned(),
                    name: self.name(table, id),
                    diameter: self.quantity(&format!("{path}.wafer.diameter")),
                    edge: self.quantity(&format!("{path}.wafer.edge")),
                    yield_model: self.yield_model(&path, table),
                    line_yield: self.quantity(&format!("{path}.yield.line")),
                    d0: self.defect_density(&format!("{path}.d0"), table),
                    sources: crate::check::origin::ids(table, "source"),
                }
            })
            .collect()
    }

    fn yield_model(&self, path: &str, table: &Table) -> YieldModel {
        let model = table
            .get("yield")
            .and_then(Node::table)
            .and_then(|model| model.get("model")?.text());
        match model {
            Some("murphy") => YieldModel::Murphy,
            Some("murphy_rectangular") => YieldModel::MurphyRectangular,
            Some("seeds") => YieldModel::Seeds,
            Some("seeds_sqrt") => YieldModel::SeedsSqrt,
            Some("bose_einstein") => YieldModel::BoseEinstein {
                n: self.quantity(&format!("{path}.yield.n")),
            },
            Some("negative_binomial") => YieldModel::NegativeBinomial {
                alpha: self.quantity(&format!("{path}.yield.alpha")),
            },
            _ => YieldModel::Poisson,
        }
    }

    fn defect_density(&self, path: &str, process: &Table) -> DefectDensity {
        if let Some(given) = self.optional(path) {
            return DefectDensity::Given(given);
        }
        let empty = Table::default();
        let table = process.get("d0").and_then(Node::table).unwrap_or(&empty);
        let of = |key: &str| self.quantity(&format!("{path}.{key}"));
        match table.get("learning").and_then(Node::text) {
            Some("exponential") => DefectDensity::Exponential {
                initial: of("initial"),
                floor: of("floor"),
                from: self.position(table, "from"),
                time_constant: of("time_constant"),
            },
            Some("gompertz") => DefectDensity::Gompertz {
                initial: of("initial"),
                floor: of("floor"),
                from: self.position(table, "from"),
                time_constant: of("time_constant"),
            },
            Some(_) => DefectDensity::CumulatedWafers {
                initial: of("initial"),
                reference: of("reference"),
                exponent: of("exponent"),
            },
            None => {
                let calibrate = table.get("calibrate").and_then(Node::table);
                DefectDensity::Calibrated {
                    die: DieId(calibrate.map_or(0, |table| self.reference(table, "die", "die"))),
                    reported: of("calibrate.yield"),
                }
            }
        }
    }

    pub(super) fn fabs(&self) -> Vec<Fab> {
        let tables = self.checker.tables("fab");
        tables
            .into_iter()
            .map(|(id, table, _)| {
                let path = format!("fab.{id}");
                let of = |key: &str| self.quantity(&format!("{path}.{key}"));
                Fab {
                    id: id.to_owned(),
                    name: self.name(table, id),
                    owner: self.text(table, "owner", ""),
                    country: self.text(table, "country", ""),
                    process: ProcessId(self.reference(table, "process", "process")),
                    utilisation: of("utilisation"),
                    ai_share: of("ai_share"),
                    cycle_time: match self.optional(&format!("{path}.cycle_time")) {
                        Some(months) => CycleTime::Months(months),
                        None => CycleTime::Layers {
                            layers: of("cycle_time.layers"),
                            time_per_layer: of("cycle_time.days_per_layer"),
                        },
                    },
                    tool_limit: table.get("tool_limit").map(|_| ToolLimit {
                        scanners: of("tool_limit.scanners"),
                        exposures_per_scanner_month: of("tool_limit.exposures_per_scanner_month"),
                        exposures_per_wafer: of("tool_limit.exposures_per_wafer"),
                    }),
                    mix: self.mix(&path, table),
                    phases: self.phases(&path, table),
                }
            })
            .collect()
    }

    fn mix(&self, path: &str, fab: &Table) -> Vec<(DieId, crate::scenario::QuantityId)> {
        let Some(mix) = fab.get("mix").and_then(Node::table) else {
            return Vec::new();
        };
        mix.iter()
            .map(|(die, _)| {
                let weight = self.quantity(&format!("{path}.mix.{die}"));
                (DieId(self.index("die", die)), weight)
            })
            .collect()
    }

    pub(super) fn phases(&self, path: &str, line: &'a Table) -> Vec<Phase> {
        let elements = self.checker.elements(line, "phase");
        elements
            .into_iter()
            .map(|(index, table, _)| {
                let of = |key: &str| self.quantity(&format!("{path}.phase[{index}].{key}"));
                let shape = table
                    .get("ramp")
                    .and_then(Node::table)
                    .and_then(|ramp| ramp.get("shape")?.text());
                Phase {
                    note: super::optional_text(table, "note"),
                    add: of("add"),
                    start: self.position(table, "start"),
                    delay: of("delay"),
                    ramp_time: of("ramp.time"),
                    ramp_shape: match shape {
                        Some("s-curve") => RampShape::SCurve,
                        _ => RampShape::Linear,
                    },
                    probability: of("probability"),
                }
            })
            .collect()
    }

    pub(super) fn dies(&self) -> Vec<Die> {
        /// As the description of the fields has it.
        const STREET: f64 = 0.1;
        let tables = self.checker.tables("die");
        tables
            .into_iter()
            .map(|(id, table, _)| {
                let size = table.get("size").and_then(Node::table);
                Die {
                    id: id.to_owned(),
                    name: self.name(table, id),
                    process: ProcessId(self.reference(table, "process", "process")),
                    width: self.length(size, "width", 1.0),
                    height: self.length(size, "height", 1.0),
                    street: self.length(size, "street", STREET),
                    gross: self.optional(&format!("die.{id}.gross")),
                    critical_area: self.quantity(&format!("die.{id}.critical_area")),
                    cores: table.get("cores").and_then(Node::table).map(|cores| Cores {
                        total: whole(cores, "total").unwrap_or(1),
                        min_good: whole(cores, "min_good").unwrap_or(1),
                        area_share: number(cores, "area_share").unwrap_or(1.0),
                    }),
                }
            })
            .collect()
    }
}
