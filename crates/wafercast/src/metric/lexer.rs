//! Characters to tokens. A number is one token with its suffix and unit; what stands between the parentheses of a
//! metric is split into raw arguments, because periods (`2027-Q3`) and names (`ascend-910c`) have a grammar of their own.

use std::ops::Range;

use super::BinaryOperator;
use super::error::{ExpressionError, SYNTAX};
use crate::notation;
use crate::unit::Dimension;

/// A token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'t> {
    /// A number in base units.
    Number { value: f64, dimension: Dimension },
    /// A name.
    Word(&'t str),
    /// An operator that stands between two operands; `-` also before one.
    Operator(BinaryOperator),
    /// `not`
    Not,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// The end of the text.
    End,
}

/// An argument as written, without the blanks around it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Argument<'t> {
    pub text: &'t str,
    pub range: Range<usize>,
}

/// A position in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    position: usize,
}

type Lexed<T> = Result<T, ExpressionError>;

/// Words that are not names.
fn keyword(word: &str) -> Option<Token<'static>> {
    match word {
        "and" => Some(Token::Operator(BinaryOperator::And)),
        "or" => Some(Token::Operator(BinaryOperator::Or)),
        "not" => Some(Token::Not),
        _ => None,
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl<'t> Lexer<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, position: 0 }
    }

    /// The byte at which the next token is looked for.
    pub fn position(&self) -> usize {
        self.position
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.position..).unwrap_or("")
    }

    fn peek_char(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.position += rest.len() - rest.trim_start().len();
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !accept(c)).unwrap_or(rest.len())];
        self.position += taken.len();
        taken
    }

    fn take(&mut self, literal: &str) -> bool {
        let found = self.rest().starts_with(literal);
        if found {
            self.position += literal.len();
        }
        found
    }

    /// The next token and where it stands.
    pub fn next(&mut self) -> Lexed<(Token<'t>, Range<usize>)> {
        self.skip_blanks();
        let start = self.position;
        let token = match self.peek_char() {
            None => Token::End,
            Some(c) if c.is_ascii_digit() || c == '$' => match notation::literal(self.text, start)?
            {
                Some(literal) => {
                    self.position = literal.range.end;
                    Token::Number {
                        value: literal.value,
                        dimension: literal.dimension,
                    }
                }
                None => self.symbol(c)?,
            },
            Some(c) if is_word(c) => {
                let word = self.take_while(is_word);
                keyword(word).unwrap_or(Token::Word(word))
            }
            Some(c) => self.symbol(c)?,
        };
        Ok((token, start..self.position))
    }

    /// The next token, left where it is.
    pub fn peek(&self) -> Lexed<(Token<'t>, Range<usize>)> {
        self.clone().next()
    }

    fn symbol(&mut self, c: char) -> Lexed<Token<'t>> {
        use BinaryOperator::{Above, Add, AtLeast, AtMost, Below, Divide, Multiply, Subtract};
        const SYMBOLS: [(&str, Token<'static>); 14] = [
            (">=", Token::Operator(AtLeast)),
            ("<=", Token::Operator(AtMost)),
            ("≥", Token::Operator(AtLeast)),
            ("≤", Token::Operator(AtMost)),
            (">", Token::Operator(Above)),
            ("<", Token::Operator(Below)),
            ("+", Token::Operator(Add)),
            ("-", Token::Operator(Subtract)),
            ("*", Token::Operator(Multiply)),
            ("/", Token::Operator(Divide)),
            ("(", Token::Open),
            (")", Token::Close),
            (",", Token::Comma),
            ("−", Token::Operator(Subtract)),
        ];
        for (text, token) in SYMBOLS {
            if self.take(text) {
                return Ok(token);
            }
        }
        let start = self.position;
        let error = ExpressionError::new(
            start..start + c.len_utf8(),
            SYNTAX,
            format!("unexpected `{c}`"),
        );
        Err(match c {
            '=' => {
                error.help("there is no `=`: results are rounded, so compare with `>=` and `<=`")
            }
            '!' => error.help("write `not`"),
            '&' => error.help("write `and`"),
            '|' => error.help("write `or`"),
            '"' | '\'' => error.help("quotes stand only around a set or a name inside a metric"),
            _ => error,
        })
    }

    /// The raw arguments up to and with the parenthesis that closes the one just read.
    pub fn arguments(&mut self) -> Lexed<Vec<Argument<'t>>> {
        let open = self.position.saturating_sub(1);
        let mut arguments = Vec::new();
        let mut start = self.position;
        let mut depth = 0_usize;
        let mut quote: Option<char> = None;
        for (offset, c) in self.rest().char_indices() {
            let position = self.position + offset;
            match (quote, c) {
                (Some(mark), _) if c == mark => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '(') => depth += 1,
                (None, ')') if depth > 0 => depth -= 1,
                (None, ',') if depth == 0 => {
                    arguments.push(self.argument(start..position));
                    start = position + 1;
                }
                (None, ')') => {
                    let last = self.argument(start..position);
                    if !(last.text.is_empty() && arguments.is_empty()) {
                        arguments.push(last);
                    }
                    self.position = position + 1;
                    return Ok(arguments);
                }
                _ => {}
            }
        }
        let what = if quote.is_some() {
            "this text has a quote that is not closed"
        } else {
            "this `(` is not closed"
        };
        Err(ExpressionError::new(open..open + 1, SYNTAX, what))
    }

    fn argument(&self, range: Range<usize>) -> Argument<'t> {
        let raw = self.text.get(range.clone()).unwrap_or("");
        let text = raw.trim();
        let start = range.start + (raw.len() - raw.trim_start().len());
        if text.is_empty() {
            return Argument {
                text,
                range: range.start..range.end,
            };
        }
        Argument {
            text,
            range: start..start + text.len(),
        }
    }
}
