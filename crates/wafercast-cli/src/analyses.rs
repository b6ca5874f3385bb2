//! The analyses of `wafercast analyse`: which there are, in which order they are made and shown.

use clap::ValueEnum;
use wafercast::plan::Plan;
use wafercast::simulate::Sampling;
use wafercast_analysis::Analyses;
use wafercast_lp::study::Settings;

use crate::command::plan;
use crate::failure::Failure;
use crate::planning_text;
use crate::prepare::Prepared;

/// An analysis by the name that `--only` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Analysis {
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
    Ok(analyses)
}

/// The analyses that were made, for the screen; each ends with an empty line.
pub fn text(analyses: &Analyses, width: usize) -> String {
    let mut text = String::new();
    if let Some(planning) = &analyses.planning {
        text.push_str(&planning_text::text(planning, width));
        text.push('\n');
    }
    text
}
