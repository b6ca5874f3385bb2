//! What a chip-hour costs: rented, by contract, owned.

use serde::Serialize;
use wafercast_compute::chip::{Chip, Family};
use wafercast_compute::price::{self, Band, Kind, Ownership};

use super::inputs::Inputs;

/// Prices of a chip-hour, USD. Rent, contract and owning are never mixed.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Money {
    /// Without commitment.
    pub on_demand: Option<Rent>,
    /// For a month or longer.
    pub contract: Option<Rent>,
    /// Owning, from the price of the chip: least and greatest.
    pub owning: Option<Owning>,
}

/// A published band.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rent {
    /// Country.
    pub country: String,
    /// Day of the latest price.
    pub date: String,
    /// USD per chip-hour.
    pub low: f64,
    /// Median.
    pub middle: f64,
    /// Greatest.
    pub high: f64,
    /// Number of prices.
    pub prices: usize,
}

/// What owning costs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Owning {
    /// Price of the chip, USD.
    pub capex_usd: (f64, f64),
    /// When.
    pub date: String,
    /// USD per chip-hour.
    pub low: f64,
    /// USD per chip-hour.
    pub high: f64,
}

/// The prices of a chip: of its home market first (China for Chinese chips, the United States for others).
pub fn of_chip(chip: &Chip, inputs: &Inputs, as_of: Option<&str>, electricity: f64) -> Money {
    let bands = price::bands(&inputs.prices, &chip.id, as_of);
    let home = if chip.family == Family::China {
        "CN"
    } else {
        "US"
    };
    let rent = |kind: Kind| {
        let of_kind = || bands.iter().filter(|band| band.kind == kind);
        of_kind()
            .find(|band| band.country == home)
            .or_else(|| of_kind().next())
            .map(rent_of)
    };
    let capex = inputs
        .capex
        .iter()
        .find(|capex| capex.chip == chip.id && as_of.is_none_or(|day| capex.date.as_str() <= day));
    let owning = capex.and_then(|capex| {
        let power = chip.power_w?;
        let hour = |usd: f64| Ownership::typical(usd, power, electricity).usd_per_chip_hour();
        Some(Owning {
            capex_usd: capex.usd,
            date: capex.date.clone(),
            low: hour(capex.usd.0),
            high: hour(capex.usd.1),
        })
    });
    Money {
        on_demand: rent(Kind::OnDemand),
        contract: rent(Kind::Contract),
        owning,
    }
}

fn rent_of(band: &Band) -> Rent {
    Rent {
        country: band.country.clone(),
        date: band.date.clone(),
        low: band.low,
        middle: band.middle,
        high: band.high,
        prices: band.count,
    }
}
