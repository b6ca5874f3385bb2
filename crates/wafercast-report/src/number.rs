//! Numbers as each language writes them, rounded to what the sampling error supports.

use crate::language::Language;
use crate::message::Message;
use crate::text::Text;

/// At most so many significant digits are shown, however small the sampling error is: inputs are not known better.
const SIGNIFICANT_DIGITS: i32 = 3;

/// The exponent of the leading digit: 3 for 1,000 and 9,999. 0 for 0.
pub fn exponent(value: f64) -> i32 {
    let mut rest = value.abs();
    if rest == 0.0 || !rest.is_finite() {
        return 0;
    }
    let mut exponent = 0;
    while rest >= 10.0 {
        rest /= 10.0;
        exponent += 1;
    }
    while rest < 1.0 {
        rest *= 10.0;
        exponent -= 1;
    }
    exponent
}

/// 10 to a small whole power.
pub fn power_of_ten(exponent: i32) -> f64 {
    let mut power = 1.0;
    for _ in 0..exponent.unsigned_abs() {
        power *= 10.0;
    }
    if exponent < 0 { 1.0 / power } else { power }
}

/// The exponent of the last digit worth showing of a value with a standard error: the smallest power of ten that is not
/// below half the error, and never more than three significant digits.
pub fn last_digit(value: f64, standard_error: f64) -> i32 {
    let by_digits = exponent(value) - SIGNIFICANT_DIGITS + 1;
    let half = standard_error.abs() / 2.0;
    if half == 0.0 || !half.is_finite() {
        return by_digits;
    }
    let mut by_error = exponent(half);
    if power_of_ten(by_error) < half {
        by_error += 1;
    }
    by_digits.max(by_error.min(exponent(value)))
}

/// A value rounded to a multiple of a power of ten.
pub fn round_to(value: f64, exponent: i32) -> f64 {
    if exponent >= 0 {
        let step = power_of_ten(exponent);
        (value / step).round() * step
    } else {
        let step = power_of_ten(-exponent);
        (value * step).round() / step
    }
}

/// A number with so many decimals and the language's separators. Not a number becomes a dash.
pub fn decimal(value: f64, decimals: usize, language: Language) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let (group, point) = match language {
        Language::German => ('.', ','),
        _ => (',', '.'),
    };
    let plain = format!("{:.*}", decimals, value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut out = String::new();
    let is_zero = plain.chars().all(|c| c == '0' || c == '.');
    if value < 0.0 && !is_zero {
        out.push('−');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

/// A whole number.
pub fn count(value: u64) -> Text {
    Text::each(|language| decimal(value as f64, 0, language))
}

/// How numbers of one chart or table are written: one unit, one factor, one number of decimals.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    unit: String,
    factor: i32,
    last_digit: i32,
}

impl Scale {
    /// For values up to `largest` in `unit`, the largest of them known to `standard_error`.
    pub fn new(unit: &str, largest: f64, standard_error: f64) -> Scale {
        let mut last_digit = last_digit(largest, standard_error);
        if unit == "fraction" {
            // Whole percent, except where there are hardly ten.
            last_digit = last_digit.max(if largest < 0.1 { -3 } else { -2 });
        }
        Scale {
            unit: unit.to_owned(),
            factor: factor(unit, largest),
            last_digit,
        }
    }

    /// The same with a step of ticks, so that no tick is rounded away.
    pub fn with_step(mut self, step: f64) -> Scale {
        let mut digit = exponent(step);
        // 2.5 × 10^k needs one digit more than 2 × 10^k.
        if (round_to(step, digit) - step).abs() > step * 1e-9 {
            digit -= 1;
        }
        self.last_digit = digit;
        self
    }

    /// A value, without the unit.
    pub fn number(&self, value: f64) -> Text {
        Text::each(|language| self.number_in(value, language))
    }

    /// A value, without the unit, in one language.
    fn number_in(&self, value: f64, language: Language) -> String {
        let factor = self.factor;
        let shown = round_to(value, self.last_digit) / power_of_ten(factor);
        decimal(
            shown,
            usize::try_from(factor - self.last_digit).unwrap_or(0),
            language,
        )
    }

    /// What the numbers are: `thousand accelerators`, `%`, `billion US dollars`.
    pub fn caption(&self) -> Text {
        let noun = unit(&self.unit);
        Text::each(|language| {
            let noun = noun.get(language);
            let word = factor_word(self.factor, language);
            match (word.is_empty(), language) {
                (true, _) => noun.to_owned(),
                (false, Language::Chinese) => format!("{word}{noun}"),
                (false, _) => format!("{word}\u{a0}{noun}"),
            }
        })
    }

    /// The same, per month.
    pub fn caption_per_month(&self) -> Text {
        crate::message::say(Message::PerMonth, &[("what", self.caption())])
    }
}

/// The power of ten that numbers of a table or axis are divided by. It is the same in every language (Chinese statistics
/// have 千 and 百万 beside 万 and 亿), so that most cells need no second writing.
fn factor(unit: &str, largest: f64) -> i32 {
    let exponent = exponent(largest);
    match exponent {
        _ if unit == "fraction" => -2,
        13.. => 12,
        10.. => 9,
        7.. => 6,
        4.. => 3,
        _ => 0,
    }
}

/// The power of ten that numbers of a sentence are divided by. Thousands are written out there, and a million begins at
/// six zeros (in a table's column of millions only at seven).
fn prose_factor(unit: &str, largest: f64, language: Language) -> i32 {
    let exponent = exponent(largest);
    match (language, exponent) {
        _ if unit == "fraction" => -2,
        (Language::Chinese, 8..) => 8,
        (Language::Chinese, 5..) => 4,
        (Language::Chinese, _) => 0,
        (_, 12..) => 12,
        (_, 9..) => 9,
        (_, 6..) => 6,
        _ => 0,
    }
}

/// The word for a power of ten.
fn factor_word(factor: i32, language: Language) -> &'static str {
    match (language, factor) {
        (Language::English, 3) => "thousand",
        (Language::English, 6) => "million",
        (Language::English, 9) => "billion",
        (Language::English, 12) => "trillion",
        (Language::German, 3) => "Tsd.",
        (Language::German, 6) => "Mio.",
        (Language::German, 9) => "Mrd.",
        (Language::German, 12) => "Bio.",
        (Language::Chinese, 3) => "千",
        (Language::Chinese, 4) => "万",
        (Language::Chinese, 6) => "百万",
        (Language::Chinese, 8) => "亿",
        (Language::Chinese, 9) => "十亿",
        (Language::Chinese, 12) => "万亿",
        _ => "",
    }
}

/// A unit's name, in the plural.
pub fn unit(unit: &str) -> Text {
    let message = match unit {
        "units" => Message::UnitUnits,
        "H100e" => return Text::same("H100e"),
        "TPP" => return Text::same("TPP"),
        "fraction" => return Text::same("%"),
        "USD" => Message::UnitDollars,
        "stacks" => Message::UnitStacks,
        "dies" => Message::UnitDies,
        "wafers" => Message::UnitWafers,
        "wafers/month" => Message::UnitWafersPerMonth,
        "packages" => Message::UnitPackages,
        "packages/month" => Message::UnitPackagesPerMonth,
        "units/month" => Message::UnitUnitsPerMonth,
        other => return Text::same(other),
    };
    crate::message::say(message, &[])
}

/// The unit that texts are made in for a unit as an author wrote it, and its size: `k units` are 1,000 `units`.
pub fn base_unit(unit: &str) -> (f64, &str) {
    match unit {
        "%" => (0.01, "fraction"),
        "k units" | "k cards" => (1e3, "units"),
        "M units" | "M cards" => (1e6, "units"),
        "unit" | "card" | "cards" => (1.0, "units"),
        "kWSPM" | "k wafers/month" => (1e3, "wafers/month"),
        "WSPM" => (1.0, "wafers/month"),
        "$" => (1.0, "USD"),
        "$ M" | "M$" | "$M" => (1e6, "USD"),
        "$ B" | "B$" | "$B" => (1e9, "USD"),
        other => (1.0, other),
    }
}

/// Units that are counted in whole things.
fn is_counted(unit: &str) -> bool {
    matches!(unit, "units" | "stacks" | "dies" | "wafers" | "packages")
}

/// Values in a sentence, written with one factor and one unit: `1.65 million accelerators`, `1.3–2.1 million
/// accelerators`, `44–79%`.
fn prose(values: &[f64], unit_name: &str, standard_error: f64, with_noun: bool) -> Text {
    let largest = values
        .iter()
        .fold(0.0_f64, |most, value| most.max(value.abs()));
    let mut last = last_digit(largest, standard_error);
    if unit_name == "fraction" {
        // Tenths of a percent would claim more than any input knows, except where there is hardly a percent.
        last = last.max(if largest < 0.01 { -3 } else { -2 });
    }
    if is_counted(unit_name) && (largest >= 1.0 || largest == 0.0) {
        last = last.max(0);
    }
    Text::each(|language| {
        let factor = prose_factor(unit_name, round_to(largest, last), language);
        let mut numbers: Vec<String> = values
            .iter()
            .map(|value| {
                let shown = round_to(*value, last) / power_of_ten(factor);
                decimal(shown, usize::try_from(factor - last).unwrap_or(0), language)
            })
            .collect();
        // A range whose ends are written alike is one number.
        numbers.dedup();
        let dressed = dress(&numbers.join("–"), factor, unit_name, language);
        let noun = unit(unit_name);
        if with_noun || matches!(unit_name, "fraction" | "USD") {
            dressed
        } else {
            dressed
                .trim_end_matches(noun.get(language))
                .trim_end()
                .to_owned()
        }
    })
}

/// Puts the factor's word and the unit where the language has them.
fn dress(number: &str, factor: i32, unit_name: &str, language: Language) -> String {
    let word = factor_word(factor, language);
    let noun = unit(unit_name);
    let noun = noun.get(language);
    match (unit_name, language) {
        ("fraction", Language::German) => format!("{number}\u{a0}%"),
        ("fraction", _) => format!("{number}%"),
        ("USD", Language::English) if word.is_empty() => format!("${number}"),
        ("USD", Language::English) => format!("${number}\u{a0}{word}"),
        ("USD", Language::German) if word.is_empty() => format!("{number}\u{a0}$"),
        ("USD", Language::German) => format!("{number}\u{a0}{word}\u{a0}$"),
        (_, Language::Chinese) if unit_name.is_ascii() && noun == unit_name => {
            format!("{number}{word} {noun}").trim_end().to_owned()
        }
        (_, Language::Chinese) => format!("{number}{word}{noun}"),
        _ if word.is_empty() => format!("{number}\u{a0}{noun}"),
        _ => format!("{number}\u{a0}{word} {noun}"),
    }
}

/// A value with its unit, as a sentence has it.
pub fn amount(value: f64, unit: &str, standard_error: f64) -> Text {
    prose(&[value], unit, standard_error, true)
}

/// A range with its unit, as a sentence has it. Percentiles are known less well than the mean: about twice its error.
pub fn interval(low: f64, high: f64, unit: &str, standard_error: f64) -> Text {
    prose(&[low, high], unit, 2.0 * standard_error, true)
}

/// A value without its unit's noun (money and percent keep their sign): `2.53 million`.
pub fn bare_amount(value: f64, unit: &str, standard_error: f64) -> Text {
    prose(&[value], unit, standard_error, false)
}

/// A range without its unit's noun.
pub fn bare_interval(low: f64, high: f64, unit: &str, standard_error: f64) -> Text {
    prose(&[low, high], unit, 2.0 * standard_error, false)
}

/// A share as whole percent.
pub fn percent(share: f64) -> Text {
    Text::each(|language| {
        dress(
            &decimal(share * 100.0, 0, language),
            -2,
            "fraction",
            language,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &Text) -> [&str; 3] {
        Language::ALL.map(|language| text.get(language))
    }

    #[test]
    fn writes_separators() {
        assert_eq!(decimal(1_650_000.0, 0, Language::English), "1,650,000");
        assert_eq!(decimal(1_650_000.0, 0, Language::German), "1.650.000");
        assert_eq!(decimal(1234.567, 2, Language::German), "1.234,57");
        assert_eq!(decimal(999.0, 0, Language::Chinese), "999");
        assert_eq!(decimal(-0.4, 1, Language::English), "−0.4");
        assert_eq!(decimal(-0.04, 1, Language::English), "0.0");
        assert_eq!(decimal(f64::NAN, 1, Language::English), "–");
    }

    #[test]
    fn writes_amounts_by_language() {
        assert_eq!(
            all(&amount(1_653_412.0, "units", 1000.0)),
            [
                "1.65\u{a0}million accelerators",
                "1,65\u{a0}Mio. Beschleuniger",
                "165万块加速卡"
            ]
        );
        assert_eq!(
            all(&bare_amount(1_653_412.0, "units", 1000.0)),
            ["1.65\u{a0}million", "1,65\u{a0}Mio.", "165万"]
        );
        assert_eq!(
            all(&amount(812_345.0, "units", 100.0)),
            [
                "812,000\u{a0}accelerators",
                "812.000\u{a0}Beschleuniger",
                "81.2万块加速卡"
            ]
        );
        assert_eq!(
            all(&interval(0.443, 0.791, "fraction", 0.0002)),
            ["44–79%", "44–79\u{a0}%", "44–79%"]
        );
        assert_eq!(
            amount(89.02, "units", 0.0).get(Language::English),
            "89\u{a0}accelerators"
        );
        assert_eq!(
            amount(1.56e9, "USD", 0.0).get(Language::German),
            "1,56\u{a0}Mrd.\u{a0}$"
        );
        assert_eq!(
            all(&amount(12.34e9, "USD", 1e7)),
            ["$12.3\u{a0}billion", "12,3\u{a0}Mrd.\u{a0}$", "123亿美元"]
        );
    }

    #[test]
    fn rounds_to_the_sampling_error() {
        assert_eq!(last_digit(1_653_412.0, 1_000.0), 4);
        assert_eq!(last_digit(1_653_412.0, 60_000.0), 5);
        assert_eq!(last_digit(0.613, 0.004), -2);
        assert_eq!(last_digit(0.613, 0.001), -3);
        // An error larger than the value leaves its first digit.
        assert_eq!(last_digit(3.0, 500.0), 0);
        assert_eq!(
            amount(1_653_412.0, "units", 60_000.0).get(Language::English),
            "1.7\u{a0}million accelerators"
        );
    }

    #[test]
    fn scales_whole_tables() {
        let scale = Scale::new("units", 165_000.0, 0.0);
        assert_eq!(
            all(&scale.caption()),
            [
                "thousand\u{a0}accelerators",
                "Tsd.\u{a0}Beschleuniger",
                "千块加速卡"
            ]
        );
        assert_eq!(all(&scale.number(12_345.0)), ["12", "12", "12"]);
        let ticks = Scale::new("units", 165_000.0, 0.0).with_step(25_000.0);
        assert_eq!(all(&ticks.number(25_000.0)), ["25", "25", "25"]);
        let share = Scale::new("fraction", 1.0, 0.0).with_step(0.25);
        assert_eq!(all(&share.number(0.75)), ["75", "75", "75"]);
    }
}
