//! What is wrong with a fab model, as data: collected, all at once, each with its place and its remedy.

use std::fmt;

use serde::Serialize;

/// Where something stands: a file, a line in it, and a column or key of that line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
pub struct Place {
    /// File name as it was handed in.
    pub file: String,
    /// Line, from 1; 0 means the file as a whole.
    pub row: u32,
    /// Column of a table (`PTIME`) or key of a TOML table (`process`); empty means the line as a whole.
    pub column: String,
}

impl Place {
    /// A whole file.
    pub fn file(file: &str) -> Place {
        Place {
            file: file.to_owned(),
            ..Place::default()
        }
    }

    /// A line of a file.
    pub fn row(file: &str, row: u32) -> Place {
        Place {
            file: file.to_owned(),
            row,
            column: String::new(),
        }
    }

    /// The same line, at a column or key.
    pub fn column(&self, column: &str) -> Place {
        Place {
            column: column.to_owned(),
            ..self.clone()
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.row > 0 {
            write!(f, ", row {}", self.row)?;
        }
        if !self.column.is_empty() {
            let what = if self.file.ends_with(".toml") {
                "key"
            } else {
                "column"
            };
            write!(f, ", {what} {}", self.column)?;
        }
        Ok(())
    }
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The model cannot be simulated.
    Error,
    /// It can, but probably does not mean what its author thinks.
    Warning,
}

/// One thing that is wrong, with its place and what to type instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// How bad.
    pub severity: Severity,
    /// What is, in lower case, the thing in backticks.
    pub message: String,
    /// What to type instead.
    pub help: String,
}

impl Problem {
    /// An error at a place.
    pub fn error(place: Place, message: impl Into<String>, help: impl Into<String>) -> Problem {
        Problem {
            place,
            severity: Severity::Error,
            message: message.into(),
            help: help.into(),
        }
    }

    /// A warning at a place.
    pub fn warning(place: Place, message: impl Into<String>, help: impl Into<String>) -> Problem {
        Problem {
            severity: Severity::Warning,
            ..Problem::error(place, message, help)
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}: {}: {}", self.place, self.message)?;
        if !self.help.is_empty() {
            write!(f, "\n  help: {}", self.help)?;
        }
        Ok(())
    }
}

/// The name among `known` that `name` was probably meant to be.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = name.to_lowercase();
    known
        .into_iter()
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&folded, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|&(distance, candidate)| distance <= 1 + candidate.len().max(name.len()) / 4)
        .min()
        .map(|(_, candidate)| candidate)
}

/// A help text that offers the nearest known name, or else lists some.
pub fn suggest<'a>(name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = did_you_mean(name, known.clone()) {
        return format!("did you mean `{near}`?");
    }
    let mut names: Vec<&str> = known.into_iter().collect();
    names.sort_unstable();
    let more = names.len().saturating_sub(8);
    names.truncate(8);
    if names.is_empty() {
        return "none is defined".to_owned();
    }
    let list = names.join("`, `");
    if more > 0 {
        format!("known are `{list}` and {more} more")
    } else {
        format!("known are `{list}`")
    }
}
