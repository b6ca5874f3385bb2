//! Numbers for people: rounded to what the sampling error supports, with SI-like suffixes.

use wafercast::summary::Stats;

/// Digits shown at most: more are not read.
const MOST_DIGITS: usize = 3;

/// A value in a unit of the summary: `2.41 M`, `57 %`, `$26 B`, `45.3 k wafers/month`.
pub fn quantity(value: f64, unit: &str, digits: usize) -> String {
    match unit {
        "fraction" => percent(value, digits),
        "USD" if value < 0.0 => format!("−${}", short(-value, digits)),
        "USD" => format!("${}", short(value, digits)),
        "" | "units" | "1" => short(value, digits),
        _ => format!("{} {unit}", short(value, digits)),
    }
}

/// Like [`quantity`], without the name of the unit where a heading has it.
pub fn bare(value: f64, unit: &str, digits: usize) -> String {
    match unit {
        "fraction" | "USD" => quantity(value, unit, digits),
        _ => short(value, digits),
    }
}

/// A fraction as a percentage; below 1 % with one decimal.
pub fn percent(value: f64, digits: usize) -> String {
    let percentage = value * 100.0;
    let decimals = usize::from(percentage != 0.0 && percentage.abs() < 1.0 && digits > 0);
    let text = signed(format!("{percentage:.decimals$}"));
    format!("{text} %")
}

/// A number with `k`, `M`, `B` or `T`, to so many significant digits.
pub fn short(value: f64, digits: usize) -> String {
    const SUFFIXES: [&str; 5] = ["", " k", " M", " B", " T"];
    const FINEST_DECIMALS: i32 = 6;
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 {
            "0".to_owned()
        } else {
            "–".to_owned()
        };
    }
    let digits = digits.clamp(1, MOST_DIGITS);
    let Some((rounded, exponent)) = significant(value, digits) else {
        return value.to_string();
    };
    let group = (exponent.div_euclid(3)).clamp(0, 4);
    let scaled = rounded / [1.0, 1e3, 1e6, 1e9, 1e12][group as usize];
    let decimals = (digits as i32 - 1 - (exponent - 3 * group)).clamp(0, FINEST_DECIMALS);
    let text = format!("{scaled:.*}", decimals as usize);
    format!("{}{}", signed(text), SUFFIXES[group as usize])
}

/// Significant digits of a distribution's numbers that its Monte-Carlo error supports (1 to 3).
pub fn supported_digits(stats: &Stats) -> usize {
    let size = stats.mean.abs().max(stats.p50.abs());
    if stats.mean_se <= 0.0 || size == 0.0 {
        return MOST_DIGITS;
    }
    let ratio = size / stats.mean_se;
    // One more digit than the error reaches would be noise.
    if ratio >= 200.0 {
        3
    } else if ratio >= 20.0 {
        2
    } else {
        1
    }
}

/// A whole number in groups of three: `10,000`.
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `value` rounded to `digits` significant digits, and its decimal exponent after rounding.
fn significant(value: f64, digits: usize) -> Option<(f64, i32)> {
    let text = format!("{value:.*e}", digits - 1);
    let (_, exponent) = text.split_once('e')?;
    Some((text.parse().ok()?, exponent.parse().ok()?))
}

/// A typographic minus.
fn signed(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| c == '0' || c == '.') => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_and_digits() {
        assert_eq!(short(2_412_345.0, 3), "2.41 M");
        assert_eq!(short(999_960.0, 3), "1.00 M");
        assert_eq!(short(812_000.0, 2), "810 k");
        assert_eq!(short(45.0, 3), "45.0");
        assert_eq!(short(0.01234, 2), "0.012");
        assert_eq!(short(-3.0e9, 1), "−3 B");
        assert_eq!(short(0.0, 3), "0");
        assert_eq!(short(f64::NAN, 3), "–");
    }

    #[test]
    fn units() {
        assert_eq!(quantity(0.574, "fraction", 3), "57 %");
        assert_eq!(quantity(0.004, "fraction", 3), "0.4 %");
        assert_eq!(quantity(-0.001, "fraction", 3), "−0.1 %");
        assert_eq!(quantity(2.6e10, "USD", 3), "$26.0 B");
        assert_eq!(quantity(-2.6e10, "USD", 2), "−$26 B");
        assert_eq!(quantity(45_300.0, "wafers/month", 3), "45.3 k wafers/month");
        assert_eq!(bare(45_300.0, "wafers/month", 3), "45.3 k");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(100), "100");
    }

    #[test]
    fn digits_follow_the_error() {
        let mut stats = super::super::sample::stats(1000.0, 0.2);
        stats.mean_se = 1.0;
        assert_eq!(supported_digits(&stats), 3);
        stats.mean_se = 20.0;
        assert_eq!(supported_digits(&stats), 2);
        stats.mean_se = 300.0;
        assert_eq!(supported_digits(&stats), 1);
    }
}
