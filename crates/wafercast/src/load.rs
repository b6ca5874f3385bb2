//! From files to one document: included files, the chain of overlays, and the overrides of the command line.

mod overrides;
mod paths;

pub use overrides::{Override, OverrideError};

use std::fmt;

use crate::diagnostic::{Diagnostic, Span, codes};
use crate::document::{Document, Item, Node, Table, from_toml, merge};
use crate::source_map::SourceMap;

/// Gives the texts of a scenario's files. The engine opens no files itself.
pub trait Reader {
    /// The bytes of a file. The path is relative to what the reader was made for, `/`-separated and free of `.` and of
    /// `..` except at its start.
    ///
    /// # Errors
    /// Where the file is missing, must not be read, or cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;
}

/// Files held in memory, by path.
impl Reader for std::collections::BTreeMap<String, String> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.get(path)
            .map(|text| text.clone().into_bytes())
            .ok_or(ReadError::NotFound)
    }
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// There is none.
    NotFound,
    /// It is a link, or lies behind one: links are not followed.
    Link,
    /// It lies outside what may be read.
    Outside,
    /// It is longer than the limit.
    TooLarge,
    /// The system's words.
    Other(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::NotFound => f.write_str("there is no such file"),
            ReadError::Link => f.write_str("it is a link, and links are not followed"),
            ReadError::Outside => f.write_str("it lies outside the folder that may be read"),
            ReadError::TooLarge => f.write_str("it is too large"),
            ReadError::Other(words) => f.write_str(words),
        }
    }
}

/// Bounds on what is read: a scenario may come from anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file.
    pub file_bytes: usize,
    /// Nesting of tables and lists.
    pub depth: usize,
    /// Keys over all files.
    pub keys: usize,
    /// Files.
    pub files: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 2 * 1024 * 1024,
            depth: 32,
            keys: 100_000,
            files: 256,
        }
    }
}

/// What loading gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The texts, for showing places.
    pub sources: SourceMap,
    /// The merged tree.
    pub document: Document,
    /// Problems of files and syntax. With an error among them the document has holes and is not worth checking.
    pub diagnostics: Vec<Diagnostic>,
}

/// Keys that only the main file of a scenario may have.
const MAIN_FILE_KEYS: [&str; 11] = [
    "format",
    "title",
    "description",
    "home",
    "horizon",
    "include",
    "extends",
    "as_of",
    "data_until",
    "run",
    "planning",
];

/// Reads a scenario: its main file, the files it includes, the scenarios it extends, and lays the overrides on top.
/// Never fails: what is wrong is in the diagnostics, sorted by place.
pub fn load(root: &str, reader: &dyn Reader, overrides: &[Override], limits: &Limits) -> Loaded {
    let mut loader = Loader {
        reader,
        limits,
        keys: 0,
        sources: SourceMap::new(),
        diagnostics: Vec::new(),
    };
    let layers = loader.chain(&paths::normalise(root));
    let mut document = Document::default();
    document.layers.resize(loader.sources.files().len(), 0);
    for (number, layer) in layers.into_iter().rev().enumerate() {
        for file in layer.files {
            if let Some(slot) = document.layers.get_mut(file) {
                *slot = number;
            }
        }
        merge::overlay(&mut document.root, layer.table, &mut loader.diagnostics);
    }
    if !overrides.is_empty() {
        overrides::apply(
            overrides,
            &mut document,
            &mut loader.sources,
            limits,
            &mut loader.diagnostics,
        );
    }
    crate::diagnostic::sort(&mut loader.diagnostics);
    Loaded {
        sources: loader.sources,
        document,
        diagnostics: loader.diagnostics,
    }
}

/// One scenario of the chain: its main file with what it includes.
struct Layer {
    table: Table,
    files: Vec<usize>,
}

struct Loader<'a> {
    reader: &'a dyn Reader,
    limits: &'a Limits,
    keys: usize,
    sources: SourceMap,
    diagnostics: Vec<Diagnostic>,
}

impl Loader<'_> {
    /// The scenario and those it extends, the scenario itself first.
    fn chain(&mut self, root: &str) -> Vec<Layer> {
        let mut layers = Vec::new();
        let mut visited: Vec<String> = Vec::new();
        let mut path = root.to_owned();
        let mut named_at = None;
        loop {
            let Some(file) = self.read(&path, named_at) else {
                return layers;
            };
            visited.push(path.clone());
            let mut table = self.parse(file);
            let mut files = vec![file];
            self.includes(&path, &mut table, &mut files);
            let extends = self.extends(&path, &mut table);
            layers.push(Layer { table, files });
            let Some((next, span)) = extends else {
                return layers;
            };
            if visited.contains(&next) {
                let mut diagnostic = Diagnostic::error(
                    codes::EXTENDS_CYCLE,
                    format!("`{next}` extends itself"),
                    span,
                    "closes the circle",
                );
                diagnostic.help = Some(format!("the circle: {} → {next}", visited.join(" → ")));
                self.diagnostics.push(diagnostic);
                return layers;
            }
            path = next;
            named_at = Some(span);
        }
    }

    /// Reads a file into the source map. `named_at` is where it was asked for.
    fn read(&mut self, path: &str, named_at: Option<Span>) -> Option<usize> {
        if self.sources.files().len() >= self.limits.files {
            self.diagnostics.push(Diagnostic::error(
                codes::TOO_MANY_FILES,
                format!("the scenario has more than {} files", self.limits.files),
                named_at.unwrap_or_default(),
                "one too many",
            ));
            return None;
        }
        let bytes = match self.reader.read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let code = match error {
                    ReadError::TooLarge => codes::FILE_TOO_LARGE,
                    _ => codes::UNREADABLE,
                };
                self.report_file(
                    code,
                    format!("cannot read `{path}`: {error}"),
                    path,
                    named_at,
                );
                return None;
            }
        };
        if bytes.len() > self.limits.file_bytes {
            let message = format!(
                "`{path}` has {} bytes, more than {}",
                bytes.len(),
                self.limits.file_bytes
            );
            self.report_file(codes::FILE_TOO_LARGE, message, path, named_at);
            return None;
        }
        match String::from_utf8(bytes) {
            Ok(text) => {
                let text = text
                    .strip_prefix('\u{feff}')
                    .map_or(text.clone(), String::from);
                Some(self.sources.add(path, text))
            }
            Err(error) => {
                self.not_utf8(path, &error);
                None
            }
        }
    }

    /// A problem of a file as a whole, shown where the file is named, or at its own start if it is the first.
    fn report_file(
        &mut self,
        code: crate::diagnostic::Code,
        message: String,
        path: &str,
        named_at: Option<Span>,
    ) {
        let span = named_at.unwrap_or_else(|| Span {
            file: self.sources.add(path, ""),
            start: 0,
            end: 0,
        });
        self.diagnostics
            .push(Diagnostic::error(code, message, span, "this file"));
    }

    /// Shown in the file itself, as far as it can be read.
    fn not_utf8(&mut self, path: &str, error: &std::string::FromUtf8Error) {
        let offset = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let file = self.sources.add(path, text);
        let span = Span {
            file,
            start: offset,
            end: offset + '\u{fffd}'.len_utf8(),
        };
        self.diagnostics.push(
            Diagnostic::error(
                codes::NOT_UTF8,
                format!("`{path}` is not UTF-8: byte {offset} begins no character"),
                span,
                "not a character",
            )
            .help("save the file as UTF-8"),
        );
    }

    fn parse(&mut self, file: usize) -> Table {
        let text = self.sources.files()[file].text.clone();
        let (table, diagnostics) = from_toml(file, &text, self.limits, &mut self.keys);
        self.diagnostics.extend(diagnostics);
        table
    }

    /// Takes `include` out of a main file and adds what it names.
    fn includes(&mut self, main: &str, table: &mut Table, files: &mut Vec<usize>) {
        let Some(entry) = table.entries.remove("include") else {
            return;
        };
        let Some(names) = entry.node.array().map(<[Node]>::to_vec) else {
            let kind = entry.node.kind();
            self.diagnostics.push(Diagnostic::error(
                codes::WRONG_TYPE,
                format!("`include` is {kind}, expected a list of file names"),
                entry.node.span,
                "expected a list",
            ));
            return;
        };
        let mut seen = vec![main.to_owned()];
        for node in &names {
            let Some(path) = self.include_path(main, node) else {
                continue;
            };
            if seen.contains(&path) {
                self.diagnostics.push(Diagnostic::error(
                    codes::DEFINED_TWICE,
                    format!("`{path}` is included twice"),
                    node.span,
                    "already read",
                ));
                continue;
            }
            if let Some(file) = self.read(&path, Some(node.span)) {
                let mut included = self.parse(file);
                self.refuse_main_keys(&mut included);
                merge::include(table, included, &mut self.diagnostics);
                files.push(file);
            }
            seen.push(path);
        }
    }

    fn include_path(&mut self, main: &str, node: &Node) -> Option<String> {
        let Some(name) = node.text() else {
            self.diagnostics.push(Diagnostic::error(
                codes::WRONG_TYPE,
                format!("`include` has {}, expected a file name", node.kind()),
                node.span,
                "expected text",
            ));
            return None;
        };
        match paths::inside(main, name) {
            Ok(path) => Some(path),
            Err(reason) => {
                self.bad_path("include", name, reason, node.span);
                None
            }
        }
    }

    fn bad_path(&mut self, key: &str, name: &str, reason: &str, span: Span) {
        self.diagnostics.push(Diagnostic::error(
            codes::BAD_FILE_PATH,
            format!("`{key}` names `{name}`: {reason}"),
            span,
            "not allowed",
        ));
    }

    fn refuse_main_keys(&mut self, included: &mut Table) {
        for key in MAIN_FILE_KEYS {
            if let Some(entry) = included.entries.remove(key) {
                self.diagnostics.push(
                    Diagnostic::error(
                        codes::ONLY_IN_MAIN_FILE,
                        format!("`{key}` is given in an included file"),
                        entry.key,
                        "belongs into the main file",
                    )
                    .help(format!("move `{key}` to the file that includes this one")),
                );
            }
        }
    }

    /// Takes `extends` out of a main file: the path of the base and where it is named.
    fn extends(&mut self, main: &str, table: &mut Table) -> Option<(String, Span)> {
        let entry = table.entries.remove("extends")?;
        let span = entry.node.span;
        let Item::Text(name) = &entry.node.value else {
            let kind = entry.node.kind();
            self.diagnostics.push(Diagnostic::error(
                codes::WRONG_TYPE,
                format!("`extends` is {kind}, expected the path of a scenario"),
                span,
                "expected text",
            ));
            return None;
        };
        match paths::scenario(main, name) {
            Ok(path) => Some((path, span)),
            Err(reason) => {
                self.bad_path("extends", name, reason, span);
                None
            }
        }
    }
}
