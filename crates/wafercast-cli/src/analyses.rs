//! The analyses of `wafercast analyse`: which there are, in which order they are made and shown.

use clap::ValueEnum;
use wafercast::plan::Plan;
use wafercast::simulate::Sampling;
use wafercast_analysis::Analyses;

use crate::failure::Failure;
use crate::prepare::Prepared;

/// An analysis by the name that `--only` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Analysis {}

/// What the analyses work on.
#[allow(dead_code, reason = "no analysis reads it yet")]
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
pub fn make(_subject: &Subject, _only: &[Analysis]) -> Result<Analyses, Failure> {
    Ok(Analyses::default())
}

/// The analyses that were made, for the screen; each ends with an empty line.
pub fn text(_analyses: &Analyses, _width: usize) -> String {
    String::new()
}
