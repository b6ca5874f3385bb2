//! Workloads read from results (model §7.4), in base units.

use super::lanes::{LANES, Lanes, div, map, mul, splat, zip};
use super::measure::{View, ratio};
use crate::draw::kernel;
use crate::metric::{Basis, Set};
use crate::plan::{Factors, OwnershipPlan, Reading};

impl Factors {
    /// The rate of a workload, where it is known.
    pub(crate) fn rate(&self, workload: usize) -> Option<Reading> {
        let found = self.workloads.iter().find(|(id, _)| *id == workload);
        found.map(|(_, rate)| *rate)
    }
}

impl View<'_> {
    /// Tokens per month of one unit in a workload; 0 where it cannot or nothing is known.
    /// Model eq. (40).
    #[inline(always)]
    pub(super) fn tokens(&self, factors: &Factors, workload: usize, month: usize) -> Lanes {
        let Some(rate) = factors.rate(workload) else {
            return splat(0.0);
        };
        let rate = self.results.at(rate, month);
        match self.plan.workloads[workload].common {
            Some(common) => mul(rate, self.results.scalar(common)),
            None => *rate,
        }
    }

    /// What is wanted of a workload in a month, tokens per month.
    pub(crate) fn load(&self, workload: usize, month: usize) -> Lanes {
        let plan = &self.plan.workloads[workload];
        plan.load.map_or(splat(0.0), |load| {
            map(self.results.at(load, month), |load| load * plan.load_tokens)
        })
    }

    /// What the one chip of a set counts.
    fn factors_of(&self, chip: &Set) -> Option<&Factors> {
        let accelerator = chip.accelerators.first();
        let import = chip.imports.first();
        accelerator
            .map(|k| &self.plan.accelerators[k.0].factors)
            .or_else(|| import.map(|i| &self.plan.imports[i.0].factors))
    }

    /// Rent of one chip.
    pub(super) fn rent(&self, chip: &Set, month: usize) -> Lanes {
        let factors = self.factors_of(chip);
        factors.map_or(splat(0.0), |factors| {
            self.keep(factors, Basis::Rented, month)
        })
    }

    /// Chips of one kind that do what is wanted of a workload.
    /// Model eq. (41).
    pub(super) fn chips_needed(&self, chip: &Set, workload: usize, month: usize) -> Lanes {
        let Some(factors) = self.factors_of(chip) else {
            return splat(0.0);
        };
        let mut rate = [self.tokens(factors, workload, month)];
        self.at_utilisation(workload, month, &mut rate);
        ratio(&self.load(workload, month), &rate[0])
    }

    /// The share of what is wanted that an installed base, in tokens per month, can do.
    /// Model eq. (42).
    pub(crate) fn served(&self, installed: &Lanes, workload: usize, month: usize) -> Lanes {
        let mut usable = [*installed];
        self.at_utilisation(workload, month, &mut usable);
        let share = ratio(&usable[0], &self.load(workload, month));
        map(&share, |share| if share < 1.0 { share } else { 1.0 })
    }

    /// Multiplies months, of which the first is `from`, with the utilisation of a workload.
    #[inline(always)]
    pub(crate) fn at_utilisation(&self, workload: usize, from: usize, months: &mut [Lanes]) {
        let utilisation = self.plan.workloads[workload].utilisation;
        for (m, month) in (from..).zip(months) {
            *month = mul(month, self.results.at(utilisation, m));
        }
    }

    /// What one unit costs a month.
    #[inline(always)]
    pub(super) fn keep(&self, factors: &Factors, basis: Basis, month: usize) -> Lanes {
        match basis {
            Basis::Rented => factors
                .rent
                .map_or(splat(0.0), |rent| *self.results.at(rent, month)),
            Basis::Owned => match (&self.plan.ownership, factors.price, factors.tdp) {
                (Some(ownership), Some(price), Some(tdp)) => {
                    let price = self.results.at(price, month);
                    self.owning(ownership, price, self.results.scalar(tdp), month)
                }
                _ => splat(0.0),
            },
        }
    }

    /// What owning a chip costs a month: capital and running cost of the investment, and electricity.
    /// Model eq. (44).
    fn owning(&self, plan: &OwnershipPlan, price: &Lanes, tdp: &Lanes, month: usize) -> Lanes {
        let of = |id: usize| self.results.scalar(id);
        let share = zip(of(plan.capital), of(plan.months), |capital, months| {
            recovery(capital * 12.0, months / 12.0) / 12.0
        });
        let share = zip(&share, of(plan.running), |capital, running| {
            capital + running
        });
        let investment = mul(price, of(plan.overhead));
        let capital = div(&mul(&investment, &share), of(plan.availability));
        let power = mul(&mul(tdp, of(plan.power_overhead)), of(plan.power_load));
        let electricity = self.results.at(plan.electricity, month);
        let mut out = [0.0; LANES];
        for lane in 0..LANES {
            out[lane] = capital[lane] + power[lane] * electricity[lane];
        }
        Lanes(out)
    }
}

/// Capital recovery factor: the yearly payment that returns one dollar with interest.
fn recovery(rate: f64, years: f64) -> f64 {
    let growth = kernel::pow(1.0 + rate, years) - 1.0;
    // At the smallest rates the growth is lost in rounding, and the payment is an equal share.
    if growth > 1e-9 {
        rate * (growth + 1.0) / growth
    } else {
        1.0 / years
    }
}

#[cfg(test)]
mod tests {
    use super::recovery;

    #[test]
    fn recovery_by_hand() {
        assert!((recovery(0.10, 4.0) - 0.315_470_803_705_4).abs() < 1e-12);
        assert!((recovery(0.0, 4.0) - 0.25).abs() < 1e-15);
        assert!((recovery(1e-12, 5.0) - 0.2).abs() < 1e-9);
    }
}
