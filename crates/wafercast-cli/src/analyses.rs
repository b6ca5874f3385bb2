//! The analyses of `wafercast analyse`: which there are, in which order they are made and shown.

use clap::ValueEnum;
use wafercast::plan::Plan;
use wafercast::simulate::Sampling;
use wafercast_analysis::Analyses;
use wafercast_analysis::binding::{Binding, BindingOptions};

use crate::failure::Failure;
use crate::prepare::Prepared;
use crate::terminal;

/// An analysis by the name that `--only` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Analysis {
    /// What binds, and when
    Bind,
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
    let is_asked = |analysis| only.is_empty() || only.contains(&analysis);
    let scenario = &subject.prepared.scenario;
    let (plan, sampling) = (subject.plan, subject.sampling);
    let mut analyses = Analyses::default();
    if is_asked(Analysis::Bind) {
        let options = BindingOptions::default();
        let study = || Binding::study(plan, scenario, sampling, &options);
        analyses.binding = Some(subject.pool.install(study));
    }
    Ok(analyses)
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
    text
}
