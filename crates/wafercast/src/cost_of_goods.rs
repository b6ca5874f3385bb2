//! What a good die, and a package of them, costs to make.
//!
//! The recurring cost of packages follows Feng & Ma, "Chiplet Actuary: a quantitative cost model and multi-chiplet
//! architecture exploration", DAC 2022; scrap in assembly follows the published chiplet cost model of Google (2022).
//! Money is in US dollars, areas in mm², defect densities in 1/cm².

use crate::die_yield::Model;
use crate::packing::formula;
use serde::Serialize;

/// mm² per cm².
pub const MM2_PER_CM2: f64 = 100.0;

/// Cost of one known good die: `wafer_price / (gross · die_yield)`. Infinite where no die is good.
pub fn known_good_die(wafer_price: f64, gross: f64, die_yield: f64) -> f64 {
    wafer_price / gross / die_yield
}

/// Cost of one good part when everything spent on the bad ones is lost: `cost / part_yield`.
pub fn per_good_part(cost: f64, part_yield: f64) -> f64 {
    cost / part_yield
}

/// Yield of a stack, or of any row of bonds all of which must hold: `step_yield^steps`.
pub fn compound_yield(step_yield: f64, steps: f64) -> f64 {
    libm::pow(step_yield, steps)
}

/// One-time cost of designing a chip (Feng & Ma 2022): of `nre_300`, the cost of a 300 mm² chip at its node, 30 % go
/// with the area and 20 % (masks, IP and the like) are fixed; the rest is the modules' and not counted here.
pub fn chip_design(area: f64, nre_300: f64) -> f64 {
    0.3 * nre_300 * area / 300.0 + 0.2 * nre_300
}

/// One step of assembly: what has been put together so far, and how well the step goes.
#[derive(Debug, Clone, PartialEq)]
pub struct AssemblyStep {
    /// Cost of each part that the step joins.
    pub parts: Vec<f64>,
    /// Yield of joining one part.
    pub yield_per_part: f64,
}

/// Cost of the parts lost in assembly: `Σ_steps Σ parts · (1 − y^n)` with n parts joined in the step.
pub fn assembly_scrap(steps: &[AssemblyStep]) -> f64 {
    steps
        .iter()
        .map(|step| {
            let joined = step.parts.len() as f64;
            step.parts.iter().sum::<f64>() * (1.0 - compound_yield(step.yield_per_part, joined))
        })
        .sum()
}

/// A process on round wafers, as far as cost goes. Dies and interposers are taken as squares and counted by
/// [`formula::with_edge_and_scribe`], as the model does: for a real size use [`crate::packing`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WaferProcess {
    /// Price of a processed wafer.
    pub wafer_price: f64,
    /// Wafer diameter, mm.
    pub diameter: f64,
    /// Edge exclusion, mm.
    pub edge: f64,
    /// Scribe line, mm.
    pub scribe: f64,
    /// Defect density, 1/cm².
    pub defect_density: f64,
    /// Yield model.
    pub model: Model,
}

impl WaferProcess {
    /// Pieces of `area` per wafer, not rounded.
    pub fn gross(&self, area: f64) -> f64 {
        formula::with_edge_and_scribe(area, self.diameter, self.edge, self.scribe)
    }

    /// Yield of a piece of `area`.
    pub fn yield_of(&self, area: f64) -> f64 {
        self.model
            .yield_at(area / MM2_PER_CM2 * self.defect_density)
    }

    /// Cost of a piece of `area`, good or bad.
    pub fn raw_cost(&self, area: f64) -> f64 {
        self.wafer_price / self.gross(area)
    }

    /// Cost of a good piece of `area`.
    pub fn good_cost(&self, area: f64) -> f64 {
        known_good_die(self.wafer_price, self.gross(area), self.yield_of(area))
    }
}

/// Equal dies in a package.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DieGroup {
    /// Area of one.
    pub area: f64,
    /// How many.
    pub count: u32,
    /// What they are made on.
    pub process: WaferProcess,
}

/// An organic substrate and the bonding of parts to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Substrate {
    /// Area of the substrate over that of what it carries.
    pub area_factor: f64,
    /// Cost per mm² of a plain substrate.
    pub cost_per_area: f64,
    /// Yield of bonding one part.
    pub bonding_yield: f64,
    /// Cost of C4 bumps per mm² of what is bonded.
    pub bump_cost_per_area: f64,
}

impl Substrate {
    /// Cost of the substrate under dies bonded directly: more dies and a larger substrate need more layers (Feng & Ma
    /// 2022: 1.5, 1.75 above 17 mm × 17 mm, 2 above 30 mm × 30 mm).
    fn cost_with_routing(&self, die_area: f64, dies: u32) -> f64 {
        let area = die_area * self.area_factor;
        let layers = match area {
            _ if dies == 1 => 1.0,
            area if area > 30.0 * 30.0 => 2.0,
            area if area > 17.0 * 17.0 => 1.75,
            _ => 1.5,
        };
        area * self.cost_per_area * layers
    }
}

/// An interposer between dies and substrate: a redistribution layer (fan-out) or silicon, dies attached last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interposer {
    /// What it is made on.
    pub process: WaferProcess,
    /// Area of the interposer over that of the dies.
    pub area_factor: f64,
    /// Yield of bonding one die to it.
    pub bonding_yield: f64,
    /// Cost of microbumps per mm² of die.
    pub bump_cost_per_area: f64,
    /// Whether the microbumps of equal dies are paid for once per die. The reference implementation of Chiplet Actuary
    /// charges them once per kind of die instead.
    pub bumps_on_every_die: bool,
}

/// Recurring cost of one good package by its causes, as Feng & Ma (2022) part it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RecurringCost {
    /// Dies with their bumps, had all been good.
    pub raw_dies: f64,
    /// Bad dies.
    pub defective_dies: f64,
    /// Substrate and interposer, had all gone well.
    pub raw_package: f64,
    /// Bad interposers, and substrates and interposers lost in bonding.
    pub defective_packages: f64,
    /// Known good dies lost in bonding.
    pub wasted_good_dies: f64,
}

impl RecurringCost {
    /// The sum.
    pub fn total(&self) -> f64 {
        self.raw_dies
            + self.defective_dies
            + self.raw_package
            + self.defective_packages
            + self.wasted_good_dies
    }
}

/// Dies bonded to an organic substrate: one (a monolithic chip) or several (a multi-chip module).
pub fn on_substrate(dies: &[DieGroup], substrate: &Substrate) -> RecurringCost {
    let per_area = substrate.bump_cost_per_area;
    let raw_dies = sum(dies, |die| {
        (die.process.raw_cost(die.area) + die.area * per_area) * f64::from(die.count)
    });
    let defective_dies = defective(dies);
    let count: u32 = dies.iter().map(|die| die.count).sum();
    let raw_package = substrate.cost_with_routing(total_area(dies), count);
    let lost = lost_per_good(compound_yield(substrate.bonding_yield, f64::from(count)));
    RecurringCost {
        raw_dies,
        defective_dies,
        raw_package,
        defective_packages: raw_package * lost,
        wasted_good_dies: (raw_dies + defective_dies) * lost,
    }
}

/// Dies bonded to an interposer, and that to an organic substrate (dies last: an interposer found bad costs no die).
pub fn on_interposer(
    dies: &[DieGroup],
    interposer: &Interposer,
    substrate: &Substrate,
) -> RecurringCost {
    let raw_dies = sum(dies, |die| {
        let count = f64::from(die.count);
        let bumped = if interposer.bumps_on_every_die {
            count
        } else {
            1.0
        };
        die.process.raw_cost(die.area) * count + die.area * interposer.bump_cost_per_area * bumped
    });
    let defective_dies = defective(dies);
    let count: u32 = dies.iter().map(|die| die.count).sum();
    let area = total_area(dies) * interposer.area_factor;
    let raw_interposer = interposer.process.raw_cost(area) + area * substrate.bump_cost_per_area;
    let raw_substrate = area * substrate.area_factor * substrate.cost_per_area;
    let made = interposer.process.yield_of(area);
    let bonded = compound_yield(interposer.bonding_yield, f64::from(count));
    let mounted = substrate.bonding_yield;
    RecurringCost {
        raw_dies,
        defective_dies,
        raw_package: raw_interposer + raw_substrate,
        defective_packages: raw_interposer * lost_per_good(made * bonded * mounted)
            + raw_substrate * lost_per_good(mounted),
        wasted_good_dies: (raw_dies + defective_dies) * lost_per_good(bonded * mounted),
    }
}

/// Bad parts paid for with each good one.
fn lost_per_good(part_yield: f64) -> f64 {
    1.0 / part_yield - 1.0
}

fn defective(dies: &[DieGroup]) -> f64 {
    sum(dies, |die| {
        let lost = die.process.good_cost(die.area) - die.process.raw_cost(die.area);
        lost * f64::from(die.count)
    })
}

fn total_area(dies: &[DieGroup]) -> f64 {
    sum(dies, |die| die.area * f64::from(die.count))
}

fn sum(dies: &[DieGroup], value: impl Fn(&DieGroup) -> f64) -> f64 {
    dies.iter().map(value).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(defect_density: f64) -> WaferProcess {
        WaferProcess {
            wafer_price: 9346.0,
            diameter: 300.0,
            edge: 5.0,
            scribe: 0.2,
            defect_density,
            model: Model::NegativeBinomial { alpha: 10.0 },
        }
    }

    const SUBSTRATE: Substrate = Substrate {
        area_factor: 4.0,
        cost_per_area: 0.005,
        bonding_yield: 1.0,
        bump_cost_per_area: 0.005,
    };

    fn pair(defect_density: f64) -> [DieGroup; 1] {
        [DieGroup {
            area: 400.0,
            count: 2,
            process: process(defect_density),
        }]
    }

    #[test]
    fn nothing_is_lost_where_nothing_fails() {
        let cost = on_substrate(&pair(0.0), &SUBSTRATE);
        assert_eq!(
            (
                cost.defective_dies,
                cost.defective_packages,
                cost.wasted_good_dies
            ),
            (0.0, 0.0, 0.0)
        );
        let expected = 2.0 * (process(0.0).raw_cost(400.0) + 400.0 * 0.005);
        assert!((cost.raw_dies - expected).abs() < 1e-12);
        // 3200 mm² of substrate for two dies: twice the plain cost.
        assert!((cost.raw_package - 3200.0 * 0.005 * 2.0).abs() < 1e-12);
    }

    #[test]
    fn microbumps_are_paid_for_every_die_unless_told_otherwise() {
        let mut interposer = Interposer {
            process: process(0.0),
            area_factor: 1.1,
            bonding_yield: 0.95,
            bump_cost_per_area: 0.01,
            bumps_on_every_die: true,
        };
        let every = on_interposer(&pair(0.1), &interposer, &SUBSTRATE);
        interposer.bumps_on_every_die = false;
        let once = on_interposer(&pair(0.1), &interposer, &SUBSTRATE);
        assert!((every.raw_dies - once.raw_dies - 4.0).abs() < 1e-9);
        assert!(every.total() > once.total());
    }

    #[test]
    fn good_dies_pay_for_bad_ones() {
        assert_eq!(known_good_die(1000.0, 100.0, 0.5), 20.0);
        assert_eq!(known_good_die(1000.0, 100.0, 0.0), f64::INFINITY);
    }

    #[test]
    fn scrap_adds_up_over_the_steps() {
        let step = |parts: &[f64], yield_per_part| AssemblyStep {
            parts: parts.into(),
            yield_per_part,
        };
        let scrap = assembly_scrap(&[step(&[10.0, 20.0], 0.9), step(&[30.0], 0.5), step(&[], 0.1)]);
        assert!((scrap - (30.0 * 0.19 + 15.0)).abs() < 1e-12);
    }
}
