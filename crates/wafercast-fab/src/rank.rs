//! Criteria by which waiting lots are ordered: names, and expressions of users.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::Rank;
use crate::problem::suggest;

/// The criteria's names in AutoSched's files. The first name of a criterion is the one written.
pub const AUTOSCHED_NAMES: [(&str, Rank); 10] = [
    ("rank_HP", Rank::Priority),
    ("rank_RSETUP", Rank::SetupTime),
    ("rank_FIFO", Rank::Fifo),
    ("rank_CR", Rank::CriticalRatio),
    ("rank_EDD", Rank::DueDate),
    ("rank_SPT", Rank::ShortestProcess),
    ("rank_LSSU", Rank::SetupTime),
    ("rank_SPROC", Rank::ShortestProcess),
    ("rank_DUE", Rank::DueDate),
    ("rank_PRIORITY", Rank::Priority),
];

/// The criteria's names in the native format.
pub const NAMES: [(&str, Rank); 6] = [
    ("priority", Rank::Priority),
    ("setup", Rank::SetupTime),
    ("fifo", Rank::Fifo),
    ("critical-ratio", Rank::CriticalRatio),
    ("due-date", Rank::DueDate),
    ("shortest-process", Rank::ShortestProcess),
];

/// The criterion of an AutoSched name.
pub fn from_autosched(name: &str) -> Option<Rank> {
    AUTOSCHED_NAMES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, rank)| rank.clone())
}

/// The criterion of a native name, or else an expression.
pub fn from_text(text: &str) -> Result<Rank, String> {
    let text = text.trim();
    if let Some((_, rank)) = NAMES.iter().find(|(known, _)| *known == text) {
        return Ok(rank.clone());
    }
    Expression::parse(text).map(Rank::Expression)
}

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rank::Expression(expression) => f.write_str(expression.text()),
            _ => {
                let name = NAMES.iter().find(|(_, rank)| rank == self);
                f.write_str(name.map_or("fifo", |(name, _)| name))
            }
        }
    }
}

/// What an expression may speak of. Times in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Variable {
    /// Priority; larger is more urgent.
    Priority,
    /// Due date, from the start of the simulation.
    Due,
    /// Now.
    Now,
    /// Release.
    Release,
    /// When the lot came to this family.
    Arrival,
    /// Expected load, process and unload time from here to the end.
    RemainingWork,
    /// Steps from here to the end.
    RemainingSteps,
    /// Expected processing time of the step.
    ProcessTime,
    /// Setup time on the tool that asks.
    SetupTime,
    /// Wafers of the lot.
    Wafers,
    /// Time left in the lot's tightest open queue-time window; 1e9 when none is open.
    QueueTimeLeft,
    /// 1 for lots of hot orders.
    Hot,
}

/// Number of variables.
pub const VARIABLES: usize = 12;

const VARIABLE_NAMES: [(&str, Variable); VARIABLES] = [
    ("priority", Variable::Priority),
    ("due", Variable::Due),
    ("now", Variable::Now),
    ("release", Variable::Release),
    ("arrival", Variable::Arrival),
    ("remaining_work", Variable::RemainingWork),
    ("remaining_steps", Variable::RemainingSteps),
    ("process_time", Variable::ProcessTime),
    ("setup_time", Variable::SetupTime),
    ("wafers", Variable::Wafers),
    ("queue_time_left", Variable::QueueTimeLeft),
    ("hot", Variable::Hot),
];

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Operation {
    Number(f64),
    Load(Variable),
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
    Minimum,
    Maximum,
}

/// A compiled expression: reverse Polish, no loops, no allocation when evaluated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expression {
    text: String,
    operations: Vec<Operation>,
}

/// Longest expression, in operations; also bounds the evaluation stack.
const MOST_OPERATIONS: usize = 64;

impl Expression {
    /// Compiles `(due - now) / remaining_work`; the error says what was expected.
    pub fn parse(text: &str) -> Result<Expression, String> {
        let mut parser = Parser {
            text,
            at: 0,
            depth: 0,
            operations: Vec::new(),
        };
        parser.sum()?;
        parser.space();
        if parser.at < text.len() {
            return Err(format!(
                "`{}` is left over in the expression `{text}`",
                &text[parser.at..]
            ));
        }
        Ok(Expression {
            text: text.to_owned(),
            operations: parser.operations,
        })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether its value changes while a lot waits.
    pub fn changes(&self) -> bool {
        self.operations.iter().any(|operation| {
            matches!(
                operation,
                Operation::Load(Variable::Now | Variable::SetupTime | Variable::QueueTimeLeft)
            )
        })
    }

    /// Its value; what is not a number counts as largest, so such lots come last.
    pub fn value(&self, variables: &[f64; VARIABLES]) -> f64 {
        let mut stack = [0.0f64; MOST_OPERATIONS];
        let mut top = 0;
        for operation in &self.operations {
            match *operation {
                Operation::Number(value) => {
                    stack[top] = value;
                    top += 1;
                }
                Operation::Load(variable) => {
                    stack[top] = variables[variable as usize];
                    top += 1;
                }
                Operation::Negate => stack[top - 1] = -stack[top - 1],
                binary => {
                    let (a, b) = (stack[top - 2], stack[top - 1]);
                    top -= 1;
                    stack[top - 1] = match binary {
                        Operation::Add => a + b,
                        Operation::Subtract => a - b,
                        Operation::Multiply => a * b,
                        Operation::Divide => a / b,
                        Operation::Minimum => {
                            if b < a {
                                b
                            } else {
                                a
                            }
                        }
                        _ => {
                            if b > a {
                                b
                            } else {
                                a
                            }
                        }
                    };
                }
            }
        }
        if stack[0].is_nan() {
            f64::MAX
        } else {
            stack[0]
        }
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    operations: Vec<Operation>,
}

impl Parser<'_> {
    fn space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, wanted: char) -> bool {
        self.space();
        let found = self.text[self.at..].starts_with(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn push(&mut self, operation: Operation) -> Result<(), String> {
        if self.operations.len() >= MOST_OPERATIONS {
            return Err(format!(
                "the expression has more than {MOST_OPERATIONS} operations"
            ));
        }
        self.operations.push(operation);
        Ok(())
    }

    fn sum(&mut self) -> Result<(), String> {
        self.product()?;
        loop {
            if self.take('+') {
                self.product()?;
                self.push(Operation::Add)?;
            } else if self.take('-') {
                self.product()?;
                self.push(Operation::Subtract)?;
            } else {
                return Ok(());
            }
        }
    }

    fn product(&mut self) -> Result<(), String> {
        self.factor()?;
        loop {
            if self.take('*') {
                self.factor()?;
                self.push(Operation::Multiply)?;
            } else if self.take('/') {
                self.factor()?;
                self.push(Operation::Divide)?;
            } else {
                return Ok(());
            }
        }
    }

    fn factor(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MOST_OPERATIONS {
            return Err("the expression is nested too deeply".to_owned());
        }
        let result = self.factor_inside();
        self.depth -= 1;
        result
    }

    fn factor_inside(&mut self) -> Result<(), String> {
        if self.take('-') {
            self.factor()?;
            return self.push(Operation::Negate);
        }
        if self.take('(') {
            self.sum()?;
            return self.close();
        }
        self.space();
        let rest = &self.text[self.at..];
        let length = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
            .unwrap_or(rest.len());
        let word = &rest[..length];
        self.at += length;
        if word.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            let value: f64 = word
                .parse()
                .map_err(|_| format!("`{word}` is not a number"))?;
            return self.push(Operation::Number(value));
        }
        match word {
            "min" | "max" => {
                if !self.take('(') {
                    return Err(format!("`{word}` needs `(a, b)`"));
                }
                self.sum()?;
                if !self.take(',') {
                    return Err(format!("`{word}` needs two values separated by a comma"));
                }
                self.sum()?;
                self.close()?;
                self.push(if word == "min" {
                    Operation::Minimum
                } else {
                    Operation::Maximum
                })
            }
            "" => Err(format!(
                "a number, a variable or `(` is expected at `{}`",
                if rest.is_empty() { "the end" } else { rest }
            )),
            _ => {
                let known = VARIABLE_NAMES.iter().find(|(name, _)| *name == word);
                let &(_, variable) = known.ok_or_else(|| {
                    let names = VARIABLE_NAMES.iter().map(|&(name, _)| name);
                    let names = names.chain(NAMES.iter().map(|&(name, _)| name));
                    format!(
                        "`{word}` is not a criterion or variable; {}",
                        suggest(word, names)
                    )
                })?;
                self.push(Operation::Load(variable))
            }
        }
    }

    fn close(&mut self) -> Result<(), String> {
        if self.take(')') {
            Ok(())
        } else {
            Err("a `)` is missing".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> f64 {
        let mut variables = [0.0; VARIABLES];
        variables[Variable::Due as usize] = 100.0;
        variables[Variable::Now as usize] = 40.0;
        variables[Variable::RemainingWork as usize] = 20.0;
        Expression::parse(text).map_or(f64::NAN, |e| e.value(&variables))
    }

    #[test]
    fn arithmetic() {
        assert_eq!(value("(due - now) / remaining_work"), 3.0);
        assert_eq!(value("2 + 3 * 4 - -1"), 15.0);
        assert_eq!(value("min(due, now) + max(1, 2)"), 42.0);
        assert_eq!(value("0 / 0"), f64::MAX);
    }

    #[test]
    fn errors_say_what_was_expected() {
        for (text, part) in [
            ("due -", "the end"),
            ("(due", "`)` is missing"),
            ("duo", "did you mean `due`"),
            ("1 2", "left over"),
            ("min(1)", "comma"),
            ("1..2", "not a number"),
        ] {
            let error = Expression::parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
        assert!(Expression::parse(&"(".repeat(10_000)).is_err());
        assert!(Expression::parse(&"1+".repeat(10_000)).is_err());
    }

    #[test]
    fn names_read_back() {
        for (_, rank) in NAMES {
            assert_eq!(from_text(&rank.to_string()), Ok(rank));
        }
    }
}
