//! The HTML page of a run.

use crate::plan::Plan;
use crate::simulate::RunResult;
use crate::summary::Summary;

/// The page.
pub fn html(_plan: &Plan, _summary: &Summary, _results: &[RunResult]) -> String {
    String::new()
}
