//! Spans of time in integer milliseconds, and the distributions they are drawn from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A span of time, or an instant counted from the start of the simulation, in milliseconds.
pub type Millis = i64;

/// Milliseconds in a second.
pub const SECOND: Millis = 1_000;
/// Milliseconds in a minute.
pub const MINUTE: Millis = 60 * SECOND;
/// Milliseconds in an hour.
pub const HOUR: Millis = 60 * MINUTE;
/// Milliseconds in a day.
pub const DAY: Millis = 24 * HOUR;

/// The longest span that may be written in a model: 1,000 years. Keeps every sum of times far from overflow.
pub const LONGEST: Millis = 365_250 * DAY;

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// Second.
    Second,
    /// Minute.
    Minute,
    /// Hour.
    Hour,
    /// Day.
    Day,
}

impl TimeUnit {
    /// All units with the names they are known by; the first is the one written.
    pub const NAMES: [(TimeUnit, &'static [&'static str]); 4] = [
        (TimeUnit::Second, &["sec", "s", "second", "seconds"]),
        (TimeUnit::Minute, &["min", "m", "minute", "minutes"]),
        (TimeUnit::Hour, &["hr", "h", "hour", "hours", "hrs"]),
        (TimeUnit::Day, &["day", "d", "days"]),
    ];

    /// The unit of a name.
    pub fn from_name(name: &str) -> Option<TimeUnit> {
        let name = name.to_ascii_lowercase();
        TimeUnit::NAMES
            .iter()
            .find(|(_, names)| names.contains(&name.as_str()))
            .map(|&(unit, _)| unit)
    }

    /// Milliseconds in one.
    pub const fn millis(self) -> Millis {
        match self {
            TimeUnit::Second => SECOND,
            TimeUnit::Minute => MINUTE,
            TimeUnit::Hour => HOUR,
            TimeUnit::Day => DAY,
        }
    }

    /// `value` of this unit in milliseconds, rounded; `None` when it is not a finite number within ± [`LONGEST`].
    pub fn span(self, value: f64) -> Option<Millis> {
        let millis = libm_round(value * self.millis() as f64);
        (millis.is_finite() && millis.abs() <= LONGEST as f64).then_some(millis as Millis)
    }
}

/// Rounds half away from zero without the platform's mathematics library.
fn libm_round(x: f64) -> f64 {
    if x.abs() >= 9.0e15 {
        return x;
    }
    let half = if x < 0.0 { -0.5 } else { 0.5 };
    ((x + half) as i64) as f64
}

/// Writes a span in the largest unit that keeps it short: `12.5 min`, `3 day`.
pub fn format_span(span: Millis) -> String {
    let unit = [TimeUnit::Day, TimeUnit::Hour, TimeUnit::Minute]
        .into_iter()
        .find(|unit| span != 0 && span % unit.millis() == 0);
    let (unit, name) = match unit {
        Some(TimeUnit::Day) => (TimeUnit::Day, "day"),
        Some(TimeUnit::Hour) => (TimeUnit::Hour, "hr"),
        _ => (TimeUnit::Minute, "min"),
    };
    format!("{} {name}", in_unit(span, unit))
}

/// A span as a number of units, written so that it reads back to the same milliseconds.
pub fn in_unit(span: Millis, unit: TimeUnit) -> f64 {
    span as f64 / unit.millis() as f64
}

/// Reads `12.5 min`; the error says what was expected.
pub fn parse_span(text: &str) -> Result<Millis, String> {
    let text = text.trim();
    let split = text
        .find(|c: char| c.is_ascii_alphabetic() && c != 'e' && c != 'E')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let value: f64 = number.trim().replace('_', "").parse().map_err(|_| {
        format!("`{text}` is not a time; write a number and a unit, such as `12.5 min`")
    })?;
    let unit = TimeUnit::from_name(unit.trim())
        .ok_or_else(|| format!("`{text}` needs a unit: sec, min, hr or day"))?;
    unit.span(value)
        .ok_or_else(|| format!("`{text}` is not a time within 1,000 years"))
}

/// What a time is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Distribution {
    /// Always the same.
    Constant(Millis),
    /// Exponential with this mean.
    Exponential(Millis),
    /// Uniform on `mean − half_width … mean + half_width`.
    Uniform {
        /// Middle of the interval.
        mean: Millis,
        /// Half of its width, at most `mean`.
        half_width: Millis,
    },
}

impl Distribution {
    /// No time at all.
    pub const ZERO: Distribution = Distribution::Constant(0);

    /// Its mean.
    pub fn mean(self) -> Millis {
        match self {
            Distribution::Constant(value) => value,
            Distribution::Exponential(mean) | Distribution::Uniform { mean, .. } => mean,
        }
    }

    /// The same distribution of a time `factor` as long, at least 1 ms on average where it was not 0.
    pub fn scaled(self, factor: f64) -> Distribution {
        let scale =
            |span: Millis| ((span as f64 * factor) as Millis).clamp(i64::from(span > 0), LONGEST);
        match self {
            Distribution::Constant(value) => Distribution::Constant(scale(value)),
            Distribution::Exponential(mean) => Distribution::Exponential(scale(mean)),
            Distribution::Uniform { mean, half_width } => {
                let mean = scale(mean);
                Distribution::Uniform {
                    mean,
                    half_width: scale(half_width).min(mean),
                }
            }
        }
    }

    /// Its variance in ms².
    pub fn variance(self) -> f64 {
        match self {
            Distribution::Constant(_) => 0.0,
            Distribution::Exponential(mean) => mean as f64 * mean as f64,
            Distribution::Uniform { half_width, .. } => {
                let h = half_width as f64;
                h * h / 3.0
            }
        }
    }

    /// The value at a uniform number in `[0, 1)`: the inverse distribution function.
    #[inline]
    pub fn at(self, uniform: f64) -> f64 {
        match self {
            Distribution::Constant(value) => value as f64,
            Distribution::Uniform { mean, half_width } => {
                mean as f64 + half_width as f64 * (2.0 * uniform - 1.0)
            }
            Distribution::Exponential(mean) => {
                -(mean as f64) * wafercast::draw::kernel::log1p(-uniform)
            }
        }
    }
}

impl fmt::Display for Distribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Distribution::Constant(value) => write!(f, "{}", format_span(value)),
            Distribution::Exponential(mean) => write!(f, "exponential {}", format_span(mean)),
            Distribution::Uniform { mean, half_width } => {
                let unit = if mean % HOUR == 0 && half_width % HOUR == 0 {
                    (TimeUnit::Hour, "hr")
                } else {
                    (TimeUnit::Minute, "min")
                };
                write!(
                    f,
                    "{} ± {} {}",
                    in_unit(mean, unit.0),
                    in_unit(half_width, unit.0),
                    unit.1
                )
            }
        }
    }
}

/// Reads `12 min`, `exponential 7 day` or `12 ± 0.6 min` (`12 +- 0.6 min`); the error says what was expected.
pub fn parse_distribution(text: &str) -> Result<Distribution, String> {
    let text = text.trim();
    if let Some(mean) = text.strip_prefix("exponential") {
        return positive(parse_span(mean)?, text).map(Distribution::Exponential);
    }
    let plus_minus = text.find('±').map(|at| (at, '±'.len_utf8()));
    let plus_minus = plus_minus.or_else(|| text.find("+-").map(|at| (at, 2)));
    let Some((at, length)) = plus_minus else {
        return positive(parse_span(text)?, text).map(Distribution::Constant);
    };
    let half = &text[at + length..];
    let unit = half.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let mean = text[..at].trim();
    let mean = if mean.ends_with(|c: char| c.is_ascii_digit() || c == '.') {
        parse_span(&format!("{mean} {unit}"))?
    } else {
        parse_span(mean)?
    };
    let half_width = parse_span(half)?;
    if half_width < 0 || half_width > mean {
        return Err(format!(
            "`{text}` could be negative; the second number may be at most the first"
        ));
    }
    Ok(Distribution::Uniform { mean, half_width })
}

fn positive(span: Millis, text: &str) -> Result<Millis, String> {
    if span < 0 {
        Err(format!("`{text}` is negative; a time is 0 or more"))
    } else {
        Ok(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uniform_has_the_half_width_on_both_sides() {
        let u = Distribution::Uniform {
            mean: 100 * MINUTE,
            half_width: 5 * MINUTE,
        };
        assert_eq!(u.at(0.0), 95.0 * MINUTE as f64);
        assert_eq!(u.at(0.5), 100.0 * MINUTE as f64);
        assert!((u.at(1.0 - 1e-12) - 105.0 * MINUTE as f64).abs() < 1.0);
    }

    #[test]
    fn text_reads_back() {
        for d in [
            Distribution::Constant(51_690 * 60),
            Distribution::Constant(3 * DAY),
            Distribution::Exponential(10_080 * MINUTE),
            Distribution::Uniform {
                mean: 30_079_800,
                half_width: 1_503_990,
            },
        ] {
            assert_eq!(parse_distribution(&d.to_string()), Ok(d), "{d}");
        }
        assert_eq!(
            parse_distribution("12 min +- 36 sec"),
            Ok(Distribution::Uniform {
                mean: 720_000,
                half_width: 36_000
            })
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "min",
            "12",
            "12 weeks",
            "nan min",
            "inf day",
            "-3 min",
            "3 ± 4 min",
            "1e300 day",
        ] {
            assert!(parse_distribution(text).is_err(), "{text}");
        }
    }
}
