//! `wafercast fab ramp`: starts and tool arrivals over time.

use serde::Serialize;
use wafercast_fab::summary::{DaySummary, RunParameters, Summary, summarize};

use crate::console;
use crate::exit::Exit;
use crate::fab::arguments::{FabFormat, Ramp};
use crate::fab::replicate::replicate;
use crate::fab::{files, model, show};
use crate::failure::Failure;

/// A stretch of days.
#[derive(Debug, Serialize)]
struct Period {
    from_day: f64,
    to_day: f64,
    /// Lots started a day; unknown in the first period after a warm-up.
    starts_per_day: Option<f64>,
    /// Lots finished a day.
    out_per_day: f64,
    /// Lots in the fab at the end.
    work_in_process: f64,
    /// Mean cycle time of the lots finished.
    cycle_time_days: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Answer {
    periods: Vec<Period>,
    full_rate: FullRate,
    summary: Summary,
}

/// Runs the command.
pub fn execute(arguments: &Ramp) -> Result<Exit, Failure> {
    let simulated = &arguments.simulated;
    simulated.check()?;
    let checked = model::checked(&arguments.model.model, &arguments.model.changes)?;
    // Load changes over time here, so the static check of the whole would be of no one instant.
    let plan = model::plan(&checked, &arguments.model.changes);
    let replications = replicate(&plan, simulated, None, None)?;
    let parameters = RunParameters {
        model: &checked.model().name,
        seed: simulated.seed,
        days: simulated.days,
        warm_up_days: simulated.warm_up,
    };
    let summary = summarize(&plan, &replications.results, parameters);
    let periods = periods(
        &summary.series,
        usize::from(arguments.every),
        (simulated.warm_up == 0.0).then_some(plan.initial_lots.len() as f64),
    );
    let answer = Answer {
        full_rate: full_rate(&periods),
        periods,
        summary,
    };
    match arguments.model.format {
        FabFormat::Table => console::print(&text(&answer))?,
        FabFormat::Json => console::print_raw(&files::json(&answer)?)?,
    }
    Ok(Exit::Success)
}

fn periods(series: &[DaySummary], every: usize, initial: Option<f64>) -> Vec<Period> {
    let mut before = initial;
    series
        .chunks(every)
        .map(|days| {
            let n = days.len() as f64;
            let out: f64 = days.iter().map(|day| day.finished).sum();
            let end = days.last().map_or(0.0, |day| day.work_in_process);
            let weighted: f64 = days
                .iter()
                .filter_map(|day| Some(day.cycle_time_days? * day.finished))
                .sum();
            let weight: f64 = days
                .iter()
                .filter(|day| day.cycle_time_days.is_some())
                .map(|day| day.finished)
                .sum();
            let first = days.first().map_or(0.0, |day| day.day);
            let period = Period {
                from_day: first - 1.0,
                to_day: first - 1.0 + n,
                starts_per_day: before.map(|before| (out + end - before) / n),
                out_per_day: out / n,
                work_in_process: end,
                cycle_time_days: (weight > 0.0).then(|| weighted / weight),
            };
            before = Some(end);
            period
        })
        .collect()
}

/// The final rate of output, and from when it holds.
#[derive(Debug, Serialize)]
struct FullRate {
    /// Mean of the last third, in lots a day.
    out_per_day: f64,
    /// A period holds the rate when it is at most so many percent below: 3, or twice the scatter of the last third.
    tolerance_percent: f64,
    /// Beginning of the first period from which all hold it; absent while output still changes in the last third.
    from_day: Option<f64>,
}

fn full_rate(periods: &[Period]) -> FullRate {
    let third = &periods[periods.len() - periods.len().div_ceil(3)..];
    let mean = |periods: &[Period]| {
        periods.iter().map(|period| period.out_per_day).sum::<f64>() / periods.len().max(1) as f64
    };
    let rate = mean(third);
    // From successive differences, which a rise enters little (von Neumann 1941).
    let squares: f64 = third
        .windows(2)
        .map(|pair| pair[1].out_per_day - pair[0].out_per_day)
        .map(|difference| difference * difference)
        .sum();
    let scatter = (squares / (2 * (third.len().max(2) - 1)) as f64).sqrt();
    let tolerance = (0.03 * rate).max(2.0 * scatter);
    let low = periods
        .iter()
        .rposition(|period| period.out_per_day < rate - tolerance);
    let first = low.map_or(0, |at| at + 1);
    // The last third must not rise any more, by more than its halves scatter.
    let (early, late) = third.split_at(third.len() / 2);
    let halves = (third.len() as f64 / 2.0).max(1.0);
    let rises = mean(late) - mean(early) > (0.03 * rate).max(2.0 * scatter * (2.0 / halves).sqrt());
    let holds = rate > 0.0 && third.len() >= 3 && !rises && first < periods.len() - third.len() + 1;
    FullRate {
        out_per_day: rate,
        tolerance_percent: 100.0 * tolerance / rate.max(1e-9),
        from_day: holds.then(|| periods[first].from_day),
    }
}

fn text(answer: &Answer) -> String {
    let rows: Vec<Vec<String>> = answer
        .periods
        .iter()
        .map(|period| {
            vec![
                format!("{:.0} – {:.0}", period.from_day, period.to_day),
                period
                    .starts_per_day
                    .map_or("–".to_owned(), |starts| format!("{starts:.2}")),
                format!("{:.2}", period.out_per_day),
                format!("{:.0}", period.work_in_process),
                period
                    .cycle_time_days
                    .map_or("–".to_owned(), |days| format!("{days:.2}")),
            ]
        })
        .collect();
    let full = &answer.full_rate;
    let head = match full.from_day {
        Some(day) => format!(
            "From day {day:.0} on, {:.1} lots leave the fab a day, within {:.0} %{}.\n\n",
            full.out_per_day,
            full.tolerance_percent,
            if full.tolerance_percent > 5.0 {
                "; more `--replications`, or longer periods with `--every`, scatter less"
            } else {
                ""
            }
        ),
        None => "Output has not settled by the end; give more `--days`.\n\n".to_owned(),
    };
    head + &show::table(
        &[
            "days",
            "starts a day",
            "out a day",
            "lots in the fab",
            "cycle time, days",
        ],
        &rows,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn periods(out: &[f64]) -> Vec<Period> {
        out.iter()
            .enumerate()
            .map(|(at, &out_per_day)| Period {
                from_day: 28.0 * at as f64,
                to_day: 28.0 * (at as f64 + 1.0),
                starts_per_day: None,
                out_per_day,
                work_in_process: 0.0,
                cycle_time_days: None,
            })
            .collect()
    }

    #[test]
    fn full_rate_begins_where_all_later_periods_hold_it() {
        let full = full_rate(&periods(&[
            0.0, 5.0, 10.0, 10.1, 9.9, 10.0, 10.0, 9.9, 10.1,
        ]));
        assert_eq!(full.from_day, Some(56.0));
    }

    #[test]
    fn what_still_rises_has_not_settled() {
        let out: Vec<f64> = (0..12).map(f64::from).collect();
        assert_eq!(full_rate(&periods(&out)).from_day, None);
        assert_eq!(full_rate(&periods(&[10.0])).from_day, None);
        assert_eq!(full_rate(&[]).from_day, None);
    }
}
