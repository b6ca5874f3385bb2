//! What binds when: the share of futures in which each resource limits home output.

use std::collections::BTreeMap;
use std::fmt::Write;

use wafercast::summary::Summary;

use super::{CAPS, display_name, heading, number, shorten};
use crate::console::{FAINT, styled};

const ROWS: usize = 7;
const LABEL: usize = 27;
/// Four quarters, a space, `100 %`, two spaces.
const YEAR: usize = 12;
const LEVELS: [char; 9] = ['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The calendar of home output; `None` if nothing binds.
pub fn of_summary(summary: &Summary, width: usize) -> Option<String> {
    let shares = monthly_shares(summary);
    let first = year_of(&summary.run.from)?;
    let last = year_of(&summary.run.to)?;
    let room = ((width - LABEL) / YEAR).max(1) as i32;
    let first = first.max(last - room + 1);
    let mut resources: Vec<(f64, &str)> = shares
        .iter()
        .map(|(resource, months)| (months.values().sum(), *resource))
        .filter(|(total, _)| *total > 0.0)
        .collect();
    // Most binding first; ties by name, so that the order is always the same.
    resources.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    resources.truncate(ROWS);
    if resources.is_empty() {
        return None;
    }

    let mut text = heading("What binds home output, share of futures");
    let mut years = format!("{:LABEL$}", "");
    for year in first..=last {
        let _ = write!(years, "{year:<YEAR$}");
    }
    let _ = writeln!(text, "{}", years.trim_end());
    for (_, resource) in resources {
        let label = shorten(&display_name(summary, resource), LABEL - 2);
        let mut line = format!("{label:LABEL$}");
        for year in first..=last {
            line.push_str(&cells(&shares[resource], year));
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let legend = "Four quarters and the year's mean;  · under 1 %  ▁ few  ▄ half  █ all futures";
    let _ = writeln!(text, "{}", styled(FAINT, &shorten(legend, width)));
    Some(text)
}

/// Resource → month → share, of the accelerators of home taken together.
fn monthly_shares(summary: &Summary) -> BTreeMap<&str, BTreeMap<&str, f64>> {
    let mut shares: BTreeMap<&str, BTreeMap<&str, f64>> = BTreeMap::new();
    for binding in &summary.binding {
        if binding.accelerator == "home" {
            // Caps of single accelerators add up to the share that plans bind.
            let resource = match binding.resource.starts_with("cap:") {
                true => CAPS,
                false => &binding.resource,
            };
            *shares
                .entry(resource)
                .or_default()
                .entry(&binding.month)
                .or_default() += binding.share;
        }
    }
    shares
}

fn cells(months: &BTreeMap<&str, f64>, year: i32) -> String {
    let share = |month: usize| {
        months
            .get(format!("{year}-{month:02}").as_str())
            .copied()
            .unwrap_or(0.0)
    };
    let mut text = String::new();
    for quarter in 0..4 {
        let mean = (1..=3).map(|month| share(3 * quarter + month)).sum::<f64>() / 3.0;
        text.push(level(mean));
    }
    let mean = (1..=12).map(share).sum::<f64>() / 12.0;
    let percent = if mean < 0.005 {
        String::new()
    } else {
        number::percent(mean, 0)
    };
    let _ = write!(text, " {percent:>5}  ");
    text
}

fn level(share: f64) -> char {
    if share < 0.01 {
        return LEVELS[0];
    }
    let steps = LEVELS.len() - 1;
    LEVELS[((share * steps as f64).ceil() as usize).clamp(1, steps)]
}

fn year_of(month: &str) -> Option<i32> {
    month.split('-').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_tell_none_some_and_all_apart() {
        assert_eq!(level(0.0), '·');
        assert_eq!(level(0.02), '▁');
        assert_eq!(level(0.5), '▄');
        assert_eq!(level(1.0), '█');
    }
}
