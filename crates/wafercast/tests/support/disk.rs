//! Reading scenarios from disk in tests: the engine itself opens no files.

use std::path::{Path, PathBuf};

use wafercast::facts::FactBase;
use wafercast::load::{ReadError, Reader};

/// Reads below a folder.
pub struct Disk(pub PathBuf);

impl Reader for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        std::fs::read(self.0.join(path)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ReadError::NotFound,
            _ => ReadError::Other(error.to_string()),
        })
    }
}

/// The fact base of a folder of CSV files.
pub fn facts(folder: &Path) -> FactBase {
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "csv"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (path.display().to_string(), text)
        })
        .collect();
    files.sort();
    let (base, problems) = FactBase::parse(&files);
    assert!(problems.is_empty(), "{problems:?}");
    base
}
