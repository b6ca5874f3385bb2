//! Reading a unit inside a longer text, such as `to` and `| clamp(…)` around it in a quantity.

use std::ops::Range;

use super::table::{self, NamedUnit};
use super::{Dimension, Unit, UnitError};
use crate::diagnostic::Code;

/// A unit found in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Scanned {
    /// The unit, its magnitude included.
    pub unit: Unit,
    /// The magnitude in front (`k` in `k units/month`), where there is one.
    pub magnitude: Option<f64>,
    /// False for a magnitude alone: `25 k` is a bare number.
    pub has_name: bool,
    /// Whether it starts with `/`, as in `6 /h`.
    pub is_inverse: bool,
    /// Bytes it takes.
    pub range: Range<usize>,
}

/// Words of the quantity and expression languages that end a unit.
const RESERVED: &[&str] = &["to", "and", "or", "not"];

/// Largest power that may be written.
const MAX_POWER: i8 = 9;

/// Reads the longest unit that starts at byte `at` of `text` (after white space); `None` if none starts there. A name
/// followed by `(` is a function, and ends a unit as do `to`, `and`, `or` and `not`.
///
/// # Errors
/// A name that is no unit where a unit must stand, or a power out of range.
pub fn scan(text: &str, at: usize) -> Result<Option<Scanned>, UnitError> {
    let mut scanner = Scanner {
        text,
        at,
        numerator: 1.0,
        denominator: 1.0,
        dimension: Dimension::NONE,
        magnitude: None,
        has_name: false,
    };
    scanner.skip_space();
    let start = scanner.at;
    let has_one = scanner.eat_one_over();
    let is_inverse = !has_one && scanner.peek_joint() == Some('/');
    if has_one || is_inverse {
        scanner.eat_joint();
        scanner.factor(true, false)?;
    } else if scanner.peek_name().is_some() {
        scanner.factor(false, true)?;
    } else {
        return Ok(None);
    }
    while let Some(joint) = scanner.peek_joint() {
        scanner.eat_joint();
        scanner.factor(joint == '/', false)?;
    }
    let range = start..scanner.at;
    let written: Vec<&str> = text[range.clone()].split_whitespace().collect();
    let symbol = if is_inverse {
        format!("1{}", written.join(" "))
    } else {
        written.join(" ")
    };
    Ok(Some(Scanned {
        unit: Unit {
            dimension: scanner.dimension,
            scale: scanner.numerator / scanner.denominator,
            symbol,
        },
        magnitude: scanner.magnitude,
        has_name: scanner.has_name,
        is_inverse,
        range,
    }))
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    numerator: f64,
    denominator: f64,
    dimension: Dimension,
    magnitude: Option<f64>,
    has_name: bool,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Steps over the `1` of `1/cm2`, if a unit follows.
    fn eat_one_over(&mut self) -> bool {
        let Some(rest) = self.rest().strip_prefix('1') else {
            return false;
        };
        let after = Scanner {
            text: self.text,
            at: self.text.len() - rest.len(),
            ..*self
        };
        let found = after.peek_joint() == Some('/');
        if found {
            self.at = after.at;
        }
        found
    }

    /// The `*` or `/` ahead, if a name follows it: else it is an operator of the text around the unit.
    fn peek_joint(&self) -> Option<char> {
        let rest = self.rest().trim_start();
        let joint = rest.chars().next()?;
        let is_joint = matches!(joint, '*' | '·' | '/');
        (is_joint && name_at(rest[joint.len_utf8()..].trim_start()).is_some()).then_some(joint)
    }

    fn eat_joint(&mut self) {
        self.skip_space();
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
        self.skip_space();
    }

    fn peek_name(&self) -> Option<&'a str> {
        name_at(self.rest())
    }

    /// One factor: a name with its power, and the magnitude before it (or behind a currency).
    fn factor(&mut self, is_below: bool, is_first: bool) -> Result<(), UnitError> {
        let Some(name) = self.peek_name() else {
            return Ok(());
        };
        let start = self.at;
        if let Some(size) = table::magnitude(name) {
            self.at += name.len();
            self.scale(size, 1.0, is_below);
            if is_first {
                self.magnitude = Some(size);
            }
            return self.name_after_magnitude(is_below);
        }
        let (unit, power) = self.name_and_power(name)?;
        let out_of_range = || UnitError {
            range: start..self.at,
            code: Code("WF0205"),
            message: format!(
                "the power in `{}` is out of range; expected −{MAX_POWER} to {MAX_POWER}",
                &self.text[start..self.at]
            ),
            help: Some("write a power such as `mm2` or `cm^-2`".into()),
        };
        if power.unsigned_abs() > MAX_POWER.unsigned_abs() {
            return Err(out_of_range());
        }
        let signed = if is_below { -power } else { power };
        self.dimension = unit
            .dimension
            .checked_pow(signed)
            .and_then(|dimension| self.dimension.checked_mul(dimension))
            .ok_or_else(out_of_range)?;
        for _ in 0..signed.unsigned_abs() {
            self.scale(unit.numerator, unit.denominator, signed < 0);
        }
        self.has_name = true;
        if is_first && unit.dimension == Dimension::MONEY {
            self.magnitude_after_currency();
        }
        Ok(())
    }

    fn scale(&mut self, numerator: f64, denominator: f64, is_below: bool) {
        let (above, below) = if is_below {
            (denominator, numerator)
        } else {
            (numerator, denominator)
        };
        self.numerator *= above;
        self.denominator *= below;
    }

    /// `packages` in `k packages`.
    fn name_after_magnitude(&mut self, is_below: bool) -> Result<(), UnitError> {
        let before = self.at;
        self.skip_space();
        match self.peek_name() {
            Some(name) if table::magnitude(name).is_none() => self.factor(is_below, false),
            _ => {
                self.at = before;
                Ok(())
            }
        }
    }

    /// `B` in `$ B/month`.
    fn magnitude_after_currency(&mut self) {
        let rest = self.rest().trim_start();
        if let Some(name) = name_at(rest)
            && let Some(size) = table::magnitude(name)
        {
            self.at = self.text.len() - rest.len() + name.len();
            self.scale(size, 1.0, false);
            self.magnitude = Some(size);
        }
    }

    /// Looks a name up, as a whole (`H100e`) or as a name and its power (`cm2`), and reads a power behind it.
    fn name_and_power(&mut self, name: &'a str) -> Result<(&'static NamedUnit, i8), UnitError> {
        let start = self.at;
        self.at += name.len();
        if let Some(unit) = table::find(name) {
            let power = self.written_power().unwrap_or(1);
            return Ok((unit, power));
        }
        let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
        if let Some(unit) = table::find(stem) {
            // Too many digits for the type are out of range like any large power.
            return Ok((unit, name[stem.len()..].parse().unwrap_or(i8::MAX)));
        }
        Err(unknown(name, start..self.at))
    }

    /// `^2`, `^-2`, `²`, `⁻²`
    fn written_power(&mut self) -> Option<i8> {
        let rest = self.rest();
        if let Some(power) = rest.strip_prefix('^') {
            let digits = power.strip_prefix('-').unwrap_or(power);
            let count = digits.bytes().take_while(u8::is_ascii_digit).count();
            let length = power.len() - digits.len() + count;
            self.at += 1 + length;
            return Some(power[..length].parse().unwrap_or(i8::MAX));
        }
        let written: String = rest.chars().map_while(superscript).collect();
        let length: usize = rest
            .chars()
            .take_while(|c| superscript(*c).is_some())
            .map(char::len_utf8)
            .sum();
        self.at += length;
        (length > 0).then(|| written.parse().unwrap_or(i8::MAX))
    }
}

fn superscript(c: char) -> Option<char> {
    let digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    if c == '⁻' {
        return Some('-');
    }
    let digit = digits.chars().position(|other| other == c)?;
    char::from_digit(digit.try_into().ok()?, 10)
}

/// The name at the start of `rest`: `%` or `$` alone, or letters and digits. Reserved words and functions are no names.
fn name_at(rest: &str) -> Option<&str> {
    let first = rest.chars().next()?;
    if matches!(first, '%' | '$') {
        return Some(&rest[..1]);
    }
    if !first.is_alphabetic() {
        return None;
    }
    let end = rest
        .find(|c: char| !(c.is_alphabetic() || c.is_ascii_digit() || c == '_'))
        .unwrap_or(rest.len());
    let name = &rest[..end];
    (!RESERVED.contains(&name) && !rest[end..].trim_start().starts_with('(')).then_some(name)
}

fn unknown(name: &str, range: Range<usize>) -> UnitError {
    UnitError {
        range,
        code: Code("WF0201"),
        message: format!("`{name}` is not a unit"),
        help: Some(match table::suggestion(name) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "units are `kWSPM`, `dies`, `units`, `mm2`, `months`, `%`, `$` and others; \
                     combine them with `*` and `/`"
                .to_owned(),
        }),
    }
}
