//! Workloads in metrics, and which chips of a set count for them.

use super::Resolver;
use super::argument::{prefixed, unquote};
use crate::metric::error::{EMPTY_SET, ExpressionError, INVALID_ARGUMENT};
use crate::metric::lexer::Argument;
use crate::metric::{Basis, Set};
use crate::scenario::{Ability, Spec, WorkloadId};

impl Resolver<'_> {
    /// `workload:ID`
    pub(super) fn workload(&mut self, argument: &Argument<'_>) -> Option<WorkloadId> {
        let ids: Vec<&str> = self
            .scenario
            .workloads
            .iter()
            .map(|workload| workload.id.as_str())
            .collect();
        match prefixed(argument.text) {
            Some(("workload", name)) => {
                self.id_in(argument, "workload", name, &ids).map(WorkloadId)
            }
            _ => {
                let name = unquote(argument.text);
                let near = ids
                    .contains(&name)
                    .then(|| format!("write `workload:{name}`"));
                let message = format!("`{}` is not `workload:ID`", argument.text);
                self.errors.push(
                    ExpressionError::new(argument.range.clone(), INVALID_ARGUMENT, message)
                        .help_if(near),
                );
                None
            }
        }
    }

    /// A workload of which the scenario says how much is wanted.
    pub(super) fn wanted(&mut self, argument: &Argument<'_>) -> Option<WorkloadId> {
        let id = self.workload(argument)?;
        let workload = self.scenario.workloads.get(id.0)?;
        if workload.load.is_some() {
            return Some(id);
        }
        let message = format!(
            "nothing says how much is wanted of workload `{}`",
            workload.id
        );
        let help = format!(
            "give [workload.{}] a `load`, such as \"1 T tokens/day\"",
            workload.id
        );
        self.errors
            .push(ExpressionError::new(argument.range.clone(), EMPTY_SET, message).help(help));
        None
    }

    pub(super) fn basis(&mut self, argument: &Argument<'_>) -> Option<Basis> {
        let words = Basis::ALL.map(|basis| (basis.name(), basis));
        self.word(argument, "a way to pay for chips", &words)
    }

    /// The one chip of a set, which does the workload.
    pub(super) fn runner(
        &mut self,
        set: Set,
        workload: WorkloadId,
        argument: &Argument<'_>,
    ) -> Option<Set> {
        let set = self.one_chip(set, argument)?;
        let able = self.those(&set, |ability, _| ability.does(workload));
        if able == set {
            return Some(set);
        }
        let id = self
            .scenario
            .workloads
            .get(workload.0)
            .map_or("", |w| w.id.as_str());
        let message = format!("`{}` does not do workload `{id}`", argument.text);
        self.errors.push(
            ExpressionError::new(argument.range.clone(), INVALID_ARGUMENT, message).help(format!(
                "give it a `chip` of the library that can, or a rate: runs = {{ {id} = \"100 tokens/s\" }}"
            )),
        );
        None
    }

    /// A set of one chip.
    fn one_chip(&mut self, set: Set, argument: &Argument<'_>) -> Option<Set> {
        if set.accelerators.len() + set.imports.len() == 1 {
            return Some(set);
        }
        let message = format!("`{}` is not one chip", argument.text);
        self.errors.push(
            ExpressionError::new(argument.range.clone(), INVALID_ARGUMENT, message)
                .help("expected accelerator:ID or import:ID"),
        );
        None
    }

    /// One chip whose rent is known.
    pub(super) fn rented(&mut self, argument: &Argument<'_>) -> Option<Set> {
        let set = self.set(argument)?;
        let set = self.one_chip(set, argument)?;
        if self.those(&set, |ability, _| ability.rent.is_some()) == set {
            return Some(set);
        }
        let message = format!("no rent of `{}` is known", argument.text);
        let help =
            "give it one: rent = \"$2/h\", or rent = { country = \"CN\", term = \"on-demand\" }";
        self.errors
            .push(ExpressionError::new(argument.range.clone(), EMPTY_SET, message).help(help));
        None
    }

    /// Those of a set whose rate and cost are known.
    pub(super) fn priced(
        &mut self,
        basis: Basis,
        set: Set,
        workload: WorkloadId,
        argument: &Argument<'_>,
    ) -> Option<Set> {
        let owns = self.scenario.ownership.is_some();
        let priced = self.those(&set, |ability, spec| {
            ability.does(workload)
                && match basis {
                    Basis::Rented => ability.rent.is_some(),
                    Basis::Owned => owns && spec.price.is_some() && spec.tdp.is_some(),
                }
        });
        if !priced.accelerators.is_empty() || !priced.imports.is_empty() {
            return Some(priced);
        }
        let message = format!(
            "of no chip in `{}` both rate and cost are known",
            argument.text
        );
        let help = match basis {
            Basis::Rented => "give its chips a `rent` and a `chip` of the library or `runs`",
            Basis::Owned if !owns => "add a table [ownership]",
            Basis::Owned => {
                "give its chips `spec.price`, `spec.tdp`, and a `chip` of the library or `runs`"
            }
        };
        self.errors
            .push(ExpressionError::new(argument.range.clone(), EMPTY_SET, message).help(help));
        None
    }

    /// Those of a set of which something holds.
    fn those(&self, set: &Set, holds: impl Fn(&Ability, &Spec) -> bool) -> Set {
        let scenario = self.scenario;
        Set {
            accelerators: set
                .accelerators
                .iter()
                .copied()
                .filter(|id| {
                    let found = scenario.accelerators.get(id.0);
                    found.is_some_and(|a| holds(&a.ability, &a.spec))
                })
                .collect(),
            imports: set
                .imports
                .iter()
                .copied()
                .filter(|id| {
                    let found = scenario.imports.get(id.0);
                    found.is_some_and(|i| holds(&i.ability, &i.spec))
                })
                .collect(),
        }
    }
}
