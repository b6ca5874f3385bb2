//! A Pratt parser over [`Lexer`] that checks while it reads: every node carries its [`Kind`], and a problem inside an
//! operand does not hide those beside it. Only a syntax error ends the reading.

mod check;

use std::ops::Range;

use super::error::{
    ARGUMENT_COUNT, ExpressionError, SYNTAX, TOO_LARGE, UNKNOWN_FUNCTION, did_you_mean,
};
use super::kind::Kind;
use super::lexer::{Lexer, Token};
use super::resolve::{METRICS, Resolver};
use super::{BinaryOperator, Expression, Function, UnaryOperator};
use crate::scenario::Scenario;
use crate::unit::Dimension;

/// Longest text of an expression, bytes.
pub const MAX_LENGTH: usize = 16 * 1024;
/// Most nodes of an expression.
pub const MAX_NODES: usize = 4_096;
/// Deepest nesting of an expression; `a + b + c` is two deep.
pub const MAX_DEPTH: usize = 64;

/// A checked expression and what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    /// The expression.
    pub expression: Expression,
    /// Its dimension; a truth value has none (a plain number).
    pub dimension: Dimension,
    /// Whether it is true or false: what a claim must be and evidence must not.
    pub is_truth: bool,
}

/// Reads and checks an expression against a scenario, of which claims and evidence are not looked at.
///
/// # Errors
///
/// All problems that can be told apart, in order of place; after a syntax error nothing further is read.
pub fn parse(text: &str, scenario: &Scenario) -> Result<Typed, Vec<ExpressionError>> {
    if text.len() > MAX_LENGTH {
        let message = format!(
            "this expression has {} bytes; at most {MAX_LENGTH} are read",
            text.len()
        );
        return Err(vec![ExpressionError::new(0..0, TOO_LARGE, message)]);
    }
    let mut parser = Parser {
        lexer: Lexer::new(text),
        scenario,
        errors: Vec::new(),
        nodes: 0,
        nesting: 0,
    };
    let node = parser.whole();
    let mut errors = parser.errors;
    match node {
        Ok(node) if errors.is_empty() => {
            let dimension = match node.kind {
                Kind::Number(dimension) => dimension,
                Kind::Zero | Kind::Truth | Kind::Flag | Kind::Unknown => Dimension::NONE,
            };
            Ok(Typed {
                expression: node.expression,
                dimension,
                is_truth: node.kind.is_truth(),
            })
        }
        Ok(_) => {
            errors.sort_by_key(|error| (error.range.start, error.range.end));
            Err(errors)
        }
        Err(error) => {
            errors.push(error);
            errors.sort_by_key(|error| (error.range.start, error.range.end));
            Err(errors)
        }
    }
}

/// A checked part of the expression.
struct Node {
    expression: Expression,
    kind: Kind,
    range: Range<usize>,
    depth: usize,
}

impl Node {
    fn unknown(range: Range<usize>) -> Self {
        Node {
            expression: Expression::Number(0.0, Dimension::NONE),
            kind: Kind::Unknown,
            range,
            depth: 1,
        }
    }
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    scenario: &'a Scenario,
    errors: Vec<ExpressionError>,
    nodes: usize,
    nesting: usize,
}

/// A problem after which nothing can be read.
type Parsed<T> = Result<T, ExpressionError>;

/// How tightly an operator binds; all binary operators group to the left.
pub(super) fn binding(operator: BinaryOperator) -> u8 {
    use BinaryOperator::{Above, Add, And, AtLeast, AtMost, Below, Divide, Multiply, Or, Subtract};
    match operator {
        Or => 1,
        And => 2,
        AtLeast | Above | AtMost | Below => 4,
        Add | Subtract => 5,
        Multiply | Divide => 6,
    }
}
/// Between `and` and the comparisons.
pub(super) const BINDING_NOT: u8 = 3;
/// Tighter than `*`.
pub(super) const BINDING_MINUS: u8 = 7;

/// `min`, `max`, `abs`, `if` with the least and most arguments.
const FUNCTIONS: [(&str, Function, usize, usize, &str); 4] = [
    ("min", Function::Min, 2, MAX_NODES, "min(a, b, …)"),
    ("max", Function::Max, 2, MAX_NODES, "max(a, b, …)"),
    ("abs", Function::Abs, 1, 1, "abs(a)"),
    ("if", Function::If, 3, 3, "if(condition, then, else)"),
];

impl Parser<'_> {
    fn whole(&mut self) -> Parsed<Node> {
        let node = self.expression(0)?;
        let (token, range) = self.lexer.next()?;
        match token {
            Token::End => Ok(node),
            Token::Close => Err(ExpressionError::new(
                range,
                SYNTAX,
                "this `)` closes nothing",
            )),
            _ => Err(ExpressionError::new(
                range,
                SYNTAX,
                "expected an operator or the end of the expression",
            )),
        }
    }

    /// An operand and all operators that bind tighter than `least`.
    fn expression(&mut self, least: u8) -> Parsed<Node> {
        let mut left = self.operand()?;
        loop {
            let (token, range) = self.lexer.peek()?;
            let Token::Operator(operator) = token else {
                return Ok(left);
            };
            if binding(operator) <= least {
                return Ok(left);
            }
            self.lexer.next()?;
            let right = self.expression(binding(operator))?;
            left = self.binary(operator, range, left, right)?;
        }
    }

    fn operand(&mut self) -> Parsed<Node> {
        let (token, range) = self.lexer.next()?;
        match token {
            Token::Number { value, dimension } => {
                let kind = if value == 0.0 && dimension.is_none() {
                    Kind::Zero
                } else {
                    Kind::Number(dimension)
                };
                self.node(Expression::Number(value, dimension), kind, range, 0)
            }
            Token::Word(word) => self.call(word, range),
            Token::Not => self.unary(UnaryOperator::Not, range),
            Token::Operator(BinaryOperator::Subtract) => self.unary(UnaryOperator::Negate, range),
            Token::Open => {
                let inner = self.nested(range.clone(), |parser| parser.expression(0))?;
                let end = self.close(range.start)?;
                Ok(Node {
                    range: range.start..end,
                    ..inner
                })
            }
            Token::End => Err(ExpressionError::new(
                range,
                SYNTAX,
                "the expression ends where an operand is expected",
            )),
            Token::Operator(_) | Token::Close | Token::Comma => Err(ExpressionError::new(
                range,
                SYNTAX,
                "expected a metric, a number or `(`",
            )),
        }
    }

    fn close(&mut self, open: usize) -> Parsed<usize> {
        let (token, range) = self.lexer.next()?;
        match token {
            Token::Close => Ok(range.end),
            Token::End => Err(ExpressionError::new(
                open..open + 1,
                SYNTAX,
                "this `(` is not closed",
            )),
            _ => Err(ExpressionError::new(
                range,
                SYNTAX,
                "expected an operator or `)`",
            )),
        }
    }

    /// Runs `inner` one level deeper.
    fn nested<T>(
        &mut self,
        at: Range<usize>,
        inner: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        if self.nesting == MAX_DEPTH {
            return Err(too_deep(at));
        }
        self.nesting += 1;
        let result = inner(self);
        self.nesting -= 1;
        result
    }

    fn node(
        &mut self,
        expression: Expression,
        kind: Kind,
        range: Range<usize>,
        below: usize,
    ) -> Parsed<Node> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let message = format!("this expression has more than {MAX_NODES} parts");
            return Err(ExpressionError::new(range, TOO_LARGE, message));
        }
        if below >= MAX_DEPTH {
            return Err(too_deep(range));
        }
        Ok(Node {
            expression,
            kind,
            range,
            depth: below + 1,
        })
    }

    fn unary(&mut self, operator: UnaryOperator, at: Range<usize>) -> Parsed<Node> {
        let least = match operator {
            UnaryOperator::Not => BINDING_NOT,
            UnaryOperator::Negate => BINDING_MINUS,
        };
        let operand = self.nested(at.clone(), |parser| parser.expression(least))?;
        let kind = match operator {
            UnaryOperator::Not => {
                self.expect_truth(&operand, "not");
                Kind::Truth
            }
            UnaryOperator::Negate => self.number_kind(&operand, "-"),
        };
        let range = at.start..operand.range.end;
        self.node(
            Expression::Unary(operator, Box::new(operand.expression)),
            kind,
            range,
            operand.depth,
        )
    }

    fn binary(
        &mut self,
        operator: BinaryOperator,
        at: Range<usize>,
        left: Node,
        right: Node,
    ) -> Parsed<Node> {
        use BinaryOperator::{
            Above, Add, And, AtLeast, AtMost, Below, Divide, Multiply, Or, Subtract,
        };
        let kind = match operator {
            And | Or => {
                let name = if operator == And { "and" } else { "or" };
                self.expect_truth(&left, name);
                self.expect_truth(&right, name);
                Kind::Truth
            }
            AtLeast | Above | AtMost | Below => {
                self.same_kind(&left, &right, "compared");
                Kind::Truth
            }
            Add => self.same_kind(&left, &right, "added"),
            Subtract => self.same_kind(&left, &right, "subtracted"),
            Multiply => self.product_kind(at, &left, &right, true),
            Divide => self.product_kind(at, &left, &right, false),
        };
        let range = left.range.start..right.range.end;
        let depth = left.depth.max(right.depth);
        let expression = Expression::Binary(
            operator,
            Box::new(left.expression),
            Box::new(right.expression),
        );
        self.node(expression, kind, range, depth)
    }

    /// What follows a name: the arguments of a function of numbers, or of a metric.
    fn call(&mut self, word: &str, name: Range<usize>) -> Parsed<Node> {
        let (token, open) = self.lexer.peek()?;
        let function = FUNCTIONS.iter().find(|(name, ..)| *name == word);
        if token != Token::Open {
            let known = function.is_some() || METRICS.iter().any(|metric| metric.name == word);
            return Err(if known {
                ExpressionError::new(
                    name,
                    SYNTAX,
                    format!("`{word}` needs arguments in parentheses"),
                )
                .help_if(signature(word).map(|signature| format!("write `{signature}`")))
            } else {
                ExpressionError::new(name, UNKNOWN_FUNCTION, format!("unknown word `{word}`"))
                    .help_if(suggest(word))
            });
        }
        self.lexer.next()?;
        if let Some(&(_, function, least, most, signature)) = function {
            return self.function(function, (least, most, signature), name, open.start);
        }
        let arguments = self.lexer.arguments()?;
        let range = name.start..self.lexer.position();
        let Some(metric) = METRICS.iter().find(|metric| metric.name == word) else {
            self.errors.push(
                ExpressionError::new(name, UNKNOWN_FUNCTION, format!("unknown metric `{word}`"))
                    .help_if(suggest(word)),
            );
            return Ok(Node::unknown(range));
        };
        let mut resolver = Resolver {
            scenario: self.scenario,
            errors: &mut self.errors,
        };
        match resolver.measure(metric, &arguments, range.clone()) {
            Some(measure) => {
                let kind = measure.kind();
                self.node(Expression::Measure(measure), kind, range, 0)
            }
            None => Ok(Node::unknown(range)),
        }
    }

    fn function(
        &mut self,
        function: Function,
        (least, most, signature): (usize, usize, &str),
        name: Range<usize>,
        open: usize,
    ) -> Parsed<Node> {
        let mut arguments = Vec::new();
        let end = self.nested(name.clone(), |parser| {
            if let (Token::Close, range) = parser.lexer.peek()? {
                parser.lexer.next()?;
                return Ok(range.end);
            }
            loop {
                arguments.push(parser.expression(0)?);
                if let (Token::Comma, _) = parser.lexer.peek()? {
                    parser.lexer.next()?;
                } else {
                    return parser.close(open);
                }
            }
        })?;
        let range = name.start..end;
        if arguments.len() < least || arguments.len() > most {
            let message = format!(
                "{} arguments given, expected `{signature}`",
                arguments.len()
            );
            self.errors
                .push(ExpressionError::new(range.clone(), ARGUMENT_COUNT, message));
            return Ok(Node::unknown(range));
        }
        let kind = self.function_kind(function, &arguments);
        let depth = arguments
            .iter()
            .map(|argument| argument.depth)
            .max()
            .unwrap_or(0);
        let arguments = arguments
            .into_iter()
            .map(|argument| argument.expression)
            .collect();
        self.node(Expression::Call(function, arguments), kind, range, depth)
    }
}

fn too_deep(range: Range<usize>) -> ExpressionError {
    let message = format!("this expression is nested more than {MAX_DEPTH} deep");
    ExpressionError::new(range, TOO_LARGE, message)
        .help("use sets such as `home` or `designer:…` in place of long sums")
}

fn signature(word: &str) -> Option<&'static str> {
    let functions = FUNCTIONS
        .iter()
        .map(|&(name, .., signature)| (name, signature));
    let metrics = METRICS.iter().map(|metric| (metric.name, metric.signature));
    functions
        .chain(metrics)
        .find(|(name, _)| *name == word)
        .map(|(_, signature)| signature)
}

fn suggest(word: &str) -> Option<String> {
    let functions = FUNCTIONS.iter().map(|&(name, ..)| name);
    did_you_mean(
        word,
        functions.chain(METRICS.iter().map(|metric| metric.name)),
    )
}
