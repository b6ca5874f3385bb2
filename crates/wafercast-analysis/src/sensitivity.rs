//! Sensitivity: which uncertain quantities move the answers, and by how much.
//!
//! | question | method | module |
//! |---|---|---|
//! | what if this one alone were low or high? | tornado | [`tornado`] |
//! | does it move with the answer? | Spearman's rank correlation | [`rank`] |
//! | how much of the spread would go if it were known? | first-order index from given draws | [`main_effect`] |
//! | … and in concert with the others? | Sobol indices, first and total | [`variance_based`] |
//! | how is the spread shared out without remainder? | Shapley effects | [`shapley`] |
//!
//! Everything but [`Sensitivity::of`] is mathematics that knows nothing of chips.

pub mod gaussian;
pub mod linear_algebra;
pub mod main_effect;
pub mod model;
pub mod rank;
pub mod sample;
pub mod shapley;
pub mod surrogate;
pub mod topic;
pub mod tornado;
pub mod variance_based;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use wafercast::draw::LANES;
use wafercast::experiment::Experiment;
use wafercast::scenario::Scenario;
use wafercast::simulate::Sampling;

use crate::target::TargetKind;
use gaussian::Gaussian;
use model::Estimate;
use sample::{Engine, Sample, expressions};
use topic::Topic;
use tornado::Swing;

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Draws in which variables are moved.
    pub tornado_draws: u64,
    /// Walks from which Shapley effects of topics are counted.
    pub walks: u64,
    /// Sobol indices and Shapley effects of every variable, which need the model run some thousand times for each.
    pub full: Option<variance_based::Design>,
}

impl Options {
    /// What takes a few seconds.
    pub const QUICK: Options = Options {
        tornado_draws: 512,
        walks: 2048,
        full: None,
    };

    /// Everything: with `points` evaluations per variable in all, rounded down to a power of two.
    pub fn full(points: u64, seed: u64) -> Options {
        let in_each = (points / REPLICATES).max(LANES as u64);
        Options {
            full: Some(variance_based::Design {
                points: 1 << in_each.ilog2(),
                replicates: REPLICATES,
                seed,
            }),
            ..Options::QUICK
        }
    }
}

/// Scramblings that the points of a full study are split into.
const REPLICATES: u64 = 4;
/// Variables kept per target: the rest have less effect.
const MOST: usize = 25;
/// Variables moved for each target's tornado, and events among those after them. What is moved for one target is shown
/// for all on which it has an effect.
const MOVED: usize = 10;
const MOVED_EVENTS: usize = 4;

/// What moves the targets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sensitivity {
    /// Draws behind rank correlations and first-order indices.
    pub draws: u64,
    /// Draws behind the bars of tornados.
    pub tornado_draws: u64,
    /// Walks behind the shares of topics.
    pub walks: u64,
    /// Evaluations behind Sobol indices; 0 if they were not asked for.
    pub sobol_evaluations: u64,
    /// Number of uncertain quantities.
    pub variables: usize,
    /// By target.
    pub targets: Vec<TargetSensitivity>,
}

/// What moves one target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetSensitivity {
    /// Id of the claim, or the metric as written.
    pub name: String,
    /// The sentence of the claim; of a metric its text.
    pub says: String,
    /// Claim or metric.
    pub kind: TargetKind,
    /// Unit of the target.
    pub unit: String,
    /// Mean over all draws: of a claim its probability.
    pub mean: Estimate,
    /// Standard deviation over all draws.
    pub standard_deviation: f64,
    /// Variables, those with the largest effect first.
    pub drivers: Vec<Driver>,
    /// Topics by their share of the variance (Shapley effects; they add up to 1), the largest first.
    pub topics: Vec<TopicShare>,
    /// Sobol indices of blocks of correlated variables, the largest total first; empty if they were not asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<BlockIndices>,
}

/// A variable and its effect on a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Driver {
    /// Name of the quantity.
    pub name: String,
    /// Its topic.
    pub topic: Topic,
    /// Whether it is about something that happens or not; `low` is then without it and `high` with it.
    pub event: bool,
    /// Mean of the target with the variable at its 10th percentile and everything else as it comes.
    pub low: f64,
    /// Mean of the target with the variable at its 90th percentile.
    pub high: f64,
    /// `high − low`.
    pub swing: Estimate,
    /// Spearman's rank correlation with the target; of several scores that carry the variable, the largest.
    pub rank: Estimate,
    /// Share of the target's variance that the variable explains alone.
    pub explains: Estimate,
    /// Shapley effect as a share of the variance, if it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shapley: Option<Estimate>,
}

/// A topic's share of a target's variance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopicShare {
    /// Topic.
    pub topic: Topic,
    /// Share.
    pub share: Estimate,
    /// Number of its uncertain quantities.
    pub variables: usize,
}

/// Sobol indices of one variable, or of several that are correlated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BlockIndices {
    /// The variables.
    pub names: Vec<String>,
    /// First order.
    pub first: Estimate,
    /// Total.
    pub total: Estimate,
}

impl Sensitivity {
    /// What moves the targets of a sample.
    pub fn of(sample: &Sample, scenario: &Scenario, options: Options) -> Sensitivity {
        let associations = associations(sample);
        let moved = worth_moving(sample, &associations);
        let swings = tornado::tornado(sample, options.tornado_draws, &moved);
        let sampling = Sampling {
            draws: 8,
            ..sample.sampling
        };
        let experiment = Experiment::new(sample.plan, sampling, expressions(sample.targets));
        let study = Study {
            sample,
            engine: Engine {
                experiment: &experiment,
            },
            gaussian: Gaussian::of(&experiment),
            topics: sample
                .variables
                .iter()
                .map(|variable| Topic::of(&variable.name, scenario))
                .collect(),
        };
        let topics = study.topic_shares(options.walks);
        let full = options.full.map(|design| study.full(design));
        let targets = sample.targets.iter().zip(topics).enumerate();
        Sensitivity {
            draws: sample.sampling.draws,
            tornado_draws: options.tornado_draws,
            walks: options.walks,
            sobol_evaluations: full.as_ref().map_or(0, |full| full.evaluations),
            variables: sample.variables.len(),
            targets: targets
                .map(|(index, (target, topics))| TargetSensitivity {
                    name: target.name.clone(),
                    says: target.says.clone(),
                    kind: target.kind,
                    unit: target.unit.clone(),
                    mean: mean(sample, index),
                    standard_deviation: sample.outputs.variances[index].sqrt(),
                    drivers: study.drivers(
                        &moved,
                        &swings[index],
                        &associations[index],
                        full.as_ref().map(|full| full.shapley[index].as_slice()),
                    ),
                    topics,
                    blocks: full
                        .as_ref()
                        .map_or_else(Vec::new, |full| full.blocks[index].clone()),
                })
                .collect(),
        }
    }
}

/// A target's mean over the draws, with the error that independent draws would have.
pub(crate) fn mean(sample: &Sample, target: usize) -> Estimate {
    let variance = sample.outputs.variances[target];
    Estimate {
        value: sample.outputs.means[target],
        standard_error: (variance / sample.sampling.draws.max(1) as f64).sqrt(),
    }
}

/// Rank correlation and first-order index, `[target][variable]`.
fn associations(sample: &Sample) -> Vec<Vec<(Estimate, Estimate)>> {
    let ranks: Vec<Vec<f64>> = sample
        .columns
        .par_iter()
        .map(|column| rank::standardised_ranks(column))
        .collect();
    let draws = sample.outputs.draws();
    let by_variable: Vec<Vec<(Estimate, Estimate)>> = sample
        .variables
        .par_iter()
        .map(|variable| {
            let own: Vec<Vec<f64>> = variable
                .scores
                .iter()
                .map(|score| rank::standardised_ranks(&sample.scores[*score]))
                .collect();
            let correlation = |target: usize| {
                own.iter()
                    .map(|own| rank::correlation(own, &ranks[target]))
                    .fold(
                        0.0,
                        |most: f64, rho| if rho.abs() > most.abs() { rho } else { most },
                    )
            };
            let fit = sample.fit(variable);
            fit.explained()
                .iter()
                .enumerate()
                .map(|(target, explained)| {
                    let rho = correlation(target);
                    let rank = Estimate {
                        value: rho,
                        standard_error: rank::standard_error(rho, draws),
                    };
                    let explains = Estimate {
                        value: explained.share,
                        standard_error: explained.standard_error,
                    };
                    (rank, explains)
                })
                .collect()
        })
        .collect();
    (0..sample.targets.len())
        .map(|target| by_variable.iter().map(|of| of[target]).collect())
        .collect()
}

/// The variables whose bars are worth the draws: for each target those that explain most of it, as far as that stands out
/// from chance, and of events, which explain little where they are rare, some more. In order.
fn worth_moving(sample: &Sample, associations: &[Vec<(Estimate, Estimate)>]) -> Vec<usize> {
    let mut chosen = vec![false; sample.variables.len()];
    for target in associations {
        let mut order: Vec<usize> = (0..target.len())
            .filter(|v| stands_out(&target[*v].1))
            .collect();
        order.sort_by(|a, b| {
            let explains = |v: &usize| target[*v].1.value;
            explains(b).total_cmp(&explains(a)).then(a.cmp(b))
        });
        let events = order
            .iter()
            .filter(|v| sample.is_event(&sample.variables[**v]))
            .take(MOVED_EVENTS);
        for variable in order.iter().take(MOVED).chain(events) {
            chosen[*variable] = true;
        }
    }
    (0..chosen.len()).filter(|v| chosen[*v]).collect()
}

fn stands_out(explains: &Estimate) -> bool {
    explains.value > 3.0 * explains.standard_error
}

struct Study<'a> {
    sample: &'a Sample<'a>,
    engine: Engine<'a>,
    gaussian: Gaussian,
    /// By variable.
    topics: Vec<Topic>,
}

/// What a full study finds.
struct Full {
    evaluations: u64,
    /// `[target]`
    blocks: Vec<Vec<BlockIndices>>,
    /// `[target][variable]`
    shapley: Vec<Vec<Estimate>>,
}

impl Study<'_> {
    fn drivers(
        &self,
        moved: &[usize],
        swings: &[Swing],
        associations: &[(Estimate, Estimate)],
        shapley: Option<&[Estimate]>,
    ) -> Vec<Driver> {
        let variables = &self.sample.variables;
        let mut order: Vec<(usize, Estimate, &Swing)> = moved
            .iter()
            .zip(swings)
            .map(|(v, swing)| (*v, swing.size(), swing))
            .filter(|(v, size, _)| {
                size.value.abs() > 2.0 * size.standard_error || stands_out(&associations[*v].1)
            })
            .collect();
        order.sort_by(|a, b| {
            b.1.value
                .abs()
                .total_cmp(&a.1.value.abs())
                .then(a.0.cmp(&b.0))
        });
        order.truncate(MOST);
        order
            .into_iter()
            .map(|(v, size, swing)| Driver {
                name: variables[v].name.clone(),
                topic: self.topics[v],
                event: self.sample.is_event(&variables[v]),
                low: swing.low,
                high: swing.high,
                swing: size,
                rank: associations[v].0,
                explains: associations[v].1,
                shapley: shapley.map(|shapley| shapley[v]),
            })
            .collect()
    }

    /// Shapley effects of topics, the largest first, by target.
    fn topic_shares(&self, walks: u64) -> Vec<Vec<TopicShare>> {
        let mut players = Vec::new();
        let mut counts = Vec::new();
        for topic in Topic::ALL {
            let mine: Vec<usize> = (0..self.topics.len())
                .filter(|v| self.topics[*v] == topic)
                .collect();
            if !mine.is_empty() {
                counts.push((topic, mine.len()));
                let scores = mine.iter().flat_map(|v| &self.sample.variables[*v].scores);
                players.push(scores.copied().collect());
            }
        }
        let seed = self.sample.sampling.seed;
        let effects = shapley::effects(&self.engine, &self.gaussian, &players, walks, seed);
        effects
            .into_iter()
            .map(|shares| {
                let mut topics: Vec<TopicShare> = counts
                    .iter()
                    .zip(shares)
                    .map(|((topic, variables), share)| TopicShare {
                        topic: *topic,
                        share,
                        variables: *variables,
                    })
                    .collect();
                topics.sort_by(|a, b| {
                    b.share
                        .value
                        .total_cmp(&a.share.value)
                        .then(a.topic.cmp(&b.topic))
                });
                topics
            })
            .collect()
    }

    fn full(&self, design: variance_based::Design) -> Full {
        let variables = &self.sample.variables;
        let mut blocks: Vec<(usize, Vec<usize>)> = Vec::new();
        for (v, variable) in variables.iter().enumerate() {
            match blocks
                .iter_mut()
                .find(|(block, _)| *block == variable.block)
            {
                Some((_, members)) => members.push(v),
                None => blocks.push((variable.block, vec![v])),
            }
        }
        let scores_of = |members: &[usize]| -> Vec<usize> {
            members
                .iter()
                .flat_map(|v| variables[*v].scores.clone())
                .collect()
        };
        let groups: Vec<Vec<usize>> = blocks
            .iter()
            .map(|(_, members)| scores_of(members))
            .collect();
        let indices = variance_based::indices(&self.engine, &groups, design);
        let players: Vec<Vec<usize>> = variables.iter().map(|v| v.scores.clone()).collect();
        let walks = design.points;
        let shapley = shapley::effects(&self.engine, &self.gaussian, &players, walks, design.seed);
        let of_target = |target: usize| {
            let mut found: Vec<BlockIndices> = blocks
                .iter()
                .enumerate()
                .map(|(block, (_, members))| BlockIndices {
                    names: members.iter().map(|v| variables[*v].name.clone()).collect(),
                    first: indices.first[target][block],
                    total: indices.total[target][block],
                })
                .collect();
            found.sort_by(|a, b| {
                b.total
                    .value
                    .total_cmp(&a.total.value)
                    .then_with(|| a.names.cmp(&b.names))
            });
            found.truncate(MOST);
            found
        };
        Full {
            evaluations: design.evaluations(groups.len()),
            blocks: (0..self.sample.targets.len()).map(of_target).collect(),
            shapley,
        }
    }
}
