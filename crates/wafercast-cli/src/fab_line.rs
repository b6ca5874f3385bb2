//! Lines of a scenario whose capacity comes from a fab model: the model is simulated, and plain numbers take its place
//! before the scenario is checked.

use wafercast::check::{CheckOptions, check};
use wafercast::diagnostic::{Diagnostic, Span, codes, did_you_mean, has_errors};
use wafercast::document::Document;
use wafercast::fab_model::{Numbers, PhaseTools, Request, requests, supply};
use wafercast::facts::FactBase;
use wafercast::load::{ReadError, Reader};
use wafercast::scenario::{Between, Scenario, Value};
use wafercast::source_map::SourceMap;
use wafercast_fab::autosched::{self, NamedText};
use wafercast_fab::change::{Change, Count, apply};
use wafercast_fab::check::CheckedModel;
use wafercast_fab::curve::Curve;
use wafercast_fab::model::FabModel;
use wafercast_fab::native;
use wafercast_fab::problem::{Problem, Severity};
use wafercast_fab::summary::Estimate;

use crate::fab::curve::{DAYS, Effort, REPLICATIONS, curve};
use crate::fab::model::NATIVE;
use crate::failure::Failure;

/// What the scenario is checked with.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    /// Reads the scenario's files.
    pub files: &'c dyn Reader,
    /// Path of the main file.
    pub main: &'c str,
    /// The facts.
    pub facts: &'c FactBase,
    /// How it is checked.
    pub options: &'c CheckOptions,
}

/// Puts the numbers of fab models into a document. Problems of the scenario come first: nothing is simulated for one
/// that could not run anyway. Then, and after problems of a model, the document keeps stand-ins, and there is an error.
pub fn resolve(
    document: &mut Document,
    context: Context<'_>,
    sources: &mut SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(), Failure> {
    let requests = requests(document);
    if requests.is_empty() {
        return Ok(());
    }
    let mut stood_in = document.clone();
    for request in &requests {
        supply(&mut stood_in, request, &stand_ins(request));
    }
    let checked = check(&stood_in, context.facts, context.options);
    let Some(scenario) = checked.scenario else {
        diagnostics.extend(checked.diagnostics);
        *document = stood_in;
        return Ok(());
    };
    for request in &requests {
        let mut problems = Vec::new();
        let numbers = numbers(request, context, &scenario, sources, &mut problems)?;
        supply(
            document,
            request,
            &numbers.unwrap_or_else(|| stand_ins(request)),
        );
        diagnostics.extend(problems);
    }
    Ok(())
}

fn stand_ins(request: &Request) -> Numbers {
    Numbers {
        add: vec!["1 kWSPM".to_owned(); request.phases.len()],
        cycle_time: "1 month".to_owned(),
        because: "stands in for a fab model".to_owned(),
    }
}

fn numbers(
    request: &Request,
    context: Context<'_>,
    scenario: &Scenario,
    sources: &mut SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<Numbers>, Failure> {
    let Some(model) = model(request, context, sources, diagnostics) else {
        return Ok(None);
    };
    let effort = Effort {
        days: request.days.unwrap_or(DAYS),
        replications: request.replications.unwrap_or(REPLICATIONS),
        ..Effort::default()
    };
    let mut growing = model.model().clone();
    let mut models = Vec::new();
    for phase in &request.phases {
        add_tools(&mut growing, phase, diagnostics);
        models.push(growing.clone());
    }
    if has_errors(diagnostics) {
        return Ok(None);
    }
    let mut curves: Vec<Curve> = Vec::new();
    for model in models {
        let (checked, problems) = wafercast_fab::check::check(model, Vec::new());
        let found = match checked {
            Some(checked) => curve(&checked, effort)?,
            None => Err(problems
                .first()
                .map_or_else(String::new, |problem| problem.message.clone())),
        };
        match found {
            Ok(curve) => curves.push(curve),
            Err(reason) => {
                let message = format!("fab model `{}`: {reason}", request.fab);
                diagnostics.push(Diagnostic::error(
                    codes::FAB_MODEL,
                    message,
                    request.span,
                    "this model",
                ));
                return Ok(None);
            }
        }
    }
    let Some(last) = curves.last() else {
        return Ok(None);
    };
    let utilisation = [0.05, 0.5, 0.95].map(|p| utilisation(scenario, &request.line, p));
    Ok(Some(Numbers {
        add: (0..curves.len())
            .map(|at| added(&curves, at, request, diagnostics))
            .collect(),
        cycle_time: cycle_time(last, utilisation, request.model_error),
        because: format!(
            "simulated with fab model `{}`: {} replications of {} days at {} start rates; limited by {}",
            request.fab,
            effort.replications,
            effort.days,
            last.points.len(),
            last.limit
        ),
    }))
}

/// The size of a phase: what its tools add to the throughput of the phases above it.
fn added(
    curves: &[Curve],
    at: usize,
    request: &Request,
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    let size = match at.checked_sub(1) {
        Some(before) => curves[at].added_to(&curves[before]),
        None => curves[at].capacity(),
    };
    if size.mean <= 0.0 {
        let span = request.phases[at]
            .first()
            .map_or(request.span, |tools| tools.span);
        diagnostics.push(
            Diagnostic::warning(
                codes::FAB_MODEL,
                format!(
                    "the tools of `fab.{}.phase[{at}]` add no throughput",
                    request.line
                ),
                span,
                "add nothing",
            )
            .help(format!(
                "`{}` limits the fab; add tools to it",
                curves[at].limit
            )),
        );
        return "0 kWSPM".to_owned();
    }
    let half = root_of_squares(half_width(size), request.model_error * size.mean);
    interval(size.mean / 1_000.0, half / 1_000.0, half / 1_000.0, "kWSPM")
}

/// Read off the curve at the median of the utilisation, as wide as its 90 % interval and the curve's error make it.
fn cycle_time(curve: &Curve, utilisation: [f64; 3], model_error: f64) -> String {
    let [low, middle, high] = utilisation.map(|u| curve.cycle_time_days(u));
    let error = root_of_squares(half_width(middle), model_error * middle.mean);
    let below = root_of_squares(middle.mean - low.mean, error);
    let above = root_of_squares(high.mean - middle.mean, error);
    interval(middle.mean, below, above, "days")
}

/// Half of the 90 % interval, from that of 95 % as for a normal distribution.
fn half_width(estimate: Estimate) -> f64 {
    estimate.half_width.unwrap_or(0.0) * (1.644_854 / 1.959_964)
}

fn root_of_squares(a: f64, b: f64) -> f64 {
    (a * a + b * b).sqrt()
}

fn interval(middle: f64, below: f64, above: f64, unit: &str) -> String {
    // Quantities of this kind are positive.
    let low = (middle - below).max(middle / 20.0);
    let high = middle + above;
    if high - low < 1e-6 * middle {
        format!("{middle:.6} {unit}")
    } else {
        format!("{low:.6} {unit} to {high:.6} {unit}")
    }
}

/// A quantile of a line's utilisation, as the mean over the horizon.
fn utilisation(scenario: &Scenario, line: &str, p: f64) -> f64 {
    let fab = scenario.fabs.iter().find(|fab| fab.id == line);
    let Some(quantity) = fab.map(|fab| &scenario.quantities[fab.utilisation.0]) else {
        return 1.0;
    };
    match &quantity.value {
        Value::Constant(distribution) => distribution.quantile(p),
        Value::Path(path) => {
            let anchors: Vec<(f64, f64)> = path
                .anchors
                .iter()
                .map(|(at, d)| (*at, d.quantile(p)))
                .collect();
            let months = scenario.horizon.months;
            let values = (0..months).map(|month| read(&anchors, path.between, month as f64 + 0.5));
            values.sum::<f64>() / months.max(1) as f64
        }
    }
}

/// A path of numbers at a time; what is geometric is read as straight, which differs little for shares.
fn read(anchors: &[(f64, f64)], between: Between, at: f64) -> f64 {
    let next = anchors.partition_point(|(time, _)| *time <= at);
    let (Some(&(t0, a)), Some(&(t1, b))) = (anchors.get(next.wrapping_sub(1)), anchors.get(next))
    else {
        let edge = if next == 0 {
            anchors.first()
        } else {
            anchors.last()
        };
        return edge.map_or(1.0, |&(_, value)| value);
    };
    match between {
        Between::Step => a,
        _ => a + (b - a) * (at - t0) / (t1 - t0),
    }
}

/// Adds the tools of a phase; families that are not there are reported.
fn add_tools(model: &mut FabModel, phase: &[PhaseTools], diagnostics: &mut Vec<Diagnostic>) {
    for tools in phase {
        let change = Change::Tools {
            family: tools.family.clone(),
            count: Count::More(i32::try_from(tools.count).unwrap_or(i32::MAX)),
            from: 0,
        };
        if apply(model, &change).is_err() {
            let known = model.families.iter().map(|family| family.name.as_str());
            let help = did_you_mean(&tools.family, known.clone()).unwrap_or_else(|| {
                format!("its families: {}", known.collect::<Vec<_>>().join(", "))
            });
            diagnostics.push(
                Diagnostic::error(
                    codes::FAB_MODEL,
                    format!("the fab model has no tool family `{}`", tools.family),
                    tools.span,
                    "unknown family",
                )
                .help(help),
            );
        }
    }
}

/// Reads and checks a fab model. What is wrong with it is shown at its own lines.
fn model(
    request: &Request,
    context: Context<'_>,
    sources: &mut SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<CheckedModel> {
    let texts = match texts(request, context) {
        Ok(texts) => texts,
        Err(message) => {
            let names: Vec<String> = crate::shipped::fab_names();
            diagnostics.push(
                Diagnostic::error(codes::FAB_MODEL, message, request.span, "this model").help(format!(
                    "name a folder with a {NATIVE} or AutoSched's tables in the scenario's folder, or a shipped fab: {}",
                    names.join(", ")
                )),
            );
            return None;
        }
    };
    let (model, problems) = match &texts[..] {
        [(path, text)] if path.ends_with(".toml") => native::read(&request.fab, NATIVE, text),
        _ => {
            let named: Vec<NamedText<'_>> = texts
                .iter()
                .map(|(path, text)| NamedText {
                    name: file_name(path),
                    text,
                })
                .collect();
            autosched::read(&request.fab, &named)
        }
    };
    let (model, problems) = wafercast_fab::check::check(model, problems);
    if model.is_none() {
        let errors = problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error);
        diagnostics.extend(errors.map(|problem| at_its_line(problem, request, &texts, sources)));
    }
    model
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn at_its_line(
    problem: &Problem,
    request: &Request,
    texts: &[(String, String)],
    sources: &mut SourceMap,
) -> Diagnostic {
    let own = texts
        .iter()
        .find(|(path, _)| file_name(path) == problem.place.file);
    let (span, place) = match own {
        None => (request.span, String::new()),
        Some((path, text)) => {
            let known = sources.files().iter().position(|file| file.name == *path);
            let file = known.unwrap_or_else(|| sources.add(path.clone(), text.clone()));
            let row = (problem.place.row as usize).max(1);
            let start = text
                .split_inclusive('\n')
                .take(row - 1)
                .map(str::len)
                .sum::<usize>()
                .min(text.len());
            let length = text[start..].lines().next().map_or(0, str::len);
            let span = Span {
                file,
                start,
                end: start + length,
            };
            (span, problem.place.column.clone())
        }
    };
    let label = if place.is_empty() {
        "here".to_owned()
    } else {
        format!("at `{place}`")
    };
    let diagnostic = Diagnostic::error(codes::FAB_MODEL, problem.message.clone(), span, label);
    let diagnostic = if span == request.span {
        diagnostic
    } else {
        diagnostic.label(request.span, "the fab model of this line")
    };
    diagnostic.help(problem.help.clone())
}

/// The texts of a fab model: of the scenario's own folder, else shipped.
fn texts(request: &Request, context: Context<'_>) -> Result<Vec<(String, String)>, String> {
    let folder = context
        .main
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    let own = if folder.is_empty() {
        request.fab.clone()
    } else {
        format!("{folder}/{}", request.fab)
    };
    if request.fab.ends_with(".toml") {
        return Ok(vec![text(context, &own)?.ok_or_else(|| {
            format!("there is no fab model `{}`", request.fab)
        })?]);
    }
    if let Some(native) = text(context, &format!("{own}/{NATIVE}"))? {
        return Ok(vec![native]);
    }
    if let Some(parts) = text(context, &format!("{own}/part.txt"))? {
        let mut texts = Vec::new();
        let routes = autosched::route_files(&parts.1);
        for name in autosched::TABLES
            .iter()
            .copied()
            .chain(routes.iter().map(String::as_str))
        {
            texts.extend(text(context, &format!("{own}/{name}"))?);
        }
        texts.push(parts);
        return Ok(texts);
    }
    match text(context, &format!("fab/{}/{NATIVE}", request.fab))? {
        Some(shipped) => Ok(vec![shipped]),
        None => Err(format!("there is no fab model `{}`", request.fab)),
    }
}

/// A file with its path; `None` where there is none.
fn text(context: Context<'_>, path: &str) -> Result<Option<(String, String)>, String> {
    match context.files.read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some((path.to_owned(), text))),
            Err(_) => Err(format!("`{path}` is not UTF-8")),
        },
        Err(ReadError::NotFound) => Ok(None),
        Err(error) => Err(format!("cannot read `{path}`: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_text_of_quantities() {
        assert_eq!(interval(20.0, 0.0, 0.0, "kWSPM"), "20.000000 kWSPM");
        assert_eq!(
            interval(20.0, 1.0, 2.0, "days"),
            "19.000000 days to 22.000000 days"
        );
        assert_eq!(
            interval(20.0, 30.0, 2.0, "days"),
            "1.000000 days to 22.000000 days"
        );
    }

    #[test]
    fn paths_are_read_between_their_anchors() {
        let anchors = [(0.0, 0.5), (10.0, 0.7)];
        for (at, linear, step) in [
            (-1.0, 0.5, 0.5),
            (5.0, 0.6, 0.5),
            (10.0, 0.7, 0.7),
            (20.0, 0.7, 0.7),
        ] {
            assert!((read(&anchors, Between::Linear, at) - linear).abs() < 1e-12);
            assert!((read(&anchors, Between::Step, at) - step).abs() < 1e-12);
        }
    }
}
