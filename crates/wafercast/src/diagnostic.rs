//! What is wrong with a scenario: plain data, collected, all at once.

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The scenario cannot be run.
    Error,
    /// It runs, but probably does not say what its author meant.
    Warning,
    /// Worth knowing: an assumption without a source, a parameter without effect.
    Note,
}

/// A place in a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Index into the source map's files.
    pub file: usize,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A place with a few words about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there.
    pub text: String,
}

/// One problem, with its place and the remedy. The first label is the primary one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code; `wafercast explain CODE` has a page on it.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// Lower case, names the thing in backticks: what is, then what was expected.
    pub message: String,
    /// Places, the primary one first.
    pub labels: Vec<Label>,
    /// What to type instead.
    pub help: Option<String>,
}

/// Every diagnostic code (`WF0101` …). Defined, with its title, explanation and example, in one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);
