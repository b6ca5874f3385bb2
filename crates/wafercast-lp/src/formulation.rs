//! Numbers → linear program (model §6, `allocation = "optimal"`).
//!
//! Variables: wafers started by line, die and month; packages started by bill of materials and month; parts in stock at
//! the end of a month. Rows: capacity of lines and technologies, caps, and the balance of every part. What cannot matter
//! is left out: closed months, parts that nobody uses, wafers that come too late. Months of a part in which nobody can
//! use it share the balance of the next month in which somebody can.

use crate::clearing::Clearing;
use crate::commitment::Commitment;
use crate::numbers::{Delay, Numbers};
use crate::program::{Program, Sense, Solution};

/// What a row stands for. Months are those of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// Wafers that a logic line can start in a month.
    Line {
        /// The line.
        line: usize,
        /// The month.
        month: usize,
    },
    /// Capacity that the dies of a line share in a month (clearing function only).
    Capacity {
        /// The line.
        line: usize,
        /// The month.
        month: usize,
    },
    /// Balance of a part: of this month and those before it in which nobody could use the part.
    Part {
        /// The part.
        part: usize,
        /// The month.
        month: usize,
    },
    /// The month of a packaging technology, in shares of it.
    Technology {
        /// The technology.
        technology: usize,
        /// The month.
        month: usize,
    },
    /// The cap of an accelerator with several bills of materials.
    Cap {
        /// The accelerator.
        accelerator: usize,
        /// The month.
        month: usize,
    },
    /// A commitment, by its index.
    Commitment(usize),
    /// Wafers of a die in a line's queue, and the tangents that bound what leaves it (clearing function only).
    Queue {
        /// The line.
        line: usize,
        /// The die.
        die: usize,
        /// The month.
        month: usize,
    },
}

/// What a column stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Wafers started.
    Start {
        /// The line.
        line: usize,
        /// The die.
        die: usize,
        /// The month.
        month: usize,
    },
    /// Packages started.
    Build {
        /// The bill of materials.
        item: usize,
        /// The month.
        month: usize,
    },
    /// Parts in stock at the end of a month.
    Stock {
        /// The part.
        part: usize,
        /// The month.
        month: usize,
    },
    /// Units by which a commitment is missed.
    Shortfall(usize),
    /// Wafers that leave a line's queue (clearing function only).
    Out {
        /// The line.
        line: usize,
        /// The die.
        die: usize,
        /// The month.
        month: usize,
    },
    /// Wafers in a line's queue at the end of a month, and the capacity that a die has there (clearing function only).
    Queue {
        /// The line.
        line: usize,
        /// The die.
        die: usize,
        /// The month.
        month: usize,
    },
}

/// What is maximised beside the numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Aim<'a> {
    /// δ: what a month later is worth, against now; 1 for no discount.
    pub discount: f64,
    /// What must be delivered.
    pub commitments: &'a [Commitment],
    /// What a missed unit of a commitment costs, as a multiple of the most valuable unit of the plan.
    pub penalty: f64,
    /// How lines clear their queues; `None`: cycle times do not depend on the load.
    pub clearing: Option<Clearing>,
}

impl Aim<'_> {
    /// The most valuable plan, without commitments.
    pub fn of_discount(discount: f64) -> Aim<'static> {
        Aim {
            discount,
            commitments: &[],
            penalty: PENALTY,
            clearing: None,
        }
    }
}

/// What a missed unit of a commitment costs in a plan, in most valuable units: commitments come before value.
pub const PENALTY: f64 = 100.0;

/// A linear program and what its rows and columns stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct Formulation {
    /// The program.
    pub program: Program,
    /// One per row.
    pub rows: Vec<Row>,
    /// One per column.
    pub columns: Vec<Column>,
    /// Row of the line's starts, `[line][month]`.
    pub line_rows: Vec<Vec<Option<usize>>>,
    /// Row of the capacity of its queue, `[line][month]` (clearing function only).
    pub capacity_rows: Vec<Vec<Option<usize>>>,
    /// Row that a part arriving in a month goes to, `[part][month]`; `None` where nobody can use it any more.
    pub part_rows: Vec<Vec<Option<usize>>>,
    /// Row of the technology's month, `[technology][month]`.
    pub technology_rows: Vec<Vec<Option<usize>>>,
    /// Row of the cap of an accelerator with several bills of materials, `[accelerator][month]`.
    pub cap_rows: Vec<Vec<Option<usize>>>,
    /// The first month in which each part can be there, the months of the plan if never.
    pub first_arrivals: Vec<usize>,
    /// Value that the plan does not decide on: units in assembly when it begins.
    pub known_value: f64,
}

impl Formulation {
    /// Formulates the plan of one draw.
    pub fn new(numbers: &Numbers, aim: &Aim) -> Formulation {
        let mut builder = Builder::new(numbers, aim);
        builder.keep_useful();
        builder.part_rows();
        builder.commitments();
        builder.builds();
        match &aim.clearing {
            None => builder.starts(),
            Some(clearing) => clearing.queues(&mut builder),
        }
        builder.stocks();
        builder.formulation
    }

    /// The whole value of a solution: what the plan decides on, and what was in assembly when it began.
    pub fn value(&self, solution: &Solution) -> f64 {
        self.known_value + self.program.value_at(&solution.x)
    }
}

/// `Σ_k Σ_t worth_k(t)·units_k(t)·δ^t`
pub fn value_of<'a>(
    numbers: &'a Numbers,
    discount: f64,
    units: impl Fn(usize) -> &'a [f64],
) -> f64 {
    let factors = discounts(discount, numbers.months);
    let mut value = 0.0;
    for (k, accelerator) in numbers.accelerators.iter().enumerate() {
        for ((units, worth), factor) in units(k).iter().zip(&accelerator.worth).zip(&factors) {
            value += units * worth * factor;
        }
    }
    value
}

/// `1, δ, δ², …`
pub(crate) fn discounts(discount: f64, months: usize) -> Vec<f64> {
    let powers = std::iter::successors(Some(1.0), |power| Some(power * discount));
    powers.take(months).collect()
}

pub(crate) struct Builder<'a> {
    pub(crate) numbers: &'a Numbers,
    aim: &'a Aim<'a>,
    /// Value of a package by item and month of the build, and whether it is in the plan.
    worth: Vec<Vec<f64>>,
    open: Vec<Vec<bool>>,
    /// From start to wafer out, by line.
    delays: Vec<Delay>,
    commitment_rows: Vec<usize>,
    pub(crate) formulation: Formulation,
}

impl<'a> Builder<'a> {
    fn new(numbers: &'a Numbers, aim: &'a Aim<'a>) -> Builder<'a> {
        let factors = discounts(aim.discount, numbers.months);
        let worth: Vec<Vec<f64>> = numbers
            .items
            .iter()
            .map(|item| {
                let worth = &numbers.accelerators[item.accelerator].worth;
                (0..numbers.months)
                    .map(|m| {
                        item.delay[m].ends(m).iter().fold(0.0, |sum, (end, share)| {
                            let value = worth.get(*end).map_or(0.0, |w| w * factors[*end]);
                            sum + share * value * item.good[m]
                        })
                    })
                    .collect()
            })
            .collect();
        let none = |things: usize| vec![vec![None; numbers.months]; things];
        Builder {
            open: numbers.items.iter().map(|i| i.is_open.clone()).collect(),
            delays: numbers
                .lines
                .iter()
                .map(|line| match &aim.clearing {
                    Some(clearing) if line.mix.is_empty() => clearing.raw_delay(line),
                    _ => line.delay(),
                })
                .collect(),
            worth,
            commitment_rows: Vec::new(),
            formulation: Formulation {
                program: Program::new(),
                rows: Vec::new(),
                columns: Vec::new(),
                line_rows: none(numbers.lines.len()),
                capacity_rows: none(numbers.lines.len()),
                part_rows: none(numbers.arrivals.len()),
                technology_rows: none(numbers.packaging.len()),
                cap_rows: none(numbers.accelerators.len()),
                first_arrivals: Vec::new(),
                known_value: value_of(numbers, aim.discount, |k| {
                    &numbers.accelerators[k].in_assembly
                }),
            },
            numbers,
            aim,
        }
    }

    pub(crate) fn row(&mut self, row: Row, sense: Sense, rhs: f64) -> usize {
        self.formulation.rows.push(row);
        self.formulation.program.add_row(sense, rhs)
    }

    pub(crate) fn column(
        &mut self,
        column: Column,
        objective: f64,
        upper: f64,
        entries: &[(usize, f64)],
    ) {
        self.formulation.columns.push(column);
        self.formulation
            .program
            .add_column(objective, upper, entries);
    }

    /// Closes the months of items that would add nothing, or whose parts cannot be there yet.
    fn keep_useful(&mut self) {
        let numbers = self.numbers;
        let first = self.first_arrivals();
        for (j, item) in numbers.items.iter().enumerate() {
            let from = item.parts.iter().map(|(p, _)| first[*p]).max().unwrap_or(0);
            for m in 0..numbers.months {
                let wanted = self.worth[j][m] > 0.0
                    || self.aim.commitments.iter().any(|c| c.of(item, m) > 0.0);
                self.open[j][m] &= wanted && m >= from;
            }
        }
        self.formulation.first_arrivals = first;
    }

    /// A balance for every month in which a part can be used.
    fn part_rows(&mut self) {
        let numbers = self.numbers;
        for part in 0..numbers.arrivals.len() {
            let mut used = vec![false; numbers.months];
            for (item, open) in numbers.items.iter().zip(&self.open) {
                if item
                    .parts
                    .iter()
                    .any(|(p, count)| *p == part && *count > 0.0)
                {
                    used.iter_mut()
                        .zip(open)
                        .for_each(|(used, open)| *used |= open);
                }
            }
            let mut arrived = 0.0;
            let mut waiting = 0;
            for month in 0..numbers.months {
                arrived += self.known(part, month);
                if used[month] {
                    let row = self.row(Row::Part { part, month }, Sense::Equal, arrived);
                    self.formulation.part_rows[part][waiting..=month].fill(Some(row));
                    arrived = 0.0;
                    waiting = month + 1;
                }
            }
        }
    }

    /// One row and one elastic column each: `−deliveries − shortfall ≤ −(amount − in assembly)`.
    fn commitments(&mut self) {
        let commitments = self.aim.commitments;
        // The dearest unit, discounted or not, is worth less than the same unit missed.
        let worth = self.numbers.accelerators.iter().flat_map(|a| &a.worth);
        let dearest = worth.copied().fold(0.0, f64::max);
        let dearest = if dearest > 0.0 { dearest } else { 1.0 };
        for (c, commitment) in commitments.iter().enumerate() {
            let known = commitment.in_assembly(self.numbers);
            let row = Row::Commitment(c);
            let row = self.row(row, Sense::AtMost, known - commitment.amount);
            self.commitment_rows.push(row);
            let largest = commitment.largest();
            let penalty = self.aim.penalty * dearest / if largest > 0.0 { largest } else { 1.0 };
            let entries = [(row, -1.0)];
            self.column(Column::Shortfall(c), -penalty, f64::INFINITY, &entries);
        }
    }

    fn builds(&mut self) {
        let numbers = self.numbers;
        for month in 0..numbers.months {
            for (j, item) in numbers.items.iter().enumerate() {
                if !self.open[j][month] {
                    continue;
                }
                let k = item.accelerator;
                let mut entries = Vec::with_capacity(item.parts.len() + 3);
                for &(part, count) in &item.parts {
                    entries.extend(self.formulation.part_rows[part][month].map(|row| (row, count)));
                }
                if let Some(t) = item.technology {
                    let row = self.technology_row(t, month);
                    entries.push((row, item.share[month]));
                }
                let mut upper = f64::INFINITY;
                if let Some(cap) = &numbers.accelerators[k].cap {
                    let items = numbers.items.iter().zip(&self.open);
                    let of_this = items.filter(|(i, open)| i.accelerator == k && open[month]);
                    if of_this.count() > 1 {
                        let row = match self.formulation.cap_rows[k][month] {
                            Some(row) => row,
                            None => {
                                let row = Row::Cap {
                                    accelerator: k,
                                    month,
                                };
                                self.row(row, Sense::AtMost, cap[month])
                            }
                        };
                        self.formulation.cap_rows[k][month] = Some(row);
                        entries.push((row, 1.0));
                    } else {
                        upper = cap[month];
                    }
                }
                for (c, commitment) in self.aim.commitments.iter().enumerate() {
                    let counts = commitment.of(item, month);
                    if counts > 0.0 {
                        entries.push((self.commitment_rows[c], -counts));
                    }
                }
                if upper > 0.0 {
                    let worth = self.worth[j][month];
                    self.column(Column::Build { item: j, month }, worth, upper, &entries);
                }
            }
        }
    }

    fn technology_row(&mut self, technology: usize, month: usize) -> usize {
        match self.formulation.technology_rows[technology][month] {
            Some(row) => row,
            None => {
                let row = self.row(Row::Technology { technology, month }, Sense::AtMost, 1.0);
                self.formulation.technology_rows[technology][month] = Some(row);
                row
            }
        }
    }

    fn starts(&mut self) {
        let numbers = self.numbers;
        for (l, line) in numbers.lines.iter().enumerate() {
            if !line.mix.is_empty() {
                continue;
            }
            for month in 0..numbers.months {
                if line.starts[month] <= 0.0 {
                    continue;
                }
                for &die in &line.dies {
                    let entries = self.dies_out(l, die, month);
                    if entries.is_empty() {
                        continue;
                    }
                    let row = match self.formulation.line_rows[l][month] {
                        Some(row) => row,
                        None => {
                            let row = Row::Line { line: l, month };
                            self.row(row, Sense::AtMost, line.starts[month])
                        }
                    };
                    self.formulation.line_rows[l][month] = Some(row);
                    let mut entries = entries;
                    entries.push((row, 1.0));
                    let column = Column::Start {
                        line: l,
                        die,
                        month,
                    };
                    self.column(column, 0.0, f64::INFINITY, &entries);
                }
            }
        }
    }

    /// What a wafer started for a die adds to the balances: entries are negative, as supply stands on the left.
    fn dies_out(&self, line: usize, die: usize, month: usize) -> Vec<(usize, f64)> {
        let mut entries: Vec<(usize, f64)> = Vec::with_capacity(3);
        for (end, share) in self.delays[line].ends(month) {
            let row = self.formulation.part_rows[die].get(end).copied().flatten();
            let Some(row) = row else { continue };
            let good = share * self.numbers.dies_per_wafer[die][end];
            if good <= 0.0 {
                continue;
            }
            match entries.iter_mut().find(|(other, _)| *other == row) {
                Some((_, sum)) => *sum -= good,
                None => entries.push((row, -good)),
            }
        }
        entries
    }

    /// What is left of one balance goes to the next.
    fn stocks(&mut self) {
        for part in 0..self.numbers.arrivals.len() {
            let rows: Vec<(usize, usize)> = (0..self.numbers.months)
                .filter_map(|m| Some((m, self.formulation.part_rows[part][m]?)))
                .filter(|&(m, row)| self.formulation.rows[row] == Row::Part { part, month: m })
                .collect();
            for (i, &(month, row)) in rows.iter().enumerate() {
                let mut entries = vec![(row, 1.0)];
                entries.extend(rows.get(i + 1).map(|(_, next)| (*next, -1.0)));
                let column = Column::Stock { part, month };
                self.column(column, 0.0, f64::INFINITY, &entries);
            }
        }
    }

    /// What arrives of a part in a month whatever the plan is.
    fn known(&self, part: usize, month: usize) -> f64 {
        let arrivals = self.numbers.arrivals[part][month];
        match self.numbers.pipeline.get(part) {
            // With a clearing function, wafers in the lines wait in the queues.
            Some(pipeline) if self.aim.clearing.is_none() => arrivals + pipeline[month],
            _ => arrivals,
        }
    }

    /// The first month in which each part can be there, `months` if never.
    fn first_arrivals(&self) -> Vec<usize> {
        let numbers = self.numbers;
        let mut first: Vec<usize> = (0..numbers.arrivals.len())
            .map(|part| {
                let pipeline = numbers.pipeline.get(part);
                let comes = |m: &usize| {
                    numbers.arrivals[part][*m] > 0.0 || pipeline.is_some_and(|p| p[*m] > 0.0)
                };
                // Queues may clear sooner than a fixed cycle time.
                let early = self.aim.clearing.is_some();
                let found = (0..numbers.months).find(comes);
                found.map_or(numbers.months, |m| {
                    if early && pipeline.is_some() { 0 } else { m }
                })
            })
            .collect();
        for (line, delay) in numbers.lines.iter().zip(&self.delays) {
            let Some(start) = line.starts.iter().position(|wafers| *wafers > 0.0) else {
                continue;
            };
            for &die in &line.dies {
                first[die] = first[die].min(start + delay.months);
            }
        }
        first
    }
}
