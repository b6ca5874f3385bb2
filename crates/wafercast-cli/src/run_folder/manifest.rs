//! `manifest.json`: what a run folder holds, and what is needed to finish it. Schema `wafercast/manifest/1`.

use std::path::Path;

use serde::{Deserialize, Serialize};
use wafercast::scenario::Design;

use super::atomic;
use crate::failure::Failure;

/// The schema's name.
pub const SCHEMA: &str = "wafercast/manifest/1";
/// The file's name.
pub const FILE: &str = "manifest.json";

/// Everything that identifies a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// `wafercast/manifest/1`
    pub schema: String,
    /// Version of Wafercast that runs it.
    pub version: String,
    /// How far it is.
    pub status: Status,
    /// Title of the scenario.
    pub title: String,
    /// Shipped name or path, as given.
    pub scenario: String,
    /// The main file below `inputs/`.
    pub main: String,
    /// Changes made by `--set`.
    pub set: Vec<String>,
    /// `--as-of`.
    pub as_of: Option<String>,
    /// Number of draws.
    pub draws: u64,
    /// Seed.
    pub seed: u64,
    /// Sampling design.
    pub design: Design,
    /// Draws from one checkpoint to the next.
    pub block: u64,
    /// Threads used.
    pub threads: usize,
    /// Whether the draws themselves are kept.
    pub keep_draws: bool,
    /// Language of the report.
    pub language: String,
    /// Hash of the compiled plan: the folder can be resumed only by a version that compiles the same plan.
    pub plan_hash: String,
    /// The command that reproduces it.
    pub command: String,
    /// When it began (UTC).
    pub started: String,
    /// When it was last at work (UTC).
    pub updated: String,
    /// Draws that are safe on disk.
    pub draws_done: u64,
    /// Draws of a planned run without a certified plan: they keep the allocation by tiers and weights.
    #[serde(default)]
    pub unplanned: u64,
    /// Seconds of computing so far, all sessions together.
    pub seconds: f64,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// At work, or killed at work.
    Running,
    /// Stopped on request.
    Interrupted,
    /// Finished.
    Done,
}

impl Status {
    /// The word shown.
    pub fn word(self) -> &'static str {
        match self {
            Status::Running => "running",
            Status::Interrupted => "interrupted",
            Status::Done => "done",
        }
    }
}

impl Manifest {
    /// Reads the manifest of a run folder.
    pub fn read(folder: &Path) -> Result<Manifest, Failure> {
        let path = folder.join(FILE);
        let bytes = std::fs::read(&path).map_err(|cause| match cause.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Failure::Damaged {
                path: folder.to_owned(),
                problem: "is not a run folder (it has no manifest.json)".to_owned(),
                hint: "`wafercast runs list` shows the runs there are".to_owned(),
            },
            _ => Failure::file("read", &path, cause),
        })?;
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|cause| Failure::Damaged {
                path: path.clone(),
                problem: format!("is not a manifest: {cause}"),
                hint: "run the scenario again".to_owned(),
            })?;
        if manifest.schema != SCHEMA {
            return Err(Failure::Damaged {
                path,
                problem: format!("has the schema `{}`, expected `{SCHEMA}`", manifest.schema),
                hint: "use the version of wafercast that wrote it".to_owned(),
            });
        }
        Ok(manifest)
    }

    /// Writes it into a run folder.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        let path = folder.join(FILE);
        let mut text = serde_json::to_vec_pretty(self)
            .map_err(|cause| Failure::file("write", &path, cause.into()))?;
        text.push(b'\n');
        atomic::write(&path, &text)
    }
}
