//! A back-test on the screen.

use std::fmt::Write;

use wafercast_analysis::backtest::{Backtest, Contest, Forecaster, Knowledge, Outcome, Scored};

use super::columns::columns;
use super::{heading, number, wrap};

/// The whole of it.
pub fn text(backtest: &Backtest, width: usize) -> String {
    let mut text = heading("Back-test: what would have been forecast, and what came");
    if backtest.forecasts.is_empty() {
        text.push_str(
            "Nothing has become known since: no outcome has a `known` date after these days.\n",
        );
        return text;
    }
    let intro = "CRPS is the mean distance of the forecast from the outcome, as a share of the outcome, with ranges counted \
                 in: 0.20 is as good as a bare number 20 % off; smaller is better. A good 90 % range holds nine of ten outcomes.";
    paragraph(&mut text, intro, width);
    for knowledge in &backtest.vintages {
        text.push('\n');
        text.push_str(&vintage(backtest, knowledge, width));
    }
    text.push('\n');
    text.push_str(&verdict(backtest, width));
    text.push('\n');
    text.push_str(&drift(backtest, width));
    text.push('\n');
    text.push_str(&hindsight(backtest, width));
    text
}

fn paragraph(text: &mut String, sentence: &str, width: usize) {
    for line in wrap(sentence, width) {
        let _ = writeln!(text, "{line}");
    }
}

/// Name of who forecast.
pub fn name(forecaster: Forecaster, by: &str) -> String {
    match forecaster {
        Forecaster::Model => "the scenario".to_owned(),
        Forecaster::Persistence => "persistence".to_owned(),
        Forecaster::Trend => "log-linear trend".to_owned(),
        Forecaster::Published => by.to_owned(),
    }
}

fn outcome<'a>(backtest: &'a Backtest, id: &str) -> Option<&'a Outcome> {
    backtest.outcomes.iter().find(|outcome| outcome.id == id)
}

fn vintage(backtest: &Backtest, knowledge: &Knowledge, width: usize) -> String {
    let of_day: Vec<&Scored> = backtest
        .forecasts
        .iter()
        .filter(|forecast| forecast.as_of == knowledge.as_of)
        .collect();
    let crps_of = |id: &str, who| {
        let mut found = of_day
            .iter()
            .filter(|f| f.outcome == id && f.forecaster == who);
        found
            .next()
            .map_or("–".to_owned(), |f| format!("{:.2}", f.crps))
    };
    let published = |id: &str| {
        let all: Vec<String> = of_day
            .iter()
            .filter(|f| f.outcome == id && f.forecaster == Forecaster::Published)
            .map(|f| format!("{:.2}", f.crps))
            .collect();
        if all.is_empty() {
            "–".to_owned()
        } else {
            all.join(" ")
        }
    };
    let rows: Vec<Vec<String>> = of_day
        .iter()
        .filter(|forecast| forecast.forecaster == Forecaster::Model)
        .filter_map(|forecast| {
            let outcome = outcome(backtest, &forecast.outcome)?;
            let bare = |value| number::bare(value, &outcome.unit, 2);
            let [low, _, middle, _, high] = forecast.percentiles;
            let hit = match (forecast.within50, forecast.within90) {
                (true, _) => "50 %",
                (false, true) => "90 %",
                (false, false) => "out",
            };
            Some(vec![
                outcome.name.clone(),
                bare(outcome.observed[1]),
                format!("{} ({}–{})", bare(middle), bare(low), bare(high)),
                hit.to_owned(),
                format!("{:.2}", forecast.crps),
                crps_of(&outcome.id, Forecaster::Persistence),
                crps_of(&outcome.id, Forecaster::Trend),
                published(&outcome.id),
            ])
        })
        .collect();
    let mut text = heading(&format!("As of {}", knowledge.as_of));
    let head = [
        "outcome",
        "came",
        "forecast (90 %)",
        "in",
        "CRPS",
        "persist",
        "trend",
        "published",
    ];
    text.push_str(&columns(&head, &rows, width));
    for tally in &knowledge.tallies {
        paragraph(
            &mut text,
            &format!(
                "{}: {} outcomes, mean CRPS {:.2}, mean log score {:.2}, {} in the 50 % range, {} in the 90 % range",
                name(tally.forecaster, ""),
                tally.outcomes,
                tally.crps,
                tally.log_score,
                tally.within50,
                tally.within90
            ),
            width,
        );
    }
    let missing = backtest.missing.iter().filter(|missing| {
        missing.as_of == knowledge.as_of && missing.forecaster == Forecaster::Model
    });
    for missing in missing {
        let name = outcome(backtest, &missing.outcome).map_or("", |outcome| &outcome.name);
        paragraph(
            &mut text,
            &format!("not forecast: {name} ({})", missing.why),
            width,
        );
    }
    text
}

/// Who won.
fn verdict(backtest: &Backtest, width: usize) -> String {
    let mut text = heading("Against each rival, on the outcomes that both forecast");
    let rows: Vec<Vec<String>> = backtest
        .contests
        .iter()
        .map(|contest: &Contest| {
            vec![
                name(contest.rival, &contest.by),
                contest.as_of.clone(),
                contest.outcomes.to_string(),
                format!("{:.2}", contest.rival_crps),
                format!("{:.2}", contest.model_crps),
                format!("{} of {}", contest.rival_wins, contest.outcomes),
                if contest.is_lost() {
                    "rival"
                } else {
                    "scenario"
                }
                .to_owned(),
            ]
        })
        .collect();
    if rows.is_empty() {
        return text + "None had forecast any of it.\n";
    }
    let head = [
        "rival",
        "as of",
        "outcomes",
        "its CRPS",
        "scenario's",
        "it won",
        "better",
    ];
    text.push_str(&columns(&head, &rows, width));
    let lost = backtest
        .contests
        .iter()
        .filter(|contest| contest.is_lost())
        .count();
    let sentence = if lost == 0 {
        "No rival did better than the scenario on average.".to_owned()
    } else {
        format!(
            "{lost} of {} rivals did better than the scenario on average.",
            rows.len()
        )
    };
    paragraph(&mut text, &sentence, width);
    text
}

/// The scenario's medians from day to day, and what others had published.
fn drift(backtest: &Backtest, width: usize) -> String {
    let days: Vec<&str> = backtest.vintages.iter().map(|v| v.as_of.as_str()).collect();
    let find = |id: &str, day: &str| {
        backtest
            .forecasts
            .iter()
            .find(|f| f.outcome == id && f.as_of == day && f.forecaster == Forecaster::Model)
    };
    let mut rows = Vec::new();
    for outcome in &backtest.outcomes {
        let bare = |value| number::bare(value, &outcome.unit, 2);
        if days.iter().all(|day| find(&outcome.id, day).is_none()) {
            continue;
        }
        let mut row = vec![outcome.name.clone()];
        row.extend(days.iter().map(|day| {
            find(&outcome.id, day).map_or("–".to_owned(), |f| {
                let [low, _, middle, _, high] = f.percentiles;
                format!("{} ({}–{})", bare(middle), bare(low), bare(high))
            })
        }));
        row.push(bare(outcome.observed[1]));
        rows.push(row);
    }
    let mut head = vec!["drift of the forecast"];
    head.extend(&days);
    head.push("came");
    let mut text = columns(&head, &rows, width);
    let mut told: Vec<&str> = Vec::new();
    for forecast in &backtest.forecasts {
        if forecast.forecaster != Forecaster::Published || told.contains(&forecast.fact.as_str()) {
            continue;
        }
        told.push(&forecast.fact);
        if let Some(outcome) = outcome(backtest, &forecast.outcome) {
            let line = format!(
                "{} said {} for {} (`{}`); {} came",
                forecast.by,
                number::quantity(forecast.percentiles[2], &outcome.unit, 2),
                outcome.name,
                forecast.fact,
                number::quantity(outcome.observed[1], &outcome.unit, 2)
            );
            paragraph(&mut text, &line, width);
        }
    }
    text
}

/// What the back-test cannot show.
fn hindsight(backtest: &Backtest, width: usize) -> String {
    let mut text = heading("What hindsight may remain");
    for knowledge in &backtest.vintages {
        let changes = if knowledge.changes_known == 0 {
            "too few counts were known to tell".to_owned()
        } else {
            format!("from {} changes known then", knowledge.changes_known)
        };
        let line = format!(
            "As of {}: {} uncertain numbers rest on facts of that time, {} are assumptions written later. Simple rules reckon \
             with a factor of {:.1} a year ({changes}).",
            knowledge.as_of,
            knowledge.sourced,
            knowledge.assumed,
            wafercast::draw::kernel::exp(knowledge.yearly_change)
        );
        paragraph(&mut text, &line, width);
    }
    paragraph(
        &mut text,
        "No forecast here cites a fact that was published later, but whoever wrote its assumptions may have known what came: \
         the scenario's score is an upper bound of its skill. Published forecasts without a range are given the error of \
         their source's quality.",
        width,
    );
    text
}
