//! The names of units.

use super::{DAYS_PER_MONTH, Dimension, HOURS_PER_MONTH, RMB_PER_USD, SECONDS_PER_MONTH};

/// A unit with a name of its own. Its size is `numerator / denominator` base units, kept apart so that `1/s` is exactly
/// the number of seconds in a month.
pub(super) struct NamedUnit {
    pub(super) names: &'static [&'static str],
    pub(super) dimension: Dimension,
    pub(super) numerator: f64,
    pub(super) denominator: f64,
}

const fn unit(
    names: &'static [&'static str],
    dimension: Dimension,
    numerator: f64,
    denominator: f64,
) -> NamedUnit {
    NamedUnit {
        names,
        dimension,
        numerator,
        denominator,
    }
}

/// Every named unit.
pub(super) const NAMED: &[NamedUnit] = &[
    unit(&["wafers", "wafer"], Dimension::WAFER, 1.0, 1.0),
    // One pass of a wafer through a scanner: tool limits divide passes per month by passes per wafer.
    unit(&["exposures", "exposure"], Dimension::WAFER, 1.0, 1.0),
    unit(&["WSPM"], Dimension::WAFERS_PER_MONTH, 1.0, 1.0),
    unit(&["kWSPM"], Dimension::WAFERS_PER_MONTH, 1e3, 1.0),
    unit(&["dies", "die"], Dimension::DIE, 1.0, 1.0),
    unit(&["stacks", "stack"], Dimension::STACK, 1.0, 1.0),
    unit(&["packages", "package"], Dimension::PACKAGE, 1.0, 1.0),
    unit(
        &["units", "unit", "cards", "card"],
        Dimension::UNIT,
        1.0,
        1.0,
    ),
    unit(&["layers", "layer"], Dimension::NONE, 1.0, 1.0),
    unit(&["%"], Dimension::NONE, 1.0, 100.0),
    unit(&["$", "USD"], Dimension::MONEY, 1.0, 1.0),
    unit(&["RMB", "CNY"], Dimension::MONEY, 1.0, RMB_PER_USD),
    unit(&["years", "year"], Dimension::TIME, 12.0, 1.0),
    unit(&["quarters", "quarter"], Dimension::TIME, 3.0, 1.0),
    unit(&["months", "month"], Dimension::TIME, 1.0, 1.0),
    unit(&["weeks", "week"], Dimension::TIME, 7.0, DAYS_PER_MONTH),
    unit(&["days", "day"], Dimension::TIME, 1.0, DAYS_PER_MONTH),
    unit(
        &["h", "hours", "hour"],
        Dimension::TIME,
        1.0,
        HOURS_PER_MONTH,
    ),
    unit(
        &["s", "seconds", "second"],
        Dimension::TIME,
        1.0,
        SECONDS_PER_MONTH,
    ),
    unit(&["m"], Dimension::LENGTH, 1e3, 1.0),
    unit(&["cm"], Dimension::LENGTH, 10.0, 1.0),
    unit(&["mm"], Dimension::LENGTH, 1.0, 1.0),
    unit(&["um", "µm", "μm"], Dimension::LENGTH, 1.0, 1e3),
    unit(&["nm"], Dimension::LENGTH, 1.0, 1e6),
    unit(&["MB"], Dimension::DATA, 1.0, 1e3),
    unit(&["GB"], Dimension::DATA, 1.0, 1.0),
    unit(&["TB"], Dimension::DATA, 1e3, 1.0),
    unit(&["PB"], Dimension::DATA, 1e6, 1.0),
    unit(&["FLOP", "OP"], Dimension::OPERATION, 1.0, 1e12),
    unit(&["GFLOP", "GOP"], Dimension::OPERATION, 1.0, 1e3),
    unit(&["TFLOP", "TOP"], Dimension::OPERATION, 1.0, 1.0),
    unit(&["PFLOP", "POP"], Dimension::OPERATION, 1e3, 1.0),
    unit(&["EFLOP", "EOP"], Dimension::OPERATION, 1e6, 1.0),
    unit(&["ZFLOP", "ZOP"], Dimension::OPERATION, 1e9, 1.0),
    unit(&["W"], Dimension::POWER, 1.0, 1.0),
    unit(&["kW"], Dimension::POWER, 1e3, 1.0),
    unit(&["MW"], Dimension::POWER, 1e6, 1.0),
    unit(&["GW"], Dimension::POWER, 1e9, 1.0),
    unit(
        &["kWh"],
        Dimension {
            power: 1,
            time: 1,
            ..Dimension::NONE
        },
        1e3,
        HOURS_PER_MONTH,
    ),
    unit(&["TPP"], Dimension::TPP, 1.0, 1.0),
    unit(&["H100e"], Dimension::H100E, 1.0, 1.0),
    unit(&["tokens", "token"], Dimension::TOKEN, 1.0, 1.0),
    // Prices of tokens are quoted by the million.
    unit(&["Mtokens", "Mtoken"], Dimension::TOKEN, 1e6, 1.0),
    // A training run, of which the workload says how many tokens it is.
    unit(&["runs", "run"], Dimension::NONE, 1.0, 1.0),
];

/// Spellings from other places, and what is written here.
const HABITS: &[(&str, &str)] = &[
    ("FLOPS", "FLOP/s"),
    ("GFLOPS", "GFLOP/s"),
    ("TFLOPS", "TFLOP/s"),
    ("PFLOPS", "PFLOP/s"),
    ("EFLOPS", "EFLOP/s"),
    ("ZFLOPS", "ZFLOP/s"),
    ("TOPS", "TOP/s"),
    ("POPS", "POP/s"),
    ("GBps", "GB/s"),
    ("TBps", "TB/s"),
    ("wpm", "WSPM"),
    ("kwpm", "kWSPM"),
    ("mo", "months"),
    ("yr", "years"),
    ("y", "years"),
    ("d", "days"),
    ("wk", "weeks"),
    ("hr", "h"),
    ("sec", "s"),
    ("percent", "%"),
    ("bn", "B"),
    ("billion", "B"),
    ("million", "M"),
    ("mn", "M"),
    ("thousand", "k"),
    ("trillion", "T"),
    ("dollars", "$"),
    ("yuan", "RMB"),
    ("chips", "units` or `dies"),
    ("chip", "units` or `dies"),
    ("GPUs", "units"),
    ("GPU", "units"),
    ("accelerators", "units"),
    ("H100", "H100e"),
];

/// The unit of this very name.
pub(super) fn find(name: &str) -> Option<&'static NamedUnit> {
    NAMED.iter().find(|unit| unit.names.contains(&name))
}

/// The size of a magnitude word.
pub(super) fn magnitude(name: &str) -> Option<f64> {
    match name {
        "k" => Some(1e3),
        "M" => Some(1e6),
        "B" | "G" => Some(1e9),
        "T" => Some(1e12),
        _ => None,
    }
}

/// What the author of an unknown name may have meant: another spelling, another case, or the nearest name.
pub(super) fn suggestion(name: &str) -> Option<&'static str> {
    let habit = HABITS
        .iter()
        .find(|(other, _)| other.eq_ignore_ascii_case(name))
        .map(|(_, ours)| *ours);
    let names = || {
        NAMED
            .iter()
            .flat_map(|unit| unit.names)
            .copied()
            .chain(["k", "M", "B", "T"])
    };
    habit
        .or_else(|| names().find(|other| other.eq_ignore_ascii_case(name)))
        .or_else(|| {
            let reach = if name.chars().count() <= 3 { 1 } else { 2 };
            names()
                .filter(|other| other.chars().count() > 1)
                .map(|other| (strsim::damerau_levenshtein(name, other), other))
                .filter(|(distance, _)| *distance <= reach)
                .min()
                .map(|(_, other)| other)
        })
}
