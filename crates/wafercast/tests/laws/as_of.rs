//! as_of
