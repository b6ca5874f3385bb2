//! The texts a scenario is made of, and places in them as line and column.

use crate::diagnostic::Span;

/// A text with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The path it was read from, or `--set` for the overrides of the command line.
    pub name: String,
    /// The text.
    pub text: String,
    /// First byte of each line.
    line_starts: Vec<usize>,
}

/// A place for people: both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// All files of a scenario. A [`Span`] names a file by its index here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceFile {
    fn new(name: String, text: String) -> Self {
        let line_starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            name,
            text,
            line_starts,
        }
    }

    /// Line and column of a byte. A byte past the end or inside a character counts as the place before it.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let start = self.line_starts.get(line.saturating_sub(1)).copied();
        let before = self.text.get(start.unwrap_or(0)..offset).unwrap_or("");
        Position {
            line,
            column: before.chars().count() + 1,
        }
    }
}

impl SourceMap {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and returns its index.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> usize {
        self.files.push(SourceFile::new(name.into(), text.into()));
        self.files.len() - 1
    }

    /// The files, in the order they were read: the index of a file is [`Span::file`].
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// A file, if the index is one of this map.
    pub fn file(&self, index: usize) -> Option<&SourceFile> {
        self.files.get(index)
    }

    /// Name of a file; empty if the index is not of this map.
    pub fn name(&self, index: usize) -> &str {
        self.file(index).map_or("", |file| &file.name)
    }

    /// What is written at a place; empty if the span does not lie in its file.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file)
            .and_then(|file| file.text.get(span.start..span.end))
            .unwrap_or("")
    }

    /// Line and column of the first byte of a span.
    pub fn position(&self, span: Span) -> Position {
        self.file(span.file)
            .map_or(Position { line: 1, column: 1 }, |file| {
                file.position(span.start)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let mut sources = SourceMap::new();
        let file = sources.add("a.toml", "x = 1\ny = \"é\" # z\n");
        let at = |offset| sources.files()[file].position(offset);
        assert_eq!(at(0), Position { line: 1, column: 1 });
        assert_eq!(at(6), Position { line: 2, column: 1 });
        assert_eq!(at(11), Position { line: 2, column: 6 });
        assert_eq!(at(12), Position { line: 2, column: 6 }); // inside the é
        assert_eq!(at(13), Position { line: 2, column: 7 });
        assert_eq!(at(999), Position { line: 3, column: 1 });
    }

    #[test]
    fn an_unknown_file_has_no_text() {
        let sources = SourceMap::new();
        let span = Span {
            file: 3,
            start: 0,
            end: 9,
        };
        assert_eq!(sources.text(span), "");
        assert_eq!(sources.position(span), Position { line: 1, column: 1 });
    }
}
