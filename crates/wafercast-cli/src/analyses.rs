//! The analyses of `wafercast analyse`: which there are, in which order they are made and shown.

use clap::ValueEnum;
use wafercast::compile::compile;
use wafercast::plan::Plan;
use wafercast::simulate::Sampling;
use wafercast::time::Date;
use wafercast_analysis::backtest::{Backtest, Vintage};
use wafercast_analysis::binding::{Binding, BindingOptions};
use wafercast_analysis::learn::{EVEN_ODDS, Learning};
use wafercast_analysis::sensitivity::sample::Sample;
use wafercast_analysis::sensitivity::{Options, Sensitivity};
use wafercast_analysis::{Analyses, Target};
use wafercast_lp::study::Settings;

use crate::command::plan;
use crate::failure::Failure;
use crate::prepare::Prepared;
use crate::terminal;

/// Quantities shown per target where all analyses are on one screen.
const SHOWN: usize = 6;

/// An analysis by the name that `--only` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Analysis {
    /// What binds, and when
    Bind,
    /// What moves the answers
    Sensitivity,
    /// What to look up next
    Learn,
    /// What would have to be true for the claims
    Require,
    /// What the observations say: the forecast weighed by its evidence
    Evidence,
    /// What would have been forecast on earlier days, and how that did
    Backtest,
    /// The best use of the resources, and what one more of each would add
    Plan,
}

/// What the analyses work on.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The scenario with its facts and texts.
    pub prepared: &'a Prepared,
    /// The scenario, compiled.
    pub plan: &'a Plan,
    /// How it is drawn.
    pub sampling: Sampling,
    /// The threads that do the work: `subject.pool.install(|| …)`.
    pub pool: &'a rayon::ThreadPool,
}

/// Makes the analyses asked for, or all.
pub fn make(subject: &Subject, only: &[Analysis]) -> Result<Analyses, Failure> {
    let wanted = |analysis| only.is_empty() || only.contains(&analysis);
    let mut analyses = Analyses::default();
    if wanted(Analysis::Bind) {
        analyses.binding = Some(binding(subject));
    }
    if wanted(Analysis::Sensitivity) || wanted(Analysis::Learn) {
        let (sensitivity, learning) = wanted_of_sample(subject, wanted);
        analyses.sensitivity = sensitivity;
        analyses.learning = learning;
    }
    if wanted(Analysis::Require) {
        analyses.requirements = requirements(subject);
    }
    if wanted(Analysis::Plan) && !subject.plan.accelerators.is_empty() {
        let settings = Settings::of(&subject.prepared.scenario);
        analyses.planning = plan::study(subject, &settings);
    }
    if wanted(Analysis::Evidence) {
        analyses.evidence = evidence(subject);
    }
    let scenario = &subject.prepared.scenario;
    // A scenario that is itself a back-test knows no outcomes.
    if wanted(Analysis::Backtest) && scenario.as_of.is_none() && !scenario.backtest.is_empty() {
        let days = &scenario.backtest;
        analyses.backtest = Some(backtest(
            subject.prepared,
            days,
            subject.sampling,
            subject.pool,
        )?);
    }
    Ok(analyses)
}

/// What binds, and what more of each resource would bring.
fn binding(subject: &Subject) -> Binding {
    let (plan, scenario) = (subject.plan, &subject.prepared.scenario);
    let (sampling, options) = (subject.sampling, BindingOptions::default());
    let study = || Binding::study(plan, scenario, sampling, &options);
    subject.pool.install(study)
}

/// What moves the answers, and what to look up next: both are read from one sample.
fn wanted_of_sample(
    subject: &Subject,
    wanted: impl Fn(Analysis) -> bool,
) -> (Option<Sensitivity>, Option<Learning>) {
    let (plan, scenario, sampling) = (subject.plan, &subject.prepared.scenario, subject.sampling);
    let (moves, lookup) = (wanted(Analysis::Sensitivity), wanted(Analysis::Learn));
    let targets = Target::defaults(scenario);
    subject.pool.install(|| {
        let sample = Sample::draw(plan, sampling, &targets);
        (
            moves.then(|| Sensitivity::of(&sample, scenario, Options::QUICK)),
            lookup.then(|| Learning::of(&sample, scenario, EVEN_ODDS)),
        )
    })
}

/// What would have to be true for the least decided claims; `None` without claims that are formulas.
fn requirements(subject: &Subject) -> Option<wafercast_analysis::require::Requirements> {
    let question = wafercast_analysis::require::Question {
        scenario: &subject.prepared.scenario,
        plan: subject.plan,
        sampling: subject.sampling,
        probability: 0.5,
    };
    let study = || wafercast_analysis::require::overview(&question);
    subject.pool.install(study)
}

/// What the observations say; `None` without any that weigh.
pub fn evidence(subject: &Subject) -> Option<wafercast_analysis::evidence::Evidence> {
    let scenario = &subject.prepared.scenario;
    let targets = wafercast_analysis::evidence::outputs(scenario);
    let question = wafercast_analysis::evidence::Question {
        scenario,
        facts: &subject.prepared.facts,
        plan: subject.plan,
        sampling: subject.sampling,
        targets: &targets,
    };
    subject
        .pool
        .install(|| wafercast_analysis::evidence::weigh(&question))
}

/// What would have been forecast on earlier days, and how that did.
pub fn backtest(
    prepared: &Prepared,
    days: &[Date],
    sampling: Sampling,
    pool: &rayon::ThreadPool,
) -> Result<Backtest, Failure> {
    let mut days = days.to_vec();
    days.sort_unstable();
    days.dedup();
    let mut known = Vec::with_capacity(days.len());
    for day in days {
        let scenario = prepared.as_known(day)?;
        let plan = compile(&scenario);
        known.push((day, scenario, plan));
    }
    let vintages: Vec<Vintage> = known
        .iter()
        .map(|(as_of, scenario, plan)| Vintage {
            as_of: *as_of,
            scenario,
            plan,
        })
        .collect();
    let question = wafercast_analysis::backtest::Question {
        scenario: &prepared.scenario,
        facts: &prepared.facts,
        vintages: &vintages,
        sampling,
    };
    Ok(pool.install(|| wafercast_analysis::backtest::backtest(&question)))
}

/// The analyses that were made, for the screen; each ends with an empty line.
pub fn text(analyses: &Analyses, width: usize) -> String {
    let mut text = String::new();
    if let Some(binding) = &analyses.binding {
        text.push_str(&terminal::binding::text(
            binding,
            &["units".to_owned()],
            width,
        ));
    }
    if let Some(sensitivity) = &analyses.sensitivity {
        text.push_str(&terminal::sensitivity::text(sensitivity, SHOWN, width));
        text.push('\n');
    }
    if let Some(learning) = &analyses.learning {
        text.push_str(&terminal::learning::in_short(learning, SHOWN, width));
        text.push('\n');
    }
    if let Some(requirements) = &analyses.requirements {
        text.push_str(&terminal::requirements::text(requirements, width));
    }
    if let Some(planning) = &analyses.planning {
        text.push_str(&terminal::planning::text(planning, width));
        text.push('\n');
    }
    if let Some(evidence) = &analyses.evidence {
        text.push_str(&terminal::evidence::text(evidence, width));
        text.push('\n');
    }
    if let Some(backtest) = &analyses.backtest {
        text.push_str(&terminal::backtest::text(backtest, width));
        text.push('\n');
    }
    text
}
