//! Back-tests: what the scenario would have forecast on earlier days, and what came.

use wafercast_analysis::backtest::{Backtest, Contest, Forecaster, Knowledge, Outcome, Scored};

use crate::chart::range::Mark;
use crate::chart::ratio::{Row, ratio_svg};
use crate::message::{Message, html, say};
use crate::number::{amount, base_unit, count, decimal};
use crate::page::{Page, Table, legend};
use crate::section::evidence::range_text;
use crate::text::Text;

pub(super) fn body(page: &mut Page) -> String {
    let index = page.index;
    let Some(backtest) = &index.analyses.backtest else {
        return String::new();
    };
    if backtest.forecasts.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "<p class=\"intro\">{}</p>\n<p class=\"intro\"><b>{}</b></p>\n",
        html(Message::BacktestText),
        verdict(backtest).html()
    );
    let key = marks(backtest)
        .map(|(mark, knowledge)| {
            let day = Text::same(knowledge.as_of.clone());
            (mark, say(Message::AsOfDay, &[("day", day)]))
        })
        .collect::<Vec<_>>();
    out.push_str(&legend(&key, true));
    out.push_str(&picture(page, backtest));
    out.push_str(&tallies(backtest));
    out.push_str(&contests(backtest));
    out.push_str(&published(backtest));
    out.push_str(&hindsight(backtest));
    out
}

/// A mark for each day of knowledge, as many as there are marks.
fn marks(backtest: &Backtest) -> impl Iterator<Item = (Mark, &Knowledge)> {
    let last = backtest.vintages.len().saturating_sub(Mark::ALL.len());
    Mark::ALL.into_iter().zip(&backtest.vintages[last..])
}

/// Who won, in a sentence.
fn verdict(backtest: &Backtest) -> Text {
    let lost: Vec<&Contest> = backtest.contests.iter().filter(|c| c.is_lost()).collect();
    let slots = [
        ("lost", count(lost.len() as u64)),
        ("all", count(backtest.contests.len() as u64)),
    ];
    if backtest.contests.is_empty() {
        say(Message::BacktestNoRivals, &[])
    } else if lost.is_empty() {
        say(Message::BacktestWon, &slots[1..])
    } else {
        say(Message::BacktestLost, &slots)
    }
}

fn of_model<'a>(backtest: &'a Backtest, outcome: &str, day: &str) -> Option<&'a Scored> {
    backtest.forecasts.iter().find(|forecast| {
        forecast.forecaster == Forecaster::Model
            && forecast.outcome == outcome
            && forecast.as_of == day
    })
}

fn outcome_text(outcome: &Outcome) -> Text {
    let (factor, unit) = base_unit(&outcome.unit);
    let value = outcome.observed[1] * factor;
    amount(value, unit, 0.02 * value.abs())
}

/// Every outcome with the ranges forecast for it, from day to day.
fn picture(page: &mut Page, backtest: &Backtest) -> String {
    let outcomes = backtest.outcomes.iter().filter(|o| o.observed[1] > 0.0);
    let rows: Vec<Row> = outcomes
        .filter_map(|outcome| {
            let ranges: Vec<(Mark, [f64; 5])> = marks(backtest)
                .filter_map(|(mark, knowledge)| {
                    let forecast = of_model(backtest, &outcome.id, &knowledge.as_of)?;
                    let ratio = |value| value / outcome.observed[1];
                    Some((mark, forecast.percentiles.map(ratio)))
                })
                .collect();
            (!ranges.is_empty()).then(|| Row {
                name: Text::same(outcome.name.clone()),
                ranges,
                observed: Some([
                    outcome.observed[0] / outcome.observed[1],
                    outcome.observed[2] / outcome.observed[1],
                ]),
            })
        })
        .collect();
    let mut head = vec![say(Message::Outcome, &[]), say(Message::Observed, &[])];
    for knowledge in &backtest.vintages {
        let day = Text::same(knowledge.as_of.clone());
        head.push(say(Message::AsOfDay, &[("day", day)]));
        head.push(say(Message::Crps, &[]));
    }
    let table = Table {
        caption: say(Message::BacktestTable, &[]),
        head,
        rows: backtest
            .outcomes
            .iter()
            .map(|outcome| row(backtest, outcome))
            .collect(),
    };
    let words = backtest.vintages.last().map_or_else(Text::default, words);
    let title = say(Message::BacktestPicture, &[]);
    page.figure(&title, &words, &table, |labelled_by| {
        ratio_svg(&rows, true, &title, labelled_by) + &ratio_svg(&rows, false, &title, labelled_by)
    })
}

fn row(backtest: &Backtest, outcome: &Outcome) -> Vec<Text> {
    let mut row = vec![Text::same(outcome.name.clone()), outcome_text(outcome)];
    for knowledge in &backtest.vintages {
        match of_model(backtest, &outcome.id, &knowledge.as_of) {
            Some(forecast) => {
                let [low, _, _, _, high] = forecast.percentiles;
                row.push(range_text(low, high, &outcome.unit));
                row.push(Text::each(|language| decimal(forecast.crps, 2, language)));
            }
            None => row.extend([Text::same("–"), Text::same("–")]),
        }
    }
    row
}

/// How many outcomes lay inside, on the last day.
fn words(knowledge: &Knowledge) -> Text {
    let model = knowledge
        .tallies
        .iter()
        .find(|t| t.forecaster == Forecaster::Model);
    model.map_or_else(Text::default, |tally| {
        let slots = [
            ("day", Text::same(knowledge.as_of.clone())),
            ("n", count(tally.outcomes as u64)),
            ("half", count(tally.within50 as u64)),
            ("most", count(tally.within90 as u64)),
        ];
        say(Message::WordsBacktest, &slots)
    })
}

fn name(forecaster: Forecaster, by: &str) -> Text {
    match forecaster {
        Forecaster::Model => say(Message::ThisScenario, &[]),
        Forecaster::Persistence => say(Message::Persistence, &[]),
        Forecaster::Trend => say(Message::Trend, &[]),
        Forecaster::Published => Text::same(by),
    }
}

fn two(value: f64) -> Text {
    Text::each(|language| {
        let sign = if value < 0.0 { "−" } else { "" };
        format!("{sign}{}", decimal(value.abs(), 2, language))
    })
}

fn table(caption: Message, head: &[Message], rows: Vec<Vec<Text>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let head = head.iter().map(|message| say(*message, &[])).collect();
    Table {
        caption: say(caption, &[]),
        head,
        rows,
    }
    .html()
}

fn tallies(backtest: &Backtest) -> String {
    let rows = backtest
        .vintages
        .iter()
        .flat_map(|knowledge| {
            knowledge.tallies.iter().map(|tally| {
                let of = |inside: usize| Text::same(format!("{inside}/{}", tally.outcomes));
                vec![
                    name(tally.forecaster, ""),
                    Text::same(knowledge.as_of.clone()),
                    count(tally.outcomes as u64),
                    two(tally.crps),
                    two(tally.log_score),
                    of(tally.within50),
                    of(tally.within90),
                ]
            })
        })
        .collect();
    table(
        Message::BacktestScores,
        &[
            Message::Forecaster,
            Message::KnowledgeDay,
            Message::Outcomes,
            Message::Crps,
            Message::LogScore,
            Message::Within50,
            Message::Within90,
        ],
        rows,
    )
}

fn contests(backtest: &Backtest) -> String {
    let rows = backtest
        .contests
        .iter()
        .map(|contest| {
            let better = if contest.is_lost() {
                Message::Rival
            } else {
                Message::ThisScenario
            };
            vec![
                name(contest.rival, &contest.by),
                Text::same(contest.as_of.clone()),
                count(contest.outcomes as u64),
                two(contest.rival_crps),
                two(contest.model_crps),
                say(better, &[]),
            ]
        })
        .collect();
    table(
        Message::BacktestContests,
        &[
            Message::Rival,
            Message::KnowledgeDay,
            Message::Outcomes,
            Message::RivalCrps,
            Message::ScenarioCrps,
            Message::Better,
        ],
        rows,
    )
}

/// What others had said, once each.
fn published(backtest: &Backtest) -> String {
    let mut told: Vec<&str> = Vec::new();
    let mut rows = Vec::new();
    for forecast in &backtest.forecasts {
        if forecast.forecaster != Forecaster::Published || told.contains(&forecast.fact.as_str()) {
            continue;
        }
        told.push(&forecast.fact);
        let found = backtest.outcomes.iter().find(|o| o.id == forecast.outcome);
        if let Some(outcome) = found {
            let (factor, unit) = base_unit(&outcome.unit);
            let said = forecast.percentiles[2] * factor;
            rows.push(vec![
                Text::same(forecast.by.clone()),
                Text::same(outcome.name.clone()),
                amount(said, unit, 0.02 * said.abs()),
                outcome_text(outcome),
                two(forecast.crps),
            ]);
        }
    }
    table(
        Message::BacktestPublished,
        &[
            Message::Forecaster,
            Message::Outcome,
            Message::Forecast,
            Message::Observed,
            Message::Crps,
        ],
        rows,
    )
}

fn hindsight(backtest: &Backtest) -> String {
    let days: Vec<Text> = backtest
        .vintages
        .iter()
        .map(|knowledge| {
            let slots = [
                ("day", Text::same(knowledge.as_of.clone())),
                ("sourced", count(knowledge.sourced as u64)),
                ("assumed", count(knowledge.assumed as u64)),
            ];
            say(Message::HindsightDay, &slots)
        })
        .collect();
    let list = Text::clauses(&days);
    format!(
        "<h3>{}</h3><p>{}</p>\n",
        html(Message::Hindsight),
        say(Message::HindsightText, &[("list", list)]).html()
    )
}
