//! One draw of every quantity, and events acting on them.

use crate::distribution::{Distribution, Probability};
use crate::draw::copula::path_coefficients;
use crate::draw::{Copula, Lanes, Stream};
use crate::scenario::{
    Accelerator, Action, Between, Effect, Event, Path, QuantityId, Scenario, Value,
};
use crate::simulate::Sampling;

/// One draw of a scenario.
pub(super) struct Draw<'a> {
    pub scenario: &'a Scenario,
    /// Slipped date of each event, `None` where it does not happen.
    pub event_dates: Vec<Option<f64>>,
    sampling: Sampling,
    number: u64,
    /// Normal score of each quantity under its own name, correlations applied.
    scores: Vec<f64>,
    values: Vec<Drawn>,
}

/// The drawn value of a quantity, before events.
enum Drawn {
    Constant(f64),
    /// Positions and values of the anchors, how to read between them, growth per year after the last.
    Path(Vec<(f64, f64)>, Between, Option<f64>),
}

impl<'a> Draw<'a> {
    pub fn new(scenario: &'a Scenario, sampling: Sampling, number: u64) -> Draw<'a> {
        let mut draw = Draw {
            scenario,
            event_dates: Vec::new(),
            sampling,
            number,
            scores: Vec::new(),
            values: Vec::new(),
        };
        draw.scores = draw.correlated_scores();
        draw.values = (0..scenario.quantities.len())
            .map(|index| draw.drawn(index))
            .collect();
        draw.event_dates = scenario
            .events
            .iter()
            .map(|event| draw.event_date(event))
            .collect();
        draw
    }

    /// Number of months of the horizon.
    pub fn months(&self) -> usize {
        self.scenario.horizon.months
    }

    fn score(&self, name: &str) -> f64 {
        let Sampling {
            draws,
            seed,
            design,
        } = self.sampling;
        Stream::new(seed, name, design, draws).normal_score(self.number)
    }

    fn correlated_scores(&self) -> Vec<f64> {
        let scenario = self.scenario;
        let pairs: Vec<(usize, usize, f64)> = scenario
            .correlations
            .iter()
            .map(|pair| (pair.first.0, pair.second.0, pair.rank))
            .collect();
        let mut scores: Vec<Lanes> = scenario
            .quantities
            .iter()
            .map(|quantity| Lanes::splat(self.score(&quantity.name)))
            .collect();
        // A scenario's correlations have been checked to hold together.
        if let Ok(copula) = Copula::new(scores.len(), &pairs) {
            copula.apply(&mut scores);
        }
        scores.iter().map(|lanes| lanes[0]).collect()
    }

    fn drawn(&self, index: usize) -> Drawn {
        let quantity = &self.scenario.quantities[index];
        match &quantity.value {
            Value::Constant(distribution) => {
                Drawn::Constant(distribution.value_at_score(self.scores[index]))
            }
            Value::Path(path) => {
                let scores = self.anchor_scores(index, path);
                let anchors = path
                    .anchors
                    .iter()
                    .zip(scores)
                    .map(|((t, distribution), score)| (*t, distribution.value_at_score(score)))
                    .collect();
                let growth = path.growth.map(|growth| self.certain(growth));
                Drawn::Path(anchors, path.between, growth)
            }
        }
    }

    /// The one score of the path at each anchor, or a chain of scores with correlation `rho_month^|Δt|`. The chain passes
    /// over anchors that are certain; with a single uncertain one there is nothing to chain.
    fn anchor_scores(&self, index: usize, path: &Path) -> Vec<f64> {
        let is_certain = |distribution| matches!(distribution, &Distribution::Point(_));
        let anchors = path.anchors.iter().enumerate();
        let uncertain: Vec<(usize, f64)> = anchors
            .filter(|(_, (_, distribution))| !is_certain(distribution))
            .map(|(k, (t, _))| (k, *t))
            .collect();
        let mut scores = vec![self.scores[index]; path.anchors.len()];
        if path.rho_month >= 1.0 || uncertain.len() < 2 {
            return scores;
        }
        let name = &self.scenario.quantities[index].name;
        let chain = path_coefficients(path.rho_month, uncertain.iter().map(|(_, t)| *t));
        let mut last = 0.0;
        for ((k, _), (of_last, of_new)) in uncertain.into_iter().zip(chain) {
            last = of_last * last + of_new * self.score(&format!("{name}@{k}"));
            scores[k] = last;
        }
        scores
    }

    /// A quantity that is a constant and that no event changes: growth rates.
    fn certain(&self, quantity: QuantityId) -> f64 {
        match &self.scenario.quantities[quantity.0].value {
            Value::Constant(distribution) => distribution.value_at_score(self.scores[quantity.0]),
            Value::Path(_) => 0.0,
        }
    }

    fn event_date(&self, event: &Event) -> Option<f64> {
        let probability = self.raw(event.probability, event.date);
        self.decides(event.probability, probability)
            .then(|| event.date + self.raw(event.delay, event.date))
    }

    /// Whether something with this probability happens.
    pub fn happens(&self, probability: QuantityId) -> bool {
        self.decides(probability, self.once(probability))
    }

    /// It happens in the upper tail of the quantity's own score. Where the probability is itself drawn, that score is
    /// spent, and a stream of its own decides.
    fn decides(&self, quantity: QuantityId, probability: f64) -> bool {
        let is_fixed = matches!(
            self.scenario.quantities[quantity.0].value,
            Value::Constant(Distribution::Point(_))
        );
        let score = if is_fixed {
            self.scores[quantity.0]
        } else {
            let name = &self.scenario.quantities[quantity.0].name;
            self.score(&format!("{name}#happens"))
        };
        Probability::of_score(score).upper < probability
    }

    /// Slipped launch of an accelerator, `None` where it is not launched.
    pub fn launch(&self, accelerator: &Accelerator) -> Option<f64> {
        self.happens(accelerator.probability)
            .then(|| accelerator.launch + self.once(accelerator.delay))
    }

    /// A quantity that is read once: an effect holds for the whole draw if its event happens.
    pub fn once(&self, quantity: QuantityId) -> f64 {
        let mut value = self.raw(quantity, 0.0);
        for (_, date, effect) in self.effects_on(quantity) {
            value = apply(effect.action, value, self.raw(effect.operand, date));
        }
        value
    }

    /// A quantity that is read each month, at the middle of month `month`.
    pub fn at(&self, quantity: QuantityId, month: usize) -> f64 {
        let t = middle(month);
        let mut value = self.raw(quantity, t);
        for (event, date, effect) in self.effects_on(quantity) {
            if date <= t && event.until.is_none_or(|until| t < until) {
                value = apply(effect.action, value, self.raw(effect.operand, t));
            }
        }
        value
    }

    /// A quantity that is read each month, for all months.
    pub fn series(&self, quantity: QuantityId) -> Vec<f64> {
        (0..self.months())
            .map(|month| self.at(quantity, month))
            .collect()
    }

    /// Effects on a quantity of the events that happen, with their slipped dates, in order of event and as listed.
    fn effects_on(
        &self,
        quantity: QuantityId,
    ) -> impl Iterator<Item = (&'a Event, f64, &'a Effect)> {
        let happening = self.scenario.events.iter().zip(&self.event_dates);
        happening
            .filter_map(|(event, date)| Some((event, (*date)?)))
            .flat_map(|(event, date)| {
                event
                    .effects
                    .iter()
                    .map(move |effect| (event, date, effect))
            })
            .filter(move |(_, _, effect)| effect.quantity == quantity)
    }

    /// The value at position `t` without effects of events.
    fn raw(&self, quantity: QuantityId, t: f64) -> f64 {
        match &self.values[quantity.0] {
            Drawn::Constant(value) => *value,
            Drawn::Path(anchors, between, growth) => read_path(anchors, *between, *growth, t),
        }
    }
}

/// Position of the middle of a month.
pub(super) fn middle(month: usize) -> f64 {
    month as f64 + 0.5
}

fn apply(action: Action, value: f64, operand: f64) -> f64 {
    match action {
        Action::Multiply => value * operand,
        Action::Replace => operand,
        Action::Add => value + operand,
    }
}

fn read_path(anchors: &[(f64, f64)], between: Between, growth: Option<f64>, t: f64) -> f64 {
    let after = anchors.iter().position(|(position, _)| *position > t);
    let Some(after) = after else {
        // At or beyond the last anchor.
        let (last, value) = anchors[anchors.len() - 1];
        let years = (t - last) / 12.0;
        // What shrinks by more than all of it is gone.
        return value * growth.map_or(1.0, |rate| libm::pow((1.0 + rate).max(0.0), years));
    };
    if after == 0 {
        return anchors[0].1;
    }
    let ((t0, x0), (t1, x1)) = (anchors[after - 1], anchors[after]);
    let part = (t - t0) / (t1 - t0);
    match between {
        Between::Step => x0,
        Between::Geometric if x0 > 0.0 && x1 > 0.0 => x0 * libm::pow(x1 / x0, part),
        Between::Linear | Between::Geometric => x0 + part * (x1 - x0),
    }
}
