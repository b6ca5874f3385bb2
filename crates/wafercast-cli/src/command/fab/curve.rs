//! `wafercast fab curve`: what the tools can start a month, and the cycle time at each rate of starts.

use serde::Serialize;
use wafercast_fab::curve::Curve;
use wafercast_fab::summary::Estimate;

use crate::console::{self, STRONG, styled};
use crate::exit::Exit;
use crate::fab::arguments::{CurveArguments, FabFormat};
use crate::fab::curve::{Effort, curve};
use crate::fab::{files, model, show};
use crate::failure::Failure;

/// Everything the command knows.
#[derive(Debug, Serialize)]
struct Answer {
    /// Wafer starts a month that the tools can carry in the long run.
    capacity: Estimate,
    /// Root mean square of the relative errors of the fit.
    fit_error: f64,
    /// Cycle time by share of the capacity started.
    cycle_time: Vec<AtUtilisation>,
    curve: Curve,
}

#[derive(Debug, Serialize)]
struct AtUtilisation {
    utilisation: f64,
    days: Estimate,
}

/// Shares of the capacity that are shown.
const SHOWN: [f64; 6] = [0.5, 0.7, 0.8, 0.9, 0.95, 0.98];

/// Runs the command.
pub fn execute(arguments: &CurveArguments) -> Result<Exit, Failure> {
    let checked = model::checked(&arguments.model.model, &arguments.model.changes)?;
    let effort = Effort {
        days: arguments.days,
        replications: arguments.replications,
        seed: arguments.seed,
        threads: arguments.threads,
    };
    let curve = curve(&checked, effort)?.map_err(|reason| Failure::Infeasible {
        message: reason,
        hint: "the fab needs an order that repeats, and tools that can carry some of it".to_owned(),
    })?;
    let at = |utilisation| AtUtilisation {
        utilisation,
        days: curve.cycle_time_days(utilisation),
    };
    let answer = Answer {
        capacity: curve.capacity(),
        fit_error: curve.fit_error(),
        cycle_time: SHOWN.map(at).into(),
        curve,
    };
    match arguments.model.format {
        FabFormat::Table => console::print(&text(&answer))?,
        FabFormat::Json => console::print_raw(&files::json(&answer)?)?,
    }
    Ok(Exit::Success)
}

fn text(answer: &Answer) -> String {
    let curve = &answer.curve;
    let measured: Vec<Vec<String>> = curve
        .points
        .iter()
        .map(|point| {
            vec![
                format!("{:.0}", point.starts),
                format!("{:.0}", 100.0 * point.load),
                show::estimate(point.out, 0),
                show::estimate(point.cycle_time_days, 2),
                if point.stable { "" } else { "falls behind" }.to_owned(),
            ]
        })
        .collect();
    let fitted: Vec<Vec<String>> = answer
        .cycle_time
        .iter()
        .map(|at| {
            vec![
                format!("{:.0}", 100.0 * at.utilisation),
                show::estimate(at.days, 2),
            ]
        })
        .collect();
    format!(
        "{}  can start {} wafers a month; `{}` limits it, at {:.0} if it never waited.\n\nSimulated:\n{}\nFitted, {:.1} % off on average; {:.1} days without any waiting:\n{}",
        styled(STRONG, &curve.model),
        show::estimate(answer.capacity, 0),
        curve.limit,
        curve.static_limit,
        show::table(
            &[
                "wafer starts a month",
                "of the limit, %",
                "wafers out",
                "cycle time, days",
                ""
            ],
            &measured
        ),
        100.0 * answer.fit_error,
        curve.raw_days,
        show::table(
            &["share of capacity started, %", "cycle time, days"],
            &fitted
        )
    )
}
