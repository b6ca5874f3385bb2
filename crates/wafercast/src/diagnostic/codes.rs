//! Every diagnostic code with its page: what it means, an example that raises it, and how to write it instead.
//!
//! Codes are stable. Groups: `WF00` text and files, `01` names and structure, `02` units, `03` numbers and
//! distributions, `04` time, `05` sources, `06` the supply network, `07` planning, `08` metric expressions.

mod metrics;
mod names;
mod network;
mod numbers;
mod sources;
mod text;
mod time;

pub use metrics::*;
pub use names::*;
pub use network::*;
pub use numbers::*;
pub use sources::*;
pub use text::*;
pub use time::*;

use super::Code;

/// The page of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The code.
    pub code: Code,
    /// One line.
    pub title: &'static str,
    /// What it means and why it matters.
    pub explanation: &'static str,
    /// A piece of a scenario that raises it.
    pub wrong: &'static str,
    /// The same, mended.
    pub right: &'static str,
}

/// Defines a constant and the page of each code of a group.
macro_rules! define_pages {
    ($($name:ident = $code:literal, $title:literal, $explanation:literal, $wrong:literal => $right:literal;)*) => {
        $(#[doc = $title] pub const $name: $crate::diagnostic::Code = $crate::diagnostic::Code($code);)*
        /// The pages of this group.
        pub(super) const PAGES: &[super::Page] = &[$(super::Page {
            code: $name,
            title: $title,
            explanation: $explanation,
            wrong: $wrong,
            right: $right,
        }),*];
    };
}
pub(crate) use define_pages;

/// All pages, in order of the code (`07` stands with `06`).
pub fn pages() -> impl Iterator<Item = &'static Page> {
    [
        text::PAGES,
        names::PAGES,
        numbers::PAGES,
        time::PAGES,
        sources::PAGES,
        network::PAGES,
        metrics::PAGES,
    ]
    .into_iter()
    .flatten()
}

/// The page of a code, e.g. of `WF0102` (case does not matter).
pub fn explain(code: &str) -> Option<&'static Page> {
    pages().find(|page| page.code.0.eq_ignore_ascii_case(code.trim()))
}
