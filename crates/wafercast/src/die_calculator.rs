//! The die calculator: from the size of a die to good dies per wafer, and what one costs.
//!
//! Pure arithmetic over [`packing`](crate::packing), [`die_yield`](crate::die_yield) and
//! [`cost_of_goods`](crate::cost_of_goods); interposers are dies to it.

use crate::cost_of_goods::{self, MM2_PER_CM2};
use crate::die_yield::{Model, ModelError, Salvage, SalvageError};
use crate::packing::{
    self, PLACEMENTS, Packing, PackingError, Placement, Site, Tile, Wafer, formula,
};
use serde::Serialize;

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct DieInput {
    /// Size of the die (or interposer) and its street.
    pub tile: Tile,
    /// The wafer.
    pub wafer: Wafer,
    /// Defects, if yield is asked for.
    pub defects: Option<Defects>,
    /// Models to compare, at least one if `defects` is given; the first is the one that output is computed with.
    pub models: Vec<Model>,
    /// Share of wafers that survive the line, in (0, 1].
    pub line_yield: f64,
    /// Share of the die's area in which a defect kills, in (0, 1].
    pub critical_area: f64,
    /// How dies with bad cores are sold.
    pub salvage: Option<Salvage>,
    /// Price of a processed wafer, USD.
    pub wafer_price: Option<f64>,
    /// Test cost per die that leaves the line, good or bad, USD.
    pub test_per_die: f64,
    /// What is made per month.
    pub flow: Option<Flow>,
}

/// What is known about defects.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Defects {
    /// Defect density, 1/cm² (per layer for `bose_einstein`).
    Density(f64),
    /// A reported yield of saleable dies, line yield included; every model's density is solved from it.
    SaleableYield(f64),
}

/// A month's production.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Flow {
    /// Wafers per month.
    pub wafers_per_month: f64,
    /// Dies in one package.
    pub dies_per_package: f64,
    /// Yield of packaging: a failed package loses all its dies.
    pub assembly_yield: f64,
}

/// Why the question makes no sense.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DieInputError {
    /// Sizes.
    #[error(transparent)]
    Packing(#[from] PackingError),
    /// A model's parameter.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Cores.
    #[error(transparent)]
    Salvage(#[from] SalvageError),
    /// A number out of its range.
    #[error("the {what} is {value}; expected {expected}")]
    OutOfRange {
        /// Which number.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What it should be.
        expected: &'static str,
    },
    /// A yield above what the line lets through.
    #[error("a yield of {saleable} cannot be reached with a line yield of {line}")]
    AboveLineYield {
        /// The reported yield.
        saleable: f64,
        /// The line yield.
        line: f64,
    },
    /// Defects without a model.
    #[error("no yield model is given")]
    NoModel,
}

/// The answer. Per wafer where nothing else is said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DieReport {
    /// Size of the die and its street, mm.
    pub tile: Tile,
    /// The wafer, mm.
    pub wafer: Wafer,
    /// Area of the die, mm².
    pub area_mm2: f64,
    /// Gross dies, exactly packed.
    pub gross: Packing,
    /// Gross dies in each of the four standard placements.
    pub by_placement: Vec<PlacementCount>,
    /// Share of the whole wafer's area that is on gross dies.
    pub wafer_share: f64,
    /// Gross dies by the usual closed forms, for comparison.
    pub formulae: Vec<FormulaCount>,
    /// Cost of a die, good or bad, USD.
    pub cost_per_gross_die: Option<f64>,
    /// Yield by model, in the order asked for; empty if no defects were given.
    pub yields: Vec<ModelYield>,
    /// A month's production by the first model.
    pub monthly: Option<Monthly>,
    /// Gross dies in the best placement.
    pub sites: Vec<Site>,
}

/// Gross dies in one placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PlacementCount {
    /// The placement.
    pub placement: Placement,
    /// Whole dies.
    pub count: u64,
}

/// Gross dies by a closed form.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FormulaCount {
    /// Its name, as in [`formula`].
    pub name: &'static str,
    /// How it is written.
    pub formula: &'static str,
    /// Dies, not rounded.
    pub count: f64,
}

/// Yield and cost under one model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ModelYield {
    /// The model.
    pub model: Model,
    /// Defect density, 1/cm²: given, or solved from the reported yield.
    pub defects_per_cm2: f64,
    /// Killing defects expected on one die: critical area times density (per layer for `bose_einstein`).
    pub defects_per_die: f64,
    /// Share of dies without a killing defect, line yield included.
    pub perfect_yield: f64,
    /// Share of dies that can be sold, line yield included. Without cores the same as `perfect_yield`.
    pub saleable_yield: f64,
    /// Saleable dies.
    pub good_dies: f64,
    /// Cost of a known good die (wafer and test), USD.
    pub cost_per_good_die: Option<f64>,
}

/// A month's production.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Monthly {
    /// What it was computed from.
    pub flow: Flow,
    /// Saleable dies per month.
    pub good_dies: f64,
    /// Good packages per month.
    pub packages: f64,
}

/// Good dies from a number of wafers.
pub fn good_dies(wafers: f64, gross: f64, die_yield: f64) -> f64 {
    wafers * gross * die_yield
}

/// Good packages from a number of parts of which each takes `per_package`.
pub fn packages(parts: f64, per_package: f64, assembly_yield: f64) -> f64 {
    parts / per_package * assembly_yield
}

/// Parts that go into packages, before any is lost: `Σ packages · parts per package`.
pub fn parts_used(products: &[(f64, f64)]) -> f64 {
    products
        .iter()
        .map(|(packages, per_package)| packages * per_package)
        .sum()
}

/// Answers the question.
pub fn calculate(input: &DieInput) -> Result<DieReport, DieInputError> {
    validate(input)?;
    let (tile, wafer) = (input.tile, input.wafer);
    let area = tile.width * tile.height;
    let gross = packing::pack(&tile, &wafer);
    let wafer_area = std::f64::consts::PI * wafer.diameter * wafer.diameter / 4.0;
    let yields = match input.defects {
        Some(defects) => input
            .models
            .iter()
            .map(|model| model_yield(input, *model, defects, area, gross.count as f64))
            .collect::<Result<Vec<_>, _>>()?,
        None => Vec::new(),
    };
    Ok(DieReport {
        tile,
        wafer,
        area_mm2: area,
        gross,
        by_placement: PLACEMENTS
            .into_iter()
            .map(|placement| PlacementCount {
                placement,
                count: packing::count(&tile, &wafer, placement),
            })
            .collect(),
        wafer_share: gross.count as f64 * area / wafer_area,
        formulae: formulae(&tile, &wafer),
        cost_per_gross_die: input
            .wafer_price
            .filter(|_| gross.count > 0)
            .map(|price| price / gross.count as f64),
        monthly: input.flow.zip(yields.first()).map(|(flow, best)| {
            let dies = good_dies(
                flow.wafers_per_month,
                gross.count as f64,
                best.saleable_yield,
            );
            Monthly {
                flow,
                good_dies: dies,
                packages: packages(dies, flow.dies_per_package, flow.assembly_yield),
            }
        }),
        yields,
        sites: packing::layout(&tile, &wafer, gross.placement),
    })
}

fn validate(input: &DieInput) -> Result<(), DieInputError> {
    packing::validate(&input.tile, &input.wafer)?;
    for model in &input.models {
        model.validate()?;
    }
    let fraction = "a fraction above 0, at most 1";
    let in_fraction = |x: f64| x > 0.0 && x <= 1.0;
    let not_negative = |x: f64| x.is_finite() && x >= 0.0;
    let require = |is_good: bool, what, value, expected| {
        if is_good {
            Ok(())
        } else {
            Err(DieInputError::OutOfRange {
                what,
                value,
                expected,
            })
        }
    };
    let line = input.line_yield;
    require(in_fraction(line), "line yield", line, fraction)?;
    let critical = input.critical_area;
    require(in_fraction(critical), "critical area", critical, fraction)?;
    let test = input.test_per_die;
    require(not_negative(test), "test cost", test, "zero or more")?;
    if let Some(price) = input.wafer_price {
        require(not_negative(price), "wafer price", price, "zero or more")?;
    }
    if let Some(flow) = input.flow {
        let Flow {
            wafers_per_month: wafers,
            dies_per_package: dies,
            assembly_yield,
        } = flow;
        require(
            not_negative(wafers),
            "number of wafers",
            wafers,
            "zero or more",
        )?;
        let is_count = dies.is_finite() && dies > 0.0;
        require(
            is_count,
            "number of dies per package",
            dies,
            "a number above 0",
        )?;
        require(
            in_fraction(assembly_yield),
            "assembly yield",
            assembly_yield,
            fraction,
        )?;
    }
    match input.defects {
        Some(_) if input.models.is_empty() => Err(DieInputError::NoModel),
        Some(Defects::Density(d0)) => {
            require(not_negative(d0), "defect density", d0, "zero or more")
        }
        Some(Defects::SaleableYield(y)) => {
            require(in_fraction(y), "yield", y, fraction)?;
            if y > line {
                return Err(DieInputError::AboveLineYield { saleable: y, line });
            }
            Ok(())
        }
        None => Ok(()),
    }
}

fn model_yield(
    input: &DieInput,
    model: Model,
    defects: Defects,
    area: f64,
    gross: f64,
) -> Result<ModelYield, DieInputError> {
    let critical_cm2 = area / MM2_PER_CM2 * input.critical_area;
    let (defects_per_cm2, defects_per_die) = match defects {
        Defects::Density(d0) => (d0, critical_cm2 * d0),
        Defects::SaleableYield(y) => {
            let target = y / input.line_yield;
            let x = match &input.salvage {
                Some(salvage) => salvage.defects_at(model, target),
                None => model.defects_at(target),
            };
            (x / critical_cm2, x)
        }
    };
    let perfect = model.yield_at(defects_per_die);
    let saleable = match &input.salvage {
        Some(salvage) => salvage.yield_at(model, defects_per_die),
        None => perfect,
    };
    let saleable_yield = input.line_yield * saleable;
    let good = good_dies(1.0, gross, saleable_yield);
    Ok(ModelYield {
        model,
        defects_per_cm2,
        defects_per_die,
        perfect_yield: input.line_yield * perfect,
        saleable_yield,
        good_dies: good,
        cost_per_good_die: input.wafer_price.filter(|_| good > 0.0).map(|price| {
            // Wafers lost in the line are paid for, but their dies are never tested.
            cost_of_goods::known_good_die(price, gross, saleable_yield)
                + cost_of_goods::per_good_part(input.test_per_die, saleable)
        }),
    })
}

/// The closed forms, without those that repeat another because there is no edge exclusion or street.
fn formulae(tile: &Tile, wafer: &Wafer) -> Vec<FormulaCount> {
    let area = tile.width * tile.height;
    let pitch_area = (tile.width + tile.street) * (tile.height + tile.street);
    let mut formulae = vec![FormulaCount {
        name: "plain",
        formula: "πd²/4A − πd/√(2A)",
        count: formula::plain(area, wafer.diameter),
    }];
    if wafer.edge > 0.0 {
        formulae.push(FormulaCount {
            name: "with_edge",
            formula: "with d − 2·edge",
            count: formula::with_edge(area, wafer.diameter, wafer.edge),
        });
    }
    if tile.street > 0.0 {
        formulae.push(FormulaCount {
            name: "with_edge_and_street",
            formula: "with d − 2·edge, A with its street",
            count: formula::with_edge(pitch_area, wafer.diameter, wafer.edge),
        });
    }
    formulae
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question() -> DieInput {
        DieInput {
            tile: Tile {
                width: 21.32,
                height: 31.22,
                street: 0.1,
            },
            wafer: Wafer::STANDARD,
            defects: Some(Defects::Density(0.2)),
            models: vec![
                Model::NegativeBinomial { alpha: 2.5 },
                Model::Poisson,
                Model::Murphy,
            ],
            line_yield: 0.95,
            critical_area: 0.9,
            salvage: Some(Salvage::new(25, 20, 0.55).unwrap()),
            wafer_price: Some(9346.0),
            test_per_die: 5.0,
            flow: Some(Flow {
                wafers_per_month: 1000.0,
                dies_per_package: 2.0,
                assembly_yield: 0.8,
            }),
        }
    }

    #[test]
    fn a_reported_yield_gives_back_the_density_it_came_from() {
        let forward = calculate(&question()).unwrap();
        for (i, by_model) in forward.yields.iter().enumerate() {
            let back = calculate(&DieInput {
                defects: Some(Defects::SaleableYield(by_model.saleable_yield)),
                ..question()
            })
            .unwrap();
            assert!((back.yields[i].defects_per_cm2 - 0.2).abs() < 1e-9);
        }
    }

    #[test]
    fn good_dies_cost_the_wafer_and_the_test() {
        let report = calculate(&question()).unwrap();
        assert_eq!(report.gross.count as usize, report.sites.len());
        let best = report.yields[0];
        assert!(best.saleable_yield > best.perfect_yield);
        let spent = 9346.0 + 5.0 * 0.95 * report.gross.count as f64;
        assert!((best.cost_per_good_die.unwrap() * best.good_dies - spent).abs() < 1e-9);
        let monthly = report.monthly.unwrap();
        assert!((monthly.packages - monthly.good_dies * 0.4).abs() < 1e-9);
    }

    #[test]
    fn geometry_needs_no_defects() {
        let report = calculate(&DieInput {
            defects: None,
            ..question()
        })
        .unwrap();
        assert!(report.gross.count > 0 && report.yields.is_empty() && report.monthly.is_none());
    }

    #[test]
    fn a_die_larger_than_the_wafer_costs_nothing_definite() {
        let tile = Tile {
            width: 400.0,
            height: 400.0,
            street: 0.1,
        };
        let report = calculate(&DieInput { tile, ..question() }).unwrap();
        assert_eq!(report.gross.count, 0);
        assert_eq!(report.cost_per_gross_die, None);
        assert_eq!(report.yields[0].cost_per_good_die, None);
    }

    #[test]
    fn questions_that_make_no_sense_are_refused() {
        let bad = |change: fn(&mut DieInput)| {
            let mut input = question();
            change(&mut input);
            calculate(&input).unwrap_err().to_string()
        };
        assert!(bad(|i| i.line_yield = 0.0).contains("line yield"));
        assert!(bad(|i| i.critical_area = 1.5).contains("critical area"));
        assert!(bad(|i| i.defects = Some(Defects::Density(-0.1))).contains("defect density"));
        assert!(bad(|i| i.defects = Some(Defects::SaleableYield(0.99))).contains("line yield"));
        assert!(bad(|i| i.models.clear()).contains("model"));
        assert!(bad(|i| i.models = vec![Model::BoseEinstein { n: 0.0 }]).contains("`n`"));
        assert!(bad(|i| i.wafer_price = Some(f64::NAN)).contains("wafer price"));
        assert!(bad(|i| i.tile.width = -1.0).contains("width"));
    }
}
