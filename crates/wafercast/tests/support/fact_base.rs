//! The fact base of a folder in tests.

use std::path::Path;

use wafercast::facts::FactBase;

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
