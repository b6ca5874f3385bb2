//! One quantity of a compiled plan, changed: the same plan that compiling the scenario with that change would give, at
//! the price of a few numbers.

use crate::notation::Domain;
use crate::plan::{Chance, Placement, Plan, Scalar, ScalarId, SeriesBase, SeriesPlan, Source};
use crate::scenario::{Quantity, QuantityId};

/// What is done to every value of a quantity: `x` becomes `factor · x + shift`, kept within the quantity's domain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Above zero.
    pub factor: f64,
    /// In base units.
    pub shift: f64,
}

impl Change {
    /// Leaves everything as it is.
    pub const NONE: Change = Change {
        factor: 1.0,
        shift: 0.0,
    };

    /// Multiplies by a factor above zero.
    pub fn factor(factor: f64) -> Change {
        Change {
            factor,
            ..Change::NONE
        }
    }

    /// Adds an amount in base units.
    pub fn shift(shift: f64) -> Change {
        Change {
            shift,
            ..Change::NONE
        }
    }

    /// A value after the change, within the domain.
    pub fn apply(&self, value: f64, domain: Domain) -> f64 {
        let (low, high) = domain.bounds();
        (self.factor * value + self.shift).max(low).min(high)
    }
}

impl Domain {
    /// The smallest and largest value.
    pub fn bounds(self) -> (f64, f64) {
        match self {
            Domain::Positive => (f64::MIN_POSITIVE, f64::INFINITY),
            Domain::NonNegative => (0.0, f64::INFINITY),
            Domain::Fraction => (0.0, 1.0),
            Domain::Signed => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }
}

/// What a plan held before a change, to be put back by [`Plan::restore`].
#[derive(Debug)]
pub struct Before {
    scores: usize,
    scalar: Option<(ScalarId, Scalar)>,
    series: Option<(usize, SeriesPlan)>,
    /// The probability whose chances got a score to be decided by.
    decided: Option<ScalarId>,
}

impl Plan {
    /// Whether draws read a quantity at all: the size of a wafer, for example, is used up when the scenario is compiled.
    pub fn is_drawn(&self, quantity: QuantityId) -> bool {
        self.placement(quantity) != Placement::default()
    }

    /// Changes every value of a quantity, before the effects of events. The plan is then the one that the scenario with
    /// this change compiles to, but for [`Plan::inputs`] and [`Plan::fingerprint`], which stay those of the scenario.
    pub fn change(&mut self, id: QuantityId, quantity: &Quantity, change: Change) -> Before {
        let placement = self.placement(id);
        let mut before = Before {
            scores: self.scores.len(),
            scalar: None,
            series: None,
            decided: None,
        };
        if let Some(id) = placement.scalar {
            let scalar = &mut self.scalars[id];
            before.scalar = Some((id, scalar.clone()));
            scalar.source = scalar.source.changed(change, quantity.domain);
        }
        if let Some(id) = placement.series {
            let series = &mut self.series[id];
            before.series = Some((id, series.clone()));
            match &mut series.base {
                SeriesBase::Constant(source) => *source = source.changed(change, quantity.domain),
                SeriesBase::Path(path) => {
                    for (_, source) in &mut path.anchors {
                        *source = source.changed(change, quantity.domain);
                    }
                }
            }
        }
        if let Some(id) = placement.scalar {
            self.decide(id, &quantity.name, &mut before);
        }
        before
    }

    /// Puts back what a change replaced. Changes are taken back in the reverse of their order.
    pub fn restore(&mut self, before: Before) {
        if let Some(probability) = before.decided {
            for chance in self.chances_of(probability) {
                chance.score = None;
            }
        }
        self.scores.truncate(before.scores);
        if let Some((id, scalar)) = before.scalar {
            self.scalars[id] = scalar;
        }
        if let Some((id, series)) = before.series {
            self.series[id] = series;
        }
    }

    fn placement(&self, quantity: QuantityId) -> Placement {
        self.placements.get(quantity.0).copied().unwrap_or_default()
    }

    /// What was certain to happen, or not to, and is no longer, is decided by the quantity's own stream.
    fn decide(&mut self, probability: ScalarId, name: &str, before: &mut Before) {
        if !matches!(self.scalars[probability].source, Source::Fixed(p) if p > 0.0 && p < 1.0) {
            return;
        }
        if self.chances_of(probability).all(|c| c.score.is_some()) {
            return;
        }
        let score = self
            .scores
            .iter()
            .position(|score| score == name)
            .unwrap_or(self.scores.len());
        if score == self.scores.len() {
            self.scores.push(name.to_owned());
        }
        for chance in self.chances_of(probability) {
            chance.score = Some(score);
        }
        before.decided = Some(probability);
    }

    /// The chances of a probability, which have a score either all or none.
    fn chances_of(&mut self, probability: ScalarId) -> impl Iterator<Item = &mut Chance> {
        let fabs = self.fabs.iter_mut().map(|fab| &mut fab.phases);
        let memory = self.memory_lines.iter_mut().map(|line| &mut line.phases);
        let packaging = self
            .technologies
            .iter_mut()
            .flat_map(|technology| &mut technology.lines)
            .map(|line| &mut line.phases);
        let phases = fabs.chain(memory).chain(packaging).flatten();
        let events = self.events.iter_mut().map(|event| &mut event.happens);
        let accelerators = self.accelerators.iter_mut().map(|a| &mut a.happens);
        events
            .chain(accelerators)
            .chain(phases.map(|phase| &mut phase.happens))
            .filter(move |chance| chance.probability == probability)
    }
}

impl Source {
    /// The same draws, changed.
    fn changed(&self, change: Change, domain: Domain) -> Source {
        match self {
            Source::Fixed(value) => Source::Fixed(change.apply(*value, domain)),
            Source::Sampled { score, sampler } => Source::Sampled {
                score: *score,
                sampler: sampler.changed(change.factor, change.shift, domain.bounds()),
            },
        }
    }
}
