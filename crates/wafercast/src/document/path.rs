//! Paths into a document: `fab.smic-sn2.phase[1].delay`, `fab.x.ai_share.path."2027-01"`.

use std::fmt;
use std::ops::Range;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into a table.
    Key(String),
    /// Into an array, from 0.
    Index(usize),
}

/// Why a text is not a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    /// Byte offset.
    pub at: usize,
    /// What was expected.
    pub message: String,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Key(key) if key.chars().all(is_bare) && !key.is_empty() => f.write_str(key),
            Step::Key(key) => write!(f, "{key:?}"),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// Characters of a key that needs no quotes.
pub fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// Writes steps as a path.
pub fn display(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        if matches!(step, Step::Key(_)) && !text.is_empty() {
            text.push('.');
        }
        text.push_str(&step.to_string());
    }
    text
}

/// Reads a path, with the place of each step.
///
/// # Errors
/// Where a key, an index or a closing quote or bracket is missing.
pub fn parse(text: &str) -> Result<Vec<(Step, Range<usize>)>, PathError> {
    let mut steps = Vec::new();
    let mut rest = text;
    let at = |rest: &str| text.len() - rest.len();
    loop {
        let start = at(rest);
        let (step, after) = if let Some(inner) = rest.strip_prefix('[') {
            index(inner, start)?
        } else {
            key(rest, start)?
        };
        rest = after;
        steps.push((step, start..at(rest)));
        if rest.is_empty() {
            return Ok(steps);
        }
        if let Some(after) = rest.strip_prefix('.') {
            rest = after;
        } else if !rest.starts_with('[') {
            return Err(PathError {
                at: at(rest),
                message: "expected `.` or `[`".to_owned(),
            });
        }
    }
}

fn index(inner: &str, start: usize) -> Result<(Step, &str), PathError> {
    let error = || PathError {
        at: start,
        message: "expected a number in `[…]`, counted from 0".to_owned(),
    };
    let (digits, after) = inner.split_once(']').ok_or_else(error)?;
    let index = digits.trim().parse().map_err(|_| error())?;
    Ok((Step::Index(index), after))
}

fn key(rest: &str, start: usize) -> Result<(Step, &str), PathError> {
    if let Some(inner) = rest.strip_prefix('"') {
        let (key, after) = inner.split_once('"').ok_or(PathError {
            at: start,
            message: "the quote is not closed".to_owned(),
        })?;
        return Ok((Step::Key(key.to_owned()), after));
    }
    let end = rest
        .find(|c: char| !is_bare(c) && !(c.is_alphanumeric()))
        .unwrap_or(rest.len());
    if end == 0 {
        return Err(PathError {
            at: start,
            message: "expected a key".to_owned(),
        });
    }
    let (key, after) = rest.split_at(end);
    Ok((Step::Key(key.to_owned()), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(text: &str) -> Result<Vec<Step>, PathError> {
        Ok(parse(text)?.into_iter().map(|(step, _)| step).collect())
    }

    #[test]
    fn reads_keys_indices_and_quotes() {
        let path = "fab.smic-sn2.phase[1].ramp.path.\"2027-01.x\"";
        let read = steps(path).unwrap();
        assert_eq!(read[2], Step::Key("phase".into()));
        assert_eq!(read[3], Step::Index(1));
        assert_eq!(read[6], Step::Key("2027-01.x".into()));
        assert_eq!(display(&read), path);
    }

    #[test]
    fn says_where_a_path_goes_wrong() {
        assert_eq!(parse("").unwrap_err().at, 0);
        assert_eq!(parse("a..b").unwrap_err().at, 2);
        assert_eq!(parse("a[x]").unwrap_err().at, 1);
        assert_eq!(parse("a[1").unwrap_err().at, 1);
        assert_eq!(parse("a.\"b").unwrap_err().at, 2);
        assert_eq!(parse("a b").unwrap_err().at, 1);
    }
}
