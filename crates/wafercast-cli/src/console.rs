//! Standard output and standard error: results go to the one, talk to the other.
//!
//! Styles are written as ANSI sequences and taken out again where the stream is not a terminal or `NO_COLOR` is set.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};

use crate::failure::Failure;

/// Errors and their like.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// Hints.
pub const HINT: Style = AnsiColor::Cyan.on_default().bold();
/// Headings and the numbers that matter.
pub const STRONG: Style = Style::new().bold();
/// What is secondary.
pub const FAINT: Style = Style::new().dimmed();

/// `text` in a style.
pub fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Writes a result to standard output. A reader that went away (`| head`) is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    finish(
        stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush()),
    )
}

/// Writes bytes (JSON, CSV) to standard output as they are.
pub fn print_raw(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    finish(stdout.write_all(bytes).and_then(|()| stdout.flush()))
}

/// Writes a result as JSON to standard output.
pub fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let mut bytes =
        serde_json::to_vec_pretty(value).map_err(|cause| Failure::Output(cause.into()))?;
    bytes.push(b'\n');
    print_raw(&bytes)
}

fn finish(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Failure::Output),
    }
}

/// Says something on standard error. If nobody listens, nothing is lost.
pub fn say(text: &str) {
    let mut stderr = anstream::stderr().lock();
    let _ = writeln!(stderr, "{text}");
}

/// Says why a command failed, and what to do.
pub fn say_failure(failure: &Failure) {
    say(&format!("{}: {failure}", styled(ERROR, "error")));
    if let Some(hint) = failure.hint() {
        say(&format!("{}: {hint}", styled(HINT, "hint")));
    }
}

/// Columns to write in: the terminal's, at most 100; 100 where there is none.
pub fn width() -> usize {
    const WIDEST: usize = 100;
    const NARROWEST: usize = 60;
    let terminal = io::stdout()
        .is_terminal()
        .then(terminal_size::terminal_size)
        .flatten();
    match terminal {
        Some((terminal_size::Width(columns), _)) => usize::from(columns).clamp(NARROWEST, WIDEST),
        None => WIDEST,
    }
}

/// Whether progress is worth drawing.
pub fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}
