//! Diagnostics as JSON: the stable form for programs (`--message-format json`, editors). Separate from
//! [`super::Diagnostic`], so that the inside can change without breaking readers.

use serde::Serialize;

use super::{Diagnostic, Span};
use crate::source_map::SourceMap;

/// One diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WireDiagnostic {
    /// `WF0102`
    pub code: String,
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// Name of the file of the primary place.
    pub file: String,
    /// Line of the primary place, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Line where the place ends.
    pub end_line: usize,
    /// Column where it ends (one past the last character).
    pub end_column: usize,
    /// All places, the primary one first.
    pub labels: Vec<WireLabel>,
    /// What to type instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// One place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WireLabel {
    /// Name of the file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Line where the place ends.
    pub end_line: usize,
    /// Column where it ends.
    pub end_column: usize,
    /// Words about the place.
    pub text: String,
}

fn label(sources: &SourceMap, span: Span, text: &str) -> WireLabel {
    let start = sources.position(span);
    let end = sources.position(Span {
        start: span.end.max(span.start),
        ..span
    });
    WireLabel {
        file: sources.name(span.file).to_owned(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        text: text.to_owned(),
    }
}

/// The JSON form of a diagnostic.
pub fn to_wire(diagnostic: &Diagnostic, sources: &SourceMap) -> WireDiagnostic {
    let primary = label(sources, diagnostic.span(), "");
    WireDiagnostic {
        code: diagnostic.code.0.to_owned(),
        severity: diagnostic.severity.name().to_owned(),
        message: diagnostic.message.clone(),
        file: primary.file,
        line: primary.line,
        column: primary.column,
        end_line: primary.end_line,
        end_column: primary.end_column,
        labels: diagnostic
            .labels
            .iter()
            .map(|each| label(sources, each.span, &each.text))
            .collect(),
        help: diagnostic.help.clone(),
    }
}
