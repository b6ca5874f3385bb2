//! Two implementations of the model: the fast engine against the plain reference, array by array and month by month, on
//! the shipped scenarios and on small ones that together use every feature of the language.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a scenario that cannot be read should fail the test"
)]

#[path = "support/disk.rs"]
mod disk;
#[path = "support/fact_base.rs"]
mod fact_base;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use wafercast::check::{CheckOptions, check};
use wafercast::compile::compile;
use wafercast::diagnostic::{Diagnostic, Severity};
use wafercast::draw::LANES;
use wafercast::facts::FactBase;
use wafercast::load::{Limits, load};
use wafercast::plan::Plan;
use wafercast::reference::{self, Bound, Origin, Outcome};
use wafercast::scenario::Scenario;
use wafercast::simulate::{Results, Sampling, Simulation};

/// Relative agreement where both compute alike.
const EXACT: f64 = 1e-9;
/// Relative agreement where the engine reads quantiles from tables: of betas, mixtures, pooled facts.
const TABLES: f64 = 1e-6;

fn read(folder: PathBuf, root: &str, facts: &FactBase) -> Scenario {
    let loaded = load(root, &disk::Disk(folder), &[], &Limits::default());
    let checked = check(&loaded.document, facts, &CheckOptions::default());
    let problems = loaded.diagnostics.into_iter().chain(checked.diagnostics);
    let errors: Vec<Diagnostic> = problems
        .filter(|problem| problem.severity == Severity::Error)
        .collect();
    assert_eq!(errors, [], "{root}");
    checked.scenario.unwrap()
}

fn package(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A small scenario of this test's folder, 16 draws of 64.
fn small(name: &str, tolerance: f64) {
    let facts = FactBase::parse(&[]).0;
    let scenario = read(package("tests/oracle"), &format!("{name}.toml"), &facts);
    compare(&scenario, 64, 16, tolerance);
}

/// A shipped scenario, with the draws it asks for.
fn shipped(name: &str, compared: u64) {
    let facts = fact_base::facts(&package("../../scenarios/facts"));
    let root = format!("{name}/scenario.toml");
    let scenario = read(package("../../scenarios"), &root, &facts);
    compare(&scenario, scenario.run.samples, compared, TABLES);
}

/// Runs both on the first `compared` draws and reports every disagreement, if there are any.
fn compare(scenario: &Scenario, draws: u64, compared: u64, tolerance: f64) {
    let plan = compile(scenario);
    let sampling = Sampling {
        draws,
        seed: scenario.run.seed,
        design: scenario.run.design,
    };
    let simulation = Simulation::new(&plan, sampling);
    let mut results = Results::new(&plan);
    let mut disagreements = Disagreements {
        tolerance,
        values: 0,
        found: Vec::new(),
    };
    for draw in 0..compared {
        let lane = draw as usize % LANES;
        if lane == 0 {
            simulation.group(draw, &mut results);
        }
        let expected = reference::simulate(scenario, sampling, draw);
        let actual = View {
            scenario,
            plan: &plan,
            results: &results,
            lane,
        };
        actual.compare(&expected, draw, &mut disagreements);
    }
    assert!(disagreements.values > 1000, "hardly anything was compared");
    let shown: Vec<&str> = disagreements
        .found
        .iter()
        .take(40)
        .map(String::as_str)
        .collect();
    assert!(
        shown.is_empty(),
        "{} of {} values disagree (engine, then reference):\n{}",
        disagreements.found.len(),
        disagreements.values,
        shown.join("\n")
    );
}

struct Disagreements {
    tolerance: f64,
    values: usize,
    found: Vec<String>,
}

impl Disagreements {
    /// Compares two numbers, relative to the greater of them and of `scale`.
    fn number(&mut self, what: impl Fn() -> String, actual: f64, expected: f64, scale: f64) {
        let allowed = self.tolerance * actual.abs().max(expected.abs()).max(scale);
        // What is not a number agrees with nothing.
        let agrees = (actual - expected).abs() <= allowed;
        self.check(agrees, || format!("{}: {actual:e} {expected:e}", what()));
    }

    /// Compares month after month. Differences of large numbers leave rests: what is below a millionth of the
    /// series' greatest value counts by that.
    fn months(&mut self, what: &str, draw: u64, actual: impl Fn(usize) -> f64, expected: &[f64]) {
        let greatest = expected.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
        for (month, expected) in expected.iter().enumerate() {
            let what = || format!("draw {draw} month {month} {what}");
            self.number(what, actual(month), *expected, 1e-6 * greatest);
        }
    }

    fn position(&mut self, what: &str, draw: u64, actual: Option<f64>, expected: Option<f64>) {
        match (actual, expected) {
            (Some(actual), Some(expected)) => {
                self.number(|| format!("draw {draw} {what}"), actual, expected, 1.0);
            }
            _ => self.same(|| format!("draw {draw} {what}"), &actual, &expected),
        }
    }

    fn same<T: PartialEq + std::fmt::Debug>(
        &mut self,
        what: impl Fn() -> String,
        actual: &T,
        expected: &T,
    ) {
        let agrees = actual == expected;
        self.check(agrees, || format!("{}: {actual:?} {expected:?}", what()));
    }

    fn check(&mut self, agrees: bool, what: impl Fn() -> String) {
        self.values += 1;
        if !agrees {
            self.found.push(what());
        }
    }
}

/// One draw of the engine's results.
struct View<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
    results: &'a Results,
    lane: usize,
}

impl View<'_> {
    fn compare(&self, expected: &Outcome, draw: u64, out: &mut Disagreements) {
        self.chances(expected, draw, out);
        self.market(expected, draw, out);
        self.logic(expected, draw, out);
        self.stocks(expected, draw, out);
        self.accelerators(expected, draw, out);
    }

    fn chances(&self, expected: &Outcome, draw: u64, out: &mut Disagreements) {
        for (e, event) in self.scenario.events.iter().enumerate() {
            let what = format!("date of event {}", event.id);
            let actual = self.results.event_of(e, self.lane);
            out.position(&what, draw, actual, expected.events[&event.id]);
        }
        for (k, accelerator) in self.scenario.accelerators.iter().enumerate() {
            let what = format!("launch of {}", accelerator.id);
            let actual = self.results.launch_of(k, self.lane);
            out.position(&what, draw, actual, expected.launches[&accelerator.id]);
        }
        for (f, fab) in self.scenario.fabs.iter().enumerate() {
            for phase in 0..fab.phases.len() {
                let what = format!("start of phase {phase} of {}", fab.id);
                let actual = self.results.phase_start_of(f, phase, self.lane);
                let expected = expected.phase_starts[&(fab.id.clone(), phase)];
                out.position(&what, draw, actual, expected);
            }
        }
    }

    fn market(&self, expected: &Outcome, draw: u64, out: &mut Disagreements) {
        for (import, plan) in self.scenario.imports.iter().zip(&self.plan.imports) {
            let what = format!("imports of {}", import.id);
            let actual = |month| self.results.reading_of(plan.rate, month, self.lane);
            out.months(&what, draw, actual, &expected.imports[&import.id]);
        }
        for (demand, plan) in self.scenario.demands.iter().zip(&self.plan.demands) {
            let what = format!("demand of {}", demand.id);
            let actual = |month| self.results.reading_of(plan.rate, month, self.lane);
            out.months(&what, draw, actual, &expected.demand[&demand.id]);
        }
        for (t, technology) in self.scenario.technologies.iter().enumerate() {
            let what = format!("packaging capacity of {technology}");
            let actual = |month| self.results.packaging_of(t, month, self.lane);
            out.months(
                &what,
                draw,
                actual,
                &expected.packaging_capacity[technology],
            );
        }
    }

    fn logic(&self, expected: &Outcome, draw: u64, out: &mut Disagreements) {
        for (f, fab) in self.scenario.fabs.iter().enumerate() {
            let of = |month| self.results.line_of(f, month, self.lane);
            let capacity = &expected.capacity[&fab.id];
            out.months(
                &format!("capacity of {}", fab.id),
                draw,
                |m| of(m).0,
                capacity,
            );
            let starts = &expected.starts[&fab.id];
            out.months(&format!("starts of {}", fab.id), draw, |m| of(m).1, starts);
        }
        for (d, die) in self.scenario.dies.iter().enumerate() {
            let of = |month| self.results.die_of(d, month, self.lane);
            let yields = &expected.die_yield[&die.id];
            out.months(&format!("yield of {}", die.id), draw, |m| of(m).0, yields);
            let good = &expected.good_dies[&die.id];
            out.months(&format!("good dies {}", die.id), draw, |m| of(m).1, good);
        }
    }

    fn stocks(&self, expected: &Outcome, draw: u64, out: &mut Disagreements) {
        let results = self.results;
        // A stockpile and a line may have the same origin and yet be used at different times: compared together.
        let mut origins: BTreeMap<Origin, Vec<(usize, usize)>> = BTreeMap::new();
        for (p, part) in self.plan.parts.iter().enumerate() {
            for (o, origin) in part.origins.iter().enumerate() {
                let origin = Origin {
                    part: self.part_name(p),
                    country: origin.country.clone(),
                    maker: origin.maker.clone(),
                };
                origins.entry(origin).or_default().push((p, o));
            }
        }
        let keys: Vec<&Origin> = origins.keys().collect();
        let expected_keys: Vec<&Origin> = expected.arrivals.keys().collect();
        out.same(|| "origins".to_owned(), &keys, &expected_keys);
        for (origin, stocks) in &origins {
            let Origin {
                part,
                country,
                maker,
            } = origin;
            let name = format!("{part} from {country} {maker}");
            let arrivals = &expected.arrivals[origin];
            let sum = |of: &dyn Fn(usize, usize) -> f64| -> f64 {
                stocks.iter().map(|&(p, o)| of(p, o)).sum()
            };
            let actual = |month| sum(&|p, o| results.arrivals_of(p, o, month, self.lane));
            out.months(&format!("arrivals of {name}"), draw, actual, arrivals);
            let mut arrived = 0.0;
            for (month, expected) in expected.closing[origin].iter().enumerate() {
                arrived += arrivals[month];
                let what = || format!("draw {draw} month {month} stock of {name}");
                let actual = sum(&|p, o| results.closing_of(p, o, month, self.lane));
                // A stock is what has come less what has gone.
                out.number(what, actual, *expected, arrived);
            }
        }
    }

    fn accelerators(&self, expected: &Outcome, draw: u64, out: &mut Disagreements) {
        for (k, accelerator) in self.scenario.accelerators.iter().enumerate() {
            let id = &accelerator.id;
            for (bom, item) in self.plan.accelerators[k].items.clone().enumerate() {
                let actual = |month| self.results.builds_of(item, month, self.lane);
                let what = format!("builds of {id} by bom {bom}");
                out.months(&what, draw, actual, &expected.builds[&(id.clone(), bom)]);
            }
            let delivered = &expected.delivered[id];
            let depths = [&delivered.all, &delivered.fabricated, &delivered.fully];
            for (depth, expected) in depths.into_iter().enumerate() {
                for (month, expected) in expected.iter().enumerate() {
                    let what =
                        || format!("draw {draw} month {month} units of {id} at depth {depth}");
                    let actual = self.results.delivered_of(k, month, self.lane)[depth];
                    // What is made of home parts is a share of all, and the share a rest of stocks.
                    let greatest = delivered.all.iter().fold(0.0, |a: f64, b| a.max(*b));
                    let scale = delivered.all[month].max(1e-6 * greatest);
                    out.number(what, actual, *expected, scale);
                }
            }
            for (month, expected) in expected.bound[id].iter().enumerate() {
                let bound = self.results.bound_of(k, month, self.lane);
                let bound = bound.map(|index| self.bound(index));
                let agrees = match &bound {
                    Some(bound) => expected.contains(bound),
                    None => expected.is_empty(),
                };
                let what = || format!("draw {draw} month {month} what bound {id}");
                out.check(agrees, || format!("{}: {bound:?} {expected:?}", what()));
            }
        }
    }

    fn part_name(&self, index: usize) -> String {
        match index.checked_sub(self.scenario.dies.len()) {
            None => format!("die.{}", self.scenario.dies[index].id),
            Some(memory) => format!("memory.{}", self.scenario.memories[memory].id),
        }
    }

    fn bound(&self, index: usize) -> Bound {
        let Some(beyond_parts) = index.checked_sub(self.plan.parts.len()) else {
            return Bound::Part(self.part_name(index));
        };
        match self.scenario.technologies.get(beyond_parts) {
            Some(technology) => Bound::Packaging(technology.clone()),
            None => Bound::Cap,
        }
    }
}

macro_rules! small_scenarios {
    ($($name:ident: $tolerance:expr),* $(,)?) => {
        /// Names of the files of this test's folder.
        const SMALL: &[&str] = &[$(stringify!($name)),*];

        $(
            #[test]
            fn $name() {
                small(stringify!($name), $tolerance);
            }
        )*
    };
}
small_scenarios!(
    alternatives: EXACT,
    calibration: EXACT,
    correlations: EXACT,
    events: EXACT,
    launches: EXACT,
    learning: EXACT,
    lines: EXACT,
    memory: EXACT,
    origins: EXACT,
    packaging: EXACT,
    paths: TABLES,
    tiers: EXACT,
    yield_models: EXACT,
);

#[test]
fn every_small_scenario_is_compared() {
    let mut files: Vec<String> = std::fs::read_dir(package("tests/oracle"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let expected: Vec<String> = SMALL.iter().map(|name| format!("{name}.toml")).collect();
    assert_eq!(files, expected);
}

#[test]
fn tutorial() {
    shipped("tutorial", 16);
}

#[test]
fn nvidia_cowos() {
    shipped("nvidia-cowos", 8);
}

#[test]
fn china() {
    shipped("china", 8);
}
