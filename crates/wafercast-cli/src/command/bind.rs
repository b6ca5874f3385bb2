//! `wafercast bind`: what limits output, when, and what more of it would bring.

use wafercast::compile::compile;
use wafercast_analysis::binding::{Binding, BindingOptions, METRICS};

use crate::arguments::{Bind, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::table::Table;
use crate::{console, forecast, prepare, terminal};

use super::run;

/// Runs the command.
pub fn execute(arguments: &Bind) -> Result<Exit, Failure> {
    let prepared = prepare::analysed(&arguments.scenario.scenario, &arguments.scenario.changes)?;
    let sampling = run::sampling(&prepared, &arguments.sampling);
    let plan = compile(&prepared.scenario);
    let options = BindingOptions {
        elasticity_draws: arguments.elasticity_draws,
        step: arguments.step,
        from: from(arguments, &plan)?,
    };
    for metric in &arguments.metric {
        known_metric(metric)?;
    }
    let binding = forecast::pool(arguments.sampling.threads)?
        .install(|| Binding::study(&plan, &prepared.scenario, sampling, &options));
    match arguments.format {
        Format::Table => console::print(&terminal::binding::text(
            &binding,
            &arguments.metric,
            console::width(),
        ))?,
        Format::Json => console::print_json(&binding)?,
        Format::Csv => console::print_raw(&table(&binding).to_csv()?)?,
    }
    Ok(Exit::Success)
}

fn from(arguments: &Bind, plan: &wafercast::plan::Plan) -> Result<usize, Failure> {
    let Some(text) = &arguments.from else {
        return Ok(0);
    };
    let month = plan.horizon.month_of(prepare::date(text)?);
    usize::try_from(month)
        .ok()
        .filter(|month| *month < plan.months)
        .ok_or_else(|| {
            Failure::usage(
                format!("`{text}` lies outside the scenario's horizon"),
                format!(
                    "choose a month from {} to {}",
                    plan.horizon.month_label(0),
                    plan.horizon.month_label(plan.months - 1)
                ),
            )
        })
}

fn known_metric(metric: &str) -> Result<(), Failure> {
    if METRICS.iter().any(|(known, _)| *known == metric) {
        return Ok(());
    }
    let names = METRICS.map(|(name, _)| name);
    let hint = wafercast::diagnostic::did_you_mean(metric, names.into_iter())
        .unwrap_or_else(|| format!("choose from {}", names.join(", ")));
    Err(Failure::usage(
        format!("`{metric}` is no metric of output"),
        hint,
    ))
}

/// The elasticities: the part that has no place in summary.csv.
fn table(binding: &Binding) -> Table {
    let rows = &binding.elasticities;
    Table::new()
        .text("resource", rows.iter().map(|row| row.resource.clone()))
        .text("metric", rows.iter().map(|row| row.metric.clone()))
        .text("of", rows.iter().map(|row| row.of.clone()))
        .text("period", rows.iter().map(|row| row.period.clone()))
        .number("elasticity", rows.iter().map(|row| row.value))
        .number("standard_error", rows.iter().map(|row| row.standard_error))
}
