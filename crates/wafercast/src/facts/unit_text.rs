//! Units as they are written in the fact base.

use crate::unit::Unit;

/// A unit of the fact base.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FactUnit {
    /// One the scenario language can use.
    Measured(Unit),
    /// A known word that measures nothing the model has a dimension for.
    Unmeasured,
    /// Neither.
    Unknown,
}

/// An 8-inch wafer in 12-inch wafers, by area.
const EIGHT_INCH: f64 = (200.0 * 200.0) / (300.0 * 300.0);

/// Words without a dimension in the model. `year` is a calendar year there, not a duration; `points` are percentage
/// points; equivalents of other chips than the H100 differ by their definition.
const UNMEASURED: &[&str] = &[
    "flag", "event", "year", "points", "bits", "MTr/mm2", "H200e", "B300e",
];

/// Counts of things the model treats as plain numbers.
const COUNTS: &[&str] = &[
    "x", "ratio", "fabs", "firms", "systems", "tools", "pieces", "scanners",
];

/// Other spellings, and what is written in the scenario language.
const SPELLINGS: &[(&str, &str)] = &[
    ("TFLOPS", "TFLOP/s"),
    ("PFLOPS", "PFLOP/s"),
    ("EFLOPS", "EFLOP/s"),
    ("ZFLOPS", "ZFLOP/s"),
    ("TOPS", "TOP/s"),
    ("USD bn", "B USD"),
    ("USD mn", "M USD"),
    ("RMB bn", "B RMB"),
    ("RMB mn", "M RMB"),
    ("USD/hour", "USD/h"),
    ("USD/GPU-hour", "USD/h"),
];

/// The unit behind the text of the `unit` column.
pub(super) fn read(text: &str) -> FactUnit {
    let text = text.trim();
    if UNMEASURED.contains(&text) {
        return FactUnit::Unmeasured;
    }
    if text.is_empty() || COUNTS.contains(&text) {
        return FactUnit::Measured(Unit::one());
    }
    if let Some(wafers) = text.strip_prefix("8-inch ") {
        return eight_inch(text, wafers);
    }
    let ours = SPELLINGS
        .iter()
        .find(|(theirs, _)| *theirs == text)
        .map_or(text, |(_, ours)| *ours);
    match Unit::parse(ours) {
        Ok(unit) => FactUnit::Measured(unit),
        Err(_) => FactUnit::Unknown,
    }
}

fn eight_inch(text: &str, wafers: &str) -> FactUnit {
    match Unit::parse(wafers) {
        Ok(unit) if unit.dimension.wafer == 1 => FactUnit::Measured(Unit {
            scale: unit.scale * EIGHT_INCH,
            symbol: text.to_owned(),
            ..unit
        }),
        _ => FactUnit::Unknown,
    }
}
