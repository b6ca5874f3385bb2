//! Files that are there whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Writes a file so that a crash at any moment leaves the old content or the new, never a part: a temporary file
/// beside it, fsync, rename, fsync of the folder.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let temporary = temporary_path(path);
    let result = write_through(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
    if let Err(cause) = result {
        // The failure to report is the first one; a leftover cannot be helped.
        let _ = fs::remove_file(&temporary);
        return Err(Failure::file("write", path, cause));
    }
    if let Some(folder) = path.parent() {
        sync_folder(folder).map_err(|cause| Failure::file("write", folder, cause))?;
    }
    Ok(())
}

/// Creates a folder and its parents.
pub fn create_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|cause| Failure::file("create the folder", path, cause))
}

fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    // Windows cannot open a folder as a file; its rename is durable without.
    if cfg!(windows) {
        return Ok(());
    }
    File::open(path)?.sync_all()
}

fn temporary_path(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".partial");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_a_file_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write(&path, b"old").unwrap();
        write(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_temporary_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("taken");
        fs::create_dir_all(path.join("inside")).unwrap();
        let failure = write(&path, b"new").unwrap_err();
        assert!(failure.to_string().contains("cannot write"), "{failure}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
