//! A progress bar, only where somebody sees it and only when the work is long.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::console;

/// Work shorter than this shows no bar.
const PATIENCE: Duration = Duration::from_millis(800);

/// Progress through a number of draws.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    begun: Instant,
    is_shown: bool,
}

impl Progress {
    /// Of `total` draws, `done` are there already.
    pub fn new(total: u64, done: u64) -> Progress {
        Progress::new_of(total, done, "draws")
    }

    /// Of `total` things of a kind, `done` are there already.
    pub fn new_of(total: u64, done: u64, kind: &str) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        let template = format!(
            "{{bar:30}} {{percent:>3}} %  {{human_pos}} of {{human_len}} {kind}, {{eta}} left"
        );
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        bar.set_position(done);
        bar.reset_eta();
        Progress {
            bar,
            begun: Instant::now(),
            is_shown: !console::stderr_is_terminal(),
        }
    }

    /// So many draws are done.
    pub fn set(&mut self, done: u64) {
        if !self.is_shown && self.begun.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.is_shown = true;
        }
        self.bar.set_position(done);
    }

    /// Takes the bar off the screen.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}
