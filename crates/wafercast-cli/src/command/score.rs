//! `wafercast score`: check a sealed forecast byte by byte, and score it by what became known after it.

mod outcomes;

use std::fmt::Write;
use std::path::Path;

use wafercast_analysis::seal::{self, Forecast, Outcome, SealScore};

use crate::arguments::{Changes, Format, Score};
use crate::console::{self, STRONG, styled};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::prepare;
use crate::terminal::columns::columns;
use crate::terminal::number;

/// Larger files are none of ours.
const MOST_BYTES: u64 = 64 << 20;

/// Runs the command.
pub fn execute(arguments: &Score) -> Result<Exit, Failure> {
    let text = read(&arguments.file)?;
    let (forecast, hash) = match seal::open(&text) {
        Ok(opened) => opened,
        Err(broken) => {
            console::say_failure(&Failure::Damaged {
                path: arguments.file.clone(),
                problem: broken.to_string(),
                hint: "score the file as it was sealed; a copy whose SHA-256 was published is the one to trust".to_owned(),
            });
            return Ok(Exit::Failed);
        }
    };
    if let Some(expected) = &arguments.sha256
        && !expected.eq_ignore_ascii_case(&hash)
    {
        console::say_failure(&Failure::Damaged {
            path: arguments.file.clone(),
            problem: format!("is sealed, but its SHA-256 is {hash}, not {expected}"),
            hint: "it was sealed anew after the hash was published, or is another forecast"
                .to_owned(),
        });
        return Ok(Exit::Failed);
    }
    let outcomes = match &arguments.outcomes {
        Some(path) => outcomes::of_file(path, &read(path)?, &forecast)?,
        None => of_scenario(&forecast, arguments)?,
    };
    let scored = seal::score(&forecast, &hash, &outcomes);
    match arguments.format {
        Format::Table | Format::Csv => {
            console::print(&shown(&forecast, &scored, console::width()))?;
        }
        Format::Json => console::print_json(&scored)?,
    }
    Ok(Exit::Success)
}

fn read(path: &Path) -> Result<String, Failure> {
    let failed = |cause| Failure::file("read", path, cause);
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > MOST_BYTES {
        return Err(Failure::Damaged {
            path: path.to_owned(),
            problem: format!("is {} MB large, more than any forecast", size >> 20),
            hint: "give the file that `wafercast seal` wrote".to_owned(),
        });
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    String::from_utf8(bytes).map_err(|_| Failure::Damaged {
        path: path.to_owned(),
        problem: "is not text".to_owned(),
        hint: "give the file that `wafercast seal` wrote".to_owned(),
    })
}

/// What the scenario, as it is now, observed after the forecast's day of knowledge.
fn of_scenario(forecast: &Forecast, arguments: &Score) -> Result<Vec<Outcome>, Failure> {
    let head = &forecast.head;
    let day = prepare::date(head.as_of.as_ref().unwrap_or(&head.made))?;
    let changes = Changes {
        set: Vec::new(),
        as_of: None,
        facts: arguments.facts.clone(),
    };
    let prepared = prepare::prepared(&head.scenario, &changes)?;
    let scenario = &prepared.scenario;
    let mut outcomes = Vec::new();
    for evidence in &scenario.evidence {
        let Some(known) = evidence.known.filter(|known| *known > day) else {
            continue;
        };
        let quantity = &scenario.quantities[evidence.observed.0];
        let median = match &quantity.value {
            wafercast::scenario::Value::Constant(distribution) => distribution.quantile(0.5),
            wafercast::scenario::Value::Path(path) => path.anchors[0].1.quantile(0.5),
        };
        outcomes.push(Outcome {
            of: evidence.text.clone(),
            value: median,
            known: known.to_string(),
            source: quantity.sources.join(", "),
        });
    }
    Ok(outcomes)
}

fn shown(forecast: &Forecast, scored: &SealScore, width: usize) -> String {
    let head = &forecast.head;
    let mut text = format!(
        "{} {} (scenario {}, {} draws), sealed {}{}\nEvery byte is as it was sealed. SHA-256 {}\n\n",
        styled(STRONG, "Sealed forecast:"),
        head.title,
        head.scenario,
        number::grouped(head.draws),
        head.made,
        head.as_of
            .as_ref()
            .map_or(String::new(), |day| format!(", as of {day}")),
        scored.sha256
    );
    if scored.series.is_empty() && scored.claims.is_empty() {
        text.push_str(
            "Nothing of it has become known since. Give what came with `--outcomes FILE.csv`.\n",
        );
        return text;
    }
    let bare = number::bare;
    let rows: Vec<Vec<String>> = scored
        .series
        .iter()
        .map(|one| {
            let unit = if one.metric.starts_with("share_") {
                "fraction"
            } else {
                &one.unit
            };
            let [low, middle, high] = one.forecast;
            let hit = match (one.within50, one.within90) {
                (true, _) => "50 %",
                (false, true) => "90 %",
                (false, false) => "out",
            };
            vec![
                one.metric.clone(),
                one.known.clone(),
                bare(one.outcome, unit, 2),
                format!(
                    "{} ({}–{})",
                    bare(middle, unit, 2),
                    bare(low, unit, 2),
                    bare(high, unit, 2)
                ),
                hit.to_owned(),
                format!("{:.2}", one.crps / one.outcome.abs().max(f64::MIN_POSITIVE)),
                format!("{:.2}", one.log_score),
            ]
        })
        .collect();
    let titles = [
        "metric",
        "known",
        "came",
        "forecast (90 %)",
        "in",
        "CRPS/came",
        "log",
    ];
    if !rows.is_empty() {
        text.push_str(&columns(&titles, &rows, width));
        let within =
            |f: &dyn Fn(&seal::SeriesScore) -> bool| scored.series.iter().filter(|s| f(s)).count();
        let _ = writeln!(
            text,
            "{} of {} in the 50 % range, {} in the 90 % range",
            within(&|s| s.within50),
            rows.len(),
            within(&|s| s.within90)
        );
    }
    let rows: Vec<Vec<String>> = scored
        .claims
        .iter()
        .map(|claim| {
            vec![
                claim.says.clone(),
                format!("{:.1} %", 100.0 * claim.probability),
                if claim.happened { "true" } else { "false" }.to_owned(),
                format!("{:.3}", claim.brier),
            ]
        })
        .collect();
    if !rows.is_empty() {
        text.push('\n');
        text.push_str(&columns(
            &["claim", "forecast", "came", "Brier"],
            &rows,
            width,
        ));
    }
    text
}
