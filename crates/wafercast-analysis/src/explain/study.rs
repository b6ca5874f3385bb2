//! The scenarios between two scenarios, simulated on the same draws.

use std::ops::Range;

use wafercast::compile::compile;
use wafercast::document::Document;
use wafercast::experiment::{Experiment, Untouched};
use wafercast::metric::{Expression, parse};
use wafercast::plan::Plan;
use wafercast::scenario::{ClaimAnswer, Scenario};
use wafercast::simulate::Sampling;

use super::changes::{Change, between, changes};
use super::shapley::{Design, MOST_EXACT, MOST_PLAYERS, orders};
use super::{Attribution, Explanation, Grouping, Part, Player};
use crate::moments::Moments;
use crate::pieces::over_pieces;

/// Players that an automatic grouping allows.
const MOST_AUTOMATIC: usize = 12;

/// What the difference is attributed to.
#[derive(Debug, Clone, PartialEq)]
pub struct Players {
    groups: Vec<Group>,
}

#[derive(Debug, Clone, PartialEq)]
struct Group {
    player: Player,
    changes: Vec<Change>,
}

impl Players {
    /// Number of players.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// True if nothing differs.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    fn documents(&self, first: &Document, second: &Document, coalition: u64) -> Document {
        let members = self
            .groups
            .iter()
            .enumerate()
            .filter(|(player, _)| coalition >> player & 1 == 1)
            .flat_map(|(_, group)| &group.changes);
        between(first, second, members)
    }

    /// All in one.
    fn together(self) -> Players {
        let name = "all changes".to_owned();
        Players {
            groups: join(self.groups, &|_| true, &name),
        }
    }
}

/// The changes between two documents, grouped. Without a grouping the finest is taken that leaves a dozen players. Changes
/// that give no sound scenario alone (`sound` says none), or without which the others do not, are taken together.
pub fn players(
    first: &Document,
    second: &Document,
    grouping: Option<Grouping>,
    sound: &dyn Fn(&Document) -> Option<Scenario>,
) -> Players {
    let changes = changes(first, second);
    let most = grouping.map_or(MOST_AUTOMATIC, |_| MOST_PLAYERS);
    let mut groups = Vec::new();
    for one in [Grouping::Change, Grouping::Table, Grouping::Kind] {
        if grouping.is_none_or(|asked| asked == one) {
            groups = grouped(&changes, one);
            if groups.len() <= most {
                break;
            }
        }
    }
    let players = Players { groups };
    if players.groups.len() > MOST_PLAYERS {
        return players.together();
    }
    let everybody = (1_u64 << players.groups.len()) - 1;
    let is_sound = |players: &Players, coalition: u64| {
        sound(&players.documents(first, second, coalition)).is_some()
    };
    let dependent: Vec<bool> = (0..players.groups.len())
        .map(|player| {
            let alone = 1_u64 << player;
            !is_sound(&players, alone) || !is_sound(&players, everybody & !alone)
        })
        .collect();
    if dependent.iter().any(|dependent| *dependent) {
        let name = "changes that need each other";
        return Players {
            groups: join(players.groups, &|player| dependent[player], name),
        };
    }
    players
}

fn grouped(changes: &[Change], grouping: Grouping) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for change in changes {
        let name = match grouping {
            Grouping::Change => change.text(),
            Grouping::Table => change.table(),
            Grouping::Kind => change.kind(),
        };
        match groups.iter_mut().find(|group| group.player.name == name) {
            Some(group) => {
                group.player.changes.push(change.text());
                group.changes.push(change.clone());
            }
            None => groups.push(Group {
                player: Player {
                    name,
                    changes: vec![change.text()],
                    joined: false,
                },
                changes: vec![change.clone()],
            }),
        }
    }
    groups
}

/// Some of the groups in one, in the place of the first of them.
fn join(groups: Vec<Group>, is_chosen: &dyn Fn(usize) -> bool, name: &str) -> Vec<Group> {
    let mut joined: Option<usize> = None;
    let mut out: Vec<Group> = Vec::new();
    for (player, group) in groups.into_iter().enumerate() {
        match joined {
            Some(place) if is_chosen(player) => {
                let whole = &mut out[place];
                whole.player.name = name.to_owned();
                whole.player.joined = true;
                whole.player.changes.extend(group.player.changes);
                whole.changes.extend(group.changes);
            }
            _ => {
                if is_chosen(player) {
                    joined = Some(out.len());
                }
                out.push(group);
            }
        }
    }
    out
}

/// What is compared, and how.
#[derive(Debug, Clone, Copy)]
pub struct Explained<'a> {
    /// First document and the scenario it gives.
    pub first: (&'a Document, &'a Scenario),
    /// Second.
    pub second: (&'a Document, &'a Scenario),
    /// How both are drawn.
    pub sampling: Sampling,
    /// Pairs of orders that are sampled where there are more than six players.
    pub pairs: usize,
}

/// A metric by its name, its sentence and its formula.
struct Asked {
    name: String,
    says: String,
    unit: String,
    formula: String,
}

/// A scenario between the two.
struct Between {
    plan: Plan,
    targets: Vec<Expression>,
}

/// The scenarios between two, compiled: what is left to do is to draw them.
pub struct Prepared {
    players: Players,
    design: Design,
    between: Vec<Between>,
    asked: Vec<Asked>,
    sampling: Sampling,
}

/// Prepares the attribution of differences of metrics (as written) and of the claims that both scenarios make.
pub fn prepare(
    question: &Explained,
    players: Players,
    metrics: &[String],
    sound: &dyn Fn(&Document) -> Option<Scenario>,
) -> Prepared {
    let (players, design, scenarios) = scenarios(question, players, sound);
    let mut asked = asked(question, metrics);
    asked.retain(|one| scenarios.iter().all(|s| parse(&one.formula, s).is_ok()));
    let between = scenarios
        .iter()
        .map(|scenario| Between {
            plan: compile(scenario),
            targets: asked
                .iter()
                .filter_map(|one| Some(parse(&one.formula, scenario).ok()?.expression))
                .collect(),
        })
        .collect();
    Prepared {
        players,
        design,
        between,
        asked,
        sampling: question.sampling,
    }
}

impl Prepared {
    /// Draws the scenarios and attributes the differences to the players.
    pub fn explain(self) -> Explanation {
        let (design, metrics) = (&self.design, self.asked.len());
        let sums = over_pieces(
            self.sampling.draws,
            |draws| Sums::of(&self.between, design, self.sampling, metrics, draws),
            Sums::merge,
        )
        .unwrap_or_else(|| Sums::empty(design, metrics));
        Explanation {
            scenarios: self.between.len(),
            exact: design.is_exact(),
            orders: design.orders(),
            draws: self.sampling.draws,
            attributions: self
                .asked
                .into_iter()
                .enumerate()
                .map(|(metric, one)| sums.attribution(design, metric, one))
                .collect(),
            players: self.players.groups.into_iter().map(|g| g.player).collect(),
        }
    }
}

/// The sound scenarios of every coalition. If one of them is not sound, all changes are taken as one.
fn scenarios(
    question: &Explained,
    players: Players,
    sound: &dyn Fn(&Document) -> Option<Scenario>,
) -> (Players, Design, Vec<Scenario>) {
    let design = design(players.len(), question);
    let (first, second) = (question.first.0, question.second.0);
    let scenarios: Option<Vec<Scenario>> = design
        .coalitions
        .iter()
        .map(|&coalition| sound(&players.documents(first, second, coalition)))
        .collect();
    match scenarios {
        Some(scenarios) => (players, design, scenarios),
        None => {
            let players = players.together();
            let design = Design::exact(players.len());
            let ends = vec![question.first.1.clone(), question.second.1.clone()];
            (players, design, ends)
        }
    }
}

fn design(players: usize, question: &Explained) -> Design {
    if players <= MOST_EXACT {
        return Design::exact(players);
    }
    let mut state = question.sampling.seed;
    let drawn = orders(players, question.pairs.max(2), || uniform(&mut state));
    Design::sampled(players, &drawn)
}

/// SplitMix64 (Steele, Lea & Flood 2014), as a number in [0, 1).
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn asked(question: &Explained, metrics: &[String]) -> Vec<Asked> {
    let (first, second) = (question.first.1, question.second.1);
    let metrics = metrics.iter().filter_map(|text| {
        let typed = parse(text, first).ok()?;
        Some(Asked {
            name: text.clone(),
            says: text.clone(),
            unit: if typed.is_truth || typed.dimension.is_none() {
                String::new()
            } else {
                typed.dimension.to_string()
            },
            formula: text.clone(),
        })
    });
    let formula = |scenario: &Scenario, id: &str| {
        let claim = scenario.claims.iter().find(|claim| claim.id == id)?;
        match &claim.answer {
            ClaimAnswer::Formula { text, .. } => Some(text.clone()),
            ClaimAnswer::Facts { .. } => None,
        }
    };
    let claims = first.claims.iter().filter_map(|claim| {
        let text = formula(first, &claim.id)?;
        // Two claims of one name are one only if they say the same.
        (formula(second, &claim.id)? == text).then(|| Asked {
            name: claim.id.clone(),
            says: claim.says.clone(),
            unit: String::new(),
            formula: text,
        })
    });
    metrics.chain(claims).collect()
}

/// What is kept of draws.
struct Sums {
    draws: f64,
    /// Sum of each metric in each scenario, `[metric][coalition]`.
    worth: Vec<Vec<f64>>,
    /// Each player's part, draw by draw, `[metric][player]`, and the whole difference.
    parts: Vec<Vec<Moments>>,
    whole: Vec<Moments>,
}

impl Sums {
    fn empty(design: &Design, metrics: usize) -> Sums {
        Sums {
            draws: 0.0,
            worth: vec![vec![0.0; design.coalitions.len()]; metrics],
            parts: vec![vec![Moments::default(); design.players()]; metrics],
            whole: vec![Moments::default(); metrics],
        }
    }

    fn of(
        between: &[Between],
        design: &Design,
        sampling: Sampling,
        metrics: usize,
        draws: Range<u64>,
    ) -> Sums {
        let count = (draws.end - draws.start) as usize;
        let mut sums = Sums::empty(design, metrics);
        sums.draws = count as f64;
        let mut parts = vec![vec![vec![0.0; count]; design.players()]; metrics];
        let mut whole = vec![vec![0.0; count]; metrics];
        let mut coefficients = vec![Vec::new(); between.len()];
        for player in 0..design.players() {
            for (place, coefficient) in design.coefficients(player) {
                coefficients[place].push((player, coefficient));
            }
        }
        let last = between.len().saturating_sub(1);
        for (place, scenario) in between.iter().enumerate() {
            let experiment = Experiment::new(&scenario.plan, sampling, scenario.targets.clone());
            let columns = experiment.run(draws.clone(), &Untouched);
            for (metric, column) in columns.iter().enumerate() {
                sums.worth[metric][place] = column.iter().sum();
                for (player, coefficient) in &coefficients[place] {
                    add(&mut parts[metric][*player], column, *coefficient);
                }
                if last > 0 && (place == 0 || place == last) {
                    let sign = if place == 0 { -1.0 } else { 1.0 };
                    add(&mut whole[metric], column, sign);
                }
            }
        }
        for metric in 0..metrics {
            for (moments, values) in sums.parts[metric].iter_mut().zip(&parts[metric]) {
                *moments = Moments::of(values.iter().copied());
            }
            sums.whole[metric] = Moments::of(whole[metric].iter().copied());
        }
        sums
    }

    fn merge(&mut self, other: Sums) {
        self.draws += other.draws;
        for (sums, further) in self.worth.iter_mut().zip(&other.worth) {
            for (sum, one) in sums.iter_mut().zip(further) {
                *sum += one;
            }
        }
        for (parts, further) in self.parts.iter_mut().zip(&other.parts) {
            for (part, one) in parts.iter_mut().zip(further) {
                part.merge(one);
            }
        }
        for (whole, further) in self.whole.iter_mut().zip(&other.whole) {
            whole.merge(further);
        }
    }

    fn attribution(&self, design: &Design, metric: usize, asked: Asked) -> Attribution {
        let worth: Vec<f64> = self.worth[metric]
            .iter()
            .map(|sum| sum / self.draws.max(1.0))
            .collect();
        let values = design.values(&worth);
        let parts = values
            .players
            .iter()
            .enumerate()
            .map(|(player, value)| {
                let of_draws = self.parts[metric][player].standard_error();
                let of_orders = design.order_error(player, &worth);
                Part {
                    value: *value,
                    standard_error: (of_draws * of_draws + of_orders * of_orders).sqrt(),
                }
            })
            .collect();
        Attribution {
            metric: asked.name,
            says: asked.says,
            unit: asked.unit,
            first: values.none,
            second: values.all,
            difference: values.all - values.none,
            standard_error: self.whole[metric].standard_error(),
            parts,
        }
    }
}

fn add(sums: &mut [f64], values: &[f64], coefficient: f64) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += coefficient * value;
    }
}
