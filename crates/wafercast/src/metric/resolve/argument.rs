//! Arguments that name one thing: a metric, a depth, a number format, a die, an event.

use super::Resolver;
use crate::metric::error::{
    EMPTY_SET, ExpressionError, INVALID_ARGUMENT, UNKNOWN_NAME, did_you_mean,
};
use crate::metric::lexer::Argument;
use crate::metric::{Depth, Metric};
use crate::scenario::{
    AcceleratorId, DemandMetric, DieId, EventId, MemoryId, NumberFormat, Part, TechnologyId,
};

/// The text of a name without the quotes around it.
pub(super) fn unquote(text: &str) -> &str {
    for mark in ['"', '\''] {
        if let Some(inner) = text
            .strip_prefix(mark)
            .and_then(|text| text.strip_suffix(mark))
        {
            return inner;
        }
    }
    text
}

/// `die:ascend-910b`, `"designer:Moore Threads"` or `designer:"Moore Threads"` as the word before the colon and the
/// name after it.
pub(super) fn prefixed(text: &str) -> Option<(&str, &str)> {
    let (prefix, name) = unquote(text).split_once(':')?;
    Some((prefix.trim(), unquote(name.trim())))
}

fn formats() -> [(&'static str, NumberFormat); 7] {
    use NumberFormat::{Bf16, Fp4, Fp8, Fp16, Fp32, Int8, Tf32};
    [Fp32, Tf32, Bf16, Fp16, Fp8, Int8, Fp4].map(|format| (format.name(), format))
}

/// Where an id stands in a table that is sorted or not.
pub(super) fn position<'a>(ids: impl Iterator<Item = &'a str>, id: &str) -> Option<usize> {
    ids.into_iter().position(|candidate| candidate == id)
}

impl Resolver<'_> {
    /// One of a fixed list of words.
    pub(super) fn word<T: Copy>(
        &mut self,
        argument: &Argument<'_>,
        what: &str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let found = words.iter().find(|(word, _)| *word == argument.text);
        if found.is_none() {
            let list: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            let message = format!("`{}` is not {what}", argument.text);
            self.errors.push(
                ExpressionError::new(argument.range.clone(), INVALID_ARGUMENT, message)
                    .help(format!("expected one of {}", list.join(", ")))
                    .help_if(did_you_mean(argument.text, list.iter().copied())),
            );
        }
        found.map(|(_, value)| *value)
    }

    pub(super) fn depth(&mut self, argument: &Argument<'_>) -> Option<Depth> {
        self.word(
            argument,
            "a depth",
            &Depth::ALL.map(|depth| (depth.name(), depth)),
        )
    }

    pub(super) fn format(&mut self, argument: &Argument<'_>) -> Option<NumberFormat> {
        self.word(argument, "a number format", &formats())
    }

    pub(super) fn metric(&mut self, argument: &Argument<'_>) -> Option<Metric> {
        if prefixed(argument.text).is_some() {
            return self.workload(argument).map(Metric::Tokens);
        }
        let mut words = Metric::COUNTED
            .map(|metric| (metric.name(), metric))
            .to_vec();
        words.extend(formats().map(|(name, format)| (name, Metric::Compute(format))));
        self.word(argument, "a metric", &words)
    }

    /// A metric that demand is counted in.
    pub(super) fn demand_metric(&mut self, argument: &Argument<'_>) -> Option<DemandMetric> {
        let words = DemandMetric::ALL.map(|metric| (metric.name(), metric));
        let metric = self.word(argument, "a metric that demand is counted in", &words)?;
        if self
            .scenario
            .demands
            .iter()
            .any(|demand| demand.metric == metric)
        {
            return Some(metric);
        }
        let counted: Vec<_> = words
            .iter()
            .filter(|(_, word)| {
                self.scenario
                    .demands
                    .iter()
                    .any(|demand| demand.metric == *word)
            })
            .map(|(name, _)| *name)
            .collect();
        let message = format!(
            "no demand of this scenario is counted in `{}`",
            argument.text
        );
        self.errors.push(
            ExpressionError::new(argument.range.clone(), EMPTY_SET, message).help(
                if counted.is_empty() {
                    "the scenario has no `[demand.…]` table".to_owned()
                } else {
                    format!("it counts demand in {}", counted.join(", "))
                },
            ),
        );
        None
    }

    pub(super) fn die(&mut self, argument: &Argument<'_>) -> Option<DieId> {
        let name = self.name_after(argument, &["die"])?.1;
        let ids: Vec<_> = self
            .scenario
            .dies
            .iter()
            .map(|die| die.id.as_str())
            .collect();
        self.id_in(argument, "die", name, &ids).map(DieId)
    }

    pub(super) fn part(&mut self, argument: &Argument<'_>) -> Option<Part> {
        let (prefix, name) = self.name_after(argument, &["die", "memory"])?;
        if prefix == "die" {
            let ids: Vec<_> = self
                .scenario
                .dies
                .iter()
                .map(|die| die.id.as_str())
                .collect();
            return self
                .id_in(argument, "die", name, &ids)
                .map(|index| Part::Die(DieId(index)));
        }
        let ids: Vec<_> = self
            .scenario
            .memories
            .iter()
            .map(|memory| memory.id.as_str())
            .collect();
        self.id_in(argument, "memory", name, &ids)
            .map(|index| Part::Memory(MemoryId(index)))
    }

    pub(super) fn event(&mut self, argument: &Argument<'_>) -> Option<EventId> {
        let name = self.name_after(argument, &["event"])?.1;
        let ids: Vec<_> = self
            .scenario
            .events
            .iter()
            .map(|event| event.id.as_str())
            .collect();
        self.id_in(argument, "event", name, &ids).map(EventId)
    }

    pub(super) fn accelerator(&mut self, argument: &Argument<'_>) -> Option<AcceleratorId> {
        let name = self.name_after(argument, &["accelerator"])?.1;
        let ids: Vec<_> = self
            .scenario
            .accelerators
            .iter()
            .map(|chip| chip.id.as_str())
            .collect();
        self.id_in(argument, "accelerator", name, &ids)
            .map(AcceleratorId)
    }

    pub(super) fn technology(&mut self, argument: &Argument<'_>) -> Option<TechnologyId> {
        let ids: Vec<_> = self
            .scenario
            .technologies
            .iter()
            .map(String::as_str)
            .collect();
        self.id_in(argument, "technology", unquote(argument.text), &ids)
            .map(TechnologyId)
    }

    /// `prefix:name` with one of the given prefixes.
    fn name_after<'t>(
        &mut self,
        argument: &Argument<'t>,
        prefixes: &[&str],
    ) -> Option<(&'t str, &'t str)> {
        let found = prefixed(argument.text).filter(|(prefix, _)| prefixes.contains(prefix));
        if found.is_none() {
            let forms: Vec<_> = prefixes
                .iter()
                .map(|prefix| format!("`{prefix}:ID`"))
                .collect();
            let message = format!("`{}` is not {}", argument.text, forms.join(" or "));
            let help = prefixes
                .iter()
                .find_map(|prefix| {
                    argument
                        .text
                        .strip_prefix(prefix)?
                        .strip_prefix('.')
                        .map(|id| (prefix, id))
                })
                .map(|(prefix, id)| format!("write `{prefix}:{id}`"));
            self.errors.push(
                ExpressionError::new(argument.range.clone(), INVALID_ARGUMENT, message)
                    .help_if(help),
            );
        }
        found
    }

    pub(super) fn id_in(
        &mut self,
        argument: &Argument<'_>,
        what: &str,
        name: &str,
        ids: &[&str],
    ) -> Option<usize> {
        let found = position(ids.iter().copied(), name);
        if found.is_none() {
            self.unknown(argument, what, name, ids);
        }
        found
    }

    /// Reports a name that the scenario does not have.
    pub(super) fn unknown(
        &mut self,
        argument: &Argument<'_>,
        what: &str,
        name: &str,
        known: &[&str],
    ) {
        let mut error = ExpressionError::new(
            argument.range.clone(),
            UNKNOWN_NAME,
            format!("unknown {} `{name}`", what.replace('_', " ")),
        );
        error.missing = Some(format!("{what}:{name}"));
        let few =
            (!known.is_empty() && known.len() <= 8).then(|| format!("known: {}", known.join(", ")));
        self.errors.push(
            error
                .help_if(few)
                .help_if(did_you_mean(name, known.iter().copied())),
        );
    }
}
