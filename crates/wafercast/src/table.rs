//! Draws as a table: one row a draw, columns of inputs, yearly series and claims.

use std::ops::Range;

use crate::metric::evaluate;
use crate::plan::{Plan, Source};
use crate::simulate::Results;
use crate::simulate::lanes::{Lanes, splat};
use crate::simulate::measure::View;
use crate::tracks::{Space, depth_name};

/// A table of draws.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawTable {
    /// First draw.
    pub first: u64,
    /// Columns, in a fixed order: inputs, yearly series, claims.
    pub columns: Vec<DrawColumn>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// A sampled quantity; of a path, its first anchor.
    Input,
    /// A yearly series.
    Series,
    /// A claim: 1 where it holds.
    Claim,
}

/// A column of a table of draws.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawColumn {
    /// What it holds.
    pub kind: ColumnKind,
    /// Quantity name, `metric|of|depth|year`, or claim index of the scenario.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// One value a draw.
    pub values: Vec<f64>,
}

/// Working space of a table.
#[derive(Debug, Clone)]
pub(crate) struct Buffer {
    space: Space,
    /// What a group says, by slot.
    values: Vec<Lanes>,
}

impl Buffer {
    /// Space for a plan.
    pub(crate) fn new(plan: &Plan) -> Self {
        Buffer {
            space: Space::new(plan),
            values: vec![splat(0.0); plan.tracks.slots],
        }
    }
}

impl DrawTable {
    /// The columns of a plan, without rows.
    pub fn empty(plan: &Plan, first: u64) -> Self {
        let column = |kind, name: String, unit: &str| DrawColumn {
            kind,
            name,
            unit: unit.to_owned(),
            values: Vec::new(),
        };
        let mut columns = Vec::new();
        for input in &plan.inputs {
            columns.push(column(ColumnKind::Input, input.name.clone(), &input.unit));
        }
        for track in &plan.tracks.tracks {
            for period in track.periods.iter().filter(|period| period.is_year()) {
                let depth = track.depth.map_or("", depth_name);
                let name = format!("{}|{}|{}|{}", track.metric, track.of, depth, period.label);
                columns.push(column(ColumnKind::Series, name, &track.unit));
            }
        }
        for claim in &plan.claims {
            columns.push(column(ColumnKind::Claim, claim.claim.to_string(), "truth"));
        }
        DrawTable { first, columns }
    }

    /// Appends the given lanes of a group.
    pub(crate) fn absorb(
        &mut self,
        plan: &Plan,
        results: &Results,
        lanes: Range<usize>,
        buffer: &mut Buffer,
    ) {
        let view = View { plan, results };
        plan.tracks
            .read(&view, &mut buffer.space, &mut buffer.values);
        let mut columns = self.columns.iter_mut();
        let mut push = |values: &Lanes| {
            if let Some(column) = columns.next() {
                column.values.extend_from_slice(&values[lanes.clone()]);
            }
        };
        for input in &plan.inputs {
            let values = match &input.source {
                Source::Fixed(value) => splat(*value),
                Source::Sampled { score, sampler } => sampler.from_scores(&results.scores[*score]),
            };
            push(&values.map(|x| x / input.scale));
        }
        for (track, first) in plan.tracks.tracks.iter().zip(&plan.tracks.first) {
            for (period, value) in track.periods.iter().zip(&buffer.values[*first..]) {
                if period.is_year() {
                    push(value);
                }
            }
        }
        for claim in &plan.claims {
            push(&Lanes(evaluate(&claim.condition, &view)));
        }
    }
}
