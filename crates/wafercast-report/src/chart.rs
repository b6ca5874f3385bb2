//! Charts as SVG text. Every chart is drawn at the size it is read at (a panel is about as wide as a phone), so its text
//! is never scaled below what can be read.

pub mod axis;
pub mod bars;
pub mod calendar;
pub mod dots;
pub mod effects;
pub mod fan;
pub mod grid;
pub mod range;
pub mod ratio;
pub mod scale;
pub mod svg;
pub mod tornado;
