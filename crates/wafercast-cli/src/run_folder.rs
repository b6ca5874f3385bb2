//! The run folder: what a run leaves behind, written so that a crash costs at most one block.
//!
//! ```text
//! runs/china-001/
//! ├── manifest.json      what it is and how far it got
//! ├── inputs/            the scenario and its facts, verbatim: a run can be repeated from its folder alone
//! ├── journal.jsonl      one line per block
//! ├── checkpoint.bin     the merged tally so far; gone when the run is done
//! ├── draws/             with --keep-draws: inputs and yearly results of every draw, a file per block
//! ├── summary.json  summary.csv  summary.parquet
//! ├── analysis.json      with `wafercast analyse`: why, what if, and how sure
//! └── report.html
//! ```

pub mod atomic;
pub mod checkpoint;
pub mod journal;
pub mod manifest;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use wafercast::summary::Summary;
use wafercast_analysis::Analyses;

use crate::failure::Failure;
use crate::summary_table;
use manifest::Manifest;

/// Where runs go unless told otherwise.
pub const RUNS: &str = "runs";
/// The folder of verbatim inputs in a run folder.
pub const INPUTS: &str = "inputs";
/// The folder of kept draws in a run folder.
pub const DRAWS: &str = "draws";
/// The summary in a run folder.
pub const SUMMARY: &str = "summary.json";
/// The analyses in a run folder.
pub const ANALYSIS: &str = "analysis.json";
/// The report in a run folder.
pub const REPORT: &str = "report.html";

const LOCK: &str = ".lock";

/// A run folder that this process, and no other, is writing.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    // Held until the folder is let go; the system releases it even after a kill.
    _lock: File,
}

impl RunFolder {
    /// Creates a new run folder, at `path` or as the next free `runs/NAME-NUMBER`.
    pub fn create(path: Option<&Path>, name: &str) -> Result<RunFolder, Failure> {
        match path {
            Some(path) => {
                refuse_if_in_use(path)?;
                atomic::create_folder(path)?;
                RunFolder::lock(path)
            }
            None => {
                let runs = Path::new(RUNS);
                atomic::create_folder(runs)?;
                RunFolder::lock(&create_numbered(runs, name)?)
            }
        }
    }

    /// Takes hold of a run folder that is there.
    pub fn open(path: &Path) -> Result<RunFolder, Failure> {
        // First: a wrong path gets no lock file.
        Manifest::read(path)?;
        RunFolder::lock(path)
    }

    fn lock(path: &Path) -> Result<RunFolder, Failure> {
        let lock_path = path.join(LOCK);
        let file =
            File::create(&lock_path).map_err(|cause| Failure::file("write", &lock_path, cause))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::Damaged {
                    path: path.to_owned(),
                    problem: "is being written by another wafercast process".to_owned(),
                    hint: "wait for it, or stop it first".to_owned(),
                });
            }
            // A file system without locks: two processes in one folder are then the user's care.
            Err(TryLockError::Error(_)) => {}
        }
        Ok(RunFolder {
            path: path.to_owned(),
            _lock: file,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file below it; folders on the way are made.
    pub fn write(&self, relative: &str, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.path.join(relative);
        if let Some(parent) = path.parent() {
            atomic::create_folder(parent)?;
        }
        atomic::write(&path, bytes)
    }

    /// Writes the summary in its three forms.
    pub fn write_summary(&self, summary: &Summary) -> Result<(), Failure> {
        let series = summary_table::series(summary);
        self.write(SUMMARY, &summary_json(summary)?)?;
        self.write("summary.csv", &series.to_csv()?)?;
        self.write("summary.parquet", &series.to_parquet()?)
    }

    /// Removes the checkpoint: the run is done.
    pub fn remove_checkpoint(&self) -> Result<(), Failure> {
        let path = self.path.join(checkpoint::FILE);
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
                Err(Failure::file("remove", &path, cause))
            }
            _ => Ok(()),
        }
    }
}

/// The summary as its JSON file.
pub fn summary_json(summary: &Summary) -> Result<Vec<u8>, Failure> {
    let mut bytes =
        serde_json::to_vec_pretty(summary).map_err(|cause| Failure::Output(cause.into()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads a finished run's summary.
pub fn read_summary(folder: &Path) -> Result<Summary, Failure> {
    let manifest = Manifest::read(folder)?;
    if manifest.status != manifest::Status::Done {
        return Err(Failure::Damaged {
            path: folder.to_owned(),
            problem: format!(
                "is not finished: {} of {} draws are done",
                manifest.draws_done, manifest.draws
            ),
            hint: format!(
                "finish it with `wafercast resume {}`",
                crate::shell::quoted_path(folder)
            ),
        });
    }
    let path = folder.join(SUMMARY);
    let bytes = fs::read(&path).map_err(|cause| Failure::file("read", &path, cause))?;
    serde_json::from_slice(&bytes).map_err(|cause| Failure::Damaged {
        path,
        problem: format!("is not a summary of this version: {cause}"),
        hint: "run the scenario again".to_owned(),
    })
}

/// The analyses as their JSON file.
pub fn analyses_json(analyses: &Analyses) -> Result<Vec<u8>, Failure> {
    let mut bytes =
        serde_json::to_vec_pretty(analyses).map_err(|cause| Failure::Output(cause.into()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads the analyses of a run; none where there is no such file.
pub fn read_analyses(folder: &Path) -> Result<Analyses, Failure> {
    let path = folder.join(ANALYSIS);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Analyses::default()),
        Err(cause) => return Err(Failure::file("read", &path, cause)),
    };
    serde_json::from_slice(&bytes).map_err(|cause| Failure::Damaged {
        path,
        problem: format!("does not hold analyses of this version: {cause}"),
        hint: "analyse the scenario again".to_owned(),
    })
}

fn refuse_if_in_use(path: &Path) -> Result<(), Failure> {
    let is_empty = match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        // Not there yet, or not a folder: creating it says so.
        Err(_) => return Ok(()),
    };
    if is_empty {
        return Ok(());
    }
    let shown = crate::shell::quoted_path(path);
    Err(Failure::usage(
        format!("the folder `{}` is not empty", path.display()),
        match Manifest::read(path) {
            Ok(manifest) if manifest.status != manifest::Status::Done => format!(
                "it holds an unfinished run: `wafercast resume {shown}` finishes it; else choose another `--out`"
            ),
            _ => "choose another `--out`".to_owned(),
        },
    ))
}

/// Creates the first free `NAME-001`, `NAME-002` …; safe against another process doing the same.
fn create_numbered(runs: &Path, name: &str) -> Result<PathBuf, Failure> {
    let mut number = 1 + highest_number(runs, name);
    loop {
        let path = runs.join(format!("{name}-{number:03}"));
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(cause) => return Err(Failure::file("create the folder", &path, cause)),
        }
    }
}

fn highest_number(runs: &Path, name: &str) -> u64 {
    let Ok(entries) = fs::read_dir(runs) else {
        return 0;
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let file_name = entry.file_name();
            let number = file_name.to_str()?.strip_prefix(name)?.strip_prefix('-')?;
            number.parse().ok()
        })
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_after_the_highest() {
        let runs = tempfile::tempdir().unwrap();
        fs::create_dir(runs.path().join("china-007")).unwrap();
        fs::create_dir(runs.path().join("china-x")).unwrap();
        let path = create_numbered(runs.path(), "china").unwrap();
        assert!(path.ends_with("china-008"), "{}", path.display());
    }

    #[test]
    fn only_one_process_writes_a_folder() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("run");
        let held = RunFolder::create(Some(&path), "x").unwrap();
        let failure = RunFolder::lock(&path).unwrap_err();
        assert!(failure.to_string().contains("another wafercast process"));
        drop(held);
        RunFolder::lock(&path).unwrap();
    }

    #[test]
    fn a_folder_with_something_in_it_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thesis.txt"), "mine").unwrap();
        let failure = RunFolder::create(Some(folder.path()), "x").unwrap_err();
        assert_eq!(failure.exit(), crate::exit::Exit::Usage);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
