//! From the TOML reader's tree to ours, within the limits.

use toml::de::{DeTable, DeValue};

use super::{Entry, Item, Node, Table};
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::load::Limits;

/// Reads the text of one file. Every syntax error is reported; what could be read is returned all the same.
///
/// `keys` counts the keys of all files read so far.
pub fn from_toml(
    file: usize,
    text: &str,
    limits: &Limits,
    keys: &mut usize,
) -> (Table, Vec<Diagnostic>) {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut diagnostics = syntax_errors(file, text, &errors);
    let mut conversion = Conversion {
        file,
        limits,
        keys,
        diagnostics: &mut diagnostics,
    };
    let table = conversion.table(root.get_ref(), 1);
    (table, diagnostics)
}

/// Reads one value, as on the right of a `--set`, that stands at `offset` of a file.
pub fn value_from_toml(
    file: usize,
    offset: usize,
    text: &str,
    limits: &Limits,
    keys: &mut usize,
) -> Option<(Node, Vec<Diagnostic>)> {
    let (value, errors) = DeValue::parse_recoverable(text);
    if !errors.is_empty() {
        return None;
    }
    let mut diagnostics = Vec::new();
    let mut conversion = Conversion {
        file,
        limits,
        keys,
        diagnostics: &mut diagnostics,
    };
    let mut node = conversion.node(value.get_ref(), value.span(), 1);
    shift(&mut node, offset);
    Some((node, diagnostics))
}

fn shift(node: &mut Node, offset: usize) {
    node.span.start += offset;
    node.span.end += offset;
    match &mut node.value {
        Item::Array(nodes) => nodes.iter_mut().for_each(|node| shift(node, offset)),
        Item::Table(table) => table.entries.values_mut().for_each(|entry| {
            entry.key.start += offset;
            entry.key.end += offset;
            shift(&mut entry.node, offset);
        }),
        _ => {}
    }
}

/// One diagnostic for each syntax error of the TOML reader, without the echoes that follow a first one on a line.
fn syntax_errors(file: usize, text: &str, errors: &[toml::de::Error]) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut last = None;
    for error in errors {
        let range = error.span().unwrap_or(text.len()..text.len());
        let start = range.start.min(text.len());
        let is_echo = last.is_some_and(|last: usize| {
            let between = text.as_bytes().get(last.min(start)..last.max(start));
            !between.unwrap_or(&[]).contains(&b'\n')
        });
        last = Some(start);
        if is_echo {
            continue;
        }
        let span = Span {
            file,
            start,
            end: range.end.clamp(start, text.len()),
        };
        let message = error.message();
        let diagnostic = if message.starts_with("duplicate key") {
            let key = text.get(span.start..span.end).unwrap_or("");
            Diagnostic::error(
                codes::DUPLICATE_KEY,
                format!("`{key}` is already given in this table"),
                span,
                "given a second time",
            )
            .help("keep one of the two")
        } else {
            Diagnostic::error(
                codes::SYNTAX,
                format!("not valid TOML: {message}"),
                span,
                "here",
            )
        };
        diagnostics.push(diagnostic);
        if diagnostics.len() >= MAX_SYNTAX_ERRORS {
            break;
        }
    }
    diagnostics
}

/// More syntax errors in one file than this say nothing new.
const MAX_SYNTAX_ERRORS: usize = 20;

struct Conversion<'a> {
    file: usize,
    limits: &'a Limits,
    keys: &'a mut usize,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Conversion<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span {
            file: self.file,
            start: range.start,
            end: range.end,
        }
    }

    fn table(&mut self, table: &DeTable<'_>, depth: usize) -> Table {
        let mut result = Table::default();
        for (key, value) in table {
            *self.keys += 1;
            if *self.keys > self.limits.keys {
                if *self.keys == self.limits.keys + 1 {
                    self.diagnostics.push(Diagnostic::error(
                        codes::TOO_MANY_KEYS,
                        format!("the scenario has more than {} keys", self.limits.keys),
                        self.span(key.span()),
                        "one too many",
                    ));
                }
                break;
            }
            let span = self.span(key.span());
            let node = self.node(value.get_ref(), value.span(), depth + 1);
            result
                .entries
                .insert(key.get_ref().to_string(), Entry { key: span, node });
        }
        result
    }

    fn node(&mut self, value: &DeValue<'_>, range: std::ops::Range<usize>, depth: usize) -> Node {
        let span = self.span(range);
        let nested = matches!(value, DeValue::Array(_) | DeValue::Table(_));
        if nested && depth > self.limits.depth {
            self.diagnostics.push(Diagnostic::error(
                codes::TOO_DEEP,
                format!("nested more than {} deep", self.limits.depth),
                span,
                "too deep",
            ));
            return Node {
                value: Item::Boolean(false),
                span,
            };
        }
        let value = match value {
            DeValue::String(text) => Item::Text(text.to_string()),
            DeValue::Integer(number) if number.radix() == 10 => {
                Item::Number(number.as_str().replace('_', ""))
            }
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or_else(
                    |_| Item::Text(number.to_string()),
                    |n| Item::Number(n.to_string()),
                ),
            DeValue::Float(number) => Item::Number(number.as_str().replace('_', "")),
            DeValue::Boolean(boolean) => Item::Boolean(*boolean),
            DeValue::Datetime(date) => Item::Date(date.to_string()),
            DeValue::Array(array) => Item::Array(
                array
                    .iter()
                    .map(|element| self.node(element.get_ref(), element.span(), depth + 1))
                    .collect(),
            ),
            DeValue::Table(table) => Item::Table(self.table(table, depth)),
        };
        Node { value, span }
    }
}
