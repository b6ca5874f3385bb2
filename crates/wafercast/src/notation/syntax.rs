//! From text to a tree; ranges are bytes of the text.

use std::ops::Range;

use super::number::{self, Written, skip_space};
use super::{MAX_NESTING, NotationError};
use crate::unit::{self, Scanned};

/// A part of a quantity.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// Bytes it takes.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

/// What a part of a quantity is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A number with its unit; the sign is in `value`.
    Number(Written),
    /// Something whose error is already reported.
    Poison,
    /// `low to high @credibility`
    Interval {
        low: Box<Node>,
        high: Box<Node>,
        credibility: f64,
    },
    /// `left * right`, `left / right`
    Product {
        left: Box<Node>,
        right: Box<Node>,
        divides: bool,
    },
    /// `inner unit`
    WithUnit { inner: Box<Node>, unit: Scanned },
    /// `name(arguments)`
    Call {
        name: Range<usize>,
        arguments: Vec<Argument>,
    },
    /// `facts(id: weight, …)`
    Facts(Vec<FactReference>),
    /// `inner | clamp(low, high)`, `inner | truncate(low, high)`
    Bounded {
        inner: Box<Node>,
        low: Box<Node>,
        high: Box<Node>,
        truncates: bool,
    },
}

/// `first`, or `first: second`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Argument {
    pub first: Node,
    pub second: Option<Node>,
}

/// `id`, or `id: weight`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FactReference {
    pub id: Range<usize>,
    pub weight: Option<Node>,
}

/// Most operators in one text.
const MAX_OPERATORS: usize = 64;
/// Credibility of an interval without `@`.
const USUAL_CREDIBILITY: f64 = 0.9;
/// Credibilities that may be asked for: beyond them the two ends say too little about the middle, or are no ends at all.
const CREDIBILITIES: std::ops::RangeInclusive<f64> = 0.01..=0.999;

/// The tree, and the errors on the way. There is no tree where the shape itself is not understood.
pub(super) fn parse(text: &str) -> (Option<Node>, Vec<NotationError>) {
    let mut parser = Parser {
        text,
        at: 0,
        nesting: 0,
        operators: 0,
        errors: Vec::new(),
    };
    let root = match parser.whole() {
        Ok(root) => Some(root),
        Err(error) => {
            parser.errors.push(error);
            None
        }
    };
    (root, parser.errors)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    nesting: usize,
    operators: usize,
    errors: Vec<NotationError>,
}

type Parsed = Result<Node, NotationError>;

impl<'a> Parser<'a> {
    fn whole(&mut self) -> Parsed {
        let root = self.quantity()?;
        self.skip_space();
        if self.rest().is_empty() {
            return Ok(root);
        }
        let error = self.unexpected("`to`, `*`, `/`, `|` or the end");
        let is_separator = self.rest().starts_with([',', '\'']);
        Err(if is_separator {
            error.help("numbers have no thousands separators: write `45000` or `45 k`")
        } else {
            error.help("write a number with its unit, an interval `a to b`, or a distribution")
        })
    }

    fn quantity(&mut self) -> Parsed {
        let mut inner = self.interval()?;
        while self.eat('|') {
            self.count_operator()?;
            let name = self.name();
            let truncates = match &self.text[name.clone()] {
                "clamp" => false,
                "truncate" => true,
                other => {
                    let message =
                        format!("`{other}` after `|` is unknown; expected `clamp` or `truncate`");
                    return Err(NotationError::new(name, "WF0306", message)
                        .help("write `| clamp(0, 1)` or `| truncate(0, 1)`"));
                }
            };
            self.expect('(')?;
            let low = Box::new(self.interval()?);
            self.expect(',')?;
            let high = Box::new(self.interval()?);
            self.expect(')')?;
            inner = Node {
                range: inner.range.start..self.at,
                kind: Kind::Bounded {
                    inner: Box::new(inner),
                    low,
                    high,
                    truncates,
                },
            };
        }
        Ok(inner)
    }

    fn interval(&mut self) -> Parsed {
        let low = self.product()?;
        if !self.eat_word("to") {
            return Ok(low);
        }
        let high = self.product()?;
        let credibility = if self.eat('@') {
            self.credibility()?
        } else {
            USUAL_CREDIBILITY
        };
        Ok(Node {
            range: low.range.start..self.at,
            kind: Kind::Interval {
                low: Box::new(low),
                high: Box::new(high),
                credibility,
            },
        })
    }

    fn credibility(&mut self) -> Result<f64, NotationError> {
        self.skip_space();
        let start = self.at;
        let written = number::written(self.text, self.at)?;
        let Some(written) = written else {
            return Err(self
                .unexpected("a credibility")
                .help("write `@80%` for the 10th to the 90th percentile"));
        };
        self.at = written.range.end;
        let is_number = written
            .named_unit()
            .is_none_or(|tail| tail.unit.symbol == "%");
        let value = written.in_base_units();
        if is_number && CREDIBILITIES.contains(&value) {
            return Ok(value);
        }
        self.errors.push(
            NotationError::new(
                start..self.at,
                "WF0310",
                format!(
                    "a credibility of `{}`; expected 1% to 99.9%",
                    &self.text[start..self.at]
                ),
            )
            .help("write `@80%` for the 10th to the 90th percentile"),
        );
        Ok(USUAL_CREDIBILITY)
    }

    fn product(&mut self) -> Parsed {
        let mut left = self.primary()?;
        loop {
            let divides = match self.peek() {
                Some('*') => false,
                Some('/') => true,
                _ => return Ok(left),
            };
            self.at += 1;
            self.count_operator()?;
            let right = self.primary()?;
            left = Node {
                range: left.range.start..self.at,
                kind: Kind::Product {
                    left: Box::new(left),
                    right: Box::new(right),
                    divides,
                },
            };
        }
    }

    fn primary(&mut self) -> Parsed {
        self.skip_space();
        let start = self.at;
        match self.peek() {
            Some('(') => {
                self.at += 1;
                let inner = self.nested(Parser::quantity)?;
                self.expect(')')?;
                self.with_unit(Node {
                    range: start..self.at,
                    kind: inner.kind,
                })
            }
            Some(c) if c.is_ascii_digit() || matches!(c, '$' | '-' | '+') => self.number(start),
            Some(c) if c.is_alphabetic() => {
                let call = self.call(start)?;
                self.with_unit(call)
            }
            _ => Err(self
                .unexpected("a number or a distribution")
                .help("write a number with its unit, as `45 kWSPM`, or `a to b`")),
        }
    }

    fn number(&mut self, start: usize) -> Parsed {
        let is_negative = self.rest().starts_with('-');
        if is_negative || self.rest().starts_with('+') {
            self.at += 1;
            self.skip_space();
        }
        let kind = match number::written(self.text, self.at) {
            Ok(Some(mut written)) => {
                self.at = written.range.end;
                if is_negative {
                    written.value = -written.value;
                }
                Kind::Number(written)
            }
            Ok(None) => return Err(self.unexpected("a number")),
            Err(error) => {
                self.errors.push(error.clone());
                self.skip_unit(error.range.end);
                Kind::Poison
            }
        };
        Ok(Node {
            range: start..self.at,
            kind,
        })
    }

    fn call(&mut self, start: usize) -> Parsed {
        let name = self.name();
        if !self.eat('(') {
            let word = &self.text[name.clone()];
            let message = format!("`{word}` is not a number or a distribution");
            return Err(NotationError::new(name, "WF0301", message)
                .help("write a number before a unit, and a call as `uniform(a, b)`"));
        }
        let kind = if &self.text[name.clone()] == "facts" {
            Kind::Facts(self.nested(Parser::fact_references)?)
        } else {
            let arguments = self.nested(Parser::arguments)?;
            Kind::Call { name, arguments }
        };
        self.expect(')')?;
        Ok(Node {
            range: start..self.at,
            kind,
        })
    }

    fn arguments(&mut self) -> Result<Vec<Argument>, NotationError> {
        let mut arguments = Vec::new();
        if self.peek() == Some(')') {
            return Ok(arguments);
        }
        loop {
            let first = self.quantity()?;
            let second = if self.eat(':') {
                Some(self.quantity()?)
            } else {
                None
            };
            arguments.push(Argument { first, second });
            if !self.eat(',') {
                return Ok(arguments);
            }
        }
    }

    fn fact_references(&mut self) -> Result<Vec<FactReference>, NotationError> {
        let mut references = Vec::new();
        loop {
            self.skip_space();
            let rest = self.rest();
            let length = rest
                .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.')))
                .unwrap_or(rest.len());
            if length == 0 {
                return Err(self
                    .unexpected("the id of a fact")
                    .help("write `facts(id)` or `facts(id: 2, other-id: 1)`"));
            }
            let id = self.at..self.at + length;
            self.at = id.end;
            let weight = if self.eat(':') {
                Some(self.product()?)
            } else {
                None
            };
            references.push(FactReference { id, weight });
            if !self.eat(',') {
                return Ok(references);
            }
        }
    }

    /// A unit behind a call or a parenthesis.
    fn with_unit(&mut self, inner: Node) -> Parsed {
        match unit::scan(self.text, self.at) {
            Ok(None) => Ok(inner),
            Ok(Some(unit)) => {
                self.at = unit.range.end;
                Ok(Node {
                    range: inner.range.start..self.at,
                    kind: Kind::WithUnit {
                        inner: Box::new(inner),
                        unit,
                    },
                })
            }
            Err(error) => {
                self.skip_unit(error.range.end);
                self.errors.push(error.into());
                Ok(Node {
                    range: inner.range.start..self.at,
                    kind: Kind::Poison,
                })
            }
        }
    }

    /// Goes on behind a faulty number or unit, and what is left of its unit, so that other faults are found as well.
    fn skip_unit(&mut self, at: usize) {
        self.at = at;
        if let Ok(Some(rest)) = unit::scan(self.text, at) {
            self.at = rest.range.end;
        }
    }

    fn nested<T>(
        &mut self,
        part: impl FnOnce(&mut Parser<'a>) -> Result<T, NotationError>,
    ) -> Result<T, NotationError> {
        if self.nesting == MAX_NESTING {
            let message = format!("parentheses are nested more than {MAX_NESTING} deep");
            return Err(NotationError::new(self.at..self.at, "WF0309", message));
        }
        self.nesting += 1;
        let result = part(self);
        self.nesting -= 1;
        result
    }

    /// Chains of operators make deep trees as parentheses do.
    fn count_operator(&mut self) -> Result<(), NotationError> {
        self.operators += 1;
        if self.operators > MAX_OPERATORS {
            let message = format!("more than {MAX_OPERATORS} operators in one quantity");
            return Err(NotationError::new(self.at - 1..self.at, "WF0309", message));
        }
        Ok(())
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at = skip_space(self.text, self.at);
    }

    fn peek(&mut self) -> Option<char> {
        self.skip_space();
        self.rest().chars().next()
    }

    fn eat(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        self.skip_space();
        let found = self.rest().strip_prefix(word).is_some_and(|rest| {
            !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '('))
        });
        if found {
            self.at += word.len();
        }
        found
    }

    fn expect(&mut self, expected: char) -> Result<(), NotationError> {
        if self.eat(expected) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{expected}`")))
        }
    }

    fn name(&mut self) -> Range<usize> {
        self.skip_space();
        let rest = self.rest();
        let length = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        let name = self.at..self.at + length;
        self.at = name.end;
        name
    }

    fn unexpected(&mut self, expected: &str) -> NotationError {
        self.skip_space();
        let rest = self.rest();
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| c.is_whitespace() || matches!(c, ',' | ')' | '|'))
            .map_or(rest.len(), |(index, _)| index);
        let found = &rest[..end];
        let message = if found.is_empty() {
            format!("the text ends early; expected {expected}")
        } else {
            format!("found `{found}`; expected {expected}")
        };
        NotationError::new(self.at..self.at + end, "WF0301", message)
    }
}
