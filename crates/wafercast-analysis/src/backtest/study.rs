//! Making and scoring the forecasts of each vintage.

use std::collections::BTreeMap;

use rayon::prelude::*;
use wafercast::distribution::Distribution;
use wafercast::draw::kernel::normal_quantile;
use wafercast::experiment::{Experiment, Untouched};
use wafercast::facts::{Fact, FactBase};
use wafercast::metric::parse;
use wafercast::notation::{Domain, fact_distribution};
use wafercast::plan::Plan;
use wafercast::scenario::{Quantity, Scenario, Value};
use wafercast::simulate::Sampling;
use wafercast::time::Date;

use super::baseline::{self, Lognormal};
use super::outcome::{self, Count, Target};
use super::{Backtest, Contest, Forecaster, Knowledge, MissingForecast, Score, Scored};
use crate::score::Ensemble;

/// Quantiles that stand for a forecast that is not made of draws.
const QUANTILES: usize = 1000;
/// Draws of a piece of work.
const PIECE: u64 = 128;

/// The scenario as it was known on a day.
#[derive(Debug, Clone, Copy)]
pub struct Vintage<'a> {
    /// The day.
    pub as_of: Date,
    /// The scenario, checked with this `as_of`.
    pub scenario: &'a Scenario,
    /// The same, compiled.
    pub plan: &'a Plan,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The scenario as known by now: its evidence is what came.
    pub scenario: &'a Scenario,
    /// The facts, all.
    pub facts: &'a FactBase,
    /// The scenario as known on earlier days, in order of day.
    pub vintages: &'a [Vintage<'a>],
    /// How each is drawn.
    pub sampling: Sampling,
}

/// Forecasts at each vintage what became known after it, and scores it.
pub fn backtest(question: &Question) -> Backtest {
    let outcomes = outcome::of(question.scenario);
    let mut result = Backtest {
        draws: question.sampling.draws,
        seed: question.sampling.seed,
        outcomes: Vec::new(),
        vintages: Vec::new(),
        forecasts: Vec::new(),
        missing: Vec::new(),
        contests: Vec::new(),
    };
    for vintage in question.vintages {
        let later: Vec<&Target> = outcomes
            .iter()
            .filter(|outcome| outcome.known > vintage.as_of)
            .collect();
        let histories: Vec<Vec<Count>> = outcomes
            .iter()
            .map(|outcome| outcome.history(question.facts, vintage.as_of))
            .collect();
        let (sigma, changes_known) = baseline::yearly_change(&distinct(&histories));
        let mut day = Day {
            vintage,
            facts: question.facts,
            sigma,
            forecasts: Vec::new(),
            missing: Vec::new(),
        };
        day.model(&later, question.sampling);
        for outcome in &later {
            day.rules(outcome);
            day.published(outcome);
        }
        let (sourced, assumed) = origins(&vintage.scenario.quantities);
        result.vintages.push(Knowledge {
            as_of: vintage.as_of.to_string(),
            sourced,
            assumed,
            yearly_change: sigma,
            changes_known,
            tallies: [
                Forecaster::Model,
                Forecaster::Persistence,
                Forecaster::Trend,
            ]
            .into_iter()
            .filter_map(|who| tally(&day.forecasts, who))
            .collect(),
        });
        result.contests.extend(contests(&day.forecasts));
        result.forecasts.append(&mut day.forecasts);
        result.missing.append(&mut day.missing);
    }
    result.outcomes = outcomes.into_iter().map(|outcome| outcome.shown).collect();
    result
}

/// Histories that several outcomes share count once.
fn distinct(histories: &[Vec<Count>]) -> Vec<Vec<Count>> {
    let mut distinct: Vec<Vec<Count>> = Vec::new();
    for history in histories {
        if !distinct.contains(history) {
            distinct.push(history.clone());
        }
    }
    distinct
}

/// Uncertain quantities that rest on facts, and that are assumptions.
fn origins(quantities: &[Quantity]) -> (usize, usize) {
    let is_uncertain = |quantity: &&Quantity| match &quantity.value {
        Value::Constant(distribution) => !matches!(distribution, Distribution::Point(_)),
        Value::Path(path) => path
            .anchors
            .iter()
            .any(|(_, distribution)| !matches!(distribution, Distribution::Point(_))),
    };
    let mine = quantities
        .iter()
        .filter(|quantity| !quantity.is_default && !quantity.name.starts_with("evidence."))
        .filter(is_uncertain);
    let (sourced, assumed): (Vec<&Quantity>, Vec<&Quantity>) =
        mine.partition(|quantity| !quantity.sources.is_empty());
    (sourced.len(), assumed.len())
}

/// One day's forecasts.
struct Day<'a> {
    vintage: &'a Vintage<'a>,
    facts: &'a FactBase,
    /// Standard deviation of a year's change.
    sigma: f64,
    forecasts: Vec<Scored>,
    missing: Vec<MissingForecast>,
}

impl Day<'_> {
    /// The scenario's own forecasts.
    fn model(&mut self, outcomes: &[&Target], sampling: Sampling) {
        let mut asked = Vec::new();
        let mut expressions = Vec::new();
        for outcome in outcomes {
            match parse(&outcome.evidence.text, self.vintage.scenario) {
                Ok(typed) => {
                    asked.push(*outcome);
                    expressions.push(typed.expression);
                }
                Err(errors) => {
                    let why = errors
                        .first()
                        .map_or_else(String::new, |e| e.message.clone());
                    self.miss(outcome, Forecaster::Model, why);
                }
            }
        }
        let experiment = Experiment::new(self.vintage.plan, sampling, expressions);
        let pieces: Vec<Vec<Vec<f64>>> = (0..sampling.draws.div_ceil(PIECE))
            .into_par_iter()
            .map(|k| {
                let end = ((k + 1) * PIECE).min(sampling.draws);
                experiment.run(k * PIECE..end, &Untouched)
            })
            .collect();
        for (k, outcome) in asked.iter().enumerate() {
            let draws = pieces.iter().flat_map(|piece| piece[k].iter().copied());
            let forecast = Ensemble::new(draws.collect());
            self.score(outcome, forecast, Forecaster::Model, None);
        }
    }

    /// Persistence and trend.
    fn rules(&mut self, outcome: &Target) {
        let history = outcome.history(self.facts, self.vintage.as_of);
        let rules: [(Forecaster, Option<Lognormal>, &str); 2] = [
            (
                Forecaster::Persistence,
                baseline::persistence(&history, outcome.middle, self.sigma),
                "nothing had been counted",
            ),
            (
                Forecaster::Trend,
                baseline::trend(&history, outcome.middle, self.sigma),
                "fewer than two counts were known",
            ),
        ];
        for (who, forecast, why) in rules {
            match forecast {
                Some(Lognormal { median, sigma }) => {
                    let total = median * outcome.length.unwrap_or(1.0);
                    // A share ends at 1.
                    let most = if outcome.length.is_none() && outcome.shown.unit == "%" {
                        1.0
                    } else {
                        f64::INFINITY
                    };
                    let value = |u| (total * libm::exp(sigma * normal_quantile(u))).min(most);
                    self.score(outcome, Ensemble::new(quantiles(value)), who, None);
                }
                None => self.miss(outcome, who, why.to_owned()),
            }
        }
    }

    /// What others had published.
    fn published(&mut self, outcome: &Target) {
        for id in &outcome.evidence.forecasts {
            let Some(fact) = self.facts.visible(Some(self.vintage.as_of)).get(id) else {
                continue;
            };
            let Ok(distribution) = fact_distribution(fact, Domain::NonNegative) else {
                continue;
            };
            let forecast = Ensemble::new(quantiles(|u| distribution.quantile(u)));
            self.score(outcome, forecast, Forecaster::Published, Some(fact));
        }
    }

    fn miss(&mut self, outcome: &Target, forecaster: Forecaster, why: String) {
        self.missing.push(MissingForecast {
            as_of: self.vintage.as_of.to_string(),
            outcome: outcome.evidence.id.clone(),
            forecaster,
            why,
        });
    }

    fn score(
        &mut self,
        outcome: &Target,
        forecast: Option<Ensemble>,
        forecaster: Forecaster,
        fact: Option<&Fact>,
    ) {
        let Some(forecast) = forecast else {
            self.miss(outcome, forecaster, "not a number".to_owned());
            return;
        };
        let value = outcome.value;
        self.forecasts.push(Scored {
            as_of: self.vintage.as_of.to_string(),
            outcome: outcome.evidence.id.clone(),
            forecaster,
            by: fact.map_or_else(String::new, |fact| fact.publisher.clone()),
            fact: fact.map_or_else(String::new, |fact| fact.id.clone()),
            percentiles: [0.05, 0.25, 0.5, 0.75, 0.95]
                .map(|u| forecast.quantile(u) / outcome.scale),
            crps: forecast.crps(value) / value.abs(),
            log_score: forecast.log_score(value),
            within50: forecast.covers(value, 0.5),
            within90: forecast.covers(value, 0.9),
            percentile: forecast.share_below(value),
        });
    }
}

/// Values at the middles of equal steps of probability.
fn quantiles(value: impl Fn(f64) -> f64) -> Vec<f64> {
    (0..QUANTILES)
        .map(|i| value((i as f64 + 0.5) / QUANTILES as f64))
        .collect()
}

fn tally(forecasts: &[Scored], forecaster: Forecaster) -> Option<Score> {
    let mine: Vec<&Scored> = forecasts
        .iter()
        .filter(|f| f.forecaster == forecaster)
        .collect();
    let count = mine.len();
    let mean = |f: &dyn Fn(&Scored) -> f64| mine.iter().map(|s| f(s)).sum::<f64>() / count as f64;
    (count > 0).then(|| Score {
        forecaster,
        outcomes: count,
        crps: mean(&|s| s.crps),
        log_score: mean(&|s| s.log_score),
        within50: mine.iter().filter(|s| s.within50).count(),
        within90: mine.iter().filter(|s| s.within90).count(),
    })
}

/// The model against each rule, and against each publisher, on what both forecast.
fn contests(forecasts: &[Scored]) -> Vec<Contest> {
    let model: BTreeMap<&str, &Scored> = forecasts
        .iter()
        .filter(|f| f.forecaster == Forecaster::Model)
        .map(|f| (f.outcome.as_str(), f))
        .collect();
    let mut rivals: BTreeMap<(Forecaster, &str), Vec<(&Scored, &Scored)>> = BTreeMap::new();
    for forecast in forecasts
        .iter()
        .filter(|f| f.forecaster != Forecaster::Model)
    {
        if let Some(mine) = model.get(forecast.outcome.as_str()) {
            let rival = (forecast.forecaster, forecast.by.as_str());
            rivals.entry(rival).or_default().push((mine, forecast));
        }
    }
    rivals
        .into_iter()
        .map(|((rival, by), pairs)| {
            let count = pairs.len() as f64;
            Contest {
                as_of: pairs[0].0.as_of.clone(),
                rival,
                by: by.to_owned(),
                outcomes: pairs.len(),
                model_crps: pairs.iter().map(|(mine, _)| mine.crps).sum::<f64>() / count,
                rival_crps: pairs.iter().map(|(_, theirs)| theirs.crps).sum::<f64>() / count,
                rival_wins: pairs
                    .iter()
                    .filter(|(mine, theirs)| theirs.crps < mine.crps)
                    .count(),
            }
        })
        .collect()
}
