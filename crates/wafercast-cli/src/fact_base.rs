//! The fact base of a run, and its problems as diagnostics with their place.

use wafercast::diagnostic::{Diagnostic, Span};
use wafercast::facts::{FactBase, FactProblem};
use wafercast::source_map::SourceMap;

/// Adds the problems of fact files to the diagnostics, and the files they are in to the texts.
pub fn report_problems(
    problems: &[FactProblem],
    files: &[(String, String)],
    sources: &mut SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut index_of = std::collections::BTreeMap::new();
    for problem in problems {
        let Some((name, text)) = files.iter().find(|(name, _)| *name == problem.file) else {
            continue;
        };
        let file = *index_of
            .entry(name.as_str())
            .or_insert_with(|| sources.add(name, text));
        let (start, end) = line_range(text, problem.line);
        let diagnostic = Diagnostic::new(
            problem.severity,
            problem.code,
            &problem.message,
            Span { file, start, end },
            "",
        );
        diagnostics.push(diagnostic.help_option(problem.help.clone()));
    }
}

/// Reads fact files for a command that only looks facts up: rows with a problem are left out.
pub fn readable(files: &[(String, String)]) -> FactBase {
    FactBase::parse(files).0
}

/// Bytes of a line, from 1, without its end.
fn line_range(text: &str, line: usize) -> (usize, usize) {
    let mut start = 0;
    for (index, content) in text.split_inclusive('\n').enumerate() {
        if index + 1 == line {
            return (start, start + content.trim_end().len());
        }
        start += content.len();
    }
    (text.len(), text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_lines() {
        let text = "one\r\ntwo\nthree";
        let at = |line| {
            let (start, end) = line_range(text, line);
            &text[start..end]
        };
        assert_eq!((at(1), at(2), at(3), at(9)), ("one", "two", "three", ""));
    }
}
