//! Stocks of parts by origin, in the order in which they are used.

use std::collections::BTreeMap;

use super::draw::Draw;
use super::lines::Logic;
use super::{Months, Origin, part_name};
use crate::scenario::{DieId, MemoryId, Part, Stockpile};

/// A stock of one part from one origin.
pub(super) struct Stock {
    pub origin: Origin,
    pub is_home: bool,
    /// Whether lines fill it, not a stockpile.
    is_of_lines: bool,
    /// What comes in, by month.
    pub arrivals: Months,
    /// What is there.
    pub amount: f64,
    /// What was there after each month so far.
    pub closing: Months,
}

/// The stocks of every part, first to be used first.
pub(super) type Stocks = BTreeMap<Part, Vec<Stock>>;

/// Stockpiles by order, first date and id, then the lines in order of their ids; lines of one owner and country fill one
/// stock.
pub(super) fn stocks(draw: &Draw, good_dies: &Logic, stacks: &[Months]) -> Stocks {
    let scenario = draw.scenario;
    let dies = (0..scenario.dies.len()).map(|die| Part::Die(DieId(die)));
    let memories = (0..scenario.memories.len()).map(|memory| Part::Memory(MemoryId(memory)));
    let mut stocks: Stocks = dies
        .chain(memories)
        .map(|part| (part, Vec::new()))
        .collect();

    let mut stockpiles: Vec<&Stockpile> = scenario.stockpiles.iter().collect();
    stockpiles.sort_by(|a, b| {
        let first = |stockpile: &Stockpile| stockpile.deliveries.first().map_or(0.0, |d| d.0);
        let by_date = first(a).total_cmp(&first(b));
        a.order.cmp(&b.order).then(by_date).then(a.id.cmp(&b.id))
    });
    for stockpile in stockpiles {
        let arrivals = stockpile_arrivals(draw, stockpile);
        let part = stockpile.part;
        let origin = origin(draw, part, &stockpile.country, &stockpile.maker);
        let stock = Stock::new(draw, origin, arrivals, false);
        stocks.entry(part).or_default().push(stock);
    }
    for (fab, by_die) in scenario.fabs.iter().zip(good_dies) {
        for (index, die) in scenario.dies.iter().enumerate() {
            if die.process == fab.process {
                let part = Part::Die(DieId(index));
                let origin = origin(draw, part, &fab.country, &fab.owner);
                add(
                    draw,
                    stocks.entry(part).or_default(),
                    origin,
                    &by_die[index],
                );
            }
        }
    }
    for (line, stacks_of_line) in scenario.memory_lines.iter().zip(stacks) {
        let part = Part::Memory(line.memory);
        let origin = origin(draw, part, &line.country, &line.owner);
        add(
            draw,
            stocks.entry(part).or_default(),
            origin,
            stacks_of_line,
        );
    }
    stocks
}

/// What is dated before the horizon is there from month 0, the rest comes in the month of its date.
fn stockpile_arrivals(draw: &Draw, stockpile: &Stockpile) -> Months {
    let mut arrivals = vec![0.0; draw.months()];
    for (position, amount) in &stockpile.deliveries {
        let month = position.floor().max(0.0) as usize;
        if let Some(arrivals) = arrivals.get_mut(month) {
            *arrivals += draw.once(*amount);
        }
    }
    arrivals
}

fn origin(draw: &Draw, part: Part, country: &str, maker: &str) -> Origin {
    Origin {
        part: part_name(draw.scenario, part),
        country: country.to_owned(),
        maker: maker.to_owned(),
    }
}

/// Adds the output of a line to the lines' stock of its origin.
fn add(draw: &Draw, of_part: &mut Vec<Stock>, origin: Origin, output: &[f64]) {
    let mut of_lines = of_part.iter_mut().filter(|stock| stock.is_of_lines);
    match of_lines.find(|stock| stock.origin == origin) {
        Some(stock) => {
            for (sum, output) in stock.arrivals.iter_mut().zip(output) {
                *sum += output;
            }
        }
        None => of_part.push(Stock::new(draw, origin, output.to_vec(), true)),
    }
}

impl Stock {
    fn new(draw: &Draw, origin: Origin, arrivals: Months, is_of_lines: bool) -> Stock {
        Stock {
            is_home: origin.country == draw.scenario.home,
            is_of_lines,
            origin,
            arrivals,
            amount: 0.0,
            closing: Months::new(),
        }
    }
}

/// Takes parts from the stocks in their order; the share of them that is of home origin, 1 where nothing is taken.
pub(super) fn take(stocks: &mut [Stock], wanted: f64) -> f64 {
    let (mut left, mut from_home) = (wanted, 0.0);
    for stock in stocks {
        let taken = left.min(stock.amount);
        stock.amount -= taken;
        left -= taken;
        if stock.is_home {
            from_home += taken;
        }
    }
    if wanted > 0.0 {
        from_home / wanted
    } else {
        1.0
    }
}
