//! Sweeps: a declared grid or list of changes over a scenario, all on the same draws, as one table.

mod declaration;

use serde::{Deserialize, Serialize};
use wafercast::change::Change;
use wafercast::check::{CheckOptions, check};
use wafercast::compile::compile;
use wafercast::diagnostic::{Diagnostic, codes, did_you_mean, has_errors};
use wafercast::document::Document;
use wafercast::experiment::{Experiment, Untouched};
use wafercast::facts::FactBase;
use wafercast::load::assign;
use wafercast::metric::{Expression, parse};
use wafercast::plan::Plan;
use wafercast::scenario::{ClaimAnswer, QuantityId, Scenario};
use wafercast::simulate::Sampling;

pub use declaration::{Cell, Declaration, Scale, Setting, Shown};

use crate::moments::Moments;
use crate::pieces::over_pieces;

/// The schema's name.
pub const SCHEMA: &str = "wafercast/sweep/1";

/// A sweep's results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    /// `wafercast/sweep/1`
    pub schema: String,
    /// Title.
    pub title: String,
    /// Draws of every cell.
    pub draws: u64,
    /// Seed.
    pub seed: u64,
    /// Names of the axes of the grid.
    pub axes: Vec<String>,
    /// What is shown, in order.
    pub shown: Vec<SweepMetric>,
    /// The scenario as it is, then the cells of the grid, the last axis fastest, then the cases.
    pub cells: Vec<SweepCell>,
}

/// A metric or condition of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepMetric {
    /// As written: an expression or a claim's id.
    pub name: String,
    /// The sentence of a claim, else the name.
    pub says: String,
    /// Unit; empty for conditions and plain numbers.
    pub unit: String,
    /// Whether it is true or false in a draw: its mean is a probability.
    pub is_truth: bool,
}

/// One scenario of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepCell {
    /// Name: of a case, else the values of the axes.
    pub name: String,
    /// Its value on each axis; empty for cases and the scenario as it is.
    pub at: Vec<String>,
    /// By metric.
    pub results: Vec<SweepResult>,
}

/// A metric in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SweepResult {
    /// Mean; of a condition its probability.
    pub mean: f64,
    /// Standard error of the mean.
    pub standard_error: f64,
    /// 5th percentile.
    pub p05: f64,
    /// 25th percentile.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// 75th percentile.
    pub p75: f64,
    /// 95th percentile.
    pub p95: f64,
    /// Mean difference to the scenario as it is, of paired draws.
    pub difference: f64,
    /// Its standard error.
    pub difference_error: f64,
}

/// A sweep whose scenarios are sound and compiled.
#[derive(Debug)]
pub struct Prepared {
    title: String,
    axes: Vec<String>,
    shown: Vec<SweepMetric>,
    cells: Vec<(Cell, Plan, Vec<Expression>)>,
}

/// What a sweep is laid over.
#[derive(Debug, Clone)]
pub struct Base<'a> {
    /// The merged texts. The sweep's own file is the next one in the source map.
    pub document: &'a Document,
    /// The facts.
    pub facts: &'a FactBase,
    /// What may be known.
    pub options: CheckOptions,
}

/// Checks and compiles the scenario of every cell.
///
/// # Errors
/// What is wrong with any cell, at its place in the sweep's file, each problem once.
pub fn prepare(base: &Base, declaration: &Declaration) -> Result<Prepared, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let mut cells = Vec::new();
    let mut shown = None;
    for cell in declaration.cells() {
        let Some(scenario) = scenario(base, &cell, &mut diagnostics) else {
            continue;
        };
        let mut plan = compile(&scenario);
        for scale in &cell.scale {
            apply(scale, &scenario, &mut plan, &mut diagnostics);
        }
        let mut metrics = Vec::new();
        let mut expressions = Vec::new();
        for one in &declaration.show {
            match metric(one, &scenario) {
                Ok((metric, expression)) => {
                    metrics.push(metric);
                    expressions.push(expression);
                }
                Err(problems) => diagnostics.extend(problems),
            }
        }
        shown.get_or_insert(metrics);
        cells.push((cell, plan, expressions));
    }
    wafercast::diagnostic::sort(&mut diagnostics);
    if has_errors(&diagnostics) {
        return Err(diagnostics);
    }
    Ok(Prepared {
        title: declaration.title.clone(),
        axes: declaration
            .axes
            .iter()
            .map(|axis| axis.name.clone())
            .collect(),
        shown: shown.unwrap_or_default(),
        cells,
    })
}

fn scenario(base: &Base, cell: &Cell, diagnostics: &mut Vec<Diagnostic>) -> Option<Scenario> {
    let mut document = base.document.clone();
    let layer = document.layers.iter().max().map_or(0, |last| last + 1);
    document.layers.push(layer);
    for setting in &cell.set {
        let place = (setting.path.as_str(), setting.span);
        if let Err(problem) = assign(&mut document, place.0, place.1, setting.value.clone()) {
            diagnostics.push(*problem);
            return None;
        }
    }
    let checked = check(&document, base.facts, &base.options);
    // Warnings of the scenario itself were given when it was read.
    diagnostics.extend(
        checked
            .diagnostics
            .into_iter()
            .filter(|one| has_errors(std::slice::from_ref(one))),
    );
    checked.scenario
}

fn apply(scale: &Scale, scenario: &Scenario, plan: &mut Plan, diagnostics: &mut Vec<Diagnostic>) {
    let found = scenario
        .quantities
        .iter()
        .position(|q| q.name == scale.quantity);
    let Some(id) = found.map(QuantityId) else {
        let names = scenario.quantities.iter().map(|q| q.name.as_str());
        diagnostics.push(
            Diagnostic::error(
                codes::UNKNOWN_NAME,
                format!("the scenario has no quantity `{}`", scale.quantity),
                scale.span,
                "names nothing",
            )
            .help_option(did_you_mean(&scale.quantity, names)),
        );
        return;
    };
    if !plan.is_drawn(id) {
        diagnostics.push(
            Diagnostic::error(
                codes::BAD_TARGET,
                format!("`{}` is read when the scenario is compiled", scale.quantity),
                scale.span,
                "no draw depends on it",
            )
            .help("give its values with `set` and `values`"),
        );
        return;
    }
    // The change stays: the plan is the cell's own.
    let _ = plan.change(id, &scenario.quantities[id.0], Change::factor(scale.factor));
}

fn metric(one: &Shown, scenario: &Scenario) -> Result<(SweepMetric, Expression), Vec<Diagnostic>> {
    let claim = scenario.claims.iter().find(|claim| claim.id == one.text);
    if let Some(ClaimAnswer::Formula { condition, .. }) = claim.map(|claim| &claim.answer) {
        let metric = SweepMetric {
            name: one.text.clone(),
            says: claim.map_or_else(String::new, |claim| claim.says.clone()),
            unit: String::new(),
            is_truth: true,
        };
        return Ok((metric, condition.clone()));
    }
    match parse(&one.text, scenario) {
        Ok(typed) => {
            let is_plain = typed.is_truth || typed.dimension.is_none();
            let metric = SweepMetric {
                name: one.text.clone(),
                says: one.text.clone(),
                unit: if is_plain {
                    String::new()
                } else {
                    typed.dimension.to_string()
                },
                is_truth: typed.is_truth,
            };
            Ok((metric, typed.expression))
        }
        Err(errors) => {
            let ids = || scenario.claims.iter().map(|claim| claim.id.as_str());
            Err(errors
                .into_iter()
                .map(|error| {
                    let help = error.help.or_else(|| did_you_mean(&one.text, ids()));
                    Diagnostic::error(
                        error.code,
                        error.message,
                        one.node.part(error.range),
                        "in this metric",
                    )
                    .help_option(help)
                })
                .collect())
        }
    }
}

impl Prepared {
    /// Draws every cell.
    pub fn run(self, sampling: Sampling) -> Sweep {
        let mut base: Option<Vec<Vec<f64>>> = None;
        let cells = self
            .cells
            .into_iter()
            .map(|(cell, plan, expressions)| {
                let columns = columns(&plan, sampling, expressions);
                let base = base.get_or_insert_with(|| columns.clone());
                let results = columns
                    .iter()
                    .zip(&*base)
                    .map(|(c, b)| result(c, b))
                    .collect();
                SweepCell {
                    name: cell.name,
                    at: cell.at,
                    results,
                }
            })
            .collect();
        Sweep {
            schema: SCHEMA.to_owned(),
            title: self.title,
            draws: sampling.draws,
            seed: sampling.seed,
            axes: self.axes,
            shown: self.shown,
            cells,
        }
    }
}

/// The metrics of a cell, draw by draw.
fn columns(plan: &Plan, sampling: Sampling, expressions: Vec<Expression>) -> Vec<Vec<f64>> {
    let experiment = Experiment::new(plan, sampling, expressions);
    over_pieces(
        sampling.draws,
        |draws| experiment.run(draws, &Untouched),
        |whole: &mut Vec<Vec<f64>>, part| {
            for (column, further) in whole.iter_mut().zip(part) {
                column.extend(further);
            }
        },
    )
    .unwrap_or_default()
}

fn result(values: &[f64], base: &[f64]) -> SweepResult {
    let moments = Moments::of(values.iter().copied());
    let differences = Moments::of(values.iter().zip(base).map(|(value, base)| value - base));
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |p: f64| quantile(&sorted, p);
    SweepResult {
        mean: moments.mean(),
        standard_error: moments.standard_error(),
        p05: at(0.05),
        p25: at(0.25),
        p50: at(0.5),
        p75: at(0.75),
        p95: at(0.95),
        difference: differences.mean(),
        difference_error: differences.standard_error(),
    }
}

/// Quantile of sorted values by linear interpolation (Hyndman & Fan 1996, type 7).
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let position = p * last as f64;
    let below = position as usize;
    let above = (below + 1).min(last);
    sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
}
