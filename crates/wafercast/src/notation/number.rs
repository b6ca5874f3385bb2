//! Numbers, alone and with their unit.

use std::ops::Range;

use super::{MAX_NUMBER, NotationError};
use crate::unit::{self, Dimension, Scanned, Unit};

/// A number with its unit, as it stands in metric expressions: `45 kWSPM`, `2M units`, `$6`, `100%`, `3`.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// Value in base units.
    pub value: f64,
    /// Dimension.
    pub dimension: Dimension,
    /// Bytes it takes.
    pub range: Range<usize>,
}

/// Reads the number, with its unit, that starts at byte `at` of `text` (no sign); `None` if none starts there.
///
/// # Errors
/// A number out of range, or an unknown unit.
pub fn literal(text: &str, at: usize) -> Result<Option<Literal>, NotationError> {
    let Some(number) = written(text, at)? else {
        return Ok(None);
    };
    let value = number.in_base_units();
    check_range(value, number.range.clone())?;
    Ok(Some(Literal {
        value,
        dimension: number
            .unit
            .map_or(Dimension::NONE, |tail| tail.unit.dimension),
        range: number.range,
    }))
}

/// A number as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Written {
    /// The digits.
    pub value: f64,
    /// What follows them: a magnitude, a unit, or both.
    pub unit: Option<Scanned>,
    /// Bytes it takes, the unit included.
    pub range: Range<usize>,
}

impl Written {
    /// The unit, unless there is none or only a magnitude.
    pub fn named_unit(&self) -> Option<&Scanned> {
        self.unit.as_ref().filter(|tail| tail.has_name)
    }

    /// The value in base units; for a bare number the number itself, its magnitude included.
    pub fn in_base_units(&self) -> f64 {
        match &self.unit {
            Some(tail) => tail.unit.to_base(self.value),
            None => self.value,
        }
    }
}

/// Reads an unsigned number with its unit. `$` may stand before the number.
pub(super) fn written(text: &str, at: usize) -> Result<Option<Written>, NotationError> {
    let has_dollar = text[at..].starts_with('$');
    let digits_at = if has_dollar {
        skip_space(text, at + 1)
    } else {
        at
    };
    let Some((value, end)) = digits(text, digits_at)? else {
        return Ok(None);
    };
    let tail = unit::scan(text, end)?;
    let end = tail.as_ref().map_or(end, |tail| tail.range.end);
    let range = at..end;
    let unit = if has_dollar {
        Some(in_dollars(text, tail, &range)?)
    } else {
        tail
    };
    Ok(Some(Written { value, unit, range }))
}

/// The unit of `$1.5 B/month`: what follows the number, under the dollar before it.
fn in_dollars(
    text: &str,
    tail: Option<Scanned>,
    range: &Range<usize>,
) -> Result<Scanned, NotationError> {
    let written = tail.as_ref().map_or("", |tail| &text[tail.range.clone()]);
    let joint = if written.is_empty() || written.starts_with('/') {
        ""
    } else {
        " "
    };
    let unit = Unit::parse(&format!("${joint}{written}")).map_err(|_| {
        NotationError::new(
            range.clone(),
            "WF0204",
            format!(
                "`{}` has two units, `$` and `{written}`",
                &text[range.clone()]
            ),
        )
        .help("write `$26 k` or `$1.5 B/month`")
    })?;
    Ok(Scanned {
        unit,
        magnitude: tail.as_ref().and_then(|tail| tail.magnitude),
        has_name: true,
        is_inverse: false,
        range: tail.map_or(range.clone(), |tail| tail.range),
    })
}

/// Reads `12`, `1_000`, `0.95`, `2.5e-3`: the value and the byte after it.
fn digits(text: &str, at: usize) -> Result<Option<(f64, usize)>, NotationError> {
    let bytes = text.as_bytes();
    let is_digit = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_digit);
    let run = |mut index: usize| {
        while is_digit(index) || (bytes.get(index) == Some(&b'_') && is_digit(index + 1)) {
            index += 1;
        }
        index
    };
    if !is_digit(at) {
        return Ok(None);
    }
    let mut end = run(at);
    if bytes.get(end) == Some(&b'.') && is_digit(end + 1) {
        end = run(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if is_digit(end + 1 + sign) {
            end = run(end + 1 + sign);
        }
    }
    let written: String = text[at..end].chars().filter(|c| *c != '_').collect();
    let value: f64 = written.parse().unwrap_or(f64::INFINITY);
    let is_zero = !written
        .split(['e', 'E'])
        .next()
        .is_some_and(|mantissa| mantissa.contains(|c| matches!(c, '1'..='9')));
    if value == 0.0 && !is_zero {
        return Err(out_of_range(at..end));
    }
    check_range(value, at..end)?;
    Ok(Some((value, end)))
}

/// Refuses what arithmetic could turn into infinity or into a zero that was none.
pub(super) fn check_range(value: f64, range: Range<usize>) -> Result<(), NotationError> {
    let size = value.abs();
    if size == 0.0 || (1.0 / MAX_NUMBER..=MAX_NUMBER).contains(&size) {
        Ok(())
    } else {
        Err(out_of_range(range))
    }
}

fn out_of_range(range: Range<usize>) -> NotationError {
    NotationError::new(
        range,
        "WF0302",
        "the number is out of range; expected 0, or a size from 1e-40 to 1e40 in base units",
    )
}

/// The first byte at or after `at` that is not white space.
pub(super) fn skip_space(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    at + rest.len() - rest.trim_start().len()
}
