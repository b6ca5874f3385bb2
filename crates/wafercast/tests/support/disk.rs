//! Reading scenarios from disk in tests: the engine itself opens no files.

use std::path::PathBuf;

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
