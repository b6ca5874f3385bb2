//! The operating curve of a fab: what it can start, and the cycle time it then has, with the error of both.
//!
//! The tool set is simulated from empty at several start rates, as shares of the static limit (the rate at which its
//! most loaded family needs all of its available time at best). The cycle time L against starts s is fitted as
//!
//! ```text
//! L(s) = base + slope · φ(s / capacity),   φ(u) = u^k / (1 − u)
//! ```
//!
//! φ is the wait before c tools in Sakasegawa's approximation (Ann. Inst. Statist. Math. 29, 1977; Hopp & Spearman, Factory
//! Physics, ch. 8), where k = √(2(c + 1)) − 1. A fab waits before many families, so the whole k that fits best is taken.
//! `capacity`, where the fitted wait grows without bound, lies between the highest rate that the fab kept up with and the
//! lowest that it did not, and never above the static limit; its error is at least what this bracket leaves open.
//! Overloading the fab would not measure it: lots that visit the limiting tools many times thin out on the way, so
//! the output of an overloaded re-entrant line falls below what it can carry.
//!
//! Each replication is fitted by itself, so their spread is the error, of the parameters and of what is read off.

use serde::{Deserialize, Serialize};

use crate::capacity::capacity;
use crate::change::{Change, apply};
use crate::check::{CheckedModel, check};
use crate::model::FabModel;
use crate::plan::{Plan, Reading, compile};
use crate::simulate::RunResult;
use crate::span::DAY;
use crate::summary::Estimate;

/// Starts of the runs, as shares of the static limit.
pub const LOADS: [f64; 6] = [0.5, 0.7, 0.82, 0.9, 0.95, 0.98];

/// Days of a month in the supply model: a twelfth of 365.25.
pub const DAYS_PER_MONTH: f64 = 30.437_5;

/// A run keeps up with its starts when it finishes at least this share of them.
const KEEPS_UP: f64 = 0.985;

/// Largest k of φ that is tried: that of some 50 tools.
const MOST_EXPONENT: u32 = 9;

/// A fab at its static limit, ready to be run at shares of it.
#[derive(Debug, Clone)]
pub struct Experiment {
    model: FabModel,
    /// Wafer starts a month at the static limit.
    pub static_limit: f64,
    /// The most loaded family.
    pub limit: String,
    /// Starts at the static limit as a multiple of what the orders say.
    factor: f64,
    /// Time without waiting, in days: the longest of all orders.
    pub raw_days: f64,
}

/// One replication at one start rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Lots finished ÷ lots released.
    pub kept_up: f64,
    /// Wafers finished a month.
    pub out: f64,
    /// Mean cycle time of the lots finished, in days.
    pub cycle_time_days: f64,
}

/// A start rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Share of the static limit.
    pub load: f64,
    /// Wafer starts a month.
    pub starts: f64,
    /// Wafers finished a month.
    pub out: Estimate,
    /// Mean cycle time, in days.
    pub cycle_time_days: Estimate,
    /// Whether output kept up with starts.
    pub stable: bool,
}

/// The fit of one replication.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// Wafer starts a month at which the wait has no bound.
    pub capacity: f64,
    /// Cycle time of an empty fab, in days.
    pub base_days: f64,
    /// See the module.
    pub slope_days: f64,
}

/// An operating curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// What this is: `wafercast-fab/curve/1`.
    pub format: String,
    /// Model.
    pub model: String,
    /// The family that limits the fab.
    pub limit: String,
    /// Wafer starts a month at the static limit.
    pub static_limit: f64,
    /// Time without waiting, in days: the longest of all orders.
    pub raw_days: f64,
    /// The start rates.
    pub points: Vec<Point>,
    /// k of φ.
    pub exponent: u32,
    /// The highest start rate that the fab kept up with, and the lowest that it did not or the static limit.
    pub bracket: [f64; 2],
    /// By replication.
    pub fits: Vec<Fit>,
}

/// The format of a [`Curve`].
pub const FORMAT: &str = "wafercast-fab/curve/1";

impl Experiment {
    /// Prepares a model: no initial lots, no changes over time.
    ///
    /// # Errors
    /// Why it has no capacity: no order repeats, or its lots need no tool.
    pub fn new(model: &CheckedModel) -> Result<Experiment, String> {
        let mut model = model.model().clone();
        model.initial_lots.clear();
        model.starts_over_time.clear();
        let (checked, _) = check(model.clone(), Vec::new());
        let checked = checked.ok_or("the fab releases no lots of its own")?;
        let capacity = capacity(&compile(&checked, Reading::default()));
        let limit = capacity
            .families
            .iter()
            .max_by(|a, b| a.best.total_cmp(&b.best))
            .filter(|family| family.best > 0.0 && family.best < f64::MAX)
            .ok_or("no order repeats, or no tool is available, so the fab has no rate of starts")?;
        Ok(Experiment {
            static_limit: capacity.wafer_starts_per_day * DAYS_PER_MONTH / limit.best,
            limit: limit.family.clone(),
            factor: 1.0 / limit.best,
            raw_days: capacity
                .raw_process_days
                .iter()
                .copied()
                .fold(0.0, f64::max),
            model,
        })
    }

    /// The fab at a share of its static limit.
    pub fn plan(&self, load: f64) -> Option<Plan> {
        let mut model = self.model.clone();
        apply(&mut model, &Change::Starts(self.factor * load)).ok()?;
        let (checked, _) = check(model, Vec::new());
        Some(compile(&checked?, Reading::default()))
    }

    /// Days until statistics begin: four times the time without waiting, at least 30.
    pub fn warm_up_days(&self) -> f64 {
        (4.0 * self.raw_days).ceil().max(30.0)
    }

    /// What a run at one start rate says.
    pub fn sample(plan: &Plan, run: &RunResult) -> Sample {
        let months = (run.ended - run.began).max(1) as f64 / DAY as f64 / DAYS_PER_MONTH;
        let released: u64 = run.orders.iter().map(|order| order.released).sum();
        let (mut days, mut wafers) = (0.0, 0.0);
        for lot in &run.completions {
            days += (lot.finish - lot.release) as f64 / DAY as f64;
            wafers += f64::from(lot.wafers);
        }
        let lots = run.completions.len() as f64;
        debug_assert!(run.orders.len() == plan.orders.len());
        Sample {
            kept_up: lots / released.max(1) as f64,
            out: wafers / months,
            cycle_time_days: days / lots,
        }
    }

    /// The curve of samples by start rate ([`LOADS`]) and replication.
    ///
    /// # Errors
    /// Why there is none: at two start rates or more the fab must keep up and finish lots.
    pub fn curve(&self, name: &str, samples: &[Vec<Sample>]) -> Result<Curve, String> {
        let mean = |samples: &[Sample], value: fn(&Sample) -> f64| {
            samples.iter().map(value).sum::<f64>() / samples.len().max(1) as f64
        };
        let keeps_up = |samples: &[Sample]| mean(samples, |sample| sample.kept_up) >= KEEPS_UP;
        let stable = samples.iter().take_while(|samples| {
            keeps_up(samples)
                && samples
                    .iter()
                    .all(|sample| sample.cycle_time_days.is_finite())
        });
        let stable = stable.count();
        if stable < 3 {
            return Err(format!(
                "the fab falls behind at {:.0} % of what `{}` could carry, so it has no curve; look at `wafercast fab run` with fewer starts",
                100.0 * LOADS[stable.min(LOADS.len() - 1)],
                self.limit
            ));
        }
        // The fab keeps up with the last stable rate, and not with the first unstable one.
        let bracket = (LOADS[stable - 1], LOADS.get(stable).copied().unwrap_or(1.0));
        let replications = samples.iter().map(Vec::len).min().unwrap_or(0);
        let days = (0..replications).map(|replication| {
            let of = |samples: &Vec<Sample>| samples[replication].cycle_time_days;
            samples[..stable].iter().map(of).collect()
        });
        let days: Vec<Vec<f64>> = days.collect();
        let (mut least, mut exponent, mut fits) = (f64::INFINITY, 1, Vec::new());
        for k in 1..=MOST_EXPONENT {
            let fitted = days
                .iter()
                .map(|days| fit(&LOADS[..stable], days, bracket, k, self.static_limit));
            let fitted: Vec<(f64, Fit)> = fitted.collect();
            let error: f64 = fitted.iter().map(|(error, _)| error).sum();
            if error < least {
                (least, exponent) = (error, k);
                fits = fitted.into_iter().map(|(_, fit)| fit).collect();
            }
        }
        let points = LOADS
            .iter()
            .zip(samples)
            .enumerate()
            .map(|(at, (&load, samples))| Point {
                load,
                starts: load * self.static_limit,
                out: Estimate::new(
                    &samples
                        .iter()
                        .map(|sample| sample.out)
                        .collect::<Vec<f64>>(),
                ),
                cycle_time_days: Estimate::new(
                    &samples
                        .iter()
                        .map(|sample| sample.cycle_time_days)
                        .filter(|days| days.is_finite())
                        .collect::<Vec<f64>>(),
                ),
                stable: at < stable,
            });
        Ok(Curve {
            format: FORMAT.to_owned(),
            model: name.to_owned(),
            limit: self.limit.clone(),
            static_limit: self.static_limit,
            raw_days: self.raw_days,
            points: points.collect(),
            exponent,
            bracket: [bracket.0 * self.static_limit, bracket.1 * self.static_limit],
            fits,
        })
    }
}

/// φ of the module.
fn congestion(u: f64, exponent: u32) -> f64 {
    let power = (0..exponent).fold(1.0, |power, _| power * u);
    power / (1.0 - u)
}

/// Least squares of relative errors, and their sum: the capacity by trial within the bracket, the other two in closed form.
fn fit(loads: &[f64], days: &[f64], bracket: (f64, f64), exponent: u32, limit: f64) -> (f64, Fit) {
    const TRIALS: u32 = 400;
    let mut best = (
        f64::INFINITY,
        Fit {
            capacity: bracket.1 * limit,
            base_days: 0.0,
            slope_days: 0.0,
        },
    );
    for trial in 1..=TRIALS {
        // Not at the bracket's lower end, where the wait of a stable run would have no bound.
        let capacity = bracket.0 + (bracket.1 - bracket.0) * f64::from(trial) / f64::from(TRIALS);
        let (mut s11, mut s12, mut s22, mut r1, mut r2) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (&load, &days) in loads.iter().zip(days) {
            let (one, wait) = (1.0 / days, congestion(load / capacity, exponent) / days);
            s11 += one * one;
            s12 += one * wait;
            s22 += wait * wait;
            r1 += one;
            r2 += wait;
        }
        let determinant = s11 * s22 - s12 * s12;
        if determinant <= 0.0 {
            continue;
        }
        let slope = ((s11 * r2 - s12 * r1) / determinant).max(0.0);
        let base = (r1 - s12 * slope) / s11;
        let error: f64 = loads
            .iter()
            .zip(days)
            .map(|(&load, &days)| {
                let error = (base + slope * congestion(load / capacity, exponent)) / days - 1.0;
                error * error
            })
            .sum();
        if error < best.0 {
            best = (
                error,
                Fit {
                    capacity: capacity * limit,
                    base_days: base,
                    slope_days: slope,
                },
            );
        }
    }
    best
}

impl Curve {
    /// Wafer starts a month that the tool set can carry in the long run.
    pub fn capacity(&self) -> Estimate {
        within(self.read(|fit| fit.capacity), self.open())
    }

    /// 95 % half width of what lies anywhere in the bracket.
    fn open(&self) -> f64 {
        0.95 * (self.bracket[1] - self.bracket[0]) / 2.0
    }

    /// Cycle time in days when a share of the capacity is started. Shares of 1 and more have none; 0.995 is read instead.
    pub fn cycle_time_days(&self, utilisation: f64) -> Estimate {
        let u = utilisation.clamp(0.0, 0.995);
        self.read(|fit| fit.base_days + fit.slope_days * congestion(u, self.exponent))
    }

    /// What the tools of `self` add to those of `before`, replication by replication, in wafer starts a month.
    pub fn added_to(&self, before: &Curve) -> Estimate {
        let pairs = self.fits.iter().zip(&before.fits);
        let added = pairs.map(|(after, before)| after.capacity - before.capacity);
        let (own, other) = (self.open(), before.open());
        within(
            Estimate::new(&added.collect::<Vec<f64>>()),
            (own * own + other * other).sqrt(),
        )
    }

    /// Root mean square of the relative errors of the fit over the stable start rates.
    pub fn fit_error(&self) -> f64 {
        let capacity = self.capacity().mean;
        let errors: Vec<f64> = self
            .points
            .iter()
            .filter(|point| point.stable)
            .map(|point| {
                self.cycle_time_days(point.starts / capacity).mean / point.cycle_time_days.mean
                    - 1.0
            })
            .collect();
        (errors.iter().map(|error| error * error).sum::<f64>() / errors.len().max(1) as f64).sqrt()
    }

    fn read(&self, value: impl Fn(&Fit) -> f64) -> Estimate {
        Estimate::new(&self.fits.iter().map(value).collect::<Vec<f64>>())
    }
}

/// An estimate with an error of its own besides that of the replications.
fn within(estimate: Estimate, error: f64) -> Estimate {
    let half = estimate.half_width.unwrap_or(0.0);
    Estimate {
        mean: estimate.mean,
        half_width: Some((half * half + error * error).sqrt()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_found_again() {
        let truth = Fit {
            capacity: 9_700.0,
            base_days: 20.0,
            slope_days: 1.5,
        };
        let days: Vec<f64> = LOADS[..5]
            .iter()
            .map(|load| {
                truth.base_days + truth.slope_days * congestion(load * 10_000.0 / truth.capacity, 4)
            })
            .collect();
        let (error, found) = fit(&LOADS[..5], &days, (0.95, 0.98), 4, 10_000.0);
        assert!(error < 1e-6, "{error}");
        assert!(
            (found.capacity / truth.capacity - 1.0).abs() < 1e-3,
            "{found:?}"
        );
        assert!(
            (found.base_days - truth.base_days).abs() < 0.05,
            "{found:?}"
        );
    }

    #[test]
    fn one_tool_waits_as_pollaczek_and_khinchine_say() {
        assert_eq!(congestion(0.5, 1), 1.0);
        assert_eq!(congestion(0.75, 1), 3.0);
    }
}
