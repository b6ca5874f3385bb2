//! Rules between tables: whether the parts of the network fit together.

use super::Checker;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::distribution::Distribution;
use crate::scenario::{
    Bom, DefectDensity, DieId, MemoryId, PackagingLine, Part, QuantityId, Scenario, Value,
};

impl Checker<'_> {
    /// Checks the rules of the network. The scenario may still have stand-ins where errors were reported.
    pub(super) fn network_rules(&mut self, scenario: &Scenario) {
        if crate::diagnostic::has_errors(&self.diagnostics) {
            return;
        }
        self.dies_fit(scenario);
        self.dies_of_process(scenario);
        self.packaging_units(scenario);
        self.boms(scenario);
        self.unused(scenario);
        self.plans(scenario);
    }

    /// Where a key is written: of a path into the document, as far as it goes.
    fn place(&self, path: &[&str]) -> Span {
        let mut span = self.document.start();
        let mut table = Some(self.root);
        for key in path {
            let Some(entry) = table.and_then(|table| table.entries.get(*key)) else {
                break;
            };
            span = entry.key;
            table = entry.node.table();
        }
        span
    }

    fn dies_fit(&mut self, scenario: &Scenario) {
        for die in scenario.dies.iter().filter(|die| die.gross.is_none()) {
            let process = &scenario.processes[die.process.0];
            let (Some(diameter), Some(edge)) = (
                point(scenario, process.diameter),
                point(scenario, process.edge),
            ) else {
                continue;
            };
            if !fits(die.width, die.height, diameter, edge) {
                let span = self.place(&["die", &die.id, "size", "width"]);
                self.report(Diagnostic::error(
                    codes::DIE_TOO_LARGE,
                    format!(
                        "`die.{}` of {} mm × {} mm does not fit on the wafer of `process.{}`",
                        die.id, die.width, die.height, process.id
                    ),
                    span,
                    format!("the wafer has {} mm to use", diameter - 2.0 * edge),
                ));
            }
        }
    }

    fn dies_of_process(&mut self, scenario: &Scenario) {
        for (index, process) in scenario.processes.iter().enumerate() {
            if let DefectDensity::Calibrated { die, .. } = process.d0
                && scenario.dies[die.0].process.0 != index
            {
                let other = &scenario.processes[scenario.dies[die.0].process.0].id;
                let span = self.place(&["process", &process.id, "d0"]);
                let message = format!(
                    "`process.{}` is calibrated with `die.{}`, which is of `process.{other}`",
                    process.id, scenario.dies[die.0].id
                );
                self.report(
                    Diagnostic::error(
                        codes::DIE_OF_OTHER_PROCESS,
                        message,
                        span,
                        "of another process",
                    )
                    .help("name a die of this process"),
                );
            }
        }
        for fab in &scenario.fabs {
            for (die, _) in &fab.mix {
                let die = &scenario.dies[die.0];
                if die.process != fab.process {
                    let span = self.place(&["fab", &fab.id, "mix", &die.id]);
                    let message = format!(
                        "`fab.{}` runs `process.{}`, but its mix has `die.{}` of `process.{}`",
                        fab.id,
                        scenario.processes[fab.process.0].id,
                        die.id,
                        scenario.processes[die.process.0].id
                    );
                    self.report(Diagnostic::error(
                        codes::DIE_OF_OTHER_PROCESS,
                        message,
                        span,
                        "of another process",
                    ));
                }
            }
        }
    }

    fn packaging_units(&mut self, scenario: &Scenario) {
        for line in &scenario.packaging_lines {
            let dimension = |add: QuantityId| scenario.quantities[add.0].unit.dimension;
            let Some(first) = line.phases.first() else {
                continue;
            };
            let other = line
                .phases
                .iter()
                .find(|phase| dimension(phase.add) != dimension(first.add));
            if let Some(other) = other {
                let quantity = &scenario.quantities[other.add.0];
                let diagnostic = Diagnostic::error(
                    codes::PHASES_IN_DIFFERENT_UNITS,
                    format!(
                        "`{}` is in {}, the first phase in {}",
                        quantity.name, quantity.unit, scenario.quantities[first.add.0].unit
                    ),
                    quantity.span,
                    "another unit",
                );
                let first_span = scenario.quantities[first.add.0].span;
                self.report(
                    diagnostic
                        .label(first_span, "the first phase")
                        .help("count packages or interposer wafers in all phases of the line"),
                );
            }
        }
    }

    fn boms(&mut self, scenario: &Scenario) {
        for accelerator in &scenario.accelerators {
            let span = self.place(&["accelerator", &accelerator.id, "bom"]);
            for bom in &accelerator.boms {
                for (die, _) in &bom.dies {
                    if !die_is_supplied(scenario, *die) {
                        self.no_supply(&accelerator.id, "die", &scenario.dies[die.0].id, span);
                    }
                }
                for (memory, _) in &bom.memory {
                    if !memory_is_supplied(scenario, *memory) {
                        let id = &scenario.memories[memory.0].id;
                        self.no_supply(&accelerator.id, "memory", id, span);
                    }
                }
                self.package(scenario, &accelerator.id, bom, span);
            }
        }
    }

    fn no_supply(&mut self, accelerator: &str, section: &str, id: &str, span: Span) {
        let (lines, key) = match section {
            "die" => ("fab runs its process", "die"),
            _ => ("memory line makes it", "memory"),
        };
        self.report(
            Diagnostic::warning(
                codes::NO_SUPPLY,
                format!(
                    "nothing supplies `{section}.{id}`, which `accelerator.{accelerator}` needs"
                ),
                span,
                "needs it",
            )
            .help(format!(
                "no {lines} and no stockpile has part = \"{key}.{id}\""
            )),
        );
    }

    fn package(&mut self, scenario: &Scenario, accelerator: &str, bom: &Bom, span: Span) {
        let Some(technology) = bom.technology else {
            return;
        };
        let name = &scenario.technologies[technology.0];
        let lines: Vec<&PackagingLine> = scenario
            .packaging_lines
            .iter()
            .filter(|line| line.technology == technology)
            .collect();
        if lines.is_empty() {
            let known = scenario
                .packaging_lines
                .iter()
                .map(|line| scenario.technologies[line.technology.0].as_str());
            let help = crate::diagnostic::did_you_mean(name, known);
            self.report(
                Diagnostic::error(
                    codes::NO_PACKAGING,
                    format!(
                        "no packaging line offers `{name}`, which `accelerator.{accelerator}` needs"
                    ),
                    span,
                    "needs it",
                )
                .help(help.unwrap_or(format!(
                    "add a [packaging_line.ID] with technology = \"{name}\""
                ))),
            );
        }
        for line in lines.into_iter().filter(|line| line.in_wafers) {
            match bom.size {
                None => self.report(
                    Diagnostic::error(
                        codes::INTERPOSER_SIZE_NEEDED,
                        format!(
                            "`accelerator.{accelerator}` gives no size of its package, but `packaging_line.{}` counts wafers",
                            line.id
                        ),
                        span,
                        "size is missing",
                    )
                    .help("add size = { width = \"60 mm\", height = \"50 mm\" } to `packaging`"),
                ),
                Some((width, height)) if !fits(width, height, line.diameter, line.edge) => {
                    self.report(Diagnostic::error(
                        codes::INTERPOSER_TOO_LARGE,
                        format!(
                            "an interposer of {width} mm × {height} mm does not fit on the wafers of `packaging_line.{}`",
                            line.id
                        ),
                        span,
                        format!("the wafer has {} mm to use", line.diameter - 2.0 * line.edge),
                    ));
                }
                Some(_) => {}
            }
        }
    }

    /// Tables that act on nothing.
    fn unused(&mut self, scenario: &Scenario) {
        let boms = || {
            scenario
                .accelerators
                .iter()
                .flat_map(|accelerator| &accelerator.boms)
        };
        let mut unused: Vec<(&str, &str)> = Vec::new();
        for (index, die) in scenario.dies.iter().enumerate() {
            let id = DieId(index);
            let calibrates = scenario.processes.iter().any(
                |process| matches!(process.d0, DefectDensity::Calibrated { die, .. } if die == id),
            );
            let is_mixed = scenario
                .fabs
                .iter()
                .any(|fab| fab.mix.iter().any(|(die, _)| *die == id));
            let is_built = boms().any(|bom| bom.dies.iter().any(|(die, _)| *die == id));
            if !(calibrates || is_mixed || is_built) {
                unused.push(("die", &die.id));
            }
        }
        for (index, memory) in scenario.memories.iter().enumerate() {
            let id = MemoryId(index);
            if !boms().any(|bom| bom.memory.iter().any(|(memory, _)| *memory == id)) {
                unused.push(("memory", &memory.id));
            }
        }
        for (index, process) in scenario.processes.iter().enumerate() {
            let is_run = scenario.fabs.iter().any(|fab| fab.process.0 == index);
            if !is_run && !scenario.dies.iter().any(|die| die.process.0 == index) {
                unused.push(("process", &process.id));
            }
        }
        for (section, id) in unused {
            let span = self.place(&[section, id]);
            self.report(Diagnostic::warning(
                codes::UNUSED,
                format!("`{section}.{id}` is not used by anything"),
                span,
                "has no effect",
            ));
        }
    }

    fn plans(&mut self, scenario: &Scenario) {
        for accelerator in &scenario.accelerators {
            for (quantity, what) in [
                (Some(accelerator.weight), "weight"),
                (accelerator.cap, "cap"),
            ] {
                let Some(quantity) = quantity.map(|id| &scenario.quantities[id.0]) else {
                    continue;
                };
                let changed = scenario
                    .events
                    .iter()
                    .flat_map(|event| &event.effects)
                    .any(|effect| scenario.quantities[effect.quantity.0].name == quantity.name);
                if is_zero(&quantity.value) && !changed {
                    self.report(Diagnostic::warning(
                        codes::NEVER_BUILT,
                        format!(
                            "`accelerator.{}` is never built: its {what} is zero",
                            accelerator.id
                        ),
                        quantity.span,
                        "zero at all times",
                    ));
                }
            }
        }
    }
}

fn die_is_supplied(scenario: &Scenario, die: DieId) -> bool {
    let process = scenario.dies[die.0].process;
    scenario.fabs.iter().any(|fab| {
        fab.process == process
            && (fab.mix.is_empty() || fab.mix.iter().any(|(mixed, _)| *mixed == die))
    }) || is_stocked(scenario, Part::Die(die))
}

fn memory_is_supplied(scenario: &Scenario, memory: MemoryId) -> bool {
    scenario
        .memory_lines
        .iter()
        .any(|line| line.memory == memory)
        || is_stocked(scenario, Part::Memory(memory))
}

fn is_stocked(scenario: &Scenario, part: Part) -> bool {
    scenario
        .stockpiles
        .iter()
        .any(|stockpile| stockpile.part == part)
}

/// Whether a rectangle fits into the usable circle: its diagonal is no longer than the diameter.
fn fits(width: f64, height: f64, diameter: f64, edge: f64) -> bool {
    let usable = diameter - 2.0 * edge;
    usable > 0.0 && width * width + height * height <= usable * usable
}

fn point(scenario: &Scenario, quantity: QuantityId) -> Option<f64> {
    match scenario.quantities[quantity.0].value {
        Value::Constant(Distribution::Point(value)) => Some(value),
        _ => None,
    }
}

fn is_zero(value: &Value) -> bool {
    let zero = |distribution: &Distribution| matches!(distribution, Distribution::Point(value) if *value == 0.0);
    match value {
        Value::Constant(distribution) => zero(distribution),
        Value::Path(path) => {
            path.growth.is_none() && path.anchors.iter().all(|(_, each)| zero(each))
        }
    }
}
