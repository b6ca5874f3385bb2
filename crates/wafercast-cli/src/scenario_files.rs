//! Where the files of a scenario come from: the binary, a folder, or the inputs kept in a run folder.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use wafercast::load::{Limits, ReadError, Reader};

use crate::failure::Failure;
use crate::shipped::{self, COMPUTE, FACTS, MAIN_FILE};

/// The files of one scenario. Paths are relative to the folder that holds the scenario's folder, so that
/// `extends = "../other"` names a neighbour.
#[derive(Debug)]
pub struct ScenarioFiles {
    /// As given on the command line.
    given: String,
    /// The scenario's short name: of its folder, or of its file without `.toml`.
    name: String,
    /// Path of the main file, e.g. `china/scenario.toml`.
    main: String,
    place: Place,
    /// What was read, verbatim.
    taken: RefCell<BTreeMap<String, Vec<u8>>>,
}

#[derive(Debug)]
enum Place {
    /// In the binary.
    Shipped,
    /// Below a folder; neighbours that are not there may be shipped scenarios.
    Folder {
        root: PathBuf,
        /// How the root is shown to the user, with a slash at the end or empty.
        shown: String,
    },
    /// The inputs of a run folder: nothing else is read.
    Kept { root: PathBuf },
}

impl ScenarioFiles {
    /// Finds a scenario by the name of a shipped one or by a path (`./china` is always a path).
    pub fn find(given: &str) -> Result<ScenarioFiles, Failure> {
        if shipped::is_scenario(given) {
            return Ok(ScenarioFiles::new(
                given,
                given.to_owned(),
                format!("{given}/{MAIN_FILE}"),
                Place::Shipped,
            ));
        }
        let path = Path::new(given);
        let metadata = fs::metadata(path).map_err(|cause| not_found(given, &cause))?;
        let file = if metadata.is_dir() {
            path.join(MAIN_FILE)
        } else {
            path.to_owned()
        };
        ScenarioFiles::on_disk(given, &file, metadata.is_dir())
    }

    /// The scenario kept in a run folder's inputs.
    pub fn kept(given: &str, inputs: &Path, main: &str) -> ScenarioFiles {
        let name = main.split('/').next().unwrap_or(main).to_owned();
        let place = Place::Kept {
            root: inputs.to_owned(),
        };
        ScenarioFiles::new(given, name, main.to_owned(), place)
    }

    fn new(given: &str, name: String, main: String, place: Place) -> ScenarioFiles {
        ScenarioFiles {
            given: given.to_owned(),
            name,
            main,
            place,
            taken: RefCell::default(),
        }
    }

    fn on_disk(given: &str, file: &Path, is_folder: bool) -> Result<ScenarioFiles, Failure> {
        let failed = |cause| Failure::file("read", file, cause);
        // The folder's own name, also for `.` and `..`.
        let folder = file.parent().unwrap_or(Path::new(""));
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let whole = folder.canonicalize().map_err(failed)?;
        let folder_name = utf8(whole.file_name()).unwrap_or("scenario").to_owned();
        let file_name = utf8(file.file_name()).ok_or_else(|| {
            Failure::usage(
                format!("`{given}` is not a name of a file in UTF-8"),
                "rename it",
            )
        })?;
        let root = whole.parent().unwrap_or(&whole).to_owned();
        let name = if is_folder {
            folder_name.clone()
        } else {
            file_name.trim_end_matches(".toml").to_owned()
        };
        let shown = match folder.parent() {
            Some(parent) if folder.file_name().is_some() => match parent.display().to_string() {
                parent if parent.is_empty() => String::new(),
                parent => format!("{parent}/"),
            },
            _ => "../".to_owned(),
        };
        Ok(ScenarioFiles::new(
            given,
            name,
            format!("{folder_name}/{file_name}"),
            Place::Folder { root, shown },
        ))
    }

    /// As given on the command line.
    pub fn given(&self) -> &str {
        &self.given
    }

    /// The short name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Path of the main file.
    pub fn main(&self) -> &str {
        &self.main
    }

    /// What to put in front of a file's path to show where it is.
    pub fn shown_prefix(&self) -> &str {
        match &self.place {
            Place::Folder { shown, .. } => shown,
            Place::Shipped | Place::Kept { .. } => "",
        }
    }

    /// What was read so far, verbatim, by path.
    pub fn taken(&self) -> BTreeMap<String, Vec<u8>> {
        self.taken.borrow().clone()
    }

    /// The files of the compute layer, name and text: those shipped, then chips and models in the scenario's own
    /// `compute/`. Of a kept scenario those kept with it.
    pub fn compute_files(&self) -> Result<Vec<(String, String)>, Failure> {
        let mut files = Vec::new();
        match &self.place {
            Place::Kept { root } => add_compute(&root.join(COMPUTE), &mut files)?,
            Place::Shipped => add_shipped_compute(&mut files)?,
            Place::Folder { root, .. } => {
                add_shipped_compute(&mut files)?;
                let folder = self.main.split('/').next().unwrap_or_default();
                let own = root.join(folder).join(COMPUTE);
                if own.is_dir() {
                    add_compute(&own, &mut files)?;
                }
            }
        }
        Ok(files)
    }

    /// The fact files of the scenario, name and text: those shipped, those in its own `facts/`, and those of `--facts`.
    /// Of a kept scenario those kept with it.
    pub fn fact_files(&self, further: Option<&Path>) -> Result<Vec<(String, String)>, Failure> {
        let mut files = Vec::new();
        match &self.place {
            Place::Kept { root } => add_folder(&root.join(FACTS), &mut files)?,
            Place::Shipped => add_shipped(&mut files)?,
            Place::Folder { root, .. } => {
                add_shipped(&mut files)?;
                let folder = self.main.split('/').next().unwrap_or_default();
                let own = root.join(folder).join(FACTS);
                if own.is_dir() {
                    add_folder(&own, &mut files)?;
                }
            }
        }
        if let Some(folder) = further {
            add_folder(folder, &mut files)?;
        }
        Ok(files)
    }
}

/// The shipped fact files and those of a folder.
pub fn fact_files(further: Option<&Path>) -> Result<Vec<(String, String)>, Failure> {
    let mut files = Vec::new();
    add_shipped(&mut files)?;
    if let Some(folder) = further {
        add_folder(folder, &mut files)?;
    }
    Ok(files)
}

impl Reader for ScenarioFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let bytes = match &self.place {
            Place::Shipped => read_shipped(path)?,
            Place::Folder { root, .. } => match read_below(root, path) {
                // An overlay of one's own may extend a shipped scenario.
                Err(ReadError::NotFound) => read_shipped(path)?,
                other => other?,
            },
            Place::Kept { root } => read_below(root, path)?,
        };
        self.taken
            .borrow_mut()
            .insert(path.to_owned(), bytes.clone());
        Ok(bytes)
    }
}

fn read_shipped(path: &str) -> Result<Vec<u8>, ReadError> {
    shipped::read(path)
        .map(|bytes| bytes.into_owned())
        .ok_or(ReadError::NotFound)
}

/// Reads a file below a folder, without following links.
fn read_below(root: &Path, path: &str) -> Result<Vec<u8>, ReadError> {
    let mut whole = root.to_owned();
    for component in Path::new(path).components() {
        let Component::Normal(name) = component else {
            return Err(ReadError::Outside);
        };
        whole.push(name);
        let metadata = fs::symlink_metadata(&whole).map_err(read_error)?;
        if metadata.is_symlink() {
            return Err(ReadError::Link);
        }
    }
    read_limited(&whole)
}

/// The text of a file that the command line names.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = read_limited(path).map_err(|error| match error {
        ReadError::NotFound => Failure::file("read", path, io::ErrorKind::NotFound.into()),
        other => Failure::file("read", path, io::Error::other(other.to_string())),
    })?;
    text_of(path, bytes)
}

/// Reads a regular file, and of an oversized one no more than the limit.
fn read_limited(path: &Path) -> Result<Vec<u8>, ReadError> {
    let limit = Limits::default().file_bytes;
    // A pipe or device would block or never end.
    if !fs::metadata(path).map_err(read_error)?.is_file() {
        return Err(ReadError::Other("it is not a file".to_owned()));
    }
    let file = File::open(path).map_err(read_error)?;
    let mut bytes = Vec::new();
    file.take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(read_error)?;
    if bytes.len() > limit {
        return Err(ReadError::TooLarge);
    }
    Ok(bytes)
}

fn read_error(cause: io::Error) -> ReadError {
    match cause.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::NotFound,
        _ => ReadError::Other(cause.to_string()),
    }
}

fn add_shipped(files: &mut Vec<(String, String)>) -> Result<(), Failure> {
    for path in shipped::fact_files() {
        let bytes = shipped::read(&path).unwrap_or_default();
        files.push((path.clone(), text_of(Path::new(&path), bytes.into_owned())?));
    }
    Ok(())
}

/// The shipped files of the compute layer that scenarios use, in the order in which they are read.
const COMPUTE_FILES: [&str; 5] = [
    "calibration.toml",
    "sources.toml",
    "chips.toml",
    "models.toml",
    "prices.csv",
];

fn add_shipped_compute(files: &mut Vec<(String, String)>) -> Result<(), Failure> {
    for name in COMPUTE_FILES {
        let path = format!("{COMPUTE}/{name}");
        let bytes = shipped::read(&path).unwrap_or_default();
        let text = text_of(Path::new(&path), bytes.into_owned())?;
        files.push((path, text));
    }
    Ok(())
}

/// Adds the TOML and CSV files of a folder, in order of their name.
fn add_compute(folder: &Path, files: &mut Vec<(String, String)>) -> Result<(), Failure> {
    for path in files_of(folder, &["toml", "csv"])? {
        let bytes = read_limited(&path)
            .map_err(|error| Failure::file("read", &path, io::Error::other(error.to_string())))?;
        let extension = utf8(path.extension()).unwrap_or_default();
        let name = free_name(COMPUTE, extension, &path, files);
        files.push((name, text_of(&path, bytes)?));
    }
    Ok(())
}

/// The files of a folder with one of some extensions, in order of their name.
fn files_of(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>, Failure> {
    let failed = |cause| Failure::file("read", folder, cause);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if utf8(path.extension()).is_some_and(|extension| extensions.contains(&extension)) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Adds the CSV files of a folder, in order of their name.
fn add_folder(folder: &Path, files: &mut Vec<(String, String)>) -> Result<(), Failure> {
    for path in files_of(folder, &["csv"])? {
        let bytes = read_limited(&path)
            .map_err(|error| Failure::file("read", &path, io::Error::other(error.to_string())))?;
        let name = free_name(FACTS, "csv", &path, files);
        files.push((name, text_of(&path, bytes)?));
    }
    Ok(())
}

/// `facts/NAME.csv`, or with a number where that is taken: names tell the files apart in the run folder.
fn free_name(folder: &str, extension: &str, path: &Path, files: &[(String, String)]) -> String {
    let stem = utf8(path.file_stem()).unwrap_or(folder);
    let is_taken = |name: &String| files.iter().any(|(taken, _)| taken == name);
    let plain = format!("{folder}/{stem}.{extension}");
    if !is_taken(&plain) {
        return plain;
    }
    let mut number = 2;
    loop {
        let name = format!("{folder}/{stem}-{number}.{extension}");
        if !is_taken(&name) {
            return name;
        }
        number += 1;
    }
}

fn text_of(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| Failure::Damaged {
        path: path.to_owned(),
        problem: format!("is not UTF-8: {}", error.utf8_error()),
        hint: "save it as UTF-8".to_owned(),
    })
}

fn not_found(given: &str, cause: &io::Error) -> Failure {
    if cause.kind() == io::ErrorKind::NotFound {
        let names = shipped::names().join(", ");
        Failure::Damaged {
            path: PathBuf::from(given),
            problem: "is neither a shipped scenario nor a path".to_owned(),
            hint: format!("shipped scenarios: {names}"),
        }
    } else {
        Failure::file("read", Path::new(given), io::Error::from(cause.kind()))
    }
}

fn utf8(name: Option<&std::ffi::OsStr>) -> Option<&str> {
    name.and_then(std::ffi::OsStr::to_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario_on_disk() -> (tempfile::TempDir, ScenarioFiles) {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("mine");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(MAIN_FILE), "title = \"x\"\n").unwrap();
        let files = ScenarioFiles::find(folder.to_str().unwrap()).unwrap();
        (parent, files)
    }

    #[test]
    fn reads_and_remembers() {
        let (parent, files) = scenario_on_disk();
        assert_eq!(files.name(), "mine");
        assert_eq!(files.main(), "mine/scenario.toml");
        assert_eq!(files.read(files.main()).unwrap(), b"title = \"x\"\n");
        assert!(files.taken().contains_key("mine/scenario.toml"));
        assert!(
            files
                .shown_prefix()
                .starts_with(parent.path().to_str().unwrap())
        );
    }

    #[test]
    fn refuses_what_lies_outside() {
        let (_parent, files) = scenario_on_disk();
        for path in ["../x.toml", "/etc/passwd", "mine/../../x"] {
            assert_eq!(files.read(path), Err(ReadError::Outside), "{path}");
        }
        assert_eq!(files.read("mine/none.toml"), Err(ReadError::NotFound));
        assert_eq!(
            files.read("mine"),
            Err(ReadError::Other("it is not a file".into()))
        );
    }

    #[cfg(unix)]
    #[test]
    fn does_not_follow_links() {
        let (parent, files) = scenario_on_disk();
        let mine = parent.path().join("mine");
        std::os::unix::fs::symlink("/etc/passwd", mine.join("link.toml")).unwrap();
        std::os::unix::fs::symlink("/etc", mine.join("folder")).unwrap();
        assert_eq!(files.read("mine/link.toml"), Err(ReadError::Link));
        assert_eq!(files.read("mine/folder/passwd"), Err(ReadError::Link));
    }

    #[test]
    fn stops_reading_at_the_limit() {
        let (parent, files) = scenario_on_disk();
        let limit = Limits::default().file_bytes;
        let path = parent.path().join("mine/big.toml");
        fs::write(&path, vec![b'#'; limit]).unwrap();
        assert_eq!(files.read("mine/big.toml").map(|b| b.len()), Ok(limit));
        fs::write(&path, vec![b'#'; limit + 1]).unwrap();
        assert_eq!(files.read("mine/big.toml"), Err(ReadError::TooLarge));
    }

    #[test]
    fn facts_of_ones_own_come_after_the_shipped_ones() {
        let (parent, files) = scenario_on_disk();
        let shipped = files.fact_files(None).unwrap();
        let own = parent.path().join("mine").join(FACTS);
        fs::create_dir(&own).unwrap();
        fs::write(own.join("logic.csv"), "id\n").unwrap();
        fs::write(own.join("notes.txt"), "no facts").unwrap();
        let all = files.fact_files(None).unwrap();
        assert_eq!(all.len(), shipped.len() + 1);
        assert_eq!(all.last().unwrap().0, "facts/logic-2.csv");
    }

    #[test]
    fn an_unknown_name_lists_the_shipped_ones() {
        let failure = ScenarioFiles::find("no-such").unwrap_err();
        assert!(failure.hint().unwrap().contains("shipped scenarios"));
    }
}
