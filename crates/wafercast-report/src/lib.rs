//! Charts (SVG) and the single-file HTML report of a Wafercast run.
//!
//! [`html`] turns a [`wafercast::summary::Summary`] into the report; [`chart`] holds its pictures, usable alone.
//! Everything here is a pure function of the summary: the same summary gives the same bytes.

pub mod chart;
pub mod escape;
mod html;
mod index;
mod language;
mod message;
mod number;
mod page;
mod period;
mod section;
mod text;

pub use html::{html, html_with};
pub use language::Language;
pub use message::Message;
pub use text::Text;
