//! Changes to a model: other tool counts, starts, rankings; arrivals of tools and starts that vary over time.

use crate::model::{DispatchRule, FabModel, Rank};
use crate::problem::suggest;
use crate::span::{DAY, Millis};

/// A change of a model.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A family gets this many tools.
    Tools {
        /// Family.
        family: String,
        /// New number, or how many more.
        count: Count,
        /// From this instant on; until then the family has the tools it had.
        from: Millis,
    },
    /// All releases come this many times as often.
    Starts(f64),
    /// Starts over time: from each instant on, releases come this many times as often as the orders say.
    StartsOverTime(Vec<(Millis, f64)>),
    /// All families rank waiting lots so.
    Ranking(Vec<Rank>),
    /// All families choose so.
    Rule(DispatchRule),
    /// The fab starts empty.
    Empty,
}

/// A number of tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(u32),
    /// So many more, or fewer.
    More(i32),
}

/// Reads `Litho_FE_92=+2` or `Litho_FE_92=35@180`, the latter from day 180 on.
pub fn parse_tools(text: &str) -> Result<Change, String> {
    let expected = || format!("`{text}` is not `FAMILY=N`, `FAMILY=+N` or `FAMILY=+N@DAY`");
    let (family, rest) = text.split_once('=').ok_or_else(expected)?;
    let (count, day) = match rest.split_once('@') {
        Some((count, day)) => (
            count.trim(),
            day.trim().parse::<f64>().map_err(|_| expected())?,
        ),
        None => (rest.trim(), 0.0),
    };
    let count = if count.starts_with(['+', '-']) {
        Count::More(count.parse().map_err(|_| expected())?)
    } else {
        Count::Exactly(count.parse().map_err(|_| expected())?)
    };
    if !(0.0..=365_250.0).contains(&day) {
        return Err(expected());
    }
    Ok(Change::Tools {
        family: family.trim().to_owned(),
        count,
        from: (day * DAY as f64) as Millis,
    })
}

/// Reads `0:0.5, 180:1`: from day 0 on half of the starts, from day 180 on all.
pub fn parse_starts(text: &str) -> Result<Change, String> {
    let expected = || format!("`{text}` is neither a factor such as `1.1` nor `DAY:FACTOR, …`");
    let factor = |text: &str| {
        let value: f64 = text.trim().parse().map_err(|_| expected())?;
        if value > 0.0 && value <= 1_000.0 {
            Ok(value)
        } else {
            Err(expected())
        }
    };
    if !text.contains(':') {
        return factor(text).map(Change::Starts);
    }
    let mut steps = Vec::new();
    for part in text.split(',') {
        let (day, value) = part.split_once(':').ok_or_else(expected)?;
        let day: f64 = day.trim().parse().map_err(|_| expected())?;
        if !(0.0..=365_250.0).contains(&day) {
            return Err(expected());
        }
        steps.push(((day * DAY as f64) as Millis, factor(value)?));
    }
    steps.sort_by_key(|&(day, _)| day);
    Ok(Change::StartsOverTime(steps))
}

/// Applies a change; the error says what to type instead.
pub fn apply(model: &mut FabModel, change: &Change) -> Result<(), String> {
    match change {
        Change::Tools {
            family,
            count,
            from,
        } => {
            let names: Vec<String> = model
                .families
                .iter()
                .map(|family| family.name.clone())
                .collect();
            let found = model
                .families
                .iter_mut()
                .find(|known| known.name == *family);
            let known = found.ok_or_else(|| {
                format!(
                    "family `{family}` is not defined; {}",
                    suggest(family, names.iter().map(String::as_str))
                )
            })?;
            let tools = match *count {
                Count::Exactly(tools) => i64::from(tools),
                Count::More(more) => i64::from(known.tools) + i64::from(more),
            };
            if !(1..=100_000).contains(&tools) {
                return Err(format!(
                    "family `{family}` would have {tools} tools; it needs 1 to 100000"
                ));
            }
            if *from > 0 {
                if tools < i64::from(known.tools) {
                    return Err(format!(
                        "family `{family}` cannot lose tools during a run; give it more, or drop `@DAY`"
                    ));
                }
                known.arrivals.resize(known.tools as usize, 0);
                known.arrivals.resize(tools as usize, *from);
            }
            known.tools = tools as u32;
        }
        Change::Starts(factor) => {
            for order in &mut model.orders {
                order.interval = order.interval.scaled(1.0 / factor);
            }
        }
        Change::StartsOverTime(steps) => model.starts_over_time.clone_from(steps),
        Change::Ranking(ranking) => {
            for family in &mut model.families {
                family.ranking.clone_from(ranking);
            }
        }
        Change::Rule(rule) => {
            for family in &mut model.families {
                family.rule = *rule;
            }
        }
        Change::Empty => model.initial_lots.clear(),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_are_read() {
        let change = parse_tools("A=+2@10");
        assert_eq!(
            change,
            Ok(Change::Tools {
                family: "A".to_owned(),
                count: Count::More(2),
                from: 10 * DAY
            })
        );
        for bad in ["A", "A=", "A=x", "A=1@", "A=1@-1", "A=1@nan"] {
            assert!(parse_tools(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn starts_are_read() {
        assert_eq!(parse_starts("1.5"), Ok(Change::Starts(1.5)));
        assert_eq!(
            parse_starts("10:1, 0:0.5"),
            Ok(Change::StartsOverTime(vec![(0, 0.5), (10 * DAY, 1.0)]))
        );
        for bad in ["", "0", "-1", "nan", "0:", "0:1,x"] {
            assert!(parse_starts(bad).is_err(), "{bad}");
        }
    }
}
