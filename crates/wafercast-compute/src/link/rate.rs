//! What one unit of a chip does of a workload: a rate with its range, split into what all chips share and its own part.

use wafercast::document::{Item, Node, Table};
use wafercast::draw::kernel::{exp, ln};

use crate::answer::{self, Ranged};
use crate::calibration::Calibration;
use crate::chip::Chip;
use crate::format::Format;
use crate::layout::Target;
use crate::model::Model;

/// Factors of the narrowest ranges, down and up: serving of measured models on measured chips, training of measured
/// families.
const NARROWEST_SERVING: (f64, f64) = (1.0 / 1.5, 1.5);
const NARROWEST_TRAINING: (f64, f64) = (0.75, 1.25);
/// Share of the variance of the narrowest range that is the same on all chips. Nothing published tells the two apart;
/// with all of it, or none, a fleet would be as uncertain as a chip, or nearly certain.
const COMMON_VARIANCE: f64 = 0.5;

/// What is done with the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Job {
    /// Serving.
    Serve(Target),
    /// Training on so many tokens, in sequences of so many, on so many chips.
    Train {
        tokens: f64,
        sequence: f64,
        chips: f64,
    },
}

/// What a chip does of a workload.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ability {
    /// Rate, if it can: its own part of the range.
    pub rate: Option<Rate>,
    /// `native`, what is done instead, or why it cannot.
    pub how: String,
    /// Chips that work together.
    chips: f64,
}

/// Tokens per second of one chip, 5th and 95th percentile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rate {
    low: f64,
    high: f64,
}

impl Job {
    /// The job of a workload's table; `None` where it cannot be read, which the check reports.
    pub(super) fn read(workload: &Table) -> Option<Job> {
        if let Some(serve) = workload.get("serve") {
            let serve = serve.table()?;
            return Some(Job::Serve(Target {
                prompt: count(serve, "prompt", 4096.0)?,
                output: count(serve, "output", 1024.0)?,
                concurrency: count(serve, "concurrency", 256.0)?,
                most_tpot: count(serve, "tpot_ms", 100.0)? / 1000.0,
                most_chips: count(serve, "chips", 64.0)?.min(f64::from(MOST_CHIPS)) as u32,
            }));
        }
        let train = workload.get("train")?.table()?;
        Some(Job::Train {
            tokens: tokens(train.get("tokens")?)?,
            sequence: count(train, "sequence", 4096.0)?,
            chips: count(train, "chips", 2048.0)?,
        })
    }

    /// Half the logarithmic width of what all chips share.
    fn common(&self) -> f64 {
        let (down, up) = match self {
            Job::Serve(_) => NARROWEST_SERVING,
            Job::Train { .. } => NARROWEST_TRAINING,
        };
        half_width(down, up) * COMMON_VARIANCE.sqrt()
    }

    /// The factor that all chips share, as a quantity.
    pub(super) fn common_text(&self) -> String {
        let up = exp(self.common());
        format!("{} to {}", rounded(1.0 / up), rounded(up))
    }
}

/// As the scenario language has it.
const MOST_CHIPS: u32 = wafercast::fields::MOST_CHIPS as u32;

fn count(table: &Table, key: &str, default: f64) -> Option<f64> {
    match table.get(key).map(|node| &node.value) {
        None => Some(default),
        Some(Item::Number(text)) => text.parse().ok().filter(|n: &f64| *n >= 1.0 && *n <= 1e8),
        Some(_) => None,
    }
}

/// A certain number of tokens with its unit.
fn tokens(node: &Node) -> Option<f64> {
    let text = node.text()?;
    let number = text.find(|c: char| !(c.is_ascii_digit() || ".eE_+".contains(c)))?;
    let unit = wafercast::unit::Unit::parse(text.get(number..)?).ok()?;
    let count = text.get(..number)?.trim().replace('_', "").parse::<f64>();
    let tokens = unit.to_base(count.ok()?);
    (unit.dimension == wafercast::unit::Dimension::TOKEN && tokens > 0.0).then_some(tokens)
}

/// What a chip does of a job.
pub(super) fn ability(
    model: &Model,
    chip: &Chip,
    format: Format,
    job: &Job,
    calibration: &Calibration,
) -> Ability {
    let found = match *job {
        Job::Serve(target) => {
            answer::serve(model, chip, format, &target, calibration).map(|found| {
                let chips = f64::from(found.chips);
                (found.running, found.tokens_per_second_per_chip, chips)
            })
        }
        Job::Train {
            tokens,
            sequence,
            chips,
        } => answer::train(
            model,
            chip,
            format,
            tokens,
            sequence,
            Some(chips),
            calibration,
        )
        .map(|found| {
            let rate = found.chip_hours.divides(tokens / 3600.0);
            (found.running, rate, found.chips)
        }),
    };
    match found {
        Ok((running, rate, chips)) => Ability {
            rate: Some(Rate::own(rate, job.common())),
            how: if running.native {
                "native".to_owned()
            } else {
                running.penalty.unwrap_or_else(|| "not native".to_owned())
            },
            chips,
        },
        Err(reason) => Ability {
            rate: None,
            how: reason.to_string(),
            chips: 0.0,
        },
    }
}

impl Ability {
    /// The words on the quantity.
    pub(super) fn note(&self, model: &Model, chip: &Chip) -> String {
        format!(
            "computed for {} on {} (best of all layouts: {} chips together); {}",
            model.name, chip.name, self.chips, self.how
        )
    }
}

impl Rate {
    /// The part of a range that is the chip's own: together with a common factor of this half width it is the range.
    fn own(range: Ranged, common: f64) -> Rate {
        let whole = half_width(range.low, range.high);
        let own = (whole * whole - common * common).max(0.0).sqrt();
        let middle = (range.low * range.high).sqrt();
        Rate {
            low: middle * exp(-own),
            high: middle * exp(own),
        }
    }

    /// As a quantity.
    pub(super) fn text(&self) -> String {
        let (low, high) = (rounded(self.low), rounded(self.high));
        if low == high {
            format!("{low} tokens/s")
        } else {
            format!("{low} tokens/s to {high} tokens/s")
        }
    }
}

/// Half of ln(high / low).
fn half_width(low: f64, high: f64) -> f64 {
    ln(high / low) / 2.0
}

/// Four significant figures, in plain decimals.
fn rounded(number: f64) -> String {
    format!("{number:.3e}")
        .parse::<f64>()
        .map_or_else(|_| number.to_string(), |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_and_common_parts_make_the_range() {
        let range = Ranged::new(100.0, (0.5, 2.0));
        let common = Job::Train {
            tokens: 1e12,
            sequence: 4096.0,
            chips: 1024.0,
        }
        .common();
        let rate = Rate::own(range, common);
        let own = half_width(rate.low, rate.high);
        let whole = (own * own + common * common).sqrt();
        assert!((whole - half_width(50.0, 200.0)).abs() < 1e-12);
        assert!(((rate.low * rate.high).sqrt() - 100.0).abs() < 1e-9);
    }

    #[test]
    fn tokens_with_their_unit() {
        let read = |text: &str| {
            let span = wafercast::diagnostic::Span::default();
            tokens(&Node {
                value: Item::Text(text.to_owned()),
                span,
            })
        };
        assert_eq!(read("14.8 T tokens"), Some(14.8e12));
        assert_eq!(read("2 tokens"), Some(2.0));
        assert_eq!(read("3 wafers"), None);
        assert_eq!(read("tokens"), None);
        assert_eq!(rounded(1234.5678), "1235");
        assert_eq!(rounded(0.012_346), "0.01235");
    }
}
