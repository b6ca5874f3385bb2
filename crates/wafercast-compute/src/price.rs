//! What a chip-hour costs: dated rental bands, and the cost of owning. Always per chip; a server's price names its chips.

use crate::library::Library;

/// What kind of price it is. They are never mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// By the hour, without commitment.
    OnDemand,
    /// For a month or longer.
    Contract,
    /// What owning is said to cost.
    Owning,
    /// A figure that somebody calculates with.
    Assumed,
}

impl Kind {
    /// For reading.
    pub fn name(self) -> &'static str {
        match self {
            Kind::OnDemand => "on demand",
            Kind::Contract => "contract",
            Kind::Owning => "owning (published)",
            Kind::Assumed => "assumed",
        }
    }

    fn of_term(term: &str) -> Kind {
        if term.starts_with("TCO") {
            Kind::Owning
        } else if term.starts_with("assumed") {
            Kind::Assumed
        } else if term.starts_with("on-demand") || term.starts_with("spot") {
            Kind::OnDemand
        } else {
            Kind::Contract
        }
    }
}

/// A published price.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// Key of the chip in the library.
    pub chip: String,
    /// Country: `US`, `CN`, `global`.
    pub country: String,
    /// Day, ISO 8601.
    pub date: String,
    /// USD per chip-hour.
    pub usd: f64,
    /// The least and the greatest where a band is published.
    pub band: (f64, f64),
    /// Kind.
    pub kind: Kind,
    /// Who publishes it.
    pub source: String,
    /// Where.
    pub url: String,
    /// What it is the price of.
    pub note: String,
}

/// A row that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Number of the row in the file; the header is row 1.
    pub row: u64,
    /// What is wrong.
    pub problem: String,
}

/// Reads a table of prices. Rows of chips that the library does not have are left out; rows that are wrong are returned.
pub fn read(text: &str, library: &Library) -> (Vec<Price>, Vec<BadRow>) {
    let (mut prices, mut bad) = (Vec::new(), Vec::new());
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    for (index, record) in reader.records().enumerate() {
        let row = index as u64 + 2;
        let record = match record {
            Ok(record) => record,
            Err(cause) => {
                bad.push(BadRow {
                    row,
                    problem: cause.to_string(),
                });
                continue;
            }
        };
        let cell = |name: &str| {
            let at = header.iter().position(|column| column == name);
            at.and_then(|at| record.get(at)).unwrap_or("").trim()
        };
        let number = |name: &str| {
            cell(name)
                .parse::<f64>()
                .ok()
                .filter(|usd| *usd > 0.0 && *usd < 1e4)
        };
        let Ok(chip) = library.chip(cell("chip")) else {
            continue;
        };
        let Some(usd) = number("usd_per_chip_hour") else {
            let problem = format!("`usd_per_chip_hour` is `{}`", cell("usd_per_chip_hour"));
            bad.push(BadRow { row, problem });
            continue;
        };
        prices.push(Price {
            chip: chip.id.clone(),
            country: cell("country").to_owned(),
            date: cell("date").to_owned(),
            usd,
            band: (
                number("low").unwrap_or(usd).min(usd),
                number("high").unwrap_or(usd).max(usd),
            ),
            kind: Kind::of_term(cell("term")),
            source: cell("source").to_owned(),
            url: cell("url").to_owned(),
            note: cell("note").to_owned(),
        });
    }
    (prices, bad)
}

/// The prices of a chip in one country and of one kind, as of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Country.
    pub country: String,
    /// Kind.
    pub kind: Kind,
    /// Least, median and greatest, USD per chip-hour.
    pub low: f64,
    /// Median.
    pub middle: f64,
    /// Greatest.
    pub high: f64,
    /// Day of the latest price.
    pub date: String,
    /// Number of prices.
    pub count: usize,
}

/// Bands of a chip as of a day, by country and kind: of each the prices of the calendar year of the latest one.
pub fn bands(prices: &[Price], chip: &str, as_of: Option<&str>) -> Vec<Band> {
    let mut known: Vec<&Price> = prices
        .iter()
        .filter(|price| price.chip == chip && as_of.is_none_or(|day| price.date.as_str() <= day))
        .collect();
    known.sort_by(|a, b| (&a.country, a.kind, &a.date).cmp(&(&b.country, b.kind, &b.date)));
    known
        .chunk_by(|a, b| (&a.country, a.kind) == (&b.country, b.kind))
        .filter_map(|group| {
            let last = group.last()?;
            let year = last.date.get(..4)?;
            let latest: Vec<&&Price> = group
                .iter()
                .filter(|price| price.date.starts_with(year))
                .collect();
            let mut middles: Vec<f64> = latest.iter().map(|price| price.usd).collect();
            middles.sort_by(f64::total_cmp);
            let half = middles.len() / 2;
            let middle = if middles.len() % 2 == 1 {
                middles[half]
            } else {
                f64::midpoint(middles[half - 1], middles[half])
            };
            Some(Band {
                country: last.country.clone(),
                kind: last.kind,
                low: latest
                    .iter()
                    .map(|price| price.band.0)
                    .fold(f64::INFINITY, f64::min),
                middle,
                high: latest.iter().map(|price| price.band.1).fold(0.0, f64::max),
                date: last.date.clone(),
                count: latest.len(),
            })
        })
        .collect()
}

/// What owning a chip costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ownership {
    /// Price of the chip, USD.
    pub capex: f64,
    /// Server, network and building over the price of the chip.
    pub overhead: f64,
    /// Cost of capital, per year.
    pub wacc: f64,
    /// Years over which it is written off.
    pub years: f64,
    /// Running cost other than power, share of the investment per year.
    pub opex: f64,
    /// Share of the time that it is available.
    pub availability: f64,
    /// Power of a chip with its share of server, network and cooling, kW.
    pub kw: f64,
    /// Share of that power that is drawn.
    pub load: f64,
    /// Price of electricity, USD per kWh.
    pub usd_per_kwh: f64,
}

/// Hours of a year.
const HOURS: f64 = 8766.0;

impl Ownership {
    /// Typical assumptions for a chip of this price and power: servers and network at 0.6 of the chips' price, 10 % cost of
    /// capital over four years, 5 % a year for running, 95 % available, power ×1.5 for server, network and cooling, 80 %
    /// drawn.
    pub fn typical(capex: f64, power_w: f64, usd_per_kwh: f64) -> Ownership {
        Ownership {
            capex,
            overhead: 1.6,
            wacc: 0.10,
            years: 4.0,
            opex: 0.05,
            availability: 0.95,
            kw: power_w * 1.5 / 1000.0,
            load: 0.8,
            usd_per_kwh,
        }
    }

    /// Capital recovery factor: the yearly payment for one dollar.
    pub fn recovery(&self) -> f64 {
        if self.wacc == 0.0 {
            return 1.0 / self.years;
        }
        let growth = wafercast::draw::kernel::pow(1.0 + self.wacc, self.years);
        self.wacc * growth / (growth - 1.0)
    }

    /// USD per chip-hour of use.
    pub fn usd_per_chip_hour(&self) -> f64 {
        let capital = self.capex * self.overhead * (self.recovery() + self.opex)
            / (HOURS * self.availability);
        capital + self.kw * self.load * self.usd_per_kwh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owning_by_hand() {
        let mut owning = Ownership::typical(25_000.0, 700.0, 0.08);
        owning.wacc = 0.0;
        owning.opex = 0.0;
        // 40,000 over four years, plus 0.84 kW drawn.
        let expected = 10_000.0 / (8766.0 * 0.95) + 0.84 * 0.08;
        assert!((owning.usd_per_chip_hour() - expected).abs() < 1e-12);
        owning.wacc = 0.1;
        assert!((owning.recovery() - 0.315_470_803_705_4).abs() < 1e-12);
    }
}
