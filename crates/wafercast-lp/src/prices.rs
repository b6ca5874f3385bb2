//! Shadow prices of a solved plan, by resource and month.

use crate::certificate::bound_price;
use crate::formulation::{Column, Formulation, Row};
use crate::numbers::{Line, Numbers};
use crate::solve::Solved;

/// Prices below this share of the dearest package are the solver's rounding.
const ROUNDING: f64 = 1e-6;

/// What one more of a resource in a month adds to the value, and whether no other price is optimal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    /// The price, ≥ 0.
    pub value: f64,
    /// Not degenerate.
    pub is_unique: bool,
}

impl Price {
    const ZERO: Price = Price {
        value: 0.0,
        is_unique: true,
    };
}

/// The prices of all resources of a plan, `[thing][month]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    /// A wafer start of a line.
    pub lines: Vec<Vec<Price>>,
    /// A part in stock: dies, then memories.
    pub parts: Vec<Vec<Price>>,
    /// A package of a technology, counted as its reference bill of materials.
    pub technologies: Vec<Vec<Price>>,
    /// A package more under the cap of an accelerator.
    pub caps: Vec<Vec<Price>>,
}

impl Prices {
    /// Reads the prices off a solution. `unique` is by row (see [`crate::degeneracy`]).
    pub fn of(
        numbers: &Numbers,
        formulation: &Formulation,
        solved: &Solved,
        unique: &[bool],
    ) -> Prices {
        let price = |row: Option<usize>| {
            row.map_or(Price::ZERO, |row| Price {
                value: solved.solution.prices[row].max(0.0),
                is_unique: unique.get(row).copied().unwrap_or(false),
            })
        };
        let months = 0..numbers.months;
        let table = |rows: &[Vec<Option<usize>>]| -> Vec<Vec<Price>> {
            let prices = |rows: &Vec<Option<usize>>| rows.iter().map(|row| price(*row)).collect();
            rows.iter().map(prices).collect()
        };
        let parts = table(&formulation.part_rows);
        let mut lines = table(&formulation.line_rows);
        for (l, (line, prices)) in numbers.lines.iter().zip(&mut lines).enumerate() {
            let rows = &formulation.line_rows[l];
            let capacity_rows = &formulation.capacity_rows[l];
            for month in months.clone() {
                if rows[month].is_none() {
                    prices[month] = wafer(numbers, line, &parts, month);
                } else if let Some(row) = capacity_rows[month] {
                    // One more wafer start comes with its share of the capacity that clears the queue.
                    let capacity = price(Some(row));
                    let share = line.full[month] / line.starts[month];
                    prices[month].value += share * capacity.value;
                    prices[month].is_unique &= capacity.is_unique;
                }
            }
        }
        let mut technologies = table(&formulation.technology_rows);
        for (packages, prices) in numbers.packaging.iter().zip(&mut technologies) {
            for (packages, price) in packages.iter().zip(prices) {
                price.value = if *packages > 0.0 {
                    price.value / packages
                } else {
                    0.0
                };
            }
        }
        let mut prices = Prices {
            lines,
            parts,
            technologies,
            caps: caps(numbers, formulation, solved, unique),
        };
        prices.drop_rounding(ROUNDING * dearest_package(formulation));
        prices
    }

    /// An interior point is close to zero, not at it.
    fn drop_rounding(&mut self, least: f64) {
        let kinds = [
            &mut self.lines,
            &mut self.parts,
            &mut self.technologies,
            &mut self.caps,
        ];
        for price in kinds.into_iter().flatten().flatten() {
            if price.value <= least {
                price.value = 0.0;
            }
        }
    }
}

/// The most that one package of the plan is worth.
fn dearest_package(formulation: &Formulation) -> f64 {
    let worth = formulation.program.objective.iter();
    worth.fold(0.0, |most: f64, c| most.max(*c))
}

/// A wafer of a line that has no price of its own in the program: a fixed mix, or nothing to start. It is worth its dies:
/// those of the mix, else the best.
fn wafer(numbers: &Numbers, line: &Line, parts: &[Vec<Price>], month: usize) -> Price {
    let mut best = Price::ZERO;
    let mut mixed = Price::ZERO;
    for (i, &die) in line.dies.iter().enumerate() {
        let mut wafer = Price::ZERO;
        for (end, share) in line.delay().ends(month) {
            if end < numbers.months && share > 0.0 {
                let price = parts[die][end];
                wafer.value += share * numbers.dies_per_wafer[die][end] * price.value;
                wafer.is_unique &= price.is_unique;
            }
        }
        if wafer.value > best.value {
            best = wafer;
        }
        if let Some(shares) = line.mix.get(i)
            && shares[month] > 0.0
        {
            mixed.value += shares[month] * wafer.value;
            mixed.is_unique &= wafer.is_unique;
        }
    }
    if line.mix.is_empty() { best } else { mixed }
}

fn caps(
    numbers: &Numbers,
    formulation: &Formulation,
    solved: &Solved,
    unique: &[bool],
) -> Vec<Vec<Price>> {
    let mut caps = vec![vec![Price::ZERO; numbers.months]; numbers.accelerators.len()];
    let program = &formulation.program;
    let prices = &solved.solution.prices;
    for (row, what) in formulation.rows.iter().enumerate() {
        if let Row::Cap { accelerator, month } = *what {
            caps[accelerator][month] = Price {
                value: prices[row].max(0.0),
                is_unique: unique.get(row).copied().unwrap_or(false),
            };
        }
    }
    for (j, what) in formulation.columns.iter().enumerate() {
        if let Column::Build { item, month } = *what
            && program.upper[j] < f64::INFINITY
        {
            let value = bound_price(program, prices, j);
            let rows = program.column(j).iter();
            // The solver's rounding is no price.
            let size = rows
                .clone()
                .fold(program.objective[j].abs(), |sum, &(i, a)| {
                    sum + (a * prices[i]).abs()
                });
            let is_unique = rows
                .clone()
                .all(|(i, _)| unique.get(*i).copied().unwrap_or(false));
            caps[numbers.items[item].accelerator][month] = Price {
                value: if value > 1e-9 * size { value } else { 0.0 },
                is_unique,
            };
        }
    }
    caps
}
