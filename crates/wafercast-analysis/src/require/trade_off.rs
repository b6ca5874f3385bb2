//! What two quantities can do together.

use rayon::prelude::*;
use wafercast::scenario::QuantityId;

use super::quantity::Scale;
use super::study::{Question, Workbench};
use super::{Requirement, TradeOff, TradeOffAxis};
use crate::target::Target;

/// Changes go this much beyond what a quantity needs alone.
const MARGIN: f64 = 1.25;

/// The probability of a claim over a grid of `steps` by `steps` changes of two quantities, from none to somewhat more than
/// each needs alone (its whole reach if it cannot).
pub fn trade_off(
    question: &Question,
    target: &Target,
    pair: [(QuantityId, &Requirement); 2],
    draws: u64,
    steps: usize,
) -> TradeOff {
    let steps = steps.max(2);
    let sides = pair.map(|(id, alone)| (id, places(alone, steps)));
    let [(first, rows), (second, columns)] = &sides;
    let probability: Vec<Vec<f64>> = rows
        .par_iter()
        .map(|&row| {
            let mut bench = Workbench::new(question, draws, vec![target]);
            columns
                .iter()
                .map(|&column| bench.probabilities(&[(*first, row), (*second, column)])[0])
                .collect()
        })
        .collect();
    let axis = |(id, places): &(QuantityId, Vec<f64>)| {
        let quantity = &question.scenario.quantities[id.0];
        let scale = Scale::of(quantity);
        TradeOffAxis {
            quantity: quantity.name.clone(),
            scale,
            changes: places.iter().map(|place| scale.shown(*place)).collect(),
        }
    };
    let (first, second) = (axis(&sides[0]), axis(&sides[1]));
    TradeOff {
        claim: target.name.clone(),
        says: target.says.clone(),
        level: question.probability,
        draws: draws.min(question.sampling.draws),
        line: line(
            &first.changes,
            &second.changes,
            &probability,
            question.probability,
        ),
        first,
        second,
        probability,
    }
}

/// Places of the search from none to beyond what is needed alone.
fn places(alone: &Requirement, steps: usize) -> Vec<f64> {
    let place = match alone.scale {
        Scale::Factor => libm::log(alone.change),
        Scale::Shift => alone.change,
    };
    let most = alone.scale.reach().most;
    let end = if alone.reached {
        (MARGIN * place).clamp(-most, most)
    } else {
        place
    };
    (0..steps)
        .map(|step| end * step as f64 / (steps - 1) as f64)
        .collect()
}

/// Where each row first crosses the level, between its columns by straight lines.
fn line(rows: &[f64], columns: &[f64], probability: &[Vec<f64>], level: f64) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    for (row, values) in rows.iter().zip(probability) {
        let crossing = values.windows(2).enumerate().find_map(|(place, pair)| {
            let (before, after) = (pair[0] - level, pair[1] - level);
            if (before < 0.0) == (after < 0.0) {
                return None;
            }
            let share = before / (before - after);
            Some(columns[place] + share * (columns[place + 1] - columns[place]))
        });
        points.extend(crossing.map(|column| (*row, column)));
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_where_the_level_is_met() {
        let axis: Vec<f64> = (0..5).map(f64::from).collect();
        // p = (row + column) / 8 meets 1/2 where they sum to 4.
        let probability: Vec<Vec<f64>> = axis
            .iter()
            .map(|row| axis.iter().map(|column| (row + column) / 8.0).collect())
            .collect();
        let found = line(&axis, &axis, &probability, 0.45);
        assert_eq!(found.len(), 4);
        for (row, column) in found {
            assert!((row + column - 3.6).abs() < 1e-12);
        }
    }
}
