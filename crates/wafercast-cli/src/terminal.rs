//! The answer on the screen: plain text of at most 100 columns, readable without colour.

pub mod backtest;
pub mod binding;
pub mod calendar;
pub mod claims;
pub mod columns;
pub mod evidence;
pub mod fan;
pub mod learning;
pub mod number;
pub mod planning;
pub mod requirements;
pub mod sensitivity;
pub mod sentence;
pub mod sweep;
pub mod workloads;
pub mod years;

use std::fmt::Write;

use wafercast::summary::{RunInfo, Summary};

use crate::console::{FAINT, STRONG, styled};

/// The whole answer: headline, fan, years, what binds when, claims.
pub fn answer(summary: &Summary, width: usize) -> String {
    let mut sections = vec![head(&summary.run, width)];
    sections.extend(sentence::headlines(summary, width));
    sections.extend(fan::of_summary(summary, width));
    sections.extend(years::of_summary(summary, width));
    sections.extend(calendar::of_summary(summary, width));
    sections.extend(workloads::of_summary(summary, width));
    let whole = claims_command(&summary.run);
    sections.extend(claims::in_short(summary, width, &whole));
    let mut text = sections.join("\n");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// The command that shows the claims of a run whole.
fn claims_command(run: &RunInfo) -> String {
    if run.set.is_empty() && run.as_of.is_none() {
        format!("wafercast claims {}", crate::shell::quoted(&run.scenario))
    } else {
        run.command.replacen(" run ", " claims ", 1)
    }
}

/// Title and what was run.
pub fn head(run: &RunInfo, width: usize) -> String {
    let mut text = String::new();
    for line in wrap(&run.title, width) {
        let _ = writeln!(text, "{}", styled(STRONG, &line));
    }
    let mut facts = format!(
        "{} draws · seed {} · {} · {} to {}",
        number::grouped(run.draws),
        run.seed,
        run.design,
        run.from,
        run.to
    );
    if let Some(date) = &run.as_of {
        let _ = write!(facts, " · as of {date}");
    }
    for change in &run.set {
        let _ = write!(facts, " · {change}");
    }
    for line in wrap(&facts, width) {
        let _ = writeln!(text, "{}", styled(FAINT, &line));
    }
    text
}

/// A heading.
fn heading(text: &str) -> String {
    format!("{}\n", styled(STRONG, text))
}

/// Breaks text into lines of at most `width` characters, at spaces where there are any.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let needed = line.chars().count() + usize::from(!line.is_empty()) + word.chars().count();
        if needed > width && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// `text` cut to `width` characters, with an ellipsis where something is missing.
pub fn shorten(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// The resource that stands for the caps of all accelerators.
pub const CAPS: &str = "cap";

/// Display name of what a series or binding speaks of.
pub fn display_name(summary: &Summary, id: &str) -> String {
    if id == CAPS {
        return "volume planned".to_owned();
    }
    if let Some(name) = summary.names.iter().find(|name| name.id == id) {
        return name.name.clone();
    }
    match id.split_once(':') {
        Some(("packaging", technology)) => format!("{technology} packaging"),
        Some(("cap", accelerator)) => format!(
            "plan of {}",
            display_name(summary, &format!("accelerator:{accelerator}"))
        ),
        Some((_, rest)) => rest.to_owned(),
        None => id.to_owned(),
    }
}

#[cfg(test)]
pub mod sample;

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn answer_fits_the_width_and_needs_no_colour() {
        for width in [60, 80, 100] {
            let text = plain(&answer(&sample::summary(), width));
            for line in text.lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn answer_as_it_is_seen() {
        insta::assert_snapshot!(plain(&answer(&sample::summary(), 100)));
    }

    #[test]
    fn answer_of_an_empty_summary_is_its_head() {
        let mut summary = sample::summary();
        summary.headline.clear();
        summary.series.clear();
        summary.claims.clear();
        summary.binding.clear();
        let text = plain(&answer(&summary, 80));
        assert!(text.starts_with("Example country"), "{text}");
        assert_eq!(text.lines().count(), 2, "{text}");
    }

    #[test]
    fn wraps_at_spaces_and_keeps_long_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(
            wrap("incomprehensibilities a", 5),
            ["incomprehensibilities", "a"]
        );
        assert_eq!(shorten("abcdef", 4), "abc…");
    }
}
