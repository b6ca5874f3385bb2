//! Diagnostics on the screen, the way rustc shows them.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use wafercast::diagnostic::{Diagnostic, Label, Severity};
use wafercast::source_map::SourceMap;

use crate::console::{ERROR, HINT, STRONG, styled};

/// All diagnostics, with a blank line after each. `prefix` goes in front of file names, so that they can be opened from
/// where the command was typed.
pub fn render(
    diagnostics: &[&Diagnostic],
    sources: &SourceMap,
    prefix: &str,
    width: usize,
) -> String {
    let renderer = Renderer::styled()
        .decor_style(DecorStyle::Unicode)
        .term_width(width);
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&renderer.render(&[group(diagnostic, sources, prefix)]));
        text.push_str("\n\n");
    }
    text
}

/// `3 errors, 1 warning`; empty if there is nothing to count.
pub fn counts(diagnostics: &[Diagnostic]) -> String {
    let count = |severity: Severity, one: &str| {
        let number = diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count();
        match number {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{number} {one}s")),
        }
    };
    [
        count(Severity::Error, "error").map(|text| styled(ERROR, &text)),
        count(Severity::Warning, "warning").map(|text| styled(STRONG, &text)),
        count(Severity::Note, "note").map(|text| styled(HINT, &text)),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(", ")
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a SourceMap, prefix: &str) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(&diagnostic.message)
        .id(diagnostic.code.0);
    let mut group = Group::with_title(title);
    for file in files_of(diagnostic) {
        let Some(source) = sources.file(file) else {
            continue;
        };
        let annotations = diagnostic
            .labels
            .iter()
            .enumerate()
            .filter(|(_, label)| label.span.file == file)
            .map(|(index, label)| annotation(index, label, &source.text));
        group = group.element(
            Snippet::source(&source.text)
                .path(shown_name(&source.name, prefix))
                .annotations(annotations),
        );
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    group
}

fn annotation<'a>(index: usize, label: &'a Label, text: &str) -> Annotation<'a> {
    let kind = if index == 0 {
        AnnotationKind::Primary
    } else {
        AnnotationKind::Context
    };
    let annotation = kind.span(on_boundaries(label.span.start..label.span.end, text));
    if label.text.is_empty() {
        annotation
    } else {
        annotation.label(&label.text)
    }
}

/// Names that are no paths (`--set`) and paths of facts stay as they are.
fn shown_name(name: &str, prefix: &str) -> String {
    if name.ends_with(".toml") && !name.starts_with('/') {
        format!("{prefix}{name}")
    } else {
        name.to_owned()
    }
}

/// Files in the order in which the labels name them.
fn files_of(diagnostic: &Diagnostic) -> Vec<usize> {
    let mut files = Vec::new();
    for label in &diagnostic.labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files
}

/// The range, kept inside the text and on character boundaries: the renderer insists on both.
fn on_boundaries(range: Range<usize>, text: &str) -> Range<usize> {
    let start = text.floor_char_boundary(range.start.min(text.len()));
    let end = text.ceil_char_boundary(range.end.clamp(start, text.len()));
    start..end
}

#[cfg(test)]
mod tests {
    use wafercast::diagnostic::{Code, Span};

    use super::*;

    fn sample() -> (Diagnostic, SourceMap) {
        let mut sources = SourceMap::default();
        let text = "title = \"é\"\n[fab.a]\nadd = \"20 kWSPN\"\n";
        let file = sources.add("demo/scenario.toml", text);
        let start = text.find("\"20 kWSPN\"").unwrap();
        let span = Span {
            file,
            start,
            end: start + 10,
        };
        let diagnostic = Diagnostic {
            code: Code("WF0201"),
            severity: Severity::Error,
            message: "unknown unit `kWSPN`".into(),
            labels: vec![Label {
                span,
                text: "not a unit".into(),
            }],
            help: Some("did you mean `kWSPM`?".into()),
        };
        (diagnostic, sources)
    }

    #[test]
    fn shows_place_code_and_help() {
        let (diagnostic, sources) = sample();
        let text = render(&[&diagnostic], &sources, "my/", 100);
        insta::assert_snapshot!(anstream::adapter::strip_str(&text).to_string());
    }

    #[test]
    fn a_span_outside_the_text_or_inside_a_character_does_no_harm() {
        let (mut diagnostic, sources) = sample();
        for (start, end) in [(0, 10_000), (10, 10), (10, 9), (9_000, 9_001), (10, 11)] {
            diagnostic.labels[0].span.start = start;
            diagnostic.labels[0].span.end = end;
            let text = render(&[&diagnostic], &sources, "my/", 100);
            assert!(text.contains("unknown unit"), "{text}");
        }
    }

    #[test]
    fn counts_in_words() {
        let (diagnostic, _) = sample();
        let mut note = diagnostic.clone();
        note.severity = Severity::Note;
        let text = counts(&[diagnostic.clone(), diagnostic, note]);
        assert_eq!(
            anstream::adapter::strip_str(&text).to_string(),
            "2 errors, 1 note"
        );
        assert_eq!(counts(&[]), "");
    }
}
