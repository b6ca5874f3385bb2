//! What can be wrong with an expression.

use std::ops::Range;

use crate::diagnostic::Code;
use crate::notation::NotationError;

/// The text is not an expression.
pub const SYNTAX: Code = Code("WF0801");
/// No metric or function has this name.
pub const UNKNOWN_FUNCTION: Code = Code("WF0802");
/// The scenario has no set, chip, designer, die, line, event or technology of this name.
pub const UNKNOWN_NAME: Code = Code("WF0803");
/// A metric or function has too few or too many arguments.
pub const ARGUMENT_COUNT: Code = Code("WF0804");
/// Things of different dimensions are added or compared.
pub const DIMENSION_MISMATCH: Code = Code("WF0805");
/// A period is not one, or lies outside the horizon.
pub const INVALID_PERIOD: Code = Code("WF0806");
/// A set, or a selection of lines, holds nothing.
pub const EMPTY_SET: Code = Code("WF0807");
/// The expression is too long, too deep, or has too many parts.
pub const TOO_LARGE: Code = Code("WF0808");
/// A truth value stands where a number is needed, or the other way round.
pub const TRUTH_EXPECTED: Code = Code("WF0809");
/// An argument is not of the kind the metric takes (a depth, a number format, a die …).
pub const INVALID_ARGUMENT: Code = Code("WF0810");

/// One problem of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionError {
    /// The bytes of the expression's text it is about; may be empty at the end of the text.
    pub range: Range<usize>,
    /// `WF08…`, one of the constants of [`crate::metric`], or that of the notation of numbers where one is wrong.
    pub code: Code,
    /// Lower case: what is, then what was expected.
    pub message: String,
    /// What to type instead.
    pub help: Option<String>,
    /// With [`UNKNOWN_NAME`]: the name as `accelerator:ascend-910c`, so that a caller who hides tables (`known`,
    /// `as_of`) can tell a hidden name from a wrong one.
    pub missing: Option<String>,
}

impl ExpressionError {
    pub(super) fn new(range: Range<usize>, code: Code, message: impl Into<String>) -> Self {
        Self {
            range,
            code,
            message: message.into(),
            help: None,
            missing: None,
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn help_if(mut self, help: Option<String>) -> Self {
        if help.is_some() {
            self.help = help;
        }
        self
    }
}

/// "did you mean `x`?", for the candidate nearest to `name`, if one is near enough.
pub(super) fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let lower = name.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let score = strsim::jaro_winkler(&lower, &candidate.to_lowercase());
        if score >= 0.8 && best.is_none_or(|(top, _)| score > top) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

impl From<NotationError> for ExpressionError {
    fn from(error: NotationError) -> Self {
        Self {
            range: error.range,
            code: error.code,
            message: error.message,
            help: error.help,
            missing: None,
        }
    }
}
