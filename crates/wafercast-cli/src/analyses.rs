//! The analyses of `wafercast analyse`: which there are, in which order they are made and shown.

use clap::ValueEnum;
use wafercast::plan::Plan;
use wafercast::simulate::Sampling;
use wafercast_analysis::Analyses;
use wafercast_lp::study::Settings;

use crate::command::plan;
use crate::failure::Failure;
use crate::prepare::Prepared;
use crate::terminal;

/// An analysis by the name that `--only` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Analysis {
    /// What the observations say: the forecast weighed by its evidence
    Evidence,
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
    if wanted(Analysis::Plan) && !subject.plan.accelerators.is_empty() {
        let settings = Settings::of(&subject.prepared.scenario);
        analyses.planning = plan::study(subject, &settings);
    }
    if wanted(Analysis::Evidence) {
        analyses.evidence = evidence(subject);
    }
    Ok(analyses)
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

/// The analyses that were made, for the screen; each ends with an empty line.
pub fn text(analyses: &Analyses, width: usize) -> String {
    let mut text = String::new();
    if let Some(planning) = &analyses.planning {
        text.push_str(&terminal::planning::text(planning, width));
        text.push('\n');
    }
    if let Some(evidence) = &analyses.evidence {
        text.push_str(&terminal::evidence::text(evidence, width));
        text.push('\n');
    }
    text
}
