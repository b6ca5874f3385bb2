//! Quantities become scores, scalars and series.

use std::collections::BTreeMap;

use crate::distribution::Distribution;
use crate::draw::{Copula, Sampler};
use crate::plan::{
    Chance, EffectPlan, PathPlan, Placement, Reading, Scalar, ScalarId, ScoreId, SerialCorrelation,
    SeriesBase, SeriesId, SeriesPlan, Source,
};
use crate::scenario::{Path, QuantityId, Scenario, Value};

/// The tables of values while they grow. Each quantity becomes at most one scalar and one series.
pub(super) struct Values<'a> {
    scenario: &'a Scenario,
    effects_on: BTreeMap<QuantityId, Vec<(usize, usize)>>,
    score_of: BTreeMap<String, ScoreId>,
    scalar_of: BTreeMap<QuantityId, ScalarId>,
    series_of: BTreeMap<QuantityId, SeriesId>,
    effect_of: BTreeMap<(usize, usize), usize>,
    pub(super) scores: Vec<String>,
    pub(super) copulas: Vec<(Vec<ScoreId>, Copula)>,
    pub(super) serial: Vec<SerialCorrelation>,
    pub(super) scalars: Vec<Scalar>,
    pub(super) series: Vec<SeriesPlan>,
    pub(super) effects: Vec<EffectPlan>,
}

impl<'a> Values<'a> {
    pub(super) fn new(scenario: &'a Scenario) -> Self {
        let mut effects_on = BTreeMap::<QuantityId, Vec<(usize, usize)>>::new();
        for (e, event) in scenario.events.iter().enumerate() {
            for (k, effect) in event.effects.iter().enumerate() {
                effects_on.entry(effect.quantity).or_default().push((e, k));
            }
        }
        let mut values = Values {
            scenario,
            effects_on,
            score_of: BTreeMap::new(),
            scalar_of: BTreeMap::new(),
            series_of: BTreeMap::new(),
            effect_of: BTreeMap::new(),
            scores: Vec::new(),
            copulas: Vec::new(),
            serial: Vec::new(),
            scalars: Vec::new(),
            series: Vec::new(),
            effects: Vec::new(),
        };
        values.correlate();
        values
    }

    /// The connected groups of correlated quantities.
    fn correlate(&mut self) {
        let scenario = self.scenario;
        let mut groups: Vec<Vec<QuantityId>> = Vec::new();
        for pair in &scenario.correlations {
            let mut joined = vec![pair.first, pair.second];
            groups.retain(|group| {
                let touches = group.contains(&pair.first) || group.contains(&pair.second);
                if touches {
                    joined.extend(group);
                }
                !touches
            });
            joined.sort();
            joined.dedup();
            groups.push(joined);
        }
        groups.sort();
        for group in groups {
            let place = |q: QuantityId| group.iter().position(|g| *g == q);
            let pairs = scenario
                .correlations
                .iter()
                .filter_map(|c| Some((place(c.first)?, place(c.second)?, c.rank)))
                .collect::<Vec<_>>();
            // The check has refused what is not positive definite, so this holds for every scenario.
            if let Ok(copula) = Copula::new(group.len(), &pairs) {
                let scores = group
                    .iter()
                    .map(|q| self.score(&scenario.quantities[q.0].name.clone()))
                    .collect();
                self.copulas.push((scores, copula));
            }
        }
    }

    fn score(&mut self, name: &str) -> ScoreId {
        if let Some(&id) = self.score_of.get(name) {
            return id;
        }
        self.scores.push(name.to_owned());
        self.score_of.insert(name.to_owned(), self.scores.len() - 1);
        self.scores.len() - 1
    }

    fn source(&mut self, name: &str, distribution: &Distribution) -> Source {
        match distribution {
            Distribution::Point(value) => Source::Fixed(*value),
            _ => Source::Sampled {
                score: self.score(name),
                sampler: Sampler::new(distribution),
            },
        }
    }

    /// The scalar of a quantity that is read once. A path is read at the start of the horizon.
    pub(super) fn scalar(&mut self, quantity: QuantityId) -> ScalarId {
        if let Some(&id) = self.scalar_of.get(&quantity) {
            return id;
        }
        let q = &self.scenario.quantities[quantity.0];
        let distribution = match &q.value {
            Value::Constant(distribution) => distribution,
            Value::Path(path) => &path.anchors[0].1,
        };
        let source = self.source(&q.name, distribution);
        let id = self.push_scalar(source);
        self.scalar_of.insert(quantity, id);
        let effects = self.effects(quantity);
        self.scalars[id].effects = effects;
        id
    }

    fn push_scalar(&mut self, source: Source) -> ScalarId {
        self.scalars.push(Scalar {
            source,
            effects: Vec::new(),
        });
        self.scalars.len() - 1
    }

    /// The monthly reading of a quantity: a series if it varies in time, by itself or by events.
    pub(super) fn reading(&mut self, quantity: QuantityId) -> Reading {
        let is_fixed = matches!(
            self.scenario.quantities[quantity.0].value,
            Value::Constant(_)
        );
        if is_fixed && !self.effects_on.contains_key(&quantity) {
            return Reading::Scalar(self.scalar(quantity));
        }
        self.monthly(quantity)
    }

    /// The monthly reading of a quantity as a series, even where it is the same every month.
    pub(super) fn monthly(&mut self, quantity: QuantityId) -> Reading {
        if let Some(&id) = self.series_of.get(&quantity) {
            return Reading::Series(id);
        }
        let q = &self.scenario.quantities[quantity.0];
        let base = match &q.value {
            Value::Constant(distribution) => {
                SeriesBase::Constant(self.source(&q.name, distribution))
            }
            Value::Path(path) => SeriesBase::Path(self.path(&q.name, path)),
        };
        self.series.push(SeriesPlan {
            base,
            effects: Vec::new(),
        });
        let id = self.series.len() - 1;
        self.series_of.insert(quantity, id);
        let effects = self.effects(quantity);
        self.series[id].effects = effects;
        Reading::Series(id)
    }

    fn path(&mut self, name: &str, path: &Path) -> PathPlan {
        let uncertain = path
            .anchors
            .iter()
            .filter(|(_, d)| !matches!(d, Distribution::Point(_)))
            .count();
        let serial = path.rho_month < 1.0 && uncertain > 1;
        let mut scores = Vec::new();
        let mut rho = Vec::new();
        let mut anchors = Vec::with_capacity(path.anchors.len());
        let mut previous: Option<f64> = None;
        for (k, (position, distribution)) in path.anchors.iter().enumerate() {
            let stream = if serial {
                format!("{name}@{k}")
            } else {
                name.to_owned()
            };
            let source = self.source(&stream, distribution);
            if let (true, Source::Sampled { score, .. }) = (serial, &source) {
                scores.push(*score);
                rho.push(
                    previous.map_or(0.0, |before| libm::pow(path.rho_month, position - before)),
                );
                previous = Some(*position);
            }
            anchors.push((*position, source));
        }
        if serial {
            self.serial.push(SerialCorrelation { scores, rho });
        }
        PathPlan {
            anchors,
            between: path.between,
            growth: path.growth.map(|g| self.scalar(g)),
        }
    }

    /// Whether something happens: a certain probability needs no score; a fixed one is decided by the quantity's own
    /// stream, an uncertain one by a stream beside it.
    pub(super) fn chance(&mut self, quantity: QuantityId) -> Chance {
        let q = &self.scenario.quantities[quantity.0];
        let changed = self.effects_on.contains_key(&quantity);
        let probability = self.scalar(quantity);
        let score = match &q.value {
            Value::Constant(Distribution::Point(p)) if !changed && (*p <= 0.0 || *p >= 1.0) => None,
            Value::Constant(Distribution::Point(_)) => Some(self.score(&q.name)),
            _ => Some(self.score(&format!("{}#happens", q.name))),
        };
        Chance { probability, score }
    }

    /// Effects on a quantity, in order of event and place.
    fn effects(&mut self, quantity: QuantityId) -> Vec<usize> {
        let places = self.effects_on.get(&quantity).cloned().unwrap_or_default();
        let mut ids = Vec::with_capacity(places.len());
        for (event, place) in places {
            if let Some(&id) = self.effect_of.get(&(event, place)) {
                ids.push(id);
                continue;
            }
            let effect = &self.scenario.events[event].effects[place];
            let operand = self.reading(effect.operand);
            let once = self.scalar(effect.operand);
            self.effects.push(EffectPlan {
                event,
                action: effect.action,
                operand,
                once,
            });
            self.effect_of
                .insert((event, place), self.effects.len() - 1);
            ids.push(self.effects.len() - 1);
        }
        ids
    }

    /// Source of a quantity that has been compiled, for tables of draws; the first anchor of a path.
    pub(super) fn source_of(&self, quantity: QuantityId) -> Option<Source> {
        if let Some(&id) = self.scalar_of.get(&quantity) {
            return Some(self.scalars[id].source.clone());
        }
        Some(match &self.series[*self.series_of.get(&quantity)?].base {
            SeriesBase::Constant(source) => source.clone(),
            SeriesBase::Path(path) => path.anchors[0].1.clone(),
        })
    }

    /// Where each quantity ended.
    pub(super) fn placements(&self) -> Vec<Placement> {
        (0..self.scenario.quantities.len())
            .map(|index| Placement {
                scalar: self.scalar_of.get(&QuantityId(index)).copied(),
                series: self.series_of.get(&QuantityId(index)).copied(),
            })
            .collect()
    }
}
