//! (notation)
