//! `wafercast fab ramp`: starts and tool arrivals over time.

use serde::Serialize;
use wafercast_fab::summary::{DaySummary, RunParameters, summarize};

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
    /// Lots started a day.
    starts_per_day: f64,
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
    /// End of the first period from which output stays within 3 % of the last quarter's.
    full_rate_day: Option<f64>,
}

/// Runs the command.
pub fn execute(arguments: &Ramp) -> Result<Exit, Failure> {
    let simulated = &arguments.simulated;
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
        plan.initial_lots.len() as f64,
    );
    let answer = Answer {
        full_rate_day: full_rate(&periods),
        periods,
    };
    match arguments.model.format {
        FabFormat::Table => console::print(&text(&answer))?,
        FabFormat::Json => console::print_raw(&files::json(&answer)?)?,
    }
    Ok(Exit::Success)
}

fn periods(series: &[DaySummary], every: usize, initial: f64) -> Vec<Period> {
    let mut before = initial;
    series
        .chunks(every)
        .map(|days| {
            let n = days.len() as f64;
            let out: f64 = days.iter().map(|day| day.finished).sum();
            let end = days.last().map_or(before, |day| day.work_in_process);
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
                starts_per_day: (out + end - before) / n,
                out_per_day: out / n,
                work_in_process: end,
                cycle_time_days: (weight > 0.0).then(|| weighted / weight),
            };
            before = end;
            period
        })
        .collect()
}

fn full_rate(periods: &[Period]) -> Option<f64> {
    let quarter = periods.len().div_ceil(4);
    let last = &periods[periods.len() - quarter..];
    let rate = last.iter().map(|period| period.out_per_day).sum::<f64>() / quarter.max(1) as f64;
    let low = periods
        .iter()
        .rposition(|period| period.out_per_day < 0.97 * rate);
    let first = low.map_or(0, |at| at + 1);
    // Full rate that holds only in the last period is not known to hold.
    (rate > 0.0 && first + 1 < periods.len()).then(|| periods[first].from_day)
}

fn text(answer: &Answer) -> String {
    let rows: Vec<Vec<String>> = answer
        .periods
        .iter()
        .map(|period| {
            vec![
                format!("{:.0} – {:.0}", period.from_day, period.to_day),
                format!("{:.2}", period.starts_per_day),
                format!("{:.2}", period.out_per_day),
                format!("{:.0}", period.work_in_process),
                period
                    .cycle_time_days
                    .map_or("–".to_owned(), |days| format!("{days:.2}")),
            ]
        })
        .collect();
    let head = match answer.full_rate_day {
        Some(day) => format!("Output is within 3 % of its final rate from day {day:.0} on.\n\n"),
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
