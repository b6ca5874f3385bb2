//! Sets of accelerators and imports: `home + imports - designer:Huawei`.

use super::Resolver;
use super::argument::prefixed;
use super::argument::unquote;
use crate::metric::Set;
use crate::metric::error::{EMPTY_SET, ExpressionError, INVALID_ARGUMENT, SYNTAX, did_you_mean};
use crate::metric::lexer::Argument;
use crate::scenario::{
    Ability, Accelerator, AcceleratorId, Import, ImportId, Runs, Scenario, WorkloadId,
};

const WORDS: [&str; 5] = ["home", "imports", "legal", "smuggled", "all"];
const PREFIXES: [&str; 6] = [
    "designer",
    "accelerator",
    "import",
    "country",
    "native",
    "runs",
];

/// A term of a set or of a selection of lines, and whether it is taken away.
pub(super) struct Term<'t> {
    pub remove: bool,
    pub argument: Argument<'t>,
}

/// Splits `a + b - c`. Signs stand between blanks or beside quotes: `ascend-910c` is one name.
pub(super) fn terms<'t>(argument: &Argument<'t>) -> Result<Vec<Term<'t>>, ExpressionError> {
    let text = argument.text;
    let at = |start: usize, end: usize| argument.range.start + start..argument.range.start + end;
    let mut terms = Vec::new();
    let mut remove = false;
    let mut position = 0;
    loop {
        position += blanks(&text[position..]);
        let length = term_length(&text[position..]);
        if length == 0 {
            let end = (position + 1).min(text.len());
            return Err(ExpressionError::new(
                at(position, end),
                SYNTAX,
                "expected the name of a set or a line",
            ));
        }
        let end = position + length;
        let name = Argument {
            text: &text[position..end],
            range: at(position, end),
        };
        terms.push(Term {
            remove,
            argument: name,
        });
        position = end + blanks(&text[end..]);
        let rest = &text[position..];
        remove = match rest.chars().next() {
            None => return Ok(terms),
            Some('+') => false,
            Some('-' | '−') => true,
            Some(_) => {
                let message = "expected `+`, `-` or the end of the argument";
                return Err(
                    ExpressionError::new(at(position, text.len()), SYNTAX, message)
                        .help("a name with blanks is put in quotes: \"designer:Moore Threads\""),
                );
            }
        };
        position += rest.chars().next().map_or(0, char::len_utf8);
    }
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// The bytes of the term at the start of a text.
fn term_length(text: &str) -> usize {
    let mut quote = None;
    for (offset, c) in text.char_indices() {
        match quote {
            Some(mark) if c == mark => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '+' || c.is_whitespace() || (offset == 0 && (c == '-' || c == '−')) => {
                return offset;
            }
            None => {}
        }
    }
    text.len()
}

impl Resolver<'_> {
    /// A set; an empty one is an error, for a metric of nothing is rarely what was meant.
    pub(super) fn set(&mut self, argument: &Argument<'_>) -> Option<Set> {
        let terms = match terms(argument) {
            Ok(terms) => terms,
            Err(error) => {
                self.errors.push(error);
                return None;
            }
        };
        // One flag per accelerator and import keeps the result in order.
        let mut member = Membership::none(self.scenario);
        let mut complete = true;
        for term in &terms {
            match self.set_term(&term.argument) {
                Some(found) => member.change(&found, !term.remove),
                None => complete = false,
            }
        }
        if !complete {
            return None;
        }
        let set = member.set();
        if set.accelerators.is_empty() && set.imports.is_empty() {
            let message = format!("the set `{}` is empty", argument.text);
            self.errors.push(ExpressionError::new(
                argument.range.clone(),
                EMPTY_SET,
                message,
            ));
            return None;
        }
        Some(set)
    }

    fn set_term(&mut self, argument: &Argument<'_>) -> Option<Membership> {
        let scenario = self.scenario;
        if let Some(found) = named(scenario, unquote(argument.text)) {
            return Some(found);
        }
        let Some((prefix, name)) = prefixed(argument.text) else {
            self.unknown_set(argument, unquote(argument.text));
            return None;
        };
        let found = match prefix {
            "designer" => {
                Membership::select(scenario, |a| a.designer == name, |i| i.designer == name)
            }
            "country" => Membership::select(scenario, |a| a.country == name, |i| i.country == name),
            "accelerator" => Membership::select(scenario, |a| a.id == name, |_| false),
            "import" => Membership::select(scenario, |_| false, |i| i.id == name),
            "native" | "runs" => return self.able(argument, prefix, name),
            _ => {
                self.unknown_set(argument, unquote(argument.text));
                return None;
            }
        };
        if found.is_empty() {
            let mut known: Vec<&str> = match prefix {
                "accelerator" => scenario
                    .accelerators
                    .iter()
                    .map(|a| a.id.as_str())
                    .collect(),
                "import" => scenario.imports.iter().map(|i| i.id.as_str()).collect(),
                "designer" => both(scenario, |a| a.designer.as_str(), |i| i.designer.as_str()),
                _ => both(scenario, |a| a.country.as_str(), |i| i.country.as_str()),
            };
            known.sort_unstable();
            known.dedup();
            self.unknown(argument, prefix, name, &known);
            return None;
        }
        Some(found)
    }

    /// The chips that do a workload, at all or in its own format. There may be none.
    fn able(&mut self, argument: &Argument<'_>, prefix: &str, name: &str) -> Option<Membership> {
        let scenario = self.scenario;
        let ids: Vec<&str> = scenario.workloads.iter().map(|w| w.id.as_str()).collect();
        let workload = WorkloadId(self.id_in(argument, "workload", name, &ids)?);
        let able = |ability: &Ability| {
            let of = |runs: &&Runs| runs.workload == workload;
            match prefix {
                "native" => ability.runs.iter().find(of).is_some_and(Runs::is_native),
                _ => ability.does(workload),
            }
        };
        Some(Membership::select(
            scenario,
            |a| able(&a.ability),
            |i| able(&i.ability),
        ))
    }

    fn unknown_set(&mut self, argument: &Argument<'_>, name: &str) {
        let near = did_you_mean(name, WORDS)
            .or_else(|| {
                let id = |id: &str, prefix: &str| {
                    (id == name).then(|| format!("did you mean `{prefix}:{name}`?"))
                };
                let scenario = self.scenario;
                scenario
                    .accelerators
                    .iter()
                    .find_map(|a| id(&a.id, "accelerator").or_else(|| id(&a.designer, "designer")))
                    .or_else(|| {
                        scenario.imports.iter().find_map(|i| {
                            id(&i.id, "import").or_else(|| id(&i.designer, "designer"))
                        })
                    })
            })
            .or_else(|| {
                WORDS
                    .iter()
                    .any(|word| name.starts_with(&format!("{word}-")))
                    .then(|| {
                        "write blanks around `-`: without them it belongs to the name".to_owned()
                    })
            });
        let message = format!("`{name}` is not a set");
        let expected = format!(
            "a set is {}, or {}:NAME",
            WORDS.join(", "),
            PREFIXES.join(":NAME, ")
        );
        self.errors.push(
            ExpressionError::new(argument.range.clone(), INVALID_ARGUMENT, message)
                .help(expected)
                .help_if(near),
        );
    }
}

fn both<'s>(
    scenario: &'s Scenario,
    of_accelerator: impl Fn(&'s Accelerator) -> &'s str,
    of_import: impl Fn(&'s Import) -> &'s str,
) -> Vec<&'s str> {
    scenario
        .accelerators
        .iter()
        .map(of_accelerator)
        .chain(scenario.imports.iter().map(of_import))
        .collect()
}

/// The sets that have a name of their own.
fn named(scenario: &Scenario, word: &str) -> Option<Membership> {
    Some(match word {
        // A chip of a home designer that is made abroad and comes whole is an import, and designed at home.
        "home" => Membership::select(
            scenario,
            |a| a.country == scenario.home,
            |i| i.country == scenario.home,
        ),
        "imports" => Membership::select(scenario, |_| false, |_| true),
        "legal" => Membership::select(scenario, |_| false, |i| i.legal),
        "smuggled" => Membership::select(scenario, |_| false, |i| !i.legal),
        "all" => Membership::select(scenario, |_| true, |_| true),
        _ => return None,
    })
}

/// Which accelerators and imports belong to a set.
#[derive(PartialEq)]
struct Membership {
    accelerators: Vec<bool>,
    imports: Vec<bool>,
}

impl Membership {
    fn select(
        scenario: &Scenario,
        accelerator: impl Fn(&Accelerator) -> bool,
        import: impl Fn(&Import) -> bool,
    ) -> Self {
        Self {
            accelerators: scenario.accelerators.iter().map(accelerator).collect(),
            imports: scenario.imports.iter().map(import).collect(),
        }
    }

    fn none(scenario: &Scenario) -> Self {
        Self::select(scenario, |_| false, |_| false)
    }

    fn is_empty(&self) -> bool {
        !self.accelerators.contains(&true) && !self.imports.contains(&true)
    }

    /// Puts the members of `other` in or out.
    fn change(&mut self, other: &Self, to: bool) {
        let mine = self.accelerators.iter_mut().chain(&mut self.imports);
        for (mine, theirs) in mine.zip(other.accelerators.iter().chain(&other.imports)) {
            if *theirs {
                *mine = to;
            }
        }
    }

    fn set(&self) -> Set {
        let indices = |flags: &[bool]| -> Vec<usize> {
            flags
                .iter()
                .enumerate()
                .filter(|(_, flag)| **flag)
                .map(|(index, _)| index)
                .collect()
        };
        Set {
            accelerators: indices(&self.accelerators)
                .into_iter()
                .map(AcceleratorId)
                .collect(),
            imports: indices(&self.imports).into_iter().map(ImportId).collect(),
        }
    }
}

/// The shortest text that means this set: a word, a designer, a country, or the sum of its members. Names that hold
/// blanks or signs are quoted.
pub(in crate::metric) fn name_of_set(scenario: &Scenario, set: &Set) -> String {
    let is = |found: Membership| found.set() == *set;
    if let Some(word) = WORDS
        .iter()
        .find(|word| named(scenario, word).is_some_and(is))
    {
        return (*word).to_owned();
    }
    let designers = both(scenario, |a| a.designer.as_str(), |i| i.designer.as_str());
    if set.accelerators.len() + set.imports.len() > 1 {
        for name in designers {
            if is(Membership::select(
                scenario,
                |a| a.designer == name,
                |i| i.designer == name,
            )) {
                return quoted(&format!("designer:{name}"));
            }
        }
        for name in both(scenario, |a| a.country.as_str(), |i| i.country.as_str()) {
            if is(Membership::select(
                scenario,
                |a| a.country == name,
                |i| i.country == name,
            )) {
                return quoted(&format!("country:{name}"));
            }
        }
    }
    let accelerators = set
        .accelerators
        .iter()
        .filter_map(|id| scenario.accelerators.get(id.0));
    let imports = set
        .imports
        .iter()
        .filter_map(|id| scenario.imports.get(id.0));
    let terms: Vec<_> = accelerators
        .map(|a| quoted(&format!("accelerator:{}", a.id)))
        .chain(imports.map(|i| quoted(&format!("import:{}", i.id))))
        .collect();
    terms.join(" + ")
}

/// A name, in quotes where it would not be read as one word.
pub(in crate::metric) fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ':' | '-' | '_' | '.' | '/');
    if name.chars().all(plain) {
        name.to_owned()
    } else if name.contains('"') {
        format!("'{name}'")
    } else {
        format!("\"{name}\"")
    }
}
