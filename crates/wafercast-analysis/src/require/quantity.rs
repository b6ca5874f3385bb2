//! Quantities as they are changed here: by a factor, or by months.

use serde::{Deserialize, Serialize};
use wafercast::change::Change;
use wafercast::distribution::Distribution;
use wafercast::plan::Plan;
use wafercast::scenario::{Quantity, QuantityId, Scenario, Value};
use wafercast::unit::Dimension;

use super::Requirement;
use super::search::Reach;

/// How a quantity is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Multiplied.
    Factor,
    /// Shifted by months.
    Shift,
}

/// Factors go from a tenth to ten, shifts to three years.
const LARGEST_LOG: f64 = std::f64::consts::LN_10;
const LARGEST_SHIFT: f64 = 36.0;
/// Sizes not told apart: half a percent, a day.
const FINEST_LOG: f64 = 0.005;
const FINEST_SHIFT: f64 = 1.0 / 32.0;

impl Scale {
    /// Times are shifted, everything else is multiplied.
    pub fn of(quantity: &Quantity) -> Scale {
        if quantity.unit.dimension == Dimension::TIME {
            Scale::Shift
        } else {
            Scale::Factor
        }
    }

    /// The change at a place of the search: the logarithm of the factor, or months.
    pub(super) fn change(self, place: f64) -> Change {
        match self {
            Scale::Factor => Change::factor(libm::exp(place)),
            Scale::Shift => Change::shift(place),
        }
    }

    /// A place as people read it: a factor, or months.
    pub(super) fn shown(self, place: f64) -> f64 {
        match self {
            Scale::Factor => libm::exp(place),
            Scale::Shift => place,
        }
    }

    /// The standard error of what is shown.
    pub(super) fn shown_error(self, place: f64, error: f64) -> f64 {
        match self {
            Scale::Factor => libm::exp(place) * error,
            Scale::Shift => error,
        }
    }

    pub(super) fn reach(self) -> Reach {
        match self {
            Scale::Factor => Reach {
                most: LARGEST_LOG,
                finest: FINEST_LOG,
            },
            Scale::Shift => Reach {
                most: LARGEST_SHIFT,
                finest: FINEST_SHIFT,
            },
        }
    }

    /// A size by which certain quantities are compared: a tenth more, a quarter of a year.
    pub(super) fn usual(self) -> f64 {
        match self {
            Scale::Factor => 0.1,
            Scale::Shift => 3.0,
        }
    }
}

/// The quantities that an author wrote and draws read, and that a change of this kind would move.
pub fn candidates(scenario: &Scenario, plan: &Plan) -> Vec<QuantityId> {
    (0..scenario.quantities.len())
        .map(QuantityId)
        .filter(|&id| {
            let quantity = &scenario.quantities[id.0];
            let is_evidence = quantity.name.starts_with("evidence.");
            !quantity.is_default && !is_evidence && plan.is_drawn(id) && can_move(quantity)
        })
        .collect()
}

/// Nothing times a factor stays nothing.
pub(super) fn can_move(quantity: &Quantity) -> bool {
    Scale::of(quantity) == Scale::Shift
        || distributions(quantity).iter().any(
            |distribution| !matches!(distribution, Distribution::Point(value) if *value == 0.0),
        )
}

fn distributions(quantity: &Quantity) -> Vec<&Distribution> {
    match &quantity.value {
        Value::Constant(distribution) => vec![distribution],
        Value::Path(path) => path
            .anchors
            .iter()
            .map(|(_, distribution)| distribution)
            .collect(),
    }
}

/// Standard deviation of a quantity at a place of the search, from its 16th and 84th percentile; of a path the mean over
/// its uncertain anchors. None if it is certain.
pub(super) fn deviation(quantity: &Quantity) -> Option<f64> {
    const ONE_SIGMA: [f64; 2] = [0.158_655_253_931_457, 0.841_344_746_068_543];
    let scale = Scale::of(quantity);
    let spreads: Vec<f64> = distributions(quantity)
        .into_iter()
        .filter_map(|distribution| {
            let [low, high] = ONE_SIGMA.map(|p| distribution.quantile(p));
            let spread = match scale {
                Scale::Shift => high - low,
                Scale::Factor if low > 0.0 => libm::log(high / low),
                Scale::Factor => return None,
            };
            (spread > 0.0).then_some(spread / 2.0)
        })
        .collect();
    (!spreads.is_empty()).then(|| spreads.iter().sum::<f64>() / spreads.len() as f64)
}

/// A requirement at a place of the search.
pub(super) fn requirement(
    scenario: &Scenario,
    id: QuantityId,
    (place, error): (f64, f64),
    reached: bool,
    probability: f64,
) -> Requirement {
    let quantity = &scenario.quantities[id.0];
    let scale = Scale::of(quantity);
    let (at, median) = match &quantity.value {
        Value::Constant(distribution) => (None, distribution.quantile(0.5)),
        Value::Path(path) => {
            let (position, distribution) = &path.anchors[path.anchors.len() - 1];
            // Anchors may lie outside the months simulated.
            let month = scenario.horizon.month_at(*position);
            let label = month.map(|month| scenario.horizon.month_label(month));
            (label, distribution.quantile(0.5))
        }
    };
    let changed = scale.change(place).apply(median, quantity.domain);
    Requirement {
        quantity: quantity.name.clone(),
        scale,
        change: scale.shown(place),
        standard_error: scale.shown_error(place, error),
        reached,
        probability,
        deviations: deviation(quantity).map(|sd| place.abs() / sd),
        from: median / quantity.unit.scale,
        to: changed / quantity.unit.scale,
        unit: quantity.unit.symbol.clone(),
        at,
    }
}
