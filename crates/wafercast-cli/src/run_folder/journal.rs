//! `journal.jsonl`: one line per event, appended and forced to disk, so that a folder tells its own history.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::failure::Failure;

/// The file's name.
pub const FILE: &str = "journal.jsonl";

/// What happened.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event<'a> {
    /// The run began, or went on, at a draw.
    Start {
        /// First draw to compute.
        first: u64,
        /// Version at work.
        version: &'a str,
        /// Threads.
        threads: usize,
    },
    /// Draws `first..end` are safe on disk.
    Block {
        /// First draw.
        first: u64,
        /// One past the last.
        end: u64,
        /// Seconds of computing.
        seconds: f64,
    },
    /// The run was stopped on request.
    Interrupted {
        /// Draws that are safe on disk.
        done: u64,
    },
    /// Everything is written.
    Done,
}

/// The open journal.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Opens a folder's journal for appending.
    pub fn open(folder: &Path) -> Result<Journal, Failure> {
        let path = folder.join(FILE);
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|cause| Failure::file("write", &path, cause))?;
        Ok(Journal { path, file })
    }

    /// Appends a line.
    pub fn append(&mut self, event: &Event) -> Result<(), Failure> {
        let line = serde_json::to_string(event)
            .map_err(|cause| Failure::file("write", &self.path, cause.into()))?;
        // One write call, so that a line is never cut by another process's line.
        self.file
            .write_all(format!("{line}\n").as_bytes())
            .and_then(|()| self.file.sync_data())
            .map_err(|cause| Failure::file("write", &self.path, cause))
    }
}
