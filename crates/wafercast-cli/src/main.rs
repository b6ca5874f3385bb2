//! The `wafercast` command.
fn main() {}
