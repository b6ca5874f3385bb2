//! Values as analysts type them: `21.32x31.22mm`, `814mm2`, `0.2/cm2`, `35%`, `$9.3k`. A bare number is in the unit
//! that the flag's help names.

/// `WxH` in mm; one number is a square.
pub fn size(text: &str) -> Result<(f64, f64), String> {
    let expected = "expected width x height, e.g. `21.32x31.22mm`";
    let (rest, scale) = split_unit(text, &LENGTHS);
    let sides: Vec<&str> = rest.split(['x', 'X', '×']).collect();
    let side = |text: &str| {
        let (number, own_scale) = split_unit(text, &LENGTHS);
        let value = number_in(number)? * own_scale.or(scale).unwrap_or(1.0);
        (value > 0.0).then_some(value)
    };
    let sides: Option<Vec<f64>> = sides.into_iter().map(side).collect();
    match sides.as_deref() {
        Some([width, height]) => Ok((*width, *height)),
        Some([width]) => Ok((*width, *width)),
        _ => Err(expected.into()),
    }
}

/// A length in mm.
pub fn length(text: &str) -> Result<f64, String> {
    measure(text, &LENGTHS, "expected a length, e.g. `3mm`")
}

/// An area in mm².
pub fn area(text: &str) -> Result<f64, String> {
    let expected = "expected an area, e.g. `814mm2`";
    measure(text, &AREAS, expected).and_then(|x| at_least(x, f64::MIN_POSITIVE, expected))
}

/// A defect density in 1/cm².
pub fn density(text: &str) -> Result<f64, String> {
    measure(
        text,
        &DENSITIES,
        "expected defects per cm², e.g. `0.2` or `0.2/cm2`",
    )
}

/// A fraction above 0, at most 1.
pub fn fraction(text: &str) -> Result<f64, String> {
    let expected = "expected a share above 0 and up to 100%, e.g. `35%` or `0.35`";
    let value = measure(text, &[("%", 0.01)], expected)?;
    if value > 0.0 && value <= 1.0 {
        Ok(value)
    } else if value > 1.0 && value <= 100.0 {
        Err(format!("{expected}; for {value} per cent type `{value}%`"))
    } else {
        Err(expected.into())
    }
}

/// An amount of money in USD.
pub fn money(text: &str) -> Result<f64, String> {
    let expected = "expected an amount in US dollars, e.g. `9346`, `$9.3k`";
    let text = text.trim().trim_start_matches('$');
    measure(&text.replace(',', ""), &COUNTS, expected)
}

/// A count, with k and M.
pub fn count(text: &str) -> Result<f64, String> {
    let expected = "expected a count, e.g. `20000` or `20k`";
    measure(&text.replace([',', '_'], ""), &COUNTS, expected)
}

/// A number above 0.
pub fn positive(text: &str) -> Result<f64, String> {
    let expected = "expected a number above 0";
    measure(text, &[], expected).and_then(|x| at_least(x, f64::MIN_POSITIVE, expected))
}

/// Longer units stand before those that they end with.
const LENGTHS: [(&str, f64); 5] = [
    ("mm", 1.0),
    ("cm", 10.0),
    ("um", 1e-3),
    ("µm", 1e-3),
    ("nm", 1e-6),
];
const AREAS: [(&str, f64); 4] = [("mm2", 1.0), ("mm²", 1.0), ("cm2", 100.0), ("cm²", 100.0)];
const DENSITIES: [(&str, f64); 6] = [
    ("1/cm2", 1.0),
    ("/cm2", 1.0),
    ("/cm²", 1.0),
    ("1/mm2", 100.0),
    ("/mm2", 100.0),
    ("/mm²", 100.0),
];
const COUNTS: [(&str, f64); 4] = [("kWSPM", 1e3), ("WSPM", 1.0), ("k", 1e3), ("M", 1e6)];

fn measure(text: &str, units: &[(&str, f64)], expected: &str) -> Result<f64, String> {
    let (number, scale) = split_unit(text, units);
    let value = number_in(number).ok_or(expected)? * scale.unwrap_or(1.0);
    at_least(value, 0.0, expected)
}

fn at_least(value: f64, least: f64, expected: &str) -> Result<f64, String> {
    if value.is_finite() && value >= least {
        Ok(value)
    } else {
        Err(expected.into())
    }
}

/// The text without its unit, and the unit's size.
fn split_unit<'a>(text: &'a str, units: &[(&str, f64)]) -> (&'a str, Option<f64>) {
    let text = text.trim();
    units
        .iter()
        .find_map(|(unit, scale)| Some((text.strip_suffix(unit)?, Some(*scale))))
        .unwrap_or((text, None))
}

/// A finite number in plain or scientific notation.
fn number_in(text: &str) -> Option<f64> {
    let value: f64 = text.trim().parse().ok()?;
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(size("21.32x31.22mm"), Ok((21.32, 31.22)));
        assert_eq!(size("21.32 mm × 31.22 mm"), Ok((21.32, 31.22)));
        assert_eq!(size("2cmx30mm"), Ok((20.0, 30.0)));
        assert_eq!(size("25"), Ok((25.0, 25.0)));
        for bad in [
            "", "x", "21x", "21x31x2", "-1x2", "0x3", "NaNx2", "21,32x31", "infx1",
        ] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn measures_and_their_units() {
        let cases = [
            (length("500um"), 0.5),
            (area("8.14 cm2"), 814.0),
            (density("0.2/cm2"), 0.2),
            (density("0.002/mm2"), 0.2),
            (density("0.2 1/cm2"), 0.2),
            (fraction("35%"), 0.35),
            (money("$9.5k"), 9500.0),
            (money("9,346"), 9346.0),
            (count("45 kWSPM"), 45_000.0),
            (count("20k"), 20_000.0),
        ];
        for (value, expected) in cases {
            let value = value.unwrap();
            assert!(
                (value - expected).abs() < 1e-12 * expected,
                "{value} {expected}"
            );
        }
    }

    #[test]
    fn what_is_wrong_says_what_to_type() {
        assert!(fraction("35").unwrap_err().contains("`35%`"));
        assert!(fraction("0").is_err());
        assert!(length("3 furlongs").unwrap_err().contains("`3mm`"));
        assert!(area("0mm2").is_err());
        assert!(density("-0.1").is_err());
        assert!(positive("0").is_err());
        assert!(money("1e999").is_err());
    }
}
